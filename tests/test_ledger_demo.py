"""The ledger over the dispatches of the Geneva winter, as the coder reads them: what the demo must show."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from melian.crisis.entries import Ledger, RedLine
from melian.crisis.ledger import build
from melian.records import CodedDocument, Document

GENEVA = Path(__file__).resolve().parents[1] / "examples" / "geneva"


@cache
def dispatches() -> Sequence[tuple[Document, CodedDocument]]:
    from melian.coding.coder import Coder
    from melian.sources import read_inputs

    found = [each for each in read_inputs(sorted(GENEVA.glob("*.txt"))) if isinstance(each, Document)]
    return list(zip(found, Coder().code_all(found), strict=True))


@cache
def ledger(until: str = "9999") -> Ledger:
    some = [(document, coded) for document, coded in dispatches() if (coded.published or "") < until]
    return build([coded for _, coded in some], {document.doc_id: document for document, _ in some})


def parties(actors: Sequence[object]) -> set[str]:
    return {actor.id for actor in actors}  # type: ignore[attr-defined]


def of_january(found: Ledger) -> RedLine:
    """The red line that a telling of 21 January draws."""
    (line,) = (line for line in found.red_lines if line.condition and any("01-21-geneva" in e.doc_id for e in line.evidence))
    return line


def test_russia_s_demands_are_rejected_by_the_united_states_and_nato() -> None:
    central = [d for d in ledger().demands if parties(d.by) == {"RUS"} and "NATO" in parties(d.to) and d.status == "rejected"]
    assert len(central) >= 4
    by = {actor.id for demand in central for answer in demand.answers for actor in answer.by}
    assert {"USA", "NATO"} <= by
    first = min(central, key=lambda demand: demand.since or "")
    assert (first.since, len({e.doc_id for e in first.evidence})) == ("2021-12-17", 3)  # retold on 30 December and 17 February


def test_the_red_line_is_crossed_and_enforced_once_february_is_told() -> None:
    before, after = of_january(ledger("2022-02")), of_january(ledger())
    assert (before.status, before.answers) == ("standing", ())
    assert (parties(after.by), parties(after.to), after.kinds, after.status) == ({"USA"}, {"RUS"}, ("ASSAULT",), "enforced")
    moved = [(answer.status, answer.what) for answer in after.answers]
    assert moved[0] == ("crossed", "ASSAULT")
    assert ("enforced", "SANCTION") in moved
    assert min(answer.date or "" for answer in after.answers) >= "2022-02-22"


def test_biden_s_prediction_comes_true() -> None:
    true = [p for p in ledger().predictions if p.status == "came true" and "Joe Biden" in {actor.name for actor in p.by}]
    assert [(p.foretold, p.answers[0].what) for p in true] == [(("ASSAULT",), "ASSAULT")]
    assert not [p for p in ledger("2022-02-18").predictions if p.status == "came true"]


def test_russia_s_denial_is_contradicted() -> None:
    denial = max((d for d in ledger().denials if parties(d.by) == {"RUS"}), key=lambda d: len(d.evidence))
    assert (denial.status, denial.denied, denial.answers[0].what) == ("contradicted", ("ASSAULT",), "ASSAULT")
    assert len({e.doc_id for e in denial.evidence}) >= 5


def test_the_minor_remark_is_replaced_by_its_clarification() -> None:
    (shift,) = (s for s in ledger().shifts if s.status == "linked")
    assert "minor incursion" in (shift.replaced_words or "")
    assert "that is an invasion" in shift.words
    assert parties(shift.by) == {"USA"}


@pytest.mark.parametrize("kind", ["demands", "offers", "red_lines", "predictions", "denials", "shifts"])
def test_every_entry_names_words_that_stand_in_a_dispatch(kind: str) -> None:
    texts = {document.doc_id: document.text for document, _ in dispatches()}
    for entry in getattr(ledger(), kind):
        assert entry.words in " ".join(" ".join(texts[e.doc_id].split()) for e in entry.evidence)
        for answer in entry.answers:
            assert texts[answer.evidence.doc_id][slice(*answer.evidence.span)].strip()
            assert answer.why
