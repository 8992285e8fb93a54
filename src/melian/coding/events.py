"""Step 7: who did what to whom.

The model says for every word which types of event it carries, how far the clause reaches, whether it happened, and which
mentions are its source, target and place; here that becomes records, and tellings of one fact become one event.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from melian.codebook import modes
from melian.coding.coreference import Cast
from melian.coding.dates import DateMention
from melian.coding.places import PlaceMention
from melian.coding.quantities import find_quantity
from melian.coding.realis import DEEDS, find_realis
from melian.language import Parse
from melian.records import Abstention, Actor, Event, Span, content_id

REACH = 80  # words before a predicate among which its date or place may stand, in training too
LATER = 0.25  # what is left of the chance of a party that only a later sentence names
INSIDE = 0.2  # what standing inside the clause adds to a date's chance


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where the coder draws its lines: round values, chosen by the F1 of the development reports (as was `LATER`)."""

    event: float = 0.35
    role: float = 0.25
    best_role: float = 0.15
    both_sides: float = 0.5
    beside_best: float = 0.4
    nobody: float = 0.9
    place: float = 0.35
    time: float = 0.5


GATHERINGS = frozenset({"CONSULT", "AGREE", "COOPERATE"})


@dataclass(frozen=True, slots=True)
class Settings:
    """What an event is read with."""

    dates: Sequence[DateMention]
    places: Sequence[PlaceMention]
    thresholds: Thresholds
    filed: Span = (0, 0)  # the dateline: where the reporter sat, which is where things happened only when parties came together


def find_events(parse: Parse, cast: Cast, settings: Settings, doc_id: str) -> tuple[Event, ...]:
    """All events of a document, in the order of their evidence."""
    if not parse.words:
        return ()
    types = parse.labels.columns["event"]
    chances = 1 / (1 + np.exp(-parse.scores["event"].astype(np.float64)))
    found = []
    for word, column in zip(*np.nonzero(chances >= settings.thresholds.event), strict=True):
        found.append(_event(parse, cast, settings, int(word), types[column], float(chances[word, column])))
    out: list[Event] = []
    seen: Counter[tuple[str, tuple[int, int]]] = Counter()
    for event in sorted(_merge(found), key=lambda e: e.evidence):
        # One clause may carry two events of a type (other parties, other realis): the second is numbered.
        number = seen[event.type, event.evidence]
        seen[event.type, event.evidence] += 1
        event_id = content_id(doc_id, event.type, event.evidence, *([number] if number else []))
        out.append(msgspec.structs.replace(event, id=event_id))
    return tuple(out)


def find_abstentions(parse: Parse, thresholds: Thresholds) -> tuple[Abstention, ...]:
    """Predicates whose likeliest type falls short of being coded by no more than half, in order."""
    if not parse.words:
        return ()
    types = parse.labels.columns["event"]
    chances = 1 / (1 + np.exp(-parse.scores["event"].astype(np.float64)))
    best = chances.max(-1)
    out = []
    for word in np.flatnonzero((best >= thresholds.event / 2) & (best < thresholds.event)):
        kind, score = types[int(chances[word].argmax())], float(best[word])
        why = f"model: {kind} at “{parse.forms[word]}” {score:.2f}, below {thresholds.event:.2f}"
        out.append(Abstention(type=kind, evidence=parse.span(*_extent(parse, int(word))), score=round(score, 3), why=why))
    return tuple(out)


def _event(parse: Parse, cast: Cast, settings: Settings, word: int, kind: str, score: float) -> Event:
    first, last = _extent(parse, word)
    realis, unreal = find_realis(parse, word, kind)
    mode = max(modes(kind), key=lambda m: float(parse.scores["mode"][word][parse.labels.index("mode", f"{kind}:{m}")]))
    source, target = _parties(parse, cast, word, kind, settings.thresholds)
    types_said = kind
    tested = kind == "ASSAULT" and not target and _is_test(parse, first, last)
    if tested:
        kind, mode = "MOBILIZE", "weapons"
    place = _place(parse, settings, word, kind)
    rules = ["rule: a weapons test is MOBILIZE (codebook, decision 1)"] if tested else []
    if kind == "ASSAULT" and not target and source and place and place.place and place.place.country:
        home = place.place.country
        if all(actor.id != home for actor in source):
            target = (Actor(id=home, span=place.span),)
            rules.append(f"rule: nobody is named as hit, so the country of the place ({home})")
    date = _date(parse, settings.dates, word, first, last, settings.thresholds.time)
    why = [f"model: {types_said} at “{parse.forms[word]}” {score:.2f}", f"model: realis {realis}"]
    if unreal:
        why.append(f"rule: “{unreal}” tells of no deed that was done")
    why += rules
    why += [f"{role} left open: nobody is likely enough" for role, side in (("source", source), ("target", target)) if not side]
    if date:
        why.append(f"date: “{parse.text[slice(*date.span)]}” {date.why}")
    return Event(
        type=kind,
        mode=mode,
        source=source,
        target=target,
        date=date.value if date else None,
        place=place.words if place else None,
        place_country=place.place.country if place and place.place else None,
        realis=realis,  # type: ignore[arg-type]
        quantity=find_quantity(parse, first, last),
        evidence=parse.span(first, last),
        score=round(score, 3),
        why=tuple(why),
    )


