"""Event types given two parties: sentences with a marked source and target and the types of what the one did to the other."""

from __future__ import annotations

import random
import zlib

from training.labelled import EVENT_TYPES, Labelled
from training.parties import Aligned, Mentions, Record

SOURCE, TARGET = 1, 2
NONE = len(EVENT_TYPES)


def pair_examples(aligned: Aligned, mentions: Mentions, record: Record) -> list[Labelled]:
    """Marked sentences of one report: each pair of parties that an event joins within its sentence, and about as many pairs that
    none joins (the same two the other way round, or two others)."""
    if not mentions.extent_of:
        return []
    joined: dict[tuple[int, int, int], set[int]] = {}
    for event in record["events"]:
        found = aligned.words(*event["evidence"])
        if not found:
            continue
        sentence = aligned.sentence_of[found[0]]
        first, last = aligned.document.sentences[sentence]
        here = [w for w in sorted(mentions.extent_of) if first <= w < last]
        sides = [
            [
                next((w for w in here if mentions.fits(party, mentions.entity_of[w]) >= 2), None)
                for party in event.get(side) or ()
            ]
            for side in ("source", "target")
        ]
        sources, targets = ([w for w in side if w is not None] for side in sides)
        pairs = [(a, b) for a in sources for b in targets if a != b]
        if not event.get("target"):
            pairs = [(a, b) for a in sources for b in sources if a != b]
        for a, b in pairs:
            joined.setdefault((sentence, a, b), set()).add(EVENT_TYPES.index(event["type"]))
    out = [_marked(aligned, mentions, *key, types) for key, types in joined.items()]
    rng = random.Random(zlib.crc32(record["doc_id"].encode()))
    for sentence in sorted({key[0] for key in joined}):
        first, last = aligned.document.sentences[sentence]
        here = [w for w in sorted(mentions.extent_of) if first <= w < last]
        apart = [
            (a, b) for a in here for b in here if a != b and (sentence, a, b) not in joined and not _nested(mentions, a, b)
        ]
        if apart and not mentions.silver:
            out.append(_marked(aligned, mentions, sentence, *rng.choice(apart), {NONE}))
    return out


def _nested(mentions: Mentions, a: int, b: int) -> bool:
    (s, e), (t, f) = mentions.extent_of[a], mentions.extent_of[b]
    return (s <= t and f <= e) or (t <= s and e <= f)


def _marked(aligned: Aligned, mentions: Mentions, sentence: int, source: int, target: int, types: set[int]) -> Labelled:
    first, last = aligned.document.sentences[sentence]
    marks = [0] * (last - first)
    for head, mark in ((source, SOURCE), (target, TARGET)):
        a, b = mentions.extent_of[head]
        for i in range(max(a, first), min(b, last)):
            marks[i - first] = mark
    marks[source - first], marks[target - first] = SOURCE, TARGET
    name = f"{aligned.document.name}:{source}:{target}"
    return Labelled(name, aligned.document.words[first:last], [(0, last - first)], marks=marks, pair_types=sorted(types))
