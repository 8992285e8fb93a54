"""Dates in a text: every expression of time, with the ISO date that it stands for on the document's day.

`find_dates` sorts the words into classes and runs the rules (`date_patterns`), sets aside what only looks like a date,
and resolves the rest from left to right (`date_resolution`), so that "the next day" can count from the date before it.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache

import msgspec

from melian.coding.date_guards import cues, is_past, is_rate, month_surnames, plausible
from melian.coding.date_patterns import Words, compiled, letters, rules, runs, split, vocabulary
from melian.coding.date_periods import Period, make_day, parse_day
from melian.coding.date_phrases import Context, Kind, Reading, Tense
from melian.coding.date_resolution import resolve
from melian.records import Span


class DateMention(msgspec.Struct, frozen=True, kw_only=True):
    """An expression of time in a text.

    `value` is an ISO date (YYYY-MM-DD, YYYY-MM, YYYY, or first/last day of a span), None where it names no certain time;
    `kind` tells a date from a length of time, a repetition and an hour of the day (whose `value` is its day); `timex` is
    the TIMEX3 value of TimeML 1.2.1 (2022-W03, P3M, PRESENT_REF); `why` names the rule and how it was resolved; `stated`
    says that the words themselves give the year; `parts` are the two ends of a run ("from 1994 to 1997"), which TimeML marks
    as two expressions.
    """

    span: Span
    value: str | None
    kind: Kind
    why: str
    timex: str | None = None
    stated: bool = False
    parts: tuple[DateMention, ...] = ()


def find_dates(text: str, published: str | None) -> tuple[DateMention, ...]:
    """All expressions of time in a text, in order, not overlapping.

    Args:
        text: the document's text; expressions may be broken over lines.
        published: the document's ISO date, from which "Friday" or "last month" count, or None.

    Raises:
        DateError: `published` is not an ISO date.
    """
    day = parse_day(published) if published else None
    words = split(text)
    pattern = rules()
    lower = tuple(word.lower() for word in words.words)
    surnames = month_surnames(words, lower)
    found: list[DateMention] = []
    state = _State(day is None or _is_history(words, day))
    for run in runs().finditer(words.codes):
        position, limit = run.span()
        while (match := pattern.search(words.codes, position, limit)) is not None or limit < run.end():
            if match is None or (match.start() > position and limit < run.end()):
                position, limit = position + 1, run.end()  # nothing shorter at this place: go on behind it
                continue
            start, end = match.span()
            rule = str(match.lastgroup)
            if rule == "duration" and is_rate(words, lower, start, end):
                rule = "set"
            reading = None
            if plausible(rule, words, lower, start, end, surnames):
                ahead = _year_ahead(words, end)
                at = Context(day, None if ahead else state.reference, ahead or state.year, _tense(lower, start, end))
                if rule == "relative_unit" and lower[end - 2 : end + 1] in (
                    ("the", "year", "ended"),
                    ("the", "year", "ending"),
                ):
                    rule = "duration"
                reading = _landmark(rule, lower, words, start, end, day) or resolve(
                    rule, lower[start:end], words.codes[start:end], at
                )
            if reading is None:
                position, limit = start, end - 1
                continue
            position, limit = end, run.end()
            if not (state.in_quarter and start and lower[start - 1] in ("ended", "ending")):
                state.saw(reading)
            found.append(_mention(words, start, end, rule, reading))
    return tuple(_joined(text, found))


def _mention(words: Words, start: int, end: int, rule: str, reading: Reading) -> DateMention:
    start, end = _trimmed(words, start, end)
    period = reading.period
    parts: tuple[DateMention, ...] = ()
    if reading.ends:
        cut = next(i for i in range(start + 1, end) if words.codes[i] in _cuts())
        first, last = (Reading(end, "date", how=reading.how, basis=reading.basis) for end in reading.ends)
        parts = _mention(words, start, cut, rule, first), _mention(words, cut + 1, end, rule, last)
    return DateMention(
        span=(words.starts[start], words.ends[end - 1]),
        value=period.iso if period else None,
        kind=reading.kind,
        why=f"{rule}: {reading.how}",
        timex=reading.timex or (period.timex if period else None),
        stated=reading.basis == "stated",
        parts=parts,
    )


@cache
def _cuts() -> frozenset[str]:
    """The class letters of the words that stand between the two ends of a run."""
    return frozenset(letters()[name] for name in ("hyphen", "dash", "slash", "to", "and"))


@cache
def _series() -> re.Pattern[str]:
    """What follows the first of two dates that share a year: "and June 1955", "to June 8, 1967"."""
    return compiled("(and|or|to|hyphen|dash) the? (EDGE? MONTH|(DAY of?)? MONTH (the? DAY)?) comma? of? year")


def _year_ahead(words: Words, end: int) -> int | None:
    """The year that a date has in common with the one that it is paired with: "in April and June 1955"."""
    match = _series().match(words.codes, end)
    return int(words.words[match.end() - 1]) if match else None


class _State:
    """What the text has spoken of so far: the last period, and the last year that was stated."""

    def __init__(self, counts_from_text: bool) -> None:
        self.counts_from_text = counts_from_text
        self.reference: Period | None = None
        self._year: int | None = None

    @property
    def year(self) -> int | None:
        """The year of a bare "in March", where the text's own years tell it rather than the day of publication."""
        return self._year if self.counts_from_text else None

    @property
    def in_quarter(self) -> bool:
        """Whether a quarter or half is spoken of, which a date behind "ended" only bounds."""
        return self.reference is not None and self.reference.unit in ("quarter", "half")

    def saw(self, reading: Reading) -> None:
        """Take note of a resolved expression."""
        period = reading.period
        if period is None or reading.basis == "compared":
            return
        if period.unit != "span":
            self.reference = period
        if reading.basis in ("stated", "shared") and period.unit in ("day", "month", "season", "year"):
            self._year = period.first.year


