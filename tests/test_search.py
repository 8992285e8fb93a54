"""Full-text search: how words are folded and asked for, what is found, in which order, and what is shown of it."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from melian.crisis import copies
from melian.crisis.record import schema
from melian.crisis.record.rows import add
from melian.crisis.search import Hit, nothing_found, search, update
from melian.crisis.search.phrases import Phrases, in_a_row
from melian.crisis.search.queries import parse
from melian.crisis.search.words import folded, stem, words
from melian.errors import DateError, RecordError
from melian.records import CodedDocument, Document

STRAIT = "The U.S. navy sent two ships through the strait on Monday. Russia's president called it a provocation."
TALKS = "President Erdoğan met negotiators in Ankara. The talks on the strait go on, and security guarantees were offered to both sides."
TROOPS = "Some 100,000 troops are massing near the border, officials said. They told us that nobody wanted war."
SECURITY = "He guarantees the security of the talks, said the negotiator. O'Brien of the WHO agreed."


def report(text: str, title: str | None = None, day: str | None = "2022-01-10", outlet: str = "Harbour Post") -> Document:
    return Document(doc_id="", text=text, title=title, published=day, published_from="given" if day else "none", outlet=outlet)


def record(*batches: Sequence[Document]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    schema.create(connection)
    for batch in batches:
        ids = add(connection, [(each, CodedDocument(doc_id="", published=each.published)) for each in batch])
        copies.update(connection, ids)
        update(connection, ids)
    return connection


@pytest.fixture(scope="module")
def four() -> duckdb.DuckDBPyConnection:
    return record(
        [
            report(STRAIT, "Ships pass the strait", "2022-01-10", "Harbour Post"),
            report(TALKS, "Talks in Ankara", "2022-01-12", "Lake Herald"),
            report(TROOPS, None, "2022-02-01", "Harbour Post"),
            report(SECURITY, "Guarantees", None, "Border Courier"),
        ]
    )


def texts(connection: duckdb.DuckDBPyConnection, hits: Iterable[Hit]) -> list[str]:
    known = {f"t{key:016x}": text for key, text in connection.execute("SELECT id, text FROM documents").fetchall()}
    return [known[hit.document] for hit in hits]


# --- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Russia's president", "russia president"),
        ("the U.S.-led alliance, U.N", "the us led alliance un"),
        ("Erdoğan in São Paulo", "erdogan in sao paulo"),
        ("100,000 men and 4.2 tonnes", "100000 men and 4.2 tonnes"),
        ("O’Brien didn't", "obrien didnt"),
        ("mid-range/short_range", "mid range short range"),
        ("end.Then J.Smith", "end then j smith"),
    ],
)
def test_words_are_folded(text: str, read: str) -> None:
    assert " ".join(word.folded for word in words(text)) == read
    assert all(folded(text[word.start : word.stop]) == word.folded for word in words(text))


def test_common_words_in_capitals_are_names() -> None:
    assert [word.folded for word in words("The US and the WHO told us who it was") if not word.common] == ["us", "who", "told"]


@pytest.mark.parametrize(
    "forms",
    [
        "sanction sanctions sanctioned sanctioning",
        "impose imposes imposed imposing",
        "deny denies denied denying",
        "ally allies",
        "plan plans planned planning",
        "mine mines mined mining",
        "agree agrees agreed agreeing",
        "fight fights fought fighting",
        "withdraw withdrew withdrawn withdrawing",
        "veto vetoes vetoed",
        "Iraqi Iraqis",
        "tie ties tied",
        "use uses used using",
        "add adds added adding",
        "control controls controlled controlling",
    ],
)
def test_forms_of_a_word_meet(forms: str) -> None:
    assert len({stem(form.lower()) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("united", "units"), ("news", "new"), ("arms", "arm"), ("planes", "plans"), ("war", "wares")],
)
def test_words_that_only_look_alike_do_not(one: str, other: str) -> None:
    assert stem(one) != stem(other)


# --- questions -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("", "nothing to search for"),
        (" ,.! - ", "nothing to search for"),
        ("the of", "too common"),
        ('"to be or not"', "too common"),
        ("-war", "only what must not occur"),
        ('troops "at the border', "does not close"),
        ("OR war", "OR must stand between"),
        ("war OR", "OR must stand between"),
        ("war OR OR peace", "OR must stand between"),
        ("war OR the", "OR must stand between"),
        ("war OR -peace", "OR must stand between"),
        ("war -the", "cannot be left out"),
        ("(war OR peace) talks", "brackets"),
        ("a*", "at least 2 letters"),
        ("x" * 100, "too long"),
    ],
)
def test_what_cannot_be_asked_is_said(asked: str, message: str) -> None:
    with pytest.raises(RecordError, match=message):
        parse(asked)


def test_a_question_is_read() -> None:
    asked = parse("the troops “security guarantees” Minsk OR Kyiv -mid-range mobilis*")
    assert [[unit.given for unit in group] for group in asked.groups] == [
        ["troops"], ["security guarantees"], ["Minsk", "Kyiv"], ["mobilis*"],
    ]  # fmt: skip
    assert [unit.kind for unit in asked.units] == ["word", "phrase", "word", "word", "prefix"]
    assert [unit.words for unit in asked.without] == [("mid", "range")]
    assert asked.ignored == ("the",)


# --- what is found ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("troops border", [TROOPS]),
        ("troop borders", [TROOPS]),
        ("troops Ankara", []),
        ("troops OR Ankara", [TROOPS, TALKS]),
        ("strait -talks", [STRAIT]),
        ('"security guarantees"', [TALKS]),
        ('"guarantees the security"', [SECURITY]),
        ('security -"security guarantees"', [SECURITY]),
        ('"Monday Russia"', [STRAIT]),
        ('"negotiator"', [SECURITY]),
        ("negotiat*", [TALKS, SECURITY]),
        ("ERDOGAN", [TALKS]),
        ("US", [STRAIT]),
        ("us", [STRAIT]),
        ("U.S.", [STRAIT]),
        ("WHO", [SECURITY]),
        ("O'Brien", [SECURITY]),
        ("100000", [TROOPS]),
        ('100,000 OR "no such words"', [TROOPS]),
        ('"no such row" OR troops', [TROOPS]),
        ('"told us"', [TROOPS]),
        ("pass ships", [STRAIT]),
    ],
)
def test_what_is_found(four: duckdb.DuckDBPyConnection, asked: str, found: list[str]) -> None:
    assert sorted(texts(four, search(four, asked))) == sorted(found)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"since": "2022-01-11"}, [TALKS]),
        ({"until": "2022-01-11"}, [STRAIT]),
        ({"since": "2022-01", "until": "2022"}, [STRAIT, TALKS]),
        ({"source": "lake"}, [TALKS]),
        ({"source": "nobody"}, []),
    ],
)
def test_filters(four: duckdb.DuckDBPyConnection, filters: dict[str, str], found: list[str]) -> None:
    assert sorted(texts(four, search(four, "strait", **filters))) == sorted(found)


def test_a_date_that_is_none_is_said(four: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(DateError, match="2022-13"):
        search(four, "strait", since="2022-13")


@pytest.mark.parametrize(
    ("asked", "filters", "why"),
    [
        ("zyzzyva troops", {}, "no report has zyzzyva"),
        ("zyzzyva OR yaffle", {}, "no report has zyzzyva or yaffle"),
        ("troops Ankara", {}, "no report has all of this"),
        ('"border troops"', {}, "in a row"),
        ("troops -border", {}, "left out"),
        ("troops", {"since": "2023"}, "without --from"),
    ],
)
def test_why_nothing_is_found(four: duckdb.DuckDBPyConnection, asked: str, filters: dict[str, str], why: str) -> None:
    assert search(four, asked, **filters) == []
    assert why in nothing_found(four, asked, **filters)


def test_an_empty_record_has_nothing() -> None:
    connection = record()
    assert search(connection, "troops") == []
    assert nothing_found(connection, "troops") == "no report has troops"


def test_a_word_in_the_title_counts_more_and_equals_go_by_id() -> None:
    plain = "Nothing much was said of the {} today, and it rained on the harbour."
    connection = record(
        [report(plain.format("grain")), report(plain.format("boats"), "Grain"), report(plain.format("grain"), day=None)]
    )
    first, *others = search(connection, "grain", copies=True)
    assert first.title == "Grain"
    assert first.title_marks == ((0, 5),)
    assert [hit.document for hit in others] == sorted(hit.document for hit in others)
    assert others[0].score == others[1].score < first.score


def test_copies_are_one_hit() -> None:
    story = f"{STRAIT} {TALKS} {TROOPS}"
    connection = record([report(story, outlet=outlet) for outlet in ("Post", "Herald", "Courier")], [report(TALKS)])
    hits = search(connection, "strait")
    assert [hit.copies for hit in hits] == [2, 0]
    assert len(search(connection, "strait", copies=True)) == 4
    assert search(connection, "strait", limit=1) == hits[:1]


# --- what is shown ---------------------------------------------------------------------------------------------------


def test_the_best_passage_is_shown() -> None:
    filler = "Then the delegates went to lunch and spoke of the weather in the capital and of old times. "
    text = f"Talks began. {filler * 6}The talks on gas were hard, she said. {filler * 6}The pipeline was closed. {filler}"
    (hit,) = search(record([report(text)]), "gas talks pipeline")
    assert len(hit.snippets) == 2
    assert "talks on gas were hard" in hit.snippets[0].words
    assert "pipeline was closed" in hit.snippets[1].words
    for snippet in hit.snippets:
        assert text[slice(*snippet.span)] == snippet.words
        assert len(snippet.words.split()) <= 32
    assert [text[slice(*mark)] for snippet in hit.snippets for mark in snippet.marks] == ["talks", "gas", "pipeline"]


def test_a_phrase_is_marked_as_a_whole_and_its_words_alone_are_not(four: duckdb.DuckDBPyConnection) -> None:
    (hit,) = search(four, '"security guarantees" talks')
    marked = [TALKS[slice(*mark)] for snippet in hit.snippets for mark in snippet.marks]
    assert marked == ["talks", "security guarantees"]


def test_a_hit_in_the_title_shows_the_beginning(four: duckdb.DuckDBPyConnection) -> None:
    (hit,) = search(four, "pass")
    assert [(snippet.words, snippet.marks) for snippet in hit.snippets] == [(STRAIT, ())]
    assert hit.title is not None
    assert [hit.title[slice(*mark)] for mark in hit.title_marks] == ["pass"]


def test_a_report_without_a_text_is_found_by_its_title() -> None:
    (hit,) = search(record([report("", "Grain ships sail")]), "grain")
    assert hit.snippets == ()


# --- the same from any side ------------------------------------------------------------------------------------------

VOCABULARY = ("Troops", "troop", "strait", "U.S.", "us", "Erdoğan", "talks,", "talked", "the", "war.", "Wars", "peace", "2,000")
TEXTS = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=12).map(" ".join)
QUERIES = (
    "troops",
    "talk war",
    "talk OR peace",
    "tro* -war",
    '"troops strait" OR 2000',
    "US",
    '"talks war" peace',
    'erdogan -"the war"',
)


def _documents(parts: list[str]) -> list[Document]:
    return [
        report(
            text, parts[(number + 1) % len(parts)] if number % 3 else None, f"2022-01-{1 + number:02d}", f"Outlet {number % 2}"
        )
        for number, text in enumerate(parts)
    ]


@settings(max_examples=8, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=10), st.randoms(use_true_random=False), st.integers(1, 4))
def test_answers_do_not_depend_on_order_or_batches(parts: list[str], draw: random.Random, size: int) -> None:
    documents = _documents(parts)
    mixed = documents[:]
    draw.shuffle(mixed)
    one = record(documents)
    other = record(*(mixed[start : start + size] for start in range(0, len(mixed), size)))
    for asked in QUERIES:
        assert search(one, asked) == search(other, asked)


@settings(max_examples=15, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=10))
def test_what_is_found_is_what_reading_every_text_would_find(parts: list[str]) -> None:
    documents = _documents(parts)
    connection = record(documents)
    for asked in QUERIES:
        query = parse(asked)

        def has(unit: object, document: Document) -> bool:
            read = [list(words(part or "")) for part in (document.title, document.text)]
            if len(unit.words) > 1:  # type: ignore[attr-defined]
                return any(in_a_row([word.folded for word in part], unit.words) for part in read)  # type: ignore[attr-defined]
            known = [word.folded for part in read for word in part if not word.common]
            if unit.kind == "prefix":  # type: ignore[attr-defined]
                return any(word.startswith(unit.words[0]) for word in known)  # type: ignore[attr-defined]
            return any(stem(word) == stem(unit.words[0]) for word in known)  # type: ignore[attr-defined]

        wanted = [
            document.text
            for document in {repr(each): each for each in documents}.values()
            if all(any(has(unit, document) for unit in group) for group in query.groups)
            and not any(has(unit, document) for unit in query.without)
        ]
        assert sorted(texts(connection, search(connection, asked, copies=True, limit=None))) == sorted(wanted)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(("O'Brien", "U.S.", "U.N", "Erdoğan's", "3.5", "1,000", "Straße", "go", "no", "ﬁre", "İstanbul")),
        max_size=9,
    ),
    st.lists(st.sampled_from((" ", ", ", " – ", ".\n", "-", "’s ", "_", '" ')), min_size=9, max_size=9),
    st.data(),
)
def test_the_quick_look_for_a_phrase_misses_none(parts: list[str], gaps: list[str], data: st.DataObject) -> None:
    text = "".join(part + gap for part, gap in zip(parts, gaps, strict=False))
    read = [word.folded for word in words(text)]
    if len(read) < 2:
        return
    start = data.draw(st.integers(0, len(read) - 2))
    row = read[start : start + data.draw(st.integers(2, 4))]
    if len(row) < 2 or all(word.common for word in words(" ".join(row))):
        return
    asked = parse('"' + " ".join(row) + '"')
    if in_a_row(read, asked.units[0].words):
        assert Phrases(asked, {}).hold(("", text))
