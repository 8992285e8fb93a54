"""Folders: which of their files are documents."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path, PurePath

from melian.sources.kinds import ENDINGS, Kind

TEXT_ENDINGS = frozenset(each for each, kind in ENDINGS.items() if kind == "text")
LINES_ENDINGS = frozenset(each for each, kind in ENDINGS.items() if kind == "lines")


def ending(path: PurePath) -> str:
    """The file's ending in small letters, ".gz" left off: ".txt" for "A.TXT.gz"."""
    return PurePath(_plain_name(path)).suffix.lower()


def stem(path: PurePath) -> str:
    """The file's name without its ending: "talks" for "news/talks.txt.gz"."""
    return PurePath(_plain_name(path)).stem


def documents_in(folder: Path, kinds: Collection[Kind] | None = None) -> Iterator[Path]:
    """Files in `folder` and the folders in it, of these kinds (None: of any that is read), sorted by path.

    Hidden ones are passed over, and so are the pictures and frames that a browser puts beside a page that it saves
    ("Talks_files" beside "Talks.html").
    """
    paths = sorted(folder.rglob("*"))
    pages = {path.with_suffix("") for path in paths if ENDINGS.get(ending(path)) == "page"}
    for path in paths:
        inside = path.relative_to(folder)
        wanted = kinds is None or ENDINGS.get(ending(path)) in kinds
        if wanted and is_document(inside) and path.is_file() and not any(_beside(parent) in pages for parent in path.parents):
            yield path


def is_document(inside: PurePath) -> bool:
    """Whether a path inside a folder or archive names a file of a kind that is read, and nothing hidden."""
    return ending(inside) in ENDINGS and not any(part.startswith((".", "__MACOSX")) for part in inside.parts)


def _beside(folder: Path) -> Path | None:
    """The page (without its ending) that a folder of this name belongs to."""
    return folder.with_name(folder.name.removesuffix("_files")) if folder.name.endswith("_files") else None


def _plain_name(path: PurePath) -> str:
    return path.name[:-3] if path.name.lower().endswith(".gz") else path.name
