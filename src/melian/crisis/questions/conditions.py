"""What filters mean for each table of a record: the same wherever rows are listed, drawn, reviewed or exported."""

from __future__ import annotations

from melian.crisis.questions.filters import Filters, Where, acts, among, contains, every, in_time, within

_OUTLETS = (
    "EXISTS (SELECT 1 FROM {told} t JOIN documents o ON o.id = t.doc WHERE t.{whole} = {id} AND contains(lower(o.outlet), ?))"
)


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
        acts("e.source", filters.who),
        acts("e.target", filters.whom),
        among("e.type", filters.type),
        among("e.realis", filters.realis),
        within("e.place", "e.place_country", filters.place),
        contains("d.outlet", filters.source),
        told("e.start", "e.stop", filters.text),
    )


def statement_conditions(filters: Filters) -> Where:
    """Conditions on `statements s` with their `documents d`."""
    return every(
        in_time(filters, "s.first", "s.last"),
        acts("s.speaker", filters.who),
        acts("list_concat(s.addressee, s.about)", filters.whom),
        among("s.act", filters.type),
        contains("s.place", filters.place),
        contains("d.outlet", filters.source),
        told("s.start", "s.stop", filters.text),
    )


def report_conditions(filters: Filters) -> Where:
    """Conditions on `documents d`: when and by whom it was published, and that one event or statement of it is by the party, to the party, of the
    type and at the place."""
    by, to, kind, place = filters.who, filters.whom, filters.type, filters.place
    told: Where = ([], [])
    if any((by, to, kind, place)):
        events = every(
            acts("e.source", by),
            acts("e.target", to),
            among("e.type", kind),
            within("e.place", "e.place_country", place),
        )
        statements = every(
            acts("s.speaker", by),
            acts("list_concat(s.addressee, s.about)", to),
            among("s.act", kind),
            contains("s.place", place),
        )
        told = (
            [
                f"(d.id IN (SELECT e.doc FROM events e WHERE {' AND '.join(events[0])}) "
                f"OR d.id IN (SELECT s.doc FROM statements s WHERE {' AND '.join(statements[0])}))"
            ],
            [*events[1], *statements[1]],
        )
    return every(in_time(filters, "d.published", "d.published"), contains("d.outlet", filters.source), told)


def incident_conditions(filters: Filters) -> Where:
    """Conditions on `incidents i`."""
    outlets = _OUTLETS.format(told="incident_tellings", whole="incident", id="i.id")
    conditions, values = told("e.start", "e.stop", filters.text)
    words: Where = ([], [])
    if conditions:
        inside = " AND ".join(["e.id = i.event", *conditions])
        words = ([f"EXISTS (SELECT 1 FROM events e JOIN documents d ON d.id = e.doc WHERE {inside})"], values)
    return every(
        in_time(filters, "i.first", "i.last"),
        acts("i.source", filters.who),
        acts("i.target", filters.whom),
        among("i.type", filters.type),
        within("i.place", "i.place_country", filters.place),
        ([outlets], [filters.source.lower()]) if filters.source else ([], []),
        words,
    )


def entry_conditions(filters: Filters, kind: str | None = None) -> Where:
    """Conditions on `entries e`, of one kind or of all; `type` is a status here."""
    outlets = _OUTLETS.format(told="entry_tellings", whole="entry", id="e.id")
    return every(
        (["e.kind = ?"], [kind]) if kind else ([], []),
        in_time(filters, "e.since", "greatest(e.latest, coalesce(e.moved, e.latest))"),
        acts('e."by"', filters.who),
        acts('e."to"', filters.whom),
        among("e.status", filters.status or filters.type),
        ([outlets], [filters.source.lower()]) if filters.source else ([], []),
        contains("concat_ws(' ', e.words, e.condition)", filters.text),
    )
