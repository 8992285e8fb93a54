"""Exact spans: cutting tag sequences into spans and counting those that gold and prediction share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field

Labelled = tuple[int, int, str]


def joined_words(words: Sequence[str]) -> tuple[str, list[tuple[int, int]]]:
    """Given words joined by single spaces, and the character span of each."""
    spans, at = [], 0
    for word in words:
        spans.append((at, at + len(word)))
        at += len(word) + 1
    return " ".join(words), spans


def cut(tags: Sequence[str]) -> set[Labelled]:
    """Spans `(first, last, label)`, last exclusive, of BIO tags; an `I` that continues nothing begins a span."""
    spans: set[Labelled] = set()
    start, label = 0, ""
    for i, tag in enumerate([*tags, "O"]):
        kind = tag[2:]
        if label and (not tag.startswith("I") or kind != label):
            spans.add((start, i, label))
            label = ""
        if kind and not label:
            start, label = i, kind
    return spans


@dataclass(slots=True)
class Tally:
    """Counts of spans by label."""

    gold: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)

    def add(self, gold: Iterable[tuple[Hashable, ...]], found: Iterable[tuple[Hashable, ...]]) -> None:
        """Count one document; the last part of each item is its label."""
        gold, found = Counter(gold), Counter(found)
        for counts, items in ((self.gold, gold), (self.found, found), (self.right, gold & found)):
            for item, number in items.items():
                counts[str(item[-1])] += number

    def figures(self, label: str | None = None) -> tuple[float, float, float]:
        """Precision, recall and F1 of a label, or of all together."""
        gold, found, right = (c[label] if label else sum(c.values()) for c in (self.gold, self.found, self.right))
        return right / max(found, 1), right / max(gold, 1), 2 * right / max(gold + found, 1)

    def row(self, label: str | None = None) -> list[str]:
        """The figures as a table shows them."""
        return [f"{value:.3f}" for value in self.figures(label)]
