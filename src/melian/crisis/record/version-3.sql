-- When a report went out, in UTC, where its source gave the time with its zone; `published` stays the day where the publisher sits.
ALTER TABLE documents ADD COLUMN published_at TIMESTAMP;
-- What a refusal says that it turns down: 'demand', 'offer' or neither.
ALTER TABLE ledger_acts ADD COLUMN turns_down VARCHAR DEFAULT '';
