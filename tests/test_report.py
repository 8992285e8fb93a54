"""The page: in order, self-contained, deterministic, with everything escaped and every link leading to marked words."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import re
from datetime import date
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise

import pytest
from desk_site import HEBREW, TURNED, turned
from hypothesis import given, settings
from hypothesis import strategies as st
from report_sample import BLINKEN, CODED, DOCUMENTS, NATO, RUS, UKR, USA, event, said

from melian.crisis.entries import Ledger
from melian.errors import RecordError
from melian.records import Actor, CodedDocument, Document, Event, Quantity, Statement
from melian.report.page import render
from melian.views.marks import Mark, marked, paragraphs
from melian.views.sentences import Deed, sentences, trend_of
from melian.views.wording import (
    date_words,
    event_line,
    listed,
    parties,
    people,
    possessive,
    quantity_words,
    quoted,
    statement_line,
)

PAGE = render(DOCUMENTS, CODED, "The Geneva winter", date(2022, 3, 1))
VOID = {"meta", "link", "br", "path", "circle", "rect", "input"}


class Reader(HTMLParser):
    """Tags, ids, links and text of a page; complains about tags that do not nest."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.handlers: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert not self._open, f"never closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.handlers += [name for name, _ in attrs if name.startswith("on") or name == "style"]
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "a":
            self.links.append(str(given.get("href")))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1:] == [tag], f"</{tag}> closes {self._open[-3:]}"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] not in ("style", "script"):
            self.text += data


READ = Reader(PAGE)


def test_the_parts_stand_in_this_order() -> None:
    order = [
        "situation", "tension", "news", "standing-demands", "standing-redlines", "open-predictions", "ledger", "demands", "redlines",
        "predictions", "denials", "offers", "shifts", "timeline", "parties", "map", "statements", "outlets", "sources",
    ]  # fmt: skip
    assert [id_ for id_ in READ.ids if id_ in order] == order


def test_the_first_line_says_where_things_stand() -> None:
    lead = READ.text[READ.text.index("Where things stand") : READ.text.index("How this is worked out")]
    for words in (
        "On 24 Feb 2022 Russia invaded Ukraine.",
        "demand of NATO and the United States",
        "stands rejected by NATO (21 Jan 2022) and the United States (21 Jan 2022).",
        "red line for Russia, “if Russian forces invade Ukraine”, was crossed on 24 Feb 2022 and enforced on 25 Feb 2022.",
        "is contradicted by what was told on 24 Feb 2022",
        "came true on 24 Feb 2022",
        "Worse",
    ):
        assert words in " ".join(lead.split())


def test_every_clause_of_the_lead_links_to_evidence() -> None:
    lead = PAGE[PAGE.index('<p class="stand') : PAGE.index("How this is worked out")]
    told = re.findall(r"<(?:p class=\"stand[^>]*|li)>(.*?)</(?:p|li)>", lead, re.DOTALL)
    assert len(told) == 4
    assert all('href="#m-' in sentence for sentence in told)
    assert re.search(r'class="reason"><a href="#t-2022-02-\d\d">', lead)


def test_every_link_within_the_page_has_its_target_and_ids_are_unique() -> None:
    assert len(READ.ids) == len(set(READ.ids))
    inside = [link for link in READ.links if link.startswith("#")]
    assert len(inside) > 100
    assert {link[1:] for link in inside} <= set(READ.ids)


def test_every_record_has_its_marks_and_its_note() -> None:
    marked_ids = {id_[2:] for id_ in READ.ids if re.fullmatch("m-[es][0-9a-f]{16}", id_)}
    assert len(marked_ids) == sum(len(coded.events) + len(coded.statements) for coded in CODED)
    assert {id_[2:] for id_ in READ.ids if id_.startswith("r-")} == marked_ids


def test_the_same_input_gives_the_same_page_in_any_order() -> None:
    shuffled, coded = list(DOCUMENTS), list(CODED)
    random.Random(7).shuffle(shuffled)
    random.Random(8).shuffle(coded)
    assert render(shuffled, coded, "The Geneva winter", date(2022, 3, 1)) == PAGE


