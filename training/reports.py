"""Coded reports (the shared gold and the project's own) and PolNeAR, read into labelled documents."""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from pathlib import Path
from typing import Any

from melian.language.tokens import split_sentences, split_words
from training.labelled import (
    ACTS,
    ATTRIBUTION_TAGS,
    EVENT_ROLES,
    EVENT_TYPES,
    IGNORE,
    MENTION_KINDS,
    MODES,
    REALIS_LABELS,
    SECTORS,
    STATEMENT_ROLES,
    Labelled,
)
from training.treebanks import span_head

Heads = dict[str, list[int]]
Record = dict[str, Any]


class Aligned:
    """A text cut into words and sentences by the package's own code, with character spans mapped to words."""

    def __init__(self, name: str, text: str) -> None:
        self.text = text
        self.spans = split_words(text)
        self.starts = [s for s, _ in self.spans]
        self.ends = [e for _, e in self.spans]
        self.document = Labelled(name, [text[s:e] for s, e in self.spans], split_sentences(text, self.spans))
        self.sentence_of = [0] * len(self.spans)
        for number, (a, b) in enumerate(self.document.sentences):
            self.sentence_of[a:b] = [number] * (b - a)

    def words(self, start: int, end: int) -> tuple[int, int] | None:
        """`[first, last)` of the words that overlap the character span, or None."""
        first, last = bisect_right(self.ends, start), bisect_left(self.starts, end)
        return (first, last) if first < last else None


def _plain(name: str | None) -> str:
    return re.sub(r"[^a-z0-9 ]", "", (name or "").lower()).strip()


def country_aliases(path: Path) -> dict[str, set[str]]:
    """Lower-case names, demonyms and capitals by ISO alpha-3 code, from mledoze/countries."""
    aliases: dict[str, set[str]] = defaultdict(set)
    for country in json.loads(path.read_text(encoding="utf-8")):
        code = country["cca3"] if country["cca3"] != "UNK" else "XKX"
        names = {country["name"]["common"], country["name"]["official"], *country.get("capital", ())}
        names |= {country.get("demonyms", {}).get("eng", {}).get("m", "")}
        aliases[code] |= {n.lower() for n in names if len(n) > 2}
    more = {
        "USA": "us u.s. u.s america american americans usa washington",
        "GBR": "uk u.k. britain british london",
        "RUS": "russians kremlin soviet",
        "PSE": "palestinian palestinians",
        "TUR": "turkish turks",
        "CHN": "chinese prc",
        "IRN": "iranians",
        "ISR": "israelis",
        "UKR": "ukrainians kiev",
        "PRK": "north korea|north korean|dprk",
        "KOR": "south korea|south korean",
    }
    for code, words in more.items():
        aliases[code] |= set(words.split("|") if "|" in words else words.split())
    return aliases


def read_coded(records: list[Record], heads: Heads | None, countries: dict[str, set[str]]) -> list[Labelled]:
    """Coded reports as labelled documents.

    Args:
        records: exchange-format documents, with `entities` and `mentions` where actors are marked.
        heads: syntactic heads of each document's words by doc_id, from an earlier parser of this project; needed for
            events (the predicate is the top word of the evidence) and mentions.
        countries: names of each country, for finding named parties in documents whose mentions are not marked.
    """
    return [_read_one(record, (heads or {}).get(record["doc_id"]), countries) for record in records]


def _read_one(record: Record, heads: list[int] | None, countries: dict[str, set[str]]) -> Labelled:
    aligned = Aligned(record["doc_id"], record["text"])
    document = aligned.document
    if heads is None:
        return document
    document_mentions = _Mentions(aligned, heads, record, countries)
    _add_events(aligned, heads, record, document_mentions)
    _add_statements(aligned, record, document_mentions)
    return document


