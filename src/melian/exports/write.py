"""Writing an export: a zip with the data, the codebook, the actor dictionary, a README and a note on rights."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path

import duckdb

from melian import __version__
from melian.crisis.questions.filters import Filters
from melian.errors import ExportError
from melian.exports import codebook_page, own_tables
from melian.exports.collect import chosen_realis, collect, entries, statements
from melian.exports.delimited import Delimited
from melian.exports.dictionary import Dictionary
from melian.exports.formats import FORMATS, Format, format_named
from melian.exports.layout import Record, Sheet
from melian.exports.package import pack
from melian.exports.rows import ExportedEntry, ExportedStatement
from melian.exports.writing import Writer

_TELLINGS = Sheet("tellings", "event", own_tables.TELLINGS, lambda _: (), "one document's telling of a row of events")


@dataclass(slots=True)
class Written:
    """What an export holds.

    Attributes:
        path: the zip.
        rows: rows by file or sheet.
        events: events that were exported.
        left_out: events that the format has no class for, by type.
    """

    path: Path
    rows: Counter[str] = field(default_factory=Counter)
    events: int = 0
    left_out: Counter[str] = field(default_factory=Counter)


def write(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    format: str = "csv",
    *,
    text: bool = True,
    tellings: bool = False,
    realis: str | Collection[str] = "actual",
    filters: Filters | None = None,
) -> Written:
    """Export a record.

    Args:
        connection: to the record, open.
        path: of the zip to write; a file that is there is replaced.
        format: "icews", "polecat", "plover", "gdelt", "acled", "csv", "parquet", "stata" or "excel".
        text: with the sources' own words and titles. Without, their addresses, offsets and hashes stay, and every column.
        tellings: one row for each document's telling, not for each incident.
        realis: which events: "actual" (what somebody tells as a fact), "all", or some of the codebook's.
        filters: leave out what does not fit.

    Raises:
        ExportError: there is no such format, it has no room for what is asked, or the file cannot be written.
        CodebookError: a realis that the codebook does not have.
        DateError: a date of the filters is none.
        MissingLibrary: the format needs a library that is not installed.
    """
    chosen, wanted = format_named(format), chosen_realis(realis)
    if not chosen.unreal and wanted != {"actual"}:
        others = ", ".join(name for name, other in FORMATS.items() if other.unreal)
        raise ExportError(f"{chosen.title}: has no column that tells what happened from what did not; for others use {others}")
    with tempfile.TemporaryDirectory(prefix="melian-") as folder:
        return _write(connection, path, Path(folder), chosen, text, tellings, wanted, filters or Filters())


def _write(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    folder: Path,
    chosen: Format,
    text: bool,
    tellings: bool,
    realis: frozenset[str],
    filters: Filters,
) -> Written:
    sheets = chosen.sheets()
    writer = chosen.writer(folder, sheets)
    beside = None if chosen.own_tellings else Delimited(folder, (_TELLINGS,), ".csv", ",")
    written, actors = Written(path), Dictionary()
    for event in collect(connection, filters, realis=realis, tellings=tellings, text=text):
        ids = _put(writer, [sheet for sheet in sheets if sheet.of == "event"], event, written)
        if not ids:
            written.left_out[event.type] += 1
            continue
        written.events += 1
        actors.add(event.source, event.target)
        if beside:
            for id_ in ids:
                for row in own_tables.tellings(event, id_):
                    beside.write(_TELLINGS, row)
                    written.rows["tellings"] += 1
    for sheet in sheets:
        for record in _others(connection, sheet, filters, text):
            _put(writer, [sheet], record, written)
            if isinstance(record, ExportedStatement):
                actors.add(record.speaker, (*record.addressee, *record.about))
    files = [*writer.close(), *(beside.close() if beside else ())]
    listed = [*sheets, *([_TELLINGS] if beside else [])]
    names = [
        f"{chosen.one_file}, sheet {sheet.name}" if chosen.one_file else file.name for sheet, file in _beside(listed, files)
    ]
    dictionary = actors.sheet()
    files += _dictionary(folder, dictionary, actors)
    described = codebook_page.described([*zip(names, listed, strict=True), ("actors.csv", dictionary)])
    readme = _readme(connection, chosen, written, listed, text, tellings, realis, filters)
    pages = {
        "codebook.md": codebook_page.page(chosen.title, described, text),
        "README.txt": readme,
        "LICENCE.txt": _LICENCE,
    }
    for name, content in pages.items():
        (folder / name).write_text(content, encoding="utf-8")
        files.append(folder / name)
    pack(path, files)
    return written


def _beside(sheets: Sequence[Sheet], files: Sequence[Path]) -> Iterator[tuple[Sheet, Path]]:
    """Each sheet with its file; a workbook is the file of all its sheets."""
    for number, sheet in enumerate(sheets):
        yield sheet, files[min(number, len(files) - 1)]


def _others(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet, filters: Filters, text: bool
) -> Iterable[ExportedStatement | ExportedEntry]:
    """The records of a sheet that is not one of events."""
    if sheet.of == "statement":
        return statements(connection, filters, text=text)
    return entries(connection, filters, text=text) if sheet.of == "entry" else ()


def _put(writer: Writer, sheets: Iterable[Sheet], record: Record, written: Written) -> list[str | int]:
    """Write a record's rows; the ids of those in the first sheet are returned."""
    ids: list[str | int] = []
    for number, sheet in enumerate(sheets):
        for row in sheet.rows(record):
            writer.write(sheet, row)
            written.rows[sheet.name] += 1
            if number == 0:
                ids.append(row[0] if isinstance(row[0], str | int) else "")
    return ids


