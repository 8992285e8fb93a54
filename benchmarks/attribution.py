"""Attribution on PolNeAR: exact F1 of source, cue and content spans.

    python benchmarks/attribution.py ../shared/data/attribution/polnear/dev

Words and sentences are Melian's own, from plain text; whole articles are read. A span counts when it has the very words of a
gold one; the pieces of an interrupted span count one by one, as in the tag sequences of CofeNet (Wang et al. 2022). The anchors
are on the corpus's test articles cut into 1,814 pieces, the pilot's on the development articles.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from benchmarks.spans import Tally, cut  # noqa: E402
from benchmarks.tables import print_table  # noqa: E402
from melian.language.parse import read  # noqa: E402
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


def best_tags(scores: np.ndarray, names: tuple[str, ...]) -> list[str]:
    """The best sequence of tags in which no `I` follows anything but its own `B` or `I` (Viterbi)."""
    allowed = np.array([[0.0 if not b.startswith("I") or a[2:] == b[2:] else -np.inf for b in names] for a in names])
    total = scores[0] + np.array([-np.inf if name.startswith("I") else 0.0 for name in names])
    back = []
    for row in scores[1:]:
        steps = total[:, None] + allowed
        back.append(steps.argmax(0))
        total = steps.max(0) + row
    at = int(total.argmax())
    tags = [names[at]]
    for choice in reversed(back):
        at = int(choice[at])
        tags.append(names[at])
    return tags[::-1]


def measure(folder: Path) -> tuple[Tally, int, float]:
    """Counts over the articles of a folder, its words and the seconds that reading took."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (folder / "text").glob("*.txt")}
    tally, words, seconds = Tally(), 0, 0.0
    for document in read_polnear(folder, set()):
        started = time.perf_counter()
        parse = read(texts[document.name], outputs=("upos", "arcs", "relation", "attribution"))
        tags = (
            best_tags(parse.scores["attribution"].astype(np.float64), parse.labels.columns["attribution"])
            if parse.words
            else []
        )
        seconds += time.perf_counter() - started
        words += len(parse.words)
        tally.add(cut([ATTRIBUTION_TAGS[tag] for tag in document.tags["attribution"]]), cut(tags))
    return tally, words, seconds


def report(folder: Path) -> None:
    """Measure and print."""
    tally, words, seconds = measure(folder)
    rows = [[kind, tally.gold[kind], *tally.row(kind), *(a[i] for a in ANCHORS.values())] for i, kind in enumerate(KINDS)]
    title = f"Attribution, PolNeAR {folder.name}, exact spans ({words:,} words, {words / seconds:,.0f} words/s)"
    print_table(title, ["", "gold", "precision", "recall", "F1", *(f"{name} F1" for name in ANCHORS)], rows)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    report(parser.parse_args().folder)


if __name__ == "__main__":
    main()
