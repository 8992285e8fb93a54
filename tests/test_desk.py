"""The desk's screens over a real server: what they show, filters, files, judging, the review queue."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from desk_site import TITLE, Client, Markup, add, leads_out, make_record, make_turned, serving
from report_sample import CODED, DOCUMENTS
from test_desk_security import pages_of

import melian
from melian.crisis.questions.filters import Filters
from melian.crisis.record import store
from melian.desk.routes import ROUTES
from melian.desk.snapshot import Live
from melian.views import series
from melian.views.spans import span_sql


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_record(tmp_path_factory.mktemp("record") / "geneva.crisis")


@pytest.fixture(scope="module")
def client(made: Path) -> Iterator[Client]:
    """A desk that is only read in these tests."""
    with serving(made) as access:
        yield Client(access.port)


@pytest.fixture
def own(made: Path, tmp_path: Path) -> Iterator[Client]:
    """A desk over a copy of the record that a test may change."""
    path = Path(shutil.copy(made, tmp_path / "own.crisis"))
    with serving(path) as access:
        yield Client(access.port)


def first_id(client: Client, table: str, **wanted: str) -> str:
    rows = json.loads(client.get(f"/tables/{table}.json").text)
    return str(next(row["id"] for row in rows if all(row[name] == value for name, value in wanted.items())))


def words(text: str) -> str:
    return " ".join(text.split())


SCREENS = [
    "/", "/ledger", "/ledger/demands", "/ledger/redlines", "/ledger/offers", "/ledger/predictions", "/ledger/denials",
    "/ledger/shifts", "/timeline", "/timeline?zoom=years", "/timeline?zoom=hours", "/timeline?zoom=weeks&who=RUS", "/parties", "/party/RUS",
    "/party/RUS?on=2022-01-21", "/map", "/sources", "/search", "/search?q=Ukraine", "/review", "/tables", "/tables/events",
    "/tables/statements", "/tables/incidents", "/review/agreement", "/tables/actors", "/tables/documents", "/tables/sources", "/tables/quarantine",
]  # fmt: skip


@pytest.mark.parametrize("path", SCREENS)
def test_every_screen_is_a_whole_page_with_one_heading_and_a_title(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status == 200
    page = Markup(answer.text)
    assert sum(tag == "h1" for tag, _ in page.elements) == 1
    assert TITLE in page.text
    assert [attributes["lang"] for tag, attributes in page.elements if tag == "html"] == ["en"]


def test_the_first_screen_says_things_in_their_order(client: Client) -> None:
    page = client.get("/").text
    order = ["What changed", "Standing demands", "Standing red lines", "Open predictions"]
    places = [page.index(heading) for heading in order]
    assert places == sorted(places)


def test_what_changed_is_counted_from_the_last_visit(own: Client, tmp_path: Path) -> None:
    assert "last 7 days of the record" in own.get("/").text
    name = next(cookie for cookie in own.cookies if cookie.startswith("melian-seen"))
    own.cookies[name] = "0.1640995200"  # a look on 1 Jan 2022, hence another visit
    page = words(own.get("/").text)
    assert "since your last visit" in page
    assert "1 Jan 2022, 00:00 UTC" in page
    assert "last 7 days of the record" in own.get("/?since=7days").text


def test_a_demand_stands_with_its_answers(client: Client) -> None:
    page = words(Markup(client.get("/ledger/demands").text).text)
    assert "rejected" in page
    assert "made a demand of NATO" in page


def test_evidence_shows_the_very_words_with_their_roles(client: Client) -> None:
    id_ = first_id(client, "statements", act="THREATEN")
    page = client.get(f"/evidence/{id_}").text
    marked = "".join(re.findall(r'<mark class="role [^"]*\bc\b[^"]*">([^<]*)</mark>', page))
    assert "if Russian forces invade Ukraine" in words(marked)
    labels = set(re.findall(r'<span class="label \w">(\w+)</span>', page))
    assert {"content", "condition", "speaker"} <= labels
    assert "90%" in page
    assert "head: attribution" in page


def test_time_and_place_are_marked_in_the_text(client: Client) -> None:
    rows = json.loads(client.get("/tables/events.json?type=CONSULT").text)
    page = client.get(f"/evidence/{rows[0]['id']}").text
    labels = dict(re.findall(r'<span class="label (\w)">\w+</span><mark class="role [^"]*">([^<]*)</mark>', page))
    assert labels["l"] == "Geneva"
    assert labels["d"] == "Friday"


def test_part_of_a_page_comes_without_its_frame(client: Client) -> None:
    id_ = first_id(client, "incidents", type="CONSULT")
    whole, part = client.get(f"/evidence/{id_}"), client.get(f"/evidence/{id_}", HX_Request="true", HX_Target="drawer-sheet")
    assert "<html" in whole.text
    assert "<html" not in part.text
    assert 'hx-target="#drawer-sheet"' in part.text
    assert part.headers["vary"] == "HX-Request"


def test_an_incident_has_its_tellings_and_a_report_its_readings(client: Client) -> None:
    incident = first_id(client, "incidents", type="CONSULT")
    assert "Tellings side by side" in client.get(f"/incident/{incident}").text
    document = first_id(client, "documents", title="Ninety minutes in Geneva")
    page = client.get(f"/document/{document}").text
    assert "parted after ninety minutes" in words(Markup(page).text)
    assert page.count('class="role x"') > 1


def test_ids_lead_to_what_they_are(client: Client) -> None:
    document = first_id(client, "documents")
    assert client.get(f"/evidence/{document}").headers["location"] == f"/document/{document}"
    event = first_id(client, "events")
    assert client.get(f"/entry/{event}").headers["location"] == f"/evidence/{event}"
    assert client.get("/evidence/e0000000000000000").status == 404
    assert client.get("/evidence/nonsense").status == 404


@pytest.mark.parametrize(
    "query", ["who=RUS", "from=2022-01-17&to=2022-01-23", "who=USA&type=CONSULT", "text=gone", "source=Harbour"]
)
def test_the_timeline_shows_the_very_rows_of_its_csv(client: Client, query: str) -> None:
    page = client.get(f"/timeline?zoom=days&{query}").text
    shown = set(re.findall(r'id="l-(i[0-9a-f]{16})"', page))
    file = client.get(f"/tables/incidents.csv?{query}")
    rows = list(csv.DictReader(io.StringIO(file.text)))
    assert {row["id"] for row in rows} == shown
    assert f"{len(rows)} incident" in page
    assert 'attachment; filename="melian-incidents.csv"' in file.headers["content-disposition"]


def test_the_timeline_goes_down_to_the_hours_of_the_first_reports(own: Client, tmp_path: Path) -> None:
    """Of one day's reports one gives no time, one a time whose day is another in Greenwich."""
    stamps = {"geneva": "2022-01-21T17:05:00Z", "war": "2022-02-26T23:40:00Z"}
    late = [
        msgspec.structs.replace(d, doc_id=f"x{d.doc_id}", title="Later", published_at=stamps.get(d.doc_id)) for d in DOCUMENTS
    ]
    add(tmp_path / "own.crisis", late, CODED)
    page = own.get("/timeline?zoom=hours").text
    assert "21 Jan 2022, 17:00–18:00 UTC" in page
    assert "26 Feb 2022, 23:00–24:00 UTC" in page
    assert "No report gives its hour" in page
    document = json.loads(own.get("/tables/documents.json?from=2022-01-21&to=2022-01-21&text=Geneva").text)
    told = next(row for row in document if row["published_at"])
    assert "21 Jan 2022, 17:05 UTC" in own.get(f"/document/{told['id']}").text
    assert told["published_at"] == "2022-01-21T17:05:00Z"  # nobody takes it for a local time
    lines = csv.DictReader(io.StringIO(own.get("/tables/documents.csv").text))
    assert {"2022-01-21T17:05:00Z", "2022-02-26T23:40:00Z"} <= {line["published_at"] for line in lines}
    with melian.open_record(tmp_path / "own.crisis") as record:
        assert b'"published_at":"2022-01-21T17:05:00Z"' in b"".join(record.documents().json_lines())
        assert b",2022-01-21T17:05:00Z," in b"".join(record.documents().csv_lines())


