"""Event type given the two parties: what the source does to the target in one sentence (PLOVER's question).

The two parties are marked in the encoder's input. A head trained on coded reports gives each type a score; a linear layer over the
sentence's vector, fitted on labelled pairs (`training/pair_layer.py`), corrects it. Both are small enough to explain: `scores` are
probabilities over the sixteen types and `none`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from melian.codebook import event_types
from melian.errors import MentionNotFound
from melian.language.encoder import Encoder, default_encoder
from melian.language.tokens import split_sentences, split_words
from melian.language.windows import arrays, shape
from melian.records import Span

NONE = "none"
_UNSURE = 0.4  # a best type less likely than this is given with a note
_MOST_PIECES = 500
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PairType:
    """What the source does to the target.

    `type` is one of the codebook's sixteen or None where the sentence tells of no event between the two; `scores` are probabilities
    by type, `none` among them, likeliest first; `why` says what the reading rests on, and whether it is unsure.
    """

    type: str | None
    scores: dict[str, float]
    why: tuple[str, ...]


def classify(sentence: str, source: str | Span, target: str | Span, encoder: Encoder | None = None) -> PairType:
    """The type of event by which the source acts on the target.

    Args:
        sentence: a sentence (or a few) in English.
        source, target: words of the sentence (their first occurrence), or `[start, end)` character spans.
        encoder: a model other than the package's own.

    Raises:
        MentionNotFound: the source or target does not stand in the sentence.
        ModelError: the language model cannot be loaded.
    """
    types = (*event_types(), NONE)
    logits = pair_features(sentence, source, target, encoder)
    layer = _layer()
    total = logits[: len(types)] + (layer @ np.append(logits[len(types) :], 1.0) if layer is not None else 0.0)
    chances = np.exp(total - total.max())
    chances /= chances.sum()
    order = np.argsort(-chances, kind="stable")
    best = types[int(order[0])]
    why = [f"model: {best} {chances[order[0]]:.2f}, {types[int(order[1])]} {chances[order[1]]:.2f}"]
    if chances[order[0]] < _UNSURE:
        why.append("unsure: no type is likely; read the sentence")
    return PairType(None if best == NONE else best, {types[int(i)]: float(chances[i]) for i in order}, tuple(why))


def pair_features(sentence: str, source: str | Span, target: str | Span, encoder: Encoder | None = None) -> Floats:
    """Scores of the pair head (types, none), then the sentence's vector, the words weighted as in the head's vote."""
    encoder = encoder or default_encoder()
    spans = split_words(sentence)
    marks = [0] * len(spans)
    for number, (role, party) in enumerate((("source", source), ("target", target)), 1):
        start, end = _find(sentence, role, party)
        for i, (a, b) in enumerate(spans):
            if a < end and b > start and not marks[i]:
                marks[i] = number
    forms = [sentence[a:b] for a, b in spans]
    pieces = [encoder.pieces(form) for form in forms]
    first, last = _readable(pieces, marks)
    whole = (first, last) == (0, len(spans))
    bounds = split_sentences(sentence, spans) if whole else [(first, last)]
    window = arrays(
        [pieces[a:b] for a, b in bounds],
        [[shape(form) for form in forms[a:b]] for a, b in bounds],
        [marks[a:b] for a, b in bounds],
    )
    found = encoder.run(window, ("pair", "vectors"))
    rows, vectors = found["pair"].astype(np.float64), found["vectors"].astype(np.float64)
    weights = np.exp(rows[:, -1] - rows[:, -1].max())
    weights /= weights.sum()
    return np.concatenate([weights @ rows[:, :-1], weights @ vectors])


def _find(sentence: str, role: str, party: str | Span) -> Span:
    """Character span of a party. Raises MentionNotFound."""
    if isinstance(party, str):
        start = sentence.find(party) if party.strip() else -1
        if start < 0:
            raise MentionNotFound(f"the {role} {party!r} does not stand in the sentence; give its words as they are written there")
        return start, start + len(party)
    start, end = party
    if not 0 <= start < end <= len(sentence):
        raise MentionNotFound(f"the {role} span [{start}, {end}) lies outside the sentence of {len(sentence)} characters")
    return start, end


def _readable(pieces: list[tuple[int, ...]], marks: list[int]) -> tuple[int, int]:
    """Words `[first, last)` that the encoder can read at one go, around the marked ones where the text is too long."""
    if sum(map(len, pieces)) <= _MOST_PIECES // 2:
        return 0, len(pieces)
    marked = [i for i, mark in enumerate(marks) if mark]
    first = last = marked[0]
    size = 0
    while last < len(pieces) and size + len(pieces[last]) <= _MOST_PIECES // 2:
        size += len(pieces[last])
        last += 1
    while first > 0 and size + len(pieces[first - 1]) <= _MOST_PIECES - 40:
        first -= 1
        size += len(pieces[first])
    return first, last


@cache
def _layer() -> Floats | None:
    """The linear correction, (types and none; vector and a constant); None where the package was built without it."""
    file = files("melian.coding").joinpath("pair_layer.npy")
    if not file.is_file():
        return None
    with file.open("rb") as stream:
        return np.asarray(np.load(stream, allow_pickle=False), np.float64)
