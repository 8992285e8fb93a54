"""Feeds into a record: each polled with what it said the last time, its new entries added, its answer kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from melian.crisis.record import store
from melian.crisis.record.adding import Added, CodesDocuments, add_found
from melian.crisis.record.rows import fetch
from melian.errors import MelianError
from melian.sources import FeedState, poll


def known_feeds(path: Path) -> tuple[str, ...]:
    """The addresses that were polled for this record."""
    with store.reading(path) as connection:
        return tuple(row["url"] for row in fetch(connection, "SELECT url FROM feeds ORDER BY url"))


def take_in(
    path: Path, url: str, coder: CodesDocuments, coder_version: str, told: Callable[[MelianError], None] = lambda error: None
) -> Added:
    """Poll one feed once and add what is new in it.

    Args:
        path: the record.
        url: the feed's address.
        coder, coder_version: as for `add_found`.
        told: called with what went wrong; it is in the quarantine table too.

    Raises:
        RecordBusy, NoRecord, RecordError: see there; the feed is then polled as if for the first time on the next call.
    """
    state, found = poll(url, _state(path, url))
    outcome = add_found(path, found, coder, coder_version, told=told) if found else Added()
    with store.writing(path) as connection:
        connection.execute(
            "INSERT OR REPLACE INTO feeds BY NAME SELECT $1 AS url, $2 AS etag, $3 AS modified, CAST($4 AS TIMESTAMP) AS polled, "
            "$5 AS not_before",
            [state.url, state.etag, state.modified, (state.polled or "").removesuffix("Z"), state.not_before],
        )
    return outcome


def _state(path: Path, url: str) -> FeedState | None:
    with store.reading(path) as connection:
        rows = fetch(
            connection,
            "SELECT etag, modified, strftime(polled, '%Y-%m-%dT%H:%M:%SZ') AS polled, not_before FROM feeds WHERE url = ?",
            [url],
        )
    return FeedState(url, **rows[0]) if rows else None
