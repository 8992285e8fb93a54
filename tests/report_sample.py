"""A small made crisis in four dispatches, written for the tests: records are laid over the texts by their words.

The happenings follow the winter of 2021–22 in outline; the sentences are the project's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from melian.records import Actor, CodedDocument, Document, Event, Quantity, Span, Statement

RUS, UKR, USA = Actor(id="RUS", sector="GOV"), Actor(id="UKR", sector="GOV"), Actor(id="USA", sector="GOV")
NATO, EU, DEU = Actor(id="NATO", sector="IGO"), Actor(id="EU", sector="IGO"), Actor(id="DEU", sector="GOV")
LAVROV = Actor(id="RUS", sector="GOV", name="Sergey Lavrov", role="foreign minister")
PUTIN = Actor(id="RUS", sector="GOV", name="Vladimir Putin", role="president")
BLINKEN = Actor(id="USA", sector="GOV", name="Antony Blinken", role="secretary of state")
BIDEN = Actor(id="USA", sector="GOV", name="Joe Biden", role="president")
STOLTENBERG = Actor(id="NATO", sector="IGO", name="Jens Stoltenberg", role="secretary general")

DEMANDS = """MOSCOW, 17 Dec 2021. Russia on Friday put two draft treaties on the table. It demanded
binding guarantees that the alliance would not expand further east, and that foreign
troops leave the countries that joined after 1997.

"We cannot go on like this, the answer must come quickly," Foreign Minister Sergey
Lavrov said. Moscow offered to open talks in a third country.

NATO Secretary General Jens Stoltenberg turned the request down within hours. "No one
but the thirty allies and Ukraine decides on Ukraine's membership," he said in Brussels.
Moscow denied that it was preparing to attack its neighbour. Satellite pictures show
about 90,000 soldiers that Russia has moved to the Ukrainian border."""

WORRY = """WASHINGTON, 20 Jan 2022. President Joe Biden said on Wednesday that he expected Russia
to attack Ukraine. A minor incursion, he said, might split the allies over the answer.

Kyiv was quick to object. Ukraine criticised Biden for inviting an attack. On Thursday
Biden made clear that any Russian soldier crossing the border would mean an invasion.

Germany urged both sides to keep talking."""

GENEVA = """GENEVA, 21 Jan 2022. Antony Blinken and Sergey Lavrov met in Geneva on Friday and parted
after ninety minutes without a breakthrough.

Blinken said that if Russian forces invade Ukraine, "it will be met with a swift, severe
and united response". He called the conversation frank.

Washington and NATO have rejected the demand that the alliance stop expanding east.
Lavrov denied once more that Russia was planning to attack Ukraine. The United States
agreed to give its ideas in writing next week, an answer that Moscow had asked for."""

WAR = """KYIV, 26 Feb 2022. Russia attacked Ukraine from three sides on Thursday, shelling
Kharkiv and other cities. Ukraine's army fought back near Kyiv.

The European Union and the United States imposed sanctions on Russian banks on Friday.
Germany sent Ukraine anti-tank weapons on Saturday.

