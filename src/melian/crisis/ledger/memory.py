"""The ledger over documents at hand, for a page or a notebook: the same entries as the tables of a record have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from melian.crisis.entries import Answer, Demand, Denial, Evidence, Ledger, Offer, Prediction, RedLine, Shift
from melian.crisis.ledger.acts import acts
from melian.crisis.ledger.answering import outcome, wants
from melian.crisis.ledger.claim import Act, Claim
from melian.crisis.ledger.claims import claims
from melian.crisis.ledger.foresight import brier, due, probability
from melian.crisis.ledger.grouping import Place, antecedents, components, node
from melian.crisis.ledger.outcome import Outcome
from melian.crisis.ledger.report import Record, Report, day_text, report
from melian.crisis.ledger.shifts import corrected, said
from melian.crisis.ledger.stand import Stand, entry_number
from melian.crisis.ledger.wants import ActIndex
from melian.crisis.tellings import telling_key
from melian.records import CodedDocument, Document, Event, Statement

_NUMBER = re.compile(r"[0-9a-f]{16}")
_Found = Demand | Offer | RedLine | Prediction | Denial | Shift


def build(coded: Sequence[CodedDocument], documents: Mapping[str, Document]) -> Ledger:
    """The ledger over all documents.

    Args:
        coded: the coded documents.
        documents: the texts by `doc_id`; entries of a document whose text is missing have no words.
    """
    sources = _numbered(coded, documents)
    reports = {number: _report(number, record, document) for number, (record, document) in sources.items()}
    by_report = {number: claims(reports[number]) for number in sorted(reports)}
    found = [claim for claimed in by_report.values() for claim in claimed]
    index = ActIndex(act for number, claimed in by_report.items() for act in acts(reports[number], claimed))
    earlier = [each for number in sorted(reports) for each in said(reports[number])]
    last = max((each.day for each in reports.values() if each.day), default=None)
    writer = _Writer(sources, reports)
    made: list[tuple[Place, _Found]] = []
    for stand in stands(found):
        done = _outcome(stand, index, last)
        replaced = corrected(stand, earlier) if stand.kind == "shift" else None
        made.append((node(stand.claims[0]).place, writer.entry(stand, done, replaced)))
    made.sort(key=lambda pair: (pair[1].since or "9999", pair[0]))
    return Ledger(
        demands=tuple(e for _, e in made if isinstance(e, Demand)),
        offers=tuple(e for _, e in made if isinstance(e, Offer)),
        red_lines=tuple(e for _, e in made if isinstance(e, RedLine)),
        predictions=tuple(e for _, e in made if isinstance(e, Prediction)),
        denials=tuple(e for _, e in made if isinstance(e, Denial)),
        shifts=tuple(e for _, e in made if isinstance(e, Shift)),
    )


def stands(found: Iterable[Claim]) -> list[Stand]:
    """The entries that claims come to."""
    by_place = {(claim.kind, node(claim).place): claim for claim in found}
    out = []
    for kind in dict.fromkeys(kind for kind, _ in by_place):
        nodes = [node(claim) for (own, _), claim in by_place.items() if own == kind]
        back = antecedents(nodes)
        groups = components({each.place: back.get(each.place) for each in nodes})
        out += [Stand(tuple(by_place[kind, place] for place in group)) for group in groups]
    return out


def _outcome(stand: Stand, index: ActIndex, last: int | None) -> Outcome:
    return outcome(stand, index.wanted(wants(stand), stand.reports), last)


def _numbered(
    coded: Sequence[CodedDocument], documents: Mapping[str, Document]
) -> dict[int, tuple[CodedDocument, Document | None]]:
    """Documents by the number that a record has for them; of several with one content the first by id."""
    from melian.crisis.record.rows import document_id

    out: dict[int, tuple[CodedDocument, Document | None]] = {}
    for record in sorted(coded, key=lambda record: record.doc_id):
        document = documents.get(record.doc_id)
        if _NUMBER.fullmatch(record.doc_id):
            number = int(record.doc_id, 16)
        else:
            number = int(document_id(document or Document(doc_id=record.doc_id, text="", title=record.doc_id)), 16)
        out.setdefault(number, (record, document))
    return out


def _report(number: int, record: CodedDocument, document: Document | None) -> Report:
    from melian.crisis.record.rows import numbered_events, numbered_statements

    published = record.published or (document.published if document else None)
    text = document.text if document else ""
    kept = bool(_NUMBER.fullmatch(record.doc_id))  # it comes out of a record of a crisis, and brings its numbers along
    events = ((_number(event, key, kept), event) for key, event in numbered_events(number, record))
    statements = ((_number(statement, key, kept), statement) for key, statement in numbered_statements(number, record))
    return report(number, published, text, events, statements)


def _number(record: Event | Statement, key: int, kept: bool) -> int:
    return int(record.id, 16) if kept and record.id and _NUMBER.fullmatch(record.id) else key


class _Writer:
    """Writes entries with pointers into the documents."""

    def __init__(self, sources: Mapping[int, tuple[CodedDocument, Document | None]], reports: Mapping[int, Report]) -> None:
        self._doc_ids = {number: record.doc_id for number, (record, _) in sources.items()}
        self._reports = reports
        self._records = {(r.is_event, r.id): r for each in reports.values() for r in each.records}

    def entry(self, stand: Stand, done: Outcome, replaced: int | None) -> _Found:
        fullest = stand.fullest
        tellings = [(True, id_) for c in stand.claims for id_ in c.events] + [(False, id_) for c in stand.claims for id_ in c.statements]
        order = {claim.report: place for place, claim in enumerate(stand.claims)}
        told = sorted((self._records[key] for key in tellings), key=lambda r: (order[r.report], r.span, r.what, r.id))
        about = dict(
            id=f"{entry_number(stand.kind, stand.least):016x}",
            by=stand.by,
            to=stand.to,
            words=self._reports[fullest.report].words(fullest.span),
            since=day_text(stand.since),
            evidence=tuple(map(self._evidence, told)),
            answers=tuple(self._answer(each.act, each.status, each.why) for each in done.moved),
        )
        types = tuple(dict.fromkeys(pattern.type for pattern in stand.patterns))
        match stand.kind:
            case "demand":
                return Demand(**about, status=done.status)
            case "offer":
                return Offer(**about, status=done.status)
            case "redline":
                return RedLine(**about, status=done.status, **self._condition(stand), kinds=types)
            case "prediction":
                end, stated = due(stand), probability(stand)
                return Prediction(
                    **about, status=done.status, foretold=types, due=day_text(end), probability=stated, brier=brier(done.status, stated)
                )
            case "denial":
                return Denial(**about, status=done.status, denied=types)
            case _:
                return self._shift(about, replaced)

    def _condition(self, stand: Stand) -> dict[str, object]:
        claim = stand.conditional
        if claim is None or claim.condition is None:
            return {}
        record = self._records[(False, claim.statements[0]) if claim.statements else (True, claim.events[0])]
        place = Evidence(self._doc_ids[claim.report], claim.condition, self._evidence(record).key)
        return {"condition": place, "condition_words": self._reports[claim.report].words(claim.condition)}

    def _shift(self, about: dict[str, object], replaced: int | None) -> Shift:
        if replaced is None:
            return Shift(**about)
        record = self._records[False, replaced]
        words = self._reports[record.report].words(record.span)
        return Shift(**about, status="linked", replaces=self._evidence(record), replaced_words=words)

    def _evidence(self, record: Record) -> Evidence:
        doc_id = self._doc_ids[record.report]
        return Evidence(doc_id, record.span, telling_key(doc_id, record.record))

    def _answer(self, act: Act, status: str, why: str) -> Answer:
        record = self._records[act.is_event, act.id]
        return Answer(act.kind, record.doers, day_text(record.first), status, self._evidence(record), why)

