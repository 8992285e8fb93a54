"""`melian new`: an empty record of a crisis."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from melian.cli.messages import ending_quietly, tell


def new(
    crisis: Annotated[Path, typer.Argument(metavar="CRISIS", help="The file to make, for example geneva.crisis.")],
    title: Annotated[str | None, typer.Option(metavar="TITLE", help="What the crisis is called, on pages and exports.")] = None,
) -> None:
    """Make the record of a crisis, a single file; `melian add` puts reports into it."""
    with ending_quietly():
        from melian.crisis.record import store

        store.create(crisis, title)
        tell(f"made {crisis}; add reports with: melian add {crisis} FILE…")
