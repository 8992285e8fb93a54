"""The tables of incidents are those of a build from scratch, however the reports came."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise, permutations

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from incident_world import GBR, IRN, RUS, UKR, USA, Report, event, find_copies, put, record, report, said, state

from melian.crisis.incidents import update
from melian.crisis.record import rows

START = date(2019, 7, 1)
PARTIES = (IRN, GBR, USA, RUS, UKR)
DEEDS = (
    ("COERCE", "seize", "seized the tanker Corvane Star"),
    ("COERCE", "seize", "captured a British ship near the strait"),
    ("ASSAULT", "attack", "shot down a drone over the strait"),
    ("CONSULT", "talks", "held talks in Vienna about the ship"),
    ("ACCUSE", "criticise", "condemned the seizure as piracy"),
)
OUTLETS = ("Capstan Daily", "Delta Post", "The Delta Post", "Levant Monitor", None)


def one_each(told: list[Report]) -> list[Report]:
    """Reports of the same words and day are one document, whatever was coded: only the first of them counts."""
    return list({rows.document_id(document): (document, coded) for document, coded in reversed(told)}.values())


def days(offset: int) -> str:
    return (START + timedelta(days=offset)).isoformat()


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """A report of one to three events, some days old or undated, one of them perhaps denied."""
    published = draw(st.integers(0, 12))
    told = draw(st.lists(st.sampled_from(DEEDS), min_size=1, max_size=3, unique=True))
    text = ". ".join(f"On that day they {words}" for _, _, words in told) + f". Number {draw(st.integers(0, 2))}."
    found = []
    for kind, mode, words in told:
        back = draw(st.integers(0, 6))
        when = draw(st.sampled_from([None, days(published - back), f"{days(published - back)}/{days(published)}", "2019-07"]))
        number = draw(st.sampled_from([None, (23, "crew"), (20, "sailors"), (3, "boats")]))
        place = draw(st.sampled_from([None, "Strait of Hormuz", "Vienna"]))
        denied = draw(st.integers(0, 5)) == 0
        parties = draw(st.permutations(PARTIES))[:2]
        found.append(
            event(
                text, words, kind, parties[:1], parties[1:], mode=mode, date=when, place=place, number=number,
                realis="denied" if denied else draw(st.sampled_from(["actual", "actual", "actual", "planned"])),
            )
        )  # fmt: skip
        if denied:
            found.append(said(text, words, "DENY", parties[:1]))
    return report(draw(st.sampled_from([days(published), days(published), None])), draw(st.sampled_from(OUTLETS)), text, *found)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(reports(), min_size=2, max_size=14).map(one_each), st.randoms(use_true_random=False), st.data())
def test_any_order_and_any_batches_give_one_record(told: list[Report], random, data: st.DataObject) -> None:
    with record() as whole:
        put(whole, told)
        expected = state(whole)
    shuffled = list(told)
    random.shuffle(shuffled)
    cuts = sorted(data.draw(st.sets(st.integers(1, len(told)), max_size=3)) | {0, len(told)})
    with record() as parts:
        for start, stop in pairwise(cuts):
            put(parts, shuffled[start:stop])
        assert state(parts) == expected


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(reports(), min_size=3, max_size=10).map(one_each), st.data())
def test_what_is_taken_away_leaves_no_trace(told: list[Report], data: st.DataObject) -> None:
    taken = data.draw(st.integers(0, len(told) - 1))
    with record() as without:
        put(without, told)
        (gone,) = without.execute("SELECT id FROM documents WHERE id IN (SELECT doc FROM origins) ORDER BY id OFFSET ? LIMIT 1",
                                  [taken % without.execute("SELECT count(*) FROM documents").fetchone()[0]]).fetchone()  # fmt: skip
        without.execute("INSERT INTO rejected SELECT id FROM coded_events WHERE doc = ?", [gone])
        update(without, [gone])
        kept = state(without)
        rejected = without.execute("FROM rejected").fetchall()
    with record() as never:
        new = rows.add(never, told)
        never.executemany("INSERT INTO rejected VALUES (?)", rejected or [(0,)])
        find_copies(never)
        update(never, new)
        assert state(never) == kept


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(reports(), min_size=3, max_size=10).map(one_each), st.data())
def test_what_people_say_counts_the_same_whenever_it_is_said(told: list[Report], data: st.DataObject) -> None:
    with record() as whole:
        put(whole, told)
        events = [row[0] for row in whole.execute("SELECT id FROM events ORDER BY id").fetchall()]
        pairs = st.lists(
            st.tuples(st.sampled_from(events), st.sampled_from(events)).filter(lambda pair: pair[0] < pair[1]), max_size=3
        )
        said_ = [("joined", data.draw(pairs)), ("parted", data.draw(pairs))]
        say(whole, said_)
        expected = state(whole)
    cut = data.draw(st.integers(0, len(told)))
    with record() as parts:
        put(parts, told[:cut])
        say(parts, said_)
        put(parts, told[cut:])
        assert state(parts) == expected


def say(connection: duckdb.DuckDBPyConnection, links: list[tuple[str, list[tuple[int, int]]]]) -> None:
    """Join and part events, those that are in the record and those that are not yet."""
    for table, pairs in links:
        for pair in pairs:
            connection.execute(f"INSERT INTO {table} VALUES (?, ?)", list(pair))
    linked = [event for _, pairs in links for pair in pairs for event in pair]
    found = connection.execute("SELECT DISTINCT doc FROM events WHERE list_contains(?::UBIGINT[], id)", [linked]).fetchall()
    update(connection, [row[0] for row in found])


def test_updating_twice_changes_nothing() -> None:
    text = "Iran seized the tanker Corvane Star on Friday"
    told = [
        report(days(n), f"outlet {n}", text, event(text, text, "COERCE", [IRN], [GBR], mode="seize", date=days(0)))
        for n in range(3)
    ]
    with record() as connection:
        new = put(connection, told)
        before = state(connection)
        update(connection, new)
        update(connection, new[:1])
        assert state(connection) == before


def test_every_order_of_a_few_reports_gives_one_record() -> None:
    texts = (
        "Iran seized the tanker Corvane Star on Friday",
        "the tanker Corvane Star was captured",
        "Iran took the ship in July",
    )
    dates = (days(2), None, "2019-07")
    told = [
        report(days(3 + n), f"Outlet {n}", text, event(text, text, "COERCE", [IRN], [GBR], mode="seize", date=when))
        for n, (text, when) in enumerate(zip(texts, dates, strict=True))
    ]
    states = []
    for order in permutations(told):
        with record() as connection:
            for one in order:
                put(connection, [one])
            states.append(state(connection))
    assert all(each == states[0] for each in states)
    assert len(states[0][0]) == 1
