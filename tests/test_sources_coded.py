"""Documents that are coded already: text and record in one JSON line."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from written_inputs import DENIAL, ENGLISH, put

from melian.errors import DateError, InputError, MissingInput, UnreadableInput
from melian.records import Actor, CodedDocument, Event, Statement, to_json
from melian.sources import read_coded
from melian.sources.tables.coded_lines import is_coded

TEXT = f"{ENGLISH} {DENIAL}"
CODED = CodedDocument(
    doc_id="talks",
    published="2022-01-21",
    published_from="given",
    title="Talks",
    outlet="Wire",
    events=(Event(type="REJECT", source=(Actor(id="RUS", span=(0, 6)),), evidence=(0, 35), also=((74, 80),)),),
    statements=(Statement(act="DENY", speaker=(Actor(id="RUS"),), content=(81, len(TEXT)), cue=(81, 87)),),
)


def line(**changed: Any) -> str:
    """The document above as a line with its text, some fields changed; `...` takes a field away."""
    fields = {**msgspec.json.decode(to_json(CODED)), "text": TEXT, **changed}
    return json.dumps({name: value for name, value in fields.items() if value is not ...}) + "\n"


def event(**changed: Any) -> list[dict[str, Any]]:
    return [{**msgspec.json.decode(to_json(CODED))["events"][0], **changed}]


def statement(**changed: Any) -> list[dict[str, Any]]:
    return [{**msgspec.json.decode(to_json(CODED))["statements"][0], **changed}]


@pytest.mark.parametrize("name", ["coded.jsonl", "coded.ndjson.gz", "coded"])
def test_text_and_record_are_read_together(tmp_path: Path, name: str) -> None:
    raw = (line() + "\n" + line(doc_id="two", licence="passed over")).encode()
    path = put(tmp_path, name, gzip.compress(raw) if name.endswith(".gz") else raw)
    one, two = read_coded([path])
    assert isinstance(one, tuple)
    document, coded = one
    assert coded == CODED
    assert (document.text, document.doc_id, document.published, document.title) == (TEXT, "talks", "2022-01-21", "Talks")
    assert document.origin == f"{path}:1"
    assert document.digest is not None
    assert isinstance(two, tuple)
    assert (two[0].doc_id, two[0].origin) == ("two", f"{path}:3")


def test_a_day_that_the_coder_found_is_not_the_documents(tmp_path: Path) -> None:
    lines = line(published_from="dateline") + line(published_from="none") + line(published=None, published_from="none")
    found = [each for each in read_coded([put(tmp_path, "a.jsonl", lines)]) if isinstance(each, tuple)]
    assert [(document.published, coded.published, coded.published_from) for document, coded in found] == [
        (None, "2022-01-21", "dateline"),
        ("2022-01-21", "2022-01-21", "given"),
        (None, None, "none"),
    ]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("{broken", "not a JSON object"),
        (line(text=...), 'no "text"'),
        (line(doc_id=...), "`doc_id`"),
        (line(events=..., statements=...), "neither events nor statements"),
        (line(events=7), "$.events"),
        (line(events=event(type="QUARREL")), "events[0].type is 'QUARREL'"),
        (line(events=event(mode="loudly")), "events[0].mode is 'loudly'"),
        (line(events=event(realis="perhaps")), "realis"),
        (line(events=event(evidence=[0, len(TEXT) + 1])), f"events[0].evidence is [0, {len(TEXT) + 1}]"),
        (line(events=event(evidence=[5, 5])), "not inside the text"),
        (line(events=event(evidence=[-3, 5])), "not inside the text"),
        (line(events=event(also=[[0, 5], [900, 910]])), "events[0].also is [900, 910]"),
        (line(events=event(target=[{"id": "USA", "span": [0, 999]}])), "events[0].target is [0, 999]"),
        (line(statements=statement(act="MUTTER")), "statements[0].act is 'MUTTER'"),
        (line(statements=statement(condition=[0, 999])), "statements[0].condition is [0, 999]"),
        (line(abstained=[{"type": "AGREE", "evidence": [0, 999], "score": 0.4, "why": "doubt"}]), "abstained[0].evidence"),
        (line(text=ENGLISH[:40]), "of the same report?"),
        (line(published="21/1/2022"), "not a date"),
    ],
)
def test_a_bad_line_is_named_and_the_next_is_read(tmp_path: Path, bad: str, said: str) -> None:
    path = put(tmp_path, "a.jsonl", bad.rstrip("\n") + "\n" + line())
    error, good = read_coded([path])
    assert isinstance(error, UnreadableInput | DateError)
    assert said in str(error)
    assert error.where == f"{path}:1"
    assert isinstance(good, tuple)


def test_inputs_that_hold_no_lines(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", ENGLISH)
    for given in (tmp_path, tmp_path / "gone.jsonl"):
        (error,) = read_coded([given])
        assert isinstance(error, MissingInput)
    (error,) = read_coded(["https://example.org/coded.jsonl"])
    assert isinstance(error, InputError)


def test_a_coded_line_is_recognised() -> None:
    assert is_coded(line().encode())
    assert is_coded(b'{"text": "x", "statements": []}')
    assert not is_coded(b'{"text": "x"}')
    assert not is_coded(b"{broken")
    assert not is_coded(b"\xff\xfe")
