"""What an id stands for: an event, a statement, an incident, an entry of the ledger or a document."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import msgspec

from melian.crisis.judgements.judgement import EntryReading, Neighbour, Reading, What
from melian.crisis.record.bulk import ids_table
from melian.crisis.record.rows import event, fetch, hex_id, number, statement
from melian.errors import RecordError, UnknownId
from melian.records import Span

LETTERS: dict[str, What] = {
    "e": "event",
    "s": "statement",
    "i": "incident",
    "t": "document",
    **dict.fromkeys("dorpnh", "entry"),
}
"""The letter that may stand before an id, and what it says the id is of."""

ENTRY_LETTERS = {"demand": "d", "offer": "o", "redline": "r", "prediction": "p", "denial": "n", "shift": "h"}
_ID = re.compile(r"([a-z]?)([0-9a-f]{16})")


@dataclass(frozen=True, slots=True)
class Target:
    """A record that is to be judged.

    `id` is in hex digits, `reading` the record as the machine has it now, `entry` the kind of a ledger entry.
    """

    id: str
    what: What
    reading: Reading
    entry: str | None = None


def parse(given: str) -> tuple[str, str]:
    """The letter (or "") and the sixteen hex digits of an id as a person gives it.

    Raises:
        UnknownId: it has not the form of an id.
    """
    found = _ID.fullmatch(given.strip().lower())
    if not found or (found[1] and found[1] not in LETTERS):
        raise UnknownId(
            f"{given!r} is not an id: it has 16 digits from 0 to f, with or without a letter before them for what it is of "
            "(e event, s statement, i incident, t document, d demand, o offer, r red line, p prediction, n denial, h shift)"
        )
    return found[1], found[2]


def find(connection: duckdb.DuckDBPyConnection, given: Sequence[str]) -> dict[str, Target]:
    """What each id stands for.

    Args:
        connection: the record.
        given: ids, with or without a letter.

    Returns:
        The targets by id as given. An id of both an event and an incident or an entry is the event unless its letter says
        otherwise.

    Raises:
        UnknownId: the record has nothing of that id, or something else than its letter says.
    """
    parsed = {each: parse(each) for each in given}
    entries = entries_among(connection, {digits for _, digits in parsed.values()})
    records = lookup(connection, {digits for _, digits in parsed.values()})
    found: dict[str, Target] = {}
    for each, (letter, digits) in parsed.items():
        wanted = LETTERS.get(letter)
        some, others = (entries, records) if wanted == "entry" else (records, entries)
        target = some.get(digits) or others.get(digits)
        if target is None:
            raise UnknownId(f"nothing in this record has the id {digits}")
        if wanted == "incident" and target.what == "event":
            target = Target(target.id, "incident", target.reading)
        elif wanted and (wanted != target.what or (target.entry and letter != ENTRY_LETTERS.get(target.entry))):
            raise UnknownId(f"{each}: the id {digits} is of {_described(target)}; leave the letter {letter!r} out")
        found[each] = target
    return found


def lookup(connection: duckdb.DuckDBPyConnection, ids: Iterable[str]) -> dict[str, Target]:
    """The events, statements and documents among some ids (hex digits), by id."""
    ids_table(connection, "sought", (number(each) for each in ids))
    found: dict[str, Target] = {}
    for row in fetch(connection, "SELECT d.id FROM documents d SEMI JOIN sought USING (id)"):
        key = hex_id(row["id"])
        found[key] = Target(key, "document", Reading(id=key, doc=key))
    _records(connection, "statement", found)
    _records(connection, "event", found)
    return found


def entries_among(connection: duckdb.DuckDBPyConnection, ids: Iterable[str]) -> dict[str, Target]:
    """The ledger entries among some ids (hex digits), by id; one that was judged is known though it is in the ledger no more."""
    ids_table(connection, "sought", (number(each) for each in ids))
    found = {reading.id: reading for reading in _judged_entries(connection)}
    for row in fetch(connection, "SELECT e.id, e.kind, e.status, e.words, e.since FROM entries e SEMI JOIN sought USING (id)"):
        key = hex_id(row["id"])
        since = row["since"].isoformat() if hasattr(row["since"], "isoformat") else row["since"]
        entry = EntryReading(kind=row["kind"], status=row["status"], words=row["words"], since=since)
        found[key] = Reading(id=key, entry=entry)
    return {key: Target(key, "entry", reading, reading.entry.kind if reading.entry else None) for key, reading in found.items()}


def tellings(connection: duckdb.DuckDBPyConnection, incident: str) -> list[str]:
    """The ids of the events that an incident is told by; the event itself where it is in no incident."""
    query = (
        "SELECT event FROM incident_tellings WHERE incident = (SELECT incident FROM incident_tellings WHERE event = ?) "
        "ORDER BY event"
    )
    return [hex_id(row["event"]) for row in fetch(connection, query, [number(incident)])] or [incident]


def records_of(connection: duckdb.DuckDBPyConnection, document: str) -> list[str]:
    """The ids of a document's events and statements, with their letters; rejected ones too."""
    found: list[str] = []
    for letter, what in (("e", "event"), ("s", "statement")):
        query = f"SELECT id FROM coded_{what}s WHERE doc = ? UNION SELECT id FROM corrected_{what}s WHERE doc = ? ORDER BY id"
        found += [letter + hex_id(row["id"]) for row in fetch(connection, query, [number(document)] * 2)]
    if not found:
        raise RecordError(f"document {document} has neither events nor statements")
    return found


