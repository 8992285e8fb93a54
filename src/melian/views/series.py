"""What charts show, as rows: the same numbers for the drawing, its table, its CSV and its JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from melian.analysis.tension import tension as measured
from melian.codebook import QUADS
from melian.crisis.questions import places as known
from melian.crisis.questions.conditions import incident_conditions
from melian.crisis.questions.filters import NOT_NAMED, Filters, Where, every, ids, in_time, told_by, where_clause
from melian.crisis.record.rows import fetch
from melian.views import threads

if TYPE_CHECKING:
    import duckdb

Rows = list[dict[str, Any]]
_FACTS: Where = (["i.confirmed > 0"], [])


def _quads(alias: str = "quad") -> str:
    return ", ".join(f"count(*) FILTER ({alias} = '{quad}') AS \"{quad}\"" for quad in QUADS)


def timeline(connection: duckdb.DuckDBPyConnection, filters: Filters, unit: str = "day", limit: int | None = None) -> Rows:
    """Incidents by day (or week, month, year) of their beginning and by quad; without a limit all, else the latest."""
    clause, values = where_clause(every(incident_conditions(filters), (["i.first IS NOT NULL"], [])))
    cut = f" LIMIT {int(limit)}" if limit else ""
    query = (
        f"SELECT CAST(date_trunc('{unit}', first) AS DATE) AS date, {_quads()} FROM (SELECT i.first, "
        f"{threads.quad_sql('i.type')} AS quad FROM incidents i{clause}) GROUP BY 1 ORDER BY 1 DESC{cut}"
    )
    return fetch(connection, query, values)[::-1]


def dyads(
    connection: duckdb.DuckDBPyConnection,
    filters: Filters,
    limit: int | None = None,
    of: Sequence[str] = (),
    among: Sequence[str] = (),
) -> Rows:
    """How many incidents go from one party to another, by quad; what parties do together goes both ways.

    Only what at least one telling has as a fact counts.

    Args:
        connection: the record.
        filters: which incidents.
        limit: rows, those with most incidents; without it all.
        of: parties one of which each pair has, where any are given.
        among: parties that both sides of a pair are among, where any are given.
    """
    pairs, values = _pairs_sql(filters)
    conditions, more = ["source <> target"], []
    if of:
        conditions.append("(list_contains(?, source) OR list_contains(?, target))")
        more += [list(of), list(of)]
    if among:
        conditions.append("list_contains(?, source) AND list_contains(?, target)")
        more += [list(among), list(among)]
    cut = f" LIMIT {int(limit)}" if limit else ""
    query = (
        f"{pairs} SELECT source, target, {_quads()}, count(*) AS incidents FROM pairs WHERE {' AND '.join(conditions)} "
        f"GROUP BY ALL ORDER BY incidents DESC, source, target{cut}"
    )
    return fetch(connection, query, [*values, *more])


def partners(connection: duckdb.DuckDBPyConnection, filters: Filters) -> list[str]:
    """The parties of all pairs (see `dyads`), those with most incidents with others first; equals by id."""
    pairs, values = _pairs_sql(filters)
    query = (
        f"{pairs}, between AS (SELECT source, target, count(*) AS n FROM pairs WHERE source <> target GROUP BY ALL) SELECT party FROM "
        "(SELECT source AS party, n FROM between UNION ALL SELECT target, n FROM between) GROUP BY party ORDER BY sum(n) DESC, party"
    )
    return [row["party"] for row in fetch(connection, query, values)]


def _pairs_sql(filters: Filters) -> tuple[str, list[Any]]:
    """SQL that names `pairs`: a row for each incident and each party that it goes from and to."""
    clause, values = where_clause(every(incident_conditions(filters), _FACTS))
    return (
        f"WITH hits AS (SELECT {threads.quad_sql('i.type')} AS quad, {ids('i.source')} AS s, {ids('i.target')} AS t "
        f"FROM incidents i{clause}), acting AS (SELECT quad, unnest(s) AS source, CASE WHEN len(t) > 0 THEN t ELSE s END AS others "
        "FROM hits), pairs AS (SELECT quad, source, unnest(others) AS target FROM acting)",
        values,
    )


def parties(connection: duckdb.DuckDBPyConnection, filters: Filters, limit: int | None = None) -> Rows:
    """Every party with the incidents that it did and suffered, split into cooperation and conflict, and its statements."""
    clause, values = where_clause(every(incident_conditions(filters), _FACTS))
    times, more = where_clause(in_time(filters, "s.first", "s.last"))
    cut = f" LIMIT {int(limit)}" if limit else ""
    query = (
        f"WITH hits AS (SELECT i.id, {threads.quad_sql('i.type')} AS quad, {ids('i.source')} AS s, {ids('i.target')} AS t "
        f"FROM incidents i{clause}), parts AS (SELECT id, quad, unnest(s) AS party, true AS acts FROM hits UNION ALL "
        "SELECT id, quad, unnest(t), false FROM hits), "
        "done AS (SELECT party, count(DISTINCT id) FILTER (acts) AS acting, count(DISTINCT id) FILTER (NOT acts) AS acted_on, "
        "count(DISTINCT id) FILTER (contains(quad, 'cooperation')) AS cooperation, "
        "count(DISTINCT id) FILTER (contains(quad, 'conflict')) AS conflict FROM parts GROUP BY party), "
        f"said AS (SELECT party, count(*) AS statements FROM (SELECT unnest({ids('s.speaker')}) AS party FROM statements s{times}) "
        "GROUP BY party) SELECT party, coalesce(acting, 0) AS acting, coalesce(acted_on, 0) AS acted_on, coalesce(cooperation, 0) "
        "AS cooperation, coalesce(conflict, 0) AS conflict, coalesce(statements, 0) AS statements "
        f"FROM done FULL JOIN said USING (party) ORDER BY acting + acted_on + statements DESC, party{cut}"
    )
    return fetch(connection, query, [*values, *more])


def places(connection: duckdb.DuckDBPyConnection, filters: Filters, limit: int | None = None) -> Rows:
    """Every place with the incidents told of it, by quad; where no report tells its country, that of the gazetteer's place.

    A country's own name is no place in it: the row of what is known of a country alone has no place.
    """
    told: Where = (["(i.place IS NOT NULL OR i.place_country IS NOT NULL)"], [])
    clause, values = where_clause(every(incident_conditions(filters), told))
    query = (
        f"SELECT max(place) AS place, place_country AS country, {_quads()}, count(*) AS incidents FROM (SELECT i.place, i.place_country, "
        f"{threads.quad_sql('i.type')} AS quad FROM incidents i{clause}) GROUP BY {known.plain_sql('place')}, place_country"
    )
    found: dict[tuple[str | None, str | None], dict[str, Any]] = {}
    for row in fetch(connection, query, values):
        name = known.plain(row["place"]) if row["place"] else None
        if row["country"] is None and name:
            row["country"] = known.home(name)
        if row["country"] and name in known.names_of(row["country"]):
            name = row["place"] = None
        if (same := found.get((name, row["country"]))) is None:
            found[name, row["country"]] = row
        else:
            for column in (*QUADS, "incidents"):
                same[column] += row[column]
            same["place"] = max(same["place"] or "", row["place"] or "") or None
    ordered = sorted(
        found.values(), key=lambda row: (-row["incidents"], row["place"] is None, row["place"] or "", row["country"] or "")
    )
    return ordered[:limit] if limit else ordered


def outlets(connection: duckdb.DuckDBPyConnection, filters: Filters, limit: int | None = None) -> Rows:
    """Every outlet: its reports, how many are copies, the incidents that it tells, and how often it was first or alone.

    First is an outlet whose report is a day or more before every other outlet's of the same incident; alone is one that tells an incident which
    no other outlet tells.
    """
    clause, values = where_clause(in_time(filters, "d.published", "d.published"))
    named, wanted = where_clause(told_by("outlet", filters.source))
    cut = f" LIMIT {int(limit)}" if limit else ""
    query = (
        f"WITH reports AS (SELECT d.id, coalesce(d.outlet, '{NOT_NAMED}') AS outlet, d.published FROM documents d{clause}), "
        "told AS (SELECT t.incident, r.outlet, min(r.published) AS day FROM incident_tellings t JOIN reports r ON r.id = t.doc "
        "GROUP BY ALL), "
        "ranked AS (SELECT outlet, count(*) OVER w AS others, day, min(day) OVER w AS earliest, "
        "count(*) OVER (PARTITION BY incident, day) AS that_day FROM told WINDOW w AS (PARTITION BY incident)), "
        "incidents_of AS (SELECT outlet, count(*) AS incidents, count(*) FILTER (others > 1 AND day = earliest AND that_day = 1) "
        "AS first, count(*) FILTER (others = 1) AS alone, count(*) FILTER (others > 1) AS shared FROM ranked GROUP BY outlet), "
        "reports_of AS (SELECT r.outlet, count(*) AS reports, count(c.doc) AS copies, min(r.published) AS since, "
        'max(r.published) AS latest FROM reports r LEFT JOIN copies c ON c.doc = r.id AND c."of" <> r.id GROUP BY r.outlet) '
        "SELECT outlet, reports, copies, coalesce(incidents, 0) AS incidents, coalesce(shared, 0) AS shared, coalesce(first, 0) AS "
        "first, coalesce(alone, 0) AS alone, since, latest FROM reports_of LEFT JOIN incidents_of USING (outlet)"
        f"{named} ORDER BY reports DESC, outlet{cut}"
    )
    return fetch(connection, query, [*values, *wanted])


def tension(connection: duckdb.DuckDBPyConnection, filters: Filters, limit: int | None = None) -> Rows:
    """Tension over time (see `analysis.tension`), the latest periods where a limit is given."""
    found = measured(connection, filters)
    rows = [
        {
            "from": p.first,
            "unit": found.unit,
            "tension": p.tension,
            "window": p.window,
            "incidents": p.incidents,
            "reports": p.reports,
        }
        for p in found.periods
    ]
    return rows[-limit:] if limit else rows


Series = Callable[..., Rows]
ALL: dict[str, tuple[Series, Sequence[str]]] = {
    "tension": (tension, ("from", "unit", "tension", "window", "incidents", "reports")),
    "timeline": (timeline, ("date", *QUADS)),
    "dyads": (dyads, ("source", "target", *QUADS, "incidents")),
    "parties": (parties, ("party", "acting", "acted_on", "cooperation", "conflict", "statements")),
    "places": (places, ("place", "country", *QUADS, "incidents")),
    "outlets": (outlets, ("outlet", "reports", "copies", "incidents", "shared", "first", "alone", "since", "latest")),
}
"""What can be fetched at /data/NAME, with its columns."""
