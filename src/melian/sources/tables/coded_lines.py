"""Documents that are coded already: JSON lines in the exchange format of the codebook, each with its `text`.

They are what `melian code` writes, joined with the texts, or reports that people coded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from melian import codebook
from melian.errors import InputError, UnreadableInput
from melian.records import Actor, CodedDocument, Document, Span
from melian.sources.given import Given
from melian.sources.published import iso_date, moment_of_stamp
from melian.sources.reading import given_for, input_files
from melian.sources.streams import open_bytes
from melian.sources.tables.json_lines import decoded_line
from melian.sources.tables.lines import numbered_lines

Coded = tuple[Document, CodedDocument]


class _CodedLine(CodedDocument, frozen=True, kw_only=True):
    text: str


class _What(msgspec.Struct):
    """Which of the two lists a line has, whatever is in them."""

    events: msgspec.Raw = msgspec.Raw()
    statements: msgspec.Raw = msgspec.Raw()


_decoder = msgspec.json.Decoder(_CodedLine)
_what_decoder = msgspec.json.Decoder(_What)


def is_coded(line: bytes) -> bool:
    """Whether a JSON line has `events` or `statements`, so that it is more than a text."""
    try:
        what = _what_decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return bool(bytes(what.events) or bytes(what.statements))


def read_coded(inputs: Iterable[Path | str]) -> Iterator[Coded | InputError]:
    """Every coded document of the inputs, in order; an error where one should have been.

    A line must have `text` and `doc_id`, with `events`, `statements` or both; types, modes, acts and realis must be the codebook's, and
    all spans must lie in the text.

    Args:
        inputs: files of JSON lines (plain or gzipped), folders (whose .jsonl and .ndjson files are read), `Path("-")` for standard input.
    """
    for place in input_files(inputs, kinds=frozenset({"lines"})):
        if isinstance(place, InputError):
            yield place
        elif isinstance(place, str):
            yield UnreadableInput("coded documents are read from files, not from the web; save it first", place)
        else:
            yield from _read(place)


def _read(path: Path) -> Iterator[Coded | InputError]:
    given = given_for(path)
    try:
        with open_bytes(path) as stream:
            for number, raw in numbered_lines(stream, given.where):
                if isinstance(raw, InputError):
                    yield raw
                elif raw.strip():
                    try:
                        yield _coded(raw, given.at(number))
                    except InputError as error:
                        yield error
    except InputError as error:
        yield error


def _coded(raw: bytes, given: Given) -> Coded:
    line = decoded_line(raw, _decoder, given.where)
    if not is_coded(raw):
        raise UnreadableInput("neither events nor statements beside the text; `melian code` writes them", given.where)
    published = iso_date(line.published, given.where) if line.published else None
    published_from = "given" if published and line.published_from == "none" else line.published_from
    moment = moment_of_stamp(line.published_at or line.published)
    fields = {name: getattr(line, name) for name in CodedDocument.__struct_fields__}
    coded = CodedDocument(**fields | {"published": published, "published_from": published_from, "published_at": moment})
    _check(coded, line.text, given.where)
    document = given.document(
        raw.strip(),
        line.text,
        published if published_from == "given" else None,
        published_at=coded.published_at,
        doc_id=line.doc_id,
        title=line.title,
        outlet=line.outlet,
        url=line.url,
    )
    return document, coded


def _check(coded: CodedDocument, text: str, where: str) -> None:
    """Raise an error that names the first span outside the text or word that the codebook does not know."""
    for number, event in enumerate(coded.events):
        place = f"events[{number}]"
        _known(event.type, codebook.event_types(), f"{place}.type", where)
        if event.mode is not None:
            _known(event.mode, codebook.modes(event.type), f"{place}.mode", where)
        _known(event.realis, codebook.REALIS, f"{place}.realis", where)
        _inside({"evidence": (event.evidence,), "also": event.also}, text, place, where)
        _inside(_spans_of(source=event.source, target=event.target), text, place, where)
    for number, statement in enumerate(coded.statements):
        place = f"statements[{number}]"
        _known(statement.act, codebook.acts(), f"{place}.act", where)
        own = {"content": statement.content, "condition": statement.condition, "cue": statement.cue}
        _inside({name: (span,) for name, span in own.items() if span}, text, place, where)
        parties = _spans_of(speaker=statement.speaker, addressee=statement.addressee, about=statement.about)
        _inside(parties, text, place, where)
    for number, abstention in enumerate(coded.abstained):
        _inside({"evidence": (abstention.evidence,)}, text, f"abstained[{number}]", where)


def _spans_of(**actors: tuple[Actor, ...]) -> dict[str, tuple[Span, ...]]:
    return {name: tuple(actor.span for actor in given if actor.span) for name, given in actors.items()}


def _known(word: str, words: Iterable[str], field: str, where: str) -> None:
    if word not in words:
        raise UnreadableInput(f"{field} is {word!r}, which the codebook does not have", where)


def _inside(spans: dict[str, tuple[Span, ...]], text: str, place: str, where: str) -> None:
    for field, given in spans.items():
        for start, stop in given:
            if not 0 <= start < stop <= len(text):
                message = f"{place}.{field} is [{start}, {stop}], which is not inside the text of {len(text)} characters"
                raise UnreadableInput(f"{message}; are these the record and the text of the same report?", where)
