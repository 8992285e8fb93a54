"""Review: one card at a time, one key each to accept, reject, correct, skip and undo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from melian import codebook
from melian.crisis.questions import ids
from melian.crisis.questions.choices import READINGS, check, one_of
from melian.desk import queue
from melian.desk.addresses import PARAMETERS, address, clean
from melian.desk.screens import evidence
from melian.desk.screens.judging import ask_name, put, wrong
from melian.desk.visit import Session, Visit
from melian.errors import CodebookError, DateError, RecordBusy, RecordChanged, RecordError, UnknownId

if TYPE_CHECKING:
    import duckdb
    from starlette.responses import Response

_KEPT = (*PARAMETERS, "again")  # what the address of a queue consists of
_TOLD = {"accept": "Accepted", "reject": "Rejected", "correct": "Corrected", "undo": "Taken back", "skip": "Skipped"}


def screen(visit: Visit) -> Response:
    """The next card."""
    with visit.session.lock:
        return _show(visit, visit.request.query_params.get("at"))


def judged(visit: Visit) -> Response:
    """Judge, skip or undo, and go on to the next card (after an undo to the one that it was about).

    What cannot hold is said on the card, which stays, with what was typed.

    Raises:
        RecordBusy: another process is writing.
        UnknownId: there is no such record (any more).
    """
    from starlette.responses import RedirectResponse

    if not visit.analyst:
        return ask_name(visit)
    kind, key = visit.form.get("kind", ""), visit.form.get("id", "")
    kept = {name: value for name in _KEPT if (value := clean(visit.form.get(name)))}
    with visit.session.lock:
        at, told, trouble = None, None, None
        try:
            key = _do(visit, visit.session, kind, key)
            at = key if kind == "undo" else None
            told = {"kind": kind, "key": key, "words": _TOLD[kind]}
        except (RecordBusy, UnknownId):
            raise
        except (CodebookError, DateError, RecordError) as error:
            at, trouble = key or None, error
        if not visit.is_part and not trouble:
            return RedirectResponse(address("/review", **kept, at=at), 303)
        with visit.desk.live.reading() as (connection, stamp):
            newer = Visit(visit.desk, visit.request, connection, stamp, visit.form)
            newer.asked = kept
            newer.wrong = wrong(newer, key, trouble) if trouble else None
            return _show(newer, at, told)


def _do(visit: Visit, session: Session, kind: str, key: str) -> str:
    """Judge or skip a card, or undo; gives the card that it was done to."""
    if kind == "skip":
        number = _number(visit, key)
        if number not in session.skipped:
            session.skipped.add(number)
            session.last.append((key, [], 0))
    elif kind == "undo":
        return _undo(visit, session)
    elif kind in ("accept", "reject", "correct"):
        what, number = ids.find(visit.connection, key)
        by = visit.analyst if visit.form.get("again") == "1" else None

        def still_open(connection: duckdb.DuckDBPyConnection) -> None:
            if not visit.form.get("seen") and not _is_open(connection, what, number, by):
                raise RecordChanged("This was judged already. Nothing of yours was saved: look at it, and judge again.")

        made = put(visit, visit.form, still_open)
        session.last.append((key, [judgement.id for judgement in made], int(kind == "accept")))
    else:
        raise RecordError(f"{kind or 'nothing'!r} is nothing that can be done to a card")
    return key


def _undo(visit: Visit, session: Session) -> str:
    """Take the last judgement or skip of a session back; gives the card that it was about. What is taken back already is passed over."""
    while session.last:
        key, made, agreed = session.last.pop()
        if not made:
            try:
                card = ids.find(visit.connection, key)
            except UnknownId:  # the coder reads it otherwise now
                continue
            session.skipped.discard(card[1])
            session.waiting.insert(0, card)
            return key
        try:
            put(visit, {"kind": "undo", "id": made[0], **{f"with.{each}": "1" for each in made[1:]}})
        except RecordChanged:
            continue
        except RecordBusy:
            session.last.append((key, made, agreed))
            raise
        session.waiting.insert(0, ids.find(visit.connection, key))
        return key
    raise RecordError("Nothing was judged or skipped in this session that could be taken back")


def _show(visit: Visit, at: str | None, told: dict[str, str] | None = None) -> Response:
    check(visit.filters, READINGS)
    session = visit.session
    again = one_of("again", visit.parameter("again"), ("1",)) is not None
    card = None
    if at and visit.analyst:
        what, number = ids.find(visit.connection, at)
        card = (what, number) if what in ("event", "statement") else None
    if visit.analyst:
        card = card or _next(visit, session, again)
    found: dict[str, Any] = {}
    if card:
        found = evidence.of_record(visit, *card)
    return visit.page(
        "review.html.jinja",
        card=found,
        most_beside=evidence.SIDE_BY_SIDE,
        told=told,
        again=again,
        session=session,
        progress=queue.progress(visit.connection, visit.analyst),
        types=(*codebook.event_types(), *codebook.acts()),
        kept={name: value for name in _KEPT if (value := visit.parameter(name))},
        may_undo=bool(session.last),
        skipped=len(session.skipped),
    )


def _next(visit: Visit, session: Session, again: bool) -> queue.Card | None:
    """The first card that is neither judged nor skipped; the queue is made anew when it runs out or is asked for otherwise."""
    asked = (repr(visit.filters), visit.analyst, str(again))
    for fresh in (False, True):
        if fresh or session.waiting_for != asked:
            most = queue.AHEAD + len(session.skipped)
            session.waiting = queue.cards(visit.connection, visit.filters, visit.analyst, again=again, limit=most)
            session.waiting_for = asked
        while session.waiting:
            what, number = session.waiting[0]
            if number not in session.skipped and _is_open(visit.connection, what, number, visit.analyst if again else None):
                return what, number
            session.waiting.pop(0)
    return None


def _is_open(connection: duckdb.DuckDBPyConnection, what: str, number: int, by: str | None) -> bool:
    """Whether a record counts and is not judged yet: by an analyst, or (None) by anybody."""
    if not connection.execute(f"SELECT 1 FROM {what}s WHERE id = ?", [number]).fetchone():
        return False
    own = ' AND "by" = ?' if by else ""
    query = (
        "SELECT 1 FROM judgements WHERE list_contains(about, CAST(? AS UBIGINT)) AND kind IN ('accept', 'reject', 'correct') "
        f"AND id NOT IN (SELECT id FROM undone){own} LIMIT 1"
    )
    return connection.execute(query, [number, *([by] if by else [])]).fetchone() is None


def _number(visit: Visit, key: str) -> int:
    return ids.find(visit.connection, key)[1]
