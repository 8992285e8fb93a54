"""The first step of bringing the ledger up to documents: their claims, acts and statements, and what of them is new, changed or gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import duckdb

from melian.crisis.ledger.acts import acts
from melian.crisis.ledger.claim import Act, Claim, Kind
from melian.crisis.ledger.claims import claims
from melian.crisis.ledger.report import Report
from melian.crisis.ledger.rows import act_of_row, act_row, claim_row, fetch_claims, reports, said_of_row, said_row
from melian.crisis.ledger.shifts import Said, said
from melian.crisis.record.bulk import ids_table, insert
from melian.crisis.record.rows import fetch

Key = tuple[Kind, int]
_Row = TypeVar("_Row", Act, Said)


@dataclass(slots=True)
class Change:
    """What some documents changed.

    `reports` are the documents as they are now; `gone` claims that are no more, or not as they were, with their entries; `fresh` claims that are new or as they
    were not; `acts` and `said` what is new or changed of these; `stirred` documents of which acts or statements changed in any way.
    """

    reports: dict[int, Report]
    gone: list[tuple[Claim, int]] = field(default_factory=list)
    fresh: list[Claim] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    stirred: set[int] = field(default_factory=set)


def refresh(connection: duckdb.DuckDBPyConnection, documents: Sequence[int]) -> Change:
    """Bring the tables of claims, acts and statements up to some documents; new claims have no entry yet."""
    change = Change({each.number: each for each in reports(connection, documents)})
    ids_table(connection, "ledger_documents", documents)
    stored: dict[Key, tuple[Claim, int]] = {}
    for claim, row in fetch_claims(connection, "SEMI JOIN ledger_documents l ON l.id = c.doc", ", c.entry"):
        stored[claim.kind, claim.id] = (claim, row["entry"])
    found = {number: claims(each) for number, each in change.reports.items()}
    now = {(claim.kind, claim.id): claim for claimed in found.values() for claim in claimed}
    change.fresh = [claim for key, claim in now.items() if key not in stored or stored[key][0] != claim]
    change.gone = [pair for key, pair in stored.items() if now.get(key) != pair[0]]
    _replace_claims(connection, change)
    told = (act for number, each in change.reports.items() for act in acts(each, found[number]))
    change.acts = _replace(connection, "ledger_acts", told, act_row, act_of_row, change.stirred)
    spoken = (each for report in change.reports.values() for each in said(report))
    change.said = _replace(connection, "ledger_said", spoken, said_row, said_of_row, change.stirred)
    return change


def _replace_claims(connection: duckdb.DuckDBPyConnection, change: Change) -> None:
    connection.execute("CREATE OR REPLACE TEMP TABLE ledger_gone (kind VARCHAR, id UBIGINT)")
    insert(connection, "ledger_gone", ({"kind": claim.kind, "id": claim.id} for claim, _ in change.gone))
    connection.execute("CREATE OR REPLACE TEMP TABLE ledger_fresh (kind VARCHAR, id UBIGINT)")
    insert(connection, "ledger_fresh", ({"kind": claim.kind, "id": claim.id} for claim in change.fresh))
    if change.gone:
        connection.execute("DELETE FROM ledger_claims c USING ledger_gone g WHERE c.kind = g.kind AND c.id = g.id")
    insert(connection, "ledger_claims", map(claim_row, sorted(change.fresh, key=lambda claim: (claim.report, claim.span, claim.id))))


def _replace(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    now: Iterable[_Row],
    to_row: Callable[[_Row], dict[str, Any]],
    of_row: Callable[[dict[str, Any]], _Row],
    stirred: set[int],
) -> list[_Row]:
    """Put the rows of the documents in place of those that are stored, where they differ; gives those that are new or changed."""
    before: dict[int, set[_Row]] = defaultdict(set)
    for row in fetch(connection, f"SELECT t.* FROM {table} t SEMI JOIN ledger_documents l ON l.id = t.doc"):
        before[row["doc"]].add(of_row(row))
    after: dict[int, set[_Row]] = defaultdict(set)
    for each in now:
        after[each.report].add(each)
    differing = {number for number in before.keys() | after.keys() if before[number] != after[number]}
    stirred |= differing
    known = differing & before.keys()
    if known:
        ids_table(connection, "ledger_differing", known)
        connection.execute(f"DELETE FROM {table} WHERE doc IN (SELECT id FROM ledger_differing)")
    rows = [each for number in sorted(differing) for each in sorted(after[number], key=lambda each: each.id)]
    insert(connection, table, map(to_row, rows))
    return [each for number in differing for each in after[number] - before[number]]
