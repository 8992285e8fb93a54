"""The benchmark's scorer: its rules on small records, and the same figures as the shared scorer on random ones."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.coded_reports import as_json
from benchmarks.floors import MEASURES, Unmeasurable, below, measure, read_floors, rewritten
from benchmarks.floors import main as floors_main
from benchmarks.scoring import EVENTS, matched, same_name, score
from benchmarks.spans import Tally, cut
from melian.codebook import acts, event_types

SHARED_SCORER = Path(__file__).resolve().parents[2] / "shared" / "tools" / "score.py"


def event(type: str = "REJECT", evidence: tuple[int, int] = (0, 20), **more: Any) -> dict[str, Any]:
    return {"type": type, "evidence": list(evidence), "source": [{"id": "USA"}], "target": [{"id": "RUS"}], **more}


def statement(content: tuple[int, int] = (0, 20), act: str = "DENY", **more: Any) -> dict[str, Any]:
    return {"act": act, "content": list(content), "speaker": [{"id": "RUS", "name": "Sergey Lavrov"}], **more}


def scored(gold: list[dict[str, Any]], predicted: list[dict[str, Any]], kind: str = "events") -> dict[str, int]:
    return score([{"doc_id": "a", kind: gold}], [{"doc_id": "a", kind: predicted}])[kind].hits


@pytest.mark.parametrize(
    ("predicted", "reached"),
    [
        (event(), "full"),
        (event(realis="denied"), "dyad"),
        (event(source=[{"id": "GBR"}]), "type"),
        (event("ACCUSE"), "class"),
        (event("CONSULT"), "span"),
        (event(evidence=(15, 40)), None),
        (event(evidence=(100, 120), also=[[2, 20]]), "full"),
    ],
)
def test_event_levels(predicted: dict[str, Any], reached: str | None) -> None:
    hits = scored([event()], [predicted])
    deepest = [name for name, count in hits.items() if count]
    assert (deepest[-1] if deepest else None) == reached


@pytest.mark.parametrize(
    ("predicted", "reached"),
    [
        (statement(speaker=[{"id": "XXX", "name": "Lavrov"}]), "act"),
        (statement(speaker=[{"id": "RUS", "name": None}]), "act"),
        (statement(speaker=[{"id": "RUS", "name": "Maria Zakharova"}]), "content"),
        (statement(act="ASSERT"), "speaker"),
        (statement((0, 5)), None),
    ],
)
def test_statement_levels(predicted: dict[str, Any], reached: str | None) -> None:
    hits = scored([statement()], [predicted], "statements")
    deepest = [name for name, count in hits.items() if count]
    assert (deepest[-1] if deepest else None) == reached


def test_parties_of_a_meeting_may_stand_on_either_side() -> None:
    gold = event("CONSULT", source=[{"id": "USA"}, {"id": "RUS"}], target=[])
    assert scored([gold], [event("CONSULT", source=[{"id": "RUS"}], target=[{"id": "USA"}])])["dyad"] == 1
    assert scored([gold], [event("CONSULT", source=[{"id": "RUS"}], target=[{"id": "CHN"}])])["dyad"] == 0


def test_deepest_pairs_are_matched_first_and_each_record_once() -> None:
    gold, predicted = [event("ACCUSE"), event("REJECT")], [event("REJECT"), event("REJECT")]
    assert matched(EVENTS, gold, predicted) == [(1, 0, 5), (0, 1, 2)]


def test_false_per_true() -> None:
    result = score([{"doc_id": "a", "events": [event()]}], [{"doc_id": "a", "events": [event(), event(), event()]}])["events"]
    assert result.false_per_true("span") == 2
    assert score([{"doc_id": "a", "events": []}], [])["events"].false_per_true("span") == 0


def test_names() -> None:
    assert same_name("Blinken", "Antony Blinken")
    assert same_name("Recep Tayyip Erdoğan", "Erdogan")
    assert not same_name("Ken", "Antony Blinken")
    assert not same_name("", "")


def random_document(number: int, random: random.Random, names: list[str | None]) -> dict[str, Any]:
    def span() -> list[int]:
        start = random.randrange(0, 200)
        return [start, start + random.randrange(1, 60)]

    def actors() -> list[dict[str, Any]] | None:
        if random.random() < 0.1:
            return None
        ids = ["USA", "RUS", "U.K.", "UK", None]
        return [{"id": random.choice(ids), "name": random.choice(names)} for _ in range(random.randrange(3))]

    def one_event() -> dict[str, Any]:
        out = {"type": random.choice(event_types()[:5]), "mode": random.choice(["meet", None]), "evidence": span()}
        out |= {
            "source": actors(),
            "target": actors(),
            "date": random.choice(["2022-01-21", None]),
            "place": random.choice(["Kyïv", "Kyiv", None]),
        }
        if random.random() < 0.5:
            out |= {"realis": random.choice(["actual", "denied"]), "also": [span()]}
        return out

    def one_statement() -> dict[str, Any]:
        out = {"act": random.choice(acts()[:3]), "content": span(), "speaker": actors(), "addressee": actors()}
        return out | {"quote": random.choice(["direct", "indirect"]), "condition": random.choice([None, span()])}

    return {
        "doc_id": str(number),
        "events": [one_event() for _ in range(random.randrange(8))],
        "statements": [one_statement() for _ in range(random.randrange(8))],
    }


@pytest.mark.skipif(not SHARED_SCORER.is_file(), reason="the shared scorer is not at hand")
def test_same_figures_as_the_shared_scorer(tmp_path: Path) -> None:
    names = ["Antony Blinken", "Blinken", "Sergey Lavrov", "Lavrov", "Ken", None]
    chance = random.Random(2)
    gold = [random_document(n, chance, names) for n in range(150)]
    predicted = [random_document(n, chance, names) for n in range(3, 152)]
    for name, documents in (("gold", gold), ("predicted", predicted)):
        (tmp_path / name).write_text("".join(json.dumps(d) + "\n" for d in documents), encoding="utf-8")
    command = [sys.executable, str(SHARED_SCORER), str(tmp_path / "gold"), str(tmp_path / "predicted"), "--json"]
    theirs = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    ours = as_json(score(gold, predicted))
    for kind in ("events", "statements"):
        assert (ours[kind]["gold"], ours[kind]["predicted"]) == (theirs[kind]["gold"], theirs[kind]["predicted"])
        assert ours[kind]["fields"] == theirs[kind]["fields"]
        for level, row in theirs[kind]["levels"].items():
            assert row["f1"] > 0
            for figure, value in row.items():
                assert ours[kind]["levels"][level][figure] == pytest.approx(value)


FLOORS = """# kept
[coded-reports]
file = "gold/dev.jsonl"
sha256 = "0"

