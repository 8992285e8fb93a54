"""The record: who may open it, what a batch is, what stays when a writer is stopped, and what older files become."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.records import generated
from melian.crisis.questions.answers import Record
from melian.crisis.questions.tables import names
from melian.crisis.record import schema, store
from melian.crisis.record.adding import Added, add_found
from melian.crisis.record.documents import coded_documents
from melian.crisis.record.rows import add, event, fetch, statement
from melian.errors import InputError, MelianError, NoRecord, RecordBusy, RecordError, RecordExists, RecordTooNew
from melian.records import CodedDocument, Document, to_json

ROOT = Path(__file__).parent.parent
PAIRS = list(generated(12))


class NoCoder:
    """Documents here bring their records."""

    def code_all(self, documents: Iterable[Document]) -> Iterator[CodedDocument]:
        return (CodedDocument(doc_id=document.doc_id, published=document.published) for document in documents)


def filled(path: Path, pairs: Iterable[Any] = PAIRS, batch: int = 1000) -> Added:
    store.create(path)
    return add_found(path, pairs, NoCoder(), "test", batch=batch)


def contents(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Every table that people see, without the times at which things were done."""
    with Record(path) as record:
        return {name: [{k: v for k, v in row.items() if k != "seen"} for row in record.table(name)] for name in sorted(names())}


def _add_and_fail(crisis: Path) -> None:
    with store.writing(crisis) as connection:
        add(connection, PAIRS[2:4])
        connection.execute("FROM no_such_table")


@pytest.fixture
def crisis(tmp_path: Path) -> Path:
    return tmp_path / "strait.crisis"


# --- opening ---------------------------------------------------------------------------------------------------------


def test_a_new_record_is_empty_and_small(crisis: Path) -> None:
    store.create(crisis, "The strait")
    assert not any(contents(crisis).values())
    assert crisis.stat().st_size < 500_000
    with Record(crisis) as record:
        assert record.title == "The strait"


def test_what_is_there_is_not_overwritten(crisis: Path) -> None:
    crisis.write_text("notes")
    with pytest.raises(RecordExists, match=r"there is a file already"):
        store.create(crisis)
    assert crisis.read_text() == "notes"


@pytest.mark.parametrize(("held", "message"), [(None, "melian new"), (b"plain words", "not a record"), ("folder", "a folder")])
def test_what_is_no_record_is_said(crisis: Path, held: bytes | str | None, message: str) -> None:
    if held == "folder":
        crisis.mkdir()
    elif isinstance(held, bytes):
        crisis.write_bytes(held)
    with pytest.raises(NoRecord, match=message), store.reading(crisis):
        pass


def test_another_program_s_database_is_no_record(crisis: Path) -> None:
    duckdb.connect(str(crisis)).execute("CREATE TABLE t (a INTEGER)").close()
    with pytest.raises(NoRecord, match="not a record of Melian's"), store.reading(crisis):
        pass


def test_a_later_version_s_record_is_left_alone(crisis: Path) -> None:
    store.create(crisis)
    with store.writing(crisis) as connection:
        connection.execute("UPDATE about SET value = '999' WHERE key = 'version'")
    with pytest.raises(RecordTooNew, match="upgrade"), store.reading(crisis):
        pass


@pytest.mark.parametrize("first", [0, 1, 2])
def test_the_earliest_moment_that_anyone_gives_counts_in_whatever_order(crisis: Path, first: int) -> None:
    document, coded = PAIRS[0]
    moments = [None, "2022-01-21T17:05:00Z", "2022-01-21T16:00:00Z"]
    store.create(crisis)
    for moment in (*moments[first:], *moments[:first]):
        add_found(crisis, [(msgspec.structs.replace(document, published_at=moment), coded)], NoCoder(), "test")
    with Record(crisis) as record:
        (row,) = record.table("documents").rows()
        assert row["published_at"] == datetime(2022, 1, 21, 16)
        ((again, record_again),) = coded_documents(record.connection)
    assert again.published_at == record_again.published_at == "2022-01-21T16:00:00Z"


# --- one writes, many read -------------------------------------------------------------------------------------------


def test_a_reader_keeps_what_it_opened_while_a_writer_publishes(crisis: Path) -> None:
    filled(crisis, PAIRS[:2])
    with store.reading(crisis) as old:
        with store.writing(crisis) as connection:
            add(connection, PAIRS[2:4])
            assert old.execute("SELECT count(*) FROM documents").fetchone() == (2,)
        assert old.execute("SELECT count(*) FROM documents").fetchone() == (2,)
        with store.reading(crisis) as new:
            assert new.execute("SELECT count(*) FROM documents").fetchone() == (4,)


def test_a_second_writer_is_told_who_writes(crisis: Path) -> None:
    store.create(crisis)
    with store.writing(crisis), pytest.raises(RecordBusy, match=f"process {os.getpid()} on .* since 20"):
        add_found(crisis, PAIRS, NoCoder(), "test")
    filled_now = add_found(crisis, PAIRS, NoCoder(), "test")
    assert filled_now.new == len(PAIRS)


