"""Web archives (WARC, ISO 28500): the pages that a crawler was answered with."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import msgspec

from melian.errors import DateError, InputError, TooLarge, UnreadableInput
from melian.records import Document
from melian.sources import limits
from melian.sources.given import Found, Given, digest
from melian.sources.optional import library
from melian.sources.pages.web_page import article
from melian.sources.published import iso_date
from melian.sources.streams import BROKEN_GZIP, broken_gzip

_RECORD_ENDS = b"\r\n\r\n"
_PAGES = frozenset({"text/html", "application/xhtml+xml"})


def read(stream: io.BufferedReader, given: Given) -> Iterator[Found]:
    """The articles of the pages in a web archive, in order; record 7 is "file:7" in messages.

    What is no answer with a web page (pictures, redirections, requests) is passed over. A page's address is that which it was fetched
    from, unless it gives another itself; its day is its own and never that of the fetch, which stands in the document's origin. Its
    digest is that of the page as the server sent it, unpacked.

    Raises:
        UnreadableInput: the file breaks off or holds something else from some record on; the error names that record.
        MissingLibrary: fastwarc or trafilatura is not installed.
    """
    library("trafilatura", "web pages", given.where)
    fastwarc = library("fastwarc.warc", "web archives", given.where)
    pieces = _Pieces(stream)
    place = 1  # the record in which the file is read
    whole = True
    try:
        for record in fastwarc.ArchiveIterator(pieces, parse_http=False, max_header_len=limits.HEADERS):
            if record.record_type == fastwarc.WarcRecordType.response and record.is_http:
                try:
                    found: Found | None = _page(record, fastwarc, given.at(place))
                except InputError as error:
                    found = error
                    whole = not isinstance(error, _BreaksOff)
                if found:
                    yield found
            place += 1
    except BROKEN_GZIP as error:
        raise broken_gzip(error, f"{given.where}:{place}") from error
    except OSError as error:
        raise UnreadableInput(f"no WARC record, though one should begin here ({error})", f"{given.where}:{place}") from error
    if place == 1:
        raise UnreadableInput("no WARC record in it", given.where)
    if whole and pieces.last != _RECORD_ENDS:
        raise UnreadableInput("the file breaks off in this record", f"{given.where}:{place - 1}")


class _BreaksOff(UnreadableInput):
    """A record that the file ends in."""


class _Pieces:
    """A stream that gives what it has rather than waiting for as much as was asked, so that all before a break is read."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream, self._place = stream, 0
        self.last = b""  # the last bytes so far

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read1(size)
        self._place += len(piece)
        self.last = (self.last + piece)[-len(_RECORD_ENDS) :]
        return piece

    def tell(self) -> int:
        return self._place


def _page(record: Any, fastwarc: Any, given: Given) -> Document | None:
    """The article of a response, or None where it is no page."""
    if record.content_length > limits.PAGE:
        raise TooLarge(f"more than {limits.size(limits.PAGE)}, which is the most that is read of one web page", given.where)
    answer = record.reader.read(record.content_length)
    if len(answer) < record.content_length:
        raise _BreaksOff("the file breaks off in this record", given.where)
    # The answer is read whole before it is taken apart: an error in it must not move the place in the archive.
    response = fastwarc.WarcRecord()
    response.init_headers(record_type=fastwarc.WarcRecordType.response, content_length=len(answer))
    response.set_bytes_content(answer)
    response.is_http = True
    try:
        response.parse_http(auto_decode="all")
        headers = response.http_headers
        if headers is None or headers.status_code != 200 or (response.http_content_type or "").lower() not in _PAGES:
            return None
        body = response.reader.read(limits.PAGE + 1)
    except OSError as error:
        raise UnreadableInput(f"broken in its record ({error})", given.where) from error
    if len(body) > limits.PAGE:
        raise TooLarge(f"unpacks to more than {limits.size(limits.PAGE)}", given.where)
    stamp = record.headers.get("WARC-Date") or ""
    try:
        fetched = iso_date(stamp) if stamp else None
    except DateError:
        fetched = None
    own = msgspec.structs.replace(
        given,
        url=(record.headers.get("WARC-Target-URI") or "").strip("<>") or None,
        charset=response.http_charset,
        fetched=fetched,
    )
    document = article(body, own)
    origin = f"{given.where} (fetched {stamp})" if fetched else given.where
    return msgspec.structs.replace(document, origin=origin, digest=digest(body))
