"""The ledger: entries of one kind as threads, and how many of each kind stand where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from melian.crisis.judgements.fields import STATUSES
from melian.crisis.questions.choices import ENTRY_KINDS, check
from melian.crisis.questions.conditions import entry_conditions
from melian.crisis.questions.filters import where_clause
from melian.errors import UnknownId
from melian.views import lines, threads

if TYPE_CHECKING:
    from starlette.responses import Response

    from melian.desk.visit import Visit

PAGE = 24
NAMES = {
    "demands": "Demands and their answers",
    "redlines": "Threats and red lines",
    "offers": "Offers",
    "predictions": "Predictions",
    "denials": "Denials",
    "shifts": "Shifts of position",
}
LATEST = "greatest(e.since, e.latest, e.moved) DESC NULLS LAST"


def overview(visit: Visit) -> Response:
    """How many entries of each kind stand where, with the latest of each."""
    counts: dict[str, list[tuple[str, str, int]]] = {name: [] for name in NAMES}
    kinds = {kind: name for name, kind in ENTRY_KINDS.items()}
    for row in visit.rows("SELECT kind, status, count(*) AS n FROM entries GROUP BY ALL ORDER BY kind, n DESC, status"):
        counts[kinds[row["kind"]]].append((row["status"], lines.status_words(row["kind"], row["status"]), row["n"]))
    latest = {
        name: threads.entries(visit.connection, (["e.kind = ?"], [ENTRY_KINDS[name]]), LATEST, 2)
        for name in NAMES
        if counts[name]
    }
    return visit.page("ledger.html.jinja", names=NAMES, counts=counts, latest=latest)


def screen(visit: Visit) -> Response:
    """Entries of one kind, those that moved last first.

    Raises:
        UnknownId: there is no such kind.
        RecordError: an enumerated filter has another value.
    """
    name = visit.request.path_params["kind"]
    if name not in NAMES:
        raise UnknownId(f"the ledger has no {name!r}; it has {', '.join(NAMES)}")
    check(visit.filters, name)
    kind = ENTRY_KINDS[name]
    where = entry_conditions(visit.filters, kind)
    clause, values = where_clause(where)
    total = int(visit.one(f"SELECT count(*) FROM entries e{clause}", *values))
    number = visit.page_number(total, PAGE)
    return visit.page(
        "entries.html.jinja",
        names=NAMES,
        name=name,
        entries=threads.entries(visit.connection, where, LATEST, PAGE, PAGE * (number - 1)),
        total=total,
        number=number,
        more=total > PAGE * number,
        statuses=STATUSES[kind],
    )
