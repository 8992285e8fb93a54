"""What only looks like a date: counts, ages, scores, file numbers, people called May, newspapers called after a Sunday."""

from __future__ import annotations

from functools import cache

from melian.coding.date_patterns import Words, letters, vocabulary


@cache
def cues(name: str) -> frozenset[str]:
    """A list of cue words from the vocabulary."""
    return frozenset(vocabulary()[name].split())


def month_surnames(words: Words, lower: tuple[str, ...]) -> frozenset[str]:
    """The months that a text also has as a surname ("Theresa May", "Mrs March"), which then need a cue of time."""
    code = letters()["month_or_word"]
    return frozenset(
        word
        for before, word, letter in zip(("", *lower), lower, words.codes, strict=False)
        if letter == code and before in cues("before_surname")
    )


def plausible(rule: str, words: Words, lower: tuple[str, ...], start: int, end: int, surnames: frozenset[str]) -> bool:
    """Whether a match of a rule is a date, seen from the words around it."""
    codes = letters()
    before, after, second = _at(lower, start - 1), _at(lower, end), _at(lower, end + 1)
    if rule == "year":
        return _is_year(words, lower, start, end)
    if rule == "month":
        return _is_month(words, lower, start, end, surnames)
    if rule in ("duration", "units"):
        is_age = (
            "old" in (after[:3], second[:3] if after == "-" else "")
            or before in ("aged", "age")
            or (after, second) == ("of", "age")
        )
        return not is_age and not (rule == "units" and before[:1].isdigit())
    if rule == "ago" and lower[end - 1] in ("before", "early", "late"):
        return lower[end - 1] == "before" and not after[:1].isalpha()
    if rule == "vague":
        return after not in ("as", "after", "became") and before not in ("as", "was", "were", "but") and not is_past(after)
    if rule in ("weekday", "part_of_weekday"):
        if codes["short_weekday"] in words.codes[start:end] or before in ("bloody", "black", "super", "cyber"):
            return False
        return not (after in cues("not_the_day") and _is_capital(words, end))
    if rule == "feast":
        return not (after in cues("not_the_day") and _is_capital(words, end))
    if rule in ("month_day", "day_month"):
        return after not in ("percent", "%", "million", "billion")
    if rule == "season":
        return not (words.words[end - 1] in ("Spring", "Fall") or (lower[end - 1] in ("fall", "spring") and after == "of"))
    if rule == "decade":
        return before not in ("his", "her", "their", "my", "its")
    return True


def is_rate(words: Words, lower: tuple[str, ...], start: int, end: int) -> bool:
    """Whether "a day", "a year" tells how often: "twice a week", "40 trains a week", "$3 million a year"."""
    if end - start != 2 or words.codes[start] != letters()["a"] or not start:
        return False
    before = lower[start - 1]
    counted = before in ("once", "twice", "times", "million", "billion", "%", "percent") or before[-1:].isdigit()
    return counted or words.codes[start - 1] == letters()["units"]


def is_past(word: str) -> bool:
    """Whether a word is a verb of the past tense."""
    return word in cues("past_cues") or (word.endswith("ed") and len(word) > 3 and word not in cues("not_past"))


def _at(lower: tuple[str, ...], index: int) -> str:
    return lower[index] if 0 <= index < len(lower) else ""


def _is_capital(words: Words, index: int) -> bool:
    return index < len(words.words) and words.words[index][:1].isupper()


def _is_month(words: Words, lower: tuple[str, ...], start: int, end: int, surnames: frozenset[str]) -> bool:
    """A bare month: "May" and "March" need a cue, "Jan." its dot, and "April Smith" is somebody."""
    codes = letters()
    before, after = _at(lower, start - 1), _at(lower, end)
    cued = before in cues("before_month")
    if codes["short_month"] in words.codes[start:end]:
        return cued and words.codes[end - 1] == codes["dot"]
    if end - start > 1:
        return True
    if lower[start] in surnames:
        return before in ("in", "since", "until", "early", "late", "mid", "last", "next", "this", "during")
    if words.codes[start] == codes["month_or_word"]:
        return cued or (before == "the" and after not in ("on", "for", "of", "to"))
    return cued or not (lower[start] in ("april", "june", "august") and after[:1].isalpha() and _is_capital(words, end))


def _is_year(words: Words, lower: tuple[str, ...], start: int, end: int) -> bool:
    """A number of four digits, or of two with an apostrophe, by itself."""
    codes = letters()
    before, after = _at(lower, start - 1), _at(lower, end)
    cued = before in cues("before_year")
    if end - start > 1:
        return True
    if words.codes[start] == codes["short_year"]:
        return cued
    numbered = (
        before in cues("before_number") or before[-1:].isdigit() or (before in ".-" and _at(lower, start - 2)[-1:].isdigit())
    )
    if numbered or (before == "." and _at(lower, start - 2) == "no"):
        return False
    if after in cues("counted") or (after == "-" and _at(lower, end + 1)[:1].isdigit()):
        return False
    year = int(lower[start])
    counts = after.isalpha() and after.endswith("s") and len(after) > 4
    if not 1500 <= year <= 2060 or (counts and before in ("of", "to", "and", "-")):
        return False
    if 1900 <= year <= 2040:
        return cued or not counts or before in cues("determiners")
    return cued and not counts
