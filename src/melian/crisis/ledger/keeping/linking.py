"""Grouping in the tables: which earlier claim each claim repeats, and which entries they make, for claims that changed and their neighbours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import duckdb

from melian.crisis.ledger.claiming.claim import Claim, Kind
from melian.crisis.ledger.claiming.rules import rules
from melian.crisis.ledger.claiming.wording import TELLS
from melian.crisis.ledger.keeping.actor_numbers import ActorNumbers
from melian.crisis.ledger.keeping.refreshing import Change, Key
from melian.crisis.ledger.keeping.rows import fetch_claims
from melian.crisis.ledger.standing.grouping import LIKE, LIKE_LINE, WINDOW, components, node
from melian.crisis.ledger.standing.stand import Stand, entry_number
from melian.crisis.record.bulk import ids_table, insert

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
    modes = ", ".join(f"'{type_}'" for type_ in rules()["mode_matters"])
    connection.execute(_sql().format(window=WINDOW, like=LIKE, like_line=LIKE_LINE, tells=TELLS, modes=modes))
    return {row[0] for row in connection.execute(_TOUCHED).fetchall()}


@cache
def _sql() -> str:
    return files(__package__).joinpath("linking.sql").read_text(encoding="utf-8")


def _move(connection: duckdb.DuckDBPyConnection, moved: Iterable[dict[str, object]]) -> None:
    connection.execute("CREATE OR REPLACE TEMP TABLE ledger_moved (kind VARCHAR, id UBIGINT, head UBIGINT)")
    if insert(connection, "ledger_moved", moved):
        connection.execute(
            "UPDATE ledger_claims SET head = m.head FROM ledger_moved m WHERE ledger_claims.kind = m.kind AND ledger_claims.id = m.id"
        )
