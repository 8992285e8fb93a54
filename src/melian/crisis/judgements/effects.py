"""What judgements do to the record: the tables of corrected and rejected records, of links between events, of corrected entries.

Each table is made from the judgements that stand, and only for the records that were touched; merges and splits, which bear on each
other, are weighed all together (they are made by hand, so they are few).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import duckdb
import msgspec

from melian.crisis.judgements.algebra import Pair, State, links, state
from melian.crisis.judgements.fields import corrected, country_of
from melian.crisis.judgements.judgement import VERDICTS, Judgement, value_json
from melian.crisis.judgements.table import about, linking
from melian.crisis.record.bulk import ids_table, insert
from melian.crisis.record.rows import event, event_row, fetch, hex_id, number, statement, statement_row
from melian.records import Event, Statement


def refresh(connection: duckdb.DuckDBPyConnection, records: Iterable[str]) -> list[int]:
    """Bring what some records are judged to be up to the judgements that stand.

    Args:
        connection: open for writing.
        records: ids (hex) of events, statements and entries, as judged or as they are now.

    Returns:
        The ids of the documents whose records count otherwise than before, or may.
    """
    names = _names_now(connection, records)
    records = {now for now, _ in names.values()} | set(names)
    standing = about(connection, records, standing=True)
    states = _states([each for each in standing if each.what != "entry"], names, records)
    entries = _states([each for each in standing if each.what == "entry"], {each: (each, True) for each in records}, records)
    _refresh_rejected(connection, states, entries)
    _refresh_entries(connection, entries)
    _refresh_records(connection, "event", states)
    _refresh_records(connection, "statement", states)
    return _documents(connection, records | _refresh_links(connection))


def _names_now(connection: duckdb.DuckDBPyConnection, records: Iterable[str]) -> dict[str, tuple[str, bool]]:
    """For each record, and for all that were moved to the same one: the id that it has now, and whether that one is alike."""
    ids_table(connection, "touched", (number(each) for each in records))
    rows = fetch(
        connection,
        "SELECT old, new, alike FROM moved WHERE old IN (SELECT id FROM touched) OR new IN (SELECT id FROM touched) "
        "OR new IN (SELECT new FROM moved WHERE old IN (SELECT id FROM touched))",
    )
    moved = {hex_id(row["old"]): (hex_id(row["new"]), bool(row["alike"])) for row in rows}
    return {each: (each, True) for each in records} | {new: (new, True) for new, _ in moved.values()} | moved


def _states(standing: Iterable[Judgement], names: Mapping[str, tuple[str, bool]], records: Iterable[str]) -> dict[str, State]:
    """What is judged of each record, under the id that it has now; of a moved id nothing."""
    groups: dict[str, list[Judgement]] = defaultdict(list)
    for judgement in standing:
        for each in set(judgement.about) & set(names):
            now, alike = names[each]
            if alike or judgement.kind not in (*VERDICTS, "add"):
                groups[now].append(judgement)
    return {each: state(groups[each]) for each in records}


def _refresh_rejected(connection: duckdb.DuckDBPyConnection, *states: Mapping[str, State]) -> None:
    ids_table(connection, "judged_now", (number(each) for every in states for each in every))
    connection.execute("DELETE FROM rejected WHERE id IN (SELECT id FROM judged_now)")
    gone = {each for every in states for each, judged in every.items() if judged.verdict and judged.verdict.kind == "reject"}
    insert(connection, "rejected", ({"id": number(each)} for each in sorted(gone)))


def _refresh_entries(connection: duckdb.DuckDBPyConnection, states: Mapping[str, State]) -> None:
    connection.execute("DELETE FROM entry_corrections WHERE entry IN (SELECT id FROM judged_now)")
    rows = (
        {
            "entry": number(entry),
            "field": field,
            "value": value_json(judgement.value),
            "by": judgement.by,
            "when": judgement.when.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds"),
        }
        for entry, judged in sorted(states.items())
        for field, judgement in sorted(judged.corrections.items())
    )
    insert(connection, "entry_corrections", rows)


def _refresh_records(connection: duckdb.DuckDBPyConnection, what: str, states: Mapping[str, State]) -> None:
    """Rows of `corrected_events` or `corrected_statements` for the records that a person stands behind."""
    connection.execute(f"DELETE FROM corrected_{what}s WHERE id IN (SELECT id FROM judged_now)")
    read: Any = event if what == "event" else statement
    query = f"SELECT c.*, d.published FROM coded_{what}s c SEMI JOIN judged_now USING (id) JOIN documents d ON d.id = c.doc"
    machine = {hex_id(row["id"]): row for row in fetch(connection, query)}
    rows = []
    for each, judged in sorted(states.items()):
        row = machine.get(each)
        if row is not None:
            record, doc, published = read(row), row["doc"], row["published"]
        elif judged.addition and judged.addition.what == what:
            doc = number(judged.addition.value["doc"])
            there = fetch(connection, "SELECT published FROM documents WHERE id = ?", [doc])
            if not there:
                continue  # its document has not come yet
            kind: Any = Event if what == "event" else Statement
            record, published = msgspec.convert(judged.addition.value[what], kind), there[0]["published"]
        else:
            continue
        if vouched(judged):
            rows.append({"id": number(each), "doc": doc, **_columns(_judged(record, judged, what), published)})
    insert(connection, f"corrected_{what}s", rows)


def vouched(judged: State) -> bool:
    """Whether a person stands behind a record, so that the coder's doubt about it counts no more."""
    accepted = judged.verdict is not None and judged.verdict.kind == "accept"
    return accepted or bool(judged.corrections) or judged.addition is not None


