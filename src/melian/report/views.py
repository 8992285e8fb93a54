"""What the page shows, as plain rows: the parties, the speakers, the ledger's entries and the sources."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from melian.crisis.entries import Demand, Denial, Entry, Evidence, Ledger, Offer, Prediction, RedLine, Shift
from melian.crisis.tellings import Telling, principals, squeeze
from melian.records import Actor, CodedDocument, Document, Event, Statement, content_id
from melian.report.timeline import Happening
from melian.views.marks import Mark, Piece, marked, spans_of
from melian.views.wording import (
    capital,
    counted,
    date_words,
    event_line,
    is_person,
    parties,
    party_name,
    people,
    quantity_words,
    quoted,
    statement_line,
    table,
)

_WEB = re.compile(r"https?://[^\s<>\"']+$", re.IGNORECASE)
AnyEntry = Demand | Offer | RedLine | Prediction | Denial | Shift
_DATED_BY = {"dateline": "dated by its dateline", "text": "dated by its text"}
MOST_PEOPLE = 5  # of a party, in its row


@dataclass(frozen=True, slots=True)
class Party:
    """A party's row: its people with office, the happenings it did and received, split by kind, and what it said."""

    name: str
    people: tuple[tuple[str, str | None], ...]
    more_people: int
    as_source: int
    as_target: int
    cooperation: int
    conflict: int
    statements: int


def party_rows(found: Sequence[Happening], told: Sequence[Telling]) -> tuple[Party, ...]:
    """Every party with a part in what is told as fact or said, the busiest first. A happening counts once, in however
    many reports it is told."""
    source, target, cooperation, conflict, said = Counter[str](), Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for happening in found:
        if happening.event.realis != "actual":
            continue
        doers, others = principals(happening.event.source), principals(happening.event.target)
        source.update(doers)
        target.update(others)
        (conflict if happening.quad.endswith("conflict") else cooperation).update(doers | others)
    for telling in told:
        if isinstance(telling.record, Statement):
            said.update(principals(telling.record.speaker))
    named = _people(told)
    rows = []
    for party in sorted(source.keys() | target.keys() | said.keys(), key=lambda p: (-(source[p] + target[p] + said[p]), p)):
        ours = named.get(party, [])
        rows.append(
            Party(
                capital(party_name(party)),
                tuple(ours[:MOST_PEOPLE]),
                max(0, len(ours) - MOST_PEOPLE),
                source[party],
                target[party],
                cooperation[party],
                conflict[party],
                said[party],
            )
        )
    return tuple(rows)


def _people(told: Sequence[Telling]) -> dict[str, list[tuple[str, str | None]]]:
    """The named people of each party with the office that is told of them, those most often named first."""
    counts: Counter[tuple[str, str]] = Counter()
    roles: dict[tuple[str, str], str] = {}
    for telling in told:
        for actor in (*telling.doers, *telling.toward):
            if actor.id and actor.name and is_person(actor):
                counts[actor.id, actor.name] += 1
                if actor.role:
                    roles.setdefault((actor.id, actor.name), actor.role)
    named: dict[str, list[tuple[str, str | None]]] = {}
    for party, name in sorted(counts, key=lambda pair: (-counts[pair], pair)):
        named.setdefault(party, []).append((name, roles.get((party, name))))
    return named


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who is quoted: name, party, office and statements in time order."""

    name: str
    party: str | None
    role: str | None
    statements: tuple[Telling, ...]


def speakers(told: Sequence[Telling]) -> tuple[Speaker, ...]:
    """Who said something, the most quoted first; a joint statement stands under its first speaker."""
    by: dict[tuple[str | None, str | None], list[Telling]] = {}
    roles: dict[tuple[str | None, str | None], str] = {}
    for telling in told:
        if not isinstance(telling.record, Statement):
            continue
        first = telling.record.speaker[0] if telling.record.speaker else Actor(id=None)
        by.setdefault((first.id, first.name), []).append(telling)
        if first.role:
            roles.setdefault((first.id, first.name), first.role)
    order = sorted(by, key=lambda who: (-len(by[who]), who[0] or "~", who[1] or ""))
    return tuple(_speaker(who, roles.get(who), tuple(by[who])) for who in order)


def _speaker(who: tuple[str | None, str | None], role: str | None, said: tuple[Telling, ...]) -> Speaker:
    party, name = who
    if name and is_person(Actor(id=party, name=name)):
        return Speaker(name, party_name(party) if party else None, role, said)
    return Speaker(party_name(party) if party else name or "Unnamed speakers", None, None, said)


@dataclass(frozen=True, slots=True)
class Line:
    """A line under a ledger entry, in words, with the key of its evidence and what it did to the status."""

    text: str
    key: str
    date: str
    status: str | None = None


@dataclass(frozen=True, slots=True)
class EntryView:
    """A ledger entry as it is shown."""

    id: str
    head: str
    key: str
    words: str
    since: str
    status: str
    sign: str
    condition: str | None
    notes: tuple[str, ...]
    answers: tuple[Line, ...]
    tellings: tuple[Evidence, ...]


def ledger_views(ledger: Ledger, told: Mapping[str, Telling]) -> tuple[tuple[str, str, str, tuple[EntryView, ...]], ...]:
    """The ledger's chapters: id, heading, what it says when it is empty, entries. Those that moved last come first."""
    chapters: tuple[tuple[str, str, str, Sequence[AnyEntry]], ...] = (
        ("demands", "Demands and their answers", "No demand is on record.", ledger.demands),
        ("threats", "Threats and red lines", "No threat is on record.", ledger.red_lines),
        ("predictions", "Predictions", "No prediction is on record.", ledger.predictions),
        ("denials", "Denials", "No denial is on record.", ledger.denials),
        ("offers", "Offers", "No offer is on record.", ledger.offers),
        ("shifts", "Shifts of position", "No correction of an earlier statement is on record.", ledger.shifts),
    )
    return tuple(
        (id_, head, none, tuple(_entry_view(entry, told) for entry in sorted(rows, key=_latest_first)))
        for id_, head, none, rows in chapters
    )


