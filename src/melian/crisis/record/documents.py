"""Documents with their records out of the tables, as judged: what goes onto a page or into the exchange format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar, cast

import duckdb

from melian.crisis.record.bulk import ids_table
from melian.crisis.record.rows import Pair, event, fetch, hex_id, statement
from melian.records import CodedDocument, DateOrigin, Document

_AT_ONCE = 500
_Record = TypeVar("_Record")


def coded_documents(connection: duckdb.DuckDBPyConnection, ids: Sequence[int] | None = None) -> Iterator[Pair]:
    """Documents with their events and statements as the judgements leave them, by day and id.

    Args:
        connection: open for reading.
        ids: which documents; None is all.
    """
    chosen = [
        row[0]
        for row in connection.execute("SELECT id FROM documents ORDER BY published NULLS LAST, id").fetchall()
        if ids is None or row[0] in set(ids)
    ]
    for start in range(0, len(chosen), _AT_ONCE):
        some = chosen[start : start + _AT_ONCE]
        ids_table(connection, "chosen", some)
        documents = fetch(
            connection,
            "SELECT d.*, CAST(d.published AS VARCHAR) AS day, (SELECT min(origin) FROM origins o WHERE o.doc = d.id) AS origin "
            "FROM documents d SEMI JOIN chosen c ON c.id = d.id",
        )
        by_id = {row["id"]: row for row in documents}
        events = _by_document(connection, "events", event)
        statements = _by_document(connection, "statements", statement)
        for key in some:
            yield _pair(by_id[key], tuple(events.get(key, ())), tuple(statements.get(key, ())))


def _by_document(
    connection: duckdb.DuckDBPyConnection, view: str, read: Callable[[dict[str, Any]], _Record]
) -> dict[int, list[_Record]]:
    found: dict[int, list[_Record]] = {}
    for row in fetch(connection, f"SELECT r.* FROM {view} r SEMI JOIN chosen c ON c.id = r.doc ORDER BY r.start, r.stop, r.id"):
        found.setdefault(row["doc"], []).append(read(row))
    return found


def _pair(row: dict[str, Any], events: tuple[Any, ...], statements: tuple[Any, ...]) -> Pair:
    origin = cast(DateOrigin, row["published_from"])
    about = {
        "doc_id": hex_id(row["id"]),
        "published": row["day"],
        "published_at": f"{row['published_at'].isoformat(timespec='seconds')}Z" if row["published_at"] else None,
        "title": row["title"],
        "outlet": row["outlet"],
        "url": row["url"],
    }
    document = Document(**about, published_from=origin, text=row["text"], origin=row["origin"])
    coded = CodedDocument(**about, published_from=origin, events=events, statements=statements, notes=tuple(row["notes"] or ()))
    return document, coded


def is_record(head: bytes) -> bool:
    """Whether a file that begins with these (at least 12) bytes is a DuckDB database."""
    return head[8:12] == b"DUCK"
