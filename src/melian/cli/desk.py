"""`melian desk`: the record of a crisis in a browser, to look, check and judge."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from melian.cli.filtering import Crisis
from melian.cli.judge import By, analyst_name
from melian.cli.messages import ending_quietly, tell

LEAST_TOKEN = 16


def desk(
    crisis: Crisis,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="The address to listen on; any but this computer's own needs the token.")
    ] = "127.0.0.1",
    port: Annotated[
        int | None, typer.Option(metavar="N", min=0, max=65535, help="The port; without it the first free one from 8765.")
    ] = None,
    token: Annotated[
        str | None,
        typer.Option(
            metavar="TOKEN",
            help=f"What a browser must show once, at least {LEAST_TOKEN} signs; one is made where it is needed.",
        ),
    ] = None,
    public_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="Where a proxy with TLS offers the desk (https://desk.example.org); then a token is needed."
        ),
    ] = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="Show everything, take no judgements.")] = False,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Print the address, and open no browser.")] = False,
    by: By = None,
) -> None:
    """Open the record in a browser: where things stand, ledger, timeline, parties, map, sources, search and review.

    It is served from this computer to this computer only, unless --host or --public-url says otherwise. Ctrl-C ends it.
    """
    if token is not None and (len(token) < LEAST_TOKEN or not token.isascii() or not token.isprintable()):
        raise typer.BadParameter(f"give {LEAST_TOKEN} plain signs or more, or leave it out", param_hint="--token")
    with ending_quietly():
        import secrets

        from melian.desk.access import Access, is_loopback, origin_of
        from melian.desk.serving import FIRST_PORT, address, listen, need, serve, show

        need()
        try:
            public_url = origin_of(public_url) if public_url else None
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint="--public-url") from error
        if token is None and (public_url or not is_loopback(host)):
            token = secrets.token_urlsafe(24)
        analyst = "" if read_only else analyst_name(by)
        listening = listen(host, port)
        taken = listening.getsockname()[1]
        access = Access(host=host, port=taken, token=token, read_only=read_only, analyst=analyst, public_url=public_url)

        def ready(end: Callable[[], None]) -> None:
            if port is None and taken != FIRST_PORT:
                tell(f"port {FIRST_PORT} is in use; this desk is on {taken}")
            tell(f"the desk of {crisis} is at {address(access)} (Ctrl-C ends it)")
            if access.public_url:
                tell(f"a proxy for it has to pass requests on to {address(access, inside=True)}")
            if access.is_shared:
                tell("everybody who has this address can read the record" + ("" if read_only else " and judge it"))
            if not no_browser:
                show(address(access))

        serve(crisis, access, listening, ready)
