"""The ledger over documents at hand, for a page or a notebook: the same entries as the tables of a record have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from melian.crisis.entries import Answer, Demand, Denial, Evidence, Ledger, Offer, Prediction, RedLine, Shift
from melian.crisis.ledger.claiming.acts import acts
from melian.crisis.ledger.claiming.claim import Claim
from melian.crisis.ledger.claiming.claims import claims
from melian.crisis.ledger.claiming.report import Record, Report, day_text, report
from melian.crisis.ledger.claiming.shifts import said
from melian.crisis.ledger.standing.answering import outcome, wants
from melian.crisis.ledger.standing.corrections import corrected
from melian.crisis.ledger.standing.foresight import brier, due, probability
from melian.crisis.ledger.standing.grouping import Place, antecedents, components, node
from melian.crisis.ledger.standing.outcome import Moved, Outcome
from melian.crisis.ledger.standing.stand import Stand, entry_number, split_members
from melian.crisis.ledger.standing.wants import ActIndex
from melian.crisis.ledger.typed import AnyEntry, typed
from melian.crisis.tellings import telling_key
from melian.records import CodedDocument, Document, Event, Statement

_NUMBER = re.compile(r"[0-9a-f]{16}")
_Sources = dict[int, tuple[CodedDocument, Document | None]]


def build(coded: Sequence[CodedDocument], documents: Mapping[str, Document]) -> Ledger:
    """The ledger over all documents.

    Args:
        coded: the coded documents.
        documents: the texts by `doc_id`; entries of a document whose text is missing have no words.
    """
    sources = _numbered(coded, documents)
    reports = {number: _report(number, *sources[number]) for number in sorted(sources)}
    claimed = {number: claims(each) for number, each in reports.items()}
    index = ActIndex(act for number, each in reports.items() for act in acts(each, claimed[number]))
    earlier = [each for report in reports.values() for each in said(report)]
    last = max((each.day for each in reports.values() if each.day), default=None)
    writer = _Writer(sources, reports)
    made: list[tuple[Place, AnyEntry]] = []
    for stand in stands(claim for some in claimed.values() for claim in some):
        done = outcome(stand, index.wanted(wants(stand), stand.reports), last)
        replaced = corrected(stand, earlier) if stand.kind == "shift" else None
        made += [(node(stand.claims[0]).place, entry) for entry in writer.entries(stand, done, replaced)]
    made.sort(key=lambda pair: (pair[1].since or "9999", pair[0], pair[1].id))
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


def _numbered(coded: Sequence[CodedDocument], documents: Mapping[str, Document]) -> _Sources:
    """Documents by the number that a record has for them; of several with one content the first by id."""
    from melian.crisis.record.rows import document_id

    out: _Sources = {}
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
    events = [(_number(event, key, kept), event) for key, event in numbered_events(number, record)]
    statements = [(_number(statement, key, kept), statement) for key, statement in numbered_statements(number, record)]
    return report(number, published, text, events, statements)


def _number(record: Event | Statement, key: int, kept: bool) -> int:
    return int(record.id, 16) if kept and record.id and _NUMBER.fullmatch(record.id) else key


class _Writer:
    """Writes entries with pointers into the documents."""

    def __init__(self, sources: _Sources, reports: Mapping[int, Report]) -> None:
        self._doc_ids = {number: record.doc_id for number, (record, _) in sources.items()}
        self._reports = reports
        self._records = {(r.is_event, r.id): r for each in reports.values() for r in each.records}

    def entries(self, stand: Stand, done: Outcome, replaced: int | None) -> Iterator[AnyEntry]:
        """An entry, and the split of a bloc over it where there is one."""
        fullest = stand.fullest
        tellings = [(True, id_) for c in stand.claims for id_ in c.events] + [
            (False, id_) for c in stand.claims for id_ in c.statements
        ]
        order = {claim.report: place for place, claim in enumerate(stand.claims)}
        told = sorted((self._records[key] for key in tellings), key=lambda r: (order[r.report], r.span, r.what, r.id))
        stated = probability(stand)
        fields: dict[str, Any] = {
            "id": f"{entry_number(stand.kind, stand.least):016x}",
            "status": done.status,
            "by": stand.by,
            "to": stand.to,
            "words": self._reports[fullest.report].words(fullest.span),
            "since": day_text(stand.since),
            "evidence": tuple(map(self._evidence, told)),
            "answers": tuple(map(self._answer, done.moved)),
            "due": day_text(due(stand)),
            "probability": stated,
            "brier": brier(done.status, stated),
            **self._condition(stand),
            **(self._replaced(replaced) if replaced is not None else {}),
        }
        yield typed(stand.kind, stand.types, fields)
        if done.split:
            yield Shift(
                id=f"{entry_number('split', stand.least):016x}",
                status="split",
                by=split_members([self._records[each.act.is_event, each.act.id].doers for each in done.split]),
                to=stand.by,
                words=fields["words"],
                since=day_text(done.split[0].act.day),
                evidence=tuple(self._evidence(self._records[each.act.is_event, each.act.id]) for each in done.split),
                answers=tuple(map(self._answer, done.split)),
            )

    def _condition(self, stand: Stand) -> dict[str, Any]:
        claim = stand.conditional
        if claim is None or claim.condition is None:
            return {}
        record = self._records[(False, claim.statements[0]) if claim.statements else (True, claim.events[0])]
        place = Evidence(self._doc_ids[claim.report], claim.condition, self._evidence(record).key)
        return {"condition": place, "condition_words": self._reports[claim.report].words(claim.condition)}

    def _replaced(self, statement: int) -> dict[str, Any]:
        record = self._records[False, statement]
        words = self._reports[record.report].words(record.span)
        return {"status": "linked", "replaces": self._evidence(record), "replaced_words": words}

    def _evidence(self, record: Record) -> Evidence:
        doc_id = self._doc_ids[record.report]
        return Evidence(doc_id, record.span, telling_key(doc_id, record.record))

    def _answer(self, moved: Moved) -> Answer:
        record = self._records[moved.act.is_event, moved.act.id]
        return Answer(moved.act.kind, record.doers, day_text(moved.act.day), moved.status, self._evidence(record), moved.why)
