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
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import msgspec
from jinja2 import Environment, FunctionLoader, StrictUndefined, Template
from markupsafe import Markup

from melian.analysis.tension import tension
from melian.charts.directions import tame
from melian.charts.matrix import MOST as MOST_DRAWN
from melian.crisis.questions.filters import Filters
from melian.crisis.questions.tables import ENTRY_KINDS
from melian.crisis.record import store
from melian.crisis.record.documents import coded_documents
from melian.crisis.record.rows import add
from melian.crisis.record.upkeep import update
from melian.errors import RecordError
from melian.records import CodedDocument, Document
from melian.report import tables
from melian.report.documents import Pair, sources
from melian.report.people import people, speakers
from melian.views import news, pictures, series, spans, threads
from melian.views.filters import FILTERS
from melian.views.marks import ROLES
from melian.views.sentences import LEAST
from melian.views.situations import situation
from melian.views.standing import standing
from melian.views.wording import date_words, listed, party_name

MOST = 2000
"""Reports of one page. It holds every text, so that a browser could not show many more."""
MOST_PLACES, MOST_PEOPLE = 300, 5
_EVERY = 1_000_000
_CHAPTERS = (  # table, heading, what is said when there is none; redlines are called threats where they have no condition
    ("demands", "Demands and their answers", "No demand is on record."),
    ("redlines", "Threats and red lines", "No threat is on record."),
    ("predictions", "Predictions", "No prediction is on record."),
    ("denials", "Denials", "No denial is on record."),
    ("offers", "Offers", "No offer is on record."),
    ("shifts", "Shifts of position", "No correction of an earlier statement is on record."),
)
_SHARED = "both.html.jinja"


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
    pairs = list(coded_documents(connection))
    parties = series.parties(connection, Filters())
    happened = _incidents(connection)
    chapters = [(name, head, none, _entries(connection, name)) for name, head, none in _CHAPTERS]
    shown = sources(pairs)
    style, script = _style(), _script()
    days = {str(first): f"t-{first}" for first, _, _ in happened if first}
    return _template().render(
        title=title or (listed(party_name(row["party"]) for row in parties[:3]) if parties else "An empty record"),
        made_at=date_words(made_at.isoformat()[:10]) if made_at else None,
        style=Markup(style),
        script=Markup(script),
        style_hash=_hash(style),
        script_hash=_hash(script),
        evidence_href=_evidence(connection, [entry for *_, entries in chapters for entry in entries]),
        thread_href=lambda id_: f"#l-{id_}",
        situation=situation(connection),
        reason_href=lambda window: next(
            (f"#{days[day]}" for day in sorted(days) if str(window[0]) <= day <= str(window[1])), "#timeline"
        ),
        least=LEAST,
        news=news.of_last_days(connection),
        news_days=news.DAYS,
        **standing(connection),
        tension=pictures.tension(
            tension(connection), lambda period: _first_of(days, period.first, f"{tension(connection).unit}s")
        ),
        parties=parties,
        people=people(pairs),
        most_people=MOST_PEOPLE,
        widest=max((max(row["cooperation"], row["conflict"]) for row in parties), default=0),
        numbers={row["party"]: number for number, row in enumerate(parties, start=1)},
        **_drawings(connection, days, {row["party"]: number for number, row in enumerate(parties, start=1)}),
        happened=happened,
        chapters=chapters,
        outlets=series.outlets(connection, Filters()),
        speakers=speakers(pairs),
        sources=shown,
        data=tables.data(connection),
        roles=ROLES,
    )


def _drawings(connection: duckdb.DuckDBPyConnection, days: dict[str, str], numbers: dict[str, int]) -> dict[str, Any]:
    """The charts beside tension; their marks lead to the days and parties of the page."""
    partners = series.partners(connection, Filters())
    pairs = series.dyads(connection, Filters(), among=partners[:MOST_DRAWN]) if partners else []
    places = series.places(connection, Filters())
    zoom = spans.zoom_for(*_reach(connection))
    return {
        "timeline": pictures.timeline(connection, ([], []), zoom, lambda first: _first_of(days, first, zoom)),
        "matrix": pictures.matrix(pairs, len(partners), lambda who, whom: None),
        "network": pictures.network(pairs, len(partners), lambda party: f"#p-{numbers[party]}" if party in numbers else None),
        "map": pictures.map(places[:MOST_PLACES], len(places), lambda cluster: None),
    }


def _reach(connection: duckdb.DuckDBPyConnection) -> tuple[date | None, date | None]:
    return connection.execute("SELECT min(first), max(first) FROM incidents").fetchone() or (None, None)


def _first_of(days: dict[str, str], first: date, zoom: str) -> str | None:
    """The first day of a span that the page's timeline has."""
    last = str(spans.end_of(first, zoom))
    return next((f"#{days[day]}" for day in sorted(days) if str(first) <= day <= last), None)


def _incidents(connection: duckdb.DuckDBPyConnection) -> list[tuple[date | None, str, list[dict[str, Any]]]]:
    """The incidents by day, each day's most told first; those without a day come last, under None."""
    rows = threads.incidents(connection, ([], []), "i.first NULLS LAST, i.sources DESC, i.tellings DESC", _EVERY)
    return [
        (first, date_words(first.isoformat()) if first else "", list(group))
        for first, group in groupby(rows, key=lambda row: row["first"])
    ]


def _entries(connection: duckdb.DuckDBPyConnection, name: str) -> list[dict[str, Any]]:
    """The entries of a kind with all their answers, those that moved last first."""
    where = (["e.kind = ?"], [ENTRY_KINDS[name]])
    order = "greatest(e.moved, e.latest, e.since) DESC NULLS LAST"
    return threads.entries(connection, where, order, _EVERY, answers=_EVERY)


def _evidence(connection: duckdb.DuckDBPyConnection, entries: Sequence[dict[str, Any]]) -> Any:
    """From an id to where its words stand on the page: of an incident those of its fullest telling, of an entry those of its best."""
    told = {
        f"i{incident:016x}": f"e{event:016x}"
        for incident, event in connection.execute("SELECT id, event FROM incidents").fetchall()
    }
    told |= {entry["key"]: entry["evidence"] for entry in entries if entry["evidence"]}
    return lambda id_: f"#m-{told.get(id_, id_)}"


def _asset(name: str) -> str:
    return files("melian.views" if name == _SHARED else __package__).joinpath(name).read_text(encoding="utf-8")


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
    environment = Environment(
        autoescape=True,
        finalize=tame,
        loader=FunctionLoader(_asset),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= FILTERS
    return environment.get_template("page.html.jinja")
