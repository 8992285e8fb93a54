"""`melian search`: words in the texts of a record."""

from __future__ import annotations

import csv as tables
import io
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from melian.cli.filtering import Crisis, Since, Source, Until
from melian.cli.messages import ending_quietly, tell

if TYPE_CHECKING:
    from melian.crisis.search import Hit
    from melian.records import Span

SHOWN = 20  # reports on a terminal; files get all


def search(
    crisis: Crisis,
    asked: Annotated[
        list[str],
        typer.Argument(
            metavar="WORDS",
            help="In quotation marks for the shell: 'troops border' (both, in any form), '\"security guarantees\"' (in a row, as they "
            "stand), 'Minsk OR Normandy', 'Minsk -Normandy' (without), 'mobilis*' (that begin so).",
        ),
    ],
    since: Since = None,
    until: Until = None,
    source: Source = None,
    copies: Annotated[bool, typer.Option("--copies", help="Each copy of a telling by itself.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="One line a report as CSV.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line, with the places of the words.")] = False,
    limit: Annotated[
        int | None,
        typer.Option(metavar="N", min=0, help=f"Most reports; 0 is all. A terminal shows {SHOWN}, CSV and JSON have all."),
    ] = None,
) -> None:
    """Search the texts of a record, and show the passages that fit best."""
    if csv and json:
        raise typer.BadParameter("--csv and --json exclude each other", param_hint="--json")
    with ending_quietly():
        import msgspec

        from melian.crisis.record import store
        from melian.crisis.search import nothing_found
        from melian.crisis.search import search as find
        from melian.crisis.search.queries import parse

        query = " ".join(asked)
        most = (None if csv or json else SHOWN) if limit is None else limit or None
        if ignored := parse(query).ignored:
            tell(f"left out as too common or too long: {', '.join(ignored)}")
        with store.reading(crisis) as connection:
            hits = find(connection, query, limit=most, since=since, until=until, source=source, copies=copies)
            if csv:
                sys.stdout.buffer.writelines(_csv_lines(hits))
            elif json:
                sys.stdout.buffer.writelines(msgspec.json.encode(hit) + b"\n" for hit in hits)
            else:
                _print(hits)
            sys.stdout.flush()
            if not hits:
                tell(nothing_found(connection, query, since=since, until=until, source=source))
            elif len(hits) == most:
                tell(f"the best {most}; --limit 0 shows all")


def _csv_lines(hits: Sequence[Hit]) -> Iterator[bytes]:
    line = io.StringIO()
    writer = tables.writer(line, lineterminator="\n")
    writer.writerow(("document", "published", "outlet", "title", "url", "score", "copies", "passages"))
    for hit in hits:
        passages = " … ".join(" ".join(snippet.words.split()) for snippet in hit.snippets)
        writer.writerow((hit.document, hit.published, hit.outlet, hit.title, hit.url, hit.score, hit.copies, passages))
    yield line.getvalue().encode("utf-8")


def _print(hits: Sequence[Hit]) -> None:
    """Hits on standard output: what was asked for in bold on a terminal, between arrows elsewhere."""
    write = _to_terminal if sys.stdout.isatty() else _to_pipe
    for number, hit in enumerate(hits):
        if number:
            print()
        told = " · ".join(part for part in (hit.document, hit.published, hit.outlet) if part)
        write(told, ())
        if hit.title:
            write(*_on_one_line(hit.title, hit.title_marks, 0), indent=2)
        for snippet in hit.snippets:
            passage, places = _on_one_line(snippet.words, snippet.marks, snippet.span[0])
            if snippet.span[0]:  # it begins within the text
                passage, places = f"… {passage}", [(start + 2, stop + 2) for start, stop in places]
            write(passage, places, indent=4)
        if hit.copies:
            write("and 1 copy" if hit.copies == 1 else f"and {hit.copies} copies", (), indent=4)


def _on_one_line(text: str, marks: Sequence[Span], start: int) -> tuple[str, list[Span]]:
    """A text without its line breaks and doubled spaces, and where its marks are then; `start` is what marks count from."""
    line = ""
    places: list[Span] = []
    at = 0

    def add(part: str) -> None:
        nonlocal line
        words = " ".join(part.split())
        before = " " if part[:1].isspace() and line and not line.endswith(" ") else ""
        after = " " if part[-1:].isspace() and words else ""
        line += before + words + after

    for begin, end in marks:
        add(text[at : begin - start])
        place = len(line)
        add(text[begin - start : end - start])
        places.append((place, len(line)))
        at = end - start
    add(text[at:])
    return line.rstrip(), places


def _to_pipe(line: str, marks: Sequence[Span], indent: int = 0) -> None:
    for start, stop in reversed(marks):
        line = f"{line[:start]}»{line[start:stop]}«{line[stop:]}"
    print(" " * indent + line)


def _to_terminal(line: str, marks: Sequence[Span], indent: int = 0) -> None:
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    words = Text(line, style="" if indent else "dim")
    for start, stop in marks:
        words.stylize("bold", start, stop)
    Console(highlight=False).print(Padding(words, (0, 0, 0, indent)))
