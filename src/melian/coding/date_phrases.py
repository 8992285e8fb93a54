"""A matched expression and what is known where it stands; the counts, units and years in it; the nearest date of a kind.

Directions follow the use of news English: a bare "Friday" is the latest one up to publication, or the coming one where
the words around it speak of the future; "Nov. 25" is the nearest unless the words say otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from melian.coding.date_patterns import letters, vocabulary
from melian.coding.date_periods import Period

Kind = Literal["date", "duration", "set", "time"]
Tense = Literal["past", "future", ""]

_TIMEX_UNIT = {
    "day": "P{}D", "week": "P{}W", "fortnight": "P{}W", "month": "P{}M", "quarter": "P{}Q", "year": "P{}Y", "decade": "P{}0Y",
    "century": "P{}00Y", "hour": "PT{}H", "minute": "PT{}M", "second": "PT{}S", "weekend": "P{}WE",
}  # fmt: skip
_UNIT_OF_CLASS = {
    "day": "day", "week": "week", "month_word": "month", "year_word": "year", "decade_unit": "decade", "century": "century",
    "fortnight": "fortnight", "quarter": "quarter",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Context:
    """What is known where an expression stands: publication, the period mentioned last, the year spoken of, the tense."""

    published: date | None
    reference: Period | None
    year: int | None
    tense: Tense


@dataclass(frozen=True, slots=True)
class Reading:
    """A resolved expression; `period` is None where it names no certain time.

    `basis` tells a period "stated" with its year from one that has its year from the text before it ("shared"), from one
    "counted" from another date, and from one only "compared" with ("the year-earlier quarter"), which the text does not
    go on to speak of. `ends` are the first and last period of a run.
    """

    period: Period | None
    kind: Kind = "date"
    timex: str | None = None
    how: str = ""
    basis: Literal["stated", "shared", "counted", "compared"] = "counted"
    ends: tuple[Period, Period] | None = None


class Phrase:
    """The matched words with look-ups by class: `"month" in phrase`, `phrase.value("month")`."""

    __slots__ = ("codes", "words")

    def __init__(self, words: tuple[str, ...], codes: str) -> None:
        self.words = words
        self.codes = codes

    def __contains__(self, name: str) -> bool:
        return letters()[name] in self.codes

    def get(self, name: str, nth: int = 0) -> str | None:
        """The n-th word of a class, lower-cased, or None."""
        letter = letters()[name]
        found = [word for word, code in zip(self.words, self.codes, strict=True) if code == letter]
        return found[nth] if -len(found) <= nth < len(found) else None

    def runs(self, *names: str) -> bool:
        """Whether words of these classes stand side by side, in this order."""
        return "".join(letters()[name] for name in names) in self.codes

    def value(self, *names: str) -> int | str | None:
        """The vocabulary's value for the first word of one of the classes."""
        for name in names:
            if (word := self.get(name)) is not None:
                value: int | str = vocabulary()[name][word]
                return value
        return None


def count_in(phrase: Phrase) -> float | str | None:
    """The count in a phrase: a number, "X" where it is vague, None where there is none."""
    total: float | None = None
    if "slash" in phrase and (figures := [phrase.get("day_number", n) for n in range(3)])[2]:
        return int(str(figures[0])) + int(str(figures[1])) / int(str(figures[2]))  # 2 1/2
    codes, tables = letters(), vocabulary()
    for word, code in zip(phrase.words, phrase.codes, strict=True):
        if code in (codes["number"], codes["day_number"]) and total is None:
            total = float(word)
        elif code == codes["number_word"]:
            value = tables["number_word"][word]
            if value >= 100:
                total = (total or 1) * value
            elif total is None or total >= 20:
                total = (total or 0) + value
        elif code == codes["few"]:
            few = tables["few"][word]
            return few if few == "X" else float(few)
        elif code == codes["half"] and total is not None:
            total += 0.5
    if total is None and "a" in phrase:
        return 1.5 if "half" in phrase else 1.0
    return total


def unit_in(phrase: Phrase) -> str | None:
    """The calendar or clock unit in a phrase."""
    if (plural := phrase.value("units", "clock_unit")) is not None:
        return str(plural)
    return next((unit for name, unit in _UNIT_OF_CLASS.items() if name in phrase), None)


def length_timex(count: float | str, unit: str) -> str:
    if unit in ("fortnight", "quarter") and not isinstance(count, str):
        count, unit = (count * 2, "week") if unit == "fortnight" else (count * 3, "month")
    part = {"year": (12, "M"), "hour": (60, "M"), "minute": (60, "S")}.get(unit)
    if part and not isinstance(count, str) and count != int(count) and (small := count % 1 * part[0]) == int(small):
        whole = _TIMEX_UNIT[unit].format(int(count)) if count >= 1 else _TIMEX_UNIT[unit][:-3]
        return f"{whole}{int(small)}{part[1]}"  # two and a half years: P2Y6M
    number = count if isinstance(count, str) else f"{count:g}"
    if number == "X" and unit in ("decade", "century"):
        return "PXDE" if unit == "decade" else "PXCE"
    return _TIMEX_UNIT[unit].format(number)


