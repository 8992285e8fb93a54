"""Lines of a byte stream, one at a time, none longer than a limit."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import Any, BinaryIO

from melian.errors import TooLarge
from melian.sources import limits
from melian.sources.decoding import is_utf16
from melian.sources.streams import BROKEN_GZIP, broken_gzip


def numbered_lines(stream: io.BufferedReader, where: str) -> Iterator[tuple[int, bytes | TooLarge]]:
    """Each line with its number, from 1: its bytes with the line's end, or the error that it is too long.

    Lines are UTF-8 or whatever else they are; UTF-16 with a byte order mark is made UTF-8, and a mark at the start is dropped. Of a line
    that is too long no more than the limit is ever held.

    Raises:
        UnreadableInput: the file is a gzip file that breaks off; the error names the line.
    """
    if is_utf16(stream.peek(2)[:2]):
        stream = io.BufferedReader(_Utf8(stream))
    number = 0
    try:
        while line := stream.readline(limits.LINE + 1):
            number += 1
            if number == 1:
                line = line.removeprefix(codecs.BOM_UTF8)
            if len(line) > limits.LINE and not line.endswith(b"\n"):
                _pass_over_rest(stream)
                message = f"the line is longer than {limits.size(limits.LINE)}, which is the most that is read of one; it was set aside"
                yield number, TooLarge(message, f"{where}:{number}")
            else:
                yield number, line
    except BROKEN_GZIP as error:
        raise broken_gzip(error, f"{where}:{number + 1}") from error


def _pass_over_rest(stream: BinaryIO) -> None:
    while (piece := stream.readline(limits.MB)) and not piece.endswith(b"\n"):
        pass


class _Utf8(io.RawIOBase):
    """UTF-16 bytes as UTF-8; what is broken in them becomes the replacement character."""

    def __init__(self, stream: io.BufferedReader) -> None:
        super().__init__()
        self._stream, self._left = stream, b""
        self._decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        while not self._left:
            piece = self._stream.read1(io.DEFAULT_BUFFER_SIZE)
            self._left = self._decoder.decode(piece, final=not piece).encode("utf-8", errors="replace")
            if not piece:
                break
        given, self._left = self._left[: len(into)], self._left[len(into) :]
        into[: len(given)] = given
        return len(given)
