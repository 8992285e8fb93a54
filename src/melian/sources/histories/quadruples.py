"""ICEWS quadruples, as forecasting research keeps them: subject, relation, object, time, as numbers, with lists of what they stand for.

A folder has `train.txt`, `valid.txt`, `test.txt` (or some of them) with `entity2id.txt` and `relation2id.txt`. Times are counted from the
first of January of the folder's year (icews18: 2018), in days, or in hours where all of them are whole days of 24. Relations are
CAMEO codes' names, entities ICEWS's names of actors.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from melian.codebook import crosswalks
from melian.errors import InputError, MissingInput, UnreadableInput
from melian.sources.histories.cameo_rows import cameo_event, told_from_both_sides
from melian.sources.histories.days import Coded, Row, by_day
from melian.sources.histories.parties import party
from melian.sources.streams import open_bytes
from melian.sources.tables.lines import numbered_lines

OUTLET = "ICEWS"
PARTS = ("train.txt", "valid.txt", "test.txt")
_YEAR = re.compile(r"icews[-_]?(\d\d)(?:\D|$)", re.IGNORECASE)
_HOURS = 24


def read(inputs: Sequence[Path]) -> Iterator[Coded | InputError]:
    """Documents for the days of the files, in order; an error where one should have been."""
    for given in inputs:
        if not given.exists():
            yield MissingInput("no such file or folder", str(given))
            continue
        parts = [given / name for name in PARTS if (given / name).is_file()] if given.is_dir() else [given]
        if not parts:
            yield MissingInput(f"none of {', '.join(PARTS)} in this folder", str(given))
            continue
        try:
            folder = parts[0].parent
            begin = _first_day(folder, given)
            entities, relations = _names(folder / "entity2id.txt"), _names(folder / "relation2id.txt")
            step = _unit(parts)
            for part in parts:
                yield from by_day(_rows(part, begin, step, entities, relations), OUTLET)
        except InputError as error:
            yield error


def _rows(
    path: Path, begin: date, step: int, entities: dict[int, str], relations: dict[int, str]
) -> Iterator[Row | InputError]:
    for where, raw, numbers in _numbers(path):
        if isinstance(numbers, InputError):
            yield numbers
            continue
        subject, relation, other, time = numbers[:4]
        try:
            day = (begin + timedelta(days=time // step)).isoformat()
            name = _listed(relations, relation, "relation")
            code = crosswalks.cameo_by_name().get(name.lower())
            if code is None:
                raise ValueError(f"{name!r} is no CAMEO code's name")
            source = party(_listed(entities, subject, "entity"), None, None, day)
            target = party(_listed(entities, other, "entity"), None, None, day)
            found = cameo_event(code, source, target, day, None, None, f"{OUTLET} {code} {name} ({where})")
        except (ValueError, OverflowError) as error:
            yield UnreadableInput(str(error), where)
            continue
        if isinstance(found, str):
            yield Row(day=day, event=None, passed_over=found, where=where, raw=raw)
        else:
            yield Row(day=day, event=found, same_as=told_from_both_sides(code, found, day), where=where, raw=raw)


def _numbers(path: Path) -> Iterator[tuple[str, bytes, tuple[int, ...] | InputError]]:
    with open_bytes(path) as stream:
        for number, raw in numbered_lines(stream, str(path)):
            where = f"{path}:{number}"
            if isinstance(raw, InputError):
                yield where, b"", raw
            elif raw.strip():
                try:
                    numbers = tuple(int(cell) for cell in raw.split())
                    if len(numbers) < 4:
                        raise ValueError
                    yield where, raw.strip(), numbers
                except ValueError:
                    message = "not a quadruple; four numbers should stand here: subject, relation, object, time"
                    yield where, raw, UnreadableInput(message, where)


def _listed(names: dict[int, str], number: int, what: str) -> str:
    if number not in names:
        raise ValueError(f"{what} {number} is not in {what}2id.txt")
    return names[number]


def _names(path: Path) -> dict[int, str]:
    """A list of names with their numbers: a name, a tab or blank, its number.

    Raises:
        MissingInput, UnreadableInput: it is not there, or is no such list.
    """
    if not path.is_file():
        raise MissingInput("the list of names that the numbers stand for is not there", str(path))
    names = {}
    with open_bytes(path) as stream:
        for number, raw in numbered_lines(stream, str(path)):
            if isinstance(raw, InputError):
                raise raw
            name, _, id_ = raw.decode("utf-8", errors="replace").strip().rpartition("\t" if b"\t" in raw else " ")
            if not name and id_.isdigit():  # some lists begin with their length
                continue
            if not id_.strip().isdigit():
                raise UnreadableInput("not a name with its number", f"{path}:{number}")
            names[int(id_)] = name.strip()
    return names


def _unit(parts: Sequence[Path]) -> int:
    """Steps of time in a day: 24 where all times are whole days counted in hours, else 1."""
    common = 0
    for part in parts:
        for _, _, numbers in _numbers(part):
            if not isinstance(numbers, InputError):
                common = math.gcd(common, numbers[3])
                if common and common % _HOURS:
                    return 1
    return _HOURS if common and common % _HOURS == 0 else 1


def _first_day(folder: Path, given: Path) -> date:
    found = _YEAR.search(folder.absolute().name)
    if not found:
        raise UnreadableInput(
            "the year that times are counted from is not known; name the folder after it, as in icews18", str(given)
        )
    year = int(found[1])
    return date(1900 + year if year >= 90 else 2000 + year, 1, 1)
