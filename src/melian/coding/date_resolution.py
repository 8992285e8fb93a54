"""Which function reads a match of which rule of `date_patterns`."""

from __future__ import annotations

from collections.abc import Callable

from melian.coding import date_named as named
from melian.coding import date_relative as relative
from melian.coding.date_phrases import Context, Phrase, Reading

_READERS: dict[str, Callable[[Phrase, Context], Reading | None]] = {
    "full": named.in_figures,
    "days_month": named.days_of_month,
    "month_days": named.days_of_month,
    "day_month": named.day_of_month,
    "month_day": named.day_of_month,
    "month_year": named.month,
    "month": named.month,
    "clock": named.clock_time,
    "part_of_weekday": named.weekday,
    "weekday": named.weekday,
    "deictic": named.deictic,
    "part_of_day": named.part_of_day,
    "season": named.season,
    "half": named.last_half,
    "quarter": named.quarter,
    "year_quarter": named.quarter,
    "century": named.century,
    "decade": named.decade,
    "years": named.years,
    "yearspan": named.years,
    "year": named.year_alone,
    "spelled_year": named.spelled_year,
    "feast": named.named_day,
    "quarter_ago": relative.quarter_before,
    "year_ago_quarter": relative.quarter_before,
    "same_period": relative.same_period,
    "this_quarter": relative.this_quarter,
    "weekend": relative.weekend,
    "span": relative.covered_span,
    "ago": relative.counted_off,
    "duration": relative.duration,
    "recent_units": relative.recent_units,
    "set": relative.repetition,
    "relative_unit": relative.relative_unit,
    "year_end": relative.year_end,
    "overnight": relative.overnight,
    "present": relative.vague,
    "vague": relative.vague,
    "units": relative.bare_units,
}


def resolve(rule: str, words: tuple[str, ...], codes: str, at: Context) -> Reading | None:
    """What a match of a rule stands for, or None where it is no date after all."""
    try:
        return _READERS[rule](Phrase(words, codes), at)
    except OverflowError:
        return Reading(None, how="outside the calendar, which runs from the year 1 to 9999")
