"""Places: the gazetteer, which words are a place, and which place they mean.

In the marked sentences `[words|name|ISO]` is a place that must be found with that name and country; `<words>` is one that
stands for a government; nothing else may be found.
"""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from melian.coding.places import PlaceMention, find_places, resolve
from melian.knowledge.gazetteer import candidates, fold, kilometres, longest

WORD = re.compile(r"\w+(?:[-'’.]\w+)*|[^\w\s]")
MARK = re.compile(r"\[([^|\]]+)\|([^|\]]+)\|([A-Z-]+)\]|<([^>]+)>")

SENTENCES = [
    # plain places
    "Talks were held in [Geneva|Geneva|CHE] on Friday.",
    "Shells fell on [Mariupol|Mariupol|UKR] and [Kharkiv|Kharkiv|UKR] overnight.",
    "The convoy left [Port-au-Prince|Port-au-Prince|HTI] for the border.",
    "Troops crossed from [Belarus|Belarus|BLR] into northern [Ukraine|Ukraine|UKR].",
    "Ships passed the [Strait of Hormuz|Strait of Hormuz|-] today.",
    "Inspectors returned to [Natanz|Natanz|IRN] last week.",
    "They met at [Camp David|Camp David|USA] in July.",
    "He was born in [St. Petersburg|Saint Petersburg|RUS] and lives in [London|London|GBR].",
    "Fighting spread through [Eastern Ghouta|Ghouta|SYR].",
    "Rebels seized [al-Bab|Al-Bab|SYR] near the border.",
    "[BEIRUT|Beirut|LBN] (AP) — Two people were killed.",
    "The envoy flew to the [U.S.|United States|USA] on Monday.",
    # other names and spellings
    "Protesters gathered in [Kiev|Kyiv|UKR].",
    "A bomb exploded in [Bombay|Mumbai|IND].",
    "Monks marched in [Rangoon|Yangon|MMR].",
    "The army left [Stepanakert|Stepanakert|AZE].",
    # "City, Region"
    "A factory in [Paris|Paris|USA], [Texas|Texas|USA], burned down.",
    "He lives in [Erie|Erie|USA], [PA|Pennsylvania|USA].",
    "The base is in [Tripoli|Tripoli|LBN], [Lebanon|Lebanon|LBN].",
    # context settles
    "[Tbilisi|Tbilisi|GEO] is the capital of [Georgia|Georgia|GEO].",
    "Storms hit [Alabama|Alabama|USA], [Florida|Florida|USA] and [Georgia|Georgia|USA].",
    "Officials looked at [Washington|Washington|USA], [Pennsylvania|Pennsylvania|USA] and [California|California|USA].",
    "Cases were seen in [Alberta|Alberta|CAN], [Ontario|Ontario|CAN] and [New Brunswick|New Brunswick|CAN].",
    "He drove to [Buffalo|Buffalo|USA], [New York|New York|USA], in the [United States|United States|USA].",
    "The flood reached [Norfolk|Norfolk|GBR], in the [United Kingdom|United Kingdom|GBR].",
    # no places
    "Jordan Smith met Mr. Houston at noon.",
    "Syrian and Turkish officials spoke.",
    "The Boston Globe praised Chelsea Clinton.",
    "Reading the note, he left in March.",
    "It was nice of them to give us more.",
    # governments
    "<Moscow> said it had no plans.",
    "<Washington> warned that sanctions would follow.",
    "<Beijing> has repeatedly accused the envoy.",
    "They dismissed <Tehran>'s demands.",
    "The <Kremlin> has amassed troops, and NATO met the <EU>.",
    "Officials in [Moscow|Moscow|RUS] said little.",
]


def find(text: str) -> tuple[PlaceMention, ...]:
    return find_places(text, [word.span() for word in WORD.finditer(text)])


@pytest.mark.parametrize("marked", SENTENCES)
def test_marked_sentences(marked: str) -> None:
    text = MARK.sub(lambda mark: mark[1] or mark[4], marked)
    mentions = find(text)
    shown = [(mention.words, mention.metonym) for mention in mentions]
    assert shown == [(mark[1] or mark[4], bool(mark[4])) for mark in MARK.finditer(marked)]
    for mention, mark in zip(mentions, MARK.finditer(marked), strict=True):
        if mark[1]:
            assert mention.place is not None
            assert (mention.place.name, mention.place.country or "-") == (mark[2], mark[3])


