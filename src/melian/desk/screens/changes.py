"""Whether the record has changed since a page was made: asked every few seconds, and mostly answered with nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.responses import Response

    from melian.desk.visit import Visit


def pulse(visit: Visit) -> Response:
    """204 while the record is as the page has it; else a line that says so, and an event for the page's script."""
    from starlette.responses import Response

    if visit.parameter("since") in (visit.stamp, None):
        return Response(status_code=204)
    return visit.page(
        "pulse.html.jinja",
        headers={"HX-Trigger-After-Swap": "melian:changed"},
        news="The record has changed since this page was made.",
    )
