"""The fields that a person may correct, and which values each may have: the codebook's, ISO dates, spans inside the text.

A value is JSON: a string, a list of parties, a span as [start, stop]. `checked` gives it in the one form that is kept, so that equal
corrections are equal; `corrected` puts values into a record.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar, get_args

import msgspec

from melian import codebook
from melian.crisis.entries import DemandStatus, DenialStatus, PredictionStatus, RedLineStatus, ShiftStatus
from melian.crisis.tellings import days
from melian.errors import CodebookError, DateError, MelianError, RecordError
from melian.records import Actor, Event, Quantity, Quote, Statement

Record = TypeVar("Record", Event, Statement)

STATUSES: dict[str, tuple[str, ...]] = {
    "demand": get_args(DemandStatus),
    "offer": get_args(DemandStatus),
    "redline": get_args(RedLineStatus),
    "prediction": get_args(PredictionStatus),
    "denial": get_args(DenialStatus),
    "shift": get_args(ShiftStatus),
}
"""The statuses of each kind of ledger entry."""

BOUNDS = ("at least", "at most")
_WORDS = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a value is checked against: the document's text (None: not known), and the event's type or the entry's kind."""

    text: str | None = None
    kind: str | None = None


def fields(what: str) -> tuple[str, ...]:
    """The fields of an event, a statement or an entry that can be corrected."""
    return tuple(_CHECKS.get(what, ()))


def form(what: str, field: str) -> str:
    """What sort of value a field has: "choice", "words", "date", "country", "parties", "quantity", "span" or "spans".

    Raises:
        RecordError: there is no such field.
    """
    return _check(what, field)[0]


def checked(what: str, field: str, value: Any, setting: Setting) -> Any:
    """A value in the form in which it is kept.

    Args:
        what: "event", "statement" or "entry".
        field: one of `fields(what)`.
        value: JSON; a span may also be the words themselves, where they stand once in the text.
        setting: what it must fit.

    Raises:
        CodebookError: the codebook has no such value; the message names those that it has.
        DateError: it is no date.
        RecordError: there is no such field, or the value has another form or lies outside the text.
    """
    return _check(what, field)[1](f"{field} of {_an(what)}", value, setting)


@contextmanager
def naming(field: str) -> Iterator[None]:
    """Errors that are raised within say which field they are about (`MelianError.field`)."""
    try:
        yield
    except MelianError as error:
        error.field = field
        raise


def corrected(record: Record, values: Mapping[str, Any], country_of: Callable[[str], str | None]) -> Record:
    """A record with checked values in their fields.

    A mode that its type does not have is dropped, and the country of a corrected place is looked up unless it is given, since both
    would contradict what the person said.

    Args:
        record: the machine's.
        values: by field.
        country_of: the country of a place by its name.
    """
    if not values:
        return record
    given = dict(values)
    if isinstance(record, Event) and "place" in given and "place_country" not in given:
        given["place_country"] = country_of(given["place"]) if given["place"] else None
    changed = msgspec.convert({**msgspec.to_builtins(record), **given}, type(record))
    if isinstance(changed, Event) and changed.mode not in codebook.modes(changed.type):
        changed = msgspec.structs.replace(changed, mode=None)
    return changed


def country_of(place: str) -> str | None:
    """The country of the best known place of that name; None where none is known, or it lies in several."""
    from melian.knowledge.gazetteer import candidates

    return next((found.country for found in candidates(place)), None)


def _check(what: str, field: str) -> tuple[str, Callable[[str, Any, Setting], Any]]:
    found = _CHECKS.get(what, {}).get(field)
    if found is None:
        there = ", ".join(fields(what))
        raise RecordError(
            f"{_an(what)} has no field {field!r} to correct; there are {there}" if there else f"{what}: no fields"
        )
    return found


def _an(what: str) -> str:
    return f"{'an' if what[0] in 'aeiou' else 'a'} {what}"


def _type(name: str, value: Any, setting: Setting) -> Any:
    return _one_of(name, value, codebook.event_types())


def _mode(name: str, value: Any, setting: Setting) -> Any:
    if value is None:
        return None
    if setting.kind in codebook.event_types():
        return _one_of(f"{name} of type {setting.kind}", value, codebook.modes(setting.kind))
    return _one_of(name, value, sorted({mode for kind in codebook.event_types() for mode in codebook.modes(kind)}))


def _status(name: str, value: Any, setting: Setting) -> Any:
    if setting.kind in STATUSES:
        return _one_of(f"{name} ({setting.kind})", value, STATUSES[setting.kind])
    return _one_of(name, value, sorted({status for every in STATUSES.values() for status in every}))


def _words(name: str, value: Any, setting: Setting) -> Any:
    if value is None:
        return None
    words = " ".join(_WORDS.findall(value)) if isinstance(value, str) else ""
    if not words:
        raise RecordError(f"{name}: {value!r} is not text; give words, or nothing where there are none")
    return words


def _date(name: str, value: Any, setting: Setting) -> Any:
    if value is None:
        return None
    if not isinstance(value, str) or days(value.strip()) is None:
        raise DateError(
            f"{name}: {value!r} is not a date that exists; write it as YYYY-MM-DD, YYYY-MM, YYYY or "
            "YYYY-MM-DD/YYYY-MM-DD, for example 2022-01-21, or nothing where there is none"
        )
    return value.strip()


