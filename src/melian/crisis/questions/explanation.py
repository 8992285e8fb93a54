"""What stands behind an entry: the words, the rule or model, every telling, every answer, every judgement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from melian.crisis.questions.ids import find, shown
from melian.crisis.record.bulk import ids_table
from melian.crisis.record.rows import fetch

AROUND = 160  # characters of the text before and after the words


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Words of a document with what stands around them.

    `span` is that of `words` in the document's text; `about` says what the words are here ("telling", "answer: rejected"), `id` is
    the event's or statement's, `why` what made the reading or tied it to the entry.
    """

    id: str
    about: str
    document: str
    outlet: str | None
    title: str | None
    published: str | None
    url: str | None
    span: tuple[int, int]
    before: str
    words: str
    after: str
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """An event, statement, incident, entry or document with all that it rests on.

    `facts` are its fields as (name, value); `links` are ids of what it belongs to or holds, with what they are.
    """

    id: str
    kind: str
    facts: tuple[tuple[str, str], ...]
    passages: tuple[Passage, ...]
    links: tuple[tuple[str, str], ...]
    judgements: tuple[dict[str, Any], ...]


def explain(connection: duckdb.DuckDBPyConnection, given: str) -> Explanation:
    """All that stands behind an id.

    Raises:
        UnknownId: nothing in the record has it.
    """
    kind, number = find(connection, given)
    if kind in ("event", "statement"):
        return _record(connection, kind, number)
    if kind == "incident":
        return _incident(connection, number)
    if kind == "document":
        return _document(connection, number)
    return _entry(connection, kind, number)


def _record(connection: duckdb.DuckDBPyConnection, kind: str, number: int) -> Explanation:
    current = fetch(connection, f"SELECT * FROM {kind}s WHERE id = ?", [number])
    machine = fetch(connection, f"SELECT * FROM coded_{kind}s WHERE id = ?", [number])
    row = (current or machine)[0]
    facts = [(name, _words(value)) for name, value in row.items() if name not in _INNER and value not in (None, [])]
    if not current:
        facts.append(("judged", "rejected by a person"))
    elif machine:
        facts += [
            (f"{name} as the machine read it", _words(value) or "nothing")
            for name, value in machine[0].items()
            if name not in _INNER and value != row[name]
        ]
    links = [("document", shown("document", row["doc"]))]
    if kind == "event":
        found = connection.execute("SELECT incident FROM incident_tellings WHERE event = ?", [number]).fetchall()
        links += [("incident", shown("incident", incident)) for (incident,) in found]
    links += [
        (str(name), shown(str(name), entry))
        for name, entry in connection.execute(
            "SELECT DISTINCT e.kind, e.id FROM entries e JOIN entry_tellings t ON t.entry = e.id WHERE t.record = ? ORDER BY ALL",
            [number],
        ).fetchall()
    ]
    return Explanation(
        id=shown(kind, number),
        kind=kind,
        facts=tuple(facts),
        passages=tuple(passages(connection, [(number, kind, "telling", "")])),
        links=tuple(links),
        judgements=_judgements(connection, [number]),
    )


def _incident(connection: duckdb.DuckDBPyConnection, number: int) -> Explanation:
    row = fetch(connection, "SELECT * FROM incidents WHERE id = ?", [number])[0]
    told = fetch(
        connection,
        "SELECT t.event, t.why, e.realis FROM incident_tellings t JOIN events e ON e.id = t.event JOIN documents d ON d.id = t.doc "
        "WHERE t.incident = ? ORDER BY d.published NULLS LAST, d.id, e.start, e.id",
        [number],
    )
    wanted = [(t["event"], "event", "denies it" if t["realis"] == "denied" else "telling", t["why"] or "") for t in told]
    return Explanation(
        id=shown("incident", number),
        kind="incident",
        facts=tuple((name, _words(value)) for name, value in row.items() if name not in _INNER and value not in (None, [])),
        passages=tuple(passages(connection, wanted)),
        links=tuple(("telling", shown("event", t["event"])) for t in told),
        judgements=_judgements(connection, [number, *(t["event"] for t in told)]),
    )


