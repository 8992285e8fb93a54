"""JSON lines: one document a line, `{"doc_id", "text", "published", "title", "outlet", "url"}`.

Only `text` is needed; fields of other names are passed over. A line that cannot be read is given back as the error
that says why, so that the lines after it are still read.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from melian.errors import DateError, InputError, UnreadableInput
from melian.records import Document
from melian.sources.decoding import decode, is_utf16
from melian.sources.published import iso_date

_OPENS_OBJECT = re.compile(rb'\s*\{\s*["}]')


class _Line(msgspec.Struct):
    text: str
    doc_id: str | int | None = None
    published: str | None = None
    title: str | None = None
    outlet: str | None = None
    url: str | None = None


_decoder = msgspec.json.Decoder(_Line)


def looks_like_json_lines(head: bytes) -> bool:
    """Whether a stream that begins with these bytes holds JSON objects; no news text opens with a brace and a quote."""
    if is_utf16(head):
        head = head[: len(head) // 2 * 2].decode("utf-16", errors="replace").encode()
    return _OPENS_OBJECT.match(head.removeprefix(codecs.BOM_UTF8)) is not None


def read_json_lines(
    stream: BinaryIO, name: str, where: str, published: str | None = None
) -> Iterator[Document | InputError | DateError]:
    """The documents of a stream, in order, each line's own error in its place; blank lines are passed over.

    Args:
        stream: the bytes, read as they come.
        name: what ids are made of where a line has no `doc_id`: "name-7" for line 7.
        where: the file's name, for messages and the documents' `origin`.
        published: the date (YYYY-MM-DD) of documents that bring none.
    """
    for number, raw in enumerate(_lines(stream), start=1):
        if raw.strip():
            try:
                yield _document(raw, f"{name}-{number}", f"{where}:{number}", published)
            except (InputError, DateError) as error:
                yield error


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    first = stream.readline()
    if not is_utf16(first):
        yield first.removeprefix(codecs.BOM_UTF8)
        yield from stream
        return
    text = (first + stream.read()).decode("utf-16", errors="replace")
    yield from io.BytesIO(text.encode())


def _document(raw: bytes, doc_id: str, where: str, published: str | None) -> Document:
    try:
        line = _decoder.decode(decode(raw, where))
    except msgspec.ValidationError as error:
        raise UnreadableInput(f"{_advice(str(error))} ({error})", where) from error
    except msgspec.DecodeError as error:
        raise UnreadableInput(f"not a JSON object on one line ({error}); write one object a line", where) from error
    own = iso_date(line.published, where) if line.published else published
    return Document(
        doc_id=str(line.doc_id) if line.doc_id not in (None, "") else doc_id,
        text=line.text,
        published=own,
        published_from="given" if own else "none",
        title=line.title,
        outlet=line.outlet,
        url=line.url,
        origin=where,
    )


def _advice(error: str) -> str:
    if "missing required field" in error:
        return 'no "text"; each line needs the text of one document'
    return "a field is not what it should be"
