"""PropBank roles on EWT: F1 of argument spans, predicates given.

    python benchmarks/roles.py ../shared/data/propbank/srl_ewt_test.json ../shared/data/treebanks/en_ewt-test.conllu

The `frames` head names the top word of each argument; its span is that word's branch of the predicted tree. A span counts
with the very words and label of a gold one. Words and sentences are the treebank's. The pilot's figure is a small head on the
frozen encoder.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from benchmarks.extents import argument_extent  # noqa: E402
from benchmarks.spans import Tally  # noqa: E402
from benchmarks.tables import print_table  # noqa: E402
from melian.language.parse import Parse, read_words  # noqa: E402
from training.treebanks import read_treebank, span_head  # noqa: E402

OUTPUTS = ("upos", "arcs", "relation", "frames")
PILOT = ".780"
SHOWN = ("ARG0", "ARG1", "ARG2", "ARGM-TMP", "ARGM-LOC", "ARGM-MOD", "ARGM-NEG", "ARGM-ADV")


def read_joined(words: list[str], sentences: list[tuple[int, int]], outputs: tuple[str, ...]) -> Parse:
    """The parse of given words, joined by spaces."""
    spans, at = [], 0
    for word in words:
        spans.append((at, at + len(word)))
        at += len(word) + 1
    return read_words(" ".join(words), spans, list(sentences), outputs=outputs)


def arguments(parse: Parse, predicate: int, first: int, last: int) -> dict[int, str]:
    """Argument heads of a predicate within its sentence `[first, last)`, with their labels."""
    offset, scores = parse.pair("frames", predicate)
    names = parse.labels.columns["frames"]
    best = scores[:, first - offset : last - offset].argmax(0)
    return {first + i: names[label] for i, label in enumerate(best) if label}


def measure(frames: Path, treebank: Path) -> tuple[Tally, Tally]:
    """Counts of spans, and of their top words."""
    documents = {id(d): d for d in read_treebank(treebank)}
    places = read_treebank.sentence_ids  # type: ignore[attr-defined]
    parses: dict[int, Parse] = {}
    spans, tops = Tally(), Tally()
    for item in json.loads(frames.read_text(encoding="utf-8")):
        document, first = places.get(item["sent_id"], (None, 0))
        last = first + len(item["words"])
        if document is None or id(document) not in documents or document.words[first:last] != item["words"]:
            continue
        key = id(document)
        if key not in parses:
            parses = {
                key: read_joined(document.words, document.sentences, OUTPUTS)
            }  # sentences of a document follow each other
        parse = parses[key]
        for predicate, _, gold in item["frames"]:
            at = first + predicate
            found = arguments(parse, at, first, last)
            spans.add(
                {(first + a, first + b, label) for label, a, b in gold},
                {
                    (*(argument_extent(parse, head, at) if label != "ARGM-LVB" else (head, head)), label)
                    for head, label in found.items()
                },
            )
            tops.add(
                {(span_head(document.heads or [], first + a, first + b + 1), label) for label, a, b in gold},
                set(found.items()),
            )
    return spans, tops


def report(frames: Path, treebank: Path) -> None:
    """Measure and print."""
    spans, tops = measure(frames, treebank)
    rows = [["all spans", sum(spans.gold.values()), *spans.row(), PILOT]]
    rows.append(["all, top word only", sum(tops.gold.values()), *tops.row(), ""])
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
