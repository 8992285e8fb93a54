"""Event files of other projects: made-up rows of each kind, and rows that are broken."""

from __future__ import annotations

import gzip
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from melian.crisis.questions.answers import Record
from melian.crisis.record import store
from melian.crisis.record.adding import Added, add_found
from melian.crisis.record.rows import document_id
from melian.errors import InputError
from melian.exports.polecat import COLUMNS
from melian.records import CodedDocument, Document, Event
from melian.sources.histories import days, read_history
from melian.sources.histories.parties import party

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "series" / "icews18" / "valid.txt"
POLECAT_COLUMNS = tuple(column.name for column in COLUMNS)
ICEWS_HEAD = (
    "Event ID\tEvent Date\tSource Name\tSource Sectors\tSource Country\tEvent Text\tCAMEO Code\tIntensity\tTarget Name\tTarget Sectors\t"
    "Target Country\tStory ID\tSentence Number\tPublisher\tCity\tDistrict\tProvince\tCountry\tLatitude\tLongitude"
)
ICEWS_ROW = (
    "7\t2014-03-03\tMilitary (Russia)\tMilitary,Government\tRussian Federation\tUse conventional military force\t190\t-10\tUkraine\t\t"
    "Ukraine\t12\t3\tSome Wire\tSevastopol\t\tCrimea\tUkraine\t44.6\t33.5"
)
POLECAT_HEAD = (
    "Event ID\tEvent Date\tEvent Type\tEvent Mode\tContexts\tActor Name\tActor Country\tPrimary Actor Sector\tRecipient Name\t"
    "Recipient Country\tPrimary Recipient Sector\tCity\tCountry"
)
POLECAT_ROW = (
    "a1\t2022-02-25\tSANCTION\tdiscontinue\teconomic\tUnited States; Canada\tUSA; CAN\tGOV; GOV\tRussia\tRUS\tGOV\tNone\tNone"
)


def gdelt_row(**more: str) -> str:
    fields = [""] * 61
    named = {
        0: "1", 1: "20220224", 5: "RUSMIL", 6: "RUSSIA", 7: "RUS", 12: "MIL", 15: "UKR", 16: "UKRAINE", 17: "UKR", 26: "195", 51: "4",
        52: "Kharkiv, Kharkivs'ka Oblast', Ukraine", 53: "UP", 60: "https://example.org/a",
    }  # fmt: skip
    for place, value in {**named, **{int(key[1:]): value for key, value in more.items()}}.items():
        fields[place] = value
    return "\t".join(fields)


def read(
    kind: str, folder: Path, *lines: str, name: str = "events.tab"
) -> tuple[list[tuple[Document, Event]], list[InputError]]:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = list(read_history(kind, [path]))
    events = [(each[0], event) for each in found if not isinstance(each, InputError) for event in each[1].events]
    return events, [each for each in found if isinstance(each, InputError)]


def parties(event: Event) -> str:
    sides = [" ".join(f"{actor.id}:{actor.sector}" for actor in side) for side in (event.source, event.target)]
    return f"{event.type} {event.mode or '-'} {' > '.join(sides)}".strip()


@pytest.mark.parametrize(
    ("kind", "lines", "day", "line"),
    [
        ("icews", [ICEWS_HEAD, ICEWS_ROW], "2014-03-03", "RUS:MIL > UKR:GOV"),
        ("polecat", [POLECAT_HEAD, POLECAT_ROW], "2022-02-25", "SANCTION economic USA:GOV CAN:GOV > RUS:GOV"),
        ("gdelt", [gdelt_row()], "2022-02-24", "RUS:MIL > UKR:GOV"),
    ],
)
def test_a_row_becomes_an_event(tmp_path: Path, kind: str, lines: list[str], day: str, line: str) -> None:
    [(document, event)], errors = read(kind, tmp_path, *lines)
    assert not errors
    assert (document.published, document.text, event.date) == (day, "", day)
    assert line in parties(event)
    assert event.why[0].startswith("imported: ")
    assert "events.tab:" in event.why[0]