def test_nothing_is_loaded_and_only_the_pages_own_style_and_script_are_allowed() -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', PAGE)
    assert policy
    assert policy[1].startswith("default-src 'none';")
    for tag in ("style", "script"):
        (content,) = re.findall(rf"<{tag}>(.*?)</{tag}>", PAGE, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}';" in policy[1]
    assert not READ.handlers
    assert not {"img", "iframe", "object", "embed", "form", "base", "use"} & set(READ.tags)
    assert not re.search(r"url\((?!#)", PAGE)
    assert "@import" not in PAGE
    assert [link for link in READ.links if not link.startswith("#")] == ["https://example.org/geneva?a=1&b=2"]


def test_the_page_can_be_read_without_seeing_it() -> None:
    assert PAGE.count("<h1") == 1
    assert READ.tags.count("main") == READ.tags.count("nav") == READ.tags.count("footer") == 1
    assert '<html lang="en">' in PAGE
    assert "Skip to where things stand" in READ.text
    assert 'scope="row"' in PAGE
    for quad in ("verbal cooperation", "material cooperation", "verbal conflict", "material conflict"):
        assert quad in READ.text
    levels = [int(tag[1]) for tag in READ.tags if re.fullmatch("h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels))


ATTACKS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style></script></title><svg onload=alert(1)>",
    "{{ 7*7 }}{% raw %}",
    "&lt;b&gt; & <b>",
    "\u202e\ufeff\x00<!--",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_source_text_stays_text(attack: str) -> None:
    text = f"{attack} said {attack} met {attack} today"
    actor = Actor(id=attack, name=attack + "x", role=attack, span=(0, len(attack)))
    whole = (0, len(text))
    hit = Event(
        type="CONSULT",
        mode=attack,
        source=(actor,),
        target=(actor,),
        date=attack,
        place=attack,
        evidence=whole,
        why=(attack,),
        id=attack,
    )
    words = [
        Statement(
            act=act,
            speaker=(actor,),
            about=(actor,),
            content=whole,
            condition=whole,
            reported_by=attack,
            date="2022-01-21",
            id=attack + act,
        )
        for act in ("DEMAND", "THREATEN", "CLARIFY", "PREDICT", "DENY", "OFFER")
    ]
    document = Document(
        doc_id=attack, text=text, published="2022-01-21", title=attack, outlet=attack, url=f"https://example.org/{attack}"
    )
    quantity = Event(
        type="MOBILIZE",
        source=(actor,),
        evidence=whole,
        date="2022-01-20",
        quantity=Quantity(value=3, unit=attack, bound=attack),
    )
    coded = CodedDocument(doc_id=attack, published="2022-01-21", title=attack, events=(hit, quantity), statements=tuple(words))
    read = Reader(render([document], [coded], attack))
    data = len(re.findall('<script type="application/json"', PAGE))
    assert (read.tags.count("script"), read.tags.count("style")) == (data + 1, 1)
    assert not {"img", "iframe"} & set(read.tags)
    assert read.tags.count("b") == 1  # the page's own, before the condition
    assert not read.handlers
    assert "49" not in read.text
    assert attack.replace("\x00", "") in read.text.replace("\x00", "").replace("\ufffd", "")


def test_no_words_turn_the_direction_of_the_pages_own() -> None:
    page = render(*turned(), TURNED)
    own = re.sub(r'<div class="text">.*?</div>', "", page, flags=re.DOTALL)  # the reports themselves are shown as they are
    assert re.search("[\u202a-\u202e\u2066-\u2069]", page)
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", own)
    assert HEBREW in own
    own = re.sub(r'<script type="application/json".*?</script>', "", own, flags=re.DOTALL)  # data, which nobody sees
    assert not re.search(
        rf"{HEBREW}[^<]*\d", re.sub(r"<title>.*?</title>|<h3.*?</h3>", "", own)
    )  # no number stands bare beside it


def test_the_drawing_is_no_row_of_stops() -> None:
    signs = [link for drawing in re.findall(r"<svg.*?</svg>", PAGE, re.DOTALL) for link in re.findall("<a [^>]*>", drawing)]
    assert signs
    assert all('tabindex="-1"' in sign for sign in signs)


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "//evil.example", "file:///etc/passwd", "https://a b"],
)
def test_only_web_addresses_become_links(url: str) -> None:
    page = render([Document(doc_id="a", text="Words.", url=url)], [CodedDocument(doc_id="a")])
    assert not [link for link in Reader(page).links if not link.startswith("#")]


