"""Bad input is named with its file and line and set aside, and what stands around it is read."""

from __future__ import annotations

import gzip
import os
import random
import re
import threading
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from written_inputs import (
    ANSWER,
    ARTICLE,
    ATOM,
    ENGLISH,
    LOGIN,
    RSS,
    gzip_bomb,
    json_line,
    mail,
    pdf,
    put,
    warc_record,
    zip_bomb,
    zipped,
)

from melian.errors import InputError
from melian.records import Document
from melian.sources import Found, read_inputs
from melian.sources.kinds import ENDINGS

LONG = 200 << 20
Written = str | bytes | Callable[[Path], None]


def long_line(path: Path) -> None:
    """Three lines, of which the second has 200 MB; the file is sparse and takes no room on the disk."""
    with path.open("wb") as file:
        file.write(json_line(doc_id="before").encode() + b'{"text": "')
        file.seek(LONG, os.SEEK_CUR)
        file.write(b'"}\n' + json_line(doc_id="after").encode())


def long_row(path: Path) -> None:
    with path.open("wb") as file:
        file.write(f'text,id\n"{ENGLISH}",before\n"'.encode())
        file.seek(LONG, os.SEEK_CUR)
        file.write(f'"\n"{ANSWER}",after\n'.encode())


def without_end(path: Path) -> None:
    """A page that goes on and on."""
    with path.open("wb") as file:
        file.write(ARTICLE.encode()[:500])
        file.truncate(LONG)


LINES = json_line(doc_id="one") * 3
MANY = "".join(json_line(doc_id=f"d{n}", title=random.Random(n).randbytes(40).hex()) for n in range(400)).encode()

# What is put down; under which name; how many documents are read all the same; the error's kind, place behind the name, and words.
BAD: list[tuple[str, Written, str, int | None, str, str, str]] = [
    ("a truncated gzip file", gzip.compress(ENGLISH.encode(), mtime=0)[:-12], "a.txt.gz", 0, "unreadable", "", "broken gzip file"),
    ("truncated lines", gzip.compress(MANY, mtime=0)[:-3000], "a.jsonl.gz", None, "unreadable", r":\d+", "broken gzip file"),
    ("a wrong encoding", "Москва отвергла требования".encode("koi8-r"), "a.txt", 0, "unreadable", "", "encoding cannot be told"),
    ("one line in it", LINES.encode() + b'{"text": "\xcd\xcf\xd3\xcb\xd7\xc1"}\n' + LINES.encode(), "a.jsonl", 6, "unreadable", ":4", "encoding"),
    ("a page in it", b"<html><meta charset=utf-8><p>" + "Москва отвергла".encode("koi8-r"), "a.html", 0, "unreadable", "", "it says it is utf-8"),
    ("a line of 200 MB", long_line, "a.jsonl", 2, "too large", ":2", "longer than 16 MB"),
    ("a row of 200 MB", long_row, "a.csv", 2, "too large", ":3", "longer than 16 MB"),
    ("a text of 200 MB", without_end, "a.txt", 0, "too large", "", "more than 32 MB"),
    ("HTML that never ends", without_end, "a.html", 0, "too large", "", "more than 32 MB, which is the most that is read of one web page"),
    ("tags that are never closed", "<html>" + "<div>" * 100_000 + ENGLISH, "a.html", 0, "too large", "", "never end"),
    ("a zip bomb", zip_bomb(), "a.zip", 0, "too large", "/bomb.txt", "zip bomb"),
    ("a gzip bomb", gzip_bomb(), "a.txt.gz", 0, "too large", "", "zip bomb"),
    ("a bomb in a word processor's file", zip_bomb("word/document.xml"), "a.docx", 0, "too large", "", "zip bomb"),
    ("an archive in an archive", zipped({"b.zip": zip_bomb(), "c.txt": ENGLISH}), "a.zip", 1, "unreadable", "/b.zip", "not opened"),
    ("a table without its columns", "headline,body\nx,y\n", "a.csv", 0, "unreadable", "", "no column 'text'; its columns are 'headline', 'body'"),
    ("a row with too many fields", f'text,id\n"{ANSWER}",one\nx,y,z\n', "a.csv", 1, "unreadable", ":3", "3 fields, where the header names 2"),
    ("a feed that is a login page", LOGIN, "a.rss", 0, "no article", "", "asks to log in, not a feed"),
    ("a page that is a login page", LOGIN, "a.html", 0, "no article", "", "asks to log in"),
    ("a scanned PDF", pdf([[], []]), "a.pdf", 0, "empty", "", "OCR"),
    ("a broken PDF", pdf([[ENGLISH]])[:100], "a.pdf", 0, "unreadable", "", "broken PDF file"),
    ("a picture", b"\x89PNG\r\n\x1a\n" + bytes(50), "a.txt", 0, "unreadable", "", "a picture"),
    ("an old word processor's file", b"\xd0\xcf\x11\xe0" + bytes(50), "a.txt", 0, "unreadable", "", "save it as .docx"),
    ("a date that is none", json_line(published="31/1/2022") + LINES, "a.jsonl", 3, "bad date", ":1", "YYYY-MM-DD"),
    ("no words", "  \n", "a.txt", 0, "empty", "", "no words"),
    ("no English", "Le ministre a déclaré mardi que la Russie ne serait pas la bienvenue.", "a.txt", 0, "not English", "", "in French"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "name", "read", "kind", "place", "said"), [row[1:] for row in BAD], ids=[row[0] for row in BAD]
)
def test_bad_input_is_named_and_the_rest_goes_in(
    tmp_path: Path, written: Written, name: str, read: int | None, kind: str, place: str, said: str
) -> None:
    path = tmp_path / name
    if callable(written):
        written(path)
    else:
        put(tmp_path, name, written)
    put(tmp_path, "z.txt", ENGLISH)
    *found, last = read_inputs([tmp_path])
    assert isinstance(last, Document)
    assert last.origin == str(tmp_path / "z.txt")
    errors = [each for each in found if isinstance(each, InputError)]
    named = [error for error in errors if said in str(error)]
    assert named, errors
    assert named[0].kind == kind
    assert named[0].where is not None
    assert re.fullmatch(re.escape(str(path)) + place, named[0].where)
    assert str(named[0]).startswith(f"{named[0].where}: ")
    documents = len(found) - len(errors)
    assert documents == read if read is not None else 100 < documents < 400


