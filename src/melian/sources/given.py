"""What a reader is told about the input it reads, and what it gives back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

from melian.errors import InputError
from melian.records import Document
from melian.sources.named_outlet import outlet_of

Found = Document | InputError


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """An input as its giver describes it.

    Attributes:
        name: what documents' ids are made of: the file's name without its ending.
        where: the file, for messages and the documents' `origin`.
        published: day (YYYY-MM-DD) of documents that bring none.
        columns: names of table columns by the field that they fill, e.g. {"text": "body"}.
        url: the address that the bytes came from, where that is known.
        charset: their encoding as a web server or archive declares it.
        fetched: day on which they were fetched; no page is dated after it.
    """

    name: str
    where: str
    published: str | None = None
    columns: Mapping[str, str] = {}
    url: str | None = None
    charset: str | None = None
    fetched: str | None = None

    def at(self, number: int) -> Given:
        """The same for one line, row or record of it."""
        return msgspec.structs.replace(self, name=f"{self.name}-{number}", where=f"{self.where}:{number}")

    def document(self, raw: bytes, text: str, published: str | None = None, **fields: Any) -> Document:
        """The document read from `raw`; its own day goes before the giver's, and where no field gives its outlet, its first lines may."""
        day = published or self.published
        return Document(
            **{
                "doc_id": self.name,
                "text": text,
                "published": day,
                "published_from": "given" if day else "none",
                "url": self.url,
                "outlet": outlet_of(text),
                "origin": self.where,
                "digest": digest(raw),
                **{name: value for name, value in fields.items() if value},
            }
        )


def digest(raw: bytes) -> str:
    """SHA-256 of bytes, in hex digits."""
    return hashlib.sha256(raw).hexdigest()
