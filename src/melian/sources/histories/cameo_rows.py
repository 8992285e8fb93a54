"""What a row with a CAMEO code is in the codebook: its event, with who did it and who it was done to."""

from __future__ import annotations

from collections.abc import Sequence

from melian.codebook import crosswalks
from melian.records import Actor, Event, Realis

NO_WORDS = (0, 0)
"""The evidence of an event of a history: its document has no text."""


def cameo_event(
    code: str,
    source: Actor | None,
    target: Actor | None,
    day: str,
    place: str | None,
    place_country: str | None,
    why: str,
    realis: Realis = "actual",
) -> Event | str:
    """The event of a row; where the codebook has none, why not, in words.

    A code that both parties act on (a meeting, a signed agreement) has both as sources and no target, one that tells of the target's
    deed ("host a visit") has the parties turned.

    Raises:
        ValueError: there is no such code.
    """
    listed = crosswalks.cameo(code) if code.isdigit() else None
    if listed is None:
        raise ValueError(f"{code!r} is no CAMEO code")
    if listed.type is None:
        return f"CAMEO {code} {listed.name}: no event of the codebook"
    doers, sufferers = _side(source), _side(target)
    if not doers and not sufferers:
        return "no party is known"
    if listed.how == "turned":
        doers, sufferers = sufferers, doers
    elif listed.how == "mutual" and doers and sufferers:
        doers, sufferers = tuple(sorted((*doers, *sufferers), key=_name)), ()
    return Event(
        type=listed.type,
        mode=listed.mode,
        source=doers,
        target=sufferers,
        date=day,
        place=place,
        place_country=place_country,
        realis=realis,
        evidence=NO_WORDS,
        why=(f"imported: {why}",),
    )


def told_from_both_sides(code: str, event: Event, *story: object) -> tuple[object, ...] | None:
    """What rows of one story have in common that tell a mutual event or a visit from either side; None of other codes."""
    listed = crosswalks.cameo(code)
    if listed is None or (listed.how is None and (listed.type, listed.mode) != ("CONSULT", "visit")):
        return None
    parties = (tuple(map(_name, event.source)), tuple(map(_name, event.target)))
    return (event.type, event.mode, event.realis, parties, *story)


def _side(actor: Actor | None) -> tuple[Actor, ...]:
    return (actor,) if actor is not None else ()


def _name(actor: Actor) -> tuple[str, str, str]:
    return actor.id or "", actor.name or "", actor.sector or ""


def first_known(*values: str) -> str | None:
    """The first value that is not empty or a word for it."""
    return next((value for value in (each.strip() for each in values) if value and value not in _EMPTY), None)


def filled(values: Sequence[str], at: int) -> str:
    """A field of a row, "" where the row is shorter or it is a word for nothing."""
    value = values[at].strip() if at < len(values) else ""
    return "" if value in _EMPTY else value


_EMPTY = frozenset({"NA", "NULL", "None", "nan", "NaN", "\\N"})
