"""The outlet that a text names in its own first lines: the agency of a dateline, the masthead above a date."""

from __future__ import annotations

import re

_LINES = 4  # first lines in which a report says whose it is
_LONGEST = 160  # characters of a line that may be a dateline's
_WORD = (
    r"(?:agency|agence|bulletin|chronicle|courier|dispatch|gazette|herald|journal|mail|mirror|monitor|news|newspaper|observer|post|press|radio|"
    r"service|standard|telegraph|television|times|tribune|tv|wire)"
)
_DAY = re.compile(r"\b(?:\d{1,2}\D{1,12}(?:19|20)\d\d|[A-Z][a-z]+\.? \d{1,2}(?:, (?:19|20)\d\d)?|(?:19|20)\d\d-\d\d-\d\d)\b")
_WEEKDAY = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day")
# "GENEVA, Jan. 21 (Reuters) -", "New York (AFP) –", "MOSCOW (AP) _", "Ulaanbaatar /MONTSAME/."
_AGENCY = re.compile(
    r"(?P<place>[A-Z][^()]{1,70}?)(?:\((?P<round>[^()]{2,40})\)\s*(?:[-–—_]|:|$)|/(?P<slashed>[A-Z][A-Z ]{1,30})/\s*[.–—-])"
)
_MASTHEAD = re.compile(rf"(?P<name>[A-Z0-9][^,.|:;()–—]*?\b{_WORD})\b\s*(?P<rest>$|[,.|:;()–—-].*)", re.IGNORECASE)
_NAME = re.compile(r"(?:[A-Z0-9][\w.&'’-]*)(?: (?:of|the|and|for|de|la|[A-Za-z][\w.&'’-]*)){0,4}")


def outlet_of(text: str) -> str | None:
    """Who published a report, where its first lines say so ("GENEVA (Reuters) - …", "Lindau Courier, Geneva, 21 January 2022"); None
    where they do not, or name it in a way that could be anything."""
    lines = [line.strip() for line in text[:2000].splitlines() if line.strip()][:_LINES]
    for at, line in enumerate(lines):
        if agency := _agency(line):
            return agency
        if masthead := _masthead(line, lines[at + 1] if at + 1 < len(lines) else ""):
            return masthead
    return None


def _agency(line: str) -> str | None:
    found = _AGENCY.match(line[:_LONGEST])
    if found is None:
        return None
    name = (found["round"] or found["slashed"]).strip()
    place = found["place"].strip()
    initials = "".join(word[0] for word in re.findall(r"\w+", place) if word[0].isupper())
    if not _NAME.fullmatch(name) or name == initials or _DAY.search(name) or _WEEKDAY.fullmatch(name) or not _is_place(place):
        return None
    return name


def _is_place(words: str) -> bool:
    """Whether what stands before the agency can be a place and a day: no more than names, numbers and marks."""
    rest = _DAY.sub("", words)
    return all(
        word[0].isupper() or word in ("of", "the", "de", "la", "al", "el", "and") for word in re.findall(r"[^\W\d_]+", rest)
    )


def _masthead(line: str, below: str) -> str | None:
    """An outlet's name that opens a line with a day in it, or fills the line above one."""
    found = _MASTHEAD.match(line[:_LONGEST]) if len(line) <= _LONGEST else None
    if found is None or len(found["name"].split()) > 5 or _DAY.search(found["name"]):
        return None
    if found["rest"].strip():
        return found["name"].strip() if _DAY.search(found["rest"]) else None
    # A headline may end on such a word too ("Rebels attack army post"), but not with a capital on each.
    words = found["name"].split()
    titled = len(words) <= 4 and all(word[0].isupper() or word in ("of", "the", "and") for word in words)
    return found["name"].strip() if titled and _DAY.search(below[:80]) else None
