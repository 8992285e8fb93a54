"""Where a sentence may end, and what there is to see at each such place.

A boundary is a gap between two words. Blank lines always end a sentence, as do line breaks in texts whose lines are too long to
have been wrapped; `View.kind` says which other gaps are candidates and `View.features` describes a candidate to the linear
model of `sentences`. Training (`training/sentence_boundaries.py`) and reading go through this one module.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files

from melian.language.abbreviations import abbreviations
from melian.records import Span

WEIGHTS = "sentence_weights.txt"
LONGEST_LINE = 130  # characters; a text with longer lines is not hard-wrapped
_STOPS = frozenset(".!?…")
_CLOSING = frozenset("\"”’'»)]") | {"''", "’’"}
_OPENING = frozenset("\"“‘'«([") | {"``", "‘‘"}
_QUOTES = frozenset("\"'“”") | {"''", "``"}
_HOLDING = frozenset(":;,-–—") | {"--"}
_BULLETS = frozenset("-–—*•")
_VERBS_AFTER = 14  # words searched for a verb after a candidate
_VERBS_BEFORE = 25  # and before it
_VERBAL = frozenset(
    "is are was were am be been 's 're 'm ’s ’re ’m has have had do does did will would can could should may might must 'll ’ll "
    "'ve ’ve said says n't n’t not".split()
)


@cache
def learned() -> tuple[dict[str, int], frozenset[str]]:
    """Weight of each feature (in hundredths of a logit), and words that are usually written without a capital."""
    rows = files(__name__.rpartition(".")[0]).joinpath(WEIGHTS).read_text(encoding="utf-8").split("\n")
    weights: dict[str, int] = {}
    common: frozenset[str] = frozenset()
    for row in rows:
        name, *items = row.split("\t")
        if name == "common":
            common = frozenset(items)
        elif name and name[0] != "#":
            weights.update(dict.fromkeys(items, int(name)))
    return weights, common


@lru_cache(maxsize=20_000)
def _shape(word: str) -> str:
    """What a word looks like: x, Xx, XX, X, I. (initial), ab. (abbreviation), 9, 9x, url, emo, a stop, another mark."""
    first, last = word[0], word[-1]
    if first.isalpha():
        if last == "." and len(word) > 1:
            return "I." if len(word) == 2 else "ab."
        if "@" in word or "://" in word or word.startswith("www."):
            return "url"
        if first.islower():
            return "x"
        if len(word) == 1:
            return "X"
        return "XX" if word.isupper() else "Xx"
    if first.isdigit():
        return "9x" if last.isalpha() else "9"
    if first in _STOPS:
        return first if len(word) == 1 else last + last
    if len(word) > 1:
        if "@" in word or "." in word:
            return "url"
        return "emo" if first in ":;=" else first + first
    return word


# Counts as the model sees them; from 35 on all are one.
_BUCKETS = [0, 1, 2, 3, 4, 4, 6, 6, 6, 9, 9, 9, 9, 9, *[14] * 7, *[21] * 14]


def _bucket(count: int) -> int:
    return _BUCKETS[count] if count < len(_BUCKETS) else 35


class View:
    """A text's words as the model of sentence ends sees them; `text` and `words` are not changed."""

    last: list[int]
    """For each word the last word of its paragraph."""

    def __init__(self, text: str, words: list[Span], common: frozenset[str]) -> None:
        self._text, self._words, self._common = text, words, common
        forms = self._forms = [text[a:b] for a, b in words]
        lowered = {form: form.lower() for form in set(forms)}
        shaped = {form: _shape(form) for form in lowered}
        self._lower = [lowered[form] for form in forms]
        self._shapes = [shaped[form] for form in forms]
        self._gaps = [text[words[i][1] : words[i + 1][0]] for i in range(len(words) - 1)]
        self._width = max(map(len, text.splitlines()), default=0)
        self._lower_seen = {form for form, lower in lowered.items() if form == lower}
        self._mark_quotes()
        self._mark_paragraphs()
        self._finite = [0]
        for word in self._lower:
            self._finite.append(self._finite[-1] + (word in _VERBAL))
        self._profile = self._case_profile()

    def _mark_quotes(self) -> None:
        """Quotation marks are told apart by the side on which they touch a word."""
        gaps, count = self._gaps, len(self._forms)
        for i, form in enumerate(self._forms):
            if form in _QUOTES:
                before, after = i == 0 or gaps[i - 1] != "", i + 1 == count or gaps[i] != ""
                side = "(" if before and not after else ")" if after and not before else "?" + (form if form in "“”" else "")
                self._lower[i] = self._shapes[i] = "q" + side

    def _mark_paragraphs(self) -> None:
        count = len(self._forms)
        self.last, self._stop = [0] * count, [0] * count
        last = stop = count - 1
        for i in range(count - 1, -1, -1):
            if i < count - 1 and "\n" in self._gaps[i] and (self._width > LONGEST_LINE or self._gaps[i].count("\n") > 1):
                last = stop = i
            if self._forms[i][-1] in _STOPS:
                stop = i
            self.last[i], self._stop[i] = last, stop

    def _case_profile(self) -> str:
        """How the text begins its sentences: L without capitals, l often so, c with; and whether it writes "i"."""
        small = large = 0
        for i, gap in enumerate(self._gaps):
            if gap and self._forms[i][-1] in ".?!" and len(self._forms[i]) < 3 and not self._forms[i][0].isalnum():
                small += self._forms[i + 1][0].islower()
                large += self._forms[i + 1][0].isupper()
        case = "L" if small > 1 and small > large else "l" if small > large / 4 else "c"
        return case + ("i" if "i" in self._lower_seen else "")

    def kind(self, i: int) -> str:
        """What makes the gap after word i a candidate: S a stop, Q closing marks after one, B a line break, H a colon, comma
        or dash, O what follows; or "" for no candidate."""
        gap, word, following = self._gaps[i], self._forms[i], self._forms[i + 1]
        if not gap:
            return "S" if word[-1] in _STOPS and following in _OPENING and following not in _CLOSING else ""
        if following in _CLOSING and following not in _OPENING:
            return ""
        if word[-1] in _STOPS:
            return "S"
        if word in _CLOSING:
            j = i
            while j > 0 and j > i - 4 and self._forms[j] in _CLOSING and not self._gaps[j - 1]:
                j -= 1
            if self._forms[j][-1] in _STOPS:
                return "Q"
        if "\n" in gap:
            return "B"
        if word in _HOLDING:
            return "H" if following[0].isupper() or self._shapes[i + 1] == "url" else ""
        first = following[0]
        if first.isupper() or first.isdigit():
            return "O"
        if first.isalpha():
            return "O" if self._shapes[i + 1] == "url" else ""
        if first in ".,;:%'’":
            return "O" if self._shapes[i + 1] == "emo" else ""
        return "O"

    def rule(self, i: int) -> str:
        """What abbreviations and case say of the stop before the gap after word i."""
        forms = self._forms
        after = forms[i + 1]
        if (after in _OPENING or after in _BULLETS) and i + 2 < len(forms):
            after = forms[i + 2]
        if after[0].islower():
            return "small"
        word = forms[i]
        if word[-1] == "." and len(word) > 1 and word[0].isalpha():
            groups, bare = abbreviations(), self._lower[i][:-1]
            if len(word) == 2 and word[0].isupper():
                return "initial"
            if bare in groups["before-name"] or bare in groups["before-number"]:
                return "title"
            if bare in groups["anywhere"] or "." in bare:
                return "opens" if after.lower() in groups["opener"] else "short"
        return "yes"

    def _name(self, i: int) -> str:
        """Whether word i looks like a name: - no capital, k a capital on a common word, u on another; s seen small in the text."""
        if not self._forms[i][0].isupper():
            return "-"
        lower = self._lower[i]
        return ("k" if lower in self._common else "u") + ("s" if lower in self._lower_seen else "")

    def features(self, i: int, kind: str, paragraph: int, first: int) -> list[str]:
        """The gap after word i, as features.

        Args:
            i: the word before the gap.
            kind: `kind(i)`.
            paragraph: first word of the paragraph.
            first: first word of the sentence so far.
        """
        lower, shapes, last = self._lower, self._shapes, self.last[i]
        if kind in "SQ":
            kind += self.rule(i)
        left, l1, right, r1 = lower[i], shapes[i], lower[i + 1], shapes[i + 1]
        left2, l2 = (lower[i - 1], shapes[i - 1]) if i > first else ("<", "<")
        l3 = shapes[i - 2] if i - 1 > first else "<"
        right2, r2 = (lower[i + 2], shapes[i + 2]) if i + 2 <= last else (">", ">")
        stop = self._stop[i + 1]
        since, to_go = _bucket(i + 1 - first), _bucket(stop - i)
        ends = "s" if self._forms[last][-1] in _STOPS or (last > paragraph and self._forms[last - 1][-1] in _STOPS) else "n"
        name = self._name(i + 1)
        next_name = self._name(i + 2) if i + 2 <= last else ">"
        finite = self._finite
        verbs = ("v" if finite[i + 1] > finite[max(first, i - _VERBS_BEFORE)] else "n") + (
            "v" if finite[min(stop, i + _VERBS_AFTER) + 1] > finite[i + 1] else "n"
        )
        shape, wider = f"{l1} {r1}", f"{l2} {l1} {r1}"
        found = [
            kind,
            f"a{kind}{self._profile}{r1}",
            f"b{right}" if r1 == "x" else f"b{right}^",
            f"c{shape}",
            f"d{wider}",
            f"e{shape} {r2}",
            f"f{l3} {wider} {r2}",
            f"g{left} {right}",
            f"h{right} {right2}",
            f"i{l2} {l1} {right}",
            f"j{left2} {shape}",
            f"k{shape} {right2}",
            f"l{kind}{to_go}",
            f"m{name}{l1} {next_name}",
            f"n{kind}{_bucket(i + 1 - paragraph)}{shape}",
            f"o{kind}{_bucket(last - i)} {ends}",
            f"p{kind}{verbs}",
            f"q{verbs}{l1} {name}",
            f"r{verbs}{since} {r1}",
        ]
        if "\n" in self._gaps[i]:
            room = self._room(i)
            found += [f"s{room}{kind[0]}{r1}", f"t{room}{kind[0]}{name}{l1}", f"u{room}{kind[0]}{to_go > 9}"]
        return found

    def _room(self, i: int) -> str:
        """Whether the word after a line break would have fitted on the line: fits, may, just, no; "-" where all lines are short."""
        (_, end), (start, after) = self._words[i], self._words[i + 1]
        room = self._width - (end - self._text.rfind("\n", 0, end)) - (after - start)
        fit = "fits" if room > self._width / 4 else "may" if room > 6 else "just" if room >= 0 else "no"
        return fit if self._width > 45 else fit + "-"
