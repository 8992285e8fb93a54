"""The ledger in a record: the same as in memory and as built at one go, whatever the order, the batches and what was judged in between."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger_world import PARTIES, SENTENCES, Report, contents, record, told

from melian.crisis.entries import Ledger
from melian.crisis.ledger import build, entries, update
from melian.crisis.ledger.claiming.acts import acts
from melian.crisis.ledger.claiming.claims import claims
from melian.crisis.ledger.keeping.rows import reports
from melian.crisis.ledger.memory import stands
from melian.crisis.ledger.standing.answering import outcome, wants
from melian.crisis.ledger.standing.stand import TURNS
from melian.crisis.ledger.standing.wants import ActIndex
from melian.crisis.record.rows import add, document_id, fetch

BEGIN = date(2021, 3, 1)
MANY = settings(
    max_examples=int(os.environ.get("LEDGER_EXAMPLES", "8")), deadline=None, suppress_health_check=list(HealthCheck)
)


def day(number: int) -> str:
    return (BEGIN + timedelta(days=number)).isoformat()


sides = st.sampled_from(sorted(PARTIES))
days = st.one_of(st.none(), st.integers(0, 12).map(lambda n: day(n * 30)), st.integers(0, 400).map(day))
sentences = st.tuples(st.integers(0, len(SENTENCES) - 1), sides, sides)
some_reports = st.lists(
    st.builds(
        told,
        days,
        st.lists(sentences, min_size=1, max_size=4),
        st.sampled_from(["Wire", "Post", "Radio"]),
        st.sampled_from([None, None, day(45), day(200)]),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda report: document_id(report[0]),  # one document has one record
)


def filled(found: Sequence[Report], cuts: Sequence[int] = ()) -> duckdb.DuckDBPyConnection:
    """A record with reports, added in batches cut at some places."""
    connection = record()
    places = sorted({0, *(cut % (len(found) + 1) for cut in cuts), len(found)})
    for start, stop in pairwise(places):
        update(connection, add(connection, found[start:stop]))
    return connection


@MANY
@given(some_reports, st.randoms(use_true_random=False), st.lists(st.integers(0, 50), max_size=4))
def test_neither_order_nor_batches_matter(found: list[Report], chance: object, cuts: list[int]) -> None:
    shuffled = list(found)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert contents(filled(shuffled, cuts)) == contents(filled(found))


@MANY
@given(some_reports, st.lists(st.integers(0, 200), min_size=1, max_size=5), st.lists(st.integers(0, 50), max_size=3))
def test_what_is_rejected_or_corrected_is_followed_and_taken_back(
    found: list[Report], picked: list[int], cuts: list[int]
) -> None:
    connection = filled(found, cuts)
    before = contents(connection)
    events = fetch(
        connection,
        "SELECT id, doc, 'event' AS what FROM coded_events UNION ALL SELECT id, doc, 'statement' FROM coded_statements ORDER BY id",
    )
    chosen = {row["id"]: row for row in (events[place % len(events)] for place in picked)}
    for number, row in enumerate(chosen.values()):
        if number % 2 and row["what"] == "event":
            connection.execute(
                "INSERT INTO corrected_events SELECT * REPLACE (source AS target, target AS source) FROM coded_events WHERE id = ?",
                [row["id"]],
            )
        else:
            connection.execute("INSERT INTO rejected VALUES (?)", [row["id"]])
    update(connection, [row["doc"] for row in chosen.values()])
    anew = record()
    ids = add(anew, found)
    anew.execute("INSERT INTO rejected SELECT unnest(?)", [[row[0] for row in connection.execute("FROM rejected").fetchall()]])
    for row in connection.execute("SELECT id FROM corrected_events").fetchall():
        anew.execute(
            "INSERT INTO corrected_events SELECT * REPLACE (source AS target, target AS source) FROM coded_events WHERE id = ?",
            [row[0]],
        )
    update(anew, ids)
    assert contents(connection) == contents(anew)
    connection.execute("DELETE FROM rejected")
    connection.execute("DELETE FROM corrected_events")
    update(connection, [row["doc"] for row in chosen.values()])
    assert contents(connection) == before


@MANY
@given(some_reports, st.lists(st.integers(0, 50), max_size=3))
def test_copies_may_come_and_go(found: list[Report], places: list[int]) -> None:
    connection = record()
    ids = add(connection, found)
    update(connection, ids)
    before = contents(connection)
    copied = sorted({ids[place % len(ids)] for place in places})
    for doc in copied:
        connection.execute("INSERT INTO copies VALUES (?, ?)", [doc, copied[0]])
    update(connection, [])
    update(connection, copied[:1])
    anew = record()
    add(anew, found)
    for doc in copied:
        anew.execute("INSERT INTO copies VALUES (?, ?)", [doc, copied[0]])
    update(anew, ids)
    assert contents(connection) == contents(anew)
    connection.execute("DELETE FROM copies")
    update(connection, copied[:1])
    assert contents(connection) == before


@MANY
@given(some_reports)
def test_a_record_and_documents_at_hand_give_the_same_entries(found: list[Report]) -> None:
    connection = filled(found, [2])
    in_memory = build([coded for _, coded in found], {document.doc_id: document for document, _ in found})
    assert {summary(entry) for entry in entries(connection)} == {summary(entry) for entry in all_of(in_memory)}


@MANY
@given(some_reports)
def test_what_an_entry_wants_leaves_no_answer_out(found: list[Report]) -> None:
    connection = record()
    read = list(reports(connection, add(connection, found)))
    claimed = {each.number: claims(each) for each in read}
    told_acts = [act for each in read for act in acts(each, claimed[each.number])]
    last = max((each.day for each in read if each.day), default=None)
    index = ActIndex(told_acts)
    for stand in stands(claim for some in claimed.values() for claim in some):
        assert outcome(stand, index.wanted(wants(stand), stand.reports), last) == outcome(stand, told_acts, last)


def all_of(ledger: Ledger) -> list[object]:
    return [*ledger.demands, *ledger.offers, *ledger.red_lines, *ledger.predictions, *ledger.denials, *ledger.shifts]


def summary(entry: object) -> str:
    """An entry without what names documents, which in memory are as their giver named them."""
    fields = {
        name: getattr(entry, name)
        for name in entry.__dataclass_fields__
        if name not in ("evidence", "answers", "condition", "replaces")
    }  # type: ignore[attr-defined]
    answers = sorted(
        repr((a.what, a.by, a.date, a.status, a.why, a.evidence.span))
        for a in entry.answers  # type: ignore[attr-defined]
    )
    condition = getattr(entry, "condition", None)
    return repr((fields, answers, sorted(e.span for e in entry.evidence), condition.span if condition else None))  # type: ignore[attr-defined]


# --- single things ---------------------------------------------------------------------------------------------------

ASK, REPEAT, REFUSE = (0, "RUS", "NATO"), (1, "RUS", "NATO"), (4, "NATO", "RUS")


def rows(connection: duckdb.DuckDBPyConnection, kind: str = "demand") -> list[dict[str, object]]:
    return fetch(connection, "SELECT * FROM entries WHERE kind = ? ORDER BY since, id", [kind])


def test_the_tables_name_what_moved_a_status() -> None:
    connection = filled([told(day(0), [ASK]), told(day(9), [REPEAT], "Post"), told(day(20), [REFUSE])])
    ((entry,),) = (rows(connection),)
    assert (entry["status"], entry["since"], entry["latest"], entry["moved"]) == (
        "rejected",
        BEGIN,
        BEGIN + timedelta(9),
        BEGIN + timedelta(20),
    )
    assert (entry["tellings"], entry["sources"]) == (2, 2)
    ((answer,),) = (fetch(connection, "FROM entry_answers"),)
    assert (answer["entry"], answer["kind"], answer["date"], answer["status"], answer["deciding"]) == (
        entry["id"],
        "REJECT",
        BEGIN + timedelta(20),
        "rejected",
        True,
    )
    assert [party["id"] for party in answer["by"]] == ["NATO"]
    assert answer["why"] == "a refusal of what was demanded in the weeks before"
    told_by = connection.execute(
        "SELECT what, count(*) FROM entry_tellings WHERE entry = ? GROUP BY what ORDER BY what", [entry["id"]]
    ).fetchall()
    assert told_by == [("event", 1), ("statement", 2)]


def test_an_entry_has_the_id_of_its_least_telling_turned() -> None:
    connection = filled([told(day(0), [ASK]), told(day(9), [REPEAT])])
    (entry,) = rows(connection)
    least = min(row["record"] for row in fetch(connection, "FROM entry_tellings"))
    assert entry["id"] == least ^ TURNS["demand"]


def test_copies_of_a_text_are_one_telling_of_one_source() -> None:
    connection = record()
    first, second = add(connection, [told(day(0), [ASK], "Wire"), told(day(1), [ASK], "Post")])
    connection.execute("INSERT INTO copies VALUES (?, ?), (?, ?)", [first, first, second, first])
    update(connection, [first, second])
    (entry,) = rows(connection)
    assert (entry["tellings"], entry["sources"]) == (1, 1)
    assert len(fetch(connection, "FROM entry_tellings")) == 2


def test_time_moves_a_status_when_the_record_runs_on() -> None:
    crossed = [told(day(0), [(12, "USA", "RUS")]), told(day(5), [(15, "RUS", "USA")])]
    connection = filled(crossed)
    assert [row["status"] for row in rows(connection, "redline")] == ["crossed"]
    update(connection, add(connection, [told(day(60), [(23, "POL", "HUN")])]))
    assert [row["status"] for row in rows(connection, "redline")] == ["not enforced"]
    update(connection, add(connection, [told(day(20), [(16, "USA", "RUS")])]))
    assert [row["status"] for row in rows(connection, "redline")] == ["enforced"]


def test_an_open_forecast_is_scored_when_its_time_is_over() -> None:
    connection = filled([told(day(0), [(19, "USA", "RUS")])])
    (entry,) = rows(connection, "prediction")
    assert (entry["status"], entry["due"], entry["probability"], entry["brier"]) == ("open", BEGIN + timedelta(60), 0.75, None)
    update(connection, add(connection, [told(day(90), [(23, "POL", "HUN")])]))
    (entry,) = rows(connection, "prediction")
    assert (entry["status"], entry["brier"]) == ("did not", 0.5625)


def test_a_person_has_the_last_word_on_an_entry() -> None:
    connection = record()
    ids = add(connection, [told(day(5), [ASK]), told(day(20), [REFUSE])])
    update(connection, ids)
    (entry,) = rows(connection)
    connection.execute("INSERT INTO entry_corrections VALUES (?, 'status', ?, 'Ana', now())", [entry["id"], json.dumps("met")])
    update(connection, ids)
    (corrected,) = rows(connection)
    assert (corrected["status"], corrected["machine_status"]) == ("met", "rejected")
    ids += add(connection, [told(day(number), [REPEAT], outlet) for number in range(4) for outlet in ("Wire", "Post", "Radio")])
    update(connection, ids)  # among twelve more tellings one has a lesser id, so the entry's has changed
    (grown,) = rows(connection)
    assert grown["id"] != entry["id"]
    assert (grown["status"], grown["machine_status"]) == ("met", "rejected")
    connection.execute("INSERT INTO rejected VALUES (?)", [entry["id"]])
    update(connection, ids)
    assert not rows(connection)
    assert fetch(connection, "FROM entry_tellings")  # what it rests on stays, so that it can come back
    connection.execute("DELETE FROM rejected")
    connection.execute("DELETE FROM entry_corrections")
    update(connection, ids[:1])
    (back,) = rows(connection)
    assert (back["status"], back["machine_status"]) == ("rejected", None)


def test_entries_of_one_kind_can_be_read() -> None:
    connection = filled([told(day(0), [ASK, (10, "USA", "RUS")]), told(day(20), [REFUSE])])
    (demand,) = entries(connection, "demand")
    assert (type(demand).__name__, demand.status, [answer.what for answer in demand.answers]) == (
        "Demand",
        "rejected",
        ["REJECT"],
    )
    texts = {f"{row['id']:016x}": row["text"] for row in fetch(connection, "SELECT id, text FROM documents")}
    assert [texts[e.doc_id][slice(*e.span)] for e in demand.evidence] == ["withdraw every soldier from the northern valleys"]
    assert {type(each).__name__ for each in entries(connection)} == {"Demand", "Offer"}


@pytest.mark.parametrize("reports_", [[], [told(None, [(23, "POL", "HUN")])]])
def test_a_record_without_claims_has_an_empty_ledger(reports_: list[Report]) -> None:
    assert not any(contents(filled(reports_)).values())
