"""Actor mentions and what they refer to, on reports in which every mention is marked with its entity.

    python benchmarks/actor_mentions.py ../shared/gold/actors_dev.jsonl [--json]

Mentions count with their very characters ("exact") or with the end of a gold mention ("end").
CoNLL coreference is the mean F1 of MUC, B³ and CEAF_e over exact mentions, single mentions included. A principal is right when the
coder gives a gold mention the entity's id; for a plural, one id of its members; mentions that the coder did not find count as wrong
("of all") or are left out ("of found"). A mention whom the coder refers to nobody is a cluster of its own. Named: with a capital, but for
groups whose only capital opens the sentence; pronoun: by its word; the rest are nominal.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from benchmarks.coreference import Coreference  # noqa: E402
from benchmarks.tables import print_table  # noqa: E402
from melian.coding.coder import read_actors  # noqa: E402
from melian.coding.coreference import Cast  # noqa: E402
from melian.language import Parse  # noqa: E402
from melian.records import Document  # noqa: E402

PRONOUNS = frozenset(
    "i me my mine myself we us our ours ourselves you your yours he him his himself she her hers herself it its itself they them "
    "their theirs themselves who whom whose which that this these those one everyone someone anyone nobody".split()
)
Span = tuple[int, int]


def form(words: str, kind: str = "", opens: bool = False) -> str:
    """named, nominal or pronoun; a group whose only capital opens its sentence ("Officials said") is nominal."""
    if words.lower() in PRONOUNS:
        return "pronoun"
    later = re.sub(r"^(The|A|An|His|Her|Its|Their|Our|My|Some|Both|Two|Many|All)\b", "", words)
    if opens and kind == "group":
        later = later[1:]
    return "named" if re.search(r"[A-Z]", later) else "nominal"


def plain(name: str | None) -> str:
    """Ids as the scorer compares them."""
    name = unicodedata.normalize("NFKD", name or "").encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9 ]", "", name).strip()


def found_mentions(parse: Parse, cast: Cast) -> dict[Span, tuple[int, frozenset[str]]]:
    """The coder's mentions by character span: entity number and principals."""
    out = {}
    for n, mention in enumerate(cast.mentions):
        ids = frozenset(plain(a.id) for a in cast.actors(n, parse) if a.id)
        out[parse.span(mention.first, mention.last)] = (cast.entity_of[n], ids)
    return out


def measure(path: Path) -> dict[str, float]:
    """All figures by name; shares of 1."""
    coreference = Coreference.empty()
    gold_count = found_count = exact = ends = 0
    right: Counter[str] = Counter()
    right_found: Counter[str] = Counter()
    total: Counter[str] = Counter()
    total_found: Counter[str] = Counter()
    for line in path.read_text(encoding="utf-8").splitlines():
        record: dict[str, Any] = json.loads(line)
        parse, cast = read_actors(Document(doc_id=record["doc_id"], text=record["text"], published=record.get("published")))
        found = found_mentions(parse, cast)
        entities = {e["key"]: e for e in record["entities"]}
        gold = {(m["start"], m["end"]): m["entity"] for m in record["mentions"]}
        gold_count, found_count = gold_count + len(gold), found_count + len(found)
        exact += len(gold.keys() & found.keys())
        ends += sum((Counter(end for _, end in gold) & Counter(end for _, end in found)).values())
        clusters: dict[str, set[Span]] = defaultdict(set)
        for span, key in gold.items():
            clusters[key].add(span)
        own: dict[Any, set[Span]] = defaultdict(set)
        for span, (number, _) in found.items():
            own[number if number >= 0 else span].add(span)
        coreference.add([frozenset(c) for c in clusters.values()], [frozenset(c) for c in own.values()])
        for span, key in gold.items():
            entity = entities[key]
            wanted = {plain(entity.get("id"))} | {
                plain(entities[k].get("id")) for k in entity.get("members") or () if k in entities
            }
            wanted.discard("")
            if not wanted:
                continue
            before = record["text"][: span[0]].rstrip()
            opens = not before or before[-1] in ".!?:\"”“'" or "\n\n" in record["text"][len(before) : span[0]]
            kind = form(record["text"][slice(*span)], entity.get("kind") or "", opens)
            total[kind] += 1
            if span in found:
                total_found[kind] += 1
                agree = bool(found[span][1] & wanted)
                right[kind] += agree
                right_found[kind] += agree
    figures = {
        "mention exact": 2 * exact / max(1, gold_count + found_count),
        "mention end": 2 * ends / max(1, gold_count + found_count),
        **{f"coreference {k}": v for k, v in coreference.figures().items()},
    }
    for kind in ("named", "nominal", "pronoun"):
        figures[f"principal {kind}, of all"] = right[kind] / max(1, total[kind])
        figures[f"principal {kind}, of found"] = right_found[kind] / max(1, total_found[kind])
    return figures


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    options = parser.parse_args()
    figures = measure(options.gold)
    if options.json:
        print(json.dumps(figures))
    else:
        rows = [[name, f"{value:.3f}"] for name, value in figures.items()]
        print_table(f"Actor mentions, {options.gold.name}", ["figure", "value"], rows)
        print("Trained on: actors_train.jsonl, GUM train (coreference), and the project's own reports; never on this file.\n")


if __name__ == "__main__":
    main()
