"""Calendar periods and the arithmetic that relative dates need: a day, a week, a quarter, a season, each with its ISO value.

A `Period` is a closed run of days that has a name of its own ("2022-W03", "the spring of 2014"). The week begins on
Monday (ISO 8601); a winter is called after the year in which it begins, as TimeML has it. Years run from 1 to 9999.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from melian.errors import DateError

Unit = Literal["day", "weekend", "week", "month", "quarter", "half", "season", "year", "decade", "century", "span"]

# Finest first: a shift by a unit coarser than the period keeps the period's own fineness ("a year earlier" of a quarter).
FINENESS: dict[str, int] = {
    **{"day": 0, "weekend": 1, "week": 2, "fortnight": 2, "month": 3, "quarter": 4, "season": 4},
    **{"half": 5, "year": 6, "decade": 7, "century": 8, "span": 9},
}
_MONTHS_IN: dict[str, int] = {"month": 1, "quarter": 3, "season": 3, "half": 6, "year": 12, "decade": 120, "century": 1200}
_DAYS_IN: dict[str, int] = {"day": 1, "week": 7, "weekend": 7, "fortnight": 14}
_SEASON_BEGINS: dict[str, int] = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both included, counted in `unit`."""

    unit: Unit
    first: date
    last: date

    @property
    def iso(self) -> str:
        """The codebook's value: YYYY-MM-DD, YYYY-MM or YYYY where the period is one of these, else first/last day."""
        first = self.first.isoformat()
        if self.unit == "day":
            return first
        if self.unit in ("month", "year"):
            return first[:7] if self.unit == "month" else first[:4]
        if self.unit == "season" and self.first.year == self.last.year:
            return first[:4]  # a season's days are not the calendar's; the year is what is certain
        return f"{first}/{self.last.isoformat()}"

    @property
    def timex(self) -> str:
        """The TIMEX3 value (TimeML 1.2.1): 2022-W03, 2022-Q1, 2014-SP, 199, 19; a span has its ISO value."""
        year = f"{self.first.year:04d}"
        if self.unit in ("week", "weekend"):
            iso_year, week, _ = self.first.isocalendar()
            return f"{iso_year:04d}-W{week:02d}" + ("-WE" if self.unit == "weekend" else "")
        if self.unit == "quarter":
            return f"{year}-Q{(self.first.month + 2) // 3}"
        if self.unit == "half":
            return f"{year}-H{1 if self.first.month < 7 else 2}"
        if self.unit == "season":
            return f"{year}-" + next(code for code, month in _SEASON_BEGINS.items() if month == self.first.month)
        if self.unit in ("decade", "century"):
            return year[:3] if self.unit == "decade" else year[:2]
        return self.iso


def parse_day(text: str) -> date:
    """A day from its ISO date; `DateError` says so when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise DateError(f"{text!r} is not a date of the form YYYY-MM-DD") from error


def make_day(year: int, month: int, day: int) -> Period | None:
    """One day, or None where the calendar has no such day."""
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return Period("day", found, found)


def day_of(day: date) -> Period:
    """A day as a period."""
    return Period("day", day, day)


def months_from(unit: Unit, year: int, month: int) -> Period | None:
    """The period of a whole number of months that begins with this month."""
    length = _MONTHS_IN[unit]
    last_year, last_month = divmod(year * 12 + month - 1 + length - 1, 12)
    if year < 1 or last_year > 9999:
        return None
    return Period(
        unit, date(year, month, 1), date(last_year, last_month + 1, calendar.monthrange(last_year, last_month + 1)[1])
    )


def year_of(year: int) -> Period | None:
    """A calendar year."""
    return months_from("year", year, 1)


def season_of(year: int, code: str) -> Period | None:
    """A season of the northern year, by its TIMEX3 code (SP, SU, FA, WI)."""
    return months_from("season", year, _SEASON_BEGINS[code])


def containing(unit: str, day: date) -> Period | None:
    """The period of this unit that a day falls in."""
    if unit == "day":
        return day_of(day)
    if unit in ("week", "fortnight"):
        monday = day - timedelta(days=day.weekday())
        return Period("week", monday, monday + timedelta(days=6))
    if unit == "weekend":
        saturday = day + timedelta(days=5 - day.weekday())
        return Period("weekend", saturday, saturday + timedelta(days=1))
    if unit == "month":
        return months_from("month", day.year, day.month)
    if unit == "quarter":
        return months_from("quarter", day.year, day.month - (day.month - 1) % 3)
    if unit == "half":
        return months_from("half", day.year, 1 if day.month < 7 else 7)
    if unit == "year":
        return year_of(day.year)
    if unit == "decade":
        return months_from("decade", day.year - day.year % 10, 1)
    if unit == "century":
        return months_from("century", max(1, day.year - day.year % 100), 1)
    return None


def add_months(day: date, months: int) -> date | None:
    """The same day so many months later (earlier if negative), or the month's last day; None outside the calendar."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return None
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add(day: date, count: int, unit: str) -> date | None:
    """A day moved by so many units; None outside the calendar."""
    if unit in _DAYS_IN:
        try:
            return day + timedelta(days=count * _DAYS_IN[unit])
        except OverflowError:
            return None
    return add_months(day, count * _MONTHS_IN[unit])


def moved(period: Period, count: int, unit: str) -> Period | None:
    """A period moved by so many units; its fineness is the unit's, or its own for quarters, halves, seasons and months."""
    first = add(period.first, count, unit)
    if first is None:
        return None
    if period.unit in ("month", "quarter", "half", "season") and FINENESS[period.unit] <= FINENESS[unit]:
        return months_from(period.unit, first.year, first.month)
    return containing(unit, first)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm in Meeus, Astronomical Algorithms, ch. 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (b - (b + 8) // 25 + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


def feast(rule: str, year: int) -> date | None:
    """A named day in a year, from its rule: 12-25, easter-2, 11-thu4 (fourth Thursday), 05-monlast, 11-mon1+1; a full date is itself."""
    if rule.startswith("easter"):
        return easter(year) + timedelta(days=int(rule[6:]))
    if len(rule) == 10:
        return date.fromisoformat(rule)
    rule, _, after = rule.partition("+")
    month, what = int(rule[:2]), rule[3:]
    if what.isdigit():
        return date(year, month, int(what))
    weekday = ("mon", "tue", "wed", "thu", "fri", "sat", "sun").index(what[:3])
    days = [d for d in calendar.Calendar().itermonthdates(year, month) if d.month == month and d.weekday() == weekday]
    return (days[-1] if what[3:] == "last" else days[int(what[3:]) - 1]) + timedelta(days=int(after or 0))
