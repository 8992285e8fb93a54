"""Where things stand, for a record: the arrow with its reason, and the sentences of the report page, over the tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from melian.codebook import event_types, quad
from melian.crisis.entries import Answer, Demand, Denial, Evidence, Ledger, Prediction, RedLine
from melian.crisis.questions.ids import shown
from melian.crisis.record.rows import actors, event, fetch
from melian.crisis.tellings import SURE, SURE_UNDATED
from melian.views.lookups import among_ids, ids_of, records_by_id, rows_by_id
from melian.views.sentences import LEAST, WINDOWS, Deed, Sentence, sentences, trend_of

if TYPE_CHECKING:
    import duckdb

DAYS = 125  # before the last incident that the arrow looks at
CANDIDATES = 12  # entries of a kind among which the weightiest is found
_GRAVE = 16  # incidents of the last week among which the gravest is found


@dataclass(frozen=True, slots=True)
class Situation:
    """The arrow ("worse", "same", "better" or None), its reason, and sentences of fragments with keys of evidence."""

    direction: str | None
    reason: str
    sentences: Sequence[Sentence]
    window: tuple[date, date] | None  # the days that the reason speaks of


def situation(connection: duckdb.DuckDBPyConnection) -> Situation:
    """Where things stand in a record."""
    row = connection.execute("SELECT max(published) FROM documents").fetchone()
    last = row[0] if row else None
    within = "confirmed > 0 AND first IS NOT NULL AND first <= coalesce(CAST(? AS DATE), first)"
    end = connection.execute(f"SELECT max(first) FROM incidents WHERE {within}", [last]).fetchone()
    placed: list[tuple[str, Any]] = []
    arrow = trend_of(placed)
    for days in (f">= CAST(? AS DATE) - {DAYS}", f"< CAST(? AS DATE) - {DAYS}") if end and end[0] else ():
        query = f"SELECT type, first, count(*) AS n FROM incidents WHERE {within} AND first {days} GROUP BY ALL"
        for found in fetch(connection, query, [last, end[0]] if end else []):
            placed += [(quad(found["type"]), found["first"])] * found["n"]
        arrow = trend_of(placed)
        if arrow.direction:  # where there is none, its reason counts the earlier ones too
            break
    events = connection.execute("SELECT count(*) FROM incidents").fetchone()
    told = sentences(_ledger(connection), _deeds(connection, last, end[0] if end else None), events[0] if events else 0)
    return Situation(arrow.direction, arrow.reason, told, _window([day for _, day in placed]))


def _window(days: Sequence[date]) -> tuple[date, date] | None:
    """The last days that `trend_of` compares with those before; None where it finds too little."""
    end = max(days, default=date.min)
    for length, before in WINDOWS:
        start = end - timedelta(days=length - 1) if days else end
        recent = sum(day >= start for day in days)
        if min(recent, sum(start - timedelta(days=before) <= day < start for day in days)) >= LEAST:
            return start, end
    return None


def _deeds(connection: duckdb.DuckDBPyConnection, last: Any, end: Any) -> list[Deed]:
    """What was told as fact in the last week on record, the gravest and those that most tell; apart from them what was agreed or given up."""
    if end is None:
        return []
    order = " ".join(f"WHEN '{kind}' THEN {number}" for number, kind in enumerate(event_types()))
    query = (
        "SELECT i.id, i.event, i.tellings, i.first, i.dated FROM incidents i WHERE i.confirmed > 0 AND i.first IS NOT NULL AND "
        "i.first <= coalesce(CAST(? AS DATE), i.first) AND i.first > CAST(? AS DATE) - 7 AND len(i.source) > 0 "
        "QUALIFY row_number() OVER (PARTITION BY i.type IN ('AGREE', 'CONCEDE', 'RETREAT') "
        f"ORDER BY i.dated DESC, CASE i.type {order} END DESC, i.tellings DESC, i.id) <= {_GRAVE} ORDER BY i.id"
    )
    rows = fetch(connection, query, [last, end])
    told = {row["id"]: event(row) for row in records_by_id(connection, "event", (row["event"] for row in rows))}
    return [
        Deed(
            shown("incident", row["id"]), found, row["first"], row["dated"], row["tellings"],
            found.score is None or found.score >= (SURE if row["dated"] else SURE_UNDATED),
        )
        for row in rows
        if (found := told.get(row["event"])) and found.source
    ]  # fmt: skip


def _ledger(connection: duckdb.DuckDBPyConnection) -> Ledger:
    """The weightiest entries of each kind; sentences need no others."""
    rows = _weightiest(connection)
    chosen = [row["id"] for kind in rows for row in rows[kind]]
    tellings, answers = _tellings(connection, chosen), _answers(connection, chosen)

    def base(row: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": str(row["id"]),
            "by": actors(row["by"]),
            "to": actors(row["to"]),
            "words": row["words"],
            "since": row["since"].isoformat() if row["since"] else None,
            "evidence": tellings.get(row["id"], ()) or (Evidence("", (0, 0), shown(row["kind"], row["id"])),),
            "answers": answers.get(row["id"], ()),
            "status": row["status"],
        }

    return Ledger(
        demands=tuple(Demand(**base(row)) for row in rows["demand"]),
        red_lines=tuple(
            RedLine(
                **base(row),
                condition=base(row)["evidence"][0] if row["condition"] else None,
                condition_words=row["condition"],
                kinds=tuple(row["kinds"]),
            )
            for row in rows["redline"]
        ),
        predictions=tuple(Prediction(**base(row)) for row in rows["prediction"]),
        denials=tuple(Denial(**base(row)) for row in rows["denial"]),
    )


_STAGE = (
    "CASE e.status WHEN 'enforced' THEN 4 WHEN 'crossed' THEN 3 WHEN 'not enforced' THEN 3 WHEN 'softened' THEN 2 ELSE 1 END"
)
_WEIGHTY = {  # kind: which entries, and what counts before answers and tellings
    "demand": ("len(e.by) > 0 AND e.status <> 'withdrawn'", 'len(e."to") > 0 DESC, '),
    "redline": ("true", f"e.condition IS NOT NULL DESC, {_STAGE} DESC, "),
    "prediction": ("e.status = 'came true' AND len(e.by) > 0", ""),
    "denial": ("e.status = 'contradicted'", ""),
}


def _weightiest(connection: duckdb.DuckDBPyConnection) -> dict[str, list[dict[str, Any]]]:
    """The entries of each kind with the most answers and tellings."""
    each = " UNION ALL ".join(
        f"(SELECT e.id FROM entries e LEFT JOIN answered a ON a.entry = e.id WHERE e.kind = '{kind}' AND {condition} ORDER BY {before}"
        f"coalesce(a.answers, 0) DESC, e.tellings DESC, e.since DESC NULLS LAST, e.id LIMIT {CANDIDATES})"
        for kind, (condition, before) in _WEIGHTY.items()
    )
    query = f"WITH answered AS MATERIALIZED (SELECT entry, count(*) AS answers FROM entry_answers GROUP BY entry) {each}"
    rows = rows_by_id(connection, "entries", ids_of(connection, query))
    return {kind: [row for row in rows if row["kind"] == kind] for kind in _WEIGHTY}


def _tellings(connection: duckdb.DuckDBPyConnection, entries: Sequence[int]) -> dict[int, tuple[Evidence, ...]]:
    out: dict[int, tuple[Evidence, ...]] = {}
    query = (
        f"WITH told AS (SELECT entry, id, is_event, others, doc FROM ledger_members WHERE {among_ids('entry', entries)}), every_one AS "
        "(SELECT entry, id, is_event, doc FROM told UNION ALL SELECT entry, o.id, o.is_event, doc FROM "
        "(SELECT entry, doc, unnest(others) AS o FROM told WHERE len(others) > 0)) "
        "SELECT t.entry, t.id, t.is_event, t.doc FROM every_one t JOIN documents d ON d.id = t.doc "
        "ORDER BY t.entry, d.published NULLS LAST, t.is_event, t.id"
    )
    for row in fetch(connection, query):
        found = Evidence(str(row["doc"]), (0, 0), shown("event" if row["is_event"] else "statement", row["id"]))
        out[row["entry"]] = (*out.get(row["entry"], ()), found)
    return out


def _answers(connection: duckdb.DuckDBPyConnection, entries: Sequence[int]) -> dict[int, tuple[Answer, ...]]:
    out: dict[int, tuple[Answer, ...]] = {}
    query = f"SELECT * FROM entry_answers WHERE {among_ids('entry', entries)} ORDER BY entry, date NULLS LAST, doc, record"
    for row in fetch(connection, query):
        evidence = Evidence(str(row["doc"]), (0, 0), shown(row["what"], row["record"]))
        day = row["date"].isoformat() if row["date"] else None
        answer = Answer(row["kind"], actors(row["by"]), day, row["status"], evidence)
        out[row["entry"]] = (*out.get(row["entry"], ()), answer)
    return out
