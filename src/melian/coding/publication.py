"""The day on which a document was published, read from its own text: a dateline, a dated first line, a dated weekday."""

from __future__ import annotations

import re

from melian.coding.dates import DateMention, find_dates
from melian.records import DateOrigin, Span

# A dateline stands within the first lines; a report that dates its news ("Friday (21/1/2022)") does so early on.
_HEAD = 1500
_FIRST_LINES = 6
_BYLINE = 80  # characters of a line of names before its date
_PLACE = re.compile(
    r"(?!(?:On|In|By|Since|From|After|Before|Until|The)\b)"
    r"(?:[A-Z][\w.'’/-]*(?:[ ,/]+(?:of |the |de |al-)?[A-Z][\w.'’/-]*){0,6})?"  # the place
    r"[\s,–—:|(-]*(?:\([\w ./]{2,30}\)[\s,–—:|-]*)?"  # the agency
)
_STAMP = re.compile(
    r"(?:published|posted|updated|last updated|date|issued|released|for immediate release|by [^|\n]{2,40})(?: on)?[\s:,|–—-]*",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?:[,;]?\s*\d{1,2}[:.]\d\d[^\n]{0,20})?"  # an hour
    r"\s*(?:\.?\s*/[\w ]+/|,?\s*(?:\([\w .,&/-]{2,40}\)\s*)?(?:[-–—:|_]|$|\n))"  # the agency, then a mark or the line's end
)
_OUTLET_WORD = (
    r"(?:agency|bulletin|chronicle|courier|dispatch|edition|gazette|herald|journal|mail|mirror|news|newspaper|observer|post|press|radio|service|"
    r"telegraph|television|times|tribune|tv|wire)"
)
# A line that is an outlet's name and nothing else: at most four words with capitals, of which the last says what it is ("Harbour Radio").
_OUTLET = re.compile(rf"\s*(?:[A-Z][\w.&'’-]*\s+(?:(?:of|the|and|for)\s+)*){{0,3}}(?i:{_OUTLET_WORD})\s*\n\s*")
_FILED = re.compile(r"\s(?:[-–—]|--)\s")
_AGENCY = re.compile(r"\s*[A-Z][A-Z .,/'’-]{1,60}\s*\([A-Z][^()\n]{1,40}\)\s*(?:[-–—]|--)\s")
# A line of nothing but names, with the date set off from them: "Straits Mercury (October 23, 2023)", "ROME, 18 May 2023 / Bay Courier".
_SET_OFF_BEFORE = re.compile(r"(?:^|[,;:/|(\[•·–—-])\s*$")
_SET_OFF_AFTER = re.compile(r"\s*(?:$|[,;/|)\]•·–—-])")
_NAMES = re.compile(
    rf"(?:[\s,;:/|()\[\]•·–—-]|\b(?:of|the|and|for|de|by|from|in|{_OUTLET_WORD})\b|(?<![\w.'’&])[A-Z][\w.'’&]*)*"
)
_WEEKDAY = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day", re.IGNORECASE)
_MONTH_DAY = re.compile(r"XXXX-(\d\d-\d\d)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def publication_date(text: str) -> tuple[str, DateOrigin, Span] | None:
    """Find the date that a text gives of itself.

    Returns:
        The ISO date, where it was found and its span: "dateline" for the line of place and date, or of date alone, with
        which a report begins ("GENEVA, Jan. 21 (Reuters) —", "Tuesday, June 9, 2015"), "text" for a weekday with its full
        date early in the report ("on Friday (21/1/2022)"); None where there is neither. A dateline without a year takes
        the latest year of the full dates in the text, and is passed over where there are none.
    """
    mentions = find_dates(text[:_HEAD], None)
    for mention in mentions:
        if _heads(text, mention.span) and (value := _day(mention, text)) is not None:
            return value, "dateline", mention.span
    for mention in mentions:
        if mention.value and _DAY.fullmatch(mention.value) and _WEEKDAY.match(text, mention.span[0]) and mention.stated:
            return mention.value, "text", mention.span
    return None


def dateline(text: str) -> Span | None:
    """The words before a report that say where, when and by which agency it was filed ("KYIV, Feb 24, 2022 (Reuters) — "), or the line that
    does; None where there are none. Who is named there takes no part in what is told."""
    found = publication_date(text)
    if found is not None and found[1] == "dateline":
        start = text.rfind("\n", 0, found[2][0]) + 1
        begin = 0 if _OUTLET.fullmatch(text[:start]) else start  # the outlet on a line of its own above
        line = text[start:].partition("\n")[0]
        mark = _FILED.search(line, found[2][1] - start)
        if mark or len(line) <= _BYLINE + found[2][1] - found[2][0]:
            return begin, start + (mark.end() if mark else len(line))
    opening = _AGENCY.match(text)  # without a date: "GENEVA (Reuters) - "
    return opening.span() if opening else None


def _heads(text: str, span: Span) -> bool:
    """Whether a date stands in a dateline, a stamp or a line of its own among the first lines."""
    line = text.rfind("\n", 0, span[0]) + 1
    if len([before for before in text[:line].splitlines() if before.strip()]) >= _FIRST_LINES:
        return False
    before, after = text[line : span[0]].strip(), text[span[1] : span[1] + 80]
    if re.search(r"(?:^|\W)" + _STAMP.pattern + "$", before, re.IGNORECASE):
        return True
    if len(before) <= _BYLINE and re.match(r"\s*(?:\n|$)", after):
        # A short line that the date closes: "Example Agency, Moscow, 17.02.2022", "From our correspondent. Moscow, 17.02.2022".
        before = before.rpartition(". ")[2]
    if _is_line_of_names(text[line : span[0]], text[span[1] :].partition("\n")[0]):
        return True
    if not _PLACE.fullmatch(before):
        return False
    if _AFTER.match(after):
        return True
    # "Tuesday, June 9, 2015 On Monday, …": the line's break was lost.
    return not before and _WEEKDAY.match(text, span[0]) is not None and re.match(r"\s+[A-Z“\"]", after) is not None


def _is_line_of_names(before: str, after: str) -> bool:
    """Whether a date is set off in a short line that holds names (of a place, an agency, an outlet) and nothing else."""
    return bool(
        (before.strip() or after.strip())
        and len(before) + len(after) <= _BYLINE
        and _SET_OFF_BEFORE.search(before)
        and _SET_OFF_AFTER.match(after)
        and _NAMES.fullmatch(before)
        and _NAMES.fullmatch(after)
    )


def _day(mention: DateMention, text: str) -> str | None:
    """The ISO day of a mention; its year from the rest of the text where it gives none."""
    if mention.value and _DAY.fullmatch(mention.value) and mention.kind in ("date", "time"):
        return mention.value
    if not (month_day := _MONTH_DAY.fullmatch(mention.timex or "")):
        return None
    years = [
        other.value[:4] for other in find_dates(text, None) if other.value and _DAY.fullmatch(other.value) and other.stated
    ]
    return f"{max(years)}-{month_day[1]}" if years else None
