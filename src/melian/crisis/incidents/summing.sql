-- One row of `incidents` for each incident of `incident_fresh`, from its tellings.
-- Where tellings differ, most of them decide, then the fullest, then the least id; copies and denials count only where there is
-- nothing else.
CREATE OR REPLACE TEMP TABLE incident_told AS
SELECT
    t.incident, t.score AS likeness, e.*, m.place AS plain_place, m.unit AS unit_kind, coalesce(c."of", e.doc) AS report,
    d.outlet AS own_outlet, o.outlet,
    CASE WHEN e.realis = 'actual' AND m.attached IS NULL THEN 1.0 ELSE 0.001 END AS weight,
    (e.value IS NOT NULL)::INTEGER + e.dated::INTEGER + (e.place IS NOT NULL)::INTEGER
        + len(list_filter(e.source || e.target, lambda actor: actor.name IS NOT NULL)) AS fullness
FROM incident_tellings t
JOIN events e ON e.id = t.event
JOIN incident_marks m ON m.event = t.event
JOIN documents d ON d.id = e.doc
LEFT JOIN copies c ON c.doc = e.doc
JOIN documents o ON o.id = coalesce(c."of", e.doc)
WHERE t.incident IN (FROM incident_fresh);

-- By whose account a telling is given: the innermost statement that holds it; for a denial, a denying one first.
CREATE OR REPLACE TEMP TABLE incident_voices AS
SELECT
    e.id AS event, s.act,
    list_filter(list_transform(list_filter(s.speaker, lambda who: who.sector IS DISTINCT FROM 'MED'), lambda who: coalesce(who.id, who.name)),
        lambda name: name IS NOT NULL) AS speakers,
    coalesce(s.reported_by, list_filter(list_transform(s.speaker, lambda who:
        CASE WHEN who.sector = 'MED' THEN coalesce(who.name, who.id) END), lambda name: name IS NOT NULL)[1]) AS medium
FROM incident_told e JOIN statements s ON s.doc = e.doc
WHERE 2 * (least(s.stop, e.stop)::INTEGER - greatest(s.start, e.start)::INTEGER) >= e.stop - e.start
  AND (s.act = 'DENY') = (e.realis = 'denied')
QUALIFY row_number() OVER (PARTITION BY e.id ORDER BY s.stop - s.start, s.id) = 1;

CREATE OR REPLACE TEMP TABLE incident_accounts AS
SELECT
    t.incident, t.realis, t.report, v.speakers, coalesce(v.medium, t.outlet) AS medium, coalesce(v.medium, t.own_outlet) AS own_medium,
    CASE WHEN t.realis = 'denied' AND coalesce(len(v.speakers), 0) = 0 THEN
        list_filter(list_transform(t.source, lambda who: coalesce(who.id, who.name)), lambda name: name IS NOT NULL) END AS accused
FROM incident_told t LEFT JOIN incident_voices v ON v.event = t.id;

DELETE FROM incidents WHERE id IN (FROM incident_stale UNION FROM incident_fresh);

