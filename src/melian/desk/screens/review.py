"""Review: one card at a time, one key each to accept, reject, correct, skip and undo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from melian import codebook
from melian.crisis.questions import ids
from melian.desk import queue
from melian.desk.addresses import PARAMETERS, address, clean
from melian.desk.screens import evidence
from melian.desk.screens.judging import put
from melian.desk.visit import Session, Visit
from melian.errors import RecordError, UnknownId

if TYPE_CHECKING:
    from starlette.responses import Response

_KEPT = (*PARAMETERS, "again")  # what the address of a queue consists of
_TOLD = {"accept": "Accepted", "reject": "Rejected", "correct": "Corrected", "undo": "Taken back", "skip": "Skipped"}


def screen(visit: Visit) -> Response:
    """The next card."""
    return _show(visit, visit.request.query_params.get("at"))


def judged(visit: Visit) -> Response:
    """Judge, skip or undo, and go on to the next card (after an undo to the one that it was about).

    Raises:
        RecordBusy: another process is writing; the card stays.
        UnknownId, CodebookError, DateError, RecordError: the judgement cannot hold; the card stays.
    """
    from starlette.responses import RedirectResponse

    form, session = visit.form, visit.desk.session(visit.analyst)
    kind, key, at = form.get("kind", ""), form.get("id", ""), None
    if kind == "skip":
        session.skipped.add(_number(visit, key))
    elif kind == "undo":
        if not session.last:
            raise RecordError("Nothing was judged in this session that could be taken back")
        key, made_ids, agreed = session.last[-1]
        form = {"kind": "undo", "id": made_ids[0], **{f"with.{each}": "1" for each in made_ids[1:]}}
        put(visit, form)
        session.last.pop()
        session.judged -= 1
        session.agreed -= agreed
        at = key
        what, number = ids.find(visit.connection, key)
        session.waiting.insert(0, (what, number))
    elif kind in ("accept", "reject", "correct"):
        made = put(visit, form)
        session.last.append((key, [judgement.id for judgement in made], int(kind == "accept")))
        session.judged += 1
        session.agreed += kind == "accept"
    else:
        raise RecordError(f"{kind or 'nothing'!r} is nothing that can be done to a card")
    kept = {name: value for name in _KEPT if (value := clean(form.get(name) or visit.form.get(name)))}
    told = {"kind": kind, "key": key, "words": _TOLD[kind]}
    if not visit.is_part:
        return RedirectResponse(address("/review", **kept, at=at), 303)
    with visit.desk.live.reading() as (connection, stamp):
        newer = Visit(visit.desk, visit.request, connection, stamp)
        newer.asked = kept
        return _show(newer, at, told)


def _show(visit: Visit, at: str | None, told: dict[str, str] | None = None) -> Response:
    session = visit.desk.session(visit.analyst)
    again = visit.parameter("again") == "1"
    if not visit.may_judge:
        raise UnknownId("this desk is read-only; nothing can be judged here")
    card = None
    if at:
        what, number = ids.find(visit.connection, at)
        card = (what, number) if what in ("event", "statement") else None
    card = card or _next(visit, session, again)
    found: dict[str, Any] = {}
    if card:
        found = evidence.of_record(visit, *card)
    return visit.page(
        "review.html.jinja",
        card=found,
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
            if number not in session.skipped and _is_open(visit, what, number, again):
                return what, number
            session.waiting.pop(0)
    return None


def _is_open(visit: Visit, what: str, number: int, again: bool) -> bool:
    if visit.one(f"SELECT 1 FROM {what}s WHERE id = ?", number) is None:
        return False
    own = ' AND "by" = ?' if again else ""
    query = (
        "SELECT 1 FROM judgements WHERE list_contains(about, CAST(? AS UBIGINT)) AND kind IN ('accept', 'reject', 'correct') "
        f"AND id NOT IN (SELECT id FROM undone){own} LIMIT 1"
    )
    return visit.one(query, number, *([visit.analyst] if again else [])) is None


def _number(visit: Visit, key: str) -> int:
    return ids.find(visit.connection, key)[1]
