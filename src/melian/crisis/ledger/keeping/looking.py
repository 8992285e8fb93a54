"""The acts and statements in the tables that entries may be moved by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

import duckdb

from melian.crisis.ledger.claiming.claim import Act
from melian.crisis.ledger.claiming.parties import kin, parties
from melian.crisis.ledger.claiming.report import day_text
from melian.crisis.ledger.claiming.shifts import Said, said_of
from melian.crisis.ledger.keeping.rows import actors_of, fetch_acts
from melian.crisis.ledger.standing.answering import wants
from melian.crisis.ledger.standing.corrections import LOOK_BACK, NEAR, TIED
from melian.crisis.ledger.standing.stand import Stand
from melian.crisis.record.bulk import insert
from melian.crisis.record.rows import fetch
from melian.crisis.tellings import squeeze

# Acts and wants meet by party, kind and stretch of days; then they are looked at more closely.
_STRETCH = 180
_DAYS = "unnest(range(({first} - DATE '0001-01-01') // {stretch}, ({last} - DATE '0001-01-01') // {stretch} + 1))"
_ACTS = (  # of the days that anything is wanted of: what is added is mostly new, and most acts are old
    "SELECT rowid AS key, * REPLACE (coalesce(day, DATE '0001-01-01') AS day, coalesce(until, DATE '0001-01-01') AS until) "
    "FROM ledger_acts WHERE coalesce(until, DATE '0001-01-01') >= (SELECT min(begin) FROM ledger_wants) "
    "AND coalesce(day, DATE '0001-01-01') <= (SELECT max(finish) FROM ledger_wants)"
)
_ACTS_BY_DAYS = f"SELECT *, {_DAYS.format(first='day', last='until', stretch=_STRETCH)} AS stretch FROM ({_ACTS})"
_WANTS = "SELECT *, unnest(kinds) AS kind FROM ledger_wants"
_WANTS_BY_DAYS = f"SELECT *, {_DAYS.format(first='begin', last='finish', stretch=_STRETCH)} AS stretch FROM ({_WANTS})"
_MEET = "w.party = a.party AND w.kind = a.kind AND w.stretch = a.stretch"
_FITS = (
    "a.until >= w.begin AND a.day <= w.finish AND (w.anything OR list_has_any(w.words, a.words)) "
    "AND (w.flag IS NULL OR (w.flag = 'about' AND a.about) OR (w.flag = 'drops' AND a.drops) OR (w.flag = 'unnamed' AND NOT a.named))"
)
_BY_DOER = f"""
    SELECT w.entry, a.key FROM (SELECT *, unnest(doers) AS party FROM ({_ACTS_BY_DAYS})) a
    JOIN (SELECT *, unnest(doers) AS party FROM ({_WANTS_BY_DAYS})) w ON {_MEET}
    WHERE {_FITS} AND (w.anyone OR list_has_any(w.toward, a.toward) OR (len(a.toward) = 0 AND w.nobody))
"""
_BY_TARGET = f"""
    SELECT w.entry, a.key FROM (SELECT *, unnest(toward) AS party FROM ({_ACTS_BY_DAYS})) a
    JOIN (SELECT *, unnest(toward) AS party FROM ({_WANTS_BY_DAYS}) WHERE len(doers) = 0) w ON {_MEET} WHERE {_FITS}
"""
_HERE = f"""
    SELECT w.entry, a.key FROM ({_ACTS}) a JOIN ledger_told t ON t.doc = a.doc
    JOIN ({_WANTS} WHERE here) w ON w.entry = t.entry AND w.kind = a.kind
    WHERE {_FITS} AND (len(w.doers) = 0 OR list_has_any(w.doers, a.doers))
