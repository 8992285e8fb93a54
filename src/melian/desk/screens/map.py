"""Where incidents happened: an offline map, and the same as a table."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from melian import codebook
from melian.crisis.questions.choices import check
from melian.desk import pictures
from melian.errors import RecordError
from melian.knowledge.countries import country
from melian.views import series
from melian.views.wording import listed, with_article

if TYPE_CHECKING:
    from starlette.responses import Response

    from melian.desk.visit import Visit

MOST, COUNTRIES = 300, 12


def screen(visit: Visit) -> Response:
    """Places of the incidents that the filters keep, those told of most first; `in` narrows them to countries.

    Raises:
        RecordError: there is no such country, or an enumerated filter has another value.
    """
    check(visit.filters, "incidents")
    found = visit.desk.remembered(
        visit.stamp, ("places", repr(visit.filters)), lambda: series.places(visit.connection, visit.filters)
    )
    by_country: Counter[str] = Counter()
    for row in found:
        if row["country"]:
            by_country[row["country"]] += row["incidents"]
    countries = [code for each in (visit.parameter("in") or "").split(",") if (code := each.strip().upper())]
    for code in countries:
        if code not in by_country and not country(code):
            raise RecordError(
                f"there is no country {code!r}; the codes of those with incidents here are {', '.join(by_country) or 'none'}"
            )
    rows = [row for row in found if row["country"] in countries] if countries else found
    return visit.page(
        "map.html.jinja",
        rows=rows[:MOST],
        places=len(rows),
        narrowed=",".join(countries),
        narrowed_to=listed(with_article(code) for code in countries),
        by_country=by_country.most_common(COUNTRIES),
        types=codebook.event_types(),
        picture=pictures.map(visit, rows[:MOST], len(rows), countries),
    )
