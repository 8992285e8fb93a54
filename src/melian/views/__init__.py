"""What the page and the desk show of a record: the same sentences, threads, rows and drawings, so that both tell one story."""
