"""One entry held against the acts that may have moved it, by the rules of its kind."""

from __future__ import annotations

from collections.abc import Sequence

from melian.crisis.ledger.claiming.claim import Act
from melian.crisis.ledger.standing import commitments, foresight, redlines
from melian.crisis.ledger.standing.outcome import Outcome
from melian.crisis.ledger.standing.stand import Stand
from melian.crisis.ledger.standing.wants import Want


def wants(stand: Stand) -> list[Want]:
    """Which acts to look among; a shift is not answered by acts."""
    match stand.kind:
        case "demand" | "offer":
            return commitments.wants(stand)
        case "redline":
            return redlines.wants(stand)
        case "prediction" | "denial":
            return foresight.wants(stand)
        case _:
            return []


def outcome(stand: Stand, acts: Sequence[Act], last: int | None) -> Outcome:
    """Where an entry stands.

    Args:
        stand: the entry (a shift is decided elsewhere, by the statement that it corrects).
        acts: all acts that it wants, in any order; others do no harm.
        last: the day of the record's latest report.
    """
    match stand.kind:
        case "demand" | "offer":
            return commitments.answered(stand, acts)
        case "redline":
            return redlines.answered(stand, acts, last)
        case "prediction":
            return foresight.foreseen(stand, acts, last)
        case "denial":
            return foresight.denied(stand, acts)
        case _:
            return Outcome("unlinked")
