"""The parse of a text: exact offsets, one tree a sentence, and texts that no encoder reads at one go."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from melian.errors import ModelError
from melian.language import Parse, read
from melian.language.encoder import CODING_OUTPUTS, Encoder
from melian.language.parse import read_words

TEXT = (
    "  Blinken met Lavrov in Geneva on Friday (21/1/2022).\n\n"
    "“We didn’t expect to settle our differences here today,” Blinken told reporters. He\tadded that Kyïv would decide. 😀\n"
)


@pytest.fixture(scope="module")
def parse() -> Parse:
    return read(TEXT, outputs=(*CODING_OUTPUTS, "frames"))


def one_root_each(parse: Parse) -> bool:
    return all(
        sum(parse.heads[i] == i for i in range(a, b)) == 1 and all(a <= parse.heads[i] < b for i in range(a, b))
        for a, b in parse.sentences
    )


def test_offsets(parse: Parse) -> None:
    assert parse.text == TEXT
    assert [TEXT[a:b] for a, b in parse.words] == parse.forms
    assert "".join(parse.forms) == "".join(TEXT.split())
    assert TEXT[slice(*parse.span(*parse.sentences[0]))] == "Blinken met Lavrov in Geneva on Friday (21/1/2022)."


def test_trees_and_tags(parse: Parse) -> None:
    assert one_root_each(parse)
    met = parse.forms.index("met")
    assert (parse.upos[met], parse.heads[met]) == ("VERB", met)
    assert parse.relations[parse.forms.index("Blinken")] == "nsubj"
    assert parse.forms.index("Blinken") in parse.children(met)
    assert parse.subtree(parse.forms.index("Geneva")) == [met + 2, met + 3]


def test_scores_have_a_row_for_each_word(parse: Parse) -> None:
    for name, scores in parse.scores.items():
        assert len(scores) == len(parse.words), name
    assert parse.scores["statement"].shape[1] == len(parse.labels.columns["statement"])
    assert np.allclose(parse.chance("statement").sum(-1), 1)


def test_pair_scores_reach_the_word_itself(parse: Parse) -> None:
    for word in range(len(parse.words)):
        first, scores = parse.pair("frames", word)
        assert first <= word < first + scores.shape[1]
        assert scores.shape[0] == len(parse.labels.columns["frames"])


def test_words_at_a_span(parse: Parse) -> None:
    start = TEXT.index("Lavrov in")
    assert [parse.forms[i] for i in range(*parse.at((start, start + 9)))] == ["Lavrov", "in"]
    assert [parse.forms[i] for i in range(*parse.at((start + 2, start + 3)))] == ["Lavrov"]
    empty = parse.at((0, 2))
    assert empty[0] == empty[1]


@pytest.mark.parametrize("text", ["", " \n\t ", "\u200b"])
def test_next_to_nothing(text: str) -> None:
    parse = read(text)
    assert len(parse.words) == len(parse.heads) == len(text.strip())
    assert all(len(scores) == len(parse.words) for scores in parse.scores.values())


@pytest.mark.parametrize("unit", ["Russia said it would not attack Ukraine , and ", "x ", "https://example.org/a/b/c/d "])
def test_a_sentence_longer_than_the_encoder_reads(unit: str) -> None:
    text = unit * (2600 // len(unit.split()) // 2) + "end."
    parse = read(text)
    assert "".join(parse.forms) == "".join(text.split())
    assert [i for a, b in parse.sentences for i in range(a, b)] == list(range(len(parse.words)))
    assert one_root_each(parse)
    assert all(parse.upos)
    assert all(np.isfinite(scores).all() and len(scores) == len(parse.words) for scores in parse.scores.values())


def test_a_document_of_many_windows() -> None:
    parse = read(TEXT * 30)
    assert len(parse.sentences) > 80
    assert one_root_each(parse)
    assert [parse.sentence_of[a] for a, _ in parse.sentences] == list(range(len(parse.sentences)))
    alone = read(TEXT)
    # What follows in the window may tip a doubtful tag; the rest is the same.
    same = sum(a == b for a, b in zip(parse.upos, alone.upos, strict=False))
    assert same >= 0.97 * len(alone.words)


def test_given_words() -> None:
    parse = read_words("Talks failed .", [(0, 5), (6, 12), (13, 14)], [(0, 3)], outputs=("upos", "arcs", "relation"))
    assert parse.upos == ["NOUN", "VERB", "PUNCT"]
    assert parse.heads == [1, 1, 1]
    assert parse.scores == {}


def test_an_incomplete_model_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"model\.onnx, vocab\.txt, labels\.json not found"):
        Encoder(tmp_path)


def test_a_model_of_another_format_is_refused(tmp_path: Path) -> None:
    for name in ("model.onnx", "vocab.txt"):
        (tmp_path / name).touch()
    (tmp_path / "labels.json").write_text('{"format": 99}', encoding="utf-8")
    with pytest.raises(ModelError, match="format 99"):
        Encoder(tmp_path)
