"""What every request passes on its way in, and every answer on its way out.

In: the host must be the desk's, a request that another site makes goes no further, and where the desk has a token the browser must have
shown it. Out: headers that forbid all but the desk's own style and script, framing, guessing of types and telling of addresses.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from html import escape
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
COOKIES = "melian.cookies"  # in a request's scope: its cookies, read in one way for all
_YEAR = 365 * 24 * 3600


class Guard:
    """The first and last that sees a request.

    Args:
        app: what answers requests that may come in.
        access: who may.
        public: paths that may be read without the token: style and script, which the page that asks for it needs.
    """

    def __init__(self, app: ASGIApp, access: Access, public: Collection[str] = ()) -> None:
        self._app = app
        self._access = access
        self._public = public

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or turn it away."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return  # no websockets here
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        cookies = cookies_in(
            "; ".join(value.decode("latin-1") for name, value in scope["headers"] if name.lower() == b"cookie")
        )
        scope[COOKIES] = cookies
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
        reads = scope["method"] in ("GET", "HEAD")
        if access.token is None or (reads and path in self._public):
            return None
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        shown = next((value for name, value in query if name == "token"), None)
        if shown is not None and reads:
            if access.admits_token(shown):
                kept.append(self._cookie("pass", access.pass_of(shown)))
                rest = urlencode([(name, value) for name, value in query if name != "token"]).encode()
                return 200, _onward("Opening the desk", _own(path, rest))  # the token does not stay in the address
            return 401, _asking("This is not the token that the desk printed.")
        if access.admits_pass(cookies.get(access.cookie("pass"))):
            return None
        return 401, _asking("This desk is for those who have its token; it stands in the address that the desk printed.")

    def _cookie(self, name: str, value: str) -> str:
        secure = "; Secure" if self._access.is_secure else ""
        return f"{self._access.cookie(name)}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={_YEAR}{secure}"


def cookies_in(header: str) -> dict[str, str]:
    """The cookies of a header, pair by pair: what one pair has wrong does not touch the others.

    Other programs at other ports of this computer set cookies of any form, and the desk gets them too.
    """
    pairs = (pair.partition("=") for pair in header.split(";"))
    return {name.strip(): value.strip().strip('"') for name, sign, value in pairs if sign}


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
