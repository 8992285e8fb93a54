"""The desk: a local web application on the live record of a crisis, to look, check and judge."""
