"""Dates that the calendar names: days, months, weekdays, seasons, quarters, years, feasts, and hours of the day."""

from __future__ import annotations

from datetime import date, timedelta

from melian.coding.date_patterns import letters, vocabulary
from melian.coding.date_periods import Period, Unit, day_of, feast, make_day, months_from, season_of, year_of
from melian.coding.date_phrases import Context, Kind, Phrase, Reading, full_year, nearest, stated_year, which_one, written_year


def in_figures(phrase: Phrase, at: Context) -> Reading | None:
    fields = str(phrase.get("full")).partition("t")[0].replace("/", "-").replace(".", "-").split("-")
    a, b, c = (int(field) for field in fields)
    if len(fields[0]) == 4:
        period = make_day(a, b, c)
        return Reading(period, how="in figures", basis="stated") if period else None
    year = full_year(fields[2])
    readings = [period for period in (make_day(year, b, a), make_day(year, a, b)) if period]
    weekday = phrase.value("weekday", "short_weekday")
    # The weekday settles the order, where one is told; else the day comes first, unless only the other order is a date.
    readings = [period for period in readings if weekday is None or period.first.weekday() == weekday] or readings
    return Reading(readings[0], how="in figures", basis="stated") if readings else None


def day_of_month(phrase: Phrase, at: Context) -> Reading | None:
    month = phrase.value("month", "month_or_word", "short_month")
    number = phrase.get("ordinal", -1) or phrase.get("day_number", -1)
    if month is None or number is None:
        return None
    day = int(number.rstrip("stndrh"))
    weekday = phrase.value("weekday", "short_weekday")
    part = phrase.value("part")
    kind: Kind = "time" if part else "date"
    year = stated_year(phrase, at)
    if year is not None:
        period = make_day(year, int(month), day)
        return Reading(period, kind, _with_part(period, part), "stated in full", "stated") if period else None
    if make_day(2024, int(month), day) is None:
        return None
    found = nearest(lambda y: make_day(y, int(month), day), at, which_one(phrase), None if weekday is None else int(weekday))
    return Reading(found.period, kind, _with_part(found.period, part) or f"XXXX-{int(month):02d}-{day:02d}", found.how)


def _with_part(period: Period | None, part: int | str | None) -> str | None:
    if period is None:
        return None
    return f"{period.timex}T{part}" if part else period.timex


def days_of_month(phrase: Phrase, at: Context) -> Reading | None:
    """ "March 9-11", "12 to 15 March", "May 2 and 3": a span."""
    codes = letters()
    names = [
        w
        for w, c in zip(phrase.words, phrase.codes, strict=True)
        if c in (codes["month"], codes["month_or_word"], codes["short_month"])
    ]
    days = [
        int(w.rstrip("stndrh"))
        for w, c in zip(phrase.words, phrase.codes, strict=True)
        if c in (codes["day_number"], codes["ordinal"])
    ]
    if len(days) < 2 or not names:
        return None
    tables = vocabulary()
    numbers = [next(tables[t][name] for t in ("month", "month_or_word", "short_month") if name in tables[t]) for name in names]
    first, last = days[:2]
    if numbers[0] == numbers[-1] and (last <= first or ("and" in phrase and "between" not in phrase and last != first + 1)):
        return None
    year = stated_year(phrase, at)
    if year is None:
        found = nearest(lambda y: make_day(y, numbers[-1], last), at)
        if found.period is None:
            return found
        year = found.period.first.year
    start, end = make_day(year - (numbers[0] > numbers[-1]), numbers[0], first), make_day(year, numbers[-1], last)
    return Reading(Period("span", start.first, end.last), how="a run of days", ends=(start, end)) if start and end else None


def month(phrase: Phrase, at: Context) -> Reading | None:
    month = int(phrase.value("month", "month_or_word", "short_month") or 0)
    year = stated_year(phrase, at)
    if year is not None:
        return Reading(months_from("month", year, month), how="stated with its year", basis="stated")
    relative = which_one(phrase)
    found = nearest(lambda y: months_from("month", y, month), at, relative)
    return Reading(found.period, "date", None if found.period else f"XXXX-{month:02d}", found.how)


