"""Delimited text: CSV and tab-separated files, UTF-8, one line a row."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from melian.exports.layout import Sheet, Value, flat
from melian.exports.writing import finite


class Delimited:
    """A file for each sheet. What has the delimiter or a quotation mark in it stands in quotation marks, which are doubled in it.

    No cell holds a line break, so that a row is a line for every reader.

    Args:
        folder: where the files go.
        sheets: one file each, called after it.
        ending: of their names, ".csv".
        delimiter: between the cells of a line.
    """

    def __init__(self, folder: Path, sheets: Sequence[Sheet], ending: str, delimiter: str) -> None:
        self._open = ExitStack()
        self._paths = [folder / f"{sheet.name}{ending}" for sheet in sheets]
        self._lines = {}
        for sheet, path in zip(sheets, self._paths, strict=True):
            stream = self._open.enter_context(path.open("w", encoding="utf-8", newline=""))
            self._lines[sheet.name] = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
            if sheet.header:
                self._lines[sheet.name].writerow([column.name for column in sheet.columns])

    def write(self, sheet: Sheet, row: Sequence[Value]) -> None:
        """One line."""
        self._lines[sheet.name].writerow([flat(finite(value)) for value in row])

    def close(self) -> list[Path]:
        """Finish the files."""
        self._open.close()
        return self._paths
