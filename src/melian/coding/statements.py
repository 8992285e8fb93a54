"""Step 6: what each attribution amounts to — its act, its parties, its condition, and through whom the words came."""

from __future__ import annotations

import msgspec
import numpy as np

from melian.coding.attribution import Attribution
from melian.coding.coreference import Cast
from melian.coding.events import distinct
from melian.language import Parse
from melian.records import Actor, Span, Statement, content_id

# Words between which and an outlet's name the outlet only passed the words on.
_PASSING = frozenset("told tells tell telling by with to via according interview reported quoted cited carried".split())


def find_statements(parse: Parse, cast: Cast, attributions: tuple[Attribution, ...], doc_id: str) -> tuple[Statement, ...]:
    """All statements of a document, in the order of their contents."""
    found = []
    previous: tuple[Actor, ...] = ()
    for attribution in attributions:
        statement = _statement(parse, cast, attribution, previous)
        previous = statement.speaker or previous
        found.append(msgspec.structs.replace(statement, id=content_id(doc_id, statement.act, statement.content)))
    return tuple(found)


def _statement(parse: Parse, cast: Cast, attribution: Attribution, previous: tuple[Actor, ...]) -> Statement:
    first, last = attribution.first, attribution.last
    act, score = _act(parse, first, last)
    speaker = distinct([a for n, _ in attribution.speakers for a in cast.actors(n, parse)])
    why = [f"model: content {attribution.chance:.2f}, {act} {score:.2f}"]
    if not speaker and attribution.quote == "direct":
        # A quotation without a name near it goes on with the last speaker.
        speaker = previous
        why.append("speaker of the statement before")
    addressee = [a for n, _ in attribution.addressees for a in cast.actors(n, parse)]
    outlets = [a for a in addressee if a.sector == "MED"]
    own = {a.id for a in speaker if a.sector != "MED"}
    names = {a.name for a in speaker}
    about = distinct([a for n, _ in attribution.subjects for a in cast.actors(n, parse) if a.id not in own and a.name not in names or a.id is None])
    return Statement(
        act=act,
        speaker=speaker,
        addressee=distinct([a for a in addressee if a.sector != "MED"]),
        about=about,
        content=parse.span(first, last),
        quote=attribution.quote,
        reported_by=(outlets[0].name if outlets else None) or _reported_by(parse, cast, attribution, speaker),
        condition=_condition(parse, first, last),
        cue=parse.span(*attribution.cue) if attribution.cue else None,
        score=round(attribution.chance, 3),
        why=tuple(why),
    )


def _act(parse: Parse, first: int, last: int) -> tuple[str, float]:
    """The act by the vote of the content's words, each with the weight that the model gives it."""
    rows = parse.scores["act"][first:last].astype(np.float64)
    weights = np.exp(rows[:, -1] - rows[:, -1].max())
    votes = (weights / weights.sum()) @ rows[:, :-1]
    chances = np.exp(votes - votes.max())
    chances /= chances.sum()
    best = int(chances.argmax())
    return parse.labels.columns["act"][best], float(chances[best])


def _condition(parse: Parse, first: int, last: int) -> Span | None:
    """The longest run of words in the content that the model tags as its condition."""
    inside = 1 - parse.chance("condition")[first:last, 0]
    best: tuple[int, int] | None = None
    start: int | None = None
    for i, chance in enumerate([*inside, 0.0]):
        if chance >= 0.5 and start is None:
            start = i
        elif chance < 0.5 and start is not None:
            if i - start >= 3 and (best is None or i - start > best[1] - best[0]):
                best = (start, i)
            start = None
    return parse.span(first + best[0], first + best[1]) if best else None


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
