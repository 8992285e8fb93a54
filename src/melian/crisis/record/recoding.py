"""Coding a record's documents again with a newer coder: judgements stay, and what changed is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from melian.crisis.record import store
from melian.crisis.record.adding import GIVEN, CodesDocuments, code_each
from melian.crisis.record.bulk import ids_table, insert
from melian.crisis.record.rows import add_records, fetch, hex_id
from melian.crisis.record.upkeep import update
from melian.errors import MelianError
from melian.records import CodedDocument, DateOrigin, Document

_KINDS = ("event", "statement")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What recoding did to one event or statement.

    `what` is "new", "gone" or "changed"; `fields` are those that changed; `was` and `now` the rows, None where there is none.
    """

    document: str
    kind: str
    id: str
    what: str
    fields: tuple[str, ...]
    was: dict[str, Any] | None
    now: dict[str, Any] | None


@dataclass(slots=True)
class Recoded:
    """What came of it: documents coded again, events and statements that are new, gone, changed or as before, and how judgements
    fared (as `judgements.rebind` tells it)."""

    documents: int = 0
    new: int = 0
    gone: int = 0
    changed: int = 0
    same: int = 0
    failed: int = 0
    judgements: dict[str, int] | None = None


def recode(
    path: Path,
    coder: CodesDocuments,
    coder_version: str,
    *,
    every: bool = False,
    batch: int = 1000,
    told: Callable[[Change], None] = lambda change: None,
    failed: Callable[[MelianError], None] = lambda error: None,
    done: Callable[[int], None] = lambda number: None,
) -> Recoded:
    """Code again what another coder read; documents whose records were given with them, and those without a text, stay.

    Args:
        path: the record.
        coder: codes the documents.
        coder_version: documents read by it are passed over, unless `every`.
        batch: documents that are replaced in one go; a kill loses no more than one batch's work.
        told: called with each change.
        failed: called with the error of a document that could not be coded, which keeps its old record.
        done: called with the number of documents done.

    Raises:
        RecordBusy, NoRecord, RecordError: see there.
    """
    outcome = Recoded(judgements={})
    with store.held(path) as open_batch:
        with store.reading(path) as connection:
            waiting = [
                row[0]
                for row in connection.execute(
                    "SELECT id FROM documents WHERE coder <> ? AND text <> '' AND (? OR coder <> ?) ORDER BY id",
                    [GIVEN, every, coder_version],
                ).fetchall()
            ]
        for start in range(0, len(waiting), batch):
            with open_batch() as connection:
                _recode(connection, waiting[start : start + batch], coder, coder_version, outcome, told, failed)
            done(min(start + batch, len(waiting)))
    return outcome


def _recode(
    connection: duckdb.DuckDBPyConnection,
    ids: Sequence[int],
    coder: CodesDocuments,
    coder_version: str,
    outcome: Recoded,
    told: Callable[[Change], None],
    failed: Callable[[MelianError], None],
) -> None:
    from melian.crisis.judgements import rebind

    documents = [_document(connection, key) for key in ids]
    coded: list[tuple[int, CodedDocument]] = []
    for key, (_, record) in zip(ids, code_each(documents, coder), strict=True):
        if isinstance(record, MelianError):
            failed(record)
            outcome.failed += 1
        else:
            coded.append((key, record))
            outcome.documents += 1
    ids_table(connection, "recoded", (key for key, _ in coded))
    before = {kind: _rows(connection, kind) for kind in _KINDS}
    for table in ("coded_events", "coded_statements", "abstentions"):
        connection.execute(f"DELETE FROM {table} WHERE doc IN (SELECT id FROM recoded)")
    add_records(connection, coded)
    _date_anew(connection, coded, coder_version)
    for kind in _KINDS:
        for change in _changes(kind, before[kind], _rows(connection, kind), outcome):
            told(change)
    touched = [key for key, _ in coded]
    rebound = rebind(connection, touched)
    for name, number in rebound.counts().items():
        outcome.judgements = outcome.judgements or {}
        outcome.judgements[name] = outcome.judgements.get(name, 0) + number
    update(connection, [*touched, *rebound.documents])


def _date_anew(connection: duckdb.DuckDBPyConnection, coded: Sequence[tuple[int, CodedDocument]], coder_version: str) -> None:
    """Note the new coder, and the day that it found in a text whose giver named none."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE dated (id UBIGINT, published DATE, published_from VARCHAR, notes VARCHAR[])"
    )
    rows = [
        {"id": key, "published": record.published, "published_from": record.published_from, "notes": list(record.notes)}
        for key, record in coded
    ]
    insert(connection, "dated", rows)
    connection.execute(
        "UPDATE documents SET coder = ?, notes = dated.notes, "
        "published = CASE WHEN documents.published_from = 'given' THEN documents.published ELSE dated.published END, "
        "published_from = CASE WHEN documents.published_from = 'given' THEN 'given' ELSE dated.published_from END "
        "FROM dated WHERE documents.id = dated.id",
        [coder_version],
    )


def _document(connection: duckdb.DuckDBPyConnection, key: int) -> Document:
    row = fetch(
        connection,
        "SELECT text, CAST(published AS VARCHAR) AS published, published_from, title, outlet, url FROM documents WHERE id = ?",
        [key],
    )[0]
    given = row["published"] if row["published_from"] == "given" else None
    origin: DateOrigin = "given" if given else "none"
    return Document(
        doc_id=hex_id(key), text=row["text"], published=given, published_from=origin, title=row["title"], outlet=row["outlet"],
        url=row["url"],
    )  # fmt: skip


def _rows(connection: duckdb.DuckDBPyConnection, kind: str) -> dict[int, dict[str, Any]]:
    rows = fetch(connection, f"SELECT * FROM coded_{kind}s WHERE doc IN (SELECT id FROM recoded)")
    return {row["id"]: row for row in rows}


def _changes(
    kind: str, before: dict[int, dict[str, Any]], after: dict[int, dict[str, Any]], outcome: Recoded
) -> Iterator[Change]:
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key), after.get(key)
        document = hex_id((was or now or {})["doc"])
        fields: tuple[str, ...] = ()
        if was is None or now is None:
            what = "new" if was is None else "gone"
        else:
            fields = tuple(name for name in was if name not in ("score", "why") and was[name] != now[name])
            what = "changed" if fields else "same"
        setattr(outcome, what, getattr(outcome, what) + 1)
        if what != "same":
            yield Change(document=document, kind=kind, id=hex_id(key), what=what, fields=fields, was=was, now=now)
