"""Realis of given predicates against event factuality (UDS-IH2, UW, MEANTIME; -3 certainly not … 3 certainly happened).

    python benchmarks/realis.py ../shared/data/factuality/UW/dev.jsonl …

The coder's realis head was trained on the codebook's six values in coded reports, never on factuality. Its expected factuality is 3 for
actual, -3 for denied, 1 for planned and predicted, 0 for conditional and demanded, each by its probability: Pearson's r with
the gold; and F1 of "did not (certainly) happen", gold below 1.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from benchmarks.spans import joined_words  # noqa: E402
from benchmarks.tables import print_table  # noqa: E402
from melian.language.parse import read_words  # noqa: E402

VALUES = {"actual": 3.0, "denied": -3.0, "planned": 1.0, "predicted": 1.0, "conditional": 0.0, "demanded": 0.0}
OUTPUTS = ("upos", "arcs", "relation", "realis")


def measure(path: Path) -> dict[str, float]:
    """Number of predicates, correlation, F1 of what did not happen."""
    gold: list[float] = []
    found: list[float] = []
    actual: list[bool] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        words = item["text"].split()
        text, spans = joined_words(words)
        parse = read_words(text, spans, [(0, len(words))], outputs=OUTPUTS)
        chances = parse.chance("realis")
        names = parse.labels.columns["realis"]
        for target in item["targets"]:
            row = chances[target["span1"][0]]
            gold.append(float(target["label"]))
            found.append(sum(VALUES[name] * float(c) for name, c in zip(names, row, strict=True)))
            actual.append(names[int(row.argmax())] == "actual")
    wanted = np.array(gold) < 1
    said = ~np.array(actual)
    both = int((wanted & said).sum())
    return {
        "predicates": len(gold),
        "pearson": float(np.corrcoef(gold, found)[0, 1]),
        "not actual F1": 2 * both / max(1, int(wanted.sum() + said.sum())),
        "accuracy": float((wanted == said).mean()),
        "always actual": float((~wanted).mean()),
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    rows = []
    for path in parser.parse_args().files:
        found = measure(path)
        rows.append([f"{path.parent.name} {path.stem}", int(found.pop("predicates")), *(f"{v:.3f}" for v in found.values())])
    heads = ["", "predicates", "Pearson r", "F1 not actual", "accuracy", "always actual"]
    print_table("Realis against factuality, predicates given (not trained on factuality)", heads, rows)


if __name__ == "__main__":
    main()
