"""Event type given the two parties: what the source does to the target in one sentence (PLOVER's question).

The two parties are marked in the encoder's input. A head trained on coded reports gives each type a score; a linear layer over the
sentence's vector, fitted on labelled pairs (`training/pair_layer.py`), corrects it. Both are small enough to explain: `scores` are
probabilities over the sixteen types and `none`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from melian.codebook import event_types
from melian.errors import MentionNotFound, ModelError
from melian.language.encoder import Encoder, default_encoder
from melian.language.tokens import split_sentences, split_words
from melian.language.windows import arrays, shape
from melian.records import Span

NONE = "none"
_UNSURE = 0.4  # a best type less likely than this is given with a note
_MOST_PIECES = 500  # the encoder reads 512
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


def classify(
    sentence: str,
    source: str | Span,
    target: str | Span,
    convention: Literal["plv", "codebook"] = "plv",
    encoder: Encoder | None = None,
) -> PairType:
    """The type of event by which the source acts on the target.

    Args:
        sentence: a sentence (or a few) in English.
        source, target: words of the sentence (their first occurrence), or `[start, end)` character spans.
        convention: "plv" codes as the field's labelled pairs (PLV) do, where sanctions that are imposed are COERCE and SANCTION is
            kept for relations cut; "codebook" leaves that correction out, and sanctions are SANCTION.
        encoder: a model other than the package's own.

    Raises:
        MentionNotFound: the source or target does not stand in the sentence, or too far from the other.
        ModelError: the language model cannot be loaded.
    """
    types = (*event_types(), NONE)
    logits = pair_features(sentence, source, target, encoder)
    layer = _layer() if convention == "plv" else np.zeros_like(_layer())
    chances = pair_chances(logits[None, : len(types)], logits[None, len(types) :], layer)[0]
    order = np.argsort(-chances, kind="stable")
    best = types[int(order[0])]
    why = [f"model: {best} {chances[order[0]]:.2f}, {types[int(order[1])]} {chances[order[1]]:.2f}"]
    if chances[order[0]] < _UNSURE:
        why.append("unsure: no type is likely; read the sentence")
    return PairType(None if best == NONE else best, {types[int(i)]: float(chances[i]) for i in order}, tuple(why))


def pair_chances(scores: Floats, vectors: Floats, layer: Floats) -> Floats:
    """Probabilities of types and none, (sentences, 17): whether there is an event the head says, of which type the layer as well.

    The labelled pairs that the layer was fitted on all have an event, so it has nothing to say on none.
    """
    chances = np.exp(scores - scores.max(-1, keepdims=True))
    chances /= chances.sum(-1, keepdims=True)
    corrected = scores[:, :-1] + np.concatenate([vectors, np.ones((len(vectors), 1))], 1) @ layer[:-1].T
    types = np.exp(corrected - corrected.max(-1, keepdims=True))
    types *= (1 - chances[:, -1:]) / types.sum(-1, keepdims=True)
    return np.concatenate([types, chances[:, -1:]], 1)


def pair_features(sentence: str, source: str | Span, target: str | Span, encoder: Encoder | None = None) -> Floats:
    """Scores of the pair head (types, none), then the sentence's vector, the words weighted as in the head's vote."""
    encoder = encoder or default_encoder()
    spans = split_words(sentence)
    marks = [0] * len(spans)
    parties = [
        (number, role, _find(sentence, spans, role, party))
        for number, (role, party) in enumerate((("source", source), ("target", target)), 1)
    ]
    for number, _, (start, end) in sorted(parties, key=lambda p: p[2][0] - p[2][1]):  # the one inside the other comes last
        marks = [number if a < end and b > start else mark for mark, (a, b) in zip(marks, spans, strict=True)]
    for number, role, (start, end) in parties:
        if number not in marks:
            raise MentionNotFound(f"the {role} {sentence[start:end]!r} has no word of its own in the sentence")
    forms = [sentence[a:b] for a, b in spans]
    pieces = [encoder.pieces(form) for form in forms]
    first, last = _readable(pieces, marks)
    bounds = [(max(a, first), min(b, last)) for a, b in split_sentences(sentence, spans) if a < last and b > first]
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


def _find(sentence: str, spans: list[Span], role: str, party: str | Span) -> Span:
    """Character span of a party, whole words only. Raises MentionNotFound."""
    if isinstance(party, str):
        starts, ends = {a for a, _ in spans}, {b for _, b in spans}
        at = sentence.find(party) if party.strip() else -1
        while at >= 0:
            if at in starts and at + len(party) in ends:
                return at, at + len(party)
            at = sentence.find(party, at + 1)
        raise MentionNotFound(f"the {role} {party!r} does not stand in the sentence; give its words as they are written there")
    start, end = party
    if not 0 <= start < end <= len(sentence):
        raise MentionNotFound(f"the {role} span [{start}, {end}) lies outside the sentence of {len(sentence)} characters")
    return start, end


def _readable(pieces: list[tuple[int, ...]], marks: list[int]) -> tuple[int, int]:
    """Words `[first, last)` around both parties that the encoder can read at one go: a word more costs its pieces and, at worst, the
    separator of a sentence. Raises MentionNotFound where the parties stand too far apart."""
    costs = [len(piece) + 1 for piece in pieces]
    marked = [i for i, mark in enumerate(marks) if mark]
    first, last = marked[0], marked[-1] + 1
    size = sum(costs[first:last])
    if size > _MOST_PIECES:
        raise MentionNotFound("source and target stand too far apart to be read together; give the sentence that has both")
    grown = True
    while grown:
        grown = False
        for at in (first - 1, last):
            if 0 <= at < len(costs) and size + costs[at] <= _MOST_PIECES:
                first, last, size, grown = min(first, at), max(last, at + 1), size + costs[at], True
    return first, last


@cache
def _layer() -> Floats:
    """The linear correction, (types and none; vector and a constant)."""
    file = files("melian.coding").joinpath("pair_layer.npy")
    if not file.is_file():
        raise ModelError(f"{file} is missing; install the package again, or make it with python -m training.pair_layer")
    with file.open("rb") as stream:
        return np.asarray(np.load(stream, allow_pickle=False), np.float64)
