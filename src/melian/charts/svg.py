"""SVG elements from Python, with all text and attributes escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from markupsafe import Markup, escape

from melian.charts.directions import CONTROLS

_BARRED = re.compile(
    f"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[{CONTROLS}]"
)  # what XML 1.0 does not have; controls
_SCHEME = re.compile(r"[^/?#]*:")


_LETTER = 6.8  # width of a letter of the scale, at most

WIDE, NARROW = 1200, 360
"""Widths, in points, that each drawing is made at: for the page of a desk, and for a telephone or a column of print."""


def element(name: str, *children: object, **attributes: object) -> Markup:
    """An element. Underscores in attribute names stand for hyphens, one at the end is dropped (`class_`); None leaves one out.

    Numbers are written with at most two decimals. Children that are not `Markup` are escaped; characters that XML does not have,
    and controls of direction, become U+FFFD.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_text(_plain(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = Markup("").join(_text(child) for child in children)
    return Markup(f"<{name}{written}>{inside}</{name}>") if children else Markup(f"<{name}{written}/>")


def drawing(width: float, height: float, title: str, description: str, *children: object, kind: str) -> Markup:
    """A whole picture: scales to the width that it is given, and says in words what it shows."""
    return element(
        "svg",
        element("title", title),
        element("desc", description),
        *children,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_plain(width)} {_plain(height)}",
        width=width,
        height=height,
        role="group",  # and not "img", whose links nobody could reach
        class_=f"chart-{kind}",
        aria_label=f"{title}. {description}",
    )


def link(address: str | None, *children: object, title: str | None = None) -> Markup:
    """What leads somewhere; without an address just its children.

    A drawing has dozens of links, so none is a stop of the Tab key: a page's script makes one of them the stop and goes on from it by arrow
    keys, and a table beside the drawing leads where they lead.

    Addresses are those of the desk and of the web: one with another scheme, such as `javascript:`, leads nowhere.
    """
    if address and _SCHEME.match(address) and not address.startswith(("http://", "https://")):
        address = None
    inside = [element("title", title), *children] if title else list(children)
    return element("a", *inside, href=address, tabindex=-1) if address else element("g", *inside)


def tick(text: str, x: float, y: float, end: float, begin: float = 0.0) -> Markup:
    """A label under an axis, centred at `x`, but no further to the right than `end` and to the left than `begin`."""
    half = letters(text) / 2
    anchor, at = ("end", end) if x + half > end else ("start", begin) if x - half < begin else ("middle", x)
    return element("text", text, x=at, y=y, class_="scale", text_anchor=anchor)


def dates(labels: Sequence[str], middles: Sequence[float], y: float, begin: float, end: float) -> list[Markup]:
    """Labels under an axis of time, from left to right: the last one and as many before it as have room between `begin` and `end`."""
    out: list[Markup] = []
    free = float("inf")
    for label, x in zip(reversed(labels), reversed(middles), strict=True):
        half = letters(label) / 2
        middle = max(begin + half, min(x, end - half))
        if middle + half < free:
            out.append(tick(label, x, y, end, begin))
            free = middle - half - 18
    return out[::-1]


def letters(text: str) -> float:
    """The width of a text of the scale, in points, at most."""
    return len(text) * _LETTER


def counted(number: int, noun: str) -> str:
    """ "1 incident", "2,345 incidents"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def steps(most: int, wanted: int) -> list[int]:
    """Round numbers for an axis of counts from 1 up to `most`: about `wanted` of them, at least one, the same distance apart."""
    step = 1
    for unit in _round_numbers():
        if unit > most:
            break
        step = unit
        if unit * wanted >= most:
            break
    return list(range(step, most + 1, step))


def _round_numbers() -> Iterator[int]:
    unit = 1
    while unit < 10**18:
        yield from (unit, 2 * unit, 5 * unit)
        unit *= 10


def path(points: Iterable[tuple[float, float]], closed: bool = False) -> str:
    """The `d` of a line through points."""
    steps = [f"{'L' if number else 'M'}{_plain(x)} {_plain(y)}" for number, (x, y) in enumerate(points)]
    return "".join(steps) + ("Z" if closed and steps else "")


def shortened(text: str, most: int) -> str:
    """A text of at most so many characters."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _text(value: object) -> Markup:
    return value if isinstance(value, Markup) else escape(_BARRED.sub("\ufffd", str(value)))


def _plain(value: object) -> object:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value