def _country(name: str, value: Any, setting: Setting) -> Any:
    from melian.knowledge import countries

    if value is None:
        return None
    found = countries.country(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise CodebookError(f"{name}: {value!r} is no country; give its ISO 3166-1 alpha-3 code, for example UKR, or null")
    return found.iso3


def _parties(name: str, value: Any, setting: Setting) -> Any:
    if value is None:
        return []
    if not isinstance(value, list):
        raise RecordError(f'{name}: {value!r} is not a list of parties; write it as [{{"id": "RUS", "sector": "GOV"}}]')
    return [_party(name, party, setting) for party in value]


def _party(name: str, value: Any, setting: Setting) -> Any:
    known = Actor.__struct_fields__
    if not isinstance(value, dict) or not set(value) <= set(known):
        raise RecordError(f"{name}: {value!r} is not a party; it has the fields {', '.join(known)}")
    party: dict[str, Any] = {
        key: _words(f"{name}, {key}", value.get(key), setting) for key in ("id", "sector", "name", "role", "country")
    }
    if party["id"] is None and party["name"] is None:
        raise RecordError(f"{name}: a party needs an id (RUS, NATO, Hamas) or a name")
    if party["sector"] is not None:
        party["sector"] = _one_of(f"{name}, sector", party["sector"], codebook.sectors())
    party["country"] = _country(f"{name}, country", party["country"], setting)
    party["span"] = None if value.get("span") is None else _span(f"{name}, span", value["span"], setting)
    return party


def _quantity(name: str, value: Any, setting: Setting) -> Any:
    if value is None:
        return None
    try:
        quantity = msgspec.convert({"value": value} if isinstance(value, int | float) else value, Quantity)
    except msgspec.ValidationError as error:
        raise RecordError(f'{name}: {error}; write it as {{"value": 100000, "unit": "troops", "bound": "at least"}}') from error
    if quantity.bound is not None:
        _one_of(f"{name}, bound", quantity.bound, BOUNDS)
    if not abs(quantity.value) < float("inf"):
        raise RecordError(f"{name}: {quantity.value} is not a number to count with")
    return {"value": float(quantity.value), "unit": _words(f"{name}, unit", quantity.unit, setting), "bound": quantity.bound}


def _span(name: str, value: Any, setting: Setting) -> Any:
    if isinstance(value, str) and setting.text is not None:
        return _found(name, value, setting.text)
    whole = isinstance(value, list | tuple) and len(value) == 2 and all(type(end) is int for end in value)
    if not whole or not 0 <= value[0] < value[1]:
        raise RecordError(f"{name}: {value!r} is not a span; write it as [start, stop], or as words that stand in the text")
    if setting.text is not None and value[1] > len(setting.text):
        raise RecordError(f"{name}: {list(value)} ends outside the text, which has {len(setting.text)} characters")
    return list(value)


def _found(name: str, words: str, text: str) -> list[int]:
    pattern = r"\s+".join(map(re.escape, words.split()))
    places = [match.span() for match in re.finditer(pattern, text)] if pattern else []
    if len(places) != 1:
        often = f"stand {len(places)} times" if places else "do not stand"
        raise RecordError(f"{name}: the words {words!r} {often} in the text; give words that stand once, or [start, stop]")
    return list(places[0])


def _span_or_none(name: str, value: Any, setting: Setting) -> Any:
    return None if value is None else _span(name, value, setting)


def _spans(name: str, value: Any, setting: Setting) -> Any:
    if not isinstance(value or [], list):
        raise RecordError(f"{name}: {value!r} is not a list of spans; write it as [[start, stop], …]")
    return [_span(name, span, setting) for span in value or ()]


def _one_of(name: str, value: Any, allowed: Any) -> Any:
    if value not in allowed:
        raise CodebookError(f"{name}: {value!r} is not in the codebook; there are {', '.join(allowed)}")
    return value


def _choice(*allowed: str) -> tuple[str, Callable[[str, Any, Setting], Any]]:
    return "choice", lambda name, value, setting: _one_of(name, value, allowed)


_CHECKS: dict[str, dict[str, tuple[str, Callable[[str, Any, Setting], Any]]]] = {
    "event": {
        "type": ("choice", _type),
        "mode": ("choice", _mode),
        "source": ("parties", _parties),
        "target": ("parties", _parties),
        "date": ("date", _date),
        "place": ("words", _words),
        "place_country": ("country", _country),
        "realis": _choice(*codebook.REALIS),
        "quantity": ("quantity", _quantity),
        "evidence": ("span", _span),
        "also": ("spans", _spans),
    },
    "statement": {
        "act": ("choice", lambda name, value, setting: _one_of(name, value, codebook.acts())),
        "speaker": ("parties", _parties),
        "addressee": ("parties", _parties),
        "about": ("parties", _parties),
        "content": ("span", _span),
        "quote": _choice(*get_args(Quote)),
        "reported_by": ("words", _words),
        "condition": ("span", _span_or_none),
        "date": ("date", _date),
        "place": ("words", _words),
        "cue": ("span", _span_or_none),
    },
    "entry": {"status": ("choice", _status)},
}
