"""From what an analyst asks for to judgements: ids found, values checked, incidents and documents taken apart into their records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

import duckdb

from melian.crisis.judgements import fields, targets
from melian.crisis.judgements.judgement import Judgement, Kind, Reading, What, made, order
from melian.crisis.judgements.table import all_judgements, by_id
from melian.crisis.judgements.targets import Target
from melian.errors import RecordError, UnknownId
from melian.records import content_id

_TICK = timedelta(microseconds=1)


def prepare(
    connection: duckdb.DuckDBPyConnection,
    kind: Kind,
    ids: Sequence[str],
    by: str,
    *,
    values: Mapping[str, Any] | None = None,
    note: str | None = None,
    when: datetime | None = None,
) -> list[Judgement]:
    """The judgements that say what is asked for; `judge` puts them into the record.

    An incident stands for the events that it is told by, a document for its events and statements.

    Args:
        connection: the record, open for reading or writing.
        kind: what is done.
        ids: whom it is done to, with or without a letter. `merge` brings all of them together; `split` parts the first from the
            others, and an event alone from the rest of its incident; `add` names documents; `undo` names judgements, or nothing
            for the analyst's last.
        by: the analyst.
        values: of `correct` and `add`, values by field.
        note: words to keep with it.
        when: the time of the first one, UTC; later ones follow by a microsecond each. Now, unless given.

    Raises:
        UnknownId: the record has nothing of that id.
        CodebookError, DateError: a value that a field cannot have.
        RecordError: something else that cannot be done; the message says what can.
    """
    note = (note or "").strip() or None
    clock = _ticks(when)
    if kind == "undo":
        return _undos(connection, ids, by, note, clock)
    if not ids:
        raise RecordError(f"{kind} what? Give the ids of records; `melian show` prints them")
    if values and kind not in ("correct", "add"):
        raise RecordError(f"{kind} takes no field and no value; `correct` does")
    found = targets.find(connection, ids)
    given = [found[each] for each in dict.fromkeys(ids)]
    if kind == "add":
        return [_addition(connection, target, values or {}, by, note, next(clock)) for target in given]
    if kind in ("merge", "split"):
        groups = _linked(connection, kind, given)
        return [_made(kind, group, by, next(clock), note=note) for group in groups]
    if kind == "note":
        if not note:
            raise RecordError("a note needs its words; give them with --note")
        return [_made(kind, [target], by, next(clock), note=note) for target in given]
    if kind == "correct":
        return [each for target in given for each in _corrections(connection, target, values or {}, by, note, clock)]
    return [_made(kind, group, by, next(clock), note=note) for target in given for group in _groups(connection, target)]


def check(connection: duckdb.DuckDBPyConnection, judgement: Judgement, there: Mapping[str, Target], kind: str | None) -> None:
    """See that a judgement can hold for its records.

    Args:
        connection: the record.
        judgement: what is to be put in.
        there: the targets that the record has, by id.
        kind: the type that the judged event has (or will have, when judgements before this one hold).

    Raises:
        CodebookError, DateError, RecordError: as `prepare`.
    """
    if judgement.kind == "add":
        _check_addition(connection, judgement)
        return
    whats = {there[each].what if each in there else judgement.what for each in judgement.about}
    if judgement.kind in ("merge", "split") and (whats != {"event"} or len(set(judgement.about)) < 2):
        raise RecordError(f"{judgement.kind} needs two events or more, each named once")
    if judgement.kind in ("accept", "reject", "correct") and not whats <= {"event", "statement", "entry"}:
        raise RecordError(f"{judgement.kind} is said of events, statements and ledger entries")
    if judgement.kind == "correct":
        for each in judgement.about:
            what = there[each].what if each in there else judgement.what or "event"
            text = _text(connection, there.get(each))
            setting = fields.Setting(text, kind or (there[each].entry if each in there else None))
            value = fields.checked(what, judgement.field or "", judgement.value, setting)
            if fields_differ(value, judgement.value):
                raise RecordError(f"{judgement.field}: {judgement.value!r} must be written as {value!r}")


def fields_differ(value: Any, other: Any) -> bool:
    """Whether two JSON values are not the same; whole numbers and fractions of one size are."""
    return bool(value != other)


def hand_id(document: str, what: str, kind: str, span: Sequence[int]) -> str:
    """The id of a record that a person adds: two people who add the same get the same."""
    return content_id(document, what, kind, tuple(span), "by hand")


def _ticks(start: datetime | None) -> Iterator[datetime]:
    now = start or datetime.now(UTC)
    while True:
        yield now
        now += _TICK


def _made(kind: Kind, group: Sequence[Target], by: str, when: datetime, **more: Any) -> Judgement:
    what = group[0].what
    return made(kind, [each.id for each in group], by, when, what=what, reading=[each.reading for each in group], **more)


def _groups(connection: duckdb.DuckDBPyConnection, target: Target) -> list[list[Target]]:
    """The records that a target stands for, events and statements apart."""
    if target.what == "incident":
        return [_events(connection, target)]
    if target.what == "document":
        records = targets.records_of(connection, target.id)
        found = targets.find(connection, records)
        return [list(group) for _, group in groupby((found[each] for each in records), lambda each: each.what)]
    return [[target]]


def _events(connection: duckdb.DuckDBPyConnection, target: Target) -> list[Target]:
    if target.what != "incident":
        return [target]
    found = targets.lookup(connection, targets.tellings(connection, target.id))
    return [found[each] for each in sorted(found)]


def _linked(connection: duckdb.DuckDBPyConnection, kind: Kind, given: Sequence[Target]) -> list[list[Target]]:
    """The groups of events that a merge or a split is said of."""
    if any(each.what not in ("event", "incident") for each in given):
        raise RecordError(f"{kind} is done to events and incidents; {given[0].id} is of another sort")
    if kind == "merge":
        every = {event.id: event for each in given for event in _events(connection, each)}
        if len(every) < 2:
            raise RecordError("merge needs two events or incidents that are not one yet")
        return [[every[each] for each in sorted(every)]]
    first, rest = given[0], list(given[1:])
    if not rest:
        rest = [Target(first.id, "incident", first.reading)]
    some = {event.id: event for event in _events(connection, first)}
    others = {event.id: event for each in rest for event in _events(connection, each)}
    if first.what == "incident":  # its events that are named beside it are to leave it
        some = {each: event for each, event in some.items() if each not in others}
    else:
        others.pop(first.id, None)
    if not some or not others:
        raise RecordError("split needs something to part from something: an event and its incident, or two events")
    fewer, more = (some, others) if len(some) <= len(others) else (others, some)
    return [[event, *(more[each] for each in sorted(more))] for _, event in sorted(fewer.items())]


def _corrections(
    connection: duckdb.DuckDBPyConnection,
    target: Target,
    values: Mapping[str, Any],
    by: str,
    note: str | None,
    clock: Iterator[datetime],
) -> Iterator[Judgement]:
    if not values:
        there = ", ".join(fields.fields("event" if target.what == "incident" else target.what))
        raise RecordError(f"correct which field to which value? Fields are: {there or 'none'}")
    if target.what == "document":
        raise RecordError("a document has no fields to correct; correct its events and statements")
    group = _events(connection, target)
    what = group[0].what
    for field in sorted(values, key=lambda name: name != "type"):  # a mode is checked against the type given with it
        if len(group) > 1 and fields.form(what, field).startswith("span"):
            raise RecordError(f"{field}: each telling of an incident has its own words; correct the events one by one")
        kept: Any = None
        for each in group:
            kind = values.get("type") or each.entry or current_type(connection, each.id)
            setting = fields.Setting(_text(connection, each), kind)
            with fields.naming(field):
                kept = fields.checked(what, field, values[field], setting)
        yield _made("correct", group, by, next(clock), field=field, value=kept, note=note)


def current_type(connection: duckdb.DuckDBPyConnection, event: str) -> str | None:
    """An event's type as it is judged to be."""
    for table in ("corrected_events", "coded_events"):
        row = connection.execute(f"SELECT type FROM {table} WHERE id = ?", [int(event, 16)]).fetchone()
        if row:
            return str(row[0])
    return None


