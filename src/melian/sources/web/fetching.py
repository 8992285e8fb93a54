"""Fetching one web address, politely: one request, no more than a limit, no longer than a limit, and no second try.

Nothing is fetched unless somebody asks for this address: there is no crawling, and links are not followed (redirections are).
"""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import msgspec

from melian.errors import NotFetched, TooLarge
from melian.sources import limits

_WAITS = {429, 503}  # "Too Many Requests", "Service Unavailable" (RFC 6585, RFC 9110)
_WAIT = timedelta(hours=1)  # where such an answer does not say how long
_SAID: dict[int, str] = {
    401: "it asks to log in",
    402: "it asks for payment",
    403: "it refuses to answer",
    404: "there is no such page",
    410: "the page is gone",
    451: "it may not be shown for legal reasons",
}


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a server answered: the bytes as sent (maybe gzipped), the address that they came from in the end, and its headers.

    `day` is today's (UTC), ISO.
    """

    url: str
    body: bytes
    content_type: str | None = None
    charset: str | None = None
    etag: str | None = None
    modified: str | None = None
    day: str | None = None


def fetch(url: str) -> Answer:
    """What is at an address.

    Raises:
        NotFetched: it does not answer, or refuses; `retry_at` says when to come back, where it asks to wait.
        TooLarge: the answer is larger than is read of one, or never ends.
    """
    answer = fetch_if_changed(url)
    if answer is None:
        raise NotFetched("it says that nothing has changed, though nobody asked", url)
    return answer


def fetch_if_changed(url: str, etag: str | None = None, modified: str | None = None) -> Answer | None:
    """What is at an address, or None where it has not changed since an earlier answer.

    Args:
        url: beginning with http:// or https://.
        etag, modified: what the earlier answer gave as `ETag` and `Last-Modified`.

    Raises:
        NotFetched, TooLarge: see `fetch`.
    """
    headers = {"User-Agent": _agent(), "Accept": "*/*", "Accept-Encoding": "gzip"}
    if etag:
        headers["If-None-Match"] = etag
    if modified:
        headers["If-Modified-Since"] = modified
    until = time.monotonic() + limits.FETCH_SECONDS
    try:
        request = urllib.request.Request(_ascii(url), headers=headers)
        if request.type not in ("http", "https") or not request.host:
            raise NotFetched("only addresses that begin with http:// or https:// are fetched", url)
        with _opener().open(request, timeout=limits.SILENT_SECONDS) as response:
            body = _body(response, url, until)
            return Answer(
                url=response.geturl(),
                body=body,
                content_type=response.headers.get("Content-Type"),
                charset=response.headers.get_content_charset(),
                etag=response.headers.get("ETag"),
                modified=response.headers.get("Last-Modified"),
                day=datetime.now(UTC).date().isoformat(),
            )
    except urllib.error.HTTPError as error:
        with error:
            if error.code == 304:
                return None
            raise _refused(error, url) from error
    except urllib.error.URLError as error:
        raise NotFetched(f"it does not answer ({error.reason})", url) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotFetched(f"it does not answer as a web server should ({type(error).__name__}: {error})", url) from error


class _Redirections(urllib.request.HTTPRedirectHandler):
    """Follows a few redirections, to web addresses only."""

    max_redirections = limits.REDIRECTS

    def redirect_request(
        self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        if urlsplit(newurl).scheme not in ("http", "https"):
            raise NotFetched(f"it leads to {newurl[:200]}, which is no web address", req.full_url)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> urllib.request.OpenerDirector:
    """What opens web addresses and nothing else: urllib's own would open files and FTP addresses too."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        _Redirections(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def _body(response: Any, url: str, until: float) -> bytes:
    pieces = bytearray()
    while piece := response.read1(65536):
        pieces += piece
        if len(pieces) > limits.FETCHED:
            raise TooLarge(f"the answer is larger than {limits.size(limits.FETCHED)}, or never ends", url)
        if time.monotonic() > until:
            raise NotFetched(f"the answer takes longer than {limits.FETCH_SECONDS:.0f} seconds", url)
    expected = response.headers.get("Content-Length")
    if expected and expected.isdigit() and len(pieces) < int(expected):
        raise NotFetched("the answer breaks off", url)
    return bytes(pieces)


def _refused(error: urllib.error.HTTPError, url: str) -> NotFetched:
    said = _SAID.get(error.code) or str(error.reason).strip().splitlines()[0]
    at = _retry_at(error.headers)
    if error.code in _WAITS and at is None:
        at = _stamp(datetime.now(UTC) + _WAIT)
    if at and error.code in _WAITS:
        return NotFetched(f"it asks to wait until {at} (answer {error.code}); nothing was fetched", url, at)
    return NotFetched(f"{said} (answer {error.code})", url, at)


def _retry_at(headers: Message) -> str | None:
    """The time in a Retry-After header (seconds or a date), ISO in UTC."""
    value = (headers.get("Retry-After") or "").strip()
    try:
        if value.isdigit():
            return _stamp(datetime.now(UTC) + timedelta(seconds=int(value)))
        moment = parsedate_to_datetime(value)
        return _stamp(moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _ascii(url: str) -> str:
    """An address with letters of other scripts written as the protocol wants them."""
    parts = urlsplit(url)
    host = parts.netloc.encode("idna").decode() if not parts.netloc.isascii() else parts.netloc
    safe = "%/:=&?~#+!$,;'@()*[]"
    return urlunsplit((parts.scheme, host, quote(parts.path, safe), quote(parts.query, safe), ""))


def _agent() -> str:
    from melian import __version__

    return f"Melian/{__version__} (news reader for crisis research; fetches only what a person asks for)"
