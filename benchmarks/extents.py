"""The words that belong to a head word: its branch of the tree, without what phrases do not include."""

from __future__ import annotations

from melian.language.parse import Parse

# What is said of a head as a predicate, or beside it, is no part of its phrase.
_CLAUSE = frozenset(
    {"mark", "cc", "conj", "parataxis", "cop", "nsubj", "nsubj:pass", "nsubj:outer"}
    | {"aux", "discourse", "vocative", "reparandum", "advcl", "orphan", "advmod"}
)
_OUTSIDE_MENTION = _CLAUSE | {"cc:preconj", "case", "appos"}


def mention_extent(parse: Parse, head: int) -> tuple[int, int]:
    """First and last word of an entity: no preposition before it, but the possessive mark behind it."""
    return _ends(parse, head, set(_below(parse, head, _OUTSIDE_MENTION)))


def _below(parse: Parse, head: int, without: frozenset[str]) -> list[int]:
    """A head's branch without some relations' branches; `case` stays where it follows the head ("Russia 's")."""
    words = [head]
    for child in parse.children(head):
        if parse.relations[child] not in without or (parse.relations[child] == "case" and child > head):
            words += parse.subtree(child)
    return words


def _ends(parse: Parse, head: int, words: set[int]) -> tuple[int, int]:
    """Ends of the unbroken run of words around the head, punctuation at its edges cut off."""
    first = last = head
    while first - 1 in words:
        first -= 1
    while last + 1 in words:
        last += 1
    while first < head and parse.upos[first] == "PUNCT":
        first += 1
    while last > head and parse.upos[last] == "PUNCT":
        last -= 1
    return first, last
