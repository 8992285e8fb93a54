"""One claim out of the records that make it: which belong together, who makes it to whom, which event it is about.

Events and statements over the same words, of a common party, are one claim. Statements are surer of who speaks, events of who is meant: where they agree on
some parties, those count. A claim that rests on events alone needs a score of 0.6.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import msgspec

from melian.crisis.ledger.claiming.claim import Claim, Kind, Pattern
from melian.crisis.ledger.claiming.parties import Parties, distinct, parties, side, sides_of, without
from melian.crisis.ledger.claiming.report import Record, Report, overlap
from melian.crisis.ledger.claiming.wording import coded
from melian.crisis.tellings import SURE, principals, stems
from melian.records import Actor, Span

EMBEDDED = 0.4  # least score of an event that a claim is about: the claim itself stands for it


def grouped(chosen: Sequence[Record]) -> list[list[Record]]:
    """Records of overlapping words and a common party (or none), which are one claim."""
    groups: list[list[Record]] = []
    for record in chosen:
        one = [group for group in groups if any(_same(record, other) for other in group)]
        groups = [group for group in groups if group not in one] + [[r for group in one for r in group] + [record]]
    return groups


def _same(some: Record, other: Record) -> bool:
    common = bool(parties(some.doers) & parties(other.doers)) or not (some.doers and other.doers)
    return common and overlap(some.span, other.span)


def claim_of(report: Report, group: Sequence[Record], kind: Kind, by: tuple[Actor, ...], to: tuple[Actor, ...]) -> Claim | None:
    """The claim of a group; None where it rests on an unsure event, or has no words that say anything."""
    if not any(not r.is_event or r.record.score is None or r.record.score >= SURE for r in group):
        return None
    span = _fullest(group).span
    words = coded(report.words(span))
    if report.text and not stems(report.words(span)):
        return None
    return Claim(
        id=min(r.id for r in group),
        report=report.number,
        kind=kind,
        day=_day(group, report),
        by=distinct(by),
        to=distinct(to),
        events=tuple(sorted(r.id for r in group if r.is_event)),
        statements=tuple(sorted(r.id for r in group if not r.is_event)),
        span=span,
        words=words,
    )


def _fullest(group: Sequence[Record]) -> Record:
    said = [r for r in group if not r.is_event]
    return max(said or group, key=lambda r: (r.span[1] - r.span[0], -r.span[0], r.id))


def _day(group: Sequence[Record], report: Report) -> int | None:
    own = [r.first for r in group if r.dated and r.first]
    return min(own) if own else report.day


def sides(group: Sequence[Record], to: Iterable[Sequence[Actor]]) -> tuple[tuple[Actor, ...], tuple[Actor, ...]]:
    """Who makes a claim and to whom: what the records of a group agree on.

    Args:
        group: its records.
        to: readings of whom it is put to, the most exact first; each narrows the one before it where they have a party in common. Who is named first as its
            maker is left out of them: nobody makes a claim on himself.
    """
    said = [actor for r in group if not r.is_event for actor in r.doers]
    done = [actor for r in group if r.is_event for actor in r.doers]
    by = _narrowed([said, done]) if said else tuple(done)
    mine = {side(by[0])} if by else set[tuple[str, bool]]()
    facing = _narrowed(without(reading, mine) for reading in to)
    both = sides_of(by) & sides_of(facing)
    if not both:
        return by, facing
    if sides_of(facing) <= both and not sides_of(by) <= both:
        return without(by, both), facing
    if sides_of(by) <= both and not sides_of(facing) <= both:
        return by, without(facing, both)
    return without(by, both), facing


def _narrowed(readings: Iterable[Sequence[Actor]]) -> tuple[Actor, ...]:
    chosen: tuple[Actor, ...] = ()
    for reading in readings:
        common = principals(chosen) & principals(reading)
        if not chosen:
            chosen = tuple(reading)
        elif common:
            chosen = tuple(actor for actor in (*chosen, *reading) if (actor.id or actor.name) in common)
    return chosen


def targets(group: Sequence[Record]) -> list[Actor]:
    """Whom the events of a group are aimed at."""
    return [actor for r in group if r.is_event for actor in r.toward]


def concerned(group: Sequence[Record]) -> list[Actor]:
    """Whom the statements of a group are said to or about."""
    return [actor for r in group if not r.is_event for actor in r.toward]


def embedded(report: Report, group: Sequence[Record], realis: Collection[str]) -> list[Record]:
    """The events told in one of some ways that a group's words carry, by place."""
    return [
        r
        for r in report.records
        if r.realis in realis
        and (r.record.score is None or r.record.score >= EMBEDDED)
        and any(r is member or overlap(r.span, member.span) for member in group)
    ]


def surest(events: Sequence[Record]) -> list[Record]:
    """Of events over the same words the one with the best score."""
    kept: list[Record] = []
    for record in sorted(events, key=lambda r: (-(r.record.score or 1.0), r.span, r.id)):
        if not any(inside(record.span, other.span) or inside(other.span, record.span) for other in kept):
            kept.append(record)
    return sorted(kept, key=lambda r: (r.span, r.id))


def inside(some: Span, other: Span) -> bool:
    """Whether one span lies in the other."""
    return other[0] <= some[0] and some[1] <= other[1]


def pattern(event: Record, of: Parties = frozenset()) -> Pattern:
    """What an event must be like to be the one that a claim is about.

    Args:
        event: as the claim tells it.
        of: parties whose act it must be, where some of them do it.
    """
    doers = parties(event.doers)
    doers = doers & of or doers
    return Pattern(
        type=event.kind,
        mode=event.mode or "",
        doers=tuple(sorted(doers)),
        toward=tuple(sorted(parties(event.toward) - doers)),
    )


def changed(claim: Claim, **changes: Any) -> Claim:
    """A claim with other values in some fields."""
    return msgspec.structs.replace(claim, **changes)
