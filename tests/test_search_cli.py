"""`melian search`, as a person types it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
import typer
from test_search import STRAIT, TALKS, TROOPS, report
from typer.testing import CliRunner, Result

from melian.cli.search import search
from melian.crisis import copies
from melian.crisis import search as full_text
from melian.crisis.record import store
from melian.crisis.record.rows import add
from melian.records import CodedDocument

app = typer.Typer()
app.command()(search)
app.callback()(lambda: None)  # so that the command is called by its name


@pytest.fixture(scope="module")
def crisis(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("search") / "strait.crisis"
    story = f"{STRAIT}\n\n{TROOPS}"
    documents = [
        report(story, "Ships pass the  strait", outlet="Post"),
        report(story, outlet="Herald"),
        report(story, outlet="Courier"),
        report(TALKS, "Talks in Ankara", "2022-02-12"),
    ]
    store.create(path)
    with store.writing(path) as connection:
        ids = add(connection, [(each, CodedDocument(doc_id="", published=each.published)) for each in documents])
        copies.update(connection, ids)
        full_text.update(connection, ids)
    return path


def run(crisis: Path, *words: str, exits: int = 0) -> Result:
    result = CliRunner().invoke(app, ["search", str(crisis), *words])
    assert result.exit_code == exits, result.output
    return result


def test_hits_are_marked_and_copies_counted(crisis: Path) -> None:
    lines = run(crisis, "ships", "border").stdout.splitlines()
    assert lines[0].endswith("2022-01-10 · Post")
    assert lines[1] == "  »Ships« pass the strait"
    assert "two »ships« through the strait" in lines[2]
    assert "near the »border«, officials" in " ".join(lines[2:])
    assert lines[-1] == "    and 2 copies"


def test_copies_one_by_one(crisis: Path) -> None:
    assert run(crisis, "border", "--copies").stdout.count("»border«") == 3


def test_a_limit_is_told(crisis: Path) -> None:
    result = run(crisis, "strait", "--limit", "1")
    assert "the best 1; --limit 0 shows all" in result.stderr
    assert run(crisis, "strait", "--limit", "0").stderr == ""


def test_json_has_the_places_of_the_words(crisis: Path) -> None:
    found = [json.loads(line) for line in run(crisis, '"security guarantees"', "--json").stdout.splitlines()]
    assert [hit["title"] for hit in found] == ["Talks in Ankara"]
    (snippet,) = found[0]["snippets"]
    assert [TALKS[start:stop] for start, stop in snippet["marks"]] == ["security guarantees"]


def test_csv_has_one_line_a_report(crisis: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run(crisis, "strait", "--csv", "--from", "2022-02").stdout)))
    assert [(row["published"], row["title"], row["copies"]) for row in rows] == [("2022-02-12", "Talks in Ankara", "0")]


def test_nothing_found_is_no_error_and_says_why(crisis: Path) -> None:
    result = run(crisis, "zyzzyva")
    assert result.stdout == ""
    assert "no report has zyzzyva" in result.stderr


def test_common_words_are_told(crisis: Path) -> None:
    assert "left out as too common or too long: the" in run(crisis, "the strait").stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [('"the strait', "does not close"), ("the", "too common"), ("", "nothing to search for")],
)
def test_what_cannot_be_asked_ends_with_a_reason(crisis: Path, words: str, message: str) -> None:
    assert message in run(crisis, words, exits=1).stderr


def test_no_record(tmp_path: Path) -> None:
    assert "melian new" in run(tmp_path / "none.crisis", "strait", exits=1).stderr


def test_csv_and_json_exclude_each_other(crisis: Path) -> None:
    run(crisis, "strait", "--csv", "--json", exits=2)
