"""What a document tells that may move a claim of any document: answers, and deeds told as fact.

Names do not count among the words of an answer: the parties and the scene are shared by too much; a deed is known by its place too. An act needs a score of 0.6, or 0.8 where the words give no day. An event that stands within an accusation, a forecast, a threat, a demand or a
denial is no deed: somebody else's words only suppose it.
"""

from __future__ import annotations

from collections.abc import Sequence

from melian.crisis.ledger.claiming.claim import Act, Claim
from melian.crisis.ledger.claiming.parties import answerable, civil, parties, side, sides_of
from melian.crisis.ledger.claiming.report import Record, Report, overlap
from melian.crisis.ledger.claiming.wording import (
    coded,
    drops,
    in_part,
    names_what_it_refuses,
    speaks_of_several,
    speaks_of_what_was_asked,
    turned_down,
    what_was_hit,
)

REFUSALS = frozenset({"REJECT"})
YES = frozenset({"AGREE", "ACCEPT", "CONCEDE", "RETREAT"})
TAKES_BACK = frozenset({"CLARIFY", "CONCEDE", "RETREAT"})
BACKS = frozenset({"SUPPORT"})
ANSWERS = REFUSALS | YES | TAKES_BACK | BACKS
"""What answers a claim by its words, so that these are compared."""

JUST_AFTER = 400  # characters between a claim and a refusal that speaks of it
_MOST_WORDS = 8
UNDECIDED = frozenset({"REQUEST", "ACCUSE", "THREATEN"})
"""Event types that are no acts: words that nobody is held to, so that no forecast or denial of them can be decided."""

_STATEMENTS = frozenset({"REJECT", "ACCEPT", "CLARIFY", "SUPPORT"})
_SUPPOSING = frozenset({"ACCUSE", "PREDICT", "THREATEN", "DEMAND", "APPEAL", "OFFER", "DENY"})


def acts(report: Report, claimed: Sequence[Claim]) -> tuple[Act, ...]:
    """Every act of a document, by place in the text.

    Args:
        report: the document.
        claimed: its claims.
    """
    supposed = [r for r in report.records if not r.is_event and r.kind in _SUPPOSING]
    denied = [r for r in report.records if r.kind == "DENY" or r.realis == "denied"]
    found = []
    for r in report.records:
        if not r.doers or not r.is_sure:
            continue
        if r.is_event:
            if r.realis != "actual" or r.kind in UNDECIDED or _is_denial(report, r, denied):
                continue
            if r.kind == "AGREE" and _only_offers(report, r):
                continue
            if r.kind not in ANSWERS and any(overlap(r.span, other.span) for other in supposed):
                continue
        elif r.kind not in _STATEMENTS:
            continue
        found.append(_act(report, r, claimed))
    return tuple(found)


def _only_offers(report: Report, r: Record) -> bool:
    """Whether the words of an agreement are its maker's own offer ("ready to meet, but only …"): that is no yes."""
    said = {
        s.kind for s in report.records if not s.is_event and overlap(s.span, r.span) and parties(s.doers) & parties(r.doers)
    }
    return "OFFER" in said and "ACCEPT" not in said


def _is_denial(report: Report, r: Record, denied: list[Record]) -> bool:
    """Whether a REJECT of mode `deny` denies a charge; otherwise the word was only used loosely, and it is a refusal."""
    if r.kind != "REJECT" or r.mode != "deny":
        return False
    words = report.words(r.span).lower()
    sentence = report.sentence(r.span)
    return any(word.startswith(("denie", "deny", "denial")) for word in words.split()) or any(
        overlap(sentence, other.span) for other in denied
    )


def _act(report: Report, r: Record, claimed: Sequence[Claim]) -> Act:
    words = report.words(r.span)
    small = " ".join(word for word in words.split() if not word[:1].isupper())
    doers, own = parties(r.doers), sides_of(r.doers)
    others = [actor for actor in r.toward if side(actor) not in own]
    toward = parties(others) if civil(others) != civil(r.doers) else parties(others) - doers
    refusal = r.kind in REFUSALS
    about = refusal and speaks_of_what_was_asked(words)
    if about and r.is_event:  # "rejected the ultimatum": who is named in other sentences only has not asked it
        sentence = report.sentence(r.span)
        toward = parties(actor for actor in r.toward if not actor.span or overlap(actor.span, sentence)) - doers
    return Act(
        id=r.id,
        report=report.number,
        is_event=r.is_event,
        kind=r.kind,
        mode=r.mode or "",
        doers=tuple(sorted(doers)),
        toward=tuple(sorted(toward)),
        civil=civil(r.doers),
        day=r.first,
        until=r.last,
        dated=r.dated,
        span=r.span,
        words=_telling(r, small if r.kind in ANSWERS else words),
        named=names_what_it_refuses(words) if refusal else True,
        about=about,
        turns_down=turned_down(words) if refusal else "",
        near=refusal and _just_told(r, words, claimed),
        part=in_part(words) if r.kind in YES else False,
        drops=drops(words) if r.kind in TAKES_BACK else False,
    )


def _telling(r: Record, words: str) -> tuple[int, ...]:
    if not r.is_event and r.kind not in ANSWERS:
        return ()
    return coded(what_was_hit(words) if r.kind == "ASSAULT" else words)[:_MOST_WORDS]


def _just_told(r: Record, words: str, claimed: Sequence[Claim]) -> bool:
    """Whether a refusal in the singular ("rejected that", "the demand") follows what was asked of its maker in the same document."""
    if speaks_of_several(words):
        return False
    doers, toward = parties(r.doers), parties(r.toward)
    return any(
        claim.kind in ("demand", "offer")
        and 0 <= r.span[0] - claim.span[1] <= JUST_AFTER
        and sides_of(r.doers).isdisjoint(sides_of(claim.by))
        and (not toward or bool(toward & parties(claim.by)))
        and (not claim.to or bool(doers & answerable(parties(claim.to))))
        for claim in claimed
    )