def test_an_empty_record_says_so_plainly() -> None:
    read = Reader(render([], []))
    assert "Nothing that the codebook counts as an event was found" in read.text
    assert "No demand is on record." in read.text
    assert "No report was given." in read.text


def test_a_document_without_records_and_a_record_without_its_document() -> None:
    read = Reader(render([DOCUMENTS[0]], [CODED[1]]))
    assert "Moscow puts its terms on paper" in read.text
    assert "The text is not at hand." in read.text


def test_spans_outside_the_text_do_no_harm() -> None:
    far = Event(type="CONSULT", source=(USA,), evidence=(900, 950), also=((3, 3), (-4, 2)))
    page = render([Document(doc_id="a", text="Short text.")], [CodedDocument(doc_id="a", events=(far,))])
    read = Reader(page)
    assert {link[1:] for link in read.links} <= set(read.ids)


def test_a_dozen_reports_make_less_than_a_megabyte_and_a_half() -> None:
    documents = [
        Document(doc_id=f"{d.doc_id}{n}", text=d.text * 3, published=d.published, outlet=d.outlet)
        for n in range(3)
        for d in DOCUMENTS
    ]
    coded = [
        CodedDocument(doc_id=f"{c.doc_id}{n}", published=c.published, events=c.events * 2, statements=c.statements)
        for n in range(3)
        for c in CODED
    ]
    assert len(render(documents, coded).encode()) < 1_500_000


# --- the text and its marks ------------------------------------------------------------------------------------------


def test_overlapping_spans_are_cut_where_they_begin_and_end() -> None:
    marks = [Mark((0, 11), 1, "e", "m-1"), Mark((6, 20), 2, "c", "m-2"), Mark((6, 11), 1, "t")]
    (paragraph,) = marked("Russia NATO and others", marks)
    assert [(piece.text, piece.roles, piece.anchors) for piece in paragraph] == [
        ("Russia", ("1e",), ((1, "m-1"),)),
        (" NATO", ("1e", "2c", "1t"), ((2, "m-2"),)),
        (" and othe", ("2c",), ()),
        ("rs", (), ()),
    ]


spans = st.tuples(st.integers(-5, 70), st.integers(-5, 70))


@settings(max_examples=200)
@given(st.text("ab.\n <&", max_size=60), st.lists(st.tuples(spans, st.sampled_from("ecst")), max_size=8))
def test_marking_keeps_every_letter_and_marks_just_the_spans(text: str, given_marks: list) -> None:
    marks = [Mark(span, number, role, f"m-{number}") for number, (span, role) in enumerate(given_marks)]
    bounds, shown = paragraphs(text), marked(text, marks)
    assert ["".join(piece.text for piece in paragraph) for paragraph in shown] == [text[start:end] for start, end in bounds]
    assert "".join("".join(piece.text for piece in p) for p in shown).split() == "".join(text[a:b] for a, b in bounds).split()
    assert "".join("".join(text[a:b].split()) for a, b in bounds) == "".join(text.split())
    for (start, _), pieces in zip(bounds, shown, strict=True):
        place = start
        for piece in pieces:
            wanted = {f"{m.number}{m.role}" for m in marks if m.span[0] <= place and place + len(piece.text) <= m.span[1]}
            assert set(piece.roles) == wanted
            place += len(piece.text)


def test_paragraphs_of_wrapped_and_of_running_text() -> None:
    wrapped = (
        "One long line that is wrapped at some sixty characters a line\n"
        "and goes on to here with more words than one would think of it\n"
        "and ends.\nA second paragraph that is wrapped at some sixty characters too\nas is told here."
    )
    assert [wrapped[start:end].split()[0] for start, end in paragraphs(wrapped)] == ["One", "A"]
    assert len(paragraphs("One.\nTwo.\n\nThree.")) == 3
    assert paragraphs("") == paragraphs(" \n ") == []


# --- the arrow and the timeline --------------------------------------------------------------------------------------

