"""Step 6: what each attribution amounts to — its act, its parties, its condition, and through whom the words came."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

import msgspec
import numpy as np

from melian.coding.attribution import Attribution
from melian.coding.coreference import Cast
from melian.coding.events import distinct
from melian.language import Parse
from melian.records import Actor, Span, Statement, content_id

# What a governing speech verb adds to its act's logit: "strong" ones leave little doubt ("denied", "clarified").
CUE_VOTES = {"strong": 4.0, "plain": 2.0}
CONDITION_VOTE = 3.0  # what an if-clause with a penalty beside it adds to a threat
_CONJUNCTIONS = frozenset("if unless should were until once provided providing when without except".split())
_BEFORE_CONDITION = 8  # words before a tagged run among which its conjunction may stand
_CONDITIONAL_ACTS = frozenset({"THREATEN", "PROMISE", "OFFER", "ACCEPT", "REJECT"})
# Words between which and an outlet's name the outlet only passed the words on.
_PASSING = frozenset(
    [
        "told",
        "tells",
        "tell",
        "telling",
        "by",
        "with",
        "to",
        "via",
        "according",
        "interview",
        "reported",
        "quoted",
        "cited",
        "carried",
    ]
)


def find_statements(
    parse: Parse, cast: Cast, attributions: tuple[Attribution, ...], doc_id: str, issuer: Actor | None = None
) -> tuple[Statement, ...]:
    """All statements of a document, in the order of their contents; where nobody speaks, the issuer of an official text does."""
    found = []
    previous: tuple[Actor, ...] = ()
    for attribution in attributions:
        statement = _statement(parse, cast, attribution, previous, issuer)
        previous = statement.speaker or previous
        found.append(msgspec.structs.replace(statement, id=content_id(doc_id, statement.act, statement.content)))
    return tuple(found)


def _statement(
    parse: Parse, cast: Cast, attribution: Attribution, previous: tuple[Actor, ...], issuer: Actor | None
) -> Statement:
    first, last = attribution.first, attribution.last
    act, score, cue_word = _act(parse, attribution)
    speaker = distinct([a for n, _ in attribution.speakers for a in cast.actors(n, parse)])
    why = [f"model: content {attribution.chance:.2f}, {act} {score:.2f}"]
    if cue_word:
        why.append(f"cue “{cue_word}”")
    if not speaker and attribution.quote == "direct":
        # A quotation without a name near it goes on with the last speaker.
        speaker = previous
        why.append("speaker of the statement before")
    if not speaker and issuer is not None:
        speaker = (issuer,)
        why.append("issuer of the text")
    addressee = [a for n, _ in attribution.addressees for a in cast.actors(n, parse)]
    outlets = [a for a in addressee if a.sector == "MED"]
    own = {a.id for a in speaker if a.sector != "MED"}
    names = {a.name for a in speaker}
    about = distinct(
        [
            a
            for n, _ in attribution.subjects
            for a in cast.actors(n, parse)
            if (a.id not in own and a.name not in names) or a.id is None
        ]
    )
    return Statement(
        act=act,
        speaker=speaker,
        addressee=distinct([a for a in addressee if a.sector != "MED"]),
        about=about,
        content=parse.span(first, last),
        quote=attribution.quote,
        reported_by=(outlets[0].name if outlets else None) or _reported_by(parse, cast, attribution, speaker),
        condition=_condition(parse, act, first, last),
        cue=parse.span(*attribution.cue) if attribution.cue else None,
        score=round(attribution.chance, 3),
        why=tuple(why),
    )


@cache
def _act_cues() -> dict[str, tuple[str, float]]:
    """Speech verbs that by themselves speak for an act, with what they add to it."""
    table = json.loads(files("melian.coding").joinpath("act_cues.json").read_text(encoding="utf-8"))
    return {
        word: (act, CUE_VOTES[group])
        for group, acts in table.items()
        if group in CUE_VOTES
        for act, words in acts.items()
        for word in words.split()
    }


def _act(parse: Parse, attribution: Attribution) -> tuple[str, float, str | None]:
    """The act, its probability, and the cue word that spoke for it.

    The content's words vote, each with the weight that the model gives it; a speech verb of the lexicon that governs the content adds
    its own vote, since rare acts (denials, clarifications) are said by the verb rather than by the words.
    """
    columns = parse.labels.columns["act"]
    rows = parse.scores["act"][attribution.first : attribution.last].astype(np.float64)
    weights = np.exp(rows[:, -1] - rows[:, -1].max())
    votes = (weights / weights.sum()) @ rows[:, :-1]
    cue_word = None
    for word in _governors(parse, attribution):
        found = _act_cues().get(parse.forms[word].lower())
        if found is not None:
            votes[columns.index(found[0])] += found[1]
            cue_word = parse.forms[word]
            break
    clause = _if_clause(parse, attribution.first, attribution.last)
    if clause and _names_penalty(parse, attribution, clause):
        votes[columns.index("THREATEN")] += CONDITION_VOTE
    chances = np.exp(votes - votes.max())
    chances /= chances.sum()
    best = int(chances.argmax())
    spoke = cue_word is not None and _act_cues()[cue_word.lower()][0] == columns[best]
    return columns[best], float(chances[best]), cue_word if spoke else None


@cache
def _penalties() -> frozenset[str]:
    """Words of harm that make the consequence of an if-clause a threat."""
    table = json.loads(files("melian.coding").joinpath("act_cues.json").read_text(encoding="utf-8"))
    return frozenset(table["penalty"].split())


def _names_penalty(parse: Parse, attribution: Attribution, clause: tuple[int, int]) -> bool:
    """True when the content says outside its if-clause what harm would follow."""
    first = attribution.first
    outside = [*range(first, first + clause[0]), *range(first + clause[1], attribution.last)]
    return any(parse.forms[i].lower() in _penalties() for i in outside)


def _governors(parse: Parse, attribution: Attribution) -> list[int]:
    """The cue and the verbs around it outside the content: its own head, and what the head opens ("sought to clarify …, saying")."""
    start = attribution.cue[0] if attribution.cue else None
    if start is None:
        return []
    out = [start]
    head = parse.heads[start]
    if head != start and parse.relations[start] != "conj":  # "denied it and said that …" denies nothing of what was said
        out += [head, *(c for c in parse.children(head) if parse.relations[c] == "xcomp")]
    out += [c for c in parse.children(start) if parse.relations[c] == "xcomp"]
    return [w for w in out if not attribution.first <= w < attribution.last]


def _condition(parse: Parse, act: str, first: int, last: int) -> Span | None:
    """The longest run of words in the content that the model tags as its condition; for a commitment, else its if-clause."""
    rows = parse.scores["condition"][first:last].astype(np.float64)
    rows = np.exp(rows - rows.max(-1, keepdims=True))
    inside = 1 - rows[:, 0] / rows.sum(-1)
    best: tuple[int, int] | None = None
    start: int | None = None
    for i, chance in enumerate([*inside, 0.0]):
        if chance >= 0.5 and start is None:
            start = i
        elif chance < 0.5 and start is not None:
            if i - start >= 3 and (best is None or i - start > best[1] - best[0]):
                best = (start, i)
            start = None
    if best is not None:
        # A condition opens with its conjunction; a run without one near its start is no clause.
        opening = range(first + best[0], max(first, first + best[0] - _BEFORE_CONDITION) - 1, -1)
        mark = next((i for i in opening if parse.forms[i].lower() in _CONJUNCTIONS), None)
        best = (mark - first, best[1]) if mark is not None else None
    if best is None and act in _CONDITIONAL_ACTS:
        best = _if_clause(parse, first, last)
    return parse.span(first + best[0], first + best[1]) if best else None


def _if_clause(parse: Parse, first: int, last: int) -> tuple[int, int] | None:
    """The first if- or unless-clause inside the content, by the tree, as offsets from its first word."""
    for word in range(first, last):
        if parse.relations[word] not in ("advcl", "ccomp") or not first <= parse.heads[word] < last:
            continue
        marks = [
            c
            for c in parse.children(word)
            if first <= c < last and parse.relations[c] == "mark" and parse.forms[c].lower() in ("if", "unless")
        ]
        if marks:
            below = [w for w in parse.subtree(word) if marks[0] <= w < last]
            end = below[0]
            while end + 1 in below:
                end += 1
            while parse.upos[end] == "PUNCT" and end > below[0]:
                end -= 1
            return below[0] - first, end + 1 - first
    return None


def _reported_by(parse: Parse, cast: Cast, attribution: Attribution, speaker: tuple[Actor, ...]) -> str | None:
    """The outlet that the text names beside the cue as having carried the words ("told Reuters", "as reported by NBC News")."""
    sentences = {parse.sentence_of[attribution.first], parse.sentence_of[attribution.last - 1]}
    if attribution.cue:
        sentences.add(parse.sentence_of[attribution.cue[0]])
    said = {a.name for a in speaker}
    for n, mention in enumerate(cast.mentions):
        if mention.sentence not in sentences or attribution.first <= mention.head < attribution.last:
            continue
        for actor in cast.actors(n, parse):
            before = {parse.forms[i].lower() for i in range(max(0, mention.first - 3), mention.first)}
            if actor.sector == "MED" and actor.name and actor.name not in said and before & _PASSING:
                return actor.name
    return None
