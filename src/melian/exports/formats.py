"""The formats that a record can be exported in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from melian.errors import ExportError
from melian.exports import acled, gdelt, icews, own_tables, plover, polecat
from melian.exports.delimited import Delimited
from melian.exports.excel import Excel
from melian.exports.json_lines import JsonLines
from melian.exports.layout import Sheet
from melian.exports.parquet import Parquet
from melian.exports.rows import ExportedEvent
from melian.exports.stata import Stata
from melian.exports.writing import Writer

Sheets = Callable[[], tuple[Sheet, ...]]


@dataclass(frozen=True, slots=True)
class Format:
    """A format.

    Attributes:
        name: as the command takes it.
        title: as people call it.
        sheets: its files, made anew for each export (they number their rows).
        writer: makes what writes them in a folder.
        unreal: whether it has room for what did not happen.
        own_tellings: whether the tellings are among its files or rows; otherwise a table of them goes beside it.
        one_file: the file that holds all sheets, where there is one.
        note: what a user should know of it.
    """

    name: str
    title: str
    sheets: Sheets
    writer: Callable[[Path, Sequence[Sheet]], Writer]
    unreal: bool = True
    own_tellings: bool = False
    one_file: str | None = None
    note: str = ""


def _plover_sheets() -> tuple[Sheet, ...]:
    def rows(event: ExportedEvent) -> Iterator[list[Any]]:
        return ([each] for each in plover.objects(event))

    return (Sheet("events", "event", plover.FIELDS, rows, "an event"),)


FORMATS: dict[str, Format] = {
    each.name: each
    for each in (
        Format(
            "icews",
            "ICEWS event file",
            icews.sheets,
            lambda folder, sheets: Delimited(folder, sheets, ".tab", "\t"),
            note="One row for each pair of parties, as ICEWS has it; a meeting of two has a row each way. "
            "Tab-separated; what has a quotation mark in it is quoted.",
        ),
        Format(
            "polecat",
            "POLECAT event file",
            polecat.sheets,
            lambda folder, sheets: Delimited(folder, sheets, ".txt", "\t"),
            note='One row an event; several parties stand in one cell with "; " between them.',
        ),
        Format(
            "plover",
            "PLOVER JSON lines",
            _plover_sheets,
            JsonLines,
            own_tellings=True,
            note="One object a line; fields that are not known are left out.",
        ),
        Format(
            "gdelt",
            "GDELT 2 events and mentions",
            gdelt.sheets,
            lambda folder, sheets: Delimited(folder, sheets, ".CSV", "\t"),
            unreal=False,
            note="Tab-separated without a header line, as GDELT's own files are; one row for each pair of parties.",
        ),
        Format(
            "acled",
            "ACLED-like table",
            acled.sheets,
            lambda folder, sheets: Delimited(folder, sheets, ".csv", ","),
            note="Political violence, demonstrations and strategic developments only: ACLED has no class for the rest.",
        ),
        Format(
            "csv",
            "CSV tables",
            own_tables.sheets,
            lambda folder, sheets: Delimited(folder, sheets, ".csv", ","),
            own_tellings=True,
        ),
        Format("parquet", "Parquet tables", own_tables.sheets, Parquet, own_tellings=True),
        Format(
            "stata",
            "Stata tables",
            own_tables.sheets,
            Stata,
            own_tellings=True,
            note="Format 118, for Stata 14 and later; days are Stata days, the meaning of a column is its label.",
        ),
        Format("excel", "Excel workbook", own_tables.sheets, Excel, own_tellings=True, one_file="melian.xlsx"),
    )
}


def format_named(name: str) -> Format:
    """A format by its name.

    Raises:
        ExportError: there is none of that name.
    """
    try:
        return FORMATS[name.strip().lower()]
    except KeyError:
        raise ExportError(f"{name!r} is no format; there are {', '.join(FORMATS)}") from None
