"""Keeping the full-text index up to the documents. A text never changes (a document's id is its hash), so each is indexed once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import duckdb

from melian.crisis.record.bulk import ids_table, insert
from melian.crisis.search.words import LONGEST, stem, words

TITLE = 2
"""How many times a word of the title counts."""
MOST = 255
"""Where counting stops."""
_AT_ONCE = 2000


def update(connection: duckdb.DuckDBPyConnection, documents: Sequence[int]) -> None:
    """Index the documents that are not indexed yet.

    Args:
        connection: open for writing.
        documents: ids.
    """
    chosen = sorted(set(documents))
    for start in range(0, len(chosen), _AT_ONCE):
        ids_table(connection, "search_asked", chosen[start : start + _AT_ONCE])
        fresh = connection.execute(
            "SELECT d.no, d.title, d.text FROM documents d SEMI JOIN search_asked a ON a.id = d.id "
            "WHERE d.no NOT IN (SELECT doc FROM search_lengths) ORDER BY d.no"
        ).fetchall()
        if fresh:
            _enter(connection, fresh)


def counted(title: str | None, text: str) -> tuple[int, dict[str, int]]:
    """The length of a document in words, and how often each word that is indexed stands in it, the title's counted `TITLE` times."""
    counts: Counter[str] = Counter()
    length = 0
    for part, times in ((title or "", TITLE), (text, 1)):
        for word in words(part):
            length += times
            if not word.common and len(word.folded) <= LONGEST:
                counts[word.folded] += times
    return length, counts


def _enter(connection: duckdb.DuckDBPyConnection, fresh: Sequence[tuple[int, str | None, str]]) -> None:
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE search_counted (doc UINTEGER, length UINTEGER, words VARCHAR[], counts UTINYINT[])"
    )
    insert(connection, "search_counted", _rows(fresh))
    connection.execute("INSERT INTO search_lengths SELECT doc, length FROM search_counted ORDER BY doc")
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE search_pairs AS SELECT doc, unnest(words) AS word, unnest(counts) AS count FROM search_counted"
    )
    new = connection.execute(
        "SELECT DISTINCT word FROM search_pairs WHERE word NOT IN (SELECT word FROM search_words) ORDER BY word"
    ).fetchall()
    first = connection.execute("SELECT coalesce(max(no) + 1, 0) FROM search_words").fetchone()
    start = first[0] if first else 0
    insert(connection, "search_words", ({"no": start + n, "word": word, "stem": stem(word)} for n, (word,) in enumerate(new)))
    connection.execute(
        "INSERT INTO search_postings SELECT w.no, p.doc, p.count FROM search_pairs p JOIN search_words w USING (word) ORDER BY 1, 2"
    )
    connection.execute("DROP TABLE search_pairs; DROP TABLE search_counted")


def _rows(fresh: Sequence[tuple[int, str | None, str]]) -> Iterator[dict[str, Any]]:
    for no, title, text in fresh:
        length, counts = counted(title, text)
        yield {
            "doc": no,
            "length": length,
            "words": list(counts),
            "counts": [min(count, MOST) for count in counts.values()],
        }
