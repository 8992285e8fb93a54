"""The ledger's rules, each on a record of one or two lines: what was said, what followed, and what stands."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_sample import BIDEN, BLINKEN, CODED, EU, NATO, RUS, TEXTS, UKR, USA, at, event, said

from melian.crisis.entries import Ledger
from melian.crisis.ledger import build
from melian.crisis.tellings import days, negated, tellings
from melian.records import Actor, CodedDocument, Document, Event, Statement

WEST = Actor(id="WEST", sector="BLOC")
Report = tuple[Document, CodedDocument]


def report(day: str | None, text: str, *records: Event | Statement) -> Report:
    doc_id = f"{day} {text}"
    coded = CodedDocument(
        doc_id=doc_id,
        published=day,
        events=tuple(record for record in records if isinstance(record, Event)),
        statements=tuple(record for record in records if isinstance(record, Statement)),
    )
    return Document(doc_id=doc_id, text=text, published=day), coded


def ledger(*reports: Report) -> Ledger:
    return build([coded for _, coded in reports], {document.doc_id: document for document, _ in reports})


def words_of(pointer_doc: str, span: tuple[int, int], reports: tuple[Report, ...]) -> str:
    text = next(document.text for document, _ in reports if document.doc_id == pointer_doc)
    return text[span[0] : span[1]]


# --- demands and offers ----------------------------------------------------------------------------------------------

ASK = "Russia demanded that NATO withdraw its foreign troops from the east"


def ask(day: str = "2021-12-17") -> Report:
    return report(
        day,
        ASK,
        said(ASK, "NATO withdraw its foreign troops from the east", "DEMAND", [RUS], [NATO]),
        event(ASK, ASK, "REQUEST", [RUS], [NATO], mode="demand"),
        event(ASK, "withdraw its foreign troops from the east", "RETREAT", [NATO], mode="withdraw", realis="demanded"),
    )


def reply(day: str, text: str, type_: str, by: Actor, to: Actor, **more: object) -> Report:
    return report(day, text, event(text, text, type_, [by], [to], **more))


ANSWERS = [
    ("nothing", [], "standing"),
    ("a refusal", [("2021-12-18", "NATO rejected Moscow's demands", "REJECT", NATO, RUS)], "rejected"),
    (
        "a refusal by the bloc that the asked party belongs to",
        [("2021-12-18", "The West said no", "REJECT", WEST, RUS)],
        "rejected",
    ),
    ("a refusal before it", [("2021-12-16", "NATO rejected Moscow's demands", "REJECT", NATO, RUS)], "standing"),
    ("a refusal by somebody else", [("2021-12-18", "Kyiv rejected Moscow's demands", "REJECT", UKR, RUS)], "standing"),
    ("a refusal to somebody else", [("2021-12-18", "NATO rejected Kyiv's demands", "REJECT", NATO, UKR)], "standing"),
    ("a promise on the matter", [("2021-12-20", "NATO agreed to thin out its troops", "AGREE", NATO, RUS)], "partly met"),
    ("an agreement on something else", [("2021-12-20", "NATO agreed to a phone call", "AGREE", NATO, RUS)], "standing"),
    ("a withdrawal of the troops", [("2022-01-05", "NATO pulled out", "RETREAT", NATO, RUS, {"mode": "withdraw"})], "met"),
    ("a withdrawal of its own", [("2022-01-05", "Moscow no longer insists on the troops", "CONCEDE", RUS, NATO)], "withdrawn"),
    (
        "a refusal, then a promise",
        [
            ("2021-12-18", "NATO rejected Moscow's demands", "REJECT", NATO, RUS),
            ("2021-12-20", "NATO agreed to thin out its troops", "AGREE", NATO, RUS),
        ],
        "partly met",
    ),
]


@pytest.mark.parametrize(("followed", "status"), [case[1:] for case in ANSWERS], ids=[case[0] for case in ANSWERS])
def test_a_demand_stands_as_it_was_last_answered(followed: list[tuple], status: str) -> None:
    replies = [reply(*row[:5], **(row[5] if len(row) > 5 else {})) for row in followed]
    (demand,) = ledger(ask(), *replies).demands
    assert demand.status == status
    assert (demand.status == "standing") == (not demand.answers)


def test_a_status_names_the_words_that_moved_it() -> None:
    reports = (ask(), reply("2021-12-18", "NATO rejected Moscow's demands", "REJECT", NATO, RUS))
    (demand,) = ledger(*reports).demands
    (answer,) = demand.answers
    assert (answer.what, answer.date, answer.status, answer.by) == ("REJECT", "2021-12-18", "rejected", (NATO,))
    assert words_of(answer.evidence.doc_id, answer.evidence.span, reports) == "NATO rejected Moscow's demands"
    assert [words_of(e.doc_id, e.span, reports) for e in demand.evidence] == [
        ASK,
        "NATO withdraw its foreign troops from the east",
    ]


def test_the_same_demand_in_new_words_is_one_entry_and_another_demand_is_not() -> None:
    again, other = "Moscow insisted that foreign troops leave the east", "Moscow insisted on a pipeline licence"
    found = ledger(
        ask(),
        report("2022-01-10", again, said(again, "that foreign troops leave the east", "DEMAND", [RUS], [NATO])),
        report("2022-01-11", other, said(other, "a pipeline licence", "DEMAND", [RUS], [NATO])),
    ).demands
    assert [(len(demand.evidence), demand.since) for demand in found] == [(3, "2021-12-17"), (1, "2022-01-11")]


def test_a_refusal_in_the_words_of_one_demand_leaves_the_other_standing() -> None:
    other = "Moscow insisted on a pipeline licence"
    found = ledger(
        ask(),
        report("2022-01-11", other, said(other, "a pipeline licence", "DEMAND", [RUS], [NATO])),
        reply("2022-01-12", "NATO refused to move its troops", "REJECT", NATO, RUS),
    ).demands
    assert [demand.status for demand in found] == ["rejected", "standing"]


def test_an_appeal_is_a_demand_only_when_a_request_carries_it() -> None:
    text = "Kyiv asked the United States for more radars"
    appeal = said(text, "more radars", "APPEAL", [UKR], [USA])
    assert not ledger(report("2022-01-11", text, appeal)).demands
    assert ledger(report("2022-01-11", text, appeal, event(text, text, "REQUEST", [UKR], [USA], mode="appeal"))).demands


def test_a_denied_charge_is_no_refusal_of_a_demand() -> None:
    denial = reply("2021-12-18", "NATO denied Moscow's charge", "REJECT", NATO, RUS, mode="deny")
    assert ledger(ask(), denial).demands[0].status == "standing"


OFFER = "Moscow offered to open talks on missiles"


@pytest.mark.parametrize(
    ("text", "type_", "status"),
    [
        ("Washington agreed to the talks", "AGREE", "met"),
        ("Washington turned the talks down", "REJECT", "rejected"),
        ("Washington turned Moscow down", "REJECT", "standing"),
    ],
)
def test_an_offer_is_taken_up_or_refused_in_words_that_it_shares(text: str, type_: str, status: str) -> None:
    offered = report("2021-12-17", OFFER, said(OFFER, "to open talks on missiles", "OFFER", [RUS], [USA]))
    (offer,) = ledger(offered, reply("2021-12-20", text, type_, USA, RUS)).offers
    assert offer.status == status


# --- threats ---------------------------------------------------------------------------------------------------------

LINE = "Blinken said that if Russia invades Ukraine, the response will be severe"


def line(text: str = LINE, condition: str | None = "if Russia invades Ukraine") -> Report:
    content = text.split("said that ")[1]
    russia = Actor(id="RUS", sector="GOV", span=at(text, "Russia"))
    about = [russia, *([Actor(id="UKR", sector="GOV", span=at(text, "Ukraine"))] if "Ukraine" in text else [])]
    return report(
        "2022-01-21",
        text,
        said(text, content, "THREATEN", [BLINKEN], about, condition=at(text, condition) if condition else None),
        event(text, content, "THREATEN", [BLINKEN], [RUS], mode="sanction"),
    )


SHELLED = ("2022-02-25", "Russia shelled Kharkiv", "ASSAULT", RUS, UKR)
SANCTIONS = ("2022-02-26", "Washington froze Russian funds", "SANCTION", USA, RUS)


@pytest.mark.parametrize(
    ("followed", "status"),
    [
        ([], "standing"),
        ([("2022-01-20", "Russia shelled Kharkiv", "ASSAULT", RUS, UKR)], "standing"),  # before the line was drawn
        ([("2022-02-25", "Russia shelled Idlib", "ASSAULT", RUS, Actor(id="SYR"))], "standing"),  # not the condition's party
        ([("2022-02-25", "Russia expelled envoys", "SANCTION", RUS, UKR)], "standing"),  # not the condition's kind
        ([SHELLED], "crossed"),
        ([SHELLED, SANCTIONS], "enforced"),
        ([SANCTIONS], "standing"),  # a condition comes first
        ([SHELLED, ("2022-04-01", "Rain fell on Kyiv", "CONSULT", UKR, EU)], "not enforced"),
        ([("2022-01-25", "Washington said it would ease off", "CONCEDE", USA, RUS)], "softened"),
    ],
)
def test_a_red_line_moves_by_evidence(followed: list[tuple[str, str, str, Actor, Actor]], status: str) -> None:
    (found,) = ledger(line(), *(reply(*row) for row in followed)).red_lines
    assert (found.status, found.condition_words, found.kinds) == (status, "if Russia invades Ukraine", ("ASSAULT",))


def test_a_negated_condition_is_crossed_by_no_event() -> None:
    unless = line(
        "Blinken said that unless Russia stops its attacks, the response will be severe", "unless Russia stops its attacks"
    )
    (found,) = ledger(unless, reply(*SHELLED)).red_lines
    assert (found.status, found.kinds) == ("standing", ())


def test_a_threat_without_condition_is_enforced_by_what_it_announced() -> None:
    bare = line("Blinken said that Russia would pay in the markets", None)
    assert (
        ledger(bare, reply("2022-02-26", "Washington put bombers on alert", "MOBILIZE", USA, RUS)).red_lines[0].status
        == "standing"
    )
    assert ledger(bare, reply(*SANCTIONS)).red_lines[0].status == "enforced"


# --- predictions, denials, shifts ------------------------------------------------------------------------------------

GUESS = "Biden said he expected Russia to attack Ukraine"


def guess(**event_date: str) -> Report:
    return report(
        "2022-01-20",
        GUESS,
        said(GUESS, "he expected Russia to attack Ukraine", "PREDICT", [BIDEN], [RUS, UKR]),
        event(GUESS, "Russia to attack Ukraine", "ASSAULT", [RUS], [UKR], realis="predicted", **event_date),
    )


@pytest.mark.parametrize(
    ("dated", "followed", "status"),
    [
        ({}, [], "open"),
        ({}, [("2022-02-25", "Russia shelled Kharkiv", "ASSAULT", RUS, UKR)], "came true"),
        ({}, [("2022-01-20", "Russia shelled Kharkiv", "ASSAULT", RUS, UKR)], "open"),  # undated, in a report of the same day
        ({}, [("2022-02-25", "Ukraine shelled Belgorod", "ASSAULT", UKR, RUS)], "open"),
        ({"date": "2022-01-23"}, [("2022-02-01", "Envoys met", "CONSULT", RUS, UKR)], "did not"),
    ],
)
def test_a_prediction_is_held_against_what_happened(dated: dict[str, str], followed: list[tuple], status: str) -> None:
    (prediction,) = ledger(guess(**dated), *(reply(*row) for row in followed)).predictions
    assert (prediction.status, prediction.foretold) == (status, ("ASSAULT",))


@pytest.mark.parametrize(("day", "status"), [("2022-01-22", "came true"), ("2022-02-25", "did not")])
def test_a_day_that_the_words_of_a_prediction_name_is_its_last(day: str, status: str) -> None:
    text = "Biden said he expected Russia to attack Ukraine by Sunday"
    foretold = report(
        "2022-01-20",
        text,
        said(text, "he expected Russia to attack Ukraine by Sunday", "PREDICT", [BIDEN], [RUS, UKR]),
        event(text, "Russia to attack Ukraine", "ASSAULT", [RUS], [UKR], realis="predicted"),
    )
    (prediction,) = ledger(foretold, reply(day, "Russia shelled Kharkiv", "ASSAULT", RUS, UKR)).predictions
    assert (prediction.status, prediction.due) == (status, "2022-01-23")


def test_one_foretold_event_is_one_prediction_in_whatever_words() -> None:
    text = "The president now thinks that Putin will send in the tanks"
    second = report(
        "2022-02-01",
        text,
        said(text, "Putin will send in the tanks", "PREDICT", [BIDEN], [RUS]),
        event(text, "Putin will send in the tanks", "ASSAULT", [RUS], [UKR], realis="predicted"),
    )
    assert [len(prediction.evidence) for prediction in ledger(guess(), second).predictions] == [2]


def test_a_negated_forecast_is_not_decided() -> None:
    text = "Kyiv said Russia will not attack Ukraine"
    doubt = report(
        "2022-01-20",
        text,
        said(text, "Russia will not attack Ukraine", "PREDICT", [UKR], [RUS]),
        event(text, "attack Ukraine", "ASSAULT", [RUS], [UKR], realis="predicted"),
    )
    assert ledger(doubt, reply(*SHELLED)).predictions[0].status == "open"


DENIAL = "Moscow denied planning to attack Ukraine"


@pytest.mark.parametrize(
    ("followed", "status"),
    [
        ([], "standing"),
        ([("2022-02-25", "Russia shelled Kharkiv", "ASSAULT", RUS, UKR)], "contradicted"),
        (
            [("2022-01-21", "Shells fell on Kharkiv, fired by Russia", "ASSAULT", RUS, UKR)],
            "contradicted",
        ),  # elsewhere, the same day
        ([("2014-03-01", "Russia took Crimea", "ASSAULT", RUS, UKR)], "standing"),
        ([("2022-02-25", "Russia drilled near Kharkiv", "MOBILIZE", RUS, UKR)], "standing"),
    ],
)
def test_a_denial_stands_until_an_event_contradicts_it(followed: list[tuple[str, str, str, Actor, Actor]], status: str) -> None:
    denied = report(
        "2022-01-21",
        DENIAL,
        said(DENIAL, "planning to attack Ukraine", "DENY", [RUS], [UKR]),
        event(DENIAL, "planning to attack Ukraine", "ASSAULT", [RUS], [UKR], realis="denied"),
    )
    (denial,) = ledger(denied, *(reply(*row) for row in followed)).denials
    assert denial.status == status


def test_a_correction_replaces_the_speakers_nearest_earlier_statement_about_the_same() -> None:
    early = report(
        "2022-01-10", "Hard talks, Biden said", said("Hard talks, Biden said", "Hard talks", "ASSERT", [BIDEN], [RUS])
    )
    near = report(
        "2022-01-19",
        "A small attack is one thing",
        said("A small attack is one thing", "A small attack is one thing", "ASSERT", [BIDEN], [RUS]),
    )
    others = report(
        "2022-01-19",
        "China trade is slow",
        said("China trade is slow", "China trade is slow", "ASSERT", [BIDEN], [Actor(id="CHN")]),
    )
    text = "Any move is an invasion, Biden made clear"
    (shift,) = ledger(
        early, near, others, report("2022-01-20", text, said(text, "Any move is an invasion", "CLARIFY", [BIDEN], [RUS]))
    ).shifts
    assert (shift.status, shift.replaced_words) == ("linked", "A small attack is one thing")
    assert (
        ledger(report("2022-01-20", text, said(text, "Any move is an invasion", "CLARIFY", [BIDEN], [RUS]))).shifts[0].status
        == "unlinked"
    )


# --- the whole -------------------------------------------------------------------------------------------------------


def test_the_winter_as_the_sample_tells_it() -> None:
    found = build(CODED, TEXTS)
    assert [(d.status, len(d.answers)) for d in found.demands] == [("rejected", 2), ("standing", 0)]
    assert [(r.status, [a.status for a in r.answers]) for r in found.red_lines if r.condition] == [
        ("enforced", ["crossed", "enforced"])
    ]
    assert [p.status for p in found.predictions] == ["came true"]
    assert [d.status for d in found.denials] == ["contradicted"]
    assert [s.replaced_words for s in found.shifts] == ["A minor incursion, he said, might split the allies over the answer"]


@settings(max_examples=25, deadline=None)
@given(st.permutations(CODED))
def test_the_order_of_the_documents_does_not_matter(shuffled: list[CodedDocument]) -> None:
    assert build(shuffled, TEXTS) == build(CODED, TEXTS)


def test_every_entry_and_every_status_has_evidence_in_a_text() -> None:
    found = build(CODED, TEXTS)
    known = {telling.key for telling in tellings(CODED, TEXTS)}
    for entry in (*found.demands, *found.offers, *found.red_lines, *found.predictions, *found.denials, *found.shifts):
        assert entry.evidence
        for pointer in (*entry.evidence, *(answer.evidence for answer in entry.answers)):
            assert pointer.key in known
            assert TEXTS[pointer.doc_id].text[slice(*pointer.span)].strip()


def test_nothing_gives_an_empty_ledger() -> None:
    assert build([], {}) == Ledger()


def test_a_record_without_its_text_is_told_without_words() -> None:
    assert {entry.words for entry in build(CODED, {}).denials} == {""}


@pytest.mark.parametrize(
    ("date", "bounds"),
    [
        ("2022-01-21", ("2022-01-21", "2022-01-21")),
        ("2022-02", ("2022-02-01", "2022-02-28")),
        ("2022", ("2022-01-01", "2022-12-31")),
        ("2022-01-17/2022-01-21", ("2022-01-17", "2022-01-21")),
        ("2022-13", None),
        ("2022-02-31", None),
        ("soon", None),
        (None, None),
    ],
)
def test_the_days_that_a_date_covers(date: str | None, bounds: tuple[str, str] | None) -> None:
    assert days(date) == bounds


def test_negations() -> None:
    assert negated("He did not expect it")
    assert negated("He didn’t expect it")
    assert not negated("He expected it")
