"""Which place in the world a name means, by the document that it stands in (the second step of `melian.coding.places`).

"City, Region" decides first; then every name takes the candidate that fits best the countries and other places of the
text and that is best known. One name means one place throughout a document.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import msgspec

from melian.knowledge.gazetteer import Place, fold, kilometres
from melian.records import Span

COUNTRY_PRIOR = 8.5  # log10 of the inhabitants that would make a city as likely
UNSIZED_PRIOR = 7.0  # the same for hand-kept regions, seas and sites
NEAR_KM = 300.0
CONTAINED_KM = 350.0
LISTED = re.compile(r"\.?,\s+(?:and\s+|or\s+)?|\s+(?:and|or)\s+")
# "Washington state", "New York Governor", "the state of Georgia": the region, not the city or country of its name.
_REGION_AFTER = re.compile(r"\s+(?:state|State|province|Province|[Gg]overnor|Gov\.|[Ll]awmakers|legislature)\b")
_REGION_BEFORE = re.compile(r"\b(?:(?:state|province|region|governor) of|Gov\. of)\s+\Z")
_HOLDER_FOLLOWS = re.compile(
    r"\.?,\s+(?:in\s+)?|\s+\(|,?\s+(?:located\s+|situated\s+)?in\s+(?:the\s+)?(?:\w+ern\s+|(?:state|province|city|region) of\s+)?"
)


class PlaceMention(msgspec.Struct, frozen=True):
    """A place name in a text.

    Attributes:
        span: [start, end) offsets into the text.
        words: the text of the span.
        place: the place that it means; None where the gazetteer has none of that name.
        why: what decided, in words.
        metonym: the name stands for a government ("Moscow warned"), so that it belongs on no map.
    """

    span: Span
    words: str
    place: Place | None
    why: str
    metonym: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A known name at tokens [first, last), with its candidates."""

    first: int
    last: int
    span: Span
    key: str
    places: tuple[Place, ...]


def followed_by_holder(text: str, matches: Sequence[Match]) -> set[int]:
    """Numbers of matches followed by ", Region" or " (Region)"."""
    return {
        number
        for number, (match, following) in enumerate(pairwise(matches))
        if _HOLDER_FOLLOWS.fullmatch(text[match.span[1] : following.span[0]]) and not _in_list_of_regions(text, matches, number)
    }


def _in_list_of_regions(text: str, matches: Sequence[Match], number: int) -> bool:
    """Whether a name and the next are two of three or more regions of one country: "Washington, Oregon and Idaho"."""

    def homes(at: int) -> set[str | None]:
        return {place.country for place in matches[at].places if place.kind == "admin1"} if 0 <= at < len(matches) else set()

    def listed(at: int) -> bool:
        between = text[matches[at].span[1] : matches[at + 1].span[0]] if 0 <= at < len(matches) - 1 else ""
        return LISTED.fullmatch(between) is not None

    shared = homes(number) & homes(number + 1)
    return listed(number) and bool(
        (shared & homes(number - 1) and listed(number - 1)) or (shared & homes(number + 2) and listed(number + 1))
    )


def told_regions(text: str, matches: Sequence[Match]) -> list[Match]:
    """The matches, with regions alone for candidates where the words beside the name say that it is one."""
    return [
        Match(match.first, match.last, match.span, f"{match.key} region", regions)
        if (regions := tuple(place for place in match.places if place.kind == "admin1"))
        and regions != match.places
        and (
            _REGION_AFTER.match(text, match.span[1]) or _REGION_BEFORE.search(text[max(0, match.span[0] - 16) : match.span[0]])
        )
        else match
        for match in matches
    ]


def _within(inner: Place, outer: Place) -> bool:
    """Whether one place lies in another that is a country, region or large city."""
    if outer.country is None or inner.country != outer.country or inner == outer or inner.kind in ("country", "continent"):
        return False
    if outer.kind == "country":
        return True
    if inner.kind == "admin1":
        return False
    if outer.kind == "admin1":
        return inner.admin == outer.name
    apart = kilometres((inner.lat, inner.lon), (outer.lat, outer.lon))
    return apart < (CONTAINED_KM if outer.geonames_id is None else 80.0) and inner.kind in ("city", "capital", "site")


def contained(inner: Sequence[Place], outer: Sequence[Place]) -> tuple[Place, Place] | None:
    """The likeliest pair of candidates of which the first lies in the second."""
    # "China, Japan" is a list, though Japan has a town of that name; "Lebanon, Pennsylvania" is none.
    whole = bool(inner) and inner[0].kind in ("country", "continent", "sea")
    pairs = (
        (a + b, x, y)
        for a, x in enumerate(inner)
        for b, y in enumerate(outer[:6])
        if _within(x, y) and not (whole and y.kind != "admin1")
    )
    best = min(pairs, key=lambda pair: pair[0], default=None)
    return (best[1], best[2]) if best else None


