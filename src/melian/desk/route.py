"""What an address of the desk is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.responses import Response

    from melian.desk.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """An address.

    `parameters` are those of its query, `fields` those of its form, `media` what it answers with; it `judges` where it is of no use
    to who only reads.
    """

    path: str
    handler: Callable[[Visit], Response]
    summary: str
    method: str = "GET"
    parameters: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    media: str = "text/html"
    judges: bool = False
