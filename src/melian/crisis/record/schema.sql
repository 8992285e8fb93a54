-- The tables of a crisis record that every part shares (version 1). Parts of their own keep theirs beside their code:
-- each names its file in `schema.PARTS`.
--
-- Ids are 64-bit content hashes (`UBIGINT` here, sixteen hex digits outside), so that the same report gives the same ids in
-- whatever order reports come. Offsets count code points of `documents.text`, [start, stop).

CREATE TABLE about (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL);

CREATE TYPE actor AS STRUCT(
    id VARCHAR, sector VARCHAR, name VARCHAR, role VARCHAR, country VARCHAR, start UINTEGER, stop UINTEGER
);

CREATE TABLE documents (
    id UBIGINT NOT NULL,            -- of text, date, title, outlet and link
    no UINTEGER NOT NULL,           -- order of arrival: for index rows inside this file only, never shown
    published DATE,
    published_from VARCHAR NOT NULL,
    title VARCHAR,
    outlet VARCHAR,
    url VARCHAR,
    text VARCHAR NOT NULL,
    links STRUCT(text VARCHAR, url VARCHAR)[],  -- "Read also": kept apart from the text
    notes VARCHAR[],
    coder VARCHAR NOT NULL,         -- version and model that read it
    added TIMESTAMP NOT NULL
);

-- Where a document was read from, each way that it came in once: what its giver called it (a file's stem, the doc_id of a line),
-- the file and line, and the SHA-256 of the bytes there.
CREATE TABLE origins (doc UBIGINT NOT NULL, name VARCHAR NOT NULL, origin VARCHAR, digest VARCHAR);

-- The machine's reading. Nothing but `melian recode` ever changes it.
CREATE TABLE coded_events (
    id UBIGINT NOT NULL,
    doc UBIGINT NOT NULL,
    type VARCHAR NOT NULL,
    mode VARCHAR,
    realis VARCHAR NOT NULL,
    source actor[] NOT NULL,
    target actor[] NOT NULL,
    date VARCHAR,                   -- ISO, as coded; NULL where the words give none
    first DATE,                     -- the days that it happened between: by its date where `dated`, else the day of the report
    last DATE,
    dated BOOLEAN NOT NULL,
    place VARCHAR,
    place_country VARCHAR,
    value DOUBLE,                   -- quantity, with its unit and bound
    unit VARCHAR,
    bound VARCHAR,
    start UINTEGER NOT NULL,
    stop UINTEGER NOT NULL,
    also STRUCT(start UINTEGER, stop UINTEGER)[] NOT NULL,
    score FLOAT,
    why VARCHAR[] NOT NULL
);

CREATE TABLE coded_statements (
    id UBIGINT NOT NULL,
    doc UBIGINT NOT NULL,
    act VARCHAR NOT NULL,
    speaker actor[] NOT NULL,
    addressee actor[] NOT NULL,
    about actor[] NOT NULL,
    quote VARCHAR NOT NULL,
    reported_by VARCHAR,
    date VARCHAR,
    first DATE,
    last DATE,
    dated BOOLEAN NOT NULL,
    place VARCHAR,
    start UINTEGER NOT NULL,
    stop UINTEGER NOT NULL,
    condition_start UINTEGER,
    condition_stop UINTEGER,
    cue_start UINTEGER,
    cue_stop UINTEGER,
    score FLOAT,
    why VARCHAR[] NOT NULL
);

CREATE TABLE abstentions (doc UBIGINT NOT NULL, type VARCHAR NOT NULL, start UINTEGER, stop UINTEGER, score FLOAT, why VARCHAR);

-- What a person put in the place of the machine's reading (or took away): the outcome of `judgements`, kept up by them.
CREATE TABLE corrected_events AS FROM coded_events;
CREATE TABLE corrected_statements AS FROM coded_statements;
CREATE TABLE rejected (id UBIGINT NOT NULL);

-- What counts: the machine's reading with the persons' judgements on it. Incidents, ledger, tables and exports read these.
CREATE VIEW events AS
    SELECT * FROM coded_events
    WHERE id NOT IN (SELECT id FROM corrected_events) AND id NOT IN (SELECT id FROM rejected)
    UNION ALL BY NAME SELECT * FROM corrected_events WHERE id NOT IN (SELECT id FROM rejected);
CREATE VIEW statements AS
    SELECT * FROM coded_statements
    WHERE id NOT IN (SELECT id FROM corrected_statements) AND id NOT IN (SELECT id FROM rejected)
    UNION ALL BY NAME SELECT * FROM corrected_statements WHERE id NOT IN (SELECT id FROM rejected);

-- Inputs that could not be read or coded, each once.
CREATE TABLE quarantine (origin VARCHAR, kind VARCHAR NOT NULL, message VARCHAR NOT NULL, seen TIMESTAMP NOT NULL);

CREATE TABLE feeds (url VARCHAR PRIMARY KEY, etag VARCHAR, modified VARCHAR, polled TIMESTAMP NOT NULL);
