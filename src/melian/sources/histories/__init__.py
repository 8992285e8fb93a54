"""Histories: event files of other projects, each day of a file a document without text whose events stand in the record like others.

from pathlib import Path
from melian.sources.histories import read_history

for found in read_history("icews", [Path("events.2018.tab")]):
    ...   # a document with its record, or the error that says why a row is none
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path

from melian.errors import InputError
from melian.sources.histories.days import Coded, by_day
from melian.sources.histories.event_files import found_files

__all__ = ["HISTORIES", "Coded", "read_history"]

HISTORIES = ("icews", "polecat", "gdelt", "quadruples")


def read_history(kind: str, inputs: Sequence[Path]) -> Iterator[Coded | InputError]:
    """The days of event files as documents with their records, streamed; a row that cannot be read is the error that says why.

    A document has an empty text, the project's name for its outlet, the day for its date, and a title with a hash of its rows. Its
    events have the empty span (0, 0) for evidence; their `why` names file, line and the row's own code. Rows whose code the codebook has
    no event for (CAMEO's comments and symbolic acts) are counted in the document's notes.

    Args:
        kind: "icews", "polecat", "gdelt" (event files of GDELT 2) or "quadruples".
        inputs: files (plain, gzipped, in zip archives, Melian's own exports too), folders, `Path("-")`; of quadruples folders.

    Raises:
        ValueError: there is no such kind.
    """
    if kind not in HISTORIES:
        raise ValueError(f"{kind!r} is none of {', '.join(HISTORIES)}")
    return _read(kind, inputs)


def _read(kind: str, inputs: Sequence[Path]) -> Iterator[Coded | InputError]:
    reader = import_module(f"{__name__}.{kind}")
    if kind == "quadruples":
        yield from reader.read(inputs)
        return
    for found in found_files(inputs, reader.ENDINGS, reader.missing, reader.WHAT):
        if isinstance(found, InputError):
            yield found
        else:
            yield from by_day(reader.rows(found), reader.OUTLET)
