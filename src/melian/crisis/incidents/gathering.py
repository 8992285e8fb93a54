"""Putting tellings together: those that hang together with what changed, by clusters, with the reason for each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np

from melian.crisis.incidents import likeness
from melian.crisis.incidents.clusters import Numbers, Pair, Pairs, clusters
from melian.crisis.record.bulk import ids_table, insert
from melian.crisis.record.rows import fetch, hex_id

# Where a telling is in time: by other tellings, otherwise by itself.
_TIMED = """
CREATE OR REPLACE TEMP TABLE incident_timed AS
SELECT m.no, m.event, m.doc, m.attached, coalesce(d.first, CASE WHEN m.dated THEN m.first ELSE m.last END) AS first,
    coalesce(d.last, m.last) AS last, m.no IN (FROM incident_new) AS new, row_number() OVER (ORDER BY m.event) - 1 AS place
FROM incident_marks m LEFT JOIN incident_days d ON d.no = m.no
WHERE m.no IN (FROM incident_reached)
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

    Makes the temporary tables `incident_stale(id)`, incidents that lost a telling, and `incident_fresh(id)`, those that are new or other
    than they were.
    """
    _reach(connection, model)
    told = _reached(connection)
    joined = [*_numbered(connection, "SELECT a, b FROM joined"), *told.copied]
    parted = _numbered(connection, "SELECT a, b FROM parted")
    home = clusters(told.time, told.pairs, joined, parted, model.joins_at)
    _replace(connection, _tellings(connection, model, told, home))


def _reach(connection: duckdb.DuckDBPyConnection, model: likeness.Model) -> None:
    """The temporary table `incident_reached(no)`: all tellings that the change may have to do with."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE incident_front AS FROM incident_new UNION FROM incident_moved UNION "
        "FROM incident_left UNION "  # those that a telling went away from, or moved away from to another day
        "SELECT b FROM incident_pairs WHERE likeness >= $joins AND a IN (FROM incident_moved) UNION "
        "SELECT a FROM incident_pairs WHERE likeness >= $joins AND b IN (FROM incident_moved) UNION "
        "SELECT m.no FROM incident_gone g JOIN incident_tellings t ON t.event = g.event "
        "JOIN incident_tellings o ON o.incident = t.incident JOIN incident_marks m ON m.event = o.event",
        {"joins": model.joins_at},
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


@dataclass(frozen=True, slots=True)
class _Reached:
    """The tellings that the change has to do with, in order of their event ids, by which they are numbered.

    Attributes:
        event, no, doc: their ids.
        new: whether what is compared of it has changed.
        time: a number for what each speaks of; below zero for copies, and where no day is known.
        pairs: of one time.
        copied: copies with their originals.
    """

    event: list[int]
    no: list[int]
    doc: list[int]
    new: list[bool]
    time: Numbers
    pairs: Pairs
    copied: list[Pair]


def _reached(connection: duckdb.DuckDBPyConnection) -> _Reached:
    """Makes the temporary table `incident_timed` on the way."""
    connection.execute(_TIMED)
    told = connection.execute(
        "SELECT event, no, doc, new, CASE WHEN attached IS NULL AND first IS NOT NULL "
        "THEN dense_rank() OVER (ORDER BY first, last) ELSE -1 END AS time FROM incident_timed ORDER BY place"
    ).fetchnumpy()
    pairs = connection.execute(
        "SELECT least(m.place, n.place) AS first, greatest(m.place, n.place) AS second, p.likeness::BIGINT AS percent "
        "FROM incident_pairs p JOIN incident_timed m ON m.no = p.a JOIN incident_timed n ON n.no = p.b "
        "WHERE m.first = n.first AND m.last = n.last"
    ).fetchnumpy()
    return _Reached(
        **{name: told[name].tolist() for name in ("event", "no", "doc", "new")},
        time=told["time"],
        pairs=Pairs(**pairs),
        copied=_numbered(connection, "SELECT event, attached FROM incident_timed WHERE attached IS NOT NULL"),
    )


def _numbered(connection: duckdb.DuckDBPyConnection, events: str) -> list[Pair]:
    """Pairs of events, given by a query, as numbers of the reached tellings; those that are not reached are left out."""
    query = f"SELECT m.place, n.place FROM ({events}) p(a, b) JOIN incident_timed m ON m.event = a JOIN incident_timed n ON n.event = b"
    return connection.execute(query).fetchall()


