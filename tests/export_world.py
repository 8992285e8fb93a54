"""A small record for the tests of exports, and made-up events of every kind."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from hypothesis import strategies as st

from melian import codebook
from melian.crisis.record import store
from melian.crisis.record.rows import add
from melian.crisis.record.upkeep import update
from melian.exports.places import site
from melian.exports.rows import ExportedEvent, Telling
from melian.records import Actor, CodedDocument, Document, Event, Quantity, Statement

RUS, UKR = Actor(id="RUS", sector="GOV"), Actor(id="UKR", sector="GOV")
ARMY, CITIZENS = Actor(id="RUS", sector="MIL"), Actor(id="UKR", sector="CVL")
BLINKEN = Actor(id="USA", sector="GOV", name="Antony Blinken", role="secretary of state")
LAVROV = Actor(id="RUS", sector="GOV", name="Sergey Lavrov", role="foreign minister")
NATO, HAMAS = Actor(id="NATO", sector="IGO"), Actor(id="Hamas", sector="REB", country="PSE")

SHELLING = "Russian forces shelled Kharkiv on 2 March 2022, killing 12 people."
AGAIN = "Kharkiv was shelled by Russian forces on 2 March 2022; 15 people were killed."
TALKS = 'Blinken met Lavrov in Geneva on 21 January 2022. "Talks go on," Blinken said. NATO plans to send troops to Poland.'


def _event(text: str, words: str, **fields: object) -> Event:
    start = text.index(words)
    return Event(evidence=(start, start + len(words)), **fields)  # type: ignore[arg-type]


def reports() -> list[tuple[Document, CodedDocument]]:
    """Three reports: a shelling told twice with other numbers, a meeting, and a plan."""
    shelled = {
        "type": "ASSAULT", "mode": "shelling", "source": (ARMY,), "target": (CITIZENS,), "date": "2022-03-02", "place": "Kharkiv",
        "place_country": "UKR",
    }  # fmt: skip
    told = [
        (
            SHELLING, "2022-03-03", "The Courier", "https://example.org/1", "Shells on the city",
            [_event(SHELLING, SHELLING[:-1], **shelled, quantity=Quantity(value=12, unit="people killed"))], [],
        ),
        (
            AGAIN, "2022-03-03", "Morning Post", None, "Fifteen dead",
            [_event(AGAIN, AGAIN[:-1], **shelled, quantity=Quantity(value=15, unit="people killed"))], [],
        ),
        (
            TALKS, "2022-01-21", "The Courier", "https://example.org/2", "Talks in Geneva",
            [
                _event(TALKS, "Blinken met Lavrov in Geneva", type="CONSULT", mode="meeting", source=(BLINKEN, LAVROV), date="2022-01-21",
                       place="Geneva", place_country="CHE"),
                _event(TALKS, "NATO plans to send troops to Poland", type="MOBILIZE", mode="troops", source=(NATO,), realis="planned",
                       place="Poland", place_country="POL"),
            ],
            [Statement(act="ASSERT", speaker=(BLINKEN,), content=(49, 63), quote="direct")],
        ),
    ]  # fmt: skip
    return [
        (
            Document(doc_id=title, text=text, published=day, published_from="given", title=title, outlet=outlet, url=url),
            CodedDocument(doc_id=title, published=day, events=tuple(events), statements=tuple(statements)),
        )
        for text, day, outlet, url, title, events, statements in told
    ]


def record(path: Path, pairs: list[tuple[Document, CodedDocument]] | None = None) -> Path:
    """A record of the reports on disk."""
    store.create(path, "A winter")
    with store.writing(path) as connection:
        update(connection, add(connection, reports() if pairs is None else pairs, "coder 1"))
    return path


# --- made-up events --------------------------------------------------------------------------------------------------

KNOWN = [
    RUS, UKR, ARMY, CITIZENS, BLINKEN, LAVROV, NATO, HAMAS, Actor(id="CHN", sector="COP"), Actor(id="ROU", sector="GOV"),
    Actor(id="XKX", sector="LEG"), Actor(id="EU", sector="IGO"), Actor(id="UN", sector="IGO", name="UN Security Council"),
    Actor(id="Taliban", sector="REB", country="AFG"), Actor(id="PSE", sector="CVL"), Actor(id="COG", sector="OPP"),
    Actor(id="PRK", sector="MIL"), Actor(id="Human Rights Watch", sector="NGO", country="USA"), Actor(id="Reuters", sector="MED"),
]  # fmt: skip
NASTY = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=40),
    st.sampled_from(
        [
            'a "quoted" name',
            '"',
            "tab\there",
            "line\nbreak\r\n",
            "=1+1",
            "semi;colon",
            "NA",
            "ü–Ж中🦊",
            "\u2028",
            "'",
            "\\",
            "\x00",
        ]
    ),
)
PLACES = [("Kharkiv", "UKR"), ("Ukraine", "UKR"), ("the Donbas", "UKR"), (None, "RUS"), ("Black Sea", None), ("Nowhereton", "USA"), (None, None)]  # fmt: skip
TYPES = [(kind, mode) for kind in codebook.event_types() for mode in (None, *codebook.modes(kind))]
DAYS = st.dates(date(2021, 2, 1), date(2022, 12, 1))


def actors(odd: bool) -> st.SearchStrategy[tuple[Actor, ...]]:
    """Up to three parties, each once; with `odd` also ones with names that break files."""
    made = st.sampled_from(KNOWN)
    if odd:
        strange = st.builds(lambda name, role: Actor(id="RUS", sector="ELI", name=name, role=role), NASTY.filter(bool), NASTY)
        made = st.one_of(made, strange)
    return st.lists(made, max_size=3, unique_by=lambda actor: actor.id).map(tuple)


@st.composite
def events(draw: st.DrawFn, odd: bool = True) -> ExportedEvent:
    """An event with one or two tellings."""
    kind, mode = draw(st.sampled_from(TYPES))
    first = draw(DAYS)
    place, country = draw(st.sampled_from(PLACES))
    text = NASTY if odd else st.just("words")
    number = draw(st.integers(0, 2**64 - 1))
    id_ = f"i{number:016x}"
    tellings = tuple(
        Telling(
            event=f"e{number:016x}",
            document=f"t{draw(st.integers(0, 2**64 - 1)):016x}",
            copy_of=None,
            realis="actual",
            outlet=draw(st.one_of(st.none(), text)),
            url=draw(st.one_of(st.none(), st.just('https://example.org/ä?a=1&b="2"'))),
            title=draw(st.one_of(st.none(), text)),
            published=draw(st.one_of(st.none(), DAYS)),
            start=draw(st.integers(0, 1000)),
            stop=1001,
            characters=2000,
            sha256="00ff",
            words=draw(st.one_of(st.none(), text)),
        )
        for _ in range(draw(st.integers(1, 2)))
    )
    low = draw(st.one_of(st.none(), st.floats(0, 1e12), st.integers(0, 10**6).map(float)))
    source, target = draw(actors(odd)), draw(actors(odd))
    return ExportedEvent(
        id=id_,
        incident=id_,
        type=kind,
        mode=mode,
        realis=draw(st.sampled_from(["actual", "denied", "planned"])) if odd else "actual",
        source=source,
        target=target,
        first=first,
        last=first + timedelta(days=draw(st.integers(0, 40))),
        dated=draw(st.booleans()),
        place=place,
        site=site(place, country),
        low=low,
        high=low,
        unit=draw(st.one_of(st.none(), text)) if low is not None else None,
        bound=None,
        tellings=tellings,
        told=len(tellings),
        documents=len(tellings),
        sources=1,
        confirmed=1,
        denied=0,
        confirmed_by=("The Courier",),
        denied_by=(),
        coder="coder 1",
        score=draw(st.one_of(st.none(), st.floats(0, 1).map(lambda value: round(value, 4)))),
    )
