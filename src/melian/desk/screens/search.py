"""Words in the texts, with facets that stand in the address."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from melian import codebook
from melian.crisis.questions.choices import READINGS, check
from melian.crisis.questions.conditions import reading_conditions, report_conditions
from melian.crisis.questions.filters import NOT_NAMED, Filters, and_only, every, ids, where_clause
from melian.crisis.questions.ids import shown
from melian.crisis.questions.places import plain_sql
from melian.crisis.record.rows import fetch
from melian.desk.downloads import Ask, as_csv, as_json
from melian.errors import DateError, RecordError
from melian.views.filters import choice_words
from melian.views.headings import OPENING_SQL, UNTITLED, heading
from melian.views.lookups import among_ids
from melian.views.names import place_name
from melian.views.wording import MONTHS, capital, party_name, table

if TYPE_CHECKING:
    import duckdb
    from starlette.responses import Response

    from melian.crisis.search.searching import Hit
    from melian.desk.visit import Visit
    from melian.records import Span

PAGE = 20
PAGES = 25  # whoever wants more narrows the question
FACETS = 12  # values of each
COLUMNS = ("document", "published", "outlet", "title", "url", "score", "copies", "words")
"""What a file has of each hit."""


def screen(visit: Visit) -> Response:
    """Hits of the words `q`, best first, and how they spread over outlets, parties, types, places and months.

    Raises:
        RecordError: an enumerated filter has another value.
    """
    from melian.crisis.search import nothing_found

    query, filters = visit.parameter("q"), visit.filters
    check(filters, READINGS)
    number = visit.page_number(PAGE * PAGES, PAGE)
    hits: list[dict[str, Any]] = []
    facets: list[tuple[str, list[dict[str, Any]]]] = []
    count: Spread | None = None
    trouble = None
    more = False
    if query:
        try:
            found = _search(visit.connection, query, filters, PAGE * number + 1)
            number = visit.page_number(min(len(found), PAGE * PAGES), PAGE)
            more = len(found) > PAGE * number and number < PAGES
            some = found[PAGE * (number - 1) : PAGE * number]
            names = _names(visit, [hit.document for hit in some if not hit.title])
            hits = [_hit(hit, names) for hit in some]
            if hits:
                count = visit.desk.remembered(
                    visit.stamp, ("spread", query, repr(filters)), lambda: spread(visit.connection, query, filters)
                )
                facets = _shown(visit, count)
            elif any((filters.who, filters.whom, filters.type, filters.place)):
                trouble = "no report that tells this of the party, type or place has these words; take a filter out"
            elif number == 1:
                trouble = nothing_found(
                    visit.connection, query, since=filters.since, until=filters.until, source=filters.source
                )
        except (RecordError, DateError) as error:
            trouble = str(error)
    return visit.page(
        "search.html.jinja",
        query=query,
        quotes='"' in (query or "") or "“" in (query or ""),
        types=codebook.event_types(),
        hits=hits,
        count=count.hits if count else 0,
        facets=facets,
        trouble=trouble,
        number=number,
        more=more,
    )


def csv(visit: Visit) -> Response:
    """All hits as CSV.

    Raises:
        RecordError: there is nothing to look for, it cannot be understood, or an enumerated filter has another value.
    """
    return as_csv(visit.desk, "melian-search", _ask(visit))


def json(visit: Visit) -> Response:
    """All hits as JSON.

    Raises:
        RecordError: there is nothing to look for, it cannot be understood, or an enumerated filter has another value.
    """
    return as_json(visit.desk, "melian-search", _ask(visit))


def _ask(visit: Visit) -> Ask:
    from melian.crisis.search.queries import parse

    query, filters = visit.parameter("q") or "", visit.filters
    check(filters, READINGS)
    parse(query)  # before the file is begun

    def ask(connection: duckdb.DuckDBPyConnection) -> tuple[Sequence[str], Iterable[Sequence[Any]]]:
        return COLUMNS, (
            (
                hit.document,
                hit.published,
                hit.outlet,
                hit.title,
                hit.url,
                hit.score,
                hit.copies,
                [each.words for each in hit.snippets],
            )
            for hit in _search(connection, query, filters, None)
        )

    return ask


def _search(connection: duckdb.DuckDBPyConnection, query: str, filters: Filters, limit: int | None) -> list[Hit]:
    from melian.crisis.search import search

    return search(
        connection,
        query,
        limit=limit,
        since=filters.since,
        until=filters.until,
        source=filters.source,
        who=filters.who,
        whom=filters.whom,
        type=filters.type,
        place=filters.place,
    )


def pieces(words: str, marks: Sequence[Span]) -> list[tuple[str, bool]]:
    """A text cut into runs that are found words and runs that are not; marks lie in it, in order."""
    found: list[tuple[str, bool]] = []
    at = 0
    for start, stop in marks:
        found += [(words[at:start], False), (words[start:stop], True)]
        at = stop
    return [(run, is_mark) for run, is_mark in [*found, (words[at:], False)] if run]


def _names(visit: Visit, documents: Sequence[str]) -> dict[str, str]:
    """What some reports without a title are called."""
    query = f"SELECT d.id, d.title, {OPENING_SQL} FROM documents d WHERE {among_ids('d.id', (int(each[1:], 16) for each in documents))}"
    return {shown("document", row["id"]): heading(row) for row in visit.rows(query)}


def _hit(hit: Hit, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "document": hit.document,
        "published": hit.published,
        "outlet": hit.outlet,
        "title": pieces(hit.title, hit.title_marks) if hit.title else [(names.get(hit.document, UNTITLED), False)],
        "copies": hit.copies,
        "snippets": [
            pieces(snippet.words, [(start - snippet.span[0], stop - snippet.span[0]) for start, stop in snippet.marks])
            for snippet in hit.snippets
        ],
    }


@dataclass(frozen=True, slots=True)
class Spread:
    """How the matching reports spread: how many tellings they are, and for each facet its values with how many of these the search has that is narrowed to it."""

    hits: int
    facets: dict[str, list[tuple[str, int]]]


def spread(connection: duckdb.DuckDBPyConnection, query: str, filters: Filters) -> Spread:
    """Outlets, months, parties, types and places of the reports that match; where words must stand in a row, of all that have the words."""
    from melian.crisis.search.matching import match
    from melian.crisis.search.queries import parse

    numbers = match(connection, parse(query)).documents.tolist()
    clause, values = where_clause(
        every((["d.no IN (SELECT unnest(CAST(? AS UINTEGER[])))"], [numbers]), report_conditions(filters))
    )
    told = []
    for (kind, name, type_, parties), (conditions, wanted) in zip(_READINGS, reading_conditions(filters), strict=True):
        told.append(
            f"SELECT hits.telling, {name}.{type_} AS type, {plain_sql(f'{name}.place')} AS place, {ids(f'{name}.{parties}')} AS parties "
            f"FROM {kind} {name} JOIN hits ON hits.id = {name}.doc{where_clause((conditions, []))[0]}"
        )
        values = [*values, *wanted]
    rows = fetch(
        connection,
        f"WITH hits AS MATERIALIZED (SELECT d.id, coalesce(c.\"of\", d.id) AS telling, coalesce(d.outlet, '{NOT_NAMED}') AS outlet, d.published "
        f"FROM documents d LEFT JOIN copies c ON c.doc = d.id{clause}), told AS MATERIALIZED ({' UNION ALL '.join(told)}), "
        f"counted AS ({' UNION ALL '.join(_COUNTS.values())}) SELECT facet, value, n FROM counted WHERE value IS NOT NULL "
        f"QUALIFY row_number() OVER (PARTITION BY facet ORDER BY CASE facet WHEN 'month' THEN value END DESC, n DESC, value) <= {FACETS} "
        "ORDER BY facet, CASE facet WHEN 'month' THEN value END DESC, n DESC, value",
        values,
    )
    found: dict[str, list[tuple[str, int]]] = {name: [] for name in _COUNTS}
    for row in rows:
        found[row["facet"]].append((str(row["value"]), int(row["n"])))
    hits = found.pop("hits")[0][1]
    return Spread(hits, found)


_READINGS = (("events", "e", "type", "source"), ("statements", "s", "act", "speaker"))
_COUNTS = {
    "hits": "SELECT 'hits' AS facet, '' AS value, count(DISTINCT telling) AS n FROM hits",
    "source": "SELECT 'source', outlet, count(DISTINCT telling) FROM hits GROUP BY outlet",
    "who": "SELECT 'who', party, count(DISTINCT telling) FROM (SELECT telling, unnest(parties) AS party FROM told) GROUP BY party",
    "type": "SELECT 'type', type, count(DISTINCT telling) FROM told GROUP BY type",
    "place": "SELECT 'place', place, count(DISTINCT telling) FROM told GROUP BY place",
    "month": "SELECT 'month', strftime(published, '%Y-%m'), count(DISTINCT telling) FROM hits GROUP BY ALL",
}
"""SQL for what is counted: the tellings (copies are one), and for each facet (named by its filter; a month is two) those with each value."""
_EXACT = frozenset({"source", "who", "place"})


def _shown(visit: Visit, found: Spread) -> list[tuple[str, list[dict[str, Any]]]]:
    """The facets, each value with the address that narrows the search to it."""
    words: dict[str, Callable[[str], str]] = {
        "who": lambda party: capital(party_name(party)),
        "type": lambda kind: capital(choice_words(kind)),
        "place": lambda place: place_name(place.upper()) if len(place) > 3 else place.upper(),
        "month": _month,
    }
    return [
        (
            table("facets")[name],
            [
                {
                    "label": words.get(name, str)(value),
                    "n": n,
                    "to": _narrowed(visit, name, value),
                }
                for value, n in values
            ],
        )
        for name, values in found.facets.items()
    ]


def _narrowed(visit: Visit, name: str, value: str) -> str:
    if name == "month":
        return visit.here(from_=value, to=value)
    return visit.here(**{name: and_only(visit.parameter(name), value) if name in _EXACT else value})


def _month(iso: str) -> str:
    return f"{MONTHS[int(iso[5:]) - 1]} {iso[:4]}"
