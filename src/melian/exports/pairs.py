"""Events between many parties as rows of two, for formats with one source and one target a row; and numbers for ids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from melian.codebook import MUTUAL_TYPES
from melian.exports.actor_codes import key
from melian.exports.rows import ExportedEvent
from melian.records import Actor, content_id

Pair = tuple[Actor | None, Actor | None]


def pairs(event: ExportedEvent) -> Sequence[Pair]:
    """The rows of two that an event stands for, each pair of principals once.

    A meeting of equals has a row each way, as ICEWS has it. A side that is not known is None. Several persons of one principal on one
    side count once, so that a delegation does not make many events of one.
    """
    sources, targets = _principals(event.source), _principals(event.target)
    mutual = event.type in MUTUAL_TYPES or (event.type, event.mode) == ("SUPPORT", "sign")
    if mutual and not targets and len(sources) > 1:
        return [(one, other) for one in sources for other in sources if one is not other]
    if not sources or not targets:
        alone: list[Pair] = [(one, None) for one in sources]
        return alone or [(None, other) for other in targets] or [(None, None)]
    found = [(one, other) for one in sources for other in targets if (key(one), one.sector) != (key(other), other.sector)]
    return found or [(sources[0], targets[0])]


def row_ids(event: ExportedEvent, rows: Sequence[Pair]) -> list[str]:
    """An id for each pair: the event's own where there is one, else one made of it and the two principals."""
    if len(rows) == 1:
        return [event.id[1:]]
    return [content_id(event.id, one and (key(one), one.sector), other and (key(other), other.sector)) for one, other in rows]


class Numbers:
    """Numbers of so many bits for ids of 64: their first bits, or the next number that is free.

    Args:
        bits: 31 for files that are read with 32-bit integers, 53 for those read with doubles.
    """

    def __init__(self, bits: int) -> None:
        self._bits = bits
        self._taken: set[int] = set()

    def number(self, id: str) -> int:
        """A number that no other id of this file has; 0 is none."""
        number = int(id, 16) >> (64 - self._bits)
        while number in self._taken or not number:
            number = (number + 1) % (1 << self._bits)
        self._taken.add(number)
        return number


def _principals(actors: tuple[Actor, ...]) -> list[Actor]:
    """The first actor of each principal."""
    found: dict[str, Actor] = {}
    for actor in actors:
        found.setdefault(key(actor), actor)
    return list(found.values())


def numbered(event: ExportedEvent, numbers: Numbers) -> Iterator[tuple[int, Actor | None, Actor | None]]:
    """The pairs of an event with their numbers."""
    rows = pairs(event)
    for id_, (one, other) in zip(row_ids(event, rows), rows, strict=True):
        yield numbers.number(id_), one, other
