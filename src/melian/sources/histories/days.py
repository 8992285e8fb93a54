"""From the rows of an event file to documents: one for each day of the file, with an empty text and the day's events.

Files are mostly sorted by day, but need not be. A day is closed when many rows have come since its last, or when it has very many; if
more of its rows follow, they make a further document. What a document is called depends on its rows alone, not on the file's name or
their order, so that the same rows are the same document wherever they come from.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import msgspec

from melian.errors import InputError
from melian.records import CodedDocument, Document, Event

Coded = tuple[Document, CodedDocument]

DAY_ROWS = 20_000  # of one document
WAITING_ROWS = 60_000  # of all days that are open
SILENT_ROWS = 20_000  # after which a day is closed


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row of an event file.

    Attributes:
        day: ISO date of the event.
        event: the event; None where the codebook has no type for it.
        passed_over: why there is none, in words; rows are counted by it.
        same_as: rows with the same value tell one event twice (a meeting told from both sides).
        where: file and line.
        raw: the row's bytes.
    """

    day: str
    event: Event | None
    where: str
    raw: bytes
    passed_over: str = ""
    same_as: tuple[object, ...] | None = None


@dataclass(slots=True)
class _Day:
    day: str
    where: str
    rows: int = 0
    latest: int = 0
    events: list[Event] = field(default_factory=list)
    twice: dict[tuple[object, ...], int] = field(default_factory=dict)
    digests: list[bytes] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)

    def add(self, row: Row, number: int) -> None:
        self.rows += 1
        self.latest = number
        self.digests.append(hashlib.blake2b(row.raw, digest_size=16).digest())
        if row.event is None:
            self.passed_over[row.passed_over] += 1
            return
        known = self.twice.get(row.same_as) if row.same_as is not None else None
        if known is not None:
            told = self.events[known]
            self.events[known] = msgspec.structs.replace(told, why=(*told.why, *row.event.why))
            return
        if row.same_as is not None:
            self.twice[row.same_as] = len(self.events)
        self.events.append(row.event)

    def document(self, outlet: str) -> Coded:
        """The day as a document with its record."""
        digest = hashlib.sha256(b"".join(sorted(self.digests))).hexdigest()
        name = f"{outlet.lower()}-{self.day}-{digest[:8]}"
        title = f"{outlet} events of {self.day} ({self.rows} rows, {digest[:8]})"
        notes = [f"imported: {self.rows} rows, read from {self.where} on"]
        notes += [f"{number} rows passed over: {why}" for why, number in sorted(self.passed_over.items())]
        document = Document(
            doc_id=name,
            text="",
            published=self.day,
            published_from="given",
            title=title,
            outlet=outlet,
            origin=self.where,
            digest=digest,
        )
        coded = CodedDocument(
            doc_id=name,
            published=self.day,
            published_from="given",
            title=title,
            outlet=outlet,
            events=tuple(sorted(self.events, key=_order)),
            notes=tuple(notes),
        )
        return document, coded


def by_day(rows: Iterable[Row | InputError], outlet: str) -> Iterator[Coded | InputError]:
    """Documents for the days of a file; errors are passed on as they come."""
    open_days: dict[str, _Day] = {}
    waiting = 0
    for number, row in enumerate(rows):
        if isinstance(row, InputError):
            yield row
            continue
        if row.day not in open_days:
            for silent in [day for day in open_days.values() if number - day.latest > SILENT_ROWS]:
                waiting -= silent.rows
                yield open_days.pop(silent.day).document(outlet)
            open_days[row.day] = _Day(row.day, row.where)
        day = open_days[row.day]
        day.add(row, number)
        waiting += 1
        if day.rows >= DAY_ROWS or waiting >= WAITING_ROWS:
            full = day if day.rows >= DAY_ROWS else min(open_days.values(), key=lambda each: each.latest)
            waiting -= full.rows
            yield open_days.pop(full.day).document(outlet)
    for name in sorted(open_days):
        yield open_days[name].document(outlet)


def _order(event: Event) -> tuple[str, str, str, bytes, str, tuple[str, ...]]:
    parties = msgspec.json.encode((event.source, event.target))
    return event.type, event.mode or "", event.realis, parties, event.place or "", event.why
