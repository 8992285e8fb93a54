"""`melian report`: reports or a record in, one self-contained page out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from melian.cli.code import CodesDocuments, default_coder
from melian.cli.messages import ending_quietly, exit_code, tell, told_notes
from melian.cli.output import STANDARD_OUTPUT, check_output, writing
from melian.cli.progress import watched, with_progress
from melian.cli.reading import Inputs, Intake, Published, Quiet
from melian.errors import UnreadableInput
from melian.records import CodedDocument, Document, Span, from_json

Render = Callable[[list[Document], list[CodedDocument], str | None], str]


def report(
    inputs: Inputs,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="PAGE", help="The HTML page to write; - is standard output.")
    ],
    title: Annotated[str | None, typer.Option(metavar="TITLE", help="What the page is called.")] = None,
    published: Published = None,
    coded: Annotated[
        Path | None,
        typer.Option(
            "--coded", metavar="FILE", help="Records that `melian code` wrote for these inputs; nothing is coded anew."
        ),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Code reports, or take a record (`melian new`), and write a page to read: where things stand, who, when, and the ledger.

    The page is one HTML file that needs no network; every entry opens the words that it rests on.
    """
    with ending_quietly():
        raise typer.Exit(run_report(inputs, output, title, published, coded, quiet))


def run_report(
    inputs: list[Path],
    output: Path,
    title: str | None,
    published: str | None,
    coded: Path | None,
    quiet: bool,
    coder: CodesDocuments | None = None,
    render: Render | None = None,
) -> int:
    """Do what `melian report` does, with a coder and a renderer of one's own where given.

    Returns:
        The exit code: 0, 1 or 3.

    Raises:
        typer.BadParameter: a date or an output that cannot be used.
        UnreadableInput: the file of records cannot be read.
    """
    check_output(output, [*inputs, *([coded] if coded else [])])
    intake = Intake(inputs, published, output)
    with told_notes(quiet):
        if len(inputs) == 1 and _is_record(inputs[0]):
            page, number = _of_record(inputs[0], title)
        else:
            pairs = _recorded(intake, _records(coded), coded) if coded else _coded(intake, coder or default_coder())
            read = list(with_progress(pairs, intake.count, not quiet and watched(False)))
            page, number = (
                (render or _render)([document for document, _ in read], [record for _, record in read], title),
                len(read),
            )
    if number:
        with writing(output) as write:
            write(page.encode("utf-8"))
    if not quiet:
        if number and output != STANDARD_OUTPUT:
            tell(f"the page is in {output}; open it in a browser: {output.resolve().as_uri()}")
        tell(f"{'on the page' if coded else 'coded'} {number}, set aside {intake.set_aside}")
    return exit_code(number, intake.set_aside)


def _is_record(path: Path) -> bool:
    from melian.crisis.record.documents import is_record

    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return is_record(stream.read(12))


def _of_record(path: Path, title: str | None) -> tuple[str, int]:
    """The page of a record as it was judged to be, and how many reports it holds."""
    from melian.crisis.questions.answers import Record
    from melian.report.page import page

    with Record(path) as record:
        return page(record.connection, title or record.title or path.stem), len(record.table("documents"))


def _coded(intake: Intake, coder: CodesDocuments) -> Iterator[tuple[Document, CodedDocument]]:
    waiting: list[Document] = []  # read, and not yet coded: a coder may read ahead

    def passed_on() -> Iterable[Document]:
        for document in intake.documents():
            waiting.append(document)
            yield document

    for record in coder.code_all(passed_on()):
        yield waiting.pop(0), record


def _recorded(intake: Intake, records: dict[str, CodedDocument], coded: Path) -> Iterator[tuple[Document, CodedDocument]]:
    for document in intake.documents():
        record = records.get(document.doc_id)
        if record is None:
            intake.put_aside(UnreadableInput(f"{coded} has no record of document {document.doc_id!r}", document.origin))
        elif any(end > len(document.text) for _, end in _spans(record)):
            message = f"the record of {document.doc_id!r} in {coded} belongs to another text; code it again"
            intake.put_aside(UnreadableInput(message, document.origin))
        else:
            yield document, record


def _records(path: Path) -> dict[str, CodedDocument]:
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise UnreadableInput(f"the records cannot be read ({error.strerror or error})", str(path)) from error
    records = [from_json(line, f"{path}:{number}") for number, line in enumerate(lines, start=1) if line.strip()]
    return {record.doc_id: record for record in records}


def _spans(record: CodedDocument) -> Iterator[Span]:
    for event in record.events:
        yield event.evidence
        yield from event.also
    for statement in record.statements:
        yield statement.content


def _render(documents: list[Document], coded: list[CodedDocument], title: str | None) -> str:
    from melian.report.page import render

    return render(documents, coded, title)
