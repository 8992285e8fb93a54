"""Exports of a record in the formats that the field loads, each a zip with codebook and actor dictionary.

    from pathlib import Path
    from melian.crisis.record import store
    from melian.exports import write

    with store.reading(Path("geneva.crisis")) as connection:
        write(connection, Path("geneva.zip"), "icews")

`rows` says what a format gets of an event, `collect` takes it from the record, one module a format says what its columns are, one
module a kind of file makes the files.
"""

from __future__ import annotations

from melian.exports.collect import collect, entries, statements
from melian.exports.formats import FORMATS, Format
from melian.exports.rows import ExportedEntry, ExportedEvent, ExportedStatement, Site, Telling
from melian.exports.write import Written, write

__all__ = [
    "FORMATS",
    "ExportedEntry",
    "ExportedEvent",
    "ExportedStatement",
    "Format",
    "Site",
    "Telling",
    "Written",
    "collect",
    "entries",
    "statements",
    "write",
]
