"""Copies of one telling: how many of them are found, and how often two reports are taken for one.

Bases are the project's own reports (`examples/geneva`, the longer ones of `training/written`, those of `incident_sets`). Each is
printed again as outlets do: cut, with another headline and dateline, with a house's notice, with a few words changed, with its
paragraphs in another order, and all of this together. Against them stand reports of the same happening by other hands
(`incident_sets`), all bases against each other, and pairs written for this by hand (`copy_sets/pairs.jsonl`: copies as desks make
them, and what only looks like one). All go into one record with days within a week, and its clusters are compared with what is known.

    python benchmarks/copies.py
"""

from __future__ import annotations

import json
import random
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.tables import print_table  # noqa: E402
from melian.crisis.copies import update  # noqa: E402
from melian.crisis.record import store  # noqa: E402
from melian.crisis.record.rows import add  # noqa: E402
from melian.records import CodedDocument, Document  # noqa: E402
from training.written_reports import read_reports  # noqa: E402

SETS = ROOT / "benchmarks" / "copy_sets"
ADDITIONS = json.loads((SETS / "additions.json").read_text(encoding="utf-8"))
WRITTEN_BASES = 24
LEAST_WORDS = 120

Draw = random.Random
Edit = Callable[[str, Draw], str]
Given = tuple[str, str, str]  # the telling that a text belongs to, what was done to it, and the text


def bases(draw: Draw) -> Iterator[str]:
    """Texts that nobody copied from another."""
    for path in sorted((ROOT / "examples" / "geneva").glob("*.txt")):
        yield path.read_text(encoding="utf-8")
    written = [report["text"] for path in sorted((ROOT / "training" / "written").glob("w*.*")) for report in read_reports(path)]
    yield from draw.sample([text for text in written if len(text.split()) >= LEAST_WORDS], WRITTEN_BASES)


def independent() -> Iterator[str]:
    """Reports of a few happenings, each by another hand."""
    for name in ("dev.jsonl", "held_out.jsonl"):
        for line in (ROOT / "benchmarks" / "incident_sets" / name).read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["text"]


def _sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?”\"])\s+", text) if part.strip()]


def _cut(share: float) -> Edit:
    def edit(text: str, draw: Draw) -> str:
        parts = _sentences(text)
        kept: list[str] = []
        for part in parts:
            kept.append(part)
            if len(" ".join(kept).split()) >= share * len(text.split()):
                break
        return " ".join(kept)

    return edit


def _headline(text: str, draw: Draw) -> str:
    return f"{draw.choice(ADDITIONS['headlines'])}\n\nFrom our correspondent, {draw.choice(('Tuesday', 'Friday', '3 May'))}. {text}"


def _notice(text: str, draw: Draw) -> str:
    return f"{text}\n\n{draw.choice(ADDITIONS['notices'])}"


def _words(share: float) -> Edit:
    def edit(text: str, draw: Draw) -> str:
        words = text.split(" ")
        for place in draw.sample(range(len(words)), round(share * len(words))):
            words[place] = draw.choice(("", "also", "reportedly", words[place] + " then", "some", "officials"))
        return " ".join(word for word in words if word)

    return edit


def _shuffled(text: str, draw: Draw) -> str:
    parts = [part for part in re.split(r"\n\s*\n", text) if part.strip()]
    if len(parts) < 3:
        whole = _sentences(text)
        parts = [" ".join(whole[start : start + 2]) for start in range(0, len(whole), 2)]
    rest = parts[1:]
    draw.shuffle(rest)
    return "\n\n".join([parts[0], *rest])


def _every(*edits: Edit) -> Edit:
    def edit(text: str, draw: Draw) -> str:
        for each in edits:
            text = each(text, draw)
        return text

    return edit


EDITS: dict[str, Edit] = {
    "as it is": lambda text, draw: text,
    "other headline and dateline": _headline,
    "a house's notice after it": _notice,
    "cut to three quarters": _cut(0.75),
    "cut to half": _cut(0.5),
    "cut to a quarter": _cut(0.25),
    "one word in 25 changed": _words(0.04),
    "one word in 12 changed": _words(0.08),
    "paragraphs in another order": _shuffled,
    "one word in 8 changed": _words(0.125),
    "a quarter with a notice after it": _every(_cut(0.25), _notice),
    "half, headline, notice, one word in 25": _every(_cut(0.5), _words(0.04), _headline, _notice),
    "half in another order, headline, notice, one word in 12": _every(_cut(0.5), _shuffled, _words(0.08), _headline, _notice),
}


