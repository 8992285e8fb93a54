"""What becomes of judgements when documents are coded anew, or when the documents that they wait for arrive.

An id is the hash of document, type and span, so most records keep theirs and their judgements hold on. Where a newer coder reads a
judged record otherwise, the record that now stands in its place is looked for: in the same document, over some of the same words, of
the type or act that the machine or the person gave it where there is one. Two records that one coder read beside each other are never
taken for one; two that different coders read from the same words (so that neither stood beside the other) may be. What finds no place
is orphaned: kept, listed, and tried again each time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import duckdb
import msgspec

from melian.crisis.judgements.effects import refresh
from melian.crisis.judgements.judgement import VERDICTS, Judgement, Neighbour
from melian.crisis.judgements.opinions import plain
from melian.crisis.judgements.table import about
from melian.crisis.record.bulk import ids_table, insert
from melian.crisis.record.rows import event, fetch, hex_id, number, statement
from melian.records import Span, to_dict


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands: its id, its type or act (several, where a person gave another), and its span.

    `beside` are the ids of the records that were read from overlapping words along with it. One that a person added (`by_hand`)
    stands by itself, and gives way only to a machine's record of its own type or act.
    """

    id: str
    kinds: frozenset[str]
    span: Span
    beside: frozenset[str] = frozenset()
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """A judged record and the one that stands in its place; `alike` when that is of the type or act that it was judged by."""

    old: str
    new: str
    alike: bool


@dataclass(frozen=True, slots=True)
class Rebinding:
    """What came of rebinding the judgements on some documents: ids of judgements that stand.

    `kept` hold for the record that they were made on, `moved` for one in its place, `orphaned` for none; `right` are corrections
    (id, field) that the coder now makes by itself. `documents` are those whose derived parts must be updated.
    """

    kept: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    orphaned: tuple[str, ...] = ()
    right: tuple[tuple[str, str], ...] = ()
    documents: tuple[int, ...] = ()

    def counts(self) -> dict[str, int]:
        """How many judgements were kept, moved and orphaned, and how many corrections the coder now makes by itself."""
        return {
            "kept": len(self.kept),
            "moved": len(self.moved),
            "orphaned": len(self.orphaned),
            "corrections that the coder now gets right": len(self.right),
        }


def update(connection: duckdb.DuckDBPyConnection, documents: Sequence[int]) -> list[int]:
    """Let the judgements on documents that were added or coded anew hold for what is there now.

    Args:
        connection: open for writing.
        documents: ids.

    Returns:
        The ids of all documents that must be updated: those given, and those that a merge or a split ties to them.
    """
    *_, touched = _bind(connection, documents)
    return sorted({*documents, *touched})


def rebind(connection: duckdb.DuckDBPyConnection, documents: Iterable[int]) -> Rebinding:
    """As `update`, telling what came of it.

    Args:
        connection: open for writing; the tables of coded records are the new coder's already.
        documents: ids of the documents that were coded anew.
    """
    standing, moves, touched = _bind(connection, documents)
    return _told(connection, standing, moves, tuple(touched)) if standing else Rebinding(documents=tuple(touched))


def _bind(
    connection: duckdb.DuckDBPyConnection, documents: Iterable[int]
) -> tuple[list[Judgement], dict[str, Move], list[int]]:
    """The judgements that stand on records of some documents, where those records are now, and the documents that this touches."""
    ids_table(connection, "recoded", documents)
    judged = fetch(connection, "SELECT j.id, j.doc, j.what FROM judged j JOIN recoded r ON r.id = j.doc")
    if not judged:
        return [], {}, []
    records = {hex_id(row["id"]) for row in judged}
    standing = about(connection, records, standing=True)
    moves = {move.old: move for what in ("event", "statement") for move in _moves(connection, what, judged, standing)}
    before = [hex_id(row["new"]) for row in fetch(connection, "SELECT new FROM moved WHERE doc IN (SELECT id FROM recoded)")]
    connection.execute("DELETE FROM moved WHERE doc IN (SELECT id FROM recoded)")
    home = {hex_id(row["id"]): row["doc"] for row in judged}
    rows = ({"old": number(m.old), "new": number(m.new), "doc": home[m.old], "alike": m.alike} for m in moves.values())
    insert(connection, "moved", rows)
    return standing, moves, refresh(connection, records.union(before))


def matches(old: Iterable[Place], new: Iterable[Place]) -> list[Move]:
    """Which new record stands in the place of which old one.

    The same id is the same record. Of the others, those of a common type or act come first, then those that share more of their
    words, then the lesser ids, so that the order in which they are given does not matter.
    """
    there = {place.id: place for place in new}
    before = {place.id: place for place in old}
    taken: dict[str, list[Place]] = {each: [before[each]] if each in before else [] for each in there}
    found = sorted(
        (unlike, -share, was.id, now.id)
        for was in before.values()
        for now in there.values()
        if was.id not in there and (share := overlap(was.span, now.span))
        if not (unlike := not (was.kinds & now.kinds)) or not was.by_hand
    )
    moves: dict[str, Move] = {}
    for unlike, _, was_id, now_id in found:
        was = before[was_id]
        if was_id not in moves and now_id not in was.beside and not any(_two(was, other) for other in taken[now_id]):
            moves[was_id] = Move(was_id, now_id, not unlike)
            taken[now_id].append(was)
    return list(moves.values())