def test_a_batch_that_fails_leaves_the_record_as_it_was(crisis: Path) -> None:
    filled(crisis, PAIRS[:2])
    before = crisis.read_bytes()
    with pytest.raises(duckdb.CatalogException):
        _add_and_fail(crisis)
    assert crisis.read_bytes() == before
    assert not list(crisis.parent.glob("*.part*"))


def test_a_record_can_be_read_where_nobody_may_write(crisis: Path) -> None:
    filled(crisis, PAIRS[:1])
    crisis.parent.chmod(0o555)
    try:
        assert len(contents(crisis)["documents"]) == 1
    finally:
        crisis.parent.chmod(0o755)


# --- adding ----------------------------------------------------------------------------------------------------------


def test_records_come_back_as_they_were_given(crisis: Path) -> None:
    filled(crisis)
    with store.reading(crisis) as connection:
        events = {e.id: e for e in map(event, fetch(connection, "FROM events"))}
        statements = {s.id: s for s in map(statement, fetch(connection, "FROM statements"))}
    assert sorted(to_json(CodedDocument(doc_id="", events=(e,))) for e in _without_ids(events.values())) == sorted(
        to_json(CodedDocument(doc_id="", events=(e,))) for _, coded in PAIRS for e in _without_ids(coded.events)
    )
    assert sorted(to_json(CodedDocument(doc_id="", statements=(s,))) for s in _without_ids(statements.values())) == sorted(
        to_json(CodedDocument(doc_id="", statements=(s,))) for _, coded in PAIRS for s in _without_ids(coded.statements)
    )


def _without_ids(records: Iterable[Any]) -> Iterator[Any]:
    import msgspec

    for record in records:
        score = round(record.score, 2) if record.score is not None else None  # kept as a single-precision number
        yield msgspec.structs.replace(record, id=None, score=score)


def test_adding_again_adds_nothing_but_the_new_origin(crisis: Path) -> None:
    filled(crisis)
    before = contents(crisis)
    moved = [(_elsewhere(document), coded) for document, coded in PAIRS]
    assert add_found(crisis, [*PAIRS, *moved], NoCoder(), "test") == Added(new=0, known=2 * len(PAIRS), set_aside=0)
    assert contents(crisis) == before
    with store.reading(crisis) as connection:
        assert connection.execute("SELECT count(DISTINCT origin) FROM origins").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM origins").fetchone() == (2 * len(PAIRS),)


def _elsewhere(document: Document) -> Document:
    import msgspec

    return msgspec.structs.replace(document, origin="another/file.jsonl:1")


def test_what_is_wrong_is_set_aside_once_and_the_rest_goes_in(crisis: Path) -> None:
    store.create(crisis)
    told: list[MelianError] = []
    wrong = InputError("no words", "a.txt:3")
    for _ in range(2):
        outcome = add_found(crisis, [PAIRS[0], wrong, PAIRS[1]], NoCoder(), "test", told=told.append)
    assert outcome == Added(new=0, known=2, set_aside=1)
    assert told == [wrong, wrong]
    assert [(row["origin"], row["kind"]) for row in contents(crisis)["quarantine"]] == [("a.txt:3", "bad input")]


class Stumbles:
    """A coder with a fault of its own in one text."""

    def code_all(self, documents: Iterable[Document]) -> Iterator[CodedDocument]:
        for document in documents:
            if "bad luck" in document.text:
                raise IndexError("list index out of range")
            yield CodedDocument(doc_id=document.doc_id)


def test_a_fault_of_the_coder_in_one_text_loses_no_other(crisis: Path) -> None:
    store.create(crisis)
    texts = ["One.", "Two.", "bad luck", "Three.", "Four."]
    documents = [Document(doc_id=text, text=text, origin=f"{text}txt") for text in texts]
    assert add_found(crisis, documents, Stumbles(), "test") == Added(new=4, known=0, set_aside=1)
    [row] = contents(crisis)["quarantine"]
    assert "IndexError" in row["message"]


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(len(PAIRS))), batch=st.integers(1, len(PAIRS)))
def test_any_order_in_any_batches_gives_the_same_record(tmp_path_factory: Any, order: list[int], batch: int) -> None:
    folder = tmp_path_factory.mktemp("orders")
    filled(folder / "given.crisis")
    filled(folder / "shuffled.crisis", [PAIRS[place] for place in order], batch)
    assert contents(folder / "shuffled.crisis") == contents(folder / "given.crisis")


# --- stopped at any moment -------------------------------------------------------------------------------------------

_ADD = """
import sys; sys.path[:0] = {paths!r}
from pathlib import Path
from benchmarks.records import generated
from melian.crisis.record.adding import add_found
class NoCoder: pass
print('ready', flush=True)
add_found(Path(sys.argv[1]), generated({number}), NoCoder(), 'test', batch=4)
"""


