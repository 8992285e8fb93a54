"""The application: every screen at its address, behind the guard."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from melian.desk.access import Access
from melian.desk.addresses import address
from melian.desk.guard import BROWSER, Guard
from melian.desk.rendering import render
from melian.desk.route import Route
from melian.desk.routes import ROUTES
from melian.desk.screens.judging import own_path
from melian.desk.visit import Desk, Visit
from melian.errors import CodebookError, DateError, MelianError, RecordBusy, RecordChanged, RecordError, UnknownId
from melian.views.wording import capital

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

log = logging.getLogger(__name__)

LONGEST_FORM = 64 * 1024  # bytes
_STATIC = {
    "page.css": ("melian.report", ("page.css",), "text/css; charset=utf-8"),
    "charts.css": ("melian.charts", ("charts.css",), "text/css; charset=utf-8"),
    "desk.css": ("melian.desk", ("static", "desk.css"), "text/css; charset=utf-8"),
    "charts.js": ("melian.charts", ("charts.js",), "text/javascript; charset=utf-8"),
    "desk.js": ("melian.desk", ("static", "desk.js"), "text/javascript; charset=utf-8"),
    "htmx.min.js": ("melian.desk", ("static", "htmx.min.js"), "text/javascript; charset=utf-8"),
}


def make(path: Path, access: Access) -> tuple[Guard, Desk]:
    """The application and what its requests share; `desk.live.close()` lets go of the record.

    Raises:
        NoRecord, RecordTooNew: see there.
    """
    from starlette.applications import Starlette
    from starlette.routing import Route as Served

    desk = Desk(path, access)
    served = [
        Served(
            route.path,
            _read_only(desk) if route.judges and access.read_only else _endpoint(desk, route),
            methods=[route.method],
            name=f"{route.method} {route.path}",
        )
        for route in ROUTES
    ]
    served.append(Served("/static/{name}", _static, methods=["GET"]))
    app = Starlette(
        routes=served,
        exception_handlers={404: _missing(desk), 405: _missing(desk), 500: _failed(desk)},
    )
    return Guard(app, access, frozenset(f"/static/{name}" for name in _STATIC)), desk


def _endpoint(desk: Desk, route: Route) -> Callable[[Request], Any]:
    """What answers a route: forms are checked first, and the screen is made in a thread of its own."""

    async def answer(request: Request) -> Response:
        from starlette.concurrency import run_in_threadpool

        form: dict[str, str] = {}
        if route.method == "POST":
            read = await _form(request)
            if read is None or not _own_form(desk.access, request, read):
                return await run_in_threadpool(_refused, desk, request, read)
            form = read
        return await run_in_threadpool(_answered, desk, route, request, form)

    return answer


def _answered(desk: Desk, route: Route, request: Request, form: dict[str, str]) -> Response:
    from starlette.responses import RedirectResponse

    def answer(visit: Visit) -> Response:
        try:
            if route.method == "GET" and visit.says_nothing:
                return RedirectResponse(visit.without_nothing(), 303)
            return route.handler(visit)
        except UnknownId as error:
            return _trouble(visit, 404, "Not in this record", str(error))
        except RecordBusy as error:
            advice = "Nothing was changed, and nothing of yours is lost: send it again when the other process is done."
            return _trouble(visit, 503, "The record is busy", f"{_named(desk, error)}. {advice}", again=True)
        except RecordChanged as error:
            return _trouble(visit, 409, "Changed meanwhile", str(error))
        except (DateError, CodebookError, RecordError) as error:
            bare = address(visit.request.url.path) if route.media == "text/html" and visit.request.url.query else None
            return _trouble(
                visit, 400, "That cannot be done", capital(str(error)), onward=bare, onward_to="Open the page without filters"
            )

    return _visited(desk, request, form, answer)


def _visited(desk: Desk, request: Request, form: dict[str, str], answer: Callable[[Visit], Response]) -> Response:
    """What a visit is answered with; a page that says so where the record cannot be read."""
    import duckdb

    try:
        with desk.live.reading() as (connection, stamp):
            return answer(Visit(desk, request, connection, stamp, form))
    except MelianError as error:  # without the folders of this computer, which may stand in brackets too
        what = _named(desk, error).partition(" (")[0].rstrip(".")
    except (duckdb.IOException, duckdb.SerializationException, duckdb.FatalException) as error:
        log.error("%s could not be answered", request.url.path, exc_info=error)
        what = f"{desk.name}: it is damaged, or the disk cannot be read; the terminal that the desk runs in says what was found"
    return _alone(
        desk, request, 503, "The record cannot be read", f"{what}. As soon as it can be read, the desk goes on.", form
    )


def _named(desk: Desk, error: MelianError) -> str:
    """What an error says, with the record's name for where it lies."""
    return str(error).replace(str(desk.live.path), desk.name)


