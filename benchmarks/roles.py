"""PropBank roles on EWT: F1 of argument spans, predicates given.

    python benchmarks/roles.py ../shared/data/propbank/srl_ewt_test.json ../shared/data/treebanks/en_ewt-test.conllu

The `frames` head tags the words of each argument. A span counts with the very words and label of a gold one. Words and sentences are the treebank's. The pilot's figure is a small head on the
frozen encoder.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from benchmarks.spans import Tally, joined_words  # noqa: E402
from benchmarks.tables import print_table  # noqa: E402
from melian.language.frames import arguments  # noqa: E402
from melian.language.parse import Parse, read_words  # noqa: E402
from training.treebanks import read_treebank  # noqa: E402

OUTPUTS = ("upos", "arcs", "relation", "frames")
PILOT = ".780"
SHOWN = ("ARG0", "ARG1", "ARG2", "ARGM-TMP", "ARGM-LOC", "ARGM-MOD", "ARGM-NEG", "ARGM-ADV")


def read_joined(words: list[str], sentences: list[tuple[int, int]], outputs: tuple[str, ...]) -> Parse:
    """The parse of given words, joined by spaces."""
    text, spans = joined_words(words)
    return read_words(text, spans, list(sentences), outputs=outputs)


def measure(frames: Path, treebank: Path) -> Tally:
    """Counts of argument spans by label."""
    documents = {id(d): d for d in read_treebank(treebank)}
    places = read_treebank.sentence_ids  # type: ignore[attr-defined]
    parses: dict[int, Parse] = {}
    spans = Tally()
    for item in json.loads(frames.read_text(encoding="utf-8")):
        document, first = places.get(item["sent_id"], (None, 0))
        last = first + len(item["words"])
        if document is None or id(document) not in documents or document.words[first:last] != item["words"]:
            continue
        key = id(document)
        if key not in parses:
            # The sentences of a document follow each other.
            parses = {key: read_joined(document.words, document.sentences, OUTPUTS)}
        for predicate, _, gold in item["frames"]:
            spans.add(
                {(first + a, first + b + 1, label) for label, a, b in gold},
                {(a, b, label) for label, a, b in arguments(parses[key], first + predicate)},
            )
    return spans


def report(frames: Path, treebank: Path) -> None:
    """Measure and print."""
    spans = measure(frames, treebank)
    rows = [["all spans", sum(spans.gold.values()), *spans.row(), PILOT]]
    rows += [[label, spans.gold[label], *spans.row(label), ""] for label in SHOWN]
    print_table(
        f"PropBank roles, {treebank.stem}, gold predicates and words",
        ["", "gold", "precision", "recall", "F1", "pilot F1"],
        rows,
    )


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("frames", type=Path)
    parser.add_argument("treebank", type=Path)
    options = parser.parse_args()
    report(options.frames, options.treebank)


if __name__ == "__main__":
    main()
