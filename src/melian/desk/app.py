"""The application: every screen at its address, behind the guard."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from melian.desk.access import Access
from melian.desk.guard import BROWSER, Guard
from melian.desk.routes import ROUTES, Route
from melian.desk.visit import Desk, Visit
from melian.errors import CodebookError, DateError, MelianError, RecordBusy, RecordError, UnknownId

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
        Served(route.path, _endpoint(desk, route), methods=[route.method], name=f"{route.method} {route.path}")
        for route in ROUTES
        if route.method == "GET" or not access.read_only
    ]
    served.append(Served("/static/{name}", _static, methods=["GET"]))
    app = Starlette(
        routes=served,
        exception_handlers={404: _missing(desk), 405: _missing(desk), 500: _failed},
    )
    return Guard(app, access), desk


def _endpoint(desk: Desk, route: Route) -> Callable[[Request], Any]:
    """What answers a route: forms are checked first, and the screen is made in a thread of its own."""

    async def answer(request: Request) -> Response:
        from starlette.concurrency import run_in_threadpool

        form: dict[str, str] = {}
        if route.method == "POST":
            read = await _form(request)
            if read is None or not _own_form(desk.access, request, read):
                return await run_in_threadpool(_refused, desk, request, read is None)
            form = read
        return await run_in_threadpool(_answered, desk, route, request, form)

    return answer


def _answered(desk: Desk, route: Route, request: Request, form: dict[str, str]) -> Response:
    try:
        with desk.live.reading() as (connection, stamp):
            visit = Visit(desk, request, connection, stamp, form)
            try:
                return route.handler(visit)
            except UnknownId as error:
                return _trouble(visit, 404, "Not in this record", error)
            except RecordBusy as error:
                return _trouble(visit, 503, "The record is busy", error, again=True)
            except (DateError, CodebookError, RecordError) as error:
                return _trouble(visit, 400, "That cannot be done", error)
    except MelianError as error:
        from starlette.responses import PlainTextResponse

        return PlainTextResponse(f"{error}\n", 503)


def _trouble(visit: Visit, status: int, head: str, error: MelianError, again: bool = False) -> Response:
    """A page that says what was wrong; what was typed goes with it, so that it can be sent again."""
    sent = {name: value for name, value in visit.form.items() if name != "form_token"}
    headers = {"Retry-After": "5"} if again else {}
    return visit.page(
        "trouble.html.jinja", status=status, headers=headers, head=head, message=str(error), again=again, sent=sent
    )


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
    cookie = request.cookies.get(access.cookie("form"))
    return access.admits_form(cookie, form.get("form_token") or headers.get("x-form-token"))


def _refused(desk: Desk, request: Request, unreadable: bool) -> Response:
    with desk.live.reading() as (connection, stamp):
        visit = Visit(desk, request, connection, stamp)
        message = (
            "The form could not be read, or is longer than a form of the desk can be."
            if unreadable
            else "The form was not made by this desk for this browser, or the desk was started anew since. Nothing was "
            "changed. Open the page again and repeat what you did."
        )
        return visit.page("trouble.html.jinja", status=403, head="Not taken", message=message, again=False, sent={})


def _missing(desk: Desk) -> Callable[[Request, Exception], Any]:
    async def answer(request: Request, error: Exception) -> Response:
        from starlette.concurrency import run_in_threadpool

        return await run_in_threadpool(_no_page, desk, request, getattr(error, "status_code", 404))

    return answer


def _no_page(desk: Desk, request: Request, status: int) -> Response:
    message = "There is no such page." if status == 404 else "This page cannot be used in that way."
    request.scope.setdefault(BROWSER, "")
    with desk.live.reading() as (connection, stamp):
        visit = Visit(desk, request, connection, stamp)
        return visit.page("trouble.html.jinja", status=status, head="Nothing here", message=message, again=False, sent={})


async def _failed(request: Request, error: Exception) -> Response:
    from starlette.responses import PlainTextResponse

    log.error("%s could not be answered", request.url.path, exc_info=error)
    return PlainTextResponse("Something went wrong in the desk itself; the terminal that it runs in says what.\n", 500)


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
