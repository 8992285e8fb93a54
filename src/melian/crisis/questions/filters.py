"""What narrows a table: when, who, to whom, which type, where, which outlet, which words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from melian.crisis.questions import places
from melian.crisis.tellings import days
from melian.errors import DateError

NOT_NAMED = "(not named)"
"""What stands for the outlet of reports that name none."""
_AND = re.compile(r"\s*;\s*(?==)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Every field that is given must hold.

    `since` and `until` are ISO days, months or years (the last day counts), `begun` one of these or a span in which it began. `who`
    is the source, speaker or claimant, `whom` the target, addressee or party spoken of, or any of several who did something together: an
    id, a country's or a person's name. `type` is an event type, an act, a status or an entry's kind, `place` a place's name or a
    country's code, `source` an outlet's name (part of it), `text` words that must occur.

    With "=" before it a party, place or outlet is meant exactly and alone: "=RUS" is who acts for Russia, not all whose country it is,
    "=Geneva, CHE" the town, "=CHE" what is known to have happened in that country and no more, "=(not named)" reports without outlet.
    It may follow a looser one after ";", and both must hold: "Lavrov; =RUS".
    """

    since: str | None = None
    until: str | None = None
    who: str | None = None
    whom: str | None = None
    type: str | None = None
    place: str | None = None
    source: str | None = None
    text: str | None = None
    realis: str | None = None
    status: str | None = None
    begun: str | None = None


Where = tuple[list[str], list[Any]]
"""Conditions of SQL that must all hold, and the values of their question marks, in order."""


def first_day(value: str) -> str:
    """The first day of an ISO day, month or year.

    Raises:
        DateError: it is none.
    """
    return _bounds(value)[0]


def last_day(value: str) -> str:
    """The last day of an ISO day, month or year.

    Raises:
        DateError: it is none.
    """
    return _bounds(value)[1]


def _bounds(value: str) -> tuple[str, str]:
    found = days(value.strip())
    if found is None:
        raise DateError(f"{value!r} is not a date that exists; write it as YYYY-MM-DD, YYYY-MM or YYYY, for example 2022-01-21")
    return found


def in_time(filters: Filters, first: str, last: str) -> Where:
    """Conditions on two columns of days: something of the time between them lies within the filters."""
    conditions, values = [], []
    if filters.since:
        conditions.append(f"{last} >= CAST(? AS DATE)")
        values.append(first_day(filters.since))
    if filters.until:
        conditions.append(f"{first} <= CAST(? AS DATE)")
        values.append(last_day(filters.until))
    if filters.begun:
        conditions.append(f"{first} BETWEEN CAST(? AS DATE) AND CAST(? AS DATE)")
        values += _bounds(filters.begun)
    return conditions, values


def ids(parties: str) -> str:
    """SQL for the distinct principals of a column of actors, in their order."""
    return f"list_distinct([coalesce(a.id, a.name) FOR a IN {parties} IF coalesce(a.id, a.name) IS NOT NULL])"


def others(source: str, target: str) -> str:
    """SQL for whom something is done to, from its columns of actors: the target; without one, what several do together is done to each."""
    return f"CASE WHEN len({ids(target)}) > 0 THEN {target} WHEN len({ids(source)}) > 1 THEN {source} END"


def parts(wanted: str | None) -> list[tuple[str, bool]]:
    """What a filter asks for, all of which must hold, each with whether it is meant exactly."""
    found = [part.strip() for part in _AND.split(wanted or "")]
    return [(part.removeprefix("=").strip(), part.startswith("=")) for part in found if part.removeprefix("=").strip()]


def and_only(wanted: str | None, exactly: str) -> str:
    """A filter narrowed to one party, place or outlet: what it asks for, and that."""
    exactly = exactly if exactly.startswith("=") else f"={exactly}"
    return f"{wanted}; {exactly}" if wanted and wanted != exactly else exactly


