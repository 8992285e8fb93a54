"""Keeping the table `copies` up to the documents.

A cluster is a connected set of texts in which each is one telling with another, within days. Which documents form it depends on the
documents alone, not on the order in which they came: a document that is a copy of two others brings their clusters together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from melian.crisis.copies.candidates import candidates
from melian.crisis.copies.likeness import LEAST_WORDS, one_telling
from melian.crisis.copies.shingles import Shingled, prints, shingled
from melian.crisis.record.bulk import ids_table, insert
from melian.records import content_id

_AT_ONCE = 2000  # documents whose texts are in memory together; the result does not depend on it


def update(connection: duckdb.DuckDBPyConnection, documents: Sequence[int]) -> set[int]:
    """Bring the copies up to the documents.

    Args:
        connection: open for writing.
        documents: ids of documents that are new, or whose day may have changed; others among them cost next to nothing.

    Returns:
        The documents that came into a cluster, left one, or have another representative; what rests on copies must be made anew
        for these too.
    """
    chosen = sorted(set(documents))
    before: dict[int, int | None] = {}
    after: dict[int, int | None] = {}
    for start in range(0, len(chosen), _AT_ONCE):
        for doc, was, now in _update(connection, chosen[start : start + _AT_ONCE]):
            before.setdefault(doc, was)
            after[doc] = now
    return {doc for doc in after if before[doc] != after[doc]}


def _update(connection: duckdb.DuckDBPyConnection, documents: Sequence[int]) -> list[tuple[int, int | None, int | None]]:
    """Documents with the representatives that they had and have, those that were looked at."""
    changed = _changed(connection, documents)
    if not changed:
        return []
    was = _dissolve(connection, [each.doc for each in changed if each.known])
    new, joined = _add(connection, [each for each in changed if each.shingled.length >= LEAST_WORDS])
    seeds = {*new, *_texts(connection, was)}
    groups = _grouped(connection, seeds, joined, {each.text: each.shingled for each in changed})
    old, now = _regroup(connection, groups, seeds | joined)
    was.update(old)
    return [(doc, was.get(doc), now.get(doc)) for doc in was.keys() | now.keys()]


@dataclass(frozen=True, slots=True)
class _Changed:
    """A document that the tables do not have as it is; `known` if they have it with another day."""

    doc: int
    day: date | None
    known: bool
    shingled: Shingled

    @property
    def text(self) -> int:
        return int(content_id("copy text", self.shingled.words, str(self.day)), 16)


def _changed(connection: duckdb.DuckDBPyConnection, documents: Iterable[int]) -> list[_Changed]:
    ids_table(connection, "copies_asked", documents)
    rows = connection.execute(
        "SELECT d.id, d.published, t.doc IS NOT NULL, d.text FROM documents d SEMI JOIN copies_asked a ON a.id = d.id "
        "LEFT JOIN copy_texts t ON t.doc = d.id WHERE t.doc IS NULL OR t.day IS DISTINCT FROM d.published"
    ).fetchall()
    return [_Changed(doc, day, known, shingled(text)) for doc, day, known, text in rows]


def _dissolve(connection: duckdb.DuckDBPyConnection, moved: list[int]) -> dict[int, int]:
    """Take out documents whose day has changed, and the clusters that they were in; what those were, representative by document."""
    if not moved:
        return {}
    ids_table(connection, "copies_moved", moved)
    connection.execute(
        'CREATE OR REPLACE TEMP TABLE copies_dissolved AS FROM copies WHERE "of" IN '
        '(SELECT "of" FROM copies SEMI JOIN copies_moved m ON m.id = doc)'
    )
    connection.execute('DELETE FROM copies WHERE "of" IN (SELECT "of" FROM copies_dissolved)')
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE copies_left AS SELECT DISTINCT text FROM copy_texts SEMI JOIN copies_moved m ON m.id = doc"
    )
    connection.execute("DELETE FROM copy_texts WHERE doc IN (SELECT id FROM copies_moved)")
    connection.execute(
        "DELETE FROM copy_prints WHERE text IN (SELECT text FROM copies_left WHERE text NOT IN (SELECT text FROM copy_texts))"
    )
    return dict(connection.execute("FROM copies_dissolved").fetchall())


def _add(connection: duckdb.DuckDBPyConnection, changed: list[_Changed]) -> tuple[set[int], set[int]]:
    """Enter documents; the texts that are new with them, and those that were there and have one document more."""
    by_text = {each.text: each for each in changed}
    there = set(_texts_there(connection, by_text))
    found = {text: prints(each.shingled) for text, each in by_text.items()}
    # By day and text, so that what is alike lies together and takes little room.
    order = sorted(by_text, key=lambda text: (str(by_text[text].day), text))
    insert(
        connection,
        "copy_texts",
        (
            {"doc": each.doc, "day": _iso(each.day), "text": each.text, "prints": len(found[each.text])}
            for each in sorted(changed, key=lambda each: (str(each.day), each.doc))
        ),
    )
    connection.execute("CREATE OR REPLACE TEMP TABLE copies_printed (text UBIGINT, day DATE, prints UINTEGER[])")
    insert(
        connection,
        "copies_printed",
        ({"text": text, "day": _iso(by_text[text].day), "prints": found[text]} for text in order if text not in there),
    )
    connection.execute("INSERT INTO copy_prints SELECT text, day, unnest(prints) FROM copies_printed")
    return by_text.keys() - there, there


def _grouped(connection: duckdb.DuckDBPyConnection, seeds: set[int], joined: set[int], cache: dict[int, Shingled]) -> _Groups:
    """The texts that are one telling, as far as `seeds` bring them together; texts of a cluster that stands are one from the start."""
    groups = _Groups()
    _join_standing(connection, groups, joined)
    for pairs in candidates(connection, seeds):
        met = {text for pair in pairs for text in pair}
        _join_standing(connection, groups, met)
        _shingle(connection, met, cache)
        for one, other in pairs:
            if groups.of(("text", one)) != groups.of(("text", other)) and one_telling(cache[one], cache[other]):
                groups.join(("text", one), ("text", other))
    return groups


def _join_standing(connection: duckdb.DuckDBPyConnection, groups: _Groups, texts: Iterable[int]) -> None:
    """Join texts with the clusters that they are in."""
    ids_table(connection, "copies_met", texts)
    for text, of in connection.execute(
        'SELECT DISTINCT t.text, c."of" FROM copy_texts t SEMI JOIN copies_met m ON m.id = t.text JOIN copies c ON c.doc = t.doc'
    ).fetchall():
        groups.join(("text", text), ("of", of))


def _regroup(
    connection: duckdb.DuckDBPyConnection, groups: _Groups, touched: set[int]
) -> tuple[dict[int, int], dict[int, int]]:
    """Write the clusters that texts of `touched` are in; representatives by document as they were and as they are."""
    chosen = groups.those_with(("text", text) for text in touched)
    ids_table(connection, "copies_met", (key for members in chosen for kind, key in members if kind == "text"))
    ids_table(connection, "copies_ended", (key for members in chosen for kind, key in members if kind == "of"))
    docs_of: dict[_Node, set[tuple[date | None, int]]] = defaultdict(set)
    old: dict[int, int] = {}
    for text, doc, day in connection.execute(
        "SELECT text, doc, day FROM copy_texts SEMI JOIN copies_met m ON m.id = text"
    ).fetchall():
        docs_of["text", text].add((day, doc))
    for of, doc, day in connection.execute(
        'SELECT c."of", c.doc, t.day FROM copies c SEMI JOIN copies_ended e ON e.id = c."of" JOIN copy_texts t ON t.doc = c.doc'
    ).fetchall():
        docs_of["of", of].add((day, doc))
        old[doc] = of
    rows: dict[int, int] = {}
    for members in chosen:
        docs = set().union(*(docs_of[node] for node in members))
        if len(docs) > 1:
            representative = min(docs, key=lambda each: (each[0] or date.max, each[1]))[1]
            rows.update((doc, representative) for _, doc in docs)
    connection.execute('DELETE FROM copies WHERE "of" IN (SELECT id FROM copies_ended)')
    insert(connection, "copies", ({"doc": doc, "of": of} for doc, of in sorted(rows.items())))
    return old, rows


def _texts(connection: duckdb.DuckDBPyConnection, docs: Iterable[int]) -> set[int]:
    ids_table(connection, "copies_asked", docs)
    return {
        row[0] for row in connection.execute("SELECT text FROM copy_texts SEMI JOIN copies_asked a ON a.id = doc").fetchall()
    }


def _texts_there(connection: duckdb.DuckDBPyConnection, texts: Iterable[int]) -> Iterator[int]:
    ids_table(connection, "copies_met", texts)
    for row in connection.execute("SELECT DISTINCT text FROM copy_texts SEMI JOIN copies_met m ON m.id = text").fetchall():
        yield row[0]


def _shingle(connection: duckdb.DuckDBPyConnection, texts: set[int], cache: dict[int, Shingled]) -> None:
    """Read the texts that are not in the cache yet."""
    ids_table(connection, "copies_met", texts - cache.keys())
    rows = connection.execute(
        "SELECT m.text, d.text FROM (SELECT text, min(doc) AS doc FROM copy_texts SEMI JOIN copies_met m ON m.id = text "
        "GROUP BY text) m JOIN documents d ON d.id = m.doc"
    )
    while some := rows.fetchmany(1000):
        cache.update((text, shingled(words)) for text, words in some)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


_Node = tuple[str, int]
"""A text ("text") or a cluster that stands ("of"), with its id."""


class _Groups:
    """Sets that are joined and never parted (union-find)."""

    def __init__(self) -> None:
        self._above: dict[_Node, _Node] = {}

    def of(self, node: _Node) -> _Node:
        """The node that stands for the set of another."""
        self._above.setdefault(node, node)
        while self._above[node] != node:
            self._above[node] = node = self._above[self._above[node]]
        return node

    def join(self, one: _Node, other: _Node) -> None:
        """Make one set of two."""
        self._above[self.of(one)] = self.of(other)

    def those_with(self, nodes: Iterable[_Node]) -> list[list[_Node]]:
        """The sets that hold any of the nodes."""
        wanted = {self.of(node) for node in nodes}
        sets: dict[_Node, list[_Node]] = defaultdict(list)
        for node in list(self._above):
            if self.of(node) in wanted:
                sets[self.of(node)].append(node)
        return list(sets.values())
