"""Incidents: reports of one happening brought together across documents.

An incident is a happening that documents tell as a fact, or that somebody in them denies. It keeps every telling, and the
differences between them: dates, numbers, who confirms it and who denies it.

`marks` is what of a telling is compared, `keys` who meets whom, `likeness` how alike two tellings are and why, `dating` which day an
undated telling is taken to speak of, `clusters` which tellings are one happening, `upkeep` keeps the tables.
"""

from melian.crisis.incidents.upkeep import update

__all__ = ["update"]
