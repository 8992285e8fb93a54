"""What is told of one place and of no other: the key that the map counts by, and that a filter asks for with "=" before it."""

from __future__ import annotations

from functools import cache, lru_cache


def plain(place: str) -> str:
    """A place's name under which tellings of it are counted: "Kyiv" and the "KYIV" of a dateline are one, and so are "U.S." and "US"."""
    return place.lower().replace(".", "")


def plain_sql(column: str) -> str:
    """SQL for the same."""
    return f"replace(lower({column}), '.', '')"


@lru_cache(maxsize=20_000)
def home(place: str) -> str | None:
    """The country of the place that is meant where its name stands alone; None where the tables know none."""
    from melian.coding.places import meant

    found = meant(place)
    return found.country if found else None


@lru_cache(maxsize=512)
def names_of(code: str) -> frozenset[str]:
    """The plain names of a country itself: whoever tells only such a name tells no place in it."""
    from melian.coding.places import meant

    found = [name for name in _names().get(code, ()) if (place := meant(name, code)) is None or place.kind == "country"]
    return frozenset({*found, *(f"the {name}" for name in found)})


def only(place: str | None, code: str | None) -> str:
    """The filter for a place and no other: "=Geneva, CHE", or "=CHE" for what is known of the country alone."""
    return "=" + ", ".join(part for part in (place, code) if part)


def asked(wanted: str) -> tuple[str | None, str | None]:
    """The place and the country of such a filter without its "="; one of them may be None."""
    from melian.knowledge import countries

    place, _, code = wanted.rpartition(", ")
    if len(code) == 3 and code.isupper() and countries.country(code):
        return place or None, code
    return wanted, None


@cache
def _names() -> dict[str, set[str]]:
    """The plain names of countries by their codes."""
    from melian.knowledge import countries
    from melian.knowledge.tables import names_table

    table = names_table()
    found = {each.iso3: {plain(each.name), plain(each.iso3)} for each in countries.all_countries()}
    for key, rows in table.keys.items():
        best = table.entities[max(rows, key=lambda row: row.score).entity]
        if best.kind == "country" and best.id in found:
            found[best.id].add(plain(key))
    return found
