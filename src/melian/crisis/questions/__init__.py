"""Questions to a record: its tables with filters, and what stands behind each entry."""
