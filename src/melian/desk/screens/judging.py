"""Judgements from the evidence drawer and the pages: done, published, and the page that shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast
from urllib.parse import quote

from melian.desk import subjects
from melian.desk.addresses import clean
from melian.desk.screens import evidence
from melian.desk.visit import ANALYST, Visit
from melian.errors import RecordError, UnknownId

if TYPE_CHECKING:
    from starlette.responses import Response

    from melian.crisis.judgements.judgement import Judgement, Kind

KINDS = ("accept", "reject", "correct", "merge", "split", "note", "undo")
CHANGED = {"HX-Trigger-After-Swap": "melian:changed"}
_TOLD = {
    "accept": "Accepted.",
    "reject": "Rejected: it counts for nothing any more.",
    "correct": "Corrected.",
    "merge": "Merged.",
    "split": "Split.",
    "note": "Noted.",
    "undo": "Taken back.",
}


def judged(visit: Visit) -> Response:
    """Put a judgement into the record and show what it is about as it is now.

    Raises:
        RecordBusy: another process is writing.
        UnknownId, CodebookError, DateError, RecordError: the judgement cannot hold.
    """
    from starlette.responses import RedirectResponse

    form = visit.form
    made = put(visit, form)
    key = form.get("about") or form.get("id", "")
    if not visit.is_part:
        return RedirectResponse(own_path(form.get("back")) or f"/evidence/{quote(key)}", 303)
    told = _TOLD[form["kind"]]
    with visit.desk.live.reading() as (connection, stamp):
        newer = Visit(visit.desk, visit.request, connection, stamp)
        try:
            return evidence.show(newer, key, told, CHANGED)
        except UnknownId:  # an entry whose only telling is read otherwise now
            message = f"{told} Nothing in the record has this id any more; the ledger and the timeline show what stands now."
            last = made[-1].id if made and form["kind"] != "undo" else None
            return newer.page("gone.html.jinja", headers=CHANGED, message=message, last=last, key=key)


def put(visit: Visit, form: Mapping[str, str]) -> list[Judgement]:
    """Put the judgement that a form asks for into the record.

    Raises:
        RecordBusy: another process is writing.
        RecordError: the form says no such thing, or changes nothing.
    """
    kind, key = form.get("kind", ""), form.get("id", "")
    if kind not in KINDS or not key:
        raise RecordError(f"{kind or 'nothing'!r} cannot be done to {key or 'nothing'!r}; this is not a form of the desk")
    values = subjects.changed(form) if kind == "correct" else None
    if kind == "correct" and not values:
        raise RecordError("Nothing was changed; change a field to correct it, or accept the reading as it is")
    given = [key, *(name.removeprefix("with.") for name in form if name.startswith("with."))]
    if kind in ("merge", "split") and len(given) < 2:
        raise RecordError(f"Choose what to {kind}")
    return visit.desk.writer.judge(cast("Kind", kind), given, visit.analyst, values, clean(form.get("note")))


def named(visit: Visit) -> Response:
    """Keep the name that this browser judges under."""
    from starlette.responses import RedirectResponse

    name = clean(visit.form.get("analyst"))
    if not name or not name.isprintable() or len(name) > 60:
        raise RecordError("Give a name of at most 60 letters; judgements are kept under it")
    response = RedirectResponse(own_path(visit.form.get("back")) or "/review", 303)
    cookie = visit.desk.access.cookie(ANALYST)
    response.set_cookie(cookie, quote(name), max_age=365 * 24 * 3600, httponly=True, samesite="strict")
    return response


def own_path(given: str | None) -> str | None:
    """A path of this desk to go on at; None for anything that might lead elsewhere."""
    path = given or ""
    if not path.startswith("/") or path.startswith("//") or "\\" in path or any(ord(sign) < 33 for sign in path):
        return None
    return path
