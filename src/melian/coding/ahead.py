"""Reading ahead: an iterator worked in a thread of its own, so that the model reads one document while the last is being coded."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
_POLL = 0.2  # seconds between looks at whether anybody still wants the items


def ahead(items: Iterable[T], depth: int = 2) -> Iterator[T]:
    """The items in order, made up to `depth` ahead in a daemon thread; an error of the iterable is raised at its place.

    Each item is handed on as soon as it is made. When the caller stops early the thread ends by itself.
    """
    ready: queue.Queue[tuple[bool, T | BaseException | None]] = queue.Queue(depth)
    stopped = threading.Event()

    def put(entry: tuple[bool, T | BaseException | None]) -> bool:
        while not stopped.is_set():
            try:
                ready.put(entry, timeout=_POLL)
                return True
            except queue.Full:
                continue
        return False

    def work() -> None:
        try:
            for item in items:
                if not put((True, item)):
                    return
            put((False, None))
        except BaseException as error:  # handed to the caller, who raises it
            put((False, error))

    threading.Thread(target=work, name="melian-ahead", daemon=True).start()
    try:
        while True:
            more, value = ready.get()
            if more:
                yield value  # type: ignore[misc]
            elif isinstance(value, BaseException):
                raise value
            else:
                return
    finally:
        stopped.set()