def _is_history(words: Words, published: date) -> bool:
    """Whether a text tells of years long past, as an encyclopedia does: it states many, and few days of the week."""
    codes = letters()
    years = sorted(int(word) for word, code in zip(words.words, words.codes, strict=True) if code == codes["year"])
    if len(years) < 6 or abs(published.year - years[len(years) // 2]) < (3 if len(years) < 20 else 1):
        return False
    return 3 * sum(words.codes.count(codes[name]) for name in ("weekday", "today")) < len(years)


_NEAR, _REACH = 10, 18  # words
_DETERMINERS = frozenset("a an the his her its their our my this that these those any some all two three".split())
_ENDS = frozenset('.?!;"”“')


def _tense(lower: tuple[str, ...], start: int, end: int) -> Tense:
    """Whether the nearest word that tells, before the expression and then after it, speaks of the past or the future."""
    for index in range(start - 1, max(-1, start - _REACH), -1):
        word = lower[index]
        if word in _ENDS and not (word == "." and index and len(lower[index - 1]) <= 4):
            break
        if start - index >= _NEAR and word not in ("will", "shall"):
            continue  # far off, other verbs are those of other clauses
        if word in cues("future_cues"):
            # "had been due", "was scheduled": ahead then, not now.
            return "past" if lower[index - 1] in ("was", "were", "been", "originally") and index else "future"
        if word == "to" and lower[index - 1 : index] in (("is",), ("are",), ("set",), ("due",)):
            return "future"
        if word == "as" and lower[index - 1 : index] in (("soon",), ("early",)):
            return "future"
        if word == "until" and index == start - 1 and {"has", "have", "is", "are"} & set(lower[max(0, index - _REACH) : index]):
            return "future"  # a term that is still running
        if is_past(word) and index and lower[index - 1] in _DETERMINERS and index + 1 < start:
            continue  # "a captured pilot": no verb
        # "will be held" tells its tense further back.
        if (is_past(word) and lower[index - 1 : index] != ("be",)) or (word == "since" and index == start - 1):
            return "past"
    for word in lower[end : end + 12]:
        if word in _ENDS:
            break
        if word in ("will", "shall", "plans", "plan"):
            return "future"
        if is_past(word):
            return "past"
    return ""


def _landmark(rule: str, lower: tuple[str, ...], words: Words, start: int, end: int, published: date | None) -> Reading | None:
    """ "the Sept. 11 attacks": a day known by its date alone, whatever the year of the report."""
    if rule not in ("month_day", "day_month") or published is None or letters()["year"] in words.codes[start:end]:
        return None
    following = set(lower[end : end + 2])
    for landmark in vocabulary()["landmarks"].values():
        if following & set(landmark["words"].split()):
            day = date.fromisoformat(landmark["since"])
            reading = resolve(rule, lower[start:end], words.codes[start:end], Context(day, None, None, ""))
            if reading and reading.period and reading.period.first == day <= published:
                return Reading(make_day(day.year, day.month, day.day), how=f"known day, {landmark['since']}")
    return None


def _trimmed(words: Words, start: int, end: int) -> tuple[int, int]:
    """Leave out marks and small words that a rule took in at its edges."""
    codes = letters()
    while end - start > 1 and words.codes[start] in (
        codes["hyphen"],
        codes["dash"],
        codes["comma"],
        codes["between"],
        codes["from"],
    ):
        start += 1
    while end - start > 1 and words.codes[end - 1] in (codes["comma"], codes["of"], codes["hyphen"]):
        end -= 1
    return start, end


_JOIN = re.compile(r"\s*(?:-|–|—|to|through|until|till|and)\s*(?:the\s*)?\Z")
_OPENER = re.compile(r"\b(?:from|between)\s+(?:the\s*)?\Z", re.IGNORECASE)


def _joined(text: str, found: list[DateMention]) -> list[DateMention]:
    """Make one span of two dates with "from … to", "between … and" or a dash."""
    joined: list[DateMention] = []
    for mention in found:
        last = joined[-1] if joined else None
        if last is not None and (value := _run(text, last, mention)) is not None:
            joined[-1] = DateMention(
                span=(last.span[0], mention.span[1]),
                value=value,
                kind="date",
                why=f"{last.why}; to {mention.why}",
                timex=value,
                parts=(last, mention),
            )
        else:
            joined.append(mention)
    return joined


def _run(text: str, first: DateMention, last: DateMention) -> str | None:
    """The span from one date to another, where the words between say that it is one."""
    between = text[first.span[1] : last.span[0]]
    if first.kind != "date" or last.kind != "date" or first.value is None or last.value is None or not _JOIN.fullmatch(between):
        return None
    word = between.strip().partition(" ")[0]
    if word in ("-", "–", "—") and len(first.value) != len(last.value):
        return None
    if word in ("and", "to", "until", "till", "through") and not _OPENER.search(
        text[max(0, first.span[0] - 16) : first.span[0]]
    ):
        return None
    start, end = _edge(first.value, 0), _edge(last.value, 1)
    return f"{start}/{end}" if start < end else None


def _edge(value: str, side: int) -> str:
    """The first (0) or last (1) day of an ISO value."""
    part = value.split("/")[-1 if side else 0]
    if len(part) == 10:
        return part
    year, month = int(part[:4]), (int(part[5:7]) if len(part) == 7 else (12 if side else 1))
    if not side:
        return f"{year:04d}-{month:02d}-01"
    following = date(year + (month == 12), month % 12 + 1, 1) if year < 9999 else date(9999, 12, 31)
    return date.fromordinal(following.toordinal() - 1).isoformat()