def test_hours_are_offered_only_where_a_report_brings_its_time(client: Client) -> None:
    page = client.get("/timeline").text
    assert "zoom=days" in page
    assert "zoom=hours" not in page
    asked = client.get("/timeline?zoom=hours").text
    said = words(Markup(asked).text)
    incidents = len(json.loads(client.get("/tables/incidents.json").text))
    assert f"None of the {len(DOCUMENTS)} reports of this record brings its time" in said
    assert f"{incidents} incidents by day" in said
    assert "More than" not in said
    assert 'class="legend"' not in asked


def test_incidents_without_an_hour_are_counted_exactly(own: Client, tmp_path: Path) -> None:
    timed = msgspec.structs.replace(DOCUMENTS[2], doc_id="timed", title="Timed", published_at="2022-01-21T17:05:00Z")
    add(tmp_path / "own.crisis", [timed], [CODED[2]])
    said = words(Markup(own.get("/timeline?zoom=hours").text).text)
    with Live(tmp_path / "own.crisis").reading() as (record, _):
        (without,) = record.execute(f"SELECT count(*) FROM incidents i WHERE {span_sql('hours')} IS NULL").fetchone() or (0,)
    assert without
    assert re.search(rf"No report gives its hour {without} incidents?\b", said)


def test_a_square_of_the_matrix_is_empty_only_where_no_pair_is_on_record(client: Client, made: Path) -> None:
    drawn = Markup(client.get("/parties").text).links()
    shown = {
        tuple(parse_qs(urlsplit(link).query)[side][0].removeprefix("=") for side in ("who", "whom"))
        for link in drawn
        if "whom=" in link
    }
    rows = json.loads(client.get("/data/dyads.json").text)
    parties = {party for pair in shown for party in pair}
    assert shown == {(row["source"], row["target"]) for row in rows if {row["source"], row["target"]} <= parties}
    with Live(made).reading() as (record, _):
        partners = series.partners(record, Filters())
        assert set(partners) == {row[side] for row in rows for side in ("source", "target")}
        few = partners[:3]
        among = series.dyads(record, Filters(), among=few)
        assert among == [row for row in rows if row["source"] in few and row["target"] in few]
        of = series.dyads(record, Filters(), of=["NATO"])
        assert of == [row for row in rows if "NATO" in (row["source"], row["target"])]


@pytest.mark.parametrize(("path", "charts"), [("/parties", 2), ("/timeline", 1), ("/", 1), ("/map", 1)])
def test_each_chart_is_drawn_for_wide_and_narrow_pages_and_has_its_table(client: Client, path: str, charts: int) -> None:
    page = client.get(path).text
    assert page.count('class="scroll wide-chart"') == page.count('class="scroll narrow-chart"') == charts
    assert page.count("The same as a table") == (charts if path != "/map" else 0)  # the map's table is on the page itself
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert ' style="' not in page


def test_the_map_narrows_to_a_country_and_every_place_has_its_country(client: Client) -> None:
    places = json.loads(client.get("/data/places.json").text)
    assert [row["place"] for row in places if row["place"] == "Geneva" and row["country"] == "CHE"]
    whole, narrowed = Markup(client.get("/map").text), client.get("/map?in=UKR&from=2022")
    assert any(link.startswith("/map?in=UKR") for link in whole.links())
    assert narrowed.status == 200
    assert "in Ukraine" in words(Markup(narrowed.text).text)
    assert "Geneva, Switzerland" not in narrowed.text
    assert '<input type="hidden" name="in" value="UKR">' in narrowed.text
    several = client.get("/map?in=UKR,che").text
    assert "in Ukraine and Switzerland" in words(Markup(several).text)
    assert "Geneva, Switzerland" in several
    assert "Brussels, Belgium" not in several
    assert "No incident with a place" in client.get("/map?in=FJI").text


@pytest.mark.parametrize("name", ["demands", "redlines", "denials", "predictions"])
@pytest.mark.parametrize("query", ["", "who=RUS", "status=standing", "to=2022-01-21", "text=ukraine"])
def test_the_ledger_shows_the_very_rows_of_its_csv(client: Client, name: str, query: str) -> None:
    query = query.replace("standing", {"denials": "contradicted", "predictions": "open"}.get(name, "standing"))
    shown = set(re.findall(r'id="l-([a-z][0-9a-f]{16})"', client.get(f"/ledger/{name}?{query}").text))
    rows = json.loads(client.get(f"/tables/{name}.json?{query}").text)
    assert {row["id"] for row in rows} == shown


PAGED = [("/tables/events", 'scope="row"'), ("/ledger/demands", 'class="entry'), ("/timeline?zoom=days", 'class="happening"'), ("/search?q=Ukraine", 'class="head"')]  # fmt: skip


@pytest.mark.parametrize(("path", "row"), PAGED)
def test_a_page_beyond_the_last_is_the_last(client: Client, path: str, row: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("melian.desk.screens.tables.PAGE", 3)
    monkeypatch.setattr("melian.desk.screens.ledger.PAGE", 1)
    monkeypatch.setattr("melian.desk.screens.search.PAGE", 1)
    monkeypatch.setattr("melian.desk.screens.timeline._SPANS", dict.fromkeys(("years", "months", "weeks", "days", "hours"), 2))
    sign = "&" if "?" in path else "?"
    seen, number = [], 1
    while 'rel="next"' in (page := client.get(f"{path}{sign}page={number}").text):
        assert f"<span>Page {number}</span>" in page
        seen.append(page)
        number += 1
    assert number > 1
    assert row in page
    assert re.search(rf'<a href="[^"]*\bpage={number}">Permalink</a>', page)  # the page as it is seen
    assert not re.search(r'<a href="[^"]*\bpage=[^"]*">Permalink</a>', seen[0])
    for beyond in (number + 1, 99, 9_999_999):
        late = client.get(f"{path}{sign}page={beyond}")
        assert late.status == 200
        assert late.text.count(row) == page.count(row)
        assert f"<span>Page {number}</span>" in late.text
    forms = re.findall(r'<form action="[^"]*" method="get">.*?</form>', page, re.DOTALL)
    assert forms
    assert not any('name="page"' in form for form in forms)  # who changes a filter begins at the first page


def test_links_to_files_keep_the_filters(client: Client) -> None:
    page = Markup(client.get("/timeline?who=RUS&from=2022-01").text)
    assert "/tables/incidents.csv?from=2022-01&who=RUS" in page.links()
    assert "/tables/incidents.json?from=2022-01&who=RUS" in page.links()


@pytest.mark.parametrize(
    ("asked", "clean"),
    [
        ("/timeline?from=&to=&who=RUS&zoom=days", "/timeline?who=RUS&zoom=days"), ("/map?from=&in=+", "/map"), ("/search?q=", "/search"),
        ("/party/Republican%20Party?on=", "/party/Republican%20Party"), ("/tables/events.csv?type=", "/tables/events.csv"), ("/?x=", "/"),
        ("/ledger/demands?status=&text=a%26b", "/ledger/demands?text=a%26b"), ("/review?again=&type=", "/review"),
    ],
)  # fmt: skip
def test_what_was_left_empty_does_not_stand_in_the_address(client: Client, asked: str, clean: str) -> None:
    answer = client.get(asked)
    assert (answer.status, answer.headers["location"]) == (303, clean)
    assert client.get(clean).status in (200, 404)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/timeline?type=FIGHT", "CONSULT"), ("/timeline?zoom=decades", "years, months, weeks, days, hours"),
        ("/timeline?realis=planned", "actual, denied"), ("/timeline?type=CONSULT,FIGHT&page=2", "CONSULT"), ("/timeline?status=lost", "standing"),
        ("/parties?type=FIGHT", "CONSULT"), ("/map?type=FIGHT", "CONSULT"), ("/map?in=XYZ", "CHE"), ("/sources?realis=maybe", "planned"),
        ("/search?q=Ukraine&type=FIGHT", "THREATEN"), ("/review?type=FIGHT", "THREATEN"), ("/review?realis=maybe", "planned"),
        ("/review?again=2", "1"), ("/ledger/demands?status=open", "standing"), ("/ledger/predictions?status=standing", "came true"),
        ("/tables/events?type=THREATENED", "CONSULT"), ("/tables/events.csv?type=FIGHT", "CONSULT"), ("/tables/events.json?realis=maybe", "planned"),
        ("/tables/statements.json?type=CONSULT", "THREATEN"), ("/tables/demands.csv?status=open", "standing"), ("/tables/actors?type=X", "GOV"),
        ("/data/dyads.csv?type=FIGHT", "CONSULT"), ("/data/timeline.json?realis=maybe", "actual, denied"), ("/party/RUS?type=FIGHT", "CONSULT"),
    ],
)  # fmt: skip
def test_a_choice_that_is_none_is_said_with_those_there_are(client: Client, path: str, told: str) -> None:
    answer = client.get(path)
    assert answer.status == 400
    said = words(Markup(answer.text).text)
    assert "There is no" in said
    assert told in said


