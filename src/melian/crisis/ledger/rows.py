"""Between the ledger's claims and acts and the rows of their tables, both ways, and documents read from a record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import duckdb

from melian.crisis.ledger.actor_numbers import ActorNumbers
from melian.crisis.ledger.claim import Act, Claim, Pattern
from melian.crisis.ledger.parties import civil
from melian.crisis.ledger.report import Report, day_number, day_text, report
from melian.crisis.record import rows as records
from melian.crisis.record.bulk import ids_table
from melian.records import Actor

_AT_ONCE = 500


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


def claim_row(claim: Claim, actors: ActorNumbers) -> dict[str, Any]:
    """A claim's own columns of `ledger_claims`; its actors must have been learned."""
    condition = claim.condition or (None, None)
    records = sorted([*((id_, True) for id_ in claim.events), *((id_, False) for id_ in claim.statements)])
    return {
        "kind": claim.kind,
        "id": claim.id,
        "is_event": records[0][1],
        "others": [{"id": id_, "is_event": is_event} for id_, is_event in records[1:]] or None,
        "doc": claim.report,
        "day": day_text(claim.day),
        "by": actors.numbers(claim.by),
        "to": actors.numbers(claim.to),
        "civil": civil(claim.by),
        "start": claim.span[0],
        "stop": claim.span[1],
        "words": claim.words,
        "firm": claim.firm,
        "open": claim.open,
        "condition_start": condition[0],
        "condition_stop": condition[1],
        "patterns": [{"type": p.type, "mode": p.mode, "doers": p.doers, "toward": p.toward} for p in claim.patterns] or None,
        "threatened": claim.threatened or None,
        "due": day_text(claim.due),
        "probability": claim.probability,
        "cue": claim.cue or None,
        "ties": claim.ties or None,
        "corrects": claim.corrects,
        "perhaps": claim.perhaps,
    }


def _claim(row: dict[str, Any], actors: ActorNumbers) -> Claim:
    start, stop = row["condition_start"], row["condition_stop"]
    records = [(row["id"], row["is_event"]), *((other["id"], other["is_event"]) for other in row["others"] or ())]
    return Claim(
        kind=row["kind"],
        id=row["id"],
        report=row["doc"],
        day=day_number(row["day"]),
        by=actors.actors(row["by"]),
        to=actors.actors(row["to"]),
        events=tuple(sorted(id_ for id_, is_event in records if is_event)),
        statements=tuple(sorted(id_ for id_, is_event in records if not is_event)),
        span=(row["start"], row["stop"]),
        words=tuple(row["words"]),
        firm=row["firm"],
        open=row["open"],
        condition=(start, stop) if start is not None and stop is not None else None,
        patterns=tuple(map(_pattern, row["patterns"] or ())),
        threatened=tuple(row["threatened"] or ()),
        due=day_number(row["due"]),
        probability=row["probability"],
        cue=tuple(row["cue"] or ()),
        ties=tuple(row["ties"] or ()),
        corrects=row["corrects"],
        perhaps=row["perhaps"],
    )


def fetch_claims(
    connection: duckdb.DuckDBPyConnection, actors: ActorNumbers, condition: str
) -> list[tuple[Claim, dict[str, Any]]]:
    """The claims that meet a condition in SQL on `ledger_members c`, with the row each."""
    rows = records.fetch(connection, f"SELECT c.* FROM ledger_members c {condition}")
    actors.fetch({number for row in rows for number in (*row["by"], *row["to"])})
    return [(_claim(row, actors), row) for row in rows]


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


def actors_of(rows: Iterable[dict[str, Any]]) -> tuple[Actor, ...]:
    """Actors out of the record's tables, without the places of their mentions."""
    return tuple(
        Actor(id=row["id"], sector=row["sector"], name=row["name"], role=row["role"], country=row["country"]) for row in rows
    )


def actors_json(actors: Iterable[Actor]) -> list[dict[str, Any]]:
    """Actors as the tables keep them."""
    return [_actor(actor) for actor in actors]


def _actor(actor: Actor) -> dict[str, Any]:
    return {"id": actor.id, "sector": actor.sector, "name": actor.name, "role": actor.role, "country": actor.country}


def _pattern(row: dict[str, Any]) -> Pattern:
    return Pattern(type=row["type"], mode=row["mode"], doers=tuple(row["doers"]), toward=tuple(row["toward"]))
