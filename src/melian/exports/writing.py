"""What takes the rows of an export and makes files of them; one module beside this one for each kind of file."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from melian.errors import MissingLibrary
from melian.exports.layout import Sheet, Value

_NEVER = re.compile(r"[\x00\ud800-\udfff]")  # what no file format takes as text


class Writer(Protocol):
    """Takes rows of several sheets, in turn."""

    def write(self, sheet: Sheet, row: Sequence[Value]) -> None:
        """One row of one of the sheets that the writer was made for."""

    def close(self) -> list[Path]:
        """Finish, and say which files there are, in order."""


def library(module: str, what: str) -> Any:
    """A module of the extra `tables`.

    Raises:
        MissingLibrary: it is not installed.
    """
    try:
        return import_module(module)
    except ImportError as error:
        name = error.name or module
        raise MissingLibrary(
            f'writing {what} needs the library {name}; install it with: pip install "melian[tables]"'
        ) from error


def finite(value: Value) -> Value:
    """The value, None in place of an infinite number or none; text without what no format takes."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return _NEVER.sub("\ufffd", value) if isinstance(value, str) else value
