"""Names to actors: what a name in the news may stand for on a date, best first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

import msgspec

from melian.knowledge.spelling import fold, is_acronym, is_capitalised, normalise
from melian.knowledge.tables import Kind, Office, Person, longest_by_first_word, names_table, people_table, titles_table
from melian.records import Actor

_DOUBT = 0.4
_LONGEST_NAME = 9  # words; no known name is longer, and a window of the text need not be
_FOLDABLE = 6  # letters from which a surname alone is looked up by its folded spelling
_HYPHENS = frozenset("-‐‑–")
_FADES_AFTER = 12  # years out of office after which a bare surname hardly means the former holder


class Candidate(msgspec.Struct, frozen=True):
    """One reading of a name.

    `actor` is without a span: for a person, the principal and sector of the office held on the date; `kind` says what
    sort of name it is ("capital" also covers other places and seats of power that stand for a government); `score`
    (0 to 1) ranks readings and is comparable between names: under 0.4 the name alone is not enough.
    """

    actor: Actor
    kind: Kind
    score: float


def lookup(name: str, date: str | None = None) -> tuple[Candidate, ...]:
    """What a name may stand for, best first; empty when it is not known.

    Spelling variants are found; case is heeded ("US" is a country, "us" is not). A surname alone finds people who
    are or were in office by `date`, with a lower score, unless it is an ordinary word ("May"), which needs a title
    ("Mrs May") or the full name.

    Args:
        name: a name as it stands in the text, with or without article, possessive and title.
        date: ISO date of the document; without it each person is given the highest office ever held, or the present one.
    """
    first, _, rest = name.strip().partition(" ")
    if first.lower() == "the":
        return _found(rest, normalise(rest), date, articled=True)
    found = _found(name, normalise(name), date)
    if not found and rest and normalise(first) in _words("honorific"):
        return _found(rest, normalise(rest), date, titled=True)
    return found


def longest(words: Sequence[str], start: int, date: str | None = None) -> tuple[int, tuple[Candidate, ...]] | None:
    """The longest known name that starts at a word.

    Args:
        words: the words of a sentence.
        start: index of the first word of the name.
        date: ISO date of the document.

    Returns:
        The index after the name's last word and its readings, best first; None when no name starts there.
    """
    head = normalise(words[start])
    if not head:
        return None
    reach = _first_words().get(head.partition(" ")[0])
    if reach is None:
        return None
    ends, keys = [start + 1], [head]
    for at in range(start + 1, min(len(words), start + _LONGEST_NAME)):
        part = normalise(words[at])
        if not part and words[at] not in _HYPHENS:
            break
        if part:
            key = f"{keys[-1]} {part}"
            if key.count(" ") >= reach:
                break
            ends.append(at + 1)
            keys.append(key)
    before = normalise(words[start - 1]) if start else ""
    titled, articled = before in _words("honorific"), start > 0 and words[start - 1].lower() == "the"
    for end, key in zip(reversed(ends), reversed(keys), strict=True):
        found = _found(" ".join(words[start:end]), key, date, titled, articled)
        if found:
            if end == start + 1 and not titled and _in_longer_name(words, start):
                found = _doubted(found, key)
            return end, found
    return None


def _in_longer_name(words: Sequence[str], at: int) -> bool:
    """Whether a capitalised word that is no known name stands right before or after: "Kim Min-su", "Andrew Johnson"."""
    after = words[at + 1] if at + 1 < len(words) else ""
    before = words[at - 1] if at > 1 else ""  # the first word of a sentence is capitalised anyway
    return any(
        word[:1].isupper()
        and not _words("honorific") & {normalise(word)}
        and normalise(word) not in _words("follows a name")
        and normalise(word).partition(" ")[0] not in names_table().keys
        for word in (before, after)
    )


def _doubted(found: tuple[Candidate, ...], key: str) -> tuple[Candidate, ...]:
    """The readings with bare surnames marked down, since the name in the text is probably somebody else's."""
    short = people_table().short.get(key, ())
    names: set[str | None] = {people_table().people[index].name for index in short}
    doubted = (
        msgspec.structs.replace(one, score=round(one.score * (_DOUBT if one.actor.name in names else 1.0), 3)) for one in found
    )
    return tuple(sorted(doubted, key=lambda candidate: -candidate.score))


def _words(kind: str) -> frozenset[str]:
    return titles_table().words[kind]


