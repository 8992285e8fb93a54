"""Rows of the record as a reader meets them: one plain line for an event, a statement, an incident, an entry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from melian.crisis.questions.ids import shown
from melian.crisis.record import rows as records
from melian.records import Actor, Event, Statement
from melian.views.names import capitals
from melian.views.wording import apart, capital, event_line, parties, people, statement_line

_HEADS = {
    "demand": ("made a demand of {}", "made a demand"),
    "offer": ("made an offer to {}", "made an offer"),
    "redline": ("drew a red line for {}", "drew a red line"),
    "threat": ("threatened {}", "made a threat"),
    "prediction": ("made a forecast about {}", "made a forecast"),
    "denial": ("denied a charge about {}", "denied a charge"),
    "shift": ("corrected a statement about {}", "corrected a statement"),
}
_TOWARD_OTHERS = frozenset({"demand", "offer", "redline", "threat"})  # the other kinds are about a party, which may be the own
_STATUSES = {
    ("offer", "met"): "taken up",
    ("offer", "partly met"): "taken up in part",
    ("shift", "linked"): "replaces an earlier statement",
    ("shift", "unlinked"): "nothing earlier on record",
}


def record(what: str, row: dict[str, Any]) -> Event | Statement:
    """The event or statement of a row of its table."""
    return records.event(row) if what == "event" else records.statement(row)


def record_line(found: Event | Statement) -> str:
    """ "Russia moved forces against Ukraine", "Joe Biden (United States) predicted, about Ukraine"."""
    return event_line(found, named=True) if isinstance(found, Event) else statement_line(found)


def incident_line(row: Mapping[str, Any]) -> str:
    """ "Russia moved forces against Ukraine"; the line does not say whether it is denied."""
    event = Event(
        type=row["type"],
        mode=row["mode"],
        source=records.actors(row["source"]),
        target=records.actors(row["target"]),
        evidence=(0, 0),
    )
    return event_line(event)


def incident_id(row: Mapping[str, Any]) -> str:
    """The incident's id as people see it."""
    return shown("incident", row["id"])


def entry_line(row: Mapping[str, Any]) -> str:
    """ "Joe Biden (United States) drew a red line for Russia"."""
    kind = "threat" if row["kind"] == "redline" and not row["condition"] else row["kind"]
    toward, alone = _HEADS[kind]
    by, to = records.actors(row["by"]), records.actors(row["to"])
    if kind in _TOWARD_OTHERS:
        to = tuple(apart(to, by))
    return f"{capital(people(by)) if by else 'Somebody'} {toward.format(parties(to)) if to else alone}"


def entry_id(row: Mapping[str, Any]) -> str:
    """The entry's id as people see it."""
    return shown(row["kind"], row["id"])


def status_words(kind: str, status: str) -> str:
    """A status in the words of its kind: an offer is not met, it is taken up."""
    return _STATUSES.get((kind, status), status)


def numbers(row: Mapping[str, Any]) -> str | None:
    """ "90,000 to 100,000 troops": the range of an incident's numbers."""
    low, high, unit = row["low"], row["high"], row["unit"]
    if low is None and high is None:
        return None
    ends = [f"{end:,.0f}" if end == int(end) else f"{end:,g}" for end in dict.fromkeys((low, high)) if end is not None]
    return " ".join((" to ".join(ends), *([capitals(unit)] if unit else ())))


def typed(value: Any) -> str:
    """A value as the field of a form has it, and `shorthand.read` reads it: "RUS:GOV:Sergey Lavrov, USA:GOV"."""
    if value is None:
        return ""
    if isinstance(value, tuple | list):
        return ", ".join(_typed_party(party) for party in value)
    return str(value)


def _typed_party(actor: Actor) -> str:
    parts = [part.replace(",", " ").replace(":", " ") if part else "" for part in (actor.id, actor.sector, actor.name)]
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return ":".join(parts) if len(parts) > 1 else f"{parts[0]}:"
