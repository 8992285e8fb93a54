"""A record as Python sees it: open it, ask for a table, get it as rows, Arrow, pandas or polars.

with melian.open_record("geneva.crisis") as record:
    record.demands(who="Russia").pandas()
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import msgspec

from melian.crisis.questions.filters import Filters
from melian.crisis.questions.tables import HEEDED, Question, names, question
from melian.crisis.record import store
from melian.crisis.record.rows import in_utc
from melian.errors import MelianError, RecordError

_ROWS_AT_ONCE = 4096
_encoder = msgspec.json.Encoder()


class Table:
    """The answer to a question, fetched when it is used; each way of using it asks anew.

    `arrow`, `pandas` and `polars` need those libraries (`pip install "melian[tables]"`).
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, asked: Question) -> None:
        self._connection = connection
        self._asked = asked

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Rows as dicts by column name; days are `datetime.date`, lists are lists."""
        cursor = self._run()
        columns = [column[0] for column in cursor.description or ()]
        while rows := cursor.fetchmany(_ROWS_AT_ONCE):
            for row in rows:
                yield dict(zip(columns, row, strict=True))

    def __len__(self) -> int:
        """How many rows there are."""
        row = self._connection.cursor().execute(self._asked.count, self._asked.values).fetchone()
        return int(row[0]) if row else 0

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        cursor = self._connection.cursor().execute(f"SELECT * FROM ({self._asked.sql}) LIMIT 0", self._asked.values)
        return tuple(column[0] for column in cursor.description or ())

    def rows(self) -> list[dict[str, Any]]:
        """All rows."""
        return list(self)

    def arrow(self) -> Any:
        """A `pyarrow.Table`."""
        _need("pyarrow")
        return self._relation().to_arrow_table()

    def pandas(self) -> Any:
        """A `pandas.DataFrame`."""
        _need("pandas")
        return self._relation().df()

    def polars(self) -> Any:
        """A `polars.DataFrame`."""
        _need("polars", "pyarrow")
        return self._relation().pl()

    def json_lines(self) -> Iterator[bytes]:
        """One JSON object a row, with its line break; times are UTC and end with Z."""
        for row in self:
            yield _encoder.encode({column: in_utc(value) for column, value in row.items()}) + b"\n"

    def csv_lines(self) -> Iterator[bytes]:
        """A line of column names and one a row, UTF-8; lists are joined by "; ", times are UTC and end with Z."""
        yield _csv_line(self.columns)
        for row in self:
            yield _csv_line([_flat(value) for value in row.values()])

    def _relation(self) -> duckdb.DuckDBPyRelation:
        return self._connection.cursor().sql(self._asked.sql, params=self._asked.values)

    def _run(self) -> duckdb.DuckDBPyConnection:
        return self._connection.cursor().execute(self._asked.sql, self._asked.values)


class Record:
    """A record opened for reading, as it was when it was opened.

    Args:
        path: the file that `melian new` made.

    Raises:
        NoRecord, RecordTooNew: see there.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._open = ExitStack()
        self.connection = self._open.enter_context(store.reading(self.path))

    def __enter__(self) -> Record:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; tables asked for before cannot be fetched any more."""
        self._open.close()

    @property
    def title(self) -> str | None:
        """What the crisis is called."""
        row = self.connection.execute("SELECT value FROM about WHERE key = 'title'").fetchone()
        return str(row[0]) if row else None

    def table(self, name: str, *, limit: int | None = None, **filters: str | None) -> Table:
        """One of the tables, by name.

        Args:
            name: "events", "statements", "incidents", "demands", … as `melian show` has them.
            limit: most rows.
            filters: fields of `Filters`.

        Raises:
            RecordError: there is no such table, or the table has no such filter.
            DateError: a date of the filters is none.
        """
        if name not in names():
            raise RecordError(f"there is no table {name!r}; there are {', '.join(names())}")
        try:
            asked = Filters(**filters)
        except TypeError as error:
            raise RecordError(f"no such filter ({error}); there are {', '.join(Filters.__dataclass_fields__)}") from error
        given = [field for field, value in filters.items() if value is not None]
        if not set(given) <= set(HEEDED[name]):
            other = next(field for field in given if field not in HEEDED[name])
            raise RecordError(f"{name} cannot be narrowed by {other}; there are {', '.join(HEEDED[name])}")
        return Table(self.connection, question(name, asked, limit))

    def __getattr__(self, name: str) -> Any:
        """`record.demands(who="RUS")` is `record.table("demands", who="RUS")`."""
        if name in names():
            return lambda limit=None, **filters: self.table(name, limit=limit, **filters)
        raise AttributeError(f"a record has no {name!r}; its tables are {', '.join(names())}")

    def __dir__(self) -> list[str]:
        return sorted([*super().__dir__(), *names()])


def _need(*libraries: str) -> None:
    from importlib.util import find_spec

    missing = [library for library in libraries if find_spec(library) is None]
    if missing:
        raise MelianError(f'{" and ".join(missing)} must be installed for this: pip install "melian[tables]"')


def _csv_line(values: Any) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(values)
    return line.getvalue().encode("utf-8")


def _flat(value: Any) -> Any:
    return "; ".join(map(str, value)) if isinstance(value, list) else in_utc(value)
