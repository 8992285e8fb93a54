"""Putting judgements into a record."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import msgspec

from melian.crisis.judgements import targets
from melian.crisis.judgements.effects import refresh
from melian.crisis.judgements.judgement import Judgement, order
from melian.crisis.judgements.making import check, current_type
from melian.crisis.judgements.table import by_id, write
from melian.errors import RecordError, UnknownId


def judge(connection: duckdb.DuckDBPyConnection, judgements: Sequence[Judgement]) -> list[int]:
    """Write judgements down and let them hold; one that is there already is passed over.

    Args:
        connection: open for writing. Nothing is written when one of them cannot hold.
        judgements: as `prepare` makes them.

    Returns:
        The ids of the documents whose records count otherwise now; what is derived from them must be updated.

    Raises:
        UnknownId: of a record or an undone judgement.
        CodebookError, DateError, RecordError: a judgement that cannot hold; the message says why.
    """
    return _put(connection, judgements, strict=True)


def take_in(connection: duckdb.DuckDBPyConnection, judgements: Sequence[Judgement]) -> list[int]:
    """As `judge`, for judgements made on another copy of the record: those on records that are not here are kept and wait."""
    return _put(connection, judgements, strict=False)


def _put(connection: duckdb.DuckDBPyConnection, judgements: Sequence[Judgement], *, strict: bool) -> list[int]:
    given = {judgement.id: judgement for judgement in sorted(judgements, key=order)}
    there = by_id(connection, given)
    new = [judgement for each, judgement in given.items() if each not in there]
    if not new:
        return []
    named = {record for each in new for record in each.about}
    records, entries = targets.lookup(connection, named), targets.entries_among(connection, named)
    found = {each.id: entries if each.what == "entry" else {**entries, **records} for each in new}
    if strict:
        _all_known(connection, new, found)
    types: dict[str, str] = {}  # of events whose type an earlier one of these corrects
    ready: list[Judgement] = []
    for each in new:
        if each.kind != "undo":
            event = each.about[0] if each.about else ""
            kind = types.get(event) or (current_type(connection, event) if each.field == "mode" else None)
            check(connection, each, found[each.id], kind)
            if each.field == "type":
                types |= dict.fromkeys(each.about, each.value)
        ready.append(_complete(each, found[each.id]))
    write(connection, ready)
    return refresh(connection, named)


def _all_known(
    connection: duckdb.DuckDBPyConnection, judgements: Sequence[Judgement], found: dict[str, dict[str, targets.Target]]
) -> None:
    named = {each.id for each in judgements}
    undoes = {each.undoes for each in judgements if each.undoes}
    if missing := undoes - named - set(by_id(connection, undoes - named)):
        raise UnknownId(f"there is no judgement {min(missing)} to undo")
    added = {record for each in judgements if each.kind == "add" for record in each.about}
    for each in judgements:
        if each.kind != "undo" and (missing := set(each.about) - added - set(found[each.id])):
            raise UnknownId(f"nothing in this record has the id {min(missing)}")
        if each.kind == "add" and not targets.text_of(connection, str((each.value or {}).get("doc", "0"))):
            raise UnknownId(f"nothing in this record has the id {(each.value or {}).get('doc')}")


def _complete(judgement: Judgement, found: dict[str, targets.Target]) -> Judgement:
    """With what sort of record it is about, and how the machine reads that now, unless it says so itself."""
    if judgement.kind == "undo" or (judgement.what and judgement.reading):
        return judgement
    known = [found[each] for each in judgement.about if each in found]
    what = judgement.what or (known[0].what if known else None)
    if what is None:
        raise RecordError(f"judgement {judgement.id} does not say what it is about, and its record is not here")
    reading = judgement.reading or tuple(each.reading for each in known)
    return msgspec.structs.replace(judgement, what=what, reading=reading)
