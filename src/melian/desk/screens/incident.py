"""The page of an incident: tellings side by side, the range of their numbers, who confirms and who denies, merging and splitting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from melian.crisis.questions import ids
from melian.crisis.questions.ids import shown
from melian.desk.screens.evidence import of_incident
from melian.views import threads

if TYPE_CHECKING:
    from starlette.responses import Response

    from melian.desk.visit import Visit

MOST = 200  # tellings on the page
NEAR = 8  # incidents that may be the same


def screen(visit: Visit) -> Response:
    """An incident with every telling.

    Raises:
        UnknownId: nothing in the record has the id.
    """
    kind, number = ids.find(visit.connection, visit.request.path_params["id"])
    if kind != "incident":
        from starlette.responses import RedirectResponse

        return RedirectResponse(f"/evidence/{shown(kind, number)}", 303)
    return show(visit, number)


def show(visit: Visit, number: int, done: str | None = None) -> Response:
    """The page, under a line that says what was just done."""
    found = of_incident(visit, number, MOST)
    row = found["incident"]
    parties = [actor["id"] for actor in row["source"] if actor["id"]]
    near = threads.incidents(
        visit.connection,
        (
            [
                "i.type = ?",
                "i.id <> ?",
                "i.first <= CAST(? AS DATE) + 3",
                "i.last >= CAST(? AS DATE) - 3",
                "list_has_any([a.id FOR a IN i.source], CAST(? AS VARCHAR[]))",
            ],
            [row["type"], number, row["last"], row["first"], parties],
        ),
        "i.tellings DESC",
        NEAR,
    )
    return visit.page("incident.html.jinja", done=done, near=near if row["first"] else [], **found)
