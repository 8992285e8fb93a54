"""Incidents in time as stacked bars: conflict upward, cooperation downward, deeds dark and words light with a pattern."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from melian.charts.svg import drawing, element, link, tick

WIDTH = 760
_LEFT, _RIGHT, _TOP, _HALF = 104, 12, 16, 92
_UP = ("material conflict", "verbal conflict")
_DOWN = ("material cooperation", "verbal cooperation")


@dataclass(frozen=True, slots=True)
class Column:
    """A span of time: what it is called, how many incidents of each quad began in it, and where it leads."""

    label: str
    counts: dict[str, int]
    address: str | None = None


def timeline_chart(columns: Sequence[Column]) -> Markup:
    """The drawing; columns are in time order."""
    step = (WIDTH - _LEFT - _RIGHT) / max(1, len(columns))
    most = max((max(_total(c, _UP), _total(c, _DOWN)) for c in columns), default=0) or 1
    middle = _TOP + _HALF
    children: list[object] = [
        element("text", "conflict ▲", x=_LEFT - 8, y=_TOP + 10, class_="scale", text_anchor="end"),
        element("text", f"at most {most}", x=_LEFT - 8, y=middle + 4, class_="scale", text_anchor="end"),
        element("text", "cooperation ▼", x=_LEFT - 8, y=middle + _HALF, class_="scale", text_anchor="end"),
        element("line", x1=_LEFT, x2=WIDTH - _RIGHT, y1=middle, y2=middle, class_="rule even"),
    ]
    every = max(1, round(110 / step))
    for number, column in enumerate(columns):
        left = _LEFT + number * step
        marks: list[object] = [
            element("rect", x=left, y=_TOP, width=step, height=2 * _HALF, class_="reach", fill="transparent")
        ]
        for quads, sign in ((_UP, -1), (_DOWN, 1)):
            edge = float(middle)
            for quad in quads:
                height = column.counts.get(quad, 0) / most * _HALF
                if height:
                    top = edge - height if sign < 0 else edge
                    kind = f"quad {quad.replace(' ', '-')}"
                    marks.append(element("rect", x=left + step * 0.1, y=top, width=step * 0.8, height=height, class_=kind))
                    edge += sign * height
        children.append(link(column.address, *marks, title=words(column)))
        if number % every == 0:
            children.append(tick(column.label, left + step / 2, middle + _HALF + 18, WIDTH))
    return drawing(WIDTH, middle + _HALF + 26, "Incidents in time", describe(columns), *children, kind="timeline")


def words(column: Column) -> str:
    """A column in words."""
    told = ", ".join(f"{column.counts[quad]} {quad}" for quad in (*_UP, *_DOWN) if column.counts.get(quad))
    return f"{column.label}: {told or 'no incident'}"


def describe(columns: Sequence[Column]) -> str:
    """What the bars show, in a sentence."""
    up, down = sum(_total(c, _UP) for c in columns), sum(_total(c, _DOWN) for c in columns)
    return f"{up} incidents of conflict (bars upward) and {down} of cooperation (bars downward); deeds are full, words are striped."


def _total(column: Column, quads: tuple[str, ...]) -> int:
    return sum(column.counts.get(quad, 0) for quad in quads)
