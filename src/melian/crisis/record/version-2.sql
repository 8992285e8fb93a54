-- A feed may ask to be left alone until a time.
ALTER TABLE feeds ADD COLUMN not_before VARCHAR;
