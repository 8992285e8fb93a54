"""Addresses: what a page shows stands in its address, so that it can be kept, sent and opened again.

The filters of the tables have the names that `melian show` has: from, to, begun, who, whom, type, place, source, text, realis, status.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from urllib.parse import quote, urlencode

from melian.crisis.questions.filters import Filters, and_only, first_day, last_day

_OF_FILTER = {"since": "from", "until": "to"}
PARAMETERS = {_OF_FILTER.get(field.name, field.name): field.name for field in fields(Filters)}
"""The names of filters in addresses, and in `Filters`."""

EXACT = frozenset({"who", "whom", "place", "source"})
"""Filters whose values may be meant exactly ("=" before them)."""

_LONGEST = 200  # characters of a filter's value
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def filters_in(query: Mapping[str, str]) -> Filters:
    """The filters of an address.

    Raises:
        DateError: a date is none.
    """
    given = {name: value for key, name in PARAMETERS.items() if (value := clean(query.get(key)))}
    for name, check in (("since", first_day), ("until", last_day), ("begun", first_day)):
        if name in given:
            check(given[name])
    return Filters(**given)


def filter_parameters(filters: Filters) -> dict[str, str]:
    """What stands for filters in an address."""
    return {key: value for key, name in PARAMETERS.items() if (value := getattr(filters, name))}


def exact_address(path: str, kept: Mapping[str, str], /, **wanted: str | None) -> str:
    """An address with filters, and more: parties, places and outlets are meant exactly, beside what is kept of the same name.

    What a chart or a table counts and where its number leads are the same incidents by this.
    """
    more = {name: and_only(kept.get(name), value) if name in EXACT else value for name, value in wanted.items() if value}
    return address(path, **{**kept, **more})


def clean(value: str | None) -> str | None:
    """What somebody typed, on one line and of a sensible length; None where nothing is left."""
    return one_line(value)[:_LONGEST] or None


def one_line(value: str | None) -> str:
    """What somebody typed, on one line, all of it."""
    return _CONTROL.sub(" ", value or "").strip()


def address(path: str, /, **parameters: object) -> str:
    """A path with parameters; those that are None or empty are left out, an underscore at the end of a name is dropped."""
    given = {name.rstrip("_"): str(value) for name, value in parameters.items() if value not in (None, "")}
    return quote(path) + (f"?{urlencode(given)}" if given else "")
