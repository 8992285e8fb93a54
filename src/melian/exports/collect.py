"""From a record to the rows of an export: incidents with their tellings, statements, entries of the ledger.

Everything is streamed in an order that depends on nothing but the record's contents.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import duckdb
import msgspec

from melian.codebook import REALIS
from melian.crisis.questions.conditions import entry_conditions, event_conditions, incident_conditions, statement_conditions
from melian.crisis.questions.filters import Filters, Where, every, where_clause
from melian.crisis.questions.ids import shown
from melian.crisis.record.rows import actors, span
from melian.errors import CodebookError
from melian.exports.places import site
from melian.exports.rows import ExportedEntry, ExportedEvent, ExportedStatement, Telling
from melian.records import Actor, Span

HAPPENED = frozenset({"actual", "denied"})
"""What an incident is made of; the rest is foreseen, asked for or planned."""

_AT_ONCE = 2048
_WORDS = "substr(d.text, CAST({start} AS BIGINT) + 1, CAST({stop} AS BIGINT) - {start})"
_HASHED = "hashed AS MATERIALIZED (SELECT id, CASE WHEN text <> '' THEN sha256(text) END AS sha256, length(text) AS characters FROM documents)"
_TOLD = (
    "e.id AS event, e.doc, e.realis, e.start, e.stop, e.source AS told_source, e.target AS told_target, d.outlet, d.url, d.title, "
    'd.published, d.coder, h.sha256, h.characters, c."of" AS copied'
)


def chosen_realis(given: str | Collection[str]) -> frozenset[str]:
    """The kinds of realis that are asked for: "all", or some with commas between them.

    Raises:
        CodebookError: one is none of the codebook's.
    """
    words = [word.strip() for word in given.split(",")] if isinstance(given, str) else list(given)
    if words == ["all"]:
        return frozenset(REALIS)
    if unknown := [word for word in words if word not in REALIS]:
        raise CodebookError(f"{unknown[0]!r} is no realis; there are all, {', '.join(REALIS)}")
    return frozenset(words)


def collect(
    connection: duckdb.DuckDBPyConnection,
    filters: Filters | None = None,
    *,
    realis: Collection[str] = frozenset({"actual"}),
    tellings: bool = False,
    text: bool = True,
) -> Iterator[ExportedEvent]:
    """The events of a record, by the day on which they began and their ids.

    Args:
        connection: open.
        filters: leave out what does not fit; `status` of them is not heeded here.
        realis: "actual" gives incidents that somebody tells as a fact, "denied" those that are only denied; the others give the events
            that are planned, demanded, predicted or said to depend on something, which belong to no incident.
        tellings: one row for each telling, not for each incident.
        text: with the sources' own words and titles.

    Raises:
        DateError: a date of the filters is none.
    """
    filters = filters or Filters()
    told = set(realis) if tellings else set(realis) - HAPPENED
    parts: list[Iterator[ExportedEvent]] = []
    if told:
        parts.append(_tellings(connection, filters, sorted(told), text))
    if not tellings and HAPPENED & set(realis):
        parts.append(_incidents(connection, filters, HAPPENED & set(realis), text))
    return heapq.merge(*parts, key=_order)


def statements(
    connection: duckdb.DuckDBPyConnection, filters: Filters | None = None, *, text: bool = True
) -> Iterator[ExportedStatement]:
    """The statements of a record, by day and id."""
    filters = filters or Filters()
    words = _WORDS.format(start="s.start", stop="s.stop")
    condition = _WORDS.format(start="s.condition_start", stop="s.condition_stop")
    where, values = where_clause(statement_conditions(filters))
    for row in _rows(
        connection,
        f"WITH {_HASHED} SELECT s.* EXCLUDE (date, why), 'actual' AS realis, s.id AS event, s.speaker AS told_source, "
        's.about AS told_target, d.outlet, d.url, d.title, d.published, d.coder, h.sha256, h.characters, c."of" AS copied, '
        f"{words if text else 'NULL'} AS words, "
        f"CASE WHEN s.condition_start IS NOT NULL THEN {condition if text else 'NULL'} END AS condition_words "
        "FROM statements s JOIN documents d ON d.id = s.doc JOIN hashed h ON h.id = s.doc "
        f'LEFT JOIN copies c ON c.doc = s.doc AND c."of" <> c.doc{where} ORDER BY s.first NULLS LAST, s.id',
        values,
    ):
        yield ExportedStatement(
            id=shown("statement", row["id"]),
            act=row["act"],
            speaker=_actors(row["speaker"]),
            addressee=_actors(row["addressee"]),
            about=_actors(row["about"]),
            quote=row["quote"],
            reported_by=row["reported_by"],
            first=row["first"],
            last=row["last"],
            dated=row["dated"],
            place=row["place"],
            condition=span(row["condition_start"], row["condition_stop"]),
            condition_words=row["condition_words"],
            telling=_telling(row, text, "statement"),
            score=_rounded(row["score"]),
        )


def entries(
    connection: duckdb.DuckDBPyConnection, filters: Filters | None = None, *, text: bool = True
) -> Iterator[ExportedEntry]:
    """The entries of the ledger, by kind, first telling and id."""
    filters = filters or Filters()
    where, values = where_clause(entry_conditions(replace(filters, type=None)))  # types are those of events here
    for row in _rows(connection, f"SELECT e.* FROM entries e{where} ORDER BY e.kind, e.since NULLS LAST, e.id", values):
        yield ExportedEntry(
            id=shown(row["kind"], row["id"]),
            kind=row["kind"],
            status=row["status"],
            machine_status=row["machine_status"],
            since=row["since"],
            latest=row["latest"],
            moved=row["moved"],
            by=_actors(row["by"]),
            to=_actors(row["to"]),
            words=row["words"] if text else None,
            condition=row["condition"] if text else None,
            due=row["due"],
            kinds=tuple(row["kinds"]),
            tellings=row["tellings"],
            sources=row["sources"],
            probability=row["probability"],
            brier=row["brier"],
            replaces=shown("statement", row["replaces"]) if row["replaces"] is not None else None,
        )


def _incidents(
    connection: duckdb.DuckDBPyConnection, filters: Filters, realis: Collection[str], text: bool
) -> Iterator[ExportedEvent]:
    """Incidents with all their tellings, joined from two queries that run in the same order."""
    words = _WORDS.format(start="e.start", stop="e.stop")
    fits = [{"actual": "i.confirmed > 0", "denied": "i.confirmed = 0"}[kind] for kind in sorted(realis)]
    where, values = where_clause(every(([f"({' OR '.join(fits)})"], []), incident_conditions(filters)))
    chosen = (
        "SELECT i.*, e.bound, e.score AS reading FROM incidents i LEFT JOIN events e ON e.id = i.event "
        f"LEFT JOIN documents d ON d.id = e.doc{where}"
    )
    told = _rows(
        connection,
        f"WITH chosen AS (SELECT id, first FROM ({chosen})), {_HASHED} "
        f"SELECT i.id AS incident, {_TOLD}, {words if text else 'NULL'} AS words FROM chosen i JOIN incident_tellings t ON t.incident = i.id "
        "JOIN events e ON e.id = t.event JOIN documents d ON d.id = e.doc JOIN hashed h ON h.id = e.doc "
        'LEFT JOIN copies c ON c.doc = e.doc AND c."of" <> c.doc '
        "ORDER BY i.first NULLS LAST, i.id, e.realis <> 'actual', d.published NULLS LAST, d.id, e.start, e.id",
        values,
    )
    waiting = next(told, None)
    for row in _rows(connection, f"SELECT * FROM ({chosen}) ORDER BY first NULLS LAST, id", values):
        own = []
        while waiting is not None and waiting["incident"] == row["id"]:
            own.append(waiting)
            waiting = next(told, None)
        yield _incident(row, own, text)


def _incident(row: dict[str, Any], told: Sequence[dict[str, Any]], text: bool) -> ExportedEvent:
    name = shown("incident", row["id"])
    return ExportedEvent(
        id=name,
        incident=name,
        type=row["type"],
        mode=row["mode"],
        realis="actual" if row["confirmed"] else "denied",
        source=_actors(row["source"]),
        target=_actors(row["target"]),
        first=row["first"],
        last=row["last"],
        dated=row["dated"],
        place=row["place"],
        site=site(row["place"], row["place_country"]),
        low=row["low"],
        high=row["high"],
        unit=row["unit"],
        bound=row["bound"] if row["low"] is not None and row["low"] == row["high"] else None,
        tellings=tuple(_telling(each, text) for each in told),
        told=row["tellings"],
        documents=row["documents"],
        sources=row["sources"],
        confirmed=row["confirmed"],
        denied=row["denied"],
        confirmed_by=tuple(row["confirmed_by"]),
        denied_by=tuple(row["denied_by"]),
        coder=told[0]["coder"] if told else "",
        score=_rounded(row["reading"]),
    )


def _tellings(
    connection: duckdb.DuckDBPyConnection, filters: Filters, realis: Sequence[str], text: bool
) -> Iterator[ExportedEvent]:
    """Events as their documents tell them, one row each."""
    words = _WORDS.format(start="e.start", stop="e.stop")
    told: Where = ([f"e.realis IN ({', '.join('?' * len(realis))})"], list(realis))
    where, values = where_clause(every(told, event_conditions(filters)))
    for row in _rows(
        connection,
        f"WITH {_HASHED} SELECT {_TOLD}, e.* EXCLUDE (doc, realis, start, stop, why, also), t.incident, "
        f"{words if text else 'NULL'} AS words FROM events e JOIN documents d ON d.id = e.doc JOIN hashed h ON h.id = e.doc "
        'LEFT JOIN incident_tellings t ON t.event = e.id LEFT JOIN copies c ON c.doc = e.doc AND c."of" <> c.doc '
        f"{where.lstrip()} ORDER BY e.first NULLS LAST, e.id",
        values,
    ):
        denied = row["realis"] == "denied"
        outlet = (row["outlet"],) if row["outlet"] else ()
        yield ExportedEvent(
            id=shown("event", row["id"]),
            incident=shown("incident", row["incident"]) if row["incident"] is not None else None,
            type=row["type"],
            mode=row["mode"],
            realis=row["realis"],
            source=_actors(row["source"]),
            target=_actors(row["target"]),
            first=row["first"],
            last=row["last"],
            dated=row["dated"],
            place=row["place"],
            site=site(row["place"], row["place_country"]),
            low=row["value"],
            high=row["value"],
            unit=row["unit"],
            bound=row["bound"],
            tellings=(_telling(row, text),),
            told=1,
            documents=1,
            sources=1,
            confirmed=int(row["realis"] == "actual"),
            denied=int(denied),
            confirmed_by=outlet if row["realis"] == "actual" else (),
            denied_by=outlet if denied else (),
            coder=row["coder"],
            score=_rounded(row["score"]),
        )


def _telling(row: dict[str, Any], text: bool, kind: str = "event") -> Telling:
    source, target = row["told_source"], row["told_target"]
    return Telling(
        event=shown(kind, row["event"]),
        document=shown("document", row["doc"]),
        copy_of=shown("document", row["copied"]) if row["copied"] is not None else None,
        realis=row["realis"],
        outlet=row["outlet"],
        url=row["url"],
        title=row["title"] if text else None,
        published=row["published"],
        start=row["start"],
        stop=row["stop"],
        characters=row["characters"],
        sha256=row["sha256"],
        words=row["words"] or None,
        mentions=(_mention(source), _mention(target)),
    )


def _rows(connection: duckdb.DuckDBPyConnection, query: str, values: Sequence[Any]) -> Iterator[dict[str, Any]]:
    """The rows of a query, some at a time; others may run at the same time on the same record."""
    cursor = connection.cursor().execute(query, list(values))
    names = [column[0] for column in cursor.description or ()]
    while rows := cursor.fetchmany(_AT_ONCE):
        for row in rows:
            yield dict(zip(names, row, strict=True))


def _order(event: ExportedEvent) -> tuple[date, str]:
    return event.first or date.max, event.id


def _actors(found: Sequence[dict[str, Any]]) -> tuple[Actor, ...]:
    """The actors of a column; where they stand is told with each telling."""
    return tuple(msgspec.structs.replace(actor, span=None) for actor in actors(found))


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, 4)  # kept in four bytes, which are good for no more


def _mention(found: Sequence[dict[str, Any]]) -> Span | None:
    return span(found[0]["start"], found[0]["stop"]) if found else None
