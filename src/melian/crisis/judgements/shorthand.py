"""Values as a person types them: `RUS:GOV, USA`, `at least 100000 troops`, words for a span; JSON for everything else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import msgspec

from melian.crisis.judgements import targets
from melian.crisis.judgements.fields import BOUNDS, form, naming
from melian.crisis.judgements.judgement import Kind
from melian.errors import RecordError

_QUANTITY = re.compile(rf"(?:({'|'.join(BOUNDS)})\s+)?(\d[\d,]*(?:\.\d+)?)(?:\s+(\D.*))?", re.IGNORECASE)
_SPAN = re.compile(r"(\d+)\s*-\s*(\d+)")


def read(what: str, field: str, typed: str, date: str | None = None) -> Any:
    """What was typed as a value for `fields.checked`.

    `null` is no value. Parties are JSON or names and ids with commas between, each with its sector and person after colons where they
    are needed: `NATO`, `RUS:MIL`, `RUS:GOV:Sergey Lavrov`. A known name ("Russia", "Hamas", "Antony Blinken") is looked up; a country's code alone
    is its government.

    Args:
        what: "event", "statement" or "entry".
        field: the field that the value is for.
        typed: as typed.
        date: the document's day, on which offices are looked up.

    Raises:
        RecordError: there is no such field, or a list or an object is no JSON.
    """
    kind = form(what, field)
    typed = typed.strip()
    if typed == "null":
        return None
    if typed[:1] in ("[", "{") or (typed[:1] == '"' and kind in ("words", "date", "country", "choice")):
        try:
            return msgspec.json.decode(typed)
        except msgspec.DecodeError as error:
            raise RecordError(f"{field}: {typed!r} is no JSON ({error})") from error
    if kind == "parties":
        return [_party(part.strip(), date) for part in typed.split(",") if part.strip()]
    if kind == "quantity" and (found := _QUANTITY.fullmatch(typed)):
        bound, number, unit = found.groups()
        return {"value": float(number.replace(",", "")), "unit": unit, "bound": bound.lower() if bound else None}
    if kind in ("span", "spans"):
        span = [int(end) for end in found.groups()] if (found := _SPAN.fullmatch(typed)) else typed
        return span if kind == "span" else [span]
    return typed


def _party(typed: str, date: str | None) -> dict[str, Any]:
    from melian.knowledge import countries, names

    if ":" in typed:
        return dict(zip(("id", "sector", "name"), (part.strip() or None for part in typed.split(":", 2)), strict=False))
    if len(typed) == 3 and typed.isupper() and (found := countries.country(typed)):
        return {"id": found.iso3, "sector": "GOV"}
    known = next(iter(names.lookup(typed, date)), None)
    if known is None or known.actor.id is None:
        return {"id": typed}
    actor = known.actor
    named = known.kind not in ("country", "demonym", "capital")
    return {
        "id": actor.id,
        "sector": actor.sector,
        "name": actor.name if named else None,
        "role": actor.role if named else None,
        "country": actor.country,
    }


def read_values(
    connection: duckdb.DuckDBPyConnection, kind: Kind, ids: Sequence[str], typed: Mapping[str, str]
) -> dict[str, Any]:
    """What was typed for the fields of some records, for `prepare`.

    Args:
        connection: the record.
        kind: "correct" or "add".
        ids: of the records to correct, or of the documents to add to.
        typed: by field.

    Raises:
        UnknownId: the record has nothing of that id.
        RecordError: as `read`.
    """
    values: dict[str, Any] = {}
    for target in targets.find(connection, ids).values():
        what = ("statement" if "act" in typed else "event") if kind == "add" else target.what
        found = targets.text_of(connection, target.reading.doc) if target.reading.doc else None
        for field, value in typed.items():
            with naming(field):
                values.setdefault(
                    field, read("event" if what == "incident" else what, field, value, found[1] if found else None)
                )
    return values