def settle(text: str, matches: Sequence[Match]) -> list[PlaceMention]:
    """One place for every match."""
    matches = told_regions(text, matches)
    places: dict[int, tuple[Place, str]] = {}
    joined = followed_by_holder(text, matches)
    for number in sorted(joined, reverse=True):
        # From the right, so that in "Paris, Texas, United States" each step stands on the one before.
        outer = (places[number + 1][0],) if number + 1 in places else matches[number + 1].places
        inner = matches[number].places
        if number - 1 in joined:  # "Buffalo, New York, in the United States": the one that has a Buffalo in it
            inner = tuple(place for place in inner if contained(matches[number - 1].places, (place,))) or inner
        pair = contained(inner, outer)
        if pair is not None:
            places[number] = pair[0], f"in {pair[1].name}, which follows"
            places.setdefault(number + 1, (pair[1], f"holds {pair[0].name}, named before it"))
    for number, (place, _) in sorted(places.items()):
        for other, match in enumerate(matches):
            if other not in places and match.key == matches[number].key and place in match.places:
                places[other] = place, "as elsewhere in the text"
    groups: dict[str, list[int]] = defaultdict(list)
    for number, match in enumerate(matches):
        if number not in places and match.places:
            groups[match.key].append(number)
    chosen = {key: matches[numbers[0]].places[0] for key, numbers in groups.items()}
    sure = [place for place, _ in places.values()]
    sure += [chosen[key] for key, numbers in groups.items() for _ in numbers if _unrivalled(matches[numbers[0]].places, key)]
    reasons = dict.fromkeys(chosen, "best known of its name")
    for _ in range(2):
        for key, numbers in groups.items():
            options = matches[numbers[0]].places
            if len(options) == 1:
                reasons[key] = "only one of its name"
                continue
            around = [place for place in sure if place not in options]
            around += [place for other, place in chosen.items() if other != key]
            beside = [chosen_place for number in numbers for chosen_place in _beside(text, matches, number, places, chosen)]
            fits = {place: _fitness(place, options, key, around, beside) for place in options}
            best = max(options, key=fits.__getitem__)
            if best != chosen[key]:
                chosen[key], reasons[key] = best, "near other places of the text"
    for key, numbers in groups.items():
        places.update((number, (chosen[key], reasons[key])) for number in numbers)
    return [
        PlaceMention(match.span, text[slice(*match.span)], *places.get(number, (None, "not in the gazetteer")))
        for number, match in enumerate(matches)
    ]


NEIGHBOURS = 12  # names of a list on either side that are asked


def _beside(
    text: str, matches: Sequence[Match], number: int, places: dict[int, tuple[Place, str]], chosen: dict[str, Place]
) -> Iterable[Place]:
    """The present readings of the names listed with this one ("Washington, Oregon and Idaho")."""
    for step in (-1, 1):
        other = number + step
        while 0 <= other < len(matches) and abs(other - number) <= NEIGHBOURS:
            first, second = sorted((matches[other - step], matches[other]), key=lambda match: match.span)
            if not LISTED.fullmatch(text[first.span[1] : second.span[0]]):
                break
            if matches[other].key != matches[number].key:
                place = places[other][0] if other in places else chosen.get(matches[other].key)
                if place is not None:
                    yield place
            other += step


def _prior(place: Place, options: Sequence[Place], key: str) -> float:
    """Log10 of the inhabitants that a city as likely would have."""
    if place.kind in ("country", "continent"):
        return COUNTRY_PRIOR
    if place.geonames_id is None:
        return UNSIZED_PRIOR
    namesake = place.kind == "admin1" and any(other.admin == place.name for other in options)
    # British and Irish counties go by their bare names; elsewhere second-level regions seldom do.
    second = 0.3 if place.country in ("GBR", "IRL") else 0.03
    scale = {"capital": 20.0, "admin1": 0.1 if namesake else 1.0, "admin2": second}.get(place.kind, 1.0)
    usual = is_usual(place, key) or (place.kind == "city" and fold(place.name) == f"{key} city")
    return math.log10(max(place.population * scale, 10.0)) - (0.0 if usual else 0.7)


def is_usual(place: Place, key: str) -> bool:
    """Whether the folded name is what the place is commonly called: "Zambales" for "Province of Zambales"."""
    name = fold(place.name)
    return key == name or (place.kind in ("admin1", "admin2") and f" {key} " in f" {name} ")


def _unrivalled(options: Sequence[Place], key: str) -> bool:
    first = _prior(options[0], options, key)
    others = [_prior(place, options, key) for place in options[1:] if place.country != options[0].country]
    return first >= 5.0 and first - max(others, default=0.0) >= 1.5


def _fitness(place: Place, options: Sequence[Place], key: str, around: Sequence[Place], beside: Sequence[Place]) -> float:
    """How well a candidate fits: renown, the share of the text's places in its country and region, the nearest of them,
    and whether the names listed with it are of its kind.
    """
    if not around:
        return _prior(place, options, key)
    # A country may stand in the news as a party far from where things happen: alone it says little of where its namesakes lie.
    countries: Counter[str] = Counter()
    for other in around:
        if other.country:
            countries[other.country] += 1 if other.kind == "country" else 2
    sited = any(other.kind != "country" for other in around)
    total = sum(countries.values()) or 1
    share = countries[place.country] / total if place.country else 0.0
    named = any(other.kind == "country" and other.country == place.country for other in around)
    region = place.name if place.kind == "admin1" else place.admin
    admins = sum(region in (other.admin, other.name) for other in around if other.country == place.country)
    listed = sum(other.kind == place.kind and other.country == place.country for other in beside)
    points = [other for other in around if other.kind not in ("country", "continent")]
    nearest = min((kilometres((place.lat, place.lon), (other.lat, other.lon)) for other in points), default=math.inf)
    return (
        _prior(place, options, key)
        + ((1.2 if sited else 0.5) * share if place.country else 0.8)
        + (0.3 if named else 0.0)
        + (0.4 * min(admins, 2) if region else 0.0)
        + 0.8 * min(listed, 2)
        + 1.0 * math.exp(-nearest / NEAR_KM)
    )
