-- The full-text index: which words stand in which documents, how often. Words are kept as they stand, folded to small letters without
-- accents; `stem` brings the forms of one word together when one is asked for. Documents go by `documents.no`.
CREATE TABLE search_words (no UINTEGER NOT NULL, word VARCHAR NOT NULL, stem VARCHAR NOT NULL);

-- Sorted by word within each batch. `count` is of the text, with a word of the title counted twice, and stops at 255.
CREATE TABLE search_postings (word UINTEGER NOT NULL, doc UINTEGER NOT NULL, count UTINYINT NOT NULL);

-- Words of each document, counted in the same way, stop words too; a document that has a row is indexed.
CREATE TABLE search_lengths (doc UINTEGER NOT NULL, length UINTEGER NOT NULL);
