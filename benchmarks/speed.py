"""Speed and size: words a second end to end, start-up, memory, and the time of `import melian`, of `melian --help` and of looking a name up.

    python benchmarks/speed.py [../shared/gold/dev.jsonl] [--words 60000]

Each figure is taken in a process of its own. Start-up runs from the first import to the record of a first short document;
words a second are those of `Coder.code_all` after it, over the texts repeated (under new ids) to so many words. Without a
file the dispatches in examples/ are read. Times are wall-clock; other work on the machine lowers them.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from benchmarks.tables import print_table  # noqa: E402

LIMITS = {
    "words/s": "at least 6,000",
    "start-up": "under 2 s",
    "memory": "under 1,024 MB",
    "import": "under 0.3 s",
    "help": "under 0.3 s",
    "name": "under 100 µs",
}
_IMPORT = "import time; t = time.perf_counter(); import melian; print(time.perf_counter() - t)"
_HELP = """
import subprocess, sys, time
t = time.perf_counter()
subprocess.run([sys.executable, "-m", "melian.cli", "--help"], stdout=subprocess.DEVNULL, check=True)
print(time.perf_counter() - t)
"""
_NAME = """
import time
from melian.knowledge import names
words = "President Vladimir Putin of Russia met Xi Jinping in Beijing while NATO and the United Nations Security Council waited".split()
names.longest(words, 1, "2022-02-04")
t = time.perf_counter()
for _ in range(1000):
    for at in range(len(words)):
        names.longest(words, at, "2022-02-04")
print((time.perf_counter() - t) / (1000 * len(words)))
"""
_RUN = """
import json, resource, sys, time
started = time.perf_counter()
from melian.coding.coder import Coder
from melian.records import Document
coder = Coder()
coder.code(Document(doc_id="first", text="Russia rejected NATO's demands on Friday.", published="2022-01-21"))
ready = time.perf_counter()
texts = json.load(sys.stdin)
documents = (Document(doc_id=str(n), text=text, published=day) for n, (text, day) in enumerate(texts))
begun = time.perf_counter()
count = sum(1 for _ in coder.code_all(documents))
seconds = time.perf_counter() - begun
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(json.dumps({"start": ready - started, "seconds": seconds, "memory": memory, "documents": count}))
"""


def texts_of(path: Path | None) -> list[tuple[str, str | None]]:
    """(text, publication date) of the file's documents, or of the examples."""
    if path is not None:
        records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        return [(record["text"], record.get("published")) for record in records]
    return [(file.read_text(encoding="utf-8"), None) for file in sorted((ROOT / "examples").rglob("*.txt"))]


def repeated(texts: list[tuple[str, str | None]], words: int) -> tuple[list[tuple[str, str | None]], int]:
    """The texts over and over until they hold so many words; also how many they hold."""
    out: list[tuple[str, str | None]] = []
    total = 0
    while total < words:
        text = texts[len(out) % len(texts)]
        out.append(text)
        total += len(text[0].split())
    return out, total


def _python(code: str, given: str = "") -> str:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])}
    done = subprocess.run([sys.executable, "-c", code], input=given, capture_output=True, text=True, env=environment)
    if done.returncode:
        sys.exit(f"the measured process failed:\n{done.stderr}")
    return done.stdout


def measure(path: Path | None, words: int) -> dict[str, float]:
    """Words a second, seconds of start-up, import, help and a look at a name (the best of three), peak memory in MB, and what was read."""
    texts = texts_of(path)
    if not texts:
        sys.exit("no texts to read: name a file of coded reports")
    batch, total = repeated(texts, words)
    imports, helps, looked_up = (min(float(_python(code)) for _ in range(3)) for code in (_IMPORT, _HELP, _NAME))
    found = json.loads(_python(_RUN, json.dumps(batch)))
    starts = [found["start"], *(json.loads(_python(_RUN, "[]"))["start"] for _ in range(2))]
    return {
        "words/s": total / found["seconds"],
        "start-up": min(starts),
        "memory": found["memory"] / 2**20,
        "import": imports,
        "help": helps,
        "name": looked_up,
        "words": total,
        "documents": found["documents"],
    }


def report(path: Path | None, words: int = 60_000) -> None:
    """Measure and print."""
    found = measure(path, words)
    shown = {
        "words/s": f"{found['words/s']:,.0f}",
        "start-up": f"{found['start-up']:.2f} s",
        "memory": f"{found['memory']:,.0f} MB",
        "import": f"{found['import']:.3f} s",
        "help": f"{found['help']:.3f} s",
        "name": f"{found['name'] * 1e6:.0f} µs",
    }
    names = {
        "words/s": "words a second",
        "start-up": "start-up",
        "memory": "peak memory",
        "import": "import melian",
        "help": "melian --help",
        "name": "a name at a place in a text",
    }
    title = f"Speed, {found['words']:,} words in {found['documents']:,} documents, {os.cpu_count()} cores"
    print_table(title, ["", "measured", "wanted"], [[names[key], value, LIMITS[key]] for key, value in shown.items()])


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", type=Path, nargs="?", help="coded reports, for their texts")
    parser.add_argument("--words", type=int, default=60_000)
    options = parser.parse_args()
    report(options.texts, options.words)


if __name__ == "__main__":
    main()
