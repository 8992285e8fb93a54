"""Everything that can be read: files, folders, archives, standard input and web addresses, each to an iterator of documents.

Reading never stops at a bad input: its error stands in its place, and the caller decides what to do about it.

    from pathlib import Path
    from melian.sources import read_inputs

    for found in read_inputs([Path("news/")], published="2022-01-21"):
        ...   # a Document, or the exception that says why there is none
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from melian.sources.checks import checked, unique_ids
from melian.sources.given import Found
from melian.sources.published import iso_date
from melian.sources.reading import input_files, read_place
from melian.sources.streams import STANDARD_INPUT, name_of
from melian.sources.tables.columns import check_columns

if TYPE_CHECKING:
    from melian.sources.tables.coded_lines import read_coded
    from melian.sources.web.polling import FeedState, poll

__all__ = [
    "STANDARD_INPUT",
    "FeedState",
    "Found",
    "input_files",
    "iso_date",
    "name_of",
    "poll",
    "read_coded",
    "read_inputs",
]

_LATER = {"read_coded": "tables.coded_lines", "FeedState": "web.polling", "poll": "web.polling"}


def read_inputs(
    inputs: Iterable[Path | str],
    published: str | None = None,
    skip: Collection[Path] = (),
    columns: Mapping[str, str] | None = None,
) -> Iterator[Found]:
    """Every document of the inputs, in order, with unique ids; an error where a document should have been.

    Args:
        inputs: files of any kind that is read (plain or gzipped), folders (searched with the folders in them, sorted),
            `Path("-")` for standard input, and addresses beginning with http:// or https://, each of which is fetched once.
        published: ISO date of the documents that do not bring their own.
        skip: files that are left out of folders (the output of an earlier run, say).
        columns: for tables (CSV, TSV, Parquet), the column that fills a field, e.g. {"text": "body", "published": "day"}.

    Raises:
        DateError: `published` is no date (errors of the inputs themselves are yielded).
        InputError: `columns` names a field that documents do not have.
    """
    default = iso_date(published, "published") if published else None
    check_columns(columns or {})
    found = (each for place in input_files(inputs, skip) for each in read_place(place, default, columns))
    return unique_ids(map(checked, found))


def __getattr__(name: str) -> Any:
    """Load what few callers need on first use (PEP 562)."""
    if name not in _LATER:
        raise AttributeError(f"module 'melian.sources' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"melian.sources.{_LATER[name]}"), name)
