"""What the founding report must yield (issue 2), read from ../shared and skipped, saying so, where that is absent."""

from __future__ import annotations

from pathlib import Path

import pytest

import melian
from melian.records import CodedDocument, Event, Statement

SEED = Path(__file__).parents[2] / "shared/seed/geneva-2022-01-21.txt"
pytestmark = pytest.mark.skipif(not SEED.exists(), reason=f"{SEED} is not here")


@pytest.fixture(scope="module")
def report() -> tuple[str, CodedDocument]:
    text = SEED.read_text(encoding="utf-8")
    return text, melian.code(text)


def events(report: tuple[str, CodedDocument], kind: str, words: str, realis: str | None = None) -> list[Event]:
    text, coded = report
    flat = [(e, " ".join(" ".join(text[slice(*s)].split()) for s in (e.evidence, *e.also))) for e in coded.events]
    return [e for e, evidence in flat if e.type == kind and words in evidence and realis in (None, e.realis)]


def statements(report: tuple[str, CodedDocument], words: str, acts: str = "") -> list[Statement]:
    text, coded = report
    return [
        s
        for s in coded.statements
        if words in " ".join(text[slice(*s.content)].split()) and (not acts or s.act in acts.split())
    ]


def speaks(found: list[Statement], name: str) -> bool:
    return any(name in (a.name, a.id) for s in found for a in s.speaker)


def test_date_from_the_text(report: tuple[str, CodedDocument]) -> None:
    assert (report[1].published, report[1].published_from) == ("2022-01-21", "text")


def test_geneva_meeting(report: tuple[str, CodedDocument]) -> None:
    found = [e for e in events(report, "CONSULT", "met in Geneva") if {"USA", "RUS"} <= {a.id for a in e.source}]
    assert found
    assert any(e.date == "2022-01-21" for e in found)


def test_invasion_foreseen_and_denied(report: tuple[str, CodedDocument]) -> None:
    assert events(report, "ASSAULT", "Russian invasion", "predicted")
    assert events(report, "REJECT", "denied planning to attack")


def test_demands_rejected(report: tuple[str, CodedDocument]) -> None:
    found = events(report, "REJECT", "rejected Moscow's demands")
    assert any({"USA", "NATO"} <= {a.id for a in e.source} and "RUS" in {a.id for a in e.target} for e in found)


@pytest.mark.parametrize(
    ("words", "speaker"),
    [
        ("This is a critical time", "Antony Blinken"),
        ("did not expect a breakthrough", "Sergey Lavrov"),
        ("It depends on what he's doing", "Joe Biden"),
        ("My guess is he will move", "Joe Biden"),
        ("any movement of Russian troops", "Joe Biden"),
        ("swift, violent, unified response", "Antony Blinken"),
    ],
)
def test_speaker(report: tuple[str, CodedDocument], words: str, speaker: str) -> None:
    assert speaks(statements(report, words), speaker)


def test_outlet_that_passed_the_words_on(report: tuple[str, CodedDocument]) -> None:
    assert any(s.reported_by == "NBC News" for s in statements(report, "This is a critical time"))


def test_forecast(report: tuple[str, CodedDocument]) -> None:
    assert statements(report, "Putin would attack Ukraine", "PREDICT")


def test_criticism_and_green_light(report: tuple[str, CodedDocument]) -> None:
    assert events(report, "ACCUSE", "criticism from Washington to Kiev")
    assert events(report, "ACCUSE", "green light")


def test_meetings_in_kyiv_and_berlin(report: tuple[str, CodedDocument]) -> None:
    ids = {a.id for e in events(report, "CONSULT", "Berlin this week") for a in e.source}
    assert {"USA", "UKR", "GBR", "FRA", "DEU"} <= ids


def test_russian_demands_and_their_refusal(report: tuple[str, CodedDocument]) -> None:
    assert events(report, "REQUEST", "Russia wants binding security guarantees")
    assert events(report, "REJECT", "US flatly rejects Russia's request")


def test_offer(report: tuple[str, CodedDocument]) -> None:
    assert statements(report, "willing to consider", "OFFER PROMISE")
