"""`melian code`: reports in, their records out, one JSON line a document."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Protocol

import typer

from melian.cli.messages import ending_quietly, exit_code, tell, told_notes
from melian.cli.output import STANDARD_OUTPUT, check_output, writing
from melian.cli.progress import watched, with_progress
from melian.cli.reading import Inputs, Intake, Published, Quiet
from melian.records import CodedDocument, Document, to_json


class CodesDocuments(Protocol):
    """What the commands need of a coder: one record for each document, in order."""

    def code_all(self, documents: Iterable[Document]) -> Iterator[CodedDocument]: ...


def code(
    inputs: Inputs,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="Where the records go; - is standard output.")
    ] = STANDARD_OUTPUT,
    published: Published = None,
    quiet: Quiet = False,
) -> None:
    """Code reports: write who did and said what to whom, one JSON line a document, in input order.

    What cannot be read (a missing or binary file, an empty text, a text that is not English, a broken line) is told
    on standard error and set aside; the rest is coded.
    """
    with ending_quietly():
        raise typer.Exit(run_code(inputs, output, published, quiet))


def run_code(inputs: list[Path], output: Path, published: str | None, quiet: bool, coder: CodesDocuments | None = None) -> int:
    """Do what `melian code` does, with a coder of one's own where given.

    Returns:
        The exit code: 0, 1 or 3.

    Raises:
        typer.BadParameter: a date or an output that cannot be used.
    """
    check_output(output, inputs)
    intake = Intake(inputs, published, output)
    coded = 0
    shown = not quiet and watched(output == STANDARD_OUTPUT and sys.stdout.isatty())
    with told_notes(quiet), writing(output) as write:
        records = (coder or default_coder()).code_all(intake.documents())
        for record in with_progress(records, intake.count, shown):
            write(to_json(record) + b"\n")
            coded += 1
    if not quiet:
        tell(f"coded {coded}, set aside {intake.set_aside}")
    return exit_code(coded, intake.set_aside)


def default_coder() -> CodesDocuments:
    """The package's coder; imported here, since it brings the language model's libraries."""
    from melian.coding.coder import Coder

    return Coder()
