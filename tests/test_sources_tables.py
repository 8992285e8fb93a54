"""CSV, TSV and Parquet: columns by name, one document a row, bad rows set aside with their lines."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from written_inputs import ANSWER, DENIAL, ENGLISH, put, zipped

from melian.errors import DateError, InputError, TooLarge, UnreadableInput
from melian.records import Document
from melian.sources import Found, limits, read_inputs
from melian.sources.given import Given, digest
from melian.sources.tables.table_rows import read

HEADER = ["Text", "DATE", "title", "Source", "link", "id"]
ROW = [ENGLISH, "2022-01-21", "Talks", "Wire", "https://example.org/1", "w1"]


def table(rows: list[list[str]], delimiter: str = ",", end: str = "\r\n") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue()


def found_in(folder: Path, name: str, content: str | bytes, **columns: str) -> list[Found]:
    return list(read_inputs([put(folder, name, content)], columns=columns or None))


def where_of(found: list[Found]) -> list[str]:
    """Lines of documents, and of errors with their kind."""
    return [
        each.origin.rpartition(":")[2]
        if isinstance(each, Document) and each.origin
        else f"{each.where.rpartition(':')[2]} {each.kind}"  # type: ignore[union-attr]
        for each in found
    ]


@pytest.mark.parametrize(
    ("name", "delimiter", "end"),
    [
        ("a.csv", ",", "\r\n"),
        ("a.csv", ";", "\n"),
        ("a.tsv", "\t", "\n"),
        ("a.csv", "|", "\n"),
        ("a.csv", "\t", "\n"),
        ("a", ",", "\n"),
    ],
)
def test_a_tables_columns_fill_the_fields(tmp_path: Path, name: str, delimiter: str, end: str) -> None:
    content = table([HEADER, ROW, [f'Two\nlines, and "quotes" of {DENIAL}', "", "", "", "", ""]], delimiter, end)
    one, two = found_in(tmp_path, name, content)
    assert isinstance(one, Document)
    assert isinstance(two, Document)
    assert [one.text, one.published, one.title, one.outlet, one.url, one.doc_id] == ROW
    assert one.digest == digest(content.split(end)[1].encode())
    assert two.text == f'Two\nlines, and "quotes" of {DENIAL}'
    assert (two.doc_id, two.published, two.title) == ("a-3", None, None)
    assert two.origin == f"{tmp_path / name}:3"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_tables_in_other_encodings(tmp_path: Path, encoding: str) -> None:
    text = "The minister’s answer to the demands of NATO was “no”, he said."
    (found,) = found_in(tmp_path, "a.csv", table([["text"], [text]]).encode(encoding))
    assert isinstance(found, Document)
    assert found.text == text


def test_the_caller_may_name_the_columns(tmp_path: Path) -> None:
    content = table([["body", "text", "day"], [ENGLISH, "x", "2022-01-21"]])
    (found,) = found_in(tmp_path, "a.csv", content, text="Body", published="day")
    assert isinstance(found, Document)
    assert (found.text, found.published) == (ENGLISH, "2022-01-21")
    with pytest.raises(InputError, match="no 'author'"):
        read_inputs([tmp_path], columns={"author": "x"})


@pytest.mark.parametrize(
    ("columns", "wanted"),
    [({}, "no column 'text'"), ({"text": "words"}, "no column 'words'"), ({"text": "body", "url": "u"}, "'u'")],
)
def test_a_missing_column_is_named_with_those_that_are_there(tmp_path: Path, columns: dict[str, str], wanted: str) -> None:
    (found,) = found_in(tmp_path, "a.csv", table([["headline", "body"], ["x", ENGLISH]]), **columns)
    assert isinstance(found, UnreadableInput)
    assert wanted in str(found)
    assert "its columns are 'headline', 'body'" in str(found)
    assert found.where == str(tmp_path / "a.csv")


def test_each_bad_row_is_set_aside_with_its_line(tmp_path: Path) -> None:
    lines = [
        "text,date,id",
        f'"{ENGLISH}",2022-01-21,one',
        f'"{ENGLISH}",2022-01-21,one,more',
        ",2022-01-21,none",
        f'"{ENGLISH}",21/1/2022,day',
        "",
        f'"never closed {ENGLISH},2022-01-21,open',
        f'"{ANSWER}",2022-01-22,two',
        f'"in" the middle {ENGLISH},2022-01-21,quote',
        f'"{DENIAL}"',
    ]
    found = found_in(tmp_path, "a.csv", "\n".join(lines))
    assert where_of(found) == ["2", "3 unreadable", "4 unreadable", "5 bad date", "7 unreadable", "8", "9 unreadable", "10"]
    assert isinstance(found[3], DateError)
    assert "is a quotation mark missing?" in str(found[4])


def test_a_row_that_is_too_long_costs_only_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LINE", 500)
    lines = ["text,id", f'"{ENGLISH}",one', "x" * 600, f'"{ANSWER}",two', '"open', *[f'""{DENIAL}""' for _ in range(20)], f'{"y" * 600}',
             f'"{ANSWER}",three']  # fmt: skip
    found = found_in(tmp_path, "a.csv", "\n".join(lines))
    assert isinstance(found[1], TooLarge)
    assert "a.csv:3" in str(found[1])
    assert [each.doc_id for each in found if isinstance(each, Document)] == ["one", "two", "three"]
    assert "the row is longer" in str(found[3])
    assert "a.csv:5" in str(found[3])


CELLS = st.text(alphabet=st.sampled_from('ab",;\n\r \t|é'), max_size=12)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=8))
def test_what_the_standard_writer_writes_is_read_back(rows: list[tuple[str, str]]) -> None:
    rows = [(text, title) for text, title in rows if text]
    raw = table([["text", "title"], *map(list, rows)]).encode()
    found = list(read(io.BufferedReader(io.BytesIO(raw)), Given(name="a", where="a.csv")))  # type: ignore[arg-type]
    assert [(each.text, each.title) for each in found if isinstance(each, Document)] == [
        (text, title.strip() or None) for text, title in rows
    ]
    assert len(found) == len(rows)


# --- Parquet --------------------------------------------------------------------------------------------------------


def parquet(folder: Path, select: str) -> bytes:
    path = folder / "made.parquet"
    duckdb.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")
    raw = path.read_bytes()
    path.unlink()
    return raw


ROWS = f"""
    SELECT * FROM (VALUES ('{ENGLISH}', DATE '2022-01-21', 7, 'Wire'), ('{ANSWER}', NULL, 8, NULL), (NULL, NULL, 9, NULL))
    AS rows("Text", "date", id, "source")"""


@pytest.mark.parametrize("name", ["a.parquet", "rows[1]*.parquet", "a.parquet.gz", "a", "a.zip"])
def test_parquet_rows_are_documents(tmp_path: Path, name: str) -> None:
    raw = parquet(tmp_path, ROWS)
    content = gzip.compress(raw) if name.endswith(".gz") else zipped({"a.parquet": raw}) if name.endswith(".zip") else raw
    one, two, three = found_in(tmp_path, name, content)
    assert isinstance(one, Document)
    assert (one.text, one.published, one.doc_id, one.outlet) == (ENGLISH, "2022-01-21", "7", "Wire")
    assert one.origin is not None
    assert one.origin.endswith(":1")
    assert isinstance(two, Document)
    assert two.published is None
    assert one.digest != two.digest
    assert isinstance(three, UnreadableInput)
    assert "no text" in str(three)


def test_parquet_files_that_cannot_be_read_say_why(tmp_path: Path) -> None:
    raw = parquet(tmp_path, ROWS)
    (broken,) = found_in(tmp_path, "b.parquet", raw[:-20])
    assert "not a Parquet file that can be read" in str(broken)
    (other,) = found_in(tmp_path, "c.parquet", parquet(tmp_path, "SELECT 1 AS a, 'x' AS body"))
    assert "no column 'text'; its columns are 'a', 'body'" in str(other)
    (named,) = found_in(tmp_path, "d.parquet", parquet(tmp_path, f"SELECT '{ENGLISH}' AS body"), text="body")
    assert isinstance(named, Document)
