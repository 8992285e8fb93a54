"""Which earlier statement a shift of position corrects.

One of its own document where that names one; else the statement of its side, made in the thirty days before, that shares at least two telling words
with it; else the last one of at most a fortnight earlier that is about the same party.
"""

from __future__ import annotations

from collections.abc import Iterable

from melian.crisis.ledger.claiming.claim import Claim
from melian.crisis.ledger.claiming.parties import parties
from melian.crisis.ledger.claiming.shifts import Said, tie
from melian.crisis.ledger.claiming.wording import mass
from melian.crisis.ledger.standing.stand import Stand

LOOK_BACK = 30  # days before a correction in which the corrected statement may have been made
TIED = 2  # words in common with a statement of another document
NEAR = 14  # days, where no words tie the two


def corrected(stand: Stand, elsewhere: Iterable[Said]) -> int | None:
    """The statement that a shift corrects; None where there is none.

    Args:
        stand: the shift.
        elsewhere: statements that it may correct, in any order; others do no harm.
    """
    own = {id_ for claim in stand.claims for id_ in claim.statements}
    if here := next((claim.corrects for claim in stand.claims if claim.corrects is not None), None):
        return here
    near = [(claim, each) for each in elsewhere if each.id not in own for claim in stand.claims if _before(each, claim)]
    tied = [
        (mass(common), *_rank(claim, each)) for claim, each in near if len(common := set(each.words) & set(tie(claim))) >= TIED
    ]
    if tied:
        return max(tied)[-1]
    if here := next((claim.perhaps for claim in stand.claims if claim.perhaps is not None), None):
        return here
    same = [_rank(c, each) for c, each in near if parties(c.to) & each.about and (c.day or 0) - each.day <= NEAR]
    return max(same)[-1] if same else None


def _rank(claim: Claim, each: Said) -> tuple[bool, int, int]:
    people = {actor.name for actor in claim.by if actor.name}
    return (not people.isdisjoint(each.people), each.day, each.id)


def _before(each: Said, claim: Claim) -> bool:
    if each.report == claim.report or claim.day is None or not each.speaker & parties(claim.by):
        return False
    return 0 <= claim.day - each.day <= LOOK_BACK
