"""The tables of the record, with the filters of the address, as pages, CSV and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from melian import codebook
from melian.crisis.questions.choices import ENTRY_KINDS
from melian.crisis.questions.conditions import TOLD_AS
from melian.crisis.questions.filters import Filters
from melian.crisis.questions.tables import HEEDED, names, question
from melian.desk.addresses import PARAMETERS, clean
from melian.desk.downloads import as_csv, as_json, cursor_rows
from melian.errors import UnknownId
from melian.views.headings import OPENING_SQL, heading
from melian.views.lookups import among_ids

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
# What a page shows of a table; CSV and JSON have every column.
_COLUMNS: dict[str, tuple[str, ...]] = {
    "events": ("id", "first", "type", "realis", "source", "target", "place", "words", "outlet", "score"),
    "statements": ("id", "first", "act", "speaker_names", "speaker", "about", "words", "outlet", "score"),
    "incidents": ("id", "first", "last", "type", "source", "target", "place", "words", "tellings", "sources"),
    "documents": ("id", "published", "outlet", "title", "copy_of"),
}
_ENTRY_COLUMNS = ("id", "since", "by", "to", "status", "moved", "words", "tellings", "sources")
_IN_ADDRESS = {field: key for key, field in PARAMETERS.items()}
_IDS = frozenset({"id", "document", "incident", "copy_of", "replaces"})

_PARTIES = frozenset({"source", "target", "speaker", "addressee", "about", "by", "to"})


def overview(visit: Visit) -> Response:
    """All tables with the number of their rows."""
    counts = visit.desk.remembered(visit.stamp, ("counts",), lambda: _counts(visit))
    return visit.page("tables.html.jinja", what=WHAT, counts=counts)


def screen(visit: Visit) -> Response:
    """One table.

    Raises:
        UnknownId: there is no such table.
    """
    name = _name(visit)
    total = visit.desk.remembered(
        visit.stamp, ("rows of", name, repr(visit.filters)), lambda: _count(visit, name, visit.filters)
    )
    number = visit.page_number(total, PAGE)
    columns, found = _page(visit, name, PAGE * (number - 1))
    if name == "documents":
        _name_untitled(visit, found)
    shown = _COLUMNS.get(name) or (_ENTRY_COLUMNS if name in WHAT and "status" in columns else tuple(columns))
    choices: dict[str, Sequence[str]] = {"realis": codebook.REALIS}
    if name == "incidents":
        choices["realis"] = tuple(TOLD_AS)
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
        party_columns=_PARTIES,
        rows=found,
        total=total,
        number=number,
        more=total > PAGE * number,
        names_of_filters=[
            _IN_ADDRESS.get(field, field)
            for field in HEEDED[name]
            if field != "begun" and (name not in ENTRY_KINDS or field != "type")  # charts lead there; nobody types it
        ],
        choices=choices,
    )


def _name_untitled(visit: Visit, rows: Sequence[dict[str, Any]]) -> None:
    """Call reports without a title as other screens do."""
    untitled = {int(row["id"][1:], 16): row for row in rows if not row["title"]}
    query = f"SELECT d.id, d.title, {OPENING_SQL} FROM documents d WHERE {among_ids('d.id', untitled)}"
    for document in visit.rows(query):
        untitled[document["id"]]["title"] = heading(document)


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


def _page(visit: Visit, name: str, offset: int) -> tuple[list[str], list[dict[str, Any]]]:
    """The columns of a table, and the rows of a page of it."""
    asked = question(name, visit.filters, PAGE, offset)
    cursor = visit.connection.execute(f"SELECT * FROM ({asked.sql}) LIMIT 0", asked.values)
    return [column[0] for column in cursor.description or ()], visit.rows(asked.sql, *asked.values)


def _counts(visit: Visit) -> dict[str, int]:
    """How many rows each table has."""
    return {name: _count(visit, name, Filters()) for name in names()}


def _count(visit: Visit, name: str, filters: Filters) -> int:
    asked = question(name, filters)
    return int(visit.one(asked.count, *asked.values))


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
