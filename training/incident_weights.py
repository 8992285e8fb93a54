"""Weights of the comparison of tellings: how telling words are, and how much each feature counts.

    python training/incident_weights.py words     # counts the words of training/written/*, writes word_weights.json
    python training/incident_weights.py model ../shared/gold/dev.jsonl ../shared/gold/train.jsonl

The model is a logistic one, fitted by Newton's method with a ridge on pairs of tellings of the development sets of
`benchmarks/incidents.py`: gold and coded events of the project's own, and gold events of the shared coded reports where they are
given. With `--cross` it is not written, but scored on each of the own crises with the others, for choosing ridge and thresholds.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from benchmarks.incidents import (  # noqa: E402
    SETS,
    Case,
    coded_case,
    gold_case,
    put,
    read_set,
    record,
    scores,
    shared_case,
)
from melian.crisis.incidents import likeness, marking, pairing, update  # noqa: E402
from melian.crisis.tellings import stems  # noqa: E402
from melian.knowledge import countries  # noqa: E402
from training.written_reports import raw_reports, unmark  # noqa: E402

PACKAGE = ROOT / "src" / "melian" / "crisis" / "incidents"
HEAVIEST = 15
LEAST_REPORTS = 5  # in which a word must occur to be listed
NATIONS = ("united", "states", "kingdo", "south", "north", "korean", "soviet")  # parts of names, which weigh little
RIDGE = 1.0
JOINS, LEAST = 0.4, 0.25

SPEAKS_FOR = frozenset(
    "same_type same_mode same_source same_target same_day same_place same_number near_number word_in_common story".split()
)
SPEAKS_AGAINST = frozenset("other_source other_target other_names lag span other_span apart other_place".split())

Rows = tuple[NDArray[np.float64], NDArray[np.float64]]


def word_weights() -> dict[str, int]:
    """Weights of stems from 0 to 15: the rarer in the project's own reports, the heavier; names of countries weigh nothing."""
    seen: Counter[str] = Counter()
    reports = 0
    for path in sorted((ROOT / "training" / "written").glob("w*")):
        for _, report in raw_reports(path):
            if isinstance(report, dict):
                seen.update(stems(unmark(report["text"])[0]))
                reports += 1
    weights = {
        stem: round(HEAVIEST * (1 - math.log(count) / math.log(reports)))
        for stem, count in seen.items()
        if count >= LEAST_REPORTS
    }
    weights |= {stem: min(weights.get(stem, 2), 2) for stem in NATIONS}
    names = (name for land in countries.all_countries() for name in (land.name, *land.demonyms, *land.aliases))
    weights |= {stem: 0 for name in names if len(name) > 3 and " " not in name for stem in stems(name)}
    return dict(sorted(weights.items()))


def labelled(case: Case) -> tuple[list[str], Rows]:
    """Features of the pairs of a case whose happenings are known, and whether they are one."""
    with record() as connection:
        new, happening = put(connection, case)
        marking.remark(connection, new)
        pairing.find_candidates(connection)
        cursor = connection.execute(
            f"SELECT m.event, n.event, f.* EXCLUDE (a, b) FROM ({likeness.features_query()}) f "
            "JOIN incident_marks m ON m.no = f.a JOIN incident_marks n ON n.no = f.b ORDER BY 1, 2"
        )
        names = [column[0] for column in cursor.description][2:]
        found = [row for row in cursor.fetchall() if row[0] in happening and row[1] in happening]
    one = [float(happening[row[0]] == happening[row[1]]) for row in found]
    return names, (np.array([row[2:] for row in found], dtype=float), np.array(one))


