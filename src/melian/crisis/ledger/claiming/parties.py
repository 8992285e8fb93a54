"""Parties as the ledger compares them: the principals acted for, loosely named blocs with each of their members."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from melian.crisis.ledger.claiming.rules import rules
from melian.crisis.tellings import principals, vocabulary
from melian.records import Actor

Parties = frozenset[str]

_NAMED = 3  # people of one party that an entry names


def parties(actors: Iterable[Actor]) -> Parties:
    """The principals of some actors; a bloc ("the West") with those that belong to it."""
    return members(principals(actors))


@lru_cache(maxsize=4096)
def members(ids: Parties) -> Parties:
    """The parties with the members of the loosely named blocs among them."""
    blocs = vocabulary()["blocs"]
    return ids.union(*(blocs[each] for each in ids if each in blocs))


@lru_cache(maxsize=4096)
def answerable(ids: Parties) -> Parties:
    """Who may refuse what is asked of some parties: they, and each member of an alliance among them."""
    alliances = rules()["alliances"]
    return ids.union(*(alliances[each] for each in ids if each in alliances))


def kin(ids: Iterable[str]) -> list[str]:
    """What may be named for some parties (with the members of blocs): themselves, and the blocs that have a member among them."""
    return _kin(frozenset(ids))


@lru_cache(maxsize=65536)
def _kin(ids: Parties) -> list[str]:
    return sorted({*ids, *(bloc for bloc in vocabulary()["blocs"] if not members(frozenset({bloc})).isdisjoint(ids))})


def is_bloc(party: str) -> bool:
    """Whether a party is an alliance or a loosely named bloc."""
    return party in vocabulary()["blocs"] or party in rules()["alliances"]


@lru_cache(maxsize=4096)
def alliances_of(party: str) -> frozenset[str]:
    """The alliances and blocs that a party belongs to."""
    groups = {**vocabulary()["blocs"], **rules()["alliances"]}
    return frozenset(name for name, belonging in groups.items() if party in belonging)


def civil(actors: Iterable[Actor]) -> bool:
    """Whether some actors are not of the state: protesters, an opposition, rebels. At home they and their government are two sides of one
    principal."""
    sectors = [actor.sector for actor in actors]
    return bool(sectors) and sum(sector in _civil() for sector in sectors) * 2 > len(sectors)


def side(actor: Actor) -> tuple[str, bool]:
    """The principal of an actor, and whether it is of the state."""
    return actor.id or actor.name or "", actor.sector in _civil()


@cache
def _civil() -> frozenset[str]:
    return frozenset(rules()["civil_sectors"])


def without(actors: Iterable[Actor], sides: Iterable[tuple[str, bool]]) -> tuple[Actor, ...]:
    """The actors that are of none of some sides."""
    out = frozenset(sides)
    return tuple(actor for actor in actors if side(actor) not in out)


def only(actors: Iterable[Actor], sides: Iterable[tuple[str, bool]]) -> tuple[Actor, ...]:
    """The actors that are of one of some sides."""
    kept = frozenset(sides)
    return tuple(actor for actor in actors if side(actor) in kept)


def sides_of(actors: Iterable[Actor]) -> frozenset[tuple[str, bool]]:
    """The sides of some actors."""
    return frozenset(map(side, actors))


def distinct(actors: Iterable[Actor]) -> tuple[Actor, ...]:
    """Each actor once, without the place of its mention; a party without a name is left out where one of its people is there."""
    found: dict[tuple[str | None, str | None], Actor] = {}
    for actor in actors:
        found.setdefault(
            (actor.id, actor.name),
            Actor(id=actor.id, sector=actor.sector, name=actor.name, role=actor.role, country=actor.country),
        )
    named = {actor.id for actor in found.values() if actor.name}
    return tuple(actor for actor in found.values() if actor.name or actor.id not in named)


def agreed(tellings: Sequence[Sequence[Actor]]) -> tuple[Actor, ...]:
    """The parties on which a third of the tellings agree (the one told most often in any case), each with its people told most often.

    One telling in which a party was misread does not bring it in. The order of the tellings does not matter.
    """
    told = [actors for actors in tellings if actors]
    counts = Counter(party for actors in told for party in principals(actors))
    if not counts:
        return ()
    most = max(counts.values())
    kept = [party for party in counts if counts[party] == most or counts[party] * 3 >= len(told)]
    people = Counter(actor for actors in told for actor in distinct(actors))
    chosen: list[Actor] = []
    for party in sorted(kept, key=lambda party: (-counts[party], party)):
        own = sorted((a for a in people if (a.id or a.name) == party), key=lambda a: (-people[a], _order(a)))
        names: dict[str, Actor] = {}
        for actor in own:
            if actor.name:
                names.setdefault(actor.name, actor)
        chosen += list(names.values())[:_NAMED] or own[:1]
    return tuple(chosen)


def _order(actor: Actor) -> tuple[str, ...]:
    return tuple(part or "" for part in (actor.id, actor.name, actor.sector, actor.role, actor.country))
