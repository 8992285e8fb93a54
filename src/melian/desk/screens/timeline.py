"""Incidents in time: from years down to days, by party; a dense day folds, and every part leads further in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from melian import codebook
from melian.crisis.questions.conditions import incident_conditions
from melian.crisis.questions.filters import Where, every, where_clause
from melian.desk import threads
from melian.desk.lookups import rows_by_id
from melian.report.wording import MONTHS, date_words

if TYPE_CHECKING:
    from starlette.responses import Response

    from melian.desk.visit import Visit

ZOOMS = ("years", "months", "weeks", "days")
_UNIT = {"years": "year", "months": "month", "weeks": "week", "days": "day"}
_SPANS = {"years": 20, "months": 18, "weeks": 16, "days": 21}  # on one page
_OPEN = {"years": 4, "months": 5, "weeks": 6, "days": 6}  # incidents shown of each span
_FOLDED = 24  # further ones of a day that unfold
_WEIGHT = "i.sources DESC, i.tellings DESC, i.first, i.id"


@dataclass(frozen=True, slots=True)
class Span:
    """A year, month, week or day: its incidents in numbers, those shown, and how many more there are."""

    first: date
    last: date
    label: str
    counts: dict[str, int]
    shown: Sequence[dict[str, Any]]
    folded: Sequence[dict[str, Any]]
    more: int


def screen(visit: Visit) -> Response:
    """Incidents of the filters, the latest span first."""
    where = incident_conditions(visit.filters)
    clause, values = where_clause(every(where, (["i.first IS NOT NULL"], [])))
    first, last, total = visit.connection.execute(
        f"SELECT min(i.first), max(i.first), count(*) FROM incidents i{clause}", values
    ).fetchone() or (None, None, 0)
    asked = visit.parameter("zoom")
    zoom = asked if asked in ZOOMS else zoom_for(first, last)
    number = visit.page_number()
    spans, more = _spans(visit, where, zoom, number)
    undated = threads.incidents(visit.connection, every(where, (["i.first IS NULL"], [])), "i.tellings DESC", 21)
    return visit.page(
        "timeline.html.jinja",
        zoom=zoom,
        zooms=ZOOMS,
        closer=dict(zip(ZOOMS, (*ZOOMS[1:], None), strict=True))[zoom],
        spans=spans,
        total=total,
        first=first,
        last=last,
        undated=undated,
        number=number,
        more=more,
        types=codebook.event_types(),
        picture=_picture(visit, where, zoom),
    )


def zoom_for(first: date | None, last: date | None) -> str:
    """The zoom under which a time fills a page or a few."""
    days = (last - first).days if first and last else 0
    return "years" if days > 5 * 365 else "months" if days > 400 else "weeks" if days > 120 else "days"


def _spans(visit: Visit, where: Where, zoom: str, number: int) -> tuple[list[Span], bool]:
    unit, most = _UNIT[zoom], _SPANS[zoom]
    clause, values = where_clause(every(where, (["i.first IS NOT NULL"], [])))
    counted = visit.rows(
        f"WITH hits AS (SELECT CAST(date_trunc('{unit}', i.first) AS DATE) AS span, i.type FROM incidents i{clause}), "
        f"wanted AS (SELECT DISTINCT span FROM hits ORDER BY span DESC LIMIT {most + 1} OFFSET {most * (number - 1)}) "
        f"SELECT span, {threads.quad_sql('type')} AS quad, count(*) AS n FROM hits SEMI JOIN wanted USING (span) GROUP BY ALL",
        *values,
    )
    counts: dict[date, dict[str, int]] = defaultdict(dict)
    for row in counted:
        counts[row["span"]][row["quad"]] = row["n"]
    firsts = sorted(counts, reverse=True)
    shown = firsts[:most]
    if not shown:
        return [], False
    until = end_of(shown[0], zoom)
    clause, values = where_clause(every(where, (["i.first BETWEEN ? AND ?"], [shown[-1], until])))
    room = _OPEN[zoom] + (_FOLDED if zoom == "days" else 0)
    places = visit.rows(
        f"SELECT id, span, nth FROM (SELECT i.id, CAST(date_trunc('{unit}', i.first) AS DATE) AS span, row_number() OVER (PARTITION BY "
        f"date_trunc('{unit}', i.first) ORDER BY {_WEIGHT}) AS nth FROM incidents i{clause}) WHERE nth <= {room} ORDER BY span, nth",
        *values,
    )
    of = {row["id"]: row for row in places}
    rows = [{**row, **of[row["id"]]} for row in rows_by_id(visit.connection, "incidents", of)]
    open_rows = threads.with_words(visit.connection, [row for row in rows if row["nth"] <= _OPEN[zoom]])
    folded_rows = threads.without_words([row for row in rows if row["nth"] > _OPEN[zoom]])
    return [
        Span(
            first=first,
            last=end_of(first, zoom),
            label=label(first, zoom),
            counts=counts[first],
            shown=sorted((row for row in open_rows if row["span"] == first), key=lambda row: (row["first"], row["nth"])),
            folded=[row for row in folded_rows if row["span"] == first],
            more=max(0, sum(counts[first].values()) - room),
        )
        for first in shown
    ], len(firsts) > most


def end_of(first: date, zoom: str) -> date:
    """The last day of the span that begins on a day."""
    if zoom == "years":
        return date(first.year, 12, 31)
    if zoom == "months":
        return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return first + timedelta(days=6 if zoom == "weeks" else 0)


def label(first: date, zoom: str) -> str:
    """ "2022", "Jan 2022", "17–23 Jan 2022", "21 Jan 2022"."""
    if zoom == "years":
        return str(first.year)
    if zoom == "months":
        return f"{MONTHS[first.month - 1]} {first.year}"
    last = end_of(first, zoom)
    return date_words(first.isoformat() if first == last else f"{first}/{last}")


def _picture(visit: Visit, where: Where, zoom: str) -> Any:
    from melian.desk import pictures

    return pictures.timeline(visit, where, zoom)
