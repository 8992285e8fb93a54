"""The drawings: well-formed, without script or inline style, and with the shape that says how exactly a place is known."""

from __future__ import annotations

import re
from datetime import date, timedelta
from importlib.resources import files
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from melian.analysis.tension import LEAST, Period, Tension
from melian.charts.map import Cluster, Spot, locate, map_chart, outlines
from melian.charts.matrix import Pair, matrix_chart
from melian.charts.network import network_chart, ties
from melian.charts.svg import NARROW, WIDE, letters, link, steps
from melian.charts.tension import tension_chart
from melian.charts.timeline import Column, latest, placed, timeline_chart

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
    parsed(map_chart([Spot(row[0], row[1], row[2]) for row in rows], lambda cluster: cluster.members[0].spot.place))


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
    parties = min(14, count + 1) if count else 0
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


def test_a_matrix_draws_every_pair_of_its_parties_and_names_its_numbers_with_separators() -> None:
    pairs = [Pair(a, b, 1200, 7) for a in "ABCDEFGH" for b in "ABCDEFGH" if a != b]
    for most, width in ((14, WIDE), (7, NARROW)):
        root = parsed(matrix_chart(pairs, str, lambda who, whom: f"/{who}{whom}", most, width))
        drawn = min(most, 8)
        assert len(list(root.iter(SVG + "a"))) == drawn * (drawn - 1)
        assert float(root.get("width", 0)) <= width
    wide = parsed(matrix_chart(pairs, str, lambda who, whom: None))
    assert "A toward B: 1,200 cooperation, 7 conflict" in [each.text for each in wide.iter(SVG + "title")]
    assert "1,200" in texts(wide)


def test_a_network_draws_the_strongest_ties_as_wide_as_they_are_and_no_party_without_one() -> None:
    pairs = [Pair("A", "B", 100, 0), Pair("B", "A", 0, 50), Pair("B", "C", 10, 0), Pair("C", "D", 1, 0)]
    assert [(tie.one, tie.other, tie.incidents) for tie in ties(pairs)] == [("A", "B", 150), ("B", "C", 10), ("C", "D", 1)]
    root = parsed(network_chart(pairs, str, lambda party: None, lines=2))
    assert sorted(text for text in texts(root) if text) == ["A", "B", "C"]
    widths = sorted(float(line.get("stroke-width", 0)) for line in root.iter(SVG + "line"))
    assert widths == pytest.approx([1.2, 6, 12])


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("count", range(1, 15))
def test_names_in_a_network_neither_leave_it_nor_lie_on_each_other(count: int, width: int) -> None:
    pairs = [Pair(f"{n:02}", f"{(n + 1) % (count + 1):02}", 5, 1) for n in range(count + 1)]
    root = parsed(network_chart(pairs, lambda party: f"Saint Vincent {party}", lambda party: None, width=width))
    boxes = []
    for text in root.iter(SVG + "text"):
        wide, x, y = 1.06 * letters(text.text or ""), float(text.get("x", 0)), float(text.get("y", 0))
        left = x - {"start": 0, "middle": wide / 2, "end": wide}[text.get("text-anchor", "start")]
        boxes.append((left, y - 10, left + wide, y + 3))
    assert all(box[0] >= 0 and box[2] <= width for box in boxes)
    for number, one in enumerate(boxes):
        assert not [o for o in boxes[:number] if one[0] < o[2] and o[0] < one[2] and one[1] < o[3] and o[1] < one[3]]


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


def days_of(*numbers: int) -> list[Column]:
    return [Column(f"day {number}", {"material conflict": 1}, f"/{number}", number) for number in numbers]


def test_days_without_an_incident_keep_their_place_and_long_stretches_are_cut_out_and_named() -> None:
    at = placed(days_of(10, 11, 15, 16, 100))
    assert at.slots == (0, 1, 5, 6, 9)
    assert at.cuts == ((7, 83),)
    root = parsed(timeline_chart(days_of(10, 11, 15, 16, 100), "day"))
    bars = [float(bar.get("x", 0)) for bar in root.findall(".//*[@class='quad material-conflict']")]
    steps_between = [after - before for before, after in pairwise(bars)]
    assert steps_between[1] == pytest.approx(4 * steps_between[0], abs=0.1)
    assert len(root.findall(".//*[@class='cut']")) == 1
    assert "83 days without an incident, cut out" in [each.text for each in root.iter(SVG + "title")]


