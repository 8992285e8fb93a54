"""The drawings: well-formed, without script or inline style, and with the shape that says how exactly a place is known."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from melian.analysis.tension import LEAST, Period, Tension
from melian.charts.map import Spot, locate, map_chart, outlines
from melian.charts.matrix import Pair, matrix_chart
from melian.charts.network import network_chart
from melian.charts.tension import tension_chart
from melian.charts.timeline import Column, timeline_chart

NAMES = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=20)


def parsed(svg: str) -> ElementTree.Element:
    assert "<script" not in svg
    assert " style=" not in svg
    root = ElementTree.fromstring(svg)
    assert root.find("{http://www.w3.org/2000/svg}title") is not None
    assert root.find("{http://www.w3.org/2000/svg}desc") is not None
    return root


@given(st.lists(st.tuples(NAMES, NAMES, st.integers(0, 99), st.integers(0, 99)), max_size=30))
def test_names_never_break_a_drawing(rows: list[tuple[str, str, int, int]]) -> None:
    pairs = [Pair(*row) for row in rows]
    parsed(matrix_chart(pairs, lambda party: party, lambda who, whom: f"/x?who={who}&whom={whom}"))
    parsed(network_chart(pairs, lambda party: party, lambda party: f"/p/{party}"))
    parsed(
        timeline_chart([Column(row[0], {"material conflict": row[2], "verbal cooperation": row[3]}, row[1]) for row in rows])
    )
    parsed(map_chart([Spot(row[0], None, row[2] + 1) for row in rows], lambda spot: spot.place))


@pytest.mark.parametrize("days", [0, 1, 90])
def test_tension_is_drawn_with_gaps_where_too_little_is_known(days: int) -> None:
    first = date(2022, 1, 1)
    periods = tuple(Period(first + timedelta(days=n), 0.5 if n % 10 else None, LEAST, 1, n % 4) for n in range(days))
    root = parsed(tension_chart(Tension("day", periods), lambda period: f"/timeline?from={period.first}"))
    dots = root.findall(".//{http://www.w3.org/2000/svg}circle")
    assert len(dots) == sum(period.tension is not None for period in periods)


@pytest.mark.parametrize(
    ("place", "country", "exactness"),
    [
        ("Kyiv", "UKR", "point"),
        ("White House", "USA", "point"),
        ("Donbas", "UKR", "region"),
        ("Black Sea", None, "region"),
        (None, "RUS", "country"),
        ("Ukraine", "UKR", "country"),
    ],
)
def test_a_mark_says_how_exactly_the_place_is_known(place: str | None, country: str | None, exactness: str) -> None:
    found = locate(Spot(place, country, 1))
    assert found is not None
    assert found.exactness == exactness
    marks = parsed(map_chart([Spot(place, country, 1)], lambda spot: None)).findall(".//*[@class='mark " + exactness + "']")
    assert [mark.tag.rpartition("}")[2] for mark in marks] == ["rect" if exactness == "country" else "circle"]


def test_an_unknown_place_is_counted_and_not_drawn() -> None:
    svg = map_chart([Spot("Nowheresville-on-Sea", None, 2)], lambda spot: None)
    assert "1 places are not on the map" in svg or "1 place is not on the map" in svg


@pytest.mark.parametrize("code", ["RUS", "FJI", "USA"])
def test_outlines_stay_in_one_piece_over_the_180th_meridian(code: str) -> None:
    for ring in outlines()[code]:
        assert all(abs(a[0] - b[0]) < 180 for a, b in pairwise(ring))