def fit(names: Sequence[str], parts: Sequence[Rows], ridge: float) -> NDArray[np.float64]:
    """Weights of the features, the bias last. What can only speak for (or against) two tellings being one does so or not at all:
    few pairs must not teach that sharing words makes tellings less alike."""
    x = np.concatenate([features for features, _ in parts])
    y = np.concatenate([labels for _, labels in parts])
    sign = np.array([1 if name in SPEAKS_FOR else -1 if name in SPEAKS_AGAINST else 0 for name in names])
    used = np.ones(len(names), dtype=bool)
    while True:
        weights = np.zeros(len(names) + 1)
        weights[np.append(used, True)] = _logistic(x[:, used], y, ridge)
        wrong = weights[:-1] * sign < 0
        if not wrong.any():
            return weights
        used &= ~wrong


def _logistic(x: NDArray[np.float64], y: NDArray[np.float64], ridge: float) -> NDArray[np.float64]:
    x = np.column_stack([x, np.ones(len(x))])
    penalty = np.append(np.full(x.shape[1] - 1, ridge), 1e-6)
    weights = np.zeros(x.shape[1])
    for _ in range(60):
        chance = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (chance - y) + penalty * weights
        curve = (x * (chance * (1 - chance))[:, None]).T @ x + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        weights -= step
        if np.abs(step).max() < 1e-8:
            break
    return weights


def as_model(names: Sequence[str], weights: NDArray[np.float64]) -> likeness.Model:
    """The model with rounded weights."""
    rounded = {name: round(float(weight), 3) for name, weight in zip(names, weights[:-1], strict=True) if weight}
    return likeness.Model(bias=round(float(weights[-1]), 3), weights=rounded, joins=JOINS, least=LEAST)


def cross(gold: Sequence[Path]) -> None:
    """Scores on each own crisis by a model fitted on the others (and on the shared reports), both kinds of events."""
    reports = read_set(SETS / "dev.jsonl")
    shared = [shared_case("dev", gold)] if gold else []
    fixed = [labelled(case)[1] for case in shared]
    crises = sorted({report["crisis"] for report in reports})
    cases = {(c, make): make("", [r for r in reports if r["crisis"] == c]) for c in crises for make in (gold_case, coded_case)}
    rows = {key: labelled(case) for key, case in cases.items()}
    names = next(iter(rows.values()))[0]
    for ridge in (0.3, 1.0, 3.0):
        found: dict[str, dict[object, object]] = {}
        true: dict[str, dict[object, object]] = {}
        for left_out in crises:
            model = as_model(names, fit(names, [*fixed, *(part for (c, _), (_, part) in rows.items() if c != left_out)], ridge))
            for make in (gold_case, coded_case):
                with record() as connection:
                    new, happening = put(connection, cases[left_out, make])
                    update(connection, new, model)
                    groups = dict(connection.execute("SELECT event, incident FROM incident_tellings").fetchall())
                true.setdefault(make.__name__, {}).update(happening)
                found.setdefault(make.__name__, {}).update(groups)
        for kind in true:
            print(ridge, kind, scores({e: h for e, h in true[kind].items() if e in found[kind]}, found[kind]))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("words", "model"))
    parser.add_argument("gold", type=Path, nargs="*", help="files of the shared coded reports")
    parser.add_argument("--cross", action="store_true", help="score by cross-validation instead of writing")
    options = parser.parse_args()
    if options.what == "words":
        lines = ",\n".join(f'"{stem}": {weight}' for stem, weight in word_weights().items())
        (PACKAGE / "word_weights.json").write_text("{\n" + lines + "\n}\n", encoding="utf-8")
    elif options.cross:
        cross(options.gold)
    else:
        reports = read_set(SETS / "dev.jsonl")
        cases = [gold_case("", reports), coded_case("", reports), *([shared_case("dev", options.gold)] if options.gold else [])]
        found = [labelled(case) for case in cases]
        model = as_model(found[0][0], fit(found[0][0], [rows for _, rows in found], RIDGE))
        written = {"bias": model.bias, "joins": model.joins, "least": model.least, "weights": model.weights}
        (PACKAGE / "likeness.json").write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
