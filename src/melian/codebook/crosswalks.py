"""From Melian's codebook to the field's others and back: CAMEO (ICEWS, GDELT), PLOVER (POLECAT) and ACLED.

    >>> from melian.codebook import crosswalks
    >>> crosswalks.cameo_code("CONSULT", "call").name
    'Discuss by telephone'
    >>> crosswalks.cameo("195").type
    'ASSAULT'

The tables stand beside this module: `cameo.json` (compiled by `tools/compile_crosswalks.py`, which names the sources), and
`crosswalk_modes.json`, `crosswalk_plover.json`, `crosswalk_sectors.json`, `crosswalk_actors.json` and `crosswalk_places.json`, kept by
hand. Sources: PLOVER's manual and its table CAMEO2PLOVER of 2021; CAMEO 1.1b3 and GDELT's look-up lists of its actor codes; ACLED's
codebook of 2023; the sector and country names of the ICEWS event files.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal, TypeVar

import msgspec

from melian.codebook import QUADS

How = Literal["mutual", "turned"]

ACLED_EVENTS: dict[str, tuple[str, str]] = {
    "Armed clash": ("Battles", "Political violence"),
    "Shelling/artillery/missile attack": ("Explosions/Remote violence", "Political violence"),
    "Air/drone strike": ("Explosions/Remote violence", "Political violence"),
    "Remote explosive/landmine/IED": ("Explosions/Remote violence", "Political violence"),
    "Attack": ("Violence against civilians", "Political violence"),
    "Abduction/forced disappearance": ("Violence against civilians", "Political violence"),
    "Peaceful protest": ("Protests", "Demonstrations"),
    "Violent demonstration": ("Riots", "Demonstrations"),
    "Agreement": ("Strategic developments", "Strategic developments"),
    "Arrests": ("Strategic developments", "Strategic developments"),
    "Change to group/activity": ("Strategic developments", "Strategic developments"),
    "Looting/property destruction": ("Strategic developments", "Strategic developments"),
    "Other": ("Strategic developments", "Strategic developments"),
}
"""ACLED's event type and disorder type of each of its sub-event types that Melian's types lead to."""


class Cameo(msgspec.Struct, frozen=True, array_like=True):
    """A CAMEO code.

    Attributes:
        name: as ICEWS writes it in "Event Text".
        goldstein: conflict (-10) to cooperation (10), after Goldstein (1992); ICEWS calls it intensity.
        type: Melian's event type; None where its codebook has no event for it (comments, symbolic acts).
        mode: the mode of that type, where the code says it.
        how: "mutual" where both parties do it, "turned" where the code's target is the doer (043, host a visit).
    """

    name: str
    goldstein: float
    type: str | None
    mode: str | None
    how: How | None


class Mode(msgspec.Struct, frozen=True):
    """What an event type with a mode ("" for none) is elsewhere.

    Attributes:
        cameo: CAMEO code.
        irregular: the code where who acts is no state's (180 for 190).
        icews: the code in ICEWS, which has not all of CAMEO's.
        plover: PLOVER's mode; None where it has none.
        contexts: PLOVER's contexts that the mode stands for.
        acled: ACLED's sub-event type; None where ACLED has no such events.
        acled_civilians: the same where the target are civilians.
    """

    cameo: str
    irregular: str | None = None
    icews: str | None = None
    plover: str | None = None
    contexts: tuple[str, ...] = ()
    acled: str | None = None
    acled_civilians: str | None = None


class Sector(msgspec.Struct, frozen=True):
    """What a sector is called in CAMEO, PLOVER, ICEWS (its list of sectors and its generic actor) and ACLED (its actor type)."""

    cameo: str
    plover: str | None
    icews: tuple[str, ...]
    agent: str
    acled: str


class PlaceKind(msgspec.Struct, frozen=True):
    """How exact a kind of place is: PLOVER's resolution (5 a site … 1 a country), ACLED's precision (1 exact … 3 a region), GDELT's
    type (1 country, 4 town, 5 region) and GeoNames' feature code. None where the scale has no step for it (a sea)."""

    resolution: int | None
    acled: int
    gdelt: int | None
    feature: str


