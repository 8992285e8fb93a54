"""Exports read back by the readers that people use, whatever stands in them; and through Melian's own reader of histories."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from melian.crisis.record import store
from melian.errors import InputError, MissingLibrary
from melian.exports import FORMATS, write, writing
from melian.exports.actor_codes import key
from melian.exports.delimited import Delimited
from melian.exports.dictionary import Dictionary
from melian.exports.layout import Sheet, Value, flat
from melian.exports.package import pack
from melian.exports.pairs import pairs
from melian.exports.rows import ExportedEvent
from melian.exports.writing import finite
from melian.sources.histories import read_history
from tests.export_world import events, record

pandas = pytest.importorskip("pandas")
polars = pytest.importorskip("polars")

FEW = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
MADE = st.lists(events(), max_size=4, unique_by=lambda event: event.id)
TEXTS = {"icews": ("events.tab", "\t"), "polecat": ("events.txt", "\t"), "gdelt": ("events.CSV", "\t"), "acled": ("events.csv", ","), "csv": ("events.csv", ",")}  # fmt: skip


@contextmanager
def files(format: str, made: Sequence[ExportedEvent]) -> Iterator[tuple[Path, dict[str, Sheet], dict[str, list[list[Value]]]]]:
    """The files of a format for some events, with the sheets and rows that went into them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sheets = FORMATS[format].sheets()
        writer = FORMATS[format].writer(folder, sheets)
        written: dict[str, list[list[Value]]] = {sheet.name: [] for sheet in sheets}
        for event in made:
            for sheet in sheets:
                for row in sheet.rows(event) if sheet.of == "event" else ():
                    writer.write(sheet, row)
                    written[sheet.name].append([finite(value) for value in row])
        writer.close()
        yield folder, {sheet.name: sheet for sheet in sheets}, written


def shown(rows: Sequence[Sequence[Value]]) -> list[list[str]]:
    return [[flat(value) for value in row] for row in rows]


@pytest.mark.parametrize("format", TEXTS)
@FEW
@given(MADE)
def test_delimited_files_are_read_by_pandas_polars_and_duckdb(format: str, made: list[ExportedEvent]) -> None:
    name, delimiter = TEXTS[format]
    with files(format, made) as (folder, sheets, written):
        path, sheet = folder / name, sheets["events"]
        rows, width = shown(written["events"]), len(sheet.columns)
        assert len(path.read_text(encoding="utf-8").split("\n")) == len(rows) + sheet.header + 1
        if not rows and not sheet.header:
            return
        head = 0 if sheet.header else None
        frame = pandas.read_csv(path, sep=delimiter, dtype=str, keep_default_na=False, header=head)
        assert frame.shape == (len(rows), width)
        assert frame.to_numpy().tolist() == rows
        if sheet.header:
            assert list(frame.columns) == [column.name for column in sheet.columns]
        other = polars.read_csv(path, separator=delimiter, has_header=sheet.header, infer_schema=False)
        assert [[cell or "" for cell in row] for row in other.rows()] == rows
        query = "SELECT * FROM read_csv(?, delim = ?, header = ?, all_varchar = true, quote = '\"', escape = '\"', strict_mode = true, columns = ?)"
        columns = {f"c{number}": "VARCHAR" for number in range(width)}
        told = duckdb.execute(query, [str(path), delimiter, sheet.header, columns]).fetchall()
        assert [[cell or "" for cell in row] for row in told] == rows


@FEW
@given(MADE)
def test_parquet_is_read_by_pandas_polars_and_duckdb_with_arrays_and_days(made: list[ExportedEvent]) -> None:
    with files("parquet", made) as (folder, sheets, written):
        path = folder / "events.parquet"
        names = [column.name for column in sheets["events"].columns]
        wanted = [[list(v) if isinstance(v, tuple) else v for v in row] for row in written["events"]]
        relation = duckdb.read_parquet(str(path))
        assert relation.columns == names
        assert [list(row) for row in relation.fetchall()] == wanted
        frame = polars.read_parquet(path)
        assert [list(row) for row in frame.rows()] == wanted
        kinds = dict(zip(names, frame.dtypes, strict=True))
        assert (kinds["source"], kinds["date"], kinds["latitude"], kinds["dated"]) == (
            polars.List(polars.String), polars.Date, polars.Float64, polars.Boolean,
        )  # fmt: skip
        assert list(pandas.read_parquet(path)["id"]) == [row[0] for row in wanted]


