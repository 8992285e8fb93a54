"""What one document claims, and what it tells that may answer a claim; it knows of no other document."""
