"""Incidents in time: from years down to hours, by party; a dense day folds, and every part leads further in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from melian import codebook
from melian.crisis.questions.choices import check, one_of
from melian.crisis.questions.conditions import TOLD_AS, incident_conditions
from melian.crisis.questions.filters import Where, every, where_clause
from melian.desk import pictures
from melian.views import threads
from melian.views.lookups import rows_by_id
from melian.views.spans import CLOSER, ZOOMS, end_of, iso, label, reach, span_sql, zoom_for

if TYPE_CHECKING:
    from starlette.responses import Response

    from melian.desk.visit import Visit

_SPANS = {"years": 20, "months": 18, "weeks": 16, "days": 21, "hours": 24}  # on one page
_OPEN = {"years": 4, "months": 5, "weeks": 6, "days": 6, "hours": 6}  # incidents shown of each span
_FOLDED = 24  # further ones of a day or hour that unfold
UNPLACED = 20  # incidents shown that fall into no span
_WEIGHT = f"-CAST(i.sources AS INTEGER), -CAST(i.tellings AS INTEGER), -{threads.gravity_sql('i.type')}, i.first, i.id"  # the least comes first


@dataclass(frozen=True, slots=True)
class Span:
    """A year, month, week, day or hour: its incidents in numbers, those shown, and how many more there are."""

    first: date
    begun: str | None  # the filter that keeps it alone; hours have none
    label: str
    counts: dict[str, int]
    shown: Sequence[dict[str, Any]]
    folded: Sequence[dict[str, Any]]
    more: int


def screen(visit: Visit) -> Response:
    """Incidents of the filters, the latest span first.

    Raises:
        RecordError: the zoom or an enumerated filter has another value.
    """
    check(visit.filters, "incidents")
    where = incident_conditions(visit.filters)
    clause, values = where_clause(where)
    first, last, total, undated = visit.connection.execute(
        f"SELECT min(i.first), max(i.first), count(*), count(*) FILTER (i.first IS NULL) FROM incidents i{clause}", values
    ).fetchone() or (None, None, 0, 0)
    dated = where_clause(every(where, (["i.first IS NOT NULL"], [])))
    zoom = one_of("zoom", visit.parameter("zoom"), ZOOMS) or zoom_for(*reach(visit.connection, *dated))
    hours_told = visit.desk.remembered(visit.stamp, ("hours told",), lambda: _hours_told(visit))
    if zoom == "hours" and not hours_told:
        return visit.page(
            "timeline.html.jinja",
            zoom=zoom,
            zooms=ZOOMS,
            closer=None,
            hours_told=False,
            reports=visit.one("SELECT count(*) FROM documents"),
            spans=[],
            total=total,
            first=first,
            last=last,
            unplaced=[],
            not_placed=0,
            number=1,
            more=False,
            types=codebook.event_types(),
            told_as=TOLD_AS,
            undated=undated,
            picture=None,
        )
    of_all = int(visit.one(f"SELECT count(DISTINCT {span_sql(zoom)}) FROM incidents i{dated[0]}", *dated[1]))
    number = visit.page_number(of_all, _SPANS[zoom])
    spans = _spans(visit, where, zoom, number)
    closer = CLOSER[zoom] if hours_told or CLOSER[zoom] != "hours" else None
    without = every(where, ([f"{span_sql(zoom)} IS NULL"], []))
    unplaced = threads.incidents(visit.connection, without, "i.tellings DESC", UNPLACED) if number == 1 else []
    return visit.page(
        "timeline.html.jinja",
        zoom=zoom,
        zooms=ZOOMS if hours_told else [each for each in ZOOMS if each != "hours"],
        closer=closer,
        hours_told=True,
        spans=spans,
        total=total,
        first=first,
        last=last,
        unplaced=unplaced,
        not_placed=_count(visit, without) if unplaced else 0,
        number=number,
        more=of_all > number * _SPANS[zoom],
        types=codebook.event_types(),
        told_as=TOLD_AS,
        undated=undated,
        picture=pictures.timeline(visit, where, zoom, closer),
    )


def _hours_told(visit: Visit) -> bool:
    """Whether any report brings its time."""
    return bool(visit.one("SELECT 1 FROM documents WHERE published_at IS NOT NULL LIMIT 1"))


def _count(visit: Visit, where: Where) -> int:
    clause, values = where_clause(where)
    return int(visit.one(f"SELECT count(*) FROM incidents i{clause}", *values))


def _spans(visit: Visit, where: Where, zoom: str, number: int) -> list[Span]:
    most, span = _SPANS[zoom], span_sql(zoom)
    clause, values = where_clause(every(where, (["i.first IS NOT NULL"], [])))
    counted = visit.rows(
        f"WITH hits AS (SELECT {span} AS span, i.type FROM incidents i{clause}), "
        f"wanted AS (SELECT DISTINCT span FROM hits WHERE span IS NOT NULL ORDER BY span DESC LIMIT {most} OFFSET {most * (number - 1)}) "
        f"SELECT span, {threads.quad_sql('type')} AS quad, count(*) AS n FROM hits SEMI JOIN wanted USING (span) GROUP BY ALL",
        *values,
    )
    counts: dict[date, dict[str, int]] = defaultdict(dict)
    for row in counted:
        counts[row["span"]][row["quad"]] = row["n"]
    shown = sorted(counts, reverse=True)
    if not shown:
        return []
    clause, values = where_clause(every(where, ([f"{span} BETWEEN ? AND ?"], [shown[-1], shown[0]])))
    room = _OPEN[zoom] + (_FOLDED if zoom in ("days", "hours") else 0)
    places = visit.rows(
        "SELECT id, span, row_number() OVER (PARTITION BY span ORDER BY weight) AS nth FROM "
        f"(SELECT i.id, {span} AS span, ({_WEIGHT}) AS weight FROM incidents i{clause}) QUALIFY nth <= {room} ORDER BY span, nth",
        *values,
    )
    of = {row["id"]: row for row in places}
    rows = [{**row, **of[row["id"]]} for row in rows_by_id(visit.connection, "incidents", of)]
    open_rows = threads.with_words(visit.connection, [row for row in rows if row["nth"] <= _OPEN[zoom]])
    folded_rows = threads.without_words([row for row in rows if row["nth"] > _OPEN[zoom]])
    return [
        Span(
            first=first,
            begun=None if zoom == "hours" else iso(first, end_of(first, zoom)),
            label=label(first, zoom),
            counts=counts[first],
            shown=sorted((row for row in open_rows if row["span"] == first), key=lambda row: (row["first"], row["nth"])),
            folded=[row for row in folded_rows if row["span"] == first],
            more=max(0, sum(counts[first].values()) - room),
        )
        for first in shown
    ]
