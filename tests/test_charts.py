"""The drawings: well-formed, without script or inline style, and with the shape that says how exactly a place is known."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from melian.analysis.tension import LEAST, Period, Tension
from melian.charts.map import WIDTH, Spot, locate, map_chart, outlines
from melian.charts.matrix import Pair, matrix_chart
from melian.charts.network import network_chart
from melian.charts.svg import link
from melian.charts.tension import tension_chart
from melian.charts.timeline import Column, timeline_chart

SVG = "{http://www.w3.org/2000/svg}"
NAMES = st.text(min_size=1, max_size=20)  # with control characters and halves of surrogates: texts hold such
HOSTILE = [
    "<script>x()</script>",
    "javascript:x()",
    '" onload="x()',
    "]]></svg>",
    "a & b",
    "\x00\x0b\ufffe",
    "{{ x }}",
    "\u2069\u202ex",
]


def parsed(svg: str) -> ElementTree.Element:
    root = ElementTree.fromstring(svg)
    assert root.find(SVG + "title") is not None
    assert root.find(SVG + "desc") is not None
    for each in root.iter():
        assert each.tag != SVG + "script"
        assert not [name for name in each.attrib if name == "style" or name.startswith("on")]
        assert not each.get("href", "").startswith("javascript:")
        assert each.tag != SVG + "a" or each.get("tabindex") == "-1"  # a page makes one of them the stop of the Tab key
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", svg)
    return root


def texts(root: ElementTree.Element) -> list[str]:
    return [each.text or "" for each in root.iter(SVG + "text")]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(NAMES, NAMES, st.integers(0, 99), st.integers(0, 99)), max_size=30))
@example([(name, other, 1, 2) for name in HOSTILE for other in HOSTILE])
def test_names_never_break_a_drawing(rows: list[tuple[str, str, int, int]]) -> None:
    pairs = [Pair(*row) for row in rows]
    parsed(matrix_chart(pairs, lambda party: party, lambda who, whom: f"/x?who={who}&whom={whom}"))
    parsed(network_chart(pairs, lambda party: party, lambda party: f"/p/{party}"))
    parsed(
        timeline_chart([Column(row[0], {"material conflict": row[2], "verbal cooperation": row[3]}, row[1]) for row in rows])
    )
    parsed(map_chart([Spot(row[0], row[1], row[2]) for row in rows], lambda spot: spot.place))


@pytest.mark.parametrize(
    "address", ["javascript:x()", "JavaScript:x()", "data:text/html,x", "java\tscript:x()", "\x01javascript:x()"]
)
def test_a_link_goes_to_no_script(address: str) -> None:
    assert "href" not in link(address, "here")


@pytest.mark.parametrize("address", ["/timeline?from=2022-01-21", "#e1", "http://127.0.0.1:8000/x", "party/RUS?at=10:30"])
def test_a_link_goes_to_pages(address: str) -> None:
    assert f'href="{address}"' in link(address, "here")


@pytest.mark.parametrize("count", [0, 1, 2, 60])
def test_each_drawing_of_none_one_and_many(count: int) -> None:
    pairs = [Pair(f"P{n:02}", f"P{n + 1:02}", n, 1) for n in range(count)]
    parties = min(12, count + 1) if count else 0
    matrix = parsed(matrix_chart(pairs, lambda party: f"Name of {party}", lambda who, whom: None))
    assert len([text for text in texts(matrix) if text.startswith("Name of")]) == 2 * parties
    network = parsed(network_chart(pairs, lambda party: f"Name of {party}", lambda party: None))
    assert len(network.findall(".//*[@class='node']")) == (min(14, count + 1) if count else 0)
    columns = [Column(f"c{n}", {"verbal conflict": n}, f"/c/{n}") for n in range(count)]
    timeline = parsed(timeline_chart(columns))
    assert [link.get("href") for link in timeline.iter(SVG + "a")] == [f"/c/{n}" for n in range(count)]
    assert len(timeline.findall(".//*[@class='quad verbal-conflict']")) == max(0, count - 1)


def test_a_matrix_tells_direction() -> None:
    root = parsed(matrix_chart([Pair("A", "B", 3, 0), Pair("B", "A", 0, 7)], str, lambda who, whom: f"/{who}/{whom}"))
    assert {each.get("href"): [text.text for text in each.iter(SVG + "text")] for each in root.iter(SVG + "a")} == {
        "/A/B": ["3"],
        "/B/A": ["7"],
    }


def test_a_network_does_not_depend_on_the_order_of_its_rows() -> None:
    pairs = [Pair(a, b, ord(a) % 3, ord(b) % 5) for a in "ABCDEF" for b in "ABCDEF" if a != b]
    drawn = [network_chart(rows, str, lambda party: None) for rows in (pairs, pairs[::-1])]
    assert drawn[0] == drawn[1]


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


def test_unknown_places_are_counted_and_not_drawn() -> None:
    root = parsed(map_chart([Spot("Nowheresville-on-Sea", None, 2), Spot("Kyiv", "UKR", 1)], lambda spot: None))
    told = root.findtext(SVG + "desc") or ""
    assert told.startswith("1 place is drawn.")
    assert told.endswith("1 place is not on the map.")
    assert "Nowheresville" not in ElementTree.tostring(root, encoding="unicode")


@pytest.mark.parametrize("code", sorted(outlines()))
def test_an_outline_never_jumps_across_the_map(code: str) -> None:
    for ring in outlines()[code]:
        for (lon, lat), (next_lon, next_lat) in pairwise((*ring, ring[0])):
            assert abs(lon - next_lon) < 180 or lat == next_lat == -90


PLACES = {
    "Suva": "FJI", "Honolulu": "USA", "Washington": "USA", "Beijing": "CHN", "Moscow": "RUS", "Anadyr": "RUS", "Pretoria": "ZAF",
    "Kyiv": "UKR", "Tokyo": "JPN", "Santiago": "CHL", "Ushuaia": "ARG",
}  # fmt: skip


def points(root: ElementTree.Element) -> list[tuple[float, float]]:
    """The middles of the marks."""
    out = []
    for mark in root.findall(".//*[@class]"):
        if mark.get("class", "").startswith("mark"):
            half = float(mark.get("width", 0)) / 2
            out.append((float(mark.get("cx") or mark.get("x", 0)) + half, float(mark.get("cy") or mark.get("y", 0)) + half))
    return out


@settings(deadline=None, max_examples=40)
@given(st.sets(st.sampled_from(sorted(PLACES)), min_size=1), st.sets(st.sampled_from(["FJI", "RUS", "ATA", "NZL", "CAN"])))
@example({"Suva", "Honolulu"}, set())
@example(set(PLACES), {"ATA"})
def test_all_marks_lie_in_view_and_the_view_is_one_world_at_most(places: set[str], countries: set[str]) -> None:
    spots = [*(Spot(place, PLACES[place], 1) for place in places), *(Spot(None, code, 1) for code in countries)]
    root = parsed(map_chart(spots, lambda spot: None))
    width, height = float(root.get("width", 0)), float(root.get("height", 0))
    assert width == WIDTH
    assert 150 < height <= 460
    found = points(root)
    assert len(found) == len(spots)
    assert all(0 < x < width and 0 < y < height for x, y in found)


def test_the_pacific_lies_in_the_middle_where_marks_stand_on_both_its_shores() -> None:
    """Not at both ends of a map of the whole world."""
    root = parsed(map_chart([Spot("Suva", "FJI", 1), Spot("Honolulu", "USA", 1)], lambda spot: None))
    (honolulu, _), (suva, _) = sorted(points(root), reverse=True)
    assert 0 < honolulu - suva < WIDTH
    assert locate(Spot("Honolulu", "USA", 1)).lon < 0 < locate(Spot("Suva", "FJI", 1)).lon  # type: ignore[union-attr]
    assert len(root.findall(".//*[@class='land']")) < 20  # two shores, no more


def test_larger_marks_are_more_incidents() -> None:
    root = parsed(map_chart([Spot("Kyiv", "UKR", 1), Spot("Moscow", "RUS", 9)], lambda spot: spot.place))
    sizes = {each.get("href"): float(each.find(SVG + "circle").get("r")) for each in root.iter(SVG + "a")}  # type: ignore
    assert sizes["Moscow"] > sizes["Kyiv"]