def test_quadruples_take_their_names_from_beside_them(tmp_path: Path) -> None:
    folder = tmp_path / "icews14"
    folder.mkdir()
    (folder / "entity2id.txt").write_text("Police (India)\t0\nIran\t1\nHassan Rouhani\t2\n", encoding="utf-8")
    (folder / "relation2id.txt").write_text(
        "Consult\t0\nMake statement\t1\nArrest, detain, or charge with legal action\t2\n", encoding="utf-8"
    )
    events, errors = read(
        "quadruples", folder, "0\t2\t1\t24\t0", "2\t0\t1\t48\t0", "2\t1\t1\t48\t0", "9\t0\t1\t48\t0", name="q.txt"
    )
    assert next((event.date, parties(event).split(" ", 2)[2]) for _, event in events) == ("2014-01-02", "IND:COP > IRN:GOV")
    assert [event.date for _, event in events] == ["2014-01-02", "2014-01-03"]  # a statement is no event
    assert [error.where for error in errors] == [f"{folder / 'q.txt'}:4"]


def test_broken_rows_are_named_and_the_rest_goes_in(tmp_path: Path) -> None:
    bad_day, bad_code = ICEWS_ROW.replace("2014-03-03", "3 March"), ICEWS_ROW.replace("\t190\t", "\t999\t")
    events, errors = read("icews", tmp_path, ICEWS_HEAD, bad_day, ICEWS_ROW, bad_code, "too\tshort")
    assert len(events) == 1
    assert [str(error).partition(": ")[2] for error in errors] == [
        "'3 March' is not a day (YYYY-MM-DD)",
        "'999' is no CAMEO code",
        "2 fields, where the first line names 20 columns",
    ]


@pytest.mark.parametrize("kind", ["icews", "polecat"])
def test_another_table_is_refused_by_its_columns(tmp_path: Path, kind: str) -> None:
    events, [error] = read(kind, tmp_path, "a\tb\tc", "1\t2\t3")
    assert not events
    assert "there is no column 'Event Date'" in str(error)


def test_a_gzipped_file_and_one_with_commas_are_read(tmp_path: Path) -> None:
    path = tmp_path / "events.csv.gz"
    lines = [",".join(f'"{field}"' for field in line.split("\t")) for line in (ICEWS_HEAD, ICEWS_ROW)]
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    [(_, coded)] = [found for found in read_history("icews", [path]) if not isinstance(found, InputError)]
    assert "RUS:MIL > UKR:GOV" in parties(coded.events[0])


def test_a_meeting_told_from_both_sides_is_one_event(tmp_path: Path) -> None:
    there = ICEWS_ROW.replace("Use conventional military force\t190\t-10", "Consult\t040\t1")
    back = there.replace("Military (Russia)\tMilitary,Government\tRussian Federation", "Ukraine\t\tUkraine", 1).replace(
        "\t1\tUkraine\t\tUkraine\t", "\t1\tMilitary (Russia)\tMilitary,Government\tRussian Federation\t"
    )
    visit, host = there.replace("Consult\t040", "Make a visit\t042"), back.replace("Consult\t040", "Host a visit\t043")
    events, errors = read("icews", tmp_path, ICEWS_HEAD, there, back, visit, host)
    assert not errors
    assert [parties(event) for _, event in events] == ["CONSULT meeting RUS:MIL UKR:GOV >", "CONSULT visit RUS:MIL > UKR:GOV"]
    assert [len(event.why) for _, event in events] == [2, 2]


def test_codes_whose_zero_a_spreadsheet_ate_are_told_by_their_names(tmp_path: Path) -> None:
    row = ICEWS_ROW.replace("Use conventional military force\t190", "Make a visit\t42")
    [(_, event)], _ = read("icews", tmp_path, ICEWS_HEAD, row)
    assert (event.type, event.mode) == ("CONSULT", "visit")


