"""Between the ledger's claims, acts and statements and the rows of their tables, both ways, and documents read from a record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import duckdb

from melian.crisis.ledger.claim import Act, Claim, Pattern
from melian.crisis.ledger.parties import civil, parties
from melian.crisis.ledger.report import Report, day_number, day_text, report
from melian.crisis.ledger.shifts import Said
from melian.crisis.record import rows as records
from melian.crisis.record.bulk import ids_table
from melian.records import Actor

_AT_ONCE = 500

CLAIM_COLUMNS = (
    'kind, id, doc, day, "by", "to", events, statements, start, stop, words, firm, open, condition_start, condition_stop, patterns, '
    "threatened, due, probability, cue, corrects, perhaps"
)


def reports(connection: duckdb.DuckDBPyConnection, documents: Sequence[int]) -> Iterator[Report]:
    """Documents of a record with their events and statements as the judgements leave them."""
    for start in range(0, len(documents), _AT_ONCE):
        some = documents[start : start + _AT_ONCE]
        ids_table(connection, "ledger_reading", some)
        events, statements = _by_document(connection, "events"), _by_document(connection, "statements")
        query = "SELECT id, CAST(published AS VARCHAR), text FROM documents SEMI JOIN ledger_reading USING (id) ORDER BY id"
        for number, published, text in connection.execute(query).fetchall():
            yield report(
                number,
                published,
                text,
                ((row["id"], records.event(row)) for row in events[number]),
                ((row["id"], records.statement(row)) for row in statements[number]),
            )


def _by_document(connection: duckdb.DuckDBPyConnection, view: str) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in records.fetch(connection, f"SELECT r.* FROM {view} r SEMI JOIN ledger_reading l ON l.id = r.doc"):
        found[row["doc"]].append(row)
    return found


def claim_row(claim: Claim) -> dict[str, Any]:
    """A claim's own columns of `ledger_claims`."""
    condition = claim.condition or (None, None)
    return {
        "kind": claim.kind,
        "id": claim.id,
        "doc": claim.report,
        "day": day_text(claim.day),
        "by": [_actor_row(actor) for actor in claim.by],
        "to": [_actor_row(actor) for actor in claim.to],
        "own": sorted(parties(claim.by)),
        "civil": civil(claim.by),
        "facing": sorted(parties(claim.to)),
        "events": claim.events,
        "statements": claim.statements,
        "start": claim.span[0],
        "stop": claim.span[1],
        "words": claim.words,
        "firm": claim.firm,
        "open": claim.open,
        "condition_start": condition[0],
        "condition_stop": condition[1],
        "patterns": [{"type": p.type, "mode": p.mode, "doers": p.doers, "toward": p.toward} for p in claim.patterns],
        "threatened": claim.threatened,
        "due": day_text(claim.due),
        "probability": claim.probability,
        "cue": claim.cue,
        "corrects": claim.corrects,
        "perhaps": claim.perhaps,
    }


def claim_of_row(row: dict[str, Any]) -> Claim:
    """The claim of a row of `ledger_claims`."""
    start, stop = row["condition_start"], row["condition_stop"]
    return Claim(
        kind=row["kind"],
        id=row["id"],
        report=row["doc"],
        day=day_number(row["day"]),
        by=tuple(map(_actor, row["by"])),
        to=tuple(map(_actor, row["to"])),
        events=tuple(row["events"]),
        statements=tuple(row["statements"]),
        span=(row["start"], row["stop"]),
        words=tuple(row["words"]),
        firm=row["firm"],
        open=row["open"],
        condition=(start, stop) if start is not None and stop is not None else None,
        patterns=tuple(map(_pattern, row["patterns"])),
        threatened=tuple(row["threatened"]),
        due=day_number(row["due"]),
        probability=row["probability"],
        cue=tuple(row["cue"]),
        corrects=row["corrects"],
        perhaps=row["perhaps"],
    )


def act_row(act: Act) -> dict[str, Any]:
    """The row of `ledger_acts` of an act."""
    return {
        "id": act.id,
        "is_event": act.is_event,
        "doc": act.report,
        "kind": act.kind,
        "mode": act.mode,
        "doers": act.doers,
        "toward": act.toward,
        "civil": act.civil,
        "day": day_text(act.day),
        "until": day_text(act.until),
        "dated": act.dated,
        "start": act.span[0],
        "stop": act.span[1],
        "words": act.words,
        "named": act.named,
        "about": act.about,
        "near": act.near,
        "part": act.part,
        "drops": act.drops,
    }


def act_of_row(row: dict[str, Any]) -> Act:
    """The act of a row of `ledger_acts`."""
    return Act(
        id=row["id"],
        report=row["doc"],
        is_event=row["is_event"],
        kind=row["kind"],
        mode=row["mode"],
        doers=tuple(row["doers"]),
        toward=tuple(row["toward"]),
        civil=row["civil"],
        day=day_number(row["day"]),
        until=day_number(row["until"]),
        dated=row["dated"],
        span=(row["start"], row["stop"]),
        words=tuple(row["words"]),
        named=row["named"],
        about=row["about"],
        near=row["near"],
        part=row["part"],
        drops=row["drops"],
    )


def said_row(said: Said) -> dict[str, Any]:
    """The row of `ledger_said` of a statement."""
    return {
        "id": said.id,
        "doc": said.report,
        "day": day_text(said.day),
        "speaker": sorted(said.speaker),
        "people": sorted(said.people),
        "about": sorted(said.about),
        "words": said.words,
    }


def said_of_row(row: dict[str, Any]) -> Said:
    """The statement of a row of `ledger_said`."""
    day: date = row["day"]
    return Said(
        id=row["id"],
        report=row["doc"],
        day=day.toordinal(),
        speaker=frozenset(row["speaker"]),
        people=frozenset(row["people"]),
        about=frozenset(row["about"]),
        words=tuple(row["words"]),
    )


def fetch_claims(connection: duckdb.DuckDBPyConnection, condition: str, more: str = "") -> list[tuple[Claim, dict[str, Any]]]:
    """The claims that meet a condition in SQL on `c`, with the row each (and further columns)."""
    columns = ", ".join(f"c.{name.strip()}" for name in CLAIM_COLUMNS.split(","))
    found = records.fetch(connection, f"SELECT {columns}{more} FROM ledger_claims c {condition}")
    return [(claim_of_row(row), row) for row in found]


def actors_json(actors: Iterable[Actor]) -> list[dict[str, Any]]:
    """Actors as the tables keep them."""
    return [_actor_row(actor) for actor in actors]


def _actor_row(actor: Actor) -> dict[str, Any]:
    return {"id": actor.id, "sector": actor.sector, "name": actor.name, "role": actor.role, "country": actor.country}


def _actor(row: dict[str, Any]) -> Actor:
    return Actor(id=row["id"], sector=row["sector"], name=row["name"], role=row["role"], country=row["country"])


def _pattern(row: dict[str, Any]) -> Pattern:
    return Pattern(type=row["type"], mode=row["mode"], doers=tuple(row["doers"]), toward=tuple(row["toward"]))
