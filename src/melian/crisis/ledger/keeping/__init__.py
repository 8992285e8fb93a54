"""The ledger over the tables of a record: what changed is read, compared and written, and nothing else."""
