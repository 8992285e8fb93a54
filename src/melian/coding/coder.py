"""The coder: the steps in their order, from a document to its record.

text -> words, sentences, scores            language.read (one pass of the model)
     -> date of the document                publication
     -> mentions of actors                  mentions
     -> attributions                        attribution
     -> who is who                          actors, coreference
     -> dates and places                    dates, places
     -> statements, events                  statements, events
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from melian.coding.actors import issuer
from melian.coding.ahead import ahead
from melian.coding.attribution import find_attributions
from melian.coding.coreference import Cast, link
from melian.coding.dates import DateMention, find_dates
from melian.coding.events import Settings, Thresholds, find_abstentions, find_events
from melian.coding.mentions import find_mentions
from melian.coding.places import find_places
from melian.coding.publication import dateline, publication_date
from melian.coding.statements import find_statements
from melian.language.encoder import Encoder, default_encoder, fingerprint
from melian.language.parse import Parse, read
from melian.records import CodedDocument, DateOrigin, Document, content_id


class Coder:
    """Codes documents; loads the language model when it first reads one.

    Args:
        encoder: a model other than the package's own.
        thresholds: where to draw the lines between coding and leaving out.
    """

    def __init__(self, encoder: Encoder | None = None, thresholds: Thresholds | None = None) -> None:
        self._encoder = encoder
        self._thresholds = thresholds or Thresholds()

    def code(self, document: Document) -> CodedDocument:
        """The record of one document; one in which nothing is found has no events and no statements.

        Raises:
            ModelError: the language model cannot be loaded.
            DateError: `document.published` is not an ISO date.
        """
        return self._code(self._read(document))

    def code_all(self, documents: Iterable[Document]) -> Iterator[CodedDocument]:
        """Code documents one after another, each yielded as soon as it is done; the model reads one document ahead."""
        for item in ahead(map(self._read, documents)):
            yield self._code(item)

    def _read(self, document: Document) -> _Read:
        self._encoder = self._encoder or default_encoder()
        published, origin, notes = _dated(document)
        dates = find_dates(document.text, published)
        return _Read(document, published, origin, notes, dates, read(document.text, self._encoder))

    def _code(self, item: _Read) -> CodedDocument:
        document, parse, published = item.document, item.parse, item.published
        filed = dateline(document.text)
        mentions = find_mentions(parse, outside=filed)
        attributions = find_attributions(parse, mentions)
        author = issuer(document.outlet, published)
        cast = link(parse, mentions, attributions, published, author)
        settings = Settings(item.dates, find_places(document.text, parse.words), self._thresholds, filed or (0, 0))
        return CodedDocument(
            doc_id=document.doc_id,
            published=published,
            published_from=item.origin,
            published_at=document.published_at,
            title=document.title,
            outlet=document.outlet,
            url=document.url,
            events=find_events(parse, cast, settings, document.doc_id),
            statements=find_statements(parse, cast, attributions, document.doc_id, author),
            abstained=find_abstentions(parse, self._thresholds),
            notes=item.notes,
        )


@dataclass(frozen=True, slots=True)
class _Read:
    """A document with its date and what the model says of it: all that needs no other step."""

    document: Document
    published: str | None
    origin: DateOrigin
    notes: tuple[str, ...]
    dates: tuple[DateMention, ...]
    parse: Parse


def code(text: str, published: str | None = None, title: str | None = None, outlet: str | None = None) -> CodedDocument:
    """Code one text with the package's model.

    Args:
        text: a news report in English; offsets in the record count its characters as given.
        published: ISO date; without it the text's own dateline is used where there is one.
        title, outlet: kept in the record.

    Raises:
        DateError: `published` is not an ISO date.
    """
    return Coder().code(
        Document(doc_id=content_id(text, published), text=text, published=published, title=title, outlet=outlet)
    )


def version() -> str:
    """Which coder this is: the package's version, and the fingerprint of its language model.

    Raises:
        ModelError: the language model is not there.
    """
    from melian import __version__

    return f"{__version__} {fingerprint()}"


def read_actors(document: Document, encoder: Encoder | None = None) -> tuple[Parse, Cast]:
    """The first half of coding: the parse of a document, and its actor mentions with whom each refers to.

    Raises:
        ModelError: the language model cannot be loaded.
    """
    published, _, _ = _dated(document)
    parse = read(document.text, encoder or default_encoder())
    mentions = find_mentions(parse)
    return parse, link(parse, mentions, find_attributions(parse, mentions), published, issuer(document.outlet, published))


def _dated(document: Document) -> tuple[str | None, DateOrigin, tuple[str, ...]]:
    """The document's date, who gave it, and what to tell about it."""
    if document.published:
        return document.published, "given", ()
    found = publication_date(document.text)
    if found is None:
        return None, "none", ("no date was given and none was found in the text; relative dates stay open",)
    date, origin, span = found
    return date, origin, (f"no date was given; {date} comes from the text: “{' '.join(document.text[slice(*span)].split())}”",)
