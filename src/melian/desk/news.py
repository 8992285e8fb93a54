"""What changed in the record: what the reports of a time began, moved, or told first.

The time is either one of the crisis (reports published in the last days of the record) or one of the desk (reports added since the last
visit). An entry is new when no earlier report tells it; it has moved when a report of the time tells what decided its status.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from melian.crisis.record.rows import fetch
from melian.desk import threads

if TYPE_CHECKING:
    import duckdb

DAYS = 7
MOST_NEW, MOST_MOVED, MOST_INCIDENTS = 8, 8, 6
_WEIGHT = "CASE e.kind WHEN 'redline' THEN 3 WHEN 'demand' THEN 2 WHEN 'offer' THEN 2 ELSE 1 END"


@dataclass(frozen=True, slots=True)
class News:
    """What some reports brought: how many they are, entries that are new or moved, the incidents told most."""

    reports: int
    begun: list[dict[str, Any]]
    moved: list[dict[str, Any]]
    incidents: list[dict[str, Any]]


def of_last_days(connection: duckdb.DuckDBPyConnection, days: int = DAYS) -> News:
    """What the reports of the last days of the record brought."""
    row = connection.execute("SELECT max(published) FROM documents").fetchone()
    if not row or row[0] is None:
        return News(0, [], [], [])
    return _of(connection, "published > CAST(? AS DATE)", row[0] - timedelta(days=days))


def since_added(connection: duckdb.DuckDBPyConnection, moment: datetime) -> News:
    """What the reports brought that were added after a moment (UTC)."""
    return _of(connection, "added > CAST(? AS TIMESTAMP)", moment.replace(tzinfo=None))


def _of(connection: duckdb.DuckDBPyConnection, condition: str, value: Any) -> News:
    count = connection.execute(f"SELECT count(*) FROM documents WHERE {condition}", [value]).fetchone()
    if not count or not count[0]:
        return News(0, [], [], [])
    late = f"late AS (SELECT id FROM documents WHERE {condition})"
    begun = fetch(
        connection,
        f"WITH {late}, told AS (SELECT entry, bool_and(doc IN (SELECT id FROM late)) AS fresh FROM entry_tellings WHERE entry IN "
        "(SELECT entry FROM entry_tellings WHERE doc IN (SELECT id FROM late)) GROUP BY entry) "
        f"SELECT e.* FROM entries e JOIN told ON told.entry = e.id WHERE told.fresh AND e.kind <> 'shift' "
        f"ORDER BY {_WEIGHT} * (1 + ln(e.sources)) DESC, e.since DESC NULLS LAST, e.id LIMIT {MOST_NEW}",
        [value],
    )
    moved = fetch(
        connection,
        f"WITH {late}, decided AS (SELECT DISTINCT entry FROM entry_answers WHERE deciding AND doc IN (SELECT id FROM late)) "
        f"SELECT e.* FROM entries e JOIN decided ON decided.entry = e.id "
        f"ORDER BY {_WEIGHT} * (1 + ln(e.sources)) DESC, e.moved DESC NULLS LAST, e.id LIMIT {MOST_MOVED}",
        [value],
    )
    incidents = fetch(
        connection,
        f"WITH {late}, told AS (SELECT incident, bool_and(doc IN (SELECT id FROM late)) AS fresh FROM incident_tellings "
        "WHERE incident IN (SELECT incident FROM incident_tellings WHERE doc IN (SELECT id FROM late)) GROUP BY incident) "
        "SELECT i.* FROM incidents i JOIN told ON told.incident = i.id WHERE told.fresh AND i.confirmed > 0 "
        f"ORDER BY (CASE {threads.quad_sql('i.type')} WHEN 'material conflict' THEN 3 WHEN 'verbal conflict' THEN 2 WHEN "
        f"'material cooperation' THEN 2 ELSE 1 END) * (1 + ln(i.sources)) DESC, i.first DESC NULLS LAST, i.id LIMIT {MOST_INCIDENTS}",
        [value],
    )
    return News(
        int(count[0]),
        threads.threads(connection, begun, 0),
        threads.threads(connection, moved, 1),
        threads.with_words(connection, incidents),
    )
