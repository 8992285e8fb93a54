"""Stata files (.dta, format 118, which Stata reads from version 14 on), written by pandas."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from melian.exports.layout import Column, Sheet, Value, flat
from melian.exports.writing import finite, library

LONGEST_STRING = 2045  # bytes; a longer one makes its column one of long strings
LABEL = 80  # characters of a column's label
NAME = 32
_MADE = datetime(2000, 1, 1)  # stands in the file's head, so that the same rows give the same bytes


class Stata:
    """A file for each sheet. Lists are joined by ";", days are Stata's days, yes and no are 1 and 0; the meaning is the column's label."""

    def __init__(self, folder: Path, sheets: Sequence[Sheet]) -> None:
        self._pandas = library("pandas", "Stata files")
        self._folder, self._sheets = folder, sheets
        self._values: dict[str, list[list[Value]]] = {sheet.name: [[] for _ in sheet.columns] for sheet in sheets}

    def write(self, sheet: Sheet, row: Sequence[Value]) -> None:
        """One row; rows are kept until the file is made, as Stata's files have to be."""
        for kept, value in zip(self._values[sheet.name], row, strict=True):
            kept.append(finite(value))

    def close(self) -> list[Path]:
        """Make the files."""
        paths = []
        for sheet in self._sheets:
            path = self._folder / f"{sheet.name}.dta"
            values = self._values.pop(sheet.name)
            series = {stata_name(c): self._series(c, kept) for c, kept in zip(sheet.columns, values, strict=True)}
            frame = self._pandas.DataFrame(series)
            long = [
                name for name, kept in series.items() if kept.dtype == object and any(_bytes(v) > LONGEST_STRING for v in kept)
            ]
            frame.to_stata(
                path,
                write_index=False,
                version=118,
                time_stamp=_MADE,
                convert_dates={stata_name(c): "td" for c in sheet.columns if c.kind == "date"},
                convert_strl=long,
                variable_labels={stata_name(c): _label(c.meaning) for c in sheet.columns},
            )
            paths.append(path)
        return paths

    def _series(self, column: Column, values: list[Value]) -> Any:
        pandas = self._pandas
        if column.kind == "date":
            return pandas.Series(pandas.to_datetime(values), dtype="datetime64[s]")
        if column.kind in ("integer", "number", "flag"):
            return pandas.Series([None if value is None else float(value) for value in values], dtype="float64")  # type: ignore[arg-type]
        return pandas.Series([flat(value) for value in values], dtype=object)


def stata_name(column: Column) -> str:
    """A column's name as Stata takes it: letters, digits and underscores, at most 32."""
    return re.sub(r"\W", "_", column.name, flags=re.ASCII)[:NAME]


def _label(meaning: str) -> str:
    return meaning if len(meaning) <= LABEL else f"{meaning[: LABEL - 1]}…"


def _bytes(text: str) -> int:
    return len(text.encode("utf-8"))
