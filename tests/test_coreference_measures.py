"""Coreference measures against worked examples from their papers, and the assignment behind CEAF."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.coreference import Coreference, best_pairs


def clusters(text: str) -> list[frozenset[str]]:
    """ "abc de" as two clusters."""
    return [frozenset(part) for part in text.split()]


# gold | found | MUC F1 | B³ F1 | CEAF_e F1
CASES = [
    ("abc de", "abc de", 1.0, 1.0, 1.0),
    # Bagga and Baldwin 1998: two errors that MUC cannot tell apart; joining the two large chains costs B³ more.
    ("12345 67 89ABC", "12345 6789ABC", 0.947, 0.865, None),
    ("12345 67 89ABC", "1234589ABC 67", 0.947, 0.737, None),
    ("ab", "a b", 0.0, 2 / 3, 4 / 9),
]


@pytest.mark.parametrize(("gold", "found", "muc", "b_cubed", "ceaf"), CASES)
def test_worked_examples(gold: str, found: str, muc: float, b_cubed: float, ceaf: float | None) -> None:
    measured = Coreference.empty()
    measured.add(clusters(gold), clusters(found))
    figures = measured.figures()
    assert figures["muc"] == pytest.approx(muc, abs=0.001)
    assert figures["b3"] == pytest.approx(b_cubed, abs=0.001)
    if ceaf is not None:
        assert figures["ceafe"] == pytest.approx(ceaf, abs=0.001)


@given(st.integers(1, 4), st.integers(1, 5), st.randoms(use_true_random=False))
def test_pairs_are_the_best(rows: int, columns: int, rng: object) -> None:
    table = np.array([[rng.randint(0, 9) for _ in range(columns)] for _ in range(rows)], float)  # type: ignore[attr-defined]
    found = sum(table[i, j] for i, j in best_pairs(table))
    few, many = min(rows, columns), max(rows, columns)
    wide = table if rows <= columns else table.T
    best = max(
        sum(wide[i, j] for i, j in zip(range(few), chosen, strict=True)) for chosen in itertools.permutations(range(many), few)
    )
    assert found == pytest.approx(best)