_TESTS = frozenset("test tests tested testing test-fired test-fires test-launched".split())
_WEAPONS = frozenset(
    "missile missiles rocket rockets nuclear warhead warheads bomb device satellite icbm projectile projectiles torpedo".split()
)


def _is_test(parse: Parse, first: int, last: int) -> bool:
    """True when the clause tells of a weapons test, which hits nobody."""
    words = {parse.forms[i].lower() for i in range(first, last)}
    return bool(words & _TESTS) and bool(words & _WEAPONS)


def _extent(parse: Parse, word: int) -> tuple[int, int]:
    """The clause of a predicate, words `[first, last)`: the model's best ends around it within its sentence."""
    a, b = parse.sentences[parse.sentence_of[word]]
    offset, scores = parse.pair("extent", word)
    starts, ends = scores[0][a - offset : word + 1 - offset], scores[1][word - offset : b - offset]
    first, last = a + int(starts.argmax()), word + int(ends.argmax())
    while last > word and parse.upos[last] == "PUNCT" and parse.forms[last] in (".", ",", ";", ":"):
        last -= 1
    return first, last + 1


def _parties(
    parse: Parse, cast: Cast, word: int, kind: str, thresholds: Thresholds
) -> tuple[tuple[Actor, ...], tuple[Actor, ...]]:
    """Actors on the two sides, each principal and name once, best mention first."""
    offset, scores = parse.pair("event_roles", word)
    near = [n for n, m in enumerate(cast.mentions) if offset <= m.head < offset + scores.shape[1] and cast.entity_of[n] >= 0]
    chances = {
        role: {
            n: (1.0 if cast.mentions[n].sentence <= parse.sentence_of[word] else LATER)
            / (1 + float(np.exp(-scores[parse.labels.index("event_roles", role), cast.mentions[n].head - offset])))
            for n in near
        }
        for role in ("source", "target")
    }
    for n in near:  # whence someone came is not whom he strikes
        here = cast.mentions[n].sentence == parse.sentence_of[word]
        if _is_origin(parse, cast.mentions[n].head) and (not here or (kind == "ASSAULT" and not _takes_from(parse, word))):
            chances["target"][n] = 0.0
    # A predicate that points at itself says that nobody stands on that side.
    nobody = {
        role: 1 / (1 + float(np.exp(-scores[parse.labels.index("event_roles", role), word - offset]))) for role in chances
    }
    # An entity stands on the side that its best mention speaks for; on both only where both are likely (an exchange of fire).
    best = {role: _by_entity(chances[role], cast) for role in chances}
    sides: list[tuple[Actor, ...]] = []
    for role, other in (("source", "target"), ("target", "source")):
        ranked = sorted(near, key=lambda n: (-chances[role][n], abs(cast.mentions[n].head - word)))
        ranked = [
            n
            for n in ranked
            if best[role][cast.entity_of[n]] >= best[other][cast.entity_of[n]] or chances[role][n] >= thresholds.both_sides
        ]
        if ranked and nobody[role] >= max(thresholds.nobody, chances[role][ranked[0]]):
            sides.append(())
            continue
        kept = [n for n in ranked if chances[role][n] >= thresholds.role] or [
            n for n in ranked[:1] if chances[role][n] >= thresholds.best_role
        ]
        if kept:
            kept = [n for n in kept if chances[role][n] >= thresholds.beside_best * chances[role][kept[0]]]
        sides.append(distinct([actor for n in kept for actor in cast.actors(n, parse)]))
    # What is done to others is not done to oneself as well; where the doer is the likeliest target it may be a quarrel at home.
    others = tuple(actor for actor in sides[1] if not any(_same(actor, doer) for doer in sides[0]))
    return sides[0], others if others and others[0] == sides[1][0] else sides[1]


def _is_origin(parse: Parse, head: int) -> bool:
    """Whether a mention is where a movement began ("crossed the border from Belarus")."""
    return any(parse.relations[c] == "case" and parse.forms[c].lower() == "from" for c in parse.children(head))


def _takes_from(parse: Parse, word: int) -> bool:
    """Whether what is done is done to those from whom it is taken ("seized the town from the rebels")."""
    return (
        parse.forms[word].lower().startswith(("captur", "seiz", "took", "tak", "recaptur", "retak", "wrest", "free", "liberat"))
    )


def _same(actor: Actor, doer: Actor) -> bool:
    """True when the one acted upon is the doer in other words: one principal, no other sector, no other name."""
    return (
        actor.id == doer.id
        and (actor.sector == doer.sector or actor.sector is None)
        and (actor.name == doer.name or not actor.name or not doer.name)
    )


def _by_entity(chances: dict[int, float], cast: Cast) -> dict[int, float]:
    """The best chance of any mention of each entity."""
    out: dict[int, float] = {}
    for n, chance in chances.items():
        out[cast.entity_of[n]] = max(chance, out.get(cast.entity_of[n], 0.0))
    return out


