"""Folders: which of their files are documents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

TEXT_ENDINGS = frozenset({".txt"})
LINES_ENDINGS = frozenset({".jsonl", ".ndjson"})


def ending(path: Path) -> str:
    """The file's ending in small letters, ".gz" left off: ".txt" for "A.TXT.gz"."""
    return Path(_plain_name(path)).suffix.lower()


def stem(path: Path) -> str:
    """The file's name without its ending: "talks" for "news/talks.txt.gz"."""
    return Path(_plain_name(path)).stem


def documents_in(folder: Path) -> Iterator[Path]:
    """Text and JSON lines files in `folder` and the folders in it, sorted by path; hidden ones are passed over."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).parts
        if ending(path) in TEXT_ENDINGS | LINES_ENDINGS and path.is_file() and not any(part.startswith(".") for part in inside):
            yield path


def _plain_name(path: Path) -> str:
    return path.name[:-3] if path.name.lower().endswith(".gz") else path.name
