"""Libraries that only some kinds of input need."""

from __future__ import annotations

import logging
from importlib import import_module
from typing import Any

from melian.errors import MissingLibrary


def library(module: str, what: str, where: str) -> Any:
    """A module of the extra `sources`.

    Args:
        module: the module to import.
        what: what is read with it, for the message: "web pages".
        where: the input, for the message.

    Raises:
        MissingLibrary: it is not installed.
    """
    try:
        found = import_module(module)
    except ImportError as error:
        name = error.name or module
        raise MissingLibrary(
            f'reading {what} needs the library {name}; install it with: pip install "melian[sources]"', where
        ) from error
    # What such a library says of a broken file is told by Melian's own error; its notes go to those who asked for them only.
    log = logging.getLogger(module.partition(".")[0])
    if not log.handlers:
        log.addHandler(logging.NullHandler())
    return found
