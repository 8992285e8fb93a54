-- Whether a denial is of what is planned, and not of what was done. A view keeps the columns that it was made with.
ALTER TABLE ledger_claims ADD COLUMN ahead BOOLEAN DEFAULT false;
CREATE OR REPLACE VIEW ledger_members AS SELECT *, xor(coalesce(head, id), CAST(CASE kind
    WHEN 'demand' THEN 1 WHEN 'offer' THEN 2 WHEN 'redline' THEN 3 WHEN 'prediction' THEN 4 WHEN 'denial' THEN 5 ELSE 6 END AS UBIGINT)) AS entry
FROM ledger_claims;