def test_choices_are_taken_in_any_case(client: Client) -> None:
    assert client.get("/timeline?type=consult&zoom=Days&realis=ACTUAL").status == 200
    assert client.get("/tables/quarantine?type=anything").status == 200
    assert client.get("/timeline?type=,").status == 200


@pytest.mark.parametrize("name", ["path", "self", "kept", "changes", "_"])
def test_parameters_of_any_name_are_passed_over(client: Client, name: str) -> None:
    assert client.get(f"/timeline?{name}=x").status == 200
    assert client.get(f"/map?{name}=x&who=").status == 303


def test_a_filter_that_is_no_date_is_named(client: Client) -> None:
    answer = client.get("/timeline?from=yesterday")
    assert answer.status == 400
    assert "yesterday" in answer.text
    assert "YYYY-MM-DD" in answer.text


@pytest.mark.parametrize("name", ["timeline", "dyads", "parties", "places", "outlets"])
def test_charts_have_their_rows(client: Client, name: str) -> None:
    rows = json.loads(client.get(f"/data/{name}.json").text)
    lines = list(csv.reader(io.StringIO(client.get(f"/data/{name}.csv").text)))
    assert rows
    assert [list(row) for row in (rows[0],)] == [lines[0]]
    assert len(lines) == len(rows) + 1


@pytest.mark.parametrize("path", ["/", "/timeline?zoom=days", "/timeline", "/parties", "/map"])
def test_every_mark_of_a_chart_is_a_link_of_a_table_too(client: Client, path: str) -> None:
    page = client.get(path).text
    drawn, rest = [], page
    for svg in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
        drawn += [tag for tag in re.findall(r"<a [^>]*>", svg)]
        rest = rest.replace(svg, "")
    assert drawn
    for tag in drawn:
        assert 'tabindex="-1"' in tag  # not a stop of the Tab key without the script
        href = re.search(r'href="[^"]*"', tag)
        assert href
        assert f"<a {href[0]}" in rest, tag


def incidents_of(client: Client, link: str) -> int:
    """How many incidents the page of a link lists; its own number is theirs."""
    page, file = client.get(link), json.loads(client.get(f"/tables/incidents.json?{urlsplit(link).query}").text)
    assert page.status == 200, link
    assert f'<p class="found">{len(file)} incident' in page.text, link
    return len(file)


@pytest.mark.parametrize(
    "path",
    [
        "/", "/parties", "/parties?who=RUS", "/parties?whom=USA", "/parties?who=Lavrov&from=2022-01", "/map", "/map?place=Ukraine", "/map?in=UKR",
        "/map?whom=RUS&in=CHE", "/timeline?zoom=months", "/timeline?zoom=days&from=2022-01-21", "/timeline?zoom=weeks&who=USA&realis=actual",
    ],
)  # fmt: skip
def test_a_mark_leads_to_the_very_incidents_that_it_counts(client: Client, path: str) -> None:
    drawn = "".join(re.findall(r"<svg.*?</svg>", client.get(path).text, re.DOTALL))
    marks = set(re.findall(r'<a [^>]*href="(/timeline[^"]+)"[^>]*>.*?<title>(.*?)</title>', drawn, re.DOTALL))
    assert marks
    for link, title in marks:
        told = title.partition("; ")[2] if "report" in title else title.partition(": ")[2]
        found = [int(number) for number in re.findall(r"(\d+) incident", told)] or [
            int(number) for number in re.findall(r"(\d+) (?:verbal |material )?(?:cooperation|conflict)", told)
        ]
        assert sum(found) == incidents_of(client, html.unescape(link)), (link, title)


@pytest.mark.parametrize(
    ("path", "table"), [("/parties", "Pairs of parties"), ("/parties?who=NATO", "Pairs of parties"), ("/map", "Places")]
)
def test_a_row_leads_to_the_very_incidents_that_it_counts(client: Client, path: str, table: str) -> None:
    found = re.search(rf'aria-label="{table}"><table.*?<tbody>(.*?)</tbody>', client.get(path).text, re.DOTALL)
    assert found
    rows = re.findall(r'<th scope="row"><a href="([^"]+)">.*?</tr>', found[1])
    assert rows
    for row in re.findall(r"<tr>.*?</tr>", found[1], re.DOTALL):
        link = re.search(r'<th scope="row"><a href="([^"]+)">', row)
        assert link
        numbers = [int(number) for number in re.findall(r'<td class="n">(\d+)</td>', row)]
        assert sum(numbers) == incidents_of(client, html.unescape(link[1])), link[1]


def test_filters_that_hold_are_said_in_words_and_carried_along(client: Client) -> None:
    query = "who=Lavrov;+%3DRUS&place=%3DUKR&begun=2022-01-17/2022-01-23&source=%3DMeridian+Wire&realis=actual"
    page = client.get(f"/timeline?{query}").text
    chips = words(Markup(page.partition('<ul class="chips"')[2].partition("</ul>")[0]).text)
    for told in (
        "Lavrov and Russia itself",
        "somewhere in Ukraine",
        "Begun 17–23 Jan 2022",
        "Meridian Wire itself",
        "Told as fact",
    ):
        assert told in chips
    assert '<input type="hidden" name="begun" value="2022-01-17/2022-01-23">' in page
    assert "Geneva, Switzerland" in Markup(client.get("/timeline?place=%3DGeneva,+CHE").text).text


def test_what_several_do_together_is_done_to_each_of_them(client: Client) -> None:
    rows = json.loads(client.get("/tables/incidents.json").text)
    joint = {row["id"] for row in rows if len(row["source"]) > 1 and not row["target"] and "USA" in row["source"]}
    alone = {row["id"] for row in rows if row["source"] == ["USA"] and not row["target"]}
    found = {row["id"] for row in json.loads(client.get("/tables/incidents.json?whom=USA").text)}
    assert joint
    assert joint <= found
    assert not alone & found


def test_a_party_place_or_outlet_is_meant_exactly_after_its_sign(made: Path) -> None:
    with melian.open_record(made) as record:
        of_the_country = {row["id"] for row in record.incidents(place="=UKR")}
        places = {row["id"]: row["place"] for row in record.incidents(place="Ukraine")}
        assert of_the_country == {id_ for id_, place in places.items() if place in (None, "Ukraine")}
        assert of_the_country < set(places)
        assert {row["place"] for row in record.incidents(place="=Geneva, CHE")} == {"Geneva"}
        assert not record.incidents(place="=Geneva, USA").rows()
        assert {tuple(row["source"]) for row in record.incidents(who="USA; =NATO")} <= {
            tuple(row["source"]) for row in record.incidents(who="=NATO")
        }
        outlets = {row["outlet"] for row in record.sources()}
        for outlet in outlets:
            assert {row["outlet"] for row in record.documents(source=f"={outlet}")} == {outlet}
        assert not record.documents(source=f"={min(outlets)[:4]}").rows()


