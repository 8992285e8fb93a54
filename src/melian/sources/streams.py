"""Opening what a caller names: a file, a named pipe or standard input, plain or gzipped, as one byte stream.

What gzip or zip unpacks is given on piece by piece, so that what stands before a break is read; it is refused when it grows out of all
proportion to what was packed.
"""

from __future__ import annotations

import gzip
import io
import os
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from melian.errors import TooLarge, UnreadableInput
from melian.sources import limits

STANDARD_INPUT = Path("-")
BROKEN_GZIP = (EOFError, gzip.BadGzipFile, zlib.error)
_GZIP = b"\x1f\x8b"


def name_of(path: Path) -> str:
    """How messages call an input."""
    return "standard input" if path == STANDARD_INPUT else str(path)


@contextmanager
def open_bytes(path: Path) -> Iterator[io.BufferedReader]:
    """A buffered byte stream of `path` ("-" is standard input, left open), unpacked where it is gzipped.

    Raises:
        UnreadableInput: no permission, a device error, or a broken gzip file (also while the stream is being read).
        TooLarge: a gzip file that unpacks to far more than its size (while the stream is being read).
    """
    try:
        if path == STANDARD_INPUT:
            yield unzipped(cast(io.BufferedReader, sys.stdin.buffer), name_of(path))
        else:
            with path.open("rb") as raw:
                yield unzipped(raw, name_of(path))
    except BROKEN_GZIP as error:
        raise broken_gzip(error, name_of(path)) from error
    except PermissionError as error:
        raise UnreadableInput("no permission to read it", name_of(path)) from error
    except OSError as error:
        raise UnreadableInput(f"cannot be read ({error.strerror or error})", name_of(path)) from error


def broken_gzip(error: BaseException, where: str) -> UnreadableInput:
    """The error for a gzip stream that breaks off or is damaged."""
    return UnreadableInput(f"broken gzip file ({error})", where)


def unzipped(raw: io.BufferedReader, where: str) -> io.BufferedReader:
    """The stream itself, or what it unpacks to where it is gzipped."""
    if raw.peek(2)[:2] != _GZIP:
        return raw
    packed = _Counted(raw)
    plain = gzip.GzipFile(fileobj=cast(BinaryIO, packed))
    return io.BufferedReader(Unpacked(plain.read1, lambda: packed.count, where))


class Unpacked(io.RawIOBase):
    """Bytes that come out of a packed file; it cannot be wound back.

    Args:
        read1: gives at most as many bytes as asked for, in one go.
        packed: how many packed bytes they were made of so far.
        where: the file, for messages.
    """

    def __init__(self, read1: Callable[[int], bytes], packed: Callable[[], int], where: str) -> None:
        super().__init__()
        self._read1, self._packed, self._where, self._given = read1, packed, where, 0

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        piece = self._read1(len(into))
        into[: len(piece)] = piece
        self._given += len(piece)
        if self._given > limits.RATIO_FROM and self._given > limits.RATIO * self._packed():
            raise TooLarge(f"it unpacks to more than {limits.RATIO} times its size, as no text does (a zip bomb?)", self._where)
        return len(piece)


class _Counted:
    """A stream's bytes, counted as they are read."""

    def __init__(self, raw: io.BufferedReader) -> None:
        self._raw, self.count = raw, 0

    def read(self, size: int = -1) -> bytes:
        piece = self._raw.read(size)
        self.count += len(piece)
        return piece


def read_whole(stream: BinaryIO, most: int, where: str, what: str) -> bytes:
    """All bytes of a stream.

    Raises:
        TooLarge: there are more than `most`; no more than that is read.
    """
    raw = stream.read(most + 1)
    if len(raw) > most:
        raise TooLarge(f"more than {limits.size(most)}, which is the most that is read of one {what}; cut it into parts", where)
    return raw


@contextmanager
def on_disk(stream: BinaryIO, where: str) -> Iterator[tuple[BinaryIO, Path]]:
    """A stream as a file that can be read out of order, with its path: the file itself, or a copy that is deleted afterwards.

    Raises:
        TooLarge: a copy is needed and would be over the limit.
    """
    name = getattr(getattr(stream, "raw", None), "name", None)
    if isinstance(getattr(stream, "raw", None), io.FileIO) and isinstance(name, str | os.PathLike) and os.path.isfile(name):
        stream.seek(0)
        yield stream, Path(name)
        return
    with tempfile.TemporaryDirectory(prefix="melian-") as folder:
        path = Path(folder) / "copy"
        with path.open("w+b") as copy:
            _copy(stream, copy, where)
            copy.seek(0)
            yield copy, path


def _copy(stream: BinaryIO, copy: BinaryIO, where: str) -> None:
    size = 0
    while piece := stream.read(limits.MB):
        size += len(piece)
        if size > limits.SPOOLED:
            raise TooLarge(f"more than {limits.size(limits.SPOOLED)} unpacked; unpack it and give the files", where)
        copy.write(piece)
