"""Texts as words to search by, the same way for reports and for questions.

A word is folded: small letters, no accents, no possessive 's, without the dots of "U.S." and the commas of "100,000". Words that stand
in nearly every report are not indexed, unless they are in capitals: the WHO and the US are parties, who and us are not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

import msgspec

LONGEST = 60
"""Characters of a word; what is longer (a key, a broken link) is not indexed."""

# Initials with dots, numbers with commas and decimals, words with apostrophes in them.
_WORD = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]\b\.?|\d+(?:[.,]\d+)+|[^\W_]+(?:['’][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’][sS]$")
_DROPPED = str.maketrans("", "", "'’,")
_VOWEL = re.compile(r"[aeiouy]")
_SHORT = re.compile(r"[^aeiou]*[aeiouy][^aeiouwxy]")  # what a last e belongs to: "fir(e)", "min(e)", not "forc(e)"


class Word(NamedTuple):
    """A word of a text: where it stands, and what it is folded to."""

    start: int
    stop: int
    folded: str
    common: bool


def words(text: str) -> Iterator[Word]:
    """The words of a text in order; `common` ones are not in the index."""
    for found in _WORD.finditer(text):
        yield Word(found.start(), found.end(), *_read(found.group()))


def folded(word: str) -> str:
    """A word as the index has it."""
    return _read(word)[0]


def asked_for(word: str) -> bool:
    """Whether a common word is one that people type in small letters and mean a name ("us")."""
    return word in _lists().asked_in_small_letters


@lru_cache(1 << 16)
def stem(word: str) -> str:
    """What the forms of a folded word have in common: plural, past and -ing endings are taken off, and irregular forms led back.

    Lighter than Porter's (1980, An algorithm for suffix stripping), whose first step it follows: "sanctions" and "sanctioned" meet,
    "nation" and "national" do not.
    """
    word = _lists().forms.get(word, word)
    if len(word) < 3 or not word.isalpha() or word in _lists().whole:
        return word
    if word.endswith(("ies", "ied")):
        word = word[:-1] if len(word) == 4 else word[:-3] + "y"
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us")):
        word = word[:-1]
    for ending in ("ed", "ing"):
        root = word.removesuffix(ending)
        if root != word and _VOWEL.search(root) and not word.endswith("eed"):
            word = root + "e" if _SHORT.fullmatch(root) else root
    if word.endswith("e") and len(word) > 3 and not _SHORT.fullmatch(word[:-1]):
        word = word[:-1]
    if len(word) > 2 and word[-1] == word[-2] and word[-1] not in "aeiou":
        word = word[:-1]
    return word[:-1] + "i" if len(word) > 2 and word.endswith("y") and word[-2] not in "aeiou" else word


@lru_cache(1 << 16)
def _read(word: str) -> tuple[str, bool]:
    bare = _POSSESSIVE.sub("", word).translate(_DROPPED)
    initials = "." in bare and not bare[0].isdigit()
    if initials:
        bare = bare.replace(".", "")
    small = bare.lower()
    if not small.isascii():
        small = "".join(letter for letter in unicodedata.normalize("NFKD", small) if not unicodedata.combining(letter))
    named = initials or (len(bare) > 1 and bare.isupper())
    return small, small in _lists().stop and not named


class _Lists(msgspec.Struct, frozen=True):
    stop: frozenset[str]
    asked_in_small_letters: frozenset[str]
    whole: frozenset[str]
    forms: dict[str, str]


@cache
def _lists() -> _Lists:
    return msgspec.json.decode(files(__package__).joinpath("words.json").read_bytes(), type=_Lists)
