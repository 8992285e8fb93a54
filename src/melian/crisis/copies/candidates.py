"""Which pairs of texts are worth comparing: those of nearby days that share fingerprints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import duckdb

from melian.crisis.copies.likeness import DAYS
from melian.crisis.record.bulk import ids_table

LEAST_SHARED = 0.15
"""Share of the fewer fingerprints of two that both have. Copies share about half of them and more; two reports about one
happening, with the same names and offices, a few of each hundred."""
_AT_ONCE = 250  # texts whose pairs are counted in one go, so that memory does not grow with a batch

# Texts meet only within a bucket of so many days or the next one, so that a phrase that an outlet prints every day for years does not
# bring all its reports together.
_BUCKET = DAYS + 1
_PAIRS = f"""
WITH asked AS (
    SELECT p.text, p.day, p.print, epoch_ms(p.day) // 86400000 // {_BUCKET} AS bucket
    FROM copy_prints p SEMI JOIN copies_some s ON s.id = p.text
), kept AS (
    SELECT text, day, print, epoch_ms(day) // 86400000 // {_BUCKET} AS bucket FROM copy_prints
), met AS (
    SELECT a.text AS one, k.text AS other
    FROM (SELECT text, day, print, bucket + unnest([-1, 0, 1]) AS bucket FROM asked WHERE day IS NOT NULL) a
    JOIN kept k ON k.print = a.print AND k.bucket = a.bucket AND abs(k.day - a.day) <= {DAYS} AND k.text <> a.text
    UNION ALL
    SELECT a.text, k.text FROM asked a JOIN kept k ON k.print = a.print AND k.text <> a.text WHERE a.day IS NULL
    UNION ALL
    SELECT a.text, k.text FROM asked a JOIN kept k ON k.print = a.print WHERE a.day IS NOT NULL AND k.day IS NULL
), shared AS (
    SELECT one, other, count(*) AS number FROM met GROUP BY ALL
), sizes AS (
    SELECT text, any_value(prints) AS prints FROM copy_texts
    WHERE text IN (SELECT one FROM shared UNION ALL SELECT other FROM shared) GROUP BY text
)
SELECT one, other FROM shared JOIN sizes a ON a.text = one JOIN sizes b ON b.text = other
WHERE number >= {LEAST_SHARED} * least(a.prints, b.prints)
AND (one < other OR other NOT IN (SELECT id FROM copies_seeds))
ORDER BY one, other
"""


def candidates(connection: duckdb.DuckDBPyConnection, texts: Iterable[int]) -> Iterator[list[tuple[int, int]]]:
    """Pairs of texts, each with one of `texts` first, that may be copies; some at a time, each once.

    Whether two texts are a pair depends on nothing but the two.

    Args:
        connection: open for writing (temporary tables).
        texts: ids of texts as in `copy_texts`, whose fingerprints are in the tables.
    """
    wanted = sorted(set(texts))
    ids_table(connection, "copies_seeds", wanted)
    for start in range(0, len(wanted), _AT_ONCE):
        ids_table(connection, "copies_some", wanted[start : start + _AT_ONCE])
        yield connection.execute(_PAIRS).fetchall()