def _entry(connection: duckdb.DuckDBPyConnection, kind: str, number: int) -> Explanation:
    row = fetch(connection, "SELECT * FROM entries WHERE id = ?", [number])[0]
    told = fetch(
        connection,
        "SELECT t.record, t.what FROM entry_tellings t JOIN documents d ON d.id = t.doc WHERE t.entry = ? "
        "ORDER BY d.published NULLS LAST, d.id, t.record",
        [number],
    )
    answers = fetch(connection, "SELECT * FROM entry_answers WHERE entry = ? ORDER BY date NULLS LAST, doc, record", [number])
    wanted = [(t["record"], t["what"], "telling", "") for t in told]
    wanted += [(a["record"], a["what"], f"moved it to: {a['status']}", a["why"] or "") for a in answers]
    if row["replaces"] is not None:
        wanted.append((row["replaces"], "statement", "what it replaces", ""))
    facts = [(name, _words(value)) for name, value in row.items() if name not in _INNER and value not in (None, [])]
    return Explanation(
        id=shown(kind, number),
        kind=kind,
        facts=tuple(facts),
        passages=tuple(passages(connection, wanted)),
        links=tuple((what, shown(what, record)) for record, what, *_ in wanted),
        judgements=_judgements(connection, [number, *(record for record, *_ in wanted)]),
    )


def _document(connection: duckdb.DuckDBPyConnection, number: int) -> Explanation:
    row = fetch(connection, "SELECT * EXCLUDE (text, no) FROM documents WHERE id = ?", [number])[0]
    origins = fetch(connection, "SELECT name, origin, digest FROM origins WHERE doc = ? ORDER BY ALL", [number])
    facts = [(name, _words(value)) for name, value in row.items() if name not in _INNER and value not in (None, [])]
    facts += [("read from", " ".join(part for part in (o["origin"] or o["name"], o["digest"]) if part)) for o in origins]
    links = [
        (kind, shown(kind, record))
        for kind in ("event", "statement")
        for (record,) in connection.execute(f"SELECT id FROM {kind}s WHERE doc = ? ORDER BY start, id", [number]).fetchall()
    ]
    return Explanation(
        id=shown("document", number),
        kind="document",
        facts=tuple(facts),
        passages=(),
        links=tuple(links),
        judgements=_judgements(connection, [number]),
    )


def passages(connection: duckdb.DuckDBPyConnection, wanted: Iterable[tuple[int, str, str, str]]) -> Iterable[Passage]:
    """The words of events and statements in their texts.

    Args:
        connection: open.
        wanted: (id, "event" or "statement", what it is here, what tied it to the entry), in order; ids that are gone are passed over.
    """
    for number, kind, about, why in wanted:
        found = fetch(
            connection,
            "SELECT r.start, r.stop, r.why, r.doc, d.outlet, d.title, CAST(d.published AS VARCHAR) AS published, d.url, "
            "substr(d.text, greatest(CAST(r.start AS BIGINT) - $2, 0) + 1, least($2, CAST(r.start AS BIGINT))) AS before, "
            "substr(d.text, CAST(r.start AS BIGINT) + 1, CAST(r.stop AS BIGINT) - r.start) AS words, "
            "substr(d.text, CAST(r.stop AS BIGINT) + 1, $2) AS after "
            f"FROM {kind}s r JOIN documents d ON d.id = r.doc WHERE r.id = $1 LIMIT 1",
            [number, AROUND],
        )
        for row in found:
            yield Passage(
                id=shown(kind, number),
                about=about,
                document=shown("document", row["doc"]),
                outlet=row["outlet"],
                title=row["title"],
                published=row["published"],
                url=row["url"],
                span=(row["start"], row["stop"]),
                before=row["before"],
                words=row["words"],
                after=row["after"],
                why=(*([why] if why else []), *row["why"]),
            )


_INNER = frozenset(
    {
        "id",
        "doc",
        "start",
        "stop",
        "why",
        "also",
        "condition_start",
        "condition_stop",
        "cue_start",
        "cue_stop",
        "event",
        "replaces",
    }
)


def _judgements(connection: duckdb.DuckDBPyConnection, about: Sequence[int]) -> tuple[dict[str, Any], ...]:
    """Judgements on the records, and on readings before a recoding whose place they have taken."""
    ids_table(connection, "explained", about)
    rows = fetch(
        connection,
        "WITH sought AS (SELECT id FROM explained UNION SELECT m.old FROM moved m JOIN explained e ON e.id = m.new) "
        'SELECT j.* FROM judgements j WHERE EXISTS (SELECT 1 FROM sought s WHERE list_contains(j.about, s.id)) ORDER BY j."when", j.id',
    )
    return tuple(rows)


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(_words(each) for each in value)
    if isinstance(value, dict):
        if "sector" in value:
            name, party = value.get("name"), value.get("id")
            role = ", ".join(part for part in (value.get("role"), value.get("sector")) if part)
            return f"{name or party or 'unnamed'}{f' ({party})' if name and party and name != party else ''}{f', {role}' if role else ''}"
        return ", ".join(f"{name} {_words(each)}" for name, each in value.items() if each is not None)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)
