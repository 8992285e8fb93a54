"""Dates that a caller gives for a document."""

from __future__ import annotations

from datetime import date, datetime

from melian.errors import DateError


def iso_date(value: str, where: str | None = None) -> str:
    """A given date as YYYY-MM-DD.

    An ISO 8601 date is taken, and so is an ISO time stamp, as feeds carry it (its date is kept as written: no time
    zone is applied).

    Raises:
        DateError: `value` is neither; the message names `where` (file, and line after a colon) and what to do.
    """
    for parse in (date.fromisoformat, datetime.fromisoformat):
        try:
            return parse(value.strip()).isoformat()[:10]
        except ValueError:
            continue
    place = f"{where}: " if where else ""
    raise DateError(f"{place}{value!r} is not a date that exists; write it as YYYY-MM-DD, for example 2022-01-21")
