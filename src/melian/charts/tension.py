"""Tension over time as a line, with the number of reports as bars under it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from markupsafe import Markup

from melian.analysis.tension import Period, Tension
from melian.charts.svg import WIDE, counted, dates, drawing, element, link, path

_LEFT, _RIGHT, _TOP, _LINE, _BARS = 136, 14, 26, 150, 50
_NARROW, _NARROW_LEFT = 600, 44  # below which width the words stand inside, and what is left beside them
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def tension_chart(found: Tension, href: Callable[[Period], str | None], width: int = WIDE) -> Markup:
    """The drawing.

    Args:
        found: the periods.
        href: where a period leads.
        width: of the drawing, in points.
    """
    periods = found.periods
    left, end = _NARROW_LEFT if width < _NARROW else _LEFT, width - _RIGHT
    step = (end - left) / max(1, len(periods))
    most = max((period.reports for period in periods), default=0) or 1

    def x(number: int) -> float:
        return left + (number + 0.5) * step

    def y(value: float) -> float:
        return _TOP + (1 - value) / 2 * _LINE

    base = _TOP + _LINE + (46 if width < _NARROW else 34) + _BARS
    children: list[object] = [
        element("line", x1=left, x2=end, y1=y(v), y2=y(v), class_="rule even" if v == 0 else "rule") for v in (1, 0, -1)
    ]
    if width < _NARROW:
        for value, sign, word, above in (
            (1, "+1", "all conflict", -6),
            (0, "0", "even", -6),
            (-1, "−1", "all cooperation", 15),
        ):
            children.append(element("text", sign, x=left - 8, y=y(value) + 4, class_="scale", text_anchor="end"))
            children.append(element("text", word, x=left, y=y(value) + above, class_="scale word"))
    else:
        for value, word in ((1, "all conflict +1"), (0, "even 0"), (-1, "all cooperation −1")):
            children.append(element("text", word, x=left - 8, y=y(value) + 4, class_="scale", text_anchor="end"))
    children += [
        element("text", "reports", x=left, y=base - _BARS - 5, class_="scale word"),
        element("text", f"{most:,}", x=left - 8, y=base - _BARS + 8, class_="scale", text_anchor="end"),
        element("text", "0", x=left - 8, y=base, class_="scale", text_anchor="end"),
        element("line", x1=left, x2=end, y1=base, y2=base, class_="rule"),
    ]
    for run in _runs(periods):
        points = [(x(number), y(periods[number].tension or 0.0)) for number in run]
        if len(points) > 1:
            children.append(element("path", d=path(points), class_="line", fill="none"))
    for number, period in enumerate(periods):
        height = period.reports / most * _BARS
        marks: list[object] = [
            element("rect", x=x(number) - step / 2, y=_TOP, width=step, height=base - _TOP, class_="reach", fill="transparent"),
            element("rect", x=x(number) - step * 0.4, y=base - height, width=step * 0.8, height=height, class_="bar"),
        ]
        if period.tension is not None:
            marks.append(element("circle", cx=x(number), cy=y(period.tension), r=min(3.5, max(1.2, step / 3)), class_="dot"))
        children.append(link(href(period), *marks, title=words(found.unit, period)))
    numbers = range(len(periods))
    children += dates(
        [day_words(periods[number].first) for number in numbers], [x(number) for number in numbers], base + 18, 6, end
    )
    return drawing(width, base + 28, "Tension over time", describe(found), *children, kind="tension")


def words(unit: str, period: Period) -> str:
    """A period in words."""
    value = "too little to say" if period.tension is None else f"tension {period.tension:+.2f}".replace("-", "−")
    of = {"day": "", "week": "week of ", "month": "month of "}[unit]
    return (
        f"{of}{day_words(period.first)}: {value}; {counted(period.incidents, 'incident')}, {counted(period.reports, 'report')}"
    )


def describe(found: Tension) -> str:
    """What the line does, in a sentence."""
    known = [period for period in found.periods if period.tension is not None]
    if not known:
        return "Too few incidents in any period for a value."
    highest = max(known, key=lambda period: (period.tension or 0.0, period.first))
    latest = known[-1]
    return (
        f"Highest {highest.tension:+.2f} at {day_words(highest.first)}, last {latest.tension:+.2f} at {day_words(latest.first)}; "
        f"+1 is all conflict, −1 all cooperation. Bars under the line are the reports of each {found.unit}."
    ).replace("-", "−")


def day_words(day: date) -> str:
    """ "21 Jan 2022"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _runs(periods: Sequence[Period]) -> list[list[int]]:
    """The numbers of periods with a value, cut where there is none."""
    runs: list[list[int]] = [[]]
    for number, period in enumerate(periods):
        if period.tension is None:
            runs.append([])
        else:
            runs[-1].append(number)
    return [run for run in runs if run]
