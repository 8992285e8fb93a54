"""Jinja as the page and the desk use it: escaping always on, directions of writing kept apart, and the template that both share."""

from __future__ import annotations

from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined

from melian.charts.directions import tame
from melian.views.filters import FILTERS
from melian.views.sentences import LEAST

SHARED = "both.html.jinja"


def environment(package: str, *folder: str) -> Environment:
    """The templates of a package, and `SHARED`.

    Args:
        package: its name.
        folder: where in it they lie.
    """

    def source(name: str) -> str:
        place = files("melian.views").joinpath(name) if name == SHARED else files(package).joinpath(*folder, name)
        return place.read_text(encoding="utf-8")

    made = Environment(
        autoescape=True,
        finalize=tame,
        loader=FunctionLoader(source),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= FILTERS
    made.globals["LEAST"] = LEAST
    return made