@FEW
@given(MADE)
def test_stata_is_read_by_pandas_with_days_and_labels(made: list[ExportedEvent]) -> None:
    with files("stata", made) as (folder, sheets, written), pandas.io.stata.StataReader(folder / "events.dta") as reader:
        frame = reader.read()
        labels = reader.variable_labels()
        for number, column in enumerate(sheets["events"].columns):
            values = [row[number] for row in written["events"]]
            found = list(frame[column.name])
            assert labels[column.name].rstrip("…") in column.meaning
            if column.kind == "date":
                assert [None if pandas.isna(day) else day.date() for day in found] == values
            elif column.kind in ("text", "list"):
                assert found == [flat(value) for value in values]
            else:
                assert [None if pandas.isna(value) else value for value in found] == [
                    None if value is None else pytest.approx(float(value)) for value in values
                ]  # type: ignore[arg-type]


@settings(FEW, max_examples=5)
@given(MADE)
def test_excel_is_read_by_pandas(made: list[ExportedEvent]) -> None:
    pytest.importorskip("openpyxl")
    with files("excel", made) as (folder, sheets, written):
        pages = pandas.read_excel(folder / "melian.xlsx", sheet_name=None, keep_default_na=False, dtype=object)
        assert list(pages) == ["events", "tellings", "statements", "ledger"]
        frame = pages["events"]
        assert list(frame.columns) == [column.name for column in sheets["events"].columns]
        for number, column in enumerate(sheets["events"].columns):
            values, found = [row[number] for row in written["events"]], list(frame[column.name])
            if column.kind in ("text", "list"):
                assert [str(value) for value in found] == [flat(value) for value in values]
            elif column.kind == "date":
                assert [day.date() for day in found] == values if all(values) else True
            else:
                assert [value for value in found if value != ""] == [
                    pytest.approx(float(value)) for value in values if value is not None
                ]  # type: ignore[arg-type]


@FEW
@given(MADE)
def test_plover_s_lines_are_objects_with_the_required_fields(made: list[ExportedEvent]) -> None:
    with files("plover", made) as (folder, sheets, _):
        lines = [json.loads(line) for line in (folder / "events.jsonl").read_bytes().splitlines()]
        known = {column.name for column in sheets["events"].columns}
        assert [line["id"] for line in lines] == [event.id for event in made]
        for line, event in zip(lines, made, strict=True):
            assert {"id", "date", "actor", "event"} <= set(line) <= known
            assert line["date"] == (event.first.isoformat() if event.first else None)
            assert [actor.get("entity_text") for actor in line["actor"]] == [actor.name for actor in event.source]
            assert line["tellings"][0].get("text") == event.tellings[0].words


@FEW
@given(st.lists(events(), max_size=12, unique_by=lambda event: event.id))
def test_ids_are_unique_and_do_not_depend_on_the_company(made: list[ExportedEvent]) -> None:
    for format in ("icews", "gdelt", "polecat", "acled", "csv"):
        ids = []
        for some in (made, made[:1]):
            with files(format, some) as (_, _, written):
                ids.append([row[0] for row in written["events"]])
        assert len(set(ids[0])) == len(ids[0])
        assert ids[1] == ids[0][: len(ids[1])]


# --- round trips -----------------------------------------------------------------------------------------------------

PLAIN = st.lists(events(odd=False), max_size=6, unique_by=lambda event: event.id)
Told = tuple[str, tuple[str, ...], tuple[str, ...], str]


def archived(format: str, made: Sequence[ExportedEvent], folder: Path) -> Path:
    """An archive of some events, with their dictionary."""
    sheets = FORMATS[format].sheets()
    writer, actors = FORMATS[format].writer(folder, sheets), Dictionary()
    for event in made:
        actors.add(event.source, event.target)
        for sheet in sheets:
            for row in sheet.rows(event):
                writer.write(sheet, row)
    listed = Delimited(folder, (actors.sheet(),), ".csv", ",")
    for row in actors.rows():
        listed.write(actors.sheet(), row)
    pack(folder / "export.zip", [*writer.close(), *listed.close()])
    return folder / "export.zip"


