"""Whether two texts are one telling, printed twice.

A shortened, re-headlined or lightly edited story shares most of the shorter text's runs of words with the longer. A report that
quotes another in passing does too, but is many times longer, and opens otherwise; two briefs that end in the same notice of their
house share it alone.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from melian.crisis.copies.shingles import Shingled

DAYS = 7
"""Most days between the publication of two copies. A text of unknown day may be a copy of one of any day."""
LEAST_WORDS = 8
"""Shorter texts (an alert, a headline, a record without a text) are nobody's copies: they recur without being copied."""
SHARED = 0.5
"""Least share of the shorter text's runs that stand in the longer."""
HALF_SHARED = 0.2
"""Least share of the runs of either half of the shorter text that stand in the longer."""
SHORT_WORDS = 30
SHORT_SHARED = 0.6
"""Below `SHORT_WORDS` words two texts must be nearly equal: this share of the runs of both together is common to both (one word
in 25 may differ)."""
LENGTHS = 0.3
"""The shorter text is at least this part of the longer, unless it is the longer's beginning."""
OPENING, OPENING_SHARED = 30, 0.6
"""Runs at the beginning of the longer text, and the share of them that a stump of it must have."""


def within_days(one: date | None, other: date | None) -> bool:
    """Whether two days of publication are near enough for copies."""
    return one is None or other is None or abs((one - other).days) <= DAYS


def one_telling(one: Shingled, other: Shingled) -> bool:
    """Whether two texts are copies of one telling, whatever their days.

    The result does not depend on the order of the two.
    """
    short, long = sorted((one, other), key=lambda text: (text.length, text.words))
    if short.length < LEAST_WORDS:
        return False
    if short.length < SHORT_WORDS:
        common = len(np.intersect1d(short.distinct, long.distinct, assume_unique=True))
        return common >= SHORT_SHARED * (len(short.distinct) + len(long.distinct) - common)
    shared = np.isin(short.runs, long.distinct)
    half = len(shared) // 2
    if shared.mean() < SHARED or min(shared[:half].mean(), shared[half:].mean()) < HALF_SHARED:
        return False
    return short.length >= LENGTHS * long.length or _begins(short, long)


def _begins(short: Shingled, long: Shingled) -> bool:
    return bool(np.isin(long.runs[:OPENING], short.distinct).mean() >= OPENING_SHARED)
