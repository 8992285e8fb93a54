"""Claims of many documents brought together to entries, and where each stands by what answered it."""
