"""Whether the record, or one card of the review, has changed since a page was made: asked often, and mostly answered with nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from melian.desk import subjects
from melian.desk.addresses import PARAMETERS
from melian.errors import UnknownId

if TYPE_CHECKING:
    from starlette.responses import Response

    from melian.desk.visit import Visit


def pulse(visit: Visit) -> Response:
    """204 while the record is as the page has it; else a line that says so, and an event for the page's script."""
    from starlette.responses import Response

    if key := visit.parameter("id"):
        return _of_card(visit, key)
    if visit.parameter("since") in (visit.stamp, None):
        return Response(status_code=204)
    return visit.page(
        "pulse.html.jinja",
        headers={"HX-Trigger-After-Swap": "melian:changed"},
        news="The record has changed since this page was made.",
    )


def _of_card(visit: Visit, key: str) -> Response:
    """204 while a card is as the page shows it; else a line that says who did what to it, and a link to it as it is now."""
    from starlette.responses import Response

    try:
        told = subjects.otherwise(visit.connection, key, {"seen": visit.request.query_params.get("seen", "")})
    except UnknownId:
        told = "This is not in the record any more."
    if told is None:
        return Response(status_code=204)
    kept = {name: value for name in (*PARAMETERS, "again") if (value := visit.parameter(name))}
    return visit.page("card_changed.html.jinja", told=told, key=key, kept=kept)
