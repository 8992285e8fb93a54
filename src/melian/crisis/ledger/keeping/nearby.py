"""Entries whose own claims did not change, but what answers them may have: found by looser conditions than the rules have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import duckdb

from melian.codebook import event_types
from melian.crisis.ledger.claiming.acts import REFUSALS, YES
from melian.crisis.ledger.claiming.claim import Act
from melian.crisis.ledger.claiming.parties import alliances_of, kin
from melian.crisis.ledger.claiming.report import day_text
from melian.crisis.ledger.claiming.shifts import Said, said
from melian.crisis.ledger.keeping.refreshing import Change
from melian.crisis.ledger.standing import commitments, foresight, redlines
from melian.crisis.ledger.standing.corrections import LOOK_BACK, NEAR, TIED
from melian.crisis.ledger.standing.stand import TURNS, is_deed
from melian.crisis.record.bulk import ids_table, insert

_SINCE = "coalesce(since, DATE '0001-01-01')"
_LATEST = "coalesce(latest, since, DATE '0001-01-01')"


def near(connection: duckdb.DuckDBPyConnection, change: Change) -> set[int]:
    """The entries that acts and statements of some documents may move, or moved until now."""
    found: set[int] = set()
    found |= _ids(
        connection, "SELECT entry FROM entry_answers WHERE status <> 'split' AND doc IN (SELECT id FROM ledger_documents)"
    )
    if change.stirred:
        ids_table(connection, "ledger_stirred", change.stirred)
        found |= _ids(connection, "SELECT entry FROM ledger_members WHERE doc IN (SELECT id FROM ledger_stirred)")
    if change.acts:
        _put_acts(connection, change.acts)
        for query in _ANSWERED:
            found |= _ids(connection, query)
        connection.execute("CREATE OR REPLACE TEMP TABLE ledger_maybe AS " + " UNION ".join(_IF_WORDED))
        found |= _ids(connection, _WORDED)
    if spoken := [each for report in change.reports.values() for each in said(report)]:
        _put_said(connection, spoken)
        found |= _ids(connection, _SAID)
    return found


def overdue(connection: duckdb.DuckDBPyConnection) -> tuple[set[int], int | None]:
    """Entries that stand otherwise because the record's last day moved, and that day."""
    rows = connection.execute("SELECT (SELECT max(day) FROM ledger_last), (SELECT max(published) FROM documents)").fetchall()
    before, now = rows[0]
    if before == now:
        return set(), now.toordinal() if now else None
    connection.execute("DELETE FROM ledger_last")
    connection.execute("INSERT INTO ledger_last VALUES (?)", [now])
    due, patience = f"coalesce(due, {_LATEST} + {foresight.HORIZON})", f"moved + {redlines.PATIENCE}"
    low, high = (
        f"DATE '{day.isoformat()}'"
        for day in (min(before or date.min, now or date.min), max(before or date.min, now or date.min))
    )
    found = _ids(
        connection,
        "SELECT id FROM entries WHERE (kind = 'prediction' AND coalesce(machine_status, status) IN ('open', 'did not') AND len(kinds) > 0 "
        f"AND {due} BETWEEN {low} AND {high}) OR (kind = 'redline' AND coalesce(machine_status, status) IN ('crossed', 'not enforced') "
        f"AND {patience} BETWEEN {low} AND {high})",
    )
    return found, now.toordinal() if now else None


def recopied(connection: duckdb.DuckDBPyConnection) -> set[int]:
    """Entries told in documents that became copies of others, or are copies no more."""
    connection.execute(
        'CREATE OR REPLACE TEMP TABLE ledger_recopied AS SELECT DISTINCT c.doc, k."of" AS copy FROM ledger_claims c '
        'LEFT JOIN copies k ON k.doc = c.doc WHERE c.copy IS DISTINCT FROM k."of"'
    )
    found = _ids(connection, "SELECT entry FROM ledger_members WHERE doc IN (SELECT doc FROM ledger_recopied)")
    connection.execute("UPDATE ledger_claims SET copy = r.copy FROM ledger_recopied r WHERE ledger_claims.doc = r.doc")
    return found


def judged(connection: duckdb.DuckDBPyConnection) -> set[int]:
    """Entries told in the documents at hand that a person judged, or had judged."""
    turn = " ".join(f"WHEN '{kind}' THEN {turn}" for kind, turn in TURNS.items())
    names = f"list_value(xor(c.id, CAST(CASE c.kind {turn} END AS UBIGINT)), xor(c.id, CAST({TURNS['split']} AS UBIGINT)))"
    return _ids(
        connection,
        f"WITH told AS (SELECT c.entry, unnest({names}) AS name FROM ledger_members c SEMI JOIN ledger_documents l ON l.id = c.doc) "
        "SELECT t.entry FROM told t LEFT JOIN entries e ON e.id = t.entry LEFT JOIN entries s ON s.id = t.name WHERE e.id IS NULL "
        "OR e.machine_status IS NOT NULL OR s.machine_status IS NOT NULL OR t.name IN (SELECT entry FROM entry_corrections) OR t.name IN (SELECT id FROM rejected)",
    )