def _alone(desk: Desk, request: Request, status: int, head: str, message: str, form: dict[str, str]) -> Response:
    """A page that needs no record: what is wrong, and a way to ask again with what was sent."""
    from starlette.responses import HTMLResponse

    path = "/" + request.url.path.lstrip("/\\")  # "//elsewhere" would lead there
    shown = {
        "is_part": request.headers.get("hx-request") == "true",
        "head": head,
        "message": message,
        "path": path,
        "here": path + (f"?{request.url.query}" if request.url.query else ""),
        "posted": request.method == "POST",
        "sent": _sent(form),
        "form_token": desk.access.form_token(request.scope.get(BROWSER, "")),
    }
    headers = {"Retry-After": "5", "Vary": "HX-Request"}
    if request.url.path == "/changes":  # what asks every few seconds goes on asking, and the page stays as it is
        headers["HX-Reswap"] = "none"
    return HTMLResponse(render("alone.html.jinja", shown), status, headers)


def _trouble(
    visit: Visit,
    status: int,
    head: str,
    message: str,
    *,
    again: bool = False,
    form: Mapping[str, str] | None = None,
    onward: str | None = None,
    onward_to: str = "Open the page again",
) -> Response:
    """A page that says what was wrong; what was typed goes with it.

    Args:
        visit: what was asked for.
        status: of the answer.
        head: what is wrong, in a few words.
        message: what is wrong, where, and what to do.
        again: offer to send the form again as it is.
        form: what was sent, where it is not the visit's.
        onward: where to go on; the page that the form came from, unless given.
        onward_to: what that is called.
    """
    headers = {"Retry-After": "5"} if status == 503 else {}
    sent = _sent(visit.form if form is None else form)
    shown = {
        "head": head,
        "message": message,
        "again": again,
        "sent": sent,
        "onward": onward or _place(sent),
        "onward_to": onward_to,
    }
    return visit.page("trouble.html.jinja", status=status, headers=headers, **shown)


def _sent(form: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in form.items() if name != "form_token"}


def _place(form: Mapping[str, str]) -> str | None:
    """The page of this desk that a form came from, as far as it says so."""
    key = form.get("about") or form.get("id") or ""
    return own_path(form.get("back")) or (address(f"/evidence/{key}") if form.get("kind") != "undo" and key.isalnum() else None)


async def _form(request: Request) -> dict[str, str] | None:
    """The fields of a form that was sent; None where it is too long or none."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        return None
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_FORM:
            return None
    try:
        return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, strict_parsing=bool(body), max_num_fields=200))
    except ValueError:
        return None


def _own_form(access: Access, request: Request, form: dict[str, str]) -> bool:
    """Whether a form was made by this desk for the browser that sends it."""
    headers = request.headers
    if not access.admits_origin(headers.get("origin"), headers.get("host")):
        return False
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    return access.admits_form(request.scope[BROWSER], form.get("form_token") or headers.get("x-form-token"))


def _refused(desk: Desk, request: Request, form: dict[str, str] | None) -> Response:
    message = (
        "The form could not be read, or is longer than a form of the desk can be. Nothing was changed."
        if form is None
        else "The form was not made by this desk for this browser, or the desk was started anew since. Nothing was changed. Open the "
        "page again and repeat what you did."
    )

    def answer(visit: Visit) -> Response:  # told, not offered to be sent again: another site may have made it
        return _trouble(visit, 403, "Not taken", message, form=form or {}, onward=_place(form or {}) or "/")

    return _visited(desk, request, {}, answer)


def _read_only(desk: Desk) -> Callable[[Request], Any]:
    """What answers the addresses for judging where no judgements are taken."""
    message = (
        f"It shows the record and takes no judgements. To judge, whoever has the record starts a desk without --read-only: "
        f"melian desk {desk.name}"
    )

    async def answer(request: Request) -> Response:
        from starlette.concurrency import run_in_threadpool

        def told(visit: Visit) -> Response:
            return _trouble(visit, 403, "This desk is read-only", message, onward="/", onward_to="Go on to where things stand")

        return await run_in_threadpool(_visited, desk, request, {}, told)

    return answer


def _missing(desk: Desk) -> Callable[[Request, Exception], Any]:
    async def answer(request: Request, error: Exception) -> Response:
        from starlette.concurrency import run_in_threadpool

        return await run_in_threadpool(_no_page, desk, request, getattr(error, "status_code", 404))

    return answer


def _no_page(desk: Desk, request: Request, status: int) -> Response:
    message = "There is no such page." if status == 404 else "This page cannot be used in that way."
    return _visited(desk, request, {}, lambda visit: _trouble(visit, status, "Nothing here", message))


def _failed(desk: Desk) -> Callable[[Request, Exception], Any]:
    async def answer(request: Request, error: Exception) -> Response:
        log.error("%s could not be answered", request.url.path, exc_info=error)
        message = "Something went wrong in the desk itself; the terminal that it runs in says what."
        return _alone(desk, request, 500, "The desk failed", message, {})

    return answer


async def _static(request: Request) -> Response:
    from starlette.responses import PlainTextResponse, Response

    name = request.path_params["name"]
    if name not in _STATIC:
        return PlainTextResponse("There is no such file.\n", 404)
    content, tag = _file(name)
    headers = {"Cache-Control": "no-cache", "ETag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=_STATIC[name][2], headers=headers)


@cache
def _file(name: str) -> tuple[bytes, str]:
    content = files(_STATIC[name][0]).joinpath(*_STATIC[name][1]).read_bytes()
    return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'
