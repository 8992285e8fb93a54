"""Entries of the ledger with their answers, and incidents, as lists show them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from melian.codebook import event_types, quad
from melian.crisis.questions.filters import Where, where_clause
from melian.crisis.questions.ids import shown
from melian.crisis.record.rows import fetch
from melian.views import lines
from melian.views.lookups import among_ids, ids_of, read_lines, records_by_id, rows_by_id, words_of
from melian.views.names import place_name
from melian.views.wording import quoted

if TYPE_CHECKING:
    import duckdb

ANSWERS = 4  # of an entry in a list


def quad_sql(column: str) -> str:
    """SQL for the quad of a column of event types."""
    return f"CASE {column} {' '.join(f'''WHEN '{kind}' THEN '{quad(kind)}' ''' for kind in event_types())} END"


def gravity_sql(column: str) -> str:
    """SQL for how grave a column of event types is: the codebook's run from agreement to violence."""
    ranks = " ".join(f"WHEN '{kind}' THEN {number}" for number, kind in enumerate(event_types()))
    return f"CASE {column} {ranks} END"


def entries(
    connection: duckdb.DuckDBPyConnection, where: Where, order: str, limit: int, offset: int = 0, answers: int = ANSWERS
) -> list[dict[str, Any]]:
    """Entries as threads.

    Args:
        connection: the record.
        where: conditions on `entries e`.
        order: SQL to sort by; the id decides between equals.
        limit: most entries.
        offset: entries to pass over.
        answers: most of each.
    """
    clause, values = where_clause(where)
    query = f"SELECT e.id FROM entries e{clause} ORDER BY {order}, e.id LIMIT {int(limit)} OFFSET {int(offset)}"
    return threads(connection, rows_by_id(connection, "entries", ids_of(connection, query, values)), answers)


def threads(
    connection: duckdb.DuckDBPyConnection, rows: Sequence[dict[str, Any]], answers: int = ANSWERS
) -> list[dict[str, Any]]:
    """Rows of `entries` with their lines and answers; a forecast whose day has gone by undecided is `overdue`."""
    given: dict[int, list[dict[str, Any]]] = defaultdict(list)
    query = (
        f"SELECT * FROM entry_answers WHERE {among_ids('entry', (row['id'] for row in rows))} "
        "ORDER BY entry, date NULLS LAST, doc, record"
    )
    for answer in fetch(connection, query):
        given[answer["entry"]].append(answer)
    wanted = [(a["what"], a["record"]) for row in rows for a in _weighty(given[row["id"]], answers)]
    wanted += [("statement", row["replaces"]) for row in rows if row["replaces"] is not None]
    told = read_lines(connection, wanted)
    best = _best_tellings(connection, [row["id"] for row in rows])
    last = connection.execute("SELECT max(published) FROM documents").fetchone()
    return [
        {
            **_thread(row, given[row["id"]], answers, told),
            "evidence": best.get(row["id"]),
            "overdue": bool(row["status"] == "open" and row["due"] and last and last[0] and row["due"] < last[0]),
        }
        for row in rows
    ]


def _best_tellings(connection: duckdb.DuckDBPyConnection, ids: Sequence[int]) -> dict[int, str]:
    """The telling of each entry to look at first: a statement where there is one, of the longest words."""
    query = (
        "SELECT DISTINCT ON (entry) entry, CASE WHEN is_event THEN list_filter(others, lambda o: NOT o.is_event)[1].id ELSE id END AS "
        f"statement, id AS event FROM ledger_members WHERE {among_ids('entry', ids)} "
        "ORDER BY entry, statement IS NULL, stop - start DESC NULLS LAST, id"
    )
    return {
        row["entry"]: shown("event", row["event"]) if row["statement"] is None else shown("statement", row["statement"])
        for row in fetch(connection, query)
    }


def _thread(
    row: dict[str, Any], given: list[dict[str, Any]], most: int, told: dict[tuple[str, int], dict[str, Any]]
) -> dict[str, Any]:
    shown_answers = _weighty(given, most)
    listed = [
        {
            "key": shown(answer["what"], answer["record"]),
            "line": told.get((answer["what"], answer["record"]), {}).get("line") or answer["kind"].lower(),
            "date": answer["date"],
            "status": lines.status_words(row["kind"], answer["status"]) if answer["status"] else None,
            "deciding": answer["deciding"],
            "why": answer["why"],
        }
        for answer in shown_answers
    ]
    before = told.get(("statement", row["replaces"])) if row["replaces"] is not None else None
    if before:
        said = f"Said before: {quoted(before['words'], 40)}"
        listed.insert(
            0, {"key": before["key"], "line": said, "date": before["first"], "status": None, "deciding": False, "why": ""}
        )
    return {
        **row,
        "key": lines.entry_id(row),
        "line": lines.entry_line(row),
        "status_words": lines.status_words(row["kind"], row["status"]),
        "answers": listed,
        "more_answers": len(given) - len(shown_answers),
    }


def _weighty(answers: Sequence[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    """The answers that moved the status, and the first of the others, in time order."""
    kept = sorted(range(len(answers)), key=lambda n: (not answers[n]["deciding"], n))[:most]
    return [answers[n] for n in sorted(kept)]


def incidents(
    connection: duckdb.DuckDBPyConnection, where: Where, order: str, limit: int, offset: int = 0
) -> list[dict[str, Any]]:
    """Incidents as lists show them.

    Args:
        connection: the record.
        where: conditions on `incidents i`.
        order: SQL to sort by; the id decides between equals.
        limit: most incidents.
        offset: incidents to pass over.
    """
    clause, values = where_clause(where)
    query = f"SELECT i.id FROM incidents i{clause} ORDER BY {order}, i.id LIMIT {int(limit)} OFFSET {int(offset)}"
    return with_words(connection, rows_by_id(connection, "incidents", ids_of(connection, query, values)))


def with_words(connection: duckdb.DuckDBPyConnection, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of `incidents` with their lines and the words of their fullest tellings."""
    events = records_by_id(connection, "event", (row["event"] for row in rows), "id, doc, start, stop")
    words = words_of(connection, events)
    return [{**row, "words": words.get(row["event"], {}).get("words")} for row in without_words(rows)]


def without_words(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of `incidents` with their lines only."""
    return [
        {
            **row,
            "key": lines.incident_id(row),
            "line": lines.incident_line(row),
            "numbers": lines.numbers(row),
            "words": None,
            "place": place_name(row["place"]) or None,
        }
        for row in rows
    ]
