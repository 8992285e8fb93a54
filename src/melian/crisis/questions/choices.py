"""Filters whose values are a closed list: what each table knows, so that a mistyped one is said and does not answer with an empty table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from melian import codebook
from melian.crisis.judgements.fields import STATUSES
from melian.crisis.questions.conditions import TOLD_AS
from melian.crisis.questions.filters import Filters
from melian.errors import RecordError

ENTRY_KINDS = {
    "demands": "demand",
    "offers": "offer",
    "redlines": "redline",
    "predictions": "prediction",
    "denials": "denial",
    "shifts": "shift",
}
READINGS = "readings"
"""Events and statements together, as the search and the review go through them."""


@cache
def choices(table: str) -> Mapping[str, Sequence[str]]:
    """What `type`, `realis` and `status` may be for a table, or for `READINGS`; a field that is not among them takes any words.

    Of a table that does not heed a field at all it may be what any table has.
    """
    types, acts = codebook.event_types(), codebook.acts()
    every = {
        "type": _distinct(types, acts, codebook.sectors(), *STATUSES.values()),
        "realis": codebook.REALIS,
        "status": _distinct(*STATUSES.values()),
    }
    if table in ENTRY_KINDS:
        statuses = STATUSES[ENTRY_KINDS[table]]
        return {**every, "type": statuses, "status": statuses}
    own: dict[str, Mapping[str, Sequence[str]]] = {
        "events": {"type": types},
        "incidents": {"type": types, "realis": tuple(TOLD_AS)},
        "statements": {"type": acts},
        READINGS: {"type": (*types, *acts)},
        "actors": {"type": codebook.sectors()},
    }
    found = {**every, **own.get(table, {})}
    if table == "quarantine":
        del found["type"]  # kinds of faults
    return found


def check(filters: Filters, table: str) -> None:
    """See that the filters ask for what there is.

    Raises:
        RecordError: a value is none of the table's; the message names them.
    """
    for field, known in choices(table).items():
        for value in (getattr(filters, field) or "").split(","):
            one_of(field, value.strip(), known)


def one_of(name: str, value: str | None, known: Sequence[str]) -> str | None:
    """That of the known values which is meant, without case; None where none is given.

    Raises:
        RecordError: it is another; the message names those known.
    """
    if not value:
        return None
    found = next((each for each in known if each.lower() == value.lower()), None)
    if found is None:
        raise RecordError(f"there is no {name} {value!r}; there are {', '.join(known)}")
    return found


def _distinct(*lists: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for some in lists for each in some))
