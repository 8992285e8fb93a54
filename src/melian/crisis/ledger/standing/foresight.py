"""What was foreseen and what was denied, held against what is told as fact.

- A prediction `came true` when the foretold event (type, mode where it matters, doer, and target where one was foretold) is told as fact after its first telling
  and within its horizon: the last day that it names ("by Sunday", "within weeks"), or else 180 days after its last telling. It `did not` when the record runs on
  past that day without the event (what would be said rather than done, like an agreement, only where the words name a day). Forecasts without an event to hold them against, and negated ones ("does not expect"), stay `open`.
- A denial of what was done is `contradicted` when that is told as fact, in words that have something telling in common with it (its place, its object): with a date of
  its own from seven days before the first telling to the last, or without one in another report of the thirty days after it. A denial of what is planned ("has no
  plan to attack") is contradicted by the deed itself, from its first telling to 180 days after its last.
- What is said rather than done (an agreement, a refusal), or foreseen without saying who does it, must share words with the claim besides.

A resolved forecast whose words give a probability has a Brier score: the square of the difference between the probability and the outcome (1 or 0).
"""

from __future__ import annotations

from collections.abc import Iterable

from melian.crisis.ledger.claiming.acts import UNDECIDED
from melian.crisis.ledger.claiming.claim import Act, Pattern
from melian.crisis.ledger.standing.outcome import Moved, Outcome
from melian.crisis.ledger.standing.stand import Stand, act_order, is_deed, matches
from melian.crisis.ledger.standing.wants import Want

HORIZON = 180  # days after the last telling, where its words name no day
LOOK_BACK = 7  # days before a denial in which the denied act may have been done
AFTERWARDS = 30  # days after a denial in which a deed told without a date may be the denied one


def foreseen(stand: Stand, acts: Iterable[Act], last: int | None) -> Outcome:
    """The status of a prediction.

    Args:
        stand: the prediction.
        acts: what may have moved it.
        last: the day of the record's latest report.
    """
    if is_open(stand):
        return Outcome("open")
    end = last_day(stand)
    for act in sorted(acts, key=act_order):
        if stand.follows(act) and (act.day or 0) <= end and _happened(stand, act):
            return Outcome("came true", (Moved(act, "came true", "what was foretold is told as fact", True),))
    settles = due(stand) is not None or any(is_deed(pattern.type) for pattern in stand.patterns)
    passed = settles and last is not None and stand.latest is not None and last > end
    return Outcome("did not" if passed else "open", due=end if settles else None)


def denied(stand: Stand, acts: Iterable[Act]) -> Outcome:
    """The status of a denial."""
    for act in sorted(acts, key=act_order):
        if _in_time(stand, act) and _happened(stand, act):
            return Outcome("contradicted", (Moved(act, "contradicted", "what was denied is told as fact", True),))
    return Outcome("standing")


def _in_time(stand: Stand, act: Act) -> bool:
    """Whether an act came when it must, to be what is denied."""
    if act.day is None or stand.since is None or stand.latest is None:
        return False
    if not act.dated and (act.day < stand.since or stand.told_in(act.report)):
        return False
    if stand.ahead:
        return stand.since <= act.day <= stand.latest + HORIZON
    return stand.since - LOOK_BACK <= act.day <= (stand.latest if act.dated else stand.latest + AFTERWARDS)


def wants(stand: Stand) -> list[Want]:
    """Which acts may move a prediction or a denial."""
    if is_open(stand):
        return []
    before, end = (LOOK_BACK, (stand.latest or 0) + HORIZON) if stand.kind == "denial" else (0, last_day(stand))
    return [
        Want(
            doers=frozenset(pattern.doers) or stand.own | stand.facing,
            kinds=frozenset({pattern.type}),
            toward=frozenset(pattern.toward) or None,
            begin=(stand.since or 0) - before,
            end=end,
            words=stand.words if _must_share_words(stand, pattern) else None,
        )
        for pattern in stand.patterns
    ]


def is_open(stand: Stand) -> bool:
    """Whether no event can decide a prediction or denial."""
    decidable = any(pattern.type not in UNDECIDED for pattern in stand.patterns)
    return not decidable or sum(claim.open for claim in stand.claims) * 2 > len(stand.claims)


def last_day(stand: Stand) -> int:
    """The last day on which a prediction can come true."""
    own = due(stand)
    return own if own is not None else (stand.latest or 0) + HORIZON


def due(stand: Stand) -> int | None:
    """The last day that a prediction's own words name, in its latest telling that names one."""
    named = [claim for claim in stand.claims if claim.due is not None]
    return max(claim.due for claim in named if claim.due is not None) if named else None


def probability(stand: Stand) -> float | None:
    """The probability that its first telling which gives one gives."""
    return next((claim.probability for claim in stand.claims if claim.probability is not None), None)


def brier(status: str, stated: float | None) -> float | None:
    """The Brier score of a resolved forecast."""
    if stated is None or status not in ("came true", "did not"):
        return None
    return round((stated - (status == "came true")) ** 2, 4)


def _happened(stand: Stand, act: Act) -> bool:
    party = set(act.doers) & (stand.own | stand.facing)
    if not party or stand.own_words(act):
        return False
    found = [pattern for pattern in stand.patterns if matches(act, pattern)]
    return bool(found) and (stand.same_matter(act) or not all(_must_share_words(stand, pattern) for pattern in found))


def _must_share_words(stand: Stand, pattern: Pattern) -> bool:
    """Whether an event is the one that an entry is about only if their words have something in common."""
    if not is_deed(pattern.type) or not pattern.doers:
        return True
    return stand.kind == "denial" and not stand.ahead
