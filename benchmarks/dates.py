"""Score `find_dates` on TimeML files in the manner of TempEval-3, on halves of the files.

    python benchmarks/dates.py FOLDER [--half dev|test|both] [--misses N]

Strict counts equal extents, relaxed overlapping ones, value the overlapping ones whose TIMEX3 value is right as well;
only TIMEX3 elements inside TEXT count, and the document creation time is given. A run ("from 1994 to 1997") is scored as its
two ends, which TimeML marks. The files are dealt out in sorted order:
even to `dev`, on which the rules were developed, odd to `test`. Anchors on the TempEval-3 platinum set (UzZaman et al.
2013, SemEval): HeidelTime .813 strict, .903 relaxed, .776 value; SUTime .796, .903, .674. They were measured on other
files and stand beside the table for orientation only.
"""

from __future__ import annotations

import argparse
import html
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from melian.coding.dates import find_dates

_TIMEX = re.compile(r"<TIMEX3\b([^>]*)>")
_TAG = re.compile(r"<[^>]+>")
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Timex:
    """A gold TIMEX3: its span in the text, value and type."""

    start: int
    end: int
    value: str
    type: str


def read_timeml(path: Path) -> tuple[str, str | None, list[Timex]]:
    """The text, creation date and gold expressions of a TimeML file."""
    raw = path.read_text(encoding="utf-8", errors="replace")
    created = re.search(r'<DCT>.*?value="(\d{4}-\d\d-\d\d)', raw, re.DOTALL)
    body = re.search(r"<TEXT>(.*?)</TEXT>", raw, re.DOTALL)
    assert body, f"{path}: no TEXT element"
    pieces: list[str] = []
    length, position = 0, 0
    opened: list[tuple[int, dict[str, str]]] = []
    gold: list[Timex] = []
    for tag in _TAG.finditer(body[1]):
        piece = html.unescape(body[1][position : tag.start()])
        pieces.append(piece)
        length += len(piece)
        position = tag.end()
        if timex := _TIMEX.match(tag[0]):
            opened.append((length, dict(_ATTRIBUTE.findall(timex[1]))))
        elif tag[0] == "</TIMEX3>":
            start, attributes = opened.pop()
            if length > start:
                gold.append(Timex(start, length, attributes.get("value", ""), attributes.get("type", "")))
    pieces.append(html.unescape(body[1][position:]))
    return "".join(pieces), created[1] if created else None, gold


@dataclass(slots=True)
class Score:
    """Counts over documents."""

    gold: int = 0
    found: int = 0
    strict: int = 0
    relaxed: int = 0
    value: int = 0
    misses: Counter[str] = field(default_factory=Counter)

    def f1(self, hits: int) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * hits / (self.gold + self.found) if self.gold + self.found else 0.0


def score(paths: list[Path]) -> tuple[Score, int, float]:
    """Score files; also gives the number of words and the processor seconds that `find_dates` took."""
    total, words, seconds = Score(), 0, 0.0
    for path in paths:
        text, created, gold = read_timeml(path)
        begun = time.process_time()
        runs = find_dates(text, created)
        seconds += time.process_time() - begun
        mentions = [part for mention in runs for part in mention.parts or (mention,)]
        words += len(text.split())
        total.gold += len(gold)
        total.found += len(mentions)
        free = list(mentions)
        for timex in gold:
            match = next((m for m in free if m.span[0] < timex.end and timex.start < m.span[1]), None)
            quote = " ".join(text[timex.start : timex.end].split())
            context = " ".join(text[max(0, timex.start - 40) : timex.end + 25].split())
            if match is None:
                total.misses[f"missed   {quote!r} {timex.value}   … {context}"] += 1
                continue
            free.remove(match)
            total.relaxed += 1
            total.strict += match.span == (timex.start, timex.end)
            if match.timex == timex.value:
                total.value += 1
            else:
                found = " ".join(text[slice(*match.span)].split())
                total.misses[f"value    {quote!r} {timex.value}, read {found!r} {match.timex} ({created})   … {context}"] += 1
        for mention in free:
            context = " ".join(text[max(0, mention.span[0] - 40) : mention.span[1] + 25].split())
            total.misses[f"spurious {' '.join(text[slice(*mention.span)].split())!r} {mention.timex}   … {context}"] += 1
    return total, words, seconds


def halves(folder: Path) -> dict[str, list[Path]]:
    """The files of a folder: every second one was read while the rules were made ("dev"), the others never ("test")."""
    paths = sorted(path for path in folder.rglob("*.tml") if "INPUT" not in str(path))
    return {"dev": paths[0::2], "test": paths[1::2]}


def measure(folder: Path) -> dict[str, float]:
    """F1 of both halves, as "test value" (what the floors pin)."""
    out = {}
    for half, paths in halves(folder).items():
        total, _, _ = score(paths)
        for name in ("strict", "relaxed", "value"):
            out[f"{half} {name}"] = total.f1(getattr(total, name))
    return out


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=("dev", "test", "both"), default="both")
    parser.add_argument("--misses", type=int, default=0, help="how many errors of the development half to print")
    arguments = parser.parse_args()
    columns = f"{'strict':>7} {'relaxed':>8} {'value':>6}  {'precision':>9} {'recall':>6}  words/CPU s"
    print(f"{'':10} {'files':>5} {'timex':>6} {columns}")
    for name, files in halves(arguments.folder).items():
        if arguments.half not in (name, "both"):
            continue
        total, words, seconds = score(files)
        f1 = f"{total.f1(total.strict):7.3f} {total.f1(total.relaxed):8.3f} {total.f1(total.value):6.3f}"
        rates = f"{total.relaxed / max(1, total.found):9.3f} {total.relaxed / max(1, total.gold):6.3f}"
        print(f"{name:10} {len(files):5d} {total.gold:6d} {f1}  {rates}  {words / seconds:,.0f}")
        if name == "dev":
            for line, _ in total.misses.most_common(arguments.misses):
                print("   ", line)
    print("HeidelTime, platinum          .813     .903   .776\nSUTime, platinum              .796     .903   .674")


if __name__ == "__main__":
    main()
