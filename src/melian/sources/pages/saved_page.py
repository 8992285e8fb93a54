"""Pages that a browser saved as one file (.mhtml, .mht): the page among its pictures, packed like an e-mail (RFC 2557)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

import msgspec

from melian.errors import NoArticle
from melian.sources import limits
from melian.sources.given import Found, Given
from melian.sources.pages.web_page import article
from melian.sources.streams import read_whole
from melian.sources.texts.mail import bytes_of


def read(stream: io.BufferedReader, given: Given) -> Iterator[Found]:
    """The article of the page; its digest is that of the whole file.

    Raises:
        NoArticle: there is no page in the file, or no article in the page.
        TooLarge, UnreadableInput, MissingLibrary: see `web_page.article`.
    """
    raw = read_whole(stream, limits.FILE, given.where, "saved page")
    message = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(raw)
    page = next((part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")), None)
    if page is None:
        raise NoArticle("no web page in this saved file", given.where)
    address = message.get("Snapshot-Content-Location") or page.get("Content-Location") or given.url
    address = address if address and address.startswith(("http://", "https://")) else given.url
    own = msgspec.structs.replace(given, url=address, charset=page.get_content_charset() or given.charset)
    yield msgspec.structs.replace(article(bytes_of(page), own), digest=given.document(raw, "").digest)
