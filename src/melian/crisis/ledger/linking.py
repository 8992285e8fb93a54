"""Grouping in the tables: which earlier claim each claim repeats, and which entries they make, for claims that changed and their neighbours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from melian.crisis.ledger.claim import Claim, Kind
from melian.crisis.ledger.grouping import LIKE, LIKE_LINE, WINDOW, Node, Place, components, node, repeats
from melian.crisis.ledger.refreshing import Change, Key
from melian.crisis.ledger.rows import fetch_claims
from melian.crisis.ledger.stand import Stand, entry_number
from melian.crisis.record.bulk import ids_table, insert

_SLACK = 1e-4  # SQL's likeness may differ from Python's in the last digits; Python's counts

_SEEN = """
    SELECT kind, id, doc, start, stop, words, facing, civil, coalesce(day, DATE '0001-01-01') AS day, score, repeats,
        list_sum([w >> 20 FOR w IN words]) AS mass, [p.type FOR p IN patterns] AS types,
        unnest(CASE WHEN len(own) = 0 THEN [''] ELSE own END) AS party
    FROM ledger_claims
"""
_PAIRS = f"""
    SELECT DISTINCT l.kind, l.id, e.id FROM ({_SEEN} WHERE {{later}}) l JOIN ({_SEEN} WHERE {{earlier}}) e
    ON l.kind = e.kind AND l.party = e.party AND l.civil = e.civil AND e.day BETWEEN l.day - {WINDOW} AND l.day
    WHERE (e.day, e.doc, e.start, e.stop, e.id) < (l.day, l.doc, l.start, l.stop, l.id) AND (
        (l.kind IN ('prediction', 'denial') AND list_has_any(l.types, e.types))
        OR ((len(l.facing) = 0 OR len(e.facing) = 0 OR list_has_any(l.facing, e.facing)) AND list_has_any(l.words, e.words)
            AND list_sum([w >> 20 FOR w IN list_intersect(l.words, e.words)]) / sqrt(l.mass * e.mass) >= {{least}})
    )
