"""Listening: a free port, the address to print, and an end without a trace."""

from __future__ import annotations

import errno
import socket
import threading
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from melian.desk.access import Access
from melian.errors import MelianError

if TYPE_CHECKING:
    from melian.desk.visit import Desk

FIRST_PORT = 8765
_TRIED = 20  # ports after the first


def listen(host: str, port: int | None) -> socket.socket:
    """A socket that listens.

    Args:
        host: a name or an address of this computer.
        port: the only one to take; None takes the first free one from `FIRST_PORT`.

    Raises:
        MelianError: the port is in use, or the address is not this computer's.
    """
    wanted = [port] if port is not None else range(FIRST_PORT, FIRST_PORT + _TRIED)
    for number in wanted:
        try:
            return _bound(host, number)
        except OSError as error:
            if error.errno == errno.EADDRINUSE and port is None:
                continue
            if error.errno == errno.EADDRINUSE:
                raise MelianError(
                    f"port {port} of {host} is in use; choose another with --port, or none for a free one"
                ) from error
            raise MelianError(f"cannot listen on {host}: {error.strerror or error}") from error
    raise MelianError(f"the ports {FIRST_PORT} to {FIRST_PORT + _TRIED - 1} of {host} are all in use; choose one with --port")


def _bound(host: str, port: int) -> socket.socket:
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)
    except OSError:
        listening.close()
        raise
    return listening


def address(access: Access, *, inside: bool = False) -> str:
    """The address to open, with the token where there is one; `inside`: what a proxy passes requests on to."""
    asked = f"?token={quote(access.token)}" if access.token and not inside else ""
    if access.public_url and not inside:
        return f"{access.public_url}/{asked}"
    host = {"0.0.0.0": socket.gethostname(), "::": socket.gethostname()}.get(access.host, access.host)
    host = f"[{host}]" if ":" in host else host
    return f"http://{host}:{access.port}/{asked}"


def serve(path: Path, access: Access, listening: socket.socket, ready: Callable[[Callable[[], None]], None]) -> None:
    """Answer requests until the process is told to end.

    Args:
        path: the record.
        access: who may come in; its port is that of the socket.
        listening: as `listen` gives it.
        ready: called when the first request can be answered, with what ends the serving.

    Raises:
        MelianError: Starlette or uvicorn is not installed.
        NoRecord, RecordTooNew: see there.
    """
    need()
    import uvicorn

    from melian.desk.app import make

    app, desk = make(path, access)

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            threading.Thread(target=_prepare, args=(desk,), daemon=True).start()
            ready(self.end)

        def end(self) -> None:
            self.should_exit = True

    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, date_header=True, lifespan="off", ws="none",
        timeout_graceful_shutdown=3, proxy_headers=False,
    )  # fmt: skip
    try:
        Server(config).run(sockets=[listening])
    finally:
        desk.live.close()
        listening.close()


def _prepare(desk: Desk) -> None:
    from melian.desk.screens.first import prepare

    with suppress(MelianError):  # whoever asks for the page is told
        prepare(desk)


def show(address: str) -> None:
    """Open a browser at an address, without waiting for it."""
    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def need() -> None:
    """See that what the desk needs is installed.

    Raises:
        MelianError: it is not.
    """
    from importlib.util import find_spec

    missing = [library for library in ("starlette", "uvicorn") if find_spec(library) is None]
    if missing:
        raise MelianError(f'the desk needs {" and ".join(missing)}: pip install "melian[desk]"')
