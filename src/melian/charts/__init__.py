"""Drawings as SVG: tension, timeline, matrix, network and map, for the desk and for pages.

Each function takes plain rows and a function that gives addresses, and returns `Markup` without script and without inline style:
the looks are in `charts.css`, which a page includes. No colour means anything alone: shapes, places and words say the same.
"""
