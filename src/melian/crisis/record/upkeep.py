"""Keeping what is derived up to what was read: judgements that waited, copies, search index, incidents and ledger, each after what it
builds on."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb


def update(connection: duckdb.DuckDBPyConnection, documents: Sequence[int]) -> None:
    """Bring every derived part up to the record.

    Args:
        connection: open for writing.
        documents: ids of the documents that are new, coded anew, or judged.
    """
    from melian.crisis import copies, incidents, judgements, ledger, search

    touched = judgements.update(connection, documents)
    if touched:
        for part in (copies, search, incidents, ledger):
            part.update(connection, touched)
