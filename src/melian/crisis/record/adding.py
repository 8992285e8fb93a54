"""Adding reports to a record: coded in batches, each batch whole or not at all.

A report that the record has already is not coded again. What cannot be read or coded goes into the quarantine table with the
reason, and the rest goes on. A kill loses the unfinished batch; running the same command again goes on from there.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import duckdb
import msgspec

from melian.crisis.record import store
from melian.crisis.record.bulk import insert
from melian.crisis.record.rows import Pair, add, document_id
from melian.crisis.record.upkeep import update
from melian.errors import InputError, MelianError
from melian.records import CodedDocument, Document

log = logging.getLogger(__name__)

BATCH_DOCUMENTS = 1000
BATCH_SECONDS = 30.0  # of coding; a kill loses no more than that
GIVEN = "given"  # stands for the coder's version where a record came with its document
CHUNK = 32  # documents coded in one go; the coder reads ahead within them


class CodesDocuments(Protocol):
    """What adding needs of a coder: one record for each document, in order."""

    def code_all(self, documents: Iterable[Document]) -> Iterator[CodedDocument]: ...


@dataclass(slots=True)
class Added:
    """What came of it: documents new to the record, known to it already, and set aside."""

    new: int = 0
    known: int = 0
    set_aside: int = 0


Found = Document | Pair | MelianError


def add_found(
    path: Path,
    found: Iterable[Found],
    coder: CodesDocuments,
    coder_version: str,
    *,
    batch: int = BATCH_DOCUMENTS,
    seconds: float = BATCH_SECONDS,
    told: Callable[[MelianError], None] = lambda error: None,
    done: Callable[[int], None] = lambda number: None,
) -> Added:
    """Code what was found and add it to the record, in batches.

    Args:
        path: the record.
        found: documents, documents that are coded already (pairs), and what was wrong where there is none.
        coder: codes the documents.
        coder_version: is kept with each document, for `melian recode`.
        batch: most documents in a batch.
        seconds: of coding after which a batch is closed.
        told: called with each error, when it comes up.
        done: called with the number of documents worked on so far.

    Raises:
        RecordBusy, NoRecord, RecordError: see there.
    """
    outcome = Added()
    with store.held(path) as open_batch:
        known = _known(path)
        waiting = iter(found)
        while True:
            coded, given, errors, ended = _next_batch(waiting, coder, known, outcome, batch, seconds, told, done)
            if coded or given or errors:
                with open_batch() as connection:
                    new = [*add(connection, coded, coder_version), *add(connection, given, GIVEN)]
                    quarantine(connection, errors)
                    update(connection, new)
                outcome.new += len(new)
            if ended:
                return outcome


def quarantine(connection: duckdb.DuckDBPyConnection, errors: Sequence[MelianError]) -> None:
    """Note inputs that were set aside, each once."""
    now = datetime.now(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")
    connection.execute("CREATE OR REPLACE TEMP TABLE put_aside AS FROM quarantine LIMIT 0")
    rows = [
        {
            "origin": error.where if isinstance(error, InputError) else None,
            "kind": error.kind if isinstance(error, InputError) else "not coded",
            "message": str(error),
            "seen": now,
        }
        for error in errors
    ]
    insert(connection, "put_aside", rows)
    connection.execute(
        "INSERT INTO quarantine SELECT DISTINCT ON (origin, kind, message) p.* FROM put_aside p WHERE NOT EXISTS "
        "(SELECT 1 FROM quarantine q WHERE q.message = p.message AND q.origin IS NOT DISTINCT FROM p.origin)"
    )


def _known(path: Path) -> set[int]:
    with store.reading(path) as connection:
        return {row[0] for row in connection.execute("SELECT id FROM documents").fetchall()}


def _next_batch(
    waiting: Iterator[Found],
    coder: CodesDocuments,
    known: set[int],
    outcome: Added,
    most: int,
    seconds: float,
    told: Callable[[MelianError], None],
    done: Callable[[int], None],
) -> tuple[list[Pair], list[Pair], list[MelianError], bool]:
    """The next documents with their new records, those whose records were given or are known, what was wrong on the way, and
    whether that was all."""
    pairs: list[Pair] = []
    given: list[Pair] = []
    errors: list[MelianError] = []
    uncoded: list[Document] = []
    start = time.monotonic()
    ended = False

    def aside(error: MelianError) -> None:
        told(error)
        errors.append(error)
        outcome.set_aside += 1

    while not ended and len(pairs) + len(given) + len(errors) < most and time.monotonic() - start < seconds:
        for each in waiting:
            if isinstance(each, MelianError):
                aside(each)
            else:
                document, coded = (each, None) if isinstance(each, Document) else each
                key = int(document_id(document), 16)
                if key in known:
                    outcome.known += 1
                    given.append((document, CodedDocument(doc_id="")))  # its origin may be a new one
                elif coded is None:
                    uncoded.append(document)
                else:
                    given.append((document, coded))
                known.add(key)
            if len(uncoded) >= CHUNK or len(pairs) + len(given) + len(errors) + len(uncoded) >= most:
                break
        else:
            ended = True
        for document, record in code_each(uncoded, coder):
            if isinstance(record, MelianError):
                aside(record)
            else:
                pairs.append((document, record))
        uncoded.clear()
        done(outcome.new + outcome.set_aside + len(pairs) + len(given))
    return pairs, given, errors, ended


def code_each(documents: Sequence[Document], coder: CodesDocuments) -> Iterator[tuple[Document, CodedDocument | MelianError]]:
    """Each document with its record; where the coder fails at one, that one with the error, and the rest goes on."""
    named = [msgspec.structs.replace(document, doc_id=document_id(document)) for document in documents]
    number = 0
    try:
        for coded in coder.code_all(named):
            yield documents[number], coded
            number += 1
    except Exception as error:  # a fault of the coder's own in one text must not lose the others
        log.debug("the coder failed", exc_info=error)
        for place in range(number, len(named)):
            yield documents[place], _coded_alone(named[place], coder)


def _coded_alone(document: Document, coder: CodesDocuments) -> CodedDocument | MelianError:
    try:
        return next(iter(coder.code_all([document])))
    except MelianError as error:
        return error
    except Exception as error:
        return InputError(f"could not be coded ({type(error).__name__}: {error}); please report it", document.origin)
