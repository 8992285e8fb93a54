"""Windows: every sentence is read once, within the limits; arrays fit their words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from melian.language.windows import SHAPES, arrays, pack, shape
from melian.language.wordpieces import SEPARATOR, START

SIZES = st.lists(st.integers(1, 300), max_size=60)


@given(SIZES, st.integers(1, 250), st.integers(0, 100))
def test_each_sentence_is_read_for_itself_once(sizes: list[int], most: int, context: int) -> None:
    windows = pack(sizes, most, context)
    assert [i for w in windows for i in range(w.first, w.last)] == list(range(len(sizes)))


@given(SIZES, st.integers(100, 250), st.integers(0, 100))
def test_limits_hold(sizes: list[int], most: int, context: int) -> None:
    for window in pack(sizes, most, context):
        assert 0 <= window.context <= window.first < window.last
        assert sum(sizes[window.context : window.first]) <= context
        if window.last - window.first > 1:
            assert sum(sizes[window.context : window.last]) <= most


@given(SIZES)
def test_context_is_as_long_as_it_may_be(sizes: list[int]) -> None:
    for window in pack(sizes, 190, 64):
        if sizes[window.first] > 190:  # fills the encoder by itself
            assert window.context == window.first
        else:
            assert window.context == 0 or sum(sizes[window.context - 1 : window.first]) > 64


def test_example() -> None:
    windows = pack([50, 60, 70, 40, 200, 10], most=190, context=64)
    assert [(w.context, w.first, w.last) for w in windows] == [(0, 0, 3), (3, 3, 4), (4, 4, 5), (5, 5, 6)]


def test_no_sentences_no_windows() -> None:
    assert pack([]) == []


def test_arrays() -> None:
    found = arrays([[(7,), (8, 9)], [(10,)]], [[1, 2], [8]])
    assert found.pieces.tolist() == [START, 7, 8, 9, SEPARATOR, 10, SEPARATOR]
    assert found.shapes.tolist() == [0, 1, 2, 2, 0, 8, 0]
    assert found.positions.tolist() == [1, 2, 5]
    assert found.sentences.tolist() == [0, 0, 1]


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("troops", 1), ("Kyiv", 2), ("NATO", 3), ("A", 4), ("McCain", 5), ("100,000", 6), ("2022", 6), ("F16s", 7), ("1990s", 7), (",", 8),
        ("“", 8), ("U.S.", 9), ("n't", 1),
    ],
)  # fmt: skip
def test_shapes(word: str, wanted: int) -> None:
    assert shape(word) == wanted


@given(st.text(min_size=1))
def test_every_word_has_a_shape(word: str) -> None:
    assert 1 <= shape(word) < SHAPES
