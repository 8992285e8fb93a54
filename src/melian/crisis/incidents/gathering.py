"""Putting tellings together: those that hang together with what changed, by clusters, with the reason for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import duckdb

from melian.crisis.incidents import likeness
from melian.crisis.incidents.clusters import Pair, Told, clusters
from melian.crisis.record.bulk import insert
from melian.crisis.record.rows import fetch, hex_id

# Where a telling is in time: by other tellings, otherwise by itself.
_TIME = """
SELECT m.no, m.event, m.doc, m.attached, coalesce(d.first, CASE WHEN m.dated THEN m.first ELSE m.last END) AS first,
    coalesce(d.last, m.last) AS last
FROM incident_marks m LEFT JOIN incident_days d ON d.no = m.no
"""

# What a step further brings in: through pairs of one time, by hand, copies with their originals, and former incidents whole.
_STEP = """
CREATE OR REPLACE TEMP TABLE incident_step AS
WITH linked AS (
    SELECT f.no AS no, p.b AS other FROM incident_pairs p JOIN incident_front f ON f.no = p.a WHERE p.likeness >= {joins}
    UNION ALL SELECT f.no, p.a FROM incident_pairs p JOIN incident_front f ON f.no = p.b WHERE p.likeness >= {joins}
), live AS (
    SELECT l.other AS no FROM linked l
    JOIN incident_marks m ON m.no = l.no LEFT JOIN incident_days d ON d.no = l.no
    JOIN incident_marks n ON n.no = l.other LEFT JOIN incident_days o ON o.no = l.other
    WHERE coalesce(d.first, CASE WHEN m.dated THEN m.first ELSE m.last END)
        = coalesce(o.first, CASE WHEN n.dated THEN n.first ELSE n.last END)
      AND coalesce(d.last, m.last) = coalesce(o.last, n.last)
), front AS (
    SELECT no, event, attached FROM incident_marks WHERE no IN (FROM incident_front)
), events AS (
    SELECT b AS event FROM joined WHERE a IN (SELECT event FROM front)
    UNION SELECT a FROM joined WHERE b IN (SELECT event FROM front)
    UNION SELECT attached FROM front WHERE attached IS NOT NULL
    UNION SELECT event FROM incident_tellings WHERE incident IN (
        SELECT incident FROM incident_tellings WHERE event IN (SELECT event FROM front))
), found AS (
    FROM live
    UNION SELECT no FROM incident_marks WHERE event IN (FROM events)
    UNION SELECT no FROM incident_marks WHERE attached IN (SELECT event FROM front)
)
SELECT no FROM found WHERE no NOT IN (FROM incident_reached)
"""


def gather(connection: duckdb.DuckDBPyConnection, model: likeness.Model) -> None:
    """Bring `incident_tellings` up to pairs, days and what was joined and parted by hand.

    Makes the temporary tables `incident_stale(id)`, incidents that are no more as they were, and `incident_fresh(id)`, those that are new
    or made anew.
    """
    _reach(connection, model)
    told = fetch(connection, f"{_TIME} WHERE m.no IN (FROM incident_reached) ORDER BY m.event")
    pairs = fetch(
        connection,
        "SELECT least(m.event, n.event) AS a, greatest(m.event, n.event) AS b, p.likeness FROM incident_pairs p "
        "JOIN incident_marks m ON m.no = p.a JOIN incident_marks n ON n.no = p.b "
        "WHERE p.a IN (FROM incident_reached) AND p.b IN (FROM incident_reached)",
    )
    joined = connection.execute("SELECT a, b FROM joined").fetchall()
    parted = connection.execute("SELECT a, b FROM parted").fetchall()
    rows = {row["event"]: row for row in told}
    alike = {(pair["a"], pair["b"]): pair["likeness"] for pair in pairs}
    copied = [(row["event"], row["attached"]) for row in told if row["attached"] is not None]
    found = clusters(
        [Told(row["event"], _time(row)) for row in told],
        alike,
        [*joined, *copied],
        parted,
        model.joins_at,
    )
    _replace(connection, list(_tellings(connection, model, found, rows, alike)))


def _time(row: Mapping[str, Any]) -> Pair | None:
    return (row["first"], row["last"]) if row["attached"] is None and row["first"] is not None else None


def _reach(connection: duckdb.DuckDBPyConnection, model: likeness.Model) -> None:
    """The temporary table `incident_reached(no)`: all tellings that the change may have to do with."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE incident_front AS FROM incident_new UNION FROM incident_moved UNION "
        "SELECT m.no FROM incident_gone g JOIN incident_tellings t ON t.event = g.event "
        "JOIN incident_tellings o ON o.incident = t.incident JOIN incident_marks m ON m.event = o.event"
    )
    connection.execute("CREATE OR REPLACE TEMP TABLE incident_reached AS FROM incident_front")
    step = _STEP.format(joins=model.joins_at)
    while True:
        connection.execute(step)
        connection.execute("CREATE OR REPLACE TEMP TABLE incident_front AS FROM incident_step")
        connection.execute("INSERT INTO incident_reached FROM incident_front")
        found = connection.execute("SELECT count(*) FROM incident_front").fetchone()
        if not found or not found[0]:
            return


