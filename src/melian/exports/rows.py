"""What every format is written from: events of a record as plain frozen data, with all that formats ask for."""

from __future__ import annotations

from datetime import date

import msgspec

from melian.records import Actor, Span


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """Where something happened, as exactly as is known.

    Attributes:
        named: the place in the text's words; None where only a country is known.
        name: its usual name.
        kind: a kind of the gazetteer's ("city", "admin1", "country", "sea", …).
        country: ISO alpha-3 code.
        admin1: first-level region, where known.
        latitude, longitude: degrees of one point of it; of a country or region a middle point, which `kind` says.
        geonames: identifier in GeoNames, where it has one.
    """

    named: str | None
    name: str
    kind: str
    country: str | None = None
    admin1: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    geonames: int | None = None


class Telling(msgspec.Struct, frozen=True, kw_only=True):
    """One document's telling of an event.

    `event` and `document` are ids as people see them, `copy_of` the document that this one is a copy of. `start` and `stop` are
    offsets (code points) of the words in the document's text, `sha256` is the hash of that text (UTF-8), so that who has the text can
    find and check them. `words` and `title` are the source's own and None where they are to be left out. `mentions` are the offsets
    of the first source and target.
    """

    event: str
    document: str
    copy_of: str | None
    realis: str
    outlet: str | None
    url: str | None
    title: str | None
    published: date | None
    start: int
    stop: int
    characters: int
    sha256: str | None
    words: str | None
    mentions: tuple[Span | None, Span | None] = (None, None)


class ExportedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An incident with its tellings; or a single telling, where an export has one row each.

    Attributes:
        id: "i…" of an incident, "e…" of a telling or of an event that did not happen; stable, and the only one in an export.
        incident: the incident's id; None of what did not happen.
        type, mode, realis: the codebook's.
        source, target: who did it, to whom.
        first, last: the days that it happened between; of the report where not `dated`.
        dated: whether the words give the day.
        place, site: where, in words and looked up.
        low, high, unit, bound: range of the numbers told.
        tellings: earliest first. The first of those that tell it as a fact comes before the others.
        told, documents, sources: tellings, documents that tell it, independent sources among them.
        confirmed, denied: tellings as a fact, and those in which somebody denies it; with by whom.
        coder: version of the coder that read the first telling.
        score: its probability for the reading, where it gives one.
    """

    id: str
    incident: str | None
    type: str
    mode: str | None
    realis: str
    source: tuple[Actor, ...]
    target: tuple[Actor, ...]
    first: date | None
    last: date | None
    dated: bool
    place: str | None
    site: Site | None
    low: float | None
    high: float | None
    unit: str | None
    bound: str | None
    tellings: tuple[Telling, ...]
    told: int
    documents: int
    sources: int
    confirmed: int
    denied: int
    confirmed_by: tuple[str, ...]
    denied_by: tuple[str, ...]
    coder: str
    score: float | None


class ExportedStatement(msgspec.Struct, frozen=True, kw_only=True):
    """A statement with where it stands; `condition` is the span of its if-clause."""

    id: str
    act: str
    speaker: tuple[Actor, ...]
    addressee: tuple[Actor, ...]
    about: tuple[Actor, ...]
    quote: str
    reported_by: str | None
    first: date | None
    last: date | None
    dated: bool
    place: str | None
    condition: Span | None
    condition_words: str | None
    telling: Telling
    score: float | None


class ExportedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the ledger: a demand, offer, red line, prediction, denial or shift, with its status."""

    id: str
    kind: str
    status: str
    machine_status: str | None
    since: date | None
    latest: date | None
    moved: date | None
    by: tuple[Actor, ...]
    to: tuple[Actor, ...]
    words: str | None
    condition: str | None
    due: date | None
    kinds: tuple[str, ...]
    tellings: int
    sources: int
    probability: float | None
    brier: float | None
    replaces: str | None
