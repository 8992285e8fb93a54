"""From what a screen found to a page: Jinja with escaping always on, and the words for dates, parties and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

from melian.charts.directions import tame
from melian.desk.addresses import address
from melian.views.filters import FILTERS

SHARED = "both.html.jinja"


@cache
def environment() -> Environment:
    """The templates, ready to be rendered."""
    made = Environment(
        autoescape=True,
        finalize=tame,
        loader=FunctionLoader(_template),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= FILTERS
    made.globals |= {
        "address": address,
        "evidence_href": lambda id_: f"/evidence/{id_}",
        "thread_href": lambda id_: f"/entry/{id_}",
    }
    return made


def render(template: str, context: Mapping[str, Any]) -> str:
    """A template with what it shows."""
    return environment().get_template(template).render(context)


def _template(name: str) -> str:
    """One of the desk's own templates, or the one that it shares with the page of `melian report`."""
    package = "melian.views" if name == SHARED else __package__
    place = (name,) if name == SHARED else ("templates", name)
    return files(package).joinpath(*place).read_text(encoding="utf-8")
