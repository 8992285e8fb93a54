"""Entries out of a record's tables, as the typed records of `crisis.entries`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import duckdb

from melian.crisis.entries import Answer, Evidence
from melian.crisis.ledger.typed import AnyEntry, typed
from melian.crisis.record.bulk import ids_table
from melian.crisis.record.rows import actors, fetch, hex_id
from melian.crisis.tellings import squeeze
from melian.records import Span

_AT_ONCE = 1000
_LETTERS = {"event": "e", "statement": "s"}

_SPANS = (
    "SELECT id, 'event' AS what, doc, start, stop, first FROM events SEMI JOIN entry_records USING (id) UNION ALL "
    "SELECT id, 'statement', doc, start, stop, first FROM statements SEMI JOIN entry_records USING (id)"
)
# The claim that gives a red line its condition: the first that events can meet, or the first that has one (see `ledger.stand`).
_CONDITIONS = """
    SELECT DISTINCT ON (entry) entry, doc, condition_start AS start, condition_stop AS stop, id, is_event, others FROM ledger_members
    WHERE entry IN (SELECT id FROM entries_chosen) AND condition_start IS NOT NULL
    ORDER BY entry, coalesce(len(patterns), 0) > 0 DESC, day NULLS FIRST, doc, ledger_members.start, ledger_members.stop, id
"""


def entries(connection: duckdb.DuckDBPyConnection, kind: str | None = None) -> Iterator[AnyEntry]:
    """Every entry of a record's ledger with its evidence, by the day that it begins and id; those that a person rejected are left out.

    Documents go by their id in hex digits; the `key` of evidence is "e" or "s" with the id of the event or statement.

    Args:
        connection: open.
        kind: "demand", "offer", "redline", "prediction", "denial" or "shift"; None is all.
    """
    query = "SELECT id FROM entries WHERE kind = coalesce(?, kind) ORDER BY since NULLS LAST, id"
    chosen = [row[0] for row in connection.execute(query, [kind]).fetchall()]
    for start in range(0, len(chosen), _AT_ONCE):
        yield from _entries(connection, chosen[start : start + _AT_ONCE])


def _entries(connection: duckdb.DuckDBPyConnection, chosen: Sequence[int]) -> Iterator[AnyEntry]:
    ids_table(connection, "entries_chosen", chosen)
    rows = {row["id"]: row for row in fetch(connection, "SELECT * FROM entries SEMI JOIN entries_chosen USING (id)")}
    told = _by_entry(connection, "entry_tellings", "entry, record, what")
    answers = _by_entry(connection, "entry_answers", "*")
    records = {row["record"] for some in (*told.values(), *answers.values()) for row in some}
    ids_table(connection, "entry_records", records)
    places = {(row["what"], row["id"]): row for row in fetch(connection, _SPANS)}
    conditions = {row["entry"]: row for row in fetch(connection, _CONDITIONS)}
    replaced = _words(connection, places, [row["replaces"] for row in rows.values() if row["replaces"] is not None])
    for entry in chosen:
        yield _entry(rows[entry], told[entry], answers[entry], places, conditions.get(entry), replaced)


def _by_entry(connection: duckdb.DuckDBPyConnection, table: str, columns: str) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in fetch(connection, f"SELECT {columns} FROM {table} WHERE entry IN (SELECT id FROM entries_chosen)"):
        found[row["entry"]].append(row)
    return found


def _entry(
    row: dict[str, Any],
    told: Sequence[dict[str, Any]],
    answers: Sequence[dict[str, Any]],
    places: dict[tuple[str, int], dict[str, Any]],
    condition: dict[str, Any] | None,
    replaced: dict[int, str],
) -> AnyEntry:
    def evidence(each: dict[str, Any]) -> Evidence:
        place = places[each["what"], each["record"]]
        return Evidence(hex_id(place["doc"]), (place["start"], place["stop"]), _LETTERS[each["what"]] + hex_id(each["record"]))

    def order(each: dict[str, Any]) -> tuple[Any, ...]:
        place = places[each["what"], each["record"]]
        return (_day(place["first"]) or "", place["doc"], place["start"], place["stop"], each["record"])

    fields: dict[str, Any] = {
        "id": hex_id(row["id"]),
        "status": row["status"],
        "by": actors(row["by"]),
        "to": actors(row["to"]),
        "words": row["words"],
        "since": _day(row["since"]),
        "evidence": tuple(evidence(each) for each in sorted(told, key=order)),
        "answers": tuple(
            Answer(each["kind"], actors(each["by"]), _day(each["date"]), each["status"], evidence(each), each["why"])
            for each in sorted(answers, key=order)
            if each["status"] != "linked"
        ),
        "due": _day(row["due"]),
        "probability": row["probability"],
        "brier": row["brier"],
    }
    if condition:
        place: Span = (condition["start"], condition["stop"])
        fields["condition"] = Evidence(hex_id(condition["doc"]), place, _key(condition))
        fields["condition_words"] = row["condition"]
    if row["replaces"] is not None:
        fields["replaces"] = evidence({"what": "statement", "record": row["replaces"]})
        fields["replaced_words"] = replaced[row["replaces"]]
    return typed(row["kind"], tuple(row["kinds"]), fields)


def _key(claim: dict[str, Any]) -> str:
    """The record that a condition belongs to: the first statement of its claim, or its first event."""
    records = [(claim["is_event"], claim["id"]), *((other["is_event"], other["id"]) for other in claim["others"] or ())]
    is_event, id_ = min(records)
    return ("e" if is_event else "s") + hex_id(id_)


def _words(
    connection: duckdb.DuckDBPyConnection, places: dict[tuple[str, int], dict[str, Any]], statements: Sequence[int]
) -> dict[int, str]:
    """The words of some statements."""
    ids_table(connection, "entry_texts", {places["statement", each]["doc"] for each in statements})
    texts = dict(connection.execute("SELECT id, text FROM documents SEMI JOIN entry_texts USING (id)").fetchall())
    found = {}
    for each in statements:
        place = places["statement", each]
        found[each] = squeeze(texts[place["doc"]][place["start"] : place["stop"]])
    return found


def _day(day: Any) -> str | None:
    return day.isoformat() if day is not None else None
