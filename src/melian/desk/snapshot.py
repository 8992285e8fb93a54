"""The record as the desk reads it: one state for as long as a page is made, and the newest one for the next page.

A writer puts a new file in the record's place; the state that was opened before stays whole until the last page made from it is done.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from melian.crisis.record import store
from melian.errors import NoRecord
from melian.records import content_id

if TYPE_CHECKING:
    import duckdb


PATIENCE = 5.0  # seconds


class Snapshot:
    """One state of the record, open for reading; `stamp` tells it from others."""

    def __init__(self, path: Path, stamp: str) -> None:
        self.stamp = stamp
        self.users = 0
        self._open = ExitStack()
        self.connection: duckdb.DuckDBPyConnection = self._open.enter_context(store.reading(path))

    def close(self) -> None:
        """Let go of the file."""
        self._open.close()


class Live:
    """The record behind the desk.

    Args:
        path: the record.

    Raises:
        NoRecord, RecordTooNew: there is none that can be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Condition()
        self._current = Snapshot(path, _stamp(path) if path.exists() else "")  # what is wrong is the store's to say

    @property
    def stamp(self) -> str:
        """What tells the record as it is on disk now from other states of it."""
        return _stamp(self.path)

    @contextmanager
    def reading(self) -> Iterator[tuple[duckdb.DuckDBPyConnection, str]]:
        """A cursor of one's own in the newest state, and that state's stamp.

        Raises:
            NoRecord, RecordTooNew: the record was taken away or replaced by something else.
        """
        with self._lock:
            stamp = _stamp(self.path)
            if stamp != self._current.stamp:
                newer = Snapshot(self.path, stamp)
                old, self._current = self._current, newer
                if not old.users:
                    old.close()
            snapshot = self._current
            snapshot.users += 1
        try:
            cursor = snapshot.connection.cursor()
            try:
                yield cursor, snapshot.stamp
            finally:
                cursor.close()
        finally:
            with self._lock:
                snapshot.users -= 1
                if not snapshot.users and snapshot is not self._current:
                    snapshot.close()
                self._lock.notify_all()

    def close(self) -> None:
        """Let go of the record, once the pages that are being made are done or a few seconds have passed."""
        with self._lock:
            if self._lock.wait_for(lambda: not self._current.users, timeout=PATIENCE):
                self._current.close()


def _stamp(path: Path) -> str:
    try:
        state = path.stat()
    except OSError as error:
        raise NoRecord(f"{path}: the record is gone ({error.strerror or error})") from error
    return content_id(state.st_ino, state.st_mtime_ns, state.st_size)
