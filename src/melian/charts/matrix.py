"""Who with whom, as a table of squares: cooperation in the upper left half of a square, conflict in the lower right, both with numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log1p

from markupsafe import Markup

from melian.charts.svg import drawing, element, link, path, shortened

_CELL, _LEFT, _TOP = 46, 150, 96
_LABEL = 18  # characters of a name
MOST = 12  # parties that are drawn


@dataclass(frozen=True, slots=True)
class Pair:
    """What goes from one party to another: incidents of cooperation and of conflict."""

    source: str
    target: str
    cooperation: int
    conflict: int


def matrix_chart(
    pairs: Sequence[Pair], name: Callable[[str], str], href: Callable[[str, str], str | None], most: int = MOST
) -> Markup:
    """The drawing: rows act, columns are acted on.

    Args:
        pairs: directed; the parties with most incidents are drawn.
        name: a party's name.
        href: where a square leads, by source and target.
        most: parties that are drawn.
    """
    parties = leading(pairs, most)
    place = {party: number for number, party in enumerate(parties)}
    drawn = among(pairs, parties)
    top = max((max(pair.cooperation, pair.conflict) for pair in drawn), default=1) or 1
    children: list[object] = []
    for party, number in place.items():
        middle = (number + 0.5) * _CELL
        children.append(
            element("text", shortened(name(party), _LABEL), x=_LEFT - 8, y=_TOP + middle + 4, text_anchor="end", class_="label")
        )
        x = _LEFT + middle
        turned = f"rotate(-45 {x:g} {_TOP - 8:g})"
        children.append(element("text", shortened(name(party), _LABEL), x=x, y=_TOP - 8, transform=turned, class_="label"))
    for row in range(len(parties)):
        for column in range(len(parties)):
            x, y = _LEFT + column * _CELL, _TOP + row * _CELL
            kind = "cell own" if row == column else "cell"
            children.append(element("rect", x=x, y=y, width=_CELL, height=_CELL, class_=kind, fill="none"))
    for pair in drawn:
        x, y = _LEFT + place[pair.target] * _CELL, _TOP + place[pair.source] * _CELL
        inside = 2.0
        corners = [(x + inside, y + inside), (x + _CELL - inside, y + inside), (x + _CELL - inside, y + _CELL - inside),
                   (x + inside, y + _CELL - inside)]  # fmt: skip
        marks: list[object] = []
        if pair.cooperation:
            strength = round(0.15 + 0.6 * log1p(pair.cooperation) / log1p(top), 2)
            marks.append(
                element(
                    "path", d=path([corners[0], corners[1], corners[3]], True), class_="half cooperation", fill_opacity=strength
                )
            )
            marks.append(element("text", pair.cooperation, x=x + 6, y=y + 16, class_="number"))
        if pair.conflict:
            strength = round(0.15 + 0.6 * log1p(pair.conflict) / log1p(top), 2)
            marks.append(
                element(
                    "path", d=path([corners[1], corners[2], corners[3]], True), class_="half conflict", fill_opacity=strength
                )
            )
            marks.append(element("text", pair.conflict, x=x + _CELL - 6, y=y + _CELL - 7, text_anchor="end", class_="number"))
        title = f"{name(pair.source)} toward {name(pair.target)}: {pair.cooperation} cooperation, {pair.conflict} conflict"
        children.append(link(href(pair.source, pair.target), *marks, title=title))
    size = len(parties) * _CELL
    description = "Rows act, columns are acted on. Upper left numbers count cooperation, lower right ones conflict."
    return drawing(_LEFT + size + 70, _TOP + size + 8, "Who with whom", description, *children, kind="matrix")


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
