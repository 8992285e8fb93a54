-- Incidents: tellings of one happening, brought together across documents.

-- By hand: two events that are one happening whatever the machine finds, and two that are not. Filled by judgements.
CREATE TABLE joined (a UBIGINT NOT NULL, b UBIGINT NOT NULL);
CREATE TABLE parted (a UBIGINT NOT NULL, b UBIGINT NOT NULL);

CREATE TABLE incidents (
    id UBIGINT NOT NULL,            -- least event id among its tellings
    type VARCHAR NOT NULL,
    mode VARCHAR,
    source actor[] NOT NULL,
    target actor[] NOT NULL,
    first DATE,                     -- by the tellings that give a date where there are any, else by the first report's day
    last DATE,
    dated BOOLEAN NOT NULL,
    place VARCHAR,
    place_country VARCHAR,
    low DOUBLE,                     -- range of the numbers told, in `unit`
    high DOUBLE,
    unit VARCHAR,
    confirmed UINTEGER NOT NULL,    -- tellings as a fact
    denied UINTEGER NOT NULL,       -- tellings in which somebody denies it
    tellings UINTEGER NOT NULL,
    documents UINTEGER NOT NULL,
    sources UINTEGER NOT NULL,      -- independent ones: an outlet, its copies and those who quote it are one
    confirmed_by VARCHAR[] NOT NULL, -- outlets; where somebody is cited for it, the principals that say so
    denied_by VARCHAR[] NOT NULL,   -- principals
    event UBIGINT NOT NULL,         -- the fullest telling
    score FLOAT NOT NULL            -- mean of its tellings' scores
);

CREATE TABLE incident_tellings (
    incident UBIGINT NOT NULL,
    event UBIGINT NOT NULL,
    doc UBIGINT NOT NULL,
    score FLOAT NOT NULL,           -- likeness to the telling of the incident that is most like it; 1 where it is alone
    why VARCHAR NOT NULL
);

-- What the machine compares, one row a telling. `no` is a short name inside this file; nothing that is shown depends on it.
-- Days are counted from 1970-01-01. Words and parties are numbers in one list, as a list costs more than what is in it.
CREATE TABLE incident_marks (
    no UINTEGER NOT NULL,
    event UBIGINT NOT NULL,
    doc UBIGINT NOT NULL,
    attached UBIGINT,               -- the same event of the document that this one is a copy of; such a telling is not compared
    type VARCHAR NOT NULL,
    mode VARCHAR,
    denied BOOLEAN NOT NULL,
    place VARCHAR,
    country VARCHAR,
    value DOUBLE,
    unit VARCHAR,
    first INTEGER,                  -- the days that it can have happened between
    last INTEGER,
    dated BOOLEAN NOT NULL,
    report INTEGER,                 -- the day of the report
    start UINTEGER NOT NULL,
    stop UINTEGER NOT NULL,
    parts UINTEGER[] NOT NULL       -- its words and parties (`marks.packed`)
);
CREATE TABLE incident_stories (doc UBIGINT NOT NULL, outlet VARCHAR, story UINTEGER[] NOT NULL);
CREATE TABLE incident_copies (doc UBIGINT NOT NULL, "of" UBIGINT NOT NULL); -- `copies` as last seen here

CREATE TABLE incident_keys (key UINTEGER NOT NULL, no UINTEGER NOT NULL);   -- tellings with a key in common may be one
CREATE TABLE incident_pairs (a UINTEGER NOT NULL, b UINTEGER NOT NULL, likeness UTINYINT NOT NULL); -- percent; a before b
CREATE TABLE incident_days (no UINTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL);   -- by other tellings
