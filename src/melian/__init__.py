"""Melian reads news of an international crisis and keeps its record.

    >>> import melian
    >>> coded = melian.code("Russia rejected NATO's demands.", published="2022-01-21")
    >>> coded.events[0].type
    'REJECT'

The language model and the tables of names load on first use, so that importing costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from melian.coding.coder import Coder, code
    from melian.coding.pair_types import PairType, classify
    from melian.crisis.questions.answers import Record
    from melian.crisis.questions.answers import Record as open_record
    from melian.errors import MelianError
    from melian.language import Parse
    from melian.language import read as parse
    from melian.records import Actor, CodedDocument, Document, Event, Statement, from_json, to_json
    from melian.report.page import render
    from melian.sources import read_inputs

__version__ = "0.1.0"

_FACE = {
    "Actor": "melian.records",
    "CodedDocument": "melian.records",
    "Coder": "melian.coding.coder",
    "Document": "melian.records",
    "Event": "melian.records",
    "MelianError": "melian.errors",
    "PairType": "melian.coding.pair_types",
    "Record": "melian.crisis.questions.answers",
    "Parse": "melian.language",
    "Statement": "melian.records",
    "classify": "melian.coding.pair_types",
    "code": "melian.coding.coder",
    "from_json": "melian.records",
    "open_record": "melian.crisis.questions.answers",
    "parse": "melian.language",
    "read_inputs": "melian.sources",
    "render": "melian.report.page",
    "to_json": "melian.records",
}
_NAME_THERE = {"open_record": "Record", "parse": "read"}

__all__ = [
    "Actor",
    "CodedDocument",
    "Coder",
    "Document",
    "Event",
    "MelianError",
    "PairType",
    "Parse",
    "Record",
    "Statement",
    "classify",
    "code",
    "from_json",
    "open_record",
    "parse",
    "read_inputs",
    "render",
    "to_json",
]


def __getattr__(name: str) -> Any:
    """Load a name of the face on first use (PEP 562)."""
    if name not in _FACE:
        raise AttributeError(f"module 'melian' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_FACE[name]), _NAME_THERE.get(name, name))


def __dir__() -> list[str]:
    return sorted([*globals(), *_FACE])
