"""Who meets whom: two tellings are compared when they have a key in common.

A key is made of the family of the event's type, of a party on one side, the place or one of the most telling words, and of a stretch
of days. An event without a date is taken for one of the week before its report; at the same place it may be older news, up to a month.

A telling of months ("in 2021", "since the autumn") would meet all of its time. It is kept by its words and its years instead, and so
meets tellings of its kind with a word in common, and those of a short time that have a most telling word among its own.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from melian.codebook import MUTUAL_TYPES
from melian.crisis.incidents.marks import LOOK_BACK, tables

FAR_BACK = 30  # days before a report from which it may retell what happened at the same place, without a date
STRETCH = 8  # days
SHORT = 62  # days up to which a telling is kept by stretches
LONG = 1100  # days up to which it is kept by all its years; one of more years by the first, and meets its like only
_MOST = 1 << 22  # keys; few enough to take little room, and what two of one number bring together is told apart by its days
_WORDS = 1  # most telling words of a telling of a short time

Named = Iterator[tuple[str, str]]


def kept_under(mark: Mapping[str, Any]) -> set[int]:
    """The keys under which a telling is found by others, each a number of 22 bits; none where no day is known."""
    if mark["first"] is None:
        return set()
    return _numbers(mark, _lasting(mark) if _length(mark) > SHORT else _short(mark))


def looked_up(mark: Mapping[str, Any]) -> set[int]:
    """The keys by which a telling finds others: those of its own kind, and those by which it meets the other."""
    if mark["first"] is None:
        return set()
    found = _numbers(mark, _lasting(mark))
    if _length(mark) <= LONG:
        found |= _numbers(mark, _short(mark) if _length(mark) <= SHORT else _by_words(mark, mark["stems"]))
    return found


def _length(mark: Mapping[str, Any]) -> int:
    return int(mark["last"] - mark["first"]) + 1


def _short(mark: Mapping[str, Any]) -> Named:
    """Names and stretches of a telling of a short time."""
    first, last = mark["first"], mark["last"]
    yield from ((party, stretch) for party in _parties(mark) for stretch in _stretches(first, last))
    yield from _by_words(mark, _telling(mark))
    if mark["place"]:
        from_ = first if mark["dated"] else first - (FAR_BACK - LOOK_BACK)
        yield from ((f"at {mark['place']}", stretch) for stretch in _stretches(from_, last))


def _by_words(mark: Mapping[str, Any], words: list[int]) -> Named:
    yield from ((f"word {word}", stretch) for stretch in _stretches(mark["first"], mark["last"]) for word in words)


def _lasting(mark: Mapping[str, Any]) -> Named:
    """Words and years by which tellings of months are kept and found."""
    first, last = mark["first"], mark["last"]
    words = _telling(mark) if _length(mark) <= SHORT else mark["stems"]
    if _length(mark) > LONG:
        yield from ((f"lasting {word}", f"from {first // 366}") for word in words)
    else:
        yield from ((f"lasting {word}", str(year)) for year in range(first // 366, last // 366 + 1) for word in words)


def _telling(mark: Mapping[str, Any]) -> list[int]:
    return sorted(mark["stems"], reverse=True)[:_WORDS]


def _parties(mark: Mapping[str, Any]) -> set[str]:
    source, target = mark["source"], mark["target"]
    if mark["type"] in MUTUAL_TYPES:
        source = target = [*source, *target]
    return {f"by {party}" for party in source} | {f"to {party}" for party in target}


def _stretches(first: int, last: int) -> list[str]:
    return [str(stretch) for stretch in range(first // STRETCH, last // STRETCH + 1)]


def _numbers(mark: Mapping[str, Any], named: Named) -> set[int]:
    family = _family(mark["type"])
    return {zlib.crc32(f"{family}|{name}|{time}".encode()) % _MOST for name, time in named}


@cache
def _family(kind: str) -> str:
    return next((family for family, kinds in tables()["families"].items() if kind in kinds), kind)
