"""The charts of the screens: rows of the record, drawn, each with its caption and the table that tells the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from melian.crisis.questions.filters import Where, every, where_clause
from melian.desk import situations, spans, threads
from melian.desk.addresses import address, filter_parameters
from melian.report.directions import tame
from melian.report.wording import party_name

if TYPE_CHECKING:
    from melian.analysis.tension import Period
    from melian.charts.matrix import Pair
    from melian.desk.visit import Visit

COLUMNS = {"years": 40, "months": 60, "weeks": 80, "days": 120, "hours": 120}  # of a drawn timeline, the latest


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing; `heads` are the columns of its table, each with "n" where it holds numbers."""

    svg: Markup
    caption: str
    heads: Sequence[tuple[str, str]] = ()
    rows: Sequence[Sequence[Any]] = ()


def situation(visit: Visit) -> Any:
    """Where things stand: the arrow, its reason, and sentences that point at their evidence."""
    return visit.desk.remembered(visit.stamp, ("situation",), lambda: situations.situation(visit.connection))


def tension(visit: Visit) -> Picture | None:
    """Tension over time, with coverage under it."""
    from melian.analysis.tension import LEAST, WINDOWS
    from melian.analysis.tension import tension as measured
    from melian.charts.tension import tension_chart

    found = visit.desk.remembered(visit.stamp, ("tension",), lambda: measured(visit.connection))
    if not found.periods:
        return None

    def to(period: Period) -> str | None:
        if not (period.incidents or period.reports):
            return None
        return address("/timeline", **{"from": period.first, "to": spans.end_of(period.first, f"{found.unit}s")}, zoom="days")

    svg = tension_chart(found, to)
    caption = (
        f"Share of conflict less share of cooperation among incidents, deeds counted double, over {WINDOWS[found.unit]} "
        f"{found.unit}s up to each {found.unit}; no value under {LEAST} incidents. Bars: reports of each {found.unit}."
    )
    rows = [
        (
            _linked(p.first.isoformat(), to(p)),
            "" if p.tension is None else f"{p.tension:+.2f}",
            p.window,
            p.incidents,
            p.reports,
        )
        for p in reversed(found.periods)
        if p.incidents or p.reports
    ][:400]
    heads = (
        (f"{found.unit} from", ""),
        ("tension", "n"),
        ("incidents looked at", "n"),
        ("incidents begun", "n"),
        ("reports", "n"),
    )
    return Picture(svg, caption, heads, rows)


def timeline(visit: Visit, where: Where, zoom: str) -> Picture | None:
    """Incidents in time, the latest spans of the zoom."""
    from melian.charts.timeline import Column, timeline_chart

    clause, values = where_clause(every(where, (["i.first IS NOT NULL"], [])))
    rows = visit.rows(
        f"SELECT {spans.span_sql(zoom)} AS span, {threads.quad_sql('i.type')} AS quad, count(*) AS n "
        f"FROM incidents i{clause} GROUP BY ALL HAVING span IS NOT NULL ORDER BY span",
        *values,
    )
    counts: dict[Any, dict[str, int]] = {}
    for row in rows:
        counts.setdefault(row["span"], {})[row["quad"]] = row["n"]
    kept = filter_parameters(visit.filters)
    closer = spans.CLOSER[zoom] or zoom
    columns = [
        Column(
            spans.label(first, zoom),
            counts[first],
            ""
            if zoom == "hours"
            else address("/timeline", **{**kept, "from": first, "to": spans.end_of(first, zoom)}, zoom=closer),
        )
        for first in sorted(counts)[-COLUMNS[zoom] :]
    ]
    if not columns:
        return None
    cut = len(counts) - len(columns)
    unit = spans.UNIT[zoom]
    of = "the hour of their first report, in UTC" if zoom == "hours" else f"{unit} of their beginning"
    caption = f"Incidents by {of}{f'; {cut} earlier ones are not drawn' if cut else ''}. {unit.capitalize()}s without an incident are left out."
    quads = ("material conflict", "verbal conflict", "verbal cooperation", "material cooperation")
    heads = ((unit, ""), *((quad, "n") for quad in quads))
    return Picture(
        timeline_chart(columns),
        caption,
        heads,
        [(_linked(c.label, c.address), *(c.counts.get(q, 0) for q in quads)) for c in reversed(columns)],
    )


def matrix(visit: Visit, pairs: Sequence[dict[str, Any]]) -> Picture | None:
    """Who with whom."""
    from melian.charts.matrix import MOST, among, leading, matrix_chart

    found = _pairs(pairs)
    if not found:
        return None
    kept = filter_parameters(visit.filters)

    def to(who: str, whom: str) -> str:
        return address("/timeline", **{**kept, "who": who, "whom": whom})

    heads = (("from", ""), ("to", ""), ("cooperation", "n"), ("conflict", "n"))
    rows = [
        (
            _linked(party_name(pair.source), to(pair.source, pair.target)),
            party_name(pair.target),
            pair.cooperation,
            pair.conflict,
        )
        for pair in among(found, leading(found, MOST))
    ]
    caption = "Incidents told as fact, from the party of the row to the party of the column."
    return Picture(matrix_chart(found, party_name, to), caption, heads, rows)


def network(visit: Visit, pairs: Sequence[dict[str, Any]]) -> Picture | None:
    """The parties and what passes between them."""
    from melian.charts.network import network_chart

    found = _pairs(pairs)
    if not found:
        return None
    svg = network_chart(found, party_name, lambda party: address(f"/party/{party}"))
    return Picture(svg, "Full lines are cooperation, dashed lines conflict; wider is more.")


def map(visit: Visit, rows: Sequence[dict[str, Any]]) -> Picture | None:
    """Where incidents happened."""
    from melian.charts.map import Spot, map_chart

    spots = [Spot(row["place"], row["country"], row["incidents"]) for row in rows]
    if not spots:
        return None
    kept = filter_parameters(visit.filters)
    svg = map_chart(spots, lambda spot: address("/timeline", **{**kept, "place": spot.place or spot.country}))
    return Picture(
        svg, "Dots are towns and sites, rings regions; a striped country with a square is all that is known of the place."
    )


def _linked(words: str, to: str | None) -> Markup | str:
    """The first cell of a row, which leads where the mark of the drawing does: the marks themselves are one stop of the Tab key."""
    return Markup('<a href="{}">{}</a>').format(to, tame(words)) if to else words


def _pairs(rows: Sequence[dict[str, Any]]) -> list[Pair]:
    from melian.charts.matrix import Pair

    return [
        Pair(
            row["source"],
            row["target"],
            row["verbal cooperation"] + row["material cooperation"],
            row["verbal conflict"] + row["material conflict"],
        )
        for row in rows
    ]
