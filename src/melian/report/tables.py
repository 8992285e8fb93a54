"""What the page hands out as CSV and JSON: the rows of its tables and charts, once, inside the page.

The page's script makes the file that is asked for; a page that came by mail has no server to ask.
"""

from __future__ import annotations

import re
from typing import Any

import duckdb
import msgspec
from markupsafe import Markup

from melian.charts.directions import CONTROLS
from melian.crisis.questions.choices import ENTRY_KINDS
from melian.crisis.questions.filters import Filters
from melian.crisis.questions.tables import question
from melian.views import series

TABLES = ("incidents", "statements", *ENTRY_KINDS)
# What could end the element that the data stand in, or turn the direction of the page's source.
_UNSAFE = re.compile(f"[<>&\u2028\u2029{CONTROLS}]")
_encoder = msgspec.json.Encoder(order="deterministic")


def data(connection: duckdb.DuckDBPyConnection) -> dict[str, Markup]:
    """Every table by name, as JSON that can stand in a page: the names of the columns, and the rows as lists."""
    found = {}
    for name, (rows_of, columns) in series.ALL.items():
        rows = rows_of(connection, Filters())
        found[name] = _json(list(columns), [[row[column] for column in columns] for row in rows])
    for name in TABLES:
        asked = question(name, Filters())
        cursor = connection.execute(asked.sql, asked.values)
        found[name] = _json([column[0] for column in cursor.description or ()], cursor.fetchall())
    return found


def _json(columns: list[str], rows: list[Any]) -> Markup:
    text = _encoder.encode({"columns": columns, "rows": rows}).decode()
    return Markup(_UNSAFE.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text))
