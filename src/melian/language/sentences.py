"""Sentences of a text: boundaries chosen from candidates by a small linear model.

The model (a logistic regression over words, shapes, names, verbs and line lengths around a gap) was learned from UD English EWT
and the commercially usable genres of GUM, each also hard-wrapped, one paragraph a line and on one line.
"""

from __future__ import annotations

from melian.language.boundaries import View, learned
from melian.records import Span


def split_sentences(text: str, words: list[Span]) -> list[tuple[int, int]]:
    """Sentences as `[first, last)` word indices, covering all words in order.

    Args:
        text: any string.
        words: its words, as `split_words` finds them.
    """
    if not words:
        return []
    weights, common = learned()
    view = View(text, words, common)
    weight, last, kind = weights.get, view.last, view.kind
    bounds: list[tuple[int, int]] = []
    paragraph = first = 0
    for i in range(len(words)):
        if last[i] == i:
            bounds.append((first, i + 1))
            paragraph = first = i + 1
        elif (found := kind(i)) and sum([weight(f, 0) for f in view.features(i, found, paragraph, first)]) > 0:
            bounds.append((first, i + 1))
            first = i + 1
    return bounds
