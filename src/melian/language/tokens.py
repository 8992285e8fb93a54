"""Words and sentences of a text, each with its exact character offsets.

The text is never changed: words are `[start, end)` offsets into it, whatever its line breaks, quotation marks or
accents. Words are cut as in Universal Dependencies English (EWT, GUM): clitics ("do|n't", "Russia|'s"), most hyphens and all
punctuation stand alone, abbreviations keep their dot; addresses, file names and telephone numbers stay whole.
"""

from __future__ import annotations

import re

from melian.language.abbreviations import abbreviations
from melian.language.sentences import split_sentences
from melian.records import Span

__all__ = ["split_sentences", "split_words"]

_LETTER = r"[^\W\d_]"
_APOSTROPHE = "['’ʼ`]"
# What stands alone behind a number that it touches ("£20m", "155mm", "10am").
_UNIT = r"(?:[mkbxMK]|bn|mn|tn|am|pm|AM|PM|km|kg|mm|MM|cm|ft|lbs?|hz|mph|kph|kt|mw|gw)"
_DOMAIN = r"(?:(?i:com|org|net|gov|edu|info|int)|(?:(?<=\.(?:com|gov|org|net)\.)|(?<=\.(?:co|ac)\.))[a-z]{2})"
_FILE = r"(?:doc|xls|ppt|pdf|html?|txt|rtf|csv|zip|exe|jpe?g|gif|png|mp3|url)"
# Linear in the text: each alternative that runs over dots or signs either starts where nothing it could have run over stands
# before it or cannot fail once it has run, and it never gives back what it took (possessive quantifiers).
_WORD = re.compile(
    rf"""
    (?P<address>(?:https?://|www\.)[^\s<>"”’)\]]*[^\s<>"”’)\].,;:!?]
          | (?:mailto:)?(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)*+ | [@\#](?=[^\W\d])\w++
          | (?<![\w.-])(?:[\w-]++\.(?=[\w-]))++(?:{_DOMAIN}(?![\w-])(?:/[^\s<>"”]*[^\s<>"”.,;:!?])?|(?i:{_FILE})(?![\w-]))
          | (?<![\w.-])(?:alt|comp|misc|rec|sci|soc|talk)(?:\.[a-z][\w-]*+){{2,}}+)
  | (?P<initials>(?:{_LETTER}\.){{2,}}+(?:{_LETTER}(?!\w))? | [A-Z]\.[A-Z](?!\w) | Ph\.D\.)
  | (?P<joined>(?<![\w&])(?:[A-Z]{{1,3}}&[A-Z]{{1,3}}|{_LETTER}&{_LETTER})(?![\w&]) | (?<![\w/]){_LETTER}/{_LETTER}(?![\w/]))
  | (?P<number>(?<![\w-])(?:\d{{1,5}}(?:-\d{{1,5}}){{2,5}}|(?:\d{{3}}/)?\d(?:\d\d)?-\d{{4}}|\d{{5}}-\d{{4}})(?![\w-])
          | (?<!\w)\+\d++ | \d{{1,3}}0['’]s(?!\w)
          | \d++(?:[.,:/]\d++)++(?:(?:st|nd|rd|th|s)(?!{_LETTER}))?
          | \d++(?:(?:st|nd|rd|th|s)?(?!{_LETTER}) | (?={_UNIT}\b)) | [.]\d++)
  | (?P<letters>(?:{_LETTER}|\d)(?:[\w\u0300-\u036f])*+(?:{_APOSTROPHE}{_LETTER}+)*)
  | (?P<run>[-=_*~|+<>]{{3,}} | (?:[.,:]|\.\.(?!\.))?[!?]++ | \*{{2,}}|={{2,}}|_{{2,}}|~{{2,}}|>{{2,}}|<{{2,}}|\${{2,}}|\+{{2,}}
          | [:;=]-?[)(DP](?!\w))
  | (?P<dots>\.{{2,}}|…)
  | (?P<dashes>-{{2,}}|[–—])
  | (?P<quotes>``|''|’’|‘‘|"|“|”|(?<=[\w.)\]"”%])['’][sS](?!\w))
  | (?P<other>\S)
    """,
    re.VERBOSE,
)
_CLITIC = re.compile(rf"(?P<stem>.+?)(?P<clitic>n{_APOSTROPHE}t|{_APOSTROPHE}(?:s|re|ve|ll|d|m))$", re.IGNORECASE)
# No possessive stands before these: "its" is "it's", "your" is "you're".
_NOT_OWNED = re.compile(r" (?i:an?|the|not|nothing|been|my|going|gonna|also|at|for|from|in|on|like|really)\b(?!-)")
_PREFIXED = re.compile(r"-[^\W_]+")
# Words written as one, with the length of the first.
_JOINED = {
    "cannot": 3, "gonna": 3, "gotta": 3, "wanna": 3, "dunno": 2, "alot": 1, "lotta": 3, "outta": 3, "im": 1, "ive": 1, "youre": 3,
    "youve": 3, "theyre": 4, "theyve": 4, "weve": 2, "hes": 2, "shes": 3, "thats": 4, "whats": 4, "theres": 5,
} | {verb + "nt": len(verb) for verb in "do does did is are was were has have had ca wo could would should ai must".split()}  # fmt: skip


def split_words(text: str) -> list[Span]:
    """All words of a text in order, none empty, none overlapping, together covering every non-space character."""
    groups = abbreviations()
    dotted, numbered, prefixes = groups["before-name"] | groups["anywhere"], groups["before-number"], groups["prefix"]
    spans: list[Span] = []
    position = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        if start < position:
            start = position
            if start >= end:
                continue
        if match.lastgroup != "letters":
            spans.append((start, end))
            position = end
            continue
        word = text[start:end]
        lower = word.lower()
        after = text[end : end + 1]
        if after == "." and (
            lower in dotted
            or (len(word) == 1 and word.isupper())
            or (lower in numbered and text[end + 1 : end + 3].strip()[:1].isdigit())
        ):
            end += 1
            spans.append((start, end))
        else:
            if (
                after == "-"
                and lower in prefixes
                and (start == 0 or text[start - 1] != "-")
                and (tail := _PREFIXED.match(text, end))
            ):
                end = tail.end()
                word = text[start:end]
            if lower in ("its", "your") and _NOT_OWNED.match(text, end):
                spans += [(start, end - 1), (end - 1, end)]
            else:
                _cut_clitics(word, start, spans)
        position = end
    return spans


def _cut_clitics(word: str, start: int, spans: list[Span]) -> None:
    end = start + len(word)
    cut = _JOINED.get(word.lower())
    if cut and word != "IM":
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
