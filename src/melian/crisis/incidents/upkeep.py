"""Keeping the tables of incidents up to the record: what changed is compared, and what hangs together with it is put together anew.

The outcome is that of a build from scratch, in whatever order and batches documents came.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from melian.crisis.incidents import dating, gathering, marking, pairing, summing
from melian.crisis.incidents.likeness import Model, shipped

# Temporary tables that are not to be kept in memory until the next batch.
_LARGE = ("incident_met", "incident_compared", "sides", "incident_found", "incident_edges")


def update(connection: duckdb.DuckDBPyConnection, documents: Sequence[int], model: Model | None = None) -> None:
    """Bring the incidents up to the record.

    Args:
        connection: open for writing, with `copies` up to date.
        documents: ids of the documents that are new, coded anew, judged, or whose events were joined or parted by hand.
        model: another than the package's own.
    """
    model = model or shipped()
    marking.remark(connection, documents)
    pairing.pair(connection, model)
    dating.date(connection, model)
    gathering.gather(connection, model)
    summing.sum_up(connection)
    for table in _LARGE:
        connection.execute(f"DROP TABLE IF EXISTS {table}")
