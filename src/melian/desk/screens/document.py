"""A report with all that was read from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from melian.crisis.questions import ids
from melian.crisis.questions.ids import shown
from melian.crisis.record.rows import fetch
from melian.desk import excerpts
from melian.errors import UnknownId
from melian.views import lines
from melian.views.headings import OPENING_SQL, heading

if TYPE_CHECKING:
    from starlette.responses import Response

    from melian.desk.visit import Visit

MOST = 500  # records of a report that are listed


def screen(visit: Visit) -> Response:
    """The whole text, with the main words of every record; those of the one to mark (`mark`) with their roles.

    Raises:
        UnknownId: nothing in the record has the id.
    """
    given = visit.request.path_params["id"]
    kind, number = ids.find(visit.connection, given)
    if kind != "document":
        raise UnknownId(f"{given} is no report; its evidence is at /evidence/{given}")
    row = fetch(visit.connection, "SELECT * FROM documents WHERE id = ?", [number])[0]
    published = row["published"].isoformat() if row["published"] else None
    records = []
    for what in ("event", "statement"):
        query = f"SELECT * FROM {what}s WHERE doc = ? ORDER BY start, id LIMIT {MOST}"
        records += [(what, each["start"], lines.record(what, each)) for each in fetch(visit.connection, query, [number])]
    records.sort(key=lambda entry: (entry[1], entry[2].id or ""))
    mark = (visit.parameter("mark") or "")[1:]
    chosen = next((record for _, _, record in records if record.id == mark), None)
    copy = visit.one('SELECT "of" FROM copies WHERE doc = ? AND "of" <> doc', number)
    copies = visit.rows(
        f'SELECT d.id, d.outlet, d.title, {OPENING_SQL}, d.published, d.published_at FROM copies c JOIN documents d ON d.id = c.doc WHERE c."of" = ? AND c.doc <> ? '
        "ORDER BY d.published, d.published_at, d.id LIMIT 20",
        copy if copy is not None else number,
        number,
    )
    origins = visit.rows("SELECT name, origin, digest FROM origins WHERE doc = ? ORDER BY ALL LIMIT 20", number)
    return visit.page(
        "document.html.jinja",
        name=heading(row),
        document=row,
        key=shown("document", number),
        excerpt=excerpts.whole(row["text"], [record for _, _, record in records], chosen, published),
        notes=[
            {"key": f"{what[0]}{record.id}", "what": what, "line": lines.record_line(record), "score": record.score}
            for what, _, record in records
        ],
        chosen=chosen.id if chosen else None,
        copy_of=shown("document", copy) if copy is not None else None,
        copies=[{**each, "key": shown("document", each["id"])} for each in copies],
        origins=origins,
        set_aside=visit.rows("SELECT type, score, why FROM abstentions WHERE doc = ? ORDER BY start LIMIT 50", number),
    )
