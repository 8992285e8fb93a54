"""Writing entries: where they stand now, what moved them, and the words that they rest on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import msgspec

from melian.crisis.ledger.answering import outcome
from melian.crisis.ledger.claim import Claim
from melian.crisis.ledger.foresight import brier, due, probability
from melian.crisis.ledger.linking import Regrouped, stand_of
from melian.crisis.ledger.looking import earlier_statements, wanted_acts
from melian.crisis.ledger.outcome import Outcome
from melian.crisis.ledger.refreshing import Change
from melian.crisis.ledger.report import day_text
from melian.crisis.ledger.rows import actors_json, fetch_claims
from melian.crisis.ledger.shifts import corrected
from melian.crisis.ledger.stand import Stand, entry_number
from melian.crisis.record.bulk import ids_table, insert
from melian.crisis.record.rows import fetch
from melian.crisis.tellings import squeeze
from melian.records import Span

_Place = tuple[int, Span]
_AT_ONCE = 20_000  # entries worked on together


def write(
    connection: duckdb.DuckDBPyConnection, change: Change, groups: Regrouped, entries: Iterable[int], last: int | None
) -> None:
    """Write some entries anew, and delete those that are no more.

    Args:
        connection: open for writing.
        change: what the documents at hand changed; their texts are taken from it.
        groups: what was grouped anew.
        entries: the entries to write.
        last: the day of the record's latest report.
    """
    chosen = sorted(set(entries))
    for start in range(0, max(len(chosen), 1), _AT_ONCE):
        some = chosen[start : start + _AT_ONCE]
        ids_table(connection, "ledger_redo", [*some, *(groups.ended if start == 0 else ())])
        stands = _stands(connection, groups)
        texts = _Texts(connection, change, groups, stands)
        done = _outcomes(connection, stands, last)
        opinions = _opinions(connection, stands)
        replaced = {entry: found for entry, (_, found) in done.items() if found is not None}
        answers = _answers(connection, done, replaced)
        for table, column in (("entries", "id"), ("entry_tellings", "entry"), ("entry_answers", "entry")):
            connection.execute(f"DELETE FROM {table} WHERE {column} IN (SELECT id FROM ledger_redo)")
        standing = {entry: stand for entry, stand in stands.items() if not opinions[entry].rejected}
        counts = _counts(connection, stands)
        insert(
            connection,
            "entries",
            (_entry_row(entry, stand, *done[entry], texts, counts[entry], opinions[entry]) for entry, stand in sorted(standing.items())),
        )
        insert(connection, "entry_tellings", (row for entry, stand in sorted(stands.items()) for row in _tellings(entry, stand)))
        insert(connection, "entry_answers", (row for row in answers if row["entry"] in standing))


def _stands(connection: duckdb.DuckDBPyConnection, groups: Regrouped) -> dict[int, Stand]:
    """The entries to write: those just grouped as they were made, the others from their claims."""
    claims: dict[int, list[Claim]] = defaultdict(list)
    ids_table(connection, "ledger_made", groups.made)
    for claim, row in fetch_claims(connection, "WHERE c.entry IN (SELECT id FROM ledger_redo) AND c.entry NOT IN (SELECT id FROM ledger_made)", ", c.entry"):
        claims[row["entry"]].append(claim)
    redo = {row[0] for row in connection.execute("SELECT id FROM ledger_redo").fetchall()}
    return {entry: stand for entry, stand in groups.made.items() if entry in redo} | {entry: stand_of(some) for entry, some in claims.items()}


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
    stated = probability(stand) if stand.kind == "prediction" else None
    types = list(dict.fromkeys(pattern.type for pattern in stand.patterns))
    decided = done.decided
    return {
        "id": entry,
        "kind": stand.kind,
        "status": opinion.status or done.status,
        "machine_status": done.status if opinion.status and opinion.status != done.status else None,
        "since": day_text(stand.since),
        "latest": day_text(stand.latest),
        "moved": day_text(decided.day) if decided else None,
        "by": actors_json(stand.by),
        "to": actors_json(stand.to),
        "words": texts.words(stand),
        "condition": texts.condition(stand),
        "due": day_text(due(stand)) if stand.kind == "prediction" else None,
        "kinds": types,
        "tellings": counts[0],
        "sources": counts[1],
        "probability": stated,
        "brier": brier(done.status, stated) if stand.kind == "prediction" else None,
        "replaces": replaced,
    }


def _tellings(entry: int, stand: Stand) -> Iterator[dict[str, Any]]:
    for claim in stand.claims:
        for what, records in (("event", claim.events), ("statement", claim.statements)):
            for record in records:
                yield {"entry": entry, "record": record, "doc": claim.report, "what": what}


def _answers(
    connection: duckdb.DuckDBPyConnection, done: Mapping[int, tuple[Outcome, int | None]], replaced: Mapping[int, int]
) -> list[dict[str, Any]]:
    """Rows of `entry_answers`; who acted is looked up in the records."""
    rows = [
        {
            "entry": entry,
            "record": each.act.id,
            "doc": each.act.report,
            "what": each.act.what,
            "kind": each.act.kind,
            "date": day_text(each.act.day),
            "status": each.status,
            "deciding": each.deciding,
            "why": each.why,
        }
        for entry, (result, _) in sorted(done.items())
        for each in result.moved
    ]
    for what, view, doers in (("event", "events", "source"), ("statement", "statements", "speaker")):
        ids_table(connection, "ledger_answering", {row["record"] for row in rows if row["what"] == what})
        query = f"SELECT id, {doers} FROM {view} SEMI JOIN ledger_answering USING (id)"
        by = dict(connection.execute(query).fetchall())
        for row in rows:
            if row["what"] == what:
                row["by"] = by[row["record"]]
    ids_table(connection, "ledger_answering", replaced.values())
    found = {row["id"]: row for row in fetch(connection, "SELECT id, doc, act, speaker, first FROM statements SEMI JOIN ledger_answering USING (id)")}
    for entry, statement in sorted(replaced.items()):
        row = found[statement]
        rows.append(
            {"entry": entry, "record": statement, "doc": row["doc"], "what": "statement", "kind": row["act"], "by": row["speaker"],
             "date": row["first"].isoformat() if row["first"] else None, "status": "linked", "deciding": True, "why": "the earlier statement that it corrects"}
        )  # fmt: skip
    return rows


def _counts(connection: duckdb.DuckDBPyConnection, stands: Mapping[int, Stand]) -> dict[int, tuple[int, int]]:
    """By entry in how many documents it is told, and by how many outlets; copies of one text count once."""
    connection.execute("CREATE OR REPLACE TEMP TABLE ledger_told (entry UBIGINT, doc UBIGINT)")
    told = ({"entry": entry, "doc": doc} for entry, stand in sorted(stands.items()) for doc in sorted(stand.reports))
    insert(connection, "ledger_told", told)
    rows = connection.execute(
        "SELECT t.entry, count(DISTINCT t.doc), count(DISTINCT coalesce(d.outlet, CAST(d.id AS VARCHAR))) FROM "
        "(SELECT entry, coalesce(k.\"of\", doc) AS doc FROM ledger_told LEFT JOIN copies k USING (doc)) t JOIN documents d ON d.id = t.doc GROUP BY ALL"
    ).fetchall()
    return {entry: (tellings, sources) for entry, tellings, sources in rows}


@dataclass(frozen=True, slots=True)
class _Opinion:
    """What persons made of an entry: another status, or that it is none."""

    status: str | None = None
    rejected: bool = False


def _opinions(connection: duckdb.DuckDBPyConnection, stands: Mapping[int, Stand]) -> dict[int, _Opinion]:
    """By entry what persons judged of it, under its id or one that it had while another telling was its least."""
    corrections = {
        row["entry"]: (row["when"], msgspec.json.decode(row["value"]) if row["value"] else None)
        for row in fetch(connection, "SELECT * FROM entry_corrections WHERE field = 'status' ORDER BY \"when\"")
    }
    rejected = {row[0] for row in connection.execute("SELECT id FROM rejected").fetchall()}
    out = {}
    for entry, stand in stands.items():
        names = {entry_number(stand.kind, claim.id) for claim in stand.claims} if corrections or rejected else set[int]()
        said = max((corrections[name] for name in names & corrections.keys()), default=None, key=lambda pair: pair[0])
        out[entry] = _Opinion(said[1] if said else None, bool(names & rejected))
    return out


class _Texts:
    """Words of entries: from the documents at hand, from the entries as they were, and only then from the record's texts."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, change: Change, groups: Regrouped, stands: Mapping[int, Stand]) -> None:
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

