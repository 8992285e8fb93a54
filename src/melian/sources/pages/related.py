"""Links to other reports that stand in or beside an article: "Read also: …", boxes of related stories."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import urljoin

from melian.records import Link
from melian.sources.pages.page_tree import Tree, drop, phrases, words_of

_BOXES = frozenset({"aside", "div", "section", "ul", "ol", "nav", "table", "figure", "footer"})
_LINES = frozenset(
    {"p", "li", "div", "blockquote", "span", "strong", "b", "em", "h2", "h3", "h4", "h5", "h6", "td", "aside", "section"}
)
_OWN_WORDS = 4  # beside the links and the words "Read also", in a line that offers links
_BOX_WORDS = 60  # beside the links, in a box of related stories; a box with more is the article itself
_LONG = 400  # characters after which a line is no line of links
_BOX_LONG = 20_000  # characters after which a box is no box of related stories


def take_related(tree: Tree, base: str | None) -> tuple[Link, ...]:
    """Take out of a tree the lines and boxes that only lead to other reports, and give their links in order.

    A line counts as such when it begins with words like "Read also" and holds little else than links; a box when its name (class or
    id) or its heading says so and it holds little else than links.

    Args:
        tree: of a page or a part of one; changed in place.
        base: the page's address, which relative links are completed with.
    """
    found: dict[str, Link] = {}
    for element in list(_offers(tree)):
        if element.getparent() is None:
            continue
        for anchor in element.iter("a"):
            link = _link(anchor, base)
            if link:
                found.setdefault(link.url, link)
        drop(element)
    return tuple(found.values())


def _offers(tree: Tree) -> Iterator[Tree]:
    """Elements that offer other reports; those inside such an element come with it."""
    skipped: set[Tree] = set()
    for element in tree.iter():
        if (
            not isinstance(element.tag, str)
            or element.getparent() is None
            or element.tag in ("body", "html", "article", "main")
        ):
            continue
        if element.getparent() in skipped:
            skipped.add(element)
        elif _is_box(element) or _is_line(element):
            skipped.add(element)
            yield element
        elif _is_heading(element) and (following := element.getnext()) is not None and _only_links(following):
            skipped.update((element, following))
            yield element
            yield following


def _is_box(element: Tree) -> bool:
    if element.tag not in _BOXES:
        return False
    names = f"{element.get('class') or ''} {element.get('id') or ''}".lower()
    return bool(names.strip()) and _names().search(names) is not None and _mostly_links(element, _BOX_WORDS, _BOX_LONG)


def _is_line(element: Tree) -> bool:
    if element.tag not in _LINES or (anchor := element.find(".//a")) is None or (words := _words_up_to(element, _LONG)) is None:
        return False
    inside = words_of(anchor)
    before = words.partition(inside)[0].strip() if inside else words
    # "Watch officials <a>said …</a>" is a sentence; "Watch: <a>…</a>", "Watch <a>…</a>" and "<a>Watch: …</a>" are not.
    offers = _cue_alone().fullmatch(before) if before else _cue_with_sign().match(inside)
    return offers is not None and _mostly_links(element, _OWN_WORDS, _LONG)


def _is_heading(element: Tree) -> bool:
    """Whether an element says "Read also" and nothing else."""
    return element.tag in _LINES and _cue_alone().fullmatch(_opening(element)) is not None


def _only_links(element: Tree) -> bool:
    return element.tag in _BOXES | _LINES and element.find(".//a") is not None and _mostly_links(element, _OWN_WORDS, _BOX_LONG)


def _mostly_links(element: Tree, most: int, long: int) -> bool:
    """Whether at most so many words stand outside the links and the "Read also" before them, there is a link, and it is no longer than
    so many characters."""
    if (words := _words_up_to(element, long)) is None:
        return False
    inside = sum(len(words_of(anchor).split()) for anchor in element.iter("a"))
    cue = _cue().match(words)
    return inside > 0 and len(words[cue.end() if cue else 0 :].split()) - inside <= most


def _words_up_to(element: Tree, most: int) -> str | None:
    """All words in an element, or None where they are more than so many characters: no more than those are looked at."""
    pieces: list[str] = []
    size = 0
    for piece in element.itertext():
        pieces.append(piece)
        size += len(piece.strip())
        if size > most:
            return None
    return " ".join(" ".join(pieces).split())


def _opening(element: Tree) -> str:
    """The first words in an element, up to some more than the longest cue."""
    opening = ""
    for piece in element.itertext():
        opening = " ".join(f"{opening} {piece[:200]}".split())
        if len(opening) > 60:
            break
    return opening


def _link(anchor: Tree, base: str | None) -> Link | None:
    target = (anchor.get("href") or "").strip()
    words = _cue_with_sign().sub("", words_of(anchor), count=1)
    if not words or not target or target.startswith(("#", "javascript:", "mailto:")):
        return None
    try:
        return Link(words, urljoin(base or "", target))
    except ValueError:  # no address
        return None


def _cues() -> str:
    return "|".join(map(re.escape, sorted(phrases()["read_also"], key=len, reverse=True)))


@cache
def _cue() -> re.Pattern[str]:
    return re.compile(rf"[\W_]*(?:{_cues()})\b[\W_]*", re.IGNORECASE)


@cache
def _cue_alone() -> re.Pattern[str]:
    return re.compile(rf"[\W_]*(?:{_cues()})[\W_]*", re.IGNORECASE)


@cache
def _cue_with_sign() -> re.Pattern[str]:
    return re.compile(rf"[\W_]*(?:{_cues()})(?:\s*[:|>»→–—]\s*|[\W_]*$|\s+-\s+)", re.IGNORECASE)


@cache
def _names() -> re.Pattern[str]:
    alternatives = "|".join(name.replace("-", "[-_]?") for name in phrases()["related_names"])
    return re.compile(rf"(?<![a-z])(?:{alternatives})(?![a-z])")
