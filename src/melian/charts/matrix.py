"""Who with whom, as a table of squares: cooperation in the upper left half of a square, conflict in the lower right, both with numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log1p

from markupsafe import Markup

from melian.charts.svg import WIDE, drawing, element, letters, link, path, shortened

_NARROW = 600  # below which width names are short and squares small
_STRONGEST = 0.48  # of the colour; numbers stay legible on it, on light and on dark paper
MOST, MOST_NARROW = 14, 7
"""Parties that are drawn, on wide and on narrow drawings."""


@dataclass(frozen=True, slots=True)
class Pair:
    """What goes from one party to another: incidents of cooperation and of conflict."""

    source: str
    target: str
    cooperation: int
    conflict: int


def matrix_chart(
    pairs: Sequence[Pair],
    name: Callable[[str], str],
    href: Callable[[str, str], str | None],
    most: int = MOST,
    width: int = WIDE,
) -> Markup:
    """The drawing: rows act, columns are acted on.

    Args:
        pairs: directed, all of them between the parties that are drawn: a square without one says that there is none.
        name: a party's name.
        href: where a square leads, by source and target.
        most: parties that are drawn, those with most incidents.
        width: of the drawing, in points, at most.
    """
    parties = leading(pairs, most)
    place = {party: number for number, party in enumerate(parties)}
    drawn = among(pairs, parties)
    top = max((max(pair.cooperation, pair.conflict) for pair in drawn), default=1) or 1
    narrow = width < _NARROW
    label = 12 if narrow else 24  # characters of a name
    left, above = (92, 72) if narrow else (176, 120)
    right = 44 if narrow else 84  # what the last of the slanted names needs
    wide = min(74.0, (width - left - right) / max(1, len(parties)))
    high = min(40.0, max(wide, 35.0))
    children: list[object] = []
    for party, number in place.items():
        y = above + (number + 0.5) * high + 4
        children.append(element("text", shortened(name(party), label), x=left - 8, y=y, text_anchor="end", class_="label"))
        x = left + (number + 0.5) * wide
        turned = f"rotate(-45 {x:g} {above - 8:g})"
        children.append(element("text", shortened(name(party), label), x=x, y=above - 8, transform=turned, class_="label"))
    for row in range(len(parties)):
        for column in range(len(parties)):
            kind = "cell own" if row == column else "cell"
            x, y = left + column * wide, above + row * high
            children.append(element("rect", x=x, y=y, width=wide, height=high, class_=kind, fill="none"))
    for pair in drawn:
        x, y = left + place[pair.target] * wide, above + place[pair.source] * high
        x1, y1, x2, y2 = x + 2, y + 2, x + wide - 2, y + high - 2
        marks: list[object] = []
        for count, kind, corners in (
            (pair.cooperation, "cooperation", [(x1, y1), (x2, y1), (x1, y2)]),
            (pair.conflict, "conflict", [(x2, y1), (x2, y2), (x1, y2)]),
        ):
            if count:
                strength = round(0.1 + (_STRONGEST - 0.1) * log1p(count) / log1p(top), 2)
                marks.append(element("path", d=path(corners, True), class_=f"half {kind}", fill_opacity=strength))
        for count, at, baseline, anchor in (
            (pair.cooperation, x1 + 3, y1 + 12, None),
            (pair.conflict, x2 - 3, y2 - 4, "end"),
        ):
            if count:
                text = f"{count:,}" if letters(f"{count:,}") < wide - 6 else f"{round(count / 1000)}k"
                marks.append(element("text", text, x=at, y=baseline, text_anchor=anchor, class_="number"))
        title = f"{name(pair.source)} toward {name(pair.target)}: {pair.cooperation:,} cooperation, {pair.conflict:,} conflict"
        children.append(link(href(pair.source, pair.target), *marks, title=title))
    description = "Rows act, columns are acted on. Upper left numbers count cooperation, lower right ones conflict; an empty square is none."
    size = len(parties)
    across = left + size * wide + right
    return drawing(across, above + size * high + 8, "Who with whom", description, *children, kind="matrix")


def among(pairs: Sequence[Pair], parties: Sequence[str]) -> list[Pair]:
    """The pairs of these parties, row by row, as one reads the squares."""
    place = {party: number for number, party in enumerate(parties)}
    known = [pair for pair in pairs if pair.source in place and pair.target in place]
    return sorted(known, key=lambda pair: (place[pair.source], place[pair.target]))


def leading(pairs: Sequence[Pair], most: int) -> list[str]:
    """The parties with most incidents, most first; equals by id."""
    weight: dict[str, int] = {}
    for pair in pairs:
        for party in (pair.source, pair.target):
            weight[party] = weight.get(party, 0) + pair.cooperation + pair.conflict
    return sorted(weight, key=lambda party: (-weight[party], party))[:most]
