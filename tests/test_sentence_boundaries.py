"""What sentence boundaries are learned from, and what is shipped."""

from __future__ import annotations

import random
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from melian.language.boundaries import LONGEST_LINE, WEIGHTS, View, learned
from melian.language.tokens import split_words
from training.sentence_boundaries import common_words, examples, layouts, plain_documents, report_examples, wrapped, write

CONLLU = """\
# newdoc id = first
# newpar
# sent_id = 1
# text = Talks fail
1\tTalks\ttalk\tNOUN\tNNS\t_\t2\tnsubj\t_\t_
2\tfail\tfail\tVERB\tVBP\t_\t0\troot\t_\t_

# newpar id = p2
# sent_id = 2
# text = No.
1\tNo\tno\tINTJ\tUH\t_\t0\troot\t_\tSpaceAfter=No
2\t.\t.\tPUNCT\t.\t_\t1\tpunct\t_\t_

# sent_id = 3
# text = Yes
1\tYes\tyes\tINTJ\tUH\t_\t0\troot\t_\t_

# newdoc id = GUM_fiction_x
# sent_id = 4
# text = Out
1\tOut\tout\tADV\tRB\t_\t0\troot\t_\t_
"""
TEXTS = st.lists(st.sampled_from(["Talks", "fail", "in", "Geneva", ".", " ", " ", "\n\n"]), max_size=60).map("".join)


def test_plain_documents(tmp_path: Path) -> None:
    path = tmp_path / "x.conllu"
    path.write_text(CONLLU, encoding="utf-8")
    assert list(plain_documents(path)) == [("Talks fail\n\nNo. Yes", {10, 15, 19})]


@given(TEXTS, st.integers(5, 40), st.integers())
def test_layouts_keep_offsets(text: str, width: int, seed: int) -> None:
    laid = [wrapped(text, width), *(t for t, _ in layouts(text, random.Random(seed)))]
    for other in laid:
        assert len(other) == len(text)
        assert [(a, b) for a, b in split_words(other)] == split_words(text)


def test_wrapped() -> None:
    assert wrapped("one two three four", 9) == "one two\nthree\nfour"


def test_examples_are_candidates_with_their_truth() -> None:
    text = "Talks fail. They left Geneva"
    assert [true for _, true in examples(text, {11, 28}, frozenset())] == [True, False]
    assert [true for _, true in report_examples(text, frozenset())] == [True, False]


def test_common_words() -> None:
    assert common_words(["they met and they met Nato", "They met nato"]) == {"they", "met"}


@pytest.mark.parametrize(
    ("marked", "kind"),
    [
        ("He left.| They", "S"), ("He left.| they", "S"), ("“No.”| They", "Q"), ("Talks fail|\nthe", "B"), ("met| Putin", "O"),
        ("met| him", ""), ("No.|” They", ""), ('No.|" They', ""), ("all| ,", ""), ("See| www.nato.int/x", "O"), ("well-|known", ""),
    ],
)  # fmt: skip
def test_kinds_of_gaps(marked: str, kind: str) -> None:
    at = marked.index("|")
    text = marked.replace("|", "")
    words = split_words(text)
    view = View(text, words, frozenset())
    assert view.kind(next(i for i, (_, end) in enumerate(words) if end == at)) == kind


def test_long_lines_are_paragraphs() -> None:
    line = "word " * (LONGEST_LINE // 4)
    text = f"{line}\n{line}"
    assert len(set(View(text, split_words(text), frozenset()).last)) == 2


def test_weights_are_small_and_read_back(tmp_path: Path) -> None:
    shipped = files("melian.language").joinpath(WEIGHTS)
    assert len(shipped.read_bytes()) < 300_000
    weights, common = learned()
    assert min(weights.values()) < 0 < max(weights.values())
    assert "the" in common
    copy = tmp_path / "weights.txt"
    write(copy, weights, common)
    assert copy.read_bytes() == shipped.read_bytes()
