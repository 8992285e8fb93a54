"""How far coders agree beyond chance: percent agreement, Cohen's kappa, Krippendorff's alpha, for categories without an order.

Sources: J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20 (1960) 37-46;
K. Krippendorff, "Computing Krippendorff's alpha-reliability" (2011), https://repository.upenn.edu/asc_papers/43.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

Unit = Mapping[str, Hashable]
"""What each coder said of one record; coders who did not judge it are left out."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A coefficient, the number of records that it rests on, and why it has no value where it has none."""

    value: float | None
    n: int
    note: str | None = None


NOTHING_IN_COMMON = "nobody judged a record that another judged"
NO_VARIATION = "only one answer was ever given, so that chance alone would give the same agreement"


def percent(units: Sequence[Unit], coders: Sequence[str]) -> Measure:
    """The part (0 to 1) of the pairs of answers to a record that are the same, over all pairs of these coders."""
    same = [unit[a] == unit[b] for unit in units for a, b in combinations(coders, 2) if a in unit and b in unit]
    n = sum(sum(coder in unit for coder in coders) > 1 for unit in units)
    return Measure(sum(same) / len(same), n) if same else Measure(None, 0, NOTHING_IN_COMMON)


def kappa(units: Sequence[Unit], coders: tuple[str, str]) -> Measure:
    """Cohen's kappa of two coders over the records that both judged: (observed - expected) / (1 - expected) agreement."""
    some, other = coders
    pairs = [(unit[some], unit[other]) for unit in units if some in unit and other in unit]
    n = len(pairs)
    if not n:
        return Measure(None, 0, NOTHING_IN_COMMON)
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    by_chance = sum(number * second[answer] for answer, number in first.items())  # times n squared
    if by_chance == n * n:
        return Measure(None, n, NO_VARIATION)
    same = sum(a == b for a, b in pairs)
    return Measure((n * same - by_chance) / (n * n - by_chance), n)


def alpha(units: Sequence[Unit], coders: Sequence[str]) -> Measure:
    """Krippendorff's alpha for nominal data, any number of coders, answers missing or not: 1 - observed / expected disagreement."""
    answers = [[unit[coder] for coder in coders if coder in unit] for unit in units]
    pairable = [Counter(given) for given in answers if len(given) > 1]
    if not pairable:
        return Measure(None, 0, NOTHING_IN_COMMON)
    total: Counter[Hashable] = Counter()
    observed = 0.0
    for unit in pairable:
        total += unit
        m = unit.total()
        observed += sum(number * (m - number) for number in unit.values()) / (m - 1)
    n = total.total()
    expected = sum(number * (n - number) for number in total.values()) / (n - 1)
    if not expected:
        return Measure(None, len(pairable), NO_VARIATION)
    return Measure(1 - observed / expected, len(pairable))
