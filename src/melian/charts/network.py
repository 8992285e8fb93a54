"""The parties on a circle, and what passes between them: conflict as dashed lines, cooperation as full ones, side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import cos, hypot, log1p, pi, sin

from markupsafe import Markup

from melian.charts.matrix import Pair, leading
from melian.charts.svg import drawing, element, link, shortened

WIDTH, HEIGHT = 760, 520
_RADIUS = 180
_WIDEST = 9.0
_LABEL = 22  # characters of a name, as many as the room beside the circle holds


def network_chart(
    pairs: Sequence[Pair], name: Callable[[str], str], href: Callable[[str], str | None], most: int = 14, lines: int = 40
) -> Markup:
    """The drawing: parties with most ties stand beside each other where a simple exchange of neighbours brings them closer.

    Args:
        pairs: directed; both directions are drawn as one tie.
        name: a party's name.
        href: where a party leads.
        most: parties that are drawn.
        lines: ties that are drawn, strongest first.
    """
    parties = leading(pairs, most)
    ties: dict[tuple[str, str], list[int]] = {}
    for pair in pairs:
        if pair.source in parties and pair.target in parties and pair.source != pair.target:
            tie = ties.setdefault((min(pair.source, pair.target), max(pair.source, pair.target)), [0, 0])
            tie[0] += pair.cooperation
            tie[1] += pair.conflict
    order = _seated(parties, ties)
    place = {party: _on_circle(number, len(order)) for number, party in enumerate(order)}
    strongest = sorted(ties.items(), key=lambda item: (-sum(item[1]), item[0]))[:lines]
    top = max((max(counts) for _, counts in strongest), default=1) or 1
    children: list[object] = []
    for (one, other), (cooperation, conflict) in reversed(strongest):
        marks = [
            _line(place[one], place[other], side, 1 + (_WIDEST - 1) * log1p(count) / log1p(top), kind)
            for side, count, kind in ((-1, cooperation, "cooperation"), (1, conflict, "conflict"))
            if count
        ]
        title = f"{name(one)} and {name(other)}: {cooperation} cooperation, {conflict} conflict"
        children.append(element("g", element("title", title), *marks))
    for party, (x, y) in place.items():
        right = x >= WIDTH / 2
        text = element(
            "text",
            shortened(name(party), _LABEL),
            x=x + (12 if right else -12),
            y=y + 4,
            text_anchor="start" if right else "end",
            class_="label",
        )
        children.append(link(href(party), element("circle", cx=x, cy=y, r=7, class_="node"), text, title=name(party)))
    description = (
        f"{len(order)} parties, {len(strongest)} ties; full lines are cooperation, dashed ones conflict, wider is more. "
        "The table tells the numbers."
    )
    return drawing(WIDTH, HEIGHT, "Network of the parties", description, *children, kind="network")


def _on_circle(number: int, count: int) -> tuple[float, float]:
    angle = 2 * pi * number / max(1, count) - pi / 2
    return WIDTH / 2 + _RADIUS * 1.15 * cos(angle), HEIGHT / 2 + _RADIUS * 1.15 * sin(angle)


def _line(start: tuple[float, float], end: tuple[float, float], side: int, width: float, kind: str) -> Markup:
    """A line moved a little to one side, so that the two kinds of a tie do not cover each other."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = hypot(dx, dy) or 1
    shift = side * (width / 2 + 0.5)
    ox, oy = -dy / length * shift, dx / length * shift
    return element(
        "line", x1=start[0] + ox, y1=start[1] + oy, x2=end[0] + ox, y2=end[1] + oy, stroke_width=width, class_=f"tie {kind}"
    )


def _seated(parties: Sequence[str], ties: dict[tuple[str, str], list[int]]) -> list[str]:
    """An order around the circle in which strong ties are short: neighbours change places as long as that helps."""
    order = list(parties)
    count = len(order)

    def cost(seats: list[str]) -> float:
        at = {party: number for number, party in enumerate(seats)}
        total = 0.0
        for (one, other), counts in ties.items():
            gap = abs(at[one] - at[other])
            total += sum(counts) * min(gap, count - gap)
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
