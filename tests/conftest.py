"""What holds for all tests, and the desk that several files of them look at."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_site import Client, make_record, serving
from hypothesis import settings

# How long an example takes says more of the machine than of the program: timings live in benchmarks.
settings.register_profile("melian", deadline=None)
settings.load_profile("melian")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_record(tmp_path_factory.mktemp("record") / "geneva.crisis")


@pytest.fixture(scope="module")
def client(made: Path) -> Iterator[Client]:
    """A desk that is only read in these tests."""
    with serving(made) as access:
        yield Client(access.port)


@pytest.fixture
def own(made: Path, tmp_path: Path) -> Iterator[Client]:
    """A desk over a copy of the record that a test may change."""
    path = Path(shutil.copy(made, tmp_path / "own.crisis"))
    with serving(path) as access:
        yield Client(access.port)
