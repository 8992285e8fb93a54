"""Incidents in time as stacked bars: conflict upward, cooperation downward, deeds full and words light with a dashed edge.

Time runs evenly: a span without an incident keeps its place. A long stretch without any is cut out, and the cut is marked and named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from melian.charts.svg import WIDE, counted, dates, drawing, element, link, path, steps

_LEFT, _RIGHT, _TOP = 52, 14, 26
_BOTH = 190  # points of height for conflict and cooperation together
_LEAST = 22  # points that either keeps
_WIDEST = 44.0  # points of a bar
_STRETCH = 20  # spans without an incident that are drawn as empty; longer stretches are cut out
_CUT = 2  # spans whose room a cut takes
_UP = ("material conflict", "verbal conflict")
_DOWN = ("material cooperation", "verbal cooperation")


@dataclass(frozen=True, slots=True)
class Column:
    """A span of time with incidents.

    Attributes:
        label: what it is called.
        counts: how many incidents of each quad began in it.
        address: where it leads.
        at: its number among all spans of its kind, counted from any one; None where it follows on the one before.
    """

    label: str
    counts: dict[str, int]
    address: str | None = None
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """Where columns stand.

    Attributes:
        slots: the place of each column, from 0, in widths of a span.
        cuts: where a stretch of time was cut out (its first place), with the number of spans in it.
        total: places in all.
    """

    slots: tuple[int, ...]
    cuts: tuple[tuple[int, int], ...]
    total: int


def placed(columns: Sequence[Column]) -> Placed:
    """Places for columns in time order."""
    slots: list[int] = []
    cuts: list[tuple[int, int]] = []
    for number, column in enumerate(columns):
        if not number:
            slots.append(0)
            continue
        gap = _gap(columns[number - 1], column)
        if gap > _STRETCH:
            cuts.append((slots[-1] + 1, gap))
        slots.append(slots[-1] + 1 + (gap if gap <= _STRETCH else _CUT))
    return Placed(tuple(slots), tuple(cuts), slots[-1] + 1 if slots else 0)


def latest(columns: Sequence[Column], most: int) -> Sequence[Column]:
    """The latest columns that stand in so many places, at least one."""
    total, kept = 1, min(1, len(columns))
    for number in range(len(columns) - 1, 0, -1):
        gap = _gap(columns[number - 1], columns[number])
        total += 1 + (gap if gap <= _STRETCH else _CUT)
        if total > most:
            break
        kept += 1
    return columns[len(columns) - kept :]


def timeline_chart(columns: Sequence[Column], unit: str = "span", width: int = WIDE) -> Markup:
    """The drawing.

    Args:
        columns: in time order.
        unit: what a column is: "day", "week".
        width: of the drawing, in points.
    """
    at = placed(columns)
    step = (width - _LEFT - _RIGHT) / max(1, at.total)
    ups, downs = (max((_total(column, quads) for column in columns), default=0) for quads in (_UP, _DOWN))
    scale = _BOTH / max(1, ups + downs)
    middle = _TOP + max(_LEAST, ups * scale)
    bottom = middle + max(_LEAST, downs * scale)
    end = width - _RIGHT
    children: list[object] = [
        element("text", "▲ conflict", x=6, y=15, class_="scale word"),
        element("text", "▼ cooperation", x=6, y=bottom + 19, class_="scale word"),
    ]
    for value in _marks(ups, downs, scale):
        y = middle - value * scale
        children.append(element("line", x1=_LEFT, x2=end, y1=y, y2=y, class_="rule even" if value == 0 else "rule"))
        children.append(element("text", f"{abs(value):,}", x=_LEFT - 8, y=y + 4, class_="scale", text_anchor="end"))
    bar = min(_WIDEST, step * 0.8)
    for column, slot in zip(columns, at.slots, strict=True):
        left = _LEFT + slot * step
        marks: list[object] = [
            element("rect", x=left, y=_TOP, width=step, height=bottom - _TOP, class_="reach", fill="transparent")
        ]
        for quads, sign in ((_UP, -1), (_DOWN, 1)):
            edge = float(middle)
            for quad in quads:
                height = column.counts.get(quad, 0) * scale
                if height:
                    top = edge - height if sign < 0 else edge
                    kind = f"quad {quad.replace(' ', '-')}"
                    marks.append(element("rect", x=left + (step - bar) / 2, y=top, width=bar, height=height, class_=kind))
                    edge += sign * height
        children.append(link(column.address, *marks, title=words(column)))
    for slot, gap in at.cuts:
        x = _LEFT + (slot + _CUT / 2) * step
        swing = min(3.0, step * 0.6)
        wave = [(x + (swing if number % 2 else -swing), middle + (number - 3) * 7) for number in range(7)]
        title = element("title", f"{counted(gap, unit)} without an incident, cut out")
        children.append(element("g", title, element("path", d=path(wave), class_="cut", fill="none")))
    middles = [_LEFT + (slot + 0.5) * step for slot in at.slots]
    children += dates([column.label for column in columns], middles, bottom + 38, 6, end)
    return drawing(width, bottom + 48, "Incidents in time", describe(columns), *children, kind="timeline")


def words(column: Column) -> str:
    """A column in words."""
    told = ", ".join(f"{column.counts[quad]:,} {quad}" for quad in (*_UP, *_DOWN) if column.counts.get(quad))
    return f"{column.label}: {told or 'no incident'}"


def describe(columns: Sequence[Column]) -> str:
    """What the bars show, in a sentence."""
    up, down = sum(_total(c, _UP) for c in columns), sum(_total(c, _DOWN) for c in columns)
    return (
        f"{counted(up, 'incident')} of conflict (bars upward) and {down:,} of cooperation (bars downward); deeds are full, words "
        "are light with a dashed edge."
    )


def _marks(ups: int, downs: int, scale: float) -> list[int]:
    """The numbers on the axis, those of cooperation below zero."""
    each = steps(max(ups, downs, 1), 4)
    while len(each) > 1 and each[0] * scale < 16:
        each = each[1::2]
    return [*(value for value in each if value <= ups), 0, *(-value for value in each if value <= downs)]


def _gap(before: Column, after: Column) -> int:
    """Spans between two columns."""
    return 0 if before.at is None or after.at is None else max(0, after.at - before.at - 1)


def _total(column: Column, quads: tuple[str, ...]) -> int:
    return sum(column.counts.get(quad, 0) for quad in quads)
