"""Ids as people see them: a letter that says what it is, and sixteen hex digits."""

from __future__ import annotations

import re

import duckdb

from melian.errors import UnknownId

LETTERS = {
    "event": "e",
    "statement": "s",
    "incident": "i",
    "document": "t",
    "demand": "d",
    "offer": "o",
    "redline": "r",
    "prediction": "p",
    "denial": "n",
    "shift": "h",
}
_KINDS = {letter: kind for kind, letter in LETTERS.items()}
_ID = re.compile(r"([a-z]?)([0-9a-f]{16})")
_PLACES = {"event": "events", "statement": "statements", "document": "documents", "incident": "incidents"}


def shown(kind: str, number: int) -> str:
    """The id of a record as people see it.

    Args:
        kind: a key of `LETTERS`.
        number: the id as the tables keep it.
    """
    return f"{LETTERS[kind]}{number:016x}"


def find(connection: duckdb.DuckDBPyConnection, given: str) -> tuple[str, int]:
    """What an id stands for: its kind and number.

    Without its letter it is looked for among events, statements, documents, incidents and entries, in this order. An incident or
    entry that has since taken another id (its id is that of its least telling) is found by any of its tellings.

    Raises:
        UnknownId: it is no id, or nothing in the record has it.
    """
    found = _ID.fullmatch(given.strip().lower())
    if not found or (found[1] and found[1] not in _KINDS):
        raise UnknownId(
            f"{given!r} is no id; ids are a letter and sixteen hex digits, as the first column of `melian show` has them"
        )
    number = int(found[2], 16)
    kinds = [_KINDS[found[1]]] if found[1] else ["event", "statement", "document", "incident", "entry"]
    for kind in kinds:
        if kind in _PLACES:
            if _is_there(connection, f"SELECT 1 FROM {_PLACES[kind]} WHERE id = ?", number):
                return kind, number
            if kind in ("event", "statement") and _is_there(connection, f"SELECT 1 FROM coded_{kind}s WHERE id = ?", number):
                return kind, number  # rejected by a person; the record keeps it
            if kind == "incident":
                row = connection.execute("SELECT incident FROM incident_tellings WHERE event = ?", [number]).fetchone()
                if row:
                    return kind, int(row[0])
        else:
            row = connection.execute(
                "SELECT kind, id FROM entries WHERE id = ? AND (? = 'entry' OR kind = ?) UNION ALL "
                "SELECT e.kind, e.id FROM entry_tellings t JOIN entries e ON e.id = t.entry WHERE t.record = ? "
                "AND (? = 'entry' OR e.kind = ?)",
                [number, kind, kind, number, kind, kind],
            ).fetchone()
            if row:
                return str(row[0]), int(row[1])
    raise UnknownId(f"nothing in this record has the id {given}")


def _is_there(connection: duckdb.DuckDBPyConnection, query: str, number: int) -> bool:
    return connection.execute(query, [number]).fetchone() is not None
