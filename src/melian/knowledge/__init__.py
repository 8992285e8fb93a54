"""Who is who in world news: countries, organisations, groups, office holders with dates, and the words of titles.

    >>> from melian.knowledge import names, offices, titles
    >>> names.lookup("the Kremlin")[0].actor.id
    'RUS'
    >>> offices.holder("UKR", "president", "2022-01-20").name
    'Volodymyr Zelenskyy'
    >>> titles.read(["army", "chief"]).sector
    'MIL'

Data are compiled by `tools/compile_knowledge.py` from public tables and from hand-kept ones, and loaded on first use.
"""

from __future__ import annotations

from melian.knowledge import countries, names, offices, titles
from melian.knowledge.countries import Country
from melian.knowledge.names import Candidate
from melian.knowledge.offices import Office
from melian.knowledge.titles import TitleReading

__all__ = ["Candidate", "Country", "Office", "TitleReading", "countries", "names", "offices", "titles"]
