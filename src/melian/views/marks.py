"""A document's text cut into pieces, so that any number of overlapping spans can be marked in it.

The text is cut wherever a span or a paragraph begins or ends. A piece knows every span that covers it, so a span that
crosses another, or a paragraph's end, is simply several pieces.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from melian.records import Actor, Event, Span, Statement

EVIDENCE, CONTENT, CONDITION, CUE, SOURCE, TARGET, SPEAKER, ABOUT = "e", "c", "i", "k", "s", "t", "p", "a"
ROLES = {
    EVIDENCE: "evidence",
    CONTENT: "content",
    CONDITION: "condition",
    CUE: "cue",
    SOURCE: "source",
    TARGET: "target",
    SPEAKER: "speaker",
    ABOUT: "about",
}
"""The letter of a role in the page's data, and its name."""

_BREAK = re.compile(r"\n[ \t\r]*\n\s*")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s*$")


@dataclass(frozen=True, slots=True)
class Mark:
    """A span of a record: the record's number on the page, the role's letter, and for its main span the link's target."""

    span: Span
    number: int
    role: str
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that the same spans cover: `roles` like ("3e", "3s"), `anchors` the (number, target) that begin here."""

    text: str
    roles: tuple[str, ...] = ()
    anchors: tuple[tuple[int, str], ...] = ()

    @property
    def look(self) -> str:
        """The letters of the roles, once each: what the piece looks like while nothing is chosen."""
        return " ".join(sorted({role[-1] for role in self.roles}))


def spans_of(record: Event | Statement, number: int, anchor: str) -> list[Mark]:
    """All spans that a record rests on, its main one first."""
    if isinstance(record, Event):
        actors = [(SOURCE, record.source), (TARGET, record.target)]
        marks = [Mark(record.evidence, number, EVIDENCE, anchor), *(Mark(span, number, EVIDENCE) for span in record.also)]
    else:
        actors = [(SPEAKER, record.speaker), (ABOUT, record.addressee + record.about)]
        marks = [Mark(record.content, number, CONTENT, anchor)]
        marks += [Mark(span, number, role) for role, span in ((CONDITION, record.condition), (CUE, record.cue)) if span]
    return marks + [Mark(span, number, role) for role, group in actors for span in _mentions(group)]


def _mentions(actors: Iterable[Actor]) -> list[Span]:
    return list(dict.fromkeys(actor.span for actor in actors if actor.span))


def marked(text: str, marks: Sequence[Mark]) -> list[list[Piece]]:
    """The text as paragraphs of pieces. Spans are cut to the text; empty ones and those outside it mark nothing."""
    size = len(text)
    inside = [
        (max(0, mark.span[0]), min(size, mark.span[1]), mark)
        for mark in marks
        if max(0, mark.span[0]) < min(size, mark.span[1])
    ]
    bounds = paragraphs(text)
    cuts = sorted({cut for start, end, _ in inside for cut in (start, end)} | {cut for bound in bounds for cut in bound})
    covers: dict[int, list[str]] = {}
    anchors: dict[int, list[tuple[int, str]]] = {}
    for start, end, mark in inside:
        for cut in cuts[bisect_left(cuts, start) : bisect_left(cuts, end)]:
            covers.setdefault(cut, []).append(f"{mark.number}{mark.role}")
        if mark.anchor:
            # a span that begins between paragraphs is linked where its first words stand
            first = next((max(start, bound[0]) for bound in bounds if bound[1] > start), start)
            anchors.setdefault(first, []).append((mark.number, mark.anchor))
    return [
        [
            Piece(text[start:end], tuple(dict.fromkeys(covers.get(start, ()))), tuple(anchors.get(start, ())))
            for start, end in pairwise(cuts[bisect_left(cuts, low) : bisect_right(cuts, high)])
        ]
        for low, high in bounds
    ]


def paragraphs(text: str) -> list[Span]:
    """Where the paragraphs stand. A hard-wrapped text breaks at blank lines and after a short line that ends a sentence;
    any other text breaks at each line."""
    lines = [line for line in text.split("\n") if line.strip()]
    width = median(len(line) for line in lines) if lines else 0
    wrapped = len(lines) > 2 and 45 <= width <= 100
    breaks = [match.span() for match in (_BREAK if wrapped else re.compile(r"\s*\n\s*")).finditer(text)]
    if wrapped:
        place = 0
        for line in text.split("\n"):
            place += len(line) + 1
            if 0 < len(line.strip()) < 0.8 * width and _SENTENCE_END.search(line) and place < len(text):
                breaks.append((place - 1, place))
    starts = [0, *(end for _, end in sorted(breaks))]
    ends = [*(start for start, _ in sorted(breaks)), len(text)]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if text[start:end].strip()]