def _ids(connection: duckdb.DuckDBPyConnection, query: str) -> set[int]:
    return {row[0] for row in connection.execute(query).fetchall() if row[0] is not None}


def _put_acts(connection: duckdb.DuckDBPyConnection, acts: Sequence[Act]) -> None:
    """Lay acts, and the entries that they are in time for, ready for the queries below."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE ledger_told_acts (no UINTEGER, kind VARCHAR, day DATE, until DATE, doers VARCHAR[], allied VARCHAR[], "
        "toward VARCHAR[], parties VARCHAR[], aimed VARCHAR[], words UINTEGER[], named BOOLEAN, about BOOLEAN, drops BOOLEAN)"
    )
    rows = (
        {
            "no": number,
            "kind": act.kind,
            "day": day_text(act.day) or "0001-01-01",
            "until": day_text(act.until) or "0001-01-01",
            "doers": kin(act.doers),
            "allied": sorted({*kin(act.doers), *(group for party in act.doers for group in alliances_of(party))}),
            "toward": kin(act.toward),
            "parties": act.doers,
            "aimed": act.toward,
            "words": act.words,
            "named": act.named,
            "about": act.about,
            "drops": act.drops,
        }
        for number, act in enumerate(acts)
    )
    insert(connection, "ledger_told_acts", rows)
    connection.execute(_OPEN)
    connection.execute(_BETWEEN)


def _put_said(connection: duckdb.DuckDBPyConnection, spoken: Sequence[Said]) -> None:
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE ledger_new_said (day DATE, speaker VARCHAR[], about VARCHAR[], words UINTEGER[])"
    )
    rows = ({"day": day_text(s.day), "speaker": sorted(s.speaker), "about": sorted(s.about), "words": s.words} for s in spoken)
    insert(connection, "ledger_new_said", rows)


def _listed(kinds: Iterable[str]) -> str:
    return "(" + ", ".join(f"'{kind}'" for kind in sorted(kinds)) + ")"


_LONGEST = redlines.HORIZON + redlines.FOLLOWS
_OPEN = f"""
    CREATE OR REPLACE TEMP TABLE ledger_open AS
    SELECT id, kind, coalesce(machine_status, status) AS status, {_SINCE} AS since, {_LATEST} AS latest, moved, due, condition,
        [coalesce(a.id, a.name) FOR a IN "by"] AS own, [coalesce(a.id, a.name) FOR a IN "to"] AS facing
    FROM entries WHERE {_SINCE} - {foresight.LOOK_BACK} <= (SELECT max(until) FROM ledger_told_acts)
        AND greatest({_LATEST} + {_LONGEST}, due) >= (SELECT min(day) FROM ledger_told_acts)
"""
_BETWEEN = """
    CREATE OR REPLACE TEMP TABLE ledger_between AS
    SELECT *, unnest(own) AS maker FROM (SELECT *, unnest(facing) AS asked FROM ledger_open)
"""
# Acts with one doer and one of those that they are done to in a row.
_AIMED = "SELECT *, unnest({doers}) AS doer FROM (SELECT *, unnest(toward) AS whom FROM ledger_told_acts WHERE {which})"
_IN_TIME = f"a.until >= e.since AND a.day <= e.latest + {commitments.HORIZON} AND e.kind IN ('demand', 'offer')"
_BY_WORDS = f"(kind IN {_listed(REFUSALS)} AND named) OR kind IN {_listed(YES)}"
_HARM = _listed({"ASSAULT", "COERCE", "MOBILIZE", "SANCTION", "CONCEDE"})
_DEEDS = _listed(type_ for type_ in event_types() if is_deed(type_))
_PATTERNS = "SELECT entry, words, unnest(patterns) AS p FROM ledger_members WHERE len(patterns) > 0"
# Whether an event may still be the one that an entry is about: once it came to that, only what is earlier matters.
_IN_QUESTION = f"""
    a.until >= e.since - {foresight.LOOK_BACK} AND CASE WHEN e.kind = 'demand' THEN a.day <= e.latest + {commitments.HORIZON}
        ELSE a.day <= greatest(e.latest + {redlines.HORIZON}, e.due)
            AND (e.status IN ('standing', 'open', 'did not', 'softened') OR a.day <= e.moved) END
