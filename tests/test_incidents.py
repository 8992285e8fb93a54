"""Which tellings are one incident, what an incident says by all its tellings, and what people say before all."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest
from incident_world import GBR, IRN, RUS, UKR, USA, Report, event, groups, ids, incidents, put, record, report, said

from melian.crisis.incidents import update
from melian.records import Actor


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    return record()


def seizure(outlet: str | None, text: str, published: str = "2019-07-20", words: str | None = None, **more: Any) -> Report:
    """A report of one seizure of a ship, in its own words."""
    fields = {"mode": "seize", "date": "2019-07-19", "place": "Strait of Hormuz", **more}
    return report(published, outlet, text, event(text, words or text, "COERCE", [IRN], [GBR], **fields))


def shelling(outlet: str, published: str, date: str | None, text: str, **more: Any) -> Report:
    fields = {"mode": "shelling", "place": "Avdiivka", "place_country": "UKR", **more}
    return report(published, outlet, text, event(text, text, "ASSAULT", [RUS], [UKR], date=date, **fields))


# --- what is brought together -----------------------------------------------------------------------------------------


def test_one_happening_in_other_words_is_one_incident(connection: duckdb.DuckDBPyConnection) -> None:
    put(connection, [
        seizure("Capstan Daily", "Iran's Guards seized a British tanker in the strait on Friday"),
        seizure("Delta Post", "the tanker was captured by Tehran's forces on Friday evening", mode="seize", place=None),
        seizure("Levant Monitor", "Iranian commandos took the British-flagged tanker", "2019-07-21", date=None),
    ])  # fmt: skip
    (found,) = incidents(connection)
    assert (found["type"], found["mode"], found["tellings"], found["sources"]) == ("COERCE", "seize", 3, 3)
    assert [actor["id"] for actor in (*found["source"], *found["target"])] == ["IRN", "GBR"]
    assert (str(found["first"]), str(found["last"]), found["dated"]) == ("2019-07-19", "2019-07-19", True)
    assert found["place"] == "Strait of Hormuz"


def test_days_that_disagree_are_two_happenings(connection: duckdb.DuckDBPyConnection) -> None:
    text = "Russian guns shelled the town of Avdiivka"
    put(connection, [
        shelling("One", "2022-02-18", "2022-02-17", text),
        shelling("Two", "2022-02-18", "2022-02-17", text + " again"),
        shelling("Three", "2022-02-19", "2022-02-18", text + " once more"),
    ])  # fmt: skip
    assert [found["tellings"] for found in incidents(connection)].count(2) == 1
    assert len(groups(connection)) == 2


def test_an_undated_telling_goes_to_one_day_only(connection: duckdb.DuckDBPyConnection) -> None:
    put(connection, [
        shelling("One", "2022-02-17", "2022-02-17", "Russian guns shelled the kindergarten at Avdiivka"),
        shelling("Two", "2022-02-19", "2022-02-19", "Russian guns shelled the depot at Avdiivka"),
        shelling("Three", "2022-02-19", None, "Russian shells hit a kindergarten in Avdiivka"),
    ])  # fmt: skip
    assert sorted(len(group) for group in groups(connection)) == [1, 2]
    together = next(group for group in groups(connection) if len(group) == 2)
    assert all("kindergarten" in words or "depot" in words for words in together)


def test_a_later_report_that_gives_the_month_tells_the_same(connection: duckdb.DuckDBPyConnection) -> None:
    put(connection, [
        shelling("One", "2022-02-17", "2022-02-17", "Russian guns shelled the kindergarten at Avdiivka"),
        shelling("Two", "2022-03-20", "2022-02", "last month's shelling of the kindergarten at Avdiivka"),
    ])  # fmt: skip
    assert len(groups(connection)) == 1


def test_the_other_side_s_deed_is_another_happening(connection: duckdb.DuckDBPyConnection) -> None:
    one, two = "Iran seized a British tanker", "Britain seized an Iranian tanker"
    put(connection, [
        report("2019-07-19", "One", one, event(one, one, "COERCE", [IRN], [GBR], mode="seize", date="2019-07-19")),
        report("2019-07-19", "Two", two, event(two, two, "COERCE", [GBR], [IRN], mode="seize", date="2019-07-19")),
    ])  # fmt: skip
    assert len(groups(connection)) == 2


def test_two_deeds_of_one_report_stay_two(connection: duckdb.DuckDBPyConnection) -> None:
    text = "Iran seized a British tanker on Friday. Iran seized a second British tanker on Friday."
    first, second = text.split(". ")
    put(connection, [
        report("2019-07-19", "One", text,
               event(text, first, "COERCE", [IRN], [GBR], mode="seize", date="2019-07-19"),
               event(text, second, "COERCE", [IRN], [GBR], mode="seize", date="2019-07-19")),
    ])  # fmt: skip
    assert len(groups(connection)) == 2


@pytest.mark.parametrize("realis", ["planned", "conditional", "predicted", "demanded"])
def test_what_has_not_happened_is_no_incident(connection: duckdb.DuckDBPyConnection, realis: str) -> None:
    put(connection, [seizure("One", "Iran seized a tanker", realis=realis)])
    assert incidents(connection) == []


def test_reports_without_a_day_stand_alone(connection: duckdb.DuckDBPyConnection) -> None:
    text = "Iran seized a British tanker in the strait"
    put(connection, [
        report(None, outlet, f"{text} {outlet}", event(f"{text} {outlet}", text, "COERCE", [IRN], [GBR], mode="seize"))
        for outlet in ("One", "Two")
    ])  # fmt: skip
    assert [found["first"] for found in incidents(connection)] == [None, None]


# --- what an incident says --------------------------------------------------------------------------------------------


def test_numbers_that_differ_are_a_range(connection: duckdb.DuckDBPyConnection) -> None:
    told = ((100000, "soldiers"), (90000, "troops"), (95000, "troops"))
    texts = [f"Russia has massed {value} {unit} on the border" for value, unit in told]
    put(connection, [
        report("2022-01-20", f"Outlet {n}", text,
               event(text, text, "MOBILIZE", [RUS], [UKR], mode="troops", date="2022-01-19", number=number))
        for n, (text, number) in enumerate(zip(texts, told, strict=True))
    ])  # fmt: skip
    (found,) = incidents(connection)
    assert (found["low"], found["high"], found["unit"]) == (90000, 100000, "troops")


def test_a_denial_joins_the_deed_and_names_who_denies(connection: duckdb.DuckDBPyConnection) -> None:
    denial = "Tehran denied that its forces had seized a British tanker in the strait"
    words = "its forces had seized a British tanker in the strait"
    put(connection, [
        seizure("Capstan Daily", "Iran's Guards seized a British tanker in the strait on Friday"),
        report("2019-07-20", "Delta Post", denial,
               event(denial, words, "COERCE", [IRN], [GBR], mode="seize", date="2019-07-19", realis="denied"),
               said(denial, words, "DENY", [Actor(id="IRN", sector="GOV")])),
    ])  # fmt: skip
    (found,) = incidents(connection)
    assert (found["confirmed"], found["denied"]) == (1, 1)
    assert (found["confirmed_by"], found["denied_by"]) == (["Capstan Daily"], ["IRN"])


def test_what_is_only_denied_is_an_incident_of_denials(connection: duckdb.DuckDBPyConnection) -> None:
    text = "Moscow denied that it had shelled the town"
    put(connection, [
        report("2022-02-18", outlet, f"{text}, {outlet} wrote",
               event(text, "it had shelled the town", "ASSAULT", [RUS], [UKR], mode="shelling", realis="denied"))
        for outlet in ("One", "Two")
    ])  # fmt: skip
    (found,) = incidents(connection)
    assert (found["confirmed"], found["denied"], found["confirmed_by"], found["denied_by"]) == (0, 2, [], ["RUS"])


def test_who_is_cited_confirms_it(connection: duckdb.DuckDBPyConnection) -> None:
    text = "Russian guns shelled the town on Thursday, Ukraine's army said"
    words = text.split(",")[0]
    put(connection, [
        report("2022-02-18", "One", text,
               event(text, words, "ASSAULT", [RUS], [UKR], mode="shelling", date="2022-02-17"),
               said(text, words, "ACCUSE", [Actor(id="UKR", sector="MIL")])),
        shelling("Two", "2022-02-18", "2022-02-17", "Russian guns shelled the town on Thursday"),
    ])  # fmt: skip
    (found,) = incidents(connection)
    assert (found["confirmed_by"], found["sources"]) == (["Two", "UKR"], 2)


def test_one_outlet_its_copies_and_those_who_quote_it_are_one_source(connection: duckdb.DuckDBPyConnection) -> None:
    words = "Iran's Guards seized a British tanker in the strait on Friday"
    quoting = f"{words}, Capstan Daily reported"
    citing = f"According to the Capstan Daily, {words}"
    fields = {"mode": "seize", "date": "2019-07-19", "place": "Strait of Hormuz"}
    put(connection, [
        seizure("Capstan Daily", words),
        seizure("The Capstan Daily", f"{words}; the crew is safe", words=words),
        seizure("Reprint", words, "2019-07-21"),
        report("2019-07-20", "Delta Post", quoting, event(quoting, words, "COERCE", [IRN], [GBR], **fields),
               said(quoting, words, "ASSERT", [USA], reported_by="Capstan Daily")),
        report("2019-07-20", "Levant Monitor", citing, event(citing, words, "COERCE", [IRN], [GBR], **fields),
               said(citing, words, "ASSERT", [Actor(id=None, sector="MED", name="Capstan Daily")])),
    ])  # fmt: skip
    (found,) = incidents(connection)
    assert (found["tellings"], found["documents"], found["sources"]) == (5, 5, 1)
    assert found["confirmed_by"] == ["Capstan Daily", "Reprint", "USA"]


def test_reports_of_unknown_outlets_count_one_each(connection: duckdb.DuckDBPyConnection) -> None:
    words = "Iran's Guards seized a British tanker in the strait on Friday"
    put(connection, [seizure(None, words), seizure(None, f"{words} {words}", words=words + " ")])
    (found,) = incidents(connection)
    assert (found["tellings"], found["sources"], found["confirmed_by"]) == (2, 2, [])


def test_most_tellings_decide_what_it_was(connection: duckdb.DuckDBPyConnection) -> None:
    text = "Iran's Guards seized a British tanker in the strait on Friday"
    put(connection, [
        seizure("One", text, place="Strait of Hormuz"),
        seizure("Two", text + " evening", place="Strait of Hormuz"),
        seizure("Three", text + " night", place="Hormuz", mode="restrict"),
    ])  # fmt: skip
    (found,) = incidents(connection)
    assert (found["place"], found["mode"]) == ("Strait of Hormuz", "seize")


def test_the_fullest_telling_stands_for_the_incident(connection: duckdb.DuckDBPyConnection) -> None:
    text = "Iran's Guards seized a British tanker in the strait on Friday"
    put(connection, [
        seizure("One", text),
        seizure("Two", text + " with its crew of 23", number=(23, "crew")),
    ])  # fmt: skip
    (found,) = incidents(connection)
    assert found["event"] == ids(connection)["Two"]
    assert found["id"] == min(ids(connection).values())


def test_every_telling_says_why_it_is_there(connection: duckdb.DuckDBPyConnection) -> None:
    text = "Iran's Guards seized a British tanker in the strait on Friday"
    put(connection, [seizure("One", text), seizure("Two", text + " evening"), seizure("Copy", text, "2019-07-21")])
    told = connection.execute(
        "SELECT d.outlet, t.score, t.why FROM incident_tellings t JOIN documents d ON d.id = t.doc"
    ).fetchall()
    why = {outlet: (score, reason) for outlet, score, reason in told}
    assert 0.5 < why["Two"][0] <= 1
    assert why["Two"][1].startswith(f"like e{ids(connection)['One']:016x}: ")
    assert "same mode +" in why["Two"][1]
    assert why["Copy"] == (1, f"in a copy, with the same words as e{ids(connection)['One']:016x}")


# --- by hand ----------------------------------------------------------------------------------------------------------


def by_hand(connection: duckdb.DuckDBPyConnection, table: str, one: int, two: int) -> None:
    connection.execute(f"INSERT INTO {table} VALUES (?, ?)", [one, two])
    touched = connection.execute("SELECT DISTINCT doc FROM events WHERE id IN (?, ?)", [one, two]).fetchall()
    update(connection, [row[0] for row in touched])


DAYS = [
    shelling("One", "2022-02-18", "2022-02-17", "Russian guns shelled the town of Avdiivka on Thursday"),
    shelling("Two", "2022-02-19", "2022-02-18", "Russian guns shelled the town of Avdiivka on Friday"),
    shelling("Three", "2022-02-18", "2022-02-17", "On Thursday Russian guns shelled Avdiivka, a town"),
    shelling("Four", "2022-02-19", "2022-02-18", "On Friday Russian guns shelled Avdiivka, a town"),
]


def test_what_is_joined_by_hand_stays_together(connection: duckdb.DuckDBPyConnection) -> None:
    put(connection, DAYS[:2])
    by_hand(connection, "joined", ids(connection)["One"], ids(connection)["Two"])
    put(connection, DAYS[2:])
    assert [found["tellings"] for found in incidents(connection)] == [4]
    why = [row[0] for row in connection.execute("SELECT why FROM incident_tellings").fetchall()]
    assert all(reason.startswith("like") for reason in why)


def test_two_joined_by_hand_alone_say_so(connection: duckdb.DuckDBPyConnection) -> None:
    put(connection, DAYS[:2])
    by_hand(connection, "joined", ids(connection)["One"], ids(connection)["Two"])
    assert connection.execute("SELECT DISTINCT score, why FROM incident_tellings").fetchall() == [(1, "joined by hand")]
    (found,) = incidents(connection)
    assert (str(found["first"]), str(found["last"])) == ("2022-02-17", "2022-02-18")


def test_what_is_parted_by_hand_stays_apart(connection: duckdb.DuckDBPyConnection) -> None:
    put(connection, [DAYS[0], DAYS[2]])
    assert len(groups(connection)) == 1
    by_hand(connection, "parted", ids(connection)["One"], ids(connection)["Three"])
    more = [
        shelling(f"More {n}", "2022-02-18", "2022-02-17", f"Russian guns shelled the town of Avdiivka, {n}") for n in range(4)
    ]
    put(connection, more)
    home = dict(connection.execute("SELECT event, incident FROM incident_tellings").fetchall())
    assert home[ids(connection)["One"]] != home[ids(connection)["Three"]]


def test_taking_a_split_back_brings_them_together_again(connection: duckdb.DuckDBPyConnection) -> None:
    put(connection, [DAYS[0], DAYS[2]])
    one, two = ids(connection)["One"], ids(connection)["Three"]
    by_hand(connection, "parted", one, two)
    connection.execute("DELETE FROM parted")
    by_hand(connection, "joined", one, two)
    assert len(groups(connection)) == 1
    connection.execute("DELETE FROM joined")
    update(connection, [row[0] for row in connection.execute("SELECT id FROM documents").fetchall()])
    assert len(groups(connection)) == 1


def test_a_copy_parted_from_its_original_stands_by_itself(connection: duckdb.DuckDBPyConnection) -> None:
    text = "Russian guns shelled the town of Avdiivka on Thursday"
    put(connection, [shelling("One", "2022-02-18", "2022-02-17", text), shelling("Two", "2022-02-19", "2022-02-17", text)])
    assert len(groups(connection)) == 1
    by_hand(connection, "parted", ids(connection)["One"], ids(connection)["Two"])
    assert len(groups(connection)) == 2
