"""The zip that an export comes in: the same files give the same bytes."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path

from melian.errors import ExportError

_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip archive can say; when it was made is no part of the data
_MODE = 0o644 << 16
_UNIX = 3


def pack(path: Path, files: Sequence[Path]) -> None:
    """Put files into an archive, which appears at `path` whole or not at all; one that is there is replaced.

    Raises:
        ExportError: it cannot be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        try:
            with zipfile.ZipFile(part, "x", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                for file in files:
                    member = zipfile.ZipInfo(file.name, _TIME)
                    member.compress_type, member.external_attr, member.create_system = zipfile.ZIP_DEFLATED, _MODE, _UNIX
                    with file.open("rb") as source, archive.open(member, "w", force_zip64=True) as target:
                        shutil.copyfileobj(source, target, 1 << 20)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise ExportError(f"{path}: cannot be written ({error.strerror or error})") from error
