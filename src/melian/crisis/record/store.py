"""Opening a record: many may read, one may write, nobody waits for a reader, and a kill at any moment loses no batch.

A writer never touches the file that readers have open. It takes a lock (a file beside the record, freed by the system when the
process ends, however it ends), works on a copy, and renames the copy over the record when a batch is done. A reader keeps the
state that it opened; the next one sees the new. What a killed writer leaves is an unfinished copy, which the next one deletes.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from melian.crisis.record import schema
from melian.errors import NoRecord, RecordBusy, RecordError, RecordExists

# Small blocks, so that the record of a dozen reports is not mostly air (in smaller ones yet DuckDB does not pack 32-bit columns,
# which doubles the full-text index); one home for extensions that are never fetched.
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "default_block_size": "32768",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
Batch = Callable[[], AbstractContextManager[duckdb.DuckDBPyConnection]]

_CLONE = 0x40049409  # FICLONE of Linux: a copy that shares its blocks, where the file system can


def create(path: Path, title: str | None = None) -> None:
    """Make a new, empty record.

    Raises:
        RecordExists: something is at `path` already.
        RecordError: the file cannot be written there.
    """
    if path.exists():
        raise RecordExists(f"{path}: there is a file already; choose another name, or add to it with `melian add`")
    if not path.absolute().parent.is_dir():
        raise RecordError(f"{path}: the folder {path.absolute().parent} does not exist; make it first")
    with _locked(path):
        part = _part(path)
        with _connected(part) as connection:
            schema.create(connection, title)
        _publish(part, path)


@contextmanager
def reading(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the record as it is now; what is written to the record later does not show in it.

    A record of an earlier version is brought up first, which needs the right to write.

    Raises:
        NoRecord, RecordTooNew, RecordBusy, RecordError: see there.
    """
    _check(path)
    # A name of its own, since DuckDB would give a later connection under the old name the old state while one is open.
    with tempfile.TemporaryDirectory(prefix=".melian-", dir=_link_home(path)) as folder:
        name = Path(folder) / path.name
        try:
            os.link(path, name)
        except OSError:  # a file system without hard links, or a folder that nobody may write to
            name = path
        with _opened(name, path, read_only=True) as connection:
            found = schema.version(connection, str(path))
            if found == schema.VERSION:
                with contextlib.suppress(OSError):
                    if name != path:
                        name.unlink()
                yield connection
                return
    with writing(path):
        pass
    with reading(path) as connection:
        yield connection


@contextmanager
def writing(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-write connection to a copy that takes the record's place when this ends without an error, and else is dropped.

    Raises:
        RecordBusy: another process is writing.
        NoRecord, RecordTooNew, RecordError: see there.
    """
    with held(path) as batch, batch() as connection:
        yield connection


@contextmanager
def held(path: Path) -> Iterator[Batch]:
    """The writer's lock for work of several batches: each call of what this gives is one, published when it ends.

        with held(path) as batch:
            with batch() as connection: ...

    Raises:
        RecordBusy: another process is writing.
        NoRecord, RecordTooNew, RecordError: see there.
    """
    _check(path)
    with _locked(path):
        yield lambda: _batch(path)


@contextmanager
def _batch(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    part = _part(path)
    try:
        _copy(path, part)
        with _opened(part, path, read_only=False) as connection:
            found = schema.version(connection, str(path))
            if found < schema.VERSION:
                schema.migrate(connection, found)
            yield connection
        _publish(part, path)
    finally:
        _clear(part)


def _check(path: Path) -> None:
    if not path.exists():
        raise NoRecord(f"{path}: no such record; make it with `melian new {path}`")
    if path.is_dir():
        raise NoRecord(f"{path}: a folder, not a record")


@contextmanager
def _opened(name: Path, path: Path, read_only: bool) -> Iterator[duckdb.DuckDBPyConnection]:
    try:
        connection = _quiet(duckdb.connect(str(name), read_only=read_only, config=_CONFIG))
    except duckdb.Error as error:
        raise NoRecord(f"{path}: not a record of Melian's, or a damaged one ({str(error).splitlines()[0]})") from error
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def _connected(name: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = _quiet(duckdb.connect(str(name), config=_CONFIG))
    try:
        yield connection
    finally:
        connection.close()


def _quiet(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Without the bar that DuckDB draws on a terminal when a query takes long."""
    connection.execute("SET enable_progress_bar = false")
    return connection


def _link_home(path: Path) -> Path | None:
    """Where a second name for the record can be made: beside it, on the same file system."""
    parent = path.absolute().parent
    return parent if os.access(parent, os.W_OK) else None


def _part(path: Path) -> Path:
    """The writer's copy; what a killed writer left there is deleted."""
    part = path.with_name(f".{path.name}.part")
    _clear(part)
    return part


def _clear(part: Path) -> None:
    for name in (part, part.with_name(part.name + ".wal")):
        name.unlink(missing_ok=True)


def _copy(path: Path, part: Path) -> None:
    try:
        with path.open("rb") as source, part.open("xb") as target:
            try:
                import fcntl

                fcntl.ioctl(target.fileno(), _CLONE, source.fileno())
            except (ImportError, OSError):
                shutil.copyfileobj(source, target, 16 << 20)
    except OSError as error:
        raise RecordError(f"{path}: cannot be copied for writing ({error.strerror or error})") from error


def _publish(part: Path, path: Path) -> None:
    """Put the copy in the record's place, on disk before it is named."""
    try:
        with part.open("rb") as stream:
            os.fsync(stream.fileno())
        part.replace(path)
        folder = os.open(path.absolute().parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise RecordError(f"{path}: cannot be written ({error.strerror or error})") from error


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the writer's lock; it is freed when the process ends, even by `kill -9`.

    Raises:
        RecordBusy: somebody else holds it; the message says who and since when.
    """
    import fcntl

    lock = path.with_name(f".{path.name}.lock")
    try:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise RecordError(f"{path}: its folder cannot be written to ({error.strerror or error})") from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                raise RecordError(f"{path}: cannot be locked ({error.strerror or error})") from error
            holder = os.read(handle, 200).decode(errors="replace").strip() or "another process"
            raise RecordBusy(f"{path}: being written to by {holder}; wait until it is done and try again") from None
        os.ftruncate(handle, 0)
        since = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        os.write(handle, f"process {os.getpid()} on {socket.gethostname()} since {since}".encode())
        yield
    finally:
        os.close(handle)
