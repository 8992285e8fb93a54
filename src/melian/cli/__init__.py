"""The command line, one file a command.

What a command needs is imported when it runs, so that `melian --help` answers at once.

Exit codes: 0 everything was coded; 3 something was set aside and the rest coded; 1 nothing could be read or coded;
2 the command was called wrongly; 130 stopped with Ctrl-C; 141 the reader of standard output went away.
"""

from __future__ import annotations

from typing import Annotated

import typer

from melian.cli.add import add
from melian.cli.code import code
from melian.cli.desk import desk
from melian.cli.explain import explain
from melian.cli.export import export
from melian.cli.judge import judge
from melian.cli.judgements import judgements
from melian.cli.new import new
from melian.cli.recode import recode
from melian.cli.report import report
from melian.cli.search import search
from melian.cli.show import show
from melian.cli.watch import watch

app = typer.Typer(
    name="melian",
    help="Reads news of an international crisis and keeps its record: who did and said what to whom, "
    "with the words that each entry rests on.",
    epilog="Exit codes: 0 all coded; 3 something was set aside, the rest coded; 1 nothing coded; 2 wrong usage.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help: rich takes longer to import than everything else here
    pretty_exceptions_enable=False,
)
for command in (code, report, new, add, show, search, explain, judge, judgements, export, recode, watch, desk):
    app.command()(command)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            typer.echo(f"melian {version('melian')}")
        except PackageNotFoundError:
            typer.echo("melian (run from its source, not installed)")
        raise typer.Exit()


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Options that stand before the command."""


def main() -> None:
    """What the `melian` command runs."""
    app()
