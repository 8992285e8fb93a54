"""Who meets whom: two tellings are compared when they have a key in common.

A key is made of the family of the event's type, of a party on one side or of the place, and of a stretch of days. An event without a
date is taken for one of the week before its report; at the same place it may be older news, up to a month.

A telling of months ("in 2021", "since the autumn") would meet all of its time. It has keys of its words and its years instead, and so
meets tellings that have their own most telling words among its own.
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
SHORT = 62  # days up to which a telling has keys of stretches
LONG = 1100  # days up to which it has keys of all its years; one of more years has a key of the first, and meets its like only
_WORDS = 2  # most telling words by which a telling of a short time meets those of a long one


def keys(mark: Mapping[str, Any]) -> set[int]:
    """The keys of a telling, each a number of 32 bits; none where no day is known."""
    family = _family(mark["type"])
    return {zlib.crc32(f"{family}|{name}|{time}".encode()) for name, time in _names_and_times(mark)}


def _names_and_times(mark: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    first, last = mark["first"], mark["last"]
    if first is None:
        return
    short = last - first < SHORT
    words = sorted(mark["stems"], reverse=True)[: _WORDS if short else None]
    yield from ((f"word {word}", year) for word in words for year in _years(first, last))
    if not short:
        return
    yield from ((party, stretch) for party in _parties(mark) for stretch in _stretches(first, last))
    if mark["place"]:
        from_ = first if mark["dated"] else first - (FAR_BACK - LOOK_BACK)
        yield from ((f"at {mark['place']}", stretch) for stretch in _stretches(from_, last))


def _parties(mark: Mapping[str, Any]) -> set[str]:
    source, target = mark["source"], mark["target"]
    if mark["type"] in MUTUAL_TYPES:
        source = target = [*source, *target]
    return {f"by {party}" for party in source} | {f"to {party}" for party in target}


def _stretches(first: int, last: int) -> list[str]:
    return [str(stretch) for stretch in range(first // STRETCH, last // STRETCH + 1)]


def _years(first: int, last: int) -> list[str]:
    if last - first >= LONG:
        return [f"from year {first // 366}"]
    return [f"year {year}" for year in range(first // 366, last // 366 + 1)]


@cache
def _family(kind: str) -> str:
    return next((family for family, kinds in tables()["families"].items() if kind in kinds), kind)
