"""What holds for all tests."""

from __future__ import annotations

from hypothesis import settings

# How long an example takes says more of the machine than of the program: timings live in benchmarks.
settings.register_profile("melian", deadline=None)
settings.load_profile("melian")
