"""The actor dictionary of an export: every party in it, with the numbers that data are joined on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from melian.exports.actor_codes import cameo_country, cameo_group, home, is_country, kind, shown_name
from melian.exports.layout import Column, Sheet, Value, columns
from melian.records import Actor

COLUMNS: tuple[Column, ...] = columns(
    ("id", "text", "the principal: ISO alpha-3 of a state, acronym of an organisation, short name of a group"),
    ("name", "text", "person or organisation that acts for it; empty for the principal itself"),
    ("shown_as", "text", "its name in files that have one name an actor; of countries the generic actors are not listed"),
    ("kind", "text", "country, organisation, group, bloc, media or person; empty where it is not known"),
    ("sectors", "list", "sectors that it is seen in, the most frequent first"),
    ("roles", "list", "offices that it is seen in, the most frequent first"),
    ("country", "text", "name of the country that it is or belongs to"),
    ("iso3", "text", "ISO 3166-1 alpha-3 code of that country"),
    ("iso_number", "integer", "its ISO 3166-1 number"),
    ("cow", "integer", "its number in the Correlates of War list of states"),
    ("gw", "integer", "its number in the Gleditsch-Ward list of states"),
    ("geonames_id", "integer", "its identifier in GeoNames"),
    ("wikidata", "text", "its identifier in Wikidata, where the row is a country"),
    ("cameo", "text", "CAMEO's code of the country, region or known group"),
    ("as_source", "integer", "times that it acts or speaks"),
    ("as_target", "integer", "times that it is acted upon, spoken to or about"),
)


class Dictionary:
    """Counts actors as they come."""

    def __init__(self) -> None:
        self._sides: tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]] = (Counter(), Counter())
        self._sectors: dict[tuple[str, str], Counter[str]] = {}
        self._roles: dict[tuple[str, str], Counter[str]] = {}
        self._first: dict[tuple[str, str], Actor] = {}

    def add(self, source: Iterable[Actor], target: Iterable[Actor]) -> None:
        """The parties of one record."""
        for side, actors in zip(self._sides, (source, target), strict=True):
            for actor in actors:
                who = (actor.id or "", actor.name or "")
                if not any(who):
                    continue
                side[who] += 1
                self._first.setdefault(who, actor)
                if actor.country and not self._first[who].country:
                    self._first[who] = actor
                if actor.sector:
                    self._sectors.setdefault(who, Counter())[actor.sector] += 1
                if actor.role:
                    self._roles.setdefault(who, Counter())[actor.role] += 1

    def sheet(self) -> Sheet:
        """The dictionary as a file."""
        return Sheet(
            "actors", "event", COLUMNS, lambda _: self.rows(), "a principal, or a person or organisation that acts for one"
        )

    def rows(self) -> Iterator[list[Value]]:
        """By id and name."""
        for who in sorted(self._first):
            actor = self._first[who]
            country = home(actor)
            roles = _frequent(self._roles.get(who))
            yield [
                actor.id, actor.name, shown_name(actor) if actor.name or not is_country(actor) else None, kind(actor.id, actor.name, roles[0] if roles else None), _frequent(self._sectors.get(who)), roles,
                country.name if country else None, country.iso3 if country else None, country.numeric if country else None,
                country.cow if country else None, country.gw if country else None, country.geonames if country else None,
                country.wikidata if country and is_country(actor) and not actor.name else None,
                cameo_group(actor) or (cameo_country(actor) if country is None or is_country(actor) else "") or None,
                self._sides[0][who], self._sides[1][who],
            ]  # fmt: skip


def _frequent(counted: Counter[str] | None) -> list[str]:
    return sorted(counted, key=lambda word: (-counted[word], word)) if counted else []
