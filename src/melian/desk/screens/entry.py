"""The page of a ledger entry: all tellings, all answers, what can be judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from melian.crisis.questions import ids
from melian.crisis.questions.ids import shown
from melian.desk.screens.evidence import of_entry

if TYPE_CHECKING:
    from starlette.responses import Response

    from melian.desk.visit import Visit

MOST = 200  # tellings and answers on the page


def screen(visit: Visit) -> Response:
    """An entry with all that it rests on.

    Raises:
        UnknownId: nothing in the record has the id.
    """
    kind, number = ids.find(visit.connection, visit.request.path_params["id"])
    if kind in ("event", "statement", "incident", "document"):
        from starlette.responses import RedirectResponse

        return RedirectResponse(f"/evidence/{shown(kind, number)}", 303)
    return show(visit, number)


def show(visit: Visit, number: int) -> Response:
    """The page of an entry."""
    return visit.page("entry.html.jinja", done=None, **of_entry(visit, number, MOST))
