"""Corrections of own words: which they are, and which earlier statement they correct.

A shift is a CLARIFY statement, or a statement of a party in or after a sentence that tells that it corrected earlier words ("walked back the remark"). It corrects
the earlier statement of its side that shares the most telling words with it (or with that sentence, where there is one): one of the same document, or else one
of the sixty days before. Where none shares a word, it corrects the last one before it that is about the same party: in the same document, or else at
most a fortnight earlier.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from melian.crisis.ledger.claim import Claim
from melian.crisis.ledger.making import changed, claim_of, concerned, grouped, sides, targets
from melian.crisis.ledger.parties import Parties, parties
from melian.crisis.ledger.report import Record, Report, overlap
from melian.crisis.ledger.stand import Stand
from melian.crisis.ledger.wording import Words, coded, corrects, mass
from melian.crisis.tellings import principals
from melian.records import Span

LOOK_BACK = 60  # days before a correction in which the corrected statement may have been made
NEAR = 14  # days, where no words tie the two
_MOST_WORDS = 6


class Said(NamedTuple):
    """A statement that may be the corrected one."""

    id: int
    report: int
    day: int
    speaker: Parties
    people: frozenset[str]
    about: Parties
    words: Words


def shifts(report: Report) -> Iterator[Claim]:
    """The corrections that a document tells; those of one party that are told by sentences about them are one."""
    clarified = [r for r in report.records if r.kind == "CLARIFY"]
    places = {r.id: place for r in report.records if not r.is_event and r.doers and (place := _told_at(report, r))}
    earlier = [r for r in report.records if not r.is_event and r.kind != "CLARIFY" and r.doers and r.id not in places]
    for group in grouped(clarified):
        if claim := claim_of(report, group, "shift", *sides(group, [concerned(group)])):
            yield _corrected_here(report, claim, [r for r in earlier if r.span < claim.span])
    told: dict[str, list[tuple[Record, Span]]] = defaultdict(list)
    for r in report.records:
        if r.kind != "CLARIFY" and r.doers and (place := places.get(r.id) if not r.is_event else _told_at(report, r)):
            told[min(principals(r.doers))].append((r, place))
    for found in told.values():
        spoken = [r for r, place in found if not r.is_event and not (place[0] == 0 and overlap(r.span, place))]
        if not spoken or any(overlap(r.span, c.span) for r in spoken for c in clarified):
            continue  # a headline alone says that there is a correction, not which
        group = [max(spoken, key=lambda r: (r.span[1] - r.span[0], -r.id))]
        if claim := claim_of(report, group, "shift", *sides(group, [concerned(group) or targets(group)])):
            cue = coded(" ".join(report.words(place) for place in sorted({place for _, place in found})))
            yield _corrected_here(report, changed(claim, cue=cue), earlier)


def said(report: Report) -> tuple[Said, ...]:
    """The statements of a document that a correction in another may correct."""
    return tuple(
        Said(
            id=r.id,
            report=report.number,
            day=r.first,
            speaker=parties(r.doers),
            people=_people(r),
            about=parties(r.toward),
            words=coded(report.words(r.span))[:_MOST_WORDS],
        )
        for r in report.records
        if not r.is_event and r.kind != "CLARIFY" and r.doers and r.first is not None
    )


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
    tied = [(mass(set(each.words) & set(tie(claim))), *_rank(claim, each)) for claim, each in near]
    if tied and max(tied)[0] > 0:
        return max(tied)[-1]
    if here := next((claim.perhaps for claim in stand.claims if claim.perhaps is not None), None):
        return here
    same = [_rank(c, each) for c, each in near if parties(c.to) & each.about and (c.day or 0) - each.day <= NEAR]
    return max(same)[-1] if same else None


def tie(claim: Claim) -> Words:
    """The words that tie a shift to what it corrects."""
    return claim.cue or claim.words


def _rank(claim: Claim, each: Said) -> tuple[bool, int, int]:
    people = {actor.name for actor in claim.by if actor.name}
    return (not people.isdisjoint(each.people), each.day, each.id)


def _before(each: Said, claim: Claim) -> bool:
    if each.report == claim.report or claim.day is None or not each.speaker & parties(claim.by):
        return False
    return 0 <= claim.day - each.day <= LOOK_BACK


def _corrected_here(report: Report, claim: Claim, earlier: list[Record]) -> Claim:
    """A shift with the statement of its own document that it corrects."""
    own, about = parties(claim.by), parties(claim.to)
    may = [r for r in earlier if parties(r.doers) & own and not overlap(r.span, claim.span) and r.id not in claim.statements]
    tied = [(mass(set(coded(report.words(r.span))) & set(tie(claim))), r.span, r.id) for r in may]
    if tied and max(tied)[0] > 0:
        return changed(claim, corrects=max(tied)[-1])
    same = [(r.span, r.id) for r in may if r.span < claim.span and parties(r.toward) & about]
    return changed(claim, perhaps=max(same)[-1]) if same else claim


def _people(r: Record) -> frozenset[str]:
    return frozenset(actor.name for actor in r.doers if actor.name)


def _told_at(report: Report, r: Record) -> Span | None:
    """The sentence that tells that a record's words correct earlier ones: its own, or the one before it."""
    own = report.sentence(r.span)
    if corrects(report.words(own)):
        return own
    if r.is_event or own[0] == 0:
        return None
    last = len(report.text[: own[0]].rstrip())
    before = report.sentence((max(last - 2, 0), max(last - 1, 1)))
    return before if before[1] <= own[0] and corrects(report.words(before)) else None
