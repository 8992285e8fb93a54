"""The tables of a record, their version, and how a record of an earlier version becomes one of this."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable

import duckdb

from melian.errors import NoRecord, RecordTooNew

VERSION = 1
"""Of the tables. A record with a lower one is brought up by the migrations between."""

PARTS = ("record/schema.sql",)
"""The files of tables, in the order that they are made; later ones may use the types and tables of those before."""


def create(connection: duckdb.DuckDBPyConnection, title: str | None = None) -> None:
    """Make every table in an empty database."""
    for part in PARTS:
        connection.execute(_here().joinpath(part).read_text(encoding="utf-8"))
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
    """Bring the tables from version `found` to this one, one step a file `migrations/N.sql`."""
    for step in range(found + 1, VERSION + 1):
        connection.execute(_here().joinpath("record", "migrations", f"{step}.sql").read_text(encoding="utf-8"))
    connection.execute("UPDATE about SET value = ? WHERE key = 'version'", [str(VERSION)])


def _here() -> Traversable:
    return files("melian.crisis")
