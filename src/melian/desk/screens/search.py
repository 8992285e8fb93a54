"""Words in the texts, with facets that stand in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from melian.crisis.questions.filters import contains, every, in_time, where_clause
from melian.crisis.questions.ids import shown
from melian.errors import DateError, RecordError
from melian.views.headings import OPENING_SQL, UNTITLED, heading
from melian.views.lookups import among_ids
from melian.views.wording import MONTHS

if TYPE_CHECKING:
    from starlette.responses import Response

    from melian.desk.visit import Visit
    from melian.records import Span

PAGE = 20
PAGES = 25  # whoever wants more narrows the question
FACETS = 12  # values of each


def screen(visit: Visit) -> Response:
    """Hits of the words `q`, best first, and how they spread over outlets and months."""
    from melian.crisis.search import nothing_found, search

    query, filters = visit.parameter("q"), visit.filters
    number = min(visit.page_number(), PAGES)
    hits: list[dict[str, Any]] = []
    facets: list[tuple[str, list[dict[str, Any]]]] = []
    trouble = None
    more = False
    if query:
        try:
            found = search(
                visit.connection,
                query,
                limit=PAGE * number + 1,
                since=filters.since,
                until=filters.until,
                source=filters.source,
            )
            more = len(found) > PAGE * number and number < PAGES
            some = found[PAGE * (number - 1) : PAGE * number]
            names = _names(visit, [hit.document for hit in some if not hit.title])
            hits = [_hit(hit, names) for hit in some]
            facets = _facets(visit, query) if hits else []
            if not hits and number == 1:
                trouble = nothing_found(
                    visit.connection, query, since=filters.since, until=filters.until, source=filters.source
                )
        except (RecordError, DateError) as error:
            trouble = str(error)
    return visit.page("search.html.jinja", query=query, hits=hits, facets=facets, trouble=trouble, number=number, more=more)


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


def _hit(hit: Any, names: Mapping[str, str]) -> dict[str, Any]:
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


def _facets(visit: Visit, query: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """Outlets and months of the matching reports, each with the address that narrows the search to it."""
    from melian.crisis.search.matching import match
    from melian.crisis.search.queries import parse

    numbers = match(visit.connection, parse(query)).documents.tolist()
    where = every(
        (["d.no IN (SELECT unnest(CAST(? AS UINTEGER[])))"], [numbers]),
        in_time(visit.filters, "d.published", "d.published"),
        contains("d.outlet", visit.filters.source),
    )
    clause, values = where_clause(where)
    outlets = visit.rows(
        f"SELECT d.outlet AS value, count(*) AS n FROM documents d{clause} AND d.outlet IS NOT NULL GROUP BY 1 ORDER BY n DESC, value "
        f"LIMIT {FACETS}",
        *values,
    )
    months = visit.rows(
        f"SELECT strftime(d.published, '%Y-%m') AS value, count(*) AS n FROM documents d{clause} AND d.published IS NOT NULL "
        f"GROUP BY 1 ORDER BY value DESC LIMIT {FACETS}",
        *values,
    )
    return [
        ("Outlet", [{"label": row["value"], "n": row["n"], "to": visit.here(source=row["value"])} for row in outlets]),
        (
            "Month",
            [
                {"label": _month(row["value"]), "n": row["n"], "to": visit.here(from_=row["value"], to=row["value"])}
                for row in months
            ],
        ),
    ]


def _month(iso: str) -> str:
    return f"{MONTHS[int(iso[5:]) - 1]} {iso[:4]}"
