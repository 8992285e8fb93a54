"""What a person asks of the full text, as units that must, may or must not occur.

troops border             both words, in any form
"security guarantees"     these words in a row, as they stand
Minsk OR Normandy         either
-exercise                 not this word
mobilis*                  words that begin so
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from melian.crisis.search.words import LONGEST, Word, asked_for, folded, words
from melian.errors import RecordError

SHORTEST_PREFIX = 2

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»″", '"'))
_OR = "OR must stand between two words that can be looked for, for example: Minsk OR Normandy"
_PIECE = re.compile(r'-?"[^"]*"|[^\s"]+')


@dataclass(frozen=True, slots=True)
class Unit:
    """What must occur in one place.

    Attributes:
        kind: "word" (in any form), "prefix", or "phrase" (the words in a row, as they stand).
        words: folded; one, or those of the phrase in order.
        indexed: those of them by which the index can be asked.
        given: as the person wrote it.
    """

    kind: Literal["word", "prefix", "phrase"]
    words: tuple[str, ...]
    indexed: tuple[str, ...]
    given: str


@dataclass(frozen=True, slots=True)
class Query:
    """Of each group one unit must occur, and none of `without`; `ignored` are words too common, or too long, to be looked for."""

    groups: tuple[tuple[Unit, ...], ...]
    without: tuple[Unit, ...]
    ignored: tuple[str, ...]

    @property
    def units(self) -> tuple[Unit, ...]:
        """The units that may occur, in order."""
        return tuple(unit for group in self.groups for unit in group)

    @property
    def phrases(self) -> bool:
        """Whether the texts must be read to know what matches."""
        return any(len(unit.words) > 1 for unit in (*self.units, *self.without))


def parse(text: str) -> Query:
    """Read a question.

    Raises:
        RecordError: nothing is asked, or it cannot be understood; the message says what to do.
    """
    text = text.translate(_QUOTES)
    if text.count('"') % 2:
        raise RecordError(f"the search {text.strip()} opens a quotation that it does not close; add the other quotation mark")
    groups: list[list[Unit]] = []
    without: list[Unit] = []
    ignored: list[str] = []
    before = after = False  # whether there is something that an OR can follow, and whether one waits for its other side
    for piece in _PIECE.findall(text):
        if not any(letter.isalnum() for letter in piece):
            continue
        if piece == "OR":
            if not before or after:
                raise RecordError(_OR)
            after = True
            continue
        excluded = piece.startswith("-")
        unit = _unit(piece.removeprefix("-"), excluded)
        if after and (excluded or unit is None):
            raise RecordError(_OR)
        if unit is None:
            ignored.append(piece.strip('"'))
        elif excluded:
            without.append(unit)
        elif after:
            groups[-1].append(unit)
        else:
            groups.append([unit])
        before, after = unit is not None and not excluded, False
    if after:
        raise RecordError(_OR)
    if not groups:
        raise RecordError(_nothing_asked(ignored, without))
    return Query(tuple(tuple(group) for group in groups), tuple(without), tuple(ignored))


def _unit(piece: str, excluded: bool) -> Unit | None:
    """The unit that a piece stands for; None if all its words are too common."""
    quoted = piece.startswith('"')
    if not quoted and ("(" in piece or ")" in piece):
        raise RecordError(
            "brackets mean nothing in a search; OR takes the words on its two sides, all else must occur together"
        )
    if not quoted and piece.endswith("*"):
        return _prefix(piece)
    found = [word for word in words(piece) if len(word.folded) <= LONGEST]
    indexed = tuple(word.folded for word in found if _indexed(word, quoted))
    given = piece.strip('"')
    if not indexed:
        if excluded:
            raise RecordError(f"{given} cannot be left out; it is too common, or too long, to be looked for")
        return None
    kind: Literal["word", "phrase"] = "phrase" if quoted or len(found) > 1 else "word"
    return Unit(kind, tuple(word.folded for word in found), indexed, given)


def _indexed(word: Word, quoted: bool) -> bool:
    """Whether the index can be asked for a word. Small letters may mean a name ("us sanctions"), but in quotes they mean themselves."""
    return not word.common or (asked_for(word.folded) and not quoted)


def _prefix(piece: str) -> Unit:
    start = folded(piece.rstrip("*"))
    if len(start) < SHORTEST_PREFIX or not start.isalnum():
        raise RecordError(f"{piece}: write at least {SHORTEST_PREFIX} letters before the *, and no other signs")
    return Unit("prefix", (start,), (start,), piece)


def _nothing_asked(ignored: list[str], without: list[Unit]) -> str:
    if without:
        return "the search says only what must not occur; add a word that must"
    if ignored:
        return f"{', '.join(ignored)}: too common or too long to be looked for; add another word (names in capitals, such as WHO, are looked for)"
    return 'nothing to search for; give words, for example: melian search CRISIS "troops border"'
