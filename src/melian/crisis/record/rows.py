"""Between records and the rows of their tables, both ways, and the adding of documents.

A document's id is the hash of its text, date, title, outlet and link: the same report is the same document whatever file it came
from. An event's or statement's id is the hash of its document, its type or act, and its span.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import duckdb
import msgspec

from melian.crisis.record.bulk import ids_table, insert
from melian.crisis.tellings import days
from melian.records import Actor, CodedDocument, Document, Event, Quantity, Span, Statement, content_id

Pair = tuple[Document, CodedDocument]
_Origin = tuple[int, str, str | None, str | None]


def document_id(document: Document) -> str:
    """Sixteen hex digits for a document as its giver dates it (a date that the coder finds in the text is no part of it)."""
    return content_id(document.text, document.published, document.title, document.outlet, document.url)


def number(hex_id: str) -> int:
    """An id as the record keeps it."""
    return int(hex_id, 16)


def hex_id(number: int) -> str:
    """An id as people see it."""
    return f"{number:016x}"


def add(connection: duckdb.DuckDBPyConnection, pairs: Iterable[Pair], coder: str = "") -> list[int]:
    """Put coded documents into the tables; one that is there already only gets its new origin noted.

    Args:
        connection: open for writing.
        pairs: documents with their records, in any order.
        coder: the version of the coder that read them.

    Returns:
        The ids of the documents that are new, in the order given.
    """
    given: dict[int, Pair] = {}
    origins: dict[_Origin, None] = {}
    moments: dict[int, str] = {}
    for document, coded in pairs:
        key = number(document_id(document))
        given.setdefault(key, (document, coded))
        origins[key, document.doc_id, document.origin, document.digest] = None
        if moment := document.published_at or coded.published_at:
            moments[key] = min(moment, moments.get(key, moment))
    ids_table(connection, "given", given)
    there = {row[0] for row in connection.execute("SELECT id FROM given SEMI JOIN documents USING (id)").fetchall()}
    new = [key for key in given if key not in there]
    _add_origins(connection, origins)
    _add_moments(connection, {key: moment for key, moment in moments.items() if key in there})
    start = connection.execute("SELECT coalesce(max(no) + 1, 0) FROM documents").fetchone()
    first = start[0] if start else 0
    now = datetime.now(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")
    insert(
        connection,
        "documents",
        (_document(*given[key], key, first + n, moments.get(key), coder, now) for n, key in enumerate(new)),
    )
    add_records(connection, [(key, given[key][1]) for key in new])
    return new


def add_records(connection: duckdb.DuckDBPyConnection, coded: Sequence[tuple[int, CodedDocument]]) -> None:
    """Append the machine's reading of documents that have none in the tables."""
    insert(connection, "coded_events", (row for key, record in coded for row in event_rows(key, record)))
    insert(connection, "coded_statements", (row for key, record in coded for row in statement_rows(key, record)))
    insert(connection, "abstentions", (row for key, record in coded for row in _abstentions(key, record)))


def event_rows(document: int, coded: CodedDocument) -> Iterator[dict[str, Any]]:
    """Rows of `coded_events`."""
    for key, event in numbered_events(document, coded):
        yield {"id": key, "doc": document, **event_row(event, coded.published)}


def numbered_events(document: int, coded: CodedDocument) -> Iterator[tuple[int, Event]]:
    """A document's events with their ids."""
    seen: Counter[tuple[str, Span]] = Counter()
    for event in sorted(coded.events, key=_event_order):
        again = seen[event.type, event.evidence]
        seen[event.type, event.evidence] += 1
        yield number(content_id(hex_id(document), "event", event.type, event.evidence, again)), event


def event_row(event: Event, published: str | None) -> dict[str, Any]:
    """An event's own columns (all but its id and document)."""
    quantity = event.quantity
    return {
        "type": event.type,
        "mode": event.mode,
        "realis": event.realis,
        "source": [_actor(actor) for actor in event.source],
        "target": [_actor(actor) for actor in event.target],
        **_days(event.date, published),
        "place": event.place,
        "place_country": event.place_country,
        "value": quantity.value if quantity else None,
        "unit": quantity.unit if quantity else None,
        "bound": quantity.bound if quantity else None,
        "start": event.evidence[0],
        "stop": event.evidence[1],
        "also": [{"start": start, "stop": stop} for start, stop in event.also],
        "score": event.score,
        "why": list(event.why),
    }


def statement_rows(document: int, coded: CodedDocument) -> Iterator[dict[str, Any]]:
    """Rows of `coded_statements`."""
    for key, statement in numbered_statements(document, coded):
        yield {"id": key, "doc": document, **statement_row(statement, coded.published)}


def numbered_statements(document: int, coded: CodedDocument) -> Iterator[tuple[int, Statement]]:
    """A document's statements with their ids."""
    seen: Counter[tuple[str, Span]] = Counter()
    for statement in sorted(coded.statements, key=_statement_order):
        again = seen[statement.act, statement.content]
        seen[statement.act, statement.content] += 1
        yield number(content_id(hex_id(document), "statement", statement.act, statement.content, again)), statement


def statement_row(statement: Statement, published: str | None) -> dict[str, Any]:
    """A statement's own columns (all but its id and document)."""
    condition, cue = statement.condition or (None, None), statement.cue or (None, None)
    return {
        "act": statement.act,
        "speaker": [_actor(actor) for actor in statement.speaker],
        "addressee": [_actor(actor) for actor in statement.addressee],
        "about": [_actor(actor) for actor in statement.about],
        "quote": statement.quote,
        "reported_by": statement.reported_by,
        **_days(statement.date, published),
        "place": statement.place,
        "start": statement.content[0],
        "stop": statement.content[1],
        "condition_start": condition[0],
        "condition_stop": condition[1],
        "cue_start": cue[0],
        "cue_stop": cue[1],
        "score": statement.score,
        "why": list(statement.why),
    }


