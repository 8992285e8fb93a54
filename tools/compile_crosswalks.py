"""Compile the CAMEO codes into src/melian/codebook/cameo.json.

    python tools/compile_crosswalks.py [--goldstein FILE]

Names and Goldstein scores are those of `goldstein_mappings` in the R package icews (https://github.com/andybega/icews, MIT), which
match ICEWS's own "Event Text" and "Intensity". CAMEO: Schrodt 2012, "CAMEO Conflict and Mediation Event Observations Event and Actor
Codebook" 1.1b3; the scale: Goldstein 1992. What each code is in Melian's codebook stands in `knowledge_tables/cameo.tsv`, after
PLOVER's own table of 2021 (CAMEO2PLOVER-2021), except where Melian's codebook decides otherwise: promises to yield are CONCEDE, easing
in fact is RETREAT, ended talks are REJECT, embargoes are SANCTION. A score that Goldstein's table lacks is the one of the code's family.
"""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "tools" / "knowledge_tables" / "cameo.tsv"
OUTPUT = ROOT / "src" / "melian" / "codebook" / "cameo.json"


def main() -> None:
    """Write the table, one code a line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = Path("/work/shared/data/series/goldstein/goldstein_mappings.csv")
    parser.add_argument("--goldstein", type=Path, default=default)
    with parser.parse_args().goldstein.open(encoding="utf-8") as lines:
        codes = {row["code"]: (row["name"], float(row["goldstein"])) for row in csv.DictReader(lines)}
    rules: dict[str, list[str]] = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            code, *fields = line.split("\t")
            fields += [""] * (5 - len(fields))
            rules[code] = fields[:3]
            if fields[3]:
                codes[code] = fields[3], float(fields[4])
    rows = {}
    for code, (name, scale) in sorted(codes.items()):
        longest = next(code[:length] for length in range(len(code), 1, -1) if code[:length] in rules)
        type_, mode, how = rules[longest]
        shown = name.capitalize() if name.isupper() else name  # as ICEWS writes it in "Event Text"
        rows[code] = [shown, scale, None if type_ == "-" else type_, mode or None, how or None]
    body = ",\n".join(f"  {json.dumps(code)}: {json.dumps(row)}" for code, row in rows.items())
    OUTPUT.write_text(f"{{\n{body}\n}}\n", encoding="utf-8")
    print(f"{len(rows)} codes")


if __name__ == "__main__":
    main()
