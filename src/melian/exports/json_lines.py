"""JSON lines: one object a row, UTF-8."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec

from melian.exports.layout import Sheet, Value

_encoder = msgspec.json.Encoder()


class JsonLines:
    """A file for each sheet, whose rows hold one object each."""

    def __init__(self, folder: Path, sheets: Sequence[Sheet], ending: str = ".jsonl") -> None:
        self._open = ExitStack()
        self._paths = [folder / f"{sheet.name}{ending}" for sheet in sheets]
        self._streams = {
            sheet.name: self._open.enter_context(path.open("wb")) for sheet, path in zip(sheets, self._paths, strict=True)
        }

    def write(self, sheet: Sheet, row: Sequence[Value | dict[str, Any]]) -> None:
        """One line: the row's only value."""
        (value,) = row
        self._streams[sheet.name].write(_encoder.encode(value) + b"\n")

    def close(self) -> list[Path]:
        """Finish the files."""
        self._open.close()
        return self._paths
