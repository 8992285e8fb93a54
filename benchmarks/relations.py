"""CAMEO sentences: event or not with its class, and who did it to whom.

    python benchmarks/relations.py ../shared/data/relations/cameo_class_train.tsv ../shared/data/relations/cameo_spans_train.txt

Class: the quad class (1-4) of the sentence's likeliest event, 0 where the coder finds none. Spans: words of the source and the target of
the likeliest event that has both, else of the likeliest; F1 over words and over spans that overlap. Nothing was trained on these files.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from benchmarks.event_types import QUADS, macro_f1  # noqa: E402
from benchmarks.spans import cut, joined_words  # noqa: E402
from benchmarks.tables import print_table  # noqa: E402
from melian.coding.coder import Coder  # noqa: E402
from melian.records import Document, Event  # noqa: E402


def lead_event(coder: Coder, text: str) -> Event | None:
    """The likeliest event of a sentence, one with both sides first."""
    events = coder.code(Document(doc_id="sentence", text=text)).events
    return max(events, key=lambda e: (bool(e.source and e.target), e.score or 0), default=None)


def measure_classes(path: Path) -> dict[str, float]:
    """Event or not (accuracy, F1), and macro-F1 of the five classes."""
    coder = Coder()
    gold: list[str] = []
    found: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        text, _, label = line.rpartition("\t")
        events = coder.code(Document(doc_id="sentence", text=text)).events
        best = max(events, key=lambda e: e.score or 0, default=None)
        gold.append(label.strip())
        found.append(QUADS[best.type] if best else "0")
    both = sum(g != "0" and f != "0" for g, f in zip(gold, found, strict=True))
    return {
        "sentences": len(gold),
        "event or not, F1": 2 * both / max(1, sum(g != "0" for g in gold) + sum(f != "0" for f in found)),
        "event or not, accuracy": sum((g == "0") == (f == "0") for g, f in zip(gold, found, strict=True)) / len(gold),
        "class, macro-F1": macro_f1(gold, found),
        "class given event, accuracy": sum(g == f for g, f in zip(gold, found, strict=True) if g != "0" and f != "0")
        / max(1, both),
    }


def measure_spans(path: Path) -> dict[str, float]:
    """F1 of source and target, by words and by overlapping spans."""
    coder = Coder()
    counts = {(side, unit, what): 0 for side in "ST" for unit in ("words", "spans") for what in ("gold", "found", "both")}
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        rows = [line.split() for line in block.splitlines() if line.strip()]
        words, tags = [r[0] for r in rows], [r[-1] for r in rows]
        if not words:
            continue
        text, offsets = joined_words(words)
        event = lead_event(coder, text)
        for side, actors in (("S", event.source if event else ()), ("T", event.target if event else ())):
            spans = sorted({a.span for a in actors if a.span})
            chosen = {i for i, (a, b) in enumerate(offsets) for s, e in spans if a < e and b > s}
            gold_spans = [(a, b) for a, b, label in cut(tags) if label == side]
            gold_words = {i for a, b in gold_spans for i in range(a, b)}
            hit = sum(bool(chosen & set(range(a, b))) for a, b in gold_spans)
            for unit, g, f, both in (
                ("words", len(gold_words), len(chosen), len(gold_words & chosen)),
                ("spans", len(gold_spans), len(spans), min(hit, len(spans))),
            ):
                counts[side, unit, "gold"] += g
                counts[side, unit, "found"] += f
                counts[side, unit, "both"] += both
    return {
        f"{name}, {unit}": 2 * counts[side, unit, "both"] / max(1, counts[side, unit, "gold"] + counts[side, unit, "found"])
        for side, name in (("S", "source"), ("T", "target"))
        for unit in ("words", "spans")
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("classes", type=Path)
    parser.add_argument("spans", type=Path)
    options = parser.parse_args()
    for title, found in (
        (f"Event or not, {options.classes.name}", measure_classes(options.classes)),
        (f"Who to whom, {options.spans.name}: F1", measure_spans(options.spans)),
    ):
        print_table(title, ["figure", "value"], [[k, f"{v:.3f}" if v <= 1 else int(v)] for k, v in found.items()])


if __name__ == "__main__":
    main()
