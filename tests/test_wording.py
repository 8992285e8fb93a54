"""What people read: headings of reports, capitals of names, lines without a party on both sides."""

from __future__ import annotations

import pytest

from melian.records import Actor, Event, Statement
from melian.views.headings import UNTITLED, heading
from melian.views.lines import entry_line
from melian.views.names import capitals, place_name
from melian.views.sentences import trend_of
from melian.views.wording import event_line, parties, people, statement_line

USA, UKR, RUS = Actor(id="USA"), Actor(id="UKR"), Actor(id="RUS")
BIDEN = Actor(id="USA", name="Joe Biden")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("KYIV, Feb 24, 2022 (Melian example wire) — Russia invaded Ukraine on Thursday.\n\nMore.", "Russia invaded Ukraine on Thursday"),
        ("WASHINGTON/MOSCOW, 30 December 2021 (A wire)\n\nBiden and Putin spoke on Thursday.", "Biden and Putin spoke on Thursday"),
        ("WASHINGTON/BELGRADE, 27 August 2022 - Potomac Report\n\nSerbia agreed to drop papers.", "Serbia agreed to drop papers"),
        ("ANALYSIS\nCounting troops: is Russia really pulling back?\nA wire, 16 February 2022", "Counting troops: is Russia really pulling back?"),
        ("Serbs to lift blockade after meeting\n\nRASKA, 29 December 2022 (An agency)\n\nMore.", "Serbs to lift blockade after meeting"),
        ("n1", "n1"),
        (" \n ", UNTITLED),
    ],
)  # fmt: skip
def test_a_report_without_a_title_is_called_by_its_first_headline_or_sentence(text: str, told: str) -> None:
    assert heading({"title": None, "opening": text}) == told
    assert heading({"title": " A  title ", "opening": text}) == "A title"


@pytest.mark.parametrize(
    ("name", "said"), [("The West", "the West"), ("the West", "the West"), ("Joe Biden", "Joe Biden (the West)")]
)
def test_a_party_under_its_own_name_is_told_once(name: str, said: str) -> None:
    assert people([Actor(id="WEST", name=name)]).replace("(West)", "(the West)") == said


def test_a_long_heading_is_cut_between_words() -> None:
    told = heading({"title": None, "text": "The presidents of " + "many countries and " * 20 + "met."})
    assert len(told) <= 92
    assert told.endswith(" …")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("svr director", "SVR director"),
        ("head of chechnya", "head of Chechnya"),
        ("ambassador to united states", "ambassador to United States"),
        ("137 ukrainians", "137 Ukrainians"),
        ("nato secretary general", "NATO secretary general"),
        ("u.s. secretary of state", "U.S. secretary of state"),
        ("people who ask us", "people who ask us"),
        ("Vladimir Putin", "Vladimir Putin"),
    ],
)
def test_names_within_a_phrase_get_their_capitals(given: str, told: str) -> None:
    assert capitals(given) == told


def test_places_do_not_shout() -> None:
    places = {"KYIV": "Kyiv", "NEW DELHI": "New Delhi", "GENEVA": "Geneva", "UK": "UK", "Kyiv": "Kyiv", None: ""}
    assert {place: place_name(place) for place in places} == places


def test_nobody_does_a_thing_to_himself() -> None:
    everyone = (USA, UKR, RUS)
    refused = Event(type="REJECT", mode="refuse", source=everyone, target=everyone, evidence=(0, 1))
    assert event_line(refused) == "The United States, Ukraine and Russia refused"
    met = Event(type="CONSULT", mode="meeting", source=everyone, target=everyone, evidence=(0, 1))
    assert event_line(met) == "The United States, Ukraine and Russia met"
    assert event_line(Event(type="REQUEST", mode="appeal", source=(UKR,), target=(UKR,), evidence=(0, 1))) == "Ukraine appealed"
    fought = Event(type="ASSAULT", mode=None, source=(RUS, UKR), target=(UKR,), evidence=(0, 1))
    assert event_line(fought) == "Russia attacked Ukraine"
    blank = dict.fromkeys(("sector", "name", "role", "country", "start", "stop"))
    by, to = ([{**blank, "id": party} for party in side] for side in (("UKR", "USA"), ("UKR", "RUS")))
    row = {"kind": "demand", "condition": None, "by": by, "to": to}
    assert entry_line(row) == "Ukraine and the United States made a demand of Russia"
    assert entry_line({**row, "kind": "prediction"}).endswith("made a forecast about Ukraine and Russia")


def test_people_of_one_party_may_speak_to_each_other() -> None:
    aide = Actor(id="USA", name="Antony Blinken")
    said = Statement(act="APPEAL", speaker=(BIDEN,), addressee=(aide, USA, BIDEN), content=(0, 1))
    assert statement_line(said) == "Joe Biden (United States) appealed, to Antony Blinken (United States)"


def test_the_allies_are_named_once() -> None:
    allies = Actor(id="ALLIES", name="allies")
    assert people((allies,)) == "the allies"
    assert parties((allies, Actor(id=None, name="Allies"))) == "the allies"


def test_numbers_in_sentences_have_separators() -> None:
    from datetime import date

    placed = [("verbal conflict", date(2022, 1, 21))] * 1200 + [("verbal conflict", date(2022, 1, 3))] * 1100
    assert "1,200 of 1,200 incidents told as fact" in trend_of(placed).reason
    assert "1,100 of 1,100" in trend_of(placed).reason
