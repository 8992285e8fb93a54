"""Writing a result whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from melian.errors import MelianError

STANDARD_OUTPUT = Path("-")


def check_output(output: Path, inputs: list[Path]) -> None:
    """Refuse an output that cannot be written or would overwrite an input, before any work is done.

    Raises:
        typer.BadParameter: with what is wrong.
    """
    if output == STANDARD_OUTPUT:
        return
    if output.is_dir():
        raise typer.BadParameter(f"{output} is a folder; name a file in it", param_hint="-o")
    if not output.absolute().parent.is_dir():
        raise typer.BadParameter(f"the folder {output.absolute().parent} does not exist; make it first", param_hint="-o")
    if output.resolve() in {given.resolve() for given in inputs}:
        raise typer.BadParameter(f"{output} is also an input, and would be overwritten", param_hint="-o")


@contextmanager
def writing(output: Path) -> Iterator[Callable[[bytes], object]]:
    """A function that writes bytes to `output` ("-": standard output, at once).

    A file appears, or an old one is replaced, only when this closes without an error and something was written.

    Raises:
        MelianError: the file cannot be written.
    """
    if output == STANDARD_OUTPUT:
        yield _write_out
        return
    try:
        if output.exists() and not output.is_file():  # a device or a named pipe cannot be replaced, only written to
            with output.open("wb") as stream:
                yield stream.write
            return
        target = output.resolve()
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            with part.open("xb") as stream:
                yield stream.write
                written = stream.tell()
            if written:
                part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise MelianError(f"{output}: cannot be written ({error.strerror or error})") from error


def _write_out(data: bytes) -> None:
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()  # a reader at the other end of a pipe sees each line when it is ready
