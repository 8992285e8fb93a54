"""The page of `melian report`: one HTML file with everything in it.

    html = render(documents, coded, title="The Geneva winter")

The page loads nothing: style and script stand in it and are allowed by their hashes, everything else is forbidden by its
Content-Security-Policy. All source text passes through Jinja's escaping. It is complete without the script: links then
jump to the marked words in the documents below; with it they open them in a drawer.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import groupby

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template
from markupsafe import Markup

from melian.charts.directions import exact, tame
from melian.crisis.ledger import build
from melian.crisis.tellings import tellings
from melian.records import CodedDocument, Document
from melian.report.timeline import Happening, drawing, happenings
from melian.report.views import Source, extent, ledger_views, party_rows, sources, speakers
from melian.views.marks import ROLES
from melian.views.sentences import LEAST, sentences, trend
from melian.views.wording import counted, date_words, event_line, listed, parties, people, quantity_words, quoted, table


def render(
    documents: Sequence[Document], coded: Sequence[CodedDocument], title: str | None = None, made_at: date | None = None
) -> str:
    """The whole page as HTML. The same input gives the same page, and the order of the documents does not matter.

    Args:
        documents: the texts; of two with one id the first counts.
        coded: their records. A record without its document is shown without words.
        title: the page's heading; without one it names the parties most spoken of.
        made_at: the day to put under the page; None leaves it out.
    """
    records = {record.doc_id: record for record in reversed(coded)}
    texts = {d.doc_id: d for d in reversed(documents)}
    for record in records.values():
        texts.setdefault(record.doc_id, Document(doc_id=record.doc_id, text="", published=record.published, title=record.title))
    every = sorted(texts.values(), key=lambda document: document.doc_id)
    told = tellings(sorted(records.values(), key=lambda record: record.doc_id), texts)
    found = happenings(told)
    ledger = build(list(records.values()), texts)
    dates = [record.published for record in records.values()] + [document.published for document in every]
    last = max((day for day in dates if day), default=None)
    rows = party_rows(found, told)
    shown = sources(every, told, records)
    style, script = _asset("page.css"), _asset("page.js")
    return _template().render(
        title=title or _title([row.name for row in rows]),
        extent=extent(every),
        made_at=date_words(made_at.isoformat()[:10]) if made_at else None,
        style=Markup(style),
        script=Markup(script),
        style_hash=_hash(style),
        script_hash=_hash(script),
        trend=trend(found, last),
        least=LEAST,
        lead=sentences(ledger, found, last),
        parties=rows,
        widest=max((max(row.cooperation, row.conflict) for row in rows), default=0),
        days=_by_day(found),
        undated=[h for h in found if not h.event.date],
        happenings=found,
        drawing=drawing(found),
        chapters=ledger_views(ledger, {telling.key: telling for telling in told}),
        speakers=speakers(told),
        sources=tuple(shown.values()),
        roles=ROLES,
        where=_where(shown),
    )


def _title(names: Sequence[str]) -> str:
    return listed(names[:3]) if names else "An empty record"


def _by_day(found: Sequence[Happening]) -> list[tuple[str, list[Happening]]]:
    dated = [happening for happening in found if happening.event.date]
    return [(date_words(day), list(group)) for day, group in groupby(dated, key=lambda happening: happening.event.date)]


def _where(shown: dict[str, Source]) -> dict[str, Markup]:
    """The report that a record stands in, by key."""
    called = Markup("<bdi>{}</bdi>, {}")
    return {
        note.key: called.format(tame(source.short), tame(source.published))
        for source in shown.values()
        for note in source.notes
    }


def _asset(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


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
    environment.filters |= {
        "counted": counted,
        "date_words": date_words,
        "event_line": event_line,
        "exact": exact,
        "parties": parties,
        "people": people,
        "quantity_words": quantity_words,
        "quoted": quoted,
        "realis": lambda realis: table("realis").get(realis, realis),
        "said": lambda act: table("said").get(act, act),
    }
    return environment.get_template("page.html.jinja")