def weekday(phrase: Phrase, at: Context) -> Reading | None:
    day = int(phrase.value("weekday", "short_weekday") or 0)
    part = phrase.value("part")
    kind: Kind = "time" if part or "noon" in phrase else "date"
    clock = phrase.value("noon") or (f"T{part}" if part else "")
    relative = which_one(phrase)
    if "week" in phrase and at.published:
        offset = {"last": -1, "past": -1, "next": 1, "coming": 1}.get(relative or "", 0)
        found: date | None = at.published + timedelta(days=day - at.published.weekday() + 7 * offset)
        how = "in the week named"
    elif relative in ("that", "same", "following", "previous") and at.reference:
        base = at.reference.first
        back = (base.weekday() - day) % 7
        found = base - timedelta(days=back) if relative in ("that", "same") else None
        found = base - timedelta(days=back or 7) if relative == "previous" else found
        found = base + timedelta(days=(day - base.weekday()) % 7 or 7) if relative == "following" else found
        how = "counted from the date before"
    elif at.published is None:
        return Reading(None, kind, f"XXXX-WXX-{day + 1}{clock}", "no date to count from")
    else:
        back, ahead = (at.published.weekday() - day) % 7, (day - at.published.weekday()) % 7
        if relative in ("last", "past", "previous"):
            found, how = at.published - timedelta(days=back or 7), "the last one before publication"
        elif relative in ("next", "coming", "following"):
            found, how = at.published + timedelta(days=ahead or 7), "the next one after publication"
        elif at.tense == "future" or (relative == "this" and at.tense != "past"):
            found, how = at.published + timedelta(days=ahead), "the coming one: the words speak of the future"
        else:
            found, how = at.published - timedelta(days=back), "the latest up to publication"
    if found is None:
        return None
    return Reading(day_of(found), kind, found.isoformat() + str(clock), how)


def deictic(phrase: Phrase, at: Context) -> Reading:
    part = "NI" if phrase.get("today") == "tonight" else phrase.value("part")
    kind: Kind = "time" if part else "date"
    if at.published is None:
        return Reading(None, kind, "PRESENT_REF" if phrase.get("today") == "today" else None, "no date of publication")
    step = -1 if "before" in phrase else 1 if "after" in phrase else 0  # the day before yesterday
    found = at.published + timedelta(days=int(phrase.value("today") or 0) + step)
    return Reading(day_of(found), kind, found.isoformat() + (f"T{part}" if part else ""), "counted from publication")


def part_of_day(phrase: Phrase, at: Context) -> Reading | None:
    relative = which_one(phrase)
    part = phrase.value("part")
    if relative is None and part == "NI":
        return None
    base = at.published
    if relative in ("that", "following", "previous") or phrase.runs("the", "next"):
        base = at.reference.first if at.reference else None
    if base is None:
        return Reading(None, "time", f"XXXX-XX-XXT{part}", "no date to count from")
    found = base + timedelta(days={"last": -1, "previous": -1, "next": 1, "following": 1}.get(relative or "", 0))
    return Reading(day_of(found), "time", f"{found.isoformat()}T{part}", "counted from the day")


def clock_time(phrase: Phrase, at: Context) -> Reading | None:
    clock = phrase.get("clock")
    hour_word = clock or phrase.get("day_number") or phrase.get("number_word")
    if "noon" in phrase:
        stamp = str(phrase.value("noon"))
    elif hour_word is None:
        return None
    else:
        digits = hour_word.removesuffix("hrs").strip()
        hour, _, minutes = (digits if digits[0].isdigit() else str(vocabulary()["number_word"][digits])).partition(":")
        hours = int(hour)
        if hours > 24:
            return None
        half_day = (phrase.get("ampm") or "")[:1]
        hours = hours % 12 + (12 if half_day == "p" else 0) if half_day else hours
        stamp = f"T{hours:02d}:{minutes[:2] or '00'}"
    day: Reading | None = None
    if phrase.value("month", "month_or_word", "short_month") is not None:
        # The hour is a day_number too, but the day of the month comes last.
        day = day_of_month(phrase, at)
    elif phrase.value("weekday", "short_weekday") is not None:
        day = weekday(Phrase(phrase.words, phrase.codes.replace(letters()["noon"], " ")), at)
    elif "today" in phrase:
        day = deictic(phrase, at)
    period = day.period if day else None
    anchor = period.first if period else at.published
    return Reading(period, "time", f"{anchor.isoformat()}{stamp}" if anchor else f"XXXX-XX-XX{stamp}", "an hour of the day")


