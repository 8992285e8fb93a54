"""The tables of a record that people ask for: one SELECT each, with the filters that it heeds.

Every id is a letter and sixteen hex digits, every list of parties has the principals' ids, and rows come in an order that does not depend on
when reports were added.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from melian.crisis.questions.choices import ENTRY_KINDS, check
from melian.crisis.questions.conditions import (
    entry_conditions,
    event_conditions,
    incident_conditions,
    statement_conditions,
    words_sql,
)
from melian.crisis.questions.filters import (
    NOT_NAMED,
    Filters,
    Where,
    acts,
    among,
    contains,
    every,
    ids,
    in_time,
    told_by,
    where_clause,
)
from melian.crisis.questions.ids import LETTERS


@dataclass(frozen=True, slots=True)
class Question:
    """An SQL query with the values of its question marks; `count` asks with the same values how many rows it has."""

    sql: str
    count: str
    values: list[Any]


def question(name: str, filters: Filters, limit: int | None = None, offset: int = 0) -> Question:
    """The query of a table.

    Args:
        name: one of `names()`.
        filters: what rows to leave out; those that the table does not heed (see `HEEDED`) leave it as it is.
        limit: most rows.
        offset: rows to pass over first; counts only with a limit.

    Raises:
        KeyError: there is no such table.
        DateError: a date of the filters is none.
        RecordError: a type, realis or status of theirs is none of the table's.
    """
    check(filters, name)
    return _TABLES[name](filters, f" LIMIT {int(limit)} OFFSET {int(offset)}" if limit is not None else "")


HEEDED: dict[str, tuple[str, ...]] = {
    "events": ("since", "until", "who", "whom", "type", "realis", "place", "source", "text", "begun"),
    "statements": ("since", "until", "who", "whom", "type", "place", "source", "text", "begun"),
    "incidents": ("since", "until", "who", "whom", "type", "realis", "place", "source", "text", "begun"),
    **{name: ("since", "until", "who", "whom", "status", "type", "source", "text", "begun") for name in ENTRY_KINDS},
    "actors": ("since", "until", "who", "type", "text"),
    "documents": ("since", "until", "source", "text"),
    "sources": ("since", "until", "source"),
    "quarantine": ("type", "source", "text"),
}
"""The filters that each table can be narrowed by."""


def names() -> tuple[str, ...]:
    """The tables that can be asked for."""
    return tuple(_TABLES)


def _rows(
    columns: str, tables: str, order: str, conditions: Where, window: str, key: str | None = None, narrow: str | None = None
) -> Question:
    """A table's query. Where only a window of the rows is wanted and `key` tells them apart, they are chosen first, out of `narrow`: of the
    tables those that the conditions speak of. Cutting the words out of every text would take ten times as long."""
    where, values = where_clause(conditions)
    hits = f"{narrow or tables}{where}"
    count = f"SELECT count(*) FROM (SELECT 1 FROM {hits}{window})"
    if window and key:
        where = f" WHERE {key} IN (SELECT {key} FROM {hits} ORDER BY {order}{window})"
        window = ""
    return Question(f"SELECT {columns} FROM {tables}{where} ORDER BY {order}{window}", count, values)


def _with_texts(table: str, filters: Filters) -> str:
    """A table, with its documents only where the filters speak of these: `events e`, `statements s`."""
    return f"{table} JOIN documents d ON d.id = {table[-1]}.doc" if filters.source or filters.text else table


def shown_id(letter: str, column: str) -> str:
    """SQL for an id as people see it: a letter for what it is (see `ids.LETTERS`) and sixteen hex digits; NULL stays NULL."""
    return f"'{letter}' || format('{{:016x}}', {column})"


def _people(parties: str) -> str:
    return f"list_distinct([a.name FOR a IN {parties} IF a.name IS NOT NULL])"


def _events(filters: Filters, window: str) -> Question:
    words = words_sql("e.start", "e.stop")
    columns = (
        f"{shown_id('e', 'e.id')} AS id, e.date, e.first, e.last, e.type, e.mode, e.realis, {ids('e.source')} AS source, "
        f"{ids('e.target')} AS target, {_people('e.source')} AS source_names, {_people('e.target')} AS target_names, "
        f"e.place, e.place_country, e.value AS quantity, e.unit, e.bound, {words} AS words, d.outlet, d.published, d.title, d.url, "
        f"{shown_id('t', 'e.doc')} AS document, {shown_id('i', 't.incident')} AS incident, e.score"
    )
    tables = "events e JOIN documents d ON d.id = e.doc LEFT JOIN incident_tellings t ON t.event = e.id"
    return _rows(
        columns, tables, "e.first NULLS LAST, e.id", event_conditions(filters), window, "e.id", _with_texts("events e", filters)
    )


def _statements(filters: Filters, window: str) -> Question:
    words = words_sql("s.start", "s.stop")
    condition = words_sql("s.condition_start", "s.condition_stop")
    columns = (
        f"{shown_id('s', 's.id')} AS id, s.date, s.first, s.last, s.act, {ids('s.speaker')} AS speaker, "
        f"{_people('s.speaker')} AS speaker_names, {ids('s.addressee')} AS addressee, {ids('s.about')} AS about, s.quote, "
        f"s.reported_by, {words} AS words, CASE WHEN s.condition_start IS NOT NULL THEN {condition} END AS condition, "
        f"s.place, d.outlet, d.published, d.title, d.url, {shown_id('t', 's.doc')} AS document, s.score"
    )
    tables = "statements s JOIN documents d ON d.id = s.doc"
    return _rows(
        columns,
        tables,
        "s.first NULLS LAST, s.id",
        statement_conditions(filters),
        window,
        "s.id",
        _with_texts("statements s", filters),
    )


def _entries(kind: str) -> Callable[[Filters, str], Question]:
    def made(filters: Filters, window: str) -> Question:
        more = {
            "demand": "",
            "offer": "",
            "redline": "e.condition, e.kinds, ",
            "prediction": "e.due, e.kinds, e.probability, e.brier, ",
            "denial": "e.kinds, ",
            "shift": f"{shown_id('s', 'e.replaces')} AS replaces, ",
        }[kind]
        columns = (
            f"{shown_id(LETTERS[kind], 'e.id')} AS id, e.status, e.since, e.latest, e.moved, {ids('e.by')} AS by, {_people('e.by')} AS by_names, "
            f"""{ids('e."to"')} AS "to", e.words, {more}e.tellings, e.sources"""
        )
        return _rows(columns, "entries e", "e.since NULLS LAST, e.id", entry_conditions(filters, kind), window)

    return made


def _incidents(filters: Filters, window: str) -> Question:
    words = words_sql("e.start", "e.stop")
    columns = (
        f"{shown_id('i', 'i.id')} AS id, i.first, i.last, i.type, i.mode, {ids('i.source')} AS source, {ids('i.target')} AS target, "
        f"i.place, i.place_country, i.low, i.high, i.unit, i.tellings, i.documents, i.sources, i.confirmed, i.denied, "
        f"i.confirmed_by, i.denied_by, {words} AS words, d.outlet"
    )
    tables = "incidents i LEFT JOIN events e ON e.id = i.event LEFT JOIN documents d ON d.id = e.doc"
    return _rows(columns, tables, "i.first NULLS LAST, i.id", incident_conditions(filters), window, "i.id", "incidents i")


def _actors(filters: Filters, window: str) -> Question:
    told = (
        "SELECT unnest(source) AS a, 'acts' AS side, doc, first, last FROM events "
        "UNION ALL SELECT unnest(target), 'suffers', doc, first, last FROM events "
        "UNION ALL SELECT unnest(speaker), 'speaks', doc, first, last FROM statements"
    )
    where, values = where_clause(in_time(filters, "first", "last"))
    of_all = every(
        acts("[{'id': id, 'name': name, 'country': country}]", filters.who),
        among("sector", filters.type),
        contains("concat_ws(' ', id, name, role)", filters.text),
    )
    told = f"SELECT a.id AS id, a.name AS name, a, side, doc, first, last FROM ({told}){where}"
    order = "id NULLS LAST, name NULLS LAST"
    pairs = f"SELECT count(*) FROM (SELECT DISTINCT id, name FROM ({told}){window})"
    if window and not of_all[0]:  # those who are told of most are found by counting alone
        told = (
            f"WITH told AS ({told}), chosen AS (SELECT id, name FROM told GROUP BY id, name ORDER BY count(*) DESC, {order}{window}) "
            "SELECT told.* FROM told SEMI JOIN chosen c ON told.id IS NOT DISTINCT FROM c.id AND told.name IS NOT DISTINCT FROM c.name"
        )
        window = ""
    grouped = (
        "SELECT id, name, mode(a.sector ORDER BY a.sector) AS sector, mode(a.role ORDER BY a.role) AS role, "
        "mode(a.country ORDER BY a.country) AS country, count(*) FILTER (side = 'acts') AS acts, "
        "count(*) FILTER (side = 'suffers') AS suffers, count(*) FILTER (side = 'speaks') AS speaks, "
        f"count(DISTINCT doc) AS documents, min(first) AS since, max(last) AS latest FROM ({told}) GROUP BY id, name"
    )
    columns = "id, name, sector, role, country, acts, suffers, speaks, documents, since, latest"
    of_all = (of_all[0], [*values, *of_all[1]])
    asked = _rows(columns, f"({grouped})", f"acts + suffers + speaks DESC, {order}", of_all, window)
    return asked if of_all[0] else replace(asked, count=pairs)


def _documents(filters: Filters, window: str) -> Question:
    columns = (
        f"{shown_id('t', 'd.id')} AS id, d.published, d.published_from, d.published_at, d.outlet, d.title, d.url, length(d.text) AS characters, "
        f"{shown_id('t', 'c.of')} AS copy_of, d.coder"
    )
    tables = "documents d LEFT JOIN copies c ON c.doc = d.id AND c.of <> d.id"
    where = every(
        in_time(filters, "d.published", "d.published"),
        told_by("d.outlet", filters.source),
        contains("concat_ws(' ', d.title, d.text)", filters.text),
    )
    return _rows(columns, tables, "d.published NULLS LAST, d.id", where, window, "d.id")


def _sources(filters: Filters, window: str) -> Question:
    where, values = where_clause(in_time(filters, "d.published", "d.published"))
    outlets = (
        f"(SELECT coalesce(d.outlet, '{NOT_NAMED}') AS outlet, count(*) AS documents, "
        "count(*) FILTER (c.doc IS NOT NULL) AS copies, sum(e.number) AS events, min(d.published) AS since, "
        "max(d.published) AS latest FROM documents d LEFT JOIN copies c ON c.doc = d.id AND c.of <> d.id "
        f"LEFT JOIN (SELECT doc, count(*) AS number FROM events GROUP BY doc) e ON e.doc = d.id{where} GROUP BY 1)"
    )
    named = told_by("outlet", filters.source)
    return _rows("*", outlets, "documents DESC, outlet", (named[0], [*values, *named[1]]), window)


def _quarantine(filters: Filters, window: str) -> Question:
    where = every(contains("origin", filters.source), among("kind", filters.type), contains("message", filters.text))
    return _rows("origin, kind, message, seen", "quarantine", "origin NULLS LAST, message", where, window)


_TABLES: dict[str, Callable[[Filters, str], Question]] = {
    "events": _events,
    "statements": _statements,
    "incidents": _incidents,
    **{name: _entries(kind) for name, kind in ENTRY_KINDS.items()},
    "actors": _actors,
    "documents": _documents,
    "sources": _sources,
    "quarantine": _quarantine,
}
