"""Which documents match a question, and how well.

The postings of the words asked for are laid out as one count per document and unit; what must occur is worked out on these, and
BM25 (Robertson and Zaragoza 2009, The probabilistic relevance framework: BM25 and beyond) gives the score. Nothing here depends on
the order in which documents came.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

import duckdb
import numpy as np
from numpy.typing import NDArray

from melian.crisis.search.queries import Query, Unit
from melian.crisis.search.words import stem

K1, B = 1.2, 0.75
"""How soon more of a word stops counting, and how much length is held against a document; the usual values."""

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """Documents that match as far as the index knows.

    Attributes:
        documents: their `documents.no`, ascending.
        scores: BM25, one each.
        forms: for each unit the words of the index that it stands for.
        weights: for each unit how telling it is (inverse document frequency).
    """

    documents: NDArray[np.int64]
    scores: NDArray[np.float64]
    forms: dict[Unit, frozenset[str]]
    weights: dict[Unit, float]


def match(connection: duckdb.DuckDBPyConnection, query: Query) -> Matches:
    """Match a question against the index. A phrase matches where its words occur; that they stand in a row is for `phrases`."""
    lengths = _lengths(connection)
    known = _forms(connection, [*query.units, *query.without])
    counts = _counts(connection, known, len(lengths))
    number, mean = int(np.count_nonzero(lengths)), lengths.sum() / max(1, np.count_nonzero(lengths))
    scores = np.zeros(len(lengths))
    weights: dict[Unit, float] = {}
    for unit in dict.fromkeys(query.units):
        for term in _terms(unit):
            frequency = counts[term]
            with_it = int(np.count_nonzero(frequency))
            weight = log(1 + (number - with_it + 0.5) / (with_it + 0.5))
            scores += weight * frequency * (K1 + 1) / (frequency + K1 * (1 - B + B * lengths / max(mean, 1)))
            weights[unit] = weights.get(unit, 0.0) + weight
    holds = np.ones(len(lengths), bool)
    for group in query.groups:
        holds &= np.any([_occurs(unit, counts) for unit in group], axis=0)
    for unit in query.without:
        if len(unit.words) == 1:
            holds &= ~_occurs(unit, counts)
    documents = np.flatnonzero(holds)
    forms = {unit: frozenset().union(*(known[term].values() for term in _terms(unit))) for unit in query.units}
    return Matches(documents, scores[documents], forms, weights)


def unknown(connection: duckdb.DuckDBPyConnection, units: Iterable[Unit]) -> list[Unit]:
    """The units with a word that stands in no document."""
    asked = list(units)
    known = _forms(connection, asked)
    return [unit for unit in asked if not all(known[term] for term in _terms(unit))]


_Term = tuple[str, str]  # how a word is asked for ("stem", "word", "prefix") and by what


def _terms(unit: Unit) -> list[_Term]:
    if unit.kind == "word":
        return [("stem", stem(unit.indexed[0]))]
    if unit.kind == "prefix":
        return [("prefix", unit.indexed[0])]
    return [("word", word) for word in dict.fromkeys(unit.indexed)]


def _occurs(unit: Unit, counts: dict[_Term, Counts]) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = np.all([counts[term] > 0 for term in _terms(unit)], axis=0)
    return found


def _lengths(connection: duckdb.DuckDBPyConnection) -> Counts:
    """Words of each document, by number; 0 where there is none."""
    found = connection.execute("SELECT doc, length FROM search_lengths").fetchnumpy()
    lengths = np.zeros(int(found["doc"].max()) + 1 if len(found["doc"]) else 0, np.int64)
    lengths[found["doc"]] = found["length"]
    return lengths


def _forms(connection: duckdb.DuckDBPyConnection, units: Sequence[Unit]) -> dict[_Term, dict[int, str]]:
    """The words of the index that each term stands for, by their numbers."""
    known: dict[_Term, dict[int, str]] = {term: {} for unit in units for term in _terms(unit)}
    asked = {kind: [value for each, value in known if each == kind] for kind in ("stem", "word", "prefix")}
    rows = connection.execute(
        "SELECT no, word, stem FROM search_words WHERE list_contains(?, stem) OR list_contains(?, word) "
        "OR len(list_filter(?, lambda p: starts_with(word, p))) > 0",
        [asked["stem"], asked["word"], asked["prefix"]],
    ).fetchall()
    for no, word, root in rows:
        for kind, value in known:
            if value == (root if kind == "stem" else word) or (kind == "prefix" and word.startswith(value)):
                known[kind, value][no] = word
    return known


def _counts(connection: duckdb.DuckDBPyConnection, known: dict[_Term, dict[int, str]], size: int) -> dict[_Term, Counts]:
    """How often each term occurs in each document, by number."""
    wanted = sorted({no for forms in known.values() for no in forms})
    found = connection.execute(
        "SELECT word, doc, count FROM search_postings WHERE word IN (SELECT unnest(?::UINTEGER[]))", [wanted]
    ).fetchnumpy()
    counts: dict[_Term, Counts] = {}
    for term, forms in known.items():
        of_term = np.isin(found["word"], np.fromiter(forms, np.uint32, len(forms)))
        weights = found["count"][of_term]
        counts[term] = np.bincount(found["doc"][of_term], weights, size).astype(np.int64)
    return counts
