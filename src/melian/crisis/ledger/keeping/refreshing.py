"""The first step of bringing the ledger up to documents: their claims and acts, and what of them is new, changed or gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import duckdb

from melian.crisis.ledger.claiming.acts import acts
from melian.crisis.ledger.claiming.claim import Act, Claim, Kind
from melian.crisis.ledger.claiming.claims import claims
from melian.crisis.ledger.claiming.report import Report
from melian.crisis.ledger.keeping.actor_numbers import ActorNumbers
from melian.crisis.ledger.keeping.rows import act_row, claim_row, fetch_acts, fetch_claims, reports
from melian.crisis.record.bulk import ids_table, insert

Key = tuple[Kind, int]


@dataclass(slots=True)
class Change:
    """What some documents changed.

    `reports` are the documents as they are now; `gone` claims that are no more, or not as they were, with their entries; `fresh` claims that are new or as they
    were not; `acts` acts that are new or changed; `stirred` documents whose acts changed in any way.
    """

    reports: dict[int, Report]
    gone: list[tuple[Claim, int]] = field(default_factory=list)
    fresh: list[Claim] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    stirred: set[int] = field(default_factory=set)


def refresh(connection: duckdb.DuckDBPyConnection, actors: ActorNumbers, documents: Sequence[int]) -> Change:
    """Bring the tables of claims and acts up to some documents; new claims have no entry yet."""
    change = Change({each.number: each for each in reports(connection, documents)})
    ids_table(connection, "ledger_documents", documents)
    stored: dict[Key, tuple[Claim, int]] = {}
    for each in fetch_claims(connection, actors, "SEMI JOIN ledger_documents l ON l.id = c.doc"):
        stored[each.claim.kind, each.claim.id] = (each.claim, each.entry)
    found = {number: claims(each) for number, each in change.reports.items()}
    now = {(claim.kind, claim.id): claim for claimed in found.values() for claim in claimed}
    change.fresh = [claim for key, claim in now.items() if key not in stored or stored[key][0] != claim]
    change.gone = [pair for key, pair in stored.items() if now.get(key) != pair[0]]
    _replace_claims(connection, actors, change)
    _replace_acts(connection, [act for number, each in change.reports.items() for act in acts(each, found[number])], change)
    return change


def _replace_claims(connection: duckdb.DuckDBPyConnection, actors: ActorNumbers, change: Change) -> None:
    keys_table(connection, "ledger_gone", ((claim.kind, claim.id) for claim, _ in change.gone))
    keys_table(connection, "ledger_fresh", ((claim.kind, claim.id) for claim in change.fresh))
    if change.gone:
        connection.execute("DELETE FROM ledger_claims c USING ledger_gone g WHERE c.kind = g.kind AND c.id = g.id")
    fresh = sorted(change.fresh, key=lambda claim: (claim.report, claim.span, claim.id))
    actors.learn(actor for claim in fresh for actor in (*claim.by, *claim.to))
    insert(connection, "ledger_claims", (claim_row(claim, actors) for claim in fresh))


def _replace_acts(connection: duckdb.DuckDBPyConnection, now: Sequence[Act], change: Change) -> None:
    """Put the acts of the documents in place of those that are stored, where they differ."""
    before: dict[int, set[Act]] = defaultdict(set)
    for _, act in fetch_acts(connection, "SEMI JOIN ledger_documents l ON l.id = c.doc"):
        before[act.report].add(act)
    after: dict[int, set[Act]] = defaultdict(set)
    for act in now:
        after[act.report].add(act)
    change.stirred = {number for number in before.keys() | after.keys() if before[number] != after[number]}
    if known := change.stirred & before.keys():
        ids_table(connection, "ledger_differing", known)
        connection.execute("DELETE FROM ledger_acts WHERE doc IN (SELECT id FROM ledger_differing)")
    changed = sorted(change.stirred)
    insert(
        connection,
        "ledger_acts",
        (act_row(act) for number in changed for act in sorted(after[number], key=lambda act: act.span)),
    )
    change.acts = [act for number in changed for act in after[number] - before[number]]


def keys_table(connection: duckdb.DuckDBPyConnection, table: str, keys: Iterable[Key]) -> None:
    """A temporary table `table(kind, id)`; one of the same name is replaced."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} (kind VARCHAR, id UBIGINT)")
    insert(connection, table, ({"kind": kind, "id": id_} for kind, id_ in sorted(keys)))
