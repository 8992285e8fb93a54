"""What every request passes on its way in, and every answer on its way out.

In: the host must be the desk's, a request that another site makes goes no further, and where the desk has a token the browser must have
shown it. Out: headers that forbid all but the desk's own style and script, framing, guessing of types and telling of addresses.
"""

from __future__ import annotations

import secrets
from html import escape
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlencode

from melian.desk.access import Access

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # "no-referrer" would have forms sent without script say that they come from nowhere
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
}
BROWSER = "melian.browser"  # in a request's scope: what tells this browser from others
OPEN_PATHS = "/static/"  # style and script are public, and the page that asks for the token needs them
_YEAR = 365 * 24 * 3600


class Guard:
    """The first and last that sees a request.

    Args:
        app: what answers requests that may come in.
        access: who may.
    """

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or turn it away."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return  # no websockets here
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        cookies = _cookies(headers.get("cookie"))
        browser = cookies.get(self._access.cookie("form"), "")
        fresh = not (len(browser) == 32 and browser.isalnum())
        if fresh:
            browser = secrets.token_hex(16)
        scope[BROWSER] = browser
        kept = [self._cookie("form", browser)] if fresh else []

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message["headers"]}
                added = [
                    (name.encode(), value.encode()) for name, value in HEADERS.items() if name.lower().encode() not in given
                ]
                if b"cache-control" not in given:
                    added.append((b"Cache-Control", b"no-store"))
                added += [(b"Set-Cookie", cookie.encode()) for cookie in kept]
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        turned_away = self._turned_away(scope, headers, cookies, kept)
        if turned_away is None:
            await self._app(scope, receive, answer)
        else:
            status, page = turned_away
            await answer(
                {"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/html; charset=utf-8")]}
            )
            await answer({"type": "http.response.body", "body": page.encode()})

    def _turned_away(
        self, scope: Scope, headers: dict[str, str], cookies: dict[str, str], kept: list[str]
    ) -> tuple[int, str] | None:
        """Status and page for a request that goes no further, else None."""
        access, path = self._access, scope["path"]
        if not access.admits_host(headers.get("host")):
            kept.clear()
            return 421, _page("Not here", "<p>This desk does not answer under that name. Use the address that it printed.</p>")
        if headers.get("sec-fetch-site") == "cross-site":
            kept.clear()
            visit = headers.get("sec-fetch-mode") == "navigate" and scope["method"] == "GET"
            if not visit or headers.get("sec-fetch-dest") not in ("document", None):
                return 403, _page("Not from there", "<p>Another site asked for this; the desk answers its own pages only.</p>")
            # The browser keeps the desk's cookies back on a step from another site; one step further it sends them.
            return 200, _onward("Opening the desk", _own(path, scope["query_string"]))
        if access.token is None or path.startswith(OPEN_PATHS):
            return None
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        shown = next((value for name, value in query if name == "token"), None)
        if shown is not None and scope["method"] == "GET":
            if access.admits_token(shown):
                kept.append(self._cookie("pass", access.pass_of(shown)))
                rest = urlencode([(name, value) for name, value in query if name != "token"]).encode()
                return 200, _onward("Opening the desk", _own(path, rest))  # the token does not stay in the address
            return 401, _asking("This is not the token that the desk printed.")
        if access.admits_pass(cookies.get(access.cookie("pass"))):
            return None
        return 401, _asking("This desk is for those who have its token; it stands in the address that the desk printed.")

    def _cookie(self, name: str, value: str) -> str:
        return f"{self._access.cookie(name)}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={_YEAR}"


def _cookies(header: str | None) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header or "").items()}
    except CookieError:
        return {}


def _own(path: str, query: bytes) -> str:
    """An address on this desk, whatever the path looks like ("//elsewhere")."""
    return "/" + quote(path.lstrip("/\\")) + (f"?{query.decode('latin-1')}" if query else "")


def _onward(title: str, address: str) -> str:
    to = escape(address, quote=True)
    return _page(title, f'<p><a href="{to}">Go on to the desk</a></p>', f'<meta http-equiv="refresh" content="0;url={to}">')


def _asking(message: str) -> str:
    form = (
        '<form action="/" method="get"><p><label for="token">Token</label> '
        '<input id="token" name="token" type="password" autocomplete="off" required> <button>Open</button></p></form>'
    )
    return _page("A token is needed", f"<p>{escape(message)}</p>{form}")


def _page(title: str, body: str, head: str = "") -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">{head}'
        f'<title>{title}</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/static/page.css">'
        '<link rel="stylesheet" href="/static/desk.css"></head>'
        f'<body><main class="alone"><h1>{title}</h1>{body}</main></body></html>'
    )
