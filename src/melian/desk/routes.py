"""Every address of the desk: what answers it, what it shows, which parameters it heeds. The OpenAPI description is made from this."""

from __future__ import annotations

from typing import TYPE_CHECKING

from melian.desk.addresses import PARAMETERS
from melian.desk.route import Route
from melian.desk.screens import (
    agreement,
    changes,
    data,
    document,
    entry,
    evidence,
    first,
    incident,
    judging,
    ledger,
    map,
    parties,
    party,
    review,
    search,
    sources,
    tables,
    timeline,
)

if TYPE_CHECKING:
    from starlette.responses import Response

    from melian.desk.visit import Visit

FILTERS = tuple(PARAMETERS)


def description(visit: Visit) -> Response:
    """The OpenAPI description of these routes."""
    from starlette.responses import JSONResponse

    from melian.desk.openapi import describe

    return JSONResponse(describe(ROUTES, read_only=visit.desk.access.read_only))


ROUTES: tuple[Route, ...] = (
    Route(
        path="/",
        handler=first.screen,
        summary="Where things stand: situation, tension, what changed, standing demands and red lines, open predictions",
        parameters=("since",),
    ),
    Route(path="/ledger", handler=ledger.overview, summary="The ledger: how many entries of each kind stand where"),
    Route(
        path="/ledger/{kind}",
        handler=ledger.screen,
        summary="Entries of one kind with their answers: demands, redlines, offers, predictions, denials or shifts",
        parameters=(*FILTERS, "page"),
    ),
    Route(path="/entry/{id}", handler=entry.screen, summary="An entry of the ledger with all its tellings and answers"),
    Route(path="/timeline", handler=timeline.screen, summary="Incidents in time", parameters=(*FILTERS, "zoom", "page")),
    Route(
        path="/incident/{id}", handler=incident.screen, summary="An incident: its tellings side by side, its numbers, who denies it"
    ),
    Route(path="/parties", handler=parties.screen, summary="Who with whom, cooperation and conflict apart", parameters=FILTERS),
    Route(
        path="/party/{party:path}",
        handler=party.screen,
        summary="A party: its people in office on a day, its statements, demands and incidents",
        parameters=("on", "from", "to"),
    ),
    Route(path="/map", handler=map.screen, summary="Where incidents happened", parameters=FILTERS),
    Route(
        path="/sources",
        handler=sources.screen,
        summary="Which outlet tells what, how often first, how often alone",
        parameters=("from", "to", "source"),
    ),
    Route(
        path="/search.csv", handler=search.csv, summary="All hits as CSV", parameters=("q", *FILTERS), media="text/csv"
    ),
    Route(
        path="/search.json", handler=search.json, summary="All hits as JSON", parameters=("q", *FILTERS),
        media="application/json",
    ),
    Route(path="/search", handler=search.screen, summary="Words in the texts", parameters=("q", *FILTERS, "page")),
    Route(path="/document/{id}", handler=document.screen, summary="A report with all that was read from it", parameters=("mark",)),
    Route(path="/evidence/{id}", handler=evidence.screen, summary="The words that an event, statement, incident or entry rests on"),
    Route(path="/review", handler=review.screen, summary="The next record to be judged", parameters=(*FILTERS, "again", "at"), judges=True),
    Route(path="/review/agreement", handler=agreement.screen, summary="How far analysts agree, with each other and the machine"),
    Route(
        path="/review",
        handler=review.judged,
        method="POST", judges=True,
        summary="Judge or skip a card of the review queue, or undo",
        fields=("id", "seen", "kind", "values", "note"),
    ),
    Route(
        path="/judge",
        handler=judging.judged,
        method="POST", judges=True,
        summary="Accept, reject, correct, merge, split, note or undo",
        fields=("id", "seen", "kind", "values", "note", "back"),
    ),
    Route(path="/analyst", handler=judging.named, method="POST", judges=True, summary="The name to judge under", fields=("analyst", "back")),
    Route(path="/tables", handler=tables.overview, summary="All tables"),
    Route(path="/tables/{name}.csv", handler=tables.csv, summary="A table as CSV", parameters=FILTERS, media="text/csv"),
    Route(path="/tables/{name}.json", handler=tables.json, summary="A table as JSON", parameters=FILTERS, media="application/json"),
    Route(path="/tables/{name}", handler=tables.screen, summary="A table", parameters=(*FILTERS, "page")),
    Route(
        path="/data/{name}.csv", handler=data.csv, summary="What a chart shows, as CSV", parameters=(*FILTERS, "party", "since"), media="text/csv"
    ),
    Route(
        path="/data/{name}.json", handler=data.json, summary="What a chart shows, as JSON", parameters=(*FILTERS, "party", "since"),
        media="application/json",
    ),
    Route(path="/changes", handler=changes.pulse, summary="204 while the record is as the page has it", parameters=("since", "id", "seen")),
    Route(path="/openapi.json", handler=description, summary="This description", media="application/json"),
)  # fmt: skip
