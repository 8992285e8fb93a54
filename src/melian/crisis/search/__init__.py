"""Full-text search over the reports of a record.

`words` takes texts apart, `index` keeps which words stand where, `queries` reads what a person asks, `matching` finds and ranks the
documents, `snippets` picks the passages to show, and `searching` is the way in.
"""

from melian.crisis.search.index import update
from melian.crisis.search.searching import Hit, nothing_found, search
from melian.crisis.search.snippets import Snippet

__all__ = ["Hit", "Snippet", "nothing_found", "search", "update"]
