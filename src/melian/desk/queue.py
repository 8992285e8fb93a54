"""The review queue: which record to look at next.

A record's place is its uncertainty times its consequence. Uncertainty is 1 where the coder's probability is one half and falls to a
small rest where it is 0 or 1. Consequence is the weight of the event's quad or the statement's act, times one plus the weight of the ledger
entries that rest on it, times one plus the logarithm of the tellings of its incident. The weights stand in `review_weights.json`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from melian.codebook import event_types, quad
from melian.crisis.questions.conditions import event_conditions, statement_conditions
from melian.crisis.questions.filters import Filters, Where, every, where_clause

if TYPE_CHECKING:
    import duckdb

AHEAD = 200  # cards found at once
Card = tuple[str, int]
"""What it is ("event" or "statement") and its id."""


@cache
def weights() -> dict[str, Any]:
    """How much quads, acts and kinds of entries weigh."""
    table: dict[str, Any] = json.loads(files(__package__).joinpath("review_weights.json").read_text(encoding="utf-8"))
    return table


def cards(
    connection: duckdb.DuckDBPyConnection, filters: Filters, analyst: str, *, again: bool = False, limit: int = AHEAD
) -> list[Card]:
    """The records to be judged next, the least certain and most consequential first.

    Args:
        connection: the record.
        filters: what to leave out.
        analyst: who judges; what this analyst has judged does not come again.
        again: let records come that others have judged, for their agreement.
        limit: most of them.
    """
    event_where, event_values = where_clause(event_conditions(filters))
    never: Where = (["false"], []) if filters.realis else ([], [])  # statements have none
    statement_where, statement_values = where_clause(every(statement_conditions(filters), never))
    judged, values = _judged(analyst, again)
    # what a person has accepted is certain; who judges it again judges the machine's reading
    scores = (
        {what: f"(SELECT c.score FROM coded_{what}s c WHERE c.id = {what[0]}.id)" for what in ("event", "statement")}
        if again
        else {}
    )
    query = (
        f"WITH {judged}, {_ledger()}, "
        f"waiting AS (SELECT 'event' AS what, e.id, {scores.get('event', 'e.score')} AS score, {_weight('e.type', _by_type())} AS weight, "
        "coalesce(i.tellings, 1) AS tellings FROM events e JOIN documents d ON d.id = e.doc "
        "LEFT JOIN incident_tellings t ON t.event = e.id LEFT JOIN incidents i ON i.id = t.incident"
        f"{event_where} UNION ALL SELECT 'statement', s.id, {scores.get('statement', 's.score')}, {_weight('s.act', weights()['acts'])}, 1 "
        f"FROM statements s JOIN documents d ON d.id = s.doc{statement_where}) "
        f"SELECT w.what, w.id FROM waiting w LEFT JOIN ledger l ON l.record = w.id WHERE w.score IS NOT NULL AND w.id NOT IN "
        "(SELECT id FROM seen) ORDER BY greatest(1 - abs(2 * w.score - 1), ?) * w.weight * (1 + coalesce(l.weight, 0)) * "
        f"(1 + ln(w.tellings)) DESC, w.id LIMIT {int(limit)}"
    )
    rows = connection.execute(query, [*values, *event_values, *statement_values, weights()["certainty"]]).fetchall()
    return [(str(what), int(number)) for what, number in rows]


def progress(connection: duckdb.DuckDBPyConnection, analyst: str) -> dict[str, int]:
    """How many records the analyst has judged, and with how many of their readings agreed; how many records there are."""
    row = connection.execute(
        "WITH own AS (SELECT unnest(about) AS id, kind FROM judgements WHERE \"by\" = ? AND kind IN ('accept', 'reject', 'correct') "
        "AND id NOT IN (SELECT id FROM undone)), each_one AS (SELECT id, bool_and(kind = 'accept') AS agreed FROM own "
        "WHERE id IN (SELECT id FROM judged) GROUP BY id) SELECT count(*), count(*) FILTER (agreed), "
        "(SELECT count(*) FROM coded_events) + (SELECT count(*) FROM coded_statements) FROM each_one",
        [analyst],
    ).fetchone()
    judged, agreed, total = row or (0, 0, 0)
    return {"judged": judged, "agreed": agreed, "total": total}


def _judged(analyst: str, again: bool) -> tuple[str, list[Any]]:
    own = ' AND "by" = ?' if again else ""
    query = (
        "seen AS (SELECT DISTINCT unnest(about) AS id FROM judgements WHERE kind IN ('accept', 'reject', 'correct', 'add') "
        f"AND id NOT IN (SELECT id FROM undone){own})"
    )
    return query, [analyst] if again else []


def _ledger() -> str:
    weight = _weight("e.kind", weights()["entries"])
    return f"ledger AS (SELECT t.record, sum({weight}) AS weight FROM entry_tellings t JOIN entries e ON e.id = t.entry GROUP BY t.record)"


def _by_type() -> dict[str, float]:
    return {kind: float(weights()["quads"][quad(kind)]) for kind in event_types()}


def _weight(column: str, by: Mapping[str, float]) -> str:
    return f"CASE {column} {' '.join(f'''WHEN '{name}' THEN {float(weight)}''' for name, weight in by.items())} ELSE 1 END"