class ActorCodes(msgspec.Struct, frozen=True):
    """Actors elsewhere.

    Attributes:
        groups: CAMEO's known groups: code to Melian's id.
        more_groups: further codes that are read as one of the ids, and not written.
        cameo_countries: CAMEO's country codes that are not those of ISO 3166-1, by code.
        regions: CAMEO's regions that are blocs of Melian's.
        icews_names: ICEWS's names of countries that it calls otherwise than Melian.
        country_names: ISO alpha-3 code by names that ICEWS and others use of countries and parts of them.
        names: names that ICEWS uses of persons and organisations which Melian's tables know under another.
    """

    groups: dict[str, str]
    more_groups: dict[str, str]
    cameo_countries: dict[str, str]
    regions: dict[str, str]
    icews_names: dict[str, str]
    country_names: dict[str, str]
    names: dict[str, str]


class _Plover(msgspec.Struct, frozen=True):
    types: dict[str, str]
    type_modes: dict[str, str]
    modes: dict[str, dict[str, str]]
    contexts: dict[str, dict[str, str]]
    realis: dict[str, tuple[str, ...]]


class _Sectors(msgspec.Struct, frozen=True):
    sectors: dict[str, Sector]
    from_cameo: dict[str, str]
    from_plover: dict[str, str]
    from_icews: tuple[tuple[str, tuple[str, ...]], ...]
    from_agent: tuple[tuple[str, tuple[str, ...]], ...]


_T = TypeVar("_T")


def _read(name: str, kind: type[_T]) -> _T:
    return msgspec.json.decode(files(__package__).joinpath(f"{name}.json").read_bytes(), type=kind)


@cache
def cameo_codes() -> dict[str, Cameo]:
    """All CAMEO codes, roots ("19") too, in order."""
    return _read("cameo", dict[str, Cameo])


def cameo(code: str) -> Cameo | None:
    """A CAMEO code, or the nearest above it ("1933" is read as "193"); None where there is no such family.

    A code that lost its leading zero in a spreadsheet ("42" for "042") cannot be told from a root and is read as it stands.
    """
    codes = cameo_codes()
    return next((codes[code[:length]] for length in range(len(code), 1, -1) if code[:length] in codes), None)


@cache
def cameo_by_name() -> dict[str, str]:
    """Codes by their names, in lower case; of a root and its first code with one name, the longer."""
    return {code.name.lower(): number for number, code in cameo_codes().items()}


@cache
def modes_table() -> dict[str, dict[str, Mode]]:
    """For each event type and mode ("" for none), what it is elsewhere."""
    return _read("crosswalk_modes", dict[str, dict[str, Mode]])


def mode_elsewhere(event_type: str, mode: str | None) -> Mode:
    """What an event type with a mode is elsewhere; a mode that the table lacks counts as none."""
    table = modes_table()[event_type]
    return table.get(mode or "", table[""])


def cameo_number(event_type: str, mode: str | None, irregular: bool = False) -> str:
    """The CAMEO code of an event type with a mode.

    Args:
        event_type: one of the codebook's.
        mode: one of the type's, or None.
        irregular: whether who acts is no state's force: "180" (unconventional violence) for "190" (conventional force).
    """
    found = mode_elsewhere(event_type, mode)
    return found.irregular if irregular and found.irregular else found.cameo


def cameo_code(event_type: str, mode: str | None, irregular: bool = False) -> Cameo:
    """The row of `cameo_number`."""
    return cameo_codes()[cameo_number(event_type, mode, irregular)]