def test_comments_are_counted_and_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "events.tab"
    path.write_text(
        "\n".join([ICEWS_HEAD, ICEWS_ROW.replace("Use conventional military force\t190", "Make statement\t010")]) + "\n"
    )
    [(_, coded)] = list(read_history("icews", [path]))
    assert not coded.events
    assert coded.notes[1] == "1 rows passed over: CAMEO 010 Make statement: no event of the codebook"


def test_polecat_s_odd_files_are_read(tmp_path: Path) -> None:
    """Some first lines name columns that no row has, some rows end in empty columns."""
    names = list(POLECAT_COLUMNS)
    row = {name: "None" for name in names} | {
        "Event ID": "x1", "Event Date": "2021-05-06", "Event Type": "THREATEN", "Event Mode": "violence", "Contexts": "military; future",
        "Actor Name": "Hamas", "Actor Country": "PSE", "Primary Actor Sector": "REB", "Recipient Name": "Israel", "Recipient Country": "ISR",
        "Placename": "Gaza", "Country": "PSE",
    }  # fmt: skip
    line = "\t".join(row[name] for name in names)
    head = "\t".join(["Event ID", "Event Date", "Headline", "Event Text", "Feed", "Story ID", *names[2:]])
    for first, second in ((head, line), ("\t".join(names), f"{line}\t\t")):
        [(_, event)], errors = read("polecat", tmp_path, first, second, name="polecat.txt")
        assert not errors
        assert parties(event) == "THREATEN military Hamas:REB > ISR:GOV"
        assert (event.realis, event.place, event.place_country) == ("planned", "Gaza", "PSE")


def test_gdelt_s_archives_are_read_and_mentions_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "20220224.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("20220224.export.CSV", f"{gdelt_row()}\n{gdelt_row(_0='2', _3='x')}\ntoo\tshort\n")
        archive.writestr("20220224.mentions.CSV", "\t".join(["1"] * 16))
    found = list(read_history("gdelt", [path]))
    [error] = [each for each in found if isinstance(each, InputError)]
    assert str(error) == f"{path}/20220224.export.CSV:3: 2 fields; an event of GDELT 2 has 61"
    [(document, coded)] = [each for each in found if not isinstance(each, InputError)]
    assert (document.outlet, len(coded.events)) == ("GDELT", 2)
    assert (coded.events[0].place, coded.events[0].place_country) == ("Kharkiv", "UKR")


def test_the_same_rows_are_the_same_documents(tmp_path: Path) -> None:
    """Whatever the file is called, in whatever order its rows come, and with days mixed."""
    rows = [
        ICEWS_ROW.replace("2014-03-03", f"2014-03-0{day}").replace("7\t", f"{n}\t", 1) for n, day in enumerate([3, 4, 3, 5, 4])
    ]
    first, second = tmp_path / "a.tab", tmp_path / "b.tab"
    first.write_text("\n".join([ICEWS_HEAD, *rows]) + "\n")
    second.write_text("\n".join([ICEWS_HEAD, *reversed(rows)]) + "\n")
    ids = [
        {document_id(each[0]) for each in read_history("icews", [path]) if not isinstance(each, InputError)}
        for path in (first, second)
    ]
    assert ids[0] == ids[1]
    assert len(ids[0]) == 3


def test_a_day_that_comes_back_is_a_further_document(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(days, "SILENT_ROWS", 2)
    rows = [ICEWS_ROW.replace("2014-03-03", day) for day in ["2014-03-03", *["2014-03-04"] * 3, "2014-03-05", "2014-03-03"]]
    path = tmp_path / "a.tab"
    path.write_text("\n".join([ICEWS_HEAD, *(row.replace("7\t", f"{n}\t", 1) for n, row in enumerate(rows))]) + "\n")
    found = [each[0] for each in read_history("icews", [path]) if not isinstance(each, InputError)]
    assert [document.published for document in found] == ["2014-03-03", "2014-03-03", "2014-03-04", "2014-03-05"]
    assert len({document_id(document) for document in found}) == 4


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "other.zip").write_bytes(b"PK\x05\x06" + bytes(18))
    said = [str(each) for each in read_history("icews", [tmp_path / "no.tab", tmp_path / "empty"])]
    assert said == [f"{tmp_path}/no.tab: no such file or folder", f"{tmp_path}/empty: no ICEWS event file in this folder"]
    [error] = list(read_history("quadruples", [tmp_path]))
    assert "none of train.txt, valid.txt, test.txt" in str(error)
    with pytest.raises(ValueError, match="is none of icews"):
        read_history("wires", [])


