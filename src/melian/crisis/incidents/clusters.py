"""Which tellings are one happening, from how alike they are two by two: average linkage, with what people have said before all.

Groups are merged, the two most alike on average first, as long as that average is not below a threshold; a pair that is not known
counts as not alike at all, and tellings of different times are not counted. Ties go to the lower ids, and likeness is in whole
percent, so that the outcome depends on the tellings alone. Joined tellings start out as one group; parted ones never share a group.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

Pair = tuple[int, int]
MOST = 600  # tellings that are clustered at once; where more hang together, only the likelier pairs count


@dataclass(frozen=True, slots=True)
class Told:
    """A telling to be clustered.

    Attributes:
        event: its event id.
        time: what it is taken to speak of (first and last day); None for one that is not compared, but goes with what it is joined to.
    """

    event: int
    time: Pair | None


def clusters(
    told: Iterable[Told], likeness: Mapping[Pair, int], joined: Iterable[Pair], parted: Iterable[Pair], joins: int
) -> list[list[int]]:
    """The groups of tellings that are one happening, each in order of event ids.

    Args:
        told: all tellings.
        likeness: percent by pairs of event ids, the lower first.
        joined: pairs that are one; one that would bring parted tellings together, by itself or through others, is passed over.
        parted: pairs that are not one.
        joins: least average likeness in percent.
    """
    times = {each.event: each.time for each in told}
    apart: dict[int, set[int]] = defaultdict(set)
    for some, other in parted:
        apart[some].add(other)
        apart[other].add(some)
    links = sorted({_ordered(*pair) for pair in joined if pair[0] in times and pair[1] in times})
    pairs = {
        (some, other): percent
        for (some, other), percent in likeness.items()
        if times[some] is not None and times[some] == times[other] and other not in apart[some]
    }
    parts = list(_connected(sorted(times), pairs, links, joins))
    part_of = {event: number for number, part in enumerate(parts) for event in part}
    links_of, pairs_of = _by_part(links, part_of), _by_part(pairs, part_of)
    return sorted(
        sorted(group)
        for number, part in enumerate(parts)
        for group in _grouped(part, times, {pair: pairs[pair] for pair in pairs_of[number]}, links_of[number], apart, joins)
    )


def _ordered(one: int, two: int) -> Pair:
    return (one, two) if one < two else (two, one)


def _by_part(pairs: Iterable[Pair], part_of: Mapping[int, int]) -> dict[int, list[Pair]]:
    found: dict[int, list[Pair]] = defaultdict(list)
    for some, other in pairs:
        if part_of[some] == part_of[other]:
            found[part_of[some]].append((some, other))
    return found


def _connected(events: Sequence[int], likeness: Mapping[Pair, int], links: Sequence[Pair], least: int) -> Iterator[list[int]]:
    """Tellings that hang together by pairs of at least some likeness, or by links; where they are too many, by a higher one."""
    root = {event: event for event in events}

    def find(event: int) -> int:
        while root[event] != event:
            root[event] = root[root[event]]
            event = root[event]
        return event

    for some, other in (*links, *(pair for pair, percent in likeness.items() if percent >= least)):
        low, high = _ordered(find(some), find(other))
        root[high] = low
    parts: dict[int, list[int]] = defaultdict(list)
    for event in events:
        parts[find(event)].append(event)
    for part in parts.values():
        if len(part) <= MOST or least > 100:
            yield part
        else:
            inside = set(part)
            inner = {pair: percent for pair, percent in likeness.items() if inside.issuperset(pair)}
            yield from _connected(part, inner, [pair for pair in links if inside.issuperset(pair)], least + 5)


def _grouped(
    part: Sequence[int],
    times: Mapping[int, Pair | None],
    likeness: Mapping[Pair, int],
    links: Sequence[Pair],
    apart: Mapping[int, set[int]],
    joins: int,
) -> list[list[int]]:
    """Average linkage over one part."""
    if len(part) == 1:
        return [list(part)]
    table = _Table(part, times, likeness, apart)
    for some, other in links:
        table.link(some, other)
    while (pair := table.likest(joins)) is not None:
        table.merge(*pair)
    return [group for group in table.groups if group]


class _Table:
    """Groups with the sums of likeness between them, and the numbers of pairs that these are sums of."""

    def __init__(
        self,
        part: Sequence[int],
        times: Mapping[int, Pair | None],
        likeness: Mapping[Pair, int],
        apart: Mapping[int, set[int]],
    ) -> None:
        size = len(part)
        place = {event: number for number, event in enumerate(part)}
        self.groups = [[event] for event in part]
        self._home = place
        self._total, self._count = np.zeros((size, size)), np.zeros((size, size))
        self._forbidden = np.eye(size, dtype=bool)
        by_time: dict[Pair, list[int]] = defaultdict(list)
        for event, number in place.items():
            if (time := times[event]) is not None:
                by_time[time].append(number)
            for other in apart.get(event, ()):
                if other in place:
                    self._forbidden[number, place[other]] = True
        for members in by_time.values():
            self._count[np.ix_(members, members)] = 1
        for (some, other), percent in likeness.items():
            self._total[place[some], place[other]] = self._total[place[other], place[some]] = percent

    def link(self, some: int, other: int) -> None:
        """Put the groups of two tellings together, unless that brings parted ones together."""
        one, two = self._home[some], self._home[other]
        if one != two and not self._forbidden[one, two]:
            self.merge(*_ordered(one, two))

    def likest(self, joins: int) -> Pair | None:
        """The two groups that are most alike on average, if that is enough."""
        mean = np.divide(self._total, self._count, out=np.zeros_like(self._total), where=self._count > 0)
        mean[self._forbidden] = 0
        one, two = divmod(int(mean.argmax()), len(mean))
        return _ordered(one, two) if mean[one, two] >= joins else None

    def merge(self, low: int, high: int) -> None:
        """Put the second group into the first."""
        for table in (self._total, self._count):
            table[low] += table[high]
            table[:, low] += table[:, high]
            table[high] = table[:, high] = 0
        self._forbidden[low] |= self._forbidden[high]
        self._forbidden[:, low] |= self._forbidden[:, high]
        self._forbidden[low, low] = True
        for event in self.groups[high]:
            self._home[event] = low
        self.groups[low] += self.groups[high]
        self.groups[high] = []
