"""Universal Dependencies treebanks and PropBank frames, read into labelled documents."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from training.labelled import ENTITY_TYPES, IGNORE, RELATIONS, ROLE_LABELS, ROLES, UPOS, Labelled

NON_COMMERCIAL = ("essay", "fiction", "letter", "podcast", "whow")  # GUM genres whose licence forbids commercial use


def read_sentences(path: Path) -> Iterator[tuple[dict[str, str], list[list[str]]]]:
    """Sentences of a CoNLL-U file: (comments, rows of ten columns without ranges and empty nodes)."""
    comments: dict[str, str] = {}
    rows: list[list[str]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            key, _, value = line[1:].partition("=")
            comments[key.strip()] = value.strip()
        elif line:
            row = line.split("\t")
            if row[0].isdigit():
                rows.append(row)
        elif rows:
            yield comments, rows
            comments, rows = {}, []
    if rows:
        yield comments, rows


def read_treebank(path: Path, skip: tuple[str, ...] = ()) -> list[Labelled]:
    """Documents of a treebank with tags, trees and, where MISC has them, entities and coreference.

    Args:
        path: a CoNLL-U file.
        skip: documents whose id contains one of these are left out.
    """
    documents: list[Labelled] = []
    current: Labelled | None = None
    opened: dict[str, list[tuple[int, str]]] = {}
    mentions: dict[str, list[tuple[int, int, str]]] = {}
    sentence_ids: dict[str, tuple[int, int]] = {}

    def close() -> None:
        if current is not None and current.words:
            _add_mentions(current, mentions.get(current.name, []))
            documents.append(current)

    for comments, rows in read_sentences(path):
        name = comments.get("newdoc id")
        if name or current is None:
            close()
            current = Labelled(name or path.stem, [], [], heads=[])
            opened = {}
        assert current.heads is not None
        first = len(current.words)
        for row in rows:
            head = int(row[6])
            index = first + int(row[0]) - 1
            current.words.append(row[1])
            current.heads.append(index if head == 0 else first + head - 1)
            current.tags.setdefault("upos", []).append(UPOS.index(row[3]))
            current.tags.setdefault("relation", []).append(
                RELATIONS.index(row[7]) if row[7] in RELATIONS else RELATIONS.index(row[7].split(":")[0])
            )
            match = re.search(r"Entity=([^|]+)", row[9])
            for piece in re.findall(r"\([^()]+\)?|[^()]+\)", match[1]) if match else ():
                parts = piece.strip("()").split("-")
                if piece.startswith("("):
                    opened.setdefault(parts[0], []).append((index, parts[1]))
                if piece.endswith(")") and opened.get(parts[0]):
                    start, kind = opened[parts[0]].pop()
                    mentions.setdefault(current.name, []).append((start, index + 1, f"{parts[0]} {kind}"))
        current.sentences.append((first, len(current.words)))
        if "sent_id" in comments:
            sentence_ids[comments["sent_id"]] = (len(documents), first)
    close()
    kept = [d for d in documents if not any(s in d.name for s in skip)]
    for document in kept:
        document.tags = {k: v for k, v in document.tags.items() if len(v) == len(document.words)}
    read_treebank.sentence_ids = {s: (documents[d], at) for s, (d, at) in sentence_ids.items()}  # type: ignore[attr-defined]
    return kept


def span_head(heads: list[int], first: int, last: int) -> int:
    """The word of `[first, last)` that hangs from outside it (of several, the first that has most of the span below it)."""
    tops = [i for i in range(first, last) if heads[i] == i or not first <= heads[i] < last]
    if len(tops) <= 1:
        return tops[0] if tops else first
    sizes = dict.fromkeys(tops, 0)
    for i in range(first, last):
        at, steps = i, 0
        while at not in sizes and steps < 100:
            at, steps = heads[at], steps + 1
        if at in sizes:
            sizes[at] += 1
    return max(tops, key=lambda t: (sizes[t], -t))


def _add_mentions(document: Labelled, mentions: list[tuple[int, int, str]]) -> None:
    if not mentions:
        return
    assert document.heads is not None
    row = document.tag("entity", 0)
    last_of: dict[str, int] = {}
    by_head: dict[int, tuple[int, int, str]] = {}
    for start, end, label in sorted(mentions, key=lambda m: (m[0], -m[1])):
        head = span_head(document.heads, start, end)
        if head not in by_head:
            by_head[head] = (start, end, label)
    chain: list[tuple[int, int]] = []
    for head in sorted(by_head):
        group, kind = by_head[head][2].split(" ")
        row[head] = ENTITY_TYPES.index(kind) if kind in ENTITY_TYPES else 0
        chain.append((head, last_of.get(group, head)))
        last_of[group] = head
    document.pointers["antecedent"] = chain


def add_frames(documents: list[Labelled], path: Path) -> int:
    """Add PropBank frames to the EWT documents read last; returns how many frames were placed."""
    index: dict[str, tuple[Labelled, int]] = read_treebank.sentence_ids  # type: ignore[attr-defined]
    kept = {id(d) for d in documents}
    count = 0
    for item in json.loads(path.read_text(encoding="utf-8")):
        found = index.get(item["sent_id"])
        if not found or id(found[0]) not in kept:
            continue
        document, first = found
        assert document.heads is not None
        if document.words[first : first + len(item["words"])] != item["words"]:
            continue
        for predicate, _, arguments in item["frames"]:
            document.predicates.append(first + predicate)
            count += 1
            for label, a, b in arguments:
                if label in ROLES:
                    begin = ROLE_LABELS.index(f"B-{label}")
                    document.frames += [(first + predicate, first + i, begin + (i > a)) for i in range(a, b + 1)]
    return count


__all__ = ["IGNORE", "NON_COMMERCIAL", "add_frames", "read_sentences", "read_treebank", "span_head"]
