-- The ledger: what each side demands, offers, threatens, foresees, denies and corrects, over all documents.

CREATE TABLE entries (
    id UBIGINT NOT NULL,            -- that of its least telling, its last bits turned; see `ledger_members`
    kind VARCHAR NOT NULL,          -- demand | offer | redline | prediction | denial | shift
    status VARCHAR NOT NULL,        -- a person's where one corrected it
    machine_status VARCHAR,         -- what the evidence alone gives, where a person has it otherwise
    since DATE,                     -- first telling
    latest DATE,                    -- last telling
    moved DATE,                     -- of the evidence that gave the status
    "by" actor[] NOT NULL,
    "to" actor[] NOT NULL,
    words VARCHAR NOT NULL,         -- of the fullest telling
    condition VARCHAR,              -- of a red line
    due DATE,                       -- of a prediction, where its words name a last day
    kinds VARCHAR[] NOT NULL,       -- types of the events that fulfil, cross or contradict it
    tellings UINTEGER NOT NULL,     -- documents that tell it, copies of one text once
    sources UINTEGER NOT NULL,      -- outlets that tell it, copies of one text once
    probability DOUBLE,             -- of a prediction, where its words give one
    brier DOUBLE,                   -- its score once it is resolved
    replaces UBIGINT                -- of a shift: the statement that it corrects
);

-- What followed, with the status that it moved the entry to and the rule in words; the deciding one gave the status.
CREATE TABLE entry_answers (
    entry UBIGINT NOT NULL,
    record UBIGINT NOT NULL,
    doc UBIGINT NOT NULL,
    what VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,          -- event type or act
    "by" actor[] NOT NULL,
    date DATE,
    status VARCHAR NOT NULL,
    deciding BOOLEAN NOT NULL,
    why VARCHAR NOT NULL
);

-- What the entries are made from, one row a claim of one document (see `ledger.claim`), in as few bytes as may be. `id` is the least of the
-- events and statements that make it, `others` the rest; "by" and "to" are numbers of `ledger_actors`; words are numbers: weight * 2**20 + hash.
-- `repeats` is the earlier claim of its kind that it says again, `head` the claim with the least id in its entry (NULL: itself), `copy` the document that its
-- own is a copy of.
CREATE TABLE ledger_claims (
    kind VARCHAR NOT NULL,
    id UBIGINT NOT NULL,
    is_event BOOLEAN NOT NULL,
    others STRUCT(id UBIGINT, is_event BOOLEAN)[],
    doc UBIGINT NOT NULL,
    day DATE,
    "by" UINTEGER[],
    "to" UINTEGER[],
    civil BOOLEAN,
    start UINTEGER,
    stop UINTEGER,
    words UINTEGER[],
    firm BOOLEAN,
    open BOOLEAN,
    condition_start UINTEGER,
    condition_stop UINTEGER,
    patterns STRUCT(type VARCHAR, mode VARCHAR, doers VARCHAR[], toward VARCHAR[])[],
    threatened VARCHAR[],
    due DATE,
    probability DOUBLE,
    cue UINTEGER[],
    ties VARCHAR[],
    corrects UBIGINT,
    perhaps UBIGINT,
    repeats UBIGINT,
    score DOUBLE,
    head UBIGINT,
    copy UBIGINT
);

-- Actors without the places of their mentions, each once; `members` are the parties that they are compared as.
CREATE TABLE ledger_actors (
    no UINTEGER NOT NULL, id VARCHAR, sector VARCHAR, name VARCHAR, role VARCHAR, country VARCHAR, members VARCHAR[] NOT NULL
);

-- Claims with the entry that they belong to: its id is that of its least telling with the last bits turned (`ledger.stand.TURNS`), so that
-- it is not the id of an event or statement too.
CREATE VIEW ledger_members AS SELECT *, xor(coalesce(head, id), CAST(CASE kind
    WHEN 'demand' THEN 1 WHEN 'offer' THEN 2 WHEN 'redline' THEN 3 WHEN 'prediction' THEN 4 WHEN 'denial' THEN 5 ELSE 6 END AS UBIGINT)) AS entry
FROM ledger_claims;

-- Every event and statement that makes the claim of an entry (also of one that a person rejected); of a bloc that is split over a demand or an offer, the answers by
-- which it is.
CREATE VIEW entry_tellings AS
    SELECT entry, id AS record, doc, CASE WHEN is_event THEN 'event' ELSE 'statement' END AS what FROM ledger_members
    UNION ALL SELECT entry, other.id, doc, CASE WHEN other.is_event THEN 'event' ELSE 'statement' END
    FROM (SELECT entry, doc, unnest(others) AS other FROM ledger_members WHERE len(others) > 0)
    UNION ALL SELECT entry, record, doc, what FROM entry_answers WHERE status = 'split';

-- What documents tell that may answer a claim.
CREATE TABLE ledger_acts (
    id UBIGINT NOT NULL,
    is_event BOOLEAN NOT NULL,
    doc UBIGINT NOT NULL,
    kind VARCHAR NOT NULL,
    mode VARCHAR NOT NULL,
    doers VARCHAR[] NOT NULL,
    toward VARCHAR[] NOT NULL,
    civil BOOLEAN NOT NULL,
    day DATE,
    until DATE,
    dated BOOLEAN NOT NULL,
    start UINTEGER NOT NULL,
    stop UINTEGER NOT NULL,
    words UINTEGER[] NOT NULL,
    named BOOLEAN NOT NULL,
    about BOOLEAN NOT NULL,
    near BOOLEAN NOT NULL,
    part BOOLEAN NOT NULL,
    drops BOOLEAN NOT NULL
);

-- The day of the latest report when the ledger was last brought up: some statuses change when time passes.
CREATE TABLE ledger_last (day DATE);
