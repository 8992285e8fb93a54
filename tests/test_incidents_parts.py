"""The parts that incidents are made of: what is compared, who meets whom, likeness, days, clusters, and the benchmark's sets."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from incident_world import GBR, IRN, event, find_copies, put, record, report

from benchmarks.incidents import SETS, read_set, scores
from melian.codebook import event_types, modes
from melian.crisis.incidents import likeness, marking, pairing
from melian.crisis.incidents.clusters import Pairs, clusters
from melian.crisis.incidents.keys import LONG, SHORT, kept_under, looked_up
from melian.crisis.incidents.marks import LOOK_BACK, day_number, mark, plain_place, story, unit_kind
from melian.crisis.record import rows

# --- what is compared -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "kind"),
    [
        ("soldiers", "people"),
        ("people killed", "killed"),
        ("killed", "killed"),
        ("bodies", "killed"),
        ("US dollars", "money"),
        ("ships", "ships"),
        ("sites", "sites"),
        (None, None),
    ],
)
def test_kinds_of_units(unit: str | None, kind: str | None) -> None:
    assert unit_kind(unit) == kind


@pytest.mark.parametrize(
    ("place", "plain"), [("The Hague", "hague"), ("São Paulo", "sao paulo"), ("SEVERODONETSK,", "severodonetsk"), ("", None)]
)
def test_plain_places(place: str, plain: str | None) -> None:
    assert plain_place(place) == plain


def row(**more: Any) -> dict[str, Any]:
    """A row of `events` as marks are made of it."""
    fields: dict[str, Any] = {
        "id": 1, "doc": 1, "type": "COERCE", "mode": "seize", "realis": "actual", "source": [], "target": [], "first": date(2019, 7, 19),
        "last": date(2019, 7, 19), "dated": True, "place": None, "place_country": None, "value": None, "unit": None, "start": 0, "stop": 9,
        "words": "a tanker was seized", "published": date(2019, 7, 20),
    }  # fmt: skip
    return fields | more


def test_an_undated_event_is_of_the_week_before_its_report() -> None:
    found = mark(row(dated=False))
    assert (found["last"] - found["first"], found["last"]) == (LOOK_BACK, day_number(date(2019, 7, 20)))


def test_this_month_ends_with_the_report() -> None:
    found = mark(row(first=date(2019, 7, 1), last=date(2019, 7, 31)))
    assert (found["first"], found["last"]) == (day_number(date(2019, 7, 1)), day_number(date(2019, 7, 20)))


def test_a_country_is_no_place_in_itself() -> None:
    assert mark(row(place="Iran", place_country="IRN"))["place"] is None
    assert mark(row(place="Bandar Abbas", place_country="IRN"))["place"] == "bandar abbas"


def test_loose_blocs_stand_for_their_members() -> None:
    west = {"id": "WEST", "name": None}
    assert {"WEST", "USA", "GBR"} <= set(mark(row(source=[west]))["source"])


def test_names_of_countries_and_days_are_no_words() -> None:
    assert story(None, "Iran, Iranian, on Friday in July") == []
    assert len(story("Corvane Star", "a tanker")) == 3


# --- who meets whom ---------------------------------------------------------------------------------------------------

WORDS = ["tanker", "drone", "strait", "Corvane", "crew"]
MARKS = st.builds(
    lambda kind, parties, first, length, dated, words, place: mark(
        row(
            type=kind,
            source=[{"id": parties[0], "name": None}],
            target=[{"id": parties[1], "name": None}],
            place=place,
            dated=dated,
            words=" ".join(words),
            published=date.fromordinal(first + length),
            first=date.fromordinal(first),
            last=date.fromordinal(first + length),
        )
    ),
    st.sampled_from(["COERCE", "ASSAULT", "CONSULT"]),
    st.permutations(["IRN", "GBR", "USA"]),
    st.integers(737000, 737900),
    st.sampled_from([0, 0, 6, 30, SHORT, 200, LONG + 5]),
    st.booleans(),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True),
    st.sampled_from([None, "Hormuz"]),
)


@given(MARKS, MARKS)
def test_whichever_comes_first_two_tellings_meet_alike(some: dict[str, Any], other: dict[str, Any]) -> None:
    if some["first"] <= other["last"] and other["first"] <= some["last"]:
        assert bool(looked_up(some) & kept_under(other)) == bool(looked_up(other) & kept_under(some))


@given(MARKS, MARKS)
def test_tellings_of_one_deed_and_day_meet(some: dict[str, Any], other: dict[str, Any]) -> None:
    short = all(each["last"] - each["first"] < SHORT for each in (some, other))
    same_time = some["first"] <= other["last"] and other["first"] <= some["last"]
    if short and same_time and some["type"] == other["type"] and set(some["source"]) & set(other["source"]):
        assert looked_up(some) & kept_under(other)


# --- likeness ---------------------------------------------------------------------------------------------------------


def test_likeness_is_the_same_from_either_side() -> None:
    texts = [
        "Iran seized a British tanker on Friday",
        "a tanker was captured in the strait, with 23 sailors",
        "Tehran took a ship",
    ]
    with record() as connection:
        told = [
            report(
                "2019-07-20",
                f"Outlet {n}",
                text,
                event(text, text, "COERCE", [IRN], [GBR][: n % 2], mode="seize", date=day, place=place),
            )
            for n, (text, day, place) in enumerate(
                zip(texts, ("2019-07-19", None, "2019-07"), ("Hormuz", None, "Gulf"), strict=True)
            )
        ]
        new = rows.add(connection, told)
        find_copies(connection)
        marking.remark(connection, new)
        pairing.find_candidates(connection)
        query = likeness.features_query()
        forward = {(f["a"], f["b"]): {**f, "a": 0, "b": 0} for f in rows.fetch(connection, query)}
        connection.execute("CREATE OR REPLACE TEMP TABLE incident_compared AS SELECT b AS a, a AS b FROM incident_compared")
        backward = {(f["b"], f["a"]): {**f, "a": 0, "b": 0} for f in rows.fetch(connection, query)}
        assert forward == backward
        assert len(forward) == 3
        assert all(0 <= value <= 1.2 for features in forward.values() for value in features.values())
        assert set(likeness.shipped().weights) <= set(next(iter(forward.values())))


def test_reasons_are_the_weightiest_first() -> None:
    model = likeness.Model(bias=0, weights={"same_mode": 2.0, "other_place": -0.5, "lag": -1.0}, joins=0.4, least=0.2)
    assert model.reasons({"same_mode": 1, "other_place": 1, "lag": 0}) == "same mode +2.0, other place −0.5"


# --- clusters ---------------------------------------------------------------------------------------------------------


def grouped(
    times: list[int], pairs: dict[tuple[int, int], int], joined: list[tuple[int, int]] | None = None,
    parted: list[tuple[int, int]] | None = None,
) -> list[int]:  # fmt: skip
    first, second = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    percent = np.array(list(pairs.values()), dtype=np.int64)
    return clusters(np.array(times), Pairs(first, second, percent), joined or [], parted or [], 40).tolist()


def test_average_linkage() -> None:
    chain = {(0, 1): 90, (1, 2): 60, (2, 3): 90}
    assert grouped([0] * 4, chain) == [0, 0, 2, 2]
    assert grouped([0] * 4, chain | {(0, 2): 50, (0, 3): 50, (1, 3): 50}) == [0, 0, 0, 0]


def test_tellings_of_other_times_are_not_put_together() -> None:
    assert grouped([0, 0, 1], {(0, 1): 90, (1, 2): 90}) == [0, 0, 2]


def test_by_hand_before_all() -> None:
    assert grouped([0, 1, 2], {}, joined=[(0, 2)]) == [0, 1, 0]
    assert grouped([0, 0, 0], {(0, 1): 90, (1, 2): 95, (0, 2): 90}, parted=[(1, 2)]) == [0, 0, 2]
    assert grouped([0, 0, 0], {}, joined=[(0, 1), (1, 2)], parted=[(0, 2)]) == [0, 0, 2]
    assert grouped([-1, 0, 0], {(1, 2): 90}, joined=[(0, 2)]) == [0, 0, 0]


PERCENTS = st.dictionaries(st.sampled_from(list(combinations(range(9), 2))), st.integers(25, 100), max_size=36)
SOME_PAIRS = st.lists(st.sampled_from(list(combinations(range(9), 2))), max_size=4)


@given(st.lists(st.integers(-1, 1), min_size=9, max_size=9), PERCENTS, SOME_PAIRS, SOME_PAIRS, st.permutations(range(9)))
def test_groups_keep_what_was_said_and_depend_on_nothing_else(
    times: list[int],
    pairs: dict[tuple[int, int], int],
    joined: list[tuple[int, int]],
    parted: list[tuple[int, int]],
    order: list[int],
) -> None:
    home = grouped(times, pairs, joined, parted)
    assert all(home[some] != home[other] for some, other in parted)
    if not parted:
        assert all(home[some] == home[other] for some, other in joined)
    shuffled = dict(sorted(pairs.items(), key=lambda item: order[item[0][0]]))
    assert grouped(times, shuffled, joined[::-1], parted[::-1]) == home
    linked = {number for pair in joined for number in pair}
    for some, other in combinations(range(9), 2):
        if home[some] == home[other] and not linked & {n for n in range(9) if home[n] == home[some]}:
            assert times[some] == times[other] >= 0


def test_of_very_many_tellings_the_likelier_pairs_count(monkeypatch: pytest.MonkeyPatch) -> None:
    close = {pair: 90 for block in (range(4), range(4, 8)) for pair in combinations(block, 2)}
    loose = {(some, other): 45 for some in range(4) for other in range(4, 8)}
    assert grouped([0] * 8, close | loose) == [0] * 8
    monkeypatch.setattr("melian.crisis.incidents.clusters.MOST", 5)
    assert grouped([0] * 8, close | loose) == [0] * 4 + [4] * 4
    same = dict.fromkeys(combinations(range(8), 2), 100)
    assert grouped([0] * 8, same) == [0] * 8
    assert grouped([0] * 8, same, parted=[(0, 1)]) == [0, 1] + [2] * 6


@given(PERCENTS)
def test_merging_is_that_of_the_likest_first(pairs: dict[tuple[int, int], int]) -> None:
    """Against average linkage written down plainly; where no two averages are equal the outcome is one."""
    groups = [[number] for number in range(9)]
    seen = set()
    while True:
        means = {}
        for some, other in combinations(range(len(groups)), 2):
            total = sum(pairs.get((min(a, b), max(a, b)), 0) for a in groups[some] for b in groups[other])
            means[some, other] = total / (len(groups[some]) * len(groups[other]))
        best = max(means.values(), default=0)
        if best < 40:
            break
        likest = [pair for pair, mean in means.items() if mean == best]
        assume(len(likest) == 1 and best not in seen)
        seen.add(best)
        some, other = likest[0]
        groups[some] += groups.pop(other)
    assert grouped([0] * 9, pairs) == [min(group) for number in range(9) for group in groups if number in group]


# --- the benchmark ----------------------------------------------------------------------------------------------------


def test_scores_of_a_grouping() -> None:
    gold = {1: "a", 2: "a", 3: "a", 4: "b"}
    assert scores(gold, {1: 1, 2: 1, 3: 3, 4: 4}).pairs == (1.0, pytest.approx(1 / 3), pytest.approx(0.5))
    perfect = scores(gold, {1: 1, 2: 1, 3: 1, 4: 4})
    assert (perfect.pairs, perfect.b_cubed) == ((1, 1, 1), (1, 1, 1))
    lumped = scores(gold, dict.fromkeys(gold, 1))
    assert lumped.b_cubed[:2] == (pytest.approx((3 * 3 / 4 + 1 / 4) / 4), 1)


@pytest.mark.parametrize("name", ["dev", "held_out"])
def test_sets_are_as_their_description_says(name: str) -> None:
    reports = read_set(SETS / f"{name}.jsonl")
    assert len({report["doc_id"] for report in reports}) == len(reports) >= 40
    assert len({report["crisis"] for report in reports}) == 5
    for each in reports:
        for told in each["marks"]:
            assert each["text"].count(told["words"]) == 1, told["words"]
            assert told["type"] in event_types()
            assert told["mode"] is None or told["mode"] in modes(told["type"])
            assert told["realis"] in ("actual", "denied")
            assert told["happening"].startswith(each["crisis"] + "/")


def test_the_held_out_crises_are_others() -> None:
    crises = [{report["crisis"] for report in read_set(SETS / f"{name}.jsonl")} for name in ("dev", "held_out")]
    assert not crises[0] & crises[1]


def test_the_clearest_of_the_own_set_are_found() -> None:
    """A wire report and its follow-up of the development set: the same talks in both, the next round apart."""
    told = {report["doc_id"]: report for report in read_set(SETS / "dev.jsonl")}
    from benchmarks.incidents import gold_case

    with record() as connection:
        put(connection, gold_case("", [told["wi-01"], told["wi-02"], told["wi-03"]]).pairs)
        talks = connection.execute("SELECT documents FROM incidents WHERE type = 'CONSULT' ORDER BY first").fetchall()
        assert talks[0] == (3,)
        assert len(talks) >= 2
