"""The documents that a command works on; what cannot be read is told, counted and left out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from melian.cli.messages import tell
from melian.errors import DateError, MelianError
from melian.records import CodedDocument, Document
from melian.sources import input_files, iso_date, read_inputs
from melian.sources.packed.folder import LINES_ENDINGS, TEXT_ENDINGS, ending

Inputs = Annotated[
    list[Path],
    typer.Argument(
        metavar="INPUT",
        help="Files or folders: text, JSON lines, web pages, PDF, DOCX, feeds, e-mails, tables, WARC, zip (also .gz); "
        "web addresses; - is standard input. docs/sources.md has the kinds.",
    ),
]
Published = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="Date (YYYY-MM-DD) of the documents that bring none; else it is read from the text."),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress, notes or summary; errors are still told.")]


Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        metavar="FIELD=COLUMN",
        help="Where a table keeps a field (text, published, title, outlet, url, doc_id), for example text=body; may be repeated.",
    ),
]


def found_in(
    inputs: list[Path], published: str | None, columns: list[str] | None, coded: bool, history: str | None
) -> Iterator[Document | tuple[Document, CodedDocument] | MelianError]:
    """What the inputs hold: documents, documents with their records, or what was wrong in their place.

    Raises:
        typer.BadParameter: an option that cannot be used.
    """
    if history and coded:
        raise typer.BadParameter("--coded and --history exclude each other", param_hint="--history")
    named = dict(_column(given) for given in columns or ())
    try:
        default = iso_date(published) if published else None
    except DateError as error:
        raise typer.BadParameter(str(error), param_hint="--published") from error
    if history:
        from melian.sources.histories import HISTORIES, read_history

        if history not in HISTORIES:
            raise typer.BadParameter(f"{history!r} is none of {', '.join(HISTORIES)}", param_hint="--history")
        return iter(read_history(history, inputs))
    if coded:
        from melian.sources.tables.coded_lines import read_coded

        return iter(read_coded(inputs))
    return iter(read_inputs(inputs, default, columns=named))


def _column(given: str) -> tuple[str, str]:
    field, equals, column = given.partition("=")
    if not (field and equals and column):
        raise typer.BadParameter(f"{given!r}: write it as FIELD=COLUMN, for example text=body", param_hint="--column")
    return field.strip(), column.strip()


class Intake:
    """Documents in input order, and how many inputs were set aside so far."""

    def __init__(self, inputs: list[Path], published: str | None, output: Path) -> None:
        self.inputs = inputs
        self.set_aside = 0
        self._output = output
        try:
            self._published = iso_date(published) if published else None
        except DateError as error:
            raise typer.BadParameter(str(error), param_hint="--published") from error

    def documents(self) -> Iterator[Document]:
        """The documents, read as they are asked for."""
        for found in read_inputs(self.inputs, self._published, skip=[self._output]):
            if isinstance(found, Document):
                yield found
            else:
                self.put_aside(found)

    def put_aside(self, error: MelianError) -> None:
        """Tell why something is left out, and count it."""
        tell(error)
        self.set_aside += 1

    def count(self) -> int | None:
        """How many documents there are to be read, or None where only reading would tell."""
        total = 0
        for place in input_files(self.inputs, skip=[self._output]):
            if isinstance(place, MelianError) or (isinstance(place, Path) and ending(place) in TEXT_ENDINGS):
                total += 1
            elif isinstance(place, str):  # a web address: a page, or a feed of many entries
                return None
            elif place.is_file() and place.suffix.lower() in LINES_ENDINGS:
                with place.open("rb") as lines:
                    total += sum(1 for line in lines if line.strip())
            else:
                return None
        return total