def _latest_first(entry: Entry) -> tuple[int, str]:
    dates = [answer.date for answer in entry.answers if answer.date] + ([entry.since] if entry.since else [])
    digits = int(max(dates).replace("-", "")) if dates else 0
    return (-digits, entry.id)


def _entry_view(entry: AnyEntry, told: Mapping[str, Telling]) -> EntryView:
    return EntryView(
        id=entry.id,
        head=_head(entry, [told[pointer.key].kind for pointer in entry.evidence]),
        key=_best(entry, told),
        words=entry.words,
        since=date_words(entry.since),
        status=_status(entry, entry.status),
        sign=str(table("statuses").get(entry.status, "·")),
        condition=entry.condition_words if isinstance(entry, RedLine) else None,
        notes=_notes(entry),
        answers=_answers(entry, told),
        tellings=entry.evidence,
    )


def _best(entry: Entry, told: Mapping[str, Telling]) -> str:
    """The telling to open first: the one with the condition, otherwise the first that quotes somebody."""
    if isinstance(entry, RedLine) and entry.condition:
        return entry.condition.key
    keys = [pointer.key for pointer in entry.evidence]
    return next((key for key in keys if isinstance(told[key].record, Statement)), keys[0])


def _status(entry: Entry, status: str) -> str:
    """A status in the words of its kind: an offer is not met, it is taken up."""
    if isinstance(entry, Offer):
        return {"met": "taken up", "partly met": "taken up in part"}.get(status, status)
    return {"linked": "replaces an earlier statement", "unlinked": "nothing earlier on record"}.get(status, status)


def _head(entry: Entry, kinds: Sequence[str]) -> str:
    by, to = capital(people(entry.by)), parties(entry.to) if entry.to else ""
    about = f" about {to}" if to else ""
    match entry:
        case Demand() if "DEMAND" not in kinds and "APPEAL" in kinds:
            return f"{by} {f'appealed to {to}' if to else 'made an appeal'}"
        case Demand():
            return f"{by} {f'made a demand of {to}' if to else 'made a demand'}"
        case Offer():
            return f"{by} {f'made an offer to {to}' if to else 'made an offer'}"
        case RedLine() if entry.condition:
            return f"{by} drew a red line{f' for {to}' if to else ''}"
        case RedLine():
            return f"{by} {f'threatened {to}' if to else 'made a threat'}"
        case Prediction():
            return f"{by if entry.by else 'Somebody'} made a forecast{about}"
        case Denial():
            return f"{by} denied a charge{about}"
        case _:
            return f"{by} corrected a statement{about}"


def _notes(entry: Entry) -> tuple[str, ...]:
    if isinstance(entry, Prediction) and entry.due and entry.status != "came true":
        return (f"Foretold for {date_words(entry.due)} at the latest.",)
    if isinstance(entry, Prediction) and not entry.foretold:
        return ("No coded event to hold it against, so it stays open.",)
    if isinstance(entry, Denial) and not entry.denied:
        return ("No coded event to hold it against.",)
    return ()


def _answers(entry: Entry, told: Mapping[str, Telling]) -> tuple[Line, ...]:
    if isinstance(entry, Shift):
        replaced = entry.replaces
        said = f"Said before: {quoted(entry.replaced_words or '', 60)}"
        return (Line(said, replaced.key, date_words(told[replaced.key].first)),) if replaced else ()
    return tuple(
        Line(_happened(told[answer.evidence.key]), answer.evidence.key, date_words(answer.date), _status(entry, answer.status))
        for answer in entry.answers
    )


