"""Writing many rows at once.

DuckDB takes rows one by one slowly; it reads a file of JSON lines fast, nested columns included, without any other library.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import msgspec

_encoder = msgspec.json.Encoder()


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Any]) -> int:
    """Append rows to a table; columns that a row does not name are NULL.

    Args:
        connection: open for writing.
        table: a table's name (never text from outside).
        rows: dicts or msgspec structs whose fields are columns of the table; dates as ISO text.

    Returns:
        How many rows there were.
    """
    columns = {name: kind for name, kind, *_ in connection.execute(f"DESCRIBE {table}").fetchall()}
    with tempfile.TemporaryDirectory(prefix="melian-") as folder:
        path = Path(folder) / "rows.jsonl"
        number = longest = 0
        with path.open("wb") as stream:
            for row in rows:
                line = _encoder.encode(row)
                stream.write(line + b"\n")
                longest = max(longest, len(line))
                number += 1
        if number:
            connection.execute(
                f"INSERT INTO {table} BY NAME SELECT * FROM read_json(?, format = 'newline_delimited', columns = ?, "
                "maximum_object_size = ?)",
                [str(path), columns, max(16 << 20, 2 * longest)],
            )
    return number


def ids_table(connection: duckdb.DuckDBPyConnection, name: str, ids: Iterable[int]) -> None:
    """A temporary table `name(id UBIGINT)` that holds each of the ids once; one of the same name is replaced."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} (id UBIGINT)")
    insert(connection, name, ({"id": each} for each in sorted(set(ids))))
