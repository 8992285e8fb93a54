"""`melian judgements`: what was judged, out to a file and in from one, and how far analysts agree."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from melian.cli.filtering import Crisis
from melian.cli.messages import ending_quietly, tell
from melian.cli.output import check_output, writing
from melian.cli.show import print_table
from melian.errors import MissingInput, UnreadableInput

if TYPE_CHECKING:
    import duckdb

    from melian.crisis.judgements import Agreement, Judgement
    from melian.crisis.judgements.agreement import Measure


def judgements(
    crisis: Crisis,
    export: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write every judgement to a file, a JSON object a line; - is standard output."),
    ] = None,
    imported: Annotated[
        list[Path] | None,
        typer.Option(
            "--import", metavar="FILE", help="Take in the judgements of such a file; may be repeated. - is standard input."
        ),
    ] = None,
    agreement: Annotated[
        bool, typer.Option("--agreement", help="How far analysts agree: percent, Cohen's kappa, Krippendorff's alpha.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List the judgements on a record with what became of each, or exchange them, or compare analysts.

    Judgements that came from another copy of the record wait until their document comes; none is ever dropped.
    """
    if sum((export is not None, bool(imported), agreement)) > 1:
        raise typer.BadParameter("--export, --import and --agreement exclude each other", param_hint="--agreement")
    with ending_quietly():
        from melian.crisis.record import store

        if imported:
            _import(crisis, imported)
        elif export is not None:
            check_output(export, [crisis])
            with store.reading(crisis) as connection:
                _export(connection, export)
        else:
            with store.reading(crisis) as connection:
                _print_agreement(connection, json) if agreement else _list(connection, crisis, json)


def _import(crisis: Path, files: list[Path]) -> None:
    from melian.crisis.judgements.exchange import join, read
    from melian.crisis.record import store, upkeep

    given = [(str(path), read(_lines(path), str(path))) for path in files]  # before the record is locked
    with store.writing(crisis) as connection:
        for name, found in given:
            joined = join(connection, found, name)
            upkeep.update(connection, joined.documents)
            waiting = f"; {joined.waiting} wait for a document or record that is not here" if joined.waiting else ""
            tell(f"{name}: {joined.new} new, {joined.known} known already{waiting}")


def _lines(path: Path) -> list[bytes]:
    if path == Path("-"):
        return sys.stdin.buffer.read().splitlines()
    try:
        return path.read_bytes().splitlines()
    except FileNotFoundError as error:
        raise MissingInput("no such file", str(path)) from error
    except OSError as error:
        raise UnreadableInput(f"cannot be read ({error.strerror or error})", str(path)) from error


def _export(connection: duckdb.DuckDBPyConnection, output: Path) -> None:
    from melian.crisis.judgements.exchange import export

    number = 0
    with writing(output) as write:
        for line in export(connection):
            write(line)
            number += 1
    tell(f"{number} judgements in {output}" if number else "there are no judgements to write")


def _list(connection: duckdb.DuckDBPyConnection, crisis: Path, json: bool) -> None:
    import msgspec

    from melian.crisis.judgements.table import all_judgements, orphaned_ids, undone_ids

    undone, waiting = undone_ids(connection), orphaned_ids(connection)
    rows = []
    for each in all_judgements(connection):
        state = "undone" if each.id in undone else "waits" if each.id in waiting else ""
        if json:
            row: dict[str, Any] = msgspec.to_builtins(each) | {"state": state or "stands"}
            sys.stdout.buffer.write(msgspec.json.encode(row) + b"\n")
        else:
            rows.append(_row(each, state))
    if rows:
        print_table(["id", "when", "by", "kind", "about", "field", "value", "note", "state"], rows)
    elif not json:
        tell(f"no judgements in {crisis} yet; make one with: melian judge {crisis} accept ID")


def _row(each: Judgement, state: str) -> list[str]:
    about = [f"j{each.undoes}"] if each.undoes else _about(each)
    shown = ", ".join(about[:3]) + (f" and {len(about) - 3} more" if len(about) > 3 else "")
    value = _words(each.value) if each.kind == "correct" else ""
    if each.kind == "add":
        record = each.value.get("event") or each.value.get("statement")
        value = "; ".join(f"{field} {_words(given)}" for field, given in record.items())
    when = each.when.strftime("%Y-%m-%d %H:%M:%S UTC")
    return [f"j{each.id}", when, each.by, each.kind, shown, each.field or "", value, " ".join((each.note or "").split()), state]


def _about(judgement: Judgement) -> list[str]:
    from melian.crisis.judgements.targets import ENTRY_LETTERS, LETTERS

    letters: dict[str, str] = {what: letter for letter, what in LETTERS.items() if what != "entry"}
    kinds = {reading.id: reading.entry.kind for reading in judgement.reading if reading.entry}
    return [
        f"{letters.get(judgement.what or '', ENTRY_LETTERS.get(kinds.get(each, ''), ''))}{each}" for each in judgement.about
    ]


def _words(value: Any) -> str:
    """A value in a table: `RUS:GOV, USA:GOV` for parties, JSON for what is no word."""
    import msgspec

    if isinstance(value, str):
        return value
    if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        return ", ".join(":".join(str(each[key]) for key in ("id", "sector", "name") if each.get(key)) for each in value)
    return "none" if value is None or value == [] else msgspec.json.encode(value).decode()


def _print_agreement(connection: duckdb.DuckDBPyConnection, json: bool) -> None:
    import msgspec

    from melian.crisis.judgements.opinions import agreements
    from melian.crisis.judgements.table import all_judgements, names_now

    found = agreements(all_judgements(connection), names_now(connection))
    if json:
        for each in found:
            sys.stdout.buffer.write(msgspec.json.encode(each) + b"\n")
    elif found:
        print_table(["of", "question", "analysts", "records", "same", "kappa", "alpha", ""], map(_agreement_row, found))
    else:
        tell("no two analysts have judged this record")


def _agreement_row(each: Agreement) -> list[str]:
    notes = dict.fromkeys(m.note for m in (each.percent, each.kappa, each.alpha) if m and m.note)
    percent = "" if each.percent.value is None else f"{each.percent.value:.1%}"
    names = " and ".join(each.analysts) if len(each.analysts) == 2 else ", ".join(each.analysts)
    return [
        each.what,
        each.question,
        names,
        str(each.percent.n),
        percent,
        _shown(each.kappa),
        _shown(each.alpha),
        "; ".join(_some(notes)),
    ]


def _shown(measure: Measure | None) -> str:
    return "" if measure is None or measure.value is None else f"{measure.value:.3f}"


def _some(notes: Iterable[str | None]) -> list[str]:
    return [note for note in notes if note]
