"""What of a record stands on the page, by the names that its template has for it.

The page leads within itself: from words to their place in a report (`#m-ID`), from drawings to days (`#t-DAY`) and parties (`#p-NUMBER`), and to
entries of the ledger (`#l-ID`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from itertools import groupby
from typing import Any

import duckdb

from melian.analysis.tension import tension
from melian.charts.matrix import MOST as MOST_DRAWN
from melian.crisis.questions.choices import ENTRY_KINDS
from melian.crisis.questions.filters import Filters
from melian.crisis.record.documents import coded_documents
from melian.report import tables
from melian.report.documents import sources
from melian.report.people import people, speakers
from melian.views import news, pictures, series, spans, threads
from melian.views.marks import ROLES
from melian.views.situations import situation
from melian.views.standing import standing
from melian.views.wording import date_words, listed, party_name

MOST_PLACES, MOST_PEOPLE = 300, 5
_EVERY = 1_000_000
_CHAPTERS = (  # table, heading, what is said when there is none
    ("demands", "Demands and their answers", "No demand is on record."),
    ("redlines", "Threats and red lines", "No threat is on record."),
    ("predictions", "Predictions", "No prediction is on record."),
    ("denials", "Denials", "No denial is on record."),
    ("offers", "Offers", "No offer is on record."),
    ("shifts", "Shifts of position", "No correction of an earlier statement is on record."),
)
Day = tuple[date | None, str, list[dict[str, Any]]]
"""A day with its words and its incidents."""


def contents(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Everything that the page shows of a record."""
    pairs = list(coded_documents(connection))
    parties = series.parties(connection, Filters())
    numbers = {row["party"]: number for number, row in enumerate(parties, start=1)}
    happened = _incidents(connection)
    first_of = _first_of([first for first, _, _ in happened if first])
    chapters = [(name, head, none, _entries(connection, name)) for name, head, none in _CHAPTERS]
    return {
        "named": listed(party_name(row["party"]) for row in parties[:3]) if parties else "An empty record",
        "evidence_href": _evidence(connection, [entry for *_, entries in chapters for entry in entries]),
        "thread_href": lambda id_: f"#l-{id_}",
        "situation": situation(connection),
        "reason_href": lambda window: first_of(*window) or "#timeline",
        "news": news.of_last_days(connection),
        "news_days": news.DAYS,
        "parties": parties,
        "numbers": numbers,
        "people": people(pairs),
        "most_people": MOST_PEOPLE,
        "widest": max((max(row["cooperation"], row["conflict"]) for row in parties), default=0),
        "happened": happened,
        "chapters": chapters,
        "outlets": series.outlets(connection, Filters()),
        "speakers": speakers(pairs),
        "sources": sources(pairs),
        "data": tables.data(connection),
        "roles": ROLES,
        **standing(connection),
        **_drawings(connection, first_of, numbers),
    }


def _drawings(
    connection: duckdb.DuckDBPyConnection, first_of: Callable[[date, date], str | None], numbers: dict[str, int]
) -> dict[str, Any]:
    """The charts; their marks lead to the days and parties of the page."""
    measured = tension(connection)
    partners = series.partners(connection, Filters())
    pairs = series.dyads(connection, Filters(), among=partners[:MOST_DRAWN]) if partners else []
    places = series.places(connection, Filters())
    zoom = spans.zoom_for(*spans.reach(connection))

    def of_span(first: date, zoom: str) -> str | None:
        return first_of(first, spans.end_of(first, zoom))

    return {
        "tension": pictures.tension(measured, lambda period: of_span(period.first, f"{measured.unit}s")),
        "timeline": pictures.timeline(connection, ([], []), zoom, lambda first: of_span(first, zoom)),
        "matrix": pictures.matrix(pairs, len(partners), lambda who, whom: None),
        "network": pictures.network(pairs, len(partners), lambda party: f"#p-{numbers[party]}" if party in numbers else None),
        "map": pictures.map(places[:MOST_PLACES], len(places), lambda cluster: None),
    }


def _first_of(days: Sequence[date]) -> Callable[[date, date], str | None]:
    """From two days to the first between them that has incidents, as a link; None where none has."""
    return lambda first, last: next((f"#t-{day}" for day in days if first <= day <= last), None)


def _incidents(connection: duckdb.DuckDBPyConnection) -> list[Day]:
    """The incidents by day, each day's most told first; those without a day come last, under None."""
    order = f"i.first NULLS LAST, i.sources DESC, i.tellings DESC, {threads.gravity_sql('i.type')} DESC"
    rows = threads.incidents(connection, ([], []), order, _EVERY)
    return [
        (first, date_words(first.isoformat()) if first else "", list(group))
        for first, group in groupby(rows, key=lambda row: row["first"])
    ]


def _entries(connection: duckdb.DuckDBPyConnection, name: str) -> list[dict[str, Any]]:
    """The entries of a kind with all their answers, those that moved last first."""
    where = (["e.kind = ?"], [ENTRY_KINDS[name]])
    order = "greatest(e.moved, e.latest, e.since) DESC NULLS LAST"
    return threads.entries(connection, where, order, _EVERY, answers=_EVERY)


def _evidence(connection: duckdb.DuckDBPyConnection, entries: Sequence[dict[str, Any]]) -> Callable[[str], str]:
    """From an id to where its words stand on the page: of an incident those of its fullest telling, of an entry those of its best."""
    told = {
        f"i{incident:016x}": f"e{event:016x}"
        for incident, event in connection.execute("SELECT id, event FROM incidents").fetchall()
    }
    told |= {entry["key"]: entry["evidence"] for entry in entries if entry["evidence"]}
    return lambda id_: f"#m-{told.get(id_, id_)}"
