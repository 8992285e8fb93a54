"""Coreference measures over sets of mentions: MUC, B-cubed, CEAF (entity-based) and their mean, the CoNLL figure.

Clusters are lists of sets of spans. Sources: Vilain et al. 1995 (MUC), Bagga and Baldwin 1998 (B³), Luo 2005 (CEAF_e),
Pradhan et al. 2012 (their mean).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Cluster = frozenset[Hashable]


@dataclass(slots=True)
class Sums:
    """Numerators and denominators of precision and recall, summed over documents."""

    right_found: float = 0.0
    found: float = 0.0
    right_gold: float = 0.0
    gold: float = 0.0

    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        precision, recall = self.right_found / max(self.found, 1e-9), self.right_gold / max(self.gold, 1e-9)
        return 2 * precision * recall / max(precision + recall, 1e-9)


@dataclass(slots=True)
class Coreference:
    """The three measures over documents added one by one."""

    muc: Sums
    b_cubed: Sums
    ceaf: Sums

    @classmethod
    def empty(cls) -> Coreference:
        """Nothing counted yet."""
        return cls(Sums(), Sums(), Sums())

    def add(self, gold: Sequence[Cluster], found: Sequence[Cluster]) -> None:
        """Count one document."""
        for own, other, side in ((gold, found, "gold"), (found, gold, "found")):
            of = {m: n for n, cluster in enumerate(other) for m in cluster}
            links = sum(len(c) - len({of.get(m, ("alone", m)) for m in c}) for c in own)
            shared = sum(len(c & other[of[m]]) / len(c) for c in own for m in c if m in of)
            _add(self.muc, side, links, sum(len(c) - 1 for c in own))
            _add(self.b_cubed, side, shared, sum(map(len, own)))
        alike = 0.0
        if gold and found:
            table = np.array([[2 * len(a & b) / (len(a) + len(b)) for b in found] for a in gold])
            alike = float(sum(table[i, j] for i, j in best_pairs(table)))
        _add(self.ceaf, "gold", alike, len(gold))
        _add(self.ceaf, "found", alike, len(found))

    def figures(self) -> dict[str, float]:
        """F1 of each and the CoNLL mean."""
        out = {"muc": self.muc.f1(), "b3": self.b_cubed.f1(), "ceafe": self.ceaf.f1()}
        return {**out, "conll": sum(out.values()) / 3}


def _add(sums: Sums, side: str, right: float, total: float) -> None:
    if side == "gold":
        sums.right_gold += right
        sums.gold += total
    else:
        sums.right_found += right
        sums.found += total


def best_pairs(gains: NDArray[np.float64]) -> list[tuple[int, int]]:
    """One-to-one pairs (row, column) of the greatest total gain: the assignment problem by shortest augmenting paths."""
    if gains.shape[0] > gains.shape[1]:
        return [(i, j) for j, i in best_pairs(gains.T)]
    cost = gains.max() - gains
    rows, columns = cost.shape
    u, v = np.zeros(rows + 1), np.zeros(columns + 1)
    row_of = np.zeros(columns + 1, int)
    for i in range(1, rows + 1):
        row_of[0] = i
        least, before = np.full(columns + 1, np.inf), np.zeros(columns + 1, int)
        done = np.zeros(columns + 1, bool)
        at = 0
        while True:
            done[at] = True
            row = row_of[at]
            reduced = cost[row - 1] - u[row] - v[1:]
            better = ~done[1:] & (reduced < least[1:])
            least[1:][better] = reduced[better]
            before[1:][better] = at
            open_least = np.where(done[1:], np.inf, least[1:])
            following = int(open_least.argmin()) + 1
            step = open_least[following - 1]
            u[row_of[done]] += step
            v[done] -= step
            least[1:][~done[1:]] -= step
            at = following
            if row_of[at] == 0:
                break
        while at:
            row_of[at] = row_of[before[at]]
            at = int(before[at])
    return [(int(row_of[j]) - 1, j - 1) for j in range(1, columns + 1) if row_of[j]]
