"""`melian watch`: feeds into a record, again and again."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from melian.cli.add import coder_version
from melian.cli.code import default_coder
from melian.cli.filtering import Crisis
from melian.cli.messages import ending_quietly, tell, told_notes
from melian.cli.reading import Quiet

LEAST = 5  # minutes between two polls of a feed; more often is impolite


def watch(
    crisis: Crisis,
    feeds: Annotated[
        list[str] | None, typer.Argument(metavar="[URL]…", help="RSS or Atom feeds; without any, those watched before.")
    ] = None,
    every: Annotated[int, typer.Option(metavar="MINUTES", min=LEAST, help="Minutes from one poll to the next.")] = 30,
    once: Annotated[bool, typer.Option("--once", help="Poll each feed once and end.")] = False,
    quiet: Quiet = False,
) -> None:
    """Poll feeds and add what is new in them, until stopped with Ctrl-C.

    A feed that has not changed answers in a line; one that asks to wait is left alone until then. The record can be read and judged
    meanwhile.
    """
    with ending_quietly():
        from melian.crisis.record.feeds import known_feeds, take_in
        from melian.errors import RecordBusy

        wanted = list(dict.fromkeys(feeds or known_feeds(crisis)))
        if not wanted:
            raise typer.BadParameter("no feed was watched for this record before; name one", param_hint="URL")
        coder, version = default_coder(), coder_version()
        set_aside = 0
        while True:
            for url in wanted:
                try:
                    with told_notes(quiet):
                        outcome = take_in(crisis, url, coder, version, told=tell)
                except RecordBusy as error:
                    tell(f"{error}; {url} is polled again the next time")
                    if once:
                        raise typer.Exit(1) from None
                    continue
                set_aside += outcome.set_aside
                if not quiet:
                    tell(f"{url}: added {outcome.new}, known already {outcome.known}, set aside {outcome.set_aside}")
            if once:
                raise typer.Exit(3 if set_aside else 0)
            time.sleep(60 * every)
