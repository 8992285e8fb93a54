"""Searching the full text of a record's reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import duckdb
import msgspec
import numpy as np

from melian.crisis.questions.conditions import report_conditions
from melian.crisis.questions.filters import Filters
from melian.crisis.questions.ids import shown
from melian.crisis.record.rows import fetch
from melian.crisis.search.matching import Matches, match, unknown
from melian.crisis.search.phrases import Phrases
from melian.crisis.search.queries import Query, parse
from melian.crisis.search.snippets import Snippet, marks, snippets
from melian.records import Span

_READ_FIRST, _READ_MOST = 100, 5000  # texts that are read together where a phrase must be looked for in them


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A report that was found.

    `document` is its id, `published` an ISO date, `score` its BM25, `copies` how many other reports print the same telling,
    `title_marks` what to highlight in the title, `snippets` its best passages.
    """

    document: str
    published: str | None
    outlet: str | None
    title: str | None
    url: str | None
    score: float
    copies: int
    title_marks: tuple[Span, ...]
    snippets: tuple[Snippet, ...]


def search(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    *,
    limit: int | None = 20,
    since: str | None = None,
    until: str | None = None,
    source: str | None = None,
    copies: bool = False,
    who: str | None = None,
    whom: str | None = None,
    type: str | None = None,
    place: str | None = None,
) -> list[Hit]:
    """The reports that match, the best first, then by id.

    Args:
        connection: open for reading.
        query: words, "phrases", -without, OR, prefix* (see `queries`).
        limit: most hits; None is all.
        since: first day (or month, or year) of publication.
        until: last day (or month, or year) of publication.
        source: part of the outlet's name.
        copies: one hit for each copy of a telling, and not for the best of them only.
        who: a party or person by whom an event or a statement of the report is.
        whom: one to whom it is.
        type: its event type or act.
        place: where it is.

    Raises:
        RecordError: the query asks for nothing or cannot be understood.
        DateError: a date is none.
    """
    asked = parse(query)
    filters = Filters(since=since, until=until, source=source, who=who, whom=whom, type=type, place=place)
    found = match(connection, asked)
    chosen = _chosen(_ranked(connection, asked, found, filters), limit, copies)
    return list(_hits(connection, chosen, found))


def nothing_found(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    *,
    since: str | None = None,
    until: str | None = None,
    source: str | None = None,
) -> str:
    """Why a search found nothing, in words for a person.

    Raises:
        RecordError, DateError: as `search`.
    """
    asked = parse(query)
    missing = unknown(connection, asked.units)
    for group in asked.groups:
        if all(unit in missing for unit in group):
            return f"no report has {' or '.join(unit.given for unit in group)}"
    if any((since, until, source)) and search(connection, query, limit=1):
        return "no report of that time and source has this; there are some without --from, --to and --source"
    if asked.without:
        return "no report has this without the words that are to be left out"
    if len(asked.groups) > 1:
        return "no report has all of this; OR between two words lets either stand"
    return f"no report has the words {' or '.join(unit.given for unit in asked.units)} in a row"


_Ranked = tuple[int, int, float]  # a document, what it is a copy of (itself where it is none), and its score


def _ranked(connection: duckdb.DuckDBPyConnection, asked: Query, found: Matches, filters: Filters) -> Iterator[_Ranked]:
    """Documents that match and pass the filters, the best first."""
    conditions, values = report_conditions(filters)
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    rows = connection.execute(
        f'SELECT d.no, d.id, coalesce(c."of", d.id) AS telling FROM documents d LEFT JOIN copies c ON c.doc = d.id{where}',
        values,
    ).fetchnumpy()
    at = np.searchsorted(found.documents, rows["no"])
    at[at == len(found.documents)] = 0
    passing = found.documents[at] == rows["no"] if len(found.documents) else np.zeros(len(at), bool)
    document, telling, score = rows["id"][passing], rows["telling"][passing], found.scores[at[passing]]
    order = np.lexsort((document, -score))
    ranked = list(zip(*(column[order].tolist() for column in (document, telling, score)), strict=True))
    if not asked.phrases:
        yield from ranked
        return
    phrases = Phrases(asked, found.forms)
    start, many = 0, _READ_FIRST
    while some := ranked[start : start + many]:
        texts = _texts(connection, [each[0] for each in some])
        yield from (each for each in some if phrases.hold(texts[each[0]]))
        start, many = start + many, min(4 * many, _READ_MOST)


def _texts(connection: duckdb.DuckDBPyConnection, documents: Sequence[int]) -> dict[int, tuple[str, str]]:
    rows = connection.execute(
        "SELECT id, coalesce(title, ''), text FROM documents WHERE id IN (SELECT unnest(?::UBIGINT[]))", [list(documents)]
    ).fetchall()
    return {key: (title, text) for key, title, text in rows}


def _chosen(ranked: Iterator[_Ranked], limit: int | None, copies: bool) -> list[_Ranked]:
    chosen: list[_Ranked] = []
    seen: set[int] = set()
    for each in ranked:
        if limit is not None and len(chosen) >= limit:
            break
        if copies or each[1] not in seen:
            seen.add(each[1])
            chosen.append(each)
    return chosen


def _hits(connection: duckdb.DuckDBPyConnection, chosen: Sequence[_Ranked], found: Matches) -> Iterator[Hit]:
    for start in range(0, len(chosen), _READ_MOST):
        yield from _shown(connection, chosen[start : start + _READ_MOST], found)


def _shown(connection: duckdb.DuckDBPyConnection, chosen: Sequence[_Ranked], found: Matches) -> Iterator[Hit]:
    rows = fetch(
        connection,
        "SELECT id, CAST(published AS VARCHAR) AS published, outlet, title, url, text FROM documents "
        "WHERE id IN (SELECT unnest(?::UBIGINT[]))",
        [[document for document, _, _ in chosen]],
    )
    by_id = {row["id"]: row for row in rows}
    printed = dict(
        connection.execute(
            'SELECT "of", count(*) - 1 FROM copies WHERE "of" IN (SELECT unnest(?::UBIGINT[])) GROUP BY 1',
            [[telling for _, telling, _ in chosen]],
        ).fetchall()
    )
    for document, telling, score in chosen:
        row = by_id[document]
        yield Hit(
            document=shown("document", document),
            published=row["published"],
            outlet=row["outlet"],
            title=row["title"],
            url=row["url"],
            score=round(score, 4),
            copies=printed.get(telling, 0),
            title_marks=marks(row["title"] or "", found.forms),
            snippets=snippets(row["text"], found.forms, found.weights),
        )
