"""What each analyst thinks of each record, and how far they agree.

An analyst's opinion is what the own judgements come to, whatever others said later: each question (is it so? which type? whom?) is
answered once for each record. A correction without a verdict says that the record is so, put right; who accepts a record, or
corrects other fields of it, answers for a field as the machine has it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from melian.crisis.judgements.agreement import Measure, Unit, alpha, kappa, percent
from melian.crisis.judgements.algebra import standing, state
from melian.crisis.judgements.judgement import Judgement, Reading, value_json
from melian.records import to_dict

AS_MACHINE = "as the machine has it"
VERDICT, TOGETHER = "accept or reject", "merge or split"
Question = tuple[str, str]
"""What it is asked of ("event", "statement", "entry"), and the field, or `VERDICT`, or `TOGETHER`."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far some analysts agree on one question. `kappa` is None for more than two."""

    what: str
    question: str
    analysts: tuple[str, ...]
    percent: Measure
    kappa: Measure | None
    alpha: Measure


def agreements(judgements: Iterable[Judgement], name: Callable[[str], str] = lambda record: record) -> list[Agreement]:
    """The agreement on each question, of each two analysts and of all who answered it together.

    Args:
        judgements: everybody's, with undos.
        name: the id that a record has now.

    Returns:
        By what it is asked of and question, verdicts first; pairs in order of their names, and all together last where there are
        more than two. A field is a question where anybody corrected it.
    """
    found: list[Agreement] = []
    for (what, question), units in sorted(answers(judgements, name).items(), key=_question_order):
        coders = sorted({coder for unit in units for coder in unit})
        groups: list[tuple[str, ...]] = list(combinations(coders, 2))
        if len(coders) > 2:
            groups.append(tuple(coders))
        for group in groups:
            pair = kappa(units, (group[0], group[1])) if len(group) == 2 else None
            found.append(Agreement(what, question, group, percent(units, group), pair, alpha(units, group)))
    return found


def answers(judgements: Iterable[Judgement], name: Callable[[str], str] = lambda record: record) -> dict[Question, list[Unit]]:
    """For each question, what each analyst answers for each record that anybody judged."""
    own: dict[str, list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        own[judgement.by].append(judgement)
    found: dict[Question, dict[str, dict[str, Hashable]]] = defaultdict(lambda: defaultdict(dict))
    opinions = {analyst: _opinions(every, name) for analyst, every in own.items()}
    asked = {question for opinion in opinions.values() for _, each in opinion for question in each}
    for analyst, opinion in opinions.items():
        for record, each in opinion:
            for question, answer in _complete(each, asked).items():
                found[question][record][analyst] = answer
    return {question: [by_record[record] for record in sorted(by_record)] for question, by_record in found.items()}


def plain(value: Any) -> Hashable:
    """A field's value as it is compared: of parties, who they are and in which sector."""
    if isinstance(value, list | tuple) and value and all(isinstance(each, dict) for each in value):
        return tuple(sorted({(str(party.get("id") or party.get("name")), str(party.get("sector"))) for party in value}))
    return value_json(value)


def _opinions(judgements: Sequence[Judgement], name: Callable[[str], str]) -> list[tuple[str, dict[Question, Hashable]]]:
    """One analyst's answers by record; pairs of events that are merged or split count as records."""
    by_record: dict[str, list[Judgement]] = defaultdict(list)
    together: dict[str, Hashable] = {}
    machine: dict[str, Reading] = {}
    for judgement in standing(judgements):
        machine |= {name(reading.id): reading for reading in judgement.reading}
        if judgement.kind in ("merge", "split"):
            first, *rest = (name(each) for each in judgement.about)
            together |= {" ".join(sorted((first, other))): judgement.kind for other in rest}
        else:
            for each in judgement.about:
                by_record[name(each)].append(judgement)
    found = [(record, _answers(record, each, machine.get(record))) for record, each in by_record.items()]
    return found + [(pair, {("event", TOGETHER): answer}) for pair, answer in together.items()]


def _answers(record: str, judgements: Sequence[Judgement], machine: Reading | None) -> dict[Question, Hashable]:
    judged = state(judgements)
    what = next((each.what for each in judgements if each.what and each.kind != "note"), None)
    if what is None or what == "document":
        return {}
    found: dict[Question, Hashable] = {}
    if judged.verdict is not None or judged.corrections:
        found[what, VERDICT] = judged.verdict.kind if judged.verdict else "accept"
    if found.get((what, VERDICT)) == "accept":
        as_read = _as_read(machine)
        for field, judgement in judged.corrections.items():
            same = field in as_read and plain(as_read[field]) == plain(judgement.value)
            found[what, field] = AS_MACHINE if same else plain(judgement.value)
    return found


def _complete(answered: Mapping[Question, Hashable], asked: Iterable[Question]) -> dict[Question, Hashable]:
    """With the fields that others corrected somewhere, for a record that this analyst holds to be so."""
    kept = {what for (what, question), answer in answered.items() if question == VERDICT and answer == "accept"}
    return {
        question: AS_MACHINE for question in asked if question[0] in kept and question[1] not in (VERDICT, TOGETHER)
    } | dict(answered)


def _as_read(machine: Reading | None) -> dict[str, Any]:
    if machine is None:
        return {}
    record = machine.event or machine.statement or machine.entry
    plain_record: dict[str, Any] = to_dict(record) if record else {}
    return plain_record


def _question_order(item: tuple[Question, Any]) -> tuple[str, bool, bool, str]:
    (what, question), _ = item
    return what, question != VERDICT, question != TOGETHER, question
