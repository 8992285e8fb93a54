"""Rows of an event file brought together by their day, without holding more than one day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from melian.errors import InputError
from melian.records import CodedDocument, Document, Event, content_id

MOST = 20_000  # rows of one document; what a day has beyond that goes into a further one

_encoder = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Row:
    """One event with its day (ISO)."""

    day: str
    event: Event


def by_day(
    rows: Iterable[Row | InputError], project: str, file: str, where: str
) -> Iterator[tuple[Document, CodedDocument] | InputError]:
    """A document for each run of rows of one day.

    The document's title holds a hash of its rows: the same rows are the same document, other rows of that day another.

    Args:
        rows: in the file's order; days that come again later give further documents.
        project: "ICEWS", "POLECAT", "GDELT"; the documents' outlet.
        file: the file's name.
        where: the file as messages call it.
    """
    day: str | None = None
    events: list[Event] = []
    for row in rows:
        if isinstance(row, InputError):
            yield row
            continue
        if events and (row.day != day or len(events) >= MOST):
            yield _document(day or row.day, events, project, file, where)
            events = []
        day = row.day
        events.append(row.event)
    if events and day:
        yield _document(day, events, project, file, where)


def _document(day: str, events: list[Event], project: str, file: str, where: str) -> tuple[Document, CodedDocument]:
    mark = content_id(*(_encoder.encode(event) for event in events))
    title = f"{project} events of {day} in {file} ({mark[:8]})"
    doc_id = content_id(title)
    document = Document(
        doc_id=doc_id, text="", published=day, published_from="given", title=title, outlet=project, origin=where
    )
    coded = CodedDocument(
        doc_id=doc_id, published=day, published_from="given", title=title, outlet=project, events=tuple(events)
    )
    return document, coded
