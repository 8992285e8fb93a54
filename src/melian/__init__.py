"""Melian reads news of an international crisis and keeps its record.

    >>> import melian
    >>> coded = melian.code("Russia rejected NATO's demands.", published="2022-01-21")   # doctest: +SKIP
    >>> coded.events[0].type                                                             # doctest: +SKIP
    'REJECT'

Heavy parts (the language model) load on first use.
"""

from __future__ import annotations
