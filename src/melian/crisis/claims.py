"""What is foreseen, denied and corrected, held against the events that are told.

- A prediction is a PREDICT statement or an event of realis `predicted`. It `came true` when an event of the same type and
  parties is told as fact afterwards; it `did not` when the foretold date passed within the record without one. Predictions
  without a coded event, and negated ones ("does not expect"), stay `open`: nothing coded could decide them.
- A denial is a DENY statement or an event of realis `denied`. It is `contradicted` when an event of the same type, source
  and target is told as fact elsewhere: later, in the week before, or without a date in another report not older than it.
- A shift is a CLARIFY statement, linked to the nearest earlier statement of its speaker about the same parties.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from melian.codebook import quad
from melian.crisis.entries import Answer, Denial, DenialStatus, Evidence, Prediction, PredictionStatus, Shift
from melian.crisis.merging import Group, aimed_at, distinct, doers, evidence, facing, fullest, merged, since
from melian.crisis.tellings import Telling, days, happened_after, is_sure, negated, overlap, principals, share, topics
from melian.records import Event, Statement, content_id

LOOK_BACK = 7  # days before a denial in which the denied act may have been done


def predictions(told: Sequence[Telling]) -> tuple[Prediction, ...]:
    """Every prediction with its outcome."""
    foretold = _with_realis(told, "predicted")
    actual = [event for event in _with_realis(told, "actual") if is_sure(event)]
    last = max((telling.last for telling in told if telling.last), default=None)
    return tuple(_prediction(group, foretold, actual, last) for group in _claims(told, "PREDICT", foretold))


def denials(told: Sequence[Telling]) -> tuple[Denial, ...]:
    """Every denial, with the event that contradicts it where there is one."""
    denied = _with_realis(told, "denied")
    actual = [event for event in _with_realis(told, "actual") if is_sure(event)]
    return tuple(_denial(group, denied, actual) for group in _claims(told, "DENY", denied))


def shifts(told: Sequence[Telling]) -> tuple[Shift, ...]:
    """Every correction with the statement that it replaces."""
    said = [telling for telling in told if isinstance(telling.record, Statement)]
    groups = merged([telling for telling in said if telling.kind == "CLARIFY"], aimed_at)
    return tuple(_shift(group, said) for group in groups)


def _with_realis(told: Sequence[Telling], realis: str) -> list[Telling]:
    return [telling for telling in told if isinstance(telling.record, Event) and telling.record.realis == realis]


def _claims(told: Sequence[Telling], act: str, embedded: Sequence[Telling]) -> list[Group]:
    """Statements of an act, and embedded events that no such statement carries; one where they speak of the same event."""
    said = [telling for telling in told if telling.kind == act]
    alone = [event for event in embedded if not any(overlap(event, statement) for statement in said)]

    def same_event(some: Telling, other: Telling) -> bool:
        return any(_alike(one, two) for one in _carried([some], embedded) for two in _carried([other], embedded))

    chosen = {telling.key for telling in (*said, *alone)}
    return merged([telling for telling in told if telling.key in chosen], aimed_at, same_event)


def _carried(group: Group, embedded: Sequence[Telling]) -> list[Telling]:
    return [event for event in embedded if any(event is member or overlap(event, member) for member in group)]


def _alike(some: Telling, other: Telling) -> bool:
    """Whether two events are of one type and of common parties."""
    targets = share(some.toward, other.toward) or not (some.toward and other.toward)
    return some.kind == other.kind and share(some.doers, other.doers) and targets


def _types(events: Sequence[Telling]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(event.kind for event in events))


def _prediction(group: Group, embedded: Sequence[Telling], actual: Sequence[Telling], last: str | None) -> Prediction:
    carried, begin = _carried(group, embedded), since(group)
    # A foreseen deed comes true by the deed, not by words about it.
    foretold = [event for event in carried if quad(event.kind).startswith("material")] or carried
    due = max((end for event in foretold if (end := _own_last(event)) and (not begin or end >= begin)), default=None)
    status: PredictionStatus = "open"
    answers: tuple[Answer, ...] = ()
    if not any(negated(member.words) for member in group):
        happened = [e for e in actual if any(_alike(e, event) for event in foretold) and happened_after(e, begin)]
        if happened:
            status, answers = "came true", (_answer(happened[0], "came true"),)
        elif due and last and last > due:
            status = "did not"
    return Prediction(
        id=content_id("prediction", group[0].key),
        by=doers([member for member in group if isinstance(member.record, Statement)]),
        to=facing(group, aimed_at) or distinct(actor for event in foretold for actor in (*event.doers, *event.toward)),
        words=fullest(group),
        since=begin,
        evidence=tuple(map(evidence, group)),
        answers=answers,
        status=status,
        foretold=_types(foretold),
        due=due,
    )


def _own_last(event: Telling) -> str | None:
    bounds = days(event.record.date)
    return bounds[1] if bounds else None


def _denial(group: Group, embedded: Sequence[Telling], actual: Sequence[Telling]) -> Denial:
    denied = _carried(group, embedded)
    against = [event for event in actual if any(_alike(event, other) for other in denied) and _can_contradict(event, group)]
    status: DenialStatus = "contradicted" if against else "standing"
    return Denial(
        id=content_id("denial", group[0].key),
        by=doers(group),
        to=facing(group, aimed_at),
        words=fullest(group),
        since=since(group),
        evidence=tuple(map(evidence, group)),
        answers=tuple(_answer(event, "contradicted") for event in against[:1]),
        status=status,
        denied=_types(denied),
    )


def _can_contradict(event: Telling, group: Group) -> bool:
    begin = since(group)
    if begin is None or event.first is None or any(overlap(event, member) for member in group):
        return False
    if event.dated:
        return event.first >= (date.fromisoformat(begin) - timedelta(days=LOOK_BACK)).isoformat()
    return event.first >= begin and event.doc_id not in {member.doc_id for member in group}


def _answer(event: Telling, status: str) -> Answer:
    return Answer(event.kind, event.doers, event.first, status, evidence(event))


def _shift(group: Group, said: Sequence[Telling]) -> Shift:
    clarified = group[0]
    earlier = [telling for telling in said if _may_be_replaced(telling, clarified)]
    replaced = max(earlier, key=lambda telling: _nearness(telling, clarified), default=None)
    pointer: Evidence | None = evidence(replaced) if replaced else None
    return Shift(
        id=content_id("shift", clarified.key),
        by=doers(group),
        to=facing(group, aimed_at),
        words=fullest(group),
        since=since(group),
        evidence=tuple(map(evidence, group)),
        status="linked" if replaced else "unlinked",
        replaces=pointer,
        replaced_words=replaced.words if replaced else None,
    )


def _may_be_replaced(telling: Telling, clarified: Telling) -> bool:
    if telling.kind == "CLARIFY" or overlap(telling, clarified) or telling.first is None or clarified.first is None:
        return False
    before = telling.first < clarified.first or (
        telling.first == clarified.first and telling.doc_id == clarified.doc_id and telling.span < clarified.span
    )
    about, other = aimed_at(telling), aimed_at(clarified)
    return before and _same_speaker(telling, clarified) and (not about or not other or share(about, other))


def _same_speaker(some: Telling, other: Telling) -> bool:
    """One person where both are named, otherwise one principal."""
    people, others = ({actor.name for actor in t.doers if actor.name} for t in (some, other))
    if people and others:
        return bool(people & others)
    return bool(principals(some.doers) & principals(other.doers))


def _nearness(telling: Telling, clarified: Telling) -> tuple[str, int, tuple[str, str, tuple[int, int]]]:
    return (telling.first or "", len(topics(telling.words) & topics(clarified.words)), telling.place)
