-- Copies: documents that print one telling (wire copy). Only clusters of two or more documents have rows here, one a document;
-- "of" is the one that stands for the cluster (earliest published, an unknown day last, then the least id), which has a row too.
CREATE TABLE copies (doc UBIGINT NOT NULL, "of" UBIGINT NOT NULL);

-- What finding them rests on. A *text* is what documents of one day with the same words share: thousands of equal ones are compared
-- once. `text` is a hash of words and day, `prints` the number of its fingerprints. Documents of a few words have no row.
CREATE TABLE copy_texts (doc UBIGINT NOT NULL, day DATE, text UBIGINT NOT NULL, prints UINTEGER NOT NULL);

-- Fingerprints of each text: hashes of some of its runs of words, so chosen that texts which share a passage share one of them.
CREATE TABLE copy_prints (text UBIGINT NOT NULL, day DATE, print UINTEGER NOT NULL);
