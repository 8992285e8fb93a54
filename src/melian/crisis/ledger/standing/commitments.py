"""How demands and offers are answered.

An answer comes from the asked party, is addressed to the asking one, and is given between the first telling and 180 days after the last.

- A refusal (REJECT that denies no charge) answers a demand whose words it shares, or which it names whole. One that does not say what it refuses answers what was asked
  just before in the same document; otherwise ("rejected Moscow's demands", "said no") every firm demand that was told in the 45 days before it, but no mere
  appeal and no offer. A member of an alliance may refuse what its alliance is asked.
- A yes in words (AGREE, ACCEPT, CONCEDE) must share words with the demand, because agreeing on something else is common: the demand is `partly met`, the
  offer `met`.
- A yes in fact makes a demand `met`: a RETREAT that shares words with it, or the very event that was demanded, afterwards; `partly met` where the words tell of a
  part only.
- The asking party's own words that drop what they share words with ("no longer insists on") make it `withdrawn`.

The last answer in time decides. Where members of one alliance or bloc answer it in opposite ways within sixty days, the bloc is split over it, which is a shift of position
of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import product
from typing import Any

from melian.crisis.ledger.claiming.acts import JUST_AFTER, REFUSALS, TAKES_BACK, YES
from melian.crisis.ledger.claiming.claim import Act
from melian.crisis.ledger.claiming.parties import alliances_of, answerable, is_bloc
from melian.crisis.ledger.standing.outcome import Moved, Outcome
from melian.crisis.ledger.standing.stand import Stand, act_order, matches, told_once
from melian.crisis.ledger.standing.wants import Want

HORIZON = 180  # days after the last telling in which an answer is one
TOGETHER = 60  # days within which opposite answers make a split
LATELY = 45  # days in which a demand was told that an unspecific refusal answers

_DONE, _DONE_IN_PART = "what was demanded is done", "what was demanded is done in part"
_Answer = tuple[str, str] | None


def answered(stand: Stand, acts: Sequence[Act]) -> Outcome:
    """The status of a demand or offer."""
    found: list[tuple[Act, str, str]] = []
    for act in sorted(acts, key=act_order):
        if not stand.within(act, HORIZON):
            continue
        answer = _refusal(stand, act) or _deed(stand, act) or _yes(stand, act) or _dropped(stand, act)
        if answer and not (found and answer[1] == found[-1][2] and answer[1] in (_DONE, _DONE_IN_PART)):
            found.append((act, *answer))  # of the same deed done again and again, the first
    kept = told_once(found)
    last = len(kept) - 1
    moved = tuple(Moved(act, status, why, place == last) for place, (act, status, why) in enumerate(kept))
    return Outcome(kept[-1][1] if kept else "standing", moved, split=_split([*moved, *_yes_of_members(stand, acts)]))


def wants(stand: Stand) -> list[Want]:
    """Which acts may move it."""
    begin, end, own, asked = stand.since or 0, (stand.latest or 0) + HORIZON, stand.own, answerable(stand.facing)
    span: dict[str, Any] = {"begin": begin, "end": end}
    found = [
        Want(doers=asked, kinds=REFUSALS, toward=own, here=True, words=stand.words, **span),
        Want(doers=asked, kinds=REFUSALS, toward=own, here=True, flag="unnamed", **span),
        Want(doers=own, kinds=REFUSALS, toward=frozenset(), nobody=True, flag="about", **span),
        Want(doers=asked, kinds=YES, toward=own, here=True, words=stand.words, **span),
        Want(doers=own, kinds=TAKES_BACK, toward=stand.facing, nobody=True, words=stand.words, flag="drops", **span),
    ]
    if stand.kind == "demand":
        for pattern in stand.patterns:
            toward = frozenset(pattern.toward) or None
            found.append(
                Want(doers=frozenset(pattern.doers) or stand.facing, kinds=frozenset({pattern.type}), toward=toward, **span)
            )
    return found


def _refusal(stand: Stand, act: Act) -> _Answer:
    if act.kind != "REJECT":
        return None
    doers, toward, own = set(act.doers), set(act.toward), stand.is_own(act)
    if act.about and not toward and own:
        doers, toward = doers - stand.own, doers & stand.own  # "rejected its demands": the two were read as one side
        own = not doers
    asked = not stand.facing or doers & answerable(stand.facing)
    if not asked or own:
        return None
    if stand.held_by(act):
        return "rejected", "a refusal that names it"
    if not _addressed(stand, act, toward):
        return None
    if act.turns_down not in ("", stand.kind) and not (act.named and stand.same_matter(act)):
        return None  # "rejected the demand" turns down no offer, "turned down the offer" no demand
    if act.named:
        return ("rejected", "a refusal in words that it shares") if stand.same_matter(act) else None
    if stand.just_before(act, JUST_AFTER):
        return "rejected", "a refusal just after it in the same report"
    if act.near or stand.kind != "demand" or not stand.firm or not stand.facing or act.day is None:
        return None
    return ("rejected", "a refusal of what was demanded in the weeks before") if stand.told_within(act.day, LATELY) else None


def _yes_of_members(stand: Stand, acts: Sequence[Act]) -> list[Moved]:
    """Agreements by members of an alliance to what the alliance was asked: they bind only themselves, so they move no status."""
    return [
        Moved(act, "partly met", "a yes by a member of the alliance")
        for act in acts
        if act.kind in YES
        and stand.within(act, HORIZON)
        and not set(act.doers) & stand.facing
        and set(act.doers) & answerable(stand.facing)
        and set(act.toward) & stand.own
        and not stand.own_words(act)
        and stand.same_matter(act)
    ]


def _split(answers: Sequence[Moved]) -> tuple[Moved, ...]:
    """Answers by which members of one alliance or bloc take opposite sides, by time; none where they do not, or one is on both sides."""
    sides: dict[str, set[bool]] = defaultdict(set)
    for each in answers:
        for party in _members(each.act):
            sides[party].add(each.status == "rejected")
    found: dict[int, Moved] = {}
    for no, yes in product(answers, repeat=2):
        if (
            no.status != "rejected"
            or yes.status not in ("met", "partly met")
            or abs((no.act.day or 0) - (yes.act.day or 0)) > TOGETHER
        ):
            continue
        against = {party for party in _members(no.act) if len(sides[party]) == 1}
        if any(alliances_of(a) & alliances_of(b) for a in against for b in _members(yes.act) if len(sides[b]) == 1):
            found |= {no.act.id: no, yes.act.id: yes}
    return tuple(sorted(found.values(), key=lambda each: act_order(each.act)))


def _members(act: Act) -> frozenset[str]:
    """Who does an act, where it is no bloc as a whole."""
    return frozenset() if any(is_bloc(party) for party in act.doers) else frozenset(act.doers)


def _addressed(stand: Stand, act: Act, toward: set[str]) -> bool:
    return bool(toward & stand.own) if toward else stand.told_in(act.report)


def _yes(stand: Stand, act: Act) -> _Answer:
    if act.kind not in YES or stand.own_words(act) or stand.is_own(act):
        return None
    asked = not stand.facing or set(act.doers) & stand.facing
    if not asked or not _addressed(stand, act, set(act.toward)) or not stand.same_matter(act):
        return None
    if act.kind == "RETREAT":
        return ("partly met", "it yields in part") if act.part else ("met", "it yields in fact, in words that it shares")
    if stand.kind == "offer":
        return "met", "a yes in words that it shares"
    return "partly met", "a yes in words that it shares"


def _deed(stand: Stand, act: Act) -> _Answer:
    if stand.kind != "demand" or stand.own_words(act) or not stand.follows(act):
        return None
    doers = set(act.doers)
    if act.kind == "CONSULT":  # both sides do it
        if not doers & stand.facing or not (doers | set(act.toward)) & stand.own:
            return None
    elif stand.is_own(act) or not doers & stand.facing:
        return None  # nobody meets his own demand
    if not any(matches(act, pattern) for pattern in stand.patterns):
        return None
    return ("partly met", _DONE_IN_PART) if act.part else ("met", _DONE)


def _dropped(stand: Stand, act: Act) -> _Answer:
    if not act.drops or not stand.is_own(act) or stand.own_words(act) or not stand.same_matter(act):
        return None
    toward = set(act.toward)
    return ("withdrawn", "its maker drops it") if not toward or toward & stand.facing else None
