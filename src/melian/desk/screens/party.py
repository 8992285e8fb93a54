"""A party: who is in office on a day, what it demands and is asked for, what it said, what it did and suffered."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from melian.crisis.questions.choices import READINGS, check
from melian.crisis.questions.conditions import entry_conditions
from melian.crisis.questions.filters import Filters, Where, every, ids, in_time, last_day, where_clause
from melian.crisis.tellings import days
from melian.desk.addresses import clean
from melian.desk.screens.ledger import LATEST
from melian.errors import DateError, UnknownId
from melian.views import series, threads
from melian.views.lookups import read_lines

if TYPE_CHECKING:
    from starlette.responses import Response

    from melian.desk.visit import Visit

_OF_STATE = frozenset({"GOV", "MIL", "LEG", "JUD", "COP", "SPY"})
_MOST = {"entries": 6, "incidents": 12, "statements": 12, "people": 24, "pairs": 12}


def screen(visit: Visit) -> Response:
    """The page of a party.

    Raises:
        UnknownId: nothing in the record names it.
        DateError: the day (`on`) is none.
    """
    party = clean(visit.request.path_params["party"]) or ""
    check(visit.filters, READINGS)
    times = Filters(since=visit.filters.since, until=visit.filters.until)
    on = visit.parameter("on") or _last_day(visit, times)
    if on and (days(on) is None or len(on) != 10):
        raise DateError(f"{on!r} is not a day; write it as YYYY-MM-DD, for example 2022-01-21")
    own: Where = ([f"(list_contains({ids('i.source')}, ?) OR list_contains({ids('i.target')}, ?))"], [party, party])
    done = every(own, in_time(times, "i.first", "i.last"))
    said: Where = every(([f"list_contains({ids('s.speaker')}, ?)"], [party]), in_time(times, "s.first", "s.last"))
    incidents = threads.incidents(visit.connection, done, "i.first DESC NULLS LAST", _MOST["incidents"])
    statements = _statements(visit, said)
    if not incidents and not statements and not _is_named(visit, party):
        raise UnknownId(f"No report in this record names a party {party!r}.")
    pairs = visit.desk.remembered(
        visit.stamp,
        ("pairs of", party, repr(times)),
        lambda: series.dyads(visit.connection, times, _MOST["pairs"], of=[party]),
    )
    return visit.page(
        "party.html.jinja",
        party=party,
        on=on,
        asked_on=visit.parameter("on"),
        people=office_holders(party, on)[: _MOST["people"]] if on else [],
        demands=_entries(visit, times, party, "by", ("demand", "redline", "offer")),
        asked=_entries(visit, times, party, "to", ("demand", "redline", "offer")),
        claims=_entries(visit, times, party, "by", ("prediction", "denial", "shift")),
        incidents=incidents,
        statements=statements,
        pairs=pairs,
    )


@lru_cache(maxsize=256)
def office_holders(party: str, on: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Who holds which offices for a party on a day, the best known first; of a state only offices of the state."""
    from melian.knowledge.countries import country
    from melian.knowledge.tables import people_table

    is_state = country(party) is not None
    held: dict[tuple[float, str], list[str]] = {}
    for person in people_table().people:
        offices = [
            office.office
            for office in person.offices
            if office.principal == party and office.held_on(on) and (not is_state or office.sector in _OF_STATE)
        ]
        if offices:
            held.setdefault((-person.fame, person.name), []).extend(offices)
    return tuple((name, tuple(dict.fromkeys(offices))) for (_, name), offices in sorted(held.items()))


def _last_day(visit: Visit, times: Filters) -> str | None:
    """The last day of the record, or of the time that is asked for."""
    last: date | None = visit.one("SELECT max(published) FROM documents")
    ends = [day for day in (last and last.isoformat(), times.until and last_day(times.until)) if day]
    return min(ends, default=None)


def _is_named(visit: Visit, party: str) -> bool:
    query = f'SELECT 1 FROM entries e WHERE list_contains({ids("e.by")}, ?) OR list_contains({ids("""e."to" """)}, ?) LIMIT 1'
    if visit.one(query, party, party) is not None:
        return True
    sides = [("events", "source"), ("events", "target"), ("statements", "addressee"), ("statements", "about")]
    return any(visit.one(f"SELECT 1 FROM {kind} WHERE list_contains({ids(side)}, ?) LIMIT 1", party) for kind, side in sides)


def _entries(visit: Visit, times: Filters, party: str, side: str, kinds: tuple[str, ...]) -> list[dict[str, Any]]:
    column = ids(f'e."{side}"')
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    where: Where = ([f"e.kind IN ({listed})", f"list_contains({column}, ?)"], [party])
    return threads.entries(visit.connection, every(where, entry_conditions(times)), LATEST, _MOST["entries"])


def _statements(visit: Visit, where: Where) -> list[dict[str, Any]]:
    clause, values = where_clause(where)
    most = _MOST["statements"]
    rows = visit.rows(f"SELECT s.id FROM statements s{clause} ORDER BY s.first DESC NULLS LAST, s.id LIMIT {most}", *values)
    told = read_lines(visit.connection, [("statement", row["id"]) for row in rows])
    return [told["statement", row["id"]] for row in rows if ("statement", row["id"]) in told]