INSERT INTO incidents BY NAME
WITH types AS (
    SELECT incident, type FROM incident_told GROUP BY incident, type
    QUALIFY row_number() OVER (PARTITION BY incident ORDER BY sum(weight) DESC, max(fullness) DESC, min(id)) = 1
), modes AS (
    SELECT incident, type, mode FROM incident_told SEMI JOIN types USING (incident, type) WHERE mode IS NOT NULL
    GROUP BY incident, type, mode
    QUALIFY row_number() OVER (PARTITION BY incident ORDER BY sum(weight) DESC, max(fullness) DESC, min(id)) = 1
), sides AS (
    SELECT incident, 'source' AS side, source AS actors, weight, fullness, id FROM incident_told WHERE len(source) > 0
    UNION ALL SELECT incident, 'target', target, weight, fullness, id FROM incident_told WHERE len(target) > 0
), parties AS (
    SELECT incident, side, list_sort(list_transform(actors, lambda who: coalesce(who.id, who.name))) AS ids,
        arg_max(actors, (weight, len(list_filter(actors, lambda who: who.name IS NOT NULL)), fullness, -id::HUGEINT)) AS actors,
        sum(weight) AS told, max(fullness) AS fullness, min(id) AS least
    FROM sides GROUP BY ALL
), chosen AS (
    SELECT incident, side, list_transform(actors, lambda who: {'id': who.id, 'sector': who.sector, 'name': who.name,
        'role': who.role, 'country': who.country, 'start': NULL::UINTEGER, 'stop': NULL::UINTEGER}) AS actors
    FROM parties QUALIFY row_number() OVER (PARTITION BY incident, side ORDER BY told DESC, fullness DESC, least) = 1
), places AS (
    SELECT incident, arg_max(place, (weight, fullness, -id::HUGEINT)) AS place,
        arg_max(place_country, (weight, fullness, -id::HUGEINT)) AS place_country
    FROM incident_told WHERE place IS NOT NULL GROUP BY incident, coalesce(plain_place, lower(place))
    QUALIFY row_number() OVER (PARTITION BY incident ORDER BY sum(weight) DESC, max(fullness) DESC, min(id)) = 1
), units AS (
    SELECT incident, min(value) AS low, max(value) AS high, mode(unit ORDER BY unit) AS unit
    FROM incident_told WHERE value IS NOT NULL GROUP BY incident, unit_kind
    QUALIFY row_number() OVER (PARTITION BY incident ORDER BY unit_kind IS NULL, sum(weight) DESC, max(fullness) DESC, min(id)) = 1
), times AS (
    SELECT incident,
        CASE WHEN bool_or(dated AND first = last) THEN min(first) FILTER (dated AND first = last)
             WHEN bool_or(dated) THEN arg_min(first, (last - first, first)) FILTER (dated) ELSE min(first) END AS first,
        CASE WHEN bool_or(dated AND first = last) THEN max(last) FILTER (dated AND first = last)
             WHEN bool_or(dated) THEN arg_min(last, (last - first, first)) FILTER (dated) ELSE min(first) END AS last,
        bool_or(dated) AS dated
    FROM (  -- a denial tells no day of what others tell as a fact
        SELECT * FROM incident_told QUALIFY realis = 'actual' OR NOT bool_or(realis = 'actual') OVER (PARTITION BY incident)
    ) GROUP BY incident
), fullest AS (
    SELECT incident, id AS event FROM incident_told
    QUALIFY row_number() OVER (PARTITION BY incident ORDER BY weight DESC, fullness DESC, stop - start DESC, id) = 1
), counts AS (
    SELECT incident, count(*) FILTER (realis = 'actual') AS confirmed, count(*) FILTER (realis = 'denied') AS denied,
        count(*) AS tellings, count(DISTINCT doc) AS documents, avg(round(100 * likeness)::INTEGER) / 100 AS score
    FROM incident_told GROUP BY incident
), independent AS (
    SELECT incident, count(DISTINCT coalesce(plain_name(medium), 'document ' || report)) AS sources FROM incident_accounts GROUP BY incident
), confirming AS (
    SELECT incident, list(name ORDER BY name) AS confirmed_by FROM (
        SELECT incident, min(name) AS name FROM (
            SELECT incident, name, 'party ' || name AS key FROM incident_accounts, unnest(speakers) AS _(name) WHERE realis = 'actual'
            UNION ALL
            SELECT incident, own_medium, plain_name(own_medium) FROM incident_accounts
            WHERE realis = 'actual' AND coalesce(len(speakers), 0) = 0 AND own_medium IS NOT NULL
        ) GROUP BY incident, key
    ) GROUP BY incident
), denying AS (
    SELECT incident, list(DISTINCT name ORDER BY name) AS denied_by
    FROM incident_accounts, unnest(coalesce(accused, speakers)) AS _(name) WHERE realis = 'denied' GROUP BY incident
)
SELECT
    y.incident AS id, y.type, m.mode, coalesce(s.actors, []) AS source, coalesce(g.actors, []) AS target, w.first, w.last, w.dated,
    p.place, p.place_country, u.low, u.high, u.unit, c.confirmed, c.denied, c.tellings, c.documents, i.sources,
    coalesce(a.confirmed_by, []) AS confirmed_by, coalesce(n.denied_by, []) AS denied_by, f.event, c.score
FROM types y
JOIN times w USING (incident) JOIN fullest f USING (incident) JOIN counts c USING (incident) JOIN independent i USING (incident)
LEFT JOIN modes m USING (incident)
LEFT JOIN chosen s ON s.incident = y.incident AND s.side = 'source'
LEFT JOIN chosen g ON g.incident = y.incident AND g.side = 'target'
LEFT JOIN places p USING (incident)
LEFT JOIN units u USING (incident)
LEFT JOIN confirming a USING (incident)
LEFT JOIN denying n USING (incident);
