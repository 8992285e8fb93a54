"""One plain text: a document that is a whole file."""

from __future__ import annotations

import io
from collections.abc import Iterator

from melian.sources import limits
from melian.sources.decoding import decode
from melian.sources.given import Found, Given
from melian.sources.streams import read_whole


def read(stream: io.BufferedReader, given: Given) -> Iterator[Found]:
    """The document that a stream holds; its text is what the bytes say, line ends and all.

    Raises:
        UnreadableInput: binary content or an encoding that cannot be told.
        TooLarge: it is longer than is read of one text.
    """
    raw = read_whole(stream, limits.TEXT, given.where, "text")
    yield given.document(raw, decode(raw, given.where))
