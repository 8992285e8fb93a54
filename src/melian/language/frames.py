"""PropBank arguments of a predicate, as spans."""

from __future__ import annotations

import numpy as np

from melian.language.parse import Parse
from melian.language.tagging import best_tags


def arguments(parse: Parse, predicate: int) -> list[tuple[str, int, int]]:
    """Arguments `(label, first, last)` of a predicate within its sentence, words `[first, last)`, in order.

    Args:
        parse: a parse that was read with the output `frames`.
        predicate: index of its word.
    """
    first, last = parse.sentences[parse.sentence_of[predicate]]
    offset, scores = parse.pair("frames", predicate)
    tags = best_tags(scores[:, first - offset : last - offset].T.astype(np.float64), parse.labels.columns["frames"])
    out: list[tuple[str, int, int]] = []
    for i, tag in enumerate(tags, first):
        if tag.startswith("B-"):
            out.append((tag[2:], i, i + 1))
        elif tag.startswith("I-"):
            out[-1] = (*out[-1][:2], i + 1)
    return out
