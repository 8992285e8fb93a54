"""One document as the ledger reads it: its day, its text, and every event and statement in it.

Days are numbers (`date.toordinal`), so that they can be added to; None is a day that nobody knows.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

from melian.crisis.ledger.claiming.wording import corrects
from melian.crisis.tellings import SURE, SURE_UNDATED, days, squeeze
from melian.records import Actor, Event, Span, Statement

_SENTENCE_END = re.compile(r"[.!?][\"'”’)]*\s+(?=[\"'“‘(]?[A-Z0-9])|\n\s*\n")


@dataclass(frozen=True, slots=True)
class Record:
    """An event or a statement of a report, with the number that it has in the record of the crisis.

    `first` and `last` are the days that it happened between: by its own date where `dated`, otherwise the day of the report.
    """

    id: int
    report: int
    record: Event | Statement
    first: int | None
    last: int | None
    dated: bool

    @property
    def is_event(self) -> bool:
        return isinstance(self.record, Event)

    @property
    def what(self) -> str:
        """ "event" or "statement"."""
        return "event" if self.is_event else "statement"

    @property
    def kind(self) -> str:
        """The event's type or the statement's act."""
        return self.record.type if isinstance(self.record, Event) else self.record.act

    @property
    def mode(self) -> str | None:
        return self.record.mode if isinstance(self.record, Event) else None

    @property
    def realis(self) -> str | None:
        """How an event is told; None for a statement."""
        return self.record.realis if isinstance(self.record, Event) else None

    @property
    def span(self) -> Span:
        """Where its words stand."""
        return self.record.evidence if isinstance(self.record, Event) else self.record.content

    @property
    def doers(self) -> tuple[Actor, ...]:
        """Who acts or speaks."""
        return self.record.source if isinstance(self.record, Event) else self.record.speaker

    @property
    def toward(self) -> tuple[Actor, ...]:
        """Whom it concerns: the target, or those spoken to and about."""
        return self.record.target if isinstance(self.record, Event) else self.record.addressee + self.record.about

    @property
    def is_sure(self) -> bool:
        """Whether it may move a status."""
        score = self.record.score
        return score is None or score >= (SURE if self.dated else SURE_UNDATED)


@dataclass(frozen=True)
class Report:
    """A document: its number, day of publication, text, and records by place in the text."""

    number: int
    day: int | None
    text: str
    records: tuple[Record, ...]

    def words(self, span: Span) -> str:
        """Words of the text on one line."""
        return squeeze(self.text[span[0] : span[1]])

    def sentence(self, span: Span) -> Span:
        """The sentence, or sentences, that a span lies in."""
        ends = self._ends
        before, after = bisect_right(ends, span[0]), bisect_left(ends, span[1])
        return ends[before - 1] if before else 0, ends[after] if after < len(ends) else len(self.text)

    @cached_property
    def corrections(self) -> tuple[Span, ...]:
        """The sentences that tell that earlier words are corrected."""
        if not corrects(self.text):
            return ()
        bounds = [0, *self._ends, len(self.text)]
        return tuple((a, b) for a, b in pairwise(bounds) if corrects(self.words((a, b))))

    @cached_property
    def _ends(self) -> list[int]:
        """Where sentences end and the next begin."""
        return [match.end() for match in _SENTENCE_END.finditer(self.text)]


def report(
    number: int,
    published: str | None,
    text: str,
    events: Iterable[tuple[int, Event]],
    statements: Iterable[tuple[int, Statement]],
) -> Report:
    """A document for the ledger.

    Args:
        number: the document's id.
        published: ISO date of the document.
        text: its text.
        events, statements: its records, each with its id.
    """
    own = _numbers(published)
    given: list[tuple[int, Event | Statement]] = [*events, *statements]
    found = [_record(number, id_, record, own) for id_, record in given]
    return Report(number, own[0] if own else None, text, tuple(sorted(found, key=lambda r: (r.span, r.what, r.id))))


def overlap(some: Span, other: Span) -> bool:
    """Whether two spans of one document share a character."""
    return some[0] < other[1] and other[0] < some[1]


def day_number(day: date | None) -> int | None:
    """A day as a number."""
    return day.toordinal() if day else None


def day_text(day: int | None) -> str | None:
    """A day as ISO text."""
    return date.fromordinal(day).isoformat() if day else None


def _record(report: int, id_: int, record: Event | Statement, published: tuple[int, int] | None) -> Record:
    own = _numbers(record.date)
    first, last = own or published or (None, None)
    return Record(id_, report, record, first, last, own is not None)


def _numbers(day: str | None) -> tuple[int, int] | None:
    bounds = days(day)
    return (date.fromisoformat(bounds[0]).toordinal(), date.fromisoformat(bounds[1]).toordinal()) if bounds else None
