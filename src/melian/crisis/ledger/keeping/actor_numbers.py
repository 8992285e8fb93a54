"""Numbers for actors inside a record's file, so that claims name them in few bytes. Nothing that is shown depends on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import duckdb

from melian.crisis.ledger.claiming.parties import parties
from melian.crisis.record.bulk import ids_table, insert
from melian.records import Actor

_FIELDS = ("id", "sector", "name", "role", "country")


class ActorNumbers:
    """Actors by number and back, for one batch of work."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._numbers: dict[Actor, int] = {}
        self._actors: dict[int, Actor] = {}

    def learn(self, actors: Iterable[Actor]) -> None:
        """Give numbers to actors (without places); those that the record has already keep theirs."""
        new = sorted({actor for actor in actors if actor not in self._numbers}, key=_order)
        if not new:
            return
        connection = self._connection
        connection.execute("CREATE OR REPLACE TEMP TABLE ledger_named AS FROM ledger_actors LIMIT 0")
        insert(connection, "ledger_named", (_row(number, actor) for number, actor in enumerate(new)))
        same = " AND ".join(f"n.{field} IS NOT DISTINCT FROM a.{field}" for field in _FIELDS)
        connection.execute(
            "INSERT INTO ledger_actors SELECT (SELECT coalesce(max(no) + 1, 0) FROM ledger_actors) + row_number() OVER (ORDER BY n.no) - 1, "
            f"n.* EXCLUDE (no) FROM ledger_named n WHERE NOT EXISTS (SELECT 1 FROM ledger_actors a WHERE {same})"
        )
        for own, number in connection.execute(
            f"SELECT n.no, a.no FROM ledger_named n JOIN ledger_actors a ON {same}"
        ).fetchall():
            self._keep(new[own], number)

    def fetch(self, numbers: Iterable[int]) -> None:
        """Look numbers up."""
        missing = {number for number in numbers if number not in self._actors}
        if missing:
            ids_table(self._connection, "ledger_numbers", missing)
            rows = self._connection.execute(
                f"SELECT no, {', '.join(_FIELDS)} FROM ledger_actors WHERE no IN (SELECT id FROM ledger_numbers)"
            ).fetchall()
            for number, *fields in rows:
                self._keep(Actor(**dict(zip(_FIELDS, fields, strict=True))), number)

    def numbers(self, actors: Sequence[Actor]) -> list[int]:
        """The numbers of actors that were learned."""
        return [self._numbers[actor] for actor in actors]

    def actors(self, numbers: Sequence[int]) -> tuple[Actor, ...]:
        """The actors of numbers that were looked up."""
        return tuple(self._actors[number] for number in numbers)

    def _keep(self, actor: Actor, number: int) -> None:
        self._numbers[actor] = number
        self._actors[number] = actor


def _row(number: int, actor: Actor) -> dict[str, object]:
    return {"no": number, **{field: getattr(actor, field) for field in _FIELDS}, "members": sorted(parties([actor]))}


def _order(actor: Actor) -> tuple[str, ...]:
    return tuple(getattr(actor, field) or "" for field in _FIELDS)
