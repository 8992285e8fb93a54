"""Entities on GUM: F1 of mentions by their top word and type, and by their span and type.

    python benchmarks/entities.py ../shared/data/treebanks/en_gum-test.conllu

All of GUM's mentions count, nested and common ones too, of its ten types. The model types the top word of a mention; its span
is that word's branch of the predicted tree. Where two gold mentions share a top word the longer one is asked for by top word,
and both by span. Words and sentences are the treebank's.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from benchmarks.extents import mention_extent  # noqa: E402
from benchmarks.roles import read_joined  # noqa: E402
from benchmarks.spans import Tally  # noqa: E402
from benchmarks.tables import print_table  # noqa: E402
from training.labelled import ENTITY_TYPES  # noqa: E402
from training.treebanks import read_sentences, read_treebank  # noqa: E402

OUTPUTS = ("upos", "arcs", "relation", "entity")
PILOT = {"all": ".780", "news": ".63"}


def gold_spans(path: Path) -> dict[str, set[tuple[int, int, str]]]:
    """Mentions of each document as (first word, last word, type)."""
    found: dict[str, set[tuple[int, int, str]]] = defaultdict(set)
    opened: dict[str, list[tuple[int, str]]] = defaultdict(list)
    name, at = path.stem, 0
    for comments, rows in read_sentences(path):
        if "newdoc id" in comments:
            name, at = comments["newdoc id"], 0
            opened.clear()
        for row in rows:
            entity = re.search(r"Entity=([^|]+)", row[9])
            for piece in re.findall(r"\([^()]+\)?|[^()]+\)", entity[1]) if entity else ():
                parts = piece.strip("()").split("-")
                if piece.startswith("("):
                    opened[parts[0]].append((at, parts[1]))
                if piece.endswith(")") and opened[parts[0]]:
                    start, kind = opened[parts[0]].pop()
                    found[name].add((start, at, kind))
            at += 1
    return found


def measure(path: Path) -> dict[str, tuple[Tally, Tally]]:
    """Counts (by top word, by span) of each genre and of all."""
    spans = gold_spans(path)
    out: dict[str, tuple[Tally, Tally]] = defaultdict(lambda: (Tally(), Tally()))
    for document in read_treebank(path):
        parse = read_joined(document.words, document.sentences, OUTPUTS)
        types = parse.scores["entity"].argmax(-1)
        found = {i: ENTITY_TYPES[kind] for i, kind in enumerate(types) if kind}
        gold = (
            {i: ENTITY_TYPES[kind] for i, kind in enumerate(document.tags["entity"]) if kind}
            if "entity" in document.tags
            else {}
        )
        genre = document.name.split("_")[1] if document.name.count("_") > 1 else "all"
        for key in {genre, "all"}:
            tops, extents = out[key]
            tops.add(gold.items(), found.items())
            extents.add(spans[document.name], {(*mention_extent(parse, head), kind) for head, kind in found.items()})
    return out


def report(path: Path) -> None:
    """Measure and print."""
    found = measure(path)
    rows = [
        [genre, sum(spans.gold.values()), *tops.row(), *spans.row(), PILOT.get(genre, "")]
        for genre, (tops, spans) in sorted(found.items(), key=lambda item: (item[0] != "all", item[0]))
    ]
    heads = ["genre", "gold", "top word P", "R", "F1", "span P", "R", "F1", "pilot F1"]
    print_table(f"Entities, {path.stem}, type and top word or span", heads, rows)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("treebank", type=Path)
    report(parser.parse_args().treebank)


if __name__ == "__main__":
    main()
