"""Small records for the tests of incidents: reports of a few lines, put into a record in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import duckdb

from melian.crisis.incidents import update
from melian.crisis.record import rows, schema
from melian.records import Actor, CodedDocument, Document, Event, Quantity, Statement

Report = tuple[Document, CodedDocument]
RUS = Actor(id="RUS", sector="GOV")
UKR = Actor(id="UKR", sector="GOV")
USA = Actor(id="USA", sector="GOV")
IRN = Actor(id="IRN", sector="MIL")
GBR = Actor(id="GBR", sector="GOV")


def record() -> duckdb.DuckDBPyConnection:
    """An empty record in memory."""
    connection = duckdb.connect()
    schema.create(connection)
    return connection


def event(text: str, words: str, type_: str, source: Sequence[Actor], target: Sequence[Actor] = (), **more: Any) -> Event:
    """An event whose evidence is some words of the text."""
    start = text.index(words)
    number = more.pop("number", None)
    quantity = Quantity(value=number[0], unit=number[1]) if number else None
    return Event(
        type=type_,
        source=tuple(source),
        target=tuple(target),
        evidence=(start, start + len(words)),
        quantity=quantity,
        **more,
    )


def said(text: str, words: str, act: str, speaker: Sequence[Actor], **more: Any) -> Statement:
    """A statement whose content is some words of the text."""
    start = text.index(words)
    return Statement(act=act, speaker=tuple(speaker), content=(start, start + len(words)), **more)


def report(day: str | None, outlet: str | None, text: str, *found: Event | Statement) -> Report:
    """A coded report."""
    coded = CodedDocument(
        doc_id=f"{outlet} {day}",
        published=day,
        outlet=outlet,
        events=tuple(each for each in found if isinstance(each, Event)),
        statements=tuple(each for each in found if isinstance(each, Statement)),
    )
    return Document(
        doc_id=coded.doc_id, text=text, published=day, published_from="given" if day else "none", outlet=outlet
    ), coded


def find_copies(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill `copies` with reports of the very same text: the earliest stands for the others."""
    connection.execute("DELETE FROM copies")
    connection.execute(
        "INSERT INTO copies SELECT id, first_value(id) OVER (PARTITION BY text ORDER BY published NULLS LAST, id) FROM documents "
        "QUALIFY count(*) OVER (PARTITION BY text) > 1"
    )


def put(connection: duckdb.DuckDBPyConnection, reports: Iterable[Report]) -> list[int]:
    """Add reports and bring the incidents up."""
    new = rows.add(connection, reports)
    find_copies(connection)
    update(connection, new)
    return new


def incidents(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """All incidents, by id."""
    return rows.fetch(connection, "SELECT * FROM incidents ORDER BY id")


def groups(connection: duckdb.DuckDBPyConnection) -> list[list[str]]:
    """The evidence of each incident's tellings, in alphabetical order."""
    found = connection.execute(
        "SELECT list(substring(d.text, e.start + 1, e.stop - e.start) ORDER BY d.outlet, e.start) FROM incident_tellings t "
        "JOIN events e ON e.id = t.event JOIN documents d ON d.id = e.doc GROUP BY t.incident"
    ).fetchall()
    return sorted(sorted(row[0]) for row in found)


def state(connection: duckdb.DuckDBPyConnection) -> tuple[list[Any], list[Any]]:
    """All that is shown of incidents, for comparing two records."""
    told = connection.execute("SELECT * FROM incident_tellings ORDER BY event").fetchall()
    return connection.execute("SELECT * FROM incidents ORDER BY id").fetchall(), told


def ids(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Event ids by outlet (for reports of one event each)."""
    return dict(connection.execute("SELECT d.outlet, e.id FROM events e JOIN documents d ON d.id = e.doc").fetchall())
