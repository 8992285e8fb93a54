"""`melian.classify`: the type of event between two marked parties, and the errors of asking for others."""

from __future__ import annotations

import pytest

import melian
from melian.codebook import event_types
from melian.errors import MentionNotFound

# source>target in brackets | type
SENTENCES = [
    ("[Israeli warplanes]s bombed [Hezbollah positions]t in southern Lebanon overnight.", "ASSAULT"),
    ("[The finance ministry]t was accused by [opposition leaders]s of hiding the true cost of the war.", "ACCUSE"),
    ("[Norway]s will give [Ukraine]t 40 million euros for new field hospitals.", "AID"),
    ("[The foreign minister]s met [her Turkish counterpart]t in Ankara on Tuesday.", "CONSULT"),
    ("[Tehran]s flatly refused [the agency]t's request for access to the site.", "REJECT"),
    ("[Beijing]s warned [Taipei]t of grave consequences if it went ahead with the referendum.", "THREATEN"),
    ("[The ambassador]s praised [the mediators]t for their patience.", "SUPPORT"),
    ("[The United Nations]s urged [both governments]t to open the road to relief convoys.", "REQUEST"),
    ("[Police]s arrested [eleven union leaders]t before dawn.", "COERCE"),
    ("[The European Union]s imposed new sanctions on [Minsk]t on Monday.", "SANCTION"),
]


def parties(marked: str) -> tuple[str, tuple[int, int], tuple[int, int]]:
    """The sentence without brackets, and the spans of source and target."""
    spans: dict[str, tuple[int, int]] = {}
    plain = ""
    rest = marked
    while "[" in rest:
        before, _, after = rest.partition("[")
        words, _, after = after.partition("]")
        plain += before
        spans[after[0]] = (len(plain), len(plain) + len(words))
        plain += words
        rest = after[1:]
    return plain + rest, spans["s"], spans["t"]


@pytest.mark.parametrize(("marked", "wanted"), SENTENCES)
def test_types(marked: str, wanted: str) -> None:
    found = melian.classify(*parties(marked), convention="codebook")
    assert found.type == wanted, found.why


def test_sanctions_by_convention() -> None:
    marked = parties("[The European Union]s imposed new sanctions on [Minsk]t on Monday.")
    assert melian.classify(*marked).type in ("COERCE", "SANCTION")
    assert melian.classify(*marked, convention="codebook").type == "SANCTION"


def test_scores_are_probabilities_of_all_types() -> None:
    found = melian.classify("Russia attacked Ukraine.", source="Russia", target="Ukraine")
    assert set(found.scores) == {*event_types(), "none"}
    assert sum(found.scores.values()) == pytest.approx(1)
    assert list(found.scores.values()) == sorted(found.scores.values(), reverse=True)


def test_direction_counts() -> None:
    sentence = "Israel attacked Iran."
    ahead = melian.classify(sentence, source="Israel", target="Iran").scores["ASSAULT"]
    back = melian.classify(sentence, source="Iran", target="Israel").scores["ASSAULT"]
    assert ahead > back


@pytest.mark.parametrize(
    ("source", "target", "message"),
    [
        ("Spain", "Iran", "source 'Spain' does not stand"),
        ("Isra", "Iran", "source 'Isra' does not stand"),
        ("Israel", "", "target ''"),
        ("Israel", (5, 500), r"target span \[5, 500\)"),
        ("Israel", (0, 6), "'Israel' has no word of its own"),
    ],
)
def test_parties_that_are_not_there(source: str, target: str | tuple[int, int], message: str) -> None:
    with pytest.raises(MentionNotFound, match=message):
        melian.classify("Israel attacked Iran.", source=source, target=target)


def test_a_text_longer_than_the_encoder_reads() -> None:
    text = "It was a warm day in June. " * 200 + "Israeli jets bombed Iranian airfields." + " It was a warm day in June." * 200
    assert melian.classify(text, source="Israeli jets", target="Iranian airfields").type == "ASSAULT"
    with pytest.raises(MentionNotFound, match="too far apart"):
        melian.classify("Israel rose. " + "It was warm. " * 300 + "Iran fell.", source="Israel", target="Iran")
