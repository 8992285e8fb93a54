"""Rows by their ids, at a cost that depends on how many are wanted.

Ids are hashes, so the rows of some ids lie anywhere in a table. DuckDB reads the columns of actors and words only where it must when it is
first asked for the places of the rows, and lists are therefore made in two steps: ids by narrow columns, then their rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from melian.crisis.questions.ids import shown
from melian.crisis.record.rows import fetch
from melian.crisis.tellings import squeeze
from melian.views import lines
from melian.views.headings import OPENING_SQL, heading

if TYPE_CHECKING:
    import duckdb

Wanted = tuple[str, int]
"""What it is ("event" or "statement") and its id."""


def among_ids(column: str, ids: Iterable[int]) -> str:
    """SQL for a column of ids to be one of some; the numbers stand in the query, so that only their rows are read."""
    listed = ", ".join(str(int(each)) for each in dict.fromkeys(ids))
    return f"{column} IN ({listed})" if listed else "false"


def ids_of(connection: duckdb.DuckDBPyConnection, query: str, values: Sequence[Any] = ()) -> list[Any]:
    """The first column of a query."""
    return [row[0] for row in connection.execute(query, list(values)).fetchall()]


def rows_by_id(
    connection: duckdb.DuckDBPyConnection, table: str, ids: Iterable[int], columns: str = "*"
) -> list[dict[str, Any]]:
    """The rows of a table (no view) that have one of some ids, in the order of the ids.

    Args:
        connection: the record.
        table: its name.
        ids: those that are not there are left out.
        columns: SQL for what is wanted of them; `id` must be among it.
    """
    order = {number: place for place, number in enumerate(dict.fromkeys(ids))}
    if not order:
        return []
    query = f"SELECT {columns} FROM {table} WHERE rowid IN (SELECT rowid FROM {table} WHERE {among_ids('id', order)})"
    return sorted(fetch(connection, query), key=lambda row: order[row["id"]])


def records_by_id(
    connection: duckdb.DuckDBPyConnection, what: str, ids: Iterable[int], columns: str = "*"
) -> list[dict[str, Any]]:
    """The events or statements that have one of some ids, as persons have them, without those that a person rejected.

    Args:
        connection: the record.
        what: "event" or "statement".
        ids: those that are not there are left out.
        columns: SQL for what is wanted of them; `id` must be among it.
    """
    wanted = list(dict.fromkeys(ids))
    gone = set(ids_of(connection, f"SELECT id FROM rejected WHERE {among_ids('id', wanted)}"))
    left = [number for number in wanted if number not in gone]
    corrected = rows_by_id(connection, f"corrected_{what}s", left, columns)
    judged = {row["id"] for row in corrected}
    coded = rows_by_id(connection, f"coded_{what}s", (number for number in left if number not in judged), columns)
    return [*corrected, *coded]


def read_lines(connection: duckdb.DuckDBPyConnection, wanted: Iterable[Wanted]) -> dict[Wanted, dict[str, Any]]:
    """Events and statements in a line each, with their words and where they stand.

    Args:
        connection: the record.
        wanted: those that are gone are left out.
    """
    found: dict[Wanted, dict[str, Any]] = {}
    every_one = set(wanted)
    for what in ("event", "statement"):
        rows = records_by_id(connection, what, (number for kind, number in every_one if kind == what))
        words = words_of(connection, rows)
        for row in rows:
            record = lines.record(what, row)
            found[what, row["id"]] = {
                **words[row["id"]],
                "key": shown(what, row["id"]),
                "line": lines.record_line(record),
                "record": record,
                "first": row["first"],
                "why": row["why"],
            }
    return found


def words_of(connection: duckdb.DuckDBPyConnection, rows: Sequence[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """The words of some events or statements, with the document that they stand in, by id.

    Args:
        connection: the record.
        rows: with `id`, `doc`, `start` and `stop`.
    """
    if not rows:
        return {}
    documents = {row["doc"] for row in rows}
    spans = ", ".join(f"({row['id']}::UBIGINT, {row['doc']}::UBIGINT, {int(row['start'])}, {int(row['stop'])})" for row in rows)
    query = (
        f"WITH wanted(id, doc, start, stop) AS (VALUES {spans}), texts AS (SELECT id, outlet, title, published, published_at, url, text "
        f"FROM documents WHERE rowid IN (SELECT rowid FROM documents WHERE {among_ids('id', documents)})) "
        f"SELECT w.id, d.id AS doc, {OPENING_SQL}, d.outlet, d.title, d.published, d.published_at, d.url, substr(d.text, w.start + 1, w.stop - w.start) AS words "
        "FROM wanted w JOIN texts d ON d.id = w.doc"
    )
    return {
        row["id"]: {**row, "words": squeeze(row["words"]), "name": heading(row), "document": shown("document", row["doc"])}
        for row in fetch(connection, query)
    }
