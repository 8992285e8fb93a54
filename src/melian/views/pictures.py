"""The charts: rows of the record, drawn, each with its caption and the table that tells the same.

Where the marks of a drawing lead is for the caller to say: the desk has an address for each, the page leads within itself or nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from melian.charts.directions import tame
from melian.charts.svg import NARROW, counted
from melian.crisis.questions.filters import Where, every, where_clause
from melian.crisis.record.rows import fetch
from melian.views import spans, threads
from melian.views.names import place_name
from melian.views.wording import capital, party_name

if TYPE_CHECKING:
    import duckdb

    from melian.analysis.tension import Period, Tension
    from melian.charts.map import Cluster, Spot
    from melian.charts.matrix import Pair

COLUMNS = {"years": 40, "months": 60, "weeks": 80, "days": 120, "hours": 120}  # of a drawn timeline, the latest


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing, for wide and for narrow pages; `heads` are the columns of its table, each with "n" where it holds numbers."""

    svg: Markup
    narrow: Markup
    caption: str
    heads: Sequence[tuple[str, str]] = ()
    rows: Sequence[Sequence[Any]] = ()


def tension(found: Tension, href: Callable[[Period], str | None]) -> Picture | None:
    """Tension over time, with coverage under it; None where nothing is dated."""
    from melian.analysis.tension import LEAST, WINDOWS
    from melian.charts.tension import tension_chart

    if not found.periods:
        return None
    caption = (
        f"Share of conflict less share of cooperation among incidents, deeds counted double, over {WINDOWS[found.unit]} "
        f"{found.unit}s up to each {found.unit}; no value under {LEAST} incidents. Bars: reports of each {found.unit}."
    )
    rows = [
        (
            _linked(p.first.isoformat(), href(p)),
            "" if p.tension is None else f"{p.tension:+.2f}".replace("-", "−"),
            *(f"{number:,}" for number in (p.window, p.incidents, p.reports)),
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
    return Picture(tension_chart(found, href), tension_chart(found, href, NARROW), caption, heads, rows)


def timeline(
    connection: duckdb.DuckDBPyConnection, where: Where, zoom: str, href: Callable[[date], str | None]
) -> Picture | None:
    """Incidents in time, the latest spans of the zoom; `href` is asked with the beginning of each."""
    from melian.charts.timeline import Column, latest, placed, timeline_chart

    clause, values = where_clause(every(where, (["i.first IS NOT NULL"], [])))
    rows = fetch(
        connection,
        f"SELECT {spans.span_sql(zoom)} AS span, {threads.quad_sql('i.type')} AS quad, count(*) AS n "
        f"FROM incidents i{clause} GROUP BY ALL HAVING span IS NOT NULL ORDER BY span",
        values,
    )
    counts: dict[Any, dict[str, int]] = {}
    for row in rows:
        counts.setdefault(row["span"], {})[row["quad"]] = row["n"]
    every_column = [
        Column(spans.label(first, zoom), counts[first], href(first), _number_of(first, zoom)) for first in sorted(counts)
    ]
    columns = latest(every_column, COLUMNS[zoom])
    if not columns:
        return None
    cut = len(every_column) - len(columns)
    unit = spans.UNIT[zoom]
    of = "the hour of their first report, in UTC" if zoom == "hours" else f"{unit} of their beginning"
    caption = f"Incidents by {of}: conflict upward, cooperation downward, deeds full, words light with a dashed edge."
    if placed(columns).cuts:
        caption += f" A wavy line stands for a long stretch of {unit}s without an incident."
    if cut:
        caption += f" {counted(cut, f'earlier {unit}')} with incidents {'is' if cut == 1 else 'are'} not drawn."
    quads = ("material conflict", "verbal conflict", "verbal cooperation", "material cooperation")
    return Picture(
        timeline_chart(columns, unit),
        timeline_chart(columns, unit, NARROW),
        caption,
        ((unit, ""), *((quad, "n") for quad in quads)),
        [(_linked(c.label, c.address), *(f"{c.counts.get(q, 0):,}" for q in quads)) for c in reversed(columns)],
    )


def matrix(pairs: Sequence[dict[str, Any]], parties: int, href: Callable[[str, str], str | None]) -> Picture | None:
    """Who with whom.

    Args:
        pairs: all pairs among the leading parties.
        parties: how many parties there are in pairs.
        href: asked with the party that acts and the one acted on.
    """
    from melian.charts.matrix import MOST, MOST_NARROW, among, leading, matrix_chart

    found = _pairs(pairs)
    if not found:
        return None
    drawn = leading(found, MOST)
    rows = [
        (
            _linked(_label(pair.source), href(pair.source, pair.target)),
            _label(pair.target),
            f"{pair.cooperation:,}",
            f"{pair.conflict:,}",
        )
        for pair in among(found, drawn)
    ]
    return Picture(
        matrix_chart(found, _label, href),
        matrix_chart(found, _label, href, MOST_NARROW, NARROW),
        "Incidents told as fact, from the party of the row to the party of the column; an empty square is none. "
        + _left_out(len(drawn), parties, MOST_NARROW),
        (("from", ""), ("to", ""), ("cooperation", "n"), ("conflict", "n")),
        rows,
    )


def network(pairs: Sequence[dict[str, Any]], parties: int, href: Callable[[str], str | None]) -> Picture | None:
    """The parties and what passes between them; arguments as for `matrix`."""
    from melian.charts.network import MOST, MOST_NARROW, TIES, TIES_NARROW, network_chart, ties

    found = _pairs(pairs)
    if not found:
        return None
    every_tie = ties(found, MOST)
    drawn = {party for tie in every_tie[:TIES] for party in (tie.one, tie.other)}
    told = (
        f"The strongest {TIES} (on a narrow page {TIES_NARROW}) of {len(every_tie):,} ties between the {MOST} leading parties are drawn; the table has all. "
        if len(every_tie) > TIES
        else ""
    )
    return Picture(
        network_chart(found, _label, href),
        network_chart(found, _label, href, MOST_NARROW, TIES_NARROW, NARROW),
        f"Full lines are cooperation, dashed lines conflict; the wider a line, the more incidents. {told}"
        + _left_out(len(drawn), parties, MOST_NARROW),
        (("between", ""), ("and", ""), ("cooperation", "n"), ("conflict", "n")),
        [(_label(tie.one), _label(tie.other), f"{tie.cooperation:,}", f"{tie.conflict:,}") for tie in every_tie],
    )


def map(rows: Sequence[dict[str, Any]], places: int, href: Callable[[Cluster], str | None]) -> Picture | None:
    """Where incidents happened.

    Args:
        rows: the places that are drawn.
        places: how many there are.
        href: asked with the places that are one mark.
    """
    from melian.charts.map import Spot, map_chart

    spots = [
        Spot(row["place"], row["country"], row["incidents"], row["verbal conflict"] + row["material conflict"]) for row in rows
    ]
    if not spots:
        return None
    most = max(spots, key=lambda spot: spot.incidents)
    caption = (
        "Dots are towns and sites, rings regions; a striped country with a square is all that is known of the place. The area of a "
        f"mark is its number of incidents, {counted(most.incidents, 'incident')} at {_place_words(most)} the most of a single place; its "
        "part in red, clockwise from above (in squares from below), is conflict, the rest in blue cooperation. Places too near to each "
        "other are one mark: “+3” is three more."
    )
    if places > len(spots):
        caption += f" The {len(spots):,} places told of most are drawn, {places - len(spots):,} are not."
    return Picture(map_chart(spots, href), map_chart(spots, href, NARROW), caption)


def _label(party: str) -> str:
    """A party's name as it stands alone."""
    return capital(party_name(party))


def _place_words(spot: Spot) -> str:
    return place_name(spot.place) or _label(spot.country or "")


def _left_out(drawn: int, parties: int, narrow: int) -> str:
    """How many parties a drawing leaves out, in a sentence."""
    if parties > drawn:
        return (
            f"{drawn} parties are drawn, those with most incidents (on a narrow page at most {narrow}); {parties - drawn:,} others are "
            "left out."
        )
    return f"All {drawn} parties; on a narrow page the {narrow} with most incidents." if drawn > narrow else ""


def _number_of(first: date, zoom: str) -> int:
    """The number of a span among all of its zoom."""
    if isinstance(first, datetime):
        return first.toordinal() * 24 + first.hour
    if zoom == "years":
        return first.year
    if zoom == "months":
        return first.year * 12 + first.month
    return first.toordinal() // (7 if zoom == "weeks" else 1)


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
