"""The table of judgements: writing them down and reading them again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC
from typing import Any

import duckdb
import msgspec

from melian.crisis.judgements.algebra import undone
from melian.crisis.judgements.judgement import Judgement, Reading, order, value_json
from melian.crisis.record.bulk import ids_table, insert
from melian.crisis.record.rows import fetch, hex_id, number

_WITH_VALUE = ("correct", "add")
_encoder = msgspec.json.Encoder()
_readings = msgspec.json.Decoder(tuple[Reading, ...])


def all_judgements(connection: duckdb.DuckDBPyConnection) -> list[Judgement]:
    """Every judgement, those taken back too, in the order that they hold in."""
    return _read(fetch(connection, "SELECT * FROM judgements"))


def about(connection: duckdb.DuckDBPyConnection, ids: Iterable[str], *, standing: bool = False) -> list[Judgement]:
    """The judgements about any of some records, in the order that they hold in.

    Args:
        connection: the record.
        ids: of events, statements, entries or documents, in hex digits.
        standing: without those that were taken back, and without undos.
    """
    ids_table(connection, "judged_here", (number(each) for each in ids))
    query = (
        "SELECT * FROM judgements WHERE id IN ("
        "SELECT n.id FROM (SELECT id, unnest(about) AS record FROM judgements) n JOIN judged_here h ON h.id = n.record)"
    )
    if standing:
        query += " AND kind <> 'undo' AND id NOT IN (SELECT id FROM undone)"
    return _read(fetch(connection, query))


def of_record(connection: duckdb.DuckDBPyConnection, record: str) -> list[Judgement]:
    """Every judgement that holds for a record, those on a reading that it has taken the place of included, and those taken back."""
    olds = fetch(connection, "SELECT old FROM moved WHERE new = ?", [number(record)])
    return about(connection, [record, *(hex_id(row["old"]) for row in olds)])


def linking(connection: duckdb.DuckDBPyConnection) -> list[Judgement]:
    """The merges and splits that stand."""
    query = "SELECT * FROM judgements WHERE kind IN ('merge', 'split') AND id NOT IN (SELECT id FROM undone)"
    return _read(fetch(connection, query))


def by_id(connection: duckdb.DuckDBPyConnection, ids: Iterable[str]) -> dict[str, Judgement]:
    """The judgements of some ids."""
    ids_table(connection, "judgements_sought", (number(each) for each in ids))
    found = _read(fetch(connection, "SELECT * FROM judgements SEMI JOIN judgements_sought USING (id)"))
    return {each.id: each for each in found}


def undone_ids(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """The ids of the judgements that are taken back."""
    return frozenset(hex_id(row["id"]) for row in fetch(connection, "SELECT id FROM undone"))


def orphaned_ids(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """The ids of the judgements that hold for nothing in the record."""
    return frozenset(hex_id(row["id"]) for row in fetch(connection, "SELECT id FROM orphaned"))


def names_now(connection: duckdb.DuckDBPyConnection) -> Callable[[str], str]:
    """Under which id a judged record is known now: the one that it moved to when a newer coder read its document, else its own."""
    moved = {hex_id(row["old"]): hex_id(row["new"]) for row in fetch(connection, "SELECT old, new FROM moved")}
    return lambda record: moved.get(record, record)


def write(connection: duckdb.DuckDBPyConnection, judgements: Iterable[Judgement]) -> None:
    """Add judgements that are not there yet, and note what is undone and what was judged."""
    given = list(judgements)
    insert(connection, "judgements", map(_row, given))
    connection.execute("CREATE OR REPLACE TEMP TABLE newly_judged AS FROM judged LIMIT 0")
    insert(connection, "newly_judged", (row for each in given for row in _judged(each)))
    connection.execute("INSERT INTO judged SELECT DISTINCT n.* FROM newly_judged n ANTI JOIN judged USING (id)")
    if any(each.kind == "undo" for each in given):
        undos = fetch(connection, "SELECT id, undoes FROM judgements WHERE undoes IS NOT NULL")
        ids_table(connection, "undone_now", map(number, undone((hex_id(row["id"]), hex_id(row["undoes"])) for row in undos)))
        connection.execute("DELETE FROM undone")
        connection.execute("INSERT INTO undone SELECT id FROM undone_now")


def _row(judgement: Judgement) -> dict[str, Any]:
    return {
        "id": number(judgement.id),
        "kind": judgement.kind,
        "about": [number(each) for each in judgement.about],
        "what": judgement.what,
        "field": judgement.field,
        "value": value_json(judgement.value) if judgement.kind in _WITH_VALUE else None,
        "note": judgement.note,
        "by": judgement.by,
        "when": judgement.when.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds"),
        "undoes": number(judgement.undoes) if judgement.undoes else None,
        "reading": _encoder.encode(judgement.reading).decode() if judgement.reading else None,
    }


def _judged(judgement: Judgement) -> Iterator[dict[str, Any]]:
    what = "event" if judgement.what == "incident" else judgement.what
    if what in ("event", "statement"):
        for reading in judgement.reading:
            if reading.doc is not None:
                yield {"id": number(reading.id), "doc": number(reading.doc), "what": what}


def _read(rows: Iterable[dict[str, Any]]) -> list[Judgement]:
    return sorted(map(_judgement, rows), key=order)


def _judgement(row: dict[str, Any]) -> Judgement:
    return Judgement(
        id=hex_id(row["id"]),
        kind=row["kind"],
        about=tuple(hex_id(each) for each in row["about"]),
        field=row["field"],
        value=msgspec.json.decode(row["value"]) if row["value"] is not None else None,
        note=row["note"],
        by=row["by"],
        when=row["when"].replace(tzinfo=UTC),
        undoes=hex_id(row["undoes"]) if row["undoes"] is not None else None,
        what=row["what"],
        reading=_readings.decode(row["reading"]) if row["reading"] else (),
    )
