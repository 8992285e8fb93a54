"""Entries as the typed records of `crisis.entries`, whether they come from documents at hand or from tables."""

from __future__ import annotations

from typing import Any

from melian.crisis.entries import Demand, Denial, Offer, Prediction, RedLine, Shift

AnyEntry = Demand | Offer | RedLine | Prediction | Denial | Shift

_TYPES: dict[str, type[AnyEntry]] = {
    "demand": Demand,
    "offer": Offer,
    "redline": RedLine,
    "prediction": Prediction,
    "denial": Denial,
    "shift": Shift,
}
_TYPES_FIELD = {"redline": "kinds", "prediction": "foretold", "denial": "denied"}


def typed(kind: str, types: tuple[str, ...], fields: dict[str, Any]) -> AnyEntry:
    """An entry of a kind.

    Args:
        kind: "demand", "offer", "redline", "prediction", "denial" or "shift".
        types: event types that cross or decide it.
        fields: what its class has besides, by name; what other classes have is passed over.
    """
    of = _TYPES[kind]
    known = of.__dataclass_fields__
    given = {**fields, _TYPES_FIELD[kind]: types} if kind in _TYPES_FIELD else fields
    return of(**{name: value for name, value in given.items() if name in known})
