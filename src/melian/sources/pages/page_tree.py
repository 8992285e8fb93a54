"""A web page as a tree of elements, of bounded size, without what nobody reads."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

from melian.errors import NoArticle, TooLarge
from melian.sources import limits
from melian.sources.optional import library

Tree = Any  # lxml's element; the library is loaded when the first page comes

_UNREAD = ("script", "style", "template", "svg", "iframe", "object", "canvas")
# Signs that a tree cannot hold, as themselves or as character references: controls and lone surrogates.
_NOT_XML = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]|&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01])|x0*(?:[0-8bcefBCEF]|1[0-9a-fA-F]));"
)
_TOO_MUCH = ("Excessive depth", "huge text node", "Document depth", "internal error: Huge input")


def parse(text: str, where: str) -> Tree:
    """The tree of a page, or of a piece of one; scripts and styles are left out, but for the data about the article in them.

    Raises:
        MissingLibrary: lxml is not installed.
        NoArticle: there is nothing in it.
        TooLarge: more elements, or elements deeper in each other, than any report has: a page whose tags are never closed.
    """
    html = library("lxml.html", "web pages", where)
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    raw = _NOT_XML.sub(" ", text).encode()
    try:
        tree = html.document_fromstring(raw, parser=parser)
    except Exception as error:  # lxml gives an empty page several names
        if "empty" in str(error).lower():
            raise NoArticle("the page is empty", where) from error
        raise
    if any(sign in entry.message for entry in parser.error_log for sign in _TOO_MUCH):
        raise TooLarge("its tags stand more than 250 deep in each other, or never end; is it a web page of an article?", where)
    unread = []
    for count, element in enumerate(tree.iter(), start=1):
        if count > limits.ELEMENTS:
            raise TooLarge(f"it has more than {limits.ELEMENTS:,} tags; is it a web page of an article?", where)
        if element.tag in _UNREAD and not (element.tag == "script" and "ld+json" in (element.get("type") or "")):
            unread.append(element)
    for element in unread:
        drop(element)
    return tree


def drop(element: Tree) -> None:
    """Take an element out of its tree; the words after it stay."""
    if element.getparent() is not None:
        element.drop_tree()


def words_of(element: Tree) -> str:
    """All words in an element, with single blanks between them."""
    return " ".join(" ".join(element.itertext()).split())


@cache
def phrases() -> dict[str, Any]:
    """What pages say of themselves, in small letters (page_words.json)."""
    found: dict[str, Any] = json.loads(files(__package__).joinpath("page_words.json").read_text(encoding="utf-8"))
    return found
