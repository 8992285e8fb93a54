"""What words say of a record: how like two texts are, whether a refusal names what it refuses, how probable and how soon a forecast is.

Words are kept as numbers, the high bits saying how telling a word is (see `rules.word_weights`); names of countries say nothing here, since
claims are compared between the same parties.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from datetime import date
from functools import cache, lru_cache
from math import sqrt

from melian.crisis.ledger.claiming.rules import probabilities, rules, word_weights
from melian.crisis.tellings import stems

Words = tuple[int, ...]

TELLS = 5
"""Least weight of common words that tie two texts to one matter."""

_MOST = 12
_UNKNOWN = 12  # weight of a word that is in no list: that of the rarest
_STEM = 6  # letters; see `tellings.stems`
_BITS = 20
_CLOSE = 6  # words between a word of refusal and the name of what was asked
_PERCENT = re.compile(r"(\d{1,3})(?:\s?%|\s?per\s?cent)\s+(?:chance|likelihood|probability|risk)", re.IGNORECASE)
# "walked the remark back", "corrected himself", "played that down": what is taken back stands between the words for it, or is understood.
_TAKEN_BACK = re.compile(
    r"\b(?:walk(?:ed|s)?|row(?:ed|s)?|took|takes?|dial(?:led|ed|s)?)\s+(?:\w+\s+){0,2}?"
    r"(?:remarks?|comments?|statements?|words|claims?|that|this|it)\s+back\b"
    r"|\bcorrect(?:ed|s)\s+(?:him|her|it|them)sel(?:f|ves)\b"
    r"|\bplay(?:ed|s)\s+(?:that|this|it|(?:the|his|her|their)\s+\w+)\s+down\b",
    re.IGNORECASE,
)
_MAY = re.compile(r"\bMay\b(?!\s+(?:be|have|not)\b)")  # the month
_NOT_FORESEEN = re.compile(
    r"(?:\bnot|n['’]t|\bnever|\bno longer)\s+(?:\w+\s+)?(?:expect|foresee|anticipate|predict|believe|think)\w*\s+(?:that\s+)?$",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"\b(?:will|would|shall|(?:is|are|was|were|be|been)\s+(?:\w+\s+)?(?:about|going|ready|set|preparing)\s+to|"
    r"plan(?:s|ned|ning)?|plot(?:s|ted|ting)?|inten(?:d(?:s|ed|ing)?|t|tions?)|prepar(?:es?|ed|ing|ations?)|aim(?:s|ed|ing)?|"
    r"seek(?:s|ing)?|sought|want(?:s|ed|ing)?|consider(?:s|ed|ing)?|contemplat(?:es?|ed|ing)|designs?)\b",
    re.IGNORECASE,
)
_NUMBERS = {name: n for n, name in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())}
_COUNTED = re.compile(
    rf"\b(?:within|in|next|coming|following)\s+(?:the\s+)?(?:next\s+|coming\s+)?(\d{{1,3}}|{'|'.join(_NUMBERS)})\s+(day|week|month|year)s?\b"
)
_UNCOUNTED = re.compile(
    r"\b(?:within|next|coming|following|matter of|few|several)\s+(?:the\s+)?(?:\w+\s+)?(hours?|days|weeks|months)\b"
)
_THIS = re.compile(r"\b(this|next)\s+(month|year)\b")
_UNIT = {"day": 1, "week": 7, "month": 31, "year": 366}
_VAGUE = {"hour": 2, "hours": 2, "days": 14, "weeks": 60, "months": 366}


@lru_cache(maxsize=65536)
def coded(text: str) -> Words:
    """The most telling words of a text, at most twelve, the most telling first; forms of one word are one."""
    found = {code for stem in stems(text) if (code := _code(stem))}
    return tuple(sorted(found, reverse=True)[:_MOST])


def forms(text: str) -> tuple[str, ...]:
    """All forms, cut to six letters, of the words of a text that tell something: other texts that share a word hold one of them."""
    return tuple(sorted({form for stem in stems(text) if _code(stem) for form in (*_family(stem), _singular(stem))}))


@lru_cache(maxsize=65536)
def _code(stem: str) -> int:
    """A stem as a number that all forms of its word share; 0 where it says nothing."""
    family = _family(stem)
    weight = min(word_weights().get(form, _UNKNOWN) for form in {*family, *(f"{form}s"[:_STEM] for form in family), stem})
    return weight << _BITS | zlib.crc32(family[0].encode()) % (1 << _BITS) if weight else 0


def _family(stem: str) -> tuple[str, ...]:
    return _families().get(stem) or _families().get(_singular(stem)) or (_singular(stem),)


def _singular(stem: str) -> str:
    return stem[:-1] if len(stem) > 3 and stem.endswith("s") and not stem.endswith(("ss", "us", "is")) else stem


@cache
def _families() -> dict[str, tuple[str, ...]]:
    return {stem: tuple(family) for family in rules()["families"] for stem in family}


def mass(words: Iterable[int]) -> int:
    """How much some words tell together."""
    return sum(word >> _BITS for word in words)


def likeness(some: Words, other: Words) -> float:
    """How far two texts say the same, 0 to 1: what their common words tell, over the geometric mean of what each tells.

    A single common word is never enough, except where it is all that one of them has.
    """
    common = set(some) & set(other)
    if not common or (len(common) < 2 and min(len(some), len(other)) > 1):
        return 0.0
    return mass(common) / sqrt(mass(some) * mass(other))


def tied(some: Iterable[int], other: Iterable[int]) -> bool:
    """Whether two texts have something telling in common."""
    return mass(set(some) & set(other)) >= TELLS


def names_what_it_refuses(words: str) -> bool:
    """Whether a refusal says what is refused.

    It does not where it has nothing but a word for what was asked ("rejected Moscow's demands"), or no word of content at all ("said no"); "rejected the
    demand that troops leave" does.
    """
    if speaks_of_what_was_asked(words):
        return bool(_asked_for_that().search(words))
    small = " ".join(word for word in words.split() if not word[:1].isupper())
    refusing = tuple(rules()["refusing"])
    return any(not stem.startswith(refusing) and not stem.endswith("ly") for stem in stems(small))


def speaks_of_what_was_asked(words: str) -> bool:
    """Whether words of a refusal name a demand, request or offer as the thing refused: close to the word of refusal."""
    told = words.lower().split()
    refusing = tuple(rules()["refusing"])
    at = [place for place, word in enumerate(told) if word.lstrip("\"“‘'").startswith(refusing)]
    named = [place for place, word in enumerate(told) if re.sub(r"\W+$", "", word) in _asked_for()]
    return any(abs(one - other) <= _CLOSE for one in at for other in named)


def speaks_of_several(words: str) -> bool:
    """Whether words of a refusal name demands in the plural."""
    return any(
        re.sub(r"\W+$", "", word) in _asked_for() and re.sub(r"\W+$", "", word).endswith("s") for word in words.lower().split()
    )


def turned_down(words: str) -> str:
    """ "demand" or "offer", where words of a refusal name the one and not the other; else nothing."""
    told = {re.sub(r"\W+", "", word) for word in words.lower().split()}
    found = [kind for kind, nouns in rules()["asked_as"].items() if not told.isdisjoint(nouns)]
    return str(found[0]) if len(found) == 1 else ""


def drops(words: str) -> bool:
    """Whether words tell that something is no longer asked for."""
    return bool(_phrases("dropping").search(words))


def in_part(words: str) -> bool:
    """Whether words tell of a part only ("some units returned")."""
    return bool(_phrases("part").search(words))


def corrects(sentence: str) -> bool:
    """Whether a sentence tells that earlier words are corrected ("walked back his remark")."""
    if _TAKEN_BACK.search(sentence):
        return True
    return bool(_phrases("correcting").search(sentence)) and bool(_phrases("corrected").search(sentence))


def not_foreseen(before: str) -> bool:
    """Whether the words before a forecast say that it is not expected ("do not expect a breakthrough")."""
    return bool(_NOT_FORESEEN.search(before))


def lies_ahead(words: str) -> bool:
    """Whether words speak of what is planned or to come ("has no plan to attack"), not of what was done."""
    return bool(_AHEAD.search(words))


def what_was_hit(words: str) -> str:
    """The words of an attack without those that would tell of any ("troops", "shelled"): it is known by what it hit, and where."""
    starts = (*rules()["conditions"]["ASSAULT"], *rules()["any_attack"])
    any_ = tuple(start[:_STEM] for start in starts)
    return " ".join(word for word in words.split() if not any(stem.startswith(any_) for stem in stems(word)))


def threatening(words: str) -> bool:
    """Whether words name a threat, a penalty or force."""
    starts = tuple(rules()["threatening"])
    return any(stem.startswith(starts) for stem in stems(words))


def goes_on(words: str) -> bool:
    """Whether words foresee that something goes on as it is ("the fighting will continue"): no single event makes that true."""
    return bool(_phrases("going_on").search(words))


def probability(words: str) -> float | None:
    """The probability that words of a forecast give, by Kent's table or as a percentage; None where they give none."""
    if percent := _PERCENT.search(words):
        return min(int(percent[1]), 100) / 100
    found = _estimates().search(_MAY.sub("", words))
    return probabilities()[found[0].lower()] if found else None


