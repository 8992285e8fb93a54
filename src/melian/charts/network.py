"""The parties on a circle, and what passes between them: conflict as dashed lines, cooperation as full ones, side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import cos, hypot, pi, sin

from markupsafe import Markup

from melian.charts.matrix import Pair, leading
from melian.charts.svg import WIDE, drawing, element, link, shortened

_NARROW = 600  # below which width the circle is an upright oval
_WIDEST, _THINNEST = 12.0, 0.9  # points of a line
_LETTER = 7.2  # points of a letter of a name, at most
_BESIDE = 0.05  # the cosine below which a party stands on top or at the bottom, and its name above or below it
MOST, MOST_NARROW, TIES, TIES_NARROW = 14, 9, 24, 14
"""Parties that are drawn, on wide and on narrow drawings, and ties on either."""


@dataclass(frozen=True, slots=True)
class Tie:
    """What passes between two parties in both directions."""

    one: str
    other: str
    cooperation: int
    conflict: int

    @property
    def incidents(self) -> int:
        """All of them."""
        return self.cooperation + self.conflict


def ties(pairs: Sequence[Pair], most: int = MOST) -> list[Tie]:
    """The ties between the leading parties, the strongest first."""
    parties = set(leading(pairs, most))
    found: dict[tuple[str, str], list[int]] = {}
    for pair in pairs:
        if pair.source in parties and pair.target in parties and pair.source != pair.target:
            tie = found.setdefault((min(pair.source, pair.target), max(pair.source, pair.target)), [0, 0])
            tie[0] += pair.cooperation
            tie[1] += pair.conflict
    each = [Tie(*between, *counts) for between, counts in found.items()]
    return sorted(each, key=lambda tie: (-tie.incidents, tie.one, tie.other))


def network_chart(
    pairs: Sequence[Pair],
    name: Callable[[str], str],
    href: Callable[[str], str | None],
    most: int = MOST,
    lines: int = TIES,
    width: int = WIDE,
) -> Markup:
    """The drawing: parties with most ties stand beside each other where a simple exchange of neighbours brings them closer.

    Args:
        pairs: directed; both directions are drawn as one tie.
        name: a party's name.
        href: where a party leads.
        most: parties that are drawn.
        lines: ties that are drawn, strongest first.
        width: of the drawing, in points.
    """
    narrow = width < _NARROW
    height = 430 if narrow else 560
    across, down = (width * 0.24, height / 2 - 46) if narrow else (min(width * 0.34, 400), height / 2 - 54)
    between = ties(pairs, most)
    strongest = between[:lines]
    tied = {party for tie in strongest for party in (tie.one, tie.other)}
    order = _seated([party for party in leading(pairs, most) if party in tied], between)
    place: dict[str, tuple[float, float]] = {}
    children: list[object] = []
    names: list[object] = []
    for number, party in enumerate(order):
        angle = 2 * pi * number / max(1, len(order)) - pi / 2
        x, y = width / 2 + across * cos(angle), height / 2 + down * sin(angle)
        place[party] = x, y
        outside = abs(cos(angle)) < _BESIDE
        room = (
            int((width - 2 * abs(x - width / 2)) / _LETTER)
            if outside
            else int(((width / 2 - abs(x - width / 2)) - 20) / _LETTER)
        )
        text = element(
            "text",
            shortened(name(party), max(6, min(26, room))),
            x=x if outside else x + (13 if x > width / 2 else -13),
            y=(y - 14 if y < height / 2 else y + 24) if outside else y + 4 + 12 * sin(angle),
            text_anchor="middle" if outside else "start" if x > width / 2 else "end",
            class_="label",
        )
        names.append(link(href(party), element("circle", cx=x, cy=y, r=7, class_="node"), text, title=name(party)))
    top = max((max(tie.cooperation, tie.conflict) for tie in strongest), default=1) or 1
    for tie in reversed(strongest):
        marks = [
            _line(place[tie.one], place[tie.other], side, max(_THINNEST, _WIDEST * count / top), kind)
            for side, count, kind in ((-1, tie.cooperation, "cooperation"), (1, tie.conflict, "conflict"))
            if count
        ]
        title = f"{name(tie.one)} and {name(tie.other)}: {tie.cooperation:,} cooperation, {tie.conflict:,} conflict"
        children.append(element("g", element("title", title), *marks))
    description = (
        f"{len(order)} parties, {len(strongest)} ties; full lines are cooperation, dashed ones conflict, wider is more. "
        "The table tells the numbers."
    )
    return drawing(width, height, "Network of the parties", description, *children, *names, kind="network")


def _line(start: tuple[float, float], end: tuple[float, float], side: int, width: float, kind: str) -> Markup:
    """A line moved a little to one side, so that the two kinds of a tie do not cover each other."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = hypot(dx, dy) or 1
    shift = side * (width / 2 + 0.5)
    ox, oy = -dy / length * shift, dx / length * shift
    return element(
        "line", x1=start[0] + ox, y1=start[1] + oy, x2=end[0] + ox, y2=end[1] + oy, stroke_width=width, class_=f"tie {kind}"
    )


def _seated(parties: Sequence[str], between: Sequence[Tie]) -> list[str]:
    """An order around the circle in which strong ties are short: neighbours change places as long as that helps."""
    order = list(parties)
    count = len(order)
    here = [tie for tie in between if tie.one in order and tie.other in order]

    def cost(seats: list[str]) -> float:
        at = {party: number for number, party in enumerate(seats)}
        total = 0.0
        for tie in here:
            gap = abs(at[tie.one] - at[tie.other])
            total += tie.incidents * min(gap, count - gap)
        return total

    best = cost(order)
    for _ in range(count):
        moved = False
        for first in range(count):
            for second in range(first + 1, count):
                order[first], order[second] = order[second], order[first]
                found = cost(order)
                if found < best:
                    best, moved = found, True
                else:
                    order[first], order[second] = order[second], order[first]
        if not moved:
            break
    return order