def acts(parties: str, wanted: str | None) -> Where:
    """Conditions on a column of actors (an SQL expression): one of them is the wanted party or person.

    A name that the knowledge base knows as a party's ("Russia", "the Kremlin", "United Nations") stands for that party. Without
    case, a whole id or name, or one word of a name ("Lavrov"), is enough. What is meant exactly is an id or, of who has none, a name.
    """
    return every(*(_acts(parties, part, exactly) for part, exactly in parts(wanted)))


def _acts(parties: str, wanted: str, exactly: bool) -> Where:
    if exactly:
        return [f"list_contains({ids(parties)}, ?)"], [wanted]
    party = principal(wanted)
    asked = wanted.lower()
    condition = (
        f"len(list_filter({parties}, lambda a: lower(a.id) IN (?, ?) OR lower(a.name) = ? OR lower(a.country) = ? "
        "OR list_contains(string_split(lower(a.name), ' '), ?))) > 0"
    )
    return [condition], [asked, party.lower(), asked, party.lower(), asked]


def between(source: str, target: str, filters: Filters) -> Where:
    """Conditions on the two sides of a deed: who does it, and to whom (see `others`)."""
    return every(acts(source, filters.who), acts(others(source, target), filters.whom))


def principal(name: str) -> str:
    """The id of the party that a name stands for; the name itself where none is known."""
    from melian.knowledge import countries, names

    found = countries.country(name.strip()) if len(name.strip()) in (2, 3) else None
    if found:
        return found.iso3
    for candidate in names.lookup(name.strip()):
        if candidate.kind != "person" and candidate.actor.id:
            return candidate.actor.id
    return name.strip()


def among(column: str, wanted: str | None) -> Where:
    """A column is one of the values of a comma-separated list, without case."""
    values = [value.strip().lower() for value in (wanted or "").split(",") if value.strip()]
    return ([f"lower({column}) IN ({', '.join('?' * len(values))})"], values) if values else ([], [])


def contains(columns: str, wanted: str | None) -> Where:
    """An SQL expression of text contains the words, without case; signs of LIKE in them mean themselves."""
    return ([f"contains(lower({columns}), ?)"], [wanted.lower()]) if wanted else ([], [])


def told_by(outlet: str, wanted: str | None) -> Where:
    """An outlet's name contains the words, or is the one meant exactly."""

    def one(part: str, exactly: bool) -> Where:
        return ([f"coalesce({outlet}, '{NOT_NAMED}') = ?"], [part]) if exactly else contains(outlet, part)

    return every(*(one(part, exactly) for part, exactly in parts(wanted)))


def within(place: str, country: str, wanted: str | None) -> Where:
    """A place's name contains the words, or its country is the one meant; or it is the very place that is meant (see `places`)."""
    return every(*(_at(place, country, part) if exactly else _within(place, country, part) for part, exactly in parts(wanted)))


def _within(place: str, country: str, wanted: str) -> Where:
    return [f"(contains(lower({place}), ?) OR {country} = ?)"], [wanted.lower(), principal(wanted)]


def _at(place: str, country: str, wanted: str) -> Where:
    name, code = places.asked(wanted)
    named = places.plain_sql(place)
    if code is None:
        return [f"{named} = ?"], [places.plain(wanted)]
    if name is not None:
        return [f"{named} = ?", f"coalesce({country}, ?) = ?"], [places.plain(name), places.home(places.plain(name)), code]
    names = sorted(places.names_of(code))
    listed = f"{named} IN (SELECT unnest(CAST(? AS VARCHAR[])))"
    return (
        [f"(({country} = ? AND ({place} IS NULL OR {listed})) OR ({country} IS NULL AND {listed}))"],
        [code, names, [each for each in names if places.home(each) == code]],
    )


def every(*parts: Where) -> Where:
    """All conditions of several, in order."""
    return [condition for part in parts for condition in part[0]], [value for part in parts for value in part[1]]


def where_clause(where: Where) -> tuple[str, list[Any]]:
    """A WHERE clause, with a space before it where there is one, and its values."""
    conditions, values = where
    return (f" WHERE {' AND '.join(conditions)}" if conditions else ""), values