"""
_ANSWERED = (
    # A refusal that does not say what it refuses, from the asked to the asking.
    f"""
    SELECT DISTINCT e.id FROM ({_AIMED.format(doers="allied", which=f"kind IN {_listed(REFUSALS)} AND NOT named")}) a
    JOIN ledger_between e ON a.doer = e.asked AND a.whom = e.maker
    WHERE e.kind = 'demand' AND a.until >= e.since AND a.day <= e.latest + {commitments.LATELY}
    """,
    # "Rejected its demands", where both sides were read as one.
    f"""
    SELECT DISTINCT e.id FROM (SELECT *, unnest(allied) AS doer FROM (SELECT *, unnest(doers) AS whom FROM ledger_told_acts
        WHERE kind IN {_listed(REFUSALS)} AND about AND len(toward) = 0)) a
    JOIN ledger_between e ON a.doer = e.asked AND a.whom = e.maker WHERE {_IN_TIME}
    """,
    # A threat carried out (once it was crossed, or where it had no condition), or softened before that.
    f"""
    SELECT DISTINCT e.id FROM ({_AIMED.format(doers="doers", which=f"kind IN {_HARM}")}) a
    JOIN ledger_between e ON a.doer = e.maker AND a.whom = e.asked
    WHERE e.kind = 'redline' AND a.until >= e.since AND a.day <= e.latest + {_LONGEST}
        AND CASE WHEN a.kind = 'CONCEDE' THEN e.status IN ('standing', 'softened')
            ELSE e.condition IS NULL OR e.status NOT IN ('standing', 'softened') END
    """,
    # The very event that was demanded, foretold, denied, or named by a condition.
    f"""
    SELECT DISTINCT e.id FROM (SELECT *, unnest(parties) AS doer FROM ledger_told_acts) a
    JOIN (SELECT *, p.type AS type, unnest(p.doers) AS doer FROM ({_PATTERNS})) m ON a.kind = m.type AND a.doer = m.doer
    JOIN ledger_open e ON e.id = m.entry
    WHERE {_IN_QUESTION} AND (len(m.p.toward) = 0 OR list_has_any(m.p.toward, a.aimed))
        AND (m.type IN {_DEEDS} OR list_has_any(m.words, a.words))
    """,
    # The same where nobody is said to do it.
    f"""
    SELECT DISTINCT e.id FROM (SELECT *, unnest(doers) AS doer FROM ledger_told_acts) a
    JOIN (SELECT o.*, m.type, unnest(list_distinct(list_concat(o.own, o.facing))) AS party FROM ledger_open o
        JOIN (SELECT entry, p.type AS type FROM ({_PATTERNS}) WHERE len(p.doers) = 0) m ON m.entry = o.id) e
    ON a.kind = e.type AND a.doer = e.party WHERE {_IN_QUESTION}
    """,
)
# Entries with the acts that answer them if they share a word with one of their claims, and those that do.
_IF_WORDED = (
    # A refusal or a yes, from the asked to the asking.
    f"""
    SELECT e.id, a.no FROM ({_AIMED.format(doers="allied", which=_BY_WORDS)}) a
    JOIN ledger_between e ON a.doer = e.asked AND a.whom = e.maker WHERE {_IN_TIME}
    """,
    # The same where it is put to nobody named.
    f"""
    SELECT e.id, a.no FROM (SELECT *, unnest(toward) AS whom FROM ledger_told_acts WHERE {_BY_WORDS}) a
    JOIN (SELECT *, unnest(own) AS maker FROM ledger_open WHERE len(facing) = 0) e ON a.whom = e.maker WHERE {_IN_TIME}
    """,
    # Dropped by its maker.
    f"""
    SELECT e.id, a.no FROM (SELECT *, unnest(doers) AS doer FROM ledger_told_acts WHERE drops) a
    JOIN (SELECT *, unnest(own) AS maker FROM ledger_open) e ON a.doer = e.maker
    WHERE {_IN_TIME} AND (len(a.toward) = 0 OR list_has_any(a.toward, e.facing))
    """,
)
_WORDED = """
    SELECT DISTINCT m.id FROM ledger_maybe m JOIN ledger_told_acts a USING (no) JOIN ledger_members c ON c.entry = m.id
    WHERE list_has_any(c.words, a.words)
"""
# Shifts that a statement of the documents at hand may be the corrected one of.
_SAID = f"""
    WITH shifts AS (
        SELECT id, entry, day, CASE WHEN len(cue) > 0 THEN cue ELSE words END AS words, "by", "to" FROM ledger_members
        WHERE kind = 'shift' AND corrects IS NULL AND day IS NOT NULL
    ), facing AS (
        SELECT s.id, flatten(list(a.members)) AS facing FROM (SELECT id, unnest("to") AS no FROM shifts) s
        JOIN ledger_actors a USING (no) GROUP BY s.id
    ), sought AS (
        SELECT s.id, s.entry, s.day, s.words, unnest(a.members) AS party FROM (SELECT *, unnest("by") AS no FROM shifts) s
        JOIN ledger_actors a USING (no)
    )
    SELECT DISTINCT c.entry FROM (SELECT *, unnest(speaker) AS party FROM ledger_new_said) s JOIN sought c
    ON c.party = s.party AND s.day BETWEEN c.day - {LOOK_BACK} AND c.day LEFT JOIN facing f ON f.id = c.id
    WHERE len(list_intersect(c.words, s.words)) >= {TIED} OR (c.day - s.day <= {NEAR} AND list_has_any(f.facing, s.about))
"""
