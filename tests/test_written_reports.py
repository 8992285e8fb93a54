"""The project's own coded reports: their marks, the errors a writer meets, and the files themselves."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest

from melian.codebook import REALIS, acts, event_types, modes, sectors
from melian.language.tokens import split_sentences, split_words
from training import written_reports
from training.written_reports import MarkError, read_report, read_reports, span_of, unmark

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted(path for kind in ("*.jsonl", "*.sheets") for path in (ROOT / "training" / "written").glob(kind))
GOLD = ROOT.parent / "shared" / "gold"
RELATIONS = ROOT.parent / "shared" / "data" / "relations"
REPORT: dict[str, Any] = {
    "doc_id": "t-1",
    "published": "1962-10-24",
    "text": "⟦E1 ⟦E2 Soviet⟧ Premier Nikita Khrushchev⟧ told ⟦E3 Washington⟧ that ⟦E1 he⟧ would not yield.",
    "entities": {
        "E1": {"id": "SUN", "sector": "GOV", "name": "Nikita Khrushchev", "role": "Premier", "kind": "person"},
        "E2": {"id": "SUN", "sector": "GOV", "name": None, "role": None, "kind": "polity"},
        "E3": {"id": "USA", "sector": "GOV", "name": None, "role": None, "kind": "polity"},
    },
    "events": [{"type": "REJECT", "mode": "refuse", "source": ["E1"], "target": ["E3"], "evidence": "he would not yield"}],
    "statements": [
        {"act": "REJECT", "speaker": ["E1"], "addressee": ["E3"], "content": "he would not yield", "quote": "indirect"}
    ],
}


def test_marks_nest_and_are_taken_out() -> None:
    text, mentions = unmark("⟦E1 ⟦E2 Soviet⟧ Premier⟧ left ⟦E3 Kyïv⟧.")
    assert text == "Soviet Premier left Kyïv."
    assert [(text[a:b], key) for a, b, key in mentions] == [("Soviet", "E2"), ("Soviet Premier", "E1"), ("Kyïv", "E3")]


@pytest.mark.parametrize(
    ("marked", "message"),
    [
        ("⟦Russia⟧ left", "mark without a key"),
        ("⟦E1 Russia left", "E1 is never closed"),
        ("Russia⟧ left", "closes nothing"),
    ],
)
def test_wrong_marks(marked: str, message: str) -> None:
    with pytest.raises(MarkError, match=message):
        unmark(marked)


def test_words_become_spans() -> None:
    assert span_of("no", "no and no", "content") == [0, 2]
    assert span_of(["no", 2], "no and no", "content") == [7, 9]


@pytest.mark.parametrize(
    ("words", "message"),
    [("yes", "does not stand"), (["no", 3], "only 2 times"), (None, "must be words"), (" ", "must be words")],
)
def test_words_that_are_no_span(words: Any, message: str) -> None:
    with pytest.raises(MarkError, match=f"content.*{message}"):
        span_of(words, "no and no", "content")


def test_a_report_in_the_exchange_format() -> None:
    found = read_report(REPORT)
    text = found["text"]
    assert text == "Soviet Premier Nikita Khrushchev told Washington that he would not yield."
    event, statement = found["events"][0], found["statements"][0]
    assert text[slice(*event["evidence"])] == text[slice(*statement["content"])] == "he would not yield"
    assert (event["realis"], event["source"][0]["name"], event["target"][0]["id"]) == ("actual", "Nikita Khrushchev", "USA")
    assert (statement["condition"], statement["about"]) == (None, [])
    assert {text[m["start"] : m["end"]] for m in found["mentions"] if m["entity"] == "E1"} == {
        "Soviet Premier Nikita Khrushchev",
        "he",
    }


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("events", 0, "type"), "ANNOY", "event 1: type 'ANNOY'"),
        (("events", 0, "mode"), "sulk", "event 1: mode 'sulk' is not one of"),
        (("events", 0, "realis"), "perhaps", "event 1: realis 'perhaps'"),
        (("events", 0, "source"), ["E9"], r"event 1 names \['E9'\]"),
        (("events", 0, "evidence"), "she left", "event 1 evidence 'she left' does not stand"),
        (("statements", 0, "act"), "SIGH", "statement 1: act 'SIGH'"),
        (("statements", 0, "quote"), "sung", "statement 1: quote 'sung'"),
        (("statements", 0, "condition"), "if asked", "statement 1 condition"),
        (("entities", "E1", "sector"), "KING", "E1: sector 'KING' is not one of"),
        (("entities", "E1", "kind"), "thing", "E1: kind 'thing' is not one of"),
        (("text",), "⟦E7 Moscow⟧ left: he would not yield", r"mentions name \['E7'\]"),
    ],
)
def test_what_is_wrong_is_named(path: tuple[Any, ...], value: Any, message: str) -> None:
    raw = copy.deepcopy(REPORT)
    at = raw
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    with pytest.raises(MarkError, match=message):
        read_report(raw)


def test_errors_name_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "w.jsonl"
    path.write_text(json.dumps(REPORT) + "\n\n{\n", encoding="utf-8")
    with pytest.raises(MarkError, match=r"w\.jsonl:3: "):
        read_reports(path)


def test_vocabulary_is_the_codebooks() -> None:
    assert {t: tuple(m.split()) for t, m in written_reports.TYPES.items()} == {t: modes(t) for t in event_types()}
    assert tuple(written_reports.ACTS) == acts()
    assert tuple(written_reports.REALIS) == REALIS
    assert tuple(written_reports.SECTORS) == sectors()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_files_are_valid(path: Path) -> None:
    reports = read_reports(path)
    assert reports
    assert len({r["doc_id"] for r in reports}) == len(reports)
    for report in reports:
        assert report["published"] is None or re.fullmatch(r"\d{4}-\d\d-\d\d", report["published"]), report["doc_id"]
        assert not set("⟦⟧") & set(report["text"])


def sentences(text: str) -> set[str]:
    """Sentences of eight words and more as letters and digits only: shorter ones may well be written twice."""
    spans = split_words(text)
    long = (text[spans[a][0] : spans[b - 1][1]] for a, b in split_sentences(text, spans) if b - a >= 8)
    return {re.sub(r"[\W_]+", "", sentence.lower()) for sentence in long}


@pytest.mark.skipif(not (GOLD.is_dir() and RELATIONS.is_dir()), reason="the shared data are not at hand")
def test_no_sentence_is_a_benchmarks() -> None:
    theirs = {
        sentence: json.loads(line)["doc_id"]
        for name in ("dev.jsonl", "train.jsonl")
        for line in (GOLD / name).read_text(encoding="utf-8").splitlines()
        for sentence in sentences(json.loads(line)["text"])
    }
    for name, column in (("plv_train.tsv", 1), ("cameo_class_train.tsv", 0)):
        for line in (RELATIONS / name).read_text(encoding="utf-8").splitlines():
            theirs |= dict.fromkeys(sentences(line.split("\t")[column]), name)
    assert theirs
    copied = [
        f"{report['doc_id']} has a sentence of {theirs[sentence]}"
        for path in FILES
        for report in read_reports(path)
        for sentence in sentences(report["text"])
        if sentence in theirs
    ]
    assert not copied