def documents(draw: Draw) -> Iterator[Given]:
    """All texts."""
    for number, text in enumerate(bases(draw)):
        yield f"base {number}", "", text
        for name, edit in EDITS.items():
            yield f"base {number}", name, edit(text, draw)
    for number, text in enumerate(independent()):
        yield f"independent {number}", "", text
    for number, line in enumerate((SETS / "pairs.jsonl").read_text(encoding="utf-8").splitlines()):
        pair = json.loads(line)
        yield f"pair {number}", "", pair["one"]
        yield f"pair {number}" + ("" if pair["copies"] else " other"), pair["what"], pair["other"]


def clusters(texts: list[str], draw: Draw) -> list[int]:
    """The cluster of each text (any number; the same for copies), as a record finds it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "copies.crisis"
        store.create(path)
        with store.writing(path) as connection:
            pairs = []
            for number, text in enumerate(texts):
                day = f"2022-05-{draw.randint(2, 9):02d}"
                document = Document(
                    doc_id=str(number), text=text, published=day, published_from="given", outlet=f"Outlet {number}"
                )
                pairs.append((document, CodedDocument(doc_id=str(number), published=day, published_from="given")))
            ids = add(connection, pairs)
            update(connection, ids)
            of = dict(connection.execute("FROM copies").fetchall())
    return [of.get(key, key) for key in ids]


def alone(given: list[Given], draw: Draw) -> list[list[object]]:
    """For each edit, how many of its texts are found with nothing but the originals beside them, and one kind at a time."""
    originals = [each for each in given if each[0].startswith("base") and not each[1]]
    rows: list[list[object]] = []
    for name in EDITS:
        edited = [each for each in given if each[1] == name]
        found = clusters([text for _, _, text in (*originals, *edited)], draw)
        first = {telling: found[number] for number, (telling, _, _) in enumerate(originals)}
        right = sum(cluster == first[telling] for (telling, _, _), cluster in zip(edited, found[len(originals) :], strict=True))
        rows.append([name, right, len(edited)])
    return rows


def report(seed: int) -> tuple[float, float]:
    """Measure, print, and give precision and recall of pairs."""
    draw = Draw(seed)
    given = list(documents(draw))
    found = clusters([text for _, _, text in given], draw)
    right, said = _pairs([telling for telling, _, _ in given]), _pairs(found)
    precision, recall = len(right & said) / max(1, len(said)), len(right & said) / max(1, len(right))

    print_table(
        "Copies found, with nothing but the originals beside them", ["what was done", "found", "of"], alone(given, draw)
    )
    by_hand = [(what, found[number] == found[number - 1]) for number, (_, what, _) in _seconds(given) if what]
    rows: list[list[object]] = [
        ["copy" if given[number][0] == given[number - 1][0] else "none", "copy" if same else "none", what]
        for (number, _), (what, same) in zip(_seconds(given), by_hand, strict=True)
    ]
    print_table("Pairs by hand", ["is", "taken for", "what"], rows)
    print_table(
        "All in one record, pairs",
        ["documents", "tellings", "precision", "recall", "wrong"],
        [[len(given), len({each[0] for each in given}), f"{precision:.4f}", f"{recall:.4f}", len(said - right)]],
    )
    for pair in sorted(said - right):
        print("  wrong: " + " with ".join(f"{given[one][0]} ({given[one][1] or 'original'})" for one in pair))
    return precision, recall


def _seconds(given: list[Given]) -> list[tuple[int, Given]]:
    """The second texts of the pairs by hand, with their numbers."""
    return [(number, each) for number, each in enumerate(given) if each[0].startswith("pair") and each[1]]


def _pairs(names: Sequence[object]) -> set[tuple[int, int]]:
    together: dict[object, list[int]] = defaultdict(list)
    for number, name in enumerate(names):
        together[name].append(number)
    return {pair for members in together.values() for pair in combinations(members, 2)}


if __name__ == "__main__":
    report(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
