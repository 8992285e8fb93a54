"""Words and sentences of a text, each with its exact character offsets.

The text is never changed: words are `[start, end)` offsets into it, whatever its line breaks, quotation marks or
accents. Words are cut as in Universal Dependencies English (EWT, GUM): clitics ("do|n't", "Russia|'s"), most hyphens and all
punctuation stand alone, abbreviations keep their dot.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from itertools import pairwise

from melian.records import Span

_LETTER = r"[^\W\d_]"
_APOSTROPHE = "['’ʼ`]"
# What stands alone behind a number that it touches ("£20m", "155mm", "10am").
_UNIT = r"(?:[mkbx]|bn|mn|tn|am|pm|km|kg|mm|cm|ft|lbs?|hz|mph|kph|kt|mw|gw)"
_WORD = re.compile(
    rf"""
    (?P<url>(?:https?://|www\.)[^\s<>"”’)\]]*[^\s<>"”’)\].,;:!?] | [\w.+-]+@[\w-]+(?:\.[\w-]+)+ | [@\#]\w+
          | \b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|gov|edu|info|int)\b(?:/[^\s<>"”]*[^\s<>"”.,;:!?])?)
  | (?P<initials>(?:{_LETTER}\.){{2,}}(?!{_LETTER}) | (?:{_LETTER}\.){{2,}}(?={_LETTER}{{2}}))
  | (?P<number>(?>\d+(?:[.,:/]\d+)*)(?:(?:st|nd|rd|th|s)?(?!{_LETTER}) | (?={_UNIT}\b)) | [.]\d+)
  | (?P<letters>(?:{_LETTER}|\d)(?:[\w\u0300-\u036f])*(?:{_APOSTROPHE}{_LETTER}+)*)
  | (?P<run>[!?]{{2,}}|\*{{2,}}|={{2,}}|_{{2,}}|~{{2,}}|>{{2,}}|<{{2,}}|\${{2,}}|[:;]-?[)(DP](?!\w))
  | (?P<dots>\.{{2,}}|…)
  | (?P<dashes>-{{2,}}|[–—])
  | (?P<quotes>``|''|"|“|”)
  | (?P<other>\S)
    """,
    re.VERBOSE,
)
_CLITIC = re.compile(rf"(?P<stem>.+?)(?P<clitic>n{_APOSTROPHE}t|{_APOSTROPHE}(?:s|re|ve|ll|d|m))$", re.IGNORECASE)
_JOINED = {"cannot": 3, "gonna": 3, "gotta": 3, "wanna": 3, "dunno": 2}
_CLOSING = set("\"”’'»)]") | {"''"}
_OPENING = set("\"“‘'«([") | {"``"}
_ENDING = re.compile(r"[.!?…]+$")


@cache
def _vocabulary() -> dict[str, frozenset[str]]:
    """The groups of `abbreviations.txt`, which says what each is for."""
    rows = files(__name__.rpartition(".")[0]).joinpath("abbreviations.txt").read_text(encoding="utf-8").splitlines()
    groups: dict[str, list[str]] = {}
    for row in rows:
        if row and not row.startswith("#"):
            name, _, words = row.partition(":")
            groups.setdefault(name, []).extend(words.split())
    return {name: frozenset(words) for name, words in groups.items()}


def split_words(text: str) -> list[Span]:
    """All words of a text in order, none empty, none overlapping, together covering every non-space character."""
    vocabulary = _vocabulary()
    dotted, numbered, prefixes = (
        vocabulary["before-name"] | vocabulary["anywhere"],
        vocabulary["before-number"],
        vocabulary["prefix"],
    )
    spans: list[Span] = []
    position = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        if start < position:
            start = position
            if start >= end:
                continue
        kind = match.lastgroup
        word = text[start:end]
        if kind == "letters":
            lower = word.lower()
            if text[end : end + 1] == "." and (
                lower in dotted
                or (len(word) == 1 and word.isupper())
                or (lower in numbered and text[end + 1 : end + 3].strip()[:1].isdigit())
            ):
                end += 1
                spans.append((start, end))
                position = end
                continue
            if (
                text[end : end + 1] == "-"
                and lower in prefixes
                and (start == 0 or text[start - 1] != "-")
                and (tail := re.match(r"-[^\W_]+", text[end:]))
            ):
                end += tail.end()
                word = text[start:end]
            _cut_clitics(text, start, end, spans)
        else:
            spans.append((start, end))
        position = end
    return spans


def _cut_clitics(text: str, start: int, end: int, spans: list[Span]) -> None:
    word = text[start:end]
    cut = _JOINED.get(word.lower())
    if cut:
        spans += [(start, start + cut), (start + cut, end)]
        return
    match = _CLITIC.match(word)
    if match:
        middle = start + match.end("stem")
        spans += [(start, middle), (middle, end)]
        return
    if word[-1] in "'’" and len(word) > 1:
        spans += [(start, end - 1), (end - 1, end)]
        return
    # Names such as O'Brien stay whole; a stray apostrophe inside does no harm.
    spans.append((start, end))


def is_wrapped(text: str) -> bool:
    """True when single line breaks only wrap long lines, so that a sentence runs over them."""
    lines = text.splitlines()
    inner = [a for a, b in pairwise(lines) if a.strip() and b.strip()]
    if len(inner) < 2:
        return False
    broken = sum(not _ENDING.search(line.rstrip().rstrip("\"”’')")) for line in inner)
    longest = max(map(len, lines))
    return longest <= 130 and broken >= 0.5 * len(inner) and sum(len(a) > 0.55 * longest for a in inner) >= 0.7 * len(inner)


def split_sentences(text: str, words: list[Span]) -> list[tuple[int, int]]:
    """Sentences as `[first, last)` word indices, covering all words in order."""
    vocabulary = _vocabulary()
    before_name, anywhere, openers = (
        vocabulary["before-name"] | vocabulary["before-number"],
        vocabulary["anywhere"],
        vocabulary["opener"],
    )
    wrapped = is_wrapped(text)
    bounds: list[tuple[int, int]] = []
    first = 0
    count = len(words)
    quotes = 0
    for i in range(count):
        start, end = words[i]
        word = text[start:end]
        if word in ('"', "“", "”", "``", "''"):
            quotes += 1
        if i + 1 == count:
            break
        gap = text[end : words[i + 1][0]]
        following = text[words[i + 1][0] : words[i + 1][1]]
        breaks = gap.count("\n")
        if breaks > 1 or (breaks == 1 and not wrapped):
            bounds.append((first, i + 1))
            first = i + 1
            quotes = 0
            continue
        if not gap and following not in _OPENING:
            continue
        if not _may_end(text, words, i, first):
            continue
        if following in _CLOSING and (following not in _OPENING or not gap):
            continue
        after = following
        if following in _OPENING or (following in "-–—*•" and len(following) == 1):
            after = text[words[i + 2][0] : words[i + 2][1]] if i + 2 < count else following
        if after[:1].islower():
            continue
        bare = word[:-1].lower()
        if word.endswith(".") and len(word) > 1 and word[0].isalpha():
            initial = len(word) == 2 and word[0].isupper()
            if bare in before_name or initial:
                continue
            if (bare in anywhere or "." in bare) and after.lower() not in openers:
                continue
        bounds.append((first, i + 1))
        first = i + 1
        quotes = 0
    if first < count:
        bounds.append((first, count))
    return bounds


def _may_end(text: str, words: list[Span], i: int, first: int) -> bool:
    """True when word i can be the last of a sentence: a full stop, or closing marks after one."""
    j = i
    while j > max(first, i - 8) and text[words[j][0] : words[j][1]] in _CLOSING and words[j][0] == words[j - 1][1]:
        j -= 1
    return bool(_ENDING.search(text[words[j][0] : words[j][1]]))
