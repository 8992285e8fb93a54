"""Excel workbooks (.xlsx), written by XlsxWriter row by row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from melian.exports.layout import Sheet, Value, flat
from melian.exports.writing import finite, library

ROWS = 1_048_576  # of a sheet
CELL = 32_767  # characters of a cell
_FIRST_YEAR = 1900  # Excel has no earlier days
_MADE = datetime(2000, 1, 1)  # stands in the file, so that the same rows give the same bytes


class Excel:
    """One workbook with a sheet for each; a sheet that is full goes on in another ("events 2").

    Lists are joined by ";", text is never a formula or a link, and a text longer than a cell is cut and ends in "…".
    """

    def __init__(self, folder: Path, sheets: Sequence[Sheet], name: str = "melian.xlsx", rows: int = ROWS) -> None:
        self._path, self._most = folder / name, rows
        plain: dict[str, Any] = {
            "tmpdir": str(folder),
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "constant_memory": True,
        }
        self._book = library("xlsxwriter", "Excel files").Workbook(str(self._path), plain)
        self._book.set_properties({"created": _MADE})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._bold = self._book.add_format({"bold": True})
        self._open: dict[str, tuple[Any, int]] = {}
        self._pages: dict[str, int] = {}
        for sheet in sheets:
            self._page(sheet)

    def write(self, sheet: Sheet, row: Sequence[Value]) -> None:
        """One row."""
        page, at = self._open[sheet.name]
        if at >= self._most:
            page, at = self._page(sheet)
        for column, value in enumerate(row):
            self._cell(page, at, column, finite(value))
        self._open[sheet.name] = page, at + 1

    def close(self) -> list[Path]:
        """Make the workbook."""
        self._book.close()
        return [self._path]

    def _page(self, sheet: Sheet) -> tuple[Any, int]:
        number = self._pages[sheet.name] = self._pages.get(sheet.name, 0) + 1
        page = self._book.add_worksheet(sheet.name if number == 1 else f"{sheet.name} {number}")
        page.freeze_panes(1, 0)
        for column, named in enumerate(sheet.columns):
            page.write_string(0, column, named.name, self._bold)
        self._open[sheet.name] = page, 1
        return page, 1

    def _cell(self, page: Any, row: int, column: int, value: Value) -> None:
        if value is None:
            return
        if isinstance(value, bool):
            page.write_boolean(row, column, value)
        elif isinstance(value, int | float):
            page.write_number(row, column, value)
        elif isinstance(value, date) and value.year >= _FIRST_YEAR:
            page.write_datetime(row, column, datetime(value.year, value.month, value.day), self._day)
        else:
            text = flat(value)
            page.write_string(row, column, text if len(text) <= CELL else f"{text[: CELL - 1]}…")