def event(row: dict[str, Any]) -> Event:
    """The event of a row of `events` (or `coded_events`), its id in hex digits."""
    quantity = Quantity(value=row["value"], unit=row["unit"], bound=row["bound"]) if row["value"] is not None else None
    return Event(
        id=hex_id(row["id"]),
        type=row["type"],
        mode=row["mode"],
        realis=row["realis"],
        source=actors(row["source"]),
        target=actors(row["target"]),
        date=row["date"],
        place=row["place"],
        place_country=row["place_country"],
        quantity=quantity,
        evidence=(row["start"], row["stop"]),
        also=tuple((span["start"], span["stop"]) for span in row["also"]),
        score=row["score"],
        why=tuple(row["why"]),
    )


def statement(row: dict[str, Any]) -> Statement:
    """The statement of a row of `statements` (or `coded_statements`), its id in hex digits."""
    return Statement(
        id=hex_id(row["id"]),
        act=row["act"],
        speaker=actors(row["speaker"]),
        addressee=actors(row["addressee"]),
        about=actors(row["about"]),
        content=(row["start"], row["stop"]),
        quote=row["quote"],
        reported_by=row["reported_by"],
        condition=span(row["condition_start"], row["condition_stop"]),
        date=row["date"],
        place=row["place"],
        cue=span(row["cue_start"], row["cue_stop"]),
        score=row["score"],
        why=tuple(row["why"]),
    )


def fetch(connection: duckdb.DuckDBPyConnection, query: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """The rows of a query as dicts by column name."""
    cursor = connection.execute(query, list(parameters))
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def in_utc(value: Any) -> Any:
    """A value as files have it: a time, which the record keeps in UTC without saying so, says it ("2022-01-21T17:05:00Z")."""
    return f"{value.replace(tzinfo=None).isoformat(timespec='seconds')}Z" if isinstance(value, datetime) else value


def _event_order(event: Event) -> tuple[object, ...]:
    return (event.evidence, event.type, event.realis, event.mode or "", msgspec.json.encode((event.source, event.target)))


def _statement_order(statement: Statement) -> tuple[object, ...]:
    return (statement.content, statement.act, msgspec.json.encode((statement.speaker, statement.about)))


def _document(
    document: Document, coded: CodedDocument, key: int, no: int, moment: str | None, coder: str, now: str
) -> dict[str, Any]:
    published = coded.published or document.published
    return {
        "id": key,
        "no": no,
        "published": published if days(published) else None,
        "published_from": coded.published_from if coded.published else document.published_from,
        "published_at": moment,
        "title": document.title,
        "outlet": document.outlet,
        "url": document.url,
        "text": document.text,
        "links": [{"text": link.text, "url": link.url} for link in document.links],
        "notes": list(coded.notes),
        "coder": coder,
        "added": now,
    }


def _add_origins(connection: duckdb.DuckDBPyConnection, origins: Iterable[_Origin]) -> None:
    connection.execute("CREATE OR REPLACE TEMP TABLE given_origins AS FROM origins LIMIT 0")
    named = ("doc", "name", "origin", "digest")
    insert(connection, "given_origins", (dict(zip(named, origin, strict=True)) for origin in origins))
    connection.execute(
        "INSERT INTO origins SELECT DISTINCT g.* FROM given_origins g WHERE NOT EXISTS (SELECT 1 FROM origins o WHERE "
        "o.doc = g.doc AND o.origin IS NOT DISTINCT FROM g.origin AND o.digest IS NOT DISTINCT FROM g.digest)"
    )


def _add_moments(connection: duckdb.DuckDBPyConnection, moments: Mapping[int, str]) -> None:
    """Note of documents that are there already when they went out: the earliest moment that any of their givers knows."""
    for key, moment in moments.items():
        connection.execute(
            "UPDATE documents SET published_at = least(published_at, CAST($2 AS TIMESTAMP)) WHERE id = $1 AND "
            "published_at IS DISTINCT FROM least(published_at, CAST($2 AS TIMESTAMP))",
            [key, moment],
        )


def _abstentions(document: int, coded: CodedDocument) -> Iterator[dict[str, Any]]:
    for left_out in coded.abstained:
        start, stop = left_out.evidence
        yield {
            "doc": document, "type": left_out.type, "start": start, "stop": stop, "score": left_out.score, "why": left_out.why,
        }  # fmt: skip


def _days(date: str | None, published: str | None) -> dict[str, Any]:
    own = days(date)
    first, last = own or days(published) or (None, None)
    return {"date": date, "first": first, "last": last, "dated": own is not None}


def _actor(actor: Actor) -> dict[str, Any]:
    start, stop = actor.span or (None, None)
    return {
        "id": actor.id, "sector": actor.sector, "name": actor.name, "role": actor.role, "country": actor.country,
        "start": start, "stop": stop,
    }  # fmt: skip


def actors(found: Sequence[dict[str, Any]] | None) -> tuple[Actor, ...]:
    """The actors of a column of them."""
    return tuple(
        Actor(
            id=each["id"],
            sector=each["sector"],
            name=each["name"],
            role=each["role"],
            country=each["country"],
            span=span(each["start"], each["stop"]),
        )
        for each in found or ()
    )


def span(start: int | None, stop: int | None) -> Span | None:
    """A span of two columns; None where they are empty."""
    return (start, stop) if start is not None and stop is not None else None
