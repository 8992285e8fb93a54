"""The claims of one document, read from its events and statements.

- A *demand* is a DEMAND statement, a REQUEST event of mode `demand`, or an APPEAL that a REQUEST carries; an *offer* an OFFER statement, or a REQUEST
  of mode `propose` that no demand or appeal carries.
- A *threat* is a THREATEN statement, or an event told as fact; with a condition it is a red line. Where no if-clause is coded, "any further attack will be
  met with force" names one.
- A *prediction* is a PREDICT statement, or a predicted event that no other statement carries; a *denial* a DENY statement, or a denied event beside a REJECT of
  mode `deny`.
- A *shift* is a CLARIFY statement, or words of a party beside a sentence that says they correct earlier ones.

A demand told within its own refusal ("rejects the demand that it leave") is put to the one who refuses. How the records of one claim are brought together
stands in `making`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from melian.codebook import event_types, quad
from melian.crisis.ledger.claim import Claim, Kind, Pattern
from melian.crisis.ledger.making import changed, claim_of, concerned, embedded, grouped, inside, pattern, sides, surest, targets
from melian.crisis.ledger.parties import distinct, only, parties, sides_of, without
from melian.crisis.ledger.report import Record, Report, overlap
from melian.crisis.ledger.rules import rules
from melian.crisis.ledger.shifts import shifts
from melian.crisis.ledger.wording import horizon, probability
from melian.crisis.tellings import negated, stems
from melian.records import Actor, Span, Statement

_Chosen = Callable[[Report], list[Record]]
_Made = Callable[[Report, Sequence[Record]], Claim | None]
_ANY = re.compile(
    r"\s*[\"“‘']?((?:any|every|another|further|more|new|an?)\b.{3,90}?)\s+(?:will|would|shall)\s+"
    r"(?:be\s+(?:met|answered|punished|followed)|have|bring|trigger|lead|prompt|draw|result|provoke)\b",
    re.IGNORECASE | re.DOTALL,
)


def claims(report: Report) -> tuple[Claim, ...]:
    """Every claim of a document, by place in the text; what has no words (an event of another project's file) claims nothing."""
    report = replace(report, records=tuple(r for r in report.records if r.span[0] < r.span[1]))
    found = list(shifts(report))
    if report.corrections:
        report = replace(report, records=tuple(r for r in report.records if r.kind == "CLARIFY" or not _taken_back(report, r)))
    makers: tuple[tuple[_Chosen, _Made], ...] = (
        (_demands, _demand),
        (_offers, _offer),
        (_threats, _red_line),
        (_predictions, _prediction),
        (_denials, _denial),
    )
    for chosen, made in makers:
        found += [claim for group in grouped(chosen(report)) if (claim := made(report, group))]
    return tuple(sorted(found, key=lambda claim: (claim.span, claim.id, claim.kind)))


def _taken_back(report: Report, r: Record) -> bool:
    """Whether a sentence tells a record's words only to say that they were corrected."""
    return any(overlap(r.span, sentence) for sentence in report.corrections)


# --- which records make claims of a kind -----------------------------------------------------------------------------


def _demands(report: Report) -> list[Record]:
    requests = [r for r in report.records if _is_request(r, {"demand", "appeal"})]
    return [
        r
        for r in report.records
        if r.kind == "DEMAND"
        or (r.kind == "APPEAL" and any(overlap(r.span, request.span) for request in requests))
        or _is_request(r, {"demand"})
    ]


def _offers(report: Report) -> list[Record]:
    asking = [r for r in report.records if r.kind in ("DEMAND", "APPEAL")]
    return [
        r
        for r in report.records
        if r.kind == "OFFER" or (_is_request(r, {"propose"}) and not any(overlap(r.span, other.span) for other in asking))
    ]


def _threats(report: Report) -> list[Record]:
    return [r for r in report.records if r.kind == "THREATEN" and (not r.is_event or r.realis == "actual")]


def _predictions(report: Report) -> list[Record]:
    said = [r for r in report.records if not r.is_event and r.kind != "ASSERT"]
    alone = [r for r in _told_as(report, "predicted") if not any(overlap(r.span, other.span) for other in said)]
    return [*(r for r in said if r.kind == "PREDICT"), *alone]


def _denials(report: Report) -> list[Record]:
    said = [r for r in report.records if r.kind == "DENY"]
    alone = [r for r in _told_as(report, "denied") if not any(overlap(r.span, s.span) for s in said) and _denier(report, r)]
    return [*said, *alone]


def _is_request(r: Record, modes: set[str]) -> bool:
    return r.kind == "REQUEST" and r.realis == "actual" and r.mode in modes


def _told_as(report: Report, realis: str) -> list[Record]:
    return [r for r in report.records if r.realis == realis]


def _denier(report: Report, denied: Record) -> Record | None:
    """The REJECT of mode `deny` in the sentence of a denied event."""
    sentence = report.sentence(denied.span)
    return next((r for r in report.records if r.kind == "REJECT" and r.mode == "deny" and overlap(r.span, sentence)), None)


# --- the kinds -------------------------------------------------------------------------------------------------------


def _demand(report: Report, group: Sequence[Record]) -> Claim | None:
    asked = surest(embedded(report, group, ("demanded",)))
    doers = [actor for event in asked for actor in event.doers]
    by, to = sides(group, [targets(group) or doers, concerned(group)])
    refuser = _refused_within(report, group)
    if refuser and (mine := sides_of(by) & sides_of(refuser.doers)):
        by, to = without(targets(group), mine), only(by, mine)
    claim = claim_of(report, group, "demand", by, to)
    if claim is None:
        return None
    firm = any(r.kind == "DEMAND" or r.mode == "demand" for r in group)
    facing = parties(claim.to)
    patterns = [pattern(event, facing) for event in asked if not event.doers or not facing or parties(event.doers) & facing]
    return changed(claim, firm=firm, patterns=tuple(sorted(set(patterns))))


def _refused_within(report: Report, group: Sequence[Record]) -> Record | None:
    """The refusal whose words hold a demand: it is somebody else's then."""
    return next(
        (r for r in report.records if r.kind == "REJECT" and any(inside(m.span, r.span) and m.span != r.span for m in group)),
        None,
    )


def _offer(report: Report, group: Sequence[Record]) -> Claim | None:
    by, to = sides(group, [targets(group), concerned(group)])
    claim = claim_of(report, group, "offer", by, to)
    return changed(claim, firm=True) if claim else None


def _red_line(report: Report, group: Sequence[Record]) -> Claim | None:
    by, to = sides(group, [targets(group), concerned(group)])
    claim = claim_of(report, group, "redline", by, to)
    if claim is None:
        return None
    condition = _condition(report, group)
    threatened = {t for r in group for t in rules()["threat_modes"].get(r.mode or "", ())}
    announced = embedded(report, group, ("conditional", "planned"))
    threatened |= {event.kind for event in announced if parties(event.doers) & parties(by)}
    patterns: list[Pattern] = []
    if condition:
        words = report.words(condition)
        kinds = frozenset[str]() if negated(words) else kinds_named(words)
        mentioned = _mentioned(report, condition) or tuple(concerned(group))
        doers = parties(mentioned) & parties(to) or parties(to)
        victims = parties(mentioned) - parties(to) - parties(by)
        patterns = [
            Pattern(type=kind_, doers=tuple(sorted(doers)), toward=tuple(sorted(victims)))
            for kind_ in event_types()
            if kind_ in kinds
        ]
    return changed(claim, condition=condition, patterns=tuple(sorted(patterns)), threatened=tuple(sorted(threatened)))


def _condition(report: Report, group: Sequence[Record]) -> Span | None:
    for r in group:
        if isinstance(r.record, Statement) and r.record.condition is not None:
            return r.record.condition
    for r in group:
        if found := _ANY.match(report.text, r.span[0], r.span[1]):
            return found.span(1)
    return None


def _mentioned(report: Report, span: Span) -> tuple[Actor, ...]:
    return tuple(actor for r in report.records for actor in (*r.doers, *r.toward) if actor.span and inside(actor.span, span))


def kinds_named(words: str) -> frozenset[str]:
    """The event types that a condition's words name, by their stems."""
    found = stems(words)
    return frozenset(
        kind
        for kind, starts in rules()["conditions"].items()
        if any(word.startswith(start[:6]) for start in starts for word in found)
    )


def _prediction(report: Report, group: Sequence[Record]) -> Claim | None:
    carried = embedded(report, group, ("predicted",))
    # A foreseen deed comes true by the deed, not by words about it.
    foretold = surest([event for event in carried if quad(event.kind).startswith("material")] or carried)
    claim = _foreseen_or_denied(report, group, "prediction", foretold)
    if claim is None:
        return None
    words = report.words(claim.span)
    begin = claim.day
    own = [e.last for e in foretold if e.dated and e.last and (begin is None or e.last >= begin)]
    due = max(own) if own else horizon(words, begin) if begin else None
    said = any(not r.is_event for r in group)
    conditional = any(isinstance(r.record, Statement) and r.record.condition for r in group)
    return changed(
        claim,
        by=claim.by if said else (),
        patterns=_patterns(foretold) or (() if conditional else _named_event(report, claim)),
        open=negated(words),
        due=due,
        probability=probability(words) if said else None,
    )


def _denial(report: Report, group: Sequence[Record]) -> Claim | None:
    denied = surest(embedded(report, group, ("denied",)))
    claim = _foreseen_or_denied(report, group, "denial", denied)
    if claim is None:
        return None
    if not claim.statements and (denier := _denier(report, group[0])) and denier.doers:
        claim = changed(claim, by=distinct(denier.doers))
    return changed(
        claim, patterns=_patterns(denied) or tuple(p for p in _named_event(report, claim) if set(p.doers) & parties(claim.by))
    )


def _patterns(events: Sequence[Record]) -> tuple[Pattern, ...]:
    return tuple(sorted({pattern(event) for event in events}))


def _named_event(report: Report, claim: Claim) -> tuple[Pattern, ...]:
    """The event that a claim's words name where none is coded in them: done by the party that they mention first (a denial that mentions none is
    of an own act)."""
    words = report.words(claim.span)
    kinds = frozenset[str]() if negated(words) else kinds_named(words)
    mentions = {actor.span: actor for actor in _mentioned(report, claim.span) if actor.span}
    first = [mentions[min(mentions)]] if mentions else claim.by if claim.kind == "denial" else ()
    doers = parties(first)
    if len(kinds) != 1 or not doers:
        return ()
    toward = parties(mentions.values()) - doers
    return (Pattern(type=min(kinds), doers=tuple(sorted(doers)), toward=tuple(sorted(toward))),)


def _foreseen_or_denied(report: Report, group: Sequence[Record], kind: Kind, events: Sequence[Record]) -> Claim | None:
    """A claim about events: it concerns those who do and suffer them, or those whom its words are about."""
    said = [r for r in group if not r.is_event]
    by = tuple(actor for r in said for actor in r.doers)
    involved = [actor for event in events for actor in (*event.doers, *event.toward)]
    own = sides_of(by)
    to = without(involved, own) or without(concerned(group), own) or tuple(involved)
    return claim_of(report, group, kind, by if said else tuple(actor for r in group for actor in r.doers), to)