def _two(some: Place, other: Place) -> bool:
    """Whether two old records are known to be two: they were read beside each other, or from different words."""
    return other.id in some.beside or some.id in other.beside or not overlap(some.span, other.span)


def overlap(some: Span, other: Span) -> Fraction:
    """The words that two spans share, as a part of those that either covers (0 to 1)."""
    common = min(some[1], other[1]) - max(some[0], other[0])
    return Fraction(max(common, 0), max(some[1], other[1]) - min(some[0], other[0]))


def _moves(
    connection: duckdb.DuckDBPyConnection, what: str, judged: Sequence[dict[str, Any]], standing: Sequence[Judgement]
) -> list[Move]:
    kind = "type" if what == "event" else "act"
    rows = fetch(
        connection, f"SELECT c.id, c.doc, c.{kind} AS kind, c.start, c.stop FROM coded_{what}s c JOIN recoded r ON r.id = c.doc"
    )
    new: dict[int, list[Place]] = defaultdict(list)
    for row in rows:
        new[row["doc"]].append(Place(hex_id(row["id"]), frozenset({row["kind"]}), (row["start"], row["stop"])))
    by_record: dict[str, list[Judgement]] = defaultdict(list)
    for judgement in standing:
        for each in judgement.about:
            by_record[each].append(judgement)
    old: dict[int, dict[str, Place]] = defaultdict(dict)
    records = {hex_id(row["id"]): row["doc"] for row in judged if row["what"] == what}
    places = {key: _as_judged(key, kind, by_record[key]) for key in records}
    for key, found in places.items():
        for place in found[1:]:  # what stood beside it holds its own place, though nobody judged it
            old[records[key]].setdefault(place.id, place)
    for key, found in places.items():
        if found:
            old[records[key]][key] = found[0]
    return [m for doc, every in sorted(old.items()) for m in matches(every.values(), new[doc]) if m.old in records]


def _as_judged(record: str, kind: str, judgements: Sequence[Judgement]) -> list[Place]:
    """Where a judged record stood, then what stood beside it."""
    kinds: set[str] = set()
    span: Span | None = None
    by_hand = False
    others: dict[str, Neighbour] = {}
    for judgement in judgements:
        if judgement.kind == "correct" and judgement.field == kind:
            kinds.add(judgement.value)
        if judgement.kind == "add":
            added = judgement.value["event" if kind == "type" else "statement"]
            kinds.add(added[kind])
            start, stop = added["evidence" if kind == "type" else "content"]
            span = start, stop
            by_hand = True
        for reading in judgement.reading:
            if reading.id == record:
                if reading.event is not None:
                    kinds.add(reading.event.type)
                    span = reading.event.evidence
                if reading.statement is not None:
                    kinds.add(reading.statement.act)
                    span = reading.statement.content
                others |= {each.id: each for each in reading.beside}
    if span is None:
        return []
    beside = [Place(each.id, frozenset({each.kind}), each.span, frozenset({record})) for each in others.values()]
    return [Place(record, frozenset(kinds), span, frozenset(others), by_hand), *beside]


def _told(
    connection: duckdb.DuckDBPyConnection,
    standing: Sequence[Judgement],
    moves: dict[str, Move],
    documents: tuple[int, ...],
) -> Rebinding:
    orphans = {hex_id(row["id"]) for row in fetch(connection, "SELECT id FROM orphaned")}
    machine = _machine(connection, standing, moves)
    right = [
        (judgement.id, judgement.field)
        for judgement in standing
        if judgement.kind == "correct" and judgement.field and judgement.id not in orphans
        if all(_has(machine.get(moves[each].new if each in moves else each), judgement) for each in judgement.about)
    ]
    held = [each for each in standing if each.id not in orphans]
    moved = {each.id for each in held if any(_moves_it(each, moves.get(record)) for record in each.about)}
    return Rebinding(
        kept=tuple(each.id for each in held if each.id not in moved),
        moved=tuple(each.id for each in held if each.id in moved),
        orphaned=tuple(each.id for each in standing if each.id in orphans),
        right=tuple(right),
        documents=documents,
    )


def _moves_it(judgement: Judgement, move: Move | None) -> bool:
    return move is not None and (move.alike or judgement.kind not in (*VERDICTS, "add"))


def _machine(
    connection: duckdb.DuckDBPyConnection, standing: Sequence[Judgement], moves: dict[str, Move]
) -> dict[str, dict[str, object]]:
    """The machine's records that corrections hold for now, as plain JSON values."""
    corrected = {record for each in standing if each.kind == "correct" for record in each.about}
    ids_table(connection, "corrected_now", (number(moves[each].new if each in moves else each) for each in corrected))
    found: dict[str, dict[str, object]] = {}
    for what, read in (("event", event), ("statement", statement)):
        for row in fetch(connection, f"SELECT * FROM coded_{what}s SEMI JOIN corrected_now USING (id)"):
            found[hex_id(row["id"])] = msgspec.json.decode(msgspec.json.encode(to_dict(read(row))))
    return found


def _has(record: dict[str, object] | None, judgement: Judgement) -> bool:
    """Whether the machine's record has what a correction says; in parties, the mention that they are read from does not count."""
    return record is not None and plain(record[judgement.field or ""]) == plain(judgement.value)
