"""Parquet files: one document a row, some rows in memory at a time."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from melian.errors import InputError, UnreadableInput
from melian.sources.given import Found, Given
from melian.sources.streams import on_disk
from melian.sources.tables.columns import columns_of, document_of_row

_ROWS = 500  # fetched at a time
_MEMORY = "1GB"  # the most that DuckDB may hold; Parquet is unpacked in groups of rows


def read(stream: io.BufferedReader, given: Given) -> Iterator[Found]:
    """The documents of a Parquet file, in its order; row 7 is "file:7" in messages. Columns are found as in CSV files.

    A row's digest is that of its documents' fields as JSON, since its bytes are spread over the file.

    Raises:
        UnreadableInput: no Parquet file, a broken one, or a column is missing.
    """
    import duckdb

    with on_disk(stream, given.where) as (_, path), _plain_name(path) as plain, duckdb.connect() as connection:
        try:
            connection.execute(f"SET memory_limit = '{_MEMORY}'; SET threads = 1")
            names = [row[0] for row in connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(plain)]).fetchall()]
            places = columns_of(names, given)
            wanted = ", ".join(f"CAST({_quoted(names[place])} AS VARCHAR)" for place in places.values())
            rows = connection.execute(f"SELECT {wanted} FROM read_parquet(?)", [str(plain)])
            number = 0
            while some := rows.fetchmany(_ROWS):
                for row in some:
                    number += 1
                    yield _document(dict(zip(places, row, strict=True)), given.at(number))
        except duckdb.Error as error:
            message = str(error).splitlines()[0].replace(str(plain), given.where)
            raise UnreadableInput(f"not a Parquet file that can be read ({message})", given.where) from error


def _document(values: dict[str, Any], given: Given) -> Found:
    try:
        return document_of_row(values, json.dumps(values, ensure_ascii=False, sort_keys=True).encode(), given)
    except InputError as error:
        return error


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@contextmanager
def _plain_name(path: Path) -> Iterator[Path]:
    """The file under a name without signs that DuckDB takes for a pattern."""
    if not set("*?[]{}") & set(str(path)):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="melian-") as folder:
        link = Path(folder) / "rows.parquet"
        link.symlink_to(path.resolve())
        yield link
