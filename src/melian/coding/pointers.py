"""What the model points at from a mention: whom it acts for, whom it stands for, where it begins and ends."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from melian.language import Parse


def principal_votes(parse: Parse, head: int, ids: Mapping[int, str]) -> tuple[dict[str, float], float]:
    """Chances of each principal for a mention, and of none in reach.

    Args:
        parse: the document.
        head: top word of the mention.
        ids: principal of each mention whose own words say it, by its top word.

    Returns:
        probabilities by principal (of all mentions of it together), and that the mention names its principal itself or that
        nobody near does.
    """
    offset, scores = parse.pair("principal", head)
    row = scores[0].astype(np.float64)
    near = {word - offset: name for word, name in ids.items() if 0 <= word - offset < len(row) and word != head}
    columns = [head - offset, *near]
    chances = np.exp(row[columns] - row[columns].max())
    chances /= chances.sum()
    votes: dict[str, float] = {}
    for chance, name in zip(chances[1:], near.values(), strict=True):
        votes[name] = votes.get(name, 0.0) + float(chance)
    return votes, float(chances[0])


def member_chances(parse: Parse, head: int, others: list[int]) -> dict[int, float]:
    """For each other mention's top word in reach, the probability that a plural mention stands for it (among others)."""
    offset, scores = parse.pair("members", head)
    row = scores[0].astype(np.float64)
    return {word: float(1 / (1 + np.exp(-row[word - offset]))) for word in others if 0 <= word - offset < len(row)}


def extent(parse: Parse, head: int) -> tuple[int, int]:
    """Words `[first, last)` of the mention under a head: the model's best ends around it within its sentence."""
    a, b = parse.sentences[parse.sentence_of[head]]
    offset, scores = parse.pair("mention_extent", head)
    first = a + int(scores[0][a - offset : head + 1 - offset].argmax())
    last = head + int(scores[1][head - offset : b - offset].argmax())
    while first < head and parse.upos[first] == "PUNCT" and parse.forms[first] in (",", ";", ":"):
        first += 1
    while last > head and parse.upos[last] == "PUNCT" and parse.forms[last] in (".", ",", ";", ":"):
        last -= 1
    return first, last + 1
