"""WordPiece: the same pieces as the reference tokenizer, and what it does with odd words."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from melian.language.tokens import split_words
from melian.language.wordpieces import MOST_PIECES, UNKNOWN, WordPieces

VOCABULARY = Path(str(files("melian.language") / "model" / "vocab.txt"))
ODD_WORDS = """
    Russia the said n't 's ’s 100,000 21/1/2022 U.S. Mr. Kyiv Zelenskyy Erdoğan São Škoda Łukasz naïve cafe\u0301 Ångström weeks-long
    anti-war ex-minister “ ” `` '' « » -- – — … ... ?! @nato #crisis press.office@state.gov www.nato.int $1.2bn € £ ₴ ² ½ ß İstanbul
    中国 日本語 Москва Київ القدس ירושלים 서울 ไทย ἀγορά 😀 👩‍👩‍👧 \u200bzero\u200b \ufeffmark x_y O'Brien antidisestablishmentarianism
    ﬁnance Ⅷ ǅ MOBILIZE McDonald's C++ AT&T 24/7 3rd 1990s AK-47 F-16s (Reuters) [sic] ¿qué? ¡no! ″ ʼ
"""
SENTENCES = [
    "Previous talks ended in a stalemate in which the US and NATO rejected Moscow's demands on the West's alliance relations.",
    "Iranian Foreign Minister Hossein Amir-Abdollahian told Al-Jazeera that Tehran wouldn't “negotiate under threat”.",
]


@pytest.fixture(scope="module")
def pieces() -> WordPieces:
    return WordPieces.from_file(VOCABULARY)


@pytest.fixture(scope="module")
def reference():  # type: ignore[no-untyped-def]
    tokenizers = pytest.importorskip("tokenizers", reason="the reference tokenizer is not installed")
    return tokenizers.BertWordPieceTokenizer(str(VOCABULARY), lowercase=True)


def agree(pieces: WordPieces, reference, word: str) -> None:  # type: ignore[no-untyped-def]
    wanted = tuple(reference.encode(word, add_special_tokens=False).ids)
    if wanted and len(wanted) <= MOST_PIECES:
        assert pieces(word) == wanted, word


def test_same_pieces_as_the_reference(pieces: WordPieces, reference) -> None:  # type: ignore[no-untyped-def]
    cut = [text[a:b] for text in SENTENCES for a, b in split_words(text)]
    for word in [*ODD_WORDS.split(), *cut]:
        agree(pieces, reference, word)


# The reference knows an older Unicode, so that scripts beyond these differ in single marks.
LETTERS = st.one_of(
    st.characters(max_codepoint=0x5FF, exclude_characters="Σ", exclude_categories=["Cn", "Cc", "Zs"]),
    st.characters(min_codepoint=0x1E00, max_codepoint=0x1FFF, exclude_categories=["Cn"]),
    st.characters(min_codepoint=0x2010, max_codepoint=0x2027),
    st.characters(min_codepoint=0x2030, max_codepoint=0x205E),
    st.characters(min_codepoint=0x2100, max_codepoint=0x23FF, exclude_categories=["Cn"]),
    st.characters(min_codepoint=0x3041, max_codepoint=0x30FF, exclude_categories=["Cn"]),
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5),
    st.sampled_from("😀🇺🇦\u200b\u200d\ufeff\ufffd"),
)


@given(word=st.text(LETTERS, min_size=1, max_size=8))
@example(word="ß")
@settings(max_examples=400, deadline=None)
def test_same_pieces_of_any_word(pieces: WordPieces, reference, word: str) -> None:  # type: ignore[no-untyped-def]
    agree(pieces, reference, word)


def test_longer_words_are_cut(pieces: WordPieces) -> None:
    word = "https://example.org/a/very/long/address?with=many&parts=indeed"
    assert len(pieces(word)) == MOST_PIECES
    assert pieces("x" * 101) == (UNKNOWN,)


@pytest.mark.parametrize("word", ["", "\u200b", "\u0301", "\x00", "\ufffd"])
def test_a_word_of_nothing_visible_is_unknown(pieces: WordPieces, word: str) -> None:
    assert pieces(word) == (UNKNOWN,)


def test_a_word_is_looked_up_once(pieces: WordPieces) -> None:
    assert pieces("Kharkiv") is pieces("Kharkiv")


def test_case_and_accents_do_not_matter(pieces: WordPieces) -> None:
    assert pieces("ERDOĞAN") == pieces("erdogan") == pieces("Erdog\u0306an")
