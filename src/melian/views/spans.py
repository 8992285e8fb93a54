"""The spans of time that a timeline is cut into: years, months, weeks, days and hours.

An hour is that in which the first report of an incident went out, in UTC: the codebook gives happenings days and no hours.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from melian.views.wording import MONTHS, date_words

if TYPE_CHECKING:
    import duckdb

ZOOMS = ("years", "months", "weeks", "days", "hours")
CLOSER = dict(zip(ZOOMS, (*ZOOMS[1:], None), strict=True))
"""The next zoom further in; hours have none."""
UNIT = {zoom: zoom[:-1] for zoom in ZOOMS}
FIRST_REPORT = "(SELECT min(o.published_at) FROM incident_tellings t JOIN documents o ON o.id = t.doc WHERE t.incident = i.id)"
"""SQL for when an incident `i` was first reported; NULL where no report of it brings its time."""


def span_sql(zoom: str) -> str:
    """SQL for the beginning of the span that an incident `i` falls into: a day, or at hours a time; NULL where none is known."""
    return f"date_trunc('hour', {FIRST_REPORT})" if zoom == "hours" else f"CAST(date_trunc('{UNIT[zoom]}', i.first) AS DATE)"


def reach(
    connection: duckdb.DuckDBPyConnection, clause: str = "", values: Sequence[Any] = ()
) -> tuple[date | None, date | None]:
    """Between which days nearly all incidents `i` of a WHERE clause began: one that is told of years ago stretches no timeline."""
    query = f"SELECT quantile_disc(i.first, .02), quantile_disc(i.first, .98) FROM incidents i{clause}"
    return connection.execute(query, list(values)).fetchone() or (None, None)


def zoom_for(first: date | None, last: date | None) -> str:
    """The zoom under which a time fills a page or a few."""
    days = (last - first).days if first and last else 0
    return "years" if days > 5 * 365 else "months" if days > 400 else "weeks" if days > 120 else "days"


def end_of(first: date, zoom: str) -> date:
    """The last day of the span that begins on a day."""
    if zoom == "years":
        return date(first.year, 12, 31)
    if zoom == "months":
        return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return first + timedelta(days=6 if zoom == "weeks" else 0)


def iso(first: date, last: date) -> str:
    """A span as a filter has it: "2022-01-17/2022-01-23", or a day alone."""
    return f"{first:%Y-%m-%d}" if first == last else f"{first:%Y-%m-%d}/{last:%Y-%m-%d}"


def label(first: date, zoom: str) -> str:
    """ "2022", "Jan 2022", "17–23 Jan 2022", "21 Jan 2022", "21 Jan 2022, 17:00–18:00 UTC"."""
    if zoom == "years":
        return str(first.year)
    if zoom == "months":
        return f"{MONTHS[first.month - 1]} {first.year}"
    if isinstance(first, datetime):
        return f"{date_words(first.date().isoformat())}, {first:%H}:00–{(first.hour + 1):02d}:00 UTC"
    last = end_of(first, zoom)
    return date_words(first.isoformat() if first == last else f"{first}/{last}")
