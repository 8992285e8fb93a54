"""The tables of a record, their version, and how a record of an earlier version becomes one of this."""

from __future__ import annotations

from importlib.resources import files

import duckdb

from melian.errors import NoRecord, RecordTooNew

STEPS: tuple[tuple[str, ...], ...] = (
    ("record/schema.sql",),
    (
        "record/version-2.sql",
        "judgements/tables.sql",
        "copies/tables.sql",
        "search/tables.sql",
        "incidents/tables.sql",
        "ledger/tables.sql",
    ),
    ("record/version-3.sql",),
)
"""The files of SQL that lead from each version of the tables to the next: a new record takes all steps, an old one those that it
lacks. A step that a release has gone out with is never changed; what is to be otherwise comes in a further step."""

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

    for step in STEPS[found:]:
        _run(connection, step)
    connection.execute("UPDATE about SET value = ? WHERE key = 'version'", [str(VERSION)])
    update(connection, [row[0] for row in connection.execute("SELECT id FROM documents").fetchall()])


def _run(connection: duckdb.DuckDBPyConnection, step: tuple[str, ...]) -> None:
    for name in step:
        connection.execute(files("melian.crisis").joinpath(name).read_text(encoding="utf-8"))