def _happened(telling: Telling) -> str:
    record = telling.record
    return event_line(record, named=True) if isinstance(record, Event) else statement_line(record)


@dataclass(frozen=True, slots=True)
class Note:
    """How a record was read from a document: its line, further facts, what made it and how sure the coder is."""

    key: str
    kind: str
    line: str
    facts: tuple[tuple[str, str], ...]
    why: tuple[str, ...]
    score: str | None


@dataclass(frozen=True, slots=True)
class Source:
    """A document as it is shown: where it is from, its text in marked pieces, and the notes of its records."""

    anchor: str
    title: str
    outlet: str | None
    published: str
    dated_by: str  # who gave the date, where it was not the caller
    url: str | None
    paragraphs: Sequence[Sequence[Piece]]
    unplaced: tuple[tuple[int, str], ...]  # records whose span lies outside the text: linked to its head
    notes: tuple[Note, ...]

    @property
    def short(self) -> str:
        """What the report is called in a list, before its date: its outlet, or the first words of its title."""
        words = self.title.split(" ")
        return self.outlet or " ".join(words[:5]) + (" …" if words[5:] else "")


def sources(documents: Sequence[Document], told: Sequence[Telling], records: Mapping[str, CodedDocument]) -> dict[str, Source]:
    """The documents by id in order of publication.

    Args:
        documents: each once.
        told: all tellings; a telling's place in it is its number on the page.
        records: the coded documents by id, for the date that the coder found and where.
    """
    numbers = {telling.key: number for number, telling in enumerate(told)}
    by_document = {
        doc_id: list(group)
        for doc_id, group in groupby(sorted(told, key=lambda t: (t.doc_id, t.span, t.key)), key=lambda t: t.doc_id)
    }
    shown = {}
    for document in sorted(documents, key=lambda d: (d.published or "9999", d.doc_id)):
        ours, record = by_document.get(document.doc_id, []), records.get(document.doc_id)
        marks: list[Mark] = [mark for t in ours for mark in spans_of(t.record, numbers[t.key], f"m-{t.key}")]
        paragraphs = marked(document.text, marks)
        placed = {anchor for paragraph in paragraphs for piece in paragraph for _, anchor in piece.anchors}
        shown[document.doc_id] = Source(
            anchor=f"d-{content_id(document.doc_id)}",
            title=title_of(document),
            outlet=document.outlet,
            published=date_words((record.published if record else None) or document.published),
            dated_by=_DATED_BY.get(record.published_from, "") if record else "",
            url=document.url if document.url and _WEB.match(document.url) else None,
            paragraphs=paragraphs,
            unplaced=tuple((numbers[t.key], f"m-{t.key}") for t in ours if f"m-{t.key}" not in placed),
            notes=tuple(_note(t) for t in ours),
        )
    return shown


def title_of(document: Document) -> str:
    """A document's title, or its first words."""
    if document.title and document.title.strip():
        return squeeze(document.title)
    words = squeeze(document.text).split(" ")
    return " ".join(words[:9]) + (" …" if len(words) > 9 else "") if words[0] else "Untitled"


def _note(telling: Telling) -> Note:
    record = telling.record
    facts: list[tuple[str, str | None]]
    if isinstance(record, Event):
        kind = f"Event · {record.type.lower()}{f', {record.mode}' if record.mode else ''}"
        line = event_line(record, named=True)
        facts = [
            ("told as", table("realis").get(record.realis) or None),
            ("date", date_words(record.date) if record.date else None),
            ("place", record.place),
            ("number", quantity_words(record.quantity) if record.quantity else None),
        ]
    else:
        kind, line = f"Statement · {record.act.lower()}, {record.quote}", statement_line(record)
        facts = [
            ("date", date_words(record.date) if record.date else None),
            ("place", record.place),
            ("reported by", record.reported_by),
        ]
    score = f"{record.score:.0%}" if record.score is not None else None
    return Note(telling.key, kind, line, tuple((name, value) for name, value in facts if value), record.why, score)


def extent(documents: Sequence[Document]) -> str:
    """How many reports of how many outlets, from when to when."""
    dates = sorted(document.published for document in documents if document.published)
    outlets = {document.outlet for document in documents if document.outlet}
    parts = [counted(len(documents), "report")]
    if outlets:
        parts.append(f"from {counted(len(outlets), 'outlet')}")
    if dates:
        parts.append(date_words(dates[0] if dates[0] == dates[-1] else f"{dates[0]}/{dates[-1]}"))
    return ", ".join(parts)
