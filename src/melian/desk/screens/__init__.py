"""One file a screen: what it asks of the record, and how it answers."""
