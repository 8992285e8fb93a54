"""What the ledger reads from words alone: likeness, what a refusal refuses, how probable and how soon a forecast is, corrections."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from melian.crisis.ledger.claiming.claims import attacked, kinds_named, last_day_named
from melian.crisis.ledger.claiming.wording import (
    coded,
    corrects,
    forms,
    horizon,
    likeness,
    names_what_it_refuses,
    not_foreseen,
    probability,
    speaks_of_several,
    speaks_of_what_was_asked,
    turned_down,
)
from melian.crisis.ledger.standing.grouping import LIKE

SAME = [
    (
        "that the alliance rule out any further expansion to the east",
        "binding guarantees that the alliance would not expand to the east",
    ),
    (
        "any move of forces across the border will meet a swift and severe answer",
        "if forces move over the border, a swift and severe answer follows",
    ),
    ("to send its soldiers back to their barracks", "that the soldiers go back into barracks"),
]
DIFFERENT = [
    ("that the alliance rule out any further expansion to the east", "that the pipeline be certified at once"),
    ("to take concrete steps", "to take part in the talks"),
    ("to withdraw the troops from the border", "to release the crew of the tanker"),
]


@pytest.mark.parametrize(("some", "other"), SAME)
def test_the_same_in_new_words(some: str, other: str) -> None:
    assert likeness(coded(some), coded(other)) >= LIKE


@pytest.mark.parametrize(("some", "other"), DIFFERENT)
def test_something_else(some: str, other: str) -> None:
    assert likeness(coded(some), coded(other)) < LIKE


@given(st.text("abcdefg hij", max_size=40), st.text("abcdefg hij", max_size=40))
def test_likeness_is_a_share_and_has_no_direction(some: str, other: str) -> None:
    found = likeness(coded(some), coded(other))
    assert 0 <= found <= 1.0000001
    assert found == likeness(coded(other), coded(some))
    assert not coded(some) or likeness(coded(some), coded(some)) == pytest.approx(1)


@given(st.lists(st.sampled_from("troops withdraw expansion invaded allies treaty harbour shells".split()), max_size=5))
def test_texts_that_share_a_word_hold_one_of_its_forms(words: list[str]) -> None:
    text = " ".join(words)
    held = [
        form
        for form in forms("withdrawal of troops, expanding, an invasion, one ally, treaties, harbours, shelled")
        if form in text
    ]
    shared = set(coded(text)) & set(
        coded("withdrawal of troops, expanding, an invasion, one ally, treaties, harbours, shelled")
    )
    assert bool(held) or not shared


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("NATO rejected Moscow's demands", False),
        ("The minister turned the request down within hours", False),
        ("some of the proposals were unacceptable", False),
        ("The West said no", False),
        ("Sherman rejected that flatly", False),
        ("rejected the demand that its troops leave", True),
        ("refused to move its troops", True),
        ("rejects the statements of officials on who is to blame as an attempt to devalue its proposals", True),
    ],
)
def test_whether_a_refusal_says_what_it_refuses(words: str, named: bool) -> None:
    assert names_what_it_refuses(words) is named


def test_demands_as_such_and_how_many() -> None:
    assert speaks_of_what_was_asked("rejected its core demands")
    assert not speaks_of_what_was_asked("rejected the verdict")
    assert speaks_of_several("rejected its core demands")
    assert not speaks_of_several("rejected the demand")


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("an attack is almost certain", 0.93),
        ("it will probably rain", 0.75),
        ("a deal is unlikely", 0.3),
        ("a deal is highly unlikely", 0.07),
        ("there is a 70 percent chance of war", 0.7),
        ("they could attack", 0.5),
        ("talks resume in May", None),
        ("they will attack", None),
    ],
)
def test_words_of_estimative_probability(words: str, number: float | None) -> None:
    assert probability(words) == number


@pytest.mark.parametrize(
    ("words", "last"),
    [
        ("an attack within the next several days", "2022-01-31"),
        ("an attack within three weeks", "2022-02-07"),
        ("an attack in the coming months", "2023-01-18"),
        ("a deal this month", "2022-01-31"),
        ("a deal next month", "2022-02-28"),
        ("a deal this year", "2022-12-31"),
        ("a deal next year", "2023-12-31"),
        ("a deal", None),
    ],
)
def test_how_long_a_forecast_runs(words: str, last: str | None) -> None:
    found = horizon(words, date(2022, 1, 17).toordinal())
    assert (date.fromordinal(found).isoformat() if found else None) == last


@pytest.mark.parametrize(
    ("sentence", "is_one"),
    [
        ("The White House corrected the remark within hours.", True),
        ("Biden sought to take back the impression that he would tolerate it.", True),
        ("The minister walked back his comments on Tuesday.", True),
        ("Within hours his office walked the remark back.", True),
        ("The general corrected himself in the evening.", True),
        ("A spokesman played that down.", True),
        ("The troops walked back to the bridge.", False),
        ("The teacher corrected the exam papers.", False),
        ("He repeated the remark.", False),
    ],
)
def test_sentences_that_tell_of_a_correction(sentence: str, is_one: bool) -> None:
    assert corrects(sentence) is is_one


@pytest.mark.parametrize(
    ("words", "turned"),
    [
        ("rejected the ultimatum", "demand"),
        ("turned down the invitation to talks", "offer"),
        ("rejected the demands and the proposal", ""),
        ("said no", ""),
    ],
)
def test_what_a_refusal_calls_the_thing_refused(words: str, turned: str) -> None:
    assert turned_down(words) == turned


@pytest.mark.parametrize(
    ("words", "states"),
    [
        ("any armed attack on Philippine vessels", {"PHL"}),
        ("an invasion of Ukraine", {"UKR"}),
        ("if Russia attacks Ukraine", set()),  # who hits and who is hit is told by the clause
        ("further pressure on the bank", set()),
    ],
)
def test_whom_an_attack_is_on(words: str, states: set[str]) -> None:
    assert attacked(words) == states


@pytest.mark.parametrize(
    ("words", "last"),
    [
        ("the two sides will sign before September 1", "2022-09-01"),
        ("Russia would attack by Friday", "2022-01-21"),
        ("it would be as in 2014", None),
        ("a long war", None),
    ],
)
def test_the_last_day_that_a_forecast_names(words: str, last: str | None) -> None:
    found = last_day_named(words, date(2022, 1, 17).toordinal())
    assert (date.fromordinal(found).isoformat() if found else None) == last


@pytest.mark.parametrize(
    ("before", "negated"),
    [("Diplomats do not expect ", True), ("He didn't really think that ", True), ("Diplomats expect ", False)],
)
def test_what_is_not_foreseen(before: str, negated: bool) -> None:
    assert not_foreseen(before) is negated


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("if any forces move across the border", {"ASSAULT"}),
        ("should they launch another missile", {"MOBILIZE"}),
        ("if more sanctions follow", {"SANCTION"}),
        ("if it seizes the tanker or bombs the port", {"ASSAULT", "COERCE"}),
        ("if the weather holds", set()),
    ],
)
def test_what_a_condition_names(words: str, kinds: set[str]) -> None:
    assert kinds_named(words) == kinds
