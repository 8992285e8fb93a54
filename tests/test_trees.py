"""Trees from arc scores: always one tree with one root, and the best one."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from melian.language.trees import best_heads


def is_tree(heads: list[int]) -> bool:
    if sum(head == i for i, head in enumerate(heads)) != 1:
        return False
    for word in range(len(heads)):
        at = word
        for _ in heads:
            at = heads[at]
        if heads[at] != at:
            return False
    return True


def total(scores: np.ndarray, heads: list[int]) -> float:
    return float(sum(scores[i, head] for i, head in enumerate(heads)))


def best_by_trying(scores: np.ndarray, root: int) -> float:
    """The best total of all trees with that root."""
    count = len(scores)
    trees = (list(heads) for heads in itertools.product(range(count), repeat=count) if heads[root] == root)
    return max(total(scores, heads) for heads in trees if is_tree(heads))


def root_of(heads: list[int]) -> int:
    return next(i for i, head in enumerate(heads) if head == i)


def random_scores(seed: int, words: int, spread: float = 3.0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, spread, (words, words)).astype(np.float32)


@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.sampled_from([0.001, 1.0, 30.0]))
@settings(max_examples=200, deadline=None)
def test_one_tree_with_one_root(seed: int, words: int, spread: float) -> None:
    heads = best_heads(random_scores(seed, words, spread))
    assert len(heads) == words
    assert is_tree(heads)


@pytest.mark.parametrize("words", [1, 2, 3, 4, 5])
def test_the_best_tree_of_its_root(words: int) -> None:
    for seed in range(60 if words < 5 else 25):
        scores = random_scores(seed, words)
        heads = best_heads(scores)
        assert is_tree(heads)
        assert total(scores, heads) == pytest.approx(best_by_trying(scores, root_of(heads)), abs=1e-4), (seed, words)


def test_equal_scores_give_a_tree() -> None:
    assert is_tree(best_heads(np.zeros((7, 7), np.float32)))


def test_a_cycle_is_broken() -> None:
    scores = np.full((3, 3), -9, np.float32)
    scores[0, 1] = scores[1, 0] = 5  # the two words choose each other
    scores[2, 2] = 1
    scores[1, 2] = 4
    assert best_heads(scores) == [1, 2, 2]


def test_two_roots_become_one() -> None:
    scores = np.array([[5, 0, 0], [0, 4, 3], [0, 1, 0]], np.float32)
    heads = best_heads(scores)
    assert is_tree(heads)
    assert total(scores, heads) == pytest.approx(best_by_trying(scores, root_of(heads)))


@given(st.integers(0, 2**32 - 1), st.integers(1, 12))
@settings(deadline=None)
def test_a_tree_of_greedy_choices_is_kept(seed: int, words: int) -> None:
    scores = random_scores(seed, words)
    greedy = [int(head) for head in scores.argmax(-1)]
    if is_tree(greedy):
        assert best_heads(scores) == greedy
