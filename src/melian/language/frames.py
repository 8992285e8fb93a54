"""PropBank arguments of a predicate, as spans: the best sequence of begin, inside and outside tags that the model's scores allow."""

from __future__ import annotations

from functools import cache

import numpy as np

from melian.language.parse import Parse


def arguments(parse: Parse, predicate: int) -> list[tuple[str, int, int]]:
    """Arguments `(label, first, last)` of a predicate within its sentence, words `[first, last)`, in order.

    Args:
        parse: a parse that was read with the output `frames`.
        predicate: index of its word.
    """
    first, last = parse.sentences[parse.sentence_of[predicate]]
    offset, scores = parse.pair("frames", predicate)
    labels = parse.labels.columns["frames"]
    rows = scores[:, first - offset : last - offset].T.astype(np.float64)
    allowed = _transitions(labels)
    best = rows[0] + np.where([label.startswith("I-") for label in labels], -np.inf, 0.0)
    back = []
    for row in rows[1:]:
        step = best[:, None] + allowed
        back.append(step.argmax(0))
        best = step.max(0) + row
    path = [int(best.argmax())]
    for pointers in reversed(back):
        path.append(int(pointers[path[-1]]))
    out: list[tuple[str, int, int]] = []
    for i, number in enumerate(reversed(path)):
        label = labels[number]
        if label.startswith("B-"):
            out.append((label[2:], first + i, first + i + 1))
        elif label.startswith("I-"):
            out[-1] = (*out[-1][:2], first + i + 1)
    return out


@cache
def _transitions(labels: tuple[str, ...]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """0 where the second label may follow the first, -inf where it may not: `I-x` continues only `B-x` or `I-x`."""
    return np.array([[-np.inf if b.startswith("I-") and a[2:] != b[2:] else 0.0 for b in labels] for a in labels])
