"""Scores of coded reports against gold ones: records are paired one to one and compared level by level.

The rules are those of the shared scorer, so that its figures and ours are the same (`tests/test_scoring.py` compares them
where it is at hand). Documents are plain dicts of the exchange format. A pair of events counts when two of their tellings
overlap, a pair of statements when their contents do, each with a character F1 of at least one half; every further level adds
one demand to those before it. Fields are judged on the pairs that reach a level, where gold has a value.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from melian.codebook import MUTUAL_TYPES, event_types, quad

Record = Mapping[str, Any]
Agreement = Callable[[Record, Record], bool]
ENOUGH = 0.5
_QUADS = {name: quad(name) for name in event_types()}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record: the demands of its levels in order, and its fields with the level from which they are judged."""

    key: str
    levels: dict[str, Agreement]
    fields: dict[str, Agreement]
    fields_from: str


@dataclass(frozen=True, slots=True)
class Result:
    """Counts over documents: records, hits by level, and (right, judged) by field."""

    gold: int
    predicted: int
    hits: dict[str, int]
    fields: dict[str, tuple[int, int]]

    def precision(self, level: str) -> float:
        return self.hits[level] / self.predicted if self.predicted else 0.0

    def recall(self, level: str) -> float:
        return self.hits[level] / self.gold if self.gold else 0.0

    def f1(self, level: str) -> float:
        return 2 * self.hits[level] / (self.gold + self.predicted) if self.gold + self.predicted else 0.0

    def false_per_true(self, level: str) -> float:
        """Predicted records that reach no gold one at the level, for each that does (infinite where none does)."""
        false = self.predicted - self.hits[level]
        return false / self.hits[level] if self.hits[level] else float("inf") if false else 0.0


def read_coded(path: Path) -> list[dict[str, Any]]:
    """Documents of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def score(gold: Iterable[Record], predicted: Iterable[Record]) -> dict[str, Result]:
    """Results by kind of record; documents go together by doc_id, one that was not coded counts as empty."""
    found = {document["doc_id"]: document for document in predicted}
    pairs = [(document, found.get(document["doc_id"], {})) for document in {d["doc_id"]: d for d in gold}.values()]
    return {
        kind.key: _score(kind, [(g.get(kind.key, []), p.get(kind.key, [])) for g, p in pairs]) for kind in (EVENTS, STATEMENTS)
    }


def _score(kind: Kind, documents: Sequence[tuple[Sequence[Record], Sequence[Record]]]) -> Result:
    names = list(kind.levels)
    hits = dict.fromkeys(names, 0)
    right, judged = dict.fromkeys(kind.fields, 0), dict.fromkeys(kind.fields, 0)
    for gold, predicted in documents:
        for g, p, depth in matched(kind, gold, predicted):
            for name in names[:depth]:
                hits[name] += 1
            if depth > names.index(kind.fields_from):
                for name, agree in kind.fields.items():
                    if gold[g].get(name):
                        judged[name] += 1
                        right[name] += agree(gold[g], predicted[p])
    return Result(
        sum(len(g) for g, _ in documents),
        sum(len(p) for _, p in documents),
        hits,
        {n: (right[n], judged[n]) for n in kind.fields},
    )


def matched(kind: Kind, gold: Sequence[Record], predicted: Sequence[Record]) -> list[tuple[int, int, int]]:
    """Pairs (gold, predicted, levels reached), one to one, deepest first and then in the order of the records."""
    depths = {(g, p): _depth(kind, a, b) for g, a in enumerate(gold) for p, b in enumerate(predicted)}
    pairs: list[tuple[int, int, int]] = []
    free_gold, free_predicted = set(range(len(gold))), set(range(len(predicted)))
    for (g, p), depth in sorted(depths.items(), key=lambda item: (-item[1], item[0])):
        if depth and g in free_gold and p in free_predicted:
            free_gold.remove(g)
            free_predicted.remove(p)
            pairs.append((g, p, depth))
    return pairs


def _depth(kind: Kind, gold: Record, predicted: Record) -> int:
    for number, agree in enumerate(kind.levels.values()):
        if not agree(gold, predicted):
            return number
    return len(kind.levels)


def plain(name: str | None) -> str:
    """A name in lower-case ASCII letters, digits and single words' spaces only."""
    ascii_only = unicodedata.normalize("NFKD", name or "").encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9 ]", "", ascii_only.lower()).strip()


def same_name(a: str, b: str) -> bool:
    """Equal, or one is how the other ends ("Blinken", "Antony Blinken")."""
    short, long = sorted((plain(a), plain(b)), key=len)
    return bool(short) and (short == long or long.endswith(f" {short}"))


def _shared(a: Sequence[int], b: Sequence[int]) -> int:
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def _span_f1(a: Sequence[int], b: Sequence[int]) -> float:
    return 2 * _shared(a, b) / max(1, a[1] - a[0] + b[1] - b[0])


def _tellings_overlap(gold: Record, predicted: Record) -> bool:
    ours, theirs = ([record["evidence"], *(record.get("also") or ())] for record in (gold, predicted))
    return any(_span_f1(a, b) >= ENOUGH for a in ours for b in theirs)


def _ids(actors: Iterable[Record] | None) -> set[str]:
    return {plain(actor["id"]) for actor in actors or () if actor.get("id")}


def _side(name: str) -> Agreement:
    def agree(gold: Record, predicted: Record) -> bool:
        wanted, given = _ids(gold.get(name)), _ids(predicted.get(name))
        return not wanted.isdisjoint(given) if wanted else not given

    return agree


_SOURCE, _TARGET = _side("source"), _side("target")


def _dyad(gold: Record, predicted: Record) -> bool:
    if gold["type"] not in MUTUAL_TYPES:
        return _SOURCE(gold, predicted) and _TARGET(gold, predicted)
    wanted, given = (_ids(r.get("source")) | _ids(r.get("target")) for r in (gold, predicted))
    return len(wanted & given) >= min(2, len(wanted))


def _speaker(gold: Record, predicted: Record) -> bool:
    wanted, given = gold.get("speaker") or (), predicted.get("speaker") or ()
    return any(_same_speaker(a, b) for a in wanted for b in given) or not (wanted or given)


def _same_speaker(gold: Record, predicted: Record) -> bool:
    if gold.get("name") and predicted.get("name"):
        return same_name(gold["name"], predicted["name"])
    return bool(gold.get("id")) and plain(gold["id"]) == plain(predicted.get("id"))


def _same(field: str) -> Agreement:
    return lambda gold, predicted: gold.get(field) == predicted.get(field)


EVENTS = Kind(
    "events",
    {
        "span": _tellings_overlap,
        "class": lambda g, p: _QUADS.get(g["type"]) == _QUADS.get(p["type"]),
        "type": _same("type"),
        "dyad": _dyad,
        "full": lambda g, p: g.get("realis", "actual") == p.get("realis", "actual"),
    },
    {"date": _same("date"), "place": lambda g, p: plain(g.get("place")) == plain(p.get("place")), "mode": _same("mode")},
    "type",
)
STATEMENTS = Kind(
    "statements",
    {
        "content": lambda g, p: _span_f1(g["content"], p["content"]) >= ENOUGH,
        "speaker": _speaker,
        "act": _same("act"),
    },
    {
        "quote": _same("quote"),
        "addressee": _side("addressee"),
        "condition": lambda g, p: bool(p.get("condition")) and _shared(g["condition"], p["condition"]) > 0,
    },
    "content",
)
