"""Tag sequences, and the arguments of predicates that are cut from them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from melian.language.frames import arguments
from melian.language.parse import CODING_OUTPUTS, read
from melian.language.tagging import best_tags

LABELS = ("O", "B-x", "I-x", "B-y", "I-y")


def test_a_better_sequence_beats_better_single_tags() -> None:
    scores = np.array([[0.0, 1.0, 3.0, 0.0, 0.0], [0.0, 0.0, 2.0, 0.0, 0.0]])
    assert best_tags(scores, LABELS) == ["B-x", "I-x"]


@given(st.lists(st.lists(st.floats(-9, 9), min_size=5, max_size=5), min_size=1, max_size=12))
def test_an_inside_tag_follows_its_own_kind(rows: list[list[float]]) -> None:
    tags = best_tags(np.array(rows), LABELS)
    assert len(tags) == len(rows)
    for before, tag in zip(["O", *tags], tags, strict=False):
        assert not tag.startswith("I-") or before[2:] == tag[2:]


def test_arguments_of_a_predicate() -> None:
    parse = read("The ministry rejected the offer on Monday.", outputs=(*CODING_OUTPUTS, "frames"))
    found = {label: parse.text[slice(*parse.span(a, b))] for label, a, b in arguments(parse, parse.forms.index("rejected"))}
    assert found["ARG0"] == "The ministry"
    assert found["ARG1"] == "the offer"
    assert found["ARGM-TMP"] == "on Monday"