def gdelt_quad(code: str) -> int:
    """GDELT's QuadClass of a CAMEO code: 1 and 2 verbal and material cooperation, 3 and 4 verbal and material conflict."""
    root = int(code[:2])
    return 1 if root <= 5 else 2 if root <= 8 else 3 if root <= 13 else 4


def quad_number(quad: str) -> int:
    """PLOVER's number of a quad class, 1 to 4."""
    return QUADS.index(quad) + 1


def from_plover(event_type: str, mode: str | None = None, contexts: Iterable[str] = ()) -> tuple[str, str | None] | None:
    """Melian's type and mode for PLOVER's (also of its earlier drafts); None where there is no such type."""
    table = _plover()
    given = event_type.strip().upper()
    found = table.types.get(given, given)
    if found not in modes_table():
        return None
    by_mode = table.modes.get(found, {}).get((mode or "").strip().lower())
    heeded = table.contexts.get(found, {})
    by_context = next((heeded[context] for context in contexts if context in heeded), None)
    # A cut that PLOVER calls "discontinue" is of aid, trade or arms: the context says which.
    chosen = by_context if by_mode is None or (found == "SANCTION" and by_mode == "economic") else by_mode
    return found, chosen or by_mode or table.type_modes.get(given)


def plover_realis(realis: str) -> tuple[str, ...]:
    """PLOVER's contexts for an event that did not happen, or not yet: "future", "hypothetical", "negation"."""
    return _plover().realis.get(realis, ())


def sector_elsewhere(sector: str | None) -> Sector | None:
    """What a sector is called elsewhere."""
    return _sectors().sectors.get(sector or "")


def sector_of_cameo(*codes: str) -> str | None:
    """The sector of the first of CAMEO's type codes that says one ("INS" is REB)."""
    table = _sectors()
    return next((found for code in codes if (found := _same(code, table.from_cameo, table.sectors))), None)


def sector_of_plover(*codes: str) -> str | None:
    """The sector of the first of PLOVER's codes that says one ("JRN" is MED, "MED" is health and so CVL)."""
    table = _sectors()
    return next((found for code in codes if (found := _same(code, table.from_plover, table.sectors))), None)


def _same(code: str, others: dict[str, str], sectors: dict[str, Sector]) -> str | None:
    given = code.strip().upper()
    return others.get(given, given if given in sectors else None)


@lru_cache(maxsize=1 << 14)
def sector_of_icews(listed: str) -> str | None:
    """The sector of a list of ICEWS sectors ("Executive,Foreign Ministry,Government"): the most telling of them decides."""
    given = {word.strip() for word in listed.split(",")} - {""}
    for sector, words in _sectors().from_icews:
        for word in words:
            if word in given or (word.startswith("*") and any(each.endswith(word[1:]) for each in given)):
                return sector
    return None


@lru_cache(maxsize=1 << 14)
def sector_of_agent(agent: str) -> str | None:
    """The sector of one of ICEWS's generic actors ("Armed Rebel", "Foreign Affairs"): the first word of a sector's that it has."""
    given = f" {agent.lower()} "
    for sector, words in _sectors().from_agent:
        if any(f" {word.strip()}" in given if len(word) > 3 else f" {word.strip()} " in given for word in words):
            return sector
    return None


@cache
def actor_codes() -> ActorCodes:
    """Codes of groups and countries elsewhere."""
    return _read("crosswalk_actors", ActorCodes)


@cache
def cameo_groups() -> dict[str, str]:
    """CAMEO's code of a known group by Melian's id."""
    return {id_: code for code, id_ in actor_codes().groups.items()}


def place_kind(kind: str) -> PlaceKind:
    """How exact a kind of the gazetteer's places is."""
    return _places()[kind]


@cache
def _plover() -> _Plover:
    return _read("crosswalk_plover", _Plover)


@cache
def _sectors() -> _Sectors:
    return _read("crosswalk_sectors", _Sectors)


@cache
def _places() -> dict[str, PlaceKind]:
    return _read("crosswalk_places", dict[str, PlaceKind])
