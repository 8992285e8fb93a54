"""How far analysts agree: with each other, question by question, and with the machine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from melian.crisis.record.rows import fetch

if TYPE_CHECKING:
    import duckdb
    from starlette.responses import Response

    from melian.crisis.judgements.agreement import Measure
    from melian.crisis.questions.filters import Filters
    from melian.desk.visit import Visit

_WITH_MACHINE = """
    WITH each_one AS (
        SELECT "by", unnest(about) AS id, kind FROM judgements
        WHERE kind IN ('accept', 'reject', 'correct') AND what IN ('event', 'statement') AND id NOT IN (SELECT id FROM undone)
    ), judged AS (
        SELECT "by", id, bool_and(kind = 'accept') AS accepted, bool_or(kind = 'reject') AS rejected FROM each_one GROUP BY ALL
    )
    SELECT "by", count(*) AS judged, count(*) FILTER (accepted) AS accepted, count(*) FILTER (rejected) AS rejected,
        count(*) FILTER (NOT accepted AND NOT rejected) AS corrected
    FROM judged GROUP BY "by" ORDER BY judged DESC, "by"
"""


def with_machine(connection: duckdb.DuckDBPyConnection, filters: Filters) -> list[dict[str, Any]]:
    """How many of the records that each analyst judged were accepted, corrected and rejected; filters do not bear on it."""
    return fetch(connection, _WITH_MACHINE)


def between(connection: duckdb.DuckDBPyConnection, filters: Filters) -> list[dict[str, Any]]:
    """The agreement of analysts, question by question; filters do not bear on it."""
    from melian.crisis.judgements.opinions import agreements
    from melian.crisis.judgements.table import all_judgements, names_now

    return [
        {
            "analysts": ", ".join(each.analysts),
            "of": each.what,
            "question": each.question,
            "records": each.percent.n,
            "same": each.percent.value,
            "kappa": each.kappa.value if each.kappa else None,
            "alpha": each.alpha.value if each.alpha else None,
        }
        for each in agreements(all_judgements(connection), names_now(connection))
    ]


FILES: dict[str, tuple[Callable[..., list[dict[str, Any]]], Sequence[str]]] = {
    "judged": (with_machine, ("by", "judged", "accepted", "corrected", "rejected")),
    "agreement": (between, ("analysts", "of", "question", "records", "same", "kappa", "alpha")),
}
"""What can be fetched at /data/NAME, with its columns."""


def screen(visit: Visit) -> Response:
    """Percent agreement, Cohen's kappa and Krippendorff's alpha for each question that two or more analysts answered; and how many of the
    records that each analyst judged were accepted as the machine has them."""
    from melian.crisis.judgements.opinions import agreements
    from melian.crisis.judgements.table import all_judgements, names_now

    found = visit.desk.remembered(
        visit.stamp, ("agreement",), lambda: agreements(all_judgements(visit.connection), names_now(visit.connection))
    )
    rows = [
        (
            " and ".join(each.analysts) if len(each.analysts) == 2 else ", ".join(each.analysts),
            each.what,
            each.question,
            each.percent.n,
            f"{each.percent.value:.0%}" if each.percent.value is not None else "",
            _number(each.kappa),
            _number(each.alpha),
        )
        for each in found
    ]
    return visit.page("agreement.html.jinja", rows=rows, with_machine=visit.rows(_WITH_MACHINE))


def _number(measure: Measure | None) -> str:
    if measure is None:
        return ""
    return f"{measure.value:.2f}" if measure.value is not None else f"– ({measure.note})"
