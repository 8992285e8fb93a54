"""The options that narrow a table, the same for every command that shows or exports one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Crisis = Annotated[Path, typer.Argument(metavar="CRISIS", help="The record: a file that `melian new` made.")]
Since = Annotated[
    str | None, typer.Option("--from", metavar="DATE", help="Only what reaches this day, month or year or later.")
]
Until = Annotated[
    str | None, typer.Option("--to", metavar="DATE", help="Only what began by the end of this day, month or year.")
]
Begun = Annotated[
    str | None,
    typer.Option("--begun", metavar="DATE", help="Only what began on this day, or in this month, year or span (A/B)."),
]
Who = Annotated[str | None, typer.Option("--who", metavar="PARTY", help="Who acts, speaks or claims: an id or a name.")]
Whom = Annotated[str | None, typer.Option("--whom", metavar="PARTY", help="Whom it is done or said to, or is about.")]
Type = Annotated[
    str | None, typer.Option("--type", metavar="TYPES", help="Event types, acts or statuses, with commas between them.")
]
Place = Annotated[str | None, typer.Option("--place", metavar="PLACE", help="A place's name or a country.")]
Source = Annotated[str | None, typer.Option("--source", metavar="OUTLET", help="Part of an outlet's name.")]
Text = Annotated[str | None, typer.Option("--text", metavar="WORDS", help="Words that must occur as they stand.")]
Realis = Annotated[
    str | None,
    typer.Option(
        "--realis",
        metavar="REALIS",
        help="Of events: actual, denied, planned, conditional, predicted, demanded; of incidents: actual, denied.",
    ),
]
