"""Between the ledger's claims and acts and the rows of their tables, both ways, and documents read from a record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

import duckdb
import msgspec

from melian.crisis.ledger.claiming.claim import Act, Claim, Kind, Pattern
from melian.crisis.ledger.claiming.parties import civil
from melian.crisis.ledger.claiming.report import Report, day_text, report
from melian.crisis.ledger.keeping.actor_numbers import ActorNumbers
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
        "ahead": claim.ahead,
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


class _Other(msgspec.Struct, frozen=True, gc=False):
    id: int
    is_event: bool


class _Stored(msgspec.Struct, frozen=True, gc=False):
    """A row of `ledger_members` as it comes out, through JSON: that is several times faster than nested values one by one."""

    kind: Kind
    id: int
    is_event: bool
    others: tuple[_Other, ...] | None
    doc: int
    day: int | None
    by: tuple[int, ...]
    to: tuple[int, ...]
    start: int
    stop: int
    words: tuple[int, ...]
    firm: bool
    open: bool
    ahead: bool
    condition_start: int | None
    condition_stop: int | None
    patterns: tuple[Pattern, ...] | None
    threatened: tuple[str, ...] | None
    due: int | None
    probability: float | None
    cue: tuple[int, ...] | None
    ties: tuple[str, ...] | None
    corrects: int | None
    perhaps: int | None
    repeats: int | None
    entry: int

    def claim(self, actors: ActorNumbers) -> Claim:
        """The claim; its actors must have been looked up."""
        records = sorted([(self.id, self.is_event), *((other.id, other.is_event) for other in self.others or ())])
        start, stop = self.condition_start, self.condition_stop
        return Claim(
            kind=self.kind,
            id=self.id,
            report=self.doc,
            day=self.day,
            by=actors.actors(self.by),
            to=actors.actors(self.to),
            events=tuple(id_ for id_, is_event in records if is_event),
            statements=tuple(id_ for id_, is_event in records if not is_event),
            span=(self.start, self.stop),
            words=self.words,
            firm=self.firm,
            open=self.open,
            ahead=self.ahead,
            condition=(start, stop) if start is not None and stop is not None else None,
            patterns=self.patterns or (),
            threatened=self.threatened or (),
            due=self.due,
            probability=self.probability,
            cue=self.cue or (),
            ties=self.ties or (),
            corrects=self.corrects,
            perhaps=self.perhaps,
        )


class StoredClaim(NamedTuple):
    """A claim out of the tables, with the entry that it belongs to and the id of the claim that it repeats."""

    claim: Claim
    entry: int
    repeats: int | None


def fetch_claims(connection: duckdb.DuckDBPyConnection, actors: ActorNumbers, condition: str) -> list[StoredClaim]:
    """The claims that meet a condition in SQL on `ledger_members c`."""
    stored = _fetch_json(connection, _Stored, f"ledger_members c {condition}")
    actors.fetch({number for row in stored for number in (*row.by, *row.to)})
    return [StoredClaim(row.claim(actors), row.entry, row.repeats) for row in stored]


_Row = TypeVar("_Row", bound=msgspec.Struct)
_DAYS = frozenset({"day", "until", "due"})


def _fetch_json(
    connection: duckdb.DuckDBPyConnection, into: type[_Row], source: str, more: Mapping[str, str] = MappingProxyType({})
) -> list[_Row]:
    """Rows of a table under the name `c`, as structs whose fields are its columns; dates become day numbers."""
    columns = {name: f'c."{name}"' for name in into.__struct_fields__} | dict(more)
    parts = ", ".join(f'"{name}" := {_day_number(value) if name in _DAYS else value}' for name, value in columns.items())
    found = connection.execute(f"SELECT CAST(json_group_array(struct_pack({parts})) AS VARCHAR) FROM {source}").fetchone()
    return msgspec.json.decode(found[0], type=list[into]) if found and found[0] else []  # type: ignore[valid-type]


def _day_number(column: str) -> str:
    return f"({column} - DATE '0001-01-01' + 1)"


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
        "turns_down": act.turns_down,
        "near": act.near,
        "part": act.part,
        "drops": act.drops,
    }


class _StoredAct(msgspec.Struct, frozen=True, gc=False):
    entry: int
    id: int
    is_event: bool
    doc: int
    kind: str
    mode: str
    doers: tuple[str, ...]
    toward: tuple[str, ...]
    civil: bool
    day: int | None
    until: int | None
    dated: bool
    start: int
    stop: int
    words: tuple[int, ...]
    named: bool
    about: bool
    turns_down: str
    near: bool
    part: bool
    drops: bool

    def act(self) -> Act:
        return Act(
            id=self.id,
            report=self.doc,
            is_event=self.is_event,
            kind=self.kind,
            mode=self.mode,
            doers=self.doers,
            toward=self.toward,
            civil=self.civil,
            day=self.day,
            until=self.until,
            dated=self.dated,
            span=(self.start, self.stop),
            words=self.words,
            named=self.named,
            about=self.about,
            turns_down=self.turns_down,
            near=self.near,
            part=self.part,
            drops=self.drops,
        )


def fetch_acts(connection: duckdb.DuckDBPyConnection, condition: str, entry: str = "0") -> list[tuple[int, Act]]:
    """The acts that meet a condition in SQL on `ledger_acts c`, each with what `entry` says in SQL."""
    return [
        (row.entry, row.act()) for row in _fetch_json(connection, _StoredAct, f"ledger_acts c {condition}", {"entry": entry})
    ]


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
