"""Entries whose own claims did not change, but what answers them may have: found by looser conditions than the rules have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import duckdb

from melian.codebook import event_types
from melian.crisis.ledger import commitments, foresight, redlines
from melian.crisis.ledger.acts import REFUSALS, YES
from melian.crisis.ledger.claim import Act
from melian.crisis.ledger.parties import alliances_of, kin
from melian.crisis.ledger.refreshing import Change
from melian.crisis.ledger.report import day_text
from melian.crisis.ledger.rules import rules
from melian.crisis.ledger.shifts import LOOK_BACK, NEAR, TIED, Said, said
from melian.crisis.ledger.stand import TURNS, is_deed
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
        for query in _act_queries():
            found |= _ids(connection, query)
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
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE ledger_new_acts (no UINTEGER, kind VARCHAR, day DATE, until DATE, doers VARCHAR[], allied VARCHAR[], toward VARCHAR[], "
        "parties VARCHAR[], aimed VARCHAR[], "
        "words UINTEGER[], named BOOLEAN, about BOOLEAN, drops BOOLEAN)"
    )
    insert(
        connection,
        "ledger_new_acts",
        (
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
        ),
    )


def _put_said(connection: duckdb.DuckDBPyConnection, spoken: Sequence[Said]) -> None:
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE ledger_new_said (day DATE, speaker VARCHAR[], about VARCHAR[], words UINTEGER[])"
    )
    rows = ({"day": day_text(s.day), "speaker": sorted(s.speaker), "about": sorted(s.about), "words": s.words} for s in spoken)
    insert(connection, "ledger_new_said", rows)


def _act_queries() -> Iterable[str]:
    """Queries for the entries that one of `ledger_new_acts` may answer."""
    entries = (
        f"SELECT id, kind, coalesce(machine_status, status) AS status, {_SINCE} AS since, {_LATEST} AS latest, moved, due, condition, "
        '[coalesce(a.id, a.name) FOR a IN "by"] AS own, [coalesce(a.id, a.name) FOR a IN "to"] AS facing FROM entries'
    )
    commitment = "e.kind IN ('demand', 'offer')"
    in_time = f"a.until >= e.since AND a.day <= e.latest + {commitments.HORIZON}"
    words = "EXISTS (SELECT 1 FROM ledger_members c WHERE c.entry = e.id AND list_has_any(c.words, a.words))"
    refusal, yes = _listed(REFUSALS), _listed(YES)
    by = "SELECT *, unnest(own) AS one"
    # Refusals and agreements: from the asked to the asking. Those that need common words are looked up among the claims in a second step.
    sided = f"SELECT *, unnest(facing) AS other FROM ({by} FROM ({entries}))"
    aimed = "SELECT *, unnest({side}) AS doer FROM (SELECT *, unnest(toward) AS whom FROM ledger_new_acts WHERE {where})"
    join = "ON a.doer = e.other AND a.whom = e.one"
    yield (
        f"SELECT DISTINCT e.id FROM ({aimed.format(side='allied', where=f'kind IN {refusal} AND NOT named')}) a JOIN ({sided}) e {join} "
        f"WHERE e.kind = 'demand' AND a.until >= e.since AND a.day <= e.latest + {commitments.LATELY}"
    )
    named = f"(kind IN {refusal} AND named) OR kind IN {yes}"
    yield f"SELECT DISTINCT e.id FROM ({aimed.format(side='allied', where=named)}) a JOIN ({sided}) e {join} WHERE {commitment} AND {in_time} AND {words}"
    # Put to nobody named.
    anyone = f"({by} FROM ({entries}) WHERE len(facing) = 0)"
    yield (
        f"SELECT DISTINCT e.id FROM (SELECT *, unnest(toward) AS whom FROM ledger_new_acts WHERE {named}) a JOIN {anyone} e ON a.whom = e.one "
        f"WHERE {commitment} AND {in_time} AND {words}"
    )
    # "Rejected its demands", both sides read as one.
    both = f"SELECT *, unnest(allied) AS doer FROM (SELECT *, unnest(doers) AS whom FROM ledger_new_acts WHERE kind IN {refusal} AND about AND len(toward) = 0)"
    yield f"SELECT DISTINCT e.id FROM ({both}) a JOIN ({sided}) e {join} WHERE {commitment} AND {in_time}"
    # Dropped by its maker.
    dropping = "SELECT *, unnest(doers) AS doer FROM ledger_new_acts WHERE drops"
    yield (
        f"SELECT DISTINCT e.id FROM ({dropping}) a JOIN ({by} FROM ({entries})) e ON a.doer = e.one WHERE {commitment} AND {in_time} AND {words} "
        "AND (len(a.toward) = 0 OR list_has_any(a.toward, e.facing))"
    )
    # A threat carried out (once it was crossed, or where it had no condition), or softened before that.
    harm = _listed({*rules()["harm"], "CONCEDE"})
    yield (
        f"SELECT DISTINCT e.id FROM ({aimed.format(side='doers', where=f'kind IN {harm}')}) a JOIN ({sided}) e ON a.doer = e.one AND a.whom = e.other "
        f"WHERE e.kind = 'redline' AND a.until >= e.since AND a.day <= e.latest + {redlines.HORIZON + redlines.FOLLOWS} "
        "AND CASE WHEN a.kind = 'CONCEDE' THEN e.status IN ('standing', 'softened') ELSE e.condition IS NULL OR e.status NOT IN ('standing', 'softened') END"
    )
    # The very event that was demanded, foretold, denied, or named by a condition; once it came to that, only what is earlier matters.
    patterns = "SELECT entry, words, unnest(patterns) AS p FROM ledger_members WHERE len(patterns) > 0"
    in_question = (
        f"a.until >= e.since - {foresight.LOOK_BACK} AND CASE WHEN e.kind = 'demand' THEN a.day <= e.latest + {commitments.HORIZON} "
        f"ELSE a.day <= greatest(e.latest + {redlines.HORIZON}, e.due) AND (e.status IN ('standing', 'open', 'did not', 'softened') OR a.day <= e.moved) END"
    )
    deeds = _listed(type_ for type_ in event_types() if is_deed(type_))
    yield (
        "SELECT DISTINCT e.id FROM (SELECT *, unnest(parties) AS doer FROM ledger_new_acts) a JOIN "
        f"(SELECT *, p.type AS type, unnest(p.doers) AS doer FROM ({patterns})) m ON a.kind = m.type AND a.doer = m.doer JOIN ({entries}) e ON e.id = m.entry "
        f"WHERE {in_question} AND (len(m.p.toward) = 0 OR list_has_any(m.p.toward, a.aimed)) AND (m.type IN {deeds} OR list_has_any(m.words, a.words))"
    )
    yield (
        "SELECT DISTINCT e.id FROM (SELECT *, unnest(doers) AS doer FROM ledger_new_acts) a JOIN "
        f"(SELECT *, unnest(list_distinct(list_concat(own, facing))) AS party FROM ({entries}) x JOIN "
        f"(SELECT entry, p.type AS type FROM ({patterns}) WHERE len(p.doers) = 0) m ON m.entry = x.id) e ON a.kind = e.type AND a.doer = e.party WHERE {in_question}"
    )


def _listed(kinds: Iterable[str]) -> str:
    return "(" + ", ".join(f"'{kind}'" for kind in sorted(kinds)) + ")"


_SAID = f"""
    WITH shifts AS (
        SELECT kind, id, entry, day, CASE WHEN len(cue) > 0 THEN cue ELSE words END AS words, "by", "to" FROM ledger_members
        WHERE kind = 'shift' AND corrects IS NULL AND day IS NOT NULL
    ), facing AS (
        SELECT s.id, flatten(list(a.members)) AS facing FROM (SELECT id, unnest("to") AS no FROM shifts) s JOIN ledger_actors a USING (no) GROUP BY s.id
    ), sought AS (
        SELECT s.id, s.entry, s.day, s.words, unnest(a.members) AS party FROM (SELECT *, unnest("by") AS no FROM shifts) s JOIN ledger_actors a USING (no)
    )
    SELECT DISTINCT c.entry FROM (SELECT *, unnest(speaker) AS party FROM ledger_new_said) s JOIN sought c
    ON c.party = s.party AND s.day BETWEEN c.day - {LOOK_BACK} AND c.day LEFT JOIN facing f ON f.id = c.id
    WHERE len(list_intersect(c.words, s.words)) >= {TIED} OR (c.day - s.day <= {NEAR} AND list_has_any(f.facing, s.about))
"""