def _tellings(
    connection: duckdb.DuckDBPyConnection, model: likeness.Model, told: _Reached, home: Numbers
) -> list[dict[str, Any]]:
    """Rows of `incident_tellings` that are new or other than they were."""
    partner, percent = (numbers.tolist() for numbers in _partners(told.pairs, home))
    alone = (np.bincount(home, minlength=len(home))[home] == 1).tolist()
    originals = {copy: original for copy, original in told.copied if home[copy] == home[original]}
    before = connection.execute(
        "SELECT event, incident, score, why FROM incident_tellings WHERE event IN (SELECT event FROM incident_timed)"
    ).fetchall()
    there = {event: (incident, score, why) for event, incident, score, why in before}
    rows: list[dict[str, Any]] = []
    alike: list[tuple[dict[str, Any], Pair]] = []
    for place, first in enumerate(home.tolist()):
        event, other = told.event[place], partner[place]
        score, why = 1.0, "joined by hand"
        if alone[place]:
            why = "told once"
        elif place in originals:
            why = f"in a copy, with the same words as e{hex_id(told.event[originals[place]])}"
        elif other >= 0:
            score, why = percent[place] / 100, f"like e{hex_id(told.event[other])}: "
        same = told.event[first], score, why
        if told.new[place] or (other >= 0 and told.new[other]) or not _is(there.get(event), same):
            rows.append({"incident": told.event[first], "event": event, "doc": told.doc[place], "score": score, "why": why})
            if why.startswith("like"):
                alike.append((rows[-1], (told.no[place], told.no[other])))
    reasons = _reasons(connection, model, [pair for _, pair in alike])
    for row, pair in alike:
        row["why"] += reasons[pair]
    return rows


def _is(there: tuple[int, float, str] | None, same: tuple[int, float, str]) -> bool:
    """Whether a telling has its row already; of the reason the beginning is enough, as the rest depends on the two tellings alone."""
    return there is not None and there[0] == same[0] and abs(there[1] - same[1]) < 0.001 and there[2].startswith(same[2])


def _partners(pairs: Pairs, home: Numbers) -> tuple[Numbers, Numbers]:
    """For each telling the one of its group that it is most like, with the likeness in percent; −1 where it is like none of them."""
    partner, percent = np.full(len(home), -1), np.zeros(len(home), dtype=np.int64)
    inner = pairs.among(home[pairs.first] == home[pairs.second])
    told = np.concatenate([inner.first, inner.second])
    other = np.concatenate([inner.second, inner.first])
    alike = np.concatenate([inner.percent, inner.percent])
    order = np.lexsort((other, -alike, told))
    _, best = np.unique(told[order], return_index=True)
    chosen = order[best]
    partner[told[chosen]], percent[told[chosen]] = other[chosen], alike[chosen]
    return partner, percent


def _reasons(connection: duckdb.DuckDBPyConnection, model: likeness.Model, pairs: Iterable[Pair]) -> dict[Pair, str]:
    """Why the tellings of each pair are alike."""
    connection.execute("CREATE OR REPLACE TEMP TABLE incident_compared (a UINTEGER, b UINTEGER)")
    insert(connection, "incident_compared", [{"a": a, "b": b} for a, b in sorted(set(pairs))])
    likeness.put_sides(connection)
    return {(row["a"], row["b"]): model.reasons(row) for row in fetch(connection, likeness.features_query())}


def _replace(connection: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]]) -> None:
    ids_table(connection, "incident_other", (row["event"] for row in rows))
    connection.execute("INSERT INTO incident_other SELECT event FROM incident_gone")
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE incident_stale AS SELECT DISTINCT incident AS id FROM incident_tellings "
        "WHERE event IN (FROM incident_other)"
    )
    connection.execute("DELETE FROM incident_tellings WHERE event IN (FROM incident_other)")
    insert(
        connection, "incident_tellings", sorted(rows, key=lambda row: (row["doc"], row["event"]))
    )  # takes less room by document
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE incident_fresh AS SELECT DISTINCT incident AS id FROM incident_tellings "
        "WHERE event IN (FROM incident_other) OR incident IN (FROM incident_stale)"
    )
