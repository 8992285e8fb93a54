"""The words that a record rests on, in their text, each part of them labelled with its role.

The spans are the record's own. Its date and place are kept without a span, so the words that give them are looked for: an expression of
time that stands for the record's date, and the place's name, each in or nearest to the evidence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from melian.crisis.tellings import days
from melian.records import Event, Span, Statement
from melian.views.marks import CUE, ROLES, Mark, Piece, marked, spans_of

TIME, PLACE = "d", "l"
_PREDICATE = re.compile(r"model: \w+ at “([^”]+)”")
ROLE_NAMES = {**ROLES, TIME: "time", PLACE: "place"}
"""The letter of a role in classes of marks, and its name."""

MOST_TEXT = 400_000  # characters of a text that a page shows
_BEFORE, _AFTER = 6000, 600  # characters around the evidence that are searched for its date and place
_NEAR = 600  # how far from the evidence words for its date or place may stand


@dataclass(frozen=True, slots=True)
class Run:
    """A run of text under the same marks: the roles' letters, the names of roles that begin here, targets of links."""

    text: str
    roles: tuple[str, ...] = ()
    begins: tuple[tuple[str, str], ...] = ()
    anchors: tuple[str, ...] = ()


Paragraph = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Paragraphs around a record's words; whether text is left out before and after; the roles that are marked."""

    paragraphs: tuple[Paragraph, ...]
    cut_before: bool
    cut_after: bool
    roles: tuple[tuple[str, str], ...]


def excerpt(text: str, record: Event | Statement, published: str | None, around: int = 1) -> Excerpt:
    """The paragraphs with a record's words, and some around them.

    Args:
        text: the whole document's.
        record: with its spans.
        published: the document's ISO date, from which "Friday" counts.
        around: paragraphs before and after.
    """
    paragraphs = _runs(marked(text, marks_of(text, record, published)))
    main = {"e", "c"}
    holding = [n for n, paragraph in enumerate(paragraphs) if any(main & set(run.roles) for run in paragraph)]
    if not holding:
        return Excerpt(tuple(paragraphs[:3]), False, len(paragraphs) > 3, ())
    first, last = max(0, holding[0] - around), min(len(paragraphs), holding[-1] + around + 1)
    shown = tuple(paragraphs[first:last])
    letters = {letter for paragraph in shown for run in paragraph for letter in run.roles}
    roles = tuple((letter, name) for letter, name in ROLE_NAMES.items() if letter in letters)
    return Excerpt(shown, first > 0, last < len(paragraphs), roles)


def whole(text: str, records: Sequence[Event | Statement], chosen: Event | Statement | None, published: str | None) -> Excerpt:
    """A whole text: the chosen record with its roles, of the others their main spans only.

    Args:
        text: the document's.
        records: all that was read from it.
        chosen: the one to mark in full, if any.
        published: the document's ISO date.
    """
    marks = [
        Mark(span, number, role, record.id)
        for number, record in enumerate(records, start=1)
        if chosen is None or record.id != chosen.id
        for span, role in [(record.evidence, "x") if isinstance(record, Event) else (record.content, "y")]
    ]
    if chosen is not None:
        marks += marks_of(text, chosen, published)
    shown = _runs(marked(text[:MOST_TEXT], marks))
    letters = {letter for paragraph in shown for run in paragraph for letter in run.roles}
    roles = tuple((letter, name) for letter, name in ROLE_NAMES.items() if letter in letters)
    return Excerpt(tuple(shown), False, len(text) > MOST_TEXT, roles)


def marks_of(text: str, record: Event | Statement, published: str | None) -> list[Mark]:
    """All marks of a record, its time, place and cue among them, under the number 0."""
    main = record.evidence if isinstance(record, Event) else record.content
    marks = spans_of(record, 0, record.id or "")
    if isinstance(record, Event) and (cue := cue_span(text, main, record.why)):
        marks.append(Mark(cue, 0, CUE))
    if span := time_span(text, main, record.date, published):
        marks.append(Mark(span, 0, TIME))
    if span := place_span(text, main, record.place):
        marks.append(Mark(span, 0, PLACE))
    return marks


def cue_span(text: str, evidence: Span, why: Sequence[str]) -> Span | None:
    """The predicate that the coder read an event from, in its evidence; None where `why` names none, or it does not stand there.

    `why` names it in quotation marks: model: REQUEST at “insisted” 0.91.
    """
    for word in (found[1] for reason in why if (found := _PREDICATE.match(reason))):
        pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
        if there := pattern.search(text, *evidence):
            return there.span()
    return None


def time_span(text: str, evidence: Span, date: str | None, published: str | None) -> Span | None:
    """The words in or near the evidence that stand for a date; None where none do."""
    from melian.coding.dates import find_dates
    from melian.errors import DateError

    if date is None:
        return None
    start = max(0, evidence[0] - _BEFORE)
    try:
        found = find_dates(text[start : evidence[1] + _AFTER], published)
    except DateError:
        return None
    spans = [(m.span[0] + start, m.span[1] + start) for m in found if m.value and days(m.value) == days(date)]
    return _nearest(spans, evidence)


def place_span(text: str, evidence: Span, place: str | None) -> Span | None:
    """The place's name in or near the evidence; None where it does not stand there."""
    if not place:
        return None
    start = max(0, evidence[0] - _NEAR)
    pattern = re.compile(rf"(?<!\w){re.escape(place)}(?!\w)")
    spans = [(m.start() + start, m.end() + start) for m in pattern.finditer(text[start : evidence[1] + _NEAR])]
    return _nearest(spans, evidence)


def _nearest(spans: Sequence[Span], evidence: Span) -> Span | None:
    def distance(span: Span) -> int:
        return max(0, evidence[0] - span[1], span[0] - evidence[1])

    near = [span for span in spans if distance(span) <= _NEAR]
    return min(near, key=lambda span: (distance(span), span), default=None)


def _runs(paragraphs: Sequence[Sequence[Piece]]) -> list[Paragraph]:
    return [_paragraph(paragraph) for paragraph in paragraphs]


def _paragraph(pieces: Sequence[Piece]) -> Paragraph:
    found: list[Run] = []
    before: set[str] = set()
    for piece in pieces:
        letters = {role[-1] for role in piece.roles}
        ordered = tuple(letter for letter in (*ROLE_NAMES, "x", "y") if letter in letters)
        begins = tuple((letter, ROLE_NAMES[letter]) for letter in ordered if letter in ROLE_NAMES and letter not in before)
        found.append(Run(piece.text, ordered, begins, tuple(anchor for _, anchor in piece.anchors)))
        before = letters
    return tuple(found)
