"""Copies of one telling: near-duplicate texts of nearby days, such as wire copy that many outlets print.

`shingles` reduces a text to runs of words, `likeness` says whether two texts are one telling, `clusters` keeps the table `copies`.
"""

from melian.crisis.copies.clusters import update

__all__ = ["update"]
