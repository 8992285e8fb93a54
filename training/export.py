"""Export trained weights to int8 ONNX for the package: `python -m training.export training/runs/NAME/joint.pt`.

Dynamic quantisation of the weights, per channel (per-tensor costs four points of cosine to the float model). The label lists
travel with the model as `labels.json`, so that a reader of scores never guesses what a column is.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from melian.language.windows import CONTEXT_PIECES, MOST_PIECES
from training import labelled
from training.network import PAIR_HEADS, TAG_HEADS, Network, near_buckets, vocabulary_file

TARGET = Path(__file__).parents[1] / "src/melian/language/model"
INPUTS = ("pieces", "shapes", "positions", "mask", "sentences", "near", "marks")
OUTPUTS = ("upos", "arcs", "relation", *(n for n in TAG_HEADS if n != "upos"), "vectors", *PAIR_HEADS)


class Exported(nn.Module):
    """The network with every head answered at once, in the order of OUTPUTS."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(
        self, pieces: Tensor, shapes: Tensor, positions: Tensor, mask: Tensor, sentences: Tensor, near: Tensor, marks: Tensor
    ) -> tuple[Tensor, ...]:
        net = self.network
        words = net(pieces, shapes, positions, mask, marks)
        arcs = net.arcs(words, near, sentences)
        relation = net.relations(words, arcs.argmax(-1)).argmax(-1)
        tags = [net.tags[name](words) for name in TAG_HEADS if name != "upos"]
        pairs = [net.pairs[name](words, near) for name in PAIR_HEADS]
        return (net.tags["upos"](words).argmax(-1), arcs, relation, *tags, words, *pairs)


def export(weights: Path, target: Path) -> None:
    """Write model.onnx (int8), vocab.txt and labels.json into a folder."""
    network = Network()
    network.load_state_dict(torch.load(weights, map_location="cpu"))
    network.float().eval()
    target.mkdir(parents=True, exist_ok=True)
    w, t = 7, 12
    sample = (
        torch.randint(1000, 2000, (2, t)),
        torch.ones(2, t, dtype=torch.long),
        torch.arange(1, w + 1).expand(2, w).contiguous(),
        torch.ones(2, t, dtype=torch.long),
        torch.zeros(2, w, dtype=torch.long),
        near_buckets(w),
        torch.zeros(2, t, dtype=torch.long),
    )
    axes = {n: {0: "batch", 1: "pieces"} for n in ("pieces", "shapes", "mask", "marks")} | {
        n: {0: "batch", 1: "words"} for n in ("positions", "sentences")
    }
    axes["near"] = {0: "words", 1: "words"}
    axes |= {n: {0: "batch", 1: "words"} for n in OUTPUTS if n not in PAIR_HEADS}
    axes["arcs"] = {0: "batch", 1: "words", 2: "words"}
    axes |= {n: {0: "batch", 2: "words", 3: "words"} for n in PAIR_HEADS}
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw.onnx"
        torch.onnx.export(
            Exported(network),
            sample,
            str(raw),
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(
            raw, target / "model.onnx", per_channel=True, weight_type=QuantType.QInt8, extra_options={"MatMulConstBOnly": True}
        )
    shutil.copy(vocabulary_file(), target / "vocab.txt")
    labels = {
        "upos": labelled.UPOS,
        "relation": labelled.RELATIONS,
        "entity": labelled.ENTITY_TYPES,
        "mention": labelled.MENTION_KINDS,
        "sector": list(labelled.SECTORS),
        "attribution": labelled.ATTRIBUTION_TAGS,
        "statement": labelled.SPAN_TAGS,
        "condition": labelled.SPAN_TAGS,
        "act": list(labelled.ACTS),
        "event": list(labelled.EVENT_TYPES),
        "realis": list(labelled.REALIS_LABELS),
        "mode": labelled.MODES,
        "links": ["source", "cue"],
        "extent": ["first", "last"],
        "mention_extent": ["first", "last"],
        "pair": [*labelled.EVENT_TYPES, "none", "weight"],
        "event_roles": list(labelled.EVENT_ROLES),
        "statement_roles": list(labelled.STATEMENT_ROLES),
        "frames": labelled.ROLE_LABELS,
    }
    settings = {"format": 2, "window_pieces": MOST_PIECES, "context_pieces": CONTEXT_PIECES, "labels": labels}
    (target / "labels.json").write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")
    _check(network, target, sample)


def _check(network: Network, target: Path, sample: tuple[Tensor, ...]) -> None:
    """Say how near the int8 model's scores are to the float model's."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(target / "model.onnx"))
    got = session.run(None, {name: value.numpy() for name, value in zip(INPUTS, sample, strict=True)})
    with torch.inference_mode():
        want = Exported(network)(*sample)
    for name, a, b in zip(OUTPUTS, got, want, strict=True):
        if a.dtype == np.float32 and name != "arcs":
            x, y = a.ravel(), b.numpy().ravel()
            print(f"{name}: cosine {float(x @ y / (np.linalg.norm(x) * np.linalg.norm(y) + 1e-9)):.4f}")
    print(f"{target / 'model.onnx'}: {(target / 'model.onnx').stat().st_size / 1e6:.1f} MB")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--target", type=Path, default=TARGET)
    options = parser.parse_args()
    export(options.weights, options.target)


if __name__ == "__main__":
    main()
