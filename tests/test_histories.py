"""Event files of other projects: made-up rows of each kind, and rows that are broken."""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from melian.crisis.questions.answers import Record
from melian.crisis.record import store
from melian.crisis.record.adding import Added, add_found
from melian.errors import InputError
from melian.records import CodedDocument, Document, Event
from melian.sources.histories import read_history

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "series" / "icews18" / "valid.txt"
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
        "'3 March' is not a day",
        "'999' is no CAMEO code",
        "2 fields where the first line has 20",
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


class NoCoder:
    def code_all(self, documents: object) -> list[CodedDocument]:
        return []


def test_history_stands_behind_a_crisis(tmp_path: Path) -> None:
    crisis, path = tmp_path / "h.crisis", tmp_path / "events.tab"
    path.write_text("\n".join([ICEWS_HEAD, ICEWS_ROW, ICEWS_ROW.replace("2014-03-03", "2014-03-04")]) + "\n", encoding="utf-8")
    store.create(crisis)
    assert add_found(crisis, read_history("icews", [path]), NoCoder(), "") == Added(new=2)
    assert add_found(crisis, read_history("icews", [path]), NoCoder(), "") == Added(known=2)
    with Record(crisis) as record:
        assert [str(row["first"]) for row in record.incidents(who="Russia")] == ["2014-03-03", "2014-03-04"]
        assert {row["copy_of"] for row in record.documents()} == {None}


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
