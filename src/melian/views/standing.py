"""What stands and is open in a record: the demands, red lines and predictions most spoken of, and how much there is of all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from melian.crisis.record.rows import fetch
from melian.views import threads
from melian.views.lookups import ids_of, rows_by_id

if TYPE_CHECKING:
    import duckdb

MOST = 6
_SPOKEN_OF = "(1 + ln(e.sources)) * (1 + ln(e.tellings)) DESC, greatest(e.since, e.latest) DESC NULLS LAST"

_PARTS = {
    "demands": "e.kind = 'demand' AND e.status = 'standing'",
    "redlines": "e.kind = 'redline' AND e.status = 'standing' AND e.condition IS NOT NULL",
    "moved_redlines": "e.kind = 'redline' AND e.status IN ('crossed', 'enforced', 'not enforced') AND e.condition IS NOT NULL",
    "predictions": "e.kind = 'prediction' AND e.status = 'open'",
}


def standing(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """What stands and is open, the most spoken of first, and how much there is of all."""
    ids = {
        part: ids_of(connection, f"SELECT e.id FROM entries e WHERE {condition} ORDER BY {_SPOKEN_OF}, e.id LIMIT {MOST}")
        for part, condition in _PARTS.items()
    }
    ids["moved_redlines"] = ids["moved_redlines"][:3]
    rows = rows_by_id(connection, "entries", (number for every in ids.values() for number in every))
    told = {entry["id"]: entry for entry in threads.threads(connection, rows)}
    extent = fetch(
        connection,
        "SELECT count(*) AS reports, count(DISTINCT outlet) AS outlets, min(published) AS first, max(published) AS last FROM documents",
    )[0]
    return {"extent": extent, **{part: [told[number] for number in every] for part, every in ids.items()}}
