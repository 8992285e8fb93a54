"""Web pages: the article in them, and what is said of pages that have none."""