def season(phrase: Phrase, at: Context) -> Reading | None:
    code = str(phrase.value("season"))
    year = stated_year(phrase, at)
    if (span := phrase.get("yearspan") or phrase.get("year")) is not None:
        year = int(span[:4])  # the winter of 2013-2014 begins in 2013
    if year is not None:
        return Reading(season_of(year, code), how="stated with its year", basis="stated")
    if "the" not in phrase and which_one(phrase) is None and "early" not in phrase and "late" not in phrase:
        return None
    relative = which_one(phrase)
    if phrase.get("season") == "fall" and relative is None:
        return None
    return nearest(lambda y: season_of(y, code), at, relative)


def quarter_of(unit: Unit, number: int, year: int) -> Period | None:
    length = 3 if unit == "quarter" else 6
    return months_from(unit, year, (number - 1) * length + 1) if 1 <= number <= 12 // length else None


def quarter(phrase: Phrase, at: Context) -> Reading | None:
    unit: Unit = "half" if "half" in phrase else "quarter"
    if (code := phrase.get("quarter_code")) is not None:
        unit, number = ("half" if code[0] == "h" else "quarter"), int(code[1])
    else:
        number = int(phrase.value("ordinal_word") or (4 if "last" in phrase or "final" in phrase else 0))
    year = stated_year(phrase, at)
    if number > (4 if unit == "quarter" else 2) or (unit == "half" and year is None):
        return None
    if year is not None:
        return Reading(quarter_of(unit, number, year), how="stated with its year", basis="stated")
    relative = which_one(phrase)
    counted = Context(at.published, at.reference, None, "" if at.tense == "future" else "past")
    found = nearest(lambda y: quarter_of(unit, number, y), counted, relative if relative in ("last", "next") else None)
    return Reading(found.period, "date", None if found.period else f"XXXX-Q{number}", found.how)


def last_half(phrase: Phrase, at: Context) -> Reading | None:
    year = stated_year(phrase, at)
    return Reading(quarter_of("half", 2, year), how="stated with its year", basis="stated") if year is not None else None


def century(phrase: Phrase, at: Context) -> Reading | None:
    word = phrase.get("ordinal")
    number = int(word.rstrip("stndrh")) if word else int(phrase.value("ordinal_word") or 0)
    return Reading(months_from("century", (number - 1) * 100, 1), how="a century") if number > 1 else None


def decade(phrase: Phrase, at: Context) -> Reading | None:
    if (word := phrase.get("decade")) is not None:
        digits = "".join(c for c in word if c.isdigit())
        if (
            len(digits) == 2
            and not word.startswith(("'", "’"))
            and "the" not in phrase
            and not any(n in phrase for n in ("early", "late", "mid"))
        ):
            return None
        year = int(digits) if len(digits) == 4 else 1900 + int(digits)
    else:
        year = 1900 + int(phrase.value("decade_word") or 0)
    return Reading(months_from("decade", year, 1), how="a decade")


def years(phrase: Phrase, at: Context) -> Reading | None:
    first = int((phrase.get("year") or phrase.get("yearspan") or "")[:4])
    word = phrase.get("year", 1) or phrase.get("day_number") or (phrase.get("yearspan") or "")[-2:]
    last = int(word) if len(word) == 4 else first - first % 100 + int(word)
    if not first < last <= first + 150:
        return None
    start, end = year_of(first), year_of(last)
    if start is None or end is None:
        return None
    ends = None if "yearspan" in phrase else (start, end)  # "2006-07" is one word
    return Reading(Period("span", start.first, end.last), how="a run of years", ends=ends)


def year_alone(phrase: Phrase, at: Context) -> Reading | None:
    year = stated_year(phrase, at)
    return Reading(year_of(year), how="a year", basis="stated") if year is not None else None


def spelled_year(phrase: Phrase, at: Context) -> Reading | None:
    """ "nineteen ninety-six", "twenty fourteen"."""
    year = written_year(phrase)
    if year is None or (year == 2000 and "year_word" not in phrase):
        return None  # "two thousand" is a number, more often than a year
    return Reading(year_of(year), how="a year in words", basis="stated")


def named_day(phrase: Phrase, at: Context) -> Reading | None:
    name = " ".join((phrase.get("feast") or "").replace("’", "'").split())
    rule: str | None = vocabulary()["feasts"].get(name)
    if rule is None:
        return None
    year = stated_year(phrase, at)

    def make(of: int) -> Period | None:
        found = feast(rule, of)
        return day_of(found) if found else None

    if year is not None or len(rule) == 10:
        return Reading(make(year or 0), how=f"named day, {name}")
    found = nearest(make, at, which_one(phrase))
    return Reading(found.period, how=f"named day, {name}: {found.how}")