def _killed_at_random(crisis: Path, kills: int, number: int) -> int:
    """Add documents in a process that is killed again and again; how many of the kills hit it at work."""
    code = _ADD.format(paths=[str(ROOT / "src"), str(ROOT)], number=number)
    draw = random.Random(7)
    hits = 0
    for _ in range(kills):
        process = subprocess.Popen([sys.executable, "-c", code, str(crisis)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(draw.uniform(0, 1.5))
        hits += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
        with Record(crisis) as record:  # readable after every kill, and never with half a batch
            found = len(record.table("documents"))
            assert found == number or found % 4 == 0
    subprocess.run([sys.executable, "-c", code, str(crisis)], check=True, capture_output=True)
    return hits


def test_killing_an_addition_loses_nothing(crisis: Path) -> None:
    store.create(crisis)
    _killed_at_random(crisis, 3, 12)
    filled(crisis.with_name("quiet.crisis"))
    assert contents(crisis) == contents(crisis.with_name("quiet.crisis"))


@pytest.mark.slow
def test_a_hundred_kills_lose_nothing(crisis: Path) -> None:
    store.create(crisis)
    assert _killed_at_random(crisis, 100, 120) > 10
    filled(crisis.with_name("quiet.crisis"), generated(120))
    assert contents(crisis) == contents(crisis.with_name("quiet.crisis"))
    assert {path.name for path in crisis.parent.iterdir() if ".part" in path.name} == set()


# --- records of earlier versions -------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", range(1, schema.VERSION))
def test_a_record_of_an_earlier_version_opens_and_is_brought_up(crisis: Path, version: int) -> None:
    shutil.copy(ROOT / "tests" / "records" / f"version-{version}.crisis", crisis)
    found = contents(crisis)
    assert len(found["documents"]) == 3
    assert found["events"]
    assert found["statements"]
    with store.reading(crisis) as connection:
        assert schema.version(connection, "") == schema.VERSION
    fresh = crisis.with_name("fresh.crisis")
    _as_if_new(crisis, fresh)
    assert contents(crisis) == contents(fresh)


def _as_if_new(old: Path, fresh: Path) -> None:
    """The same documents and records, put into a record of this version from the start."""
    with store.reading(old) as connection:
        documents = fetch(connection, "SELECT *, CAST(published AS VARCHAR) AS day FROM documents ORDER BY id")
        pairs = []
        for row in documents:
            records = {
                kind: fetch(connection, f"FROM coded_{kind} WHERE doc = ?", [row["id"]]) for kind in ("events", "statements")
            }
            document = Document(
                doc_id="x", text=row["text"], published=row["day"], published_from=row["published_from"], title=row["title"],
                outlet=row["outlet"], url=row["url"],
            )  # fmt: skip
            coded = CodedDocument(
                doc_id="x", published=row["day"], published_from=row["published_from"],
                events=tuple(map(event, records["events"])), statements=tuple(map(statement, records["statements"])),
            )  # fmt: skip
            pairs.append((document, coded))
        coder = documents[0]["coder"]
    store.create(fresh)
    from melian.crisis.record.upkeep import update

    with store.writing(fresh) as connection:
        update(connection, add(connection, pairs, coder))


def test_tables_cannot_be_asked_for_that_are_not_there(crisis: Path) -> None:
    store.create(crisis)
    with Record(crisis) as record:
        with pytest.raises(RecordError, match="there are events, statements"):
            record.table("evnts")
        with pytest.raises(RecordError, match="no such filter"):
            record.table("events", whoo="RUS")
        with pytest.raises(RecordError, match="demands cannot be narrowed by place; there are since, until, who"):
            record.demands(place="Kyiv")


def test_tables_come_as_arrow_pandas_and_polars(crisis: Path) -> None:
    filled(crisis)
    with Record(crisis) as record:
        table = record.events(type="ASSAULT,COERCE")
        rows = table.rows()
        assert rows
        assert len(table) == len(rows)
        assert table.columns == tuple(rows[0])
        assert table.arrow().to_pylist() == rows
        assert list(table.pandas()["id"]) == [row["id"] for row in rows]
        assert table.polars()["source"].to_list() == [row["source"] for row in rows]


def test_filters_narrow_and_never_widen(crisis: Path) -> None:
    filled(crisis)
    with Record(crisis) as record:
        every = record.events().rows()
        party = next(row["source"][0] for row in every if row["source"])
        day = sorted(str(row["first"]) for row in every if row["first"])[len(every) // 2]
        assert record.events(who=party).rows() == [row for row in every if party in row["source"]]
        assert record.events(until=day).rows() == [row for row in every if row["first"] and str(row["first"]) <= day]
        assert record.events(since=day).rows() == [row for row in every if row["last"] and str(row["last"]) >= day]
        assert record.events(text="no such words as these").rows() == []
        assert record.events(type="assault").rows() == [row for row in every if row["type"] == "ASSAULT"]
