"""Who the actors of other projects' files are: names, countries and sectors to actors of the codebook."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

import msgspec

from melian.codebook import crosswalks
from melian.knowledge import countries, names
from melian.knowledge.names import Candidate
from melian.records import Actor

NOBODY = frozenset({"", "NA", "NULL", "None", "nan", "Unspecified Actor", "Unidentified State Actor", "Unspecified", "---"})
_GENERIC = re.compile(r"(.+?) \((.+)\)")
_SURE = 0.6  # score from which a name is taken for what the tables know
_LIKELY = 0.3  # the same where the country fits
_BODIES = ("group", "organisation", "bloc")
_OWN_PRINCIPALS = frozenset({"REB", "IGO"})  # sectors whose actors are principals of their own, known by name or not


@lru_cache(maxsize=1 << 12)
def country_code(name: str) -> str | None:
    """The ISO alpha-3 code of a country by its code or name, as ICEWS, POLECAT and others write it; None where it is none."""
    given = crosswalks.actor_codes().names.get(name.strip(), name.strip())
    if given in NOBODY:
        return None
    if given in crosswalks.actor_codes().country_names:
        return crosswalks.actor_codes().country_names[given]
    if len(given) in (2, 3) and given.isupper() and (found := countries.country(given)):
        return found.iso3
    for words in (given, given.partition(",")[0], given.partition(" (")[0]):
        for candidate in names.lookup(words):
            if candidate.kind == "country" and candidate.actor.id:
                return candidate.actor.id
    return None


@lru_cache(maxsize=1 << 16)
def party(name: str, country: str | None, sector: str | None, day: str | None) -> Actor | None:
    """The actor that a name stands for.

    Args:
        name: a person's, an organisation's, a country's, or one of ICEWS's generic actors: "Military (Russia)".
        country: ISO alpha-3 code of its country, where the file gives one.
        sector: the codebook's sector that the file's own says, where it does.
        day: ISO date of the event, by which offices are looked up.

    Returns:
        None where the name says that nobody is known. An organisation or group that the tables know is its own
        principal, and so is a rebel group or international organisation that they do not know; everybody else acts for the country.
    """
    given = crosswalks.actor_codes().names.get(name.strip(), name.strip())
    if given in NOBODY:
        return None
    generic = _GENERIC.fullmatch(given)
    if generic:
        return _generic(given, generic[1], generic[2], country, sector, day)
    found = _found(given, country, day)
    if found is not None:
        return _known(found, given, country, sector)
    if (code := country_code(given)) is not None:
        return Actor(id=code, sector=sector)
    if country is None and (home := _home_by_name(given)) is not None:
        return Actor(id=home, sector=sector or crosswalks.sector_of_agent(given), name=given)
    if sector in _OWN_PRINCIPALS or country is None:
        return Actor(id=given if sector in _OWN_PRINCIPALS else None, sector=sector, name=given, country=country)
    return Actor(id=country, sector=sector, name=given)


def in_dictionary(known: Mapping[tuple[str, str], Actor], name: str, sector: str | None) -> Actor | None:
    """The actor that the dictionary of an archive has under a name, with the sector that the row gives it."""
    if not known:
        return None
    shown = name.strip().casefold()
    found = known.get((shown, sector or "")) or known.get((shown, ""))
    return msgspec.structs.replace(found, sector=sector) if found is not None else None


def _generic(given: str, agent: str, of: str, country: str | None, sector: str | None, day: str | None) -> Actor:
    """ "Military (Russia)", "Militant (Taliban)": whose they are, and their sector."""
    own = sector or crosswalks.sector_of_agent(agent)
    code = country_code(of)
    if code is not None:
        return Actor(id=code, sector=own)
    found = next((each.actor for each in names.lookup(of, day) if each.kind in _BODIES and each.score >= _SURE), None)
    if found is not None:
        return Actor(
            id=found.id, sector=own or found.sector, country=None if _is_country(found.id) else found.country or country
        )
    return Actor(id=country, sector=own, name=None if country else given)


def _found(given: str, country: str | None, day: str | None) -> Candidate | None:
    """What the tables know under a name; of several, the one at home in the file's country."""
    listed = names.lookup(given, day)
    if country is not None:
        at_home = (each for each in listed if country in (each.actor.id, each.actor.country) and each.score >= _LIKELY)
        if (own := next(at_home, None)) is not None:
            return own
    return next((each for each in listed if each.score >= _SURE), None)


def _home_by_name(given: str) -> str | None:
    """The country that an unknown body's name begins or ends with: "Egyptian Army", "Armed Forces of the Russian Federation"."""
    first, _, rest = given.partition(" ")
    head = next((each for each in names.lookup(first) if each.kind in ("country", "demonym")), None) if rest else None
    if head is not None and head.score >= _SURE:
        return head.actor.id
    body, of, whose = given.rpartition(" of ")
    return country_code(whose.removeprefix("the ")) if body and of else None


def _known(found: Candidate, given: str, country: str | None, sector: str | None) -> Actor:
    actor = found.actor
    if found.kind in ("country", "demonym", "capital"):
        return Actor(id=actor.id, sector=sector or actor.sector)
    if found.kind == "person":
        # On the day the tables may know an office for an organisation; else the file's country is whom the person acts for.
        abroad = actor.id is not None and not _is_country(actor.id)
        principal = actor.id if abroad or country is None else country
        same = principal == actor.id
        return Actor(id=principal, sector=sector or actor.sector, name=actor.name, role=actor.role if same else None)
    return Actor(
        id=actor.id,
        sector=sector or actor.sector,
        name=actor.name or given,
        country=None if _is_country(actor.id) else actor.country or country,
    )


def _is_country(id: str | None) -> bool:
    return id is not None and len(id) == 3 and countries.country(id) is not None
