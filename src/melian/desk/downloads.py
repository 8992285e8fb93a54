"""Rows as CSV and JSON, sent as they are fetched."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from melian.crisis.record.rows import in_utc

if TYPE_CHECKING:
    import duckdb
    from starlette.responses import Response

    from melian.desk.visit import Desk

Ask = Callable[["duckdb.DuckDBPyConnection"], tuple[Sequence[str], Iterable[Sequence[Any]]]]
"""From a connection to the names of columns and the rows."""

_AT_ONCE = 1000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_encoder = msgspec.json.Encoder()


def as_csv(desk: Desk, name: str, ask: Ask) -> Response:
    """A file of comma-separated values, UTF-8; lists are joined by "; ".

    Text that a spreadsheet would run as a formula ("=HYPERLINK(…") gets an apostrophe before it; JSON has it as it is.
    """
    from starlette.responses import StreamingResponse

    def lines() -> Iterator[bytes]:
        with desk.live.reading() as (connection, _):
            columns, rows = ask(connection)
            yield _line(columns)
            buffer: list[bytes] = []
            for row in rows:
                buffer.append(_line([_cell(value) for value in row]))
                if len(buffer) >= _AT_ONCE:
                    yield b"".join(buffer)
                    buffer.clear()
            yield b"".join(buffer)

    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return StreamingResponse(lines(), media_type="text/csv; charset=utf-8", headers=headers)


def as_json(desk: Desk, name: str, ask: Ask) -> Response:
    """An array of objects, one a row, a line each."""
    from starlette.responses import StreamingResponse

    def lines() -> Iterator[bytes]:
        with desk.live.reading() as (connection, _):
            columns, rows = ask(connection)
            before = b"[\n"
            for row in rows:
                yield before + _encoder.encode(dict(zip(columns, map(in_utc, row), strict=True)))
                before = b",\n"
            yield b"[]\n" if before == b"[\n" else b"\n]\n"

    headers = {"Content-Disposition": f'attachment; filename="{name}.json"'}
    return StreamingResponse(lines(), media_type="application/json", headers=headers)


def cursor_rows(cursor: duckdb.DuckDBPyConnection) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
    """The columns of a query that was run, and its rows as they are fetched."""

    def rows() -> Iterator[tuple[Any, ...]]:
        while some := cursor.fetchmany(_AT_ONCE):
            yield from some

    return [column[0] for column in cursor.description or ()], rows()


def _line(values: Iterable[Any]) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(values)
    return line.getvalue().encode("utf-8")


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        value = "; ".join(map(str, value))
    value = in_utc(value)
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
