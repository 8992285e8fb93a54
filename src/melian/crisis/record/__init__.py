"""The record itself: one DuckDB file a crisis, its tables, and how documents get into it."""
