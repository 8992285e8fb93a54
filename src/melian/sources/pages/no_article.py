"""Web pages that came in an article's place: login pages, lists of links, notices."""

from __future__ import annotations

import re
from functools import cache

import msgspec

from melian.errors import NoArticle
from melian.sources.pages.page_tree import Tree, phrases, words_of

_SHORT = 60  # words; notices and login pages have fewer, and an article of fewer says nothing of logging in
_BARE = 15  # words; with fewer, what stands around them (a form, a banner) counts
_MOST_LINKS = 0.8  # share of lines that are links; an article has next to none
_FEW_LINES = 4


class Look(msgspec.Struct, frozen=True):
    """What a page looks like before its text is taken out: its title and headings, its words in small letters, its links' words, and
    whether it asks for a password."""

    titles: tuple[str, ...]
    words: str
    links: frozenset[str]
    password: bool

    @property
    def asks_to_log_in(self) -> bool:
        """Whether it is headed "Log in" or the like."""
        return any(_login().match(title) for title in self.titles)


def look(tree: Tree) -> Look:
    """Look at a whole page."""
    return Look(
        titles=tuple(title for tag in ("title", "h1") for element in tree.iter(tag) if (title := words_of(element))),
        words=words_of(tree).lower()[:20_000],
        links=frozenset(words_of(anchor) for anchor in tree.iter("a")),
        password=any((field.get("type") or "").lower() == "password" for field in tree.iter("input")),
    )


def refuse_unless_article(page: Look, text: str, where: str) -> None:
    """Raise an error that says what a page is where it is no article.

    Args:
        page: what it looks like.
        text: what was taken out of it as an article's text.
        where: the page, for the message.

    Raises:
        NoArticle: it is a login page, a notice, a list of links, or has no text.
    """
    lines = [line for line in map(str.strip, text.splitlines()) if line]
    number = len(text.split())
    # A short report may stand between banners: what counts is how much is left without the lines that ask for something.
    own = sum(len(line.split()) for line in lines if not what_it_says(line.lower()))
    if (page.asks_to_log_in and (page.password or number < _SHORT)) or (page.password and own < _BARE):
        raise NoArticle("the page asks to log in, and holds no article; save it again when logged in", where)
    if own < _BARE and (says := what_it_says(" ".join([*page.titles, text]).lower()) or what_it_says(page.words)):
        raise NoArticle(f"the page {says}, and holds no article", where)
    if not lines:
        raise NoArticle("no article's text in the page", where)
    if len(lines) >= _FEW_LINES and sum(line.lstrip("- ") in page.links for line in lines) >= _MOST_LINKS * len(lines):
        raise NoArticle("the page is a list of links, not an article", where)


def what_it_says(words: str) -> str | None:
    """What a notice of these words (in small letters) says: "asks for JavaScript"; None where it is no such notice."""
    for says, signs in phrases()["instead_of_articles"].items():
        if any(sign in words for sign in signs):
            return str(says)
    return None


@cache
def _login() -> re.Pattern[str]:
    alternatives = "|".join(map(re.escape, phrases()["login_titles"]))
    return re.compile(
        rf"(?:please |member |user )?(?:{alternatives})(?:$|\W*[-|–—:·]| to\b| or\b| with\b| required\b| page\b| now\b| here\b)",
        re.IGNORECASE,
    )
