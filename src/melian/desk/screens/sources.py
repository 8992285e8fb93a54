"""The outlets: which tells what, how often first, how often alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from melian.crisis.questions.choices import check
from melian.views import series
from melian.views.headings import OPENING_SQL

if TYPE_CHECKING:
    from starlette.responses import Response

    from melian.desk.visit import Visit

MOST = 200


def screen(visit: Visit) -> Response:
    """A row an outlet, the busiest first.

    Raises:
        RecordError: an enumerated filter has another value.
    """
    check(visit.filters, "sources")
    rows = visit.desk.remembered(
        visit.stamp, ("outlets", repr(visit.filters)), lambda: series.outlets(visit.connection, visit.filters, MOST + 1)
    )
    latest = visit.rows(
        f"SELECT printf('t%016x', id) AS key, title, {OPENING_SQL}, outlet, "
        "published FROM documents d ORDER BY added DESC, published DESC NULLS LAST, id LIMIT 8"
    )
    return visit.page("sources.html.jinja", rows=rows[:MOST], more=len(rows) > MOST, latest=latest)
