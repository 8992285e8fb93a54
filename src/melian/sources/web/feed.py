"""RSS and Atom feeds: one document for each entry.

feedparser reads them; what is added are limits, text without HTML, days as they are written, and errors that say what came in a
feed's place.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Any

from melian.errors import InputError, NoArticle, UnreadableInput
from melian.records import Document, content_id
from melian.sources import limits
from melian.sources.decoding import decode_declared
from melian.sources.given import Found, Given
from melian.sources.kinds import root_is_page
from melian.sources.optional import library
from melian.sources.pages.fragments import plain_text
from melian.sources.pages.no_article import look, what_it_says
from melian.sources.pages.page_tree import parse
from melian.sources.pages.web_page import declared_charset
from melian.sources.published import day_of_stamp, moment_of_stamp
from melian.sources.streams import read_whole

_SAYS_ENCODING = re.compile(rb"\s*(?:\xef\xbb\xbf)?<\?xml[^>]*encoding\s*=", re.IGNORECASE)
_ENDS = re.compile(rb"</(?:\w+:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)
_END_WITHIN = 4096


def read(stream: io.BufferedReader, given: Given) -> Iterator[Found]:
    """The entries of a feed, in its order.

    Raises:
        TooLarge, UnreadableInput, NoArticle, MissingLibrary: see `entries`.
    """
    return entries(read_whole(stream, limits.FEED, given.where, "feed"), given)


def entries(raw: bytes, given: Given) -> Iterator[Found]:
    """The documents of a feed's bytes. Text is an entry's content, else its summary, else its title.

    An entry's id is the feed's name with eight hex digits of what the feed calls the entry, so that it keeps it from one poll to the
    next; its digest is that of its fields as JSON.

    Raises:
        NoArticle: it is a web page, a login page say.
        UnreadableInput: it is no feed, or ends in the middle (what stands before that is given first).
        MissingLibrary: feedparser or lxml is not installed.
    """
    feedparser = library("feedparser", "feeds", given.where)
    head = raw[: limits.MB].decode("latin-1")
    if root_is_page(head):
        raise _page_instead(raw, given)
    headers = {}
    if given.charset and not _SAYS_ENCODING.match(raw):
        headers = {"content-type": f"application/xml; charset={given.charset}"}
    try:
        parsed = feedparser.parse(io.BytesIO(raw), response_headers=headers, sanitize_html=False)
    except UnicodeError as error:  # in the XML declaration itself
        raise UnreadableInput(f"no RSS or Atom feed ({error})", given.where) from error
    if not parsed.get("version") and not parsed.entries:
        reason = f" ({parsed.bozo_exception})" if parsed.bozo else ""
        raise UnreadableInput(f"no RSS or Atom feed{reason}", given.where)
    outlet = _line(parsed.feed.get("title"))
    for number, entry in enumerate(parsed.entries, start=1):
        try:
            yield _document(entry, number, outlet, given)
        except InputError as error:
            yield error
    if parsed.bozo and not _ENDS.search(raw[-_END_WITHIN:]):
        message = f"the feed ends in the middle ({parsed.bozo_exception}); {len(parsed.entries)} entries were read, the last may be cut"
        raise UnreadableInput(message, given.where)


def _document(entry: Any, number: int, outlet: str | None, given: Given) -> Document:
    link = entry.get("link") or None
    title = _line(plain_text(entry.get("title") or "", None, given.where)[0])
    stamp = next((entry[name] for name in ("published", "updated", "created") if entry.get(name)), None)
    contents = [content.get("value") or "" for content in entry.get("content", [])]
    body = max([*contents, entry.get("summary") or ""], key=len)
    text, links = plain_text(body, link or given.url, f"{given.where}:{number}")
    known = {"id": entry.get("id") or link or title or text, "link": link, "title": title, "published": stamp, "content": body}
    source = entry.get("source") or {}
    here = given.at(number)
    return here.document(
        json.dumps(known, ensure_ascii=False, sort_keys=True).encode("utf-8", errors="replace"),
        text or title or "",
        day_of_stamp(stamp) or _parsed_day(entry),
        published_at=moment_of_stamp(stamp),
        doc_id=f"{given.name}-{content_id(known['id'])[:8]}",
        title=title,
        outlet=_line(source.get("title")) or outlet,
        url=link,
        links=links,
    )


def _parsed_day(entry: Any) -> str | None:
    """The day as feedparser reads it out of one of the many other ways to write it; it gives UTC."""
    for name in ("published_parsed", "updated_parsed", "created_parsed"):
        if parts := entry.get(name):
            return f"{parts.tm_year:04d}-{parts.tm_mon:02d}-{parts.tm_mday:02d}"
    return None


def _page_instead(raw: bytes, given: Given) -> NoArticle:
    """What to say of a web page where a feed should be."""
    try:
        page = look(parse(decode_declared(raw, given.where, given.charset, declared_charset(raw)), given.where))
    except InputError:
        return NoArticle("this is a web page, not a feed", given.where)
    says = "asks to log in" if page.password or page.asks_to_log_in else what_it_says(page.words)
    called = f" ({page.titles[0][:80]!r})" if page.titles else ""
    return NoArticle(
        f"this is a web page{called}{' that ' + says if says else ''}, not a feed; give the feed's own address", given.where
    )


def _line(text: str | None) -> str | None:
    return " ".join((text or "").split()) or None