def _tellings(
    connection: duckdb.DuckDBPyConnection,
    model: likeness.Model,
    found: list[list[int]],
    rows: Mapping[int, Mapping[str, Any]],
    alike: Mapping[Pair, int],
) -> Iterator[dict[str, Any]]:
    """Rows of `incident_tellings`."""
    partner = _partners(found, rows, alike)
    why = _reasons(connection, model, set(partner.items()), rows)
    for group in found:
        for event in group:
            other, copied = partner.get(event), rows[event]["attached"]
            if len(group) == 1:
                score, reason = 1.0, "told once"
            elif copied in group:
                score, reason = 1.0, f"in a copy, with the same words as e{hex_id(copied)}"
            elif other is None:
                score, reason = 1.0, "joined by hand"
            else:
                score = alike[min(event, other), max(event, other)] / 100
                reason = f"like e{hex_id(other)}: {why[event, other]}"
            yield {"incident": group[0], "event": event, "doc": rows[event]["doc"], "score": score, "why": reason}


def _partners(found: list[list[int]], rows: Mapping[int, Mapping[str, Any]], alike: Mapping[Pair, int]) -> dict[int, int]:
    """The telling of its group that each is most like; nothing for those that are like none of it."""
    home = {event: group[0] for group in found if len(group) > 1 for event in group}
    best: dict[int, tuple[int, int]] = {}
    for pair, percent in alike.items():
        some, other = pair
        if some in home and home[some] == home.get(other) and _time(rows[some]) == _time(rows[other]):
            for event, partner in (pair, pair[::-1]):
                best[event] = min(best.get(event, (0, 0)), (-percent, partner))
    return {event: partner for event, (_, partner) in best.items()}


def _reasons(
    connection: duckdb.DuckDBPyConnection, model: likeness.Model, pairs: set[Pair], rows: Mapping[int, Mapping[str, Any]]
) -> dict[Pair, str]:
    """Why the tellings of each pair are alike."""
    named = {rows[event]["no"]: event for pair in pairs for event in pair}
    connection.execute("CREATE OR REPLACE TEMP TABLE incident_compared (a UINTEGER, b UINTEGER)")
    insert(connection, "incident_compared", [{"a": rows[a]["no"], "b": rows[b]["no"]} for a, b in sorted(pairs)])
    likeness.put_sides(connection)
    found = fetch(connection, likeness.features_query())
    return {(named[row["a"]], named[row["b"]]): model.reasons(row) for row in found}


def _replace(connection: duckdb.DuckDBPyConnection, tellings: list[dict[str, Any]]) -> None:
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE incident_stale AS SELECT DISTINCT incident AS id FROM incident_tellings WHERE event IN "
        "(SELECT event FROM incident_gone UNION SELECT event FROM incident_marks WHERE no IN (FROM incident_reached))"
    )
    connection.execute("DELETE FROM incident_tellings WHERE incident IN (FROM incident_stale)")
    insert(connection, "incident_tellings", tellings)
    connection.execute("CREATE OR REPLACE TEMP TABLE incident_fresh (id UBIGINT)")
    insert(connection, "incident_fresh", [{"id": incident} for incident in sorted({row["incident"] for row in tellings})])