def _addition(
    connection: duckdb.DuckDBPyConnection, target: Target, values: Mapping[str, Any], by: str, note: str | None, when: datetime
) -> Judgement:
    if target.what != "document":
        raise RecordError(f"add needs a document's id (t…) for what is added to it; {target.id} is of another sort")
    found = targets.text_of(connection, target.id)
    text = found[0] if found else None
    what: What = "statement" if "act" in values else "event"
    kind, span = ("act", "content") if what == "statement" else ("type", "evidence")
    if kind not in values or span not in values:
        raise RecordError("an added event needs its type and evidence, an added statement its act and content")
    setting = fields.Setting(text, values.get("type"))
    record = {field: fields.checked(what, field, value, setting) for field, value in values.items()}
    key = hand_id(target.id, what, record[kind], record[span])
    others = targets.beside(connection, what, target.id, record[span], key)
    reading = Reading(id=key, doc=target.id, beside=others)
    return made("add", [key], by, when, value={"doc": target.id, what: record}, note=note, what=what, reading=[reading])


def _check_addition(connection: duckdb.DuckDBPyConnection, judgement: Judgement) -> None:
    value = judgement.value if isinstance(judgement.value, dict) else {}
    what = "statement" if "statement" in value else "event"
    kind, span = ("act", "content") if what == "statement" else ("type", "evidence")
    record, document = value.get(what), value.get("doc")
    if not isinstance(record, dict) or not isinstance(document, str) or kind not in record or span not in record:
        raise RecordError("an added event needs its document, type and evidence; a statement its document, act and content")
    targets.parse(document)
    found = targets.text_of(connection, document)
    setting = fields.Setting(found[0] if found else None, record.get("type"))
    kept = {field: fields.checked(what, field, each, setting) for field, each in record.items()}
    if fields_differ(kept, record) or judgement.about != (hand_id(document, what, record[kind], record[span]),):
        raise RecordError("the added record's id or a value is not in the form that is kept; make it with `prepare`")


