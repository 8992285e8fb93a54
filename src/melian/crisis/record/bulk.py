"""Writing many rows at once.

DuckDB takes rows one by one slowly; it reads a file of JSON lines fast, nested columns included, without any other library.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb
import msgspec

_encoder = msgspec.json.Encoder()
_FEW = 500  # ids that stand in the statement itself, which is faster than a file for so few


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Any]) -> int:
    """Append rows to a table; columns that a row does not name are NULL.

    Args:
        connection: open for writing.
        table: a table's name (never text from outside).
        rows: dicts or msgspec structs whose fields are columns of the table; dates as ISO text.

    Returns:
        How many rows there were.
    """
    waiting = iter(rows)
    first = next(waiting, None)
    if first is None:  # most calls of a small change; it costs as much as writing would
        return 0
    columns = {name: kind for name, kind, *_ in connection.execute(f"DESCRIBE {table}").fetchall()}
    with tempfile.TemporaryDirectory(prefix="melian-") as folder:
        path = Path(folder) / "rows.jsonl"
        number = longest = 0
        with path.open("wb") as stream:
            for row in chain((first,), waiting):
                line = _encoder.encode(row)
                stream.write(line + b"\n")
                longest = max(longest, len(line))
                number += 1
        connection.execute(
            f"INSERT INTO {table} BY NAME SELECT * FROM read_json(?, format = 'newline_delimited', columns = ?, "
            "maximum_object_size = ?)",
            [str(path), columns, max(16 << 20, 2 * longest)],
        )
    return number


def ids_table(connection: duckdb.DuckDBPyConnection, name: str, ids: Iterable[int]) -> None:
    """A temporary table `name(id UBIGINT)` that holds each of the ids once; one of the same name is replaced."""
    chosen = sorted(set(ids))
    if len(chosen) <= _FEW:
        listed = ", ".join(map(str, map(int, chosen)))
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT unnest(CAST([{listed}] AS UBIGINT[])) AS id")
        return
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} (id UBIGINT)")
    insert(connection, name, ({"id": each} for each in chosen))


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Everything in the block as one transaction: kept when it ends, undone when it raises."""
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()
