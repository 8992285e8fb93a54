"""All benchmarks, one after another: `python -m benchmarks [--shared ../shared]`.

A part whose data are not at hand is named and passed over; one that fails does not stop the others.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Script and its arguments; those with a slash are files of the shared data.
PARTS = (
    ("coded_reports.py", "gold/dev.jsonl"),
    (
        "parsing.py",
        "data/treebanks/en_ewt-test.conllu",
        "data/treebanks/en_gum-test.conllu",
        "data/treebanks/en_pud-test.conllu",
        "--raw",
    ),
    ("attribution.py", "data/attribution/polnear/dev"),
    ("roles.py", "data/propbank/srl_ewt_test.json", "data/treebanks/en_ewt-test.conllu"),
    ("entities.py", "data/treebanks/en_gum-test.conllu"),
    ("actor_mentions.py", "gold/actors_dev.jsonl"),
    ("event_types.py", "data/relations/plv_train.tsv"),
    ("relations.py", "data/relations/cameo_class_train.tsv", "data/relations/cameo_spans_train.txt"),
    ("realis.py", "data/factuality/UW/dev.jsonl", "data/factuality/UDS_IH2/dev.jsonl", "data/factuality/MEANTIME/dev.jsonl"),
    ("actors.py", "data/actors/actor_resolution_dev.jsonl"),
    ("dates.py", "data/time/tempeval3"),
    ("places.py", "data/places/GeoVirus.xml", "data/places/geowebnews"),
    ("incidents.py",),
    ("incidents.py", "gold/dev.jsonl", "gold/train.jsonl"),
    ("copies.py",),
    ("speed.py", "gold/dev.jsonl"),
)


def run_all(shared: Path) -> int:
    """Run every part; the exit code is 1 when one failed."""
    failed = []
    paths = [str(ROOT / "src"), str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    for script, *given in PARTS:
        arguments = [str(shared / value) if "/" in value else value for value in given]
        missing = [a for value, a in zip(given, arguments, strict=True) if "/" in value and not Path(a).exists()]
        if missing:
            print(f"{script} passed over: {', '.join(missing)} not here\n", flush=True)
        elif subprocess.run([sys.executable, str(ROOT / "benchmarks" / script), *arguments], env=environment).returncode:
            failed.append(script)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="where gold/ and data/ are")
    sys.exit(run_all(parser.parse_args().shared))


if __name__ == "__main__":
    main()
