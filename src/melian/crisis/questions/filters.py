"""What narrows a table: when, who, to whom, which type, where, which outlet, which words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from melian.crisis.tellings import days
from melian.errors import DateError


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Every field that is given must hold.

    `since` and `until` are ISO days, months or years (the last day counts). `who` is the source, speaker or claimant, `whom` the
    target, addressee or party spoken of: an id, a country's or a person's name. `type` is an event type, an act, a status or an
    entry's kind, `place` a place's name or a country's code, `source` an outlet's name (part of it), `text` words that must occur.
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
    return conditions, values


def acts(parties: str, wanted: str | None) -> Where:
    """Conditions on a column of actors (an SQL expression): one of them is the wanted party or person.

    A name that the knowledge base knows as a party's ("Russia", "the Kremlin", "United Nations") stands for that party. Without
    case, a whole id or name, or one word of a name ("Lavrov"), is enough.
    """
    if not wanted:
        return [], []
    party = principal(wanted)
    asked = wanted.strip().lower()
    condition = (
        f"len(list_filter({parties}, lambda a: lower(a.id) IN (?, ?) OR lower(a.name) = ? OR lower(a.country) = ? "
        "OR list_contains(string_split(lower(a.name), ' '), ?))) > 0"
    )
    return [condition], [asked, party.lower(), asked, party.lower(), asked]


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
    if not wanted:
        return [], []
    values = [value.strip().lower() for value in wanted.split(",") if value.strip()]
    return [f"lower({column}) IN ({', '.join('?' * len(values))})"], values


def contains(columns: str, wanted: str | None) -> Where:
    """An SQL expression of text contains the words, without case; signs of LIKE in them mean themselves."""
    return ([f"contains(lower({columns}), ?)"], [wanted.lower()]) if wanted else ([], [])


def within(place: str, country: str, wanted: str | None) -> Where:
    """A place's name contains the words, or its country is the one meant."""
    if not wanted:
        return [], []
    return [f"(contains(lower({place}), ?) OR {country} = ?)"], [wanted.lower(), principal(wanted)]


def every(*parts: Where) -> Where:
    """All conditions of several, in order."""
    return [condition for part in parts for condition in part[0]], [value for part in parts for value in part[1]]


def where_clause(where: Where) -> tuple[str, list[Any]]:
    """A WHERE clause, with a space before it where there is one, and its values."""
    conditions, values = where
    return (f" WHERE {' AND '.join(conditions)}" if conditions else ""), values
