"""What date expressions look like: words are sorted into classes, one letter each, and rules are patterns of classes.

A text becomes a string with one letter for each of its words and marks ("on Friday, Jan. 21" → on, weekday, comma,
short_month, dot, number), so the rules are short, run over a string a sixth as long as the text, and do not see line
breaks. Words of no class are a blank that no rule contains, which makes the scan skip them. The vocabulary is
`date_words.json`; its keys are the classes.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

# Classes that are recognised by their shape rather than listed.
_SHAPES = (
    *(
        "full",
        "feast",
        "yearspan",
        "decade",
        "clock",
        "ordinal",
        "quarter_code",
        "short_year",
        "currency",
        "year",
        "day_number",
    ),
    *("number", "comma", "dot", "hyphen", "dash", "slash", "open", "close", "s_mark"),
)

_MACROS: dict[str, str] = {
    "MONTH": "(month|short_month dot?|month_or_word)",
    "WEEKDAY": "(weekday|short_weekday dot?)",
    "DAY": "(day_number|ordinal)",
    "YEAR": "(year|short_year)",
    "RANGE": "(hyphen|dash|to|and|slash)",
    "UNIT": "(day|week|month_word|year_word|decade_unit|century|fortnight|quarter)",
    "NUMBER": "(day_number|number|number_word (hyphen? number_word)*)",
    "WRITTEN_YEAR": "number_word hyphen? number_word (hyphen? number_word)?",
    "COUNT": "(a? few of?|a? NUMBER ((to|or|hyphen|dash) NUMBER)? (and a half)?|(day_number hyphen?)? FRACTION|a additional?)",
    "FRACTION": "day_number slash day_number",
    "ABOUT": "(about|more than|at least)",
    "REL": "(last|past|previous|next|coming|following|this|that|same|latest)",
    "EDGE": "(the? edge (of|in)?|(early|late) (in|on|hyphen)?|mid hyphen?|ones)",
    "TAIL": "(comma? of? YEAR|comma? of? the? (last|this|next|that|same|following|previous) same? year_word|of the? year_word? WRITTEN_YEAR)",
}

# In order: at one place the first that fits wins, so the longer come first.
RULES: dict[str, str] = {
    "full": "(WEEKDAY open full close|(WEEKDAY comma?)? full)",
    "days_month": "(between|from)? the? DAY (of? MONTH)? RANGE the? DAY of? MONTH TAIL?",
    "month_days": "(between|from)? MONTH the? DAY RANGE the? (MONTH the?)? DAY TAIL?",
    "day_month": "(WEEKDAY comma? the?)? (the? part of)? the? DAY of? MONTH TAIL?",
    "month_day": "(WEEKDAY comma?)? (the? part of)? (last|next|this|past)? MONTH the? DAY TAIL?",
    "month_year": "EDGE? EDGE? MONTH TAIL",
    "month": "EDGE? (the? REL)? EDGE? MONTH",
    "clock": "(part of)? (clock ampm?|(DAY|number_word) (ampm|oclock ampm?)|noon) (zone zone?)? "
    "(comma? (on? WEEKDAY|today) (comma? MONTH DAY TAIL?)?|comma? on? MONTH DAY TAIL?)?",
    "part_of_weekday": "EDGE? (the? REL)? EDGE? WEEKDAY (part|noon)",
    "weekday": "EDGE? (the? REL coming?)? EDGE? WEEKDAY (of? REL week)?",
    "deictic": "(the day (before|after))? EDGE? today part?",
    "part_of_day": "EDGE? (this|that|last|the? (next|following|previous)|the|mid hyphen?) (early|late)? part",
    "season": "EDGE? (the? REL (past|coming)?)? EDGE? the? season "
    "(of? (WRITTEN_YEAR|YEAR ((hyphen|dash|slash) YEAR)?|yearspan|last year_word|this year_word|next year_word))?",
    "quarter": "the? (REL|fiscal|year_word s_mark)? (early|late)? fiscal? hyphen? (YEAR s_mark?)? "
    "fiscal? hyphen? ordinal_word hyphen? (quarter|half) "
    "(of? (the|this|last|next)? (fiscal|last)? (YEAR|year_word))?",
    "year_quarter": "(the? (last|final) quarter of YEAR|(REL|this) year_word s_mark ordinal_word (quarter|half)|quarter_code of? YEAR?|YEAR quarter_code)",
    "quarter_ago": "the? (quarter|period) a year_word (early|ago)",
    "year_ago_quarter": "the? year_word hyphen (early|ago) (ordinal_word? (quarter|half|period))?",
    "same_period": "the? same (quarter|period|month_word|week|day) "
    "(of? (the? (last|previous) year_word|YEAR)|a? year_word (ago|early|before)|the? year_word before)",
    "this_quarter": "(the (REL|year)? (quarter|period)|REL (quarter|period))",
    "weekend": "EDGE? (the|REL|the REL|this (past|coming)) weekend",
    "half": "the? (last|latter) half of (the|last|this|next)? fiscal? (YEAR|year_word)",
    "span": "(the? (last|past|next|coming|previous|following|these)|the? ordinal_word) "
    "(few of?|NUMBER (to|or) NUMBER|NUMBER) sort? (units|clock_unit)",
    "ago": "ABOUT? (COUNT (UNIT|units|clock_unit) (or so)?|units|year_word|clock_unit) "
    "(ago today?|early|late|before|hence|from present|ahead)",
    "duration": "ABOUT? ((the|its)? COUNT more? (hyphen? (UNIT|clock_unit)|sort? units|clock_unit) "
    "(and a half)? (hyphen? (old|long))?)",
    "spelled_year": "(the year_word)? WRITTEN_YEAR",
    "recent_units": "(the? (coming|recent|past) (units|clock_unit))",
    "set": "(each ordinal_word? (UNIT|weekday|part|month|clock_unit|season)|per UNIT|frequency|weekdays|weekends)",
    "relative_unit": "EDGE? EDGE? (the? REL|the) same? EDGE? fiscal? UNIT",
    "century": "(the? EDGE? (ordinal|ordinal_word) hyphen? century)",
    "decade": "(the? EDGE? decade|the EDGE? decade_word)",
    "years": "EDGE? (fiscal year_word?|the year_word)? year (hyphen|dash|slash) (year|day_number)",
    "yearspan": "yearspan",
    "year": "(the? EDGE)? (fiscal year_word?|the year_word)? YEAR",
    "year_end": "(year_word|month_word) (s_mark|hyphen)? edge",
    "overnight": "overnight",
    "present": "(right? present|these units)",
    "vague": "(ABOUT? vague|the near? (future|past)|the (near|brief) term)",
    "units": "units",
    "feast": "(REL|this)? feast (YEAR|comma YEAR)?",
}


@dataclass(frozen=True, slots=True)
class Words:
    """A text's words and marks: lower-cased words, their spans, and one class letter for each, joined in `codes`."""

    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    codes: str


