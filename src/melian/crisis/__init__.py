"""The record of a crisis over many documents: what each side demands, offers, threatens, foresees and denies."""
