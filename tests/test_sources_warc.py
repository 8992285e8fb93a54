"""Web archives: pages as they were fetched, and archives that break off."""

from __future__ import annotations

import gzip
import io
import random
import re
from pathlib import Path

import pytest
from written_inputs import ARTICLE, ARTICLE_TEXT, LOGIN, put, warc_record

from melian.errors import InputError, NoArticle, TooLarge, UnreadableInput
from melian.records import Document
from melian.sources import Found, limits, read_inputs
from melian.sources.given import digest

BARE = ARTICLE.replace('<link rel="canonical" href="https://example.org/world/talks">', "")
OTHER = warc_record(
    "https://example.org/b", ARTICLE.replace("</article>", f"<p>{random.Random(1).randbytes(400).hex()}</p></article>").encode()
)
PAGE = warc_record("https://example.org/a", BARE.encode())


def found_in(folder: Path, raw: bytes, name: str = "crawl.warc") -> list[Found]:
    return list(read_inputs([put(folder, name, raw)]))


def packed(*records: bytes) -> bytes:
    """Each record a gzip member of its own, as crawlers write them."""
    return b"".join(gzip.compress(record) for record in records)


@pytest.mark.parametrize("name", ["crawl.warc", "crawl.txt", "crawl", "crawl.warc.gz"])
def test_pages_are_documents_and_what_is_no_page_is_passed_over(tmp_path: Path, name: str) -> None:
    records = [
        PAGE,
        warc_record("https://example.org/picture", b"\x89PNG", "Content-Type: image/png"),
        warc_record("https://example.org/old", BARE.encode(), status="301 Moved Permanently"),
        PAGE.replace(b"WARC-Type: response", b"WARC-Type: revisit "),
        warc_record("https://example.org/b", ARTICLE.encode()),
    ]
    one, two = found_in(tmp_path, packed(*records) if name.endswith(".gz") else b"".join(records), name)
    assert isinstance(one, Document)
    assert (one.text, one.url, one.doc_id) == (ARTICLE_TEXT, "https://example.org/a", "crawl-1")
    assert one.published == "2022-01-21"  # the page's own day, not that of the fetch
    assert one.origin == f"{tmp_path / name}:1 (fetched 2022-03-01T10:00:00Z)"
    assert one.digest == digest(BARE.encode())
    assert isinstance(two, Document)
    assert (two.url, two.doc_id) == ("https://example.org/world/talks", "crawl-5")  # the page's own address


def test_a_page_without_a_day_is_not_dated_by_its_fetch(tmp_path: Path) -> None:
    undated = re.sub(r'<meta property="article:.*>', "", BARE)
    (found,) = found_in(tmp_path, warc_record("https://example.org/a", undated.encode()))
    assert isinstance(found, Document)
    assert (found.published, found.published_from) == (None, "none")


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (gzip.compress(BARE.encode()), "Content-Type: text/html\r\nContent-Encoding: gzip"),
        (
            b"%x\r\n%s\r\n0\r\n\r\n" % (len(BARE.encode()), BARE.encode()),
            "Content-Type: text/html\r\nTransfer-Encoding: chunked",
        ),
        (BARE.replace("utf-8", "utf-16").encode("utf-16"), "Content-Type: text/html"),
        (BARE.replace('<meta charset="utf-8">', "").encode("cp1252"), "Content-Type: text/html; charset=windows-1252"),
    ],
)
def test_answers_are_unpacked_and_decoded_as_their_headers_say(tmp_path: Path, body: bytes, headers: str) -> None:
    (found,) = found_in(tmp_path, warc_record("https://example.org/a", body, headers))
    assert isinstance(found, Document)
    assert found.text == ARTICLE_TEXT


def test_a_bad_page_costs_only_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PAGE", 10_000)
    found = found_in(
        tmp_path,
        warc_record("https://example.org/a", LOGIN.encode())
        + warc_record("https://example.org/b", b"\x1f\x8b" + bytes(50), "Content-Type: text/html\r\nContent-Encoding: gzip")
        + warc_record("https://example.org/c", bytes(20_000))
        + warc_record(
            "https://example.org/d", gzip.compress(bytes(20_000)), "Content-Type: text/html\r\nContent-Encoding: gzip"
        )
        + PAGE,
    )
    *errors, page = found
    assert [type(error) for error in errors] == [NoArticle, UnreadableInput, TooLarge, TooLarge]
    assert [error.where for error in errors if isinstance(error, InputError)] == [
        f"{tmp_path / 'crawl.warc'}:{n}" for n in (1, 2, 3, 4)
    ]
    assert isinstance(page, Document)


@pytest.mark.parametrize(
    ("raw", "name", "line", "said"),
    [
        (packed(PAGE, OTHER)[:-60], "a.warc.gz", 2, "broken gzip file"),
        (gzip.compress(PAGE + OTHER)[:-60], "a.warc.gz", 2, "broken gzip file"),
        ((PAGE * 2)[:-100], "a.warc", 2, "breaks off in this record"),
        (PAGE + b"and now something else\r\n\r\n", "a.warc", 2, "no WARC record, though one should begin here"),
        (PAGE + b"WARC/1.0\r\nWARC-Type: resp", "a.warc", 2, "breaks off in this record"),
    ],
)
def test_of_an_archive_that_breaks_off_all_before_is_kept(tmp_path: Path, raw: bytes, name: str, line: int, said: str) -> None:
    page, *errors = found_in(tmp_path, raw, name)
    assert isinstance(page, Document)
    (error,) = errors
    assert isinstance(error, UnreadableInput)
    assert error.where == f"{tmp_path / name}:{line}"
    assert said in str(error)


def test_what_is_no_archive_is_named(tmp_path: Path) -> None:
    for raw in (b"hello there, this is no archive", b""):
        (error,) = found_in(tmp_path, raw)
        assert isinstance(error, UnreadableInput)
        assert "no WARC record" in str(error)


def test_a_long_archive_is_read_as_it_comes(tmp_path: Path) -> None:
    """The first page is there before the second is unpacked."""
    from melian.sources.given import Given
    from melian.sources.texts.warc import read

    class Watched(io.BytesIO):
        taken = 0

        def readinto(self, into: bytearray) -> int:  # type: ignore[override]
            size = super().readinto(into)
            Watched.taken += size
            return size

    pages = read(io.BufferedReader(Watched(PAGE * 1000)), Given(name="a", where="a.warc"))  # type: ignore[arg-type]
    assert isinstance(next(pages), Document)
    assert Watched.taken < 100 * len(PAGE)
