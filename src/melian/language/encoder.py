"""The language model: one ONNX session, asked for a window of sentences at a time.

The model, its vocabulary and its label lists lie in `model/` and come with the package. Only `onnxruntime` and `numpy` are needed.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from melian.errors import ModelError
from melian.language.windows import WindowArrays
from melian.language.wordpieces import WordPieces

Scores = NDArray[np.float32]
FORMAT = 2
# What the coder asks for; other heads (entities, attribution tags, PropBank arguments) are computed only when somebody wants them.
CODING_OUTPUTS = (
    "upos", "arcs", "relation", "mention", "sector", "statement", "condition", "act", "event", "realis", "mode",
    "antecedent", "links", "extent", "event_roles", "statement_roles", "mention_extent", "principal", "members",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Labels:
    """Column names of each head, as exported with the model."""

    columns: dict[str, tuple[str, ...]]
    window_pieces: int
    context_pieces: int

    def index(self, head: str, label: str) -> int:
        """Column of a label."""
        return self.columns[head].index(label)


class Encoder:
    """The model, loaded once.

    Args:
        folder: where `model.onnx`, `vocab.txt` and `labels.json` are.
        threads: threads of the computation; 0 leaves it to onnxruntime.

    Raises:
        ModelError: a file is missing or was exported for another version of the package.
    """

    def __init__(self, folder: Path, threads: int = 0) -> None:
        missing = [name for name in ("model.onnx", "vocab.txt", "labels.json") if not (folder / name).is_file()]
        if missing:
            raise ModelError(
                f"the language model is incomplete: {', '.join(missing)} not found in {folder}; install the package again"
            )
        settings = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
        if settings.get("format") != FORMAT:
            raise ModelError(f"the language model in {folder} has format {settings.get('format')}, this version reads {FORMAT}")
        self.labels = Labels(
            {k: tuple(v) for k, v in settings["labels"].items()}, settings["window_pieces"], settings["context_pieces"]
        )
        self.pieces = WordPieces.from_file(folder / "vocab.txt")
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"])

    def run(self, window: WindowArrays, outputs: tuple[str, ...] = CODING_OUTPUTS) -> dict[str, NDArray[Any]]:
        """Scores of one window by head: (words, columns) for word heads, (columns, words, words) for pair heads."""
        words = len(window.positions)
        feed = {
            "pieces": window.pieces[None],
            "shapes": window.shapes[None],
            "positions": window.positions[None],
            "mask": np.ones((1, len(window.pieces)), np.int64),
            "sentences": window.sentences[None],
            "near": _near(words),
            "marks": window.marks[None],
        }
        found = self._session.run(list(outputs), feed)
        return {name: value[0] for name, value in zip(outputs, found, strict=True)}


@cache
def default_encoder() -> Encoder:
    """The package's own model, loaded on first use."""
    with as_file(files("melian.language") / "model") as folder:
        return Encoder(folder)


@cache
def fingerprint() -> str:
    """Eight hex digits of the bytes of the package's own model: another training gives others.

    Raises:
        ModelError: the model is not there.
    """
    try:
        with as_file(files("melian.language") / "model") as folder, (folder / "model.onnx").open("rb") as stream:
            return hashlib.file_digest(stream, "blake2b").hexdigest()[:8]
    except OSError as error:
        raise ModelError(f"the language model cannot be read ({error.strerror or error}); install the package again") from error


_MOST_WORDS = 512
_LIMITS = np.array([6, 9, 14, 20, 30, 45, 65, 95, 130])


def _near(words: int) -> NDArray[np.int64]:
    """Distance buckets of word pairs, as in training (exact to six words, then wider)."""
    return np.ascontiguousarray(_all_near()[:words, :words])


@cache
def _all_near() -> NDArray[np.int64]:
    """The buckets of the longest window; those of a shorter one are its corner."""
    index = np.arange(_MOST_WORDS)
    gap = index[None, :] - index[:, None]
    size = np.abs(gap)
    level = np.minimum(size, 6) + (size[..., None] > _LIMITS).sum(-1)
    return np.asarray(np.where(gap < 0, level, level + 17), np.int64)
