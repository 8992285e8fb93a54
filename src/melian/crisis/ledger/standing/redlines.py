"""Threats and red lines: whether it came to what was threatened, and to the condition.

What crosses a red line is read from its condition by a short list of stems ("invad" → ASSAULT); a negated condition ("unless it withdraws") is crossed by
nothing being done, which no event tells, so such a threat stays as it is. By evidence, in time order:

- `crossed` when the threatened party does in fact what the condition names, after the first telling and within a year of the last: to a party named there; where none is
  named, to the threatener, or in words that have something telling in common with the condition;
- `enforced` when the threatener then, within 180 days, takes material action of a threatened kind (of any, where none is named) against the threatened party (on the
  same day only if it is told in another report or further down); a threat without a condition is enforced, within a year, by later action of a kind that was threatened, or in words that have something telling
  in common with it where no kind was;
- `softened` when the threatener yields to the threatened party in words before it is crossed;
- `not enforced` when the record runs on for thirty days after the crossing and holds no such action.
"""

from __future__ import annotations

from collections.abc import Iterable

from melian.crisis.ledger.claiming.claim import Act
from melian.crisis.ledger.claiming.rules import rules
from melian.crisis.ledger.claiming.wording import tied
from melian.crisis.ledger.standing.outcome import Moved, Outcome
from melian.crisis.ledger.standing.stand import Stand, act_order, matches
from melian.crisis.ledger.standing.wants import Want

HORIZON = 365  # days after the last telling in which a line can be crossed
FOLLOWS = 180  # days after the crossing in which an act enforces
_HARD = frozenset({"SANCTION", "COERCE", "ASSAULT"})  # enforces where no kind was named; moving forces does only where that was
PATIENCE = 30  # days after a crossing until a threat counts as not enforced


def answered(stand: Stand, acts: Iterable[Act], last: int | None) -> Outcome:
    """The status of a threat.

    Args:
        stand: the threat.
        acts: what may have moved it.
        last: the day of the record's latest report.
    """
    after = [
        act
        for act in sorted(acts, key=act_order)
        if act.is_event and stand.within(act, HORIZON + FOLLOWS) and not stand.own_words(act)
    ]
    against = [act for act in after if stand.is_own(act) and set(act.toward) & stand.facing]
    harm = [act for act in against if act.kind in rules()["harm"]]
    if stand.conditional is None:
        kinds = stand.threatened & frozenset(rules()["harm"])
        enforcing = _first_of_each_kind(
            act
            for act in harm
            if (act.kind in kinds if kinds else stand.same_matter(act)) and _later(stand, act) and stand.within(act, HORIZON)
        )
        if enforcing:
            then = "the threatener does what was threatened"
            return Outcome("enforced", tuple(Moved(act, "enforced", then, act is enforcing[0]) for act in enforcing))
        return _softened(stand, against) or Outcome("standing")
    crossing = next((act for act in after if _crosses(stand, act)), None)
    if crossing is None or crossing.day is None:
        return _softened(stand, against) or Outcome("standing")
    why = "the threatened party does what the condition names"
    kinds = stand.threatened or _HARD
    enforcing = _first_of_each_kind(
        a for a in harm if a.kind in kinds and _then(a, crossing) and (a.day or 0) <= crossing.day + FOLLOWS
    )
    if enforcing:
        then = "the threatener acts against the threatened party after the crossing"
        deciding = next((act for act in enforcing if act.kind in stand.threatened), enforcing[0])
        moved = tuple(Moved(act, "enforced", then, act is deciding) for act in enforcing)
        return Outcome("enforced", (Moved(crossing, "crossed", why), *moved))
    due = crossing.day + PATIENCE
    return Outcome(
        "not enforced" if last is not None and last > due else "crossed", (Moved(crossing, "crossed", why, True),), due
    )


def wants(stand: Stand) -> list[Want]:
    """Which acts may move it."""
    begin, end = stand.since or 0, (stand.latest or 0) + HORIZON
    harm = frozenset(rules()["harm"])
    kinds = harm if stand.patterns else frozenset[str]()  # what nothing can cross is not enforced
    if stand.conditional is None:
        kinds = stand.threatened & harm or harm
    found = [Want(doers=stand.own, kinds=kinds | {"CONCEDE"}, toward=stand.facing, begin=begin, end=end + FOLLOWS)]
    for pattern in stand.patterns:
        toward = frozenset(pattern.toward) or None
        found.append(
            Want(
                doers=frozenset(pattern.doers) or stand.facing,
                kinds=frozenset({pattern.type}),
                toward=toward,
                begin=begin,
                end=end,
            )
        )
    return found


def _first_of_each_kind(acts: Iterable[Act]) -> list[Act]:
    """Of a long series of acts the first of each kind and mode is shown."""
    found: dict[tuple[str, str], Act] = {}
    for act in acts:
        found.setdefault((act.kind, act.mode), act)
    return list(found.values())


def _crosses(stand: Stand, act: Act) -> bool:
    party = bool(set(act.doers) & stand.facing)
    if not party or not stand.follows(act) or not stand.within(act, HORIZON):
        return False
    hit = not stand.own.isdisjoint(act.toward) or tied(stand.condition_words, act.words)
    return any(matches(act, pattern) and (hit or pattern.toward) for pattern in stand.patterns)


def _then(act: Act, crossing: Act) -> bool:
    """Whether an act came after the crossing."""
    if act.day is None or crossing.day is None or act.id == crossing.id:
        return False
    if act.day > crossing.day or (act.dated and act.day == crossing.day):
        return True
    return act.day == crossing.day and (act.report != crossing.report or act.span > crossing.span)


def _later(stand: Stand, act: Act) -> bool:
    """Whether an act is more than the announcement itself: of a later day, or told on its day by a report that does not make the threat."""
    return stand.follows(act) and ((act.day or 0) > (stand.since or 0) or not stand.told_in(act.report))


def _softened(stand: Stand, against: Iterable[Act]) -> Outcome | None:
    act = next((act for act in against if act.kind == "CONCEDE" and stand.follows(act) and stand.within(act, HORIZON)), None)
    return Outcome("softened", (Moved(act, "softened", "the threatener yields in words", True),)) if act else None