[coded-reports.floors]
"events.span" = 0.58
"events.type" = 0.36

[parsing-ewt]
file = "ewt"
sha256 = "0"

[parsing-ewt.floors]
"las" = 0.88
"""
FIGURES = {"coded-reports.events.span": 0.5776, "coded-reports.events.type": 0.4699, "parsing-ewt.las": 0.881}


@pytest.fixture
def floors_file(tmp_path: Path) -> Path:
    path = tmp_path / "floors.toml"
    path.write_text(FLOORS, encoding="utf-8")
    return path


def test_every_floor_can_fail() -> None:
    assert all(floor.least > 0 for each in read_floors() for floor in each.floors)


def test_a_figure_below_its_floor_is_named(floors_file: Path) -> None:
    assert below(read_floors(floors_file), FIGURES) == ["coded-reports.events.span: measured 0.5776, floor 0.58"]


def test_floors_are_raised_not_lowered(floors_file: Path) -> None:
    text, changes = rewritten(FLOORS, read_floors(floors_file), FIGURES, raise_all=True, lower=None)
    assert changes == ["coded-reports.events.type: 0.36 → 0.46"]
    assert text == FLOORS.replace("0.36", "0.46")


def test_lowering_takes_the_name(floors_file: Path) -> None:
    text, changes = rewritten(FLOORS, read_floors(floors_file), FIGURES, raise_all=False, lower="coded-reports.events.span")
    assert changes == ["coded-reports.events.span: 0.58 → 0.57"]
    assert text == FLOORS.replace("0.58", "0.57")


def test_floors_of_another_file_are_not_measured(floors_file: Path, tmp_path: Path) -> None:
    (tmp_path / "gold").mkdir()
    with pytest.raises(Unmeasurable, match="is missing"):
        measure(read_floors(floors_file), tmp_path)
    (tmp_path / "gold" / "dev.jsonl").write_text("{}", encoding="utf-8")
    with pytest.raises(Unmeasurable, match="has changed since its floors were set"):
        measure(read_floors(floors_file), tmp_path)


def test_floors_are_skipped_without_the_shared_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert floors_main(["--shared", str(tmp_path / "none")]) == 0
    assert "floors not checked" in capsys.readouterr().out


def test_pinned_floors_are_readable_and_fingerprinted() -> None:
    sets = read_floors()
    assert {each.name for each in sets} <= set(MEASURES)
    assert all(len(each.sha256) == 64 and each.floors for each in sets)


def test_tags_are_cut_into_spans() -> None:
    assert cut(["B-cue", "I-cue", "B-cue", "O", "I-source", "I-cue"]) == {
        (0, 2, "cue"),
        (2, 3, "cue"),
        (4, 5, "source"),
        (5, 6, "cue"),
    }
    tally = Tally()
    tally.add(cut(["B-cue", "I-cue", "O"]), cut(["B-cue", "O", "B-cue"]))
    assert tally.figures("cue") == (0.0, 0.0, 0.0)
    assert (tally.gold["cue"], tally.found["cue"]) == (1, 2)
