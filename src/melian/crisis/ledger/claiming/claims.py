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
from datetime import date

import msgspec

from melian.codebook import event_types, quad
from melian.crisis.ledger.claiming.claim import Claim, Kind, Pattern
from melian.crisis.ledger.claiming.making import (
    changed,
    claim_of,
    concerned,
    embedded,
    grouped,
    inside,
    pattern,
    sides,
    surest,
    targets,
)
from melian.crisis.ledger.claiming.parties import distinct, only, parties, sides_of, without
from melian.crisis.ledger.claiming.report import Record, Report, day_text, overlap
from melian.crisis.ledger.claiming.rules import rules
from melian.crisis.ledger.claiming.shifts import shifts
from melian.crisis.ledger.claiming.wording import coded, goes_on, horizon, lies_ahead, not_foreseen, probability, threatening
from melian.crisis.tellings import days, negated, stems
from melian.knowledge import names
from melian.records import Actor, Span, Statement

_Chosen = Callable[[Report], list[Record]]
_Made = Callable[[Report, Sequence[Record]], Claim | None]
_NO_THREATS = {"PROMISE", "ACCUSE", "OFFER", "ACCEPT", "SUPPORT"}
# A part in something, and not the thing itself: "had a hand in the attack", "links to the gunmen".
_PART_IN = re.compile(
    r"\b(?:hand|role|part|involvement|complicity)\s+in\b|\binvolve(?:d|ment)\b|\bbehind\b|\bresponsib|\blinks?\b|\bto do with\b|\bbacked\b",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"\b(?:attack|assault|strike|raid|aggression|incursion|invasion|operation|action|force)\w*\s+(?:on|against|upon|of|into|at)\s",
    re.IGNORECASE,
)
_BY = re.compile(r"\b(?:before|by|until|later than)\s+(?:the\s+(?:end|start|beginning)\s+of\s+)?$", re.IGNORECASE)
_WEEKDAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b", re.IGNORECASE)
_YEAR = re.compile(r"\b\d{4}\b")
_REACH = 6  # words after it in which those stand that an attack is on
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
    said = [r for r in report.records if not r.is_event]
    return [
        r
        for r in report.records
        if r.kind == "THREATEN" and (not r.is_event or (r.realis == "actual" and not _is_said_otherwise(r, said)))
    ]


def _is_onlooker_s(group: Sequence[Record]) -> bool:
    """Whether experts and papers alone say it: who foresees harm threatens nobody."""
    doers = [actor for r in group for actor in r.doers]
    return bool(doers) and all(actor.sector in rules()["onlookers"] for actor in doers)


def _names_harm(report: Report, group: Sequence[Record]) -> bool:
    """Whether the sentences of a threat name a threat, a penalty or force: of a promise to "remember those words" nothing can come."""
    return not report.text or any(threatening(report.words(report.sentence(r.span))) for r in group)


def _is_said_otherwise(event: Record, said: Sequence[Record]) -> bool:
    """Whether the statements that hold an event's words are all of acts that are no threat ("called it a threat by London")."""
    over = [r.kind for r in said if overlap(r.span, event.span)]
    return bool(over) and set(over) <= _NO_THREATS


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
    # To be attacked is never what is asked for: "act against the gunmen" is not met by shooting down a jet.
    deeds = [e for e in asked if e.kind != "ASSAULT" and (not e.doers or not facing or parties(e.doers) & facing)]
    patterns = {wanted for event in deeds if (wanted := _of_others(pattern(event, facing), parties(by)))}
    return changed(claim, firm=firm, patterns=tuple(sorted(patterns)))


