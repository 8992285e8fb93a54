"""Inputs with a document a line or row: JSON lines, CSV, Parquet, and documents that are coded already."""
