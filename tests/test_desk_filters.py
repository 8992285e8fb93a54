"""Filters in the desk's addresses: what they keep, what a number and its link have in common, the files with the same rows."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from desk_site import TITLE, Client, Markup, add, serving, words
from report_sample import CODED, DOCUMENTS

import melian
from melian.crisis.record import store

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
