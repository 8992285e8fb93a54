"""The best sequence of begin, inside and outside tags that a row of scores a word allows (Viterbi 1967)."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def best_tags(scores: Floats, labels: tuple[str, ...]) -> list[str]:
    """A label for every word.

    Args:
        scores: (words, labels), one word at least.
        labels: "O", "B-x", "I-x" …; `I-x` continues only `B-x` or `I-x`.
    """
    allowed = _transitions(labels)
    total = scores[0] + np.array([-np.inf if label.startswith("I-") else 0.0 for label in labels])
    back = []
    for row in scores[1:]:
        steps = total[:, None] + allowed
        back.append(steps.argmax(0))
        total = steps.max(0) + row
    path = [int(total.argmax())]
    for pointers in reversed(back):
        path.append(int(pointers[path[-1]]))
    return [labels[number] for number in reversed(path)]


@cache
def _transitions(labels: tuple[str, ...]) -> Floats:
    """0 where the second label may follow the first, -inf where it may not."""
    return np.array([[-np.inf if b.startswith("I-") and a[2:] != b[2:] else 0.0 for b in labels] for a in labels])
