"""Tension over time, from incidents, beside the coverage that it is seen through.

For each period: the weights of conflict less those of cooperation, divided by the weights of both, over the incidents that began in
it or in the periods just before (a trailing window). Words count 1, deeds 2, as for the arrow. The measure runs from -1 (all
cooperation) to +1 (all conflict). It is a share, so that a crisis does not seem to grow because more reporters came; coverage, the
number of reports of the period, is given beside it. Where a window holds fewer than three incidents there is no value. Counting
incidents and not reports, and the share of conflict in both, are after Goldstein (1992) and the net-conflict measures of event data
research (Schrodt and Gerner 1994).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import duckdb

from melian.codebook import event_types, quad
from melian.crisis.questions.filters import Filters, acts, every, in_time
from melian.crisis.record.rows import fetch

WEIGHTS = {"verbal cooperation": -1, "material cooperation": -2, "verbal conflict": 1, "material conflict": 2}
LEAST = 3  # incidents in a window, for a value
WINDOWS = {"day": 7, "week": 4, "month": 3}  # periods that a value looks back over, its own counted
_LONGEST = {"day": 150, "week": 3 * 366}  # days of the whole that are still drawn in this unit


@dataclass(frozen=True, slots=True)
class Period:
    """A day, week or month: its first day, its tension (-1 to 1; None where too little is known), the incidents of its window and of
    itself, and the reports published in it."""

    first: date
    tension: float | None
    window: int
    incidents: int
    reports: int


@dataclass(frozen=True, slots=True)
class Tension:
    """Periods without a gap, and what a period is ("day", "week" or "month")."""

    unit: str
    periods: tuple[Period, ...]


def tension(connection: duckdb.DuckDBPyConnection, filters: Filters | None = None) -> Tension:
    """Tension over a record or a part of it.

    Args:
        connection: open.
        filters: `since` and `until` say which periods are given: the values of periods do not depend on where the first one lies,
            as long as the unit stays the same. `who` and `whom` narrow the incidents, not the reports.

    Raises:
        DateError: a date of the filters is none.
    """
    filters = filters or Filters()
    conditions, values = every(
        (["i.confirmed > 0", "i.first IS NOT NULL"], []),
        in_time(Filters(until=filters.until), "i.first", "i.last"),  # windows look back beyond `since`
        acts("list_concat(i.source, i.target)", filters.who),
        acts("list_concat(i.source, i.target)", filters.whom),
    )
    told, days = every((["published IS NOT NULL"], []), in_time(filters, "published", "published"))
    ends = connection.execute(
        f"SELECT min(published), max(published) FROM documents WHERE {' AND '.join(told)}", days
    ).fetchone() or (None, None)
    if ends[0] is None:
        return Tension("day", ())
    unit = _unit((ends[1] - ends[0]).days)
    weights = " ".join(f"WHEN '{kind}' THEN {WEIGHTS[quad(kind)]}" for kind in event_types())
    counted = fetch(
        connection,
        f"SELECT CAST(date_trunc('{unit}', i.first) AS DATE) AS first, sum(CASE i.type {weights} END) AS net, "
        f"sum(abs(CASE i.type {weights} END)) AS whole, count(*) AS incidents FROM incidents i "
        f"WHERE {' AND '.join(conditions)} GROUP BY 1",
        values,
    )
    reports = fetch(
        connection,
        f"SELECT CAST(date_trunc('{unit}', published) AS DATE) AS first, count(*) AS reports FROM documents "
        f"WHERE {' AND '.join(told)} GROUP BY 1",
        days,
    )
    return Tension(unit, _periods(unit, counted, reports))


def _unit(days: int) -> str:
    return next((unit for unit, longest in _LONGEST.items() if days <= longest), "month")


def _periods(unit: str, counted: Sequence[dict[str, Any]], reports: Sequence[dict[str, Any]]) -> tuple[Period, ...]:
    """One period for each step of time in which the record has reports, whether or not anything happened."""
    coverage = {row["first"]: int(row["reports"]) for row in reports}
    by_first = {row["first"]: row for row in counted}
    before = WINDOWS[unit] - 1
    steps = _steps(unit, _back(unit, min(coverage), before), max(coverage))
    out = []
    for number, first in enumerate(steps[before:], before):
        window = [by_first[step] for step in steps[number - before : number + 1] if step in by_first]
        incidents = sum(row["incidents"] for row in window)
        whole = sum(row["whole"] for row in window)
        value = float(sum(row["net"] for row in window)) / float(whole) if incidents >= LEAST and whole else None
        own = by_first.get(first)
        out.append(Period(first, value, incidents, own["incidents"] if own else 0, coverage.get(first, 0)))
    return tuple(out)


def _back(unit: str, first: date, number: int) -> date:
    """The first day of the period that lies so many periods before."""
    if unit == "month":
        month = first.year * 12 + first.month - 1 - number
        return date(month // 12, month % 12 + 1, 1)
    return first - timedelta(days=number * (7 if unit == "week" else 1))


def _steps(unit: str, first: date, last: date) -> list[date]:
    steps = [first]
    while steps[-1] < last:
        step = steps[-1]
        if unit == "month":
            steps.append((step.replace(day=28) + timedelta(days=4)).replace(day=1))
        else:
            steps.append(step + timedelta(days=7 if unit == "week" else 1))
    return steps
