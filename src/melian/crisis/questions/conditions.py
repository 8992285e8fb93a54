"""What filters mean for each table of a record: the same wherever rows are listed, drawn, reviewed or exported."""

from __future__ import annotations

from melian.crisis.questions.filters import (
    Filters,
    Where,
    acts,
    among,
    between,
    contains,
    every,
    in_time,
    told_by,
    within,
)

_NO_COUNTRY = "CAST(NULL AS VARCHAR)"  # statements have none


def _told_by_one(tellings: str, whole: str, id_: str, wanted: str | None) -> Where:
    """One of the tellings of a whole is by the outlet."""
    conditions, values = told_by("o.outlet", wanted)
    inside = " AND ".join([f"t.{whole} = {id_}", *conditions])
    told = f"EXISTS (SELECT 1 FROM {tellings} t JOIN documents o ON o.id = t.doc WHERE {inside})"
    return ([told], values) if conditions else ([], [])


def words_sql(start: str, stop: str) -> str:
    """SQL for a span of the text of `documents d`, on one line."""
    return f"regexp_replace({_cut(start, stop)}, '\\s+', ' ', 'g')"


def _cut(start: str, stop: str) -> str:
    return f"substr(d.text, CAST({start} AS BIGINT) + 1, CAST({stop} AS BIGINT) - {start})"


def told(start: str, stop: str, wanted: str | None) -> Where:
    """A span of the text of `documents d` contains the words, without case and over line breaks.

    The longest of them is looked for first, in the text as it is: putting every span on one line is what takes the time.
    """
    words = (wanted or "").lower().split()
    if not words:
        return [], []
    conditions = [f"contains(lower({_cut(start, stop)}), ?)"]
    if len(words) == 1:
        return conditions, words
    return [*conditions, f"contains(lower({words_sql(start, stop)}), ?)"], [max(words, key=len), " ".join(words)]


def event_conditions(filters: Filters) -> Where:
    """Conditions on `events e` with their `documents d`."""
    return every(
        in_time(filters, "e.first", "e.last"),
        reading_conditions(filters)[0],
        among("e.realis", filters.realis),
        told_by("d.outlet", filters.source),
        told("e.start", "e.stop", filters.text),
    )


def statement_conditions(filters: Filters) -> Where:
    """Conditions on `statements s` with their `documents d`."""
    return every(
        in_time(filters, "s.first", "s.last"),
        reading_conditions(filters)[1],
        told_by("d.outlet", filters.source),
        told("s.start", "s.stop", filters.text),
    )


def reading_conditions(filters: Filters) -> tuple[Where, Where]:
    """Conditions on `events e` and on `statements s` of a report: by the party, to the party, of the type and at the place."""
    events = every(
        between("e.source", "e.target", filters),
        among("e.type", filters.type),
        within("e.place", "e.place_country", filters.place),
    )
    statements = every(
        acts("s.speaker", filters.who),
        acts("list_concat(s.addressee, s.about)", filters.whom),
        among("s.act", filters.type),
        within("s.place", _NO_COUNTRY, filters.place),
    )
    return events, statements


def report_conditions(filters: Filters) -> Where:
    """Conditions on `documents d`: when and by whom it was published, and that one event or statement of it is what the filters ask for."""
    events, statements = reading_conditions(filters)
    told: Where = ([], [])
    if events[0]:
        told = (
            [
                f"(d.id IN (SELECT e.doc FROM events e WHERE {' AND '.join(events[0])}) "
                f"OR d.id IN (SELECT s.doc FROM statements s WHERE {' AND '.join(statements[0])}))"
            ],
            [*events[1], *statements[1]],
        )
    return every(in_time(filters, "d.published", "d.published"), told_by("d.outlet", filters.source), told)


def incident_conditions(filters: Filters) -> Where:
    """Conditions on `incidents i`."""
    conditions, values = told("e.start", "e.stop", filters.text)
    words: Where = ([], [])
    if conditions:
        inside = " AND ".join(["e.id = i.event", *conditions])
        words = ([f"EXISTS (SELECT 1 FROM events e JOIN documents d ON d.id = e.doc WHERE {inside})"], values)
    return every(
        in_time(filters, "i.first", "i.last"),
        between("i.source", "i.target", filters),
        among("i.type", filters.type),
        _told_as(filters.realis),
        within("i.place", "i.place_country", filters.place),
        _told_by_one("incident_tellings", "incident", "i.id", filters.source),
        words,
    )


TOLD_AS = {"actual": "i.confirmed > 0", "denied": "i.confirmed = 0"}
"""How an incident `i` may be told: as a fact by one telling at least, or by none."""


def _told_as(realis: str | None) -> Where:
    wanted = [kind.strip().lower() for kind in (realis or "").split(",") if kind.strip()]
    return ([f"({' OR '.join(TOLD_AS.get(kind, 'false') for kind in wanted)})"], []) if wanted else ([], [])


def entry_conditions(filters: Filters, kind: str | None = None) -> Where:
    """Conditions on `entries e`, of one kind or of all; `type` is a status here."""
    return every(
        (["e.kind = ?"], [kind]) if kind else ([], []),
        in_time(filters, "e.since", "greatest(e.latest, coalesce(e.moved, e.latest))"),
        acts('e."by"', filters.who),
        acts('e."to"', filters.whom),
        among("e.status", filters.status or filters.type),
        _told_by_one("entry_tellings", "entry", "e.id", filters.source),
        contains("concat_ws(' ', e.words, e.condition)", filters.text),
    )
