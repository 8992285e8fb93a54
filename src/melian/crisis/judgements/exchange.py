"""Judgements out to JSON lines and in again, so that the work of two analysts can be joined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import duckdb

from melian.crisis.judgements.judgement import Judgement, from_line, to_line
from melian.crisis.judgements.judging import take_in
from melian.crisis.judgements.rebinding import update
from melian.crisis.judgements.table import all_judgements, by_id, orphaned_ids
from melian.crisis.record.rows import number
from melian.errors import MelianError, UnreadableInput


@dataclass(frozen=True, slots=True)
class Joined:
    """What came of an import: how many judgements were new, known already, and new but waiting for their document or record.

    `documents` are the ids of those whose derived parts must be updated.
    """

    new: int
    known: int
    waiting: int
    documents: tuple[int, ...]


def export(connection: duckdb.DuckDBPyConnection) -> Iterator[bytes]:
    """Every judgement as a line of JSON with its line break, those taken back and those that wait too, oldest first."""
    for judgement in all_judgements(connection):
        yield to_line(judgement) + b"\n"


def read(lines: Iterable[bytes], name: str) -> list[Judgement]:
    """The judgements of a file that `export` wrote; empty lines are passed over.

    Args:
        lines: its lines.
        name: the file's name, for messages.

    Raises:
        UnreadableInput: a line is no judgement; the message names file and line.
    """
    return [from_line(line, f"{name}:{at}") for at, line in enumerate(lines, start=1) if line.strip()]


def join(connection: duckdb.DuckDBPyConnection, judgements: Iterable[Judgement], name: str = "judgements") -> Joined:
    """Take in judgements that were made on another copy of the record; all of them, or none when one cannot hold.

    Those on documents that are not here are kept, and hold when the document comes.

    Args:
        connection: open for writing.
        judgements: in any order; one that is here already is passed over.
        name: where they come from, for messages.

    Raises:
        UnreadableInput: one has a value that its field cannot have here.
    """
    given = {each.id: each for each in judgements}
    known = by_id(connection, given)
    new = [each for each in given.values() if each.id not in known]
    try:
        touched = take_in(connection, new)
    except MelianError as error:
        raise UnreadableInput(str(error), name) from error
    named = {number(reading.doc) for each in new for reading in each.reading if reading.doc}
    touched = update(connection, sorted(named | set(touched)))
    waiting = orphaned_ids(connection) & {each.id for each in new}
    return Joined(len(new), len(known), len(waiting), tuple(touched))
