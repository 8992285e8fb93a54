"""The reports as the page shows them: each text with its marks, and under it how every record was read from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from melian.records import CodedDocument, Document, Event, Statement
from melian.views.filters import published as published_words
from melian.views.filters import web_link
from melian.views.headings import heading
from melian.views.lines import record_line
from melian.views.marks import Mark, Piece, marked, spans_of
from melian.views.names import place_name
from melian.views.wording import date_words, quantity_words, table

Pair = tuple[Document, CodedDocument]
_DATED_BY = {"dateline": "dated by its dateline", "text": "dated by its text"}


@dataclass(frozen=True, slots=True)
class Note:
    """How a record was read from a document: its line, further facts, what made it and how sure the coder is."""

    key: str
    kind: str
    line: str
    facts: tuple[tuple[str, str], ...]
    why: tuple[str, ...]
    score: str | None


@dataclass(frozen=True, slots=True)
class Source:
    """A document as it is shown: where it is from, its text in marked pieces, and the notes of its records."""

    anchor: str
    title: str
    outlet: str | None
    published: str
    dated_by: str  # who gave the date, where it was not the caller
    url: str | None
    paragraphs: Sequence[Sequence[Piece]]
    unplaced: tuple[tuple[int, str], ...]  # records whose span lies outside the text: linked to its head
    notes: tuple[Note, ...]

    @property
    def short(self) -> str:
        """What the report is called in a list: its outlet, or the first words of its title."""
        words = self.title.split(" ")
        return self.outlet or " ".join(words[:5]) + (" …" if words[5:] else "")


def key_of(record: Event | Statement) -> str:
    """The id of a record of the tables, as people see it."""
    return f"{'e' if isinstance(record, Event) else 's'}{record.id}"


def sources(pairs: Sequence[Pair]) -> tuple[Source, ...]:
    """The documents, in the order given; a record's number on the page is its place among all."""
    found, number = [], 0
    for document, coded in pairs:
        records: list[Event | Statement] = [*coded.events, *coded.statements]
        records.sort(key=lambda record: (record.evidence if isinstance(record, Event) else record.content, key_of(record)))
        found.append(_source(document, coded, records, number))
        number += len(records)
    return tuple(found)


def _source(document: Document, coded: CodedDocument, records: Sequence[Event | Statement], number: int) -> Source:
    numbers = {f"m-{key_of(record)}": number + n for n, record in enumerate(records)}
    marks: list[Mark] = [
        mark for anchor, record in zip(numbers, records, strict=True) for mark in spans_of(record, numbers[anchor], anchor)
    ]
    paragraphs = marked(document.text, marks)
    moment = datetime.fromisoformat(document.published_at) if document.published_at else None
    placed = {anchor for paragraph in paragraphs for piece in paragraph for _, anchor in piece.anchors}
    return Source(
        anchor=f"d-{document.doc_id}",
        title=heading({"title": document.title, "opening": document.text}),
        outlet=document.outlet,
        published=published_words({"published": document.published, "published_at": moment}),
        dated_by=_DATED_BY.get(coded.published_from, ""),
        url=web_link(document.url),
        paragraphs=paragraphs,
        unplaced=tuple((n, anchor) for anchor, n in numbers.items() if anchor not in placed),
        notes=tuple(_note(record) for record in records),
    )


def _note(record: Event | Statement) -> Note:
    facts: list[tuple[str, str | None]]
    if isinstance(record, Event):
        kind = f"Event · {record.type.lower()}{f', {record.mode}' if record.mode else ''}"
        facts = [
            ("told as", table("realis").get(record.realis) or None),
            ("date", date_words(record.date) if record.date else None),
            ("place", place_name(record.place)),
            ("number", quantity_words(record.quantity) if record.quantity else None),
        ]
    else:
        kind = f"Statement · {record.act.lower()}, {record.quote}"
        facts = [
            ("date", date_words(record.date) if record.date else None),
            ("place", place_name(record.place)),
            ("reported by", record.reported_by),
        ]
    score = f"{record.score:.0%}" if record.score is not None else None
    given = tuple((name, value) for name, value in facts if value)
    return Note(key_of(record), kind, record_line(record), given, record.why, score)
