"""Polling a feed: asking for what is new in it, with what it said the last time."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import cast
from urllib.parse import urlsplit

import msgspec

from melian.errors import InputError, NotFetched
from melian.sources import limits
from melian.sources.checks import checked
from melian.sources.given import Found, Given
from melian.sources.published import iso_date
from melian.sources.streams import BROKEN_GZIP, broken_gzip, read_whole, unzipped
from melian.sources.web.feed import entries
from melian.sources.web.fetching import fetch_if_changed


class FeedState(msgspec.Struct, frozen=True):
    """What is known of a feed from the polls so far; to be kept and given to the next.

    Attributes:
        url: the feed's address.
        etag, modified: what its last answer with entries gave as `ETag` and `Last-Modified`.
        polled: when it was last asked, ISO in UTC.
        not_before: when it may be asked again, where it said so.
    """

    url: str
    etag: str | None = None
    modified: str | None = None
    polled: str | None = None
    not_before: str | None = None


def poll(url: str, state: FeedState | None = None, published: str | None = None) -> tuple[FeedState, tuple[Found, ...]]:
    """Ask a feed once for what is in it.

    The request names Melian and carries what the feed said the last time, so that a feed without news answers in a line. A feed that
    asked to wait is not asked before. There are no second tries; when to poll again is the caller's choice (feeds change by the hour).

    Args:
        url: the feed's address, beginning with http:// or https://.
        state: what the last poll returned, None at the first.
        published: day of entries that bring none.

    Returns:
        The state to keep, and the documents with errors in their places; nothing where the feed has not changed. What went wrong with the
        feed as a whole (no answer, a login page) is the last of them.

    Raises:
        DateError: `published` is no date.
    """
    day = iso_date(published, "published") if published else None
    state = state or FeedState(url)
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if state.not_before and now < state.not_before:
        error = NotFetched(f"it asked to wait until {state.not_before}; it was not asked again", url, state.not_before)
        return state, (error,)
    try:
        answer = fetch_if_changed(url, state.etag, state.modified)
    except InputError as error:
        wait = error.retry_at if isinstance(error, NotFetched) else None
        return msgspec.structs.replace(state, polled=now, not_before=wait), (error,)
    state = msgspec.structs.replace(state, url=url, polled=now, not_before=None)
    if answer is None:
        return state, ()
    given = Given(
        name=urlsplit(answer.url).hostname or "feed",
        where=url,
        published=day,
        url=answer.url,
        charset=answer.charset,
        fetched=answer.day,
    )
    found: list[Found] = []
    try:
        stream = unzipped(io.BufferedReader(cast(io.RawIOBase, io.BytesIO(answer.body))), url)
        for each in entries(read_whole(stream, limits.FEED, url, "feed"), given):
            found.append(checked(each))
    except InputError as error:
        found.append(error)
    except BROKEN_GZIP as error:
        found.append(broken_gzip(error, url))
    if any(not isinstance(each, InputError) for each in found):
        state = msgspec.structs.replace(state, etag=answer.etag, modified=answer.modified)
    return state, tuple(found)
