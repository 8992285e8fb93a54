"""One telling: an event or statement with the document that tells it; and what the ledger, incidents and pages share in reading them: days,
principals, words cut to their stems.
"""

from __future__ import annotations

import json
import re
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as calendar_date
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from melian.records import Actor, CodedDocument, Document, Event, Span, Statement, content_id

_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d[\d,.]*\d|\d")
_STEM = 6  # letters of a word that count: "guarantee" and "guarantees", "withdraw" and "withdrawal" are one
SURE, SURE_UNDATED = 0.6, 0.8
"""Least score of a record that may move a status of the ledger: the coder is surer of it than of the least that it writes down, and much surer where the words
give no day, since old news and suppositions are told without one."""


@cache
def vocabulary() -> dict[str, Any]:
    """Word lists: stop words, speech verbs, negations, loosely named blocs with their members."""
    table: dict[str, Any] = json.loads(files(__package__).joinpath("words.json").read_text(encoding="utf-8"))
    return table


@dataclass(frozen=True, slots=True)
class Telling:
    """An event or a statement as one document tells it.

    `key` names it in pages and links (a content hash, after "e" or "s"), `span` and `words` are its evidence or
    content. `first` and `last` are the days that it happened between (ISO), by its own date when `dated`, otherwise by
    the document's day of publication; None when neither is known.
    """

    key: str
    doc_id: str
    record: Event | Statement
    span: Span
    words: str
    first: str | None
    last: str | None
    dated: bool

    @property
    def kind(self) -> str:
        """The event's type or the statement's act."""
        return self.record.type if isinstance(self.record, Event) else self.record.act

    @property
    def doers(self) -> tuple[Actor, ...]:
        """Who acts or speaks."""
        return self.record.source if isinstance(self.record, Event) else self.record.speaker

    @property
    def toward(self) -> tuple[Actor, ...]:
        """Whom it concerns: the target, or those spoken to and about."""
        return self.record.target if isinstance(self.record, Event) else self.record.addressee + self.record.about

    @property
    def place(self) -> tuple[str, str, Span]:
        """Sorts tellings in time, then by document and place in the text; the undated come last."""
        return (self.first or "9999", self.doc_id, self.span)


def is_sure(telling: Telling) -> bool:
    """Whether a telling may move a status."""
    score = telling.record.score
    return score is None or score >= (SURE if telling.dated else SURE_UNDATED)


def tellings(coded: Sequence[CodedDocument], documents: Mapping[str, Document]) -> tuple[Telling, ...]:
    """All events and statements of all documents in time order, whatever the order that they were given in.

    A coded document whose text is not among `documents` is told without words.
    """
    found = {
        telling.key: telling
        for document in coded
        for telling in _of_document(document, documents[document.doc_id].text if document.doc_id in documents else "")
    }
    return tuple(sorted(found.values(), key=lambda telling: (*telling.place, telling.key)))


def _of_document(document: CodedDocument, text: str) -> Iterable[Telling]:
    records: tuple[Event | Statement, ...] = (*document.events, *document.statements)
    for record in records:
        span = record.evidence if isinstance(record, Event) else record.content
        own = days(record.date)
        first, last = own or days(document.published) or (None, None)
        words = squeeze(text[span[0] : span[1]])
        yield Telling(telling_key(document.doc_id, record), document.doc_id, record, span, words, first, last, own is not None)


def telling_key(doc_id: str, record: Event | Statement) -> str:
    """The name of a telling in pages and links: "e" or "s" and a content hash."""
    if isinstance(record, Event):
        return "e" + content_id(doc_id, record.id or (record.type, record.evidence, names(record)))
    return "s" + content_id(doc_id, record.id or (record.act, record.content, names(record)))


def names(record: Event | Statement) -> tuple[str, ...]:
    """What tells two records over the same span apart: realis or quote, and the parties."""
    if isinstance(record, Event):
        return (record.realis, *sorted(principals(record.source)), ">", *sorted(principals(record.target)))
    return (record.quote, *sorted(principals(record.speaker)))


def squeeze(text: str) -> str:
    """The text on one line, with single spaces."""
    return " ".join(text.split())


def days(date: str | None) -> tuple[str, str] | None:
    """First and last day that an ISO date, month, year or span covers; None when it is none of them."""
    if not date:
        return None
    start, _, end = date.partition("/")
    first, last = _DATE.match(start), _DATE.match(end or start)
    if not (first and last):
        return None
    year, month = int(last[1]), int(last[2] or 12)
    try:
        begin = calendar_date(int(first[1]), int(first[2] or 1), int(first[3] or 1))
        close = calendar_date(year, month, int(last[3] or monthrange(year, month)[1]))
    except ValueError:  # the thirteenth month, the thirtieth of February
        return None
    return (begin.isoformat(), close.isoformat()) if begin <= close else None


def principals(actors: Iterable[Actor]) -> frozenset[str]:
    """The ids acted for; an actor without an id stands under its name."""
    return frozenset(party for actor in actors if (party := actor.id or actor.name))


@lru_cache(maxsize=65536)
def stems(words: str) -> frozenset[str]:
    """The words that carry meaning, lower-cased and cut to six letters; stop words and verbs of speech left out."""
    bare = {re.sub(r"['’]s?$", "", word) for word in _WORD.findall(words.lower())}
    return frozenset(word[:_STEM] for word in bare - _passed_over() if len(word) > 1)


@cache
def _passed_over() -> frozenset[str]:
    return frozenset(vocabulary()["stop"]) | frozenset(vocabulary()["speech"])


def negated(words: str) -> bool:
    """Whether the words hold a negation ("unless", "did not", "fails to")."""
    lower = words.lower().replace("’", "'")
    return "n't" in lower or not set(_WORD.findall(lower)).isdisjoint(vocabulary()["negations"])
