"""Coded reports: what the coder finds in the texts of a gold file, scored against it.

    python benchmarks/coded_reports.py ../shared/gold/dev.jsonl [--json] [--save CODED.jsonl]

Levels and fields are those of `benchmarks/scoring.py`. "False per true" counts predicted records that reach no gold one at a
level for each that does. Anchors: a plain pilot (the same encoder with predicate, type and role heads, 207 training reports,
20 unseen reports of one crisis), and a second reader against the first on eight reports.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from benchmarks.scoring import Result, read_coded, score  # noqa: E402
from benchmarks.tables import print_table  # noqa: E402
from melian.records import Document, to_json  # noqa: E402

TRAINED_ON = (
    "Trained on: EWT and GUM train (GUM without its non-commercial genres), PropBank frames of EWT train, PolNeAR train,\n"
    "the shared gold's train.jsonl with actors_train.jsonl, and the project's own reports in training/written;\n"
    "dev.jsonl is never trained on; the coder's few thresholds were chosen on it."
)
PILOT = {
    "events": {"span": ".59", "type": ".34", "dyad": ".17", "full": ".16"},
    "statements": {"content": ".78", "speaker": ".49", "act": ".23"},
}
SECOND_READER = {
    "events": {"span": ".92*", "type": ".92*", "dyad": ".89*"},
    "statements": {"content": ".94", "speaker": ".93", "act": ".91"},
}


def code_texts(gold: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The gold file's texts coded by the package, in the exchange format."""
    from melian.coding.coder import Coder

    documents = (
        Document(
            doc_id=d["doc_id"],
            text=d["text"],
            published=d.get("published"),
            published_from="given" if d.get("published") else "none",
            title=d.get("title"),
            outlet=d.get("outlet"),
            url=d.get("url"),
        )
        for d in gold
    )
    return [json.loads(to_json(coded)) for coded in Coder().code_all(documents)]


def as_json(results: dict[str, Result]) -> dict[str, Any]:
    """Results as the shared scorer prints them, with false records per true one."""
    return {
        key: {
            "gold": r.gold,
            "predicted": r.predicted,
            "levels": {
                name: {
                    "precision": r.precision(name),
                    "recall": r.recall(name),
                    "f1": r.f1(name),
                    "false_per_true": r.false_per_true(name) if r.hits[name] else None,
                }
                for name in r.hits
            },
            "fields": {name: list(counts) for name, counts in r.fields.items()},
        }
        for key, r in results.items()
    }


def print_results(results: dict[str, Result], name: str) -> None:
    """The tables of levels and fields."""
    for key, r in results.items():
        rows = [
            [
                level,
                f"{r.precision(level):.3f}",
                f"{r.recall(level):.3f}",
                f"{r.f1(level):.3f}",
                f"{r.false_per_true(level):.2f}",
                PILOT[key].get(level, ""),
                SECOND_READER[key].get(level, ""),
            ]
            for level in r.hits
        ]
        title = f"{name}, {key}: {r.gold} gold, {r.predicted} predicted"
        print_table(title, ["level", "precision", "recall", "F1", "false per true", "pilot F1", "second reader F1"], rows)
    rows = [
        [key, field, right, judged, f"{right / judged:.3f}" if judged else ""]
        for key, r in results.items()
        for field, (right, judged) in r.fields.items()
    ]
    print_table(f"{name}, fields of the pairs matched at type or content", ["records", "field", "right", "of", "share"], rows)
    print("* span and type together, type and dyad together.")
    print(TRAINED_ON)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of tables")
    parser.add_argument("--save", type=Path, metavar="FILE", help="also write the coded documents there")
    options = parser.parse_args()
    gold = read_coded(options.gold)
    coded = code_texts(gold)
    if options.save:
        options.save.write_text("".join(json.dumps(d, ensure_ascii=False) + "\n" for d in coded), encoding="utf-8")
    results = score(gold, coded)
    if options.json:
        print(json.dumps({"documents": len(gold), "trained_on": TRAINED_ON.replace("\n", " "), **as_json(results)}))
    else:
        print_results(results, f"Coded reports, {options.gold.name}")


if __name__ == "__main__":
    main()
