"""The tables of the record, with the filters of the address, as pages, CSV and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from melian import codebook
from melian.crisis.questions.tables import ENTRY_KINDS, HEEDED, Question, names, question
from melian.desk.addresses import PARAMETERS, clean
from melian.desk.downloads import as_csv, as_json, cursor_rows
from melian.desk.lookups import ids_of
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
# What a page shows of a table; CSV and JSON have every column.
_COLUMNS: dict[str, tuple[str, ...]] = {
    "events": ("id", "first", "type", "realis", "source", "target", "place", "words", "outlet", "score"),
    "statements": ("id", "first", "act", "speaker_names", "speaker", "about", "words", "outlet", "score"),
    "incidents": ("id", "first", "last", "type", "source", "target", "place", "words", "tellings", "sources"),
    "documents": ("id", "published", "outlet", "title", "copy_of"),
}
_ENTRY_COLUMNS = ("id", "since", "by", "to", "status", "moved", "words", "tellings", "sources")
_COUNTS = {
    **{name: f"SELECT count(*) FROM {name}" for name in ("events", "incidents", "statements", "documents", "quarantine")},
    "sources": "SELECT count(DISTINCT coalesce(outlet, '(not named)')) FROM documents",
    "actors": "SELECT count(*) FROM (SELECT DISTINCT id, name FROM (SELECT unnest(source, recursive := true) FROM events UNION ALL "
    "SELECT unnest(target, recursive := true) FROM events UNION ALL SELECT unnest(speaker, recursive := true) FROM statements))",
}
_IN_ADDRESS = {field: key for key, field in PARAMETERS.items()}
_IDS = frozenset({"id", "document", "incident", "copy_of", "replaces"})


def overview(visit: Visit) -> Response:
    """All tables with the number of their rows."""
    counts = visit.desk.remembered(visit.stamp, ("counts",), lambda: _counts(visit))
    return visit.page("tables.html.jinja", what=WHAT, counts=counts)


def screen(visit: Visit) -> Response:
    """One table.

    Raises:
        UnknownId: there is no such table.
    """
    name, number = _name(visit), visit.page_number()
    asked = question(name, visit.filters)
    columns, found = _page(visit, asked, PAGE * (number - 1))
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
        names_of_filters=[
            _IN_ADDRESS.get(field, field) for field in HEEDED[name] if name not in ENTRY_KINDS or field != "type"
        ],
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


def _page(visit: Visit, asked: Question, offset: int) -> tuple[list[str], list[dict[str, Any]]]:
    """The columns of a table, and the rows of a page of it (and one more, where there is one).

    Ids are found first and the rest for them alone, since words are dear to cut out of every text.
    """
    cut = f" LIMIT {PAGE + 1} OFFSET {offset}"
    cursor = visit.connection.execute(f"SELECT * FROM ({asked.sql}) LIMIT 0", asked.values)
    columns = [column[0] for column in cursor.description or ()]
    if "document" not in columns and "tellings" not in columns:  # of events, statements, incidents and entries ids are unique
        return columns, visit.rows(f"{asked.sql}{cut}", *asked.values)
    wanted = ids_of(visit.connection, f"SELECT id FROM ({asked.sql}){cut}", asked.values)
    listed = ", ".join(f"'{each}'" for each in wanted)
    rows = visit.rows(f"SELECT * FROM ({asked.sql}) WHERE id IN ({listed})", *asked.values) if wanted else []
    place = {each: number for number, each in enumerate(wanted)}
    return columns, sorted(rows, key=lambda row: place[row["id"]])


def _counts(visit: Visit) -> dict[str, int]:
    """How many rows each table has."""
    kinds = {row["kind"]: row["n"] for row in visit.rows("SELECT kind, count(*) AS n FROM entries GROUP BY kind")}
    found = {name: int(visit.one(query)) for name, query in _COUNTS.items()}
    return found | {name: kinds.get(kind, 0) for name, kind in ENTRY_KINDS.items()}


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