def told(format: str, event: ExportedEvent) -> set[Told]:
    """What a format's rows say of an event: type, parties of both sides, day."""
    day = event.first.isoformat() if event.first else ""
    if format == "polecat":
        return {(event.type, tuple(map(key, event.source)), tuple(map(key, event.target)), day)}
    return {
        (event.type, (key(one),) if one else (), (key(other),) if other else (), day) for one, other in pairs(event)
    }  # fmt: skip


@pytest.mark.parametrize("format", ["icews", "polecat", "gdelt"])
@FEW
@given(PLAIN)
def test_type_parties_and_day_survive_the_round_trip(format: str, made: list[ExportedEvent]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = list(read_history(format, [archived(format, made, Path(folder))]))
    back: set[Told] = set()
    for each in found:
        if isinstance(each, InputError):
            assert not made  # an archive without rows has no file that looks like one (GDELT)
            continue
        for event in each[1].events:
            sides = tuple(map(key, event.source)), tuple(map(key, event.target))
            back.add((event.type, *sides, event.date or ""))
            if format != "polecat" and not event.target and len(event.source) == 2:  # a meeting is one event again
                back |= {(event.type, (a,), (b,), event.date or "") for a, b in (sides[0], sides[0][::-1])}
    for event in made:
        if event.source or event.target:
            assert told(format, event) <= back


def test_what_did_not_happen_comes_back_as_such(tmp_path: Path) -> None:
    crisis = record(tmp_path / "winter.crisis")
    for format in ("icews", "polecat"):
        with store.reading(crisis) as connection:
            write(connection, tmp_path / "a.zip", format, realis="all")
        found = [each for each in read_history(format, [tmp_path / "a.zip"]) if not isinstance(each, InputError)]
        told = {(event.type, event.realis, event.place) for _, coded in found for event in coded.events}
        assert told == {("ASSAULT", "actual", "Kharkiv"), ("CONSULT", "actual", "Geneva"), ("MOBILIZE", "planned", "Poland")}


# --- R, and libraries that are not there -----------------------------------------------------------------------------

R = shutil.which("Rscript")


@pytest.mark.skipif(R is None, reason="Rscript is not here: readr and haven are not tried")
@pytest.mark.parametrize(
    ("format", "member", "call"),
    [
        ("csv", "events.csv", "readr::read_csv(f, show_col_types = FALSE)"),
        ("icews", "events.tab", "readr::read_tsv(f, show_col_types = FALSE)"),
        ("stata", "events.dta", "haven::read_dta(f)"),
    ],
)
def test_r_reads_it(tmp_path: Path, format: str, member: str, call: str) -> None:
    package = call.partition(":")[0]
    assert R is not None
    if subprocess.run([R, "-e", f"library({package})"], capture_output=True, check=False).returncode:
        pytest.skip(f"R has no {package} here")
    with store.reading(record(tmp_path / "winter.crisis")) as connection:
        write(connection, tmp_path / "a.zip", format)
    zipfile.ZipFile(tmp_path / "a.zip").extract(member, tmp_path)
    program = f'f <- "{tmp_path / member}"; d <- {call}; cat(nrow(d), ncol(d), nrow(readr::problems(d)))'
    done = subprocess.run([R, "-e", program], capture_output=True, text=True, check=True)
    rows, columns = done.stdout.split()[:2]
    assert (int(rows), int(columns)) == (3 if format == "icews" else 2, len(FORMATS[format].sheets()[0].columns))


@pytest.mark.parametrize(("format", "library"), [("stata", "pandas"), ("excel", "xlsxwriter")])
def test_a_library_that_is_not_there_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format: str, library: str
) -> None:
    def absent(name: str) -> Any:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(writing, "import_module", absent)
    with store.reading(record(tmp_path / "winter.crisis")) as connection, pytest.raises(MissingLibrary, match=library) as error:
        write(connection, tmp_path / "a.zip", format)
    assert 'pip install "melian[tables]"' in str(error.value)
    assert not (tmp_path / "a.zip").exists()


def test_days_before_excel_s_first_are_text(tmp_path: Path) -> None:
    sheet = next(sheet for sheet in FORMATS["excel"].sheets() if sheet.name == "tellings")
    writer = FORMATS["excel"].writer(tmp_path, (sheet,))
    row = [date(1848, 3, 1) if column.kind == "date" else None for column in sheet.columns]
    writer.write(sheet, row)
    assert pandas.read_excel(writer.close()[0])["published"][0] == "1848-03-01"