def _dictionary(folder: Path, sheet: Sheet, actors: Dictionary) -> list[Path]:
    writer = Delimited(folder, (sheet,), ".csv", ",")
    for row in actors.rows():
        writer.write(sheet, row)
    return writer.close()


def _readme(
    connection: duckdb.DuckDBPyConnection,
    chosen: Format,
    written: Written,
    sheets: Iterable[Sheet],
    text: bool,
    tellings: bool,
    realis: frozenset[str],
    filters: Filters,
) -> str:
    title = connection.execute("SELECT value FROM about WHERE key = 'title'").fetchone()
    lines = [f"{title[0] if title else 'A crisis'}: {chosen.title}", f"Exported by Melian {__version__}.", ""]
    lines += [f"{sheet.name}: {written.rows[sheet.name]:,} rows, each {sheet.what}" for sheet in sheets]
    lines += [
        "actors.csv: who is who, with COW and Gleditsch-Ward numbers",
        "codebook.md: what the columns and values mean",
        "",
    ]
    if written.left_out:
        counted = ", ".join(f"{kind} {number:,}" for kind, number in sorted(written.left_out.items()))
        lines.append(
            f"Left out, since the format has no class for them: {sum(written.left_out.values()):,} events ({counted})."
        )
    lines.append(
        "A row of events is one document's telling; the same happening may have many."
        if tellings
        else "A row of events is one happening, however many documents tell it: tellings and independent sources are counted beside it."
    )
    lines.append(f"Events whose realis is {', '.join(sorted(realis))}.")
    given = [f"{each.name} {value}" for each in fields(filters) if (value := getattr(filters, each.name))]
    lines.append(f"Only what fits: {'; '.join(given)}." if given else "The whole record.")
    lines.append(
        "With the sources' own words."
        if text
        else "Without the sources' words and titles. Addresses, offsets (code points) and SHA-256 hashes of the texts are kept, so that who has a text "
        "can find the words in it."
    )
    lines.append(
        "Where only a country is known, the place is that country and never one of its towns; the codebook says how it is marked."
    )
    lines += [chosen.note] if chosen.note else []
    lines.append("Ids are made of the contents: the same record gives the same ids, and the same files byte for byte.")
    return "\n".join(lines) + "\n"


_LICENCE = """What is in this archive, and whose it is.

Texts, titles and names quoted from documents belong to their publishers. They stand here, if at all, as quotations that show what the
coding rests on; whether you may pass them on depends on your licence for each source. An export without text has none of them.

The coding (types, parties, dates, statuses) was made by Melian and by the analysts of this record. It is the record's owner who decides
on its use; the archive itself sets no terms.

Places: GeoNames (https://www.geonames.org), CC BY 4.0. Country codes: datasets/country-codes (PDDL). State numbers: Correlates of War
Project; Gleditsch and Ward 1999. Event types after PLOVER (Open Event Data Alliance, CC BY-SA 4.0); CAMEO codes after Schrodt 2012;
their scale after Goldstein 1992. ICEWS, POLECAT, GDELT and ACLED name file layouts. Where their data were put into the record as
history (documents whose outlet is ICEWS, POLECAT or GDELT), their own terms hold for those rows.
"""
