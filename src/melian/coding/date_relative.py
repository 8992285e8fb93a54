"""Dates that are counted from another: "three days ago", "last week", "the past two months", "the year-earlier quarter".

"Ago", "last" and "next" count from publication; "earlier", "later", "the next day", "that year" from the date mentioned last.
"""

from __future__ import annotations

from datetime import date, timedelta

from melian.coding.date_named import quarter_of
from melian.coding.date_periods import FINENESS, Period, add, containing, day_of, moved
from melian.coding.date_phrases import Context, Phrase, Reading, count_in, length_timex, stated_year, unit_in, which_one


def quarter_before(phrase: Phrase, at: Context) -> Reading | None:
    """ "the year-earlier quarter", "year-ago period": the period spoken of, a year before."""
    if at.reference is None:
        return Reading(None, how="no period to count from")
    base = containing("quarter", at.reference.first) if "quarter" in phrase else at.reference
    if base is None:
        return None
    return Reading(moved(base, -1, "year"), how="a year before the period spoken of", basis="compared")


def same_period(phrase: Phrase, at: Context) -> Reading | None:
    """ "the same period last year", "the same month a year earlier": what is spoken of, in another year."""
    unit = next((name.removesuffix("_word") for name in ("day", "week", "month_word", "quarter") if name in phrase), None)
    base = at.reference and (containing(unit, at.reference.first) if unit else at.reference)
    if base is None:
        return Reading(None, how="no period to count from")
    steps = int(word[:4]) - base.first.year if (word := phrase.get("year")) else -1
    return Reading(moved(base, steps, "year"), how="the period spoken of, in another year", basis="compared")


