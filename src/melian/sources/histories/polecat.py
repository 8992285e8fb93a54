"""POLECAT files (.txt): tab-separated, 40 columns. Some have more names in their first line than fields in their rows, or empty columns
at the end; both are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import cast

from melian.codebook import REALIS, crosswalks
from melian.errors import InputError, UnreadableInput
from melian.records import Actor, Event, Realis
from melian.sources.histories.cameo_rows import NO_WORDS, filled, first_known
from melian.sources.histories.days import Row
from melian.sources.histories.event_files import Dictionary, EventFile, column_key, fields, iso_day, missing_column, text_of
from melian.sources.histories.parties import country_code, in_dictionary, party

OUTLET = "POLECAT"
WHAT = "POLECAT event file"
ENDINGS = (".txt", ".tab", ".tsv")
COLUMNS = 40
_NEEDED = ("Event Date", "Event Type", "Actor Name", "Recipient Name")
_EXTRA = frozenset({"headline", "event_text", "feed", "story_id"})  # named in some first lines, and in no row


def missing(head: str) -> str | None:
    """Which of POLECAT's columns a first line does not name."""
    return missing_column(head.split("\t"), _NEEDED)


def rows(file: EventFile) -> Iterator[Row | InputError]:
    """The rows of a file, each one's own error in its place."""
    names: list[str] = []
    for line in file.lines:
        if isinstance(line, InputError):
            yield line
            continue
        number, raw = line
        text = text_of(raw)
        if not names:
            names = [column_key(name) for name in fields(text, "\t")]
        elif text.strip():
            cells = fields(text, "\t")
            listed = names
            if len(cells) == COLUMNS < len(names):
                listed = [name for name in names if name not in _EXTRA][:COLUMNS]
            try:
                if len(cells) < min(COLUMNS, len(listed)):
                    raise ValueError(f"{len(cells)} fields, where there should be {min(COLUMNS, len(listed))}")
                yield _row(
                    {name: filled(cells, at) for at, name in enumerate(listed)}, raw, f"{file.where}:{number}", file.known
                )
            except ValueError as error:
                yield UnreadableInput(str(error), f"{file.where}:{number}")


def _row(cells: dict[str, str], raw: bytes, where: str, known: Dictionary) -> Row:
    day = iso_day(cells["event_date"])
    contexts = _listed(cells.get("contexts", ""))
    given = cells["event_type"]
    found = crosswalks.from_plover(given, cells.get("event_mode"), contexts)
    if found is None:
        raise ValueError(f"{given!r} is no event type of PLOVER's")
    source, target = (_parties(cells, side, day, known) for side in ("actor", "recipient"))
    if not source and not target:
        return Row(day=day, event=None, passed_over="no party is known", where=where, raw=raw)
    id_ = cells.get("event_id", "")
    mode = f" {cells['event_mode']}" if cells.get("event_mode") else ""
    event = Event(
        type=found[0],
        mode=found[1],
        source=source,
        target=target,
        date=day,
        place=first_known(cells.get("placename", ""), cells.get("city", ""), cells.get("raw_placename", "")),
        place_country=country_code(cells.get("country", "")),
        realis=_realis(contexts),
        evidence=NO_WORDS,
        why=(f"imported: {OUTLET} {id_ + ' ' if id_ else ''}{given}{mode} ({where})",),
    )
    return Row(day=day, event=event, where=where, raw=raw)


def _parties(cells: dict[str, str], side: str, day: str, known: Dictionary) -> tuple[Actor, ...]:
    """The actors of one side. Lists of names and attributes are of equal length; a single attribute holds for all names."""
    names = _listed(cells.get(f"{side}_name", ""))
    listed = [_alike(_listed(cells.get(column, "")), len(names)) for column in (f"{side}_country", f"primary_{side}_sector")]
    actors = []
    for name, country, sector in zip_longest(names, *listed, fillvalue=""):
        code = country_code(country)
        own = crosswalks.sector_of_plover(*sector.split(",")) or crosswalks.sector_of_plover(country)
        actor = in_dictionary(known, name, own) or party(name, code, own, day)
        if actor is not None:
            actors.append(actor)
    return tuple(actors)


def _alike(values: Sequence[str], number: int) -> list[str]:
    if len(values) == number:
        return list(values)
    return [values[0]] * number if len(values) == 1 else [""] * number


def _listed(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _realis(contexts: Sequence[str]) -> Realis:
    """As Melian's own export says it, else by PLOVER's contexts."""
    for context in contexts:
        name, _, value = context.partition("=")
        if name == "realis" and value in REALIS:
            return cast(Realis, value)
    if "negation" in contexts:
        return "denied"
    if "hypothetical" in contexts:
        return "conditional"
    return "planned" if "future" in contexts else "actual"