@cache
def vocabulary() -> dict[str, Any]:
    """The word lists of `date_words.json`, class by class."""
    table: dict[str, Any] = json.loads(files(__package__).joinpath("date_words.json").read_text(encoding="utf-8"))
    return table


@cache
def letters() -> dict[str, str]:
    """The letter that stands for each class in `Words.codes`; a blank stands for every other word."""
    listed = [name for name, words in vocabulary().items() if isinstance(words, dict) and name not in ("feasts", "landmarks")]
    return {name: chr(0x100 + index) for index, name in enumerate((*listed, *_SHAPES))}


@cache
def _listed() -> dict[str, str]:
    codes = letters()
    return {word: codes[name] for name in codes if name not in _SHAPES for word in vocabulary()[name]}


@cache
def _token() -> re.Pattern[str]:
    feasts = "|".join(
        re.escape(name.title().replace("'S", "'s")).replace(r"\ ", r"\s+").replace("'", "['’]?")
        for name in sorted(vocabulary()["feasts"], key=len, reverse=True)
    )
    return re.compile(
        r"[a-z]{2,}(?![\w'’])"  # most words: tried first, for speed
        rf"|(?P<feast>(?:{feasts})(?![\w/]))"
        r"|(?P<ampm>(?<=[\d\s])[apAP]\.\s?[mM]\.?(?!\w))"
        r"|(?P<quarter_code>[QH][1-4](?!\w))"
        r"|[oO]['’]clock|[^\W\d_]+"
        r"|(?P<full>(?<![\w.,/-])(?:\d{4}-\d\d?-\d\d?|\d{4}/\d\d?/\d\d?|\d\d?/\d\d?/(?:\d{4}|\d\d)|\d\d?-\d\d?-\d{4}|\d\d?\.\d\d?\.\d{4})(?:T[\d:.]+Z?)?(?![\w/-]))"
        r"|(?P<yearspan>(?<![\w.,/-])(?:1[5-9]|20)\d\d[-–/](?:[3-9]\d|1[3-9]|2\d)(?![\w/-]))"
        r"|(?P<decade>(?:1\d|20)\d0['’]?s(?!\w)|['’]?[2-9]0s(?!\w))"
        r"|(?P<clock>(?<![\d:])[0-2]?\d:[0-5]\d(?::\d\d)?(?:\s?hrs)?(?![\d:]))"
        r"|(?P<ordinal>\d\d?(?:st|nd|rd|th)(?!\w))"
        r"|(?P<currency>[$€£¥₤#]\s?\d[\d.,]*|\d[\d.,]*%|\d+(?:[.,]\d+)*[A-Za-z][\w-]*)"
        r"|(?P<short_year>(?<!\w)['’‘]\d\d(?!\w))"
        r"|(?P<s_mark>['’]s?(?!\w))"
        r"|\d+(?:[.,]\d+)*|\S"
    )