def _judged(record: Any, judged: State, what: str) -> Any:
    """A record as persons have it: without a score, since it is the coder's, and with who says so in its `why`."""
    values = dict(judged.addition.value[what]) if judged.addition else {}
    values |= {field: judgement.value for field, judgement in judged.corrections.items()}
    changed = corrected(record, values, country_of)
    said = [f"added {_signed(judged.addition)}"] if judged.addition else []
    said += [f"{field} corrected {_signed(judgement)}" for field, judgement in sorted(judged.corrections.items())]
    if judged.verdict is not None:
        said.append(f"{judged.verdict.kind}ed {_signed(judged.verdict)}")
    return msgspec.structs.replace(changed, score=None, why=(*record.why, *said))


def _signed(judgement: Judgement) -> str:
    return f"by {judgement.by} on {judgement.when.date().isoformat()}"


def _columns(record: Event | Statement, published: date | None) -> dict[str, Any]:
    day = published.isoformat() if published else None
    return event_row(record, day) if isinstance(record, Event) else statement_row(record, day)


def _refresh_links(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Bring `joined` and `parted` up to all merges and splits; gives the events whose links changed."""
    found = linking(connection)
    current = _known_events(connection, {each for judgement in found for each in judgement.about})
    linked = links(found, current.get)
    changed: set[str] = set()
    for table, pairs in (("joined", linked.joined), ("parted", linked.parted)):
        stored: set[Pair] = {(hex_id(row["a"]), hex_id(row["b"])) for row in fetch(connection, f"SELECT a, b FROM {table}")}
        if stored == pairs:
            continue
        changed |= {each for pair in stored ^ pairs for each in pair}
        connection.execute(f"DELETE FROM {table}")
        insert(connection, table, ({"a": number(a), "b": number(b)} for a, b in sorted(pairs)))
    return changed


def _known_events(connection: duckdb.DuckDBPyConnection, events: Iterable[str]) -> dict[str, str]:
    """Of some events, as judged, those that count, with the ids that they have now."""
    ids_table(connection, "linked", map(number, events))
    query = (
        "WITH named AS (SELECT l.id, coalesce(m.new, l.id) AS now FROM linked l LEFT JOIN moved m ON m.old = l.id) "
        "SELECT id, now FROM named WHERE now IN (SELECT id FROM coded_events UNION ALL SELECT id FROM corrected_events) "
        "AND now NOT IN (SELECT id FROM rejected)"
    )
    return {hex_id(row["id"]): hex_id(row["now"]) for row in fetch(connection, query)}


def _documents(connection: duckdb.DuckDBPyConnection, records: Iterable[str]) -> list[int]:
    ids_table(connection, "touched", map(number, records))
    query = (
        "SELECT doc FROM judged SEMI JOIN touched USING (id) UNION SELECT m.doc FROM moved m JOIN touched t ON t.id = m.new "
        "UNION SELECT doc FROM entry_tellings WHERE entry IN (SELECT id FROM touched)"
    )
    return [
        row["doc"] for row in fetch(connection, f"SELECT doc FROM ({query}) SEMI JOIN documents d ON d.id = doc ORDER BY doc")
    ]
