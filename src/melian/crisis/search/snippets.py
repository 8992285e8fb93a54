"""The passages of a text that show best what was asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from melian.crisis.search.phrases import in_a_row
from melian.crisis.search.queries import Unit
from melian.crisis.search.words import Word, words
from melian.records import Span

WINDOW = 30
"""Words of a passage."""
MOST = 2
"""Passages of a text."""


class Snippet(msgspec.Struct, frozen=True):
    """A passage of a text; `span` and `marks` (what to highlight in it) are offsets into the text, `words` is the passage as it stands."""

    span: Span
    words: str
    marks: tuple[Span, ...]


_Found = tuple[int, int, Unit]  # first and last word (by place in the text) of what was found, and what it is


def marks(text: str, forms: Mapping[Unit, frozenset[str]]) -> tuple[Span, ...]:
    """Where a text has what was asked for, in order."""
    parts = list(words(text))
    return _spans(parts, _found(parts, forms))


def snippets(text: str, forms: Mapping[Unit, frozenset[str]], weights: Mapping[Unit, float]) -> tuple[Snippet, ...]:
    """The best passages of a text, in order: the one with the most telling of what was asked for, and another where it adds something.

    Args:
        text: of the document.
        forms: for each unit the (folded) words that it stands for.
        weights: for each unit how telling it is.

    Returns:
        Nothing for a text without words; its beginning if none of the units stand in it.
    """
    parts = list(words(text))
    if not parts:
        return ()
    found = _found(parts, forms)
    chosen: list[tuple[int, int]] = []
    shown: set[Unit] = set()
    while found and len(chosen) < MOST:
        best = _best(found, weights, shown)
        inside = [each for each in found if best <= each[0] and each[1] < best + WINDOW]
        if chosen and {unit for _, _, unit in inside} <= shown:
            break
        shown |= {unit for _, _, unit in inside}
        last = max((each[1] for each in inside), default=best)
        start = max(0, min(best - (WINDOW - (last - best) - 1) // 2, len(parts) - WINDOW))
        stop = min(len(parts), max(start + WINDOW, last + 1))
        chosen.append((start, stop))
        found = [each for each in found if each[1] < start or each[0] >= stop]
    every = _found(parts, forms)
    return tuple(_snippet(text, parts, start, stop, every) for start, stop in _apart(chosen or [(0, min(WINDOW, len(parts)))]))


def _found(parts: Sequence[Word], forms: Mapping[Unit, frozenset[str]]) -> list[_Found]:
    folded = [part.folded for part in parts]
    found: list[_Found] = []
    for unit, known in forms.items():
        if len(unit.words) > 1:
            found += [(place, place + len(unit.words) - 1, unit) for place in in_a_row(folded, unit.words)]
        else:
            found += [(place, place, unit) for place, part in enumerate(parts) if part.folded in known and not part.common]
    return sorted(found, key=lambda each: each[:2])


def _best(found: Sequence[_Found], weights: Mapping[Unit, float], shown: set[Unit]) -> int:
    """The first word of the window that shows most: what is not shown yet, then what is telling, then how much of it."""

    def worth(start: int) -> tuple[float, float, int, int]:
        inside = [unit for first, last, unit in found if start <= first and last < start + WINDOW]
        distinct = dict.fromkeys(inside)
        new = sum(weights[unit] for unit in distinct if unit not in shown)
        return new, sum(weights[unit] for unit in distinct), len(inside), -start

    return max((first for first, _, _ in found), key=worth)


def _apart(windows: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Windows in order, those that meet made one."""
    joined: list[tuple[int, int]] = []
    for start, stop in sorted(windows):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(stop, joined[-1][1])
        else:
            joined.append((start, stop))
    return joined


def _snippet(text: str, parts: Sequence[Word], start: int, stop: int, found: Sequence[_Found]) -> Snippet:
    inside = [each for each in found if start <= each[0] and each[1] < stop]
    begin, end = parts[start].start, parts[stop - 1].stop
    # What closes a sentence or a quotation belongs to its last word.
    while end < len(text) and text[end] in ".,;:!?\"”’'»)":
        end += 1
    return Snippet((begin, end), text[begin:end], _spans(parts, inside))


def _spans(parts: Sequence[Word], found: Sequence[_Found]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for first, last, _ in found:
        start, stop = parts[first].start, parts[last].stop
        if spans and start < spans[-1][1]:
            spans[-1] = spans[-1][0], max(stop, spans[-1][1])
        else:
            spans.append((start, stop))
    return tuple(spans)
