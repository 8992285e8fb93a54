"""Step 2: who is quoted — the spans of what was said, their cue and the mentions that said it.

The model tags the content of statements and points from each content to its speaker, addressee and subjects; quotation
marks mend the extent: a quotation interrupted by its cue is one content, and sentences of one quotation are one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from melian.coding.mentions import Mention
from melian.language import Parse
from melian.records import Quote

_OPEN = {'"', "“", "``", "«"}
_GLUE = frozenset({"CCONJ", "ADP", "DET", "PART"})  # words that a content may lose in its middle
_CLOSE = {'"', "”", "''", "»"}


@dataclass(frozen=True, slots=True)
class Attribution:
    """A stretch of reported words.

    `first`–`last` are the content's words `[first, last)`; `speakers`, `addressees` and `subjects` are indices into the mentions,
    best first, with their probabilities; `cue` is the word range of the speech verb or None; `chance` the model's mean
    probability for the content's words.
    """

    first: int
    last: int
    quote: Quote
    chance: float
    speakers: tuple[tuple[int, float], ...] = ()
    addressees: tuple[tuple[int, float], ...] = ()
    subjects: tuple[tuple[int, float], ...] = ()
    cue: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words between a pair of quotation marks, the marks included: `[first, last)`."""

    first: int
    last: int


def find_quotations(parse: Parse) -> tuple[Quotation, ...]:
    """Pairs of quotation marks within a paragraph, in order; one that goes on in the next paragraph is opened there again,
    and an opening mark without a partner is passed over."""
    found: list[Quotation] = []
    opened: int | None = None
    for i, form in enumerate(parse.forms):
        if opened is not None and i and parse.text[parse.words[i - 1][1] : parse.words[i][0]].count("\n") > 1:
            # News style: a quotation that goes on in the next paragraph is opened again there and closed only once.
            if form in _OPEN:
                found.append(Quotation(opened, i))
            opened = None
        if opened is None:
            if form in _OPEN:
                opened = i
        elif form in _CLOSE:
            found.append(Quotation(opened, i + 1))
            opened = None
    return tuple(found)


def find_attributions(
    parse: Parse, mentions: tuple[Mention, ...], floor: float = 0.83, role_floor: float = 0.3
) -> tuple[Attribution, ...]:
    """All contents of statements in order of their first words, with their parties.

    Args:
        parse: the document.
        mentions: its actor mentions (step 1).
        floor: least mean probability of a content.
        role_floor: least probability of a party; the best speaker is kept from 0.1 on.
    """
    if not parse.words:
        return ()
    quotations = find_quotations(parse)
    runs = [_snap(parse, run, quotations) for run in _runs(parse)]
    runs = _join(parse, sorted(set(runs)), quotations)
    chances = parse.chance("statement")
    by_word = {m.head: n for n, m in enumerate(mentions)}
    out = []
    for first, last in runs:
        chance = float(1 - chances[first:last, 0].mean())
        if chance < floor or last - first < 2:
            continue
        found = Attribution(first, last, _quote(parse, first, last, quotations), chance, cue=_cue(parse, first, last))
        out.append(_with_parties(parse, found, by_word, role_floor))
    return tuple(out)


def _runs(parse: Parse) -> list[tuple[int, int]]:
    """Maximal runs of content words. B opens a run; a B inside one splits it only where the model is sure."""
    chances = parse.chance("statement")
    inside = 1 - chances[:, 0]
    begin = chances[:, 1]
    runs: list[tuple[int, int]] = []
    start: int | None = None
    for i in range(len(inside)):
        if inside[i] < 0.5:
            if start is not None:
                runs.append((start, i))
            start = None
        elif start is None:
            start = i
        elif begin[i] > 0.5 and i > start:
            runs.append((start, i))
            start = i
    if start is not None:
        runs.append((start, len(inside)))
    return runs


def _snap(parse: Parse, run: tuple[int, int], quotations: tuple[Quotation, ...]) -> tuple[int, int]:
    """A run that all but fills a quotation is the quotation; commas and full stops at an unquoted edge are left out."""
    first, last = run
    for quotation in quotations:
        size = quotation.last - quotation.first
        shared = min(last, quotation.last) - max(first, quotation.first)
        if shared > 0 and shared >= 0.6 * size and shared >= 0.6 * (last - first):
            return quotation.first, quotation.last
        if shared > 0 and first < quotation.first < last < quotation.last and quotation.last - last <= 2:
            last = quotation.last
        if shared > 0 and quotation.first < first < quotation.first + 2 < last:
            first = quotation.first
    while last - first > 1 and parse.forms[last - 1] in (",", ".", ";", ":", "-", "--", "–", "—"):
        last -= 1
    while (
        last - first > 1
        and parse.forms[first] in (",", ";", ":", "that", "-", "--", "–", "—")
        and parse.upos[first] in ("PUNCT", "SCONJ")
    ):
        first += 1
    return first, last


