"""Judgements in a record: what they do to its tables, that order does not matter, and what becomes of them when documents change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import duckdb
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from report_sample import BIDEN, LAVROV, NATO, RUS, UKR, USA, at, event, said

from melian.crisis.judgements import Judgement, export, join, judge, of_record, prepare, rebind, update
from melian.crisis.judgements.exchange import read
from melian.crisis.judgements.judgement import made
from melian.crisis.ledger.standing.stand import TURNS
from melian.crisis.record import schema
from melian.crisis.record.rows import add, add_records, document_id, fetch, hex_id, number
from melian.errors import CodebookError, DateError, RecordError, UnknownId, UnreadableInput
from melian.records import CodedDocument, Document, Event, Statement

NOW = datetime(2022, 3, 1, 9, tzinfo=UTC)
PLEA = "Russia demanded that NATO withdraw its troops from the east. Lavrov said that he would wait."
TALKS = "Antony Blinken and Sergey Lavrov met in Geneva on Friday. Kyiv was told by telephone."
WAR = "Russia attacked Ukraine on Thursday. Biden said that sanctions would follow."
Report = tuple[Document, CodedDocument]


def report(text: str, published: str, *records: Event | Statement) -> Report:
    coded = CodedDocument(
        doc_id=text[:6],
        published=published,
        events=tuple(record for record in records if isinstance(record, Event)),
        statements=tuple(record for record in records if isinstance(record, Statement)),
    )
    return Document(doc_id=text[:6], text=text, published=published, published_from="given"), coded


DEMAND = event(PLEA, "Russia demanded that NATO withdraw its troops from the east", "REQUEST", [RUS], [NATO], mode="demand")
WITHDRAWAL = event(PLEA, "withdraw its troops from the east", "RETREAT", [NATO], mode="withdraw", realis="demanded")
PATIENCE = said(PLEA, "he would wait", "PROMISE", [LAVROV])
MEETING = event(TALKS, "Antony Blinken and Sergey Lavrov met in Geneva", "CONSULT", [USA, RUS], mode="meeting", place="Geneva",
                place_country="CHE", date="2022-01-21")  # fmt: skip
ATTACK = event(WAR, "Russia attacked Ukraine", "ASSAULT", [RUS], [UKR], score=0.4)
SANCTIONS = said(WAR, "sanctions would follow", "THREATEN", [BIDEN])
REPORTS = [
    report(PLEA, "2022-01-14", DEMAND, WITHDRAWAL, PATIENCE),
    report(TALKS, "2022-01-22", MEETING),
    report(WAR, "2022-02-25", ATTACK, SANCTIONS),
]


def record(reports: Sequence[Report] = REPORTS) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    schema.create(connection)
    add(connection, reports)
    return connection


@pytest.fixture
def crisis() -> duckdb.DuckDBPyConnection:
    return record()


def doc(text: str) -> str:
    return next(document_id(document) for document, _ in REPORTS if document.text == text)


def find(connection: duckdb.DuckDBPyConnection, table: str, kind: str) -> str:
    """The id of the only event of a type or statement of an act."""
    field = "act" if "statements" in table else "type"
    ((found,),) = connection.execute(f"SELECT id FROM {table} WHERE {field} = ?", [kind]).fetchall()
    return hex_id(found)


def row(connection: duckdb.DuckDBPyConnection, record_id: str, table: str = "events") -> dict[str, Any]:
    (found,) = fetch(connection, f"SELECT * FROM {table} WHERE id = ?", [number(record_id)])
    return found


def say(
    connection: duckdb.DuckDBPyConnection, kind: Any, *ids: str, by: str = "Ana", minute: int = 0, **more: Any
) -> list[Judgement]:
    judgements = prepare(connection, kind, ids, by, when=NOW + timedelta(minutes=minute), **more)
    judge(connection, judgements)
    return judgements


def ids(connection: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    return {hex_id(key) for (key,) in connection.execute(f"SELECT id FROM {table}").fetchall()}


def pairs(connection: duckdb.DuckDBPyConnection, table: str) -> set[tuple[str, str]]:
    return {(hex_id(a), hex_id(b)) for a, b in connection.execute(f"SELECT a, b FROM {table}").fetchall()}


# --- what judgements do --------------------------------------------------------------------------------------------------


def test_a_rejected_record_counts_no_more_until_it_is_accepted_again(crisis: duckdb.DuckDBPyConnection) -> None:
    attack, threat = find(crisis, "events", "ASSAULT"), find(crisis, "statements", "THREATEN")
    say(crisis, "reject", f"e{attack}", threat)
    assert attack not in ids(crisis, "events")
    assert threat not in ids(crisis, "statements")
    assert attack in ids(crisis, "coded_events")
    say(crisis, "accept", attack, by="Bo", minute=1)
    assert attack in ids(crisis, "events")
    assert threat not in ids(crisis, "statements")


def test_who_accepts_a_record_stands_for_it(crisis: duckdb.DuckDBPyConnection) -> None:
    attack = find(crisis, "events", "ASSAULT")
    say(crisis, "accept", attack)
    found = row(crisis, attack)
    assert (found["score"], found["why"][-1]) == (None, "accepted by Ana on 2022-03-01")
    assert {**found, "score": 0, "why": 0} == {**row(crisis, attack, "coded_events"), "score": 0, "why": 0}
    say(crisis, "undo")
    assert row(crisis, attack) == row(crisis, attack, "coded_events")


def test_a_correction_changes_its_fields_and_keeps_the_id(crisis: duckdb.DuckDBPyConnection) -> None:
    meeting = find(crisis, "events", "CONSULT")
    values = {
        "type": "REQUEST",
        "mode": "appeal",
        "evidence": "Kyiv was told by telephone",
        "target": [{"id": "UKR", "sector": "GOV"}],
    }
    say(crisis, "correct", meeting, values=values)
    say(crisis, "correct", meeting, values={"place": "Kyiv", "date": "2022-01-20"}, by="Bo")
    found = row(crisis, meeting)
    assert (found["type"], found["mode"], found["place"], found["place_country"]) == ("REQUEST", "appeal", "Kyiv", "UKR")
    assert TALKS[found["start"] : found["stop"]] == "Kyiv was told by telephone"
    assert [party["id"] for party in found["target"]] == ["UKR"]
    assert (found["date"], str(found["first"]), str(found["last"]), found["dated"]) == (
        "2022-01-20",
        "2022-01-20",
        "2022-01-20",
        True,
    )
    assert [party["id"] for party in found["source"]] == ["USA", "RUS"]
    assert "type corrected by Ana on 2022-03-01" in found["why"]
    assert row(crisis, meeting, "coded_events")["type"] == "CONSULT"
    say(crisis, "correct", meeting, values={"date": None}, minute=1)
    found = row(crisis, meeting)
    assert (found["date"], str(found["first"]), found["dated"]) == (None, "2022-01-22", False)


def test_a_statement_is_corrected(crisis: duckdb.DuckDBPyConnection) -> None:
    promise = find(crisis, "statements", "PROMISE")
    say(
        crisis,
        "correct",
        promise,
        values={"act": "ASSERT", "quote": "direct", "condition": None, "addressee": [{"id": "NATO"}]},
    )
    found = row(crisis, promise, "statements")
    assert (found["act"], found["quote"], [party["id"] for party in found["addressee"]]) == ("ASSERT", "direct", ["NATO"])


def test_an_event_that_the_machine_missed_is_added(crisis: duckdb.DuckDBPyConnection) -> None:
    values = {
        "type": "CONSULT",
        "mode": "call",
        "evidence": "Kyiv was told by telephone",
        "source": [{"id": "USA"}],
        "target": [{"id": "UKR"}],
    }
    (added,) = say(crisis, "add", f"t{doc(TALKS)}", values=values)
    found = row(crisis, added.about[0])
    assert (found["type"], found["mode"], hex_id(found["doc"]), found["score"]) == ("CONSULT", "call", doc(TALKS), None)
    assert str(found["first"]) == "2022-01-22"
    assert found["why"] == ["added by Ana on 2022-03-01"]
    (again,) = say(crisis, "add", doc(TALKS), values=values, by="Bo")
    assert again.about == added.about
    say(crisis, "correct", added.about[0], values={"mode": "visit"}, minute=1)
    assert row(crisis, added.about[0])["mode"] == "visit"
    say(crisis, "undo", added.id, minute=2)
    assert added.about[0] in ids(crisis, "events")  # Bo says so still
    say(crisis, "undo", again.id, minute=3)
    assert added.about[0] not in ids(crisis, "events")


def test_a_statement_is_added(crisis: duckdb.DuckDBPyConnection) -> None:
    values = {"act": "ASSERT", "content": "Kyiv was told", "speaker": [{"id": "USA"}]}
    (added,) = say(crisis, "add", doc(TALKS), values=values)
    assert row(crisis, added.about[0], "statements")["act"] == "ASSERT"


def test_a_document_stands_for_its_records(crisis: duckdb.DuckDBPyConnection) -> None:
    judgements = say(crisis, "reject", f"t{doc(PLEA)}")
    assert [(each.what, len(each.about)) for each in judgements] == [("event", 2), ("statement", 1)]
    assert ids(crisis, "events") == ids(crisis, "coded_events") - set(judgements[0].about)


def test_undo_takes_back_the_analysts_last_step_by_step(crisis: duckdb.DuckDBPyConnection) -> None:
    attack, meeting = find(crisis, "events", "ASSAULT"), find(crisis, "events", "CONSULT")
    say(crisis, "reject", attack)
    say(crisis, "reject", meeting, minute=1)
    say(crisis, "reject", find(crisis, "events", "RETREAT"), by="Bo", minute=2)
    (undo,) = say(crisis, "undo", minute=3)
    assert meeting in ids(crisis, "events")
    assert attack not in ids(crisis, "events")
    say(crisis, "undo", minute=4)
    assert attack in ids(crisis, "events")
    say(crisis, "undo", undo.id, minute=5)
    assert meeting not in ids(crisis, "events")
    say(crisis, "undo", f"j{undo.id}", by="Bo", minute=6)  # what is undone already can be so twice
    say(crisis, "undo", minute=7)
    with pytest.raises(RecordError, match="no judgement by Ana to undo"):
        prepare(crisis, "undo", [], "Ana")


def test_merges_and_splits_link_events(crisis: duckdb.DuckDBPyConnection) -> None:
    a, b, c = sorted(ids(crisis, "events"))[:3]
    say(crisis, "merge", a, b, c)
    assert pairs(crisis, "joined") == {(a, b), (a, c)}
    say(crisis, "split", c, b, minute=1)
    assert (pairs(crisis, "joined"), pairs(crisis, "parted")) in [({(a, b)}, {(b, c)}), ({(a, c)}, {(b, c)})]
    say(crisis, "reject", a, minute=2)
    assert (pairs(crisis, "joined"), pairs(crisis, "parted")) == (set(), {(b, c)})
    say(crisis, "undo", minute=3)
    say(crisis, "undo", minute=4)
    assert (pairs(crisis, "joined"), pairs(crisis, "parted")) == ({(a, b), (a, c)}, set())


def test_an_incident_stands_for_its_tellings(crisis: duckdb.DuckDBPyConnection) -> None:
    a, b, c, d = sorted(ids(crisis, "events"))
    documents = {hex_id(r["id"]): r["doc"] for r in fetch(crisis, "SELECT id, doc FROM events")}
    crisis.execute("DELETE FROM incident_tellings")
    for incident, telling in ((a, a), (a, b), (a, c), (d, d)):
        crisis.execute(
            "INSERT INTO incident_tellings (incident, event, doc, score, why) VALUES (?, ?, ?, 1, '')",
            [number(incident), number(telling), documents[telling]],
        )
    (merge,) = prepare(crisis, "merge", [f"i{a}", f"e{d}"], "Ana")
    assert merge.about == (a, b, c, d)
    for out_of in ([f"e{b}"], [f"e{b}", f"i{a}"], [f"i{a}", f"e{b}"]):
        (split,) = prepare(crisis, "split", out_of, "Ana")
        assert split.about == (b, a, c)
    (apart,) = prepare(crisis, "split", [f"i{a}", f"i{d}"], "Ana")
    assert apart.about == (d, a, b, c)
    (reject,) = prepare(crisis, "reject", [f"i{a}"], "Ana")
    assert reject.about == (a, b, c)
    (correct,) = prepare(crisis, "correct", [f"i{b}"], "Ana", values={"place": "Geneva"})
    assert correct.about == (a, b, c)
    with pytest.raises(RecordError, match="one by one"):
        prepare(crisis, "correct", [f"i{a}"], "Ana", values={"evidence": [0, 3]})
    with pytest.raises(RecordError, match="something to part"):
        prepare(crisis, "split", [f"e{d}"], "Ana")


def with_entry(crisis: duckdb.DuckDBPyConnection) -> str:
    """A demand in the ledger, told by the one event of its type."""
    key = "00000000000000aa"
    demand = row(crisis, find(crisis, "events", "REQUEST"))
    crisis.execute("DELETE FROM entries")
    crisis.execute(
        'INSERT INTO entries (id, kind, status, words, since, "by", "to", kinds, tellings, sources) '
        "VALUES (?, 'demand', 'standing', 'that NATO withdraw', '2022-01-14', [], [], [], 1, 1)",
        [number(key)],
    )
    crisis.execute(
        "INSERT INTO ledger_claims (kind, head, doc, id, is_event) VALUES ('demand', ?, ?, ?, true)",  # what `entry_tellings` shows
        [number(key) ^ TURNS["demand"], demand["doc"], demand["id"]],
    )
    return key


def test_an_entry_of_the_ledger_is_judged(crisis: duckdb.DuckDBPyConnection) -> None:
    key = with_entry(crisis)
    documents = judge(crisis, prepare(crisis, "reject", [f"d{key}"], "Ana", when=NOW))
    assert documents == [number(doc(PLEA))]
    assert key in ids(crisis, "rejected")
    crisis.execute("DELETE FROM entries")  # it is in the ledger no more
    say(crisis, "accept", f"d{key}", minute=1)
    assert key not in ids(crisis, "rejected")
    say(crisis, "correct", key, values={"status": "partly met"}, minute=2)
    ((entry, field, value, by),) = crisis.execute('SELECT entry, field, value, "by" FROM entry_corrections').fetchall()
    assert (hex_id(entry), field, value, by) == (key, "status", '"partly met"', "Ana")
    with pytest.raises(CodebookError, match=r"status of an entry \(demand\): 'crossed' .* standing, rejected"):
        prepare(crisis, "correct", [key], "Ana", values={"status": "crossed"})
    with pytest.raises(UnknownId, match="is of a ledger entry"):
        prepare(crisis, "accept", [f"r{key}"], "Ana")
    say(crisis, "undo", minute=3)
    assert not crisis.execute("FROM entry_corrections").fetchall()


def test_judging_tells_which_documents_to_update(crisis: duckdb.DuckDBPyConnection) -> None:
    meeting, attack = find(crisis, "events", "CONSULT"), find(crisis, "events", "ASSAULT")
    war, talks = number(doc(WAR)), number(doc(TALKS))
    assert judge(crisis, prepare(crisis, "reject", [meeting], "Ana", when=NOW)) == [talks]
    assert judge(crisis, prepare(crisis, "undo", [], "Ana", when=NOW)) == [talks]
    merge = prepare(crisis, "merge", [meeting, attack], "Ana", when=NOW)
    assert judge(crisis, merge) == sorted([war, talks])
    assert judge(crisis, merge) == []  # known already
    assert judge(crisis, prepare(crisis, "reject", [meeting], "Bo", when=NOW)) == sorted([war, talks])


def test_of_record_has_all_that_was_said_of_it(crisis: duckdb.DuckDBPyConnection) -> None:
    meeting = find(crisis, "events", "CONSULT")
    say(crisis, "note", meeting, note="which Friday?", minute=2)
    say(crisis, "reject", meeting, minute=1)
    say(crisis, "undo", minute=3)
    assert [each.kind for each in of_record(crisis, meeting)] == ["reject", "note", "undo"]


REFUSED: list[tuple[str, list[str], dict[str, Any], type[Exception], str]] = [
    ("accept", [], {}, RecordError, "Give the ids"),
    ("accept", ["e12"], {}, UnknownId, "'e12' is not an id"),
    ("accept", ["0" * 16], {}, UnknownId, "nothing in this record has the id"),
    ("accept", ["MEETING"], {"values": {"type": "REQUEST"}}, RecordError, "takes no field"),
    ("accept", ["sMEETING"], {}, UnknownId, "is of an event"),
    ("correct", ["MEETING"], {}, RecordError, "Fields are: type, mode"),
    ("correct", ["MEETING"], {"values": {"type": "TALK"}}, CodebookError, "'TALK' is not in the codebook"),
    ("correct", ["MEETING"], {"values": {"mode": "treaty"}}, CodebookError, "of type CONSULT: 'treaty'"),
    ("correct", ["MEETING"], {"values": {"date": "Friday"}}, DateError, "'Friday' is not a date"),
    ("correct", ["MEETING"], {"values": {"evidence": [0, 5000]}}, RecordError, "outside the text"),
    ("correct", ["tTALKS"], {"values": {"date": "2022-01-01"}}, RecordError, "no fields"),
    ("merge", ["MEETING"], {}, RecordError, "two events"),
    ("merge", ["MEETING", "tTALKS"], {}, RecordError, "events and incidents"),
    ("note", ["MEETING"], {}, RecordError, "needs its words"),
    ("add", ["MEETING"], {"values": {"type": "CONSULT"}}, RecordError, "needs a document's id"),
    ("add", ["tTALKS"], {"values": {"type": "CONSULT"}}, RecordError, "needs its type and evidence"),
    ("undo", ["0" * 16], {}, UnknownId, "no judgement 0000000000000000 to undo"),
    ("undo", [], {}, RecordError, "no judgement by Ana to undo"),
]


@pytest.mark.parametrize(("kind", "given_", "more", "error", "message"), REFUSED)
def test_what_cannot_hold_is_refused(
    crisis: duckdb.DuckDBPyConnection, kind: Any, given_: list[str], more: dict[str, Any], error: type[Exception], message: str
) -> None:
    named = [each.replace("MEETING", find(crisis, "events", "CONSULT")).replace("TALKS", doc(TALKS)) for each in given_]
    with pytest.raises(error, match=message):
        prepare(crisis, kind, named, "Ana", **more)


def test_judge_refuses_what_was_not_prepared_and_writes_nothing(crisis: duckdb.DuckDBPyConnection) -> None:
    meeting = find(crisis, "events", "CONSULT")
    good = made("accept", [meeting], "Ana", NOW)
    bad = [
        (made("correct", [meeting], "Ana", NOW, field="type", value="TALK"), CodebookError),
        (made("correct", [meeting], "Ana", NOW, field="place", value=" Geneva "), RecordError),
        (made("merge", [meeting, meeting], "Ana", NOW), RecordError),
        (made("accept", ["0" * 16], "Ana", NOW), UnknownId),
        (made("accept", [doc(TALKS)], "Ana", NOW), RecordError),
        (made("undo", [meeting], "Ana", NOW, undoes="0" * 16), UnknownId),
        (
            made("add", [meeting], "Ana", NOW, value={"doc": doc(TALKS), "event": {"type": "AID", "evidence": [0, 3]}}),
            RecordError,
        ),
    ]
    for judgement, error in bad:
        with pytest.raises(error):
            judge(crisis, [good, judgement])
    assert not crisis.execute("FROM judgements").fetchall()
    judge(crisis, [good])
    (stored,) = of_record(crisis, meeting)
    assert (stored.what, stored.reading[0].event and stored.reading[0].event.type) == ("event", "CONSULT")


def test_a_mode_may_be_that_of_the_type_that_is_corrected_with_it(crisis: duckdb.DuckDBPyConnection) -> None:
    meeting = find(crisis, "events", "CONSULT")
    judge(
        crisis,
        [
            made("correct", [meeting], "Ana", NOW, field="type", value="AID"),
            made("correct", [meeting], "Ana", NOW + timedelta(seconds=1), field="mode", value="asylum"),
        ],
    )
    assert row(crisis, meeting)["mode"] == "asylum"


# --- order does not matter -----------------------------------------------------------------------------------------------

TABLES = ("judgements", "undone", "judged", "moved", "rejected", "joined", "parted", "entry_corrections",
          "corrected_events", "corrected_statements")  # fmt: skip


def contents(connection: duckdb.DuckDBPyConnection) -> dict[str, list[Any]]:
    return {table: connection.execute(f"FROM {table} ORDER BY ALL").fetchall() for table in TABLES}


@cache
def template() -> duckdb.DuckDBPyConnection:
    return record()


@st.composite
def histories(draw: st.DrawFn) -> list[Judgement]:
    """Judgements as two analysts make them on one record, undos included."""
    events, statements = sorted(ids(template(), "events")), sorted(ids(template(), "statements"))
    found: list[Judgement] = []
    for minute in range(draw(st.integers(1, 10))):
        kind = draw(st.sampled_from(("accept", "reject", "correct", "statement", "merge", "split", "add", "undo")))
        by, when, more = draw(st.sampled_from(("Ana", "Bo"))), NOW + timedelta(minutes=minute), {}
        some = draw(st.lists(st.sampled_from(events), min_size=2, max_size=3, unique=True))
        if kind == "correct":
            some, more = some[:1], {"values": {"type": draw(st.sampled_from(("AID", "CONSULT", "REJECT")))}}
        elif kind == "statement":
            kind, some, more = "correct", [draw(st.sampled_from(statements))], {"values": {"act": "ASSERT"}}
        elif kind == "add":
            words = draw(st.sampled_from(("Kyiv was told", "Kyiv was told by telephone")))
            some, more = [doc(TALKS)], {"values": {"type": "CONSULT", "evidence": words}}
        elif kind == "undo":
            if found:
                target = draw(st.sampled_from(found))
                found.append(made("undo", target.about, by, when, undoes=target.id, what=target.what))
            continue
        found += prepare(template(), kind, some, by, when=when, **more)
    return found


@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(histories(), st.randoms(), st.integers(1, 4))
def test_any_order_in_any_batches_gives_the_same_tables(history: list[Judgement], random: Any, size: int) -> None:
    once = record()
    judge(once, history)
    shuffled = list(history)
    random.shuffle(shuffled)
    parts = record()
    for start in range(0, len(shuffled), size):
        join(parts, shuffled[start : start + size])
    join(parts, shuffled[:2])
    late = record(())  # the judgements were there before the documents
    join(late, shuffled)
    for each in REPORTS:
        update(late, add(late, [each]))
    assert contents(parts) == contents(once)
    assert contents(late) == contents(once)


# --- export, import ------------------------------------------------------------------------------------------------------


def test_two_analysts_files_are_joined(crisis: duckdb.DuckDBPyConnection) -> None:
    other = record()
    meeting, attack = find(crisis, "events", "CONSULT"), find(crisis, "events", "ASSAULT")
    say(crisis, "correct", meeting, values={"place": "Geneva"})
    say(other, "reject", attack, by="Bo")
    lines = list(export(other))
    outcome = join(crisis, read(lines, "bo.jsonl"), "bo.jsonl")
    assert (outcome.new, outcome.known, outcome.waiting, outcome.documents) == (1, 0, 0, (number(doc(WAR)),))
    again = join(crisis, read(lines, "bo.jsonl"), "bo.jsonl")
    assert (again.new, again.known, again.documents) == (0, 1, ())
    join(other, read(list(export(crisis)), "ana.jsonl"))
    assert contents(crisis) == contents(other)


def test_judgements_wait_for_their_documents(crisis: duckdb.DuckDBPyConnection) -> None:
    meeting, attack = find(crisis, "events", "CONSULT"), find(crisis, "events", "ASSAULT")
    say(crisis, "reject", meeting)
    say(crisis, "merge", attack, find(crisis, "events", "REQUEST"), minute=1)
    say(crisis, "add", doc(TALKS), values={"type": "CONSULT", "evidence": "Kyiv was told"}, minute=2)
    say(crisis, "note", f"t{doc(TALKS)}", note="from the agency", minute=3)
    elsewhere = record(REPORTS[:1])
    outcome = join(elsewhere, read(list(export(crisis)), "ana.jsonl"))
    assert (outcome.new, outcome.waiting) == (4, 4)
    assert len(ids(elsewhere, "orphaned")) == 4
    war = add(elsewhere, REPORTS[2:])
    assert update(elsewhere, war) == sorted([*war, number(doc(PLEA))])  # the merge ties the two
    update(elsewhere, add(elsewhere, REPORTS[1:2]))
    assert not ids(elsewhere, "orphaned")
    assert contents(elsewhere) == contents(crisis)


def test_a_file_that_is_no_export_is_refused_whole(crisis: duckdb.DuckDBPyConnection) -> None:
    meeting = find(crisis, "events", "CONSULT")
    good = made("accept", [meeting], "Bo", NOW, what="event")
    with pytest.raises(UnreadableInput, match=r"bo.jsonl:2: not a judgement"):
        read([msgspec.json.encode(good), b'{"kind": "accept"'], "bo.jsonl")
    bad = made("correct", [meeting], "Bo", NOW, field="type", value="TALK", what="event")
    with pytest.raises(UnreadableInput, match=r"bo.jsonl: type of an event: 'TALK'"):
        join(crisis, [good, bad], "bo.jsonl")
    assert not crisis.execute("FROM judgements").fetchall()


# --- a newer coder -------------------------------------------------------------------------------------------------------


def recode(connection: duckdb.DuckDBPyConnection, text: str, *records: Event | Statement) -> int:
    key = number(doc(text))
    for table in ("coded_events", "coded_statements"):
        connection.execute(f"DELETE FROM {table} WHERE doc = ?", [key])
    add_records(connection, [(key, report(text, str(row_of_document(connection, key)), *records)[1])])
    return key


def row_of_document(connection: duckdb.DuckDBPyConnection, key: int) -> Any:
    ((published,),) = connection.execute("SELECT published FROM documents WHERE id = ?", [key]).fetchall()
    return published


def test_judgements_stay_where_ids_stay(crisis: duckdb.DuckDBPyConnection) -> None:
    meeting = find(crisis, "events", "CONSULT")
    say(crisis, "correct", meeting, values={"place": "Bern"})
    key = recode(crisis, TALKS, msgspec.structs.replace(MEETING, date=None, place="Bern"))
    outcome = rebind(crisis, [key])
    assert outcome.counts() == {"kept": 1, "moved": 0, "orphaned": 0, "corrections that the coder now gets right": 1}
    assert (row(crisis, meeting)["place"], row(crisis, meeting)["date"]) == ("Bern", None)


def test_judgements_move_to_the_record_in_the_old_ones_place(crisis: duckdb.DuckDBPyConnection) -> None:
    old = find(crisis, "events", "CONSULT")
    (correction,) = say(crisis, "correct", old, values={"place": "Bern"})
    (note,) = say(crisis, "note", old, note="so he says", minute=1)
    longer = msgspec.structs.replace(MEETING, evidence=at(TALKS, "Antony Blinken and Sergey Lavrov met in Geneva on Friday"))
    key = recode(crisis, TALKS, longer)
    outcome = rebind(crisis, [key])
    assert (outcome.kept, set(outcome.moved), outcome.orphaned) == ((), {correction.id, note.id}, ())
    new = find(crisis, "events", "CONSULT")
    assert new != old
    assert row(crisis, new)["place"] == "Bern"
    assert [each.id for each in of_record(crisis, new)] == [correction.id, note.id]
    say(crisis, "reject", new, minute=2)
    assert not ids(crisis, "events") & {old, new}
    recode(crisis, TALKS, MEETING)  # and back again
    outcome = rebind(crisis, [key])
    assert len(outcome.kept) == 2
    assert len(outcome.moved) == 1
    assert not ids(crisis, "events") & {old, new}


def test_what_finds_no_place_is_kept_and_tried_again(crisis: duckdb.DuckDBPyConnection) -> None:
    attack = find(crisis, "events", "ASSAULT")
    (accept,) = say(crisis, "accept", attack)
    (merge,) = say(crisis, "merge", attack, find(crisis, "events", "CONSULT"), minute=1)
    before = contents(crisis)
    key = recode(crisis, WAR)
    outcome = rebind(crisis, [key])
    assert set(outcome.orphaned) == {accept.id, merge.id} == ids(crisis, "orphaned")
    assert outcome.documents == tuple(sorted([key, number(doc(TALKS))]))
    assert not pairs(crisis, "joined")
    assert attack not in ids(crisis, "events")
    recode(crisis, WAR, ATTACK, SANCTIONS)
    assert rebind(crisis, [key]).orphaned == ()
    assert contents(crisis) == before


def test_a_verdict_does_not_hold_for_a_reading_of_another_type(crisis: duckdb.DuckDBPyConnection) -> None:
    attack = find(crisis, "events", "ASSAULT")
    (reject,) = say(crisis, "reject", attack)
    (date,) = say(crisis, "correct", attack, values={"date": "2022-02-24"}, minute=1)
    key = recode(crisis, WAR, msgspec.structs.replace(ATTACK, type="THREATEN"))
    outcome = rebind(crisis, [key])
    assert (outcome.orphaned, outcome.moved) == ((reject.id,), (date.id,))
    threat = find(crisis, "events", "THREATEN")
    assert row(crisis, threat)["date"] == "2022-02-24"


def test_a_corrected_type_that_the_coder_now_gets_right(crisis: duckdb.DuckDBPyConnection) -> None:
    attack = find(crisis, "events", "ASSAULT")
    (correction,) = say(crisis, "correct", attack, values={"type": "COERCE"})
    (accept,) = say(crisis, "accept", attack, minute=1)
    key = recode(crisis, WAR, msgspec.structs.replace(ATTACK, type="COERCE"))
    outcome = rebind(crisis, [key])
    assert set(outcome.moved) == {correction.id, accept.id}
    assert outcome.right == ((correction.id, "type"),)


def test_a_judgement_is_not_moved_to_what_stood_beside_its_record(crisis: duckdb.DuckDBPyConnection) -> None:
    withdrawal = find(crisis, "events", "RETREAT")
    (note,) = say(crisis, "note", withdrawal, note="a demand only")
    (place,) = say(crisis, "correct", withdrawal, values={"place": "Riga"}, minute=1)
    shorter = msgspec.structs.replace(DEMAND, evidence=at(PLEA, "demanded that NATO withdraw its troops from the east"))
    key = recode(crisis, PLEA, shorter)  # both ids are gone, and one event is left: the demand
    assert set(rebind(crisis, [key]).orphaned) == {note.id, place.id}
    assert row(crisis, find(crisis, "events", "REQUEST"))["place"] is None


def test_what_a_person_added_gives_way_when_the_coder_finds_it(crisis: duckdb.DuckDBPyConnection) -> None:
    values = {"type": "CONSULT", "evidence": "Kyiv was told by telephone", "target": [{"id": "UKR", "sector": "GOV"}]}
    (added,) = say(crisis, "add", doc(TALKS), values=values)
    found = event(TALKS, "Kyiv was told", "CONSULT", [USA], [RUS], mode="call")
    key = recode(crisis, TALKS, MEETING, found)
    assert rebind(crisis, [key]).moved == (added.id,)
    assert added.about[0] not in ids(crisis, "events")
    (now,) = fetch(crisis, "SELECT * FROM events WHERE mode = 'call'")
    assert ([party["id"] for party in now["source"]], [party["id"] for party in now["target"]]) == (["USA"], ["UKR"])
    recode(crisis, TALKS, MEETING)
    assert rebind(crisis, [key]).kept == (added.id,)
    assert added.about[0] in ids(crisis, "events")


def test_no_judgement_is_ever_lost(crisis: duckdb.DuckDBPyConnection) -> None:
    for minute, each in enumerate(sorted(ids(crisis, "events") | ids(crisis, "statements"))):
        say(crisis, "accept", each, minute=minute)
    before = list(export(crisis))
    for text in (PLEA, TALKS, WAR):
        rebind(crisis, [recode(crisis, text)])
    assert list(export(crisis)) == before
    assert len(ids(crisis, "orphaned")) == len(before)
