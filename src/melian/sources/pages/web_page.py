"""Web pages: the article in them, without menus, with title, day, outlet and address.

Reading is done by trafilatura; what is added here are limits, the encoding, "Read also" links kept apart, and errors that say what a
page without an article is instead.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from urllib.parse import urljoin

from melian.errors import UnreadableInput
from melian.records import Document
from melian.sources import limits
from melian.sources.decoding import decode_declared
from melian.sources.given import Found, Given
from melian.sources.optional import library
from melian.sources.pages.no_article import look, refuse_unless_article
from melian.sources.pages.page_tree import Tree, parse
from melian.sources.pages.related import take_related
from melian.sources.published import day_of_stamp, moment_of_stamp
from melian.sources.streams import read_whole

_DECLARED = re.compile(
    rb"<meta\b[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE
)
_DECLARED_WITHIN = 4096  # bytes; the HTML standard asks for 1,024
_PUBLISHED = {"article:published_time", "og:published_time", "datepublished", "date", "pubdate", "publishdate", "dc.date.issued",
              "parsely-pub-date", "sailthru.date"}  # fmt: skip
_LINKED_DATA = re.compile(r'"datePublished"\s*:\s*"([^"]{10,40})"')
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(https?://\S+)\s*-->", re.IGNORECASE)


def read(stream: io.BufferedReader, given: Given) -> Iterator[Found]:
    """The article of one page. Its own address and day go before those that the giver knows.

    Raises:
        TooLarge, NoArticle, UnreadableInput, MissingLibrary: see `article`.
    """
    library("trafilatura", "web pages", given.where)
    yield article(read_whole(stream, limits.PAGE, given.where, "web page"), given)


def article(raw: bytes, given: Given) -> Document:
    """The document of a page's bytes.

    Raises:
        UnreadableInput: it is not text, or a page that Melian itself wrote.
        NoArticle: there is no article in it; the message says what it is instead.
        TooLarge: it is larger than any article, or its tags never end.
        MissingLibrary: trafilatura is not installed.
    """
    trafilatura = library("trafilatura", "web pages", given.where)
    text = decode_declared(raw, given.where, given.charset, declared_charset(raw))
    tree = parse(text, given.where)
    if any((meta.get("name"), meta.get("content")) == ("generator", "Melian") for meta in tree.iter("meta")):
        raise UnreadableInput("Melian wrote this page; give the reports that it was made of", given.where)
    saved_from = _SAVED_FROM.search(text[:_DECLARED_WITHIN])
    address = _canonical(tree, given.url or (saved_from[1] if saved_from else None))
    stamps = _stamps(tree, text)
    links = take_related(tree, address)
    seen = look(tree)
    found = trafilatura.bare_extraction(
        tree,
        url=address,
        include_comments=False,
        with_metadata=True,
        date_extraction_params={"original_date": True, "extensive_search": False, "max_date": given.fetched},
    )
    title = (found.title if found else None) or next(iter(seen.titles), None)
    body = _without_title(found.text or "" if found else "", title)
    refuse_unless_article(seen, body, given.where)
    return given.document(
        raw,
        body,
        found.date if found else None,
        published_at=next((moment_of_stamp(stamp) for stamp in stamps if found and day_of_stamp(stamp) == found.date), None),
        title=title,
        outlet=(found.sitename or found.hostname) if found else None,
        url=address,
        links=links,
    )


def declared_charset(raw: bytes) -> str | None:
    """The encoding that a page says it is in."""
    found = _DECLARED.search(raw[:_DECLARED_WITHIN])
    return (found[1] or found[2]).decode("ascii", errors="replace") if found else None


def _stamps(tree: Tree, page: str) -> list[str]:
    """The time stamps with which a page says when it was published, those that say so most plainly first."""
    given = [
        element.get("content") or ""
        for element in tree.iter("meta")
        if (element.get("property") or element.get("name") or element.get("itemprop") or "").strip().lower() in _PUBLISHED
    ]
    given += [found[1] for found in _LINKED_DATA.finditer(page)]
    given += [element.get("datetime") or "" for element in tree.iter("time")]
    return [stamp for stamp in given if moment_of_stamp(stamp)]


def _canonical(tree: Tree, known: str | None) -> str | None:
    """The page's address as it gives it itself, else as it is known."""
    for tag, attribute, value, holder in (("link", "rel", "canonical", "href"), ("meta", "property", "og:url", "content")):
        for element in tree.iter(tag):
            if (element.get(attribute) or "").strip().lower() == value and (target := (element.get(holder) or "").strip()):
                try:
                    address = urljoin(known or "", target)
                except ValueError:
                    continue
                if address.startswith(("http://", "https://")):
                    return str(address)
    return known


def _without_title(text: str, title: str | None) -> str:
    """The text without its headline, which the document has apart."""
    first, _, rest = text.partition("\n")
    return rest if title and rest and " ".join(first.split()).casefold() == " ".join(title.split()).casefold() else text
