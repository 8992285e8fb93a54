"""What changed in the record: what the reports of a time began, moved, or told first.

The time is either one of the crisis (reports published in the last days of the record) or one of the desk (reports added since the last
visit). An entry is new when no earlier report tells it; it has moved when a report of the time tells what decided its status.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from melian.views import threads
from melian.views.lookups import ids_of, rows_by_id

if TYPE_CHECKING:
    import duckdb

DAYS = 7
MOST = 6  # new entries, moved entries and incidents on a page
COLUMNS = ("change", "id", "what", "line", "status", "since", "moved", "words", "tellings", "sources")
"""What a file has of each change."""
_WEIGHT = "CASE e.kind WHEN 'redline' THEN 3 WHEN 'demand' THEN 2 WHEN 'offer' THEN 2 ELSE 1 END"


@dataclass(frozen=True, slots=True)
class News:
    """What some reports brought: how many they are, entries that are new or moved, the incidents told most."""

    reports: int
    begun: list[dict[str, Any]]
    moved: list[dict[str, Any]]
    incidents: list[dict[str, Any]]


def of_last_days(connection: duckdb.DuckDBPyConnection, days: int = DAYS, most: int | None = MOST) -> News:
    """What the reports of the last days of the record brought; at `most` so much of each kind (None: all)."""
    row = connection.execute("SELECT max(published) FROM documents").fetchone()
    if not row or row[0] is None:
        return News(0, [], [], [])
    return _of(connection, "published > CAST(? AS DATE)", row[0] - timedelta(days=days), most)


def since_added(connection: duckdb.DuckDBPyConnection, moment: datetime, most: int | None = MOST) -> News:
    """What the reports brought that were added after a moment (UTC); at `most` so much of each kind (None: all)."""
    return _of(connection, "added > CAST(? AS TIMESTAMP)", moment.replace(tzinfo=None), most)


def rows(news: News) -> list[dict[str, Any]]:
    """A row for each change, with `COLUMNS`, in the order of the page: what moved, what is new, what was told for the first time."""
    entries = [("moved", entry) for entry in news.moved] + [("new", entry) for entry in news.begun]
    return [
        {**entry, "change": change, "id": entry["key"], "what": entry["kind"], "since": entry["since"]}
        for change, entry in entries
    ] + [
        {
            **incident,
            "change": "told for the first time",
            "id": incident["key"],
            "what": incident["type"],
            "status": "told as fact",
            "since": incident["first"],
            "moved": None,
        }
        for incident in news.incidents
    ]


def _of(connection: duckdb.DuckDBPyConnection, condition: str, value: Any, most: int | None) -> News:
    cut = f" LIMIT {int(most)}" if most is not None else ""
    count = connection.execute(f"SELECT count(*) FROM documents WHERE {condition}", [value]).fetchone()
    if not count or not count[0]:
        return News(0, [], [], [])
    begun = ids_of(
        connection,
        f"WITH late AS (SELECT id FROM documents WHERE {condition}), touched AS MATERIALIZED (SELECT DISTINCT entry FROM ledger_members "
        "SEMI JOIN late ON late.id = doc), before AS (SELECT DISTINCT entry FROM ledger_members SEMI JOIN touched USING (entry) "
        "ANTI JOIN late ON late.id = doc) SELECT e.id FROM entries e SEMI JOIN touched ON touched.entry = e.id ANTI JOIN before ON "
        f"before.entry = e.id WHERE e.kind <> 'shift' ORDER BY {_WEIGHT} * (1 + ln(e.sources)) DESC, "
        f"e.since DESC NULLS LAST, e.id{cut}",
        [value],
    )
    moved = ids_of(
        connection,
        f"WITH late AS (SELECT id FROM documents WHERE {condition}), decided AS (SELECT DISTINCT entry FROM entry_answers SEMI JOIN late "
        "ON late.id = doc WHERE deciding) SELECT e.id FROM entries e SEMI JOIN decided ON decided.entry = e.id "
        f"ORDER BY {_WEIGHT} * (1 + ln(e.sources)) DESC, e.moved DESC NULLS LAST, e.id{cut}",
        [value],
    )
    incidents = ids_of(  # told for the first time: by late reports alone
        connection,
        f"WITH late AS (SELECT id FROM documents WHERE {condition}), told AS (SELECT incident, count(DISTINCT doc) AS documents FROM "
        "incident_tellings SEMI JOIN late ON late.id = doc GROUP BY incident) SELECT i.id FROM incidents i JOIN told ON "
        "told.incident = i.id AND told.documents = i.documents WHERE i.confirmed > 0 "
        f"ORDER BY (CASE {threads.quad_sql('i.type')} WHEN 'material conflict' THEN 3 WHEN 'verbal conflict' THEN 2 WHEN "
        "'material cooperation' THEN 2 ELSE 1 END) * (1 + ln(i.sources)) "
        f"DESC, {threads.gravity_sql('i.type')} DESC, i.first DESC NULLS LAST, i.id{cut}",
        [value],
    )
    told = threads.threads(connection, rows_by_id(connection, "entries", [*begun, *moved]), 1)
    entries = {entry["id"]: entry for entry in told}
    return News(
        int(count[0]),
        [entries[number] for number in begun],
        [entries[number] for number in moved],
        threads.with_words(connection, rows_by_id(connection, "incidents", incidents)),
    )
