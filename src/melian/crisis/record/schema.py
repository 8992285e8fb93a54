"""The tables of a record, their version, and how a record of an earlier version becomes one of this."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from importlib.resources import files

import duckdb

from melian.errors import NoRecord, RecordTooNew

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """Files of SQL that lead from one version of the tables to the next, and whether what is derived from the documents is built
    anew after it."""

    files: tuple[str, ...]
    rebuilds: bool = False


STEPS = (
    Step(("record/schema.sql",)),
    Step(
        (
            "record/version-2.sql",
            "judgements/tables.sql",
            "copies/tables.sql",
            "search/tables.sql",
            "incidents/tables.sql",
            "ledger/tables.sql",
        ),
        rebuilds=True,
    ),
    Step(("record/version-3.sql",), rebuilds=True),
    Step(("record/version-4.sql",), rebuilds=True),
)
"""A new record takes all steps, an old one those that it lacks. A step that a release has gone out with is never changed; what is to be
otherwise comes in a further step."""

VERSION = len(STEPS)
"""Of the tables."""


def create(connection: duckdb.DuckDBPyConnection, title: str | None = None) -> None:
    """Make every table in an empty database."""
    for step in STEPS:
        _run(connection, step)
    connection.execute("INSERT INTO about VALUES ('version', ?)", [str(VERSION)])
    if title:
        connection.execute("INSERT INTO about VALUES ('title', ?)", [title])


def version(connection: duckdb.DuckDBPyConnection, where: str) -> int:
    """The version of a record's tables.

    Raises:
        NoRecord: it is a DuckDB file without Melian's tables.
        RecordTooNew: its version is above this program's.
    """
    try:
        row = connection.execute("SELECT value FROM about WHERE key = 'version'").fetchone()
    except duckdb.CatalogException as error:
        raise NoRecord(f"{where}: a database, but not a record of Melian's; make one with `melian new`") from error
    found = int(row[0]) if row else 0
    if found > VERSION:
        raise RecordTooNew(f"{where}: written by a later version of Melian (tables {found}, here {VERSION}); upgrade Melian")
    return found


def migrate(connection: duckdb.DuckDBPyConnection, found: int) -> None:
    """Take the steps that a record of version `found` lacks, and build anew what is derived from its documents."""
    from melian.crisis.record.upkeep import update

    steps = STEPS[found:]
    for step in steps:
        _run(connection, step)
    connection.execute("UPDATE about SET value = ? WHERE key = 'version'", [str(VERSION)])
    if any(step.rebuilds for step in steps):
        log.warning(
            "the record is of an earlier version of Melian; what it holds is put together anew, which takes minutes in a large one"
        )
        update(connection, [row[0] for row in connection.execute("SELECT id FROM documents").fetchall()])


def _run(connection: duckdb.DuckDBPyConnection, step: Step) -> None:
    for name in step.files:
        connection.execute(files("melian.crisis").joinpath(name).read_text(encoding="utf-8"))