def distinct(actors: Sequence[Actor]) -> tuple[Actor, ...]:
    """Each actor once; a bare principal gives way to a named actor of the same principal."""
    out: list[Actor] = []
    for actor in actors:
        if actor.id is None:
            continue
        same = [i for i, o in enumerate(out) if o.id == actor.id and (o.name == actor.name or not o.name or not actor.name)]
        if not same:
            out.append(actor)
        elif actor.name and not out[same[0]].name:
            out[same[0]] = actor
    return tuple(out)


def _place(parse: Parse, settings: Settings, word: int, kind: str) -> PlaceMention | None:
    """The place that the model ties to the predicate, in its sentence or shortly before; a country only where it is located in."""
    offset, scores = parse.pair("event_roles", word)
    row = scores[parse.labels.index("event_roles", "place")]
    best: tuple[float, PlaceMention] | None = None
    end = parse.sentences[parse.sentence_of[word]][1]
    for place in settings.places:
        a, b = parse.at(place.span)
        if settings.filed[0] <= place.span[0] < settings.filed[1] and kind not in GATHERINGS:
            continue
        if place.metonym or a >= b or not max(offset, word - REACH) <= a < min(end, offset + len(row)):
            continue
        if place.place and place.place.kind == "country" and not _is_located(parse, a, b):
            continue
        inside = [i for i in range(a, b) if offset <= i < offset + len(row)]
        chance = max((1 / (1 + float(np.exp(-row[i - offset]))) for i in inside), default=0.0)
        if chance >= settings.thresholds.place and (best is None or chance > best[0]):
            best = (chance, place)
    return best[1] if best else None


_LOCATING = frozenset("in at across inside within throughout near on into around over outside".split())


def _is_located(parse: Parse, first: int, last: int) -> bool:
    """True for "in Syria", "across Mali": a country that is only a party ("from Russia", "Ukraine's") is no place."""
    return any(
        parse.forms[c].lower() in _LOCATING
        for i in range(first, last)
        for c in parse.children(i)
        if parse.relations[c] == "case"
    )


def _date(parse: Parse, dates: Sequence[DateMention], word: int, first: int, last: int, floor: float) -> DateMention | None:
    """The date that the model ties to the predicate, in its clause, its sentence or shortly before."""
    offset, scores = parse.pair("event_roles", word)
    row = scores[parse.labels.index("event_roles", "time")]
    end = parse.sentences[parse.sentence_of[word]][1]
    best: tuple[float, DateMention] | None = None
    for date in dates:
        if not date.value or date.kind not in ("date", "time"):
            continue
        a, b = parse.at(date.span)
        if a >= b or not max(offset, word - REACH) <= b - 1 < min(end, offset + len(row)):
            continue
        chance = 1 / (1 + float(np.exp(-row[b - 1 - offset])))
        if first <= a and b <= last:
            chance += INSIDE
        if chance >= floor and (best is None or chance > best[0]):
            best = (chance, date)
    return best[1] if best else None


def _sides(event: Event) -> tuple[frozenset[str | None], frozenset[str | None]]:
    return frozenset(a.id for a in event.source), frozenset(a.id for a in event.target)


_WORDS = frozenset("ACCUSE REQUEST SUPPORT REJECT".split())


def _merge(events: list[Event]) -> list[Event]:
    """One event for a fact told twice: same type, realis and parties, and no two dates, countries or quantities.

    Deeds are brought together whatever the words; promises and threats where their predicates share the stem; other speech acts
    are their words, and only tellings that overlap are one.
    """
    out: list[Event] = []
    stems: list[str] = []
    for event in sorted(events, key=lambda e: e.evidence):
        stem = event.why[0].partition("“")[2].partition("”")[0].lower()[:4]
        for i, other in enumerate(out):
            if (other.type, other.realis) != (event.type, event.realis) or _sides(other) != _sides(event):
                continue
            if any(a and b and a != b for a, b in ((other.date, event.date), (other.place_country, event.place_country))):
                continue
            if other.quantity and event.quantity and other.quantity != event.quantity:
                continue
            overlapping = other.evidence[0] < event.evidence[1] and event.evidence[0] < other.evidence[1]
            told_again = event.type in DEEDS and (event.source or event.target)
            if overlapping or told_again or (stem == stems[i] and event.type not in _WORDS):
                out[i] = _joined(other, event)
                break
        else:
            out.append(event)
            stems.append(stem)
    return out


def _joined(a: Event, b: Event) -> Event:
    """Two tellings as one event; the likelier leads, the other's clause stands in `also`."""
    lead, other = (a, b) if (a.score or 0) >= (b.score or 0) else (b, a)
    also = tuple(sorted({*lead.also, *other.also, other.evidence} - {lead.evidence}))
    return msgspec.structs.replace(
        lead,
        also=also,
        date=lead.date or other.date,
        place=lead.place or other.place,
        place_country=lead.place_country or other.place_country,
        quantity=lead.quantity or other.quantity,
    )
