"""Who may come to the desk: under which host names, with which token, to read or to judge.

The desk listens on this computer alone unless it is told otherwise; then everybody needs the token. Requests that name a host that is
not the desk's are turned away, so that no page of another site can reach it through a name of its own (DNS rebinding). A proxy in front of
the desk has an address of its own, which the desk is told.
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
    `analyst` whose judgements are made unless the browser names another, `secret` signs the forms of this run. `public_url` is
    where a proxy offers the desk to others, as `origin_of` gives it.
    """

    host: str = "127.0.0.1"
    port: int = 0
    token: str | None = None
    read_only: bool = False
    analyst: str = "analyst"
    public_url: str | None = None
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    @property
    def is_shared(self) -> bool:
        """Whether others than who started the desk come to it; then nobody judges who has not given a name."""
        return not is_loopback(self.host) or self.public_url is not None

    @property
    def is_secure(self) -> bool:
        """Whether browsers come by TLS, so that they keep cookies for that alone."""
        return (self.public_url or "").startswith("https://")

    def admits_host(self, header: str | None) -> bool:
        """Whether a request's Host header names this desk. A literal address always may: only names can be rebound."""
        name = host_name(header)
        if name is None:
            return False
        if name in (*LOOPBACK_NAMES, self.host.lower()) or name == self._public_name:
            return True
        if is_loopback(self.host):
            return False
        return is_address(name) or name in own_names()

    def admits_token(self, given: str | None) -> bool:
        """Whether a browser shows the token; compared in constant time."""
        return self.token is None or (given is not None and hmac.compare_digest(given.encode(), self.token.encode()))

    def admits_origin(self, origin: str | None, host: str | None) -> bool:
        """Whether a form comes from a page of this desk, as far as the browser says where it comes from.

        A proxy may keep the Host that it was asked for or put the desk's own in; the origin is the public one either way. Without a
        proxy pages come by plain HTTP.
        """
        if origin is None or (self.public_url and origin.lower() == self.public_url):
            return True
        if origin == "null" or (self.public_url and host_name(host) == self._public_name):
            return False
        return origin.lower() == f"http://{host or ''}".lower()

    @property
    def _public_name(self) -> str | None:
        return urlsplit(self.public_url).hostname if self.public_url else None

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


def origin_of(url: str) -> str:
    """The origin of an address that a proxy offers the desk at, as browsers write it: "https://desk.example.org".

    Raises:
        ValueError: it is no such address, or more than an origin; the message says what is wanted.
    """
    wanted = f"{url!r} is not the address of a site, for example https://desk.example.org"
    try:
        parts = urlsplit(url.strip().lower())
        port = parts.port
    except ValueError as error:
        raise ValueError(wanted) from error
    name = host_name(parts.netloc)
    if parts.scheme not in ("http", "https") or name is None or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError(wanted)
    usual = {"http": 80, "https": 443}[parts.scheme]
    host = f"[{name}]" if ":" in name else name
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, usual) else "")


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
