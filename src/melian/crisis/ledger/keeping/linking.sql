-- Which earlier claim each claim repeats, by the rules of `grouping.repeats`, for claims that changed and for those that a changed one bears on.
-- `linking` fills in what stands in braces. It leaves in `ledger_links` what is otherwise than before, and in `ledger_claims` all as it is now.

-- Claims that look for the one that they repeat: those that changed, and those whose antecedent is gone or changed.
CREATE OR REPLACE TEMP TABLE ledger_seeking AS
SELECT kind, id FROM ledger_fresh
UNION SELECT c.kind, c.id FROM ledger_claims c JOIN ledger_gone g ON c.kind = g.kind AND c.repeats = g.id;

-- What two claims must have in common, a row for each such thing of a claim: a party that makes it, with a word or (of forecasts and denials) a type of
-- event, in a stretch of days as long as the window. As one number it is joined fast; its parts are looked at afterwards.
CREATE OR REPLACE TEMP MACRO ledger_tokens(stretch, kind, party, civil, token) AS hash(stretch, kind, party, civil, token);
CREATE OR REPLACE TEMP VIEW ledger_said AS
SELECT kind, id, civil, day, party, stretch, unnest(tokens) AS token FROM (
    SELECT c.*, (c.day - DATE '0001-01-01') // {window} AS stretch, unnest(coalesce(a.members, [''])) AS party FROM (
        SELECT kind, id, civil, coalesce(day, DATE '0001-01-01') AS day, unnest(CASE WHEN len("by") = 0 THEN [NULL] ELSE "by" END) AS no,
            list_concat(CAST(words AS UBIGINT[]), CASE WHEN kind IN ('prediction', 'denial') THEN [hash(p.type) FOR p IN patterns] END) AS tokens
        FROM ledger_claims WHERE kind IN (SELECT kind FROM ledger_seeking)
    ) c LEFT JOIN ledger_actors a ON a.no = c.no
);

-- Pairs that have it, the seeking claim as the later one, and a changed claim as the earlier one of any other.
CREATE OR REPLACE TEMP TABLE ledger_met AS
WITH mine AS (
    SELECT s.*, s.stretch + near AS other_stretch, (s.kind, s.id) IN (SELECT (kind, id) FROM ledger_fresh) AS fresh
    FROM ledger_said s, unnest([-1, 0, 1]) n(near) WHERE (s.kind, s.id) IN (SELECT (kind, id) FROM ledger_seeking)
), met AS (
    SELECT DISTINCT m.kind, m.id AS mine, o.id AS other, m.fresh
    FROM (SELECT *, ledger_tokens(other_stretch, kind, party, civil, token) AS key FROM mine) m
    JOIN (SELECT *, ledger_tokens(stretch, kind, party, civil, token) AS key FROM ledger_said) o ON m.key = o.key
    WHERE m.kind = o.kind AND m.party = o.party AND m.civil = o.civil AND o.day BETWEEN m.day - {window} AND m.day + {window} AND m.id <> o.id
)
SELECT kind, mine AS later, other AS earlier FROM met
UNION SELECT kind, other, mine FROM met WHERE fresh AND (kind, other) NOT IN (SELECT (kind, id) FROM ledger_seeking);

CREATE OR REPLACE TEMP TABLE ledger_pairs AS
SELECT row_number() OVER () AS no, m.*, l.words, e.words AS others, l.patterns, e.patterns AS patterns_before, l.ahead AND e.ahead AS ahead, l.repeats, l.score,
    coalesce(e.day, DATE '0001-01-01') AS day, e.doc, e.start, e.stop
FROM ledger_met m JOIN ledger_claims l ON l.kind = m.kind AND l.id = m.later JOIN ledger_claims e ON e.kind = m.kind AND e.id = m.earlier
WHERE (coalesce(e.day, DATE '0001-01-01'), e.doc, e.start, e.stop, e.id) < (coalesce(l.day, DATE '0001-01-01'), l.doc, l.start, l.stop, l.id);

