"""ICEWS event files (.tab, .csv): 20 columns, named by the first line, in any order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import cast

from melian.codebook import REALIS, crosswalks
from melian.errors import InputError, UnreadableInput
from melian.records import Realis
from melian.sources.histories.cameo_rows import cameo_event, filled, first_known, told_from_both_sides
from melian.sources.histories.days import Row
from melian.sources.histories.event_files import Dictionary, EventFile, column_key, fields, iso_day, missing_column, text_of
from melian.sources.histories.parties import country_code, in_dictionary, party

OUTLET = "ICEWS"
WHAT = "ICEWS event file"
ENDINGS = (".tab", ".tsv", ".csv", ".txt")
_NEEDED = ("Event Date", "Source Name", "CAMEO Code", "Target Name")
_REALIS = re.compile(r"(.*) \[(\w+)\]")  # as Melian's own export marks what did not happen


def missing(head: str) -> str | None:
    """Which of ICEWS's columns a first line does not name."""
    try:
        names = fields(head, _delimiter(head))
    except ValueError as error:
        return str(error)
    return missing_column(names, _NEEDED)


def rows(file: EventFile) -> Iterator[Row | InputError]:
    """The rows of a file, each one's own error in its place."""
    places: dict[str, int] = {}
    delimiter, width = "\t", 0
    for line in file.lines:
        if isinstance(line, InputError):
            yield line
            continue
        number, raw = line
        text = text_of(raw)
        if not places:
            delimiter = _delimiter(text)
            names = [column_key(name) for name in fields(text, delimiter)]
            places, width = {name: at for at, name in enumerate(names)}, len(names)
        elif text.strip():
            try:
                cells = fields(text, delimiter)
                if len(cells) < width and len(cells) <= max(places[column_key(name)] for name in _NEEDED):
                    raise ValueError(f"{len(cells)} fields, where the first line names {width} columns")
                yield _row(cells, places, raw, f"{file.where}:{number}", file.known)
            except ValueError as error:
                yield UnreadableInput(str(error), f"{file.where}:{number}")


def _row(cells: Sequence[str], places: dict[str, int], raw: bytes, where: str, known: Dictionary) -> Row:
    def cell(name: str) -> str:
        return filled(cells, places[name]) if name in places else ""

    day = iso_day(cell("event_date"))
    name, realis = _told(cell("event_text"))
    code = _code(cell("cameo_code"), name)
    source, target = (
        in_dictionary(known, name, sector) or party(name, country_code(country), sector, day)
        for name, country, sector in (
            (cell(f"{side}_name"), cell(f"{side}_country"), _sector(cell(f"{side}_sectors"))) for side in ("source", "target")
        )
    )
    place = first_known(cell("city"), cell("district"), cell("province"), cell("country"))
    id_ = cell("event_id")
    why = f"{OUTLET} {id_ + ' ' if id_ else ''}{code} {crosswalks.cameo_codes()[code].name} ({where})"
    found = cameo_event(code, source, target, day, place, country_code(cell("country")), why, realis)
    if isinstance(found, str):
        return Row(day=day, event=None, passed_over=found, where=where, raw=raw)
    twice = told_from_both_sides(code, found, day, cell("story_id"), cell("sentence_number"))
    return Row(day=day, event=found, same_as=twice, where=where, raw=raw)


def _code(given: str, name: str) -> str:
    """The code; where a spreadsheet ate its leading zero ("40"), the one that has the name.

    Raises:
        ValueError: there is no such code.
    """
    codes = crosswalks.cameo_codes()
    if given in codes and (not name or codes[given].name.lower() == name.lower()):
        return given
    by_name = crosswalks.cameo_by_name().get(name.lower())
    if by_name is not None and by_name.lstrip("0") == given.lstrip("0"):
        return by_name
    if given in codes:
        return given
    nearest = next((given[:length] for length in range(len(given), 1, -1) if given[:length] in codes), None)
    if nearest is None:
        raise ValueError(f"{given!r} is no CAMEO code")
    return nearest


def _told(text: str) -> tuple[str, Realis]:
    found = _REALIS.fullmatch(text)
    if found and found[2] in REALIS:
        return found[1], cast(Realis, found[2])
    return text, "actual"


def _sector(listed: str) -> str | None:
    return crosswalks.sector_of_icews(listed) if listed else None


def _delimiter(head: str) -> str:
    return "\t" if "\t" in head else ","
