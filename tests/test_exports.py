"""Exports: what is in the archive, that the files have the field's columns, and what each of them says of an event."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from melian import codebook
from melian.cli import app
from melian.codebook import crosswalks
from melian.crisis.questions.filters import Filters
from melian.crisis.record import store
from melian.errors import CodebookError, DateError, ExportError
from melian.exports import FORMATS, Written, write
from melian.exports.excel import Excel
from melian.exports.layout import flat
from melian.exports.own_tables import EVENTS, LEDGER, STATEMENTS, TELLINGS
from melian.exports.pairs import Numbers
from melian.exports.stata import NAME, stata_name
from melian.knowledge import countries
from tests.export_world import SHELLING, TALKS, record

# As the field's files have them (see docs/exports.md for their sources).
ICEWS = (
    "Event ID, Event Date, Source Name, Source Sectors, Source Country, Event Text, CAMEO Code, Intensity, Target Name, Target Sectors, "
    "Target Country, Story ID, Sentence Number, Publisher, City, District, Province, Country, Latitude, Longitude"
)
POLECAT = (
    "Event ID, Event Date, Event Type, Event Mode, Intensity, Quad Code, Contexts, Actor Name, Actor Country, Actor COW, "
    "Primary Actor Sector, Actor Sectors, Actor Title, Actor Name Raw, Wikipedia Actor ID, Recipient Name, Recipient Country, "
    "Recipient COW, Primary Recipient Sector, Recipient Sectors, Recipient Title, Recipient Name Raw, Wikipedia Recipient ID, Placename, "
    "City, District, Province, Country, Latitude, Longitude, GeoNames ID, Raw Placename, Feature Type, Source, Publication Date, "
    "Story People, Story Organizations, Story Locations, Language, Version"
)
ACLED = (
    "event_id_cnty, event_date, year, time_precision, disorder_type, event_type, sub_event_type, actor1, assoc_actor_1, inter1, actor2, "
    "assoc_actor_2, inter2, interaction, civilian_targeting, iso, region, country, admin1, admin2, admin3, location, latitude, "
    "longitude, geo_precision, source, source_scale, notes, fatalities, tags, timestamp"
)
GDELT_EVENTS, GDELT_MENTIONS = 61, 16
PROSE = {"words", "title", "condition", "notes", "text", "event_text"}


@pytest.fixture(scope="module")
def crisis(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(tmp_path_factory.mktemp("exports") / "winter.crisis")


def exported(crisis: Path, folder: Path, format: str, **options: object) -> tuple[Written, zipfile.ZipFile]:
    with store.reading(crisis) as connection:
        written = write(connection, folder / f"{format}.zip", format, **options)  # type: ignore[arg-type]
    return written, zipfile.ZipFile(folder / f"{format}.zip")


def table(archive: zipfile.ZipFile, name: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(archive.read(name).decode("utf-8")), delimiter=delimiter))


def rows(archive: zipfile.ZipFile, name: str, delimiter: str = ",") -> list[dict[str, str]]:
    head, *body = table(archive, name, delimiter)
    return [dict(zip(head, row, strict=True)) for row in body]


# --- the archive -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", FORMATS)
def test_every_archive_has_codebook_dictionary_readme_and_licence(crisis: Path, tmp_path: Path, format: str) -> None:
    written, archive = exported(crisis, tmp_path, format)
    names = archive.namelist()
    assert names[-4:] == ["actors.csv", "codebook.md", "README.txt", "LICENCE.txt"]
    page = archive.read("codebook.md").decode("utf-8")
    for kind in codebook.event_types():
        assert kind in page
    for name in names[:-3]:
        assert f"## {name}" in page
    assert written.events
    readme = archive.read("README.txt").decode("utf-8")
    assert "A winter" in readme
    assert "one happening" in readme


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_record_gives_the_same_bytes(crisis: Path, tmp_path: Path, format: str) -> None:
    digests = set()
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        exported(crisis, tmp_path / folder, format)
        digests.add(hashlib.sha256((tmp_path / folder / f"{format}.zip").read_bytes()).hexdigest())
    assert len(digests) == 1


@pytest.mark.parametrize("format", FORMATS)
def test_a_record_with_nothing_in_it_gives_columns_and_no_rows(tmp_path: Path, format: str) -> None:
    written, archive = exported(record(tmp_path / "empty.crisis", []), tmp_path, format)
    assert (written.events, sum(written.rows.values())) == (0, 0)
    if format in ("icews", "polecat", "acled", "csv"):
        [first] = table(archive, archive.namelist()[0], "\t" if format in ("icews", "polecat") else ",")
        assert len(first) == len(FORMATS[format].sheets()[0].columns)
    assert len(table(archive, "actors.csv")) == 1


def test_the_dictionary_has_the_numbers_that_data_are_joined_on(crisis: Path, tmp_path: Path) -> None:
    _, archive = exported(crisis, tmp_path, "icews")
    listed = {(row["id"], row["name"]): row for row in rows(archive, "actors.csv")}
    russia, blinken = listed["RUS", ""], listed["USA", "Antony Blinken"]
    joined = ("kind", "sectors", "iso3", "iso_number", "cow", "gw", "geonames_id", "wikidata", "as_source")
    assert [russia[name] for name in joined] == ["country", "MIL", "RUS", "643", "365", "365", "2017370", "Q159", "1"]
    assert [blinken[name] for name in ("kind", "roles", "country", "wikidata")] == [
        "person",
        "secretary of state",
        "United States",
        "",
    ]


def test_countries_have_their_numbers() -> None:
    known = {country.iso3: country for country in countries.all_countries()}
    assert [(known[code].cow, known[code].gw) for code in ("DEU", "YEM", "SRB", "KIR", "XKX")] == [
        (255, 260), (679, 678), (345, 340), (946, 970), (347, 347),
    ]  # fmt: skip
    assert [(known[code].fips, known[code].numeric, known[code].wikidata) for code in ("RUS", "PSE")] == [
        ("RS", 643, "Q159"), ("WE", 275, "Q219060"),
    ]  # fmt: skip
    assert countries.by_cow(260) is None
    assert [country and country.iso3 for country in (countries.by_cow(365), countries.by_fips("GZ"), countries.by_fips("up"))] == [
        "RUS", "PSE", "UKR",
    ]  # fmt: skip


# --- columns ---------------------------------------------------------------------------------------------------------


def test_columns_are_the_field_s(crisis: Path, tmp_path: Path) -> None:
    assert table(exported(crisis, tmp_path, "icews")[1], "events.tab", "\t")[0] == ICEWS.split(", ")
    assert table(exported(crisis, tmp_path, "polecat")[1], "events.txt", "\t")[0] == POLECAT.split(", ")
    assert table(exported(crisis, tmp_path, "acled")[1], "events.csv")[0] == ACLED.split(", ")
    _, archive = exported(crisis, tmp_path, "gdelt")
    assert {len(row) for row in table(archive, "events.CSV", "\t")} == {GDELT_EVENTS}
    assert {len(row) for row in table(archive, "mentions.CSV", "\t")} == {GDELT_MENTIONS}


def test_names_fit_stata() -> None:
    for columns in (EVENTS, TELLINGS, STATEMENTS, LEDGER):
        names = [column.name for column in columns]
        assert [stata_name(column) for column in columns] == names
        assert max(map(len, names)) <= NAME
        assert len(set(names)) == len(names)


# --- what they say ---------------------------------------------------------------------------------------------------


def test_one_happening_is_one_row_however_many_tell_it(crisis: Path, tmp_path: Path) -> None:
    _, archive = exported(crisis, tmp_path, "csv")
    (shelling,) = (row for row in rows(archive, "events.csv") if row["type"] == "ASSAULT")
    assert [shelling[name] for name in ("tellings", "documents", "sources", "quantity_low", "quantity_high", "quantity_unit")] == [
        "2", "2", "2", "12", "15", "people killed",
    ]  # fmt: skip
    told = [row for row in rows(archive, "tellings.csv") if row["row"] == shelling["id"]]
    assert sorted(row["outlet"] for row in told) == ["Morning Post", "The Courier"]
    _, archive = exported(crisis, tmp_path, "csv", tellings=True)
    each = [row for row in rows(archive, "events.csv") if row["type"] == "ASSAULT"]
    assert len(each) == 2
    assert {row["incident"] for row in each} == {shelling["id"]}
    assert len({row["id"] for row in each}) == 2


def test_icews_says_it_in_icews_s_words(crisis: Path, tmp_path: Path) -> None:
    _, archive = exported(crisis, tmp_path, "icews")
    meeting, back, shelling = rows(archive, "events.tab", "\t")
    assert {meeting["Source Name"], back["Source Name"]} == {"Antony Blinken", "Sergey Lavrov"}
    assert (meeting["CAMEO Code"], meeting["Event Text"], meeting["Intensity"], meeting["City"]) == (
        "040",
        "Consult",
        "1",
        "Geneva",
    )
    assert [shelling[name] for name in ("Source Name", "Source Country", "Target Name", "CAMEO Code", "City", "Province", "Country")] == [
        "Military (Russia)", "Russian Federation", "Citizen (Ukraine)", "194", "Kharkiv", "Kharkiv", "Ukraine",
    ]  # fmt: skip
    assert len({meeting["Event ID"], back["Event ID"], shelling["Event ID"]}) == 3
    assert all(int(row["Event ID"]) < 2**31 for row in (meeting, back, shelling))
    tellings = rows(archive, "tellings.csv")
    assert [row["row"] for row in tellings].count(shelling["Event ID"]) == 2


def test_polecat_has_lists_of_equal_length(crisis: Path, tmp_path: Path) -> None:
    _, archive = exported(crisis, tmp_path, "polecat")
    meeting = rows(archive, "events.txt", "\t")[0]
    assert (meeting["Actor Name"], meeting["Actor Country"], meeting["Actor COW"]) == (
        "Antony Blinken; Sergey Lavrov",
        "USA; RUS",
        "2; 365",
    )
    assert (meeting["Recipient Name"], meeting["Quad Code"], meeting["GeoNames ID"]) == (
        "None",
        "VERBAL COOPERATION",
        "2660646",
    )


def test_plover_has_its_fields(crisis: Path, tmp_path: Path) -> None:
    _, archive = exported(crisis, tmp_path, "plover", realis="all")
    lines = [json.loads(line) for line in archive.read("events.jsonl").splitlines()]
    kinds = {line["event"][0]: line for line in lines}
    assert [actor["code"] for actor in kinds["CONSULT"]["actor"]] == ["USA", "RUS"]
    assert kinds["ASSAULT"]["event_loc"]["resolution"] == 4
    assert kinds["ASSAULT"]["quad_code"] == 4
    assert kinds["MOBILIZE"]["event_loc"] == {
        "extracted_place": "Poland", "resolved_place": "Poland", "geonameid": 798544, "lat": 52.0, "lon": 19.0, "country": "Poland",
        "country_code": "POL", "resolution": 1,
    } | {name: kinds["MOBILIZE"]["event_loc"][name] for name in ("lat", "lon")}  # fmt: skip
    assert kinds["MOBILIZE"]["context"] == ["military", "future", "realis=planned"]
    start, end = kinds["CONSULT"]["text_info"]["start"], kinds["CONSULT"]["text_info"]["end"]
    assert TALKS[start:end] == kinds["CONSULT"]["text"] == "Blinken met Lavrov in Geneva"


def test_gdelt_counts_incidents(crisis: Path, tmp_path: Path) -> None:
    _, archive = exported(crisis, tmp_path, "gdelt")
    shelling = table(archive, "events.CSV", "\t")[-1]
    assert shelling[1:4] == ["20220302", "202203", "2022"]
    assert (shelling[5], shelling[7], shelling[12], shelling[26:30]) == ("RUSMIL", "RUS", "MIL", ["194", "194", "19", "4"])
    assert shelling[31:34] == ["2", "2", "2"]
    assert shelling[51:54] == ["4", "Kharkiv, Ukraine", "UP"]
    mentions = [row for row in table(archive, "mentions.CSV", "\t") if row[0] == shelling[0]]
    assert {row[3]: row[5] for row in mentions} == {"1": "https://example.org/1", "2": mentions[-1][5]}


def test_acled_leaves_out_what_it_has_no_class_for_and_says_so(crisis: Path, tmp_path: Path) -> None:
    written, archive = exported(crisis, tmp_path, "acled")
    [row] = rows(archive, "events.csv")
    assert [row[name] for name in ("event_type", "sub_event_type", "inter1", "inter2", "interaction", "civilian_targeting")] == [
        "Explosions/Remote violence", "Shelling/artillery/missile attack", "External/Other forces", "Civilians",
        "External/Other forces-Civilians", "Civilian targeting",
    ]  # fmt: skip
    assert [row[name] for name in ("iso", "geo_precision", "time_precision", "fatalities", "country")] == [
        "804",
        "1",
        "1",
        "12",
        "Ukraine",
    ]
    assert dict(written.left_out) == {"CONSULT": 1}
    assert "1 events (CONSULT 1)" in archive.read("README.txt").decode()


def test_a_country_is_never_drawn_as_a_town(crisis: Path, tmp_path: Path) -> None:
    options = {"realis": "planned"}
    [icews] = rows(exported(crisis, tmp_path, "icews", **options)[1], "events.tab", "\t")
    assert [icews[name] for name in ("City", "Country", "Latitude", "Event Text")] == [
        "", "Poland", "", "Mobilize or increase armed forces [planned]",
    ]  # fmt: skip
    [polecat] = rows(exported(crisis, tmp_path, "polecat", **options)[1], "events.txt", "\t")
    assert (polecat["City"], polecat["Feature Type"], polecat["Country"]) == ("", "PCLI", "POL")
    [own] = rows(exported(crisis, tmp_path, "csv", **options)[1], "events.csv")
    assert (own["resolution"], own["place_kind"], own["incident"], own["id"][0]) == ("1", "country", "", "e")


def test_without_text_the_words_stay_out_and_the_way_to_them_stays(crisis: Path, tmp_path: Path) -> None:
    for name, format in FORMATS.items():
        _, archive = exported(crisis, tmp_path, name, text=False, realis="all" if format.unreal else "actual")
        for member in archive.namelist():
            content = archive.read(member)
            if member.endswith(".xlsx"):
                inside = zipfile.ZipFile(io.BytesIO(content))
                content = b"".join(inside.read(each) for each in inside.namelist())
            for words in (SHELLING[:20], "Talks go on", "Shells on the city", "met Lavrov"):
                assert words.encode() not in content, (name, member)
    _, archive = exported(crisis, tmp_path, "icews", text=False)
    told = {row["url"]: row for row in rows(archive, "tellings.csv")}["https://example.org/1"]
    assert SHELLING[int(told["start"]) : int(told["stop"])] == SHELLING[:-1]
    assert told["text_sha256"] == hashlib.sha256(SHELLING.encode()).hexdigest()
    with_text, without = (table(exported(crisis, tmp_path, "csv", text=text)[1], "events.csv")[0] for text in (True, False))
    assert with_text == without


def test_filters_narrow_it(crisis: Path, tmp_path: Path) -> None:
    for filters, found in [
        (Filters(since="2022-02"), ["ASSAULT"]),
        (Filters(until="2022-01"), ["CONSULT"]),
        (Filters(who="Russia", whom="Ukraine"), ["ASSAULT"]),
        (Filters(type="CONSULT,AID"), ["CONSULT"]),
        (Filters(place="Kharkiv"), ["ASSAULT"]),
        (Filters(source="post"), ["ASSAULT"]),
        (Filters(text="in Geneva"), ["CONSULT"]),
    ]:
        _, archive = exported(crisis, tmp_path, "csv", filters=filters)
        assert [row["type"] for row in rows(archive, "events.csv")] == found, filters
    assert "Only what fits: text in Geneva." in archive.read("README.txt").decode()


# --- what cannot be done ---------------------------------------------------------------------------------------------


def test_what_cannot_be_written_is_said(crisis: Path, tmp_path: Path) -> None:
    with store.reading(crisis) as connection:
        with pytest.raises(ExportError, match="no format; there are icews, polecat"):
            write(connection, tmp_path / "a.zip", "spss")
        with pytest.raises(ExportError, match="what happened from what did not"):
            write(connection, tmp_path / "a.zip", "gdelt", realis="all")
        with pytest.raises(CodebookError, match="no realis"):
            write(connection, tmp_path / "a.zip", "csv", realis="actual,maybe")
        with pytest.raises(DateError):
            write(connection, tmp_path / "a.zip", "csv", filters=Filters(since="soon"))
        with pytest.raises(ExportError, match="cannot be written"):
            write(connection, tmp_path / "no folder" / "a.zip", "csv")
    assert not list(tmp_path.iterdir())


def test_numbers_are_unique_and_mostly_the_id_s_own() -> None:
    numbers = Numbers(31)
    first = numbers.number("8000000000000001")
    assert first == 1 << 30
    assert numbers.number("8000000000000002") == first + 1  # the same first bits
    assert numbers.number("0000000000000001") == 1  # 0 is none


def test_a_full_sheet_goes_on_in_another(tmp_path: Path) -> None:
    sheets = [sheet for sheet in FORMATS["excel"].sheets() if sheet.name == "tellings"]
    book = Excel(tmp_path, sheets, rows=3)
    for number in range(5):
        book.write(sheets[0], [f"row {number}", *[None] * (len(sheets[0].columns) - 1)])
    import pandas as pd

    pages = pd.read_excel(book.close()[0], sheet_name=None)
    assert {name: len(page) for name, page in pages.items()} == {"tellings": 2, "tellings 2": 2, "tellings 3": 1}


def test_lists_and_numbers_in_one_cell() -> None:
    assert flat(["a;b", "c\nd", None]) == "a,b;c d;"
    assert [flat(value) for value in (1.0, 1.5, 1e20, True, None, 12)] == ["1", "1.5", "1e+20", "1", "", "12"]


# --- crosswalks ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("event_type", codebook.event_types())
def test_each_type_and_mode_has_its_codes_and_comes_back(event_type: str) -> None:
    assert set(crosswalks.modes_table()[event_type]) == {"", *codebook.modes(event_type)}
    for mode in (None, *codebook.modes(event_type)):
        elsewhere = crosswalks.mode_elsewhere(event_type, mode)
        for code in filter(None, (elsewhere.cameo, elsewhere.irregular, elsewhere.icews)):
            listed = crosswalks.cameo(code)
            assert listed is not None
            assert listed.type == event_type
            assert listed.mode is None or listed.mode in codebook.modes(event_type)
        back = crosswalks.from_plover(event_type, elsewhere.plover, elsewhere.contexts)
        assert back is not None
        assert back[0] == event_type
        for kind in filter(None, (elsewhere.acled, elsewhere.acled_civilians)):
            assert kind in crosswalks.ACLED_EVENTS


def test_each_code_is_an_event_of_the_codebook_or_none() -> None:
    for code, listed in crosswalks.cameo_codes().items():
        assert -10 <= listed.goldstein <= 10, code
        assert listed.type is None or listed.type in codebook.event_types(), code
        assert listed.mode is None or listed.mode in codebook.modes(str(listed.type)), code
    assert {code for code, listed in crosswalks.cameo_codes().items() if listed.type is None and code[:2] != "01"} == set()


def test_each_sector_comes_back_from_where_it_has_a_code() -> None:
    for sector in codebook.sectors():
        elsewhere = crosswalks.sector_elsewhere(sector)
        assert elsewhere is not None
        if elsewhere.plover:
            assert crosswalks.sector_of_plover(elsewhere.plover) == sector
        if sector != "BLOC":
            assert crosswalks.sector_of_cameo(elsewhere.cameo) == sector
            assert crosswalks.sector_of_icews(",".join(elsewhere.icews)) == sector


# --- the command -----------------------------------------------------------------------------------------------------


def test_the_command_writes_an_archive(crisis: Path, tmp_path: Path) -> None:
    runner = CliRunner()
    path = tmp_path / "out.zip"
    done = runner.invoke(app, ["export", str(crisis), "acled", "-o", str(path), "--no-text"])
    assert (done.exit_code, done.stderr) == (0, "melian: exported 1 events; 1 left out (see README.txt)\n")
    assert "events.csv" in zipfile.ZipFile(path).namelist()
    done = runner.invoke(app, ["export", str(crisis), "csv", "-o", "-", "--from", "2030", "-q"])
    assert done.exit_code == 0
    assert len(table(zipfile.ZipFile(io.BytesIO(done.stdout_bytes)), "events.csv")) == 1
    for wrong, said in (
        (["spss"], "no format"),
        (["gdelt", "--realis", "all"], "no column"),
        (["csv", "--from", "x"], "not a date"),
    ):
        done = runner.invoke(app, ["export", str(crisis), *wrong, "-o", str(path)])
        assert (done.exit_code, said in done.stderr) == (1, True), done.stderr
