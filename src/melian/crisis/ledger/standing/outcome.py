"""Where an entry stands, and what moved it there."""

from __future__ import annotations

from dataclasses import dataclass

from melian.crisis.ledger.claiming.claim import Act


@dataclass(frozen=True, slots=True)
class Moved:
    """An act that answers an entry, the status that it moved it to, and the rule in words; `deciding` is the one that gave the status."""

    act: Act
    status: str
    why: str
    deciding: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """An entry's status with its answers in time order.

    `split` are answers by which a bloc is split over it; `due` is the day after which the status changes if nothing comes of it (a forecast's last day, the end of patience with a crossed line).
    """

    status: str
    moved: tuple[Moved, ...] = ()
    due: int | None = None
    split: tuple[Moved, ...] = ()

    @property
    def decided(self) -> Act | None:
        """The act that gave the status."""
        return next((each.act for each in self.moved if each.deciding), None)
