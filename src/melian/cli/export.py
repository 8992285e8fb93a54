"""`melian export`: a record as a zip in one of the field's formats."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from melian.cli.filtering import Crisis, Place, Since, Source, Text, Type, Until, Who, Whom
from melian.cli.messages import ending_quietly, tell
from melian.cli.output import STANDARD_OUTPUT, check_output, writing


def export(
    crisis: Crisis,
    format: Annotated[
        str, typer.Argument(metavar="FORMAT", help="icews, polecat, plover, gdelt, acled, csv, parquet, stata or excel.")
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="ZIP", help="The zip archive to write; - is standard output.")
    ],
    no_text: Annotated[
        bool, typer.Option("--no-text", help="Leave out the sources' words and titles; addresses, offsets and hashes stay.")
    ] = False,
    tellings: Annotated[
        bool, typer.Option("--tellings", help="One row for each document that tells it, not for each happening.")
    ] = False,
    realis: Annotated[
        str,
        typer.Option(
            metavar="REALIS", help="all, or some of actual, denied, planned, conditional, predicted, demanded, with commas."
        ),
    ] = "actual",
    since: Since = None,
    until: Until = None,
    who: Who = None,
    whom: Whom = None,
    type: Type = None,
    place: Place = None,
    source: Source = None,
    text: Text = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No summary; errors are still told.")] = False,
) -> None:
    """Export a record: the data with their codebook, the actor dictionary and a README, in one zip archive.

    A row is one happening, however many documents tell it, unless --tellings asks for each.
    """
    with ending_quietly():
        from melian.crisis.questions.filters import Filters
        from melian.crisis.record import store
        from melian.exports import write

        check_output(output, [crisis])
        filters = Filters(since=since, until=until, who=who, whom=whom, type=type, place=place, source=source, text=text)
        with store.reading(crisis) as connection, tempfile.TemporaryDirectory(prefix="melian-") as folder:
            path = Path(folder) / "export.zip" if output == STANDARD_OUTPUT else output
            written = write(connection, path, format, text=not no_text, tellings=tellings, realis=realis, filters=filters)
            if output == STANDARD_OUTPUT:
                with writing(output) as put, path.open("rb") as archive:
                    while piece := archive.read(1 << 20):
                        put(piece)
        if not quiet:
            left_out = sum(written.left_out.values())
            tell(f"exported {written.events:,} events" + (f"; {left_out:,} left out (see README.txt)" if left_out else ""))
            if not written.events:
                tell(f"nothing in {crisis} is asked for; the files have their columns and no rows")