CALM, FIGHT = "verbal cooperation", "material conflict"
BEFORE = [(CALM, date(2022, 2, n)) for n in (1, 2, 3)]
WORSE = [(FIGHT, date(2022, 2, n)) for n in (24, 25, 26)]


@pytest.mark.parametrize(
    ("placed", "direction"),
    [
        (BEFORE + WORSE, "worse"),
        ([(FIGHT, day) for _, day in BEFORE] + [(CALM, day) for _, day in WORSE], "better"),
        (BEFORE + [(CALM, day) for _, day in WORSE], "same"),
        (WORSE, None),
        (BEFORE[:2] + WORSE, None),
        ([], None),
    ],
)
def test_the_arrow(placed: list[tuple[str, date]], direction: str | None) -> None:
    assert trend_of(placed).direction == direction


def test_what_is_dated_after_the_record_ends_does_not_move_the_arrow() -> None:
    text = "They met. They fought."
    events = tuple(
        event(
            text,
            "They met" if kind == CALM else "They fought",
            "CONSULT" if kind == CALM else "ASSAULT",
            [RUS],
            [UKR],
            date=str(day),
        )
        for kind, day in BEFORE + WORSE
    )
    document = Document(doc_id="a", text=text, published="2022-02-10", published_from="given")
    page = render([document], [CodedDocument(doc_id="a", published="2022-02-10", published_from="given", events=events)])
    assert 'class="arrow unknown"' in page


def test_a_record_of_talk_alone_says_so() -> None:
    talk = Deed("e1", event("They met.", "They met", "CONSULT", [USA], [RUS]), date(2022, 1, 21), True, 1, True)
    assert sentences(Ledger(), [talk], 1)[1][0].text.startswith("No demand")


def test_tellings_of_one_happening_are_one_entry_of_its_day() -> None:
    """An undated one stands on the day of its report, and says so."""
    texts = {
        "Herald": ("Washington and Moscow held talks in Geneva", "Kyiv protested at once"),
        "Post": (
            "Envoys of the two powers sat down together at the lake for hours",
            "There were angry words from Kyiv's embassy",
        ),
    }
    given = {"published": "2022-01-22", "published_from": "given"}
    documents, coded = [], []
    for outlet, (talks, protest) in texts.items():
        text = f"{talks}. {protest}."
        met = event(
            text, talks, "CONSULT", [USA], [RUS], date="2022-01-21", place="Geneva", place_country="CHE", mode="meeting"
        )
        documents.append(Document(doc_id=outlet, text=text, outlet=outlet, **given))  # type: ignore[arg-type]
        coded.append(CodedDocument(doc_id=outlet, events=(met, event(text, protest, "PROTEST", [UKR])), **given))  # type: ignore[arg-type]
    read = Reader(render(documents, coded))
    told = " ".join(read.text[read.text.rindex("Timeline") :].split())
    assert "2 tellings, 2 independent sources" in told
    assert {"t-2022-01-21", "t-2022-01-22"} <= set(read.ids)
    assert "on the day of its first report" in told


def test_the_rows_of_every_table_stand_in_the_page_for_its_files() -> None:
    buttons = set(re.findall(r'data-table="(\w+)" data-as="(\w+)"', PAGE))
    tables = {name for name, _ in buttons}
    assert tables >= {
        "tension",
        "timeline",
        "dyads",
        "places",
        "parties",
        "outlets",
        "incidents",
        "demands",
        "redlines",
        "statements",
    }
    assert buttons == {(name, kind) for name in tables for kind in ("csv", "json")}
    for name in tables:
        (found,) = re.findall(rf'<script type="application/json" id="data-{name}">(.*?)</script>', PAGE, re.DOTALL)
        data = json.loads(found)
        assert data["columns"]
        assert all(len(row) == len(data["columns"]) for row in data["rows"])
    (demands,) = re.findall(r'id="data-demands">(.*?)</script>', PAGE, re.DOTALL)
    assert len(json.loads(demands)["rows"]) == PAGE[PAGE.index('id="demands"') : PAGE.index('id="redlines"')].count("<article")


def test_more_reports_than_a_page_can_show_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("melian.report.page.MOST", 3)
    with pytest.raises(RecordError, match="melian desk"):
        render(DOCUMENTS, CODED)


