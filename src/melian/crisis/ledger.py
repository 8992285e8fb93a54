"""The ledger of a crisis: demands, offers, red lines, predictions, denials and position shifts, from coded documents.

    ledger = build(coded, {document.doc_id: document for document in documents})
    ledger.demands[0].status            # "rejected"
    ledger.demands[0].answers[-1]       # by whom, when, and the words that say so

The rules are written at the head of `commitments`, `redlines` and `claims`. Source of the entries and their statuses: the
codebook, "The ledger". The same documents give the same ledger in whatever order they are given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from melian.crisis.claims import denials, predictions, shifts
from melian.crisis.commitments import demands, offers
from melian.crisis.entries import Ledger
from melian.crisis.redlines import red_lines
from melian.crisis.tellings import tellings
from melian.records import CodedDocument, Document


def build(coded: Sequence[CodedDocument], documents: Mapping[str, Document]) -> Ledger:
    """The ledger over all documents.

    Args:
        coded: the coded documents.
        documents: the texts by `doc_id`; entries of a document whose text is missing have no words.
    """
    told = tellings(coded, documents)
    return Ledger(
        demands=demands(told),
        offers=offers(told),
        red_lines=red_lines(told, dict(documents)),
        predictions=predictions(told),
        denials=denials(told),
        shifts=shifts(told),
    )
