"""What a command tells on standard error, and how it ends."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from melian.errors import MelianError

INTERRUPTED = 130  # 128 + SIGINT, what a shell reports for a program stopped with Ctrl-C
BROKEN_PIPE = 141  # 128 + SIGPIPE


def tell(message: object) -> None:
    """One line on standard error."""
    print(f"melian: {message}", file=sys.stderr)


def exit_code(coded: int, set_aside: int) -> int:
    """0 all coded, 3 some set aside, 1 none coded."""
    if not coded:
        return 1
    return 3 if set_aside else 0


@contextmanager
def told_notes(quiet: bool) -> Iterator[None]:
    """Tell what the package logs (an assumed encoding, say) while this is open; with `quiet`, drop it."""
    handler = logging.NullHandler() if quiet else _Teller()
    log = logging.getLogger("melian")
    propagated, log.propagate = log.propagate, False
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.propagate = propagated


@contextmanager
def ending_quietly() -> Iterator[None]:
    """Turn an error, Ctrl-C or a closed pipe into one line or none, and an exit code.

    Raises:
        typer.Exit: with 1, 130 or 141.
    """
    try:
        yield
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:
        # What is still buffered must not be written at exit, or Python itself would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(BROKEN_PIPE) from None
    except MelianError as error:
        tell(error)
        raise typer.Exit(1) from None


class _Teller(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        tell(record.getMessage())
