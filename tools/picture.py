"""Take the picture in the README: the first screen of the demo page, in headless Chromium.

    make demo && .venv/bin/python tools/picture.py [demo.html] [docs/picture.png]

Needs Debian's `chromium`; `tests/chromium.py` drives it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from chromium import PROGRAM, tab  # noqa: E402

WIDTH, HEIGHT = 1280, 900
MOST_BYTES = 300_000  # what a README may cost its readers


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", type=Path, nargs="?", default=ROOT / "demo.html")
    parser.add_argument("picture", type=Path, nargs="?", default=ROOT / "docs" / "picture.png")
    options = parser.parse_args()
    if PROGRAM is None:
        sys.exit("Chromium is not installed (apt-get install chromium)")
    if not options.page.is_file():
        sys.exit(f"{options.page} does not exist; make it with: make demo")
    with tab() as browser:
        browser.open(options.page.resolve().as_uri(), width=WIDTH, height=HEIGHT)
        browser.picture(options.picture)
    size = options.picture.stat().st_size
    print(f"{options.picture}: {size:,} bytes")
    if size > MOST_BYTES:
        sys.exit(f"the picture is larger than {MOST_BYTES:,} bytes")


if __name__ == "__main__":
    main()
