"""Tension over a record, and its arrow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from melian.analysis.tension import LEAST, WINDOWS, Tension, tension
from melian.codebook import event_types, quad
from melian.crisis.questions.filters import Filters
from melian.crisis.record import rows, schema
from melian.errors import DateError
from melian.records import Actor, CodedDocument, Document, Event
from melian.views.sentences import trend_of
from melian.views.situations import situation
from melian.views.wording import event_line

START = date(2022, 1, 3)  # a Monday
BY_QUAD = {quad(kind): kind for kind in event_types()}
FIGHT, THREAT = BY_QUAD["material conflict"], BY_QUAD["verbal conflict"]
HELP, TALK = BY_QUAD["material cooperation"], BY_QUAD["verbal cooperation"]
TEXT = "It was so."
Happened = tuple[str, int | None, bool]
"""A type, the day after the start (None: unknown), and whether it is told as fact."""


@pytest.fixture(scope="module")
def empty() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    schema.create(connection)
    yield connection
    connection.close()


def fill(
    connection: duckdb.DuckDBPyConnection,
    happened: Sequence[Happened],
    reported: Sequence[int],
    source: str = "RUS",
    target: str = "UKR",
) -> None:
    """Make the record hold these incidents, each one telling, and an empty report on each of the days."""
    for table in ("documents", "origins", "coded_events", "incidents"):
        connection.execute(f"DELETE FROM {table}")
    put(connection, happened, reported, source, target)


def put(
    connection: duckdb.DuckDBPyConnection,
    happened: Sequence[Happened],
    reported: Sequence[int],
    source: str = "RUS",
    target: str = "UKR",
) -> None:
    pairs = []
    for number, day in enumerate(reported):
        told = str(START + timedelta(days=day))
        document = Document(
            doc_id=f"r{number}", text=TEXT, title=f"{source} {number} {told}", published=told, published_from="given"
        )
        pairs.append((document, CodedDocument(doc_id=document.doc_id, published=told)))
    for number, (kind, after, fact) in enumerate(happened):
        event = record(kind, after, fact, source, target)
        document = Document(doc_id=f"h{number}", text=TEXT, title=f"{source} {target} {number}", published_from="none")
        pairs.append((document, CodedDocument(doc_id=document.doc_id, events=(event,))))
    rows.add(connection, pairs)
    connection.execute("DELETE FROM incidents")
    connection.execute(
        "INSERT INTO incidents BY NAME SELECT id, type, mode, source, target, first, last, dated, place, place_country, "
        "(realis = 'actual')::INTEGER AS confirmed, (realis <> 'actual')::INTEGER AS denied, 1 AS tellings, 1 AS documents, "
        "1 AS sources, CAST([] AS VARCHAR[]) AS confirmed_by, CAST([] AS VARCHAR[]) AS denied_by, id AS event, 1.0 AS score FROM events"
    )


def record(kind: str, after: int | None, fact: bool, source: str = "RUS", target: str = "UKR") -> Event:
    return Event(
        type=kind,
        source=(Actor(id=source),),
        target=(Actor(id=target),),
        date=None if after is None else str(START + timedelta(days=after)),
        realis="actual" if fact else "denied",
        evidence=(0, len(TEXT)),
    )


def values(found: Tension) -> dict[date, float]:
    return {period.first: period.tension for period in found.periods if period.tension is not None}


def day(after: int) -> date:
    return START + timedelta(days=after)


def test_a_record_without_reports_has_no_periods(empty: duckdb.DuckDBPyConnection) -> None:
    fill(empty, [], [])
    assert tension(empty) == Tension("day", ())


def test_a_record_without_a_dated_incident_has_periods_and_no_values(empty: duckdb.DuckDBPyConnection) -> None:
    fill(empty, [(FIGHT, None, True)] * 5, [0, 4])
    found = tension(empty)
    assert [period.first for period in found.periods] == [day(n) for n in range(5)]
    assert values(found) == {}
    assert [period.reports for period in found.periods] == [1, 0, 0, 0, 1]


def test_fewer_than_three_incidents_give_no_value(empty: duckdb.DuckDBPyConnection) -> None:
    fill(empty, [(FIGHT, 0, True), (FIGHT, 2, True), (TALK, 4, True)], [0, 12])
    found = tension(empty)
    assert [period.window for period in found.periods] == [1, 1, 2, 2, 3, 3, 3, 2, 2, 1, 1, 0, 0]
    assert list(values(found)) == [day(4), day(5), day(6)]


@pytest.mark.parametrize(
    ("kinds", "value"),
    [
        ([FIGHT] * 3, 1.0),
        ([THREAT] * 3, 1.0),
        ([HELP, TALK, TALK], -1.0),
        ([FIGHT, HELP, THREAT, TALK], 0.0),
        ([FIGHT, TALK, TALK], 0.0),  # a deed counts two words
        ([FIGHT, FIGHT, TALK], 0.6),
    ],
)
def test_tension_is_the_share_of_conflict_less_that_of_cooperation(
    empty: duckdb.DuckDBPyConnection, kinds: list[str], value: float
) -> None:
    fill(empty, [(kind, 0, True) for kind in kinds], [0])
    assert values(tension(empty)) == {START: pytest.approx(value)}


def test_what_is_only_denied_does_not_count(empty: duckdb.DuckDBPyConnection) -> None:
    fill(empty, [(FIGHT, 0, False)] * 3 + [(TALK, 0, True)] * 3, [0])
    assert values(tension(empty)) == {START: -1.0}


def test_more_reports_alone_do_not_raise_tension(empty: duckdb.DuckDBPyConnection) -> None:
    happened = [(FIGHT, 0, True), (TALK, 0, True), (THREAT, 0, True)]
    fill(empty, happened, [0])
    few = tension(empty)
    fill(empty, happened, [0] * 30)
    many = tension(empty)
    assert values(few) == values(many)
    assert (few.periods[0].reports, many.periods[0].reports) == (1, 30)


@pytest.mark.parametrize(
    ("days", "unit"), [(0, "day"), (150, "day"), (151, "week"), (3 * 366, "week"), (3 * 366 + 1, "month"), (9000, "month")]
)
def test_the_unit_goes_by_the_span_and_no_period_is_missing(empty: duckdb.DuckDBPyConnection, days: int, unit: str) -> None:
    fill(empty, [], [0, days])
    found = tension(empty)
    assert found.unit == unit
    firsts = [period.first for period in found.periods]
    assert firsts[0] <= START
    assert firsts[-1] <= day(days)
    least, most = {"day": (1, 1), "week": (7, 7), "month": (28, 31)}[unit]
    assert all(least <= (after - before).days <= most for before, after in pairwise(firsts))
    assert sum(period.reports for period in found.periods) == 2


def test_filters_narrow_parties_and_time(empty: duckdb.DuckDBPyConnection) -> None:
    fill(empty, [(FIGHT, 0, True)] * 3, [0, 9])
    put(empty, [(TALK, 8, True)] * 3, [], "USA", "IRN")
    assert set(values(tension(empty, Filters(who="RUS"))).values()) == {1.0}
    assert set(values(tension(empty, Filters(who="Ukraine"))).values()) == {1.0}  # done to it
    assert set(values(tension(empty, Filters(who="Iran", whom="USA"))).values()) == {-1.0}
    assert values(tension(empty, Filters(who="RUS", whom="IRN"))) == {}
    assert [period.first for period in tension(empty, Filters(until=str(day(3)))).periods] == [START]
    assert tension(empty, Filters(since="2023")) == Tension("day", ())
    with pytest.raises(DateError):
        tension(empty, Filters(since="2022-02-30"))


HAPPENED = st.lists(st.tuples(st.sampled_from(event_types()), st.integers(-20, 140) | st.none(), st.booleans()), max_size=40)


@settings(deadline=None, max_examples=15)
@given(HAPPENED, st.integers(0, 60))
def test_a_value_does_not_depend_on_where_the_drawing_begins(
    empty: duckdb.DuckDBPyConnection, happened: list[Happened], since: int
) -> None:
    fill(empty, happened, range(0, 100, 3))
    whole = {period.first: period for period in tension(empty).periods}
    part = tension(empty, Filters(since=str(day(since)))).periods
    assert part
    assert all(whole[period.first] == period for period in part)


@settings(deadline=None, max_examples=15)
@given(HAPPENED, st.randoms())
def test_tension_does_not_depend_on_the_order_of_incidents(
    empty: duckdb.DuckDBPyConnection, happened: list[Happened], random
) -> None:  # type: ignore[no-untyped-def]
    reported = list(range(0, 120, 7))
    fill(empty, happened, reported)
    found = tension(empty)
    shuffled = random.sample(happened, len(happened))
    fill(empty, shuffled, reported[::-1])
    assert tension(empty) == found
    for period in found.periods:
        assert period.window >= period.incidents
        assert (period.tension is None) == (period.window < LEAST)
        assert period.tension is None or -1 <= period.tension <= 1
    facts = [after for _, after, fact in happened if fact and after is not None]
    assert sum(period.incidents for period in found.periods) == sum(0 <= after <= reported[-1] for after in facts)
    for number, period in enumerate(found.periods):
        assert period.window == sum(number - WINDOWS["day"] < after <= number for after in facts)


@settings(deadline=None, max_examples=15)
@given(HAPPENED, st.sampled_from([30, 139, 200]))
def test_the_arrow_of_a_record_is_that_of_its_facts(
    empty: duckdb.DuckDBPyConnection, happened: list[Happened], end: int
) -> None:
    """A record looks at its last months only; the arrow is that of all that it tells."""
    fill(empty, happened, [0, end])
    arrow = situation(empty)
    facts = [(quad(record(kind, after, fact).type), day(after)) for kind, after, fact in happened if fact and after is not None]
    told = trend_of([(kind, on) for kind, on in facts if on <= day(end)])
    assert (arrow.direction, arrow.reason) == (told.direction, told.reason)


@pytest.mark.parametrize(
    ("before", "now", "direction"), [(TALK, FIGHT, "worse"), (FIGHT, TALK, "better"), (THREAT, THREAT, "same")]
)
def test_the_arrow_points_where_things_went(empty: duckdb.DuckDBPyConnection, before: str, now: str, direction: str) -> None:
    fill(empty, [*((before, n, True) for n in range(10)), *((now, n, True) for n in range(20, 25))], [0, 24])
    assert situation(empty).direction == direction


@pytest.mark.parametrize(("retreat", "told"), [(4, ["ASSAULT", "RETREAT"]), (2, ["ASSAULT"])])
def test_the_lead_tells_what_was_given_up_after_the_gravest_deed(
    empty: duckdb.DuckDBPyConnection, retreat: int, told: list[str]
) -> None:
    fill(empty, [("ASSAULT", 3, True), ("RETREAT", retreat, True)], [0, 6])
    lines = ["".join(fragment.text for fragment in sentence) for sentence in situation(empty).sentences]
    lines_of = {"ASSAULT": event_line(record("ASSAULT", 3, True)), "RETREAT": event_line(record("RETREAT", retreat, True))}
    assert [kind for line in lines for kind, words in lines_of.items() if words in line] == told


def test_no_arrow_without_dated_incidents(empty: duckdb.DuckDBPyConnection) -> None:
    fill(empty, [(FIGHT, None, True)], [0])
    found = situation(empty)
    assert found.direction is None
    assert found.reason
    fill(empty, [], [])
    assert situation(empty).direction is None