def horizon(words: str, day: int) -> int | None:
    """The last day that a forecast's words allow ("within weeks", "this year"), counted from the day that it was made."""
    small = words.lower()
    if counted := _COUNTED.search(small):
        number = int(counted[1]) if counted[1].isdigit() else _NUMBERS[counted[1]]
        return day + number * _UNIT[counted[2]]
    if uncounted := _UNCOUNTED.search(small):
        return day + _VAGUE[uncounted[1]]
    if this := _THIS.search(small):
        made = date.fromordinal(day)
        if this[2] == "year":
            return date(made.year + (this[1] == "next"), 12, 31).toordinal()
        month = made.month + 1 + (this[1] == "next")
        return date(made.year + (month - 1) // 12, (month - 1) % 12 + 1, 1).toordinal() - 1
    return None


@cache
def _phrases(table: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(map(re.escape, rules()[table])) + r")\b", re.IGNORECASE)


@cache
def _asked_for() -> frozenset[str]:
    return frozenset(rules()["asked_for"])


@cache
def _asked_for_that() -> re.Pattern[str]:
    nouns = "|".join(rules()["asked_for"])
    return re.compile(rf"\b(?:{nouns})\s+(?:that|to|for|of|on|about|over)\b", re.IGNORECASE)


@cache
def _estimates() -> re.Pattern[str]:
    longest = sorted(probabilities(), key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(map(re.escape, longest)) + r")\b", re.IGNORECASE)