def test_reports_without_an_outlet_are_a_row_like_others(tmp_path: Path) -> None:
    path = tmp_path / "unnamed.crisis"
    store.create(path, TITLE)
    first = [msgspec.structs.replace(each, outlet=None) for each in DOCUMENTS]
    late = [
        msgspec.structs.replace(
            each, doc_id=f"x{each.doc_id}", outlet="Late", text=f"{each.text}\n\nMore.", published="2022-03-01"
        )
        for each in DOCUMENTS[:2]
    ]
    add(path, first)
    add(path, late, [msgspec.structs.replace(each, published="2022-03-01") for each in CODED[:2]])
    with serving(path) as access:
        client = Client(access.port)
        rows = {row["outlet"]: row for row in json.loads(client.get("/data/outlets.json").text)}
        unnamed = rows["(not named)"]
        assert unnamed["first"] == unnamed["shared"] == rows["Late"]["shared"] > 0
        assert unnamed["alone"] == unnamed["incidents"] - unnamed["shared"] > 0
        page = client.get("/sources").text
        row = next(row for row in re.findall(r"<tr>.*?</tr>", page) if "(not named)" in row)
        assert words(Markup(row).text).count("%") == 2  # first, alone
        reports, incidents = (html.unescape(link) for link in re.findall(r'href="([^"]+)"', row))
        assert len(re.findall(r'<th scope="row">', client.get(reports).text)) == unnamed["reports"]
        assert len(json.loads(client.get(incidents.replace("incidents", "incidents.json")).text)) == unnamed["incidents"]


def test_no_words_turn_the_direction_of_the_desks_own(tmp_path: Path) -> None:
    control = re.compile("[\u202a-\u202e\u2066-\u2069]")
    with serving(make_turned(tmp_path / "turned.crisis")) as access:
        client = Client(access.port)
        exact = 0
        for path in pages_of(client):
            page = client.get(path).text
            exact += len(control.findall(page))
            page = re.sub(r'<div class="text.*?</div>', "", page, flags=re.DOTALL)  # the report itself is shown as it is
            page = re.sub(r'<input[^>]* value="[^"]*"[^>]*>', "", page)  # and what is sent back is what it was
            assert not control.search(page), path
        assert exact


def test_offices_are_those_of_the_day(client: Client) -> None:
    page = words(Markup(client.get("/party/USA?on=2022-01-21").text).text)
    assert "Antony Blinken secretary of state" in page
    assert "Antony Blinken secretary of state" not in words(Markup(client.get("/party/USA?on=2018-01-21").text).text)
    assert client.get("/party/USA?on=soon").status == 400
    assert client.get("/party/Atlantis").status == 404


@pytest.mark.parametrize(("query", "day"), [("from=2022-02&to=2022-02-28", "26 Feb 2022"), ("to=2021-12-20", "20 Dec 2021")])
def test_a_time_narrows_every_section_of_a_partys_page(client: Client, query: str, day: str) -> None:
    page = client.get(f"/party/RUS?{query}").text
    assert f"In office on {day}" in words(Markup(page).text)

    def kept(*tables: str) -> set[str]:
        return {row["id"] for table in tables for row in json.loads(client.get(f"/tables/{table}.json?{query}").text)}

    entries = {id_[-17:] for id_ in re.findall(r'id="l\d-([dropnh][0-9a-f]{16})"', page)}
    said = set(re.findall(r'href="/evidence/(s[0-9a-f]{16})"', page.partition("What it said last")[2]))
    done = set(re.findall(r'id="l-(i[0-9a-f]{16})"', page))
    assert entries <= kept("demands", "redlines", "offers", "predictions", "denials", "shifts")
    assert said
    assert said <= kept("statements")
    assert done
    assert done <= kept("incidents")
    assert f"/data/dyads.csv?{query}&party=RUS" in Markup(page).links()
    assert f"/timeline?{query}&who=%3DRUS" in Markup(page).links()
    later = client.get("/party/RUS?from=2023").text
    assert 'class="entry' not in later
    assert 'class="happening' not in later
    assert "With whom" not in later


def test_the_pairs_of_a_party_have_their_files(client: Client) -> None:
    links = [link for link in Markup(client.get("/party/NATO").text).links() if link.startswith("/data/dyads.json")]
    assert links
    rows = json.loads(client.get(links[0]).text)
    assert rows == [row for row in json.loads(client.get("/data/dyads.json").text) if "NATO" in (row["source"], row["target"])]


@pytest.mark.parametrize("query", ["q=Ukraine", "q=Ukraine&who=RUS&from=2022-01"])
def test_hits_have_their_files(client: Client, query: str) -> None:
    page = client.get(f"/search?{query}")
    for end in ("csv", "json"):
        assert any(
            parse_qs(urlsplit(link).query) == parse_qs(query) for link in Markup(page.text).links() if f"/search.{end}?" in link
        )
    rows = json.loads(client.get(f"/search.json?{query}").text)
    assert [row["document"] for row in rows] == re.findall(r'<p class="head"><a href="/document/(t[0-9a-f]{16})"', page.text)
    assert all(any("ukrain" in words.lower() for words in row["words"]) for row in rows)
    lines = list(csv.DictReader(io.StringIO(client.get(f"/search.csv?{query}").text)))
    assert [line["document"] for line in lines] == [row["document"] for row in rows]
    assert client.get("/search.csv").status == 400
    assert client.get("/search.json?q=-").status == 400


def test_what_changed_and_what_was_added_last_have_their_files(own: Client) -> None:
    page = own.get("/").text
    rows = json.loads(own.get("/data/changes.json?since=7days").text)
    assert "/data/changes.csv?since=7days" in Markup(page).links()
    changed = page.partition('id="h-news"')[2].partition("</section>")[0]
    shown = set(re.findall(r'href="/evidence/([dropnhi][0-9a-f]{16})"', changed))
    assert shown
    assert shown <= {row["id"] for row in rows}  # the file has all
    assert {row["change"] for row in rows} >= {"moved", "told for the first time"}
    lines = list(csv.DictReader(io.StringIO(own.get("/data/changes.csv").text)))
    assert [line["id"] for line in lines] == [row["id"] for row in rows]
    name = next(cookie for cookie in own.cookies if cookie.startswith("melian-seen"))
    own.cookies[name] = "0.1640995200"  # a look on 1 Jan 2022, hence another visit
    links = Markup(own.get("/").text).links()
    assert "/?since=2022-01-01T00%3A00%3A00Z" in links
    assert "1 Jan 2022, 00:00 UTC" in words(own.get("/?since=2022-01-01T00%3A00%3A00Z").text)
    since = next(link for link in links if link.startswith("/data/changes.json?since=2022"))
    assert len(json.loads(own.get(since).text)) > len(rows)
    assert own.get("/data/changes.csv?since=soon").status == 400
    sources = Markup(own.get("/sources?from=2022-01").text).links()
    assert "/data/added.csv?from=2022-01" in sources
    late = json.loads(own.get("/data/added.json?from=2022-01").text)
    assert [f"/document/{row['id']}" for row in late] == [link for link in sources if link.startswith("/document/")]
    assert all(row["added"].endswith("Z") for row in late)


def test_search_marks_the_words_and_narrows_by_its_facets(client: Client) -> None:
    page = client.get("/search?q=incursion")
    assert '<mark class="hit">incursion</mark>' in page.text
    facet = next(link for link in Markup(page.text).links() if "from=2022-01&to=2022-01" in link)
    assert '<mark class="hit">incursion</mark>' in client.get(facet).text
    assert "no report" in client.get("/search?q=zeppelin").text.lower()


def test_what_changes_nothing_answers_nothing(client: Client) -> None:
    found = re.search(r"/changes\?since=([0-9a-f]+)", client.get("/").text)
    assert found
    assert client.get(f"/changes?since={found[1]}", HX_Request="true").status == 204
    assert client.get("/changes?since=0", HX_Request="true").status == 200


