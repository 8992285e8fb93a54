"""Step 1: where actors stand in the text.

The model marks the head word of every actor mention and points at its first and last word.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from melian.coding.pointers import extent
from melian.language import Parse
from melian.records import Span

Form = Literal["name", "nominal", "pronoun"]

_FIRST = frozenset(["i", "me", "my", "mine", "myself", "we", "us", "our", "ours", "ourselves"])
_PLURAL = frozenset(["they", "them", "their", "theirs", "themselves", "we", "us", "our", "ours", "ourselves", "these", "those"])
_PERSONAL = frozenset(["he", "him", "his", "himself", "she", "her", "hers", "herself"])


@dataclass(frozen=True, slots=True)
class Mention:
    """An actor mention.

    `head` is its top word, `first`–`last` the words `[first, last)` of the whole mention, `kind` the model's guess of what it is (person,
    polity, organisation, group), `chance` its probability of being a mention, `sectors` the model's scores for the sectors.
    """

    head: int
    first: int
    last: int
    form: Form
    kind: str
    chance: float
    sectors: NDArray[np.float64]
    sentence: int

    def is_first_person(self, parse: Parse) -> bool:
        """ "we", "my", "us" …"""
        return self.form == "pronoun" and parse.forms[self.head].lower() in _FIRST

    def is_plural(self, parse: Parse) -> bool:
        """ "they", "these", "our" …"""
        return self.form == "pronoun" and parse.forms[self.head].lower() in _PLURAL

    def is_personal(self, parse: Parse) -> bool:
        """ "he", "her" …: a person, whatever the model thinks."""
        return self.form == "pronoun" and parse.forms[self.head].lower() in _PERSONAL


def find_mentions(parse: Parse, floor: float = 0.25, outside: Span | None = None) -> tuple[Mention, ...]:
    """All actor mentions whose probability reaches the floor, in the order of their heads; none that lies in the span `outside`."""
    kinds = parse.labels.columns["mention"]
    chances = parse.chance("mention")
    sectors = parse.chance("sector")
    none = kinds.index("none")
    found = []
    for head in np.flatnonzero(1.0 - chances[:, none] >= floor):
        i = int(head)
        if outside and outside[0] <= parse.words[i][0] < outside[1]:
            continue
        if parse.upos[i] in ("PUNCT", "ADP", "CCONJ", "SCONJ", "AUX", "PART") and not parse.forms[i][:1].isupper():
            continue
        first, last = extent(parse, i)
        kind = kinds[max((k for k in range(len(kinds)) if k != none), key=lambda k: chances[i, k])]
        found.append(
            Mention(i, first, last, _form(parse, i), kind, float(1 - chances[i, none]), sectors[i], parse.sentence_of[i])
        )
    return tuple(found)


def _form(parse: Parse, head: int) -> Form:
    if parse.upos[head] in ("PRON", "DET"):
        return "name" if _joins_a_name(parse, head) else "pronoun"
    if parse.upos[head] == "PROPN" or (
        parse.forms[head][:1].isupper() and parse.upos[head] in ("ADJ", "NOUN", "X") and not _opens(parse, head)
    ):
        return "name"
    return "nominal"


def _joins_a_name(parse: Parse, head: int) -> bool:
    """Whether what looks like a pronoun is part of a name ("U Thant")."""
    last = parse.sentences[parse.sentence_of[head]][1]
    after = head + 1
    return (
        parse.forms[head].lower() not in _FIRST | _PLURAL | _PERSONAL
        and parse.forms[head][:1].isupper()
        and after < last
        and parse.upos[after] == "PROPN"
        and parse.heads[after] == head
        and parse.relations[after] == "flat"
    )


def _opens(parse: Parse, word: int) -> bool:
    """True for the first word of a sentence, whose capital says nothing."""
    first = parse.sentences[parse.sentence_of[word]][0]
    return word == first or (word == first + 1 and parse.upos[first] == "PUNCT")
