"""Opening what a caller names: a file, a named pipe or standard input, plain or gzipped, as one byte stream."""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from melian.errors import UnreadableInput

STANDARD_INPUT = Path("-")
_GZIP = b"\x1f\x8b"


def name_of(path: Path) -> str:
    """How messages call an input."""
    return "standard input" if path == STANDARD_INPUT else str(path)


@contextmanager
def open_bytes(path: Path) -> Iterator[io.BufferedReader]:
    """A buffered byte stream of `path` ("-" is standard input, left open), unpacked where it is gzipped.

    Raises:
        UnreadableInput: no permission, a device error, or a broken gzip file (also while the stream is being read).
    """
    try:
        if path == STANDARD_INPUT:
            yield _unpacked(cast(io.BufferedReader, sys.stdin.buffer))
        else:
            with path.open("rb") as raw:
                yield _unpacked(raw)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise UnreadableInput(f"broken gzip file ({error})", name_of(path)) from error
    except PermissionError as error:
        raise UnreadableInput("no permission to read it", name_of(path)) from error
    except OSError as error:
        raise UnreadableInput(f"cannot be read ({error.strerror or error})", name_of(path)) from error


def _unpacked(raw: io.BufferedReader) -> io.BufferedReader:
    if raw.peek(2)[:2] != _GZIP:
        return raw
    return io.BufferedReader(cast(io.RawIOBase, gzip.GzipFile(fileobj=raw)))
