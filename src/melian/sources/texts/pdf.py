"""PDF files with text in them, as ministries publish their statements."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from melian.errors import EmptyText, InputError, TooLarge, UnreadableInput
from melian.sources import limits
from melian.sources.given import Found, Given
from melian.sources.optional import library
from melian.sources.properties import title_of
from melian.sources.published import day_of_property
from melian.sources.streams import read_whole
from melian.sources.texts.pdf_lines import joined

_STAMP = re.compile(r"(?:D:)?(\d{4})(\d\d)(\d\d)")


def read(stream: io.BufferedReader, given: Given) -> Iterator[Found]:
    """The document of a PDF file: the text of its pages, without page numbers and lines that head or foot every page.

    Title and day come from the file's properties; the day only where the text's first lines give none.

    Raises:
        UnreadableInput: it is encrypted or broken.
        EmptyText: its pages are pictures.
        TooLarge: it has more pages, bytes or text than is read of one file.
        MissingLibrary: pypdf is not installed.
    """
    pypdf = library("pypdf", "PDF files", given.where)
    raw = read_whole(stream, limits.FILE, given.where, "PDF file")
    try:
        reader = pypdf.PdfReader(io.BytesIO(raw))
        if reader.is_encrypted and not _opened(reader):
            raise UnreadableInput("the PDF file is encrypted; save it without a password", given.where)
        pages = _pages(reader, given.where)
        properties = reader.metadata or {}
        title, stamp = title_of(properties.get("/Title")), _day(properties.get("/CreationDate") or properties.get("/ModDate"))
    except InputError:
        raise
    except Exception as error:  # broken files make pypdf fail in every way: its own errors, KeyError, RecursionError, …
        raise UnreadableInput(f"broken PDF file ({type(error).__name__}: {str(error)[:200]})", given.where) from error
    text = joined(pages)
    if not text:
        raise EmptyText("the PDF file has no text, only pictures of pages; have its text recognised (OCR) first", given.where)
    yield given.document(raw, text, day_of_property(stamp, text), title=title)


def _opened(reader: Any) -> bool:
    """Whether an encrypted file opens without a password, as those do that only forbid printing."""
    try:
        return bool(reader.decrypt(""))
    except Exception:  # a cipher that the library lacks, among others
        return False


def _pages(reader: Any, where: str) -> list[str]:
    if len(reader.pages) > limits.PDF_PAGES:
        raise TooLarge(
            f"more than {limits.PDF_PAGES} pages, which is the most that is read of one PDF file; cut it into parts", where
        )
    pages: list[str] = []
    size = 0
    for page in reader.pages:
        pages.append(page.extract_text())
        size += len(pages[-1])
        if size > limits.TEXT:
            raise TooLarge(f"more than {limits.size(limits.TEXT)} of text in one PDF file; cut it into parts", where)
    return pages


def _day(stamp: object) -> str | None:
    """The day of a PDF date ("D:20220121103000+01'00'")."""
    if not (found := _STAMP.match(str(stamp or ""))):
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        return None
