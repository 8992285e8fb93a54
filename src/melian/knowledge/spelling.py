"""One spelling for many: the keys under which names are stored and looked up.

`normalise` undoes what typography and house style change (accents, hyphens, apostrophes, full stops, possessives);
`fold` also undoes what transliteration changes (Sergei, Sergey; Zelensky, Zelenskyy; Qasim, Kassim) and is only safe
for names of two words or more, or long surnames.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

_LETTERS = str.maketrans({
    "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe",
    "Œ": "Oe", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ə": "a", "Ə": "A", "ħ": "h", "Ħ": "H", "ʿ": "", "ʾ": "",
    "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "ʻ": "'", "&": " and ",
})  # fmt: skip
_POSSESSIVE = re.compile(r"('s|')$", re.IGNORECASE)
_PLURAL_POSSESSIVE = re.compile(r"(?<=s)'(?=\s)")
_DROPPED = re.compile(r"[.']")
_SPACED = re.compile(r"[^0-9a-z]+")

# What transliterations of Cyrillic, Arabic, Persian and Hindi names disagree on, in the order of application.
_FOLDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        (r"\b(al|el|ul|ad|as|ash|ar|an) ", ""),
        (r"sch", "sh"),
        (r"tch", "ch"),
        (r"dzh|dj", "j"),
        (r"kh", "h"),
        (r"gh", "g"),
        (r"ph", "f"),
        (r"th", "t"),
        (r"ck|q", "k"),
        (r"ks", "x"),
        (r"oo|ou", "u"),
        (r"ee", "i"),
        (r"\b[yi]e", "e"),
        (r"(?:iy|ij|yi|yy|ey|ei|ii|y|i)+", "i"),
        (r"iev\b", "ev"),
        (r"io", "o"),
        (r"(.)\1+", r"\1"),
    )
)


def plain(text: str) -> str:
    """Text with accents and special letters reduced to ASCII letters, apostrophes made straight; case is kept."""
    if text.isascii():
        return text.replace("&", " and ").replace("`", "'")
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@lru_cache(maxsize=1 << 16)
def normalise(name: str) -> str:
    """The key of a name: ASCII, lower case, single spaces; no accents, hyphens, apostrophes, stops, possessive, "the"."""
    text = _PLURAL_POSSESSIVE.sub("", _POSSESSIVE.sub("", plain(name).strip()))
    key = _SPACED.sub(" ", _DROPPED.sub("", text.lower())).strip()
    return key[4:] if key.startswith("the ") else key


def fold(key: str, given: Mapping[str, str]) -> str:
    """A coarser key that transliterations of one name share.

    Args:
        key: a normalised name.
        given: variants of given names to the form that stands for them all ("aleksandr" to "alexander").
    """
    key = " ".join(given.get(word, word) for word in key.split(" "))
    for pattern, by in _FOLDS:
        key = pattern.sub(by, key)
    return key


def is_capitalised(surface: str) -> bool:
    """Whether any letter is upper case, as in a name."""
    return surface != surface.lower()


def is_acronym(surface: str) -> bool:
    """Whether it is written as an acronym: capitals throughout ("US", "U.N.", "G7"), or mostly in a short word ("LeT", "MoD").

    A possessive or plural ending does not count.
    """
    letters = [letter for letter in re.sub(r"['’]?s$", "", surface) if letter.isalpha()]
    capitals = sum(letter.isupper() for letter in letters)
    return bool(letters) and (capitals == len(letters) or (capitals >= 2 and len(letters) <= 4))
