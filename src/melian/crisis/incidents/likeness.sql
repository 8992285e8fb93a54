-- How alike two tellings are: one row of features, each 0 to 1, for each pair in `incident_compared(a, b)`.
-- Every feature is the same whichever of the two comes first. `sides` are the marks of both with their reports' stories.
WITH facing AS (
    SELECT
        p.a, p.b,
        m.type = n.type AS one_type,
        m.mutual AND n.mutual AS mutual,
        m.doc = n.doc AS one_doc,
        len(list_intersect(m.parties, n.parties)) AS in_common,
        least(len(m.parties), len(n.parties)) AS fewer,
        list_has_any(m.source, n.source) AS one_source,
        len(m.source) > 0 AND len(n.source) > 0 AS two_sources,
        list_has_any(m.target, n.target) AS one_target,
        len(m.target) > 0 AND len(n.target) > 0 AS two_targets,
        m.dated::INTEGER + n.dated::INTEGER AS dates,
        m.dated AND m.first = m.last AS m_exact,
        n.dated AND n.first = n.last AS n_exact,
        greatest(m.first, n.first) AS later, least(m.first, n.first) AS earlier,
        greatest(m.last, n.last) AS later_end, least(m.last, n.last) AS earlier_end,
        CASE WHEN m.dated AND n.dated THEN 0
             WHEN m.dated THEN greatest(0, n.last - m.last)
             WHEN n.dated THEN greatest(0, m.last - n.last)
             ELSE abs(m.last - n.last) END AS lag,
        greatest(CASE WHEN m.dated THEN m.last - m.first ELSE 0 END, CASE WHEN n.dated THEN n.last - n.first ELSE 0 END) AS span,
        abs(m.report - n.report) AS between_reports,
        m.place IS NOT NULL AND n.place IS NOT NULL AS two_places,
        m.place = n.place OR contains(' ' || m.place || ' ', ' ' || n.place || ' ')
            OR contains(' ' || n.place || ' ', ' ' || m.place || ' ') AS one_place,
        CASE WHEN m.unit IS NOT DISTINCT FROM n.unit AND m.value > 0 AND n.value > 0
             THEN least(m.value, n.value) / greatest(m.value, n.value) END AS ratio,
        coalesce(list_max(list_intersect(m.stems, n.stems)) >> 20, 0) / 15.0 AS heaviest,
        coalesce(list_sum(list_transform(list_intersect(m.story, n.story), lambda word: word >> 20)), 0) / 15.0 AS story_weight,
        coalesce(m.mode = n.mode, false) AS one_mode,
        len(m.named) > 0 AND len(n.named) > 0 AS two_named,
        list_has_any(m.named, n.named) AS one_named,
        coalesce(m.outlet = n.outlet, false) AS one_outlet,
        m.denied <> n.denied AS one_denied,
        m.family
    FROM incident_compared p JOIN sides m ON m.no = p.a JOIN sides n ON n.no = p.b
)
SELECT
    a, b,
    one_type::DOUBLE AS same_type,
    (one_type AND one_mode)::DOUBLE AS same_mode,
    CASE WHEN mutual THEN in_common > 0 ELSE one_source END::DOUBLE AS same_source,
    (NOT mutual AND two_sources AND NOT one_source)::DOUBLE AS other_source,
    CASE WHEN mutual THEN in_common > 1 ELSE one_target END::DOUBLE AS same_target,
    CASE WHEN mutual THEN in_common < 2 AND fewer > 1 ELSE two_targets AND NOT one_target END::DOUBLE AS other_target,
    (two_named AND NOT one_named)::DOUBLE AS other_names,
    (m_exact AND n_exact)::DOUBLE AS same_day,
    (dates = 1)::DOUBLE AS one_undated,
    (dates = 0)::DOUBLE AS both_undated,
    least(lag, 7) / 7.0 AS lag,
    CASE WHEN dates = 2 AND NOT m_exact AND NOT n_exact THEN 0 ELSE ln(1 + span) / 6 END AS span,
    CASE WHEN dates = 2 AND NOT m_exact AND NOT n_exact
         THEN 1 - (earlier_end - later + 1) / (later_end - earlier + 1) ELSE 0 END AS other_span,
    coalesce(least(between_reports, 14), 14) / 14.0 AS apart,
    coalesce(two_places AND one_place, false)::DOUBLE AS same_place,
    coalesce(two_places AND NOT one_place, false)::DOUBLE AS other_place,
    coalesce(ratio >= 0.95, false)::DOUBLE AS same_number,
    coalesce(ratio >= 0.5 AND ratio < 0.95, false)::DOUBLE AS near_number,
    heaviest AS word_in_common,
    CASE WHEN one_doc THEN 0 ELSE least(story_weight, 6) / 6 END AS story,
    one_doc::DOUBLE AS same_document,
    (one_outlet AND NOT one_doc)::DOUBLE AS same_outlet,
    one_denied::DOUBLE AS one_denied,
    (family = 'material conflict')::DOUBLE AS material,
    (family = 'verbal conflict')::DOUBLE AS verbal
FROM facing