def test_the_page_takes_up_what_another_process_adds(made: Path, tmp_path: Path) -> None:
    path = tmp_path / "live.crisis"
    store.create(path, TITLE)
    with serving(path) as access:
        client = Client(access.port)
        before = client.get("/").text
        assert "The record is empty" in before
        found = re.search(r"/changes\?since=([0-9a-f]+)", before)
        assert found
        add(path)
        changed = client.get(f"/changes?since={found[1]}", HX_Request="true")
        assert changed.status == 200
        assert "melian:changed" in changed.headers["hx-trigger-after-swap"]
        assert "4 reports" in client.get("/").text


def test_a_rejected_red_line_leaves_the_ledger_and_comes_back(own: Client) -> None:
    line = first_id(own, "redlines")
    before = own.get("/ledger/redlines").text
    rows = json.loads(own.get("/tables/statements.json?type=THREATEN").text)
    rows += json.loads(own.get("/tables/events.json?type=THREATEN").text)
    judged = [own.judge(row["id"], "reject") for row in rows]
    assert [answer.status for answer in judged] == [303] * len(rows)
    assert line not in own.get("/ledger/redlines").text
    assert "<b>Rejected</b>" in own.get(f"/evidence/{rows[0]['id']}").text
    for row in rows:
        undo = re.search(
            r'name="id" value="([0-9a-f]{16})"><input type="hidden" name="kind" value="undo"',
            own.get(f"/evidence/{row['id']}").text,
        )
        assert undo
        assert own.judge(undo[1], "undo", about=row["id"]).status == 303
    assert set(re.findall(r'id="l-(r[0-9a-f]{16})"', own.get("/ledger/redlines").text)) == set(
        re.findall(r'id="l-(r[0-9a-f]{16})"', before)
    )


def test_a_correction_changes_what_was_changed_and_nothing_else(own: Client) -> None:
    id_ = first_id(own, "statements", act="THREATEN")
    page = own.get(f"/evidence/{id_}").text
    form = {f"was.{name}": value for name, value in re.findall(r'name="was\.(\w+)" value="([^"]*)"', page)}
    values = {name.replace("was.", "value."): value for name, value in form.items()}
    assert own.judge(id_, "correct", **form, **values).status == 400  # nothing was changed
    answer = own.judge(id_, "correct", **{**form, **values, "value.act": "PREDICT", "value.place": "Bern"})
    assert answer.status == 303
    after = next(row for row in json.loads(own.get("/tables/statements.json").text) if row["id"] == id_)
    assert (after["act"], after["place"], after["speaker"]) == ("PREDICT", "Bern", ["USA"])
    shown = words(Markup(own.get(f"/evidence/{id_}").text).text)
    assert "the machine read: THREATEN" in shown
    assert "Ana: corrected act to PREDICT" in shown


def test_a_correction_that_cannot_hold_says_why_and_keeps_what_was_typed(own: Client) -> None:
    id_ = first_id(own, "events", type="CONSULT")
    answer = own.judge(id_, "correct", **{"value.date": "31 Feb", "was.date": ""})
    assert answer.status == 400
    assert "31 Feb" in answer.text
    assert "YYYY-MM-DD" in answer.text


def fields(page: str, kind: str, action: str = "/judge") -> dict[str, str]:
    """What the form of a page that does `kind` would send, unchanged."""
    for form in re.findall(rf'<form method="post" action="{action}".*?</form>', page, re.DOTALL):
        parsed = Markup(form)
        given = {str(a["name"]): str(a.get("value") or "") for tag, a in parsed.elements if tag == "input" and a.get("name")}
        if given.get("kind") == kind:
            for name, options in re.findall(r'<select[^>]* name="([^"]+)".*?>(.*?)</select>', form, re.DOTALL):
                given[name] = next(str(a["value"]) for _, a in Markup(options).elements if "selected" in a)
            return given
    raise AssertionError(f"no form for {kind}")


def lone_incidents(client: Client) -> list[str]:
    """Two incidents of one telling each; merged they go by the first one's id."""
    rows = json.loads(client.get("/tables/incidents.json").text)
    return sorted(row["id"] for row in rows if row["tellings"] == 1)[:2]


def element(page: str, **wanted: str) -> dict[str, str | None]:
    return next(a for _, a in Markup(page).elements if all(a.get(name) == value for name, value in wanted.items()))


def colleague(own: Client, name: str = "Bob") -> Client:
    other = Client(own.port)
    other.post("/analyst", {"form_token": other.token(), "analyst": name, "back": "/review"})
    return other


def test_nobody_judges_what_a_colleague_has_changed_meanwhile(own: Client) -> None:
    id_ = first_id(own, "events", type="CONSULT")
    page = own.get(f"/evidence/{id_}").text
    accept, correct = fields(page, "accept"), fields(page, "correct")
    bob = colleague(own)
    theirs = fields(bob.get(f"/evidence/{id_}").text, "correct")
    assert bob.post("/judge", {**theirs, "value.place": "Bern", "value.date": "2022-01-23"}).status == 303
    stale = own.post("/judge", accept)
    assert stale.status == 409
    told = words(Markup(stale.text).text)
    assert "Bob corrected date to 2022-01-23; Bob corrected place to Bern" in told
    assert "Accepted by a person" not in words(own.get(f"/evidence/{id_}").text)
    typed = {**correct, "value.date": "2022-01-20", "note": "the day before"}
    stale = own.post("/judge", typed)
    assert stale.status == 409
    again = fields(stale.text, "correct")
    assert (again["value.date"], again["note"]) == ("2022-01-20", "the day before")  # what was typed is there
    assert (again["value.place"], again["was.date"]) == ("Bern", "2022-01-23")  # and the rest as it is now
    assert own.post("/judge", again).status == 303  # now it was seen
    after = next(row for row in json.loads(own.get("/tables/events.json").text) if row["id"] == id_)
    assert (after["date"], after["place"]) == ("2022-01-20", "Bern")


def test_a_stale_field_is_noticed_without_the_stamp(own: Client) -> None:
    id_ = first_id(own, "events", type="CONSULT")
    form = fields(own.get(f"/evidence/{id_}").text, "correct")
    del form["seen"]
    bob = colleague(own)
    bob.judge(id_, "correct", **{"value.place": "Bern", "was.place": form["was.place"]})
    answer = own.post("/judge", {**form, "value.place": "Basel"})
    assert answer.status == 409
    assert "place is Bern by now" in words(Markup(answer.text).text)


def test_what_was_taken_back_meanwhile_is_told_and_notes_change_nothing(own: Client) -> None:
    id_ = first_id(own, "events", type="CONSULT")
    bob = colleague(own)
    bob.judge(id_, "accept")
    reject = fields(own.get(f"/evidence/{id_}").text, "reject")
    undo = fields(bob.get(f"/evidence/{id_}").text, "undo")
    assert bob.post("/judge", undo).status == 303
    answer = own.post("/judge", reject)
    assert answer.status == 409
    assert "Bob took back: accepted" in words(Markup(answer.text).text)
    assert bob.post("/judge", undo).status == 409  # taken back already
    reject = fields(own.get(f"/evidence/{id_}").text, "reject")
    bob.judge(id_, "note", note="look at this")
    assert own.post("/judge", reject).status == 303


def test_an_incident_with_a_new_telling_is_not_what_was_seen(own: Client, tmp_path: Path) -> None:
    some, other = lone_incidents(own)
    page = own.get(f"/incident/{some}").text
    colleague(own).judge(some, "merge", **{f"with.{other}": "1"})
    answer = own.post("/judge", fields(page, "accept"))
    assert answer.status == 409
    assert "Bob merged" in words(Markup(answer.text).text)
    both = re.search(r'"/incident/(i[0-9a-f]{16})"', answer.text)
    assert both
    page = own.get(f"/incident/{both[1]}").text
    told = re.findall(r'name="with\.(e[0-9a-f]{16})"', page)
    colleague(own).judge(told[0], "accept")
    split = {name: value for name, value in fields(page, "split").items() if not name.startswith("with.")}
    answer = own.post("/judge", {**split, f"with.{told[1]}": "1"})
    assert answer.status == 409
    assert "checked" in element(answer.text, name=f"with.{told[1]}")  # on the incident's page, and what was ticked is ticked
    assert "checked" not in element(answer.text, name=f"with.{told[0]}")
    assert '<details class="correct" open><summary>Split' in answer.text


