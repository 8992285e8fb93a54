"""How alike two tellings are: the chance that they tell one happening, from 0 to 1, and why.

A logistic model over the features of `likeness.sql`; its weights stand in `likeness.json`, fitted by
`training/incident_weights.py` on the sets of `benchmarks/incident_sets`. What each feature adds is the explanation.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import duckdb
import msgspec

from melian.codebook import MUTUAL_TYPES
from melian.crisis.incidents.marks import KIND, NAMED, SOURCE, TARGET, tables
from melian.crisis.record.bulk import insert

REASONS = 5  # that an explanation names


class Model(msgspec.Struct, frozen=True):
    """A logistic model of likeness.

    Attributes:
        bias, weights: of the features' sum.
        joins: the likeness from which tellings are put together.
        least: the lowest likeness that is kept; lower ones count as none.
    """

    bias: float
    weights: dict[str, float]
    joins: float
    least: float

    @property
    def joins_at(self) -> int:
        """`joins` in percent."""
        return round(100 * self.joins)

    def reasons(self, features: Mapping[str, Any]) -> str:
        """What speaks for and against a pair, the weightiest first: "same mode +1.8, story +0.9, other place −0.5"."""
        parts = [(weight * features[name], name.replace("_", " ")) for name, weight in self.weights.items()]
        told = sorted((part for part in parts if abs(part[0]) >= 0.05), key=lambda part: (-abs(part[0]), part[1]))
        return ", ".join(f"{name} {value:+.1f}".replace("-", "−") for value, name in told[:REASONS])


@cache
def shipped() -> Model:
    """The package's own model."""
    return msgspec.json.decode(_file("likeness.json"), type=Model)


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary tables of the types' families, and of types that are taken for one another."""
    connection.execute("CREATE OR REPLACE TEMP TABLE incident_families (type VARCHAR, family VARCHAR, mutual BOOLEAN)")
    connection.execute("CREATE OR REPLACE TEMP TABLE incident_alike (first VARCHAR, second VARCHAR)")
    families = tables()["families"].items()
    kinds = [(kind, family) for family, members in families for kind in members]
    rows = [{"type": kind, "family": family, "mutual": kind in MUTUAL_TYPES} for kind, family in kinds]
    insert(connection, "incident_families", rows)
    pairs = (sorted(pair) for pair in tables()["alike"])
    insert(connection, "incident_alike", [{"first": first, "second": second} for first, second in pairs])


def put_sides(connection: duckdb.DuckDBPyConnection, pairs: str = "incident_compared") -> None:
    """Make the temporary table `sides`: the marks of all tellings that stand in a table of pairs."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE sides AS SELECT m.* EXCLUDE parts, s.outlet, s.story, f.family, f.mutual, "
        f"list_filter(m.parts, lambda part: part < {1 << KIND}) AS stems, "
        f"{_of_kind('= ' + str(SOURCE))} AS source, {_of_kind('= ' + str(TARGET))} AS target, {_of_kind('= ' + str(NAMED))} AS named, "
        f"list_distinct({_of_kind(f'IN ({SOURCE}, {TARGET})')}) AS parties "
        "FROM incident_marks m JOIN incident_families f ON f.type = m.type LEFT JOIN incident_stories s ON s.doc = m.doc "
        f"WHERE m.no IN (SELECT a FROM {pairs} UNION SELECT b FROM {pairs})"
    )


def _of_kind(which: str) -> str:
    """SQL for the parts of some kinds, without their kind."""
    parts = f"list_filter(m.parts, lambda part: part >> {KIND} {which})"
    return f"list_transform({parts}, lambda part: part & {(1 << KIND) - 1})"


def score_query(model: Model) -> str:
    """SQL that gives `(a, b, likeness)` in percent for the pairs of `incident_compared` that are worth keeping."""
    summed = " + ".join(f"({weight!r}) * {name}" for name, weight in model.weights.items())
    return (
        f"SELECT a, b, likeness FROM (SELECT a, b, round(100 / (1 + exp(-({model.bias!r} + {summed}))))::UTINYINT AS likeness "
        f"FROM ({features_query()})) WHERE likeness >= {round(100 * model.least)}"
    )


@cache
def features_query() -> str:
    """SQL that gives the features of the pairs of `incident_compared`."""
    return _file("likeness.sql").decode("utf-8")


def _file(name: str) -> bytes:
    return files(__package__).joinpath(name).read_bytes()
