"""Windows: runs of whole sentences that the encoder reads at one go, and their arrays.

A sentence is read together with those before it, so that a pronoun meets its name and a quotation its speaker. Every word is
given by the position of its first piece; a separator closes each sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from melian.language.wordpieces import SEPARATOR, START

MOST_PIECES = 190
CONTEXT_PIECES = 48
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Window:
    """Sentences `[context, first)` are read for context only, `[first, last)` are what the window is read for."""

    context: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class WindowArrays:
    """Inputs of the encoder for one window: pieces, shapes and marks (T), first-piece positions and sentence numbers (W)."""

    pieces: Ints
    shapes: Ints
    positions: Ints
    sentences: Ints
    marks: Ints


def pack(sizes: Sequence[int], most: int = MOST_PIECES, context: int = CONTEXT_PIECES) -> list[Window]:
    """Cut a document's sentences into windows.

    Args:
        sizes: wordpieces of each sentence, its separator counted.
        most: wordpieces of a window, context included; a longer sentence has a window of its own.
        context: wordpieces that may be spent on sentences before the window's first.
    """
    windows: list[Window] = []
    first = 0
    while first < len(sizes):
        start, spent = first, 0
        while start > 0 and sizes[first] <= most and spent + sizes[start - 1] <= context:
            start -= 1
            spent += sizes[start]
        last, total = first, spent
        while last < len(sizes) and (last == first or total + sizes[last] <= most):
            total += sizes[last]
            last += 1
        windows.append(Window(start, first, last))
        first = last
    return windows


SHAPES = 10


def shape(word: str) -> int:
    """What the uncased encoder cannot see: 1 lower, 2 Title, 3 UPPER, 4 single capital, 5 Mixed, 6 digits, 7 digits in a word,
    8 punctuation, 9 dotted capitals; 0 is kept for separators and padding."""
    if word.islower():
        return 1 if word.isalpha() else 7 if any(c.isdigit() for c in word) else 1
    if word.isdigit() or (word[0].isdigit() and not any(c.isalpha() for c in word)):
        return 6
    if word.isupper():
        if "." in word:
            return 9
        return 4 if len(word) == 1 else 3
    if word.istitle():
        return 2
    if any(c.isalpha() for c in word):
        return 5 if not any(c.isdigit() for c in word) else 7
    return 8


def arrays(
    pieces: Sequence[Sequence[tuple[int, ...]]],
    shapes: Sequence[Sequence[int]],
    marks: Sequence[Sequence[int]] | None = None,
) -> WindowArrays:
    """Encoder inputs of a window from its sentences' words: piece ids and shape of each word, and where two parties are marked
    the mark of each (1 source, 2 target, 0 neither)."""
    ids, forms, positions, sentences, marked = [START], [0], [], [], [0]
    for number, sentence in enumerate(pieces):
        for i, (word, form) in enumerate(zip(sentence, shapes[number], strict=True)):
            positions.append(len(ids))
            sentences.append(number)
            ids.extend(word)
            forms.extend([form] * len(word))
            marked.extend([marks[number][i] if marks else 0] * len(word))
        ids.append(SEPARATOR)
        forms.append(0)
        marked.append(0)
    return WindowArrays(*(np.array(row, np.int64) for row in (ids, forms, positions, sentences, marked)))
