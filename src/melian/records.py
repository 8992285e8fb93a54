"""The plain records that every part of Melian passes on: frozen, typed, with content-hash ids.

All spans are `[start, end)` offsets, counted in Unicode code points, into `Document.text` exactly as given.
The exchange format (one JSON object a document) is that of the codebook; `to_json` writes it and `from_json` reads it.
"""

from __future__ import annotations

import hashlib
from typing import Any, Literal

import msgspec

from melian.errors import UnreadableInput

Span = tuple[int, int]
Realis = Literal["actual", "denied", "planned", "conditional", "predicted", "demanded"]
Quote = Literal["direct", "indirect", "mixed"]
DateOrigin = Literal["given", "dateline", "text", "none"]


def content_id(*parts: object) -> str:
    """Sixteen hex digits that depend on nothing but the parts, in order (for ids that survive re-coding)."""
    digest = hashlib.blake2b(digest_size=8)
    for part in parts:
        digest.update(repr(part).encode())
        digest.update(b"\x1f")
    return digest.hexdigest()


class Link(msgspec.Struct, frozen=True):
    """A link that a page offers beside its article ("Read also: …"): its words and where it leads."""

    text: str
    url: str


class Document(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False):
    """A text with where it came from.

    `published` is an ISO date (YYYY-MM-DD) or None; `published_from` says who gave it: the caller ("given"), the
    text's own dateline ("dateline"), another date in the text ("text"), or nobody ("none"). It is the day where the publisher sits;
    `published_at` is the moment in UTC ("2022-01-21T17:05:00Z") where a stamp with its zone gave it. `origin` is the file
    (and line) that it was read from, `digest` the SHA-256 (hex) of the bytes there, `links` what the page pointed to
    beside its text.
    """

    doc_id: str
    text: str
    published: str | None = None
    published_from: DateOrigin = "none"
    published_at: str | None = None
    title: str | None = None
    outlet: str | None = None
    url: str | None = None
    origin: str | None = None
    digest: str | None = None
    links: tuple[Link, ...] = ()


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Someone who acts, speaks or is acted upon.

    `id` is the principal acted for (ISO 3166-1 alpha-3, an organisation's acronym, a group's short name, a bloc),
    `sector` one of the codebook's, `name` the canonical name, `role` the office in the text or the knowledge base,
    `country` the home of a group or party, `span` the mention in the text that this reading rests on.
    """

    id: str | None
    sector: str | None = None
    name: str | None = None
    role: str | None = None
    country: str | None = None
    span: Span | None = None


class Quantity(msgspec.Struct, frozen=True, kw_only=True):
    """A number with its unit ("troops", "killed") and what kind of bound it is ("at least", "at most" or None)."""

    value: float
    unit: str | None = None
    bound: str | None = None


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Who did what to whom (codebook, "Event").

    `evidence` is the clause that carries the event, `also` other tellings in the same document; `why` lists the model
    heads, lexicon entries and rules that made the record; `score` is the coder's probability for it (0 to 1).
    """

    type: str
    mode: str | None = None
    source: tuple[Actor, ...] = ()
    target: tuple[Actor, ...] = ()
    date: str | None = None
    place: str | None = None
    place_country: str | None = None
    realis: Realis = "actual"
    quantity: Quantity | None = None
    evidence: Span
    also: tuple[Span, ...] = ()
    score: float | None = None
    why: tuple[str, ...] = ()
    id: str | None = None


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """Who said what (codebook, "Statement"); `cue` is the span of the speech verb where there is one."""

    act: str
    speaker: tuple[Actor, ...] = ()
    addressee: tuple[Actor, ...] = ()
    about: tuple[Actor, ...] = ()
    content: Span
    quote: Quote = "indirect"
    reported_by: str | None = None
    condition: Span | None = None
    date: str | None = None
    place: str | None = None
    cue: Span | None = None
    score: float | None = None
    why: tuple[str, ...] = ()
    id: str | None = None


class Abstention(msgspec.Struct, frozen=True, kw_only=True):
    """An event that the coder suspected and did not code: its likeliest type, the clause, its probability and why it fell short."""

    type: str
    evidence: Span
    score: float
    why: str


class CodedDocument(msgspec.Struct, frozen=True, kw_only=True):
    """The record of one document: what `melian code` writes, one JSON line each.

    `abstained` lists what the coder was not sure enough of; `notes` say in words what it decided about the document itself (where its
    date came from, what was cut).
    """

    doc_id: str
    published: str | None = None
    published_from: DateOrigin = "none"
    published_at: str | None = None
    title: str | None = None
    outlet: str | None = None
    url: str | None = None
    events: tuple[Event, ...] = ()
    statements: tuple[Statement, ...] = ()
    abstained: tuple[Abstention, ...] = ()
    notes: tuple[str, ...] = ()


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(CodedDocument)


def to_json(document: CodedDocument) -> bytes:
    """One line of the exchange format, UTF-8, without the line break."""
    return _encoder.encode(document)


def from_json(line: bytes | str, where: str | None = None) -> CodedDocument:
    """Read one line of the exchange format; unknown fields are passed over.

    Raises:
        UnreadableInput: the line is not a coded document; the message says which field is wrong.
    """
    try:
        return _decoder.decode(line)
    except msgspec.DecodeError as error:
        raise UnreadableInput(f"not a coded document ({error})", where) from error


def to_dict(record: Any) -> Any:
    """Plain dicts and lists of a record, for templates and tables."""
    return msgspec.to_builtins(record)