class _Mentions:
    """Where each actor of a record stands in the text: by marked mentions, else by its names."""

    def __init__(self, aligned: Aligned, heads: list[int], record: Record, countries: dict[str, set[str]]) -> None:
        self.aligned = aligned
        self.entity_of: dict[int, Record] = {}
        self.marked = "mentions" in record
        if self.marked:
            self._from_marks(heads, record)
        else:
            self._from_names(record, countries)

    def _from_marks(self, heads: list[int], record: Record) -> None:
        document = self.aligned.document
        entities = {e["key"]: e for e in record["entities"]}
        kinds, sectors = document.tag("mention", 0), document.tag("sector", 0)
        size: dict[int, int] = {}
        for mention in record["mentions"]:
            found = self.aligned.words(mention["start"], mention["end"])
            entity = entities.get(mention["entity"])
            if not found or entity is None:
                continue
            head = span_head(heads, *found)
            if head in size and size[head] >= found[1] - found[0]:
                continue
            size[head] = found[1] - found[0]
            self.entity_of[head] = entity
            kinds[head] = MENTION_KINDS.index(entity["kind"]) if entity["kind"] in MENTION_KINDS else 4
            sectors[head] = SECTORS.index(entity["sector"] or "none")
        chain: list[tuple[int, int]] = []
        last_of: dict[str, int] = {}
        for head in sorted(self.entity_of):
            key = self.entity_of[head]["key"]
            chain.append((head, last_of.get(key, head)))
            last_of[key] = head
        document.pointers["antecedent"] = chain

    def _from_names(self, record: Record, countries: dict[str, set[str]]) -> None:
        words = [w.lower() for w in self.aligned.document.words]
        actors = [
            a
            for kind, sides in (("events", ("source", "target")), ("statements", STATEMENT_ROLES))
            for item in record[kind]
            for side in sides
            for a in item.get(side) or ()
        ]
        for actor in actors:
            name = _plain(actor.get("name"))
            if name:
                last = name.split()[-1]
                for i, word in enumerate(words):
                    if _plain(word) == last and len(last) > 2 and self.aligned.document.words[i][0].isupper():
                        self.entity_of.setdefault(i, {**actor, "key": name})
        for actor in actors:
            if actor.get("name") or not actor.get("id"):
                continue
            aliases = countries.get(actor["id"], set()) | {actor["id"].lower()}
            for i, word in enumerate(words):
                hit = word in aliases or (i + 1 < len(words) and f"{word} {words[i + 1]}" in aliases)
                if hit and self.aligned.document.words[i][0].isupper():
                    at = i + 1 if word not in aliases else i
                    self.entity_of.setdefault(at, {"id": actor["id"], "name": None, "key": actor["id"], "sector": None})

    def pairs(
        self, anchor: int, first: int, last: int, parties: list[tuple[int, Record]], labels: int
    ) -> list[tuple[int, int, int, int]]:
        """Role labels of one predicate or statement: (anchor, role, word, 1 or 0) for each mention it is known for.

        Mentions of the party inside `[first, last)` or its sentences are positive; where there are none, the nearest before.
        """
        low = self.aligned.document.sentences[self.aligned.sentence_of[first]][0]
        high = self.aligned.document.sentences[self.aligned.sentence_of[max(first, last - 1)]][1]
        verdict: dict[tuple[int, int], int] = {}
        for role, party in parties:
            best = {word: level for word in self.entity_of if (level := self._fits(party, self.entity_of[word])) > 0}
            top = max(best.values(), default=0)
            fitting = sorted(word for word, level in best.items() if level == top)
            for word in best:
                verdict.setdefault((role, word), IGNORE)
            near = [w for w in fitting if low <= w < high]
            if not near:
                before = [w for w in fitting if w < low]
                near = before[-1:] or [w for w in fitting if w >= high][:1]
            for word in near:
                verdict[role, word] = 1
        out: list[tuple[int, int, int, int]] = []
        for word in self.entity_of:
            for role in range(labels):
                value = verdict.get((role, word), 0)
                if value != IGNORE:
                    out.append((anchor, role, word, value))
        return out

    def _fits(self, party: Record, entity: Record) -> int:
        """How well an entity is the party: 4 same key, 3 same name, 2 same id and both nameless, 1 same id, 0 not."""
        if party.get("key") and party["key"] == entity.get("key"):
            return 4
        if party.get("name") and _plain(party["name"]) == _plain(entity.get("name")):
            return 3
        if party.get("id") and party["id"] == entity.get("id"):
            if party.get("name"):
                return 0 if entity.get("name") else 1
            if entity.get("name"):
                return 1
            return 3 if party.get("sector") == entity.get("sector") else 2
        return 0


def _predicate(heads: list[int], first: int, last: int, taken: set[int]) -> int:
    """The word that carries the event: the top of its clause, or the next one down when that carries another event."""
    top = span_head(heads, first, last)
    if top not in taken:
        return top

    def depth(word: int) -> int:
        steps = 0
        while heads[word] != word and first <= heads[word] < last and steps < 50:
            word, steps = heads[word], steps + 1
        return steps

    free = [w for w in range(first, last) if w not in taken]
    return min(free, key=lambda w: (depth(w), w)) if free else top