"This is Putin's war," Stoltenberg said. Moscow called the penalties an act of despair
and threatened consequences "such as you have never seen"."""


def at(text: str, words: str) -> Span:
    """Where the words stand in the text, over its line breaks; they must stand there."""
    found = re.search(r"\s+".join(map(re.escape, words.split())), text)
    assert found, words
    return found.span()


def seen(text: str, words: str, actor: Actor, then: str = "") -> Actor:
    """The actor with the mention that it was read from: the one that is followed by the words `then`."""
    start, _ = at(text, f"{words}{then}")
    return Actor(id=actor.id, sector=actor.sector, name=actor.name, role=actor.role, span=(start, start + len(words)))


def event(text: str, words: str, type_: str, source: Sequence[Actor], target: Sequence[Actor] = (), **more: object) -> Event:
    given = {"score": 0.8, "why": ("head: event type",)} | more
    return Event(type=type_, source=tuple(source), target=tuple(target), evidence=at(text, words), **given)  # type: ignore[arg-type]


def said(text: str, words: str, act: str, speaker: Sequence[Actor], about: Sequence[Actor] = (), **more: object) -> Statement:
    given = {"score": 0.9, "why": ("head: attribution", "act: cue verb")} | more
    return Statement(act=act, speaker=tuple(speaker), about=tuple(about), content=at(text, words), **given)  # type: ignore[arg-type]


DOCUMENTS = (
    Document(
        doc_id="dec", text=DEMANDS, published="2021-12-17", title="Moscow puts its terms on paper", outlet="The Harbour Courier"
    ),
    Document(
        doc_id="biden",
        text=WORRY,
        published="2022-01-20",
        title="Biden expects an attack, then explains himself",
        outlet="Meridian Wire",
    ),
    Document(
        doc_id="geneva",
        text=GENEVA,
        published="2022-01-21",
        title="Ninety minutes in Geneva",
        outlet="The Harbour Courier",
        url="https://example.org/geneva?a=1&b=2",
    ),
    Document(doc_id="war", text=WAR, published="2022-02-26", title="War", outlet="Meridian Wire"),
)

_GUARANTEES = (
    "binding guarantees that the alliance would not expand further east, "
    "and that foreign troops leave the countries that joined after 1997"
)

CODED = (
    CodedDocument(
        doc_id="dec",
        published="2021-12-17",
        published_from="dateline",
        events=(
            event(DEMANDS, f"It demanded {_GUARANTEES}", "REQUEST", [RUS], [NATO, USA], mode="demand", date="2021-12-17"),
            event(
                DEMANDS,
                "foreign troops leave the countries that joined after 1997",
                "RETREAT",
                [NATO],
                mode="withdraw",
                realis="demanded",
            ),
            event(
                DEMANDS,
                "NATO Secretary General Jens Stoltenberg turned the request down",
                "REJECT",
                [seen(DEMANDS, "NATO Secretary General Jens Stoltenberg", STOLTENBERG)],
                [RUS],
                mode="refuse",
                date="2021-12-17",
                place="Brussels",
                place_country="BEL",
            ),
            event(DEMANDS, "preparing to attack its neighbour", "ASSAULT", [RUS], [UKR], mode="attack", realis="denied"),
            event(
                DEMANDS,
                "about 90,000 soldiers that Russia has moved to the Ukrainian border",
                "MOBILIZE",
                [seen(DEMANDS, "Russia has", RUS)],
                [UKR],
                mode="troops",
                quantity=Quantity(value=90000, unit="soldiers"),
            ),
            event(DEMANDS, "Moscow offered to open talks in a third country", "REQUEST", [RUS], [USA], mode="propose"),
        ),
        statements=(
            said(
                DEMANDS,
                _GUARANTEES,
                "DEMAND",
                [RUS],
                [USA, UKR],
                addressee=(NATO, USA),
                cue=at(DEMANDS, "demanded"),
                date="2021-12-17",
            ),
            said(
                DEMANDS,
                '"We cannot go on like this, the answer must come quickly,"',
                "ASSERT",
                [seen(DEMANDS, "Foreign Minister Sergey Lavrov", LAVROV)],
                quote="direct",
                cue=at(DEMANDS, "said"),
            ),
            said(
                DEMANDS,
                "to open talks in a third country",
                "OFFER",
                [seen(DEMANDS, "Moscow", RUS, " offered")],
                [USA],
                cue=at(DEMANDS, "offered"),
            ),
            said(
                DEMANDS,
                '"No one but the thirty allies and Ukraine decides on Ukraine\'s membership,"',
                "REJECT",
                [STOLTENBERG],
                [RUS, UKR],
                quote="direct",
                place="Brussels",
            ),
            said(DEMANDS, "it was preparing to attack its neighbour", "DENY", [RUS], [UKR], cue=at(DEMANDS, "denied")),
        ),
    ),
    CodedDocument(
        doc_id="biden",
        published="2022-01-20",
        events=(
            event(
                WORRY,
                "Russia to attack Ukraine",
                "ASSAULT",
                [seen(WORRY, "Russia", RUS)],
                [seen(WORRY, "Ukraine", UKR)],
                mode="attack",
                realis="predicted",
            ),
            event(
                WORRY,
                "Ukraine criticised Biden for inviting an attack",
                "ACCUSE",
                [UKR],
                [BIDEN],
                mode="criticise",
                date="2022-01-20",
            ),
            event(WORRY, "Germany urged both sides to keep talking", "REQUEST", [DEU], [RUS, USA], mode="appeal"),
        ),
        statements=(
            said(
                WORRY,
                "he expected Russia to attack Ukraine",
                "PREDICT",
                [seen(WORRY, "President Joe Biden", BIDEN)],
                [RUS, UKR],
                date="2022-01-19",
                cue=at(WORRY, "said"),
            ),
            said(
                WORRY,
                "A minor incursion, he said, might split the allies over the answer",
                "ASSERT",
                [BIDEN],
                [RUS],
                date="2022-01-19",
            ),
            said(
                WORRY,
                "any Russian soldier crossing the border would mean an invasion",
                "CLARIFY",
                [BIDEN],
                [RUS, UKR],
                date="2022-01-20",
                cue=at(WORRY, "made clear"),
            ),
            said(WORRY, "to keep talking", "APPEAL", [seen(WORRY, "Germany", DEU)], [RUS, USA], cue=at(WORRY, "urged")),
            said(WORRY, "inviting an attack", "ACCUSE", [UKR], [BIDEN], date="2022-01-20"),
        ),
    ),
    CodedDocument(
        doc_id="geneva",
        published="2022-01-21",
        events=(
            event(
                GENEVA,
                "Antony Blinken and Sergey Lavrov met in Geneva on Friday",
                "CONSULT",
                [seen(GENEVA, "Antony Blinken", BLINKEN), seen(GENEVA, "Sergey Lavrov", LAVROV)],
                mode="meeting",
                date="2022-01-21",
                place="Geneva",
                place_country="CHE",
            ),
            event(
                GENEVA,
                'if Russian forces invade Ukraine, "it will be met with a swift, severe and united response"',
                "THREATEN",
                [BLINKEN],
                [RUS],
                mode="unspecified",
                date="2022-01-21",
            ),
            event(
                GENEVA,
                "Washington and NATO have rejected the demand that the alliance stop expanding east",
                "REJECT",
                [seen(GENEVA, "Washington", USA), seen(GENEVA, "NATO", NATO)],
                [RUS],
                mode="refuse",
            ),
            event(GENEVA, "planning to attack Ukraine", "ASSAULT", [RUS], [UKR], mode="attack", realis="denied"),
            event(
                GENEVA, "The United States agreed to give its ideas in writing next week", "AGREE", [USA], [RUS], mode="other"
            ),
        ),
        statements=(
            said(
                GENEVA,
                'if Russian forces invade Ukraine, "it will be met with a swift, severe and united response"',
                "THREATEN",
                [seen(GENEVA, "Blinken", BLINKEN, " said that")],
                [seen(GENEVA, "Russian forces", RUS), Actor(id="UKR", sector="GOV", span=at(GENEVA, "Ukraine"))],
                quote="mixed",
                condition=at(GENEVA, "if Russian forces invade Ukraine"),
                cue=at(GENEVA, "said"),
                date="2022-01-21",
            ),
            said(GENEVA, "the conversation frank", "ASSERT", [BLINKEN], [RUS], date="2022-01-21", reported_by="Pool reporters"),
            said(GENEVA, "Russia was planning to attack Ukraine", "DENY", [LAVROV], [UKR], cue=at(GENEVA, "denied")),
        ),
    ),
    CodedDocument(
        doc_id="war",
        published="2022-02-26",
        events=(
            event(
                WAR,
                "Russia attacked Ukraine from three sides on Thursday",
                "ASSAULT",
                [seen(WAR, "Russia", RUS)],
                [seen(WAR, "Ukraine", UKR)],
                mode="invade",
                date="2022-02-24",
            ),
            event(
                WAR,
                "shelling Kharkiv and other cities",
                "ASSAULT",
                [RUS],
                [UKR],
                mode="shelling",
                date="2022-02-24",
                place="Kharkiv",
                place_country="UKR",
            ),
            event(WAR, "Ukraine's army fought back near Kyiv", "ASSAULT", [UKR], [RUS], mode="attack", place="Kyiv"),
            event(
                WAR,
                "The European Union and the United States imposed sanctions on Russian banks on Friday",
                "SANCTION",
                [EU, USA],
                [RUS],
                mode="economic",
                date="2022-02-25",
            ),
            event(
                WAR,
                "Germany sent Ukraine anti-tank weapons on Saturday",
                "AID",
                [DEU],
                [UKR],
                mode="military",
                date="2022-02-26",
            ),
            event(
                WAR, 'threatened consequences "such as you have never seen"', "THREATEN", [RUS], [EU, USA], mode="unspecified"
            ),
        ),
        statements=(
            said(WAR, '"This is Putin\'s war,"', "ACCUSE", [STOLTENBERG], [PUTIN], quote="direct"),
            said(WAR, "the penalties an act of despair", "ACCUSE", [RUS], [EU, USA]),
            said(
                WAR,
                'consequences "such as you have never seen"',
                "THREATEN",
                [RUS],
                [EU, USA],
                quote="mixed",
                cue=at(WAR, "threatened"),
            ),
        ),
    ),
)
TEXTS = {document.doc_id: document for document in DOCUMENTS}