def which_one(phrase: Phrase) -> str | None:
    """The word that says which one is meant: last, next, this, that, same, following, previous …"""
    for name in ("following", "previous", "same", "that", "latest", "coming", "past", "last", "next", "this"):
        if name in phrase:
            return name
    return None


def full_year(word: str) -> int:
    """A year of four digits, or of two ("'98")."""
    if len(word) >= 4:
        return int(word[:4])
    year = int(word[-2:])
    return year + (2000 if year < 50 else 1900)


def written_year(phrase: Phrase) -> int | None:
    """A year in words: "nineteen ninety-six", "twenty fourteen", "two thousand and three"."""
    table: dict[str, int] = vocabulary()["number_word"]
    codes = letters()
    values = [table[word] for word, code in zip(phrase.words, phrase.codes, strict=True) if code == codes["number_word"]]
    if len(values) < 2:
        return None
    if values[:2] == [2, 1000]:
        return 2000 + sum(values[2:])
    rest = sum(values[1:])
    if values[0] not in (18, 19, 20) or not 10 <= rest <= 99 or (len(values) == 3 and (values[1] < 20 or values[2] > 9)):
        return None
    return values[0] * 100 + rest


def stated_year(phrase: Phrase, at: Context) -> int | None:
    """The year that a phrase gives, in figures, in words or as "last year", "of that year"."""
    word = phrase.get("year", -1) or phrase.get("short_year", -1)
    if word:
        return full_year(word)
    if (year := written_year(phrase)) is not None:
        return year
    if "year_word" not in phrase:
        return None
    relative = which_one(phrase)
    base = at.reference.first if at.reference and relative in ("that", "same", "following", "previous") else at.published
    if base is None:
        return None
    return base.year + {"last": -1, "past": -1, "previous": -1, "next": 1, "coming": 1, "following": 1}.get(relative or "", 0)


def _onward(base: date, period: Period) -> int:
    """How far a story that goes on from a day has to go to a period; back costs three times as much."""
    days = (period.first - base).days
    return days if days >= 0 else 3 * max(0, (base - period.last).days)


def nearest(
    make: Callable[[int], Period | None], at: Context, relative: str | None = None, weekday: int | None = None
) -> Reading:
    """Give a period that recurs each year its year (Christmas, 21 January, March, spring)."""
    if relative in ("same", "that", "following", "previous") and at.reference is not None:
        year = at.reference.first.year
        choices = [period for offset in (-1, 0, 1) if (period := make(year + offset))]
        if relative == "following":
            choices = [period for period in choices if period.first > at.reference.last] or choices
            return Reading(choices[0] if choices else None, how="after the date before")
        if relative == "previous":
            choices = [period for period in choices if period.last < at.reference.first] or choices
            return Reading(choices[-1] if choices else None, how="before the date before")
        return Reading(make(year), how="the year of the date before")
    if at.year is not None and weekday is None:
        year = at.year
        if (base := at.reference) is not None and base.unit in ("day", "month") and base.first.year == year:
            # After December 1941, "in January" is the next one.
            choices = [period for offset in (-1, 0, 1) if (period := make(year + offset))]
            year = min(choices, key=lambda p: _onward(base.first, p)).first.year if choices else year
        return Reading(make(year), how=f"the year spoken of, {year}", basis="shared")
    anchor = at.published or (at.reference.first if at.reference else None)
    if anchor is None:
        return Reading(None, how="no date to count from")
    reach = range(-2, 2) if weekday is None else range(-6, 7)
    choices = [period for offset in reach if (period := make(anchor.year + offset))]
    if weekday is not None:
        choices = [period for period in choices if period.first.weekday() == weekday] or choices
    if not choices:
        return Reading(None, how="no such day")
    before = [period for period in choices if period.first <= anchor]
    after = [period for period in choices if period.last >= anchor]
    if relative in ("last", "past"):
        before = [period for period in before if period.last < anchor]
        if len(before) > 1 and before[-1].unit == "month" and (anchor - before[-1].last).days <= 31:
            before.pop()  # that one would be "last month"
        return Reading(before[-1] if before else None, how="the last one before publication")
    if relative in ("next", "coming"):
        after = [period for period in after if period.first > anchor]
        return Reading(after[0] if after else None, how="the next one after publication")
    if relative in ("this", "latest"):
        return Reading(next((p for p in choices if p.first.year == anchor.year), None), how="of the year of publication")
    # Going against the tense, or ahead where no tense is told, takes a date that is much nearer.
    ahead = {"past": 6, "": 2, "future": 1}[at.tense]
    back = 6 if at.tense == "future" else 1

    def distance(period: Period) -> int:
        days = (period.first - anchor).days
        return days * ahead if days > 0 else max(0, (anchor - period.last).days) * back

    return Reading(
        min(choices, key=distance), how=f"the nearest to publication{', ' + at.tense + ' tense' if at.tense else ''}"
    )
