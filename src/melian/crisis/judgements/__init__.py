"""What persons say about the record: judgements, how they add up, what they do to the record, and how far analysts agree.

    made = prepare(connection, "correct", ["e0123456789abcdef"], by="Ana", values={"type": "THREATEN"})
    documents = judge(connection, made)         # then melian.crisis.record.upkeep.update(connection, documents)

A judgement is never changed or deleted; the machine's reading stays beside it (`coded_events`, `coded_statements`).
"""

from __future__ import annotations

from melian.crisis.judgements.exchange import Joined, export, join
from melian.crisis.judgements.judgement import Judgement
from melian.crisis.judgements.judging import judge
from melian.crisis.judgements.making import prepare
from melian.crisis.judgements.opinions import Agreement, agreements
from melian.crisis.judgements.rebinding import Rebinding, rebind, update
from melian.crisis.judgements.table import about, all_judgements, of_record

__all__ = [
    "Agreement",
    "Joined",
    "Judgement",
    "Rebinding",
    "about",
    "agreements",
    "all_judgements",
    "export",
    "join",
    "judge",
    "of_record",
    "prepare",
    "rebind",
    "update",
]
