"""Who may come to the desk: under which host names, with which token, to read or to judge.

The desk listens on this computer alone unless it is told otherwise; then everybody needs the token. Requests that name a host that is
not the desk's are turned away, so that no page of another site can reach it through a name of its own (DNS rebinding).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import socket
from dataclasses import dataclass, field
from functools import cache
from ipaddress import ip_address
from urllib.parse import urlsplit

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How the desk may be used.

    `host` is the address that it listens on, `port` its port, `token` what a browser must show once (None: nothing),
    `analyst` whose judgements are made unless the browser names another, `secret` signs the forms of this run.
    """

    host: str = "127.0.0.1"
    port: int = 0
    token: str | None = None
    read_only: bool = False
    analyst: str = "analyst"
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def admits_host(self, header: str | None) -> bool:
        """Whether a request's Host header names this desk. A literal address always may: only names can be rebound."""
        name = host_name(header)
        if name is None:
            return False
        if name in LOOPBACK_NAMES or name == self.host.lower():
            return True
        if is_loopback(self.host):
            return False
        return is_address(name) or name in own_names()

    def admits_token(self, given: str | None) -> bool:
        """Whether a browser shows the token; compared in constant time."""
        return self.token is None or (given is not None and hmac.compare_digest(given.encode(), self.token.encode()))

    def admits_origin(self, origin: str | None, host: str | None) -> bool:
        """Whether a form comes from a page of this desk, as far as the browser says where it comes from."""
        return origin is None or (origin != "null" and urlsplit(origin).netloc.lower() == (host or "").lower())

    def pass_of(self, token: str) -> str:
        """What a browser keeps instead of the token, so that the token itself is nowhere on its disk."""
        return hmac.new(b"melian desk", token.encode(), hashlib.sha256).hexdigest()

    def admits_pass(self, given: str | None) -> bool:
        """Whether a browser has shown the token before."""
        if self.token is None:
            return True
        return given is not None and hmac.compare_digest(given.encode(), self.pass_of(self.token).encode())

    def form_token(self, browser: str) -> str:
        """What a form must carry to be taken from this browser."""
        return hmac.new(self.secret, browser.encode(), hashlib.sha256).hexdigest()

    def admits_form(self, browser: str | None, given: str | None) -> bool:
        """Whether a form was made by this desk for this browser."""
        return bool(browser and given) and hmac.compare_digest(str(given).encode(), self.form_token(str(browser)).encode())

    def cookie(self, name: str) -> str:
        """A cookie's name; cookies are shared between ports, so two desks must not use the same."""
        return f"melian-{name}-{self.port}"


def is_loopback(host: str) -> bool:
    """Whether an address to listen on is reached from this computer only."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@cache
def own_names() -> frozenset[str]:
    """What this computer is called on its network."""
    return frozenset({socket.gethostname().lower(), socket.getfqdn().lower()})


def is_address(name: str) -> bool:
    """Whether a host name is a literal IP address."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def host_name(header: str | None) -> str | None:
    """The name in a Host header, without port and brackets, in small letters; None where there is none."""
    if not header or any(sign in header for sign in "/\\@ \t#?"):
        return None
    try:
        return (urlsplit(f"//{header}").hostname or "").rstrip(".") or None
    except ValueError:
        return None
