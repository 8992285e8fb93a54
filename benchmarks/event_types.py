"""Event type given source and target, on PLV sentences: macro-F1 of the roots, the four quad classes and the binary classes.

    python benchmarks/event_types.py ../shared/data/relations/plv_train.tsv [--shipped]

Five-fold cross-validation of the linear layer over the frozen encoder, which never learned from these sentences (folds by row
number); the pair head alone, which learned from coded reports only, stands beside it. `--shipped` adds the shipped layer,
whose layer was fitted on the whole of plv_train.tsv: for other files. Binary is cooperation (quad 1, 2) against conflict (3, 4).
Anchors: Zero-Shot-PLOVER and GPT-4 with the codebook on PLV's test part.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from benchmarks.tables import print_table  # noqa: E402
from melian.codebook import event_types, quad  # noqa: E402
from training.pair_layer import ROOTS, TYPES, MarkedSentence, allowed, features, fit, predict, read_marked  # noqa: E402

FOLDS = 5
_CLASSES = ("verbal cooperation", "material cooperation", "verbal conflict", "material conflict")
QUADS = {kind: str(_CLASSES.index(quad(kind)) + 1) for kind in event_types()} | {"YIELD": "2"}
ANCHORS = (
    ("pilot, five-fold", ".937", ".900", ".773"),
    ("NLI zero-shot, RoBERTa-large (GPU), on test", ".964", ".896", ".824"),
    ("GPT-4 with the codebook, on test", ".934", ".767", ".615"),
)


def macro_f1(gold: Sequence[str], found: Sequence[str]) -> float:
    """Mean F1 over the classes that the gold has."""
    scores = []
    for label in sorted(set(gold)):
        both = sum(g == f == label for g, f in zip(gold, found, strict=True))
        scores.append(2 * both / (gold.count(label) + list(found).count(label)))
    return sum(scores) / len(scores)


def roots(scores: NDArray[np.float64], wanted: Sequence[str]) -> list[str]:
    """The likeliest root of each row, among the roots that the file has."""
    chances = np.exp(scores - scores.max(-1, keepdims=True))
    names = sorted(set(wanted))
    table = np.stack([sum(chances[:, TYPES.index(t)] for t in ROOTS.get(name, (name,)) if t in TYPES) for name in names], 1)
    return [names[i] for i in table.argmax(1)]


def figures(sentences: Sequence[MarkedSentence], scores: NDArray[np.float64]) -> dict[str, float]:
    """Macro-F1 of binary, quad and root."""
    found = roots(scores, [s.root for s in sentences])
    quads, gold_quads = [QUADS[root] for root in found], [s.quad for s in sentences]
    side = {"1": "cooperation", "2": "cooperation", "3": "conflict", "4": "conflict"}
    return {
        "binary": macro_f1([side[q] for q in gold_quads], [side[q] for q in quads]),
        "quad": macro_f1(gold_quads, quads),
        "root": macro_f1([s.root for s in sentences], found),
    }


def cross_validated(sentences: Sequence[MarkedSentence], rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scores of each sentence by a layer fitted on the other folds."""
    scores = np.zeros((len(sentences), len(TYPES)))
    right = allowed(sentences)
    fold = np.arange(len(sentences)) % FOLDS
    for number in range(FOLDS):
        layer = fit(rows[fold != number], right[fold != number])
        scores[fold == number] = predict(rows[fold == number], layer)
    return scores


def measure(path: Path) -> dict[str, float]:
    """Cross-validated figures (what the floors pin)."""
    sentences = read_marked(path)
    return figures(sentences, cross_validated(sentences, features(sentences)))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sentences", type=Path)
    parser.add_argument("--shipped", action="store_true", help="also score melian.classify as it comes")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    options = parser.parse_args()
    sentences = read_marked(options.sentences)
    rows = features(sentences)
    found = {
        "pair head alone (coded reports only)": figures(sentences, predict(rows, None)),
        f"with its layer, {FOLDS}-fold": figures(sentences, cross_validated(sentences, rows)),
    }
    if options.shipped:
        from melian.coding.pair_types import _layer

        found["with the shipped layer (fitted on plv_train.tsv)"] = figures(sentences, predict(rows, _layer()))
    if options.json:
        print(json.dumps(found))
        return
    lines = [[name, *(f"{f[k]:.3f}" for k in ("binary", "quad", "root"))] for name, f in found.items()]
    print_table(
        f"Event type given the pair, {options.sentences.name}, {len(sentences)} sentences: macro-F1",
        ["", "binary", "quad", "root"],
        [*lines, *map(list, ANCHORS)],
    )


if __name__ == "__main__":
    main()