"""


@dataclass(slots=True)
class Regrouped:
    """Entries whose claims changed (`made`, with their claims in order), entries that are no more, and, of every entry that was taken apart or together,
    what it was before."""

    made: dict[int, Stand]
    ended: set[int]
    before: dict[int, Stand]


def regroup(connection: duckdb.DuckDBPyConnection, change: Change) -> Regrouped:
    """Bring the grouping up to claims that changed."""
    if not change.fresh and not change.gone:
        return Regrouped({}, set(), {})
    touched = _relink(connection, change)
    touched |= {entry for _, entry in change.gone if entry is not None}
    ids_table(connection, "ledger_touched", touched)
    members = fetch_claims(
        connection,
        "WHERE c.entry IN (SELECT id FROM ledger_touched) OR (c.kind, c.id) IN (SELECT (kind, id) FROM ledger_fresh)",
        ", c.entry, c.repeats",
    )
    claims = {(claim.kind, claim.id): claim for claim, _ in members}
    back: dict[Key, Key | None] = {
        (claim.kind, claim.id): (claim.kind, row["repeats"]) if row["repeats"] is not None else None for claim, row in members
    }
    was = {(claim.kind, claim.id): row["entry"] for claim, row in members}
    before: dict[int, list[Claim]] = defaultdict(list)
    for claim, entry in [*((claim, row["entry"]) for claim, row in members), *change.gone]:
        if entry is not None:
            before[entry].append(claim)
    fresh = {(claim.kind, claim.id) for claim in change.fresh}
    made: dict[int, Stand] = {}
    moved: list[dict[str, object]] = []
    kept: set[int] = set()
    for group in components(back):
        kind: Kind = group[0][0]
        entry = entry_number(kind, min(id_ for _, id_ in group))
        kept.add(entry)
        moved += [{"kind": kind, "id": key[1], "entry": entry} for key in group if was[key] != entry]
        if any(key in fresh for key in group) or len(group) != len(before.get(entry, ())) or any(was[key] != entry for key in group):
            made[entry] = stand_of(claims[key] for key in group)
    _move(connection, moved)
    return Regrouped(made, touched - kept, {entry: stand_of(some) for entry, some in before.items()})


def stand_of(claims: Iterable[Claim]) -> Stand:
    """An entry of some claims, in the order of their days and places."""
    return Stand(tuple(sorted(claims, key=lambda claim: node(claim).place)))


def _relink(connection: duckdb.DuckDBPyConnection, change: Change) -> set[int]:
    """Find anew what claims repeat: those that changed, those whose antecedent is gone, and those that a changed one may suit better.

    Returns:
        The entries of claims that came to repeat another one, and of those that they repeat.
    """
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE ledger_seeking AS SELECT kind, id FROM ledger_fresh UNION "
        "SELECT c.kind, c.id FROM ledger_claims c JOIN ledger_gone g ON c.kind = g.kind AND c.repeats = g.id"
    )
    seeking = "(kind, id) IN (SELECT (kind, id) FROM ledger_seeking)"
    fresh = "(kind, id) IN (SELECT (kind, id) FROM ledger_fresh)"
    kinds = "kind IN (SELECT kind FROM ledger_seeking)"
    least = f"CASE WHEN l.kind = 'redline' THEN {LIKE_LINE} ELSE {LIKE} END - {_SLACK}"
    pairs = connection.execute(_PAIRS.format(later=seeking, earlier=kinds, least=least)).fetchall()
    better = f"greatest({least}, coalesce(l.score, 0) - {_SLACK})"
    pairs += connection.execute(_PAIRS.format(later=f"{kinds} AND NOT {seeking}", earlier=fresh, least=better)).fetchall()
    candidates: dict[Key, set[int]] = defaultdict(set)
    for kind, later, earlier in pairs:
        candidates[kind, later].add(earlier)
    insert_keys(connection, "ledger_later", candidates.keys())
    now = dict[Key, tuple[int | None, float | None]]()
    standing = {
        (kind, id_): (repeated, score, entry)
        for kind, id_, repeated, score, entry in connection.execute(
            "SELECT kind, id, repeats, score, entry FROM ledger_claims WHERE (kind, id) IN "
            "(SELECT (kind, id) FROM ledger_seeking UNION SELECT (kind, id) FROM ledger_later)"
        ).fetchall()
    }
    gone = {(claim.kind, claim.id) for claim, _ in change.gone}
    for (kind, id_), (repeated, _, _) in standing.items():
        if repeated is not None and (kind, repeated) not in gone:
            candidates[kind, id_].add(repeated)
    nodes = _nodes(connection, {*standing, *((kind, each) for (kind, _), some in candidates.items() for each in some)})
    for key in standing:
        now[key] = _best(nodes[key], (nodes[key[0], each] for each in candidates[key]))
    changed = {key: found for key, found in now.items() if found != standing[key][:2]}
    _store_links(connection, changed)
    repeated_by = {(key[0], found[0]) for key, found in changed.items() if found[0] is not None}
    insert_keys(connection, "ledger_repeated", repeated_by)
    entries = connection.execute(
        "SELECT DISTINCT entry FROM ledger_claims WHERE entry IS NOT NULL AND (kind, id) IN (SELECT (kind, id) FROM ledger_repeated)"
    ).fetchall()
    return {row[0] for row in entries} | {entry for key in changed if (entry := standing[key][2]) is not None}


def _best(later: Node, earlier: Iterable[Node]) -> tuple[int | None, float | None]:
    found: tuple[float, Place] | None = max(((repeats(later, each), each.place) for each in earlier), default=None)
    return (found[1].id, found[0]) if found and found[0] > 0 else (None, None)


def _nodes(connection: duckdb.DuckDBPyConnection, keys: Iterable[Key]) -> dict[Key, Node]:
    insert_keys(connection, "ledger_wanted", keys)
    found = fetch_claims(connection, "WHERE (c.kind, c.id) IN (SELECT (kind, id) FROM ledger_wanted)")
    return {(claim.kind, claim.id): node(claim) for claim, _ in found}


def insert_keys(connection: duckdb.DuckDBPyConnection, table: str, keys: Iterable[Key]) -> None:
    """A temporary table `table(kind, id)`; one of the same name is replaced."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} (kind VARCHAR, id UBIGINT)")
    insert(connection, table, ({"kind": kind, "id": id_} for kind, id_ in sorted(keys)))


def _store_links(connection: duckdb.DuckDBPyConnection, links: dict[Key, tuple[int | None, float | None]]) -> None:
    connection.execute("CREATE OR REPLACE TEMP TABLE ledger_links (kind VARCHAR, id UBIGINT, repeats UBIGINT, score DOUBLE)")
    rows = ({"kind": key[0], "id": key[1], "repeats": to, "score": score} for key, (to, score) in sorted(links.items()))
    if insert(connection, "ledger_links", rows):
        connection.execute(
            "UPDATE ledger_claims SET repeats = k.repeats, score = k.score FROM ledger_links k "
            "WHERE ledger_claims.kind = k.kind AND ledger_claims.id = k.id"
        )


def _move(connection: duckdb.DuckDBPyConnection, moved: Iterable[dict[str, object]]) -> None:
    connection.execute("CREATE OR REPLACE TEMP TABLE ledger_moved (kind VARCHAR, id UBIGINT, entry UBIGINT)")
    if insert(connection, "ledger_moved", moved):
        connection.execute(
            "UPDATE ledger_claims SET entry = m.entry FROM ledger_moved m WHERE ledger_claims.kind = m.kind AND ledger_claims.id = m.id"
        )