# --- wording ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("iso", "words"),
    [
        ("2022-01-21", "21 Jan 2022"),
        ("2022-01-05", "5 Jan 2022"),
        ("2022-01", "Jan 2022"),
        ("2022", "2022"),
        ("2022-01-17/2022-01-21", "17–21 Jan 2022"),
        ("2022-01-28/2022-02-03", "28 Jan – 3 Feb 2022"),
        ("2021-12-28/2022-01-03", "28 Dec 2021 – 3 Jan 2022"),
        ("2021/2022", "2021 – 2022"),
        (None, "undated"),
        ("<soon>", "<soon>"),
    ],
)
def test_dates_cannot_be_misread(iso: str | None, words: str) -> None:
    assert date_words(iso) == words


def test_parties_and_people() -> None:
    assert parties([USA, NATO]) == "the United States and NATO"
    assert people([BLINKEN, Actor(id="Hamas")]) == "Antony Blinken (United States) and Hamas"
    assert parties([]) == "an unnamed party"
    assert listed(["a", "b", "c", "d", "e"]) == "a, b, c and 2 others"
    assert (possessive("Russia"), possessive("the United States")) == ("Russia’s", "the United States’")


@pytest.mark.parametrize(
    ("record", "line"),
    [
        (event("x", "x", "MOBILIZE", [RUS], [UKR], mode="troops"), "Russia moved forces against Ukraine"),
        (event("x", "x", "MOBILIZE", [RUS]), "Russia moved forces"),
        (event("x", "x", "CONSULT", [USA, RUS], mode="meeting"), "The United States and Russia met"),
        (event("x", "x", "ASSAULT", [RUS], [UKR], mode="invade", realis="predicted"), "Russia to invade Ukraine"),
        (event("x", "x", "RETREAT", [USA], realis="demanded", mode="withdraw"), "The United States to withdraw"),
        (event("x", "x", "ASSAULT", [RUS], [UKR], realis="denied"), "Russia attacked Ukraine"),
        (said("x", "x", "PREDICT", [BLINKEN], [RUS]), "Antony Blinken (United States) predicted, about Russia"),
    ],
)
def test_a_record_in_a_line(record: Event | Statement, line: str) -> None:
    assert (event_line(record) if isinstance(record, Event) else statement_line(record)) == line


def test_every_type_mode_and_act_of_the_codebook_has_words() -> None:
    from melian.codebook import acts, event_types, modes
    from melian.views.wording import table

    assert set(table("said")) == set(acts())
    assert set(event_types()) <= set(table("did"))
    known = {type_ for type_ in event_types()} | {f"{type_} {mode}" for type_ in event_types() for mode in modes(type_)}
    assert set(table("did")) <= known
    assert {form.split(" ")[0] for forms in table("did").values() for form in forms} <= set(table("infinitives"))


def test_quotations_and_numbers() -> None:
    assert quoted('"We hope,"') == "“We hope”"
    assert quoted('if they come, "it will be met"') == "“if they come, ‘it will be met’”"
    assert quoted("one two three", 2) == "“one two …”"
    assert quantity_words(Quantity(value=100000, unit="troops", bound="at most")) == "at most 100,000 troops"


# --- colours ---------------------------------------------------------------------------------------------------------


def _palettes() -> list[dict[str, str]]:
    css = files("melian.report").joinpath("page.css").read_text(encoding="utf-8")
    light, dark = (
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
        for block in re.findall(r":root \{(.*?)\n\s*\}", css, re.DOTALL)[:2]
    )
    return [light, light | dark]


def _contrast(some: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(some), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", _palettes(), ids=["light", "dark"])
def test_text_has_the_contrast_of_wcag_aa(palette: dict[str, str]) -> None:
    for text in ("ink", "soft", "coop", "conf", "warn", "i", "k", "s", "t"):
        for ground in ("paper", "raised", "tint"):
            assert _contrast(palette[text], palette[ground]) >= 4.5, (text, ground)
    for mark in ("e", "c"):
        assert _contrast(palette["ink"], palette[mark]) >= 4.5
    for ground in ("paper", "raised", "tint"):  # the borders of fields and buttons
        assert _contrast(palette["under"], palette[ground]) >= 3, ground
