"""Direction of writing: words from outside never turn the words around them.

A page says its own words beside words of reports: an outlet, then a date. Two things keep them apart. Words that run from right to left
stand in an element of their own (`<bdi>`, or one that the style sheet isolates), so that they do not draw a date after them to their side.
And the explicit controls of direction (U+202A–202E, U+2066–2069) are taken out of effect, since one of them closes even an isolated
element and goes on from there: all text that a page says shows U+FFFD in their place, unless a template asks for it `exact`.
"""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup, escape

CONTROLS = "\u202a-\u202e\u2066-\u2069"  # for a class of a pattern

_CONTROL = re.compile(f"[{CONTROLS}]")


def tame(value: Any) -> Any:
    """What a template is about to say (Jinja's `finalize`), without controls of direction; markup is left as it is."""
    if not isinstance(value, str) or value.isascii() or hasattr(value, "__html__"):
        return value
    return _CONTROL.sub("\ufffd", value)


def exact(value: object) -> Markup:
    """A text with every character that it has: for a field of a form, which is sent back, and for a report's paragraphs, which are blocks
    with nothing of the page's own in them but isolated labels."""
    return escape(value)
