"""Offices and who held them on a date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from melian.knowledge.spelling import fold, normalise
from melian.knowledge.tables import Office, Person, people_table, titles_table
from melian.knowledge.titles import canonical_office
from melian.records import Actor

__all__ = ["Office", "holder", "leader_called", "of_its_time", "offices_of", "post_of"]

_LEADER_WORDS = frozenset({"leader", "chief", "head", "boss", "dictator"})  # "dictator" stands for "ruler", "strongman"
_HELD_BY_MANY = frozenset(
    "activist ambassador businessman congressman diplomat director general journalist lawmaker minister official oligarch senator "
    "spokesman spokesperson spokeswoman".split()
)
"""Offices of which a state has several at once, so that the office alone names nobody."""
_LEADING_POSTS = ("president", "prime minister", "foreign minister", "defence minister", "vice president")
_LEADER_POSTS = ("leader", "head of government", "president", "monarch")


SOVIET = ("1922-12-30", "1991-12-26")  # when "Moscow" and "the Russians" were the Soviet Union


def of_its_time(principal: str | None, date: str | None) -> str | None:
    """The state that a name of Russia meant on a date: the Soviet Union (SUN) while there was one."""
    return "SUN" if principal == "RUS" and date and SOVIET[0] <= date < SOVIET[1] else principal


def post_of(principal: str, office: str) -> str:
    """The function of an office, shared between countries: ("GBR", "foreign secretary") is "foreign minister".

    An office without a post of its own is its own post.
    """
    posts = titles_table().posts
    title = canonical_office(office)
    post = posts.get(f"{principal}:{title}") or posts.get(f"*:{title}")
    return post.post if post else title


def holder(principal: str, office: str, date: str | None = None) -> Actor | None:
    """Who held an office on a date.

    Args:
        principal: ISO alpha-3 code of a country, or the id of an organisation or group ("UN", "Hamas").
        office: its title in any common form ("president", "Secretary of State", "foreign minister", "leader", "chief").
        date: ISO date; None is now.

    Returns:
        The person as an actor, or None when not known, or when many hold it at once. On a day of handover it is the successor.
    """
    principal = of_its_time(principal, date) or principal
    title = canonical_office(office)
    if title in _HELD_BY_MANY:
        return None
    leads = title in _LEADER_WORDS
    posts = ("supreme leader", post_of(principal, "leader"), *_LEADER_POSTS) if leads else (title, post_of(principal, office))
    for post in posts:
        held = [(person, row) for person, row in _holders().get((principal, post), ()) if _holds(row, date)]
        if held:
            person, row = max(held, key=lambda pair: (pair[1].from_ or "", pair[0].fame))
            home = person.country if principal != person.country else None
            return Actor(id=principal, sector=row.sector, name=person.name, role=row.office, country=home)
    if leads:
        return _head_of_organisation(principal, date)
    return None


def leader_called(surname: str, states: Iterable[str], date: str | None = None) -> Actor | None:
    """Who of a surname leads one of some states on a date, or is its foreign or defence minister; None where none or several are.

    Args:
        surname: as it stands in the text ("Ali").
        states: ISO alpha-3 codes.
        date: ISO date; None is now.
    """
    found = {}
    for state in states:
        for post in _LEADING_POSTS:
            held = holder(state, post, date)
            if held and held.name and normalise(held.name.split()[-1]) == normalise(surname):
                found[held.name] = held
    return next(iter(found.values())) if len(found) == 1 else None


def offices_of(name: str, date: str | None = None) -> tuple[Office, ...]:
    """The offices that the bearers of a full name, or of a surname, held on a date; all of them without a date."""
    table = people_table()
    key = normalise(name)
    indices = table.full.get(key) or table.folded.get(fold(key, table.given)) or table.short.get(key) or ()
    offices = (office for index in indices for office in table.people[index].offices)
    return tuple(office for office in offices if date is None or office.held_on(date))


def _holds(office: Office, date: str | None) -> bool:
    return office.to is None if date is None else office.held_on(date)


def _head_of_organisation(principal: str, date: str | None) -> Actor | None:
    """ "NATO chief", "IAEA head": whatever its head is called."""
    for post in ("secretary-general", "director-general", "commission president", "managing director", "director"):
        if found := _holders().get((principal, post)):
            held = [(person, row) for person, row in found if _holds(row, date)]
            if held:
                person, row = max(held, key=lambda pair: pair[1].from_ or "")
                return Actor(id=principal, sector=row.sector, name=person.name, role=row.office, country=person.country)
    return None


@cache
def _holders() -> dict[tuple[str, str], list[tuple[Person, Office]]]:
    holders: dict[tuple[str, str], list[tuple[Person, Office]]] = defaultdict(list)
    for person in people_table().people:
        for office in person.offices:
            for title in {office.office, office.post}:
                holders[office.principal, title].append((person, office))
    return dict(holders)