@cache
def _first_words() -> dict[str, int]:
    people = people_table()
    return longest_by_first_word(names_table().keys, people.full, people.short)


def _found(surface: str, key: str, date: str | None, titled: bool = False, articled: bool = False) -> tuple[Candidate, ...]:
    if not key:
        return ()
    casings = [0]
    if is_capitalised(surface):
        casings += [1, 3] if articled else [1]
        if is_acronym(surface):
            casings.append(2)
    return _candidates(key, tuple(casings), date, titled)


@lru_cache(maxsize=1 << 14)
def _candidates(key: str, casings: tuple[int, ...], date: str | None, titled: bool) -> tuple[Candidate, ...]:
    """The readings of a key whose casing is among those that the text allows."""
    found: list[Candidate] = []
    table = names_table()
    scores: dict[int, float] = {}
    for row in table.keys.get(key, ()):
        if row.casing in casings:
            scores[row.entity] = max(row.score, scores.get(row.entity, 0.0))
    for index, score in scores.items():
        entity = table.entities[index]
        actor = Actor(id=entity.id, sector=entity.sector, name=entity.name, country=entity.country)
        found.append(Candidate(actor, entity.kind, score))
    if 1 in casings:
        found.extend(_persons(key, date, titled))
    return tuple(sorted(found, key=lambda candidate: -candidate.score))


def _persons(key: str, date: str | None, titled: bool) -> Iterator[Candidate]:
    table = people_table()
    full = table.full.get(key, ())
    how_sure = 0.95
    if not full and " " in key:
        how_sure = 0.85
        full = table.folded.get(fold(key, table.given), ())
        words = key.split(" ")
        if not full and len(words) > 2:  # a middle name or patronymic between given name and surname
            full = table.full.get(f"{words[0]} {words[-1]}", ())
    for index in full:
        person = table.people[index]
        among = 1.0 if len(full) == 1 else 0.6 + 0.4 * person.fame * _presence(person, date)
        yield _candidate(person, date, how_sure * among)
    if key in table.needs_title and not titled:
        return
    short, how_sure = table.short.get(key, ()), 1.0
    if not short and len(key) >= _FOLDABLE:
        short, how_sure = table.folded.get(fold(key, table.given), ()), 0.9
    for index in short:
        if index not in full:
            person = table.people[index]
            yield _candidate(person, date, how_sure * (0.35 + 0.55 * person.fame) * _presence(person, date))


def _presence(person: Person, date: str | None) -> float:
    """How much a person is in the news on a date (0 to 1): in office 1, less before and long after."""
    if date is None:
        return 1.0 if any(office.to is None for office in person.offices) else 0.75
    if any(office.held_on(date) for office in person.offices):
        return 1.0
    year = int(date[:4])
    begun = [int(office.from_[:4]) for office in person.offices if office.from_]
    ended = [int(office.to[:4]) for office in person.offices if office.to and office.to < date]
    if ended:
        return max(0.25, 0.75 - 0.5 * (year - max(ended)) / _FADES_AFTER)
    return max(0.1, 0.6 - 0.1 * (min(begun, default=year + 5) - year))


def _candidate(person: Person, date: str | None, score: float) -> Candidate:
    return Candidate(acting_for(person, date), "person", round(score, 3))


def acting_for(person: Person, date: str | None) -> Actor:
    """The actor that a person is on a date: the highest office then held, else a former official or a private person."""
    office = best_office(person, date)
    if office is not None:
        home = person.country if office.principal != person.country else None
        return Actor(id=office.principal, sector=office.sector, name=person.name, role=office.office, country=home)
    past = [held for held in person.offices if held.to and (date is None or held.to < date)]
    role = f"former {min(past, key=_rank).office}" if past else None
    return Actor(id=person.country, sector="ELI", name=person.name, role=role)


def best_office(person: Person, date: str | None) -> Office | None:
    """The highest office that a person holds on a date; without a date the highest now held, or ever."""
    if date is not None:
        held = [office for office in person.offices if office.held_on(date)]
    else:
        held = [office for office in person.offices if office.to is None] or list(person.offices)
    return min(held, key=lambda office: (_rank(office), _reversed(office.from_))) if held else None


def _rank(office: Office) -> int:
    post = titles_table().posts.get(f"*:{office.post}")
    return post.rank if post else 9


def _reversed(date: str | None) -> int:
    return -int((date or "0").replace("-", "").ljust(8, "0"))
