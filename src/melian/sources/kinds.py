"""Which kind of input a file is: by its first bytes where they leave no doubt, else by its ending, else by what it looks like."""

from __future__ import annotations

import re
from typing import Literal

from melian.sources.decoding import is_utf16
from melian.sources.tables.json_lines import looks_like_json_lines

Kind = Literal["text", "lines", "page", "saved_page", "pdf", "docx", "feed", "warc", "table", "parquet", "mail", "archive"]

# What a folder or archive is searched for. All may have ".gz" behind them.
ENDINGS: dict[str, Kind] = {
    ".txt": "text",
    ".jsonl": "lines",
    ".ndjson": "lines",
    ".html": "page",
    ".htm": "page",
    ".xhtml": "page",
    ".mhtml": "saved_page",
    ".mht": "saved_page",
    ".pdf": "pdf",
    ".docx": "docx",
    ".rss": "feed",
    ".atom": "feed",
    ".xml": "feed",
    ".warc": "warc",
    ".csv": "table",
    ".tsv": "table",
    ".parquet": "parquet",
    ".eml": "mail",
    ".zip": "archive",
}

# What a web server may call them.
_MEDIA_TYPES: dict[str, str] = {
    "text/plain": ".txt",
    "text/html": ".html",
    "application/xhtml+xml": ".xhtml",
    "application/pdf": ".pdf",
    "application/rss+xml": ".rss",
    "application/atom+xml": ".atom",
    "application/rdf+xml": ".rss",
    "application/xml": ".xml",
    "text/xml": ".xml",
    "text/csv": ".csv",
    "application/x-ndjson": ".ndjson",
    "application/jsonl": ".jsonl",
    "message/rfc822": ".eml",
    "multipart/related": ".mhtml",
    "application/warc": ".warc",
    "application/zip": ".zip",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.apache.parquet": ".parquet",
}

_BEFORE_ROOT = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->|<!doctype\b(?!\s+html)[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_FEED = re.compile(r"<(?:rss|feed|rdf:RDF)\b")
_HEADER = re.compile(r"([A-Za-z][A-Za-z0-9-]*): ?.*\r?\n(?:[ \t].*\r?\n)*")
_MAIL_HEADERS = frozenset(
    "from to subject date received return-path delivered-to message-id mime-version content-type".split(),
)
_SAVED_BY = re.compile(r"^(?:from: ?<?saved by|snapshot-content-location:)", re.IGNORECASE | re.MULTILINE)
_TABLE_HEAD = re.compile(r'(?:^|[,;\t])"?text"?(?:[,;\t]|$)', re.IGNORECASE)


def kind_of(ending: str, head: bytes) -> Kind:
    """The kind of a file.

    Args:
        ending: in small letters, with its dot, ".gz" left off; "" where there is none.
        head: its first bytes, unpacked, some hundreds at least where it has as many.
    """
    plain = head.decode("utf-16", errors="replace") if is_utf16(head[: len(head) // 2 * 2]) else head.decode("latin-1")
    by_ending = ENDINGS.get(ending)
    certain = _certain(head, plain)
    if certain == "archive" and by_ending == "docx":
        return "docx"
    if by_ending == "feed" and certain == "page" and ending != ".xml":
        return "feed"  # its reader says that a page came in the feed's place
    return certain or by_ending or _likely(head, plain)


def ending_of_media_type(content_type: str | None) -> str:
    """The ending for what a web server says that it sends: ".html" for "text/html; charset=utf-8"; "" where that tells nothing."""
    return _MEDIA_TYPES.get((content_type or "").partition(";")[0].strip().lower(), "")


def root_is_page(plain: str) -> bool:
    """Whether a text begins as a web page does."""
    return _PAGE.match(plain, _root(plain)) is not None


def _certain(head: bytes, plain: str) -> Kind | None:
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "archive"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"WARC/"):
        return "warc"
    if _FEED.match(plain, start := _root(plain)):
        return "feed"
    return "page" if _PAGE.match(plain, start) else None


def _root(plain: str) -> int:
    """Where the first element begins: behind declarations, comments and blanks."""
    start = 1 if plain.startswith("\ufeff") else 3 if plain.startswith("\xef\xbb\xbf") else 0
    while found := _BEFORE_ROOT.match(plain, start):
        start = found.end()
    return start


def _likely(head: bytes, plain: str) -> Kind:
    if looks_like_json_lines(head):
        return "lines"
    names = []
    end = 0
    while found := _HEADER.match(plain, end):
        names.append(found[1].lower())
        end = found.end()
    if len(_MAIL_HEADERS.intersection(names)) >= 3:
        return "saved_page" if _SAVED_BY.search(plain, 0, end) else "mail"
    return "table" if _TABLE_HEAD.search(plain.partition("\n")[0].rstrip("\r")) and len(plain.splitlines()) > 1 else "text"
