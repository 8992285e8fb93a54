"""ICEWS quadruples as temporal knowledge graphs have them: subject, relation, object and hour, as numbers.

What the numbers stand for is in `entity2id.txt` and `relation2id.txt` beside the file. Hours are counted from 1 January 2018, as in
ICEWS18, unless the folder's name holds another year ("icews14").
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from melian.codebook import crosswalks
from melian.errors import InputError, MissingInput, UnreadableInput
from melian.records import Actor
from melian.sources.decoding import decode
from melian.sources.histories.by_day import Row
from melian.sources.histories.fields import party
from melian.sources.histories.icews import event_of
from melian.sources.lines import numbered_lines
from melian.sources.streams import name_of

_YEAR = re.compile(r"icews[-_]?(\d\d)(?!\d)", re.IGNORECASE)


def rows(stream: io.BufferedReader, path: Path) -> Iterator[Row | InputError]:
    """Each quadruple as an event; comments and symbolic acts, for which the codebook has no event, are passed over.

    Raises:
        MissingInput: the lists of entities and relations are not beside the file.
        UnreadableInput: they cannot be read.
    """
    folder = path.absolute().parent
    entities, relations = _list(folder / "entity2id.txt"), _list(folder / "relation2id.txt")
    found = _YEAR.search(folder.name)
    begin = date(2000 + int(found[1]) if found else 2018, 1, 1)
    codes = crosswalks.cameo_by_name()
    for number, line in numbered_lines(stream, name_of(path)):
        where = f"{name_of(path)}:{number}"
        if isinstance(line, InputError):
            yield line
            continue
        try:
            fields = [int(field) for field in decode(line, where).split()]
            subject, relation, obj, hour = fields[:4]
            names = entities[subject], entities[obj]
            code = codes[relations[relation].lower()]
            day = (begin + timedelta(hours=hour)).isoformat()
        except (ValueError, IndexError, KeyError) as error:
            message = f"not a quadruple of whole numbers that the lists beside the file know ({error})"
            yield UnreadableInput(message, where)
            continue
        event = event_of(code, day, _actor(names[0], day[:4]), _actor(names[1], day[:4]), None, None, where)
        if event:
            yield Row(day, event)


def _list(path: Path) -> Sequence[str]:
    """Names by their number."""
    if not path.is_file():
        raise MissingInput("the quadruples need this file beside them", str(path))
    found: dict[int, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, _, number = line.rpartition("\t")
        if not number.strip().isdigit():
            raise UnreadableInput(f"{line!r} is not a name, a tab and a number", str(path))
        found[int(number)] = name.strip()
    return [found.get(number, "") for number in range(max(found, default=-1) + 1)]


@lru_cache(maxsize=1 << 16)
def _actor(name: str, year: str) -> Actor | None:
    """The party of an entity in the middle of a year, which decides between office holders."""
    return party(name, None, None, f"{year}-07-01")
