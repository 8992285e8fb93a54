"""Corrections of own words, as a document tells them.

A shift is a CLARIFY statement, or a statement of a party in or after a sentence that tells that it corrected earlier words ("walked back the remark").
Which earlier statement it corrects is found by `corrections`, and for those of its own document here: the one that shares the most telling words
with it (or with that sentence, where there is one), else the last one before it that is about the same party.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from melian.crisis.ledger.claiming.claim import Claim
from melian.crisis.ledger.claiming.making import changed, claim_of, concerned, grouped, sides, targets
from melian.crisis.ledger.claiming.parties import Parties, parties
from melian.crisis.ledger.claiming.report import Record, Report, overlap
from melian.crisis.ledger.claiming.wording import Words, coded, forms, mass
from melian.crisis.tellings import principals
from melian.records import Actor, Span

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


def tie(claim: Claim) -> Words:
    """The words that tie a shift to what it corrects."""
    return claim.cue or claim.words


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