@pytest.mark.parametrize("path", ["/judge", "/review"])
@pytest.mark.parametrize("part", [True, False])
def test_a_mistyped_correction_is_shown_again_with_what_was_typed(own: Client, path: str, part: bool) -> None:
    id_ = card(own)
    page = own.get("/review" if path == "/review" else f"/evidence/{id_}").text
    form = {**fields(page, "correct", path), "value.date": "not a date", "value.place": "Bern", "note": "typed with care"}
    headers = {"HX_Request": "true", "HX_Target": "drawer-sheet"} if part else {}
    answer = own.post(path, form, **headers)
    assert answer.status == 400
    again = fields(answer.text, "correct", path)
    assert [again[name] for name in ("value.date", "value.place", "note")] == ["not a date", "Bern", "typed with care"]
    field = element(answer.text, name="value.date")
    assert field["aria-invalid"] == "true"
    assert ("data-focus" if part else "autofocus") in field
    said = element(answer.text, id=str(field["aria-describedby"]).split()[0])
    assert said["role"] == "alert"
    assert "open" in element(answer.text, id=f"correct-{id_}")
    assert [a["name"] for _, a in Markup(answer.text).elements if "aria-invalid" in a] == ["value.date"]
    assert "YYYY-MM-DD" in answer.text
    done = own.post(path, {**again, "value.date": "2022-01-20"})
    assert done.status == 303
    assert "typed with care" in own.get(f"/evidence/{id_}").text


def test_a_correction_of_nothing_is_said_above_its_form(own: Client) -> None:
    id_ = first_id(own, "events", type="CONSULT")
    answer = own.post("/judge", fields(own.get(f"/evidence/{id_}").text, "correct"))
    assert answer.status == 400
    assert "autofocus" in element(answer.text, **{"class": "verdict wrong"})
    assert "Nothing was changed; change a field" in answer.text


def test_a_merge_of_nothing_keeps_the_incidents_page(own: Client) -> None:
    some, other = lone_incidents(own)
    own.judge(some, "merge", **{f"with.{other}": "1"})
    split = fields(own.get(f"/incident/{some}").text, "split")
    answer = own.post("/judge", {name: value for name, value in split.items() if not name.startswith("with.")})
    assert answer.status == 400
    assert "Choose what to split" in answer.text
    assert '<details class="correct" open><summary>Split' in answer.text


def test_a_form_that_is_not_taken_says_what_was_sent_and_where_to_go_on(own: Client) -> None:
    id_ = first_id(own, "events", type="CONSULT")
    form = {**fields(own.get(f"/evidence/{id_}").text, "correct"), "form_token": "0" * 64, "note": "typed with care"}
    answer = own.post("/judge", form)
    assert answer.status == 403
    assert "typed with care" in answer.text
    assert f"/evidence/{id_}" in Markup(answer.text).links()


def test_notes_are_kept_whole_or_refused(own: Client) -> None:
    id_ = first_id(own, "events", type="CONSULT")
    note = "x" * 480 + " the end"
    assert own.judge(id_, "reject", note=note).status == 303
    assert note in own.get(f"/evidence/{id_}").text
    answer = own.judge(id_, "correct", **{"value.place": "Bern", "note": "y" * 501})
    assert answer.status == 400
    assert "at most 500 characters, and this one has 501" in answer.text
    assert "y" * 501 in answer.text
    assert element(answer.text, name="note")["aria-invalid"] == "true"


@pytest.mark.parametrize("id_", ["e018d24552a0b976b", "018d24552a0b976b", "j018d24552a0b976b", "nonsense"])
def test_an_undo_of_what_is_no_judgement_is_not_found(own: Client, id_: str) -> None:
    assert own.judge(id_, "undo").status == 404


def test_what_is_wrong_with_the_record_is_said_on_every_page(made: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(made, tmp_path / "own.crisis"))
    with serving(path) as access:
        own = Client(access.port)
        token = own.token()
        form = {"form_token": token, "id": first_id(own, "events"), "kind": "reject", "note": "typed with care"}
        away = path.rename(tmp_path / "away.crisis")
        for state in ("gone", "damaged"):
            if state == "damaged":
                path.write_bytes(b"this is no record" * 1000)
            for answer in (
                own.get("/"), own.get("/nothing"), own.get("/changes?since=x"), own.post("/judge", {**form, "form_token": "x"}),
                own.post("/review", form), own.post("/ledger", {}), sent := own.post("/judge", form),
            ):  # fmt: skip
                assert answer.status == 503, state
                assert answer.headers["content-type"].startswith("text/html")
                page = Markup(answer.text)
                assert ("html", {"lang": "en"}) in page.elements
                assert "own.crisis" in page.text
                assert str(tmp_path) not in answer.text
            assert "/timeline" in Markup(own.get("/").text).links()
            assert not any(leads_out(link) for link in Markup(own.get("//evil.example/x").text).links() if link != "data:,")
            assert own.get("/changes?since=x", HX_Request="true").headers["hx-reswap"] == "none"
        again = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', sent.text))
        path.unlink()
        away.rename(path)
        assert own.post("/judge", again).status == 303
        assert "typed with care" in own.get(f"/evidence/{form['id']}").text


def test_incidents_are_merged_and_split_by_hand(own: Client) -> None:
    def tellings() -> dict[str, int]:
        return {row["id"]: row["tellings"] for row in json.loads(own.get("/tables/incidents.json").text)}

    before = tellings()
    some, other = [id_ for id_, number in before.items() if number == 1][:2]
    assert own.judge(some, "merge").status == 400  # with what?
    assert own.judge(some, "merge", **{f"with.{other}": "1"}).status == 303
    merged = next(id_ for id_ in tellings() if id_ in (some, other))
    page = own.get(f"/incident/{merged}").text
    leaving = re.findall(r'name="with\.(e[0-9a-f]{16})"', page)
    assert len(leaving) >= 2
    assert own.judge(merged, "split", **{f"with.{leaving[0]}": "1"}).status == 303
    assert sorted(tellings().values()) == sorted(before.values())


def test_where_an_entry_stands_can_be_corrected(own: Client) -> None:
    line = first_id(own, "demands", status="standing")
    assert own.judge(line, "correct", **{"value.status": "withdrawn", "was.status": "standing"}).status == 303
    assert next(row for row in json.loads(own.get("/tables/demands.json").text) if row["id"] == line)["status"] == "withdrawn"
    page = own.get(f"/entry/{line}").text
    assert "Ana: corrected status to withdrawn" in words(Markup(page).text)
    undo = re.search(r'name="id" value="([0-9a-f]{16})"><input type="hidden" name="kind" value="undo"', page)
    assert undo
    own.judge(undo[1], "undo", about=line)
    assert next(row for row in json.loads(own.get("/tables/demands.json").text) if row["id"] == line)["status"] == "standing"


def test_the_drawer_gets_the_record_as_it_is_after_the_judgement(own: Client) -> None:
    id_ = first_id(own, "events", type="CONSULT")
    form = {"form_token": own.token(), "id": id_, "kind": "accept"}
    answer = own.post("/judge", form, HX_Request="true", HX_Target="drawer-sheet")
    assert answer.status == 200
    assert "Accepted." in answer.text
    assert 'aria-pressed="true"' in answer.text
    assert answer.headers["hx-trigger-after-swap"] == "melian:changed"


