"""Writing entries: where they stand now, what moved them, and the words that they rest on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import duckdb
import msgspec

from melian.crisis.ledger.claiming.claim import Claim, Kind
from melian.crisis.ledger.claiming.report import day_text
from melian.crisis.ledger.keeping.actor_numbers import ActorNumbers
from melian.crisis.ledger.keeping.linking import Regrouped, stand_of
from melian.crisis.ledger.keeping.looking import earlier_statements, wanted_acts
from melian.crisis.ledger.keeping.refreshing import Change
from melian.crisis.ledger.keeping.rows import actors_json, fetch_claims
from melian.crisis.ledger.standing.answering import outcome
from melian.crisis.ledger.standing.corrections import corrected
from melian.crisis.ledger.standing.foresight import brier, due, probability
from melian.crisis.ledger.standing.outcome import Moved, Outcome
from melian.crisis.ledger.standing.stand import Stand, entry_number
from melian.crisis.record.bulk import ids_table, insert
from melian.crisis.record.rows import fetch
from melian.crisis.tellings import squeeze
from melian.records import Span

_Place = tuple[int, Span]
_AT_ONCE = 20_000  # entries worked on together


def write(
    connection: duckdb.DuckDBPyConnection,
    actors: ActorNumbers,
    change: Change,
    groups: Regrouped,
    entries: Iterable[int],
    last: int | None,
) -> None:
    """Write some entries anew, and delete those that are no more.

    Args:
        connection: open for writing.
        actors: numbers of actors.
        change: what the documents at hand changed; their texts are taken from it.
        groups: what was grouped anew.
        entries: the entries to write.
        last: the day of the record's latest report.
    """
    chosen = sorted(set(entries))
    for start in range(0, max(len(chosen), 1), _AT_ONCE):
        some = chosen[start : start + _AT_ONCE]
        ended = sorted(groups.ended & groups.before.keys()) if start == 0 else []
        ids_table(connection, "ledger_redo", some)
        stands = _stands(connection, actors, groups)
        texts = _Texts(connection, change, groups, stands)
        done = _outcomes(connection, stands, last)
        opinions = _opinions(connection, stands)
        answers = _answers(connection, stands, done)
        counts = _counts(connection, stands)
        rows = [
            _entry_row(entry, stand, *done[entry], texts, counts[entry], opinions[entry])
            for entry, stand in sorted(stands.items())
        ]
        rows += [
            row
            for entry, stand in sorted(stands.items())
            if (row := _split_row(stand, done[entry][0], texts, answers, opinions[entry]))
        ]
        rejected = {id_ for each in opinions.values() for id_ in each.rejected}
        ids_table(
            connection, "ledger_redo", [*some, *ended, *_splits([*stands.values(), *(groups.before[entry] for entry in ended)])]
        )
        for table, column in (("entries", "id"), ("entry_answers", "entry")):
            connection.execute(f"DELETE FROM {table} WHERE {column} IN (SELECT id FROM ledger_redo)")
        insert(connection, "entries", (row for row in rows if row["id"] not in rejected))
        insert(connection, "entry_answers", (row for row in answers if row["entry"] not in rejected))


def _stands(connection: duckdb.DuckDBPyConnection, actors: ActorNumbers, groups: Regrouped) -> dict[int, Stand]:
    """The entries to write: those just grouped as they were made, the others from their claims."""
    claims: dict[int, list[Claim]] = defaultdict(list)
    ids_table(connection, "ledger_made", groups.made)
    which = "WHERE c.entry IN (SELECT id FROM ledger_redo) AND c.entry NOT IN (SELECT id FROM ledger_made)"
    for each in fetch_claims(connection, actors, which):
        claims[each.entry].append(each.claim)
    redo = {row[0] for row in connection.execute("SELECT id FROM ledger_redo").fetchall()}
    return {entry: stand for entry, stand in groups.made.items() if entry in redo} | {
        entry: stand_of(some) for entry, some in claims.items()
    }


def _splits(stands: Iterable[Stand]) -> list[int]:
    """The ids that splits over some entries have."""
    return [entry_number("split", stand.least) for stand in stands if stand.kind in ("demand", "offer")]


def _outcomes(
    connection: duckdb.DuckDBPyConnection, stands: Mapping[int, Stand], last: int | None
) -> dict[int, tuple[Outcome, int | None]]:
    """By entry where it stands and, of a shift, the statement that it corrects."""
    shifts = {entry: stand for entry, stand in stands.items() if stand.kind == "shift"}
    others = {entry: stand for entry, stand in stands.items() if stand.kind != "shift"}
    earlier = earlier_statements(connection, shifts)
    done: dict[int, tuple[Outcome, int | None]] = {}
    for entry, stand in shifts.items():
        found = corrected(stand, earlier.get(entry, ()))
        done[entry] = (Outcome("unlinked" if found is None else "linked"), found)
    acts = wanted_acts(connection, others)
    for entry, stand in others.items():
        done[entry] = (outcome(stand, acts.get(entry, ()), last), None)
    return done


def _entry_row(
    entry: int, stand: Stand, done: Outcome, replaced: int | None, texts: _Texts, counts: tuple[int, int], opinion: _Opinion
) -> dict[str, Any]:
    stated = probability(stand)
    return {
        "id": entry,
        "kind": stand.kind,
        **opinion.statuses(entry, done.status),
        "since": day_text(stand.since),
        "latest": day_text(stand.latest),
        "moved": day_text(done.decided.day) if done.decided else None,
        "by": actors_json(stand.by),
        "to": actors_json(stand.to),
        "words": texts.words(stand),
        "condition": texts.condition(stand),
        "due": day_text(due(stand)),
        "kinds": stand.types,
        "tellings": counts[0],
        "sources": counts[1],
        "probability": stated,
        "brier": brier(done.status, stated),
        "replaces": replaced,
    }


def _split_row(
    stand: Stand, done: Outcome, texts: _Texts, answers: Iterable[dict[str, Any]], opinion: _Opinion
) -> dict[str, Any] | None:
    """The row of a bloc that is split over a demand or offer."""
    if not done.split:
        return None
    entry = entry_number("split", stand.least)
    days = [each.act.day for each in done.split]
    members: dict[tuple[Any, Any], dict[str, Any]] = {}
    for row in answers:
        if row["entry"] == entry:
            for actor in row["by"]:
                members.setdefault((actor["id"], actor["name"]), {**actor, "start": None, "stop": None})
    named = {id_ for id_, name in members if name}
    return {
        "id": entry,
        "kind": "shift",
        **opinion.statuses(entry, "split"),
        "since": day_text(days[0]),
        "latest": day_text(days[-1]),
        "moved": day_text(days[-1]),
        "by": [actor for (id_, name), actor in members.items() if name or id_ not in named],
        "to": actors_json(stand.by),
        "words": texts.words(stand),
        "kinds": [],
        "tellings": len({each.act.report for each in done.split}),
        "sources": len({each.act.report for each in done.split}),
    }


def _answers(
    connection: duckdb.DuckDBPyConnection, stands: Mapping[int, Stand], done: Mapping[int, tuple[Outcome, int | None]]
) -> list[dict[str, Any]]:
    """Rows of `entry_answers`; who acted is looked up in the records."""
    rows = [_answer_row(entry, each) for entry, (result, _) in sorted(done.items()) for each in result.moved]
    for entry, (result, _) in sorted(done.items()):
        rows += [_answer_row(entry_number("split", stands[entry].least), each, "split") for each in result.split]
    for what, view, doers in (("event", "events", "source"), ("statement", "statements", "speaker")):
        ids_table(connection, "ledger_answering", {row["record"] for row in rows if row["what"] == what})
        by = dict(connection.execute(f"SELECT id, {doers} FROM {view} SEMI JOIN ledger_answering USING (id)").fetchall())
        rows = [{**row, "by": by[row["record"]]} if row["what"] == what else row for row in rows]
    replaced = {entry: found for entry, (_, found) in done.items() if found is not None}
    ids_table(connection, "ledger_answering", replaced.values())
    query = "SELECT id, doc, act, speaker, CAST(first AS VARCHAR) FROM statements SEMI JOIN ledger_answering USING (id)"
    found = {row[0]: row[1:] for row in connection.execute(query).fetchall()}
    for entry, statement in sorted(replaced.items()):
        doc, act, speaker, day = found[statement]
        rows.append(
            {"entry": entry, "record": statement, "doc": doc, "what": "statement", "kind": act, "by": speaker, "date": day,
             "status": "linked", "deciding": True, "why": "the earlier statement that it corrects"}
        )  # fmt: skip
    return rows


def _answer_row(entry: int, moved: Moved, status: str | None = None) -> dict[str, Any]:
    return {
        "entry": entry,
        "record": moved.act.id,
        "doc": moved.act.report,
        "what": moved.act.what,
        "kind": moved.act.kind,
        "date": day_text(moved.act.day),
        "status": status or moved.status,
        "deciding": moved.deciding if status is None else True,
        "why": moved.why,
    }


def _counts(connection: duckdb.DuckDBPyConnection, stands: Mapping[int, Stand]) -> dict[int, tuple[int, int]]:
    """By entry in how many documents it is told, and by how many outlets; copies of one text count once."""
    connection.execute("CREATE OR REPLACE TEMP TABLE ledger_told (entry UBIGINT, doc UBIGINT)")
    told = ({"entry": entry, "doc": doc} for entry, stand in sorted(stands.items()) for doc in sorted(stand.reports))
    insert(connection, "ledger_told", told)
    rows = connection.execute(
        "SELECT t.entry, count(DISTINCT t.doc), count(DISTINCT coalesce(d.outlet, CAST(d.id AS VARCHAR))) FROM "
        '(SELECT entry, coalesce(k."of", doc) AS doc FROM ledger_told LEFT JOIN copies k USING (doc)) t JOIN documents d ON d.id = t.doc GROUP BY ALL'
    ).fetchall()
    return {entry: (tellings, sources) for entry, tellings, sources in rows}


@dataclass(frozen=True, slots=True)
class _Opinion:
    """What persons made of an entry and of the split over it: other statuses by id, and which of them are none."""

    corrected: Mapping[int, str]
    rejected: frozenset[int]

    def statuses(self, entry: int, machine: str) -> dict[str, str | None]:
        """The status of an entry, and the machine's where a person has another."""
        status = self.corrected.get(entry, machine)
        return {"status": status, "machine_status": machine if status != machine else None}


