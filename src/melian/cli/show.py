"""`melian show`: the tables of a record."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import date, datetime
from itertools import islice
from typing import Annotated, Any

import typer

from melian.cli.filtering import Begun, Crisis, Place, Realis, Since, Source, Text, Type, Until, Who, Whom
from melian.cli.messages import ending_quietly, tell

SHOWN = 50  # rows on a terminal; files get all

# What a terminal shows of each table; CSV and JSON have every column.
_SHORT: dict[str, tuple[str, ...]] = {
    "events": ("id", "first", "type", "mode", "realis", "source", "target", "place", "words", "outlet"),
    "statements": ("id", "first", "act", "speaker_names", "speaker", "about", "words", "outlet"),
    "incidents": ("id", "first", "type", "source", "target", "place", "words", "tellings", "sources", "denied_by"),
    "demands": ("id", "since", "by", "to", "status", "moved", "words", "tellings"),
    "offers": ("id", "since", "by", "to", "status", "moved", "words", "tellings"),
    "redlines": ("id", "since", "by", "to", "status", "moved", "condition", "words"),
    "predictions": ("id", "since", "by_names", "by", "status", "moved", "due", "words"),
    "denials": ("id", "since", "by", "status", "moved", "words"),
    "shifts": ("id", "since", "by_names", "status", "words"),
    "documents": ("id", "published", "outlet", "title", "copy_of"),
}
_FLAG = {"first": "date"}


def show(
    crisis: Crisis,
    what: Annotated[
        str,
        typer.Argument(
            metavar="TABLE",
            help="events, statements, incidents, demands, offers, redlines, predictions, denials, shifts, actors, documents, "
            "sources or quarantine.",
        ),
    ],
    since: Since = None,
    until: Until = None,
    begun: Begun = None,
    who: Who = None,
    whom: Whom = None,
    type: Type = None,
    place: Place = None,
    source: Source = None,
    text: Text = None,
    realis: Realis = None,
    csv: Annotated[bool, typer.Option("--csv", help="All columns as CSV.")] = False,
    json: Annotated[bool, typer.Option("--json", help="All columns, one JSON object a line.")] = False,
    limit: Annotated[
        int | None,
        typer.Option(metavar="N", min=0, help=f"Most rows; 0 is all. A terminal shows {SHOWN}, CSV and JSON have all."),
    ] = None,
) -> None:
    """Show a table of a record: what happened, what was said, and what stands."""
    if csv and json:
        raise typer.BadParameter("--csv and --json exclude each other", param_hint="--json")
    with ending_quietly():
        from melian.crisis.questions.answers import Record

        most = (None if csv or json else SHOWN) if limit is None else limit or None
        filters: dict[str, Any] = {
            "since": since, "until": until, "begun": begun, "who": who, "whom": whom, "type": type, "place": place, "source": source, "text": text,
            "realis": realis,
        }  # fmt: skip
        with Record(crisis) as record:
            table = record.table(what, limit=most, **filters)
            if csv or json:
                for line in table.csv_lines() if csv else table.json_lines():
                    sys.stdout.buffer.write(line)
                sys.stdout.buffer.flush()
                return
            rows = table.rows()
            _print(what, rows)
            if most is not None and len(rows) == most:
                every = len(record.table(what, **filters))
                if every > most:
                    tell(f"{most} of {every:,} rows; --limit 0 shows all, --csv and --json have all columns")
            elif not rows:
                tell(f"no {what} in {crisis}{' with these filters' if any(filters.values()) else ''}")


def _print(what: str, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    columns = _SHORT.get(what, tuple(rows[0]))
    cells = [[_cell(row[column]) for column in columns] for row in rows]
    print_table([_FLAG.get(column, column).replace("_", " ") for column in columns], cells)


def print_table(heads: list[str], rows: Iterable[list[str]]) -> None:
    """A table on standard output: ruled on a terminal, tab-separated lines in a pipe."""
    if not sys.stdout.isatty():
        for row in rows:
            print("\t".join(row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text as Words

    table = Table(box=None, header_style="bold", pad_edge=False)
    for head in heads:
        table.add_column(head, overflow="fold", no_wrap=head == "id")
    for row in rows:
        table.add_row(*(Words(cell) for cell in row))
    Console().print(table)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(map(str, islice(value, 4))) + (" …" if len(value) > 4 else "")
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M UTC")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:g}"
    return " ".join(str(value).split())