@pytest.mark.parametrize(
    ("name", "country", "sector", "found"),
    [
        ("Military (Russia)", "RUS", None, ("RUS", "MIL", None)),
        ("Citizen (Holy See (Vatican City State))", None, None, ("VAT", "CVL", None)),
        ("Militant (Taliban)", None, None, ("Taliban", "REB", None)),
        ("Joe Biden", "USA", "GOV", ("USA", "GOV", "Joe Biden")),
        ("Jens Stoltenberg", "NOR", "IGO", ("NATO", "IGO", "Jens Stoltenberg")),
        ("Hamas", "PSE", "REB", ("Hamas", "REB", "Hamas")),
        ("Israeli Defense Forces", "ISR", "MIL", ("ISR", "MIL", "Israel Defense Forces")),
        ("North Atlantic Treaty Organization", None, "IGO", ("NATO", "IGO", "NATO")),
        ("Egyptian Army", None, None, ("EGY", "MIL", "Egyptian Army")),
        ("Armed Forces of the Russian Federation", None, None, ("RUS", "MIL", "Armed Forces of the Russian Federation")),
        ("Front of the Unheard", "PSE", "REB", ("Front of the Unheard", "REB", "Front of the Unheard")),
        ("Jane Nobody", "GBR", "BUS", ("GBR", "BUS", "Jane Nobody")),
        ("Unspecified Actor", None, None, None),
    ],
)
def test_names_become_parties(name: str, country: str | None, sector: str | None, found: tuple[str, ...] | None) -> None:
    actor = party(name, country, sector, "2022-01-21")
    assert (actor and (actor.id, actor.sector, actor.name)) == found


class NoCoder:
    def code_all(self, documents: object) -> list[CodedDocument]:
        return []


def test_history_stands_behind_a_crisis(tmp_path: Path) -> None:
    crisis, path = tmp_path / "h.crisis", tmp_path / "events.tab"
    rows = [
        ICEWS_HEAD,
        ICEWS_ROW,
        ICEWS_ROW.replace("2014-03-03", "2014-03-04").replace("\t190\t", "\t100\t"),
    ]  # the second a demand
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    store.create(crisis)
    assert add_found(crisis, read_history("icews", [path]), NoCoder(), "") == Added(new=2)
    assert add_found(crisis, read_history("icews", [path]), NoCoder(), "") == Added(known=2)
    with Record(crisis) as record:
        assert [str(row["first"]) for row in record.incidents(who="Russia")] == ["2014-03-03", "2014-03-04"]
        assert {row["copy_of"] for row in record.documents()} == {None}
        assert record.demands().rows() == []  # the ledger's entries rest on words


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=30), min_size=20, max_size=20))
def test_odd_fields_never_stop_the_reading(fields: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        events, _ = read("icews", Path(folder), ICEWS_HEAD, "\t".join(fields), ICEWS_ROW)
    assert any("RUS:MIL > UKR:GOV" in parties(event) for _, event in events)


@pytest.mark.skipif(not SHARED.exists(), reason="the shared quadruples are not here")
def test_the_shared_quadruples_are_read() -> None:
    found = next(iter(read_history("quadruples", [SHARED])))
    assert not isinstance(found, InputError)
    assert found[0].published == "2018-08-29"
    assert len(found[1].events) > 500
