"""Fit the linear layer of `melian.classify` on sentences with a marked source and target: `python -m training.pair_layer`.

The encoder is frozen and has not learned from these sentences, so that cross-validation of the layer (`benchmarks/event_types.py`) is
honest. PLOVER's 2018 root YIELD stands for two of the codebook's types, CONCEDE and RETREAT: either is right.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from melian.codebook import event_types
from melian.coding.pair_types import NONE, pair_features

Floats = NDArray[np.float64]
TYPES = (*event_types(), NONE)
ROOTS = {"YIELD": ("CONCEDE", "RETREAT")}
TARGET = Path(__file__).parents[1] / "src/melian/coding/pair_layer.npy"
STEPS, RATE, DECAY = 400, 0.02, 0.02


@dataclass(frozen=True, slots=True)
class MarkedSentence:
    """A sentence with character spans of its two parties and its PLOVER root and quad class."""

    text: str
    source: tuple[int, int]
    target: tuple[int, int]
    root: str
    quad: str


def read_marked(path: Path) -> list[MarkedSentence]:
    """Sentences of a PLV file (columns marked_sentence, root, quad)."""
    out = []
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            text, spans = row["marked_sentence"], {}
            plain = text
            for tag in ("s", "t"):
                for other in ("s", "t"):
                    if other != tag:
                        plain = text.replace(f"<{other}>", "").replace(f"</{other}>", "")
                start = plain.find(f"<{tag}>")
                end = plain.find(f"</{tag}>") - 3
                spans[tag] = (start, end)
            for mark in ("<s>", "</s>", "<t>", "</t>"):
                text = text.replace(mark, "")
            if min(spans["s"] + spans["t"]) >= 0 and spans["s"][0] < spans["s"][1] and spans["t"][0] < spans["t"][1]:
                out.append(MarkedSentence(text, spans["s"], spans["t"], row["root"], row["quad"]))
    return out


def features(sentences: Sequence[MarkedSentence]) -> Floats:
    """One row a sentence: the pair head's scores, then its vector and a constant."""
    rows = [np.append(pair_features(s.text, s.source, s.target), 1.0) for s in sentences]
    return np.stack(rows)


def allowed(sentences: Sequence[MarkedSentence]) -> NDArray[np.bool_]:
    """Which types are right for each sentence."""
    return np.array([[t in ROOTS.get(s.root, (s.root,)) for t in TYPES] for s in sentences])


def fit(rows: Floats, right: NDArray[np.bool_], decay: float = DECAY) -> Floats:
    """The layer (types, vector + 1): multinomial logistic regression that starts from the pair head's own scores.

    Weight decay pulls it to no correction at all; Adam, full batch, fixed steps, so that it is the same everywhere.
    """
    offset, inputs = rows[:, : len(TYPES)], rows[:, len(TYPES) :]
    spread = inputs[:, :-1].std(0) + 1e-6
    inputs = np.concatenate([inputs[:, :-1] / spread, inputs[:, -1:]], 1)
    layer = np.zeros((len(TYPES), inputs.shape[1]))
    first, second = np.zeros_like(layer), np.zeros_like(layer)
    for step in range(1, STEPS + 1):
        logits = offset + inputs @ layer.T
        chances = np.exp(logits - logits.max(-1, keepdims=True))
        chances[:, -1] = 0.0  # all pairs here have an event
        chances /= chances.sum(-1, keepdims=True)
        wanted = chances * right
        wanted /= wanted.sum(-1, keepdims=True)
        gradient = (chances - wanted).T @ inputs / len(inputs) + decay * layer
        first = 0.9 * first + 0.1 * gradient
        second = 0.999 * second + 0.001 * gradient**2
        layer -= (
            RATE
            * 0.5
            * (1 + np.cos(np.pi * step / STEPS))
            * (first / (1 - 0.9**step))
            / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
        )
    return np.concatenate([layer[:, :-1] / spread, layer[:, -1:]], 1)


def predict(rows: Floats, layer: Floats | None) -> Floats:
    """Scores of the types, with or without the layer."""
    scores = rows[:, : len(TYPES)]
    return scores if layer is None else scores + rows[:, len(TYPES) :] @ layer.T


def fit_layer(path: Path, target: Path = TARGET) -> None:
    """Fit the layer on a file of marked sentences and put it into the package."""
    sentences = read_marked(path)
    np.save(target, fit(features(sentences), allowed(sentences)).astype(np.float16))
    print(f"{target}: {len(sentences)} sentences, {target.stat().st_size / 1e3:.0f} kB")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sentences", type=Path, default=Path("../shared/data/relations/plv_train.tsv"))
    parser.add_argument("--target", type=Path, default=TARGET)
    options = parser.parse_args()
    fit_layer(options.sentences, options.target)


if __name__ == "__main__":
    main()
