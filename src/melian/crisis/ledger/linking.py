"""Grouping in the tables: which earlier claim each claim repeats, and which entries they make, for claims that changed and their neighbours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from melian.crisis.ledger.actor_numbers import ActorNumbers
from melian.crisis.ledger.claim import Claim, Kind
from melian.crisis.ledger.grouping import LIKE, LIKE_LINE, WINDOW, components, node
from melian.crisis.ledger.refreshing import Change, Key
from melian.crisis.ledger.rows import fetch_claims
from melian.crisis.ledger.rules import rules
from melian.crisis.ledger.stand import Stand, entry_number
from melian.crisis.record.bulk import ids_table, insert

# Claims by the parties that make them, a row for each; `stretch` numbers stretches of days as long as the window.
_BY_PARTY = f"""
    SELECT c.*, (c.day - DATE '0001-01-01') // {WINDOW} AS stretch, unnest(coalesce(a.members, [''])) AS party FROM (
        SELECT kind, id, doc, start, stop, words, civil, coalesce(day, DATE '0001-01-01') AS day, repeats, score, patterns,
            CASE WHEN kind IN ('prediction', 'denial') THEN [p.type FOR p IN patterns] END AS types,
            unnest(CASE WHEN len("by") = 0 THEN [NULL] ELSE "by" END) AS no
        FROM ledger_claims WHERE {{which}}
    ) c LEFT JOIN ledger_actors a ON a.no = c.no
"""
# For each claim the earlier one that it repeats, by the rules of `grouping.repeats`.
_PAIRS = f"""
    WITH met AS MATERIALIZED (
        SELECT DISTINCT l.kind, l.id AS later, e.id AS earlier, e.day, e.doc, e.start, e.stop,
            (l.day, l.doc, l.start, l.stop, l.id) AS place, l.repeats, l.score, l.words, e.words AS others, l.patterns, e.patterns AS patterns_before
        FROM (SELECT *, unnest([stretch, stretch - 1]) AS near FROM ({{later}})) l JOIN ({{earlier}}) e
        ON l.kind = e.kind AND l.party = e.party AND l.civil = e.civil AND l.near = e.stretch
        WHERE e.day BETWEEN l.day - {WINDOW} AND l.day AND (list_has_any(l.words, e.words) OR list_has_any(l.types, e.types))
    ), numbered AS MATERIALIZED (
        SELECT row_number() OVER () AS no, * FROM met WHERE (day, doc, start, stop, earlier) < place
    ), facing AS MATERIALIZED (
        SELECT t.kind, t.id, flatten(list(a.members)) AS facing FROM (SELECT kind, id, unnest("to") AS no FROM ledger_claims
            WHERE (kind, id) IN (SELECT (kind, later) FROM numbered UNION ALL SELECT (kind, earlier) FROM numbered)) t
        JOIN ledger_actors a USING (no) GROUP BY t.kind, t.id
    ), same AS (
        SELECT DISTINCT no FROM (SELECT no, p, unnest(patterns_before) AS q FROM (SELECT no, unnest(patterns) AS p, patterns_before
            FROM numbered WHERE kind IN ('prediction', 'denial', 'redline')))
        WHERE p.type = q.type AND len(p.doers) + len(q.doers) > 0
            AND (p.mode = '' OR q.mode = '' OR p.mode = q.mode OR p.type NOT IN ({{modes}}))
            AND (len(p.doers) = 0 OR len(q.doers) = 0 OR list_has_any(p.doers, q.doers))
            AND (len(p.toward) = 0 OR len(q.toward) = 0 OR list_has_any(p.toward, q.toward))
    ), weighed AS (
        SELECT n.*, s.no IS NOT NULL AS same, CASE WHEN list_has_any(n.words, n.others)
            AND (f.facing IS NULL OR g.facing IS NULL OR list_has_any(f.facing, g.facing))
            THEN list_sum([w >> 20 FOR w IN list_intersect(n.words, n.others)])
                / sqrt(list_sum([w >> 20 FOR w IN n.words]) * list_sum([w >> 20 FOR w IN n.others])) ELSE 0 END AS likeness
        FROM numbered n LEFT JOIN same s USING (no) LEFT JOIN facing f ON f.kind = n.kind AND f.id = n.later
        LEFT JOIN facing g ON g.kind = n.kind AND g.id = n.earlier
    ), fit AS (
        SELECT *, CASE WHEN same AND kind <> 'redline' THEN 2 ELSE likeness END AS fitness FROM weighed
        WHERE (same AND kind <> 'redline') OR likeness >= CASE WHEN same THEN {LIKE_LINE} ELSE {LIKE} END
    )
    SELECT f.kind, f.later AS id, f.earlier AS repeats, f.fitness AS score FROM fit f
    LEFT JOIN ledger_claims c ON c.kind = f.kind AND c.id = f.repeats
    WHERE f.repeats IS NULL OR {{anew}} OR f.fitness > f.score OR (f.fitness = f.score
        AND (f.day, f.doc, f.start, f.stop, f.earlier) > (coalesce(c.day, DATE '0001-01-01'), c.doc, c.start, c.stop, c.id))
    QUALIFY row_number() OVER (PARTITION BY f.kind, f.later
        ORDER BY f.fitness DESC, f.day DESC, f.doc DESC, f.start DESC, f.stop DESC, f.earlier DESC) = 1
