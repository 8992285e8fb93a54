"""Parties that nobody knows: neither the knowledge base nor the record. They may be right, or mistyped."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

import duckdb

_PARTIES = (("events", ("source", "target")), ("statements", ("speaker", "addressee", "about")))
_NEAR = 3  # names that are suggested
_LIKE = 0.6  # how like a name must be to be suggested, from 0 to 1


def strangers(connection: duckdb.DuckDBPyConnection, values: Mapping[str, Any]) -> dict[str, str]:
    """What there is to ask about parties that are unknown.

    Args:
        connection: the record.
        values: of a correction or an addition, by field, as `shorthand.read_values` gives them.

    Returns:
        By field, a sentence that names who is unknown, and names of the record that are like it.
    """
    asked = {field: [who for who in _named(value) if not _is_known(who)] for field, value in values.items()}
    if not any(asked.values()):
        return {}
    names = {name.casefold(): name for name in _names(connection)}
    told = {field: [who for who in some if who.casefold() not in names] for field, some in asked.items()}
    return {field: " ".join(_told(who, names) for who in some) for field, some in told.items() if some}


def _named(value: Any) -> list[str]:
    """Whom the parties of a value are told apart by; none where it is no list of parties."""
    parties = [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
    return [str(who) for each in parties if (who := each.get("id") or each.get("name"))]


def _is_known(who: str) -> bool:
    from melian.knowledge import countries, names

    return countries.country(who) is not None or any(found.actor.id for found in names.lookup(who))


def _names(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The ids and names of all parties that the record knows."""
    each_one = " UNION ".join(f"SELECT unnest({column}) AS a FROM {table}" for table, columns in _PARTIES for column in columns)
    query = f"SELECT DISTINCT unnest([a.id, a.name]) AS name FROM ({each_one})"
    return sorted(str(name) for (name,) in connection.execute(query).fetchall() if name)


def _told(who: str, names: Mapping[str, str]) -> str:
    near = [names[like] for like in get_close_matches(who.casefold(), list(names), _NEAR, _LIKE)]
    meant = f" Did you mean {' or '.join(near)}?" if near else ""
    return f"Nobody in this record or in the tables of names is called {who}.{meant}"
