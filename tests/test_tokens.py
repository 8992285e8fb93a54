"""Words and sentences: marked examples, layouts, and what holds of any text."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from melian.language.tokens import split_sentences, split_words


def words(text: str) -> list[str]:
    return [text[a:b] for a, b in split_words(text)]


def sentences(text: str) -> list[str]:
    spans = split_words(text)
    return [text[spans[a][0] : spans[b - 1][1]] for a, b in split_sentences(text, spans)]


MARKED_WORDS = [
    # clitics
    "Russia|'s|envoy|did|n't|say|they|'d|gone|.",
    "We|’re|sure|it|’s|what|they|’ve|said|;|I|’m|not|.",
    "They|can|not|and|ca|n’t|leave|.",
    "the|allies|'|demands",
    "Britain|ʼs|demand",
    "O'Brien|met|D'Souza|.",
    # abbreviations and initials
    "U.S.|Secretary|Mr.|Blinken|met|Gen.|Mark|A.|Milley|.",
    "George|W.|Bush|spoke|to|J.R.R.|Tolkien",
    "on|Jan.|21|,|at|5|p.m.|,|No.|10|said",
    "They|said|no|.",
    "the|U.N.|and|the|E.U.|agreed",
    # numbers, money, dates
    "100,000|troops|and|3.5|%|of|$|1.2|bn",
    "on|21/1/2022|at|10:30|,|the|21st|of|the|1990s",
    "a|ratio|of|3|-|1",
    # hyphens and dashes
    "the|weeks|-|long|stalemate",
    "ex-minister|and|anti-war|groups",
    "talks|—|at|last|–|began|--|slowly",
    # quotation marks, brackets, dots
    "“|We|hope|,|”|he|said|(|again|)|.",
    "``|We|hope|,|''|he|said|.",
    "«|Non|»|,|he|said|…",
    "Wait|...|what|?!",
    # addresses
    "see|https://example.org/a?b=c|.",
    "write|to|press.office@state.gov|or|@nato|on|www.nato.int/cps|.",
    # Unicode
    "Erdoğan|’s|visit|to|Kyïv|and|São|Paulo",
    "Škoda|met|Łukasz|Ó|Briain",
    "cafe\u0301|owners",
    "£|20|m|;|€|5|;|₴|7",
    "155|mm|guns|at|10|am",
]
GAPS = {  # where words touch each other in the text
    "'s", "'d", "'", "’re", "’s", "’ve", "’m", "n't", "n’t", "ʼs", ".", ",", ";", "%", ")", "?!", "…", "...", "”", "''", "»",
}  # fmt: skip


def joined(marked: str) -> str:
    """The text of a marked example: words apart, but for clitics, marks and what a hyphen joins."""
    parts = marked.split("|")
    text = parts[0]
    for before, word in pairwise(parts):
        close = word in GAPS or before in {"“", "``", "«", "(", "$", "£", "€", "₴", "ca", "can"} or "-" in (before, word)
        text += word if close or (before, word) in {("1.2", "bn"), ("20", "m"), ("155", "mm"), ("10", "am")} else " " + word
    return text


TOUCHING = [  # "|" where words touch, a blank where they do not
    "at 10:30|PM with 5|K",
    "the 1980's , the 1990s and 2.5|m",
    "call 713-853-3989 , 713/853-3989 or +44 20",
    "=====>> -------",
    "on 2022-01-21 , a 3|-|1 win",
    "mail Rice@ENRON or mailto:a.b@c.org|.",
    "news.com.au|. bbc.co.uk/news|, example.com|.",
    "budget_2.xls or a|.|xyz",
    "alt.animals.cat",
    "the U.S embassy, U.S|-|led , a.k.a. Bob",
    "a Ph.D. at AT&T|, R&D b/c Q&A",
    "he do|nt know and I|m sure it|s not its name",
    "Really|.? No|!!!",
    "Lockheed Corp.|’s jets",
    "No|. #|1 and #peace",
]


@pytest.mark.parametrize("marked", TOUCHING)
def test_touching_words(marked: str) -> None:
    assert words(marked.replace("|", "")) == marked.replace(",", " , ").replace("|", " ").split()


@pytest.mark.parametrize("marked", MARKED_WORDS)
def test_words(marked: str) -> None:
    assert words(joined(marked)) == marked.split("|")


MARKED_SENTENCES = [
    "Talks ended.|Nothing was agreed.",
    "Mr. Blinken met Gen. Mark A. Milley.|They spoke.",
    "The U.S. Senate voted.|It rejected the U.S. offer.",
    "He lives in the U.S.|The talks go on.",
    "Troops moved on Jan. 21 near St. Petersburg.|No. 10 said nothing.",
    "They met at 5 p.m. Friday.|He left at 6 p.m.|The talks failed.",
    "“We hope so,” he said.|“It is time.”|They left.",
    '"We hope so."|He smiled.',
    "“Is this war?” he asked.|“No!”|Nobody else spoke.",
    "He said no (again.)|They left.",
    "Prices rose 3.5 percent.|Exports fell.",
    "The firm, Gazprom Export Ltd. of Moscow, declined to comment.|It is owned by the state.",
    "“Never,” said George W. Bush.|He left.",
    "He waited...|Then he left.",
    "See https://example.org/a.b for more.|It is long.",
    "MOSCOW (Reuters) - Russia said no.|It repeated it.",
    "They met U.S. President Joe Biden.|He agreed.",
    "The rule is clear: No one may leave.",
    "The talks ended on Friday.|12 people died.",
    "They asked Reps. Smith and Jones.|Nobody came.",
]
MARKED_WEB = [
    "where can i eat in miami?|i like pizza.|any ideas?",
    "Great place!!!|I will be back :)",
]


@pytest.mark.parametrize("marked", MARKED_SENTENCES + MARKED_WEB)
def test_sentences(marked: str) -> None:
    assert sentences(marked.replace("|", " ")) == marked.split("|")


def test_a_blank_line_ends_a_sentence() -> None:
    assert sentences("Talks fail in Geneva\n\nThe envoys left.") == ["Talks fail in Geneva", "The envoys left."]


def test_a_line_break_ends_a_sentence_where_lines_are_paragraphs() -> None:
    text = "Talks fail\nEnvoys leave Geneva after a day of talks without a result.\nBy a reporter"
    assert len(sentences(text)) == 3


WRAPPED = (
    "In the weeks-long stalemate over the Ukraine crisis, two top diplomats from\n"
    "the United States and Russia met at a crisis point to defuse tensions.\n"
    "US Secretary of State Antony Blinken and Russian Foreign Minister Sergey\n"
    "Lavrov tried to defuse tensions when the two met in Geneva, Switzerland, on\n"
    "Friday (21/1/2022) morning.\n"
)


@pytest.mark.parametrize("text", [WRAPPED, WRAPPED.replace("\n", "\r\n"), WRAPPED.replace("\n", " "), "Talks\n\n" + WRAPPED])
def test_sentences_run_over_hard_wrapped_lines(text: str) -> None:
    found = sentences(text)[-2:]
    assert found[0].startswith("In the")
    assert found[1].startswith("US Secretary")
    assert found[1].endswith("morning.")


def test_lines_that_hold_no_stop_are_sentences_of_their_own() -> None:
    text = "The envoys met on Friday.\nThey left without a result.\nNobody spoke."
    assert sentences(text) == text.split("\n")


def test_no_words_no_sentences() -> None:
    assert split_sentences("", []) == []


@pytest.mark.parametrize(
    "piece", ["a.", "a.b-", "-a.", "a@", "www.,", "1.1", "1-", "1.1x", "a_.", "x.com.", "A. ", "?.", "a\n", "( "]
)
def test_time_grows_with_length_not_its_square(piece: str) -> None:
    text = piece * (60_000 // len(piece))
    started = time.process_time()
    split_sentences(text, split_words(text))
    assert time.process_time() - started < 2.0  # the square takes half a minute


PIECES = [
    "Mr.", "U.S.", "n't", "can't", "'", "’s", '"', "“", "”", "``", "''", "...", "…", "--", "-", "anti-",
    "3.5", ".", "?", "!", "\n", "\n\n", "\r\n", "\t", "\xa0", "\u200b", "\u2028", "\x85", "e\u0301",
    "\u0301", "ß", "中国", "😀", "👩‍👩‍👧", "http://", "a@b", "@", "a.b.", "No.", "Jan.", " ", "Russia", "said",
    "1990s", "cannot", "GONNA", "_", "__", "x_y", "(", ")", ":-)", "\ufeff", "İ", "ǅ", "²", "½", "٣",
]  # fmt: skip
ANY_TEXT = st.one_of(
    st.text(max_size=200),
    st.lists(
        st.sampled_from(PIECES),
        max_size=40,
    ).map("".join),
)


@given(ANY_TEXT)
@example("")
@example(" \n ")
@example("U.S.A'b.c.d")
@example("a" * 5000)
@example("." * 3000)
@settings(max_examples=300, deadline=None)
def test_words_cover_every_character_in_order(text: str) -> None:
    spans = split_words(text)
    assert all(start < end for start, end in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    covered = set()
    for start, end in spans:
        covered.update(range(start, end))
    assert all(c in covered for c in range(len(text)) if not text[c].isspace())
    assert not any(text[start:end].isspace() for start, end in spans)


@given(ANY_TEXT)
@settings(max_examples=300, deadline=None)
def test_sentences_cover_every_word_in_order(text: str) -> None:
    spans = split_words(text)
    found = split_sentences(text, spans)
    assert [i for a, b in found for i in range(a, b)] == list(range(len(spans)))
    assert all(a < b for a, b in found)
