"""axe-core over a page in the browser: its serious faults."""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from chromium import Tab

_FOUND = find_spec("axe_core_python")
needs_axe = pytest.mark.skipif(_FOUND is None, reason="axe-core is not installed (pip install axe-core-python)")


@cache
def _script() -> str:
    assert _FOUND
    assert _FOUND.submodule_search_locations
    return (Path(_FOUND.submodule_search_locations[0]) / "axe.min.js").read_text(encoding="utf-8")


def serious(browser: Tab, where: str = "document") -> list[tuple[str, str, str]]:
    """The rule, element and explanation of each serious or critical fault; `where` are the arguments of `axe.run`."""
    if browser.js("typeof axe") == "undefined":
        browser.js(_script() + "\n;0")
    found = json.loads(browser.js(f"axe.run({where}).then((found) => JSON.stringify(found.violations))"))
    return [
        (each["id"], each["nodes"][0]["html"][:200], each["nodes"][0]["failureSummary"])
        for each in found
        if each["impact"] in ("serious", "critical")
    ]
