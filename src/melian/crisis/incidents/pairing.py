"""Pairs of tellings that may be one, with their likeness: found by keys, kept where they are worth it."""

from __future__ import annotations

import duckdb

from melian.crisis.incidents import likeness
from melian.crisis.incidents.keys import FAR_BACK, SHORT
from melian.crisis.incidents.marks import LOOK_BACK

NEAR = 2  # days between what two tellings speak of up to which they need not have a word in common

# Tellings with a key in common whose days meet, or come near enough at the same place. Two clauses of one document are two events,
# unless one stands in the other.
_MET = f"""
CREATE OR REPLACE TEMP TABLE incident_met AS
WITH met AS (
    SELECT DISTINCT least(s.no, k.no) AS a, greatest(s.no, k.no) AS b
    FROM incident_sought s JOIN incident_keys k ON k.key = s.key WHERE s.no <> k.no
)
SELECT a, b, m.type = n.type AS one_type, coalesce(m.place = n.place, false) AS one_place,
    one_place OR abs(m.last - n.last) <= {NEAR} AS near
FROM met JOIN incident_marks m ON m.no = a JOIN incident_marks n ON n.no = b
WHERE CASE WHEN one_place AND m.last - m.first < {SHORT} AND n.last - n.first < {SHORT}
      THEN m.first - CASE WHEN m.dated THEN 0 ELSE {FAR_BACK - LOOK_BACK} END <= n.last
       AND n.first - CASE WHEN n.dated THEN 0 ELSE {FAR_BACK - LOOK_BACK} END <= m.last
      ELSE m.first <= n.last AND n.first <= m.last END
  AND (m.doc <> n.doc OR m.start < n.stop AND n.start < m.stop)
  AND (one_type OR near)
"""

# A party or the place is common to them; and so is a word, or both parties, unless they are of one type and near. What one side does to
# the other and what the other does to it are two events.
_WORTH_A_LOOK = """
CREATE OR REPLACE TEMP TABLE incident_compared AS
SELECT a, b FROM incident_met JOIN sides m ON m.no = a JOIN sides n ON n.no = b
WHERE (one_type AND near OR list_has_any(m.stems, n.stems) OR one_type AND len(list_intersect(m.parties, n.parties)) > 1)
  AND (one_type OR EXISTS (SELECT 1 FROM incident_alike t WHERE t.first = least(m.type, n.type) AND t.second = greatest(m.type, n.type)))
  AND (one_place OR list_has_any(m.parties, n.parties))
  AND (m.mutual OR n.mutual OR list_has_any(m.source, n.source)
       OR NOT list_has_any(m.source, n.target) OR NOT list_has_any(m.target, n.source))
  AND NOT EXISTS (SELECT 1 FROM parted p WHERE p.a IN (m.event, n.event) AND p.b IN (m.event, n.event))
"""


def pair(connection: duckdb.DuckDBPyConnection, model: likeness.Model) -> None:
    """Bring `incident_pairs` up to the tellings of `incident_gone` and `incident_new`.

    Makes the temporary tables `incident_left(no)`, the tellings that lost a pair, and `incident_near(no)`, all whose pairs changed.
    """
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE incident_left AS SELECT no FROM incident_marks WHERE no IN ("
        "SELECT a FROM incident_pairs WHERE b IN (SELECT no FROM incident_gone) "
        "UNION SELECT b FROM incident_pairs WHERE a IN (SELECT no FROM incident_gone))"
    )
    connection.execute(
        "DELETE FROM incident_pairs WHERE a IN (SELECT no FROM incident_gone) OR b IN (SELECT no FROM incident_gone)"
    )
    find_candidates(connection)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE incident_found AS {likeness.score_query(model)}")
    connection.execute("INSERT INTO incident_pairs FROM incident_found")
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE incident_near AS FROM incident_left UNION SELECT a FROM incident_found "
        "UNION SELECT b FROM incident_found"
    )


def find_candidates(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary tables that `likeness` compares: `incident_compared(a, b)`, pairs with a new telling, and their `sides`."""
    connection.execute(_MET)
    likeness.prepare(connection)
    likeness.put_sides(connection, "incident_met")
    connection.execute(_WORTH_A_LOOK)
