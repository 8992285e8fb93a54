"""The desk's screens over a real server: what they show, and what is said of what is not there."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from desk_site import TITLE, Client, Markup, add, first_id, leads_out, make_record, make_turned, serving, words
from report_sample import CODED, DOCUMENTS
from test_desk_security import pages_of

import melian
from melian.crisis.questions.filters import Filters
from melian.crisis.record import store
from melian.desk.routes import ROUTES
from melian.desk.snapshot import Live
from melian.views import series
from melian.views.spans import span_sql

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


def test_the_description_names_every_address(client: Client) -> None:
    described = json.loads(client.get("/openapi.json").text)
    assert described["openapi"].startswith("3.1")
    for route in ROUTES:
        operation = described["paths"][route.path.replace(":path", "")][route.method.lower()]
        assert {p["name"] for p in operation["parameters"] if p["in"] == "query"} == set(route.parameters)
    names = [operation["operationId"] for each in described["paths"].values() for operation in each.values()]
    assert len(names) == len(set(names))


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