CREATE OR REPLACE TEMP TABLE ledger_links AS
WITH facing AS MATERIALIZED (
    SELECT t.kind, t.id, flatten(list(a.members)) AS facing FROM (SELECT kind, id, unnest("to") AS no FROM ledger_claims
        WHERE (kind, id) IN (SELECT (kind, later) FROM ledger_pairs UNION ALL SELECT (kind, earlier) FROM ledger_pairs)) t
    JOIN ledger_actors a USING (no) GROUP BY t.kind, t.id
), same AS (
    SELECT DISTINCT no FROM (SELECT no, coming, common, p, unnest(patterns_before) AS q
        FROM (SELECT no, kind = 'prediction' OR ahead AS coming, unnest(patterns) AS p, patterns_before,
                kind = 'redline' OR coalesce(list_sum([w >> 20 FOR w IN list_intersect(words, others)]), 0) >= {tells} AS common
            FROM ledger_pairs WHERE kind IN ('prediction', 'denial', 'redline')))
    WHERE (common OR (coming AND p.doers = q.doers)) AND p.type = q.type AND len(p.doers) + len(q.doers) > 0
        AND (p.mode = '' OR q.mode = '' OR p.mode = q.mode OR p.type NOT IN ({modes}))
        AND (len(p.doers) = 0 OR len(q.doers) = 0 OR list_has_any(p.doers, q.doers))
        AND (len(p.toward) = 0 OR len(q.toward) = 0 OR list_has_any(p.toward, q.toward))
), weighed AS (
    SELECT n.*, s.no IS NOT NULL AS same, CASE WHEN list_has_any(n.words, n.others)
        AND (f.facing IS NULL OR g.facing IS NULL OR list_has_any(f.facing, g.facing))
        THEN list_sum([w >> 20 FOR w IN list_intersect(n.words, n.others)])
            / sqrt(list_sum([w >> 20 FOR w IN n.words]) * list_sum([w >> 20 FOR w IN n.others])) ELSE 0 END AS likeness
    FROM ledger_pairs n LEFT JOIN same s USING (no) LEFT JOIN facing f ON f.kind = n.kind AND f.id = n.later
    LEFT JOIN facing g ON g.kind = n.kind AND g.id = n.earlier
), fit AS (
    SELECT *, CASE WHEN same AND kind <> 'redline' THEN 2 ELSE likeness END AS fitness FROM weighed
    WHERE (same AND kind <> 'redline') OR likeness >= CASE WHEN same THEN {like_line} ELSE {like} END
), best AS (
    SELECT f.kind, f.later AS id, f.earlier AS repeats, f.fitness AS score FROM fit f
    LEFT JOIN ledger_claims c ON c.kind = f.kind AND c.id = f.repeats
    WHERE (f.kind, f.later) IN (SELECT (kind, id) FROM ledger_seeking) OR f.repeats IS NULL OR f.fitness > f.score OR (f.fitness = f.score
        AND (f.day, f.doc, f.start, f.stop, f.earlier) > (coalesce(c.day, DATE '0001-01-01'), c.doc, c.start, c.stop, c.id))
    QUALIFY row_number() OVER (PARTITION BY f.kind, f.later
        ORDER BY f.fitness DESC, f.day DESC, f.doc DESC, f.start DESC, f.stop DESC, f.earlier DESC) = 1
)
SELECT kind, id, b.repeats, b.score FROM ledger_seeking FULL JOIN best b USING (kind, id);

DELETE FROM ledger_links k USING ledger_claims c
WHERE c.kind = k.kind AND c.id = k.id AND c.repeats IS NOT DISTINCT FROM k.repeats AND c.score IS NOT DISTINCT FROM k.score;

UPDATE ledger_claims SET repeats = k.repeats, score = k.score FROM ledger_links k
WHERE ledger_claims.kind = k.kind AND ledger_claims.id = k.id;