def _is_quotation(run: tuple[int, int], quotations: tuple[Quotation, ...]) -> bool:
    return any(run == (q.first, q.last) for q in quotations)


def _join(parse: Parse, runs: list[tuple[int, int]], quotations: tuple[Quotation, ...]) -> list[tuple[int, int]]:
    """One content for a quotation cut in two by its cue, and for fragments that touch; nested runs give way to the longer."""
    out: list[tuple[int, int]] = []
    for run in runs:
        if out:
            before = out[-1]
            gap = range(before[1], run[0])
            if run[0] < before[1]:
                out[-1] = (before[0], max(before[1], run[1]))
                continue
            both = _is_quotation(before, quotations) and _is_quotation(run, quotations)
            same_sentence = parse.sentence_of[before[1] - 1] == parse.sentence_of[run[0]]
            if both and same_sentence and len(gap) <= 12 and parse.forms[before[1] - 2] in (",", "-", "--", "–", "—"):
                out[-1] = (before[0], run[1])
                continue
            if same_sentence and 0 < len(gap) <= 2 and not both and all(parse.upos[i] in _GLUE for i in gap):
                out[-1] = (before[0], run[1])
                continue
        out.append(run)
    return out


def _quote(parse: Parse, first: int, last: int, quotations: tuple[Quotation, ...]) -> Quote:
    quoted = sum(max(0, min(last, q.last) - max(first, q.first)) for q in quotations)
    if quoted == 0:
        return "indirect"
    return "direct" if parse.forms[first] in _OPEN and quoted >= 0.7 * (last - first) else "mixed"


def _cue(parse: Parse, first: int, last: int) -> tuple[int, int] | None:
    """The speech verb that the content hangs from: the cue that the model points at, else the content's syntactic governor."""
    offset, scores = parse.pair("links", first)
    row = scores[parse.labels.index("links", "cue")]
    best = offset + int(row.argmax())
    if best != first and not first <= best < last:
        return best, best + 1
    for word in range(first, last):
        head = parse.heads[word]
        if not first <= head < last and head != word and parse.upos[head] == "VERB":
            return head, head + 1
    return None


def _anchors(parse: Parse, found: Attribution) -> list[int]:
    """Words that the model points from: the content's first, and where it ends in another window, its part there."""
    if parse.same_window(found.first, found.last - 1):
        return [found.first]
    start = parse.sentences[parse.sentence_of[found.last - 1]][0]
    return [found.first, max(found.first, start)]


def _with_parties(parse: Parse, found: Attribution, by_word: dict[int, int], floor: float) -> Attribution:
    chances: dict[str, dict[int, float]] = {role: {} for role in parse.labels.columns["statement_roles"]}
    for anchor in _anchors(parse, found):
        offset, scores = parse.pair("statement_roles", anchor)
        source = parse.pair("links", anchor)[1][parse.labels.index("links", "source")]
        source = np.exp(source - source.max())
        source /= source.sum()
        for number, role in enumerate(chances):
            row = 1 / (1 + np.exp(-scores[number].astype(np.float64)))
            for word, mention in by_word.items():
                at = word - offset
                if not 0 <= at < len(row) or (role == "speaker" and found.first <= word < found.last):
                    continue
                chance = float(row[at])
                if role == "speaker":
                    # The corpus of attributions knows sources by their first word; its vote is added to that of the reports.
                    chance = min(1.0, chance + 0.3 * float(source[max(0, at - 4) : at + 1].sum()))
                chances[role][mention] = max(chance, chances[role].get(mention, 0.0))
    parties: dict[str, list[tuple[int, float]]] = {}
    for role, found_chances in chances.items():
        ranked = sorted(found_chances.items(), key=lambda pair: -pair[1])
        if role == "speaker":
            # Nobody is told what he says himself: a mention that is the likelier addressee does not speak.
            ranked = [pair for pair in ranked if pair[1] > chances["addressee"].get(pair[0], 0.0)]
        least = floor if role != "speaker" else min(floor, max(0.1, ranked[0][1]) if ranked else floor)
        parties[role] = [pair for pair in ranked if pair[1] >= least]
    speakers = parties["speaker"]
    if speakers:
        speakers = [s for s in speakers if s[1] >= 0.6 * speakers[0][1]]
    return replace(found, speakers=tuple(speakers), addressees=tuple(parties["addressee"]), subjects=tuple(parties["about"]))
