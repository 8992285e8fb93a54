"""Numbers in a clause: how many troops, dead or protesters, and whether the number is a bound (codebook, decision 13)."""

from __future__ import annotations

import re

from melian.language import Parse
from melian.records import Quantity

_WORDS = {
    w: n
    for n, w in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "m": 1e6, "bn": 1e9}
_AT_LEAST = ("more than", "at least", "over", "no fewer than", "no less than", "upwards of", "above", "exceeding")
_AT_MOST = ("as many as", "up to", "nearly", "almost", "as much as", "at most", "fewer than", "less than", "close to", "under")
_NOT_COUNTED = frozenset(
    [
        "day",
        "days",
        "week",
        "weeks",
        "month",
        "months",
        "year",
        "years",
        "hour",
        "hours",
        "minute",
        "minutes",
        "second",
        "seconds",
        "percent",
        "%",
        "century",
        "decade",
        "time",
        "times",
        "mile",
        "miles",
        "km",
        "kilometers",
        "kilometres",
        "meters",
        "metres",
        "feet",
        "age",
        "anniversary",
        "o'clock",
        "a.m.",
        "p.m.",
        "am",
        "pm",
        "sides",
        "parties",
        "leaders",
        "countries",
        "nations",
    ]
)
_MONEY = {"$": "dollars", "£": "pounds", "€": "euros"}
_KILLED = frozenset(["kill", "kills", "killed", "killing", "dead", "died", "deaths", "slain"])
_DIGITS = re.compile(r"^\d{1,3}(?:,\d{3})+$|^\d+(?:\.\d+)?$")


def find_quantity(parse: Parse, first: int, last: int) -> Quantity | None:
    """The first number in words `[first, last)` that counts people, things or money; None when there is none."""
    forms = [parse.forms[i].lower() for i in range(first, last)]
    at = 0
    while at < len(forms):
        value, end = _number(forms, at)
        if value is None:
            at += 1
            continue
        word = first + at
        unit_word = _unit(parse, word, first, last)
        money = _MONEY.get(forms[at - 1]) if at else None
        if money is None and (unit_word is None or unit_word in _NOT_COUNTED or _is_date(parse, word, end - at)):
            at = end
            continue
        if value == 1 and money is None:
            at = end
            continue
        before = " ".join(forms[max(0, at - 4) : at])
        bound = (
            "at least"
            if before.endswith(_AT_LEAST)
            else "at most"
            if before.endswith((*_AT_MOST, *(f"{m} $" for m in _AT_MOST)))
            else None
        )
        unit = money or (
            "killed" if _KILLED & set(forms) and unit_word in (None, "people", "civilians", "persons") else unit_word
        )
        return Quantity(value=value, unit=unit, bound=bound)
    return None


def _number(forms: list[str], at: int) -> tuple[float | None, int]:
    form = forms[at]
    if len(form) <= 20 and _DIGITS.match(form):
        value = float(form.replace(",", ""))
    elif form in _WORDS:
        value = float(_WORDS[form])
    else:
        return None, at
    end = at + 1
    while end < len(forms) and forms[end] in _SCALES:
        value *= _SCALES[forms[end]]
        end += 1
    return value, end


def _unit(parse: Parse, word: int, first: int, last: int) -> str | None:
    """The noun that the number counts, lower case."""
    if parse.relations[word] in ("nummod", "compound", "amod"):
        head = parse.heads[word]
        if parse.relations[head] == "nummod":
            head = parse.heads[head]
        if parse.upos[head] in ("NOUN", "PROPN"):
            return parse.forms[head].lower()
    return "people" if parse.relations[word] in ("nsubj", "nsubj:pass", "obj", "obl") and word + 1 < last else None


_MONTHS = frozenset(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])


def _is_date(parse: Parse, word: int, size: int) -> bool:
    """A year, or the day beside a month's name."""
    form = parse.forms[word]
    year = form.isdigit() and len(form) == 4 and 1000 <= int(form) <= 2100
    beside = [parse.forms[i] for i in (word - 1, word + 1) if 0 <= i < len(parse.forms)]
    month = any(
        f[:1].isupper() and f[:3].lower() in _MONTHS and (len(f) < 5 or f.lower().rstrip(".") in _LONG_MONTHS) for f in beside
    )
    return size == 1 and (month or (year and parse.relations[word] != "nummod"))


_LONG_MONTHS = frozenset(
    ["january", "february", "march", "april", "june", "july", "august", "september", "sept", "october", "november", "december"]
)