@pytest.mark.parametrize(("write", "name"), [(long_line, "a.jsonl"), (long_row, "a.csv"), (without_end, "a.html")])
def test_what_is_long_is_never_held_as_a_whole(tmp_path: Path, write: Callable[[Path], None], name: str) -> None:
    write(tmp_path / name)
    tracemalloc.start()
    try:
        list(read_inputs([tmp_path / name]))
        assert tracemalloc.get_traced_memory()[1] < LONG / 2
    finally:
        tracemalloc.stop()


def test_a_pipe_that_never_ends_is_left(tmp_path: Path) -> None:
    """A page that is still being written when as much has been read as is read of one."""
    pipe = tmp_path / "endless.html"
    os.mkfifo(pipe)

    def write() -> None:
        try:
            with pipe.open("wb") as out:
                while True:
                    out.write(b"<p>more</p>" * 10_000)
        except BrokenPipeError:
            pass

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    (error,) = read_inputs([pipe])
    assert "most that is read of one web page" in str(error)
    writer.join(timeout=10)
    assert not writer.is_alive()


# --- anything at all ------------------------------------------------------------------------------------------------

GOOD: dict[str, bytes] = {
    "a.txt": ENGLISH.encode(),
    "a.jsonl": (LINES * 2).encode(),
    "a.html": ARTICLE.encode(),
    "a.rss": RSS.encode(),
    "a.atom": ATOM.encode(),
    "a.csv": f'text,id\n"{ENGLISH}",one\n"{ANSWER}",two\n'.encode(),
    "a.eml": mail(ENGLISH, f"<p>{ENGLISH}</p>", "a.pdf"),
    "a.pdf": pdf([[ENGLISH], [ANSWER]], {"Title": "Statement"}),
    "a.zip": zipped({"a.txt": ENGLISH, "b.html": ARTICLE}),
    "a.docx": zipped({"word/document.xml": "<d><p>x</p></d>"}),
    "a.warc": warc_record("https://example.org/a", ARTICLE.encode()) * 2,
    "a.warc.gz": gzip.compress(warc_record("https://example.org/a", ARTICLE.encode())),
}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(sorted(GOOD)),
    ending=st.sampled_from(["", *ENDINGS]),
    cuts=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=6)), max_size=4),
)
def test_no_bytes_stop_the_reading(tmp_path: Path, name: str, ending: str, cuts: list[tuple[float, int, bytes]]) -> None:
    """Good files with pieces cut out and others put in, under any ending: documents and input errors, nothing else."""
    raw = GOOD[name]
    for place, length, instead in cuts:
        start = int(place * len(raw))
        raw = raw[:start] + instead + raw[start + length :]
    path = put(tmp_path, f"changed{ending or '.none'}", raw)
    found: list[Found] = list(read_inputs([path]))
    path.unlink()
    for each in found:
        assert isinstance(each, Document | InputError)
        if isinstance(each, InputError):
            assert (each.where or "").startswith(str(path))
            assert "reading it failed" not in str(each)  # told by its reader, not by the net under all of them
