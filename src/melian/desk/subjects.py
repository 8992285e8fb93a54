"""What can be judged: the fields of a record as a form has them, its judgements so far, and the one to undo."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import msgspec

from melian import codebook
from melian.crisis.judgements.fields import STATUSES
from melian.crisis.questions import ids
from melian.crisis.record.rows import fetch
from melian.records import Event, Statement, content_id
from melian.views import lines
from melian.views.lines import typed
from melian.views.wording import table

_PARTIES = "Ids or names with commas between; sector and person after colons: RUS:GOV:Sergey Lavrov"
_STAMPED = re.compile(r"[0-9a-f]{16}")
_READ_OTHERWISE = (
    "Since your page was made this has come to be read otherwise: reports were added, or what it rests on was judged."
)
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
    """What is to be judged: its id, where to go on afterwards, the verdict that holds, its fields, the judgement to undo.

    `seen` is a stamp of the record as it is shown, which forms carry (`otherwise`).
    """

    key: str
    seen: str
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
    return Subject(
        key, seen(connection, key), back, verdicts[-1] if verdicts else None, fields, f"{own[-1]:016x}" if own else None, past
    )


def seen(connection: duckdb.DuckDBPyConnection, key: str) -> str:
    """A stamp of a record as whoever looks at it sees it: a hash of what it says, and the judgements that hold for it.

    Raises:
        UnknownId: there is no such record (any more).
    """
    said, about = _state(connection, key)
    return ".".join([content_id("seen", *said), *(f"{number:016x}" for number in _holding(connection, about))])


def otherwise(connection: duckdb.DuckDBPyConnection, key: str, form: Mapping[str, str]) -> str | None:
    """In what way a record is otherwise than the form that judges it has it; None where it is as it was seen.

    Args:
        connection: the record as it is now.
        key: the id of what is judged.
        form: its `seen` is the stamp of what was shown, its `was.FIELD` what fields said.

    Raises:
        UnknownId: there is no such record (any more).
    """
    if not any(name == "seen" or name.startswith("was.") for name in form):
        return None
    given, now = form.get("seen"), seen(connection, key)
    if given and given != now:
        before, after = set(given.split(".")[1:]), set(now.split(".")[1:])
        told = _who_did_what(connection, after - before, before - after)
        return told or _READ_OTHERWISE
    before_fields = {name.removeprefix("was."): value.strip() for name, value in form.items() if name.startswith("was.")}
    if changed := [
        field for field in current_fields(connection, key) if before_fields.get(field.name, field.value) != field.value
    ]:
        told = "; ".join(f"{field.label.lower()} is {field.value or 'empty'} by now" for field in changed)
        return f"This has changed since your page was made: {told}."
    return None


def taken_back(connection: duckdb.DuckDBPyConnection, judgements: Sequence[str]) -> bool:
    """Whether judgements that are to be undone are all undone by now."""
    numbers = [int(each, 16) for each in dict.fromkeys(judgements) if _STAMPED.fullmatch(each)]
    query = "SELECT count(DISTINCT id) AS gone FROM undone WHERE list_contains(CAST(? AS UBIGINT[]), id)"
    return bool(numbers) and int(fetch(connection, query, [numbers])[0]["gone"]) == len(numbers)


def current_fields(connection: duckdb.DuckDBPyConnection, key: str) -> tuple[Field, ...]:
    """The fields of a record as they are now; an incident has none.

    Raises:
        UnknownId: there is no such record.
    """
    kind, number = ids.find(connection, key)
    if kind in ("event", "statement"):
        return fields_of(lines.record(kind, row_of(connection, kind, number)[0]))
    if kind in ("incident", "document"):
        return ()
    status = fetch(connection, "SELECT status FROM entries WHERE id = ?", [number])[0]["status"]
    return entry_fields(kind, status)


def row_of(connection: duckdb.DuckDBPyConnection, what: str, number: int) -> tuple[dict[str, Any], bool]:
    """The row of an event or statement, and whether it counts: one that a person rejected is there only as the machine read it."""
    if current := fetch(connection, f"SELECT * FROM {what}s WHERE id = ?", [number]):
        return current[0], True
    return fetch(connection, f"SELECT * FROM coded_{what}s WHERE id = ?", [number])[0], False


def _state(connection: duckdb.DuckDBPyConnection, key: str) -> tuple[list[str], list[int]]:
    """What a record says, and the ids of records that judgements on it name."""
    kind, number = ids.find(connection, key)
    if kind == "incident":  # whoever judges it judges each of its tellings
        query = "SELECT event FROM incident_tellings WHERE incident = ? ORDER BY event"
        events = [int(row["event"]) for row in fetch(connection, query, [number])]
        return [str(event) for event in events], events
    said = [f"{field.name}={field.value}" for field in current_fields(connection, key)]
    if kind not in ("event", "statement", "document"):
        row = fetch(connection, "SELECT * FROM entries WHERE id = ?", [number])[0]
        said += [lines.entry_line(row), str(row["words"]), str(row["condition"])]
    return said, [number]


def _holding(connection: duckdb.DuckDBPyConnection, about: Sequence[int]) -> list[int]:
    """The judgements that stand on some records, notes left out: they change no reading."""
    query = (
        "WITH meant AS (SELECT CAST(unnest(?) AS UBIGINT) AS id), known AS (SELECT id FROM meant UNION "
        "SELECT old FROM moved WHERE new IN (SELECT id FROM meant)) SELECT j.id FROM judgements j "
        "WHERE kind NOT IN ('note', 'undo') AND id NOT IN (SELECT id FROM undone) "
        "AND EXISTS (SELECT 1 FROM known k WHERE list_contains(j.about, k.id)) ORDER BY j.id"
    )
    return [int(row["id"]) for row in fetch(connection, query, [list(dict.fromkeys(about))])]


def _who_did_what(connection: duckdb.DuckDBPyConnection, made: set[str], undone: set[str]) -> str:
    """Judgements that were made and taken back since, as a sentence: "Bob corrected the date to 2022-01-22; Ana took back …"."""
    numbers = [int(each, 16) for each in made | undone if _STAMPED.fullmatch(each)]
    query = (
        'SELECT j.*, false AS undone, u."by" AS undone_by FROM judgements j LEFT JOIN judgements u ON u.undoes = j.id '
        'WHERE list_contains(CAST(? AS UBIGINT[]), j.id) ORDER BY j."when", j.id, u."when"'
    )
    told = {}
    for row in fetch(connection, query, [numbers]):
        past = _past(row)
        told[past.id] = (
            f"{past.by} {past.line}" if past.id in made else f"{row['undone_by'] or 'somebody'} took back: {past.line}"
        )
    return f"Since your page was made, {'; '.join(told.values())}." if told else ""


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


def typed_in(form: Mapping[str, str]) -> dict[str, str]:
    """The fields of a sent form that differ from what they were, as they were typed."""
    values = {name.removeprefix("value."): value for name, value in form.items() if name.startswith("value.")}
    return {name: value for name, value in values.items() if value.strip() != form.get(f"was.{name}", "").strip()}


def changed(form: Mapping[str, str]) -> dict[str, str]:
    """The fields of a sent form that differ from what they were, as `shorthand.read` takes them; what was emptied is "null"."""
    return {name: value.strip() or "null" for name, value in typed_in(form).items()}


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
