"""Everything that can be read: files, folders and standard input, each to an iterator of documents.

Reading never stops at a bad input: its error stands in its place, and the caller decides what to do about it.

    from pathlib import Path
    from melian.sources import read_inputs

    for found in read_inputs([Path("news/")], published="2022-01-21"):
        ...   # a Document, or the exception that says why there is none
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import msgspec

from melian.errors import DateError, EmptyText, InputError, MissingInput, NotEnglish
from melian.records import Document
from melian.sources.english import other_language
from melian.sources.folder import LINES_ENDINGS, TEXT_ENDINGS, documents_in, ending, stem
from melian.sources.json_lines import looks_like_json_lines, read_json_lines
from melian.sources.published import iso_date
from melian.sources.streams import STANDARD_INPUT, name_of, open_bytes
from melian.sources.text import read_text

__all__ = ["STANDARD_INPUT", "Found", "input_files", "iso_date", "name_of", "read_inputs"]

Found = Document | InputError | DateError
_LETTER = re.compile(r"[^\W\d_]")


def read_inputs(inputs: Iterable[Path], published: str | None = None, skip: Collection[Path] = ()) -> Iterator[Found]:
    """Every document of the inputs, in order, with unique ids; an error where a document should have been.

    Args:
        inputs: files (plain or gzipped), folders (searched with the folders in them, sorted), `Path("-")` for standard input.
        published: ISO date of the documents that do not bring their own.
        skip: files that are left out of folders (the output of an earlier run, say).

    Raises:
        DateError: `published` is no date (errors of the inputs themselves are yielded).
    """
    default = iso_date(published, "published") if published else None
    return _unique_ids(_checked(found) for place in input_files(inputs, skip) for found in _read(place, default))


def input_files(inputs: Iterable[Path], skip: Collection[Path] = ()) -> Iterator[Path | MissingInput]:
    """The files that the inputs stand for, folders opened; a file reached twice is given once."""
    seen = {path.resolve() for path in skip}
    for given in inputs:
        if given != STANDARD_INPUT and not given.exists():
            yield MissingInput("no such file or folder", str(given))
        elif given != STANDARD_INPUT and given.is_dir():
            inside = list(documents_in(given))
            if not inside:
                yield MissingInput("no .txt, .jsonl or .ndjson file in this folder", str(given))
            for path in inside:
                if path.resolve() not in seen:
                    seen.add(path.resolve())
                    yield path
        elif given == STANDARD_INPUT or given.resolve() not in seen:
            seen.add(given.resolve())
            yield given


def _read(place: Path | MissingInput, published: str | None) -> Iterator[Found]:
    if isinstance(place, MissingInput):
        yield place
        return
    where = name_of(place)
    name = "stdin" if place == STANDARD_INPUT else stem(place)
    try:
        with open_bytes(place) as stream:
            if _holds_lines(place, stream.peek(64)):
                yield from read_json_lines(stream, name, where, published)
            else:
                yield read_text(stream, name, where, published)
    except InputError as error:
        yield error


def _holds_lines(place: Path, head: bytes) -> bool:
    if ending(place) in TEXT_ENDINGS:
        return False
    return ending(place) in LINES_ENDINGS or looks_like_json_lines(head)


def _checked(found: Found) -> Found:
    """The document where its text can be coded, else the error that says why not."""
    if not isinstance(found, Document):
        return found
    if not _LETTER.search(found.text):
        return EmptyText("there are no words in it", found.origin)
    language = other_language(found.text)
    return NotEnglish(language, found.origin) if language else found


def _unique_ids(found: Iterable[Found]) -> Iterator[Found]:
    """The same with ids that occur once: the second "report" becomes "report-2"."""
    used: dict[str, int] = {}
    for each in found:
        if isinstance(each, Document):
            doc_id = each.doc_id
            while doc_id in used:
                used[each.doc_id] += 1
                doc_id = f"{each.doc_id}-{used[each.doc_id]}"
            used[doc_id] = 1
            if doc_id != each.doc_id:
                each = msgspec.structs.replace(each, doc_id=doc_id)
        yield each
