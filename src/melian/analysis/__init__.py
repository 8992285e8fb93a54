"""What a record says when it is counted: tension over time, where things stand, who with whom."""
