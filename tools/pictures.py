"""Take the pictures in README and docs: the demo page, and the desk's main screens over the demo record, in headless Chromium.

    make demo pictures

Needs Debian's `chromium`; `tests/chromium.py` drives it, `tests/desk_site.py` serves the desk.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "src")]

from chromium import PROGRAM, tab  # noqa: E402
from desk_site import serving  # noqa: E402

WIDTH, HEIGHT = 1280, 900
MOST_BYTES = 300_000  # what a README may cost its readers
SCREENS = {
    "desk": "/",
    "ledger": "/ledger/redlines",
    "timeline": "/timeline",
    "parties": "/parties",
    "map": "/map",
    "review": "/review",
}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", type=Path, nargs="?", default=ROOT / "demo.html")
    parser.add_argument("record", type=Path, nargs="?", default=ROOT / "demo.crisis")
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "docs")
    options = parser.parse_args()
    if PROGRAM is None:
        sys.exit("Chromium is not installed (apt-get install chromium)")
    for needed in (options.page, options.record):
        if not needed.is_file():
            sys.exit(f"{needed} does not exist; make it with: make demo")
    with tab() as browser, serving(options.record) as access:
        addresses = {"picture": options.page.resolve().as_uri()}
        addresses |= {name: f"http://127.0.0.1:{access.port}{path}" for name, path in SCREENS.items()}
        for name, address in addresses.items():
            picture = options.folder / f"{name}.png"
            browser.open(address, width=WIDTH, height=HEIGHT)
            browser.picture(picture)
            size = picture.stat().st_size
            print(f"{picture}: {size:,} bytes")
            if size > MOST_BYTES:
                sys.exit(f"the picture is larger than {MOST_BYTES:,} bytes")


if __name__ == "__main__":
    main()
