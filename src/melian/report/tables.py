"""What the page hands out as CSV and JSON: the rows of its tables and charts, once, inside the page.

The page's script makes the file that is asked for; a page that came by mail has no server to ask.
"""

from __future__ import annotations

from typing import Any

import duckdb
import msgspec
from markupsafe import Markup

from melian.crisis.questions.filters import Filters
from melian.crisis.questions.tables import ENTRY_KINDS, question
from melian.views import series

TABLES = ("incidents", "statements", *ENTRY_KINDS)
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
    for sign in "<>&\u2028\u2029":  # so that no text of a report can end the element that it stands in
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)
