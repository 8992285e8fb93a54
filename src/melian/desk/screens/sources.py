"""The outlets: which tells what, how often first, how often alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from melian.crisis.questions.choices import check
from melian.crisis.questions.filters import Filters, every, in_time, told_by, where_clause
from melian.crisis.questions.tables import shown_id
from melian.crisis.record.rows import fetch
from melian.views import series
from melian.views.headings import OPENING_SQL

if TYPE_CHECKING:
    import duckdb
    from starlette.responses import Response

    from melian.desk.visit import Visit

MOST, LATEST = 200, 8


def screen(visit: Visit) -> Response:
    """A row an outlet, the busiest first.

    Raises:
        RecordError: an enumerated filter has another value.
    """
    check(visit.filters, "sources")
    rows = visit.desk.remembered(
        visit.stamp, ("outlets", repr(visit.filters)), lambda: series.outlets(visit.connection, visit.filters, MOST + 1)
    )
    latest = added(visit.connection, visit.filters, LATEST)
    return visit.page("sources.html.jinja", rows=rows[:MOST], more=len(rows) > MOST, latest=latest)


def added(connection: duckdb.DuckDBPyConnection, filters: Filters, limit: int | None = None) -> list[dict[str, Any]]:
    """The reports, those added last first."""
    clause, values = where_clause(every(in_time(filters, "d.published", "d.published"), told_by("d.outlet", filters.source)))
    cut = f" LIMIT {int(limit)}" if limit else ""
    query = (
        f"SELECT {shown_id('t', 'd.id')} AS id, d.added, d.published, d.published_at, d.outlet, d.title, d.url, {OPENING_SQL} "
        f"FROM documents d{clause} ORDER BY d.added DESC, d.published DESC NULLS LAST, d.id{cut}"
    )
    return fetch(connection, query, values)


FILES: dict[str, tuple[Callable[..., list[dict[str, Any]]], Sequence[str]]] = {
    "added": (added, ("id", "added", "published", "published_at", "outlet", "title", "url")),
}
"""What can be fetched at /data/NAME, with its columns."""
