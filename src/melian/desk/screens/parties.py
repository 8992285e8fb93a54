"""Who with whom: the parties, and what passes between each two of them, cooperation and conflict apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from melian import codebook
from melian.crisis.questions.choices import check
from melian.desk import pictures
from melian.views import series

if TYPE_CHECKING:
    from starlette.responses import Response

    from melian.desk.visit import Visit

MOST, PAIRS = 40, 30
DRAWN = 14  # parties; all pairs among them are asked for


def screen(visit: Visit) -> Response:
    """The matrix, the network, and a row a party.

    Raises:
        RecordError: an enumerated filter has another value.
    """
    check(visit.filters, "incidents")
    asked = repr(visit.filters)
    rows = visit.desk.remembered(
        visit.stamp, ("parties of", asked), lambda: series.parties(visit.connection, visit.filters, MOST)
    )
    pairs = visit.desk.remembered(
        visit.stamp, ("busiest pairs", asked), lambda: series.dyads(visit.connection, visit.filters, PAIRS)
    )
    partners = visit.desk.remembered(visit.stamp, ("partners", asked), lambda: series.partners(visit.connection, visit.filters))
    among = visit.desk.remembered(
        visit.stamp,
        ("pairs among", asked),
        lambda: series.dyads(visit.connection, visit.filters, among=partners[:DRAWN]) if partners else [],
    )
    return visit.page(
        "parties.html.jinja",
        rows=rows,
        pairs=pairs,
        types=codebook.event_types(),
        matrix=pictures.matrix(visit, among, len(partners)),
        network=pictures.network(visit, among, len(partners)),
    )
