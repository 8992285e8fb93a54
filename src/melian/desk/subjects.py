"""What can be judged: the fields of a record as a form has them, its judgements so far, and the one to undo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import msgspec

from melian import codebook
from melian.crisis.judgements.fields import STATUSES
from melian.crisis.record.rows import fetch
from melian.records import Event, Statement
from melian.views.lines import typed
from melian.views.wording import table

_PARTIES = "Ids or names with commas between; sector and person after colons: RUS:GOV:Sergey Lavrov"
_DATE = "2022-01-21, 2022-01, 2022 or 2022-01-17/2022-01-21; empty where the words give none"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a correction: `choices` are (value, what it means), where there are any."""

    name: str
    label: str
    value: str
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """A judgement that was made, in words."""

    id: str
    line: str
    by: str
    when: Any
    undone: bool


@dataclass(frozen=True, slots=True)
class Subject:
    """What is to be judged: its id, where to go on afterwards, the verdict that holds, its fields, the judgement to undo."""

    key: str
    back: str
    verdict: str | None
    fields: tuple[Field, ...]
    undo: str | None
    past: tuple[Past, ...]


def subject(
    connection: duckdb.DuckDBPyConnection, key: str, about: Sequence[int], fields: tuple[Field, ...], analyst: str, back: str
) -> Subject:
    """What is to be judged, with what was judged.

    Args:
        connection: the record.
        key: its id as people see it.
        about: the ids of records that judgements on it name.
        fields: what can be corrected.
        analyst: whose last judgement is the one to undo.
        back: the address to go on at.
    """
    rows = judgements_on(connection, about)
    past = tuple(_past(row) for row in rows if row["kind"] != "undo")
    standing = [row for row in rows if row["kind"] != "undo" and not row["undone"]]
    verdicts = [row["kind"] for row in standing if row["kind"] in ("accept", "reject")]
    own = [row["id"] for row in standing if row["by"] == analyst]
    return Subject(key, back, verdicts[-1] if verdicts else None, fields, f"{own[-1]:016x}" if own else None, past)


def judgements_on(connection: duckdb.DuckDBPyConnection, about: Sequence[int]) -> list[dict[str, Any]]:
    """The judgements about any of some records, in order, with whether they were taken back; those on earlier readings too."""
    if not about:
        return []
    query = (
        "WITH meant AS (SELECT CAST(unnest(?) AS UBIGINT) AS id), known AS (SELECT id FROM meant UNION "
        "SELECT old FROM moved WHERE new IN (SELECT id FROM meant)) "
        "SELECT j.*, j.id IN (SELECT id FROM undone) AS undone FROM judgements j "
        "WHERE EXISTS (SELECT 1 FROM known k WHERE list_contains(j.about, k.id)) "
        'ORDER BY j."when", j.id LIMIT 200'
    )
    return fetch(connection, query, [list(dict.fromkeys(about))])


def event_fields(event: Event) -> tuple[Field, ...]:
    """The fields of an event that are corrected most."""
    own = codebook.modes(event.type) if event.type in codebook.event_types() else ()
    others = sorted({mode for kind in codebook.event_types() for mode in codebook.modes(kind)} - set(own))
    modes = (("", "none"), *((mode, mode) for mode in own), *((mode, f"{mode} (of another type)") for mode in others))
    types = tuple((kind, f"{kind}: {codebook.covers(kind)}") for kind in codebook.event_types())
    return (
        Field("type", "Type", event.type, types),
        Field("mode", "Mode", event.mode or "", modes),
        Field("source", "Who did it", typed(event.source), hint=_PARTIES),
        Field("target", "To whom", typed(event.target), hint=_PARTIES),
        Field("date", "Date", event.date or "", hint=_DATE),
        Field("place", "Place", event.place or ""),
        Field("realis", "Told as", event.realis, tuple((realis, _TOLD_AS[realis]) for realis in codebook.REALIS)),
    )


def statement_fields(statement: Statement) -> tuple[Field, ...]:
    """The fields of a statement that are corrected most."""
    acts = tuple((act, f"{act}: {codebook.act_meaning(act)}") for act in codebook.acts())
    return (
        Field("act", "Act", statement.act, acts),
        Field("speaker", "Speaker", typed(statement.speaker), hint=_PARTIES),
        Field("addressee", "To whom", typed(statement.addressee), hint=_PARTIES),
        Field("about", "About whom", typed(statement.about), hint=_PARTIES),
        Field("date", "Date", statement.date or "", hint=_DATE),
        Field("place", "Place", statement.place or ""),
    )


def entry_fields(kind: str, status: str) -> tuple[Field, ...]:
    """The field of a ledger entry that can be corrected: where it stands."""
    return (Field("status", "Status", status, tuple((choice, choice) for choice in STATUSES[kind])),)


def fields_of(record: Event | Statement) -> tuple[Field, ...]:
    """The fields of an event or a statement."""
    return event_fields(record) if isinstance(record, Event) else statement_fields(record)


def changed(form: Mapping[str, str]) -> dict[str, str]:
    """The fields of a sent form that differ from what they were, as `shorthand.read` takes them; what was emptied is "null"."""
    values = {name.removeprefix("value."): value.strip() for name, value in form.items() if name.startswith("value.")}
    before = {name.removeprefix("was."): value.strip() for name, value in form.items() if name.startswith("was.")}
    return {name: value or "null" for name, value in values.items() if value != before.get(name, "")}


def _past(row: dict[str, Any]) -> Past:
    told = {"accept": "accepted", "reject": "rejected", "merge": "merged", "split": "split", "note": "noted", "add": "added"}
    line = told.get(row["kind"], row["kind"])
    if row["kind"] == "correct":
        line = f"corrected {row['field'].replace('_', ' ')} to {_value(row['value'])}"
    if row["note"]:
        line += f" — {row['note']}"
    return Past(f"{row['id']:016x}", line, row["by"], row["when"], bool(row["undone"]))


def _value(text: str | None) -> str:
    value = msgspec.json.decode(text) if text else None
    if isinstance(value, list) and all(isinstance(each, dict) for each in value):
        return ", ".join(str(each.get("name") or each.get("id")) for each in value) or "nobody"
    if isinstance(value, dict):
        return " ".join(str(value[part]) for part in ("bound", "value", "unit") if value.get(part) is not None)
    return "nothing" if value is None else str(value)


_TOLD_AS = {realis: table("realis").get(realis) or "fact" for realis in codebook.REALIS}