def _opinions(connection: duckdb.DuckDBPyConnection, stands: Mapping[int, Stand]) -> dict[int, _Opinion]:
    """By entry what persons judged of it, under its id or one that it had while another telling was its least."""
    corrections = {
        row["entry"]: (row["when"], msgspec.json.decode(row["value"]) if row["value"] else None)
        for row in fetch(connection, "SELECT * FROM entry_corrections WHERE field = 'status' ORDER BY \"when\"")
    }
    rejections = {row[0] for row in connection.execute("SELECT id FROM rejected").fetchall()}
    if not corrections and not rejections:
        return dict.fromkeys(stands, _Opinion({}, frozenset()))
    out = {}
    for entry, stand in stands.items():
        corrected: dict[int, str] = {}
        rejected = set()
        kinds: tuple[Kind | Literal["split"], ...] = (
            (stand.kind, "split") if stand.kind in ("demand", "offer") else (stand.kind,)
        )
        for kind in kinds:
            names = {entry_number(kind, claim.id) for claim in stand.claims}
            now = entry_number(kind, stand.least)
            if said := max((corrections[name] for name in names & corrections.keys()), default=None, key=lambda pair: pair[0]):
                corrected |= {now: said[1]} if said[1] else {}
            if names & rejections:
                rejected.add(now)
        out[entry] = _Opinion(corrected, frozenset(rejected))
    return out


