"""Rules of the ledger that need more than a line: who speaks for whom, what stands just before, how long an answer counts, and shifts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_world import Report
from report_sample import NATO, RUS, UKR, USA, at, event, said

from melian.crisis.entries import Ledger
from melian.crisis.ledger import build
from melian.records import Actor, CodedDocument, Document, Event, Statement

ROU, HUN = Actor(id="ROU", sector="GOV"), Actor(id="HUN", sector="GOV")
MARCHERS, CITY = Actor(id="HKG", sector="CVL"), Actor(id="HKG", sector="GOV")


def report(day: str, text: str, *records: Event | Statement) -> Report:
    doc_id = f"{day} {text}"
    events = tuple(record for record in records if isinstance(record, Event))
    statements = tuple(record for record in records if isinstance(record, Statement))
    return Document(doc_id=doc_id, text=text, published=day), CodedDocument(
        doc_id=doc_id, published=day, events=events, statements=statements
    )


def ledger(*reports: Report) -> Ledger:
    return build([coded for _, coded in reports], {document.doc_id: document for document, _ in reports})


def after(days: int) -> str:
    return (date(2021, 12, 17) + timedelta(days)).isoformat()


ASK = "Russia demanded that NATO withdraw its foreign troops from the east"
ASKED = "withdraw its foreign troops from the east"


def ask(day: str = after(0)) -> Report:
    return report(
        day,
        ASK,
        said(ASK, ASKED, "DEMAND", [RUS], [NATO]),
        event(ASK, ASKED, "RETREAT", [NATO], mode="withdraw", realis="demanded"),
    )


def deed(day: str, text: str, type_: str, by: Actor, to: Actor, **more: object) -> Report:
    return report(day, text, event(text, text, type_, [by], [to], **more))


# --- answers to demands ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "text", "status"),
    [
        (170, "NATO refused to move its troops", "rejected"),
        (190, "NATO refused to move its troops", "standing"),  # too late to be an answer
        (40, "NATO rejected Moscow's demands", "rejected"),
        (60, "NATO rejected Moscow's demands", "standing"),  # what was demanded lately was something else
        (10, "NATO rejected the verdict", "standing"),  # says what it rejects, and it is another thing
    ],
)
def test_how_long_a_refusal_is_an_answer(days: int, text: str, status: str) -> None:
    (demand,) = ledger(ask(), deed(after(days), text, "REJECT", NATO, RUS)).demands
    assert demand.status == status


def test_a_retelling_keeps_a_demand_open_to_answers() -> None:
    late = deed(after(300), "NATO refused to move its troops", "REJECT", NATO, RUS)
    (demand,) = ledger(ask(), ask(after(150)), late).demands
    assert (demand.since, demand.status) == (after(0), "rejected")


def test_tellings_too_far_apart_are_two_demands() -> None:
    assert [demand.since for demand in ledger(ask(), ask(after(200))).demands] == [after(0), after(200)]


def test_a_member_may_refuse_what_its_alliance_is_asked_but_not_meet_it() -> None:
    no = deed(after(3), "Romania refused to send its troops away", "REJECT", ROU, RUS)
    yes = deed(after(3), "Romania agreed to send its troops away", "AGREE", ROU, RUS)
    assert [ledger(ask(), reply).demands[0].status for reply in (no, yes)] == ["rejected", "standing"]


def test_a_deed_in_part_meets_a_demand_in_part() -> None:
    some = deed(after(9), "NATO pulled out some units", "RETREAT", NATO, RUS, mode="withdraw")
    rest = deed(after(30), "NATO pulled out for good", "RETREAT", NATO, RUS, mode="withdraw")
    assert [ledger(ask(), *replies).demands[0].status for replies in ([some], [some, rest])] == ["partly met", "met"]


def test_a_refusal_just_after_a_demand_means_that_one() -> None:
    text = "Russia demanded that NATO never take in Kyiv. Sherman rejected that flatly."
    both = report(
        after(5),
        text,
        said(text, "NATO never take in Kyiv", "DEMAND", [RUS], [USA]),
        event(text, "Sherman rejected that flatly", "REJECT", [USA], [RUS], mode="deny"),
    )
    earlier = "Russia demanded of the United States a ban on bases"
    found = ledger(report(after(0), earlier, said(earlier, "a ban on bases", "DEMAND", [RUS], [USA])), both).demands
    assert [demand.status for demand in found] == ["standing", "rejected"]


def test_a_demand_told_within_its_refusal_is_put_to_the_one_who_refuses() -> None:
    text = "The ministry rejects the demand that Russia withdraw troops from its own territory"
    told = report(
        after(5),
        text,
        event(text, text, "REJECT", [RUS], [], mode="refuse"),
        event(text, "the demand that Russia withdraw troops from its own territory", "REQUEST", [RUS], [USA], mode="demand"),
    )
    (demand,) = ledger(told).demands
    assert ([a.id for a in demand.by], [a.id for a in demand.to], demand.status) == (["USA"], ["RUS"], "rejected")


def test_at_home_protesters_and_their_government_are_two_sides() -> None:
    text = "Protesters demanded that the bill be dropped"
    asked = report(after(0), text, said(text, "the bill be dropped", "DEMAND", [MARCHERS], [CITY]))
    answers = [
        ("Marchers refused to leave the bill alone", MARCHERS, "standing"),
        ("The city refused to withdraw the bill", CITY, "rejected"),
    ]
    for words, by, status in answers:
        (demand,) = ledger(asked, deed(after(2), words, "REJECT", by, MARCHERS)).demands
        assert demand.status == status


def test_one_misread_party_among_many_tellings_is_left_out() -> None:
    tellings = [report(after(n), ASK, said(ASK, ASKED, "DEMAND", [RUS, USA] if n == 2 else [RUS], [NATO])) for n in range(5)]
    (demand,) = ledger(*tellings).demands
    assert [actor.id for actor in demand.by] == ["RUS"]


def test_a_bloc_is_split_where_its_members_answer_in_opposite_ways() -> None:
    replies = [
        deed(after(3), "Romania refused to send its troops away", "REJECT", ROU, RUS),
        deed(after(8), "Hungary agreed to send its troops home", "AGREE", HUN, RUS),
    ]
    found = ledger(ask(), *replies)
    (split,) = found.shifts
    assert (split.status, [a.id for a in split.by], [a.id for a in split.to]) == ("split", ["ROU", "HUN"], ["RUS"])
    assert [(answer.what, answer.date) for answer in split.answers] == [("REJECT", after(3)), ("AGREE", after(8))]
    assert split.words == ASKED
    assert not ledger(ask(), replies[0], deed(after(80), "Hungary agreed to send its troops home", "AGREE", HUN, RUS)).shifts
    both = deed(after(9), "Hungary refused to let its troops go", "REJECT", HUN, RUS)
    assert not ledger(ask(), *replies, both).shifts  # it is on both sides, and nobody is against it


# --- threats ---------------------------------------------------------------------------------------------------------

THREAT = "Any attack on the harbour will be met with a swift and heavy answer"


def test_a_condition_may_be_told_without_an_if() -> None:
    drawn = report(after(0), THREAT, said(THREAT, THREAT, "THREATEN", [USA], [RUS]))
    shelled = deed(after(9), "Russia shelled the harbour", "ASSAULT", RUS, UKR)
    (line,) = ledger(drawn, shelled).red_lines
    assert (line.condition_words, line.kinds, line.status) == ("Any attack on the harbour", ("ASSAULT",), "crossed")


def test_every_sort_of_enforcement_is_listed_once() -> None:
    drawn = report(after(0), THREAT, said(THREAT, THREAT, "THREATEN", [USA], [RUS]))
    shelled = deed(after(9), "Russia shelled the harbour", "ASSAULT", RUS, UKR)
    froze = [deed(after(day), "Washington froze funds", "SANCTION", USA, RUS, mode="economic") for day in (12, 15, 30)]
    envoys = deed(after(20), "Washington sent the envoys home", "SANCTION", USA, RUS, mode="diplomatic")
    (line,) = ledger(drawn, shelled, *froze, envoys).red_lines
    assert [(answer.status, answer.date) for answer in line.answers] == [
        ("crossed", after(9)),
        ("enforced", after(12)),
        ("enforced", after(20)),
    ]


@pytest.mark.parametrize(("days", "status"), [(360, "enforced"), (370, "standing")])
def test_a_bare_threat_runs_for_a_year(days: int, status: str) -> None:
    text = "Washington threatened to freeze the funds"
    threat = report(after(0), text, said(text, "to freeze the funds", "THREATEN", [USA], [RUS]))
    (line,) = ledger(threat, deed(after(days), "Washington froze funds", "SANCTION", USA, RUS)).red_lines
    assert line.status == status


def test_an_attack_on_a_state_is_not_one_by_it() -> None:
    text = "Washington warned Beijing that an attack on Philippine vessels would bring the treaty into play"
    words = "an attack on Philippine vessels would bring the treaty into play"
    chn, phl = Actor(id="CHN", sector="GOV"), Actor(id="PHL", sector="GOV", span=at(text, "Philippine"))
    drawn = report(
        after(0), text, said(text, words, "THREATEN", [USA], [chn, phl], condition=at(text, "an attack on Philippine vessels"))
    )
    (line,) = ledger(drawn, deed(after(5), "Philippine boats attacked the shoal", "ASSAULT", phl, chn)).red_lines
    assert line.status == "standing"
    (line,) = ledger(drawn, deed(after(5), "Chinese ships attacked the boats", "ASSAULT", chn, phl)).red_lines
    assert line.status == "crossed"


def test_words_that_another_act_holds_are_no_threat() -> None:
    text = "Caracas called the voyage a threat by London"
    gbr, ven = Actor(id="GBR", sector="GOV"), Actor(id="VEN", sector="GOV")
    threat = event(text, "a threat by London", "THREATEN", [gbr], [ven])
    assert not ledger(report(after(0), text, threat, said(text, "a threat by London", "ACCUSE", [ven], [gbr]))).red_lines
    assert ledger(report(after(0), text, threat)).red_lines


# --- what answers what -----------------------------------------------------------------------------------------------


def test_an_attack_meets_no_demand_and_a_deed_toward_the_asker_none_that_is_aimed_at_others() -> None:
    ind, pak = Actor(id="IND", sector="GOV"), Actor(id="PAK", sector="GOV")
    text = "India demanded that Pakistan attack the gunmen and hand over their chief"
    asked = "attack the gunmen and hand over their chief"
    demand = report(
        after(0),
        text,
        said(text, asked, "DEMAND", [ind], [pak]),
        event(text, "attack the gunmen", "ASSAULT", [pak], realis="demanded"),
    )
    (entry,) = ledger(demand, deed(after(9), "Pakistan shot down a jet", "ASSAULT", pak, ind)).demands
    assert entry.status == "standing"


def test_a_refusal_of_the_demand_turns_down_no_offer() -> None:
    text = "Russia offered talks in a third country"
    offer = report(after(0), text, said(text, "talks in a third country", "OFFER", [RUS], [NATO]))
    refused = "NATO rejected the demand of Moscow"
    (entry,) = ledger(offer, report(after(0), refused, event(refused, refused, "REJECT", [NATO], [RUS]))).offers
    assert entry.status == "standing"


def test_ready_to_meet_but_only_is_an_offer_and_no_yes() -> None:
    text = "NATO was ready to move its foreign troops from the east, but only after talks"
    words = "ready to move its foreign troops from the east, but only after talks"
    agreed = event(text, words, "AGREE", [NATO], [RUS])
    (entry,) = ledger(ask(), report(after(5), text, agreed, said(text, words, "OFFER", [NATO], [RUS]))).demands
    assert entry.status == "standing"
    (entry,) = ledger(ask(), report(after(5), text, agreed)).demands
    assert entry.status == "partly met"


# --- predictions and denials -----------------------------------------------------------------------------------------

GUESS = "Washington said that Russia will probably attack the harbour"


def guess(text: str = GUESS) -> Report:
    return report(
        after(0),
        text,
        said(text, text[text.index("Russia") :], "PREDICT", [USA], [RUS]),
        event(text, "attack the harbour", "ASSAULT", [RUS], [UKR], mode="attack", realis="predicted"),
    )


@pytest.mark.parametrize(
    ("followed", "status", "brier"),
    [
        ([deed(after(100), "Russia shelled the harbour", "ASSAULT", RUS, UKR)], "came true", 0.0625),
        ([deed(after(100), "Russia shelled the coast", "ASSAULT", RUS, Actor(id="SYR"))], "open", None),
        ([deed(after(200), "Russia shelled the harbour", "ASSAULT", RUS, UKR)], "did not", 0.5625),
    ],
)
def test_a_forecast_without_a_day_runs_for_half_a_year(followed: list[Report], status: str, brier: float | None) -> None:
    (prediction,) = ledger(guess(), *followed).predictions
    assert (prediction.status, prediction.probability, prediction.brier, prediction.due) == (status, 0.75, brier, None)


def test_a_forecast_without_a_coded_event_is_read_from_its_words() -> None:
    text = "Such words invite Putin to attack"
    putin = Actor(id="RUS", sector="GOV", name="Vladimir Putin", span=at(text, "Putin"))
    told = report(after(0), text, said(text, text, "PREDICT", [UKR], [putin]))
    (prediction,) = ledger(told, deed(after(9), "Russia shelled the harbour", "ASSAULT", RUS, UKR)).predictions
    assert (prediction.foretold, prediction.status) == (("ASSAULT",), "came true")


def test_who_foresees_it_does_not_make_it_come_true() -> None:
    text = "Washington said that Russia will probably attack the harbour"
    foretold = report(
        after(0),
        text,
        said(text, text[text.index("Russia") :], "PREDICT", [USA], [RUS]),
        event(text, "attack the harbour", "ASSAULT", [USA, RUS], [UKR], mode="attack", realis="predicted"),
    )
    (prediction,) = ledger(foretold, deed(after(20), "An American jet crashed", "ASSAULT", USA, UKR)).predictions
    assert prediction.status == "open"


def test_a_hand_in_a_deed_is_not_the_deed() -> None:
    text = "Russia denied that it had a hand in the attack on the harbour"
    denied = report(
        after(0),
        text,
        said(text, "it had a hand in the attack on the harbour", "DENY", [RUS]),
        event(text, "the attack on the harbour", "ASSAULT", [RUS], [UKR], realis="denied"),
    )
    (denial,) = ledger(denied, deed(after(1), "Russia attacked the harbour", "ASSAULT", RUS, UKR)).denials
    assert denial.status == "standing"


def test_a_charge_that_is_only_repeated_contradicts_nothing() -> None:
    text = "Russia denied that it had shelled the coast"
    denial = report(
        after(0),
        text,
        said(text, "it had shelled the coast", "DENY", [RUS], [UKR]),
        event(text, "it had shelled the coast", "ASSAULT", [RUS], [UKR], realis="denied"),
    )
    charge = "Kyiv accused Russia of shelling the coast"
    again = report(
        after(4),
        charge,
        said(charge, "shelling the coast", "ACCUSE", [UKR], [RUS]),
        event(charge, "shelling the coast", "ASSAULT", [RUS], [UKR]),
    )
    told = deed(after(6), "Russian guns shelled the coast", "ASSAULT", RUS, UKR)
    assert [ledger(denial, *more).denials[0].status for more in ([again], [again, told])] == ["standing", "contradicted"]


# --- a deed must be the one meant ------------------------------------------------------------------------------------

DENIED = "Russia denied that it had shelled the hospital at Mirna"


def denial_of(text: str = DENIED, day: str = after(10)) -> Report:
    words = text[text.index("that ") + 5 :] if "that " in text else text[text.index("plans") :]
    return report(
        day,
        text,
        said(text, words, "DENY", [RUS], [UKR]),
        event(text, words, "ASSAULT", [RUS], [UKR], realis="denied"),
    )


@pytest.mark.parametrize(
    ("text", "more", "status"),
    [
        ("Russian guns shelled the hospital at Mirna", {"date": after(8)}, "contradicted"),
        ("Russian guns shelled the hospital at Mirna", {}, "contradicted"),
        ("Russian guns shelled the market at Osel", {"date": after(8)}, "standing"),  # another attack
        ("Russian guns shelled the hospital at Mirna", {"date": after(20)}, "standing"),  # a later one
        ("Russian guns shelled the hospital at Mirna", {"date": after(1)}, "standing"),  # one long before it
    ],
)
def test_a_denial_of_what_was_done_is_refuted_only_by_that_deed(text: str, more: dict[str, str], status: str) -> None:
    (denial,) = ledger(denial_of(), deed(after(14), text, "ASSAULT", RUS, UKR, **more)).denials
    assert denial.status == status


def test_a_plane_is_no_plan() -> None:
    downed = denial_of("Russia denied that it had shot down the plane over Mirna")
    (denial,) = ledger(downed, deed(after(14), "Russian guns shelled the market at Osel", "ASSAULT", RUS, UKR)).denials
    assert denial.status == "standing"


def test_a_denial_of_plans_is_refuted_by_the_deed_whatever_its_words() -> None:
    plans = denial_of("Russia denied plans to march on its neighbour")
    (denial,) = ledger(plans, deed(after(60), "Russian guns shelled the hospital at Mirna", "ASSAULT", RUS, UKR)).denials
    assert denial.status == "contradicted"


def test_denials_of_two_deeds_are_two_and_of_one_plan_one() -> None:
    market = denial_of("Russia denied that it had bombed the market of Osel", after(12))
    assert len(ledger(denial_of(), market).denials) == 2
    plans = [
        denial_of("Russia denied plans to march on its neighbour"),
        denial_of("Moscow denied plans to open a war", after(12)),
    ]
    assert len(ledger(*plans).denials) == 1


def line_of(text: str, condition: str, act: str = "THREATEN", *more: Event, by: Actor = USA) -> Report:
    words = text[text.index(" that ") + 6 :] if " that " in text else text
    return report(after(0), text, said(text, words, act, [by], [RUS], condition=at(text, condition)), *more)


@pytest.mark.parametrize(
    ("text", "to", "status"),
    [
        ("Russia bombed the docks of Ravna", UKR, "crossed"),  # in words of the condition
        ("Russia bombed a village in the hills", UKR, "standing"),
        ("Russia bombed a camp", USA, "crossed"),  # the threatener itself
    ],
)
def test_a_line_without_a_named_victim_is_crossed_where_its_words_say(text: str, to: Actor, status: str) -> None:
    drawn = line_of(
        "Washington warned that there would be war if Russia attacks the docks of Ravna", "attacks the docks of Ravna"
    )
    (line,) = ledger(drawn, deed(after(5), text, "ASSAULT", RUS, to)).red_lines
    assert line.status == status


def test_a_threat_is_enforced_in_its_own_kind() -> None:
    text = "Washington threatened sanctions if Russia attacks the docks"
    drawn = report(
        after(0),
        text,
        said(
            text,
            "sanctions if Russia attacks the docks",
            "THREATEN",
            [USA],
            [RUS],
            condition=at(text, "Russia attacks the docks"),
        ),
        event(text, "threatened sanctions", "THREATEN", [USA], [RUS], mode="sanction"),
    )
    crossing = deed(after(5), "Russia attacked the docks", "ASSAULT", RUS, UKR)
    shot = deed(after(8), "Washington shot down a drone", "ASSAULT", USA, RUS)
    froze = deed(after(9), "Washington froze funds", "SANCTION", USA, RUS)
    assert [ledger(drawn, crossing, reply).red_lines[0].status for reply in (shot, froze)] == ["crossed", "enforced"]


def test_the_announcement_is_not_the_enforcement() -> None:
    text = "Washington threatened to freeze the funds. On Friday it froze the funds of the bank."
    said_so = said(text, "to freeze the funds", "THREATEN", [USA], [RUS])
    froze = event(text, "it froze the funds of the bank", "SANCTION", [USA], [RUS], date=after(0))
    assert ledger(report(after(0), text, said_so, froze)).red_lines[0].status == "standing"
    assert ledger(report(after(0), text, said_so, froze), report(after(0), text[43:], event(text[43:], text[43:], "SANCTION", [USA], [RUS], date=after(0)))).red_lines[0].status == "enforced"  # fmt: skip


@pytest.mark.parametrize(
    ("text", "by", "drawn"),
    [
        ("He would remember those words", USA, False),
        ("He would retaliate", USA, True),
        ("A strike would follow any such step", Actor(id="USA", sector="ELI", name="Lee Moss", role="analyst"), False),
    ],
)
def test_what_makes_a_threat(text: str, by: Actor, drawn: bool) -> None:
    assert bool(ledger(report(after(0), text, said(text, text, "THREATEN", [by], [RUS]))).red_lines) is drawn


def test_what_goes_on_is_foreseen_by_everybody() -> None:
    text = "Washington said that Russia will go on shelling the harbour"
    told = report(
        after(0),
        text,
        said(text, "Russia will go on shelling the harbour", "PREDICT", [USA], [RUS]),
        event(text, "shelling the harbour", "ASSAULT", [RUS], [UKR], realis="predicted"),
    )
    (prediction,) = ledger(told, deed(after(2), "Russia shelled the harbour", "ASSAULT", RUS, UKR)).predictions
    assert prediction.status == "open"


def test_nobody_is_asked_for_the_asker_s_own_deed() -> None:
    text = "Russia demanded that NATO let its inspectors visit the base"
    asked = report(
        after(0),
        text,
        said(text, "let its inspectors visit the base", "DEMAND", [RUS], [NATO]),
        event(text, "visit the base", "CONSULT", [RUS], [NATO], mode="visit", realis="demanded"),
    )
    (demand,) = ledger(asked, deed(after(4), "Russia and NATO met in the old town", "CONSULT", RUS, NATO)).demands
    assert demand.status == "standing"


# --- shifts ----------------------------------------------------------------------------------------------------------


def test_a_sentence_that_tells_of_a_correction_makes_a_shift() -> None:
    text = (
        "A minor raid is one thing, Biden said on Wednesday. He thinks that they will come. "
        "The White House corrected the remark about a minor raid within hours. Any move is an invasion, it said."
    )
    told = report(
        after(0),
        text,
        said(text, "A minor raid is one thing", "ASSERT", [USA], [RUS]),
        said(text, "they will come", "PREDICT", [USA], [RUS]),
        said(text, "Any move is an invasion", "THREATEN", [USA], [RUS]),
    )
    (shift,) = ledger(told).shifts
    assert (shift.status, shift.words, shift.replaced_words) == (
        "linked",
        "Any move is an invasion",
        "A minor raid is one thing",
    )


def test_a_correction_in_another_report_needs_two_words_in_common_or_the_same_party_lately() -> None:
    remark = "The harbour is open to all ships"
    clear = "The harbour is closed to foreign ships"
    said_so = report(after(0), remark, said(remark, remark, "ASSERT", [USA]))
    for days, more, status in ((25, {}, "linked"), (35, {}, "unlinked")):
        corrected = report(after(days), clear, said(clear, clear, "CLARIFY", [USA], **more))
        assert ledger(said_so, corrected).shifts[0].status == status
    other = "No vessel may enter"
    aimed = report(after(0), remark, said(remark, remark, "ASSERT", [USA], [RUS]))
    for days, status in ((10, "linked"), (20, "unlinked")):
        assert ledger(aimed, report(after(days), other, said(other, other, "CLARIFY", [USA], [RUS]))).shifts[0].status == status


# --- order -----------------------------------------------------------------------------------------------------------


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(6)))
def test_the_order_of_reports_of_one_day_does_not_matter(order: list[int]) -> None:
    reports = [
        ask(),
        deed(after(0), "NATO refused to move its troops", "REJECT", NATO, RUS),
        deed(after(0), "NATO agreed to thin out its troops", "AGREE", NATO, RUS),
        report(after(0), THREAT, said(THREAT, THREAT, "THREATEN", [USA], [RUS])),
        deed(after(1), "Russia shelled the harbour", "ASSAULT", RUS, UKR),
        deed(after(1), "Washington froze funds", "SANCTION", USA, RUS),
    ]
    assert ledger(*(reports[place] for place in order)) == ledger(*reports)
