"""The ledger of a crisis: demands, offers, red lines, predictions, denials and position shifts, from coded documents.

    ledger = build(coded, {document.doc_id: document for document in documents})
    ledger.demands[0].status            # "rejected"
    ledger.demands[0].answers[-1]       # by whom, when, and the words that say so

In a record, `update` keeps the tables `entries`, `entry_tellings` and `entry_answers` up to its documents, and `entries` reads them; both ways
give the same entries, in whatever order the documents come.

From the documents up: `report` is one document as the ledger reads it, `claims` and `acts` what it claims and what it tells that may answer claims, `grouping` the
same claim in new words, `stand` an entry with what its claims agree on; the rules by which entries move stand at the heads of `commitments`, `redlines`,
`foresight` and `shifts`. `memory` composes them over documents at hand, `upkeep` over the tables of a record. Source of the entries and
their statuses: the codebook, "The ledger".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from melian.crisis.ledger.keeping.upkeep import update
    from melian.crisis.ledger.memory import build
    from melian.crisis.ledger.reading import entries

__all__ = ["build", "entries", "update"]

_HOMES = {"build": "memory", "entries": "reading", "update": "keeping.upkeep"}


def __getattr__(name: str) -> Any:
    """Load each on first use (PEP 562): a page needs no tables, a record no page."""
    if name not in _HOMES:
        raise AttributeError(f"module 'melian.crisis.ledger' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"melian.crisis.ledger.{_HOMES[name]}"), name)