"""


def wanted_acts(connection: duckdb.DuckDBPyConnection, stands: Mapping[int, Stand]) -> dict[int, list[Act]]:
    """By entry the acts that it wants."""
    _put_wants(connection, stands)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE ledger_matched AS {_BY_DOER} UNION {_BY_TARGET} UNION {_HERE}")
    found: dict[int, list[Act]] = defaultdict(list)
    for entry, act in fetch_acts(connection, "JOIN ledger_matched m ON m.key = c.rowid", "m.entry"):
        found[entry].append(act)
    return found


def earlier_statements(connection: duckdb.DuckDBPyConnection, stands: Mapping[int, Stand]) -> dict[int, list[Said]]:
    """By shift the statements of other documents that it may correct: of its side, in the days before, with a word in common or about the same party."""
    seeking = {entry: stand for entry, stand in stands.items() if all(claim.corrects is None for claim in stand.claims)}
    if not seeking:
        return {}
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE ledger_shifts (entry UBIGINT, doc UBIGINT, day DATE, own VARCHAR[], facing VARCHAR[], ties VARCHAR[])"
    )
    rows = (
        {
            "entry": entry,
            "doc": claim.report,
            "day": day_text(claim.day),
            "own": kin(parties(claim.by)),
            "facing": kin(parties(claim.to)),
            "ties": claim.ties,
        }
        for entry, stand in sorted(seeking.items())
        for claim in stand.claims
        if claim.day is not None
    )
    insert(connection, "ledger_shifts", rows)
    found: dict[int, list[Said]] = defaultdict(list)
    for row in fetch(connection, _EARLIER):
        speaker, toward = actors_of(row["speaker"]), actors_of(row["toward"])
        found[row["entry"]].append(
            said_of(row["id"], row["doc"], row["first"].toordinal(), speaker, toward, squeeze(row["spoken"]))
        )
    return found


_EARLIER = f"""
    WITH near AS MATERIALIZED (
        SELECT DISTINCT c.entry, c.day, c.facing, c.ties, s.id
        FROM (SELECT id, doc, first, unnest([coalesce(a.id, a.name) FOR a IN speaker]) AS party
            FROM statements WHERE act <> 'CLARIFY'
            AND first BETWEEN (SELECT min(day) FROM ledger_shifts) - {LOOK_BACK} AND (SELECT max(day) FROM ledger_shifts)) s
        JOIN (SELECT *, unnest(own) AS party FROM ledger_shifts) c
        ON c.party = s.party AND s.first BETWEEN c.day - {LOOK_BACK} AND c.day AND s.doc <> c.doc
    ), spoken AS (
        SELECT n.*, s.doc, s.first, s.speaker, list_concat(s.addressee, s.about) AS toward,
            substr(d.text, CAST(s.start AS BIGINT) + 1, CAST(s.stop AS BIGINT) - s.start) AS spoken
        FROM near n JOIN statements s USING (id) JOIN documents d ON d.id = s.doc
    )
    SELECT DISTINCT ON (entry, id) * FROM spoken WHERE len([t FOR t IN ties IF contains(lower(spoken), t)]) >= {TIED}
        OR (day - first <= {NEAR} AND list_has_any(facing, [coalesce(a.id, a.name) FOR a IN toward]))
"""


def _put_wants(connection: duckdb.DuckDBPyConnection, stands: Mapping[int, Stand]) -> None:
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE ledger_wants (entry UBIGINT, doers VARCHAR[], kinds VARCHAR[], begin DATE, finish DATE, toward VARCHAR[], anyone BOOLEAN, "
        "nobody BOOLEAN, here BOOLEAN, words UINTEGER[], anything BOOLEAN, flag VARCHAR)"
    )
    rows = (
        {
            "entry": entry,
            "doers": sorted(want.doers),
            "kinds": sorted(want.kinds),
            "begin": date.fromordinal(max(want.begin, 1)).isoformat(),
            "finish": date.fromordinal(max(want.end, 1)).isoformat(),
            "toward": sorted(want.toward or ()),
            "anyone": want.toward is None,
            "nobody": want.nobody,
            "here": want.here,
            "words": sorted(want.words or ()),
            "anything": want.words is None,
            "flag": want.flag,
        }
        for entry, stand in sorted(stands.items())
        for want in wants(stand)
    )
    insert(connection, "ledger_wants", rows)
    connection.execute("CREATE OR REPLACE TEMP TABLE ledger_told (entry UBIGINT, doc UBIGINT)")
    told = ({"entry": entry, "doc": doc} for entry, stand in sorted(stands.items()) for doc in sorted(stand.reports))
    insert(connection, "ledger_told", told)
