"""What the charts, the first screen and the pages of sources and agreement show, as CSV and JSON."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from melian.crisis.questions.choices import check
from melian.desk.addresses import clean
from melian.desk.downloads import as_csv, as_json
from melian.desk.screens import agreement, first, sources
from melian.errors import UnknownId
from melian.views import news, series

if TYPE_CHECKING:
    import duckdb
    from starlette.responses import Response

    from melian.desk.visit import Visit

_ALL = {**series.ALL, **agreement.FILES, **sources.FILES, "changes": (first.changes, news.COLUMNS)}


def csv(visit: Visit) -> Response:
    """The rows behind a chart as CSV.

    Raises:
        UnknownId: there is no such chart.
        RecordError: an enumerated filter has another value.
        DateError: the day to tell changes from (`since`) is none.
    """
    return as_csv(visit.desk, f"melian-{_name(visit)}", _ask(visit))


def json(visit: Visit) -> Response:
    """The rows behind a chart as JSON.

    Raises:
        UnknownId: there is no such chart.
        RecordError: an enumerated filter has another value.
        DateError: the day to tell changes from (`since`) is none.
    """
    return as_json(visit.desk, f"melian-{_name(visit)}", _ask(visit))


def _name(visit: Visit) -> str:
    name = str(visit.request.path_params["name"])
    if name not in _ALL:
        raise UnknownId(f"no chart is called {clean(name)!r}; there are {', '.join(_ALL)}")
    return name


def _ask(visit: Visit) -> Any:
    name, filters, party = _name(visit), visit.filters, visit.parameter("party")
    check(filters, "incidents")  # before the file is begun
    rows_of: Callable[..., list[dict[str, Any]]]
    rows_of, columns = _ALL[name]
    if name == "dyads" and party:
        rows_of = partial(series.dyads, of=[party])
    elif name == "changes":
        rows_of = partial(first.changes, moment=first.moment_of(visit.parameter("since")))

    def ask(connection: duckdb.DuckDBPyConnection) -> tuple[Any, Any]:
        return columns, ([row[column] for column in columns] for row in rows_of(connection, filters))

    return ask
