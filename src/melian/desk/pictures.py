"""The charts of the screens: those of `views.pictures`, whose marks lead to the screens that show what they count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from melian.crisis.questions.filters import Where
from melian.crisis.questions.places import only
from melian.desk.addresses import address, filter_parameters
from melian.views import pictures, situations, spans
from melian.views.names import place_name
from melian.views.pictures import Picture

if TYPE_CHECKING:
    from melian.analysis.tension import Period
    from melian.charts.map import Cluster
    from melian.desk.visit import Visit


def situation(visit: Visit) -> Any:
    """Where things stand: the arrow, its reason, and sentences that point at their evidence."""
    return visit.desk.remembered(visit.stamp, ("situation",), lambda: situations.situation(visit.connection))


def tension(visit: Visit) -> Picture | None:
    """Tension over time; each period leads to its days on the timeline."""
    from melian.analysis.tension import tension as measured

    found = visit.desk.remembered(visit.stamp, ("tension",), lambda: measured(visit.connection))

    def href(period: Period) -> str | None:
        if not (period.incidents or period.reports):
            return None
        begun = spans.iso(period.first, spans.end_of(period.first, f"{found.unit}s"))
        return address("/timeline", begun=begun, realis="actual", zoom="days")

    return pictures.tension(found, href)


def timeline(visit: Visit, where: Where, zoom: str, closer: str | None) -> Picture | None:
    """Incidents in time; columns lead to the zoom `closer`, or to the same where there is none."""
    kept = filter_parameters(visit.filters)

    def href(first: date) -> str | None:
        if zoom == "hours":
            return None
        return address("/timeline", **{**kept, "begun": spans.iso(first, spans.end_of(first, zoom))}, zoom=closer or zoom)

    return pictures.timeline(visit.connection, where, zoom, href)


def matrix(visit: Visit, pairs: Sequence[dict[str, Any]], parties: int) -> Picture | None:
    """Who with whom; each square leads to the incidents that it counts."""
    return pictures.matrix(pairs, parties, lambda who, whom: visit.exactly("/timeline", who=who, whom=whom, realis="actual"))


def network(visit: Visit, pairs: Sequence[dict[str, Any]], parties: int) -> Picture | None:
    """The parties and what passes between them; each name leads to the party's page."""
    return pictures.network(pairs, parties, lambda party: address(f"/party/{party}"))


def map(visit: Visit, rows: Sequence[dict[str, Any]], places: int, countries: Sequence[str] = ()) -> Picture | None:
    """Where incidents happened; a place leads to its incidents, several that are one mark to the map of their countries."""

    def href(cluster: Cluster) -> str:
        first = cluster.members[0].spot
        if len(cluster.members) == 1:
            return visit.exactly("/timeline", place=only(place_name(first.place) or None, first.country))
        here = dict.fromkeys(each.spot.country for each in cluster.members if each.spot.country)
        if here and set(here) != set(countries):
            return visit.here(**{"in": ",".join(here)})
        return "#places"

    return pictures.map(rows, places, href)
