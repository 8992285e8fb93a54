"""Copies and full-text search on a large record: how long they take, and how much room.

Documents are made of sentences of the project's own reports (`training/written`), 150 to 400 words each; one in twenty is a copy of
an earlier one of the same week, cut or with another headline. The first thousand is added, then the bulk, then a thousand more.

    python benchmarks/search.py [--documents 100000]
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.tables import print_table  # noqa: E402
from melian.crisis import copies  # noqa: E402
from melian.crisis import search as full_text  # noqa: E402
from melian.crisis.record import store  # noqa: E402
from melian.crisis.record.rows import add  # noqa: E402
from melian.records import CodedDocument, Document  # noqa: E402
from training.written_reports import read_reports  # noqa: E402

QUERIES = (
    "troops border",
    "sanctions",
    '"security council"',
    '"council security"',
    "US OR NATO ceasefire",
    "mobilis* -exercise",
    "president said government minister",
    "Kashmir",
)
PARTS = {
    "copies": ("copies", "copy_texts", "copy_prints"),
    "full text": ("search_words", "search_postings", "search_lengths"),
}
DAYS = 365


def generated(number: int, seed: int = 5) -> Iterator[Document]:
    """Documents in the order of their days."""
    draw = random.Random(seed)
    reports = [report["text"] for path in sorted((ROOT / "training" / "written").glob("w*.*")) for report in read_reports(path)]
    sentences = sorted({part for text in reports for part in re.split(r"(?<=[.!?])\s+", text) if 6 <= len(part.split()) <= 60})
    recent: list[str] = []
    for count in range(number):
        day = date(2021, 1, 1) + timedelta(days=count * DAYS // number)
        if recent and draw.random() < 0.05:
            text = draw.choice(recent)
            text = text[: int(len(text) * draw.uniform(0.4, 1))] if draw.random() < 0.6 else f"Another headline\n\n{text}"
        else:
            wanted, parts = draw.randint(150, 400), list[str]()
            while sum(len(part.split()) for part in parts) < wanted:
                parts.append(draw.choice(sentences))
            text = " ".join(parts)
            recent = [*recent[-200:], text]
        yield Document(
            doc_id=str(count),
            text=text,
            published=day.isoformat(),
            published_from="given",
            outlet=f"Outlet {draw.randrange(80)}",
            title=text[:60],
        )


def fill(path: Path, number: int) -> dict[str, dict[str, float]]:
    """Make the record; seconds of each part for the first and the last thousand, and for all."""
    store.create(path)
    made = generated(number)
    took: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    sizes = [1000, *[10_000] * ((number - 2000) // 10_000), (number - 2000) % 10_000, 1000]
    for place, size in enumerate(sizes):
        name = {0: "first", len(sizes) - 1: "last"}.get(place, "")
        pairs = [(each, CodedDocument(doc_id=each.doc_id, published=each.published)) for each in islice(made, size)]
        with store.writing(path) as connection:
            ids = add(connection, pairs)
            for part, update in (("copies", copies.update), ("full text", full_text.update)):
                start = time.monotonic()
                update(connection, ids)
                for key in filter(None, (name, "all")):
                    took[part][key] += time.monotonic() - start
    return took


def room(path: Path, tables: Sequence[str]) -> int:
    """Bytes of some tables, copied to a file of their own."""
    with tempfile.TemporaryDirectory() as folder:
        alone = Path(folder) / "alone"
        with duckdb.connect(str(alone), config={"default_block_size": "32768"}) as connection:
            connection.execute(f"ATTACH '{path}' AS record (READ_ONLY)")
            for table in tables:
                connection.execute(f"CREATE TABLE {table} AS FROM record.{table}")
        return alone.stat().st_size


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=100_000)
    number = parser.parse_args().documents
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.crisis"
        took = fill(path, number)
        rows = [
            [part, *(f"{took[part][key]:.2f} s" for key in ("first", "last", "all")), f"{room(path, tables) / number:.0f}"]
            for part, tables in PARTS.items()
        ]
        heads = ["part", "first thousand", "last thousand", "all", "bytes a document"]
        print_table(f"A record of {number:,} documents", heads, rows)
        rows = []
        with store.reading(path) as connection:
            for query in QUERIES:
                times, found = [], 0
                for _ in range(5):
                    start = time.monotonic()
                    found = len(full_text.search(connection, query))
                    times.append(time.monotonic() - start)
                rows.append([query, f"{1000 * times[0]:.0f} ms", f"{1000 * statistics.median(times):.0f} ms", str(found)])
        print_table("Searches", ["query", "the first time", "median", "hits of 20"], rows)


if __name__ == "__main__":
    main()