class _Texts:
    """Words of entries: from the documents at hand, from the entries as they were, and only then from the record's texts."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, change: Change, groups: Regrouped, stands: Mapping[int, Stand]
    ) -> None:
        self._connection = connection
        self._change = change
        self._known: dict[_Place, str] = {}
        self._remember(groups, stands)
        needed = {place for stand in stands.values() for place in (_fullest(stand), _condition(stand)) if place}
        self._load({place for place in needed if place not in self._known and place[0] not in change.reports})

    def words(self, stand: Stand) -> str:
        """The words of the fullest telling."""
        return self._at(_fullest(stand))

    def condition(self, stand: Stand) -> str | None:
        """The condition of a red line."""
        place = _condition(stand)
        return self._at(place) if place else None

    def _at(self, place: _Place) -> str:
        found = self._known.get(place)
        return self._change.reports[place[0]].words(place[1]) if found is None else found

    def _remember(self, groups: Regrouped, stands: Mapping[int, Stand]) -> None:
        """What the entries as they were say already."""
        before = {**{entry: stand for entry, stand in stands.items() if entry not in groups.made}, **groups.before}
        ids_table(self._connection, "ledger_before", before)
        query = "SELECT id, words, condition FROM entries SEMI JOIN ledger_before USING (id)"
        for entry, words, condition in self._connection.execute(query).fetchall():
            self._known[_fullest(before[entry])] = words
            if place := _condition(before[entry]):
                self._known[place] = condition

    def _load(self, places: set[_Place]) -> None:
        if not places:
            return
        ids_table(self._connection, "ledger_texts", {number for number, _ in places})
        texts = dict(self._connection.execute("SELECT id, text FROM documents SEMI JOIN ledger_texts USING (id)").fetchall())
        for number, (start, stop) in places:
            self._known[number, (start, stop)] = squeeze(texts[number][start:stop])


def _fullest(stand: Stand) -> _Place:
    return stand.fullest.report, stand.fullest.span


def _condition(stand: Stand) -> _Place | None:
    claim = stand.conditional if stand.kind == "redline" else None
    return (claim.report, claim.condition) if claim and claim.condition else None
