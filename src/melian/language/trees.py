"""Dependency trees from arc scores: the best head of every word, and where that is no tree, the best tree."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from melian.language.encoder import Scores


def best_heads(scores: Scores) -> list[int]:
    """Heads of a sentence's words.

    Args:
        scores: (dependents, heads) of one sentence; the diagonal scores the word as root.

    Returns:
        for each word the index of its head, its own for the one root. A spanning tree (Chu and Liu 1965, Edmonds 1967) is
        searched only when the greedy choice has a cycle or not exactly one root, about one sentence in twenty.
    """
    greedy = scores.argmax(-1)
    if _is_tree(greedy):
        return [int(h) for h in greedy]
    words = len(scores)
    # Word 0 of the larger matrix is an artificial root; the best tree under the greedy root, or under either of the two best, is kept.
    table = np.full((words + 1, words + 1), -np.inf)
    table[1:, 1:] = scores
    np.fill_diagonal(table, -np.inf)
    roots = np.diagonal(scores).astype(np.float64)
    chosen = np.flatnonzero(greedy == np.arange(words))
    candidates = chosen if len(chosen) == 1 else np.argsort(-roots)[:2]
    best, best_score = list(map(int, greedy)), -np.inf
    for root in candidates:
        table[1:, 0] = -np.inf
        table[root + 1, 0] = roots[root]
        tree = _spanning_tree(table)
        total = sum(table[i, tree[i]] for i in range(1, words + 1))
        if total > best_score:
            best_score = total
            best = [int(tree[i]) - 1 if tree[i] else i - 1 for i in range(1, words + 1)]
    return best


def _is_tree(heads: NDArray[np.int64]) -> bool:
    own = np.arange(len(heads))
    if int((heads == own).sum()) != 1:
        return False
    at = heads
    for _ in range(max(1, len(heads).bit_length())):
        at = at[at]
    return bool((heads[at] == at).all() and (at == at[0]).all())


def _cycle(heads: NDArray[np.int64]) -> list[int] | None:
    state = [0] * len(heads)
    for start in range(1, len(heads)):
        path = []
        at = start
        while at and state[at] == 0:
            state[at] = 1
            path.append(at)
            at = int(heads[at])
        if at and state[at] == 1 and at in path:
            return path[path.index(at) :]
        for word in path:
            state[word] = 2
    return None


def _spanning_tree(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """Heads of the best arborescence rooted at 0 (scores[dependent, head])."""
    heads: NDArray[np.int64] = np.asarray(scores.argmax(-1), np.int64)
    heads[0] = 0
    cycle = _cycle(heads)
    if cycle is None:
        return heads
    inside = np.zeros(len(scores), bool)
    inside[cycle] = True
    outside = np.flatnonzero(~inside)
    # The cycle becomes one node, placed last; arcs into it cost what breaking it at that word loses.
    small = np.full((len(outside) + 1, len(outside) + 1), -np.inf)
    small[:-1, :-1] = scores[np.ix_(outside, outside)]
    members = np.array(cycle)
    gain = scores[members][:, outside] - scores[members, heads[members]][:, None]
    enter = gain.argmax(0)
    small[-1, :-1] = gain.max(0)
    leave = scores[np.ix_(outside, members)].argmax(1)
    small[:-1, -1] = scores[np.ix_(outside, members)].max(1)
    small[0, :] = -np.inf
    result = _spanning_tree(small)
    final = heads.copy()
    for number, word in enumerate(outside):
        if number == 0:
            continue
        head = int(result[number])
        final[word] = members[leave[number]] if head == len(outside) else outside[head]
    entry = int(result[-1])
    final[members[enter[entry]]] = outside[entry]
    return final
