"""The codebook as data: event types with their modes and quads, acts, sectors, realis.

The tables are JSON files beside this module; everything else in the package takes its vocabulary from here, so that
a name is written down once. Source: the project's codebook (`docs/codebook.md`), after PLOVER.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

REALIS: tuple[str, ...] = ("actual", "denied", "planned", "conditional", "predicted", "demanded")
QUADS: tuple[str, ...] = ("verbal cooperation", "material cooperation", "verbal conflict", "material conflict")
MUTUAL_TYPES: frozenset[str] = frozenset({"AGREE", "CONSULT", "COOPERATE"})


@cache
def _table(name: str) -> dict[str, Any]:
    table: dict[str, Any] = json.loads(files(__name__).joinpath(f"{name}.json").read_text(encoding="utf-8"))
    return table


def event_types() -> tuple[str, ...]:
    """The sixteen event types, in the codebook's order."""
    return tuple(_table("types"))


def modes(event_type: str) -> tuple[str, ...]:
    """The modes of an event type."""
    return tuple(_table("types")[event_type]["modes"])


def quad(event_type: str) -> str:
    """The quad class of an event type: verbal or material, cooperation or conflict."""
    return str(_table("types")[event_type]["quad"])


def covers(event_type: str) -> str:
    """What an event type covers, in the codebook's words."""
    return str(_table("types")[event_type]["covers"])


def acts() -> tuple[str, ...]:
    """The thirteen statement acts, in the codebook's order."""
    return tuple(_table("acts"))


def act_meaning(act: str) -> str:
    """What a speaker does with an act ("blames, criticises, …")."""
    return str(_table("acts")[act])


def sectors() -> tuple[str, ...]:
    """The sixteen actor sectors."""
    return tuple(_table("sectors"))


def sector_meaning(sector: str) -> str:
    """What a sector covers."""
    return str(_table("sectors")[sector])