def _undos(
    connection: duckdb.DuckDBPyConnection, ids: Sequence[str], by: str, note: str | None, clock: Iterator[datetime]
) -> list[Judgement]:
    named = [_judgement_id(each) for each in ids]
    found = by_id(connection, named)
    if missing := [each for each in named if each not in found]:
        raise UnknownId(f"there is no judgement {missing[0]} to undo; `melian judgements` lists them")
    if not named:
        named = [_last(connection, by).id]
        found = by_id(connection, named)
    return [
        made("undo", found[each].about, by, next(clock), note=note, undoes=each, what=found[each].what)
        for each in dict.fromkeys(named)
    ]


def _judgement_id(given: str) -> str:
    """The digits of a judgement's id.

    Raises:
        UnknownId: it is no id, or that of a record.
    """
    letter, digits = targets.parse(given.strip().lower().removeprefix("j"))
    if letter:
        raise UnknownId(f"{given} is the id of a record, and an undo names a judgement; `melian judgements` lists them")
    return digits


def _last(connection: duckdb.DuckDBPyConnection, by: str) -> Judgement:
    """The analyst's latest judgement that stands."""
    from melian.crisis.judgements.algebra import standing

    own = [each for each in standing(all_judgements(connection)) if each.by == by.strip()]
    if not own:
        raise RecordError(f"there is no judgement by {by} to undo")
    return max(own, key=order)


def _text(connection: duckdb.DuckDBPyConnection, target: Target | None) -> str | None:
    document = target.reading.doc if target else None
    found = targets.text_of(connection, document) if document else None
    return found[0] if found else None
