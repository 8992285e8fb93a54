"""Grouping in the tables: which earlier claim each claim repeats, and which entries they make, for claims that changed and their neighbours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from melian.crisis.ledger.actor_numbers import ActorNumbers
from melian.crisis.ledger.claim import Claim, Kind
from melian.crisis.ledger.grouping import LIKE, LIKE_LINE, WINDOW, Node, Place, components, node, repeats
from melian.crisis.ledger.refreshing import Change, Key, keys_table
from melian.crisis.ledger.rows import fetch_claims
from melian.crisis.ledger.rules import rules
from melian.crisis.ledger.stand import Stand, entry_number
from melian.crisis.record.bulk import ids_table, insert

# Claims by the parties that make them, a row for each; `stretch` numbers stretches of days as long as the window.
_BY_PARTY = f"""
    SELECT c.*, (c.day - DATE '0001-01-01') // {WINDOW} AS stretch, unnest(coalesce(a.members, [''])) AS party FROM (
        SELECT kind, id, doc, start, stop, words, civil, coalesce(day, DATE '0001-01-01') AS day, score, patterns,
            CASE WHEN kind IN ('prediction', 'denial') THEN [p.type FOR p IN patterns] END AS types,
            unnest(CASE WHEN len("by") = 0 THEN [NULL] ELSE "by" END) AS no
        FROM ledger_claims WHERE {{which}}
    ) c LEFT JOIN ledger_actors a ON a.no = c.no
"""
# For each claim the earlier one that it repeats, by the rules of `grouping.repeats`.
_PAIRS = f"""
    WITH met AS MATERIALIZED (
        SELECT DISTINCT l.kind, l.id AS later, e.id AS earlier, e.day, e.doc, e.start, e.stop,
            (l.day, l.doc, l.start, l.stop, l.id) AS place, l.score, l.words, e.words AS others, l.patterns, e.patterns AS patterns_before
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
    SELECT kind, later, earlier FROM fit WHERE {{better}} QUALIFY row_number() OVER (
        PARTITION BY kind, later ORDER BY fitness DESC, day DESC, doc DESC, start DESC, stop DESC, earlier DESC) = 1
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
    touched = _relink(connection, actors, change)
    touched |= {entry for _, entry in change.gone}
    ids_table(connection, "ledger_touched", touched)
    members = fetch_claims(
        connection,
        actors,
        "WHERE c.entry IN (SELECT id FROM ledger_touched) OR (c.kind, c.id) IN (SELECT (kind, id) FROM ledger_fresh)",
    )
    claims = {(claim.kind, claim.id): claim for claim, _ in members}
    back: dict[Key, Key | None] = {
        (claim.kind, claim.id): (claim.kind, row["repeats"]) if row["repeats"] is not None else None for claim, row in members
    }
    fresh = {(claim.kind, claim.id) for claim in change.fresh}
    was: dict[Key, int] = {key: row["entry"] for claim, row in members if (key := (claim.kind, claim.id)) not in fresh}
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


def _relink(connection: duckdb.DuckDBPyConnection, actors: ActorNumbers, change: Change) -> set[int]:
    """Find anew what claims repeat: those that changed, those whose antecedent is gone, and those that a changed one may suit better.

    Returns:
        The entries of claims that came to repeat another one, and of those that they repeat.
    """
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE ledger_seeking AS SELECT kind, id FROM ledger_fresh UNION "
        "SELECT c.kind, c.id FROM ledger_claims c JOIN ledger_gone g ON c.kind = g.kind AND c.repeats = g.id"
    )
    candidates = _candidates(connection)
    keys_table(connection, "ledger_later", candidates.keys())
    standing = {
        (kind, id_): (repeated, score, entry)
        for kind, id_, repeated, score, entry in connection.execute(
            "SELECT kind, id, repeats, score, entry FROM ledger_members WHERE (kind, id) IN "
            "(SELECT (kind, id) FROM ledger_seeking UNION SELECT (kind, id) FROM ledger_later)"
        ).fetchall()
    }
    gone = {(claim.kind, claim.id) for claim, _ in change.gone}
    for (kind, id_), (repeated, _, _) in standing.items():
        if repeated is not None and (kind, repeated) not in gone:
            candidates[kind, id_].add(repeated)
    wanted = {*standing, *((kind, each) for (kind, _), some in candidates.items() for each in some)}
    nodes = _nodes(connection, actors, wanted)
    now = {key: _best(nodes[key], (nodes[key[0], each] for each in candidates[key])) for key in standing}
    changed = {key: found for key, found in now.items() if found != standing[key][:2]}
    _store_links(connection, changed)
    repeated_by = {(key[0], found[0]) for key, found in changed.items() if found[0] is not None}
    keys_table(connection, "ledger_repeated", repeated_by)
    entries = connection.execute(
        "SELECT DISTINCT entry FROM ledger_members WHERE (kind, id) IN (SELECT (kind, id) FROM ledger_repeated)"
    ).fetchall()
    return {row[0] for row in entries} | {standing[key][2] for key in changed}


