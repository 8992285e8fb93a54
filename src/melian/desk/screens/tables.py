"""The tables of the record, with the filters of the address, as pages, CSV and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from melian import codebook
from melian.crisis.questions.filters import Filters
from melian.crisis.questions.tables import names, question
from melian.desk.addresses import clean
from melian.desk.downloads import as_csv, as_json, cursor_rows
from melian.errors import UnknownId

if TYPE_CHECKING:
    import duckdb
    from starlette.responses import Response

    from melian.desk.visit import Visit

PAGE = 60
WHAT = {
    "events": "What happened, as each report tells it",
    "statements": "Who said what",
    "incidents": "What happened, the reports of one happening together",
    "demands": "Demands and where they stand",
    "offers": "Offers and where they stand",
    "redlines": "Threats and red lines",
    "predictions": "Predictions and their outcome",
    "denials": "Denials",
    "shifts": "Shifts of position",
    "actors": "Who acts, suffers and speaks",
    "documents": "The reports",
    "sources": "The outlets",
    "quarantine": "What could not be read",
}
_FILTERS = {
    "events": ("from", "to", "who", "whom", "type", "realis", "place", "source", "text"),
    "statements": ("from", "to", "who", "whom", "type", "place", "source", "text"),
    "incidents": ("from", "to", "who", "whom", "type", "place", "source", "text"),
    "actors": ("from", "to", "who", "type", "text"),
    "documents": ("from", "to", "source", "text"),
    "sources": ("from", "to", "source"),
    "quarantine": ("type", "source", "text"),
}
_ENTRY = ("from", "to", "who", "whom", "status", "source", "text")
# What a page shows of a table; CSV and JSON have every column.
_COLUMNS: dict[str, tuple[str, ...]] = {
    "events": ("id", "first", "type", "realis", "source", "target", "place", "words", "outlet", "score"),
    "statements": ("id", "first", "act", "speaker_names", "speaker", "about", "words", "outlet", "score"),
    "incidents": ("id", "first", "last", "type", "source", "target", "place", "words", "tellings", "sources"),
    "documents": ("id", "published", "outlet", "title", "copy_of"),
}
_ENTRY_COLUMNS = ("id", "since", "by", "to", "status", "moved", "words", "tellings", "sources")
_PLAIN = frozenset({"events", "incidents", "statements", "documents", "quarantine"})
_IDS = frozenset({"id", "document", "incident", "copy_of", "replaces"})


def overview(visit: Visit) -> Response:
    """All tables with the number of their rows."""
    counts = {name: visit.desk.remembered(visit.stamp, ("count", name), partial(_count, visit, name)) for name in names()}
    return visit.page("tables.html.jinja", what=WHAT, counts=counts)


def screen(visit: Visit) -> Response:
    """One table.

    Raises:
        UnknownId: there is no such table.
    """
    name, number = _name(visit), visit.page_number()
    asked = question(name, visit.filters)
    cursor = visit.connection.execute(f"{asked.sql} LIMIT {PAGE + 1} OFFSET {PAGE * (number - 1)}", asked.values)
    columns, rows = cursor_rows(cursor)
    found = [dict(zip(columns, row, strict=True)) for row in rows]
    shown = _COLUMNS.get(name) or (_ENTRY_COLUMNS if name in WHAT and "status" in columns else tuple(columns))
    choices: dict[str, Sequence[str]] = {"realis": codebook.REALIS}
    if name in ("events", "incidents"):
        choices["type"] = codebook.event_types()
    elif name == "statements":
        choices["type"] = codebook.acts()
    return visit.page(
        "table.html.jinja",
        name=name,
        what=WHAT[name],
        names=WHAT,
        columns=shown,
        ids=_IDS,
        rows=found[:PAGE],
        number=number,
        more=len(found) > PAGE,
        names_of_filters=_FILTERS.get(name, _ENTRY),
        choices=choices,
    )


def csv(visit: Visit) -> Response:
    """All rows of a table, all columns, as CSV.

    Raises:
        UnknownId: there is no such table.
    """
    return as_csv(visit.desk, _file(visit), _ask(visit))


def json(visit: Visit) -> Response:
    """All rows of a table, all columns, as JSON.

    Raises:
        UnknownId: there is no such table.
    """
    return as_json(visit.desk, _file(visit), _ask(visit))


def _count(visit: Visit, name: str) -> int:
    if name in _PLAIN:
        return int(visit.one(f"SELECT count(*) FROM {name}"))
    asked = question(name, Filters())
    return int(visit.one(f"SELECT count(*) FROM ({asked.sql})", *asked.values))


def _ask(visit: Visit) -> Any:
    asked = question(_name(visit), visit.filters)

    def ask(connection: duckdb.DuckDBPyConnection) -> tuple[list[str], Any]:
        return cursor_rows(connection.execute(asked.sql, asked.values))

    return ask


def _name(visit: Visit) -> str:
    name = str(visit.request.path_params["name"])
    if name not in names():
        raise UnknownId(f"there is no table {clean(name)!r}; there are {', '.join(names())}")
    return name


def _file(visit: Visit) -> str:
    return f"melian-{_name(visit)}"
