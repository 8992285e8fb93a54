"""Copies of one telling: which texts are, and that the clusters do not depend on how documents came in."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from melian.crisis.copies import update
from melian.crisis.copies.likeness import one_telling
from melian.crisis.copies.shingles import RUN, WINDOW, prints, shingled
from melian.crisis.record import schema
from melian.crisis.record.rows import add
from melian.records import CodedDocument, Document

PARTS = (
    "Two patrol boats of the Ardan navy fired warning shots at a Velian survey ship on Monday, the defence ministry said.",
    "The ministry said that the ship had entered waters which Ardan claims and had not answered four calls on the radio.",
    "Nobody was hurt, but the ship turned back to port with a broken mast.",
    'Velia\'s foreign minister called the shots a reckless provocation. "We shall not be driven from our own sea by gunfire," she said.',
    "The two countries have disputed the shelf, which is thought to hold gas, for more than thirty years.",
    "An exchange of prisoners that was planned for Friday will go ahead, officials of both sides said.",
)
STORY = " ".join(PARTS)
OTHER = (
    "Fishermen saw it from their boats: two grey vessels, a white ship, then smoke. By evening Velia had summoned the ambassador "
    "of Ardan. It was the worst clash since talks were broken off in January, and nobody on the quay believed that it would be the last."
)


def record() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    schema.create(connection)
    return connection


def report(text: str, day: str | None = "2022-05-02", outlet: str = "Harbour Post") -> Document:
    return Document(doc_id="", text=text, published=day, published_from="given" if day else "none", outlet=outlet)


def enter(connection: duckdb.DuckDBPyConnection, *documents: Document) -> list[int]:
    return add(connection, [(each, CodedDocument(doc_id="", published=each.published)) for each in documents])


def clusters(connection: duckdb.DuckDBPyConnection) -> dict[int, int]:
    return dict(connection.execute("FROM copies").fetchall())


def tellings(*documents: Document) -> tuple[list[int], dict[int, int]]:
    """The ids of the documents, and the copies among them."""
    connection = record()
    ids = enter(connection, *documents)
    update(connection, ids)
    return ids, clusters(connection)


# --- which texts are one telling -------------------------------------------------------------------------------------

NOTICE = (
    " Subscribe to our newsletter for more stories like this one. All rights reserved; no part may be copied without leave."
)


@pytest.mark.parametrize(
    "other",
    [
        STORY,
        STORY.upper().replace(". ", ".\n\n"),
        " ".join(PARTS[:2]),
        "Shots at sea: what is known\n\n" + STORY + NOTICE,
        STORY.replace("Monday", "Tuesday").replace("warning shots", "shots").replace("officials", "people"),
        " ".join((PARTS[0], *reversed(PARTS[1:]))),
        " ".join((*PARTS[:3], "The price of gas has doubled since spring, as this paper reported last week.", *PARTS[3:])),
        PARTS[0] + " " + " ".join(PARTS[2:]),
    ],
    ids=["equal", "shape", "shortened", "headline and notice", "few words", "reordered", "background put in", "cut within"],
)
def test_a_copy_is_a_copy(other: str) -> None:
    assert one_telling(shingled(STORY), shingled(other))
    assert one_telling(shingled(other), shingled(STORY))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (STORY, OTHER),
        (PARTS[3] + " " + PARTS[4], " ".join([OTHER] * 2) + " ".join(("So it is told here.", PARTS[3], PARTS[4], OTHER * 3))),
        (
            "Velia called up another class of reservists on Friday, and 4,000 men are to report within a week." + NOTICE,
            "Ardan's central bank raised its rate to 14 percent to stop the fall of the crown." + NOTICE,
        ),
        (
            "Air raid alert in the Ostra region: go to the shelters and wait",
            "Air raid alert in the Kolm region: stay at home tonight",
        ),
        ("Fire at Brod.", "Fire at Brod."),
        ("", ""),
    ],
    ids=["another hand", "quoted in a long report", "the same notice", "alerts", "a few words", "no words"],
)
def test_what_only_looks_like_one(one: str, other: str) -> None:
    assert not one_telling(shingled(one), shingled(other))
    assert not one_telling(shingled(other), shingled(one))


def test_the_beginning_of_a_long_report_is_a_copy_however_short() -> None:
    long = STORY + " ".join(
        f"Then came sentence number {number} of the long report, which says {number * 7}." for number in range(60)
    )
    start = " ".join(PARTS[:2])
    assert len(start.split()) < 0.1 * len(long.split())
    assert one_telling(shingled(start), shingled(long))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from("abcdefghij"), max_size=60), st.lists(st.sampled_from("klmnopqrst"), max_size=200), st.data())
def test_a_shared_passage_is_a_shared_fingerprint(own: list[str], others: list[str], data: st.DataObject) -> None:
    passage = [f"w{number}" for number in data.draw(st.permutations(range(RUN + WINDOW - 1)))]
    one = " ".join((*own, *passage, *own))
    other = " ".join((*others, *passage))
    assert set(prints(shingled(one))) & set(prints(shingled(other)))


# --- clusters --------------------------------------------------------------------------------------------------------


def test_the_earliest_stands_for_the_rest() -> None:
    ids, copies = tellings(
        report(STORY, None, "Undated"),
        report(STORY + NOTICE, "2022-05-03"),
        report(" ".join(PARTS[:4]), "2022-05-02"),
        report(OTHER, "2022-05-02"),
    )
    assert copies == dict.fromkeys(ids[:3], ids[2])


def test_of_the_same_day_the_least_id_stands_for_the_rest() -> None:
    ids, copies = tellings(*(report(STORY, outlet=outlet) for outlet in ("Herald", "Post", "Courier")))
    assert copies == dict.fromkeys(ids, min(ids))


@pytest.mark.parametrize("other", [STORY, STORY + NOTICE])
@pytest.mark.parametrize(("day", "within"), [("2022-05-09", True), ("2022-04-25", True), ("2022-05-10", False), (None, True)])
def test_copies_are_printed_within_a_week(other: str, day: str | None, within: bool) -> None:
    _, copies = tellings(report(STORY), report(other, day, "Herald"))
    assert bool(copies) == within


def test_a_document_between_two_clusters_makes_them_one() -> None:
    connection = record()
    apart = enter(connection, report(STORY, "2022-05-01"), report(STORY, "2022-05-02"), report(STORY, "2022-05-11", "Herald"),
                  report(STORY, "2022-05-12", "Herald"))  # fmt: skip
    assert update(connection, apart) == set(apart)
    assert len(set(clusters(connection).values())) == 2
    between = enter(connection, report(STORY, "2022-05-06", "Courier"))
    assert update(connection, between) == {*between, *apart[2:]}
    assert clusters(connection) == dict.fromkeys((*apart, *between), apart[0])


def test_a_day_that_was_wrong_parts_them() -> None:
    connection = record()
    ids = enter(connection, *(report(STORY, day, day) for day in ("2022-05-01", "2022-05-07", "2022-05-13")))
    update(connection, ids)
    assert len(clusters(connection)) == 3
    connection.execute("UPDATE documents SET published = DATE '2021-01-01' WHERE id = ?", [ids[1]])
    assert update(connection, ids[1:2]) == set(ids)
    assert clusters(connection) == {}
    connection.execute("UPDATE documents SET published = DATE '2022-05-08' WHERE id = ?", [ids[1]])
    assert update(connection, ids) == set(ids)
    assert clusters(connection) == dict.fromkeys(ids, ids[0])


def test_a_document_that_did_not_change_costs_nothing_and_changes_nothing() -> None:
    connection = record()
    ids = enter(connection, report(STORY), report(STORY + NOTICE))
    update(connection, ids)
    before = [connection.execute(f"FROM {table} ORDER BY ALL").fetchall() for table in ("copies", "copy_texts", "copy_prints")]
    assert update(connection, ids) == set()
    assert before == [
        connection.execute(f"FROM {table} ORDER BY ALL").fetchall() for table in ("copies", "copy_texts", "copy_prints")
    ]


def test_thousands_of_equal_texts_are_compared_once() -> None:
    outlets = [report(STORY, f"2022-05-{1 + number % 4:02d}", f"Outlet {number}") for number in range(2500)]
    connection = record()
    ids = enter(connection, *outlets)
    update(connection, ids)
    assert len(clusters(connection)) == 2500
    assert len(set(clusters(connection).values())) == 1
    assert connection.execute("SELECT count(DISTINCT text) FROM copy_prints").fetchone() == (4,)


# --- the same from any side ------------------------------------------------------------------------------------------

DAYS = ("2022-05-01", "2022-05-05", "2022-05-09", "2022-05-14", "2022-05-20", None)


def _variants(seed: int) -> list[Document]:
    draw = random.Random(seed)
    texts = [
        STORY,
        STORY + NOTICE,
        " ".join(PARTS[:3]),
        " ".join(PARTS[2:]),
        " ".join(PARTS[3:]),
        OTHER,
        OTHER + NOTICE,
        PARTS[0],
        "Fire at Brod.",
        "",
    ]
    return [report(draw.choice(texts), draw.choice(DAYS), draw.choice(("Post", "Herald"))) for _ in range(14)]


def _built(batches: Iterable[Sequence[Document]]) -> dict[int, int]:
    connection = record()
    for batch in batches:
        update(connection, enter(connection, *batch))
    return clusters(connection)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.randoms(use_true_random=False), st.integers(2, 6))
def test_clusters_do_not_depend_on_order_or_batches(seed: int, draw: random.Random, size: int) -> None:
    documents = _variants(seed)
    mixed = documents[:]
    draw.shuffle(mixed)
    assert _built([documents]) == _built(mixed[start : start + size] for start in range(0, len(mixed), size))


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.tuples(st.integers(0, 13), st.sampled_from(DAYS)), min_size=1, max_size=6))
def test_days_that_change_leave_what_a_new_build_gives(seed: int, changes: list[tuple[int, str | None]]) -> None:
    connection = record()
    update(connection, enter(connection, *_variants(seed)))
    ids = [row[0] for row in connection.execute("SELECT id FROM documents ORDER BY id").fetchall()]
    before = clusters(connection)
    told: set[int] = set()
    for place, day in changes:
        connection.execute("UPDATE documents SET published = CAST(? AS DATE) WHERE id = ?", [day, ids[place % len(ids)]])
        told |= update(connection, [ids[place % len(ids)]])
    kept = clusters(connection)
    assert {doc for doc in ids if before.get(doc) != kept.get(doc)} <= told
    for table in ("copies", "copy_texts", "copy_prints"):
        connection.execute(f"DELETE FROM {table}")
    update(connection, ids)
    assert clusters(connection) == kept
