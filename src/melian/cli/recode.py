"""`melian recode`: a record's documents read again by a newer coder."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from melian.cli.add import coder_version
from melian.cli.code import default_coder
from melian.cli.filtering import Crisis
from melian.cli.messages import ending_quietly, tell
from melian.cli.progress import counting
from melian.cli.reading import Quiet


def recode(
    crisis: Crisis,
    every: Annotated[bool, typer.Option("--all", help="Also what this very coder has read.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Each change as a JSON object on a line.")] = False,
    quiet: Quiet = False,
) -> None:
    """Code the documents of a record again, keep all judgements, and say what changed.

    Documents whose records came with them (`melian add --coded`, event files of other projects) stay as they are.
    """
    with ending_quietly():
        import msgspec

        from melian.crisis.record.recoding import Change
        from melian.crisis.record.recoding import recode as run

        def told(change: Change) -> None:
            if json:
                sys.stdout.buffer.write(msgspec.json.encode(change) + b"\n")
            elif not quiet:
                fields = f" ({', '.join(change.fields)})" if change.fields else ""
                print(f"{change.what}\t{change.kind[0]}{change.id}{fields}")

        with counting("documents", not quiet) as done:
            outcome = run(crisis, default_coder(), coder_version(), every=every, told=told, failed=tell, done=done)
        if not quiet:
            tell(
                f"coded {outcome.documents} documents again; events and statements: {outcome.new} new, {outcome.gone} gone, "
                f"{outcome.changed} changed, {outcome.same} as before"
            )
            if outcome.judgements:
                tell("judgements: " + ", ".join(f"{number} {name}" for name, number in sorted(outcome.judgements.items())))
        raise typer.Exit(3 if outcome.failed else 0)
