"""The page of `melian report`: one HTML file with everything in it.

    html = render(documents, coded, title="The Geneva winter")

It shows a record with the same sentences, threads, rows and drawings as the desk (`melian.views`); documents with their records are put into
a record of their own first. The page loads nothing: style and script stand in it and are allowed by their hashes, everything else is
forbidden by its Content-Security-Policy. All source text passes through Jinja's escaping. It is complete without the script: links then
jump to the marked words in the documents below; with it they open them in a drawer.
"""

from __future__ import annotations

import base64
import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path

import duckdb
import msgspec
from jinja2 import Template
from markupsafe import Markup

from melian.crisis.record import store
from melian.crisis.record.rows import add
from melian.crisis.record.upkeep import update
from melian.errors import RecordError
from melian.records import CodedDocument, Document
from melian.report.contents import contents
from melian.report.documents import Pair
from melian.views.templates import environment
from melian.views.wording import date_words

MOST = 2000
"""Reports of one page. It holds every text, so that a browser could not show many more."""


def render(
    documents: Sequence[Document], coded: Sequence[CodedDocument], title: str | None = None, made_at: date | None = None
) -> str:
    """The whole page as HTML. The same input gives the same page, and the order of the documents does not matter.

    Args:
        documents: the texts; of two with one id the first counts.
        coded: their records. A record without its document is shown without words.
        title: the page's heading; without one it names the parties most spoken of.
        made_at: the day to put under the page; None leaves it out.

    Raises:
        RecordError: there are more documents than a page can show (`MOST`).
    """
    records = {record.doc_id: record for record in reversed(coded)}
    texts = {document.doc_id: document for document in reversed(documents)}
    for record in records.values():
        texts.setdefault(record.doc_id, Document(doc_id=record.doc_id, text="", published=record.published, title=record.title))
    pairs = [
        (
            text,
            _fitted(
                records.get(key) or CodedDocument(doc_id=key, published=text.published, published_from=text.published_from)
            ),
        )
        for key, text in sorted(texts.items())
    ]
    with _record(pairs) as connection:
        return page(connection, title, made_at)


def _fitted(coded: CodedDocument) -> CodedDocument:
    """Without further spans that no text can have."""
    events = tuple(
        msgspec.structs.replace(event, also=tuple(span for span in event.also if 0 <= span[0] < span[1]))
        for event in coded.events
    )
    return msgspec.structs.replace(coded, events=events)


@contextmanager
def _record(pairs: Sequence[Pair]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A record of some documents, for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="melian-") as folder:
        path = Path(folder) / "page.crisis"
        store.create(path)
        with store.writing(path) as connection:
            update(connection, add(connection, pairs))
        with store.reading(path) as connection:
            yield connection


def page(connection: duckdb.DuckDBPyConnection, title: str | None = None, made_at: date | None = None) -> str:
    """The page of a record.

    Args:
        connection: the record, open for reading.
        title: the page's heading; without one it names the parties most spoken of.
        made_at: the day to put under the page; None leaves it out.

    Raises:
        RecordError: it holds more reports than a page can show (`MOST`).
    """
    count = connection.execute("SELECT count(*) FROM documents").fetchone()
    if count and count[0] > MOST:
        raise RecordError(
            f"{count[0]:,} reports are more than one page can show ({MOST:,}); read them at the desk: melian desk CRISIS"
        )
    style, script = _style(), _script()
    found = contents(connection)
    return _template().render(
        title=title or found["named"],
        made_at=date_words(made_at.isoformat()[:10]) if made_at else None,
        style=Markup(style),
        script=Markup(script),
        style_hash=_hash(style),
        script_hash=_hash(script),
        **found,
    )


def _asset(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _style() -> str:
    charts = files("melian.charts").joinpath("charts.css").read_text(encoding="utf-8")
    return f"{_asset('page.css')}\n{charts}"


def _script() -> str:
    charts = files("melian.charts").joinpath("charts.js").read_text(encoding="utf-8")
    return f"{charts}\n{_asset('page.js')}"


def _hash(content: str) -> str:
    """A source expression of Content-Security-Policy that allows this very content."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


@cache
def _template() -> Template:
    return environment(__package__).get_template("page.html.jinja")
