"""CSV and TSV files: a header line that names the columns, then one document a row.

A row that cannot be read is given back as an error with the line on which it begins, and reading goes on with the line after that: so
a quotation mark that is never closed costs its own row and not the rest of the file.
"""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator

from melian.errors import InputError, TooLarge, UnreadableInput
from melian.sources import limits
from melian.sources.decoding import decode
from melian.sources.given import Found, Given
from melian.sources.tables.columns import FIELDS, columns_of, document_of_row
from melian.sources.tables.lines import numbered_lines

_DELIMITERS = ",;\t|"

Line = tuple[int, bytes | TooLarge]


def read(stream: io.BufferedReader, given: Given) -> Iterator[Found]:
    """The documents of a table, row by row; the delimiter (comma, semicolon, tab or bar) is told by the header line.

    Raises:
        UnreadableInput: a column is missing (the message names those that are there), or the file is a gzip file that breaks off.
    """
    lines = _Lines(numbered_lines(stream, given.where), given.where)
    delimiter = _delimiter(lines, given)
    header = lines.row(delimiter)
    if not isinstance(header, list):
        if header is not None:
            yield header
        return
    places = columns_of(header, given)
    while (row := lines.row(delimiter)) is not None:
        here = given.at(lines.start)
        try:
            if isinstance(row, InputError):
                raise row
            if len(row) > len(header):
                raise UnreadableInput(f"{len(row)} fields, where the header names {len(header)} columns", here.where)
            if any(row):
                values = {field: row[place] if place < len(row) else None for field, place in places.items()}
                yield document_of_row(values, lines.taken, here)
        except InputError as error:
            yield error


def _delimiter(lines: _Lines, given: Given) -> str:
    """The character that cuts the header line so that most fields have their column; a comma where none does."""
    head = lines.peek()
    names = {name.casefold() for usual in FIELDS.values() for name in usual} | {
        name.casefold() for name in given.columns.values()
    }

    def known(delimiter: str) -> int:
        return sum(cell.strip(' "\r\n').casefold() in names for cell in head.split(delimiter))

    return max(_DELIMITERS, key=lambda delimiter: (known(delimiter), head.count(delimiter)))


class _Lines:
    """The lines of a table's file, put together to rows.

    Attributes:
        start: number of the line on which the last row began.
        taken: the bytes of the last row, its last line's end left off.
    """

    def __init__(self, lines: Iterator[Line], where: str) -> None:
        self._lines, self._where = lines, where
        self._again: deque[Line] = deque()  # lines to be read once more, after a row that went wrong
        self._row: list[Line] = []
        self._size = 0
        self.start = 0

    @property
    def taken(self) -> bytes:
        return b"".join(line for _, line in self._row if isinstance(line, bytes)).rstrip(b"\r\n")

    def peek(self) -> str:
        """The first line, which stays to be read; "" where there is none or it is too long."""
        first = self._next()
        if first is None:
            return ""
        self._again.appendleft(first)
        return decode(first[1], self._where) if isinstance(first[1], bytes) else ""

    def row(self, delimiter: str) -> list[str] | InputError | None:
        """The fields of the next row that is not blank, what is wrong with it, or None at the end."""
        self._row, self._size = [], 0
        reader = csv.reader(self, delimiter=delimiter, strict=True)
        csv.field_size_limit(max(csv.field_size_limit(), limits.LINE))
        try:
            for row in reader:
                if row:
                    self.start = self._row[0][0]
                    return row
                self._row, self._size = [], 0
        except csv.Error as error:
            return self._wrong(UnreadableInput(f"not a row of a table ({error}); is a quotation mark missing?", self._place()))
        except InputError as error:
            return self._wrong(error)
        return None

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        """The next line for the row that is being read."""
        if (line := self._next()) is None:
            raise StopIteration
        self._row.append(line)
        if isinstance(line[1], TooLarge):
            raise line[1]
        self._size += len(line[1])
        if self._size > limits.LINE:
            raise TooLarge(f"the row is longer than {limits.size(limits.LINE)}; is a quotation mark missing?", self._place())
        return decode(line[1], f"{self._where}:{line[0]}")

    def _next(self) -> Line | None:
        return self._again.popleft() if self._again else next(self._lines, None)

    def _place(self) -> str:
        return f"{self._where}:{self._row[0][0] if self._row else self.start + 1}"

    def _wrong(self, error: InputError) -> InputError:
        """Set the row's first line aside and have the others read again."""
        if self._row:
            self.start = self._row[0][0]
            self._again.extendleft(reversed(self._row[1:]))
        return error