def test_judgements_wait_for_a_writer_and_are_not_lost(own: Client, tmp_path: Path) -> None:
    id_ = first_id(own, "events", type="CONSULT")
    token = own.token()
    release = threading.Event()
    holding = threading.Event()

    def hold() -> None:
        with store.held(tmp_path / "own.crisis"):
            holding.set()
            release.wait(30)

    thread = threading.Thread(target=hold)
    thread.start()
    holding.wait(10)
    try:
        answer = own.post("/judge", {"form_token": token, "id": id_, "kind": "reject", "note": "no such meeting"})
        assert answer.status == 503
        assert "Try again" in answer.text
        assert "no such meeting" in answer.text
        assert str(tmp_path) not in answer.text
        assert own.get("/timeline").status == 200  # readers are not kept waiting
    finally:
        release.set()
        thread.join()
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', answer.text.partition('class="trouble"')[2]))
    assert own.post("/judge", sent).status == 303
    assert "Rejected" in own.get(f"/evidence/{id_}").text


def card(client: Client, query: str = "") -> str:
    found = re.search(r'data-subject="([es][0-9a-f]{16})" data-card', client.get(f"/review{query}").text)
    return found[1] if found else ""


def act(client: Client, kind: str, id_: str = "", **more: str) -> None:
    answer = client.post("/review", {"form_token": client.token(), "kind": kind, "id": id_, **more})
    assert answer.status == 303


def test_the_queue_goes_on_by_one_key_and_back_by_one(own: Client) -> None:
    first = card(own)
    act(own, "accept", first)
    second = card(own)
    assert second != first
    act(own, "skip", second)
    third = card(own)
    assert third not in (first, second)
    act(own, "reject", third)
    page = words(Markup(own.get("/review").text).text)
    assert "2 of 100 cards in this session, you accepted 50%" in page
    assert "1 skipped" in page
    answer = own.post("/review", {"form_token": own.token(), "kind": "undo"})
    assert answer.headers["location"].endswith(f"at={third}")
    answer = own.post("/review", {"form_token": own.token(), "kind": "undo"})
    assert answer.headers["location"].endswith(f"at={second}")  # a skip is taken back too, in its turn
    page = words(Markup(own.get(answer.headers["location"]).text).text)
    assert "1 of 100 cards in this session, you accepted 100%" in page
    assert "skipped" not in page.partition("Accept")[0]
    act(own, "undo")
    assert card(own) == first
    assert "0 of 100 cards in this session" in own.get("/review").text


def test_a_card_that_a_colleague_judged_is_shown_as_it_is_now(own: Client) -> None:
    page = own.get("/review").text
    form, id_ = fields(page, "accept", "/review"), card(own)
    poll = next(str(a["hx-get"]) for _, a in Markup(page).elements if str(a.get("hx-get")).startswith("/changes?id="))
    assert own.get(poll).status == 204
    assert colleague(own).judge(id_, "correct", **{"value.place": "Bern"}).status == 303
    news = own.get(poll)
    assert "Bob corrected place to Bern" in news.text
    assert f"/review?at={id_}" in Markup(news.text).links()
    answer = own.post("/review", form)
    assert answer.status == 409
    assert "Bob corrected place to Bern" in answer.text
    assert f'data-subject="{id_}" data-card' in answer.text
    assert "0 of 100 cards in this session" in answer.text
    assert own.post("/review", {"form_token": form["form_token"], "id": id_, "kind": "accept"}).status == 409  # without a stamp
    assert own.post("/review", fields(answer.text, "accept", "/review")).status == 303
    assert "1 of 100 cards in this session" in own.get("/review").text


def test_two_browsers_of_one_name_have_their_own_sessions(own: Client) -> None:
    act(own, "reject", card(own))
    other = Client(own.port)
    assert "0 of 100 cards in this session" in other.get("/review").text
    answer = other.post("/review", {"form_token": other.token(), "kind": "undo"})
    assert answer.status == 400
    assert "Nothing was judged or skipped in this session" in answer.text
    assert "data-card" in answer.text
    assert "1 of 100 cards in this session" in own.get("/review").text


def test_many_requests_at_once_judge_and_undo_each_card_once(own: Client) -> None:
    first = card(own)
    form = {"form_token": own.token(), "kind": "accept", "id": first}

    def at_once(form: dict[str, str], times: int) -> list[int]:
        with ThreadPoolExecutor(times) as pool:
            return sorted(pool.map(lambda _: own.post("/review", form).status, range(times)))

    assert at_once(form, 3) == [303, 409, 409]
    assert "1 of 100 cards in this session" in own.get("/review").text
    act(own, "reject", card(own))
    assert at_once({"form_token": form["form_token"], "kind": "undo"}, 4) == [303, 303, 400, 400]
    assert "0 of 100 cards in this session" in own.get("/review").text
    assert card(own) == first
    assert "Nobody has judged this record" in own.get("/review/agreement").text


def test_an_undo_passes_over_what_was_taken_back_elsewhere(own: Client) -> None:
    first = card(own)
    act(own, "reject", first)
    second = card(own)
    act(own, "reject", second)
    own.post("/judge", fields(own.get(f"/evidence/{second}").text, "undo"))
    answer = own.post("/review", {"form_token": own.token(), "kind": "undo"})
    assert answer.headers["location"].endswith(f"at={first}")
    assert "0 of 100 cards in this session" in own.get("/review").text


def test_the_queue_ends_when_all_is_judged(own: Client) -> None:
    query = "?type=CONSULT"
    seen = []
    while id_ := card(own, query):
        seen.append(id_)
        act(own, "accept", id_, type="CONSULT")
    assert sorted(seen) == sorted(row["id"] for row in json.loads(own.get("/tables/events.json?type=CONSULT").text))
    assert "Nothing is left to review" in own.get("/review?type=CONSULT").text


def test_what_others_judged_comes_again_on_request(own: Client) -> None:
    id_ = card(own)
    act(own, "accept", id_)
    own.post("/analyst", {"form_token": own.token(), "analyst": "Bo Smith", "back": "/review"})
    assert "judgements here are by Bo Smith" in words(own.get("/").text)
    assert card(own) != id_
    assert card(own, "?again=1") == id_
    act(own, "reject", id_, again="1")


def test_agreement_of_two_analysts_and_the_machine(own: Client) -> None:
    rows = json.loads(own.get("/tables/events.json").text)[:4]
    for number, row in enumerate(rows):
        own.judge(row["id"], "reject" if number == 0 else "accept")
    own.post("/analyst", {"form_token": own.token(), "analyst": "Bo", "back": "/review"})
    for number, row in enumerate(rows):
        own.judge(row["id"], "reject" if number < 2 else "accept")
    page = words(Markup(own.get("/review/agreement").text).text)
    assert "Ana43 75%0 0%1 25%" in page  # judged, accepted, corrected, rejected
    assert "Ana and Boeventaccept or reject475%0.50" in page


def test_the_least_certain_and_most_consequential_come_first(made: Path) -> None:
    from melian.crisis.questions.filters import Filters
    from melian.desk import queue

    with store.reading(made) as connection:
        place = {number: n for n, (_, number) in enumerate(queue.cards(connection, Filters(), "Ana"))}
        told = connection.execute("SELECT id, type FROM events UNION ALL SELECT id, act FROM statements").fetchall()
        deed = min(place[number] for number, kind in told if kind == "ASSAULT")
        talk = min(place[number] for number, kind in told if kind == "CONSULT")  # of the same score
        red_line = min(place[number] for number, kind in told if kind == "THREATEN")
        remark = min(place[number] for number, kind in told if kind == "ASSERT")
    assert len(place) == len(told)
    assert deed < talk
    assert red_line < remark


def test_the_description_names_every_address(client: Client) -> None:
    described = json.loads(client.get("/openapi.json").text)
    assert described["openapi"].startswith("3.1")
    for route in ROUTES:
        operation = described["paths"][route.path.replace(":path", "")][route.method.lower()]
        assert {p["name"] for p in operation["parameters"] if p["in"] == "query"} == set(route.parameters)
    names = [operation["operationId"] for each in described["paths"].values() for operation in each.values()]
    assert len(names) == len(set(names))


def test_spreadsheets_get_no_formulas(tmp_path: Path) -> None:
    from msgspec.structs import replace

    path = tmp_path / "formula.crisis"
    store.create(path)
    add(path, [replace(DOCUMENTS[0], title='=HYPERLINK("http://evil.example","x")')], [CODED[0]])
    with serving(path) as access:
        client = Client(access.port)
        row = next(csv.DictReader(io.StringIO(client.get("/tables/documents.csv").text)))
        assert row["title"].startswith("'=HYPERLINK")
        assert json.loads(client.get("/tables/documents.json").text)[0]["title"].startswith("=HYPERLINK")


