"""Judgements into the record: one writer at a time, and what cannot be written now is told, not lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from melian.crisis.record import store, upkeep
from melian.crisis.record.bulk import transaction
from melian.errors import RecordBusy

if TYPE_CHECKING:
    import duckdb

    from melian.crisis.judgements.judgement import Judgement, Kind

PATIENCE = 4.0  # seconds that a judgement waits for another process to be done
_PAUSE = 0.1


class Writer:
    """What puts judgements into a record, one after the other.

    Args:
        path: the record.
        patience: seconds to wait while another process writes.
    """

    def __init__(self, path: Path, patience: float = PATIENCE) -> None:
        self._path = path
        self._patience = patience
        self._turn = threading.Lock()

    def judge(
        self,
        kind: Kind,
        ids: Sequence[str],
        by: str,
        values: Mapping[str, str] | None = None,
        note: str | None = None,
        check: Callable[[duckdb.DuckDBPyConnection], None] | None = None,
    ) -> list[Judgement]:
        """Put a judgement into the record, bring what is derived up to it, and publish.

        Args:
            kind: what is done.
            ids: whom it is done to; of an undo the judgements.
            by: the analyst.
            values: of a correction, by field, as typed (`melian.crisis.judgements.shorthand`).
            note: words to keep with it.
            check: called with the record as it is when nobody else can write any more; what it raises is raised, and nothing is
                written.

        Returns:
            The judgements that were made.

        Raises:
            RecordBusy: another process is still writing; nothing was changed.
            UnknownId, CodebookError, DateError, RecordError: it cannot hold; the message says why.
        """
        until = time.monotonic() + self._patience
        with self._turn:
            while True:
                try:
                    return self._judge(kind, ids, by, values, note, check)
                except RecordBusy:
                    if time.monotonic() >= until:
                        raise
                    time.sleep(_PAUSE)

    def _judge(
        self,
        kind: Kind,
        ids: Sequence[str],
        by: str,
        values: Mapping[str, str] | None,
        note: str | None,
        check: Callable[[duckdb.DuckDBPyConnection], None] | None,
    ) -> list[Judgement]:
        from melian.crisis.judgements.judging import judge
        from melian.crisis.judgements.making import prepare
        from melian.crisis.judgements.shorthand import read_values

        # in one transaction, so that it goes to the disk once and not statement by statement
        with store.writing(self._path) as connection, transaction(connection):
            typed = read_values(connection, kind, ids, values) if values else None
            made = prepare(connection, kind, ids, by, values=typed, note=note)
            if check:
                check(connection)
            upkeep.update(connection, judge(connection, made))
        return made
