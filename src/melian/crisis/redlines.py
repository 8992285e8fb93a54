"""Threats and red lines: what was threatened, under which condition, and whether it came to that.

A threat is a THREATEN statement or event. Its condition is the statement's if-clause. What would cross it is read from the
condition's words by a short list of stems ("invad" → ASSAULT); a negated condition ("unless it withdraws") is crossed by
nothing being done, which no event tells, so such a threat stays as it is. By evidence, in time order:

- `crossed` when the threatened party afterwards does in fact what the condition names, to a party named in the condition;
- `enforced` when the threatener then takes material action against the threatened party; a threat without a condition
  is enforced by action of a kind that was threatened;
- `softened` when the threatener yields to the threatened party in words;
- `not enforced` when the record runs on for thirty days after the crossing and holds no such action.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from melian.codebook import event_types, quad
from melian.crisis.entries import Answer, Evidence, RedLine, RedLineStatus
from melian.crisis.merging import Group, aimed_at, doers, evidence, facing, fullest, merged, since
from melian.crisis.tellings import (
    Telling,
    happened_after,
    is_sure,
    negated,
    overlap,
    principals,
    share,
    squeeze,
    stems,
    vocabulary,
)
from melian.records import Actor, Document, Event, Span, Statement, content_id

PATIENCE = 30  # days after a crossing until a threat counts as not enforced
_OF_MODE = {"sanction": {"SANCTION"}, "military": {"ASSAULT", "MOBILIZE"}, "diplomatic": {"SANCTION"}}


@dataclass(frozen=True, slots=True)
class _Condition:
    place: Evidence
    words: str
    kinds: frozenset[str]  # event types that cross it; none where it is negated or its words are not known
    parties: frozenset[str]  # principals mentioned in it


def red_lines(told: Sequence[Telling], texts: dict[str, Document]) -> tuple[RedLine, ...]:
    """Every threat with its condition, what followed, and its status."""
    claims = [t for t in told if t.kind == "THREATEN" and (isinstance(t.record, Statement) or t.record.realis == "actual")]
    actual = [t for t in told if isinstance(t.record, Event) and t.record.realis == "actual" and is_sure(t)]
    last = max((t.last for t in told if t.last), default=None)
    return tuple(_red_line(group, told, actual, texts, last) for group in merged(claims, aimed_at))


def _red_line(
    group: Group, told: Sequence[Telling], actual: Sequence[Telling], texts: dict[str, Document], last: str | None
) -> RedLine:
    by, to, begin = doers(group), facing(group, aimed_at), since(group)
    condition = next((found for telling in group if (found := _condition(telling, told, texts))), None)
    against = [event for event in actual if share(event.doers, by) and share(event.toward, to)]
    acts = [event for event in against if quad(event.kind) == "material conflict"]
    answers: list[Answer] = []
    status: RedLineStatus = "standing"
    crossing = _crossing(condition, to, actual, begin) if condition else None
    if crossing:
        answers.append(_answer(crossing, "crossed"))
        status, begin = "crossed", crossing.first
    else:
        threatened = _threatened(group, told)
        acts = [event for event in acts if event.kind in threatened] if not condition else []
    if enforcing := next((event for event in acts if happened_after(event, begin)), None):
        answers.append(_answer(enforcing, "enforced"))
        status = "enforced"
    elif crossing and crossing.first and last and _days_between(crossing.first, last) > PATIENCE:
        status = "not enforced"
    yielding = next((event for event in against if event.kind == "CONCEDE" and happened_after(event, begin)), None)
    if yielding and status == "standing":
        answers.append(_answer(yielding, "softened"))
        status = "softened"
    return RedLine(
        id=content_id("red line", group[0].key),
        by=by,
        to=to,
        words=fullest(group),
        since=since(group),
        evidence=tuple(map(evidence, group)),
        answers=tuple(answers),
        status=status,
        condition=condition.place if condition else None,
        condition_words=condition.words if condition else None,
        kinds=tuple(kind for kind in event_types() if condition and kind in condition.kinds),
    )


def _condition(telling: Telling, told: Sequence[Telling], texts: dict[str, Document]) -> _Condition | None:
    if not isinstance(telling.record, Statement) or telling.record.condition is None:
        return None
    start, end = telling.record.condition
    words = squeeze(texts[telling.doc_id].text[start:end]) if telling.doc_id in texts else ""
    kinds = frozenset() if negated(words) else kinds_named(words)
    mentioned = [
        actor
        for other in told
        if other.doc_id == telling.doc_id
        for actor in (*other.doers, *other.toward)
        if actor.span and _inside(actor.span, (start, end))
    ]
    return _Condition(Evidence(telling.doc_id, (start, end), telling.key), words, kinds, principals(mentioned))


def kinds_named(words: str) -> frozenset[str]:
    """The event types that a condition's words name, by their stems."""
    found = stems(words)
    return frozenset(
        kind
        for kind, starts in vocabulary()["conditions"].items()
        if any(word.startswith(start[:6]) for start in starts for word in found)
    )


def _crossing(condition: _Condition, to: tuple[Actor, ...], actual: Sequence[Telling], begin: str | None) -> Telling | None:
    """The first event by which the threatened party does what the condition names."""
    victims = condition.parties - principals(to)
    return next(
        (
            event
            for event in actual
            if event.kind in condition.kinds
            and share(event.doers, to)
            and (not victims or not event.toward or principals(event.toward) & victims)
            and happened_after(event, begin)
        ),
        None,
    )


def _threatened(group: Group, told: Sequence[Telling]) -> set[str]:
    """The event types that a threat announces: by its mode, by the events told as its consequence, otherwise any harm."""
    kinds: set[str] = set()
    for member in group:
        if isinstance(member.record, Event):
            kinds |= _OF_MODE.get(member.record.mode or "", set())
        for other in told:
            if isinstance(other.record, Event) and other.record.realis in ("conditional", "planned") and overlap(other, member):
                kinds.add(other.kind)
    return kinds or {kind for kind in event_types() if quad(kind) == "material conflict"}


def _answer(event: Telling, status: str) -> Answer:
    return Answer(event.kind, event.doers, event.first, status, evidence(event))


def _inside(some: Span, other: Span) -> bool:
    return other[0] <= some[0] and some[1] <= other[1]


def _days_between(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days
