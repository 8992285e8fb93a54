"""`melian judge` and `melian judgements`, as a person types them, on a record of three reports."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import typer
from test_judgements_record import PLEA, REPORTS, TALKS, WAR, doc, find, ids, row
from typer.testing import CliRunner, Result

from melian.cli.judge import judge
from melian.cli.judgements import judgements
from melian.crisis.record import store, upkeep
from melian.crisis.record.rows import add

app = typer.Typer()
app.command()(judge)
app.command()(judgements)


@pytest.fixture
def crisis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MELIAN_ANALYST", "Ana")
    path = tmp_path / "strait.crisis"
    store.create(path)
    with store.writing(path) as connection:
        upkeep.update(connection, add(connection, REPORTS))
    return path


def run(command: str, crisis: Path, *words: str, given: str | None = None, exits: int = 0) -> Result:
    result = CliRunner().invoke(app, [command, str(crisis), *words], input=given)
    assert result.exit_code == exits, result.output
    return result


def known(crisis: Path, table: str, kind: str) -> str:
    with store.reading(crisis) as connection:
        return find(connection, table, kind)


def there(crisis: Path, table: str = "events") -> set[str]:
    with store.reading(crisis) as connection:
        return ids(connection, table)


def test_reject_and_undo(crisis: Path) -> None:
    attack = known(crisis, "events", "ASSAULT")
    result = run("judge", crisis, "reject", f"e{attack}", "--note", "no attack is told")
    (made,) = result.stdout.split()
    assert attack not in there(crisis)
    assert "1 judgement by Ana: reject" in result.stderr
    assert "reject\te" + attack in run("judgements", crisis).stdout
    run("judge", crisis, "undo")
    assert attack in there(crisis)
    listed = [line.split("\t") for line in run("judgements", crisis).stdout.splitlines()]
    assert [(line[0], line[3], line[8]) for line in listed] == [(made, "reject", "undone"), (listed[1][0], "undo", "")]
    assert listed[1][4] == made
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", line[1]) for line in listed)


def test_correct_several_fields_at_once(crisis: Path) -> None:
    meeting = known(crisis, "events", "CONSULT")
    words = ["--field", "target", "--value", "UKR", "--field", "evidence", "--value", "Kyiv was told by telephone"]
    run("judge", crisis, "correct", meeting, *words, "--field", "date", "--value", "null", "--by", "Bo")
    with store.reading(crisis) as connection:
        found = row(connection, meeting)
    assert ([party["id"] for party in found["target"]], found["date"]) == (["UKR"], None)
    assert TALKS[found["start"] : found["stop"]] == "Kyiv was told by telephone"
    shown = run("judgements", crisis).stdout
    assert "\tBo\tcorrect\te" + meeting + "\ttarget\tUKR:GOV\t" in shown
    assert "\tdate\tnone\t" in shown


def test_add_an_event(crisis: Path) -> None:
    words = [
        "--field",
        "type",
        "--value",
        "CONSULT",
        "--field",
        "evidence",
        "--value",
        "Kyiv was told",
        "--field",
        "target",
        "--value",
        "UKR",
    ]
    run("judge", crisis, "add", f"t{doc(TALKS)}", *words)
    assert len(there(crisis) - there(crisis, "coded_events")) == 1
    assert "\tevidence [58,71]; target UKR:GOV; type CONSULT\t" in run("judgements", crisis).stdout


def test_ids_from_standard_input(crisis: Path) -> None:
    rows = "\n".join(json.dumps({"id": f"e{each}", "type": "?"}) for each in sorted(there(crisis)))
    assert len(run("judge", crisis, "reject", "-", given=rows).stdout.split()) == 4
    assert not there(crisis)
    lines = "\n".join(f"e{each}\twords" for each in sorted(there(crisis, "coded_events")))
    run("judge", crisis, "accept", "-", given=lines)
    assert len(there(crisis)) == 4
    assert "no ids in it" in run("judge", crisis, "accept", "-", given="\n", exits=1).stderr


def test_errors_say_what_can_be_done(crisis: Path) -> None:
    meeting = known(crisis, "events", "CONSULT")
    assert (
        "there are AGREE, CONSULT"
        in run("judge", crisis, "correct", meeting, "--field", "type", "--value", "TALK", exits=1).stderr
    )
    assert "is none of accept, reject" in run("judge", crisis, "praise", meeting, exits=2).stderr
    assert "every --field needs its --value" in run("judge", crisis, "correct", meeting, "--field", "type", exits=2).stderr
    assert "no such file" in run("judgements", crisis, "--import", "missing.jsonl", exits=1).stderr
    run("judgements", crisis, "--import", "x", "--agreement", exits=2)


def test_two_analysts(crisis: Path, tmp_path: Path) -> None:
    other = tmp_path / "bo.crisis"
    other.write_bytes(crisis.read_bytes())
    everything = sorted(there(crisis))
    run("judge", crisis, "accept", *everything)
    run("judge", other, "reject", everything[0], "--by", "Bo")
    run("judge", other, "accept", *everything[1:], "--by", "Bo")
    file = tmp_path / "bo.jsonl"
    assert "4 judgements in" in run("judgements", other, "--export", str(file)).stderr
    assert "4 new, 0 known already" in run("judgements", crisis, "--import", str(file)).stderr
    assert "0 new, 4 known already" in run("judgements", crisis, "--import", str(file)).stderr
    (line,) = run("judgements", crisis, "--agreement").stdout.splitlines()
    assert line.split("\t")[:6] == ["event", "accept or reject", "Ana and Bo", "4", "75.0%", "0.000"]
    (found,) = map(json.loads, run("judgements", crisis, "--agreement", "--json").stdout.splitlines())
    assert found["kappa"] == {"value": 0.0, "n": 4, "note": None}
    assert len(run("judgements", crisis, "--json").stdout.splitlines()) == 8


def test_judgements_wait_for_a_document_that_is_not_here(crisis: Path, tmp_path: Path) -> None:
    run("judge", crisis, "reject", known(crisis, "events", "ASSAULT"))
    file, elsewhere = tmp_path / "ana.jsonl", tmp_path / "elsewhere.crisis"
    run("judgements", crisis, "--export", str(file))
    store.create(elsewhere)
    with store.writing(elsewhere) as connection:
        upkeep.update(connection, add(connection, [each for each in REPORTS if each[0].text == PLEA]))
    assert "1 wait for a document" in run("judgements", elsewhere, "--import", str(file)).stderr
    assert json.loads(run("judgements", elsewhere, "--json").stdout)["state"] == "waits"
    with store.writing(elsewhere) as connection:
        upkeep.update(connection, add(connection, [each for each in REPORTS if each[0].text == WAR]))
    assert json.loads(run("judgements", elsewhere, "--json").stdout)["state"] == "stands"
    assert len(there(elsewhere)) == 2


def test_an_empty_list_says_what_to_do(crisis: Path) -> None:
    assert "make one with: melian judge" in run("judgements", crisis).stderr
    assert "no two analysts" in run("judgements", crisis, "--agreement").stderr
    assert "no judgements to write" in run("judgements", crisis, "--export", "-").stderr


def test_a_party_that_nobody_knows_is_told_and_kept(crisis: Path) -> None:
    event = sorted(there(crisis))[0]
    result = run("judge", crisis, "correct", event, "--field", "source", "--value", "Narnia")
    assert "source: Nobody in this record or in the tables of names is called Narnia" in " ".join(result.stderr.split())
    assert len(result.stdout.splitlines()) == 1
    again = run("judge", crisis, "correct", event, "--field", "source", "--value", "Russia")
    assert "Nobody" not in again.stderr