def _facet(page: str, heading: str) -> list[tuple[str, int]]:
    """Where the values of a facet lead, and how many hits they promise."""
    part = page.partition(f"<h2>{heading}</h2>")[2].split("</ul>")[0]
    return [
        (html.unescape(link), int(number))
        for link, number in re.findall(r'href="([^"]+)"><bdi>[^<]+</bdi> <b class="n">(\d+)', part)
    ]


def test_search_has_facets_in_the_address_and_says_how_many_hits(client: Client) -> None:
    page = client.get("/search?q=Ukraine").text
    count = re.search(r"<b>(\d+) hits?</b>", page)
    assert count
    narrower = page
    facets = {"Outlet": "source", "By whom": "who", "What is told": "type", "Where": "place", "Month": "from"}
    for heading, name in facets.items():
        found = _facet(page, heading)
        assert found, heading
        for some in (found, _facet(narrower, heading)):
            for link, number in some:
                assert parse_qs(urlsplit(link).query)[name]
                narrowed = client.get(link).text
                hits = re.search(r"<b>(\d+) hits?</b>", narrowed)
                assert hits
                assert int(hits[1]) == number, link
        narrower = client.get(found[0][0]).text
    assert "take a filter out" in words(client.get("/search?q=Ukraine&who=TUV").text)


def test_tables_name_parties_and_types_in_words(client: Client) -> None:
    page = client.get("/tables/events").text
    assert '<bdi title="RUS">Russia</bdi>' in page
    assert re.search(r'<span title="[A-Z]+">[a-z ]+</span>', page)
    assert "realis" not in re.sub(r"<[^>]*>", "", page)
    assert "<h1>Red lines</h1>" in client.get("/tables/redlines").text
    assert 'data-label="to whom"' in page


def test_a_report_is_never_called_by_its_file(tmp_path: Path) -> None:
    path = make_record(tmp_path / "own.crisis")
    text = "KYIV, Feb 24, 2022 (A wire) — Russia moved its troops over the border on Thursday.\n\nMore is known by now."
    document = msgspec.structs.replace(DOCUMENTS[0], doc_id="n1", text=text, title=None)
    add(path, [document], [msgspec.structs.replace(CODED[0], doc_id="n1", title=None, events=(), statements=())])
    told = "Russia moved its troops over the border on Thursday"
    with serving(path) as access:
        desk = Client(access.port)
        assert told in re.sub(r"</?mark[^>]*>", "", desk.get("/search?q=border").text)
        assert told in desk.get("/sources").text
        key = re.search(rf'href="/document/(t[0-9a-f]{{16}})"><bdi>{told}', desk.get("/sources").text)
        assert key
        assert f"<h1>{told}</h1>" in desk.get(f"/document/{key[1]}").text


def test_the_first_screen_has_jumps_and_says_the_arrow_in_words(client: Client) -> None:
    page = client.get("/").text
    jumps = page.split('class="jumps"')[1].split("</nav>")[0]
    for target in re.findall(r'href="#([^"]+)"', jumps):
        assert f'id="{target}"' in page
    assert re.search(r"<small>(tension rises|tension falls|no clear change|too few events to compare)</small>", page)


@pytest.mark.parametrize("path", ["/judge", "/review"])
def test_an_unknown_party_is_asked_about_once(own: Client, path: str) -> None:
    id_ = first_id(own, "events", type="CONSULT")
    page = own.get(f"/review?at={id_}" if path == "/review" else f"/evidence/{id_}").text
    answer = own.post(path, {**fields(page, "correct", path), "value.source": "Narnia"})
    assert answer.status == 400
    assert "Nobody in this record or in the tables of names is called Narnia. Save again to keep it" in words(
        Markup(answer.text).text
    ).replace("Did you mean", "?")
    again = fields(answer.text, "correct", path)
    assert again["value.source"] == "Narnia"
    assert element(answer.text, name="value.source")["aria-invalid"] == "true"
    other = own.post(path, {**again, "value.source": "Archenland"})  # it was not asked about this one
    assert (other.status, "is called Archenland" in other.text) == (400, True)
    wrong = fields(own.post(path, {**again, "value.source": "Archenland", "value.date": "never"}).text, "correct", path)
    assert own.post(path, {**wrong, "value.date": wrong["was.date"]}).status == 400  # nor then
    assert own.post(path, again).status == 303
    assert "corrected source to Narnia" in words(Markup(own.get(f"/evidence/{id_}").text).text)
    page = own.get(f"/evidence/{id_}").text
    assert own.post("/judge", {**fields(page, "correct"), "value.target": "Narnia"}).status == 303  # the record knows it now
    page = own.get(f"/evidence/{id_}").text
    assert "Did you mean Narnia" in own.post("/judge", {**fields(page, "correct"), "value.target": "Narnai"}).text
    assert own.judge(id_, "correct", **{"value.source": "Russia, NATO:GOV"}).status == 303


def test_the_passage_of_the_fullest_telling_stands_above_the_tellings(client: Client) -> None:
    for kind in ("incidents", "redlines", "demands"):
        page = client.get(f"/evidence/{first_id(client, kind)}").text
        passage, _, below = page.partition('class="beside"')
        assert 'class="text excerpt"' in passage
        assert {"s", "t"} & set(" ".join(re.findall(r'<mark class="role ([a-z ]+)"', passage)).split()) or kind != "incidents"
        assert "<dt>why</dt>" in passage
        assert "shown above" in below


def test_the_passage_holds_the_words_that_the_heading_quotes(client: Client) -> None:
    """Of every incident and entry, however many tellings it has."""
    for kind in ("incidents", "demands", "redlines", "predictions", "denials"):
        for row in json.loads(client.get(f"/tables/{kind}.json").text):
            page = client.get(f"/evidence/{row['id']}").text
            passage = words(Markup(page.partition('class="beside"')[0].partition('class="text excerpt"')[2]).text)
            quoted = words(row["words"]).split()
            assert all(word in passage for word in quoted), (row["id"], row["words"])


def test_the_predicate_that_the_coder_names_is_the_cue() -> None:
    from melian.desk.excerpts import cue_span

    text = "They insisted. Moscow Insisted on an answer."
    assert cue_span(text, (15, len(text)), ["model: realis actual", "model: REQUEST at “insisted” 0.91"]) == (22, 30)
    assert cue_span(text, (0, 4), ["model: REQUEST at “insisted” 0.91"]) is None
    assert cue_span(text, (0, len(text)), ["a rule"]) is None


def test_agreement_has_its_files(own: Client) -> None:
    id_ = first_id(own, "events")
    own.judge(id_, "accept")
    own.post("/analyst", {"form_token": own.token(), "analyst": "Bo", "back": "/review"})
    own.judge(id_, "reject")
    links = Markup(own.get("/review/agreement").text).links()
    assert "/review/agreement" in links
    for name in ("judged", "agreement"):
        assert {f"/data/{name}.csv", f"/data/{name}.json"} <= set(links)
    judged = json.loads(own.get("/data/judged.json").text)
    assert [(row["by"], row["accepted"], row["rejected"]) for row in judged] == [("Ana", 1, 0), ("Bo", 0, 1)]
    assert next(csv.DictReader(own.get("/data/agreement.csv").text.splitlines()))["analysts"] == "Ana, Bo"


def test_a_judgement_is_one_transaction(own: Client, tmp_path: Path) -> None:
    import duckdb

    from melian.desk.writing import Writer

    before = (tmp_path / "own.crisis").read_bytes()
    with pytest.raises(duckdb.TransactionException, match="within a transaction"):  # there is one already
        Writer(tmp_path / "own.crisis").judge(
            "accept", [first_id(own, "events")], "Ana", check=lambda connection: connection.begin()
        )
    assert (tmp_path / "own.crisis").read_bytes() == before
