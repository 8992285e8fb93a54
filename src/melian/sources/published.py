"""Dates that a caller or a file gives for a document."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from melian.errors import DateError

# A full date early in a text: "21 January 2022", "Jan. 21, 2022", "21/1/2022", "2022-01-21".
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_FULL_DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH},?\s+(?:19|20)\d\d|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d"
    r"|\d{1,2}[./]\d{1,2}[./](?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d)\b",
    re.IGNORECASE,
)
_HEAD = 600  # characters in which a document that dates itself does so


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
    raise DateError(f"{value!r} is not a date that exists; write it as YYYY-MM-DD, for example 2022-01-21", where)


def day_of_stamp(value: str | None) -> str | None:
    """The day in a time stamp as feeds and e-mails write it (RFC 5322 or ISO 8601), as written; None where it holds none."""
    if not value:
        return None
    try:
        return iso_date(value)
    except DateError:
        pass
    try:
        return parsedate_to_datetime(value).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def moment_of_stamp(value: str | None) -> str | None:
    """The moment, in UTC, of a time stamp that gives its zone ("2022-01-21T12:05:00-05:00" is "2022-01-21T17:05:00Z"); None for a
    mere day, and where the zone is missing."""
    if not value:
        return None
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            stamp = parse(value.strip())
            if stamp.tzinfo is not None:
                return f"{stamp.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def day_of_property(day: str | None, text: str) -> str | None:
    """The day that a file's properties give, unless the text dates itself.

    A file may have been made days before or after its text was published, so that a full date in the text's first lines is the
    better witness: with None here, the coder takes the day from the text.
    """
    return None if _FULL_DATE.search(text[:_HEAD]) else day
