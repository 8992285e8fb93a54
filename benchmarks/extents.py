"""The words that belong to a head word: its branch of the tree, without what phrases do not include."""

from __future__ import annotations

from melian.language.parse import Parse

# Branches of an argument or mention that are not part of it: what links it, and what is said of it as a predicate.
OUTSIDE_MENTION = frozenset(
    "case mark cc conj parataxis cop nsubj nsubj:pass nsubj:outer aux discourse vocative reparandum appos advcl orphan".split()
)
MARKS = frozenset("PUNCT".split())


def extent(parse: Parse, head: int, without: frozenset[str] = frozenset(), beside: int | None = None) -> tuple[int, int]:
    """First and last word of a head's phrase, punctuation at its edges cut off.

    Args:
        parse: the document.
        head: the phrase's top word.
        without: relations of the head whose branches are left out.
        beside: a word that is no part of the phrase; the branch that holds it is left out (a predicate below its argument).
    """
    if beside is not None and beside != head:
        at = beside
        while parse.heads[at] not in (at, head):
            at = parse.heads[at]
        if parse.heads[at] == head:
            branch = set(parse.subtree(at))
            words = [w for w in parse.subtree(head, without) if w not in branch]
        else:
            words = parse.subtree(head, without)
    else:
        words = parse.subtree(head, without)
    first = last = words.index(head)
    while first and words[first - 1] == words[first] - 1:
        first -= 1
    while last + 1 < len(words) and words[last + 1] == words[last] + 1:
        last += 1
    while first < words.index(head) and parse.upos[words[first]] in MARKS:
        first += 1
    while last > words.index(head) and parse.upos[words[last]] in MARKS:
        last -= 1
    return words[first], words[last]
