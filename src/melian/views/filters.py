"""Words for what templates show: days and moments, numbers, parties, statuses. `FILTERS` are those of Jinja."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from melian.charts.directions import exact
from melian.codebook import quad
from melian.views.headings import heading
from melian.views.names import capitals, place_name
from melian.views.wording import capital, counted, date_words, parties, party_name, people, quantity_words, quoted, table

_UNSAFE = re.compile(r"[\x00-\x20\x7f\"'<>]")  # in an address that is to be a link


def day(value: date | str | None) -> str:
    """ "21 Jan 2022"; an ISO month, year or span in words too, and "undated" for none."""
    return date_words(value.isoformat()[:10] if isinstance(value, date) else value)


def days(first: date | None, last: date | None) -> str:
    """ "17–21 Jan 2022": the days between two."""
    return date_words(f"{first}/{last}" if first and last and first != last else str(first or last or "") or None)


def moment(value: datetime | None) -> str:
    """ "21 Jan 2022, 14:05 UTC"."""
    return f"{day(value.date())}, {value:%H:%M} UTC" if value else ""


def published(source: Any) -> str:
    """When a report went out: "21 Jan 2022, 17:05 UTC", with its local day where that is another: "22 Jan 2022 there, 21 Jan 2022, 22:10 UTC".

    Args:
        source: a mapping with `published` (a day or None) and `published_at` (a time in UTC, or None).
    """
    local, at = source.get("published"), source.get("published_at")
    if not at:
        return day(local)
    return moment(at) if not local or at.date().isoformat() == str(local)[:10] else f"{day(local)} there, {moment(at)}"


def number(value: float | None) -> str:
    """ "1,234", or a dash for none."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if value == int(value) else f"{value:,g}"


def percent(share: float | None) -> str:
    """ "62%" of 0.62; nothing for none."""
    return "" if share is None else f"{share:.0%}"


def plural(number: int, one: str, many: str | None = None) -> str:
    """ "1 party", "2 parties"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def choice_words(choice: str) -> str:
    """An event type, act or realis in words: "threat", "foretold", "fact"; anything else as it is."""
    if choice in table("kinds"):
        return str(table("kinds")[choice][0])
    return str(table("realis").get(choice, choice)) or "fact"


def choice_meaning(choice: str, otherwise: str) -> str:
    """An event type or act with what it covers, short enough for a list of choices; of anything else the words given."""
    return ": ".join(table("kinds")[choice]) if choice in table("kinds") else otherwise


def web_link(url: str | None) -> str | None:
    """An address on the web that may be made into a link; None for anything else (`javascript:`, `data:`, no host)."""
    given = (url or "").strip()
    try:
        parts = urlsplit(given)
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc or _UNSAFE.search(given):
        return None
    return given


FILTERS: dict[str, Callable[..., Any]] = {
    "capital": capital,
    "capitals": capitals,
    "counted": counted,
    "choice": choice_words,
    "column": lambda name: table("columns").get(name, name.replace("_", " ")),
    "day": day,
    "direction": lambda direction: table("directions")[direction or "unknown"],
    "days": days,
    "exact": exact,
    "heading": heading,
    "meaning": choice_meaning,
    "moment": moment,
    "number": number,
    "parties": parties,
    "party": lambda party: capital(party_name(party)),
    "people": people,
    "percent": percent,
    "place": place_name,
    "plural": plural,
    "published": published,
    "quad": quad,
    "quantity": quantity_words,
    "quoted": quoted,
    "realis": lambda realis: table("realis").get(realis, realis),
    "said": lambda act: table("said").get(act, act),
    "sign": lambda status: table("statuses").get(status, "·"),
    "slug": lambda words: str(words).replace(" ", "-"),
    "table_name": lambda name: capital(str(table("tables").get(name, name))),
    "web_link": web_link,
}
