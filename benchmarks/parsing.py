"""Parsing on Universal Dependencies: `python benchmarks/parsing.py TREEBANK.conllu…`.

UPOS accuracy, unlabelled and labelled attachment (UAS, LAS; full labels, punctuation counted) with gold words, and with --raw
from plain text (sentences and words found by Melian, F1 of labelled arcs as in the CoNLL 2018 shared task).
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from benchmarks.tables import print_table  # noqa: E402
from melian.language.parse import read, read_words  # noqa: E402
from training.labelled import RELATIONS, UPOS  # noqa: E402
from training.treebanks import read_sentences, read_treebank  # noqa: E402

PILOT = {
    "en_ewt-test": (".969", ".914", ".890"),
    "en_gum-test": (".977", ".914", ".891"),
    "en_pud-test": (".970", ".892", ".866"),
}
OUTPUTS = ("upos", "arcs", "relation")


def gold_tokens(path: Path) -> dict[str, float]:
    """Scores with the treebank's own words and sentences."""
    right = dict.fromkeys(("upos", "uas", "las"), 0)
    total, started = 0, time.perf_counter()
    for document in read_treebank(path):
        spans, at = [], 0
        for word in document.words:
            spans.append((at, at + len(word)))
            at += len(word) + 1
        parse = read_words(" ".join(document.words), spans, list(document.sentences), outputs=OUTPUTS)
        assert document.heads is not None
        for i, head in enumerate(document.heads):
            total += 1
            right["upos"] += parse.upos[i] == UPOS[document.tags["upos"][i]]
            if parse.heads[i] == head:
                right["uas"] += 1
                right["las"] += parse.relations[i] == RELATIONS[document.tags["relation"][i]]
    return {k: v / total for k, v in right.items()} | {"words/s": total / (time.perf_counter() - started)}


def raw_text(path: Path) -> dict[str, float]:
    """F1 of words, sentences and labelled arcs from plain text, a treebank document at a time."""
    sums = dict.fromkeys(("words", "sentences", "las"), 0)
    gold_total, found_total = dict(sums), dict(sums)
    for text, gold_words, gold_sentences, arcs in plain_documents(path):
        parse = read(text, outputs=OUTPUTS)
        words = {span: i for i, span in enumerate(parse.words)}
        sentences = {parse.span(a, b) for a, b in parse.sentences}
        sums["words"] += len(words.keys() & set(gold_words))
        sums["sentences"] += len(sentences & set(gold_sentences))
        for span, (head, relation) in arcs.items():
            i = words.get(span)
            if i is not None:
                parent = None if parse.heads[i] == i else parse.words[parse.heads[i]]
                sums["las"] += parent == head and parse.relations[i] == relation
        for name, gold, found in (
            ("words", gold_words, words),
            ("sentences", gold_sentences, sentences),
            ("las", gold_words, words),
        ):
            gold_total[name] += len(gold)
            found_total[name] += len(found)
    return {k: 2 * sums[k] / (gold_total[k] + found_total[k]) for k in sums}


def plain_documents(path: Path):  # type: ignore[no-untyped-def]
    """(text, word spans, sentence spans, {span: (head span or None, relation)}) of each document, paragraphs kept apart."""
    text, words, sentences, arcs = "", [], [], {}
    for comments, rows in read_sentences(path):
        if "newdoc id" in comments and words:
            yield text, words, sentences, arcs
            text, words, sentences, arcs = "", [], [], {}
        plain = comments["text"]
        if text:
            text += "\n\n" if any(c.startswith("newpar") for c in comments) else " "
        start, at = len(text), 0
        spans = []
        for row in rows:
            found = plain.find(row[1], at)
            at = (found if found >= 0 else at) + len(row[1])
            spans.append((start + at - len(row[1]), start + at))
        text += plain
        words += spans
        sentences.append((spans[0][0], spans[-1][1]))
        for span, row in zip(spans, rows, strict=True):
            arcs[span] = (spans[int(row[6]) - 1] if row[6] != "0" else None, row[7])
    if words:
        yield text, words, sentences, arcs


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("treebanks", nargs="+", type=Path)
    parser.add_argument("--raw", action="store_true", help="also parse from plain text")
    options = parser.parse_args()
    rows = []
    for path in options.treebanks:
        found = gold_tokens(path)
        pilot = PILOT.get(path.stem)
        row = [
            path.stem,
            *(f"{found[k]:.3f}" for k in ("upos", "uas", "las")),
            f"{found['words/s']:.0f}",
            " / ".join(pilot) if pilot else "",
        ]
        if options.raw:
            row += [f"{v:.3f}" for v in raw_text(path).values()]
        rows.append(row)
    heads = ["treebank", "UPOS", "UAS", "LAS", "words/s", "pilot UPOS / UAS / LAS"]
    print_table(
        "Parsing, gold words" + (" and raw text" if options.raw else ""),
        heads + (["raw words F1", "sentences F1", "LAS F1"] if options.raw else []),
        rows,
    )


if __name__ == "__main__":
    main()
