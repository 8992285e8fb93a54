"""One plain text: a document that is a whole file."""

from __future__ import annotations

from typing import BinaryIO

from melian.records import Document
from melian.sources.decoding import decode


def read_text(stream: BinaryIO, doc_id: str, where: str, published: str | None = None) -> Document:
    """The document that a stream holds; its text is what the bytes say, line ends and all.

    Args:
        stream: the bytes of one text.
        doc_id: the document's id.
        where: the file's name, for messages and the document's `origin`.
        published: its date (YYYY-MM-DD) where the caller gives one.

    Raises:
        UnreadableInput: binary content or an encoding that cannot be told.
    """
    return Document(
        doc_id=doc_id,
        text=decode(stream.read(), where),
        published=published,
        published_from="given" if published else "none",
        origin=where,
    )
