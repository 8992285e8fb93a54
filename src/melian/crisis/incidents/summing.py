"""What an incident is by all its tellings: the rows of `incidents`, from those of `incident_tellings`."""

from __future__ import annotations

from importlib.resources import files

import duckdb

# A name in small letters and digits, so that "The Lindau Courier" and "Lindau Courier" are one outlet.
_PLAIN_NAME = (
    "CREATE OR REPLACE TEMP MACRO plain_name(name) AS "
    "nullif(regexp_replace(trim(regexp_replace(lower(strip_accents(name)), '[^a-z0-9]+', ' ', 'g')), '^the ', ''), '')"
)


def sum_up(connection: duckdb.DuckDBPyConnection) -> None:
    """Bring `incidents` up to `incident_tellings`, for the incidents of `incident_stale` and `incident_fresh`."""
    connection.execute(_PLAIN_NAME)
    connection.execute(files(__package__).joinpath("summing.sql").read_text(encoding="utf-8"))
