"""The evidence drawer: the words that something rests on with their roles, all tellings side by side, why, and the judgement keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from melian.crisis.questions import ids
from melian.crisis.questions.ids import shown
from melian.crisis.record.rows import fetch
from melian.desk import excerpts, subjects
from melian.records import Event, Statement
from melian.views import lines, threads
from melian.views.lookups import Wanted, read_lines
from melian.views.wording import date_words, table

if TYPE_CHECKING:
    import duckdb
    from starlette.responses import Response

    from melian.desk.visit import Visit

SIDE_BY_SIDE = 12  # tellings in the drawer; the page of the incident or entry has more
DOCUMENT = (
    "SELECT id, outlet, title, published, published_at, url, text, (SELECT min(o.name) FROM origins o WHERE o.doc = d.id) AS name "
    "FROM documents d WHERE id = ?"
)


def screen(visit: Visit) -> Response:
    """The evidence of any id.

    Raises:
        UnknownId: nothing in the record has it.
    """
    return show(visit, visit.request.path_params["id"])


def show(visit: Visit, given: str, done: str | None = None, headers: dict[str, str] | None = None) -> Response:
    """The evidence of an id, under a line that says what was just done."""
    kind, number = ids.find(visit.connection, given)
    if kind == "document":
        from starlette.responses import RedirectResponse

        return RedirectResponse(f"/document/{shown(kind, number)}", 303)
    if kind in ("event", "statement"):
        found = of_record(visit, kind, number)
        return visit.page("evidence_record.html.jinja", headers=headers, done=done, **found)
    if kind == "incident":
        return visit.page(
            "evidence_incident.html.jinja", headers=headers, done=done, **of_incident(visit, number, SIDE_BY_SIDE)
        )
    return visit.page("evidence_entry.html.jinja", headers=headers, done=done, **of_entry(visit, number, SIDE_BY_SIDE))


def of_record(visit: Visit, what: str, number: int) -> dict[str, Any]:
    """An event or statement in its text, with what belongs to it."""
    connection = visit.connection
    machine = fetch(connection, f"SELECT * FROM coded_{what}s WHERE id = ?", [number])
    row, counts = subjects.row_of(connection, what, number)
    record = lines.record(what, row)
    document = fetch(connection, DOCUMENT, [row["doc"]])[0]
    published = document["published"].isoformat() if document["published"] else None
    key = shown(what, number)
    told: list[dict[str, Any]] = []
    incident = None
    if what == "event":
        incident = visit.one("SELECT incident FROM incident_tellings WHERE event = ?", number)
        if incident is not None:
            told = tellings_of_incident(connection, incident, SIDE_BY_SIDE)
    entries = fetch(
        connection,
        "SELECT DISTINCT e.* FROM entries e JOIN entry_tellings t ON t.entry = e.id WHERE t.record = ? ORDER BY e.kind, e.id LIMIT 6",
        [number],
    )
    return {
        "key": key,
        "what": what,
        "record_": record,
        "line": lines.record_line(record),
        "facts": facts(record),
        "machine": _as_read(machine[0] if machine and counts else None, record, what),
        "rejected": not counts,
        "source": {**_source(document), "mark": key},
        "excerpt": excerpts.excerpt(document["text"], record, published),
        "subject": subjects.subject(connection, key, [number], subjects.fields_of(record), visit.analyst, f"/evidence/{key}"),
        "incident": shown("incident", incident) if incident is not None else None,
        "tellings": told,
        "entries": [
            {"key": lines.entry_id(e), "line": lines.entry_line(e), "status": e["status"], "kind": e["kind"],
             "status_words": lines.status_words(e["kind"], e["status"])} for e in entries
        ],
    }  # fmt: skip


def of_incident(visit: Visit, number: int, most: int) -> dict[str, Any]:
    """An incident with its tellings side by side."""
    connection = visit.connection
    row = fetch(connection, "SELECT * FROM incidents WHERE id = ?", [number])[0]
    told = tellings_of_incident(connection, number, most)
    key = shown("incident", number)
    judged = [telling["number"] for telling in told]
    brought = Counter(telling["brought"] for telling in told if telling["brought"])
    return {
        "key": key,
        "incident": threads.with_words(connection, [row])[0],
        "tellings": told,
        "shown": in_its_text(connection, told, ("event", row["event"])),
        "why": [f"{n} of {len(told)} tellings: {why}" if len(told) > 1 else why for why, n in brought.items()],
        "more": row["tellings"] - len(told),
        "subject": subjects.subject(connection, key, judged, (), visit.analyst, f"/incident/{key}"),
    }


def of_entry(visit: Visit, number: int, most: int) -> dict[str, Any]:
    """An entry of the ledger with its tellings side by side and every answer."""
    connection = visit.connection
    row = fetch(connection, "SELECT * FROM entries WHERE id = ?", [number])[0]
    entry = threads.threads(connection, [row], most)[0]
    query = (
        "SELECT t.record, t.what FROM entry_tellings t JOIN documents d ON d.id = t.doc WHERE t.entry = ? "
        f"ORDER BY d.published NULLS LAST, d.published_at NULLS LAST, t.what DESC, d.id, t.record LIMIT {int(most)}"
    )
    pairs = [(each["what"], each["record"]) for each in fetch(connection, query, [number])]
    told = read_lines(connection, pairs)
    count = visit.one("SELECT count(*) FROM entry_tellings WHERE entry = ?", number)
    key = entry["key"]
    tellings = [told[pair] for pair in pairs if pair in told]
    return {
        "key": key,
        "entry": entry,
        "tellings": tellings,
        "shown": in_its_text(connection, tellings, _telling_of(entry["evidence"])),
        "why": why_it_stands(entry, row),
        "more": count - len(pairs),
        "subject": subjects.subject(
            connection, key, [number], subjects.entry_fields(row["kind"], row["status"]), visit.analyst, f"/entry/{key}"
        ),
    }


def tellings_of_incident(connection: duckdb.DuckDBPyConnection, incident: int, most: int) -> list[dict[str, Any]]:
    """The tellings of an incident, earliest report first, each with its words, number and what brought it here."""
    query = (
        'SELECT t.event, t.score AS likeness, t.why AS brought, c."of" AS copy_of FROM incident_tellings t '
        'JOIN documents d ON d.id = t.doc LEFT JOIN copies c ON c.doc = t.doc AND c."of" <> t.doc '
        f"WHERE t.incident = ? ORDER BY d.published NULLS LAST, d.published_at NULLS LAST, d.id, t.event LIMIT {int(most)}"
    )
    rows = fetch(connection, query, [incident])
    told = read_lines(connection, [("event", row["event"]) for row in rows])
    found = []
    for row in rows:
        telling = told.get(("event", row["event"]))
        if telling is not None:
            record = telling["record"]
            found.append(
                {
                    **telling,
                    "number": row["event"],
                    "quantity": record.quantity,
                    "realis": record.realis,
                    "date": record.date,
                    "place": record.place,
                    "likeness": row["likeness"],
                    "brought": row["brought"],
                    "copied_from": shown("document", row["copy_of"]) if row["copy_of"] is not None else None,
                }
            )
    return found


def _telling_of(key: str | None) -> Wanted | None:
    """What an id of an event or statement names."""
    return ("event" if key[0] == "e" else "statement", int(key[1:], 16)) if key else None


def in_its_text(
    connection: duckdb.DuckDBPyConnection, tellings: Sequence[dict[str, Any]], quoted: Wanted | None
) -> dict[str, Any] | None:
    """The telling whose words stand in the heading, in its text; where there is none, that with most parts read, no copy where there is another."""
    chosen = read_lines(connection, [quoted]).get(quoted) if quoted else None
    if not chosen and not tellings:
        return None
    best = chosen or max(tellings, key=_fullness)
    document = fetch(connection, DOCUMENT, [best["doc"]])[0]
    published = document["published"].isoformat() if document["published"] else None
    return {
        "key": best["key"],
        "source": {**_source(document), "mark": best["key"]},
        "excerpt": excerpts.excerpt(document["text"], best["record"], published),
        "why": list(best["record"].why),
    }


def _fullness(telling: dict[str, Any]) -> tuple[bool, int, float]:
    record: Event | Statement = telling["record"]
    parts: tuple[object, ...] = (record.date, record.place)
    if isinstance(record, Event):
        parts += (record.source, record.target, record.quantity)
    else:
        parts += (record.speaker, record.addressee or record.about, record.condition)
    score = 1.0 if record.score is None else record.score  # without one a person stands behind it
    return not telling.get("copied_from"), sum(map(bool, parts)), score


def why_it_stands(entry: dict[str, Any], row: dict[str, Any]) -> list[str]:
    """Why an entry of the ledger has the status that it has."""
    if row["machine_status"] and row["machine_status"] != row["status"]:
        return [f"a person says so; by the reports it is {row['machine_status']}"]
    deciding = [answer for answer in entry["answers"] if answer["deciding"] and answer["status"]]
    said = [f"{answer['line']}{': ' + answer['why'] if answer['why'] else ''}" for answer in deciding]
    return said or ["nothing on record moved it from where an entry begins"]


def facts(record: Event | Statement) -> list[tuple[str, str]]:
    """What a record says beside its line, as names and words."""
    given: list[tuple[str, str | None]]
    if isinstance(record, Event):
        given = [
            ("type", f"{record.type.lower()}{f', {record.mode}' if record.mode else ''}"),
            ("told as", table("realis").get(record.realis) or "fact"),
            ("date", date_words(record.date) if record.date else "not given by the words"),
            ("place", record.place),
        ]
    else:
        given = [
            ("act", f"{record.act.lower()}, {record.quote}"),
            ("date", date_words(record.date) if record.date else "not given by the words"),
            ("place", record.place),
            ("reported by", record.reported_by),
        ]
    return [(name, value) for name, value in given if value]


def _as_read(machine: dict[str, Any] | None, record: Event | Statement, what: str) -> list[tuple[str, str]]:
    """The fields that a person has corrected, as the machine read them."""
    if machine is None:
        return []
    before = {field.name: (field.label, field.value) for field in subjects.fields_of(lines.record(what, machine))}
    now = {field.name: field.value for field in subjects.fields_of(record)}
    return [(label.lower(), value or "nothing") for name, (label, value) in before.items() if now[name] != value]


def _source(document: dict[str, Any]) -> dict[str, Any]:
    return {name: document[name] for name in ("name", "outlet", "title", "published", "published_at", "url")} | {
        "document": shown("document", document["id"])
    }
