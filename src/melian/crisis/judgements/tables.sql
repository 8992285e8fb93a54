-- What persons say about the record. `judgements` is only ever added to; everything else here is made from it and can be made anew.

CREATE TABLE judgements (
    id UBIGINT NOT NULL,            -- of all that a person gave: kind, records, field, value, note, by, when
    kind VARCHAR NOT NULL,          -- accept | reject | correct | merge | split | note | add | undo
    about UBIGINT[] NOT NULL,       -- the records; of a split the first is parted from the others
    what VARCHAR,                   -- event | statement | incident | entry | document
    field VARCHAR,
    value VARCHAR,                  -- JSON
    note VARCHAR,
    "by" VARCHAR NOT NULL,
    "when" TIMESTAMP NOT NULL,      -- UTC
    undoes UBIGINT,
    reading VARCHAR                 -- JSON: each record as the machine had it then, with its document
);

-- The judgements that an undo takes back (and no later undo gives again).
CREATE TABLE undone (id UBIGINT NOT NULL);

-- Every event and statement that was ever judged, with its document.
CREATE TABLE judged (id UBIGINT NOT NULL, doc UBIGINT NOT NULL, what VARCHAR NOT NULL);

-- Records that a newer coder reads otherwise, and the record that stands for each now. Where it is not `alike` (of another type or
-- act than the machine's and the person's), acceptances and rejections of the old one do not hold for it.
CREATE TABLE moved (old UBIGINT NOT NULL, new UBIGINT NOT NULL, doc UBIGINT NOT NULL, alike BOOLEAN NOT NULL);

-- A field of a ledger entry as a person has it: the latest that stands.
CREATE TABLE entry_corrections (
    entry UBIGINT NOT NULL, field VARCHAR NOT NULL, value VARCHAR, "by" VARCHAR NOT NULL, "when" TIMESTAMP NOT NULL
);

-- Judgements that hold for nothing in the record: their document is not here, or a newer coder has no such record any more.
CREATE VIEW orphaned AS
    WITH named AS (
        SELECT id, kind, what, unnest(about) AS record FROM judgements
        WHERE kind <> 'undo' AND id NOT IN (SELECT id FROM undone)
    )
    SELECT * FROM judgements WHERE id IN (
        SELECT n.id FROM named n
        WHERE (n.what IN ('event', 'statement', 'incident')
               AND NOT EXISTS (SELECT 1 FROM coded_events e WHERE e.id = n.record)
               AND NOT EXISTS (SELECT 1 FROM coded_statements s WHERE s.id = n.record)
               AND NOT EXISTS (SELECT 1 FROM corrected_events e WHERE e.id = n.record)
               AND NOT EXISTS (SELECT 1 FROM corrected_statements s WHERE s.id = n.record)
               AND NOT EXISTS (SELECT 1 FROM moved m WHERE m.old = n.record
                               AND (m.alike OR n.kind NOT IN ('accept', 'reject', 'add'))))
           OR (n.what = 'document' AND NOT EXISTS (SELECT 1 FROM documents d WHERE d.id = n.record))
    );
