"""WordPiece over already cut words, with a cache: the encoder's vocabulary, uncased, accents stripped.

Agrees with the reference tokenizer of the encoder's authors (`tests/test_wordpieces.py` compares them where that
package is installed); one dictionary look-up a word once a word has been seen.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from pathlib import Path

PAD, UNKNOWN, START, SEPARATOR = 0, 100, 101, 102
MOST_PIECES = 6  # a word longer than this (URLs, keyboards slips) is cut: only its first pieces carry it


class WordPieces:
    """Word → piece ids.

    Args:
        vocabulary: pieces in id order, continuation pieces with "##".
    """

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._ids = {piece: number for number, piece in enumerate(vocabulary)}
        self._cache: dict[str, tuple[int, ...]] = {}

    @classmethod
    def from_file(cls, path: Path) -> WordPieces:
        """Read a vocabulary file, one piece a line."""
        return cls(path.read_text(encoding="utf-8").split("\n"))

    def __call__(self, word: str) -> tuple[int, ...]:
        """Piece ids of a word, at least one and at most MOST_PIECES."""
        found = self._cache.get(word)
        if found is None:
            if len(self._cache) > 200_000:  # keeps a long run's memory bounded
                self._cache.clear()
            found = self._cache[word] = self._cut(word)
        return found

    def _cut(self, word: str) -> tuple[int, ...]:
        pieces: list[int] = []
        for part in _split_punctuation(_plain(word)):
            pieces += self._greedy(part)
            if len(pieces) >= MOST_PIECES:
                break
        return tuple(pieces[:MOST_PIECES]) or (UNKNOWN,)

    def _greedy(self, part: str) -> list[int]:
        if len(part) > 100:
            return [UNKNOWN]
        pieces: list[int] = []
        start = 0
        while start < len(part):
            end = len(part)
            while end > start:
                piece = part[start:end] if start == 0 else "##" + part[start:end]
                number = self._ids.get(piece)
                if number is not None:
                    pieces.append(number)
                    break
                end -= 1
            if end == start:
                return [UNKNOWN]
            start = end
        return pieces


def _plain(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", "".join(char.lower() for char in word))  # not "ς" for a last "Σ"
    kept = (c for c in decomposed if unicodedata.category(c) != "Mn")
    return "".join(c for c in kept if unicodedata.category(c) not in ("Cc", "Cf") and c != "\ufffd")


def _is_punctuation(char: str) -> bool:
    code = ord(char)
    if 33 <= code <= 47 or 58 <= code <= 64 or 91 <= code <= 96 or 123 <= code <= 126:
        return True
    return unicodedata.category(char).startswith("P")


def _split_punctuation(word: str) -> list[str]:
    parts: list[str] = []
    current = ""
    for char in word:
        code = ord(char)
        alone = _is_punctuation(char) or 0x4E00 <= code <= 0x9FFF or 0x3400 <= code <= 0x4DBF or 0xF900 <= code <= 0xFAFF
        if alone or char.isspace():
            if current:
                parts.append(current)
            current = ""
            if alone:
                parts.append(char)
        else:
            current += char
    if current:
        parts.append(current)
    return parts
