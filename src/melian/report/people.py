"""Who speaks and who stands for whom: the statements by speaker, and the named people of each party."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from melian.crisis.tellings import days, squeeze
from melian.records import Actor, Event, Statement
from melian.report.documents import Pair, key_of
from melian.views.wording import is_person, party_name


@dataclass(frozen=True, slots=True)
class Said:
    """A statement with its key, its words, its first day (its own, else that of the report; None where neither is known) and whether the
    day is its own."""

    key: str
    record: Statement
    words: str
    first: str | None
    dated: bool
    report: int  # its document's place on the page


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who is quoted: name, party, office and statements in time order."""

    name: str
    party: str | None
    role: str | None
    statements: tuple[Said, ...]


def speakers(pairs: Sequence[Pair]) -> tuple[Speaker, ...]:
    """Who said something, the most quoted first; a joint statement stands under its first speaker."""
    by: dict[tuple[str | None, str | None], list[Said]] = {}
    roles: dict[tuple[str | None, str | None], str] = {}
    for said in sorted(_statements(pairs), key=lambda said: (said.first or "9999", said.report, said.record.content, said.key)):
        first = said.record.speaker[0] if said.record.speaker else Actor(id=None)
        by.setdefault((first.id, first.name), []).append(said)
        if first.role:
            roles.setdefault((first.id, first.name), first.role)
    order = sorted(by, key=lambda who: (-len(by[who]), who[0] or "~", who[1] or ""))
    return tuple(_speaker(who, roles.get(who), tuple(by[who])) for who in order)


def _statements(pairs: Sequence[Pair]) -> Iterable[Said]:
    for number, (document, coded) in enumerate(pairs):
        for record in coded.statements:
            own = days(record.date)
            first = (own or days(document.published) or (None, None))[0]
            words = squeeze(document.text[record.content[0] : record.content[1]])
            yield Said(key_of(record), record, words, first, own is not None, number)


def _speaker(who: tuple[str | None, str | None], role: str | None, said: tuple[Said, ...]) -> Speaker:
    party, name = who
    if name and is_person(Actor(id=party, name=name)):
        return Speaker(name, party_name(party) if party else None, role, said)
    return Speaker(party_name(party) if party else name or "Unnamed speakers", None, None, said)


def people(pairs: Sequence[Pair]) -> dict[str, list[tuple[str, str | None]]]:
    """The named people of each party with the office that is told of them, those most often named first."""
    counts: Counter[tuple[str, str]] = Counter()
    roles: dict[tuple[str, str], str] = {}
    for _, coded in pairs:
        records: tuple[Event | Statement, ...] = (*coded.events, *coded.statements)
        for record in records:
            for actor in _actors(record):
                if actor.id and actor.name and is_person(actor):
                    counts[actor.id, actor.name] += 1
                    if actor.role:
                        roles.setdefault((actor.id, actor.name), actor.role)
    named: dict[str, list[tuple[str, str | None]]] = {}
    for party, name in sorted(counts, key=lambda pair: (-counts[pair], pair)):
        named.setdefault(party, []).append((name, roles.get((party, name))))
    return named


def _actors(record: Event | Statement) -> tuple[Actor, ...]:
    if isinstance(record, Event):
        return record.source + record.target
    return record.speaker + record.addressee + record.about