@given(st.lists(st.integers(0, 400), unique=True, min_size=1), st.integers(1, 60))
def test_the_latest_columns_are_those_that_have_room(numbers: list[int], most: int) -> None:
    columns = days_of(*sorted(numbers))
    kept = latest(columns, most)
    assert kept
    assert list(kept) == columns[-len(kept) :]
    assert placed(kept).total <= max(1, most)
    if len(kept) < len(columns):
        assert placed(columns[-len(kept) - 1 :]).total > most


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_numbers_stand_where_they_are_on_the_axis(width: int) -> None:
    """Zero on the line between the halves, the same scale up and down, thousands with separators."""
    columns = [Column("a", {"material conflict": 20_000, "verbal conflict": 8000}), Column("b", {"verbal cooperation": 9000})]
    root = parsed(timeline_chart(columns, width=width))
    at = {}
    for text in root.iter(SVG + "text"):
        if (text.text or "").replace(",", "").isdigit():
            at.setdefault(text.text, []).append(float(text.get("y", 0)))
    assert sorted(at) == ["0", "10,000", "20,000"]
    (zero,), (ten,), (twenty,) = at["0"], at["10,000"], at["20,000"]
    assert zero - ten == pytest.approx(ten - twenty, abs=0.1)
    bar = root.find(".//*[@class='quad material-conflict']")
    assert bar is not None
    assert float(bar.get("height", 0)) == pytest.approx(zero - twenty, abs=0.1)
    assert "a: 20,000 material conflict, 8,000 verbal conflict" in [each.text for each in root.iter(SVG + "title")]


@given(st.integers(1, 10**9), st.integers(1, 8))
def test_marks_of_an_axis_are_round_and_few(most: int, wanted: int) -> None:
    marks = steps(most, wanted)
    assert marks
    assert marks == list(range(marks[0], most + 1, marks[0]))
    assert str(marks[0]).strip("0") in ("1", "2", "5")
    assert len(marks) <= 2 * wanted + 2


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("count", [1, 2, 7, 40, 120])
def test_no_text_of_an_axis_leaves_the_drawing_or_lies_on_another(count: int, width: int) -> None:
    first = date(2022, 1, 1)
    periods = tuple(Period(first + timedelta(days=n), 0.5, LEAST, 1, 1000) for n in range(count))
    columns = [Column(f"{n}–{n + 6} January 2022", {"verbal conflict": 90_000}, None, n) for n in range(count)]
    for svg in (tension_chart(Tension("day", periods), lambda period: None, width), timeline_chart(columns, "week", width)):
        rows: dict[str, list[tuple[float, float]]] = {}
        for text in parsed(svg).iter(SVG + "text"):
            wide, x = letters(text.text or ""), float(text.get("x", 0))
            left = x - {"start": 0, "middle": wide / 2, "end": wide}[text.get("text-anchor", "start")]
            rows.setdefault(text.get("y", ""), []).append((left, left + wide))
        for spans in rows.values():
            assert all(left >= 0 and right <= width for left, right in spans)
            assert all(before[1] < after[0] for before, after in pairwise(sorted(spans)))


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
    for wide, high in ((WIDE, 560), (NARROW, 336)):
        clusters: list[Cluster] = []
        root = parsed(map_chart(spots, clusters.append, wide))  # type: ignore[arg-type]
        width, height = float(root.get("width", 0)), float(root.get("height", 0))
        assert width == wide
        assert wide / 5 < height <= high + 0.01
        found = points(root)
        assert len(found) == len(clusters)
        assert sum(len(cluster.members) for cluster in clusters) == len(spots)
        assert all(0 < x < width and 0 < y < height for x, y in found)


def test_the_pacific_lies_in_the_middle_where_marks_stand_on_both_its_shores() -> None:
    """Not at both ends of a map of the whole world."""
    root = parsed(map_chart([Spot("Suva", "FJI", 1), Spot("Honolulu", "USA", 1)], lambda spot: None))
    (honolulu, _), (suva, _) = sorted(points(root), reverse=True)
    assert 0 < honolulu - suva < WIDE
    assert locate(Spot("Honolulu", "USA", 1)).lon < 0 < locate(Spot("Suva", "FJI", 1)).lon  # type: ignore[union-attr]
    assert len(root.findall(".//*[@class='land']")) < 20  # two shores, no more


