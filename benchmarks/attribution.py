"""Attribution on PolNeAR: exact F1 of source, cue and content spans.

    python benchmarks/attribution.py ../shared/data/attribution/polnear/dev

Words and sentences are Melian's own, from plain text; whole articles are read. It is the `attribution` head alone that is measured, which tags as
PolNeAR does; the coder's statements come from heads that follow the codebook, and are measured on coded reports. A span counts when it has the very words of a
gold one; the pieces of an interrupted span count one by one, as in the tag sequences of CofeNet (Wang et al. 2022). The anchors
are on the corpus's test articles cut into 1,814 pieces, the pilot's on the development articles.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from benchmarks.spans import Labelled, Tally, cut  # noqa: E402
from benchmarks.tables import print_table  # noqa: E402
from melian.language.parse import Parse, read  # noqa: E402
from melian.language.tagging import best_tags  # noqa: E402
from training.labelled import ATTRIBUTION_TAGS  # noqa: E402
from training.reports import read_polnear  # noqa: E402

KINDS = ("source", "cue", "content")
ANCHORS = {
    "CofeNet-BERT (test)": (".832", ".753", ".729"),
    "BiLSTM-CofeNet (test)": (".733", ".662", ".636"),
    "CRF (test)": (".506", ".534", ".286"),
    "CoreNLP quotes (test)": (".139", "–", ".175"),
    "pairs of annotators": (".777", ".704", ".678"),
    "pilot (dev, two epochs)": (".76", ".70", ".59"),
}


@dataclass(slots=True)
class Counts:
    """Spans, words and characters by kind, and contents with their sources."""

    spans: Tally
    words: Tally
    characters: dict[str, list[int]]
    linked: list[int]  # gold, found, right


def measure(folder: Path) -> tuple[Counts, int, float]:
    """Counts over the articles of a folder, its words and the seconds that reading took."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (folder / "text").glob("*.txt")}
    counts = Counts(Tally(), Tally(), {kind: [0, 0, 0] for kind in KINDS}, [0, 0, 0])
    words, seconds = 0, 0.0
    for document in read_polnear(folder, set()):
        started = time.perf_counter()
        parse = read(texts[document.name], outputs=("upos", "arcs", "relation", "attribution", "links"))
        tags = (
            best_tags(parse.scores["attribution"].astype(np.float64), parse.labels.columns["attribution"])
            if parse.words
            else []
        )
        seconds += time.perf_counter() - started
        words += len(parse.words)
        gold = cut([ATTRIBUTION_TAGS[tag] for tag in document.tags["attribution"]])
        found = cut(tags)
        counts.spans.add(gold, found)
        own, other = ({(i, kind) for a, b, kind in spans for i in range(a, b)} for spans in (gold, found))
        counts.words.add(own, other)
        for number, marked in enumerate((own, other, own & other)):
            for i, kind in marked:
                counts.characters[kind][number] += parse.words[i][1] - parse.words[i][0]
        _count_links(parse, document.pointers.get("link_source", []), gold, found, counts.linked)
    return counts, words, seconds


def _count_links(
    parse: Parse, links: list[tuple[int, int]], gold: set[Labelled], found: set[Labelled], linked: list[int]
) -> None:
    """Contents with their sources: a pair is right when both overlap by half with a gold pair's."""
    contents = {a: (a, b) for a, b, kind in gold if kind == "content"}
    sources = {a: (a, b) for a, b, kind in gold if kind == "source"}
    wanted = [(contents[c], sources[s]) for c, s in links if c in contents and s in sources]
    said = [(a, b) for a, b, kind in found if kind == "source"]
    pairs = []
    for a, b, kind in sorted(found):
        if kind == "content" and said:
            offset, scores = parse.pair("links", a)
            row = scores[parse.labels.index("links", "source")]
            near = [s for s in said if 0 <= s[0] - offset < len(row)]
            if near:
                best = max(near, key=lambda s: float(row[max(0, s[0] - offset) : s[1] - offset].max()))
                pairs.append(((a, b), best))
    linked[0] += len(wanted)
    linked[1] += len(pairs)
    free = list(wanted)
    for content, source in pairs:
        match = next((w for w in free if _half(w[0], content) and _half(w[1], source)), None)
        if match:
            free.remove(match)
            linked[2] += 1


def _half(a: tuple[int, int], b: tuple[int, int]) -> bool:
    """Word F1 of two spans is at least a half."""
    return 4 * max(0, min(a[1], b[1]) - max(a[0], b[0])) >= (a[1] - a[0]) + (b[1] - b[0])


def f1(gold: int, found: int, right: int) -> float:
    """F1 from counts."""
    return 2 * right / max(1, gold + found)


def figures(counts: Counts) -> dict[str, float]:
    """Exact F1 of each kind, and of contents with their right sources (what the floors pin)."""
    return {kind: counts.spans.figures(kind)[2] for kind in KINDS} | {"content with source": f1(*counts.linked)}


def report(folder: Path) -> None:
    """Measure and print."""
    counts, words, seconds = measure(folder)
    rows = [
        [kind, counts.spans.gold[kind], *counts.spans.row(kind), *(a[i] for a in ANCHORS.values())]
        for i, kind in enumerate(KINDS)
    ]
    title = f"Attribution, PolNeAR {folder.name}, exact spans ({words:,} words, {words / seconds:,.0f} words/s)"
    print_table(title, ["", "gold", "precision", "recall", "F1", *(f"{name} F1" for name in ANCHORS)], rows)
    rows = [[kind, f"{counts.words.figures(kind)[2]:.3f}", f"{f1(*counts.characters[kind]):.3f}"] for kind in KINDS]
    rows.append(["content with its right source (half overlap)", f"{f1(*counts.linked):.3f}", "pilot .58"])
    print_table("Attribution, overlap", ["", "F1 by words", "F1 by characters"], rows)
    print("Trained on: PolNeAR train, the shared gold's train.jsonl and the project's own reports; never on this folder.\n")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    report(parser.parse_args().folder)


if __name__ == "__main__":
    main()
