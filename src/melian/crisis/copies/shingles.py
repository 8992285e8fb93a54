"""A text as its runs of words, and the few of them that are kept to find other texts by.

Runs of words ("shingles", Broder 1997, On the resemblance and containment of documents) are compared as 64-bit hashes. Of these,
*winnowing* (Schleimer, Wilkerson and Aiken 2003, Winnowing: local algorithms for document fingerprinting) keeps the least of
each window: two texts that share a passage of `RUN + WINDOW - 1` words are sure to share a fingerprint. This was chosen over MinHash
with bands since it also finds a short text within a long one, where the resemblance of the two as wholes is small, and since
what it keeps grows with the text and not with the accuracy wanted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

RUN = 4
"""Words in a run."""
WINDOW = 20
"""Runs in a window; texts of less than `SHORT` words have windows of `SHORT_WINDOW`. What a wide window keeps a narrow one keeps
too, so texts of any lengths can be compared."""
SHORT, SHORT_WINDOW = 120, 8

_WORD = re.compile(r"\w+")
_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))

Hashes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True, eq=False)
class Shingled:
    """A text as runs of words.

    Attributes:
        length: words in the text.
        words: hash of all words in order.
        runs: hash of each run, in order.
        distinct: the same without repetitions, ascending.
    """

    length: int
    words: int
    runs: Hashes
    distinct: Hashes


def shingled(text: str) -> Shingled:
    """The runs of words of a text; case, punctuation and line breaks do not count."""
    words = _WORD.findall(text.lower())
    hashed = np.fromiter(map(_word, words), np.uint64, len(words))
    runs = _runs(hashed)
    return Shingled(len(words), _all(hashed), runs, np.unique(runs))


def prints(text: Shingled) -> list[int]:
    """The fingerprints of a text: 32-bit hashes, ascending; none for a text of less than a run of words."""
    window = min(SHORT_WINDOW if text.length < SHORT else WINDOW, len(text.runs))
    if not window:
        return []
    least = np.lib.stride_tricks.sliding_window_view(text.runs, window).min(axis=1)
    return [int(each) for each in np.unique(least >> np.uint64(32))]


@lru_cache(1 << 16)
def _word(word: str) -> int:
    return crc32(word.encode("utf-8", "surrogatepass"))


def _runs(words: Hashes) -> Hashes:
    if len(words) < RUN:
        return np.empty(0, np.uint64)
    mixed = np.zeros(len(words) - RUN + 1, np.uint64)
    for place in range(RUN):
        mixed = _mixed(mixed + words[place : place + len(mixed)])
    return mixed


def _all(words: Hashes) -> int:
    """One hash of a sequence: each word mixed with its place, summed."""
    places = np.arange(len(words), dtype=np.uint64) << np.uint64(32)
    return int(_mixed(_mixed(words + places).sum(dtype=np.uint64, keepdims=True))[0])


def _mixed(values: Hashes) -> Hashes:
    """Spread the bits of each value over all 64 (the finaliser of SplitMix64)."""
    values = values + _MIX[0]
    values = (values ^ (values >> np.uint64(30))) * _MIX[1]
    values = (values ^ (values >> np.uint64(27))) * _MIX[2]
    return values ^ (values >> np.uint64(31))
