"""From what a caller names to its documents: which files, of which kind, read by whom."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import cast
from urllib.parse import urlsplit

from melian.errors import InputError, MissingInput, UnreadableInput
from melian.sources.given import Found, Given
from melian.sources.kinds import ENDINGS, Kind, ending_of_media_type, kind_of
from melian.sources.packed.folder import documents_in, ending, stem
from melian.sources.streams import BROKEN_GZIP, STANDARD_INPUT, broken_gzip, name_of, open_bytes, unzipped

log = logging.getLogger(__name__)

Reader = Callable[[io.BufferedReader, Given], Iterator[Found]]

# Which module reads which kind, by its `read`. They are loaded when something of the kind comes up.
_READERS: dict[Kind, str] = {
    "text": "texts.text",
    "lines": "tables.json_lines",
    "page": "pages.web_page",
    "saved_page": "pages.saved_page",
    "pdf": "texts.pdf",
    "docx": "texts.docx",
    "feed": "web.feed",
    "warc": "texts.warc",
    "table": "tables.table_rows",
    "parquet": "tables.parquet",
    "mail": "texts.mail",
    "archive": "packed.archive",
}
_LOOKED_AT = 4096  # bytes from the start by which a kind is told
# An address that went through a Path has lost one of its slashes.
_ADDRESS = re.compile(r"(https?):/{1,2}(?=[^/])", re.IGNORECASE)


def input_files(
    inputs: Iterable[Path | str], skip: Collection[Path] = (), kinds: Collection[Kind] | None = None
) -> Iterator[Path | str | MissingInput]:
    """The files that the inputs stand for, folders opened, and web addresses (as str); what is reached twice is given once.

    Args:
        inputs: files, folders, `Path("-")` for standard input, addresses that begin with http:// or https://.
        skip: files that are left out of folders.
        kinds: what folders are searched for; None stands for all kinds that are read.
    """
    seen: set[Path | str] = {path.resolve() for path in skip}
    for each in inputs:
        if address := address_of(each):
            if address not in seen:
                seen.add(address)
                yield address
            continue
        given = Path(each)
        if given != STANDARD_INPUT and not given.exists():
            yield MissingInput("no such file or folder", str(given))
        elif given != STANDARD_INPUT and given.is_dir():
            inside = list(documents_in(given, kinds))
            if not inside:
                yield MissingInput(f"no file in this folder that can be read ({_named(kinds)})", str(given))
            for path in inside:
                if path.resolve() not in seen:
                    seen.add(path.resolve())
                    yield path
        elif given == STANDARD_INPUT or given.resolve() not in seen:
            seen.add(given.resolve())
            yield given


def address_of(given: Path | str) -> str | None:
    """The web address that an input is, or None where it is a file."""
    found = _ADDRESS.match(str(given))
    if not found or (isinstance(given, Path) and given.exists()):
        return None
    return f"{found[1].lower()}://{str(given)[found.end() :]}"


def given_for(path: Path, published: str | None = None, columns: Mapping[str, str] | None = None) -> Given:
    """What a reader is told about a file."""
    name = "stdin" if path == STANDARD_INPUT else stem(path)
    return Given(name=name, where=name_of(path), published=published, columns=columns or {})


def read_place(place: Path | str | MissingInput, published: str | None, columns: Mapping[str, str] | None) -> Iterator[Found]:
    """The documents of one file or address, errors in their places."""
    if isinstance(place, MissingInput):
        yield place
        return
    try:
        if isinstance(place, str):
            yield from _read_address(place, published, columns)
        else:
            with open_bytes(place) as stream:
                yield from read_stream(stream, ending(place), given_for(place, published, columns))
    except InputError as error:
        yield error


def read_stream(stream: io.BufferedReader, ending: str, given: Given) -> Iterator[Found]:
    """The documents of an unpacked stream, whatever kind it is of, errors in their places.

    Args:
        stream: at its start.
        ending: of the name that it came under (".txt").
        given: what the readers are told.
    """
    try:
        read = reader_of(kind_of(ending, stream.peek(_LOOKED_AT)))
        yield from read(stream, given)
    except InputError as error:
        yield error
    except BROKEN_GZIP as error:
        yield broken_gzip(error, given.where)
    except Exception as error:  # the libraries that read files fail on broken ones in ways that they do not tell of
        log.debug("%s", given.where, exc_info=True)
        message = f"reading it failed ({type(error).__name__}: {str(error)[:200]}); it is probably broken"
        yield UnreadableInput(message, given.where)


def reader_of(kind: Kind) -> Reader:
    """The function that reads a kind of input."""
    return cast(Reader, import_module(f"melian.sources.{_READERS[kind]}").read)


def _read_address(address: str, published: str | None, columns: Mapping[str, str] | None) -> Iterator[Found]:
    from melian.sources.web.fetching import fetch

    answer = fetch(address)
    parts = urlsplit(answer.url)
    path = PurePosixPath(parts.path)
    own = ending(path)
    given = Given(
        name=stem(path) or parts.hostname or "page",
        where=address,
        published=published,
        columns=columns or {},
        url=answer.url,
        charset=answer.charset,
        fetched=answer.day,
    )
    stream = unzipped(io.BufferedReader(cast(io.RawIOBase, io.BytesIO(answer.body))), address)
    yield from read_stream(stream, ending_of_media_type(answer.content_type) or (own if own in ENDINGS else ".html"), given)


def _named(kinds: Collection[Kind] | None) -> str:
    return ", ".join(each for each, kind in ENDINGS.items() if kinds is None or kind in kinds)
