"""Which day a telling without a day of its own is taken to speak of, so that one day's happening is not chained to the next's.

A telling that gives its very day keeps it. Any other takes the day of the telling most like it that gives one. Where there is
none, it takes the time of the first of its like (the narrowest, then the earliest) that give no day either, or keeps its own: the
time that it gives, or the day of its report. Only tellings of one time are put together. As a telling's time depends on its
nearest only, a new report changes nothing far from it.
"""

from __future__ import annotations

import duckdb

from melian.crisis.incidents.likeness import Model

# Pairs that may be put together, from either side, with the days of the other.
_EDGES = """
CREATE OR REPLACE TEMP TABLE incident_edges AS
WITH both_ways AS (
    SELECT a AS no, b AS other, likeness FROM incident_pairs WHERE likeness >= {joins} AND a IN (FROM {around})
    UNION ALL SELECT b, a, likeness FROM incident_pairs WHERE likeness >= {joins} AND b IN (FROM {around})
)
SELECT e.no, e.other, e.likeness, m.dated AND m.first = m.last AS exact,
    CASE WHEN m.dated THEN m.first ELSE m.last END AS first, m.last
FROM both_ways e JOIN incident_marks m ON m.no = e.other
"""

_TIMES = """
CREATE OR REPLACE TEMP TABLE incident_times AS
WITH own AS (
    SELECT no, CASE WHEN dated THEN first ELSE last END AS first, last FROM incident_marks
    WHERE no IN (FROM incident_loose) AND last IS NOT NULL
), by_day AS (
    SELECT e.no, e.first AS day FROM incident_edges e JOIN own o ON o.no = e.no WHERE e.exact
    QUALIFY row_number() OVER (PARTITION BY e.no ORDER BY e.likeness DESC, abs(e.first - o.last), e.first) = 1
), like_it AS (
    SELECT e.no, e.first, e.last FROM incident_edges e WHERE NOT e.exact AND e.no NOT IN (SELECT no FROM by_day)
      AND NOT EXISTS (SELECT 1 FROM incident_edges o WHERE o.no = e.other AND o.exact)
    UNION ALL SELECT no, first, last FROM own
), first_of_them AS (
    SELECT no, first, last FROM like_it QUALIFY row_number() OVER (PARTITION BY no ORDER BY last - first, first) = 1
)
SELECT o.no, coalesce(d.day, f.first) AS first, coalesce(d.day, f.last) AS last
FROM own o LEFT JOIN by_day d ON d.no = o.no LEFT JOIN first_of_them f ON f.no = o.no
"""


def date(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Bring `incident_days` up to the pairs: rows for the tellings whose time is another than their own.

    Needs the temporary tables that `marking` and `pairing` make; makes `incident_moved(no)`, the tellings that have another time than
    before.
    """
    connection.execute("DELETE FROM incident_days WHERE no IN (SELECT no FROM incident_gone)")
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE incident_around AS SELECT no FROM incident_marks WHERE NOT (dated AND first = last) AND "
        "no IN (FROM incident_near UNION FROM incident_new)"
    )
    connection.execute(_EDGES.format(joins=model.joins_at, around="incident_around"))
    # Whether a telling's like have a day counts for it: those beside the changed ones may change too, by their own pairs.
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE incident_loose AS FROM incident_around UNION "
        "SELECT other FROM incident_edges WHERE NOT exact"
    )
    connection.execute(_EDGES.format(joins=model.joins_at, around="incident_loose"))
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE incident_around AS FROM incident_loose UNION "
        "SELECT other FROM incident_edges WHERE NOT exact"
    )
    connection.execute(_EDGES.format(joins=model.joins_at, around="incident_around"))
    connection.execute(_TIMES)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE incident_moved AS SELECT t.no FROM incident_times t JOIN incident_marks m ON m.no = t.no "
        "LEFT JOIN incident_days d ON d.no = t.no WHERE "
        "t.first <> coalesce(d.first, CASE WHEN m.dated THEN m.first ELSE m.last END) OR t.last <> coalesce(d.last, m.last)"
    )
    connection.execute("DELETE FROM incident_days WHERE no IN (FROM incident_moved)")
    connection.execute(
        "INSERT INTO incident_days SELECT t.* FROM incident_times t JOIN incident_marks m ON m.no = t.no WHERE "
        "t.no IN (FROM incident_moved) AND (t.first <> CASE WHEN m.dated THEN m.first ELSE m.last END OR t.last <> m.last)"
    )
