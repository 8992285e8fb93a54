"""Which tellings are one happening, from how alike they are two by two: average linkage, with what people have said before all.

Groups are merged, the two most alike on average first, as long as that average is not below a threshold; a pair that is not known
counts as not alike at all, and tellings of different times are not counted. Ties go to the tellings that come first, and likeness is
in whole percent, so that the outcome depends on the tellings alone. Joined tellings start out as one group; parted ones never share one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Pair = tuple[int, int]
Numbers = NDArray[np.int64]
MOST = 3000  # tellings that are clustered at once; where more hang together, only the likelier pairs count
_COMPARED = 0  # least time of a telling that is compared


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of tellings by their numbers, with their likeness in percent; each pair once."""

    first: Numbers
    second: Numbers
    percent: Numbers

    def among(self, chosen: NDArray[np.bool_] | Numbers) -> Pairs:
        """Some of the pairs, by a mask or by their places."""
        return Pairs(self.first[chosen], self.second[chosen], self.percent[chosen])


def clusters(times: Numbers, pairs: Pairs, joined: Sequence[Pair], parted: Sequence[Pair], joins: int) -> Numbers:
    """For each telling the first one of its group.

    Args:
        times: for each telling a number for the time that it is taken to speak of; below zero for one that is not compared, but goes
            with what it is joined to. Tellings are named by their places here.
        pairs: what is known of likeness.
        joined: pairs that are one; one that would bring parted tellings together, by itself or through others, is passed over.
        parted: pairs that are not one.
        joins: least average likeness in percent.
    """
    links = sorted({(min(pair), max(pair)) for pair in joined})
    apart: dict[int, set[int]] = defaultdict(set)
    for some, other in parted:
        apart[some].add(other)
        apart[other].add(some)
    comparable = (times[pairs.first] == times[pairs.second]) & (times[pairs.first] >= _COMPARED)
    if apart:
        comparable &= np.array(
            [b not in apart.get(a, ()) for a, b in zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)], bool
        )
    pairs = pairs.among(comparable)
    home = np.arange(len(times))
    for members, inner, inner_links in _parts(len(times), pairs, links, joins):
        live = np.count_nonzero(inner.percent >= joins)
        said = apart.keys() & set(members.tolist())
        if len(members) > MOST or (not said and live == len(members) * (len(members) - 1) // 2):
            # All alike, so that they end as one whatever is merged first; or as good as all, and too many to look at two by two.
            rest = members[~np.isin(members, list(said))]
            home[rest] = rest[:1]
            continue
        table = _Table(members, times, inner, apart)
        for pair in inner_links:
            table.link(*pair)
        table.merge_likest(joins)
        for group in table.groups:
            if group:
                home[group] = min(group)
    return home


def _parts(count: int, pairs: Pairs, links: Sequence[Pair], joins: int) -> Iterator[tuple[Numbers, Pairs, list[Pair]]]:
    """Tellings that hang together, with the pairs and links between them. Those that hang together with nothing are left out."""
    part = _labels(count, pairs, links, joins)
    inner = pairs.among(part[pairs.first] == part[pairs.second])
    inner = inner.among(np.argsort(part[inner.first], kind="stable"))
    owner = part[inner.first]
    links_of: dict[int, list[Pair]] = defaultdict(list)
    for some, other in links:
        if part[some] == part[other]:
            links_of[int(part[some])].append((some, other))
    order = np.argsort(part, kind="stable")
    numbers, starts, sizes = np.unique(part[order], return_index=True, return_counts=True)
    lows, highs = np.searchsorted(owner, numbers, "left"), np.searchsorted(owner, numbers, "right")
    for place in np.flatnonzero(sizes > 1).tolist():
        start, number = starts[place], int(numbers[place])
        found = inner.among(np.arange(lows[place], highs[place]))
        yield order[start : start + sizes[place]], found, links_of[number]


def _labels(count: int, pairs: Pairs, links: Sequence[Pair], least: int) -> Numbers:
    """For each telling the first one that it hangs together with by pairs of at least some likeness, or by links; where they are too
    many, by a higher likeness."""
    part = _connected(count, pairs.among(pairs.percent >= least), links)
    numbers, sizes = np.unique(part, return_counts=True)
    for number in numbers[sizes > MOST] if least < 100 else ():
        inside = part == number
        tied = [pair for pair in links if inside[pair[0]] and inside[pair[1]]]
        part[inside] = _labels(count, pairs.among(inside[pairs.first] & inside[pairs.second]), tied, least + 5)[inside]
    return part


def _connected(count: int, pairs: Pairs, links: Sequence[Pair]) -> Numbers:
    """For each telling the first one that it hangs together with."""
    first = np.concatenate([pairs.first, np.array([a for a, _ in links], dtype=np.int64)])
    second = np.concatenate([pairs.second, np.array([b for _, b in links], dtype=np.int64)])
    label = np.arange(count)
    while True:
        before = label.copy()
        low = np.minimum(label[first], label[second])
        np.minimum.at(label, first, low)
        np.minimum.at(label, second, low)
        label = label[label]
        if np.array_equal(label, before):
            return label


class _Table:
    """Groups with the sums of likeness between them, and the numbers of pairs that these are sums of."""

    def __init__(self, members: Numbers, times: Numbers, pairs: Pairs, apart: Mapping[int, set[int]]) -> None:
        size = len(members)
        self.groups = [[member] for member in members.tolist()]
        self._home = {member: place for place, member in enumerate(members.tolist())}
        own = times[members]
        self._count = ((own[:, None] == own) & (own >= _COMPARED)).astype(np.float64)
        self._total = np.zeros((size, size))
        first, second = np.searchsorted(members, pairs.first), np.searchsorted(members, pairs.second)
        self._total[first, second] = self._total[second, first] = pairs.percent
        self._forbidden = np.eye(size, dtype=bool)
        for member, place in self._home.items():
            for other in apart.get(member, ()):
                if other in self._home:
                    self._forbidden[place, self._home[other]] = True

    def link(self, some: int, other: int) -> None:
        """Put the groups of two tellings together, unless that brings parted ones together."""
        one, two = self._home[some], self._home[other]
        if one != two and not self._forbidden[one, two]:
            self.merge(min(one, two), max(one, two))

    def merge_likest(self, joins: int) -> None:
        """Merge groups that are each other's likest, until none are alike enough."""
        open_ = [place for place, group in enumerate(self.groups) if group][::-1]
        chain: list[int] = []
        while open_ or chain:
            if not chain:
                chain.append(open_.pop())
                if not self.groups[chain[0]]:
                    chain.pop()
                    continue
            last = chain[-1]
            mean = self._means(last)
            best = int(mean.argmax())
            if len(chain) > 1 and mean[chain[-2]] == mean[best]:
                best = chain[-2]
            if mean[best] < joins:
                chain.pop()  # likeness to it can only fall when others are merged
            elif len(chain) > 1 and best == chain[-2]:
                del chain[-2:]
                self.merge(min(last, best), max(last, best))
                open_.append(min(last, best))
            else:
                chain.append(best)

    def _means(self, place: int) -> NDArray[np.float64]:
        count = self._count[place]
        mean: NDArray[np.float64] = np.divide(self._total[place], count, out=np.zeros_like(count), where=count > 0)
        mean[self._forbidden[place]] = 0
        return mean

    def merge(self, low: int, high: int) -> None:
        """Put the second group into the first."""
        for table in (self._total, self._count):
            table[low] += table[high]
            table[:, low] += table[:, high]
            table[high] = table[:, high] = 0
        self._forbidden[low] |= self._forbidden[high]
        self._forbidden[:, low] |= self._forbidden[:, high]
        self._forbidden[low, low] = True
        for member in self.groups[high]:
            self._home[member] = low
        self.groups[low] += self.groups[high]
        self.groups[high] = []
