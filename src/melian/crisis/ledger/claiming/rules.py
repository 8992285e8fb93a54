"""The word lists and tables that the ledger's rules go by."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def rules() -> dict[str, Any]:
    """`rules.json`: nouns for what is asked, words of refusal, phrases of dropping and correcting, stems of conditions by event type,
    which modes matter, members of alliances (NATO and the European Union as of 2024)."""
    table: dict[str, Any] = json.loads(files(__package__).joinpath("rules.json").read_text(encoding="utf-8"))
    return table


@cache
def probabilities() -> dict[str, float]:
    """`probabilities.json`: words of estimative probability with their numbers; the source stands in the file."""
    table: dict[str, float] = json.loads(files(__package__).joinpath("probabilities.json").read_text(encoding="utf-8"))["words"]
    return table


@cache
def word_weights() -> dict[str, int]:
    """How telling each stem is, 0 (names of countries, days, months) to 12; counted once over the project's own reports, for incidents too, and
    never over a record, so that a comparison does not depend on what else has been read."""
    folder = files("melian.crisis").joinpath("incidents")
    weights: dict[str, int] = json.loads(folder.joinpath("word_weights.json").read_text(encoding="utf-8"))
    empty = json.loads(folder.joinpath("comparing.json").read_text(encoding="utf-8"))["empty_words"]
    return weights | dict.fromkeys((word[:6] for word in empty), 0)
