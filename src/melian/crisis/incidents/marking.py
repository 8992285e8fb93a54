"""Which tellings there are to compare: the tables of marks, keys and stories, kept up to the record's events."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import duckdb

from melian.crisis.incidents.keys import kept_under, looked_up
from melian.crisis.incidents.marks import mark, packed, plain_outlet, story
from melian.crisis.record.bulk import ids_table, insert
from melian.crisis.record.rows import fetch

STORY = 400  # characters at the head of a report that say what it is about

# Copies bring the events of the document that they are copies of; such an event is not compared but goes with that one's.
_ATTACHED = """
CREATE OR REPLACE TEMP TABLE incident_attached AS
WITH told AS (
    SELECT e.id, e.doc, c."of", e.type, e.realis,
        md5(lower(regexp_replace(trim(substring(d.text, e.start + 1, e.stop - e.start)), '\\s+', ' ', 'g'))) AS words
    FROM events e JOIN incident_changed g ON g.id = e.doc JOIN copies c ON c.doc = e.doc JOIN documents d ON d.id = e.doc
    WHERE c."of" <> c.doc AND e.realis IN ('actual', 'denied')
), original AS (
    SELECT e.id, e.doc, e.type, e.realis,
        md5(lower(regexp_replace(trim(substring(d.text, e.start + 1, e.stop - e.start)), '\\s+', ' ', 'g'))) AS words
    FROM events e JOIN documents d ON d.id = e.doc WHERE e.doc IN (SELECT "of" FROM told) AND e.realis IN ('actual', 'denied')
)
SELECT t.id, min(o.id) AS original FROM told t JOIN original o ON o.doc = t."of" AND o.type = t.type AND o.realis = t.realis
    AND o.words = t.words
WHERE NOT EXISTS (SELECT 1 FROM parted p WHERE t.id IN (p.a, p.b)) GROUP BY t.id
"""


def remark(connection: duckdb.DuckDBPyConnection, documents: Iterable[int]) -> None:
    """Bring marks, keys and stories up to the events of some documents, and of those whose place among copies changed.

    Makes three temporary tables: `incident_gone(no, event)`, the tellings that were taken away, `incident_new(no)`, those that came
    (the tellings of a changed document are both), and `incident_sought(key, no)`, the keys by which these find others.
    """
    _find_changed(connection, documents)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE incident_gone AS SELECT no, event FROM incident_marks WHERE doc IN (FROM incident_changed)"
    )
    connection.execute("DELETE FROM incident_keys WHERE no IN (SELECT no FROM incident_gone)")
    connection.execute("DELETE FROM incident_marks WHERE no IN (SELECT no FROM incident_gone)")
    connection.execute("DELETE FROM incident_stories WHERE doc IN (FROM incident_changed)")
    _add_stories(connection)
    _add_marks(connection)


def _find_changed(connection: duckdb.DuckDBPyConnection, documents: Iterable[int]) -> None:
    """The temporary table `incident_changed(id)`, and `incident_copies` as `copies` is now."""
    ids_table(connection, "incident_changed", documents)
    connection.execute(
        "INSERT INTO incident_changed SELECT DISTINCT doc FROM ((FROM copies EXCEPT FROM incident_copies) UNION "
        "(FROM incident_copies EXCEPT FROM copies)) WHERE doc NOT IN (FROM incident_changed)"
    )
    connection.execute(
        'INSERT INTO incident_changed SELECT doc FROM copies WHERE "of" IN (FROM incident_changed) '
        "AND doc NOT IN (FROM incident_changed)"
    )
    connection.execute("DELETE FROM incident_copies WHERE doc IN (FROM incident_changed)")
    connection.execute("INSERT INTO incident_copies FROM copies WHERE doc IN (FROM incident_changed)")


def _add_stories(connection: duckdb.DuckDBPyConnection) -> None:
    rows = fetch(
        connection,
        f"SELECT d.id, coalesce(o.outlet, d.outlet) AS outlet, d.title, left(d.text, {STORY}) AS opening FROM documents d "
        'LEFT JOIN copies c ON c.doc = d.id LEFT JOIN documents o ON o.id = c."of" WHERE d.id IN (FROM incident_changed)',
    )
    stories = (
        {"doc": row["id"], "outlet": plain_outlet(row["outlet"]), "story": story(row["title"], row["opening"])} for row in rows
    )
    insert(connection, "incident_stories", stories)


def _add_marks(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(_ATTACHED)
    rows = fetch(
        connection,
        "SELECT e.id, e.doc, e.type, e.mode, e.realis, e.source, e.target, e.first, e.last, e.dated, e.place, e.place_country, "
        "e.value, e.unit, e.start, e.stop, substring(d.text, e.start + 1, e.stop - e.start) AS words, d.published, a.original "
        "FROM events e JOIN documents d ON d.id = e.doc LEFT JOIN incident_attached a ON a.id = e.id "
        "WHERE e.doc IN (FROM incident_changed) AND e.realis IN ('actual', 'denied') ORDER BY d.published, d.id, e.id",
    )
    found = connection.execute("SELECT coalesce(max(no) + 1, 0) FROM incident_marks").fetchone()
    first = found[0] if found else 0
    marks: list[dict[str, Any]] = [{"no": no, "attached": row["original"], **mark(row)} for no, row in enumerate(rows, first)]
    kept = [name for name, *_ in connection.execute("DESCRIBE incident_marks").fetchall() if name != "parts"]
    compared = [each for each in marks if each["attached"] is None]
    insert(connection, "incident_marks", ({**{name: each[name] for name in kept}, "parts": packed(each)} for each in marks))
    insert(
        connection, "incident_keys", ({"key": key, "no": each["no"]} for each in compared for key in sorted(kept_under(each)))
    )
    connection.execute("CREATE OR REPLACE TEMP TABLE incident_new (no UINTEGER)")
    insert(connection, "incident_new", ({"no": each["no"]} for each in marks))
    connection.execute("CREATE OR REPLACE TEMP TABLE incident_sought (key UINTEGER, no UINTEGER)")
    insert(
        connection, "incident_sought", ({"key": key, "no": each["no"]} for each in compared for key in sorted(looked_up(each)))
    )
