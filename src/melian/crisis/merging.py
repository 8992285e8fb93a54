"""Tellings of one demand, offer, threat, prediction or denial brought together into one entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from melian.crisis.entries import Evidence
from melian.crisis.tellings import Telling, overlap, principals, share, similar
from melian.records import Actor, Statement

Group = list[Telling]
Parties = Callable[[Telling], tuple[Actor, ...]]


def merged(claims: Iterable[Telling], to: Parties, also: Callable[[Telling, Telling], bool] | None = None) -> list[Group]:
    """Claims that are one, in time order: of a common party and read from the same words, or put to a common
    party in similar words; `also` may find two claims of a common party one for a further reason."""
    groups: list[Group] = []
    for claim in claims:
        home = next((group for group in groups if any(_one(member, claim, to, also) for member in group)), None)
        if home is None:
            groups.append([claim])
        else:
            home.append(claim)
    return groups


def _one(some: Telling, other: Telling, to: Parties, also: Callable[[Telling, Telling], bool] | None) -> bool:
    if not (share(some.doers, other.doers) or (not some.doers and not other.doers)):
        return False
    if overlap(some, other):
        return True
    facing = not to(some) or not to(other) or share(to(some), to(other))
    return (facing and similar(some.words, other.words)) or bool(also and also(some, other))


def asked(telling: Telling) -> tuple[Actor, ...]:
    """Whom a demand or an offer is put to: the target, those spoken to, otherwise those spoken of."""
    if isinstance(telling.record, Statement):
        return telling.record.addressee or telling.record.about
    return telling.record.target


def aimed_at(telling: Telling) -> tuple[Actor, ...]:
    """Whom a threat or a claim concerns: the target, those spoken of, otherwise those spoken to."""
    if isinstance(telling.record, Statement):
        return telling.record.about or telling.record.addressee
    return telling.record.target


def doers(group: Group) -> tuple[Actor, ...]:
    """Who makes the claim, in any of its tellings; a party without a person gives way to its named people."""
    return distinct(actor for telling in group for actor in telling.doers)


def facing(group: Group, to: Parties) -> tuple[Actor, ...]:
    """Whom the claim is put to: the events' targets where there are any, as they are the more exact."""
    by = principals(doers(group))
    events = [actor for telling in group if not isinstance(telling.record, Statement) for actor in to(telling)]
    every = events or [actor for telling in group for actor in to(telling)]
    others = [actor for actor in every if (actor.id or actor.name) not in by]
    return distinct(others or every)


def distinct(actors: Iterable[Actor]) -> tuple[Actor, ...]:
    """Each actor once, by principal and name; a party without a name is left out where one of its people is there."""
    found: dict[tuple[str | None, str | None], Actor] = {}
    for actor in actors:
        found.setdefault((actor.id, actor.name), actor)
    named = {actor.id for actor in found.values() if actor.name}
    return tuple(actor for actor in found.values() if actor.name or actor.id not in named)


def since(group: Group) -> str | None:
    """The earliest day of a claim."""
    return min((telling.first for telling in group if telling.first), default=None)


def evidence(telling: Telling) -> Evidence:
    """The pointer to a telling."""
    return Evidence(telling.doc_id, telling.span, telling.key)


def fullest(group: Group) -> str:
    """The words of the longest statement, or of the longest event where nobody is quoted."""
    said = [telling for telling in group if isinstance(telling.record, Statement)]
    return max(said or group, key=lambda telling: (len(telling.words), telling.key)).words


def told_once(found: Sequence[Telling]) -> list[Telling]:
    """Without the tellings that are read from the same words as one before them (an event and its statement)."""
    kept: list[Telling] = []
    for telling in found:
        if not any(overlap(telling, other) and share(telling.doers, other.doers) for other in kept):
            kept.append(telling)
    return kept