_MARKS = {",": "comma", ".": "dot", "-": "hyphen", "–": "dash", "—": "dash", "/": "slash", "(": "open", ")": "close"}


@lru_cache(maxsize=65536)
def _letter(word: str) -> str:
    """The class of a word that no named shape matched."""
    codes = letters()
    if word[0].isdecimal():
        if not word.isdecimal():
            return codes["number"] if re.fullmatch(r"\d{1,3}\.\d", word) else " "
        if len(word) > 4:
            return " "
        value = int(word)
        if len(word) == 4 and 1000 <= value <= 2099:
            return codes["year"]
        if len(word) <= 2 and 1 <= value <= 31:
            return codes["day_number"]
        return codes["number"] if len(word) <= 3 and value else " "
    if word in _MARKS:
        return codes[_MARKS[word]]
    lower = word.lower()
    code = _listed().get(lower, " ")
    # Lower-case "may", "march", "august", "sun" and the like are words of the language, not of the calendar.
    if word == lower and (lower == "august" or code in (codes["month_or_word"], codes["short_month"], codes["short_weekday"])):
        return " "
    return code


def split(text: str) -> Words:
    """Sort the words of a text into classes."""
    codes = letters()
    found = list(_token().finditer(text))
    words = tuple(match[0] for match in found)
    return Words(
        words,
        tuple(match.start() for match in found),
        tuple(match.end() for match in found),
        "".join(
            [codes[match.lastgroup] if match.lastgroup else _letter(word) for match, word in zip(found, words, strict=True)]
        ),
    )


def _compile(pattern: str) -> str:
    """A rule in class names as a regular expression over class letters."""
    codes = letters()

    def name(match: re.Match[str]) -> str:
        word = match[0]
        return f"(?:{_compile(_MACROS[word])})" if word in _MACROS else codes[word]

    # A class name may stand for any number: "year" is also the class of a four-digit number.
    return re.sub(r"\((?!\?)", "(?:", re.sub(r"[A-Za-z_]+", name, pattern).replace(" ", ""))


def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of class names, to be matched with `Words.codes`."""
    return re.compile(_compile(pattern))


@cache
def rules() -> re.Pattern[str]:
    """All rules as one alternation over `Words.codes`; the last group's name is the rule."""
    return re.compile("|".join(f"(?P<{name}>{_compile(pattern)})" for name, pattern in RULES.items()))


@cache
def runs() -> re.Pattern[str]:
    """The stretches of classed words that can hold an expression: the cheap sieve before `rules`."""
    helpers = vocabulary()["helpers"].split()
    cores = "".join(letter for name, letter in letters().items() if name not in helpers)
    return re.compile(f"[^ {cores}]*[{cores}][^ ]*")