def text_of(connection: duckdb.DuckDBPyConnection, document: str) -> tuple[str, str | None] | None:
    """A document's text and day of publication; None where the record does not have it."""
    rows = fetch(connection, "SELECT text, published FROM documents WHERE id = ?", [number(document)])
    if not rows:
        return None
    published = rows[0]["published"]
    return rows[0]["text"], published.isoformat() if published else None


def beside(connection: duckdb.DuckDBPyConnection, what: str, document: str, span: Span, own: str) -> tuple[Neighbour, ...]:
    """The other records that the machine reads from overlapping words: id, type or act, and span."""
    kind = "type" if what == "event" else "act"
    query = (
        f"SELECT id, {kind} AS kind, start, stop FROM coded_{what}s "
        "WHERE doc = ? AND start < ? AND stop > ? AND id <> ? ORDER BY id"
    )
    rows = fetch(connection, query, [number(document), span[1], span[0], number(own)])
    return tuple(Neighbour(id=hex_id(row["id"]), kind=row["kind"], span=(row["start"], row["stop"])) for row in rows)


def _records(connection: duckdb.DuckDBPyConnection, what: What, found: dict[str, Target]) -> None:
    """Events or statements among the ids sought: as the machine reads them, or as a person added them."""
    table, kind = f"{what}s", "type" if what == "event" else "act"
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE sought_records AS "
        f"SELECT r.* FROM corrected_{table} r SEMI JOIN sought USING (id) ANTI JOIN coded_{table} USING (id) "
        f"UNION ALL BY NAME SELECT r.* FROM coded_{table} r SEMI JOIN sought USING (id)"
    )
    others: dict[int, list[Neighbour]] = defaultdict(list)
    query = (
        f"SELECT s.id AS own, c.id, c.{kind} AS kind, c.start, c.stop FROM sought_records s JOIN coded_{table} c ON c.doc = s.doc "
        "AND c.start < s.stop AND c.stop > s.start AND c.id <> s.id ORDER BY c.id"
    )
    for row in fetch(connection, query):
        others[row["own"]].append(Neighbour(id=hex_id(row["id"]), kind=row["kind"], span=(row["start"], row["stop"])))
    read: Any = event if what == "event" else statement
    for row in fetch(connection, "FROM sought_records"):
        key, doc = hex_id(row["id"]), hex_id(row["doc"])
        found[key] = Target(key, what, Reading(id=key, doc=doc, beside=tuple(others[row["id"]]), **{what: read(row)}))


def _judged_entries(connection: duckdb.DuckDBPyConnection) -> list[Reading]:
    """Entries among the ids sought as they were when they were judged, the latest last."""
    query = (
        "SELECT j.reading FROM (SELECT id, unnest(about) AS record FROM judgements WHERE what = 'entry') n "
        "JOIN sought s ON s.id = n.record JOIN judgements j ON j.id = n.id "
        "WHERE j.reading IS NOT NULL AND j.what = 'entry' ORDER BY j.\"when\", j.id"
    )
    rows = fetch(connection, query)
    return [reading for row in rows for reading in msgspec.json.decode(row["reading"], type=tuple[Reading, ...])]


def _described(target: Target) -> str:
    return f"a ledger entry ({target.entry})" if target.entry else f"{'an' if target.what == 'event' else 'a'} {target.what}"
