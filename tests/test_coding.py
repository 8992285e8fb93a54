"""The coder on short texts of our own: who did and said what to whom, and the invariants that hold for any text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import melian
from melian.coding.actors import issuer
from melian.coding.coder import Coder
from melian.coding.events import Thresholds
from melian.coding.quantities import find_quantity
from melian.errors import DateError
from melian.language import read
from melian.records import CodedDocument, Document, from_json, to_json

DAY = "2022-01-21"

# text | type | a source id | a target id ("" for none) | realis
EVENTS = [
    ("Russia has rejected NATO's demands.", "REJECT", "RUS", "NATO", "actual"),
    ("Israeli warplanes bombed targets in Syria on Thursday.", "ASSAULT", "ISR", "SYR", "actual"),
    ("China accused the United States of interfering in its affairs.", "ACCUSE", "CHN", "USA", "actual"),
    ("The European Union imposed sanctions on Belarus.", "SANCTION", "EU", "BLR", "actual"),
    ("North Korea test-fired a ballistic missile on Sunday.", "MOBILIZE", "PRK", "", "actual"),
    ("Germany will send weapons to Ukraine next week.", "AID", "DEU", "UKR", "planned"),
    ("Turkey threatened to attack Kurdish forces in Syria.", "THREATEN", "TUR", "", "actual"),
    ("Poland urged Germany to send tanks to Ukraine.", "REQUEST", "POL", "DEU", "actual"),
    ("Iranian police arrested dozens of protesters in Tehran.", "COERCE", "IRN", "IRN", "actual"),
]

# text | act | speaker's name or id | words of the content
STATEMENTS = [
    (
        '"We will never surrender," Ukrainian President Volodymyr Zelenskyy said.',
        None,
        "Volodymyr Zelenskyy",
        "We will never surrender",
    ),
    ("The Kremlin denied that its forces had shelled the town.", "DENY", "RUS", "its forces had shelled the town"),
    ("Foreign Minister Penny Wong urged China to show restraint.", "APPEAL", "Penny Wong", "show restraint"),
    (
        "Blinken warned that Russia would face severe sanctions if it invaded Ukraine.",
        "THREATEN",
        "Antony Blinken",
        "severe sanctions",
    ),
    (
        '"The talks were frank," Lavrov told reporters. "Nothing was agreed," he added.',
        None,
        "Sergey Lavrov",
        "Nothing was agreed",
    ),
]


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder()


def code(coder: Coder, text: str, published: str | None = DAY) -> CodedDocument:
    return coder.code(Document(doc_id="d", text=text, published=published))


@pytest.mark.parametrize(("text", "kind", "source", "target", "realis"), EVENTS, ids=[e[0][:40] for e in EVENTS])
def test_event(coder: Coder, text: str, kind: str, source: str, target: str, realis: str) -> None:
    found = [e for e in code(coder, text).events if e.type == kind and e.realis == realis]
    assert found, "no such event"
    assert any(a.id == source for e in found for a in e.source)
    if target:
        assert any(a.id == target for e in found for a in e.target)


@pytest.mark.parametrize(("text", "act", "speaker", "words"), STATEMENTS, ids=[s[0][:40] for s in STATEMENTS])
def test_statement(coder: Coder, text: str, act: str | None, speaker: str, words: str) -> None:
    found = [s for s in code(coder, text).statements if words in text[slice(*s.content)]]
    assert found, "no such statement"
    assert any(speaker in (a.name, a.id) for s in found for a in s.speaker)
    if act:
        assert any(s.act == act for s in found)


def test_condition_of_a_threat(coder: Coder) -> None:
    text = '"If Belgrade attacks again, we will respond with air strikes," NATO Secretary General Javier Solana said.'
    found = [s for s in code(coder, text, "1999-03-20").statements if s.condition]
    assert found
    assert "Belgrade attacks again" in text[slice(*found[0].condition or (0, 0))]


def test_offices_are_those_of_the_day(coder: Coder) -> None:
    """The same words name another person twenty years earlier."""
    text = "Ukraine's president met the French president in Paris."
    now = {a.name for e in code(coder, text).events for a in e.source}
    then = {a.name for e in code(coder, text, "2002-05-20").events for a in e.source}
    assert {"Volodymyr Zelenskyy", "Emmanuel Macron"} <= now
    assert {"Leonid Kuchma", "Jacques Chirac"} <= then


def test_a_title_in_the_text_beats_the_knowledge_base(coder: Coder) -> None:
    text = "Canadian Foreign Minister Boris Johnson visited Oslo, where he met Norwegian officials."
    ids = {a.id for e in code(coder, text).events for a in e.source if a.name == "Boris Johnson"}
    assert ids == {"CAN"}


SPEAKERS = [
    # a name beside a title counts for more than who holds the office
    ("Russia's defence minister, Ivan Petrov, said on Friday that the drills would go on.", "Ivan Petrov", "RUS"),
    ("The U.S. ambassador, Mary Lake, said on Friday that the talks would go on.", "Mary Lake", "USA"),
    ("Pakistan's foreign secretary, Anwar ul Haq Rana, said on Friday that the talks would go on.", "Anwar ul Haq Rana", "PAK"),
    # one word of a longer name is nobody known
    ("Ambassador Huang Xilian of China said on Friday that the ships would stay.", "Huang Xilian", "CHN"),
    # a bare surname is that of a leader of a state in the text
    ("Guyana and Venezuela argued over the river. Ali said on Friday that Guyana would not give in.", "Irfaan Ali", "GUY"),
    # an office that several states have is that of the state that the text is about
    ("Pakistan rejected the charge. The Foreign Office said on Friday that India must stop.", "Foreign Office", "PAK"),
    # who holds an office of state acts for the state; a body with a name of its own is no town's ("Union" in the USA)
    (
        "Kenya's government will build the roads. Speaking for the Harvest Union, MP Amina Wekesa said on Friday that more would come.",
        "Amina Wekesa",
        "KEN",
    ),
    # titles of several words are no part of the name
    ("India lost a plane. Air Chief Marshal Arun Nadar said on Friday that India would answer.", "Arun Nadar", "IND"),
]


@pytest.mark.parametrize(("text", "name", "principal"), SPEAKERS)
def test_who_speaks(coder: Coder, text: str, name: str, principal: str) -> None:
    found = {(a.name, a.id) for s in code(coder, text, "2023-12-08").statements for a in s.speaker}
    assert (name, principal) in found


ORIGINS = [
    (
        "Russian troops crossed the border from Belarus on Thursday. By evening they were fighting for the airport outside Kyiv.",
        "BLR",
    ),
    ("Houthi rebels attacked Israel with drones from Yemen on Friday.", "YEM"),
]


@pytest.mark.parametrize(("text", "origin"), ORIGINS)
def test_whence_one_came_is_not_whom_one_strikes(coder: Coder, text: str, origin: str) -> None:
    assert all(origin not in {a.id for a in e.target} for e in code(coder, text).events if e.type == "ASSAULT")


OTHER_SIDES = [
    ("Georgetown's ally, the United States, urged Venezuela on Friday to withdraw.", "USA"),
    ("Venezuela and Guyana quarrel over the river. On Friday Venezuela's troops attacked its neighbour.", None),
]


@pytest.mark.parametrize(("text", "doer"), OTHER_SIDES)
def test_relational_nouns_are_never_their_owner(coder: Coder, text: str, doer: str | None) -> None:
    found = code(coder, text, "2023-12-08").events
    assert all({a.id for a in event.source}.isdisjoint({a.id for a in event.target}) for event in found)
    assert doer is None or any(doer in {a.id for a in event.source} for event in found)


def test_denied_it_and_said_denies_nothing_of_what_was_said(coder: Coder) -> None:
    text = "Asked about the raid, the Serbian minister denied it and said that the situation was on the edge of conflict."
    assert all("edge" not in text[slice(*s.content)] for s in code(coder, text, "2022-12-11").statements if s.act == "DENY")


def test_the_texts_own_date_is_used_and_said(coder: Coder) -> None:
    coded = code(coder, "GENEVA, Jan. 21, 2022 (Example) - Lavrov met Blinken on Friday.", None)
    assert (coded.published, coded.published_from) == (DAY, "dateline")
    assert any(DAY in note for note in coded.notes)
    assert any(e.date == DAY for e in coded.events)


def test_a_bad_date_is_named(coder: Coder) -> None:
    with pytest.raises(DateError, match="21/01/2022"):
        code(coder, "Lavrov met Blinken.", "21/01/2022")


@pytest.mark.parametrize("text", ["", " \n", "12 34", "…", "Nothing happened here."])
def test_nothing_found_is_a_record_too(coder: Coder, text: str) -> None:
    coded = code(coder, text)
    assert coded.events == ()
    assert from_json(to_json(coded)) == coded


def test_the_same_text_gives_the_same_ids(coder: Coder) -> None:
    text = EVENTS[1][0] + " " + STATEMENTS[1][0]
    assert to_json(code(coder, text)) == to_json(Coder().code(Document(doc_id="d", text=text, published=DAY)))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.sampled_from([e[0] for e in EVENTS] + [s[0] for s in STATEMENTS] + ["\n", "“", "”", "\r\n", "Ünïcødé 🙂", "\u200b"]),
        max_size=6,
    )
)
def test_spans_lie_in_the_text(parts: list[str]) -> None:
    text = " ".join(parts)
    coded = melian.code(text, published=DAY)
    spans = [s for e in coded.events for s in (e.evidence, *e.also)] + [s.content for s in coded.statements]
    spans += [a.span for e in coded.events for a in (*e.source, *e.target) if a.span]
    for start, end in spans:
        assert 0 <= start < end <= len(text)
        assert text[start:end].strip()


# words | value | unit | bound
QUANTITIES = [
    ("Russia massed as many as 100,000 troops near the border.", 100000, "troops", "at most"),
    ("The blast killed at least 12 people.", 12, "killed", "at least"),
    ("More than two million refugees fled.", 2000000, "refugees", "at least"),
    ("They met on 21 January 2022.", None, None, None),
    ("The three sides met for two days.", None, None, None),
]


@pytest.mark.parametrize(("text", "value", "unit", "bound"), QUANTITIES)
def test_quantity(text: str, value: float | None, unit: str | None, bound: str | None) -> None:
    parse = read(text)
    found = find_quantity(parse, 0, len(parse.words))
    assert (found.value, found.unit, found.bound) == (value, unit, bound) if found else value is None


def test_documents_come_out_one_by_one_and_in_order(coder: Coder) -> None:
    """The first record is there before the third document has been asked for more than reading ahead needs."""
    asked: list[int] = []

    def documents() -> Iterator[Document]:
        for n in range(8):
            asked.append(n)
            yield Document(doc_id=str(n), text=EVENTS[n][0], published=DAY)

    records = coder.code_all(documents())
    assert next(records).doc_id == "0"
    assert len(asked) < 8
    assert [r.doc_id for r in records] == [str(n) for n in range(1, 8)]


def test_an_error_is_raised_at_its_place(coder: Coder) -> None:
    good, bad = (
        Document(doc_id="a", text="A man slept.", published=DAY),
        Document(doc_id="b", text="A man slept.", published="soon"),
    )
    records = coder.code_all([good, bad])
    assert next(records).doc_id == "a"
    with pytest.raises(DateError, match="soon"):
        next(records)


def test_each_dispatch_of_the_example_gets_its_day(coder: Coder) -> None:
    folder = Path(__file__).parents[1] / "examples/geneva"
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))}
    coded = list(coder.code_all(Document(doc_id=name, text=text) for name, text in texts.items() if name[:2] == "20"))
    assert len(coded) == 12
    assert [record.published for record in coded] == [record.doc_id[:10] for record in coded]
    assert all(record.events and record.statements for record in coded)


@pytest.mark.parametrize(
    "text",
    ["It was bad. " * 15 + "\n\n" + "word " * 600, "9" * 5000, '"' * 2000, "ab-" * 500, "Russia attacked Ukraine and " * 300],
    ids=["long after short", "long number", "only quotes", "hyphens", "no full stop"],
)
def test_odd_texts_are_coded(coder: Coder, text: str) -> None:
    assert code(coder, text).doc_id == "d"


def test_events_have_their_own_ids_and_order(coder: Coder) -> None:
    folder = Path(__file__).parents[1] / "examples/geneva"
    for path in sorted(folder.glob("20*.txt")):
        events = code(coder, path.read_text(encoding="utf-8")).events
        assert len({e.id for e in events}) == len(events)
        assert [e.evidence for e in events] == sorted(e.evidence for e in events)


# outlet | the issuer's id, None for the press
OUTLETS = [
    ("The White House", "USA"),
    ("UK Government", "GBR"),
    ("US State Department", "USA"),
    ("Delegation of the European Union to Syria", "EU"),
    ("Egypt Today", None),
    ("Iran Daily", None),
    ("UN News", None),
    ("Reuters", None),
    ("", None),
]


@pytest.mark.parametrize(("outlet", "wanted"), OUTLETS)
def test_who_issues_a_text(outlet: str, wanted: str | None) -> None:
    found = issuer(outlet, DAY)
    assert (found.id if found else None) == wanted


def test_we_of_an_official_text_is_its_issuer(coder: Coder) -> None:
    text = "We condemn the attack on the convoy. We urge all parties to hold their fire."
    coded = coder.code(Document(doc_id="d", text=text, published=DAY, outlet="UK Government"))
    assert {a.id for s in coded.statements for a in s.speaker} <= {"GBR"}
    assert any(a.id == "GBR" for e in coded.events for a in e.source)


def test_what_is_left_out_is_said(coder: Coder) -> None:
    text = "Russia has rejected NATO's demands."
    strict = Coder(thresholds=Thresholds(event=0.9999))
    coded = strict.code(Document(doc_id="d", text=text, published=DAY))
    assert not coded.events
    assert [(a.type, text[slice(*a.evidence)]) for a in coded.abstained] == [("REJECT", text[:-1])]
    assert "below 1.00" in coded.abstained[0].why


def test_an_organisation_goes_by_the_initials_that_the_text_uses(coder: Coder) -> None:
    text = "The Ruritanian Workers Front called a strike on Monday. The RWF urged the government to resign."
    coded = coder.code(Document(doc_id="d", text=text, published=DAY))
    ids = {a.id for e in coded.events for a in e.source}
    assert "RWF" in ids


# text | type | realis: what a modal verb or a condition says was not done
NOT_DONE = [
    ("If Ruritania crosses the border, NATO would attack its bases.", "ASSAULT"),
    ("Moscow might invade Georgia, officials said.", "ASSAULT"),
    ("The rebels could shell the capital.", "ASSAULT"),
]


@pytest.mark.parametrize(("text", "kind"), NOT_DONE)
def test_deeds_under_a_modal_are_not_told_as_done(coder: Coder, text: str, kind: str) -> None:
    found = [e.realis for e in coder.code(Document(doc_id="d", text=text, published=DAY)).events if e.type == kind]
    assert "actual" not in found


def test_a_deed_told_twice_is_one_event(coder: Coder) -> None:
    text = "Israeli jets bombed Iran on Friday. The Israeli air raid on Iran lasted an hour."
    events = coder.code(Document(doc_id="d", text=text, published=DAY)).events
    assert sum(e.type == "ASSAULT" for e in events) == 1
