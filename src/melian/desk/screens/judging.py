"""Judgements from the evidence drawer and the pages: done, published, and the page that shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, cast
from urllib.parse import quote

from melian.crisis.judgements.fields import naming
from melian.crisis.judgements.shorthand import read_values
from melian.crisis.judgements.strangers import strangers
from melian.crisis.questions import ids
from melian.desk import subjects
from melian.desk.addresses import clean, one_line
from melian.desk.screens import entry, evidence, incident
from melian.desk.visit import ANALYST, Visit, Wrong
from melian.errors import CodebookError, DateError, MelianError, RecordBusy, RecordChanged, RecordError, UnknownId, UnknownParty

if TYPE_CHECKING:
    import duckdb
    from starlette.responses import Response

    from melian.crisis.judgements.judgement import Judgement, Kind

KINDS = ("accept", "reject", "correct", "merge", "split", "note", "undo")
LONGEST_NOTE = 500  # characters
_NOT_SAVED = "This is how it stands now. Nothing of yours was saved: look at it, and judge again."
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
    """Put a judgement into the record and show what it is about as it is now; what cannot hold is said beside its form.

    Raises:
        RecordBusy: another process is writing.
        UnknownId: there is no such record (any more).
    """
    from starlette.responses import RedirectResponse

    if not visit.analyst:
        return ask_name(visit)
    form = visit.form
    key = form.get("about") or form.get("id", "")
    try:
        made = put(visit, form)
    except (RecordBusy, UnknownId):
        raise
    except (CodebookError, DateError, RecordError) as error:
        return _again(visit, key, error)
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


def _again(visit: Visit, key: str, error: MelianError) -> Response:
    """The page that a form came from, with what it is about as it is now, the form as it was typed, and what is wrong."""
    with visit.desk.live.reading() as (connection, stamp):
        newer = Visit(visit.desk, visit.request, connection, stamp, visit.form)
        try:
            kind, number = ids.find(connection, key)
            newer.wrong = wrong(newer, key, error)
        except UnknownId:
            raise error from None
        if kind == "document":
            raise error
        back = "" if visit.is_part else visit.form.get("back", "")
        if kind == "incident" and back.startswith("/incident/"):
            return incident.show(newer, number)
        if back.startswith("/entry/") and kind not in ("event", "statement", "incident"):
            return entry.show(newer, number)
        return evidence.show(newer, key)


def wrong(visit: Visit, key: str, error: MelianError) -> Wrong:
    """Why the form of a visit was not taken, with what was typed in it.

    Raises:
        UnknownId: there is no such record (any more).
    """
    form = visit.form
    since = None
    if form.get("seen") and not isinstance(error, RecordChanged):  # the page shows the record as it is now, so it says that too
        since = subjects.otherwise(visit.connection, key, form)
    return Wrong(
        kind=form.get("kind", ""),
        message=f"{str(error).rstrip('.')}. {since} {_NOT_SAVED}" if since else str(error),
        field=error.field,
        typed=subjects.typed_in(form),
        note=form.get("note", ""),
        chosen=frozenset(name.removeprefix("with.") for name in form if name.startswith("with.")),
        sure=_sure(form) | (frozenset({error.field}) if error.field and isinstance(error, UnknownParty) else frozenset()),
        status=409 if isinstance(error, RecordChanged) else 400,
    )


def _sure(form: Mapping[str, str]) -> frozenset[str]:
    """The fields of a form that were asked about as they are typed now."""
    return frozenset(name for name, value in subjects.changed(form).items() if form.get(f"sure.{name}", "").strip() == value)


def ask_name(visit: Visit) -> Response:
    """The answer to a judgement by somebody who has given no name yet."""
    message = "Others judge at this desk too, and judgements are kept under names. Nothing was changed; give your name, and judge again."
    return visit.page(
        "trouble.html.jinja",
        status=403,
        head="Who are you?",
        message=message,
        again=False,
        sent={name: value for name, value in visit.form.items() if name != "form_token"},
        onward=None,
        ask_name=own_path(visit.form.get("back")) or "/review",
    )


def put(
    visit: Visit, form: Mapping[str, str], check: Callable[[duckdb.DuckDBPyConnection], None] | None = None
) -> list[Judgement]:
    """Put the judgement that a form asks for into the record.

    Args:
        visit: who judges.
        form: what is done to what.
        check: called with the record as it is when nobody else can write; what it raises is raised, and nothing is written.

    Raises:
        RecordBusy: another process is writing.
        RecordChanged: what it is about is otherwise by now than the form's page showed it.
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
    note = one_line(form.get("note"))
    if len(note) > LONGEST_NOTE:
        with naming("note"):
            raise RecordError(f"A note has at most {LONGEST_NOTE} characters, and this one has {len(note)}; shorten it")

    def unchanged(connection: duckdb.DuckDBPyConnection) -> None:
        if kind == "undo" and subjects.taken_back(connection, given):
            raise RecordChanged("This was taken back already.")
        if kind == "correct" and values:
            _ask_about_strangers(connection, given, values, form)
        if kind != "undo" and (told := subjects.otherwise(connection, key, form)):
            raise RecordChanged(f"{told} {_NOT_SAVED}")
        if check:
            check(connection)

    return visit.desk.writer.judge(cast("Kind", kind), given, visit.analyst, values, note or None, unchanged)


def _ask_about_strangers(
    connection: duckdb.DuckDBPyConnection, ids_: Sequence[str], values: Mapping[str, str], form: Mapping[str, str]
) -> None:
    """Ask once about parties that nobody knows; a form that was asked about them says so in `sure.FIELD`.

    Raises:
        UnknownParty: there are some, in a field that was not asked about as it is typed now.
    """
    open_ = {name: value for name, value in values.items() if name not in _sure(form)}
    for field, question in strangers(connection, read_values(connection, "correct", ids_, open_)).items():
        with naming(field):
            raise UnknownParty(f"{question} Save again to keep it")


def named(visit: Visit) -> Response:
    """Keep the name that this browser judges under."""
    from starlette.responses import RedirectResponse

    name = clean(visit.form.get("analyst"))
    if not name or not name.isprintable() or len(name) > 60:
        raise RecordError("Give a name of at most 60 letters; judgements are kept under it")
    response = RedirectResponse(own_path(visit.form.get("back")) or "/review", 303)
    visit.keep(response, ANALYST, quote(name, safe=""))
    return response


def own_path(given: str | None) -> str | None:
    """A path of this desk to go on at; None for anything that might lead elsewhere."""
    path = given or ""
    if not path.startswith("/") or path.startswith("//") or "\\" in path or any(ord(sign) < 33 for sign in path):
        return None
    return path
