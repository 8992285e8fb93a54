"""Event files of other projects, read into records so that their history stands behind a crisis.

ICEWS (`icews`), POLECAT (`polecat`) and GDELT 2 event files (`gdelt`), and ICEWS quadruples (`quadruples`). There is no text in them:
each day of a file becomes one document without words, whose events say in `why` which row and code they come from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path

from melian.errors import InputError, MissingInput
from melian.records import CodedDocument, Document
from melian.sources.histories.by_day import Row, by_day
from melian.sources.streams import name_of, open_bytes

_NAMES = {"icews": "ICEWS", "polecat": "POLECAT", "gdelt": "GDELT", "quadruples": "ICEWS"}
KINDS = tuple(_NAMES)


def read_history(kind: str, inputs: Iterable[Path]) -> Iterator[tuple[Document, CodedDocument] | InputError]:
    """The days of event files, in the order of the files; a row that cannot be read is an error in its place.

    Args:
        kind: one of `KINDS`.
        inputs: files, plain or gzipped; for quadruples beside their `entity2id.txt` and `relation2id.txt`.

    Raises:
        KeyError: there is no such kind.
    """
    name = _NAMES[kind]
    reader = import_module(f"melian.sources.histories.{kind}")
    for path in inputs:
        if not path.is_file():
            yield MissingInput("no such file", str(path))
            continue
        try:
            with open_bytes(path) as stream:
                yield from by_day(reader.rows(stream, path), name, path.name, name_of(path))
        except InputError as error:
            yield error


__all__ = ["KINDS", "Row", "read_history"]
