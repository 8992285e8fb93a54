"""Pieces of HTML, as feeds and e-mails carry them, as plain text."""

from __future__ import annotations

import html
import re

from melian.errors import NoArticle
from melian.records import Link
from melian.sources.optional import library
from melian.sources.pages.page_tree import Tree, parse
from melian.sources.pages.related import take_related

_TAG = re.compile(r"<[a-zA-Z/!][^>]*>")
_BLOCKS = frozenset(
    "address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "
    "header hr li main nav ol option p pre section summary table tbody td tfoot th thead tr ul".split()
)
_UNSHOWN = frozenset({"head", "title", "noscript", "select"})
_CELLS = frozenset({"td", "th"})


def plain_text(fragment: str, base: str | None, where: str) -> tuple[str, tuple[Link, ...]]:
    """The text of a piece of HTML, a line for each paragraph, and its "Read also" links apart.

    Args:
        fragment: HTML, or text without any.
        base: the address that relative links are completed with.
        where: for messages.

    Raises:
        MissingLibrary, TooLarge: see `page_tree.parse`.
    """
    if not _TAG.search(fragment):
        return _lines(html.unescape(fragment)), ()
    try:
        tree = parse(fragment, where)
    except NoArticle:
        return "", ()
    links = take_related(tree, base)
    return text_of(tree), links


def text_of(tree: Tree) -> str:
    """The words of a tree, a line for each block of it; of nested tables, each cell that holds blocks is one."""
    etree = library("lxml.etree", "web pages", "")
    pieces: list[str] = []
    hidden = 0
    for step, element in etree.iterwalk(tree, events=("start", "end")):
        unshown = element.tag in _UNSHOWN or _is_hidden(element)
        if step == "start":
            hidden += unshown
            if element.tag in _BLOCKS:
                pieces.append("\n")
            if not hidden and element.text:
                pieces.append(element.text if element.tag == "pre" else " ".join(element.text.split("\n")))
        else:
            hidden -= unshown
            if element.tag in _BLOCKS:
                pieces.append("\n")
            if not hidden and element.tail:
                pieces.append(" ".join(element.tail.split("\n")))
    return _lines("".join(pieces))


def _is_hidden(element: Tree) -> bool:
    """Whether an element is not shown: e-mails begin with a hidden line for the list of mails."""
    style = (element.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or "visibility:hidden" in style or element.get("hidden") is not None


def _lines(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)