def test_larger_marks_are_more_incidents() -> None:
    root = parsed(map_chart([Spot("Kyiv", "UKR", 1), Spot("Moscow", "RUS", 9)], lambda cluster: cluster.members[0].spot.place))
    sizes = {each.get("href"): float(each.find("*[@class='mark point']").get("r")) for each in root.iter(SVG + "a")}  # type: ignore
    assert sizes["Moscow"] > sizes["Kyiv"]


def test_a_mark_is_split_by_conflict_and_cooperation() -> None:
    spots = [Spot("Brasilia", "BRA", 3, 0), Spot("Kyiv", "UKR", 4, 3), Spot(None, "CHN", 2, 2)]
    root = parsed(map_chart(spots, lambda cluster: cluster.members[0].spot.country))
    arcs = {
        a.get("href"): [part.get("class") for part in a if "conflict" in part.get("class", "")] for a in root.iter(SVG + "a")
    }
    assert arcs == {"BRA": [], "UKR": ["arc conflict"], "CHN": ["part conflict"]}
    kyiv = next(a for a in root.iter(SVG + "a") if a.get("href") == "UKR")
    assert kyiv.find("*[@class='arc conflict']").get("stroke-dasharray") == "75 200"  # type: ignore[union-attr]
    assert kyiv.findtext(SVG + "title") == "Kyiv, Ukraine: 4 incidents, 3 conflict and 1 cooperation"


def test_places_that_would_lie_on_each_other_are_one_mark_with_their_number() -> None:
    far = [Spot("Tokyo", "JPN", 5), Spot("Buenos Aires", "ARG", 5)]  # so that the map shows the world
    spots = [*far, Spot("Kyiv", "UKR", 40, 10), Spot("Irpin", "UKR", 7, 7), Spot("Bucha", "UKR", 3, 3)]
    clusters: list[Cluster] = []
    root = parsed(map_chart(spots, clusters.append))  # type: ignore[arg-type]
    assert [len(cluster.members) for cluster in clusters] == [3, 1, 1]
    assert (clusters[0].incidents, clusters[0].conflict) == (50, 20)
    assert "Kyiv, Ukraine and 2 places near it: 50 incidents, 20 conflict and 30 cooperation" in [
        each.text for each in root.iter(SVG + "title")
    ]
    assert "Kyiv +2" in texts(root)


def test_names_on_the_map_do_not_lie_on_each_other() -> None:
    towns = (
        "Kyiv",
        "Moscow",
        "Minsk",
        "Warsaw",
        "Vilnius",
        "Riga",
        "Berlin",
        "Prague",
        "Vienna",
        "Budapest",
        "Paris",
        "Brussels",
        "Rome",
    )
    spots = [Spot(town, None, 100 - number) for number, town in enumerate(towns)]
    boxes = []
    for text in parsed(map_chart(spots, lambda cluster: None)).iter(SVG + "text"):
        x, y = float(text.get("x", 0)), float(text.get("y", 0))
        boxes.append((x, y - 11, x + letters(text.text or ""), y + 3))
    assert len(boxes) > 8
    for number, one in enumerate(boxes):
        assert not [o for o in boxes[:number] if one[0] < o[2] and o[0] < one[2] and one[1] < o[3] and o[1] < one[3]]


def test_the_country_of_a_place_is_the_gazetteers_where_none_is_told() -> None:
    told = [("Washington", "USA"), ("Tehran", "IRN"), ("Iraq", "IRQ"), ("Black Sea", None)]
    assert [(place, locate(Spot(place, None, 1)).spot.country) for place, _ in told] == told  # type: ignore[union-attr]


def test_the_looks_take_the_colours_of_the_page() -> None:
    """Else the drawings keep the colours of light paper on dark."""
    charts = files("melian.charts").joinpath("charts.css").read_text()
    page = files("melian.report").joinpath("page.css").read_text()
    for name in set(re.findall(r"var\(--(?!c-)([a-z-]+)", charts)):
        assert page.count(f"--{name}:") >= 3, name  # light, dark and print
