"""Parquet files, written by DuckDB: lists are arrays, days are dates, text is as it is."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import duckdb
import msgspec

from melian.exports.layout import Kind, Sheet, Value
from melian.exports.writing import finite

_TYPES: dict[Kind, str] = {
    "text": "VARCHAR", "list": "VARCHAR[]", "integer": "BIGINT", "number": "DOUBLE", "date": "DATE", "flag": "BOOLEAN",
}  # fmt: skip
_LARGEST = 64 << 20  # bytes of one row
_encoder = msgspec.json.Encoder()


class Parquet:
    """A file for each sheet. Rows wait in files of JSON lines, which DuckDB reads in one go."""

    def __init__(self, folder: Path, sheets: Sequence[Sheet]) -> None:
        self._folder, self._sheets = folder, sheets
        self._open = ExitStack()
        self._streams = {sheet.name: self._open.enter_context(self._waiting(sheet).open("wb")) for sheet in sheets}

    def write(self, sheet: Sheet, row: Sequence[Value]) -> None:
        """One row."""
        values = {column.name: finite(value) for column, value in zip(sheet.columns, row, strict=True)}
        self._streams[sheet.name].write(_encoder.encode(values) + b"\n")

    def close(self) -> list[Path]:
        """Make the files."""
        self._open.close()
        paths = []
        with duckdb.connect() as connection:
            connection.execute("SET threads = 1")  # the same rows give the same bytes
            for sheet in self._sheets:
                path = self._folder / f"{sheet.name}.parquet"
                rows = connection.read_json(
                    str(self._waiting(sheet)),
                    format="newline_delimited",
                    columns={column.name: _TYPES[column.kind] for column in sheet.columns},
                    maximum_object_size=_LARGEST,
                )
                rows.write_parquet(str(path), compression="zstd")
                self._waiting(sheet).unlink()
                paths.append(path)
        return paths

    def _waiting(self, sheet: Sheet) -> Path:
        return self._folder / f".{sheet.name}.jsonl"
