"""How the page says things: party names, dates that cannot be misread, and one plain line for an event or a statement."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from melian.crisis.tellings import days, squeeze
from melian.records import Actor, Event, Quantity, Statement
from melian.views.names import capitals

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NOBODY = "an unnamed party"
_MARKS = "\"“”„«»'‘’"


@cache
def table(name: str) -> dict[str, Any]:
    """One of the page's word lists."""
    words: dict[str, dict[str, Any]] = json.loads(files(__package__).joinpath("words.json").read_text(encoding="utf-8"))
    return words[name]


@cache
def party_name(party: str) -> str:
    """A principal's name for headings: the country's for an ISO code, the id itself where nothing is known of it."""
    from melian.knowledge import countries

    if party in table("parties"):
        return str(table("parties")[party])
    if party.casefold() in _blocs():
        return _blocs()[party.casefold()]
    is_code = len(party) == 3 and party.isupper()
    country = countries.country(party) if is_code else None
    return country.name if country else capitals(party)


@cache
def _blocs() -> dict[str, str]:
    """The names of loosely named blocs, by themselves in lower case: whoever is called "Allies" is one with the allies."""
    return {str(name).casefold(): str(name) for name in table("parties").values()}


def with_article(party: str) -> str:
    """A principal's name inside a sentence: "the United States"."""
    name = party_name(party)
    return f"the {name}" if name in table("articles") else name


def listed(words: Iterable[str]) -> str:
    """ "A", "A and B", "A, B and C"; at most four are told by name."""
    given = list(dict.fromkeys(words))
    if len(given) > 4:
        given = [*given[:3], f"{len(given) - 3} others"]
    return " and ".join((", ".join(given[:-1]), given[-1])) if len(given) > 1 else "".join(given)


def parties(actors: Iterable[Actor]) -> str:
    """The principals of some actors in a sentence: "the United States and NATO"."""
    return listed(with_article(party) for actor in actors if (party := actor.id or actor.name)) or NOBODY


def people(actors: Iterable[Actor]) -> str:
    """The actors in a sentence, people by name with their party: "Sergey Lavrov (Russia)"."""
    return listed(_person(actor) for actor in actors if actor.id or actor.name) or NOBODY


def _person(actor: Actor) -> str:
    if not is_person(actor):
        return with_article(actor.id or actor.name or "")
    name = capitals(actor.name or "")
    return f"{name} ({party_name(actor.id)})" if actor.id else name


def is_person(actor: Actor) -> bool:
    """Whether an actor has a name of its own beside its principal's."""
    own = (actor.name or "").casefold().removeprefix("the ")
    return bool(own) and own not in ((actor.id or "").casefold(), party_name(actor.id or "").casefold())


def short_names(actors: Iterable[Actor]) -> str:
    """The actors in a sentence, people by their names alone."""
    names = (capitals(actor.name or "") if is_person(actor) else with_article(actor.id or actor.name or "") for actor in actors)
    return listed(name for name in names if name) or NOBODY


def possessive(phrase: str) -> str:
    """ "Russia's", "the United States'"."""
    return phrase + ("’" if phrase.endswith("s") else "’s")


def capital(phrase: str) -> str:
    """The phrase as the beginning of a sentence."""
    return phrase[:1].upper() + phrase[1:]


def counted(number: int, noun: str) -> str:
    """ "1 report", "2 reports"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def date_words(date: str | None) -> str:
    """An ISO date, month, year or span in words ("21 Jan 2022", "17–21 Jan 2022"); what is none of them as it is."""
    if not date:
        return "undated"
    if days(date) is None:
        return date
    start, _, end = date.partition("/")
    if not end or start == end:
        return _day(start)
    if start[:7] == end[:7] and len(start) == len(end) == 10:
        return f"{int(start[8:])}–{_day(end)}"
    if start[:4] == end[:4] and len(start) > 4:
        return f"{_day(start).rsplit(' ', 1)[0]} – {_day(end)}"
    return f"{_day(start)} – {_day(end)}"


def _day(date: str) -> str:
    parts = date.split("-")
    return " ".join(
        [*([str(int(parts[2]))] if len(parts) > 2 else []), *([MONTHS[int(parts[1]) - 1]] if parts[1:] else []), parts[0]]
    )


def quoted(text: str, limit: int = 40) -> str:
    """Words of the source in quotation marks, on one line, cut after a number of words; marks within become single."""
    line = squeeze(text)
    if line[:1] in _MARKS and line[-1:] in _MARKS:
        line = line.strip(_MARKS)
    line = re.sub(r'(^|[\s(\[—–-])["“„]', r"\1‘", line.rstrip(",; "))
    words = re.sub(r'["“”]', "’", line).split(" ")
    return f"“{' '.join(words[:limit])}{' …' if len(words) > limit else ''}”"


def event_line(event: Event, named: bool = False) -> str:
    """An event in a line, its people by name on request: "Russia moved forces against Ukraine". What is asked for, announced
    or foretold is not put as done: "Russia to attack Ukraine"."""
    name = people if named else parties
    forms = table("did").get(f"{event.type} {event.mode}") or table("did").get(event.type) or [event.type, event.type]
    doers = _doers(event)
    target = apart(event.target, doers, named)
    did = str(forms[0] if target else forms[1])
    if event.realis not in ("actual", "denied"):
        first, _, rest = did.partition(" ")
        did = f"to {table('infinitives').get(first, first)} {rest}".rstrip()
    return capital(f"{name(doers)} {did} {name(target) if target else ''}".rstrip())


def apart(others: Sequence[Actor], doers: Sequence[Actor], named: bool = False) -> Sequence[Actor]:
    """The actors of the other side that do not stand on the first side too: nobody appeals to himself. Among people who are told by name
    only the same person is the same, and a party of one of them."""
    sides = {actor.id or actor.name for actor in doers}
    people_of = {(actor.id, actor.name) for actor in doers}
    return tuple(
        actor
        for actor in others
        if (actor.id or actor.name) not in sides or (named and is_person(actor) and (actor.id, actor.name) not in people_of)
    )


def _doers(event: Event) -> Sequence[Actor]:
    """The source without a lone party of the target: "Russia attacked Ukraine", though the coder holds both for possible doers.
    Who does a thing to each other stands on both sides and stays."""
    sufferers = {actor.id for actor in event.target}
    doers = [actor for actor in event.source if actor.id not in sufferers]
    return event.source if {actor.id for actor in event.source} <= sufferers or not doers or len(sufferers) > 1 else doers


def statement_line(statement: Statement) -> str:
    """A statement in a line, without its words: "Joe Biden (United States) predicted, about Ukraine and Russia"."""
    act = str(table("said").get(statement.act, statement.act))
    addressee = apart(statement.addressee, statement.speaker, named=True)
    to = f", to {people(addressee)}" if addressee else ""
    about = f", about {parties(statement.about)}" if statement.about else ""
    return capital(f"{people(statement.speaker)} {act}{to}{about}")


def quantity_words(quantity: Quantity) -> str:
    """ "at most 100,000 troops"."""
    number = f"{quantity.value:,.0f}" if quantity.value == int(quantity.value) else f"{quantity.value:,}"
    return " ".join(part for part in (quantity.bound, number, quantity.unit) if part)
