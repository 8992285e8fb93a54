"""A large record: how long adding and asking take, and how big the file is.

Documents are made from the project's own coded reports (`training/written`): three at random joined to one text, half of their
events left out (they are denser than news), parties exchanged for others, days moved to somewhere in six years. The first thousand
is added, then the bulk, then a thousand more; then `melian show` and `melian search` are run as a person would, and the screens of the
desk are fetched from its server.

    python benchmarks/records.py [--documents 100000] [--keep FILE]
    python benchmarks/records.py --asked FILE     # only ask a record that was kept
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from benchmarks.tables import print_table  # noqa: E402
from melian.crisis.record import store  # noqa: E402
from melian.crisis.record.adding import add_found  # noqa: E402
from melian.desk.access import Access  # noqa: E402
from melian.desk.serving import listen, serve  # noqa: E402
from melian.records import CodedDocument, Document  # noqa: E402
from training.written_reports import read_reports  # noqa: E402

YEARS = 6
SPANS = ("evidence", "content", "condition", "cue")
OUTLETS = tuple(f"{place} {kind}" for place in ("Harbour", "Capital", "Northern", "Eastern", "Lake", "Border", "River", "Hill")
                for kind in ("Post", "Herald", "Wire", "Radio", "Courier"))  # fmt: skip
LIMITS = {"show": "1 s", "ratio": "1.5", "size": "3 KB", "/": ".5 s"}
SCREENS = ("/", "/ledger", "/ledger/redlines", "/timeline", "/parties", "/party/RUS", "/map", "/sources", "/search?q=troops", "/review",
           "/tables/events")  # fmt: skip


def generated(number: int, seed: int = 13) -> Iterator[tuple[Document, CodedDocument]]:
    """Documents with their records, the same for the same seed."""
    draw = random.Random(seed)
    reports = [report for path in sorted((ROOT / "training" / "written").glob("w*.*")) for report in read_reports(path)]
    parties = sorted(
        {
            actor["id"]
            for report in reports
            for record in _records(report)
            for actor in _actors(record)
            if _is_state(actor["id"])
        }
    )
    begin = date(2015, 1, 1)
    for count in range(number):
        chosen = draw.sample(reports, 3)
        others = dict(zip(parties, draw.sample(parties, len(parties)), strict=True)) if count % 4 else {}
        published = begin + timedelta(days=draw.randrange(365 * YEARS))
        text = "\n\n".join(report["text"] for report in chosen)
        record: dict[str, Any] = {"doc_id": f"g{count}", "published": published.isoformat(), "events": [], "statements": []}
        offset = 0
        for report in chosen:
            moved = (published - date.fromisoformat(report["published"])).days if _is_day(report["published"]) else 0
            for kind in ("events", "statements"):
                kept = [r for r in report.get(kind, ()) if kind == "statements" or draw.random() < 0.5]
                record[kind] += [_moved(r, offset, moved, others) for r in kept]
            offset += len(report["text"]) + 2
        document = Document(doc_id=f"g{count}", text=text, published=published.isoformat(), published_from="given",
                            title=text[:60], outlet=draw.choice(OUTLETS), url=f"https://example.org/{count}")  # fmt: skip
        yield document, msgspec.convert(record, CodedDocument)


def _records(report: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from report.get("events", ())
    yield from report.get("statements", ())


def _actors(record: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for side in ("source", "target", "speaker", "addressee", "about"):
        yield from record.get(side) or ()


def _is_state(party: str | None) -> bool:
    return bool(party) and len(str(party)) == 3 and str(party).isupper()


def _is_day(value: str | None) -> bool:
    return bool(value) and len(str(value)) == 10


def _moved(record: dict[str, Any], offset: int, days: int, others: dict[str, str]) -> dict[str, Any]:
    out = {name: value for name, value in record.items() if name in _KEPT}
    for name in SPANS:
        if out.get(name):
            out[name] = [out[name][0] + offset, out[name][1] + offset]
    out["also"] = [[a + offset, b + offset] for a, b in record.get("also") or ()]
    for side in ("source", "target", "speaker", "addressee", "about"):
        if side in out:
            out[side] = [
                {**{k: v for k, v in actor.items() if k in ("id", "sector", "name", "role", "country")},
                 "id": others.get(actor.get("id"), actor.get("id"))}
                for actor in out[side]
            ]  # fmt: skip
    if _is_day(out.get("date")):
        out["date"] = (date.fromisoformat(out["date"]) + timedelta(days=days)).isoformat()
    elif out.get("date"):
        out["date"] = None
    out["score"] = 0.5 + (offset * 7 + out.get("evidence", out.get("content"))[0]) % 50 / 100
    out["why"] = [f"model: {out.get('type') or out.get('act')} at “word” {out['score']:.2f}", "model: realis"]
    return out


_KEPT = {*CodedDocument.__struct_fields__, "type", "mode", "source", "target", "date", "place", "place_country", "realis", "quantity",
         "evidence", "act", "speaker", "addressee", "about", "content", "quote", "reported_by", "condition", "cue"}  # fmt: skip


class _NeverAsked:
    """The records come with the documents, so there is nothing to code."""

    def code_all(self, documents: object) -> Iterator[CodedDocument]:
        return iter(())


def fill(path: Path, number: int) -> dict[str, float]:
    """Make the record; seconds of the first and the last thousand, of all, and sizes in bytes a document."""
    store.create(path, "Generated")
    made = generated(number)
    took: dict[str, float] = {}

    def add(name: str, many: int, batch: int) -> None:
        start = time.monotonic()
        pairs = [next(made) for _ in range(many)]
        ready = time.monotonic()
        add_found(path, pairs, _NeverAsked(), "", batch=batch, seconds=1e9)
        took[name] = time.monotonic() - ready
        took["all"] = took.get("all", 0) + time.monotonic() - ready
        text.append(sum(len(document.text.encode()) for document, _ in pairs))
        print(f"  {name}: {many} documents in {took[name]:.1f} s (made in {ready - start:.1f} s)", flush=True)

    text: list[int] = []
    add("first thousand", 1000, 1000)
    left = number - 2000
    while left > 0:
        many = min(left, 10_000)
        add(f"to {number - left + many - 1000}", many, many)
        left -= many
    add("last thousand", 1000, 1000)
    took["size"] = path.stat().st_size / number
    took["beside text"] = (path.stat().st_size - sum(text)) / number
    return took


def asked(path: Path) -> list[tuple[str, float]]:
    """Commands and their median seconds in five runs, start of Python included."""
    commands = [
        ["show", path, "events", "--who", "RUS", "--whom", "UKR"],
        ["show", path, "events", "--from", "2018-03", "--to", "2018-04", "--type", "ASSAULT"],
        ["show", path, "statements", "--who", "USA", "--text", "sanctions"],
        ["show", path, "incidents", "--from", "2019"],
        ["show", path, "demands", "--type", "rejected"],
        ["show", path, "redlines"],
        ["show", path, "predictions"],
        ["show", path, "actors"],
        ["show", path, "sources"],
        ["search", path, "troops border"],
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    out = []
    for command in commands:
        times = []
        for _ in range(5):
            start = time.monotonic()
            done = subprocess.run(
                [sys.executable, "-m", "melian.cli", *map(str, command)], env=environment, capture_output=True
            )
            times.append(time.monotonic() - start)
            if done.returncode:
                sys.exit(f"{command}: {done.stderr.decode()}")
        out.append((" ".join(map(str, [command[0], *command[2:]])), statistics.median(times)))
    return out


def screens(path: Path) -> list[tuple[str, float, float]]:
    """Screens of the desk with the median seconds of five fetches, each after the record changed, and of five after that."""
    listening = listen("127.0.0.1", 0)
    access = Access(port=listening.getsockname()[1], analyst="bench")
    started, ends = threading.Event(), []
    serving = threading.Thread(
        target=serve, args=(path, access, listening, lambda end: (ends.append(end), started.set())), daemon=True
    )
    serving.start()
    started.wait()
    out = []
    for screen in SCREENS:
        times: dict[bool, list[float]] = {True: [], False: []}
        for changed in (True,) * 5 + (False,) * 5:
            if changed:
                os.utime(path)  # to the desk, a record that was written anew
            start = time.monotonic()
            with urllib.request.urlopen(f"http://127.0.0.1:{access.port}{screen}") as answer:
                answer.read()
            times[changed].append(time.monotonic() - start)
        out.append((screen, statistics.median(times[True]), statistics.median(times[False])))
    ends[0]()
    serving.join()
    return out


def print_asked(path: Path) -> None:
    """Measure and print how fast a record answers."""
    rows = [[command, f"{seconds:.2f} s", LIMITS["show"]] for command, seconds in asked(path)]
    print_table("Asked on the command line", ["", "measured", "at most"], rows)
    rows = [
        [f"desk {screen}", f"{new:.3f} s", f"{again:.3f} s", LIMITS.get(screen, "")] for screen, new, again in screens(path)
    ]
    print_table("Screens of the desk", ["", "first after a change", "again", "at most"], rows)


def report(number: int, keep: Path | None) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        path = keep or Path(folder) / "large.crisis"
        took = fill(path, number)
        ratio = took["last thousand"] / took["first thousand"]
        rows: list[list[object]] = [
            ["first thousand", f"{took['first thousand']:.1f} s", ""],
            ["a thousand more at the end", f"{took['last thousand']:.1f} s", ""],
            ["ratio", f"{ratio:.2f}", LIMITS["ratio"]],
            ["file, a document", f"{took['size'] / 1000:.2f} KB", ""],
            ["beside the text, a document", f"{took['beside text'] / 1000:.2f} KB", LIMITS["size"]],
        ]
        print_table(f"A record of {number:,} documents", ["", "measured", "at most"], rows)
        print_asked(path)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="where the record stays")
    parser.add_argument("--asked", type=Path, help="a record that was kept; nothing is made")
    options = parser.parse_args()
    if options.asked:
        print_asked(options.asked)
        return
    report(options.documents, options.keep)


if __name__ == "__main__":
    main()