def this_quarter(phrase: Phrase, at: Context) -> Reading | None:
    relative = which_one(phrase)
    if "period" in phrase and (at.reference is None or at.reference.unit not in ("quarter", "half")):
        return None
    year = stated_year(phrase, at)
    if at.reference is not None and at.reference.unit in ("quarter", "half") and relative in (None, "that", "same", "latest"):
        if year is not None:
            found = quarter_of(at.reference.unit, (at.reference.first.month + 2) // 3, year)
            earlier = year < at.reference.first.year
            return Reading(found, how="that quarter of the year named", basis="compared" if earlier else "stated")
        return Reading(at.reference, how="the quarter spoken of")
    if at.published is None or year is not None or relative in ("that", "same", "following", "previous"):
        return None
    current = containing("quarter", at.published)
    offset = {"this": 0, "next": 1, "coming": 1}.get(relative or "", -1)
    return Reading(moved(current, offset, "quarter") if current else None, how="counted from the quarter of publication")


def weekend(phrase: Phrase, at: Context) -> Reading:
    if at.published is None:
        return Reading(None, how="no date of publication")
    saturday = at.published + timedelta(days=5 - at.published.weekday())
    relative = which_one(phrase)
    weeks = 0
    if "past" in phrase or relative == "last" or (relative is None and at.tense != "future"):
        # On a Sunday, "the weekend" is the one that is ending.
        weeks = 0 if at.published.weekday() == 6 and relative != "last" else -1
    elif relative == "next" or (relative == "coming" and at.published.weekday() >= 5):
        weeks = 1
    elif relative == "this" and at.tense == "past" and at.published.weekday() < 5:
        weeks = -1
    return Reading(containing("weekend", saturday + timedelta(days=7 * weeks)), how="counted from publication")


def rolling(base: date, count: float, unit: str) -> Period | None:
    """The days from a date so many units back (or ahead) to it."""
    if count != int(count):
        return None
    other = add(base, int(count), "quarter" if unit == "quarter" else unit)
    if other is None:
        return None
    return Period("span", min(base, other), max(base, other))


def covered_span(phrase: Phrase, at: Context) -> Reading | None:
    """ "the past three months": a duration, and the days that it covers."""
    count, unit = count_in(phrase), unit_in(phrase)
    if count is None or unit is None:
        return None
    timex = length_timex(count, unit)
    relative = which_one(phrase)
    if isinstance(count, str) or relative is None or unit in ("hour", "minute", "second"):
        return Reading(None, "duration", timex, "a length of time")
    base = at.reference.last if at.reference and relative in ("following", "previous") else at.published
    if base is None:
        return Reading(None, "duration", timex, "no date to count from")
    sign = 1 if relative in ("next", "coming", "following") else -1
    return Reading(
        rolling(base, sign * count, unit), "duration", timex, "counted back from publication" if sign < 0 else "counted ahead"
    )


def counted_off(phrase: Phrase, at: Context) -> Reading | None:
    last = phrase.words[-1]
    count, unit = count_in(phrase), unit_in(phrase)
    back = last in ("ago", "earlier", "before") or "ago" in phrase
    if unit is None:
        return None
    if count is None or isinstance(count, str):
        return Reading(None, "date", "PAST_REF" if back else "FUTURE_REF", "no number to count")
    if unit in ("hour", "minute", "second"):
        same_day = at.published if "ago" in phrase else None
        return Reading(day_of(same_day) if same_day and count <= 6 else None, "time", how="hours before publication")
    from_publication = "ago" in phrase or last in ("hence", "now", "ahead")
    base = (day_of(at.published) if at.published else None) if from_publication else at.reference
    if at.reference is not None and at.reference.unit == "quarter" and unit == "year" and count == 1:
        return Reading(
            moved(at.reference, -1 if back else 1, "year"), how="a year before the period spoken of", basis="compared"
        )
    if base is None or count != int(count):
        return Reading(None, how="no date to count from")
    steps = int(-count if back else count)
    if unit in ("decade", "century"):
        steps, unit = steps * (10 if unit == "decade" else 100), "year"
    if "today" in phrase:
        day = add(base.first, steps, unit)
        return Reading(day_of(day) if day else None, how="to the day")
    how = "counted from publication" if from_publication else "counted from the date before"
    if unit in ("week", "fortnight"):
        day = add(base.first, steps, unit)
        if day is None or base.unit not in ("day", "week"):
            return Reading(None, how=how)
        # Up to two weeks are told to the day; more are a round number.
        near = abs(steps) * (2 if unit == "fortnight" else 1) <= 2
        week = containing("week", day)
        return Reading(day_of(day) if near else containing("month", day), "date", week.timex if week else None, how)
    if FINENESS[unit] < FINENESS[base.unit]:
        return Reading(None, how="the date before is coarser than the step")
    return Reading(moved(base, steps, unit), how=how)


def duration(phrase: Phrase, at: Context) -> Reading | None:
    count, unit = count_in(phrase), unit_in(phrase)
    if count is None or unit is None or "old" in phrase:
        return None
    if unit == "quarter":
        return None  # a part of something, more often than of a year
    return Reading(None, "duration", length_timex(count, unit), "a length of time")


def recent_units(phrase: Phrase, at: Context) -> Reading | None:
    unit = unit_in(phrase)
    if unit is None:
        return None
    return Reading(
        None, "date", "PAST_REF" if "recent" in phrase and unit == "year" else length_timex("X", unit), "no number to count"
    )


def repetition(phrase: Phrase, at: Context) -> Reading | None:
    if (frequency := phrase.value("frequency")) is not None:
        return Reading(None, "set", str(frequency), "how often")
    if (weekday := phrase.value("weekday", "weekdays")) is not None:
        return Reading(None, "set", f"XXXX-WXX-{int(weekday) + 1}", "every such day")
    unit = unit_in(phrase)
    return Reading(None, "set", length_timex(1.0, unit) if unit else None, "how often")


def relative_unit(phrase: Phrase, at: Context) -> Reading | None:
    unit, relative = unit_in(phrase), which_one(phrase)
    if unit is None:
        return None
    edged = any(name in phrase for name in ("edge", "early", "late", "mid"))
    if relative is None and not edged and unit not in ("year", "week"):
        return None
    of_reference = relative in ("that", "same", "following", "previous") or phrase.runs("the", "next")
    base = at.reference if of_reference else (day_of(at.published) if at.published else None)
    if base is None:
        return Reading(None, how="no date to count from")
    if of_reference and FINENESS[unit] < FINENESS[base.unit]:
        return Reading(None, how="the date before is coarser")
    if unit == "day" and relative in ("last", "past"):
        return None
    if relative == "past" and not of_reference:
        return Reading(rolling(base.first, -1, unit), "duration", length_timex(1.0, unit), "counted back from publication")
    if relative == "coming" and unit == "week":
        return Reading(containing("week", base.first + timedelta(days=3)), how="the week that comes")
    here = containing(unit, base.first)
    offset = {"last": -1, "previous": -1, "next": 1, "coming": 1, "following": 1, "latest": -1}.get(relative or "", 0)
    found = moved(here, offset, unit) if here else None
    if found is not None and relative == "last" and unit == "week" and base.first.weekday() == 6:
        # On a Sunday, "last week" is the one that ended the day before.
        days = Period("span", base.first - timedelta(days=7), base.first - timedelta(days=1))
        return Reading(days, "date", found.timex, "the seven days before Sunday")
    if (
        found is not None
        and relative == "this"
        and unit == "week"
        and at.tense != "future"
        and found.first <= base.first <= found.last
    ):
        # What has happened "this week" has happened by the day of publication.
        return Reading(Period("week", found.first, base.first), how="Monday to the day of publication")
    return Reading(found, how="counted from the date before" if of_reference else "counted from publication")


def year_end(phrase: Phrase, at: Context) -> Reading | None:
    if at.published is None:
        return Reading(None, how="no date of publication")
    unit = "year" if "year_word" in phrase else "month"
    found = containing(unit, at.published)
    return Reading(found, "date", found.last.isoformat() if found else None, "of publication")


def overnight(phrase: Phrase, at: Context) -> Reading:
    if at.published is None:
        return Reading(None, "time", "XXXX-XX-XXTNI", "no date of publication")
    return Reading(day_of(at.published), "time", f"{at.published - timedelta(days=1)}TNI", "the night before publication")


def vague(phrase: Phrase, at: Context) -> Reading:
    word = phrase.value("present", "vague", "future", "term")
    return Reading(
        None,
        "date",
        str(word) if word else ("PRESENT_REF" if "these" in phrase or "this" in phrase else "PAST_REF"),
        "no certain time",
    )


def bare_units(phrase: Phrase, at: Context) -> Reading | None:
    unit = unit_in(phrase)
    return Reading(None, "duration", length_timex("X", unit), "a length of time") if unit not in (None, "quarter") else None
