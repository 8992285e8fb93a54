"""Where incidents happened: an offline map, and the same as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from melian import codebook
from melian.desk import pictures, series

if TYPE_CHECKING:
    from starlette.responses import Response

    from melian.desk.visit import Visit

MOST = 300


def screen(visit: Visit) -> Response:
    """Places of the incidents that the filters keep, those told of most first."""
    rows = visit.desk.remembered(
        visit.stamp, ("places", repr(visit.filters)), lambda: series.places(visit.connection, visit.filters, MOST + 1)
    )
    return visit.page(
        "map.html.jinja",
        rows=rows[:MOST],
        more=len(rows) > MOST,
        types=codebook.event_types(),
        picture=pictures.map(visit, rows[:MOST]),
    )
