"""Parse: what the language model says of a document, word by word, with exact offsets.

`read(text)` cuts words and sentences, runs the encoder over windows of sentences and gathers its scores. Scores are logits
unless a name says otherwise; word indices are the document's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from melian.language.encoder import CODING_OUTPUTS, Encoder, Labels, Scores, default_encoder
from melian.language.tokens import split_sentences, split_words
from melian.language.trees import best_heads
from melian.language.windows import arrays, pack, shape
from melian.records import Span

_PAIRS = ("antecedent", "links", "extent", "event_roles", "statement_roles", "mention_extent", "principal", "members", "frames")
_LONGEST_SENTENCE = 480  # wordpieces; the encoder reads 512


@dataclass(slots=True)
class Parse:
    """A document as words, sentences, tags, trees and scores.

    `words` are character spans; `sentences` are `[first, last)` word indices; `heads[i]` is the syntactic head of word i (itself
    for a root); `upos` and `relations` are Universal Dependencies labels; `scores[name]` is (words, columns).
    """

    text: str
    words: list[Span]
    sentences: list[tuple[int, int]]
    forms: list[str]
    upos: list[str]
    heads: list[int]
    relations: list[str]
    scores: dict[str, Scores]
    labels: Labels
    sentence_of: list[int]
    _windows: list[tuple[int, dict[str, Scores]]] = field(default_factory=list)
    _window_of: list[int] = field(default_factory=list)
    _children: list[list[int]] | None = None

    def pair(self, name: str, word: int) -> tuple[int, Scores]:
        """Scores from a word to the words around it: (first word of the window, (columns, words of the window))."""
        offset, found = self._windows[self._window_of[word]]
        return offset, found[name][:, word - offset, :]

    def same_window(self, a: int, b: int) -> bool:
        """True when two words were read at one go, so that pair scores from the one reach the other."""
        return self._window_of[a] == self._window_of[b]

    def children(self, word: int) -> list[int]:
        """Syntactic dependents in order."""
        if self._children is None:
            table: list[list[int]] = [[] for _ in self.words]
            for i, head in enumerate(self.heads):
                if head != i:
                    table[head].append(i)
            self._children = table
        return self._children[word]

    def subtree(self, word: int, without: frozenset[str] = frozenset()) -> list[int]:
        """The word and all below it, in order, branches with a relation in `without` (of the word's own children) left out."""
        out = [word]
        stack = [c for c in self.children(word) if self.relations[c] not in without]
        while stack:
            at = stack.pop()
            out.append(at)
            stack += self.children(at)
        return sorted(out)

    def span(self, first: int, last: int) -> Span:
        """Character span of words `[first, last)`."""
        return self.words[first][0], self.words[last - 1][1]

    def at(self, span: Span) -> tuple[int, int]:
        """`[first, last)` of the words that overlap a character span (empty range where none does)."""
        first = last = 0
        low, high = 0, len(self.words)
        while low < high:
            middle = (low + high) // 2
            if self.words[middle][1] <= span[0]:
                low = middle + 1
            else:
                high = middle
        first = last = low
        while last < len(self.words) and self.words[last][0] < span[1]:
            last += 1
        return first, last

    def chance(self, name: str) -> NDArray[np.float64]:
        """Softmax of a word head's scores, (words, columns)."""
        scores = self.scores[name].astype(np.float64)
        scores -= scores.max(-1, keepdims=True)
        np.exp(scores, out=scores)
        return np.asarray(scores / scores.sum(-1, keepdims=True))


def read(text: str, encoder: Encoder | None = None, outputs: Sequence[str] = CODING_OUTPUTS) -> Parse:
    """Parse a text.

    Args:
        text: any string; its characters are not changed.
        encoder: the model; the package's own by default.
        outputs: heads to compute.

    Raises:
        ModelError: the package's model cannot be loaded.
    """
    words = split_words(text)
    return read_words(text, words, split_sentences(text, words), encoder, outputs)


def read_words(
    text: str,
    words: list[Span],
    sentences: list[tuple[int, int]],
    encoder: Encoder | None = None,
    outputs: Sequence[str] = CODING_OUTPUTS,
) -> Parse:
    """Parse a text whose words and sentences are given (gold tokens, in benchmarks)."""
    encoder = encoder or default_encoder()
    forms = [text[s:e] for s, e in words]
    pieces = [encoder.pieces(w) for w in forms]
    sentences = _bounded(sentences, pieces)
    sizes = [1 + sum(len(pieces[i]) for i in range(a, b)) for a, b in sentences]
    labels = encoder.labels
    count = len(words)
    heads, upos, relations = [0] * count, [""] * count, [""] * count
    rows: dict[str, list[Scores]] = {name: [] for name in outputs if name not in (*_PAIRS, "arcs", "upos", "relation")}
    kept: list[tuple[int, dict[str, Scores]]] = []
    window_of = [0] * count
    shapes = [shape(w) for w in forms]
    for window in pack(sizes, encoder.labels.window_pieces, encoder.labels.context_pieces):
        read_sentences = sentences[window.context : window.last]
        low, first, last = sentences[window.context][0], sentences[window.first][0], sentences[window.last - 1][1]
        found: dict[str, Any] = encoder.run(
            arrays([pieces[a:b] for a, b in read_sentences], [shapes[a:b] for a, b in read_sentences]), tuple(outputs)
        )
        for i in range(first, last):
            window_of[i] = len(kept)
        for name, values in rows.items():
            values.append(found[name][first - low :])
        if "arcs" in found:
            for a, b in sentences[window.first : window.last]:
                for i, head in enumerate(best_heads(found["arcs"][a - low : b - low, a - low : b - low])):
                    heads[a + i] = a + head
        for i in range(first, last):
            upos[i] = labels.columns["upos"][found["upos"][i - low]]
            relations[i] = labels.columns["relation"][found["relation"][i - low]]
        kept.append((low, {name: found[name] for name in _PAIRS if name in found}))
    sentence_of = [0] * count
    for number, (a, b) in enumerate(sentences):
        sentence_of[a:b] = [number] * (b - a)
    empty = np.zeros((0, 1), np.float32)
    scores = {name: np.concatenate(values) if values else empty for name, values in rows.items()}
    return Parse(text, words, sentences, forms, upos, heads, relations, scores, labels, sentence_of, kept, window_of)


def _bounded(sentences: list[tuple[int, int]], pieces: list[tuple[int, ...]]) -> list[tuple[int, int]]:
    """Sentences, with those that no encoder can read at one go (tables, lists without full stops) cut where they are full."""
    out: list[tuple[int, int]] = []
    for a, b in sentences:
        start, size = a, 0
        for i in range(a, b):
            if size + len(pieces[i]) > _LONGEST_SENTENCE:
                out.append((start, i))
                start, size = i, 0
            size += len(pieces[i])
        out.append((start, b))
    return out
