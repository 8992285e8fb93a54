"""`melian judge`: what an analyst says of events, statements, incidents, ledger entries and documents."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from melian.cli.filtering import Crisis
from melian.cli.messages import ending_quietly, tell
from melian.errors import MelianError, UnreadableInput

if TYPE_CHECKING:
    from melian.crisis.judgements.judgement import Kind

ANALYST = "MELIAN_ANALYST"


By = Annotated[
    str | None,
    typer.Option(metavar="NAME", help=f"Whose judgement it is; else ${ANALYST}, else the name you are logged in by."),
]


def judge(
    crisis: Crisis,
    verb: Annotated[str, typer.Argument(metavar="VERB", help="accept, reject, correct, merge, split, note, add or undo.")],
    ids: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ID",
            help="Records, as `melian show` prints their ids; of undo a judgement (none: your last), of add a document. "
            "- reads ids from standard input: one a line, or the lines of `melian show --json`.",
        ),
    ] = None,
    field: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD", help="What to correct or to give; may be repeated, each with a --value."),
    ] = None,
    value: Annotated[
        list[str] | None,
        typer.Option(
            metavar="VALUE", help="The right value: words, ids of parties (RUS:GOV, USA), a span (10-42), null, or JSON."
        ),
    ] = None,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="Words to keep with it.")] = None,
    by: By = None,
    json: Annotated[bool, typer.Option("--json", help="Print the judgements as JSON lines.")] = False,
) -> None:
    """Accept, reject or correct what the machine read; merge and split incidents; note, add and undo.

    A judgement stands beside the machine's reading, is never lost, and can be undone. Its id is printed.
    """
    if len(field or ()) != len(value or ()):
        raise typer.BadParameter("every --field needs its --value, in the same order", param_hint="--field")
    kind = _kind(verb)
    with ending_quietly():
        from melian.crisis.judgements.judgement import to_line
        from melian.crisis.judgements.judging import judge as put
        from melian.crisis.judgements.making import prepare
        from melian.crisis.judgements.shorthand import read_values
        from melian.crisis.judgements.strangers import strangers
        from melian.crisis.record import store, upkeep

        analyst = analyst_name(by)
        named = _named(ids or [])
        typed = dict(zip(field or (), value or (), strict=True))
        with store.writing(crisis) as connection:
            values = read_values(connection, kind, named, typed) if typed else None
            unknown = strangers(connection, values or {})
            made = prepare(connection, kind, named, analyst, values=values, note=note)
            upkeep.update(connection, put(connection, made))
        for field_name, question in unknown.items():
            tell(f"{field_name}: {question} It is kept as you gave it.")
        for judgement in made:
            if json:
                sys.stdout.buffer.write(to_line(judgement) + b"\n")
            else:
                print(f"j{judgement.id}")
        tell(
            f"{len(made)} judgement{'s' if len(made) > 1 else ''} by {analyst}: {kind}; `melian judge {crisis} undo ID` takes one back"
        )


def _kind(verb: str) -> Kind:
    from melian.crisis.judgements.judgement import KINDS

    for kind in KINDS:
        if kind == verb.strip().lower():
            return kind
    raise typer.BadParameter(f"{verb!r} is none of {', '.join(KINDS)}", param_hint="VERB")


def analyst_name(given: str | None) -> str:
    """Who judges: the name given, else that of the environment, else the system's user.

    Raises:
        MelianError: none of them is there.
    """
    import getpass

    name = (given or os.environ.get(ANALYST) or "").strip()
    if name:
        return name
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError) as error:
        raise MelianError(f"who judges? Give your name with --by, or in the environment variable {ANALYST}") from error


def _named(ids: list[str]) -> list[str]:
    """The ids as given, those of standard input in the place of "-"."""
    return [each for given in ids for each in (_from_lines(sys.stdin.buffer.readlines()) if given == "-" else [given])]


def _from_lines(lines: list[bytes]) -> list[str]:
    import msgspec

    found: list[str] = []
    for number, line in enumerate(lines, start=1):
        words = line.decode("utf-8", errors="replace").strip()
        if words.startswith("{"):
            try:
                row: Any = msgspec.json.decode(words)
                found.append(row["id"])
            except (msgspec.DecodeError, KeyError) as error:
                raise UnreadableInput("not a JSON object with an id", f"standard input:{number}") from error
        elif words:
            found.append(words.split()[0])
    if not found:
        raise UnreadableInput("there are no ids in it", str(Path("standard input")))
    return found
