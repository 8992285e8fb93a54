"""Compile `src/melian/charts/world.json`: outlines of countries for the offline map.

    npm pack world-atlas && tar xzf world-atlas-*.tgz
    python tools/compile_map.py package/countries-110m.json COUNTRY_CODES.csv

Source: Natural Earth, 1:110 million (https://www.naturalearthdata.com, public domain), as TopoJSON in the npm package world-atlas
(ISC). The second file names the countries' codes (https://github.com/datasets/country-codes, PDDL). Coordinates become whole
tenths of a degree, each ring a flat list of longitude and latitude, the first pair as it is and the others as steps.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

OUT = Path(__file__).resolve().parents[1] / "src" / "melian" / "charts" / "world.json"
WITHOUT_CODE = {"Kosovo": "XKX"}


def arcs_of(topology: dict[str, Any]) -> list[list[tuple[float, float]]]:
    """The arcs in degrees."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    out = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        out.append(points)
    return out


def ring_of(numbers: list[int], arcs: list[list[tuple[float, float]]]) -> list[int]:
    """One ring in tenths of a degree, as steps."""
    points: list[tuple[int, int]] = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        for lon, lat in arc:
            point = (round(lon * 10), round(lat * 10))
            if not points or points[-1] != point:
                points.append(point)
    flat = list(points[0]) if points else []
    for (x, y), (px, py) in zip(points[1:], points, strict=False):
        flat += [x - px, y - py]
    return flat


def main() -> None:
    """Command line."""
    topology = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    with open(sys.argv[2], encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    codes = {row["ISO3166-1-numeric"].zfill(3): row["ISO3166-1-Alpha-3"] for row in rows if row["ISO3166-1-numeric"]}
    arcs = arcs_of(topology)
    countries: dict[str, list[list[int]]] = {}
    for number, shape in enumerate(topology["objects"]["countries"]["geometries"]):
        name = shape["properties"]["name"]
        code = codes.get(str(shape.get("id", "")).zfill(3)) or WITHOUT_CODE.get(name) or f"-{number}"
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        rings = [ring_of(ring, arcs) for polygon in polygons for ring in polygon]
        countries.setdefault(code, []).extend(ring for ring in rings if len(ring) >= 8)
    table = {
        "source": "Natural Earth, 1:110 million, public domain (naturalearthdata.com), by way of the npm package world-atlas",
        "unit": "tenths of a degree, longitude then latitude; the first pair absolute, the others steps",
        "countries": dict(sorted(countries.items())),
    }
    OUT.write_text(json.dumps(table, separators=(",", ":"), ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{OUT}: {len(countries)} countries, {OUT.stat().st_size // 1000} KB")


if __name__ == "__main__":
    main()
