"""What a file of an export is: named columns with their meanings, and how an event becomes rows of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from melian.exports.rows import ExportedEntry, ExportedEvent, ExportedStatement

Kind = Literal["text", "list", "integer", "number", "date", "flag"]
Value = str | int | float | date | bool | Sequence[str | None] | None
Record = ExportedEvent | ExportedStatement | ExportedEntry
Of = Literal["event", "statement", "entry"]

# What would break a line of a delimited file or a cell of a sheet; a source's line breaks stand for a space.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]+")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its exact name, what kind of values it has, what they mean. `words`: the source's own, which stay
    empty on request."""

    name: str
    kind: Kind
    meaning: str
    words: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file of an export, or a sheet of a workbook.

    Attributes:
        name: of the file, without its ending.
        of: which records it is made of.
        columns: in their order.
        rows: the rows of a record: as many values each as there are columns.
        header: whether the first line names the columns.
        what: one line that says what a row is.
    """

    name: str
    of: Of
    columns: tuple[Column, ...]
    rows: Callable[[Any], Iterable[Sequence[Value]]]
    what: str
    header: bool = True


def columns(*rows: tuple[str, Kind, str] | tuple[str, Kind, str, bool]) -> tuple[Column, ...]:
    """Columns from (name, kind, meaning) or (name, kind, meaning, whether it has the source's words)."""
    return tuple(Column(*row) for row in rows)


def one_line(text: str) -> str:
    """Text without line breaks, tabs and other control characters: each run of them is a space."""
    return _SURROGATE.sub("\ufffd", _CONTROL.sub(" ", text))


def flat(value: Value) -> str:
    """A value in one cell of text: lists joined by ";" (one in an item becomes a comma), yes and no as 1 and 0."""
    if value is None:
        return ""
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return ";".join(one_line(each or "").replace(";", ",") for each in value)
