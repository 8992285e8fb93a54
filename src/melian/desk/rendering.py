"""From what a screen found to a page."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment

from melian.desk.addresses import address
from melian.views import templates


@cache
def environment() -> Environment:
    """The desk's templates, ready to be rendered."""
    made = templates.environment(__package__, "templates")
    made.globals |= {
        "address": address,
        "evidence_href": lambda id_: f"/evidence/{id_}",
        "thread_href": lambda id_: f"/entry/{id_}",
    }
    return made


def render(template: str, context: Mapping[str, Any]) -> str:
    """A template with what it shows."""
    return environment().get_template(template).render(context)
