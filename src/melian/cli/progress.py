"""A progress bar on standard error, for work that takes a person's time."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")
_PATIENCE = 1.5  # seconds of work before a bar appears


def with_progress(items: Iterable[T], count: Callable[[], int | None], shown: bool) -> Iterator[T]:
    """The items as they come, with a bar on standard error once they have taken long.

    Args:
        items: what the work yields.
        count: how many there will be (None: not known); asked only when the bar appears.
        shown: whether there is anybody to show it to.
    """
    if not shown:
        yield from items
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    bar = Progress(
        SpinnerColumn(),
        TextColumn("coding"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    start = time.monotonic()
    try:
        for done, item in enumerate(items, start=1):
            if bar.tasks:
                bar.update(bar.tasks[0].id, completed=done)
            elif time.monotonic() - start > _PATIENCE:
                bar.add_task("coding", total=count(), completed=done)
                bar.start()
            yield item
    finally:
        bar.stop()


def watched(output_is_terminal: bool) -> bool:
    """Whether a bar would be seen, and would not run into records printed on the same terminal."""
    return sys.stderr.isatty() and not output_is_terminal


@contextmanager
def counting(noun: str, shown: bool) -> Iterator[Callable[[int], None]]:
    """A function to be told how much is done; once the work has taken long, a count and its pace stand on standard error."""
    if not shown or not sys.stderr.isatty():
        yield lambda number: None
        return
    from rich.console import Console
    from rich.status import Status

    status = Status("", console=Console(stderr=True))
    start = time.monotonic()
    running = False

    def done(number: int) -> None:
        nonlocal running
        seconds = time.monotonic() - start
        if seconds > _PATIENCE:
            status.update(f"{number:,} {noun}, {number / seconds:.0f} a second")
            if not running:
                status.start()
                running = True

    try:
        yield done
    finally:
        if running:
            status.stop()