def _add_events(aligned: Aligned, heads: list[int], record: Record, mentions: _Mentions) -> None:
    document = aligned.document
    document.events = {}
    realis, mode = document.tag("realis"), document.tag("mode")
    pairs = document.pairs.setdefault("event_roles", [])
    starts, ends = document.pointers.setdefault("evidence_start", []), document.pointers.setdefault("evidence_end", [])
    tellings = [(e, tuple(e["evidence"])) for e in record["events"]]
    tellings += [(e, tuple(span)) for e in record["events"] for span in e.get("also") or ()]
    taken: dict[str, set[int]] = defaultdict(set)
    for event, span in tellings:
        found = aligned.words(*span)
        if not found:
            continue
        word = _predicate(heads, *found, taken[event["type"]])
        taken[event["type"]].add(word)
        again = word in document.events
        document.events.setdefault(word, set()).add(EVENT_TYPES.index(event["type"]))
        if again:
            continue  # one clause for two types: parties and extent are those of the first
        realis[word] = REALIS_LABELS.index(event.get("realis") or "actual")
        label = f"{event['type']}:{event.get('mode')}"
        mode[word] = MODES.index(label) if label in MODES else IGNORE
        starts.append((word, found[0]))
        ends.append((word, found[1] - 1))
        parties = [(0, a) for a in event.get("source") or ()] + [(1, a) for a in event.get("target") or ()]
        pairs += mentions.pairs(word, *found, parties, 2)
        place = _plain(event.get("place")).split(" ")[0]
        if place:
            a, b = document.sentences[aligned.sentence_of[word]]
            hits = [i for i in range(a, b) if _plain(document.words[i]) == place]
            pairs += (
                [(word, EVENT_ROLES.index("place"), i, int(i in hits)) for i in range(a, b) if document.words[i][0].isupper()]
                if hits
                else []
            )


def _add_statements(aligned: Aligned, record: Record, mentions: _Mentions) -> None:
    document = aligned.document
    row, conditions = document.tag("statement", 0), document.tag("condition", 0)
    pairs = document.pairs.setdefault("statement_roles", [])
    for statement in sorted(record["statements"], key=lambda s: s["content"][0] - s["content"][1]):
        found = aligned.words(*statement["content"])
        if not found:
            continue
        a, b = found
        row[a:b] = [1] + [2] * (b - a - 1)
        document.acts.append((a, b, ACTS.index(statement["act"])))
        parties = [(number, actor) for number, role in enumerate(STATEMENT_ROLES) for actor in statement.get(role) or ()]
        pairs += mentions.pairs(a, a, b, parties, len(STATEMENT_ROLES))
        if statement.get("condition") and (c := aligned.words(*statement["condition"])):
            conditions[c[0] : c[1]] = [1] + [2] * (c[1] - c[0] - 1)


def read_polnear(folder: Path, skip_texts: set[str]) -> list[Labelled]:
    """PolNeAR articles with source, cue and content tags and the links from each content to its cue and source.

    Args:
        folder: `train` or `dev` of the corpus.
        skip_texts: openings (first 80 letters and digits) of texts that must not be learned from.
    """
    documents = []
    annotations = {p.stem.rpartition("_")[0]: p for p in sorted((folder / "attributions").glob("*.ann"))}
    for path in sorted((folder / "text").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        if opening(text) in skip_texts or path.stem not in annotations:
            continue
        aligned = Aligned(path.stem, text)
        row = aligned.document.tag("attribution", 0)
        spans: dict[str, tuple[str, list[tuple[int, int]]]] = {}
        links: list[dict[str, list[str]]] = []
        for line in annotations[path.stem].read_text(encoding="utf-8").splitlines():
            parts = line.split("\t")
            if re.fullmatch(r"T\d+", parts[0]) and len(parts) > 1:
                kind, _, offsets = parts[1].partition(" ")
                spans[parts[0]] = (kind.lower(), [(int(a), int(b)) for a, b in (o.split() for o in offsets.split(";"))])
            elif re.fullmatch(r"E\d+", parts[0]) and len(parts) > 1:
                groups: dict[str, list[str]] = defaultdict(list)
                for item in parts[1].split():
                    role, _, key = item.partition(":")
                    groups[role.rstrip("0123456789").lower()].append(key)
                links.append(groups)
        for kind, pieces in spans.values():
            if kind in ("source", "cue", "content"):
                for piece in pieces:
                    if found := aligned.words(*piece):
                        a, b = found
                        row[a:b] = [ATTRIBUTION_TAGS.index(f"B-{kind}")] + [ATTRIBUTION_TAGS.index(f"I-{kind}")] * (b - a - 1)
        for groups in links:
            first_words = {
                role: sorted(
                    f[0]
                    for key in groups.get(role, ())
                    if key in spans
                    for piece in spans[key][1]
                    if (f := aligned.words(*piece))
                )
                for role in ("source", "cue", "content")
            }
            for content in first_words["content"]:
                for role, name in (("source", "link_source"), ("cue", "link_cue")):
                    target = min(first_words[role], key=lambda w: abs(w - content), default=content)
                    aligned.document.pointers.setdefault(name, []).append((content, target))
        documents.append(aligned.document)
    return documents


def opening(text: str) -> str:
    """The first 80 letters and digits of a text, for recognising one text in two corpora."""
    return re.sub(r"[\W_]+", "", text.lower())[:80]
