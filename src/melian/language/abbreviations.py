"""Abbreviations, by what may follow them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def abbreviations() -> dict[str, frozenset[str]]:
    """The groups of `abbreviations.txt`, which says what each is for: group name to lower-case words without their last dot."""
    rows = files(__name__.rpartition(".")[0]).joinpath("abbreviations.txt").read_text(encoding="utf-8").splitlines()
    groups: dict[str, list[str]] = {}
    for row in rows:
        if row and not row.startswith("#"):
            name, _, words = row.partition(":")
            groups.setdefault(name, []).extend(words.split())
    return {name: frozenset(words) for name, words in groups.items()}
