"""Zip archives, opened with care: sizes are looked at before anything is unpacked, and again while it is."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from melian.errors import TooLarge, UnreadableInput
from melian.sources import limits
from melian.sources.streams import Unpacked, read_whole

_BROKEN_LIST = (zipfile.BadZipFile, EOFError, NotImplementedError, OverflowError, ValueError, OSError)
_BROKEN_MEMBER = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError)


@contextmanager
def open_zip(file: BinaryIO, where: str) -> Iterator[zipfile.ZipFile]:
    """An archive whose files are of sizes that text can have.

    Raises:
        UnreadableInput: it is broken.
        TooLarge: it has too many files, or says itself that it unpacks to too much.
    """
    try:
        archive = zipfile.ZipFile(file)
    except _BROKEN_LIST as error:
        raise UnreadableInput(f"broken zip archive ({error})", where) from error
    with archive:
        members = archive.infolist()
        if len(members) > limits.MEMBERS:
            raise TooLarge(f"more than {limits.MEMBERS:,} files in one archive; cut it into parts", where)
        if sum(member.file_size for member in members) > limits.ARCHIVE:
            raise TooLarge(f"its files unpack to more than {limits.size(limits.ARCHIVE)} (a zip bomb?)", where)
        yield archive


@contextmanager
def open_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, where: str) -> Iterator[io.BufferedReader]:
    """One file of an archive, unpacked as it is read.

    Raises:
        UnreadableInput: it is encrypted or broken (also while it is being read).
        TooLarge: it unpacks to far more than its size (also while it is being read).
    """
    if member.file_size > limits.RATIO_FROM and member.file_size > limits.RATIO * max(1, member.compress_size):
        raise TooLarge(f"it unpacks to more than {limits.RATIO} times its size, as no text does (a zip bomb?)", where)
    if member.flag_bits & 1:
        raise UnreadableInput("it is encrypted; unpack the archive with its password and give the files", where)
    try:
        packed = cast(zipfile.ZipExtFile, archive.open(member))
    except _BROKEN_LIST as error:
        raise UnreadableInput(f"broken in its archive ({error})", where) from error

    def read1(size: int) -> bytes:
        try:
            return bytes(packed.read1(size))
        except _BROKEN_MEMBER as error:
            raise UnreadableInput(f"broken in its archive ({error})", where) from error

    with packed:
        yield io.BufferedReader(Unpacked(read1, lambda: member.compress_size, where))


def member_bytes(archive: zipfile.ZipFile, name: str, most: int, where: str) -> bytes:
    """All of one file of an archive.

    Raises:
        KeyError: there is none of this name.
        UnreadableInput, TooLarge: see `open_member`; it is larger than `most`.
    """
    with open_member(archive, archive.getinfo(name), where) as stream:
        return read_whole(stream, most, where, "file in an archive")