def _candidates(connection: duckdb.DuckDBPyConnection) -> dict[Key, set[int]]:
    """For claims that seek one, and for those that a changed one may suit better than what they repeat now, the best earlier claims."""
    seeking = "(kind, id) IN (SELECT (kind, id) FROM ledger_seeking)"
    fresh = "(kind, id) IN (SELECT (kind, id) FROM ledger_fresh)"
    kinds = "kind IN (SELECT kind FROM ledger_seeking)"
    modes = ", ".join(f"'{type_}'" for type_ in rules()["mode_matters"])
    found: dict[Key, set[int]] = defaultdict(set)
    for later, earlier, better in (
        (seeking, kinds, "true"),
        (f"{kinds} AND NOT {seeking}", fresh, "fitness >= coalesce(score, 0)"),
    ):
        sides = {"later": _BY_PARTY.format(which=later), "earlier": _BY_PARTY.format(which=earlier)}
        query = _PAIRS.format(**sides, better=better, modes=modes)
        for kind, id_, other in connection.execute(query).fetchall():
            found[kind, id_].add(other)
    return found


def _best(later: Node, earlier: Iterable[Node]) -> tuple[int | None, float | None]:
    found: tuple[float, Place] | None = max(((repeats(later, each), each.place) for each in earlier), default=None)
    return (found[1].id, found[0]) if found and found[0] > 0 else (None, None)


def _nodes(connection: duckdb.DuckDBPyConnection, actors: ActorNumbers, keys: Iterable[Key]) -> dict[Key, Node]:
    keys_table(connection, "ledger_wanted", keys)
    found = fetch_claims(connection, actors, "WHERE (c.kind, c.id) IN (SELECT (kind, id) FROM ledger_wanted)")
    return {(claim.kind, claim.id): node(claim) for claim, _ in found}


def _store_links(connection: duckdb.DuckDBPyConnection, links: dict[Key, tuple[int | None, float | None]]) -> None:
    connection.execute("CREATE OR REPLACE TEMP TABLE ledger_links (kind VARCHAR, id UBIGINT, repeats UBIGINT, score DOUBLE)")
    rows = ({"kind": key[0], "id": key[1], "repeats": to, "score": score} for key, (to, score) in sorted(links.items()))
    if insert(connection, "ledger_links", rows):
        connection.execute(
            "UPDATE ledger_claims SET repeats = k.repeats, score = k.score FROM ledger_links k "
            "WHERE ledger_claims.kind = k.kind AND ledger_claims.id = k.id"
        )


def _move(connection: duckdb.DuckDBPyConnection, moved: Iterable[dict[str, object]]) -> None:
    connection.execute("CREATE OR REPLACE TEMP TABLE ledger_moved (kind VARCHAR, id UBIGINT, head UBIGINT)")
    if insert(connection, "ledger_moved", moved):
        connection.execute(
            "UPDATE ledger_claims SET head = m.head FROM ledger_moved m WHERE ledger_claims.kind = m.kind AND ledger_claims.id = m.id"
        )
