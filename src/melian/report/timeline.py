"""The events in time: tellings of one happening in one entry, and a drawing of them by day and party.

Grouping is kept light: events of one type, realis and date (for the undated: of the same parties) whose sources and
targets overlap are one entry with several tellings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from melian.codebook import quad
from melian.crisis.tellings import Telling, days, principals
from melian.records import Event
from melian.views.wording import MONTHS, date_words, party_name

ROW, LEFT, TOP, LANE_GAP = 19, 118, 46, 10  # pixels of the drawing
WIDE, LEAST_COLUMN, MOST_COLUMN = 980, 34, 120  # of all columns together where there is room, and of each
GAP = 7  # days without an event that the drawing marks
MOST_DAYS, MOST_LANES, MOST_STACKED = 60, 7, 6
OTHERS = "Others"


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry of the timeline: the event as its fullest telling has it, and all tellings."""

    key: str
    event: Event
    tellings: tuple[Telling, ...]

    @property
    def quad(self) -> str:
        """Verbal or material, cooperation or conflict."""
        return quad(self.event.type)


def happenings(told: Sequence[Telling]) -> tuple[Happening, ...]:
    """The events brought together, in time order, the undated last in order of their reports."""
    groups: list[list[tuple[Telling, Event]]] = []
    open_groups: dict[tuple[str, str, str | None], list[list[tuple[Telling, Event]]]] = {}
    for telling in told:
        if not isinstance(telling.record, Event):
            continue
        event = telling.record
        same = open_groups.setdefault((event.type, event.realis, event.date), [])
        home = next((group for group in same if any(_one(event, other) for _, other in group)), None)
        if home is None:
            home = []
            same.append(home)
            groups.append(home)
        home.append((telling, event))
    return tuple(
        Happening(group[0][0].key, max(group, key=lambda pair: _fullness(pair[1]))[1], tuple(telling for telling, _ in group))
        for group in sorted(groups, key=lambda group: (not group[0][0].dated, group[0][0].place, group[0][0].key))
    )


def _one(some: Event, other: Event) -> bool:
    sources = principals(some.source), principals(other.source)
    targets = principals(some.target), principals(other.target)
    if some.date is None:
        return some.mode == other.mode and sources[0] == sources[1] and targets[0] == targets[1]
    return _meet(*sources) and _meet(*targets)


def _meet(some: frozenset[str], other: frozenset[str]) -> bool:
    return bool(some & other) or (not some and not other)


def _fullness(event: Event) -> tuple[int, int, int]:
    named = sum(1 for actor in (*event.source, *event.target) if actor.name)
    return (len(event.source) + len(event.target), named, event.evidence[1] - event.evidence[0])


@dataclass(frozen=True, slots=True)
class Sign:
    """One event in the drawing, or the number of those that found no room (`more`)."""

    x: int
    y: int
    happening: Happening
    more: int = 0


@dataclass(frozen=True, slots=True)
class Drawing:
    """The timeline's picture: columns are days in order (not to scale), lanes are parties."""

    width: int
    height: int
    lanes: tuple[tuple[str, int, int], ...]  # name, top, height
    column: int  # width of one
    columns: tuple[tuple[str, str, int, bool], ...]  # label, whole date, x, whether days are missing before it
    months: tuple[tuple[str, int], ...]  # label, x
    signs: tuple[Sign, ...]
    left_out: int  # days before the first column


def drawing(found: Sequence[Happening]) -> Drawing | None:
    """Where each dated event stands by day and acting party; None where no event has a date.

    Of more than `MOST_DAYS` days the first are left out.
    """
    dated = [happening for happening in found if days(happening.event.date)]
    dates = sorted({str(happening.event.date) for happening in dated}, key=lambda day: (days(day), day))
    shown = dates[-MOST_DAYS:]
    if not shown:
        return None
    column = min(MOST_COLUMN, max(LEAST_COLUMN, WIDE // len(shown)))
    counts = Counter(party for h in dated if h.event.date in shown for party in principals(h.event.source))
    top = sorted(counts, key=lambda party: (-counts[party], party))
    lanes = top if len(top) <= MOST_LANES else top[: MOST_LANES - 1]
    cells: dict[tuple[str, str], list[Happening]] = {}
    for happening in dated:
        sources = principals(happening.event.source)
        for lane in [party for party in lanes if party in sources] or [OTHERS]:
            cells.setdefault((str(happening.event.date), lane), []).append(happening)
    names = [*lanes, *([OTHERS] if any(lane == OTHERS and day in shown for day, lane in cells) else [])]
    signs: list[Sign] = []
    bands: list[tuple[str, int, int]] = []
    y = TOP
    for lane in names:
        tallest = max(min(len(cells.get((day, lane), ())), MOST_STACKED) for day in shown)
        height = tallest * ROW + LANE_GAP
        bands.append((lane if lane == OTHERS else party_name(lane), y, height))
        for number, day in enumerate(shown):
            signs += _stack(cells.get((day, lane), []), LEFT + number * column + column // 2, y + LANE_GAP // 2)
        y += height
    columns, months = _scale(shown, column)
    return Drawing(
        LEFT + len(shown) * column + 12, y + 4, tuple(bands), column, columns, months, tuple(signs), len(dates) - len(shown)
    )


def _stack(cell: Sequence[Happening], x: int, y: int) -> list[Sign]:
    room = cell if len(cell) <= MOST_STACKED else cell[: MOST_STACKED - 1]
    signs = [Sign(x, y + number * ROW + ROW // 2, happening) for number, happening in enumerate(room)]
    if len(room) < len(cell):
        rest = cell[len(room)]
        signs.append(Sign(x, y + len(room) * ROW + ROW // 2, rest, len(cell) - len(room)))
    return signs


def _scale(dates: Sequence[str], column: int) -> tuple[tuple[tuple[str, str, int, bool], ...], tuple[tuple[str, int], ...]]:
    columns = []
    previous: date | None = None
    for number, written in enumerate(dates):
        start, _, end = written.partition("/")
        label = str(int(start[8:])) if len(start) == 10 else "·"
        if len(start) == len(end) == 10:
            label += f"–{int(end[8:])}"
        first = _first_day(written)
        gap = previous is not None and (first - previous).days > GAP
        columns.append((label, date_words(written), LEFT + number * column + column // 2, gap))
        previous = first
    months = []
    for label, grouped in groupby(enumerate(dates), key=lambda pair: _month(pair[1])):
        run = list(grouped)
        room, (name, _, year) = len(run) * column, label.partition(" ")
        # 66 pixels hold "Sep 2022", 48 hold "Sep ’22"
        fitting = label if room >= 66 or not year else f"{name} ’{year[2:]}" if room >= 48 else name
        months.append((fitting, LEFT + run[0][0] * column + 4))
    return tuple(columns), tuple(months)


def _month(written: str) -> str:
    parts = written.partition("/")[0].split("-")
    return f"{MONTHS[int(parts[1]) - 1]} {parts[0]}" if len(parts) > 1 else parts[0]


def _first_day(written: str) -> date:
    bounds = days(written)
    return date.fromisoformat(bounds[0]) if bounds else date.min
