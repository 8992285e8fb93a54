"""Dates as marked sentences: [expression|value] stands for a mention that must be found with this value ("-" for none)."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from melian.coding.date_periods import easter, parse_day
from melian.coding.dates import find_dates
from melian.errors import DateError

PUBLISHED = "2022-01-21"  # a Friday

ABSOLUTE = [
    "on [Jan. 21, 2022|2022-01-21] in Geneva",
    "on [Friday, January 21, 2022|2022-01-21], they met",
    "on [21 January 2022|2022-01-21]",
    "on [21st January 2022|2022-01-21]",
    "on [21/1/2022|2022-01-21] and [2022-01-21|2022-01-21]",
    "on [11/25/1993|1993-11-25]",
    "[Friday (1/4/2022)|2022-04-01] and [Tuesday (1/4/2022)|2022-01-04]",
    "in [January 2022|2022-01], in [March of 2014|2014-03]",
    "in [2014|2014], [the 1990s|1990-01-01/1999-12-31], [the early 1980s|1980-01-01/1989-12-31]",
    "in [spring 2014|2014], [the winter of 2013-2014|2013-12-01/2014-02-28]",
    "in [early 2003|2003], [mid-2019|2019], [fiscal 2021|2021]",
    "in [Q2 2021|2021-04-01/2021-06-30] and [the second quarter of 2020|2020-04-01/2020-06-30]",
    "in [the 19th century|1800-01-01/1899-12-31]",
    "the attack on [21\nJanuary|2022-01-21] and on [Jan. 20,\n2022|2022-01-20]",
]

PARTIAL = [
    "They met on [Friday|2022-01-21], he said on [Thursday|2022-01-20].",
    "They met [last Wednesday|2022-01-19] and on [Sunday night|2022-01-16].",
    "They will meet on [Monday|2022-01-24].",
    "On [Monday|2022-01-24], the league of small and very old nations plans a rally.",
    "They have extended the deadline until [Monday|2022-01-24].",
    "It will send as many as two whole brigades to the north of the country in [March|2022-03].",
    "in [the last quarter of 2021|2021-10-01/2021-12-31], [the latter half of 2020|2020-07-01/2020-12-31]",
    "in [the spring of nineteen ninety-four|1994], by [the year two thousand|2000]",
    "It rose in [the second quarter of 2021|2021-04-01/2021-06-30], unlike [the same period a year earlier|2020-04-01/2020-06-30].",
    "[Next Friday|2022-01-28] they meet; talks scheduled for [Tuesday|2022-01-25].",
    "The talks were scheduled for [Tuesday|2022-01-18].",
    "He left [yesterday|2022-01-20] and returns [tomorrow|2022-01-22]; [tonight|2022-01-21], [today|2022-01-21].",
    "on [the day before yesterday|2022-01-19]",
    "It shelled the town in [December|2021-12], they said in [November|2021-11].",
    "The summit will be held in [March|2022-03], on [March 24|2022-03-24] to be exact.",
    "It was signed on [Dec. 17|2021-12-17].",
    "[last May|2021-05], [next March|2022-03], [July last year|2021-07], [mid-December|2021-12]",
    "[this week|2022-01-17/2022-01-21] and [earlier this week|2022-01-17/2022-01-21]",
    "[last week|2022-01-10/2022-01-16], [next week|2022-01-24/2022-01-30]",
    "They will meet [this week|2022-01-17/2022-01-23].",
    "[last month|2021-12], [this year|2022], [earlier this month|2022-01], [last year|2021], [the end of next month|2022-02]",
    "Troops came over [the weekend|2022-01-15/2022-01-16], [three days ago|2022-01-18].",
    "[two weeks ago|2022-01-07], [six weeks ago|2021-12], [two months ago|2021-11], [a year ago|2021]",
    "[The past three months|2021-10-21/2022-01-21] and [the last five years|2017-01-21/2022-01-21]",
    "They clashed on [Monday morning|2022-01-17], at [3 p.m. on Tuesday|2022-01-18].",
]

SPANS = [
    "from [12 to 15 March 2021|2021-03-12/2021-03-15]",
    "between [12 and 15 March 2021|2021-03-12/2021-03-15]",
    "on [October 5-9, 2021|2021-10-05/2021-10-09], on [December 7 and 8|2021-12-07/2021-12-08]",
    "between [2008 and 2012|2008-01-01/2012-12-31], in [2015-2019|2015-01-01/2019-12-31], in [1939-45|1939-01-01/1945-12-31]",
    "between [Nov 5, 2018 and June 9, 2019|2018-11-05/2019-06-09]",
    "from [June 5 to June 8, 1967|1967-06-05/1967-06-08]",
    "from [Monday to Thursday|2022-01-17/2022-01-20]",
    "in [2011|2011] and [2012|2012]",
    "in [April|1955-04] and [June 1955|1955-06]",
]

COUNTED_FROM_TEXT = [
    "It began on [March 1, 2014|2014-03-01]. [Two days later|2014-03-03] they voted; [the next day|2014-03-04] it was over.",
    "It began on [March 10, 2014|2014-03-10], [a week earlier|2014-03-03] than planned.",
    "It began in [March 2014|2014-03]. [Two years later|2016-03] it had not ended.",
    "[A week earlier|-] nothing was known.",
]

NAMED = [
    "on [Christmas Day|2021-12-25] and [New Year’s Eve|2021-12-31], [Easter 2021|2021-04-04], [Good Friday 2021|2021-04-02]",
    "[May Day 2021|2021-05-01] and [Thanksgiving Day 2021|2021-11-25]",
    "the [Sept. 11|2001-09-11] attacks and [9/11|2001-09-11]",
]

NO_VALUE = [
    "He is [now|-] there; for [three days|-], for [years|-], [recently|-], in [recent days|-].",
    "They meet [every Friday|-], twice [a week|-] and [daily|-].",
]


def unmark(marked: str) -> tuple[str, list[tuple[str, str | None]]]:
    """The sentence without its marks, and the mentions that it must have."""
    wanted = [(words, None if value == "-" else value) for words, value in re.findall(r"\[([^|\]]+)\|([^\]]+)\]", marked)]
    return re.sub(r"\[([^|\]]+)\|[^\]]+\]", r"\1", marked), wanted


@pytest.mark.parametrize("marked", [*ABSOLUTE, *PARTIAL, *SPANS, *COUNTED_FROM_TEXT, *NAMED, *NO_VALUE])
def test_marked(marked: str) -> None:
    text, wanted = unmark(marked)
    assert [(text[slice(*m.span)], m.value) for m in find_dates(text, PUBLISHED)] == wanted


@pytest.mark.parametrize(
    "text",
    [
        "He is 42 years old, a 12-year-old boy was aged 30 years.",
        "They won 3-1 and 21-14; the vote was 52-48, then 3:2.",
        "It cost $2,000, then 2000 euros, and 5 to 6 percent.",
        "Call 212-555-1998 or +44 20 7946 0958 or 555 2014.",
        "UN Resolution 1973, Executive Order 12345, No. 2014, Agenda 2030",
        "They sent 2000 troops and 1950 rebels in a Boeing 737 and an F-16.",
        "Theresa May may march on; a speech by May. The March on Washington.",
        "The Sunday Times on the Good Friday Agreement and Bloody Sunday.",
        "a second vote, the fall of Kabul, the Arab Spring, in his late 20s",
        "Jan Egeland met April Smith.",
    ],
)
def test_is_no_date(text: str) -> None:
    assert find_dates(text, PUBLISHED) == ()


def test_kinds_and_timex() -> None:
    text = "For two weeks, every day at 10:35 a.m., and last week."
    kinds = [(m.kind, m.timex) for m in find_dates(text, PUBLISHED)]
    assert kinds == [("duration", "P2W"), ("set", "P1D"), ("time", "2022-01-21T10:35"), ("date", "2022-W02")]


@pytest.mark.parametrize(
    ("words", "timex"),
    [
        ("for 2 1/2 years", "P2Y6M"),
        ("for an hour and a half", "PT1H30M"),
        ("for five trading days", "P5D"),
        ("over the past decade", "P10Y"),
        ("in the near future", "FUTURE_REF"),
    ],
)
def test_timex_of_lengths(words: str, timex: str) -> None:
    assert [m.timex for m in find_dates(words, PUBLISHED)] == [timex]


@pytest.mark.parametrize(
    "text", ["between 1994 and 1997", "from June 5 to June 8, 1967", "on May 4 and 5, 2021", "in 1861-1863"]
)
def test_a_run_has_two_parts_in_its_span(text: str) -> None:
    (mention,) = find_dates(text, PUBLISHED)
    first, last = mention.parts
    assert mention.span[0] <= first.span[0] < first.span[1] <= last.span[0] < last.span[1] <= mention.span[1]
    assert (first.value or "9") < (last.value or "0")


def test_history_goes_on_from_year_to_year() -> None:
    story = "War began in 1939, spread in 1940 and 1941. On December 7, 1941 came the attack. In January they signed. "
    story += "It was 1943, then 1944, then 1945."
    assert "1942-01" in [m.value for m in find_dates(story, "2009-12-19")]


def test_election_day() -> None:
    assert find_dates("on Election Day 1998", PUBLISHED)[0].value == "1998-11-03"


def test_last_week_on_a_sunday_is_the_week_that_ended() -> None:
    assert find_dates("last week", "2022-01-23")[0].value == "2022-01-16/2022-01-22"


def test_without_publication_only_what_is_stated_has_a_value() -> None:
    text = "On Friday he came; on 3 May 2014 he left; in June he was back."
    assert [m.value for m in find_dates(text, None)] == [None, "2014-05-03", "2014-06"]


def test_weekday_gives_the_year() -> None:
    assert find_dates("on Friday, May 14", "2022-01-20")[0].value == "2021-05-14"


def test_why_tells_the_rule_and_the_resolution() -> None:
    assert find_dates("on Thursday", PUBLISHED)[0].why == "weekday: the latest up to publication"


def test_published_must_be_a_date() -> None:
    with pytest.raises(DateError):
        find_dates("today", "21 January")


@pytest.mark.parametrize(
    ("year", "day"), [(1961, "1961-04-02"), (2000, "2000-04-23"), (2022, "2022-04-17"), (2025, "2025-04-20")]
)
def test_easter(year: int, day: str) -> None:
    assert easter(year) == parse_day(day)


@given(st.dates(date(1950, 1, 1), date(2039, 12, 31)), st.sampled_from(["%d %B %Y", "%B %d, %Y", "%Y-%m-%d", "%A, %B %d, %Y"]))
def test_every_full_date_is_read(day: date, form: str) -> None:
    (mention,) = find_dates(f"It began on {day.strftime(form)}.", PUBLISHED)
    assert mention.value == day.isoformat()


_PIECES = """on Friday last May 21 2022 the next week , . - to from between and 12 March early ago three days a year earlier of
quarter Sunday night first half 1990s Christmas Day years old 10:30 a.m. $5 9/11 Jan fiscal"""


@given(st.lists(st.sampled_from(_PIECES.split()), max_size=14), st.dates(date(1600, 1, 1), date(2400, 1, 1)))
def test_mentions_are_ordered_apart_and_valid(pieces: list[str], published: date) -> None:
    text = "\n".join(pieces)
    mentions = find_dates(text, published.isoformat())
    assert all(0 <= m.span[0] < m.span[1] <= len(text) for m in mentions)
    assert all(a.span[1] <= b.span[0] for a, b in pairwise(mentions))
    for mention in mentions:
        assert mention.value is None or re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?|\d{4}-\d\d-\d\d/\d{4}-\d\d-\d\d", mention.value)


@given(st.text(max_size=80), st.dates())
def test_any_text_is_read(text: str, published: date) -> None:
    find_dates(text, published.isoformat())
