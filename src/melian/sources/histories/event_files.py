"""Opening event files: plain, gzipped, in zip archives and in folders; their lines, cut into fields."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path, PurePosixPath

import msgspec

from melian.errors import InputError, MissingInput, UnreadableInput
from melian.records import Actor
from melian.sources import limits
from melian.sources.packed.zip_members import member_bytes, open_member, open_zip
from melian.sources.streams import STANDARD_INPUT, name_of, on_disk, open_bytes, unzipped
from melian.sources.tables.lines import numbered_lines

Line = tuple[int, bytes]
Missing = Callable[[str], str | None]
"""What a first line lacks to be that of such a file, in words; None where it lacks nothing."""
Dictionary = Mapping[tuple[str, str], Actor]
"""Actors by the names (casefolded) under which files of one archive have them, and by sector or ""; Melian's own exports bring one along."""


class EventFile(msgspec.Struct, frozen=True):
    """A file: how messages call it, its lines with their numbers, and the dictionary that came with it."""

    where: str
    lines: Iterator[Line | InputError]
    known: Dictionary = {}


_ZIP = b"PK\x03\x04"
_HEAD = 1 << 16


def found_files(
    inputs: Sequence[Path], endings: Sequence[str], missing: Missing, what: str
) -> Iterator[EventFile | InputError]:
    """The event files of the inputs; an error where one should have been.

    Args:
        inputs: files (plain, gzipped or zip archives), folders, `Path("-")`.
        endings: in small letters, that files in folders and archives have.
        missing: tells by their first lines which files are such files; others in folders and archives are passed over, one that is named
            is an error.
        what: what the files are called, for messages.
    """
    for given in inputs:
        if given != STANDARD_INPUT and not given.exists():
            yield MissingInput("no such file or folder", str(given))
        elif given != STANDARD_INPUT and given.is_dir():
            inside = sorted(path for path in given.rglob("*") if path.is_file() and _ending(path) in (*endings, ".zip"))
            any_there = False
            for path in inside:
                for found in _opened(path, endings, missing, what, named=False):
                    any_there = any_there or not isinstance(found, InputError)
                    yield found
            if not any_there:
                yield MissingInput(f"no {what} in this folder", str(given))
        else:
            yield from _opened(given, endings, missing, what, named=True)


def _opened(path: Path, endings: Sequence[str], missing: Missing, what: str, named: bool) -> Iterator[EventFile | InputError]:
    where = name_of(path)
    try:
        with open_bytes(path) as stream:
            if not stream.peek(4).startswith(_ZIP):
                yield from _checked(stream, where, missing, what, named)
                return
            with on_disk(stream, where) as (file, _), open_zip(file, where) as archive:
                any_there = False
                known = _dictionary(archive, where)
                for member in sorted(archive.infolist(), key=lambda member: member.filename):
                    if not member.is_dir() and _ending(PurePosixPath(member.filename)) in endings:
                        inside = f"{where}/{member.filename}"
                        with open_member(archive, member, inside) as packed:
                            for found in _checked(unzipped(packed, inside), inside, missing, what, False, known):
                                any_there = True
                                yield found
                if not any_there and named:
                    yield MissingInput(f"no {what} in this archive", where)
    except InputError as error:
        yield error


def _checked(
    stream: io.BufferedReader, where: str, missing: Missing, what: str, named: bool, known: Dictionary | None = None
) -> Iterator[EventFile | InputError]:
    head = text_of(stream.peek(_HEAD).partition(b"\n")[0])
    lack = missing(head)
    if lack is None:
        yield EventFile(where, _lines(stream, where), known or {})
    elif named:
        yield UnreadableInput(f"not an {what}: {lack}" if what[0] in "AEIOU" else f"not a {what}: {lack}", where)


def _lines(stream: io.BufferedReader, where: str) -> Iterator[Line | InputError]:
    try:
        for number, raw in numbered_lines(stream, where):
            yield raw if isinstance(raw, InputError) else (number, raw.rstrip(b"\r\n"))
    except InputError as error:
        yield error


def _dictionary(archive: zipfile.ZipFile, where: str) -> Dictionary:
    """The actors of an archive's actors.csv by the names that its files show; what several principals have in common is left out."""
    if "actors.csv" not in archive.namelist():
        return {}
    raw = member_bytes(archive, "actors.csv", limits.FILE, f"{where}/actors.csv")
    found: dict[tuple[str, str], Actor | None] = {}
    for row in csv.DictReader(io.StringIO(text_of(raw))):
        shown, id_ = row.get("shown_as"), row.get("id")
        if shown and id_:
            country = row.get("iso3") or None
            actor = Actor(id=id_, name=row.get("name") or None, country=country if country != id_ else None)
            for sector in {"", *(row.get("sectors") or "").split(";")}:
                other = found.setdefault((shown.casefold(), sector), actor)
                if other is None or other.id != id_:
                    found[shown.casefold(), sector] = None
    return {key: actor for key, actor in found.items() if actor is not None}


def text_of(raw: bytes) -> str:
    """A line as text: UTF-8, else Windows-1252, as some of these files are."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def fields(line: str, delimiter: str) -> list[str]:
    """The fields of a line. Tab-separated ones may or may not be quoted, whole; quotation marks inside are doubled or escaped.

    Raises:
        ValueError: quotation marks of a comma-separated line do not match.
    """
    if delimiter == "\t":
        return [_unquoted(cell) for cell in line.split("\t")]
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        raise ValueError(f"not a row of a table ({error})") from error


def _unquoted(cell: str) -> str:
    if len(cell) > 1 and cell.startswith('"') and cell.endswith('"'):
        return cell[1:-1].replace('""', '"').replace('\\"', '"')
    return cell


def column_key(name: str) -> str:
    """A column's name as it is compared: "Event ID" and R's "event_id" are one."""
    return "_".join("".join(letter if letter.isalnum() else " " for letter in name.lower()).split())


def missing_column(names: Iterable[str], needed: Iterable[str]) -> str | None:
    """The first column that is needed and not there, in words."""
    there = {column_key(name) for name in names}
    return next((f"there is no column {name!r}" for name in needed if column_key(name) not in there), None)


def iso_day(value: str) -> str:
    """A day as these files write it (2018-06-01, 20180601, with or without a time behind it) in ISO form.

    Raises:
        ValueError: it is none that exists.
    """
    plain = value.strip()[:10]
    digits = plain.replace("-", "").strip()
    if len(digits) >= 8 and digits[:8].isdigit():
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])).isoformat()
    raise ValueError(f"{value!r} is not a day (YYYY-MM-DD)")


def _ending(path: Path | PurePosixPath) -> str:
    name = path.name.lower()
    for packed in (".gz", ".zip"):
        name = name.removesuffix(packed) if "." in name.removesuffix(packed) else name
    return PurePosixPath(name).suffix