@pytest.mark.parametrize(
    ("name", "canonical", "country"),
    [
        ("Donbas", "Donbas", "UKR"),
        ("Golan Heights", "Golan Heights", "SYR"),
        ("Gaza Strip", "Gaza Strip", "PSE"),
        ("Guantánamo Bay", "Guantanamo Bay", "CUB"),
        ("Zaporizhzhia Nuclear Power Plant", "Zaporizhzhia nuclear plant", "UKR"),
        ("Panmunjom", "Panmunjom", "KOR"),
        ("DRC", "Democratic Republic of the Congo", "COD"),
        ("Mexico", "Mexico", "MEX"),
        ("New York", "New York City", "USA"),
        ("Washington", "Washington", "USA"),
        ("Falluja", "Fallujah", "IRQ"),
        ("Nowhereville-upon-Nothing", None, None),
    ],
)
def test_candidates(name: str, canonical: str | None, country: str | None) -> None:
    first = next(iter(candidates(name)), None)
    assert (first and first.name, first and first.country) == (canonical, country)


def test_candidates_are_ordered_and_complete() -> None:
    assert [place.country for place in candidates("Georgia")[:2]] == ["GEO", "USA"]
    assert {"FRA", "USA"} <= {place.country for place in candidates("Paris")}
    kyiv = candidates("Kyiv")[0]
    assert kyiv.kind == "capital"
    assert kyiv.population > 2_000_000
    assert kilometres((kyiv.lat, kyiv.lon), (50.45, 30.52)) < 10


@pytest.mark.parametrize(
    ("words", "start", "count"),
    [
        (["They", "saw", "New", "York", "City", "today"], 2, 3),
        (["Port", "-", "au", "-", "Prince", "fell"], 0, 5),
        (["Gulf", "of", "Aden", "pirates"], 0, 3),
        (["Paris", ",", "Texas"], 0, 1),
        (["zzz", "yyy"], 0, None),
    ],
)
def test_longest(words: list[str], start: int, count: int | None) -> None:
    found = longest(words, start)
    assert (found and found[0]) == count


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a Washington state farm", "admin1"),
        ("New York Governor Hochul", "admin1"),
        ("the state of Georgia", "admin1"),
        ("officials in Washington", "capital"),
    ],
)
def test_words_beside_a_name_say_that_it_is_a_region(text: str, kind: str) -> None:
    found = next(re.finditer(r"Washington|New York|Georgia", text))
    (mention,) = resolve(text, [found.span()])
    assert mention.place is not None
    assert mention.place.kind == kind


def test_gold_spans_are_resolved_in_the_order_given() -> None:
    text = "Paris, Texas, is far from Dallas. The Manila Cathedral is not."
    spans = [(26, 32), (7, 12), (0, 5), (38, 54)]
    assert [text[start:end] for start, end in spans] == ["Dallas", "Texas", "Paris", "Manila Cathedral"]
    places = [mention.place for mention in resolve(text, spans)]
    assert [place and (place.name, place.country) for place in places] == [
        ("Dallas", "USA"),
        ("Texas", "USA"),
        ("Paris", "USA"),
        ("Manila", "PHL"),
    ]


def test_the_models_probabilities_decide_where_they_are_given() -> None:
    text = "Yesterday Reading fell and Xyzzyville burned."
    words = [word.span() for word in WORD.finditer(text)]
    names = {"Reading", "Xyzzyville"}
    sure = find_places(text, words, [0.99 if text[start:end] in names else 0.01 for start, end in words])
    assert [(mention.words, mention.place is not None) for mention in sure] == [("Reading", True), ("Xyzzyville", False)]
    assert find_places(text, words, [0.01] * len(words)) == ()


@given(st.text(alphabet=st.sampled_from("Paris London Kyiv,. of the said U.S.-’\n(é"), max_size=80))
def test_spans_are_words_of_the_text_in_order(text: str) -> None:
    mentions = find(text)
    assert all(text[slice(*mention.span)] == mention.words for mention in mentions)
    assert all(left.span[1] <= right.span[0] for left, right in pairwise(mentions))


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing_that_is_looked_up(name: str) -> None:
    assert candidates(name) == candidates(name.upper().lower()) or not name.isascii()
    assert isinstance(fold(name), str)
