"""Windows of labelled documents as tensors, and the losses of what each document has labels for."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from melian.language.windows import arrays, pack, shape
from melian.language.wordpieces import WordPieces
from training.labelled import ACTS, EVENT_TYPES, IGNORE, Labelled
from training.network import Network, near_buckets


@dataclass
class Item:
    """A window of a document: words `[first, last)` of it, with encoder inputs."""

    document: Labelled
    first: int
    last: int
    inputs: object


def items(documents: Sequence[Labelled], pieces: WordPieces, most: int, shift: int = 0) -> list[Item]:
    """Cut documents into windows without context; `shift` sentences are cut off first, so that windows differ by epoch."""
    out = []
    for document in documents:
        cut = [[pieces(w) for w in document.words[a:b]] for a, b in document.sentences]
        shapes = [[shape(w) for w in document.words[a:b]] for a, b in document.sentences]
        marks = document.marks or [0] * len(document.words)
        sizes = [1 + sum(map(len, s)) for s in cut]
        start = shift % 3 if len(sizes) > 6 else 0
        parts = [range(0, start)] if start else []
        parts += [range(start + w.first, start + w.last) for w in pack(sizes[start:], most, 0)]
        for part in parts:
            a, b = part.start, part.stop
            while b > a and sum(sizes[a:b]) > 500:
                b -= 1  # a run of text without a sentence end that no encoder could read
            if b > a:
                out.append(
                    Item(
                        document,
                        document.sentences[a][0],
                        document.sentences[b - 1][1],
                        arrays(cut[a:b], shapes[a:b], [marks[s:e] for s, e in document.sentences[a:b]]),
                    )
                )
    return out


def batches(windows: list[Item], words: int, rng: random.Random) -> list[list[Item]]:
    """Windows of like length together, about `words` wordpieces a batch, in random order."""
    order = sorted(windows, key=lambda w: (len(w.inputs.pieces) // 16, rng.random()))
    out: list[list[Item]] = []
    current: list[Item] = []
    longest = 0
    for window in order:
        size = len(window.inputs.pieces)
        if current and max(longest, size) * (len(current) + 1) > words:
            out.append(current)
            current, longest = [], 0
        current.append(window)
        longest = max(longest, size)
    if current:
        out.append(current)
    rng.shuffle(out)
    return out


def tensors(batch: list[Item]) -> dict[str, Tensor]:
    """Padded encoder inputs."""
    t = -(-max(len(i.inputs.pieces) for i in batch) // 8) * 8
    w = max(len(i.inputs.positions) for i in batch)
    out = {
        name: torch.zeros(len(batch), w if name == "positions" else t, dtype=torch.long)
        for name in ("pieces", "shapes", "mask", "marks", "positions")
    }
    out["sentences"] = torch.full((len(batch), w), -1, dtype=torch.long)
    for row, item in enumerate(batch):
        inputs = item.inputs
        n = len(inputs.pieces)
        out["pieces"][row, :n] = torch.from_numpy(inputs.pieces)
        out["shapes"][row, :n] = torch.from_numpy(inputs.shapes)
        out["mask"][row, :n] = 1
        out["marks"][row, :n] = torch.from_numpy(inputs.marks)
        k = len(inputs.positions)
        out["positions"][row, :k] = torch.from_numpy(inputs.positions)
        out["sentences"][row, :k] = torch.from_numpy(inputs.sentences)
    return out


def _tag_rows(batch: list[Item], name: str, w: int) -> Tensor | None:
    rows = np.full((len(batch), w), IGNORE, np.int64)
    some = False
    for row, item in enumerate(batch):
        tags = item.document.tags.get(name)
        if tags is not None:
            rows[row, : item.last - item.first] = tags[item.first : item.last]
            some = True
    return torch.from_numpy(rows) if some and (rows != IGNORE).any() else None


WEIGHTS = {
    "arc": 1.0,
    "relation": 1.0,
    "upos": 0.5,
    "entity": 0.5,
    "mention": 1.0,
    "sector": 0.5,
    "attribution": 1.5,
    "statement": 1.5,
    "condition": 0.5,
    "act": 0.7,
    "event": 40.0,
    "realis": 0.5,
    "mode": 0.4,
    "antecedent": 0.7,
    "links": 0.7,
    "extent": 0.7,
    "event_roles": 6.0,
    "statement_roles": 6.0,
    "frames": 3.0,
    "mention_extent": 0.5,
    "principal": 0.7,
    "members": 3.0,
    "pair": 1.0,
}


def losses(network: Network, batch: list[Item], dropout: float = 0.1) -> dict[str, Tensor]:
    """Weighted losses by head, for the heads that some document of the batch has labels for."""
    inputs = tensors(batch)
    words = network(inputs["pieces"], inputs["shapes"], inputs["positions"], inputs["mask"], inputs["marks"], dropout)
    w = words.shape[1]
    near = near_buckets(w)
    out: dict[str, Tensor] = {}
    for name in ("upos", "entity", "mention", "sector", "attribution", "statement", "condition", "realis", "mode"):
        gold = _tag_rows(batch, name, w)
        if gold is not None:
            scores = network.tags[name](words).float()
            out[name] = F.cross_entropy(scores.flatten(0, 1), gold.flatten(), ignore_index=IGNORE, label_smoothing=0.02)
    _tree_losses(network, batch, words, near, inputs, out)
    _pair_losses(network, batch, words, near, inputs, out)
    _event_losses(network, batch, words, out)
    _act_losses(network, batch, words, out)
    _marked_losses(network, batch, words, inputs, out)
    return {name: value * WEIGHTS[name] for name, value in out.items()}


def _tree_losses(
    network: Network, batch: list[Item], words: Tensor, near: Tensor, inputs: dict[str, Tensor], out: dict[str, Tensor]
) -> None:
    heads = torch.full(words.shape[:2], IGNORE)
    for row, item in enumerate(batch):
        if item.document.heads is not None:
            local = torch.tensor(item.document.heads[item.first : item.last]) - item.first
            heads[row, : len(local)] = local
    if (heads == IGNORE).all():
        return
    scores = network.arcs(words, near, inputs["sentences"]).float()
    out["arc"] = F.cross_entropy(scores.flatten(0, 1), heads.flatten(), ignore_index=IGNORE)
    gold = _tag_rows(batch, "relation", words.shape[1])
    if gold is not None:
        relations = network.relations(words, heads.clamp(min=0)).float()
        out["relation"] = F.cross_entropy(relations.flatten(0, 1), gold.flatten(), ignore_index=IGNORE)


def _pair_losses(
    network: Network, batch: list[Item], words: Tensor, near: Tensor, inputs: dict[str, Tensor], out: dict[str, Tensor]
) -> None:
    padding = inputs["sentences"] < 0
    _antecedent_losses(network, batch, words, near, out)
    _principal_losses(network, batch, words, near, padding, out)
    pointers = {
        "links": ("link_source", "link_cue"),
        "extent": ("evidence_start", "evidence_end"),
        "mention_extent": ("mention_start", "mention_end"),
    }
    for name, parts in pointers.items():
        rows: list[tuple[int, int, int, int]] = []
        for row, item in enumerate(batch):
            for number, part in enumerate(parts):
                for a, b in item.document.pointers.get(part, ()):
                    if item.first <= a < item.last:
                        goal = b if item.first <= b < item.last else a
                        rows.append((row, number, a - item.first, goal - item.first))
        if rows:
            scores = network.pairs[name](words, near).float().masked_fill(padding[:, None, None, :], -1e4)
            index = torch.tensor(rows).T
            out[name] = F.cross_entropy(scores[index[0], index[1], index[2]], index[3])
    for name in ("event_roles", "statement_roles", "members"):
        rows = [
            (row, role, a - item.first, b - item.first, y)
            for row, item in enumerate(batch)
            for a, role, b, y in item.document.pairs.get(name, ())
            if item.first <= a < item.last and item.first <= b < item.last
        ]
        if rows:
            scores = network.pairs[name](words, near).float()
            index = torch.tensor(rows).T
            out[name] = F.binary_cross_entropy_with_logits(
                scores[index[0], index[1], index[2], index[3]], index[4].float(), reduction="mean"
            )
    predicates = [
        (row, p - item.first) for row, item in enumerate(batch) for p in item.document.predicates if item.first <= p < item.last
    ]
    if predicates:
        labels = torch.zeros(len(batch), words.shape[1], words.shape[1], dtype=torch.long)
        for row, item in enumerate(batch):
            for p, a, label in item.document.frames:
                if item.first <= p < item.last and item.first <= a < item.last:
                    labels[row, p - item.first, a - item.first] = label
        index = torch.tensor(predicates).T
        sentences = inputs["sentences"]
        same = sentences[index[0]] == sentences[index[0], index[1]].unsqueeze(1)
        scores = network.pairs["frames"](words, near).float().permute(0, 2, 3, 1)[index[0], index[1]]
        out["frames"] = F.cross_entropy(scores[same], labels[index[0], index[1]][same])


def _antecedent_losses(network: Network, batch: list[Item], words: Tensor, near: Tensor, out: dict[str, Tensor]) -> None:
    """Any earlier mention of the entity in the window is right; a first mention points at itself (marginal likelihood over
    antecedents, Lee et al. 2017)."""
    rows: list[tuple[int, int]] = []
    right: list[list[int]] = []
    for row, item in enumerate(batch):
        first_of: dict[int, int] = {}
        before: dict[int, list[int]] = {}
        for head, previous in item.document.pointers.get("antecedent", ()):
            root = first_of.setdefault(head, first_of.get(previous, head))
            if item.first <= head < item.last:
                rows.append((row, head - item.first))
                right.append(list(before.get(root, [head - item.first])))
                before.setdefault(root, []).append(head - item.first)
    if not rows:
        return
    index = torch.tensor(rows).T
    scores = network.pairs["antecedent"](words, near).float()[index[0], 0, index[1]]
    later = torch.arange(words.shape[1])[None, :] > index[1][:, None]
    scores = scores.masked_fill(later, -1e4)
    wrong = torch.ones_like(later)
    for number, found in enumerate(right):
        wrong[number, found] = False
    out["antecedent"] = (scores.logsumexp(-1) - scores.masked_fill(wrong, -1e4).logsumexp(-1)).mean()


def _principal_losses(
    network: Network, batch: list[Item], words: Tensor, near: Tensor, padding: Tensor, out: dict[str, Tensor]
) -> None:
    """Any mention that names the principal is right; where the window has none, the mention itself."""
    rows: list[tuple[int, int]] = []
    right: list[list[int]] = []
    for row, item in enumerate(batch):
        for head, goals in item.document.sets.get("principal", ()):
            if item.first <= head < item.last:
                rows.append((row, head - item.first))
                right.append([g - item.first for g in goals if item.first <= g < item.last] or [head - item.first])
    if not rows:
        return
    index = torch.tensor(rows).T
    scores = network.pairs["principal"](words, near).float()[index[0], 0, index[1]].masked_fill(padding[index[0]], -1e4)
    wrong = torch.ones(scores.shape, dtype=torch.bool)
    for number, found in enumerate(right):
        wrong[number, found] = False
    out["principal"] = (scores.logsumexp(-1) - scores.masked_fill(wrong, -1e4).logsumexp(-1)).mean()


def _marked_losses(
    network: Network, batch: list[Item], words: Tensor, inputs: dict[str, Tensor], out: dict[str, Tensor]
) -> None:
    rows = [row for row, item in enumerate(batch) if item.document.pair_types]
    if not rows:
        return
    scores = network.tags["pair"](words).float()[rows]
    weights = torch.softmax(scores[..., -1].masked_fill(inputs["sentences"][rows] < 0, -1e4), -1)
    votes = (weights.unsqueeze(-1) * scores[..., :-1]).sum(1)
    gold = torch.zeros_like(votes)
    for number, row in enumerate(rows):
        types = batch[row].document.pair_types
        gold[number, types] = 1 / len(types)
    out["pair"] = F.cross_entropy(votes, gold, label_smoothing=0.02)


def _event_losses(network: Network, batch: list[Item], words: Tensor, out: dict[str, Tensor]) -> None:
    known = torch.zeros(words.shape[:2], dtype=torch.bool)
    gold = torch.zeros(*words.shape[:2], len(EVENT_TYPES))
    for row, item in enumerate(batch):
        events = item.document.events
        if events is None:
            continue
        known[row, : item.last - item.first] = True
        for word, kinds in events.items():
            if item.first <= word < item.last:
                for kind in kinds:
                    gold[row, word - item.first, kind] = 1.0
    if known.any():
        scores = network.tags["event"](words).float()
        out["event"] = F.binary_cross_entropy_with_logits(scores[known], gold[known])


def _act_losses(network: Network, batch: list[Item], words: Tensor, out: dict[str, Tensor]) -> None:
    spans = [
        (row, a - item.first, b - item.first, act)
        for row, item in enumerate(batch)
        for a, b, act in item.document.acts
        if item.first <= a and b <= item.last
    ]
    if not spans:
        return
    scores = network.tags["act"](words).float()
    votes = []
    for row, a, b, _ in spans:
        part = scores[row, a:b]
        votes.append((torch.softmax(part[:, -1], 0).unsqueeze(1) * part[:, : len(ACTS)]).sum(0))
    out["act"] = F.cross_entropy(torch.stack(votes), torch.tensor([s[3] for s in spans]))


def epoch(documents: list[Labelled], pieces: WordPieces, words: int, rng: random.Random, number: int) -> Iterator[list[Item]]:
    """The batches of one pass over some documents."""
    yield from batches(items(documents, pieces, rng.choice((128, 190, 190)), number), words, rng)
