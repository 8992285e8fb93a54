"""The first screen: where things stand and why, tension with its coverage, what changed, and what stands and is open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from melian.analysis.tension import tension
from melian.crisis.record.rows import in_utc
from melian.crisis.tellings import days
from melian.desk import pictures
from melian.errors import DateError
from melian.views import news, situations
from melian.views.standing import standing

if TYPE_CHECKING:
    import duckdb
    from starlette.responses import Response

    from melian.crisis.questions.filters import Filters
    from melian.desk.visit import Desk, Visit

SEEN = "seen"  # the cookie with the end of the visit before this one, and the last look of this
LAST_DAYS = f"{news.DAYS}days"  # of the record, in place of a day to tell changes from
AWAY = timedelta(minutes=30)  # without a look, after which the next look is another visit


def screen(visit: Visit) -> Response:
    """Where things stand.

    Raises:
        DateError: the day to tell changes from (`since`) is none.
    """
    connection = visit.connection
    before, kept = last_visit(visit.cookie(SEEN), datetime.now(UTC))
    asked = visit.parameter("since")
    before = moment_of(asked) or before
    by_visit = news.since_added(connection, before) if before and asked != LAST_DAYS else None
    changed = by_visit if by_visit and by_visit.reports else visit.desk.remembered(
        visit.stamp, ("last days",), lambda: news.of_last_days(connection)
    )  # fmt: skip
    if not visit.is_part:
        visit.cookies.append((SEEN, kept))
    shown = visit.desk.remembered(visit.stamp, ("first",), lambda: standing(connection))
    return visit.page(
        "first.html.jinja",
        situation=pictures.situation(visit),
        tension=pictures.tension(visit),
        news=changed,
        since=before if changed is by_visit else None,
        told_since=in_utc(before) if changed is by_visit else LAST_DAYS,
        before=before,
        news_days=news.DAYS,
        **shown,
    )  # fmt: skip


def prepare(desk: Desk) -> None:
    """Find what the first screen shows before anybody asks, and load the names of parties."""
    with desk.live.reading() as (connection, stamp):
        desk.remembered(stamp, ("situation",), lambda: situations.situation(connection))
        desk.remembered(stamp, ("first",), lambda: standing(connection))
        desk.remembered(stamp, ("last days",), lambda: news.of_last_days(connection))
        desk.remembered(stamp, ("tension",), lambda: tension(connection))


def changes(connection: duckdb.DuckDBPyConnection, filters: Filters, moment: datetime | None = None) -> list[dict[str, Any]]:
    """All that changed since a moment, or (None) in the last days of the record, as rows; filters do not bear on it."""
    found = news.since_added(connection, moment, None) if moment else news.of_last_days(connection, most=None)
    return news.rows(found)


def moment_of(since: str | None) -> datetime | None:
    """The moment from which changes are to be told: that of an ISO day, month, year or time; None for the last days of the record.

    Raises:
        DateError: it is none of these.
    """
    if not since or since == LAST_DAYS:
        return None
    day = days(since)
    try:
        moment = datetime.fromisoformat(day[0] if day else since)
    except ValueError as error:
        raise DateError(f"{since!r} is not a day; write it as YYYY-MM-DD, for example 2022-01-21, or {LAST_DAYS}") from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def last_visit(cookie: str | None, now: datetime) -> tuple[datetime | None, str]:
    """When the visit before this one ended, and what the browser is to keep.

    Args:
        cookie: what it kept: the end of the last visit and the last look, in seconds; 0 where there was none.
        now: the time of this look.
    """
    ended, look = 0, 0
    parts = (cookie or "").split(".")
    if len(parts) == 2 and all(part.isdecimal() and len(part) < 12 for part in parts):
        ended, look = int(parts[0]), int(parts[1])
    if look and now - datetime.fromtimestamp(look, UTC) > AWAY:
        ended = look
    return (datetime.fromtimestamp(ended, UTC) if ended else None), f"{ended}.{int(now.timestamp())}"
