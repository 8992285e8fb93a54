"""From what a screen found to a page."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment

from melian.crisis.questions.filters import parts
from melian.crisis.questions.places import asked, only
from melian.desk.addresses import EXACT, address
from melian.views import templates
from melian.views.filters import choice_words
from melian.views.wording import capital, date_words, listed, party_name, with_article


@cache
def environment() -> Environment:
    """The desk's templates, ready to be rendered."""
    made = templates.environment(__package__, "templates")
    made.globals |= {
        "address": address,
        "only": only,
        "evidence_href": lambda id_: f"/evidence/{id_}",
        "thread_href": lambda id_: f"/entry/{id_}",
    }
    made.filters["sought"] = sought
    return made


def sought(value: str, name: str) -> str:
    """What a filter asks for, in words: "Lavrov and Russia itself", "somewhere in Ukraine", "17–23 Jan 2022"."""
    if name == "begun":
        return date_words(value)
    if name in ("type", "realis"):
        return ", ".join(choice_words(each.strip()) for each in value.split(","))
    if name not in EXACT:
        return value
    return listed(_part(part, name, exactly) for part, exactly in parts(value))


def _part(part: str, name: str, exactly: bool) -> str:
    words = capital(party_name(part)) if name in ("who", "whom") else part
    if not exactly:
        return words
    if name != "place":
        return f"{words} itself"
    place, code = asked(part)
    if place is None:
        return f"somewhere in {with_article(code or '')}"
    return f"{place}, {party_name(code)}" if code else place


def render(template: str, context: Mapping[str, Any]) -> str:
    """A template with what it shows."""
    return environment().get_template(template).render(context)
