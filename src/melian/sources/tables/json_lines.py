"""JSON lines: one document a line, `{"doc_id", "text", "published", "title", "outlet", "url"}`.

Only `text` is needed; fields of other names are passed over. A line that cannot be read is given back as the error
that says why, so that the lines after it are still read.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from typing import TypeVar

import msgspec

from melian.errors import InputError, UnreadableInput
from melian.records import Document
from melian.sources.decoding import decode, is_utf16
from melian.sources.given import Found, Given
from melian.sources.published import iso_date, moment_of_stamp
from melian.sources.tables.lines import numbered_lines

_OPENS_OBJECT = re.compile(rb'\s*\{\s*["}]')


Line = TypeVar("Line")


class _Line(msgspec.Struct):
    text: str
    doc_id: str | int | None = None
    published: str | None = None
    published_at: str | None = None
    title: str | None = None
    outlet: str | None = None
    url: str | None = None


_decoder = msgspec.json.Decoder(_Line)


def looks_like_json_lines(head: bytes) -> bool:
    """Whether a stream that begins with these bytes holds JSON objects; no news text opens with a brace and a quote."""
    if is_utf16(head):
        head = head[: len(head) // 2 * 2].decode("utf-16", errors="replace").encode()
    return _OPENS_OBJECT.match(head.removeprefix(codecs.BOM_UTF8)) is not None


def read(stream: io.BufferedReader, given: Given) -> Iterator[Found]:
    """The documents of a stream, in order, each line's own error in its place; blank lines are passed over.

    A line without `doc_id` is called by the file's name and its number: "talks-7".

    Raises:
        UnreadableInput: the file is a gzip file that breaks off.
    """
    for number, raw in numbered_lines(stream, given.where):
        if isinstance(raw, InputError):
            yield raw
        elif raw.strip():
            try:
                yield _document(raw, given.at(number))
            except InputError as error:
                yield error


def decoded_line(raw: bytes, decoder: msgspec.json.Decoder[Line], where: str) -> Line:
    """One line as what the decoder makes of it.

    Raises:
        UnreadableInput: it is no JSON object, or has not the fields that it should have; the message says which.
    """
    try:
        return decoder.decode(decode(raw, where))
    except msgspec.ValidationError as error:
        raise UnreadableInput(f"{_advice(str(error))} ({error})", where) from error
    except msgspec.DecodeError as error:
        raise UnreadableInput(f"not a JSON object on one line ({error}); write one object a line", where) from error


def _document(raw: bytes, given: Given) -> Document:
    line = decoded_line(raw, _decoder, given.where)
    return given.document(
        raw.strip(),
        line.text,
        iso_date(line.published, given.where) if line.published else None,
        published_at=moment_of_stamp(line.published_at or line.published),
        doc_id=str(line.doc_id) if line.doc_id is not None else None,
        title=line.title,
        outlet=line.outlet,
        url=line.url,
    )


def _advice(error: str) -> str:
    if "missing required field `text`" in error:
        return 'no "text"; each line needs the text of one document'
    return "a field is not what it should be"
