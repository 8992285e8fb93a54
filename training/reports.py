"""Coded reports (the shared gold and the project's own) and PolNeAR, read into labelled documents."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from melian.coding.dates import find_dates
from melian.coding.events import REACH
from training.labelled import (
    ACTS,
    ATTRIBUTION_TAGS,
    EVENT_ROLES,
    EVENT_TYPES,
    IGNORE,
    MODES,
    REALIS_LABELS,
    STATEMENT_ROLES,
    Labelled,
)
from training.pair_examples import pair_examples
from training.parties import Aligned, Mentions, Record, plain_name
from training.treebanks import span_head

Heads = dict[str, list[int]]


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
    document_mentions = Mentions(aligned, heads, record, countries)
    _add_events(aligned, heads, record, document_mentions)
    _add_statements(aligned, record, document_mentions)
    return document


def read_pairs(records: list[Record], heads: Heads, countries: dict[str, set[str]]) -> list[Labelled]:
    """Sentences of coded reports with two parties marked and the types of event between them, for the pair head."""
    out = []
    for record in records:
        aligned = Aligned(record["doc_id"], record["text"])
        out += pair_examples(aligned, Mentions(aligned, heads[record["doc_id"]], record, countries), record)
    return out


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


def _add_events(aligned: Aligned, heads: list[int], record: Record, mentions: Mentions) -> None:
    document = aligned.document
    document.events = {}
    realis, mode = document.tag("realis"), document.tag("mode")
    pairs = document.pairs.setdefault("event_roles", [])
    starts, ends = document.pointers.setdefault("evidence_start", []), document.pointers.setdefault("evidence_end", [])
    tellings = [(e, tuple(e["evidence"])) for e in record["events"]]
    tellings += [(e, tuple(span)) for e in record["events"] for span in e.get("also") or ()]
    taken: dict[str, set[int]] = defaultdict(set)
    dates = [
        (found[1] - 1, d.value)
        for d in find_dates(record["text"], record.get("published"))
        if d.value and d.kind in ("date", "time") and (found := aligned.words(*d.span))
    ]
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
        if word not in mentions.entity_of:
            # A predicate that points at itself has nobody on that side.
            pairs += [(word, role, word, int(not event.get(side))) for role, side in enumerate(("source", "target"))]
        pairs += _place_links(aligned, word, event.get("place"))
        pairs += _time_links(aligned, word, event.get("date"), dates)


def _place_links(aligned: Aligned, word: int, place: str | None) -> list[tuple[int, int, int, int]]:
    """Which capitalised words before and around a predicate are the place of its event; none where the text has it elsewhere."""
    wanted = plain_name(place).split(" ")[0]
    if not wanted:
        return []
    words = aligned.document.words
    near = range(max(0, word - REACH), aligned.document.sentences[aligned.sentence_of[word]][1])
    hits = [i for i in near if plain_name(words[i]) == wanted]
    here = [i for i in hits if aligned.sentence_of[i] == aligned.sentence_of[word]] or hits[-1:]
    role = EVENT_ROLES.index("place")
    return (
        [(word, role, i, int(i in here)) for i in near if words[i][:1].isupper() and (i in here or i not in hits)]
        if here
        else []
    )


def _time_links(aligned: Aligned, word: int, date: str | None, dates: list[tuple[int, str]]) -> list[tuple[int, int, int, int]]:
    """Which date expressions (by their last word) before and around a predicate date its event; all are wrong for a null date."""
    last = aligned.document.sentences[aligned.sentence_of[word]][1]
    near = [(at, value) for at, value in dates if word - REACH <= at < last]
    hits = [at for at, value in near if value == date]
    if date and not hits:
        return []
    here = [at for at in hits if aligned.sentence_of[at] == aligned.sentence_of[word]] or hits[-1:]
    role = EVENT_ROLES.index("time")
    return [(word, role, at, int(at in here)) for at, _ in near if at in here or at not in hits]


def _add_statements(aligned: Aligned, record: Record, mentions: Mentions) -> None:
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
