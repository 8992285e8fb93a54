"""`melian add`: reports into a record."""

from __future__ import annotations

from typing import Annotated

import typer

from melian.cli.code import default_coder
from melian.cli.filtering import Crisis
from melian.cli.messages import ending_quietly, tell, told_notes
from melian.cli.progress import counting
from melian.cli.reading import Columns, Inputs, Published, Quiet, found_in


def add(
    crisis: Crisis,
    inputs: Inputs,
    published: Published = None,
    columns: Columns = None,
    coded: Annotated[
        bool, typer.Option("--coded", help="The inputs are JSON lines that hold a text and its record; nothing is coded anew.")
    ] = False,
    history: Annotated[
        str | None,
        typer.Option(
            metavar="KIND", help="The inputs are event files of another project: icews, polecat, gdelt or quadruples."
        ),
    ] = None,
    batch: Annotated[int, typer.Option(metavar="N", min=1, help="Most reports that go into the record at once.")] = 1000,
    quiet: Quiet = False,
) -> None:
    """Read reports, code them and put them into the record; what is in it already is not coded again.

    What cannot be read or coded is told, and `melian show CRISIS quarantine` lists it; the rest goes in. Stopped at any moment,
    the same command goes on from there.
    """
    with ending_quietly():
        from melian.crisis.record.adding import add_found

        with told_notes(quiet), counting("reports", not quiet) as done:
            outcome = add_found(
                crisis,
                found_in(inputs, published, columns, coded, history),
                default_coder(),
                coder_version(),
                batch=batch,
                told=tell,
                done=done,
            )
        if not quiet:
            tell(f"added {outcome.new}, known already {outcome.known}, set aside {outcome.set_aside}")
        raise typer.Exit(3 if outcome.set_aside and outcome.new + outcome.known else 1 if outcome.set_aside else 0)


def coder_version() -> str:
    """What is noted with each document: the package's version and the model's fingerprint."""
    from melian.coding.coder import version

    return version()
