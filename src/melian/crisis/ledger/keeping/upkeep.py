"""Keeping the ledger's tables up to the documents of a record, at a cost that depends on what changed and on what is near to it.

What the tables come to depends on the documents alone: not on the order in which they came, nor on how they were split into batches.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from melian.crisis.ledger.keeping import nearby
from melian.crisis.ledger.keeping.actor_numbers import ActorNumbers
from melian.crisis.ledger.keeping.linking import regroup
from melian.crisis.ledger.keeping.refreshing import refresh
from melian.crisis.ledger.keeping.writing import write

_AT_ONCE = 2000  # documents worked on together; the result does not depend on it


def update(connection: duckdb.DuckDBPyConnection, documents: Sequence[int]) -> None:
    """Bring the ledger up to the record.

    Args:
        connection: open for writing.
        documents: ids of documents that are new, coded anew, or judged, of which an entry was judged, or that became copies or are copies no more.
    """
    chosen = sorted(set(documents))
    for start in range(0, len(chosen), _AT_ONCE):
        _update(connection, chosen[start : start + _AT_ONCE])


def _update(connection: duckdb.DuckDBPyConnection, documents: Sequence[int]) -> None:
    actors = ActorNumbers(connection)
    change = refresh(connection, actors, documents)
    groups = regroup(connection, actors, change)
    overdue, last = nearby.overdue(connection)
    again = nearby.near(connection, change) | overdue | nearby.recopied(connection) | nearby.judged(connection)
    write(connection, actors, change, groups, (again | groups.made.keys()) - groups.ended, last)
