"""Corrections of own words: which they are, and which earlier statement they correct.

A shift is a CLARIFY statement, or a statement of a party in or after a sentence that tells that it corrected earlier words ("walked back the remark"). It corrects
the earlier statement of its side that shares the most telling words with it (or with that sentence, where there is one): one of the same document, or else one
of the thirty days before that shares two. Where none does, it corrects the last one before it that is about the same party: in the same document, or else at
most a fortnight earlier.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from melian.crisis.ledger.claim import Claim
from melian.crisis.ledger.making import changed, claim_of, concerned, grouped, sides, targets
from melian.crisis.ledger.parties import Parties, parties
from melian.crisis.ledger.report import Record, Report, overlap
from melian.crisis.ledger.stand import Stand
from melian.crisis.ledger.wording import Words, coded, forms, mass
from melian.crisis.tellings import principals
from melian.records import Actor, Span

LOOK_BACK = 30  # days before a correction in which the corrected statement may have been made
TIED = 2  # words in common with a statement of another document
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
    if not clarified and not report.corrections:
        return
    places = {(r.is_event, r.id): place for r in report.records if r.doers and (place := _told_at(report, r))}
    earlier = [r for r in report.records if not r.is_event and r.kind != "CLARIFY" and r.doers and (False, r.id) not in places]
    for group in grouped(clarified):
        if claim := claim_of(report, group, "shift", *sides(group, [concerned(group)])):
            yield _corrected_here(report, claim, [r for r in earlier if r.span < claim.span])
    told: dict[str, list[tuple[Record, Span]]] = defaultdict(list)
    for r in report.records:
        if r.kind != "CLARIFY" and (place := places.get((r.is_event, r.id))):
            told[min(principals(r.doers))].append((r, place))
    for found in told.values():
        spoken = [r for r, place in found if not r.is_event and not (place[0] == 0 and overlap(r.span, place))]
        if not spoken or any(overlap(r.span, c.span) for r in spoken for c in clarified):
            continue  # a headline alone says that there is a correction, not which
        group = [max(spoken, key=lambda r: (r.span[1] - r.span[0], -r.id))]
        if claim := claim_of(report, group, "shift", *sides(group, [concerned(group) or targets(group)])):
            sentences = sorted({place for _, place in found})
            cue = coded(" ".join(map(report.words, sentences)))
            yield _corrected_here(report, changed(claim, cue=cue), earlier, sentences)


def said(report: Report) -> tuple[Said, ...]:
    """The statements of a document that a correction in another may correct."""
    return tuple(
        said_of(r.id, report.number, r.first, r.doers, r.toward, report.words(r.span))
        for r in report.records
        if not r.is_event and r.kind != "CLARIFY" and r.doers and r.first is not None
    )


def said_of(id_: int, report: int, day: int, speaker: Sequence[Actor], toward: Sequence[Actor], words: str) -> Said:
    """A statement as a correction looks at it."""
    people = frozenset(actor.name for actor in speaker if actor.name)
    return Said(id_, report, day, parties(speaker), people, parties(toward), coded(words)[:_MOST_WORDS])


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


def _corrected_here(report: Report, claim: Claim, earlier: list[Record], told: Sequence[Span] = ()) -> Claim:
    """A shift with the statement of its own document that it corrects, or what ties it to one of another."""
    own, about = parties(claim.by), parties(claim.to)
    may = [r for r in earlier if parties(r.doers) & own and not overlap(r.span, claim.span) and r.id not in claim.statements]
    tied = [(mass(set(coded(report.words(r.span))) & set(tie(claim))), r.span, r.id) for r in may]
    if tied and max(tied)[0] > 0:
        return changed(claim, corrects=max(tied)[-1])
    same = [(r.span, r.id) for r in may if r.span < claim.span and parties(r.toward) & about]
    words = " ".join(map(report.words, told)) if told else report.words(claim.span)
    return changed(claim, perhaps=max(same)[-1] if same else None, ties=forms(words))


def _told_at(report: Report, r: Record) -> Span | None:
    """The sentence that tells that a record's words correct earlier ones: its own, or, of a statement, the one before it."""
    if here := next((sentence for sentence in report.corrections if overlap(r.span, sentence)), None):
        return here
    start = report.sentence(r.span)[0] if not r.is_event and report.corrections else None
    return next((sentence for sentence in report.corrections if sentence[1] == start), None)
