"""Zip archives: each file in them that is of a kind that is read. An archive in an archive is not opened."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import cast

import msgspec

from melian.errors import InputError, MissingInput, UnreadableInput
from melian.sources.given import Found, Given
from melian.sources.packed.folder import ending, is_document, stem
from melian.sources.packed.zip_members import open_member, open_zip
from melian.sources.reading import read_stream
from melian.sources.streams import on_disk, unzipped
from melian.sources.texts import docx

# Files of other programs that are zip archives too, by a file in them.
_OTHERS = {
    "xl/workbook.xml": "a spreadsheet; save its table as CSV",
    "ppt/presentation.xml": "a presentation; save its text as a .txt file",
    "content.xml": "an OpenDocument file; save it as .docx or .txt",
    "META-INF/container.xml": "an electronic book; save its text as a .txt file",
}


def read(stream: io.BufferedReader, given: Given) -> Iterator[Found]:
    """The documents of the files in an archive, sorted by path, each file's own error in its place.

    A file is called by the archive's name and its path inside: "news.zip/a/talks.txt".

    Raises:
        UnreadableInput: it is broken, or a file of another program.
        TooLarge: it unpacks to more than is read of one archive.
        MissingInput: no file in it is of a kind that is read.
    """
    with on_disk(stream, given.where) as (file, _), open_zip(file, given.where) as archive:
        names = set(archive.namelist())
        if "word/document.xml" in names:
            file.seek(0)
            yield from docx.read(cast(io.BufferedReader, file), given)
            return
        for name, what in _OTHERS.items():
            if name in names:
                raise UnreadableInput(f"this is {what}", given.where)
        members = [
            member for member in archive.infolist() if not member.is_dir() and is_document(PurePosixPath(member.filename))
        ]
        if not members:
            raise MissingInput("no file in this archive that can be read", given.where)
        for member in sorted(members, key=lambda member: member.filename):
            yield from _member(archive, member, given)


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, given: Given) -> Iterator[Found]:
    path = PurePosixPath(member.filename)
    inside = msgspec.structs.replace(given, name=stem(path), where=f"{given.where}/{path}")
    try:
        with open_member(archive, member, inside.where) as packed:
            stream = unzipped(packed, inside.where)
            if ending(path) != ".docx" and stream.peek(4).startswith(b"PK\x03\x04"):
                raise UnreadableInput("an archive in an archive is not opened; unpack it and give it alone", inside.where)
            yield from read_stream(stream, ending(path), inside)
    except InputError as error:
        yield error