"""
# What claims that seek an earlier one repeat, among all; and what others repeat now that may rather repeat a changed one.
_LINKS = """
    CREATE OR REPLACE TEMP TABLE ledger_links AS
    SELECT s.kind, s.id, p.repeats, p.score FROM ledger_seeking s LEFT JOIN ({sought}) p ON p.kind = s.kind AND p.id = s.id
    UNION ALL ({others})
"""
_UNCHANGED = """
    DELETE FROM ledger_links k USING ledger_claims c
    WHERE c.kind = k.kind AND c.id = k.id AND c.repeats IS NOT DISTINCT FROM k.repeats AND c.score IS NOT DISTINCT FROM k.score
"""
_STORED = """
    UPDATE ledger_claims SET repeats = k.repeats, score = k.score FROM ledger_links k
    WHERE ledger_claims.kind = k.kind AND ledger_claims.id = k.id
"""
_TOUCHED = """
    SELECT m.entry FROM ledger_members m SEMI JOIN ledger_links k ON k.kind = m.kind AND k.id = m.id
    UNION SELECT m.entry FROM ledger_members m SEMI JOIN ledger_links k ON k.kind = m.kind AND k.repeats = m.id
"""


@dataclass(slots=True)
class Regrouped:
    """Entries whose claims changed (`made`, with their claims in order), entries that are no more, and, of every entry that was taken apart or together,
    what it was before."""

    made: dict[int, Stand]
    ended: set[int]
    before: dict[int, Stand]


def regroup(connection: duckdb.DuckDBPyConnection, actors: ActorNumbers, change: Change) -> Regrouped:
    """Bring the grouping up to claims that changed."""
    if not change.fresh and not change.gone:
        return Regrouped({}, set(), {})
    touched = _relink(connection)
    touched |= {entry for _, entry in change.gone} | {entry_number(claim.kind, claim.id) for claim in change.fresh}
    ids_table(connection, "ledger_touched", touched)
    members = fetch_claims(connection, actors, "WHERE c.entry IN (SELECT id FROM ledger_touched)")
    claims = {(each.claim.kind, each.claim.id): each.claim for each in members}
    back: dict[Key, Key | None] = {
        (each.claim.kind, each.claim.id): (each.claim.kind, each.repeats) if each.repeats is not None else None
        for each in members
    }
    fresh = {(claim.kind, claim.id) for claim in change.fresh}
    was = {key: each.entry for each in members if (key := (each.claim.kind, each.claim.id)) not in fresh}
    before: dict[int, list[Claim]] = defaultdict(list)
    for claim, entry in [*((claims[key], entry) for key, entry in was.items()), *change.gone]:
        before[entry].append(claim)
    made: dict[int, Stand] = {}
    moved: list[dict[str, object]] = []
    kept: set[int] = set()
    for group in components(back):
        kind: Kind = group[0][0]
        head = min(id_ for _, id_ in group)
        entry = entry_number(kind, head)
        kept.add(entry)
        moved += [
            {"kind": kind, "id": key[1], "head": head if key[1] != head else None} for key in group if was.get(key) != entry
        ]
        if any(was.get(key) != entry for key in group) or len(group) != len(before.get(entry, ())):
            made[entry] = stand_of(claims[key] for key in group)
    _move(connection, moved)
    return Regrouped(made, touched - kept, {entry: stand_of(some) for entry, some in before.items()})


def stand_of(claims: Iterable[Claim]) -> Stand:
    """An entry of some claims, in the order of their days and places."""
    return Stand(tuple(sorted(claims, key=lambda claim: node(claim).place)))


def _relink(connection: duckdb.DuckDBPyConnection) -> set[int]:
    """Find anew what claims repeat: those that changed, those whose antecedent is gone, and those that a changed one may suit better.

    Returns:
        The entries of claims that came to repeat another one, and of those that they repeat.
    """
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE ledger_seeking AS SELECT kind, id FROM ledger_fresh UNION "
        "SELECT c.kind, c.id FROM ledger_claims c JOIN ledger_gone g ON c.kind = g.kind AND c.repeats = g.id"
    )
    seeking = _BY_PARTY.format(which="(kind, id) IN (SELECT (kind, id) FROM ledger_seeking)")
    fresh = _BY_PARTY.format(which="(kind, id) IN (SELECT (kind, id) FROM ledger_fresh)")
    every = _BY_PARTY.format(which="kind IN (SELECT kind FROM ledger_seeking)")
    others = f"SELECT * FROM ({every}) WHERE (kind, id) NOT IN (SELECT (kind, id) FROM ledger_seeking)"
    modes = ", ".join(f"'{type_}'" for type_ in rules()["mode_matters"])
    sought = _PAIRS.format(later=seeking, earlier=every, anew="true", modes=modes)
    connection.execute(
        _LINKS.format(sought=sought, others=_PAIRS.format(later=others, earlier=fresh, anew="false", modes=modes))
    )
    connection.execute(_UNCHANGED)
    connection.execute(_STORED)
    return {row[0] for row in connection.execute(_TOUCHED).fetchall()}


def _move(connection: duckdb.DuckDBPyConnection, moved: Iterable[dict[str, object]]) -> None:
    connection.execute("CREATE OR REPLACE TEMP TABLE ledger_moved (kind VARCHAR, id UBIGINT, head UBIGINT)")
    if insert(connection, "ledger_moved", moved):
        connection.execute(
            "UPDATE ledger_claims SET head = m.head FROM ledger_moved m WHERE ledger_claims.kind = m.kind AND ledger_claims.id = m.id"
        )