def _of_others(wanted: Pattern, asker: frozenset[str]) -> Pattern | None:
    """What is demanded, done by others than the one who asks, and aimed at others where it is aimed at others at all; None where only the asker would do it, or would
    be harmed by it."""
    doers = tuple(party for party in wanted.doers if party not in asker)
    others = tuple(party for party in wanted.toward if party not in asker)
    if (wanted.doers and not doers) or (wanted.toward and not others and quad(wanted.type) == "material conflict"):
        return None
    return msgspec.structs.replace(wanted, doers=doers, toward=others or wanted.toward)


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
    condition = _condition(report, group)
    if claim is None or _is_onlooker_s(group) or not (condition or _names_harm(report, group)):
        return None
    threatened = {t for r in group for t in rules()["threat_modes"].get(r.mode or "", ())}
    announced = embedded(report, group, ("conditional", "planned"))
    threatened |= {event.kind for event in announced if parties(event.doers) & parties(by)}
    patterns: list[Pattern] = []
    if condition:
        words = report.words(condition)
        kinds = frozenset[str]() if negated(words) else kinds_named(words)
        mentioned = _mentioned(report, condition) or tuple(concerned(group))
        hit = attacked(words)
        doers = (parties(mentioned) - hit) & parties(to) or parties(to) - hit or parties(to)
        victims = (parties(mentioned) - parties(to) - parties(by)) | (hit - doers)
        patterns = [
            Pattern(type=kind_, doers=tuple(sorted(doers)), toward=tuple(sorted(victims)))
            for kind_ in event_types()
            if kind_ in kinds
        ]
    cue = coded(report.words(condition)) if condition else ()
    return changed(claim, condition=condition, cue=cue, patterns=tuple(sorted(patterns)), threatened=tuple(sorted(threatened)))


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


def attacked(words: str) -> frozenset[str]:
    """The states that words name as those whom an attack would hit: "any attack on Philippine vessels"."""
    found = set()
    for against in _AGAINST.finditer(words):
        told = [word.strip(".,;:'’\"”") for word in words[against.end() :].split()[:_REACH]]
        for at, word in enumerate(told):
            hit = names.longest(told, at) if word[:1].isupper() else None
            if hit and hit[1][0].kind in ("country", "demonym", "capital") and hit[1][0].actor.id:
                found.add(hit[1][0].actor.id)
    return frozenset(found)


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
    due = max(own) if own else (horizon(words, begin) or last_day_named(words, begin)) if begin else None
    said = any(not r.is_event for r in group)
    conditional = any(isinstance(r.record, Statement) and r.record.condition for r in group)
    return changed(
        claim,
        by=claim.by if said else (),
        patterns=_by_others(_patterns(foretold), claim if said else None)
        or (() if conditional else _named_event(report, claim)),
        open=negated(words) or goes_on(words) or not_foreseen(report.text[report.sentence(claim.span)[0] : claim.span[0]]),
        due=due,
        probability=probability(words) if said else None,
    )


def last_day_named(words: str, begin: int) -> int | None:
    """The day by which a forecast's words say that it will be ("before September 1", "by Friday"), never before it was made; None where they
    say none."""
    from melian.coding.dates import find_dates

    ends = []
    for found in find_dates(words, day_text(begin)):
        bounds = days(found.value)
        if bounds and _BY.search(words[: found.span[0]]):
            end = date.fromisoformat(bounds[1]).toordinal()
            named = words[slice(*found.span)]
            if end < begin and (again := 7 if _WEEKDAY.search(named) else 0 if _YEAR.search(named) else 365):
                end += again  # the coming one: nobody foresees what is past
            ends.append(end)
    return max((end for end in ends if end >= begin), default=None)


def _by_others(foretold: tuple[Pattern, ...], claim: Claim | None) -> tuple[Pattern, ...]:
    """What is foreseen, done by others than the one who foresees it where it is done by others at all."""
    own = parties(claim.by) if claim else frozenset()
    return tuple(
        sorted({msgspec.structs.replace(p, doers=tuple(d for d in p.doers if d not in own) or p.doers) for p in foretold})
    )


def _denial(report: Report, group: Sequence[Record]) -> Claim | None:
    if any(_PART_IN.search(report.words(r.span)) for r in group):
        return _foreseen_or_denied(report, group, "denial", [])  # the deed itself may well have happened
    denied = surest(embedded(report, group, ("denied",)))
    claim = _foreseen_or_denied(report, group, "denial", denied)
    if claim is None:
        return None
    if not claim.statements and (denier := _denier(report, group[0])) and denier.doers:
        claim = changed(claim, by=distinct(denier.doers))
    return changed(
        claim,
        ahead=lies_ahead(report.words(claim.span)),
        patterns=_patterns(denied) or tuple(p for p in _named_event(report, claim) if set(p.doers) & parties(claim.by)),
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
