"""A judgement: what one person says about records at one time. It is never changed; another judgement takes it back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal, get_args

import msgspec

from melian.errors import RecordError, UnreadableInput
from melian.records import Event, Span, Statement, content_id

Kind = Literal["accept", "reject", "correct", "merge", "split", "note", "add", "undo"]
What = Literal["event", "statement", "incident", "entry", "document"]
KINDS: tuple[Kind, ...] = get_args(Kind)
VERDICTS: tuple[Kind, ...] = ("accept", "reject")

_HEX = re.compile(r"[0-9a-f]{16}")


class Neighbour(msgspec.Struct, frozen=True, kw_only=True):
    """Another record that the machine read from overlapping words: its id, type or act, and span."""

    id: str
    kind: str
    span: Span


class EntryReading(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the ledger as it was when it was judged: its kind ("demand", …), status, words, and first day."""

    kind: str
    status: str | None = None
    words: str | None = None
    since: str | None = None


class Reading(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A record as the machine had it when it was judged, so that it can be found again after the coder has changed.

    `doc` is None for ledger entries, `event` and `statement` for documents, entries and what a person adds.
    """

    id: str
    doc: str | None = None
    event: Event | None = None
    statement: Statement | None = None
    entry: EntryReading | None = None
    beside: tuple[Neighbour, ...] = ()


class Judgement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a person says about records.

    `id` is the hash of all that the person gave (not of `what` and `reading`, which follow from the record); `about` are the ids
    (hex) of the records; of a `split`, the first is parted from the others. `field` and `value` are those of a `correct`; an `add`
    has its document and record in `value`. `by` is the analyst's name, `when` is UTC, `undoes` the judgement that an `undo` takes
    back.
    """

    id: str
    kind: Kind
    about: tuple[str, ...] = ()
    field: str | None = None
    value: Any = None
    note: str | None = None
    by: str
    when: datetime
    undoes: str | None = None
    what: What | None = None
    reading: tuple[Reading, ...] = ()


def made(
    kind: Kind,
    about: Sequence[str],
    by: str,
    when: datetime,
    *,
    field: str | None = None,
    value: Any = None,
    note: str | None = None,
    undoes: str | None = None,
    what: What | None = None,
    reading: Sequence[Reading] = (),
) -> Judgement:
    """A judgement with its id.

    Raises:
        RecordError: nobody is named in `by`, or the name does not fit on one line.
    """
    name = by.strip()
    if not name or not name.isprintable():
        raise RecordError("a judgement needs its analyst's name, on one line; give it with --by or in MELIAN_ANALYST")
    when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    told = (kind, tuple(about), field, _sorted_json(value), note, name, when.isoformat(timespec="microseconds"), undoes)
    return Judgement(
        id=content_id("judgement", *told),
        kind=kind,
        about=tuple(about),
        field=field,
        value=value,
        note=note,
        by=name,
        when=when,
        undoes=undoes,
        what=what,
        reading=tuple(reading),
    )


def order(judgement: Judgement) -> tuple[datetime, str]:
    """Judgements hold in this order, whatever order they came in: the time that they were made, then their ids."""
    return (judgement.when, judgement.id)


def to_line(judgement: Judgement) -> bytes:
    """One line of JSON, UTF-8, without the line break."""
    return _encoder.encode(judgement)


def from_line(line: bytes | str, where: str | None = None) -> Judgement:
    """Read a line that `to_line` wrote.

    Raises:
        UnreadableInput: it is no judgement, or was changed after it was made; the message says what is wrong.
    """
    try:
        read = _decoder.decode(line)
        named = [read.id, *read.about, *([read.undoes] if read.undoes else [])]
        named += [each for reading in read.reading for each in (reading.id, reading.doc) if each is not None]
        if wrong := next((each for each in named if not _HEX.fullmatch(each)), None):
            raise RecordError(f"{wrong!r} is not an id of 16 hex digits")
        again = made(
            read.kind,
            read.about,
            read.by,
            read.when,
            field=read.field,
            value=read.value,
            note=read.note,
            undoes=read.undoes,
            what=read.what,
            reading=read.reading,
        )
    except (msgspec.DecodeError, RecordError) as error:
        raise UnreadableInput(f"not a judgement ({error})", where) from error
    if again.id != read.id:
        raise UnreadableInput(f"judgement {read.id} is not what it was when it was made; export it anew", where)
    return again


def value_json(value: Any) -> str:
    """A value as JSON text, the same for equal values."""
    return _sorted_json(value)


def _sorted_json(value: Any) -> str:
    return msgspec.json.encode(value, order="sorted").decode()


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Judgement)
