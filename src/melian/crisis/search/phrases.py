"""Words in a row, which the index does not know and the texts must be read for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from melian.crisis.search.queries import Query, Unit
from melian.crisis.search.words import Word, words

_ACCENTED = re.compile(
    r"[^\x00-\x7f\u2000-\u206f]"
)  # what may come apart into a letter and an accent; dashes and quotes do not


def in_a_row(folded: Sequence[str], asked: Sequence[str]) -> list[int]:
    """The places at which words stand in a row.

    Args:
        folded: the words of a text.
        asked: the words to find, folded.
    """
    first, many, wanted = asked[0], len(asked), tuple(asked)
    return [place for place, word in enumerate(folded) if word == first and tuple(folded[place : place + many]) == wanted]


class Phrases:
    """What a question says of words in a row, to be held against documents that match it otherwise.

    Args:
        query: the question.
        forms: for each unit the (folded) words that it stands for.
    """

    def __init__(self, query: Query, forms: Mapping[Unit, frozenset[str]]) -> None:
        self._groups = [group for group in query.groups if any(len(unit.words) > 1 for unit in group)]
        self._without = [unit for unit in query.without if len(unit.words) > 1]
        self._forms = forms
        self._like = {unit: _like(unit.words) for unit in (*query.units, *query.without) if len(unit.words) > 1}

    def hold(self, parts: Sequence[str]) -> bool:
        """Whether a document's parts (title, text) have the phrases that must occur, and none of those that must not."""
        plain = "\n".join(map(_plain, parts))
        may = {unit for unit, pattern in self._like.items() if pattern.search(plain)}
        # Taking a text apart takes long; most that lack a phrase are known by the pattern.
        for group in self._groups:
            if not any(len(unit.words) == 1 or unit in may for unit in group):
                return False
        read = [list(words(part)) for part in parts]
        return all(any(self._occurs(unit, read) for unit in group) for group in self._groups) and not any(
            unit in may and self._occurs(unit, read) for unit in self._without
        )

    def _occurs(self, unit: Unit, read: Sequence[Sequence[Word]]) -> bool:
        if len(unit.words) > 1:
            return any(in_a_row([word.folded for word in part], unit.words) for part in read)
        return any(word.folded in self._forms[unit] and not word.common for part in read for word in part)


def _plain(text: str) -> str:
    """Small letters without accents."""
    small = text.lower()
    if not _ACCENTED.search(small):
        return small
    apart = unicodedata.normalize("NFKD", small)
    for letter in set(apart):
        if unicodedata.combining(letter):
            apart = apart.replace(letter, "")
    return apart


def _like(asked: Sequence[str]) -> re.Pattern[str]:
    """What every text with these words in a row has, and few others: their letters with what folding takes out between them."""
    letters = ("[.,'’]?".join(map(re.escape, word)) for word in asked)
    return re.compile(r"(?:['’]s)?[\W_]*".join(letters))
