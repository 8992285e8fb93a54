"""Learn where sentences end: `python -m training.sentence_boundaries TREEBANKS REPORTS…` writes the weights that the package reads.

TREEBANKS is a folder with en_ewt-train.conllu and en_gum-train.conllu. Their text is rebuilt as plain text, most documents also
in a layout that real reports come in: hard-wrapped, one paragraph a line, all on one line. REPORTS are JSON lines of edited
prose (`text`), whose sentences are not marked but end with a stop: they keep the habits of web text out of news. The model is a
logistic regression, fitted by AdaGrad with a fixed seed (seconds on one core); small weights are dropped, the rest rounded.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from melian.language import boundaries
from melian.language.boundaries import View
from melian.language.tokens import split_words
from training.treebanks import NON_COMMERCIAL, read_sentences

Example = tuple[list[str], bool]
SEED = 7
RAREST = 3  # examples that a feature must be seen in
PASSES, RATE, BATCH, SHRINK = 14, 0.15, 256, 7e-5
REPORT_WEIGHT = 0.15  # of an example from a report, whose truth is a rule's
# Kinds of gaps that end a sentence, and that do not, until what is seen around them says otherwise; in logits.
ENDING = ("Syes", "Qyes", "Sopens", "Qopens")
HELD = ("O", "H", "Stitle", "Sinitial", "Sshort", "Ssmall", "Qsmall")
PRIOR = 3.0
MARK = re.compile(r"⟦\w+ |⟧")  # of actors, in the project's own reports
SMALLEST = 0.3  # weights nearer zero are dropped, logits


def plain_documents(path: Path) -> Iterator[tuple[str, set[int]]]:
    """(text, character offsets where sentences end) of each document that may be learned from, paragraphs a blank line apart."""
    text, ends, name = "", set[int](), ""
    for comments, _ in read_sentences(path):
        if "newdoc id" in comments:
            if text:
                yield text, ends
            text, ends, name = "", set(), comments["newdoc id"]
        if any(f"_{genre}_" in name for genre in NON_COMMERCIAL):
            continue
        if text:
            text += "\n\n" if any(c.startswith("newpar") for c in comments) else " "
        text += comments["text"]
        ends.add(len(text))
    if text:
        yield text, ends


def wrapped(text: str, width: int) -> str:
    """The text with lines of at most `width` characters where its words allow it; offsets stay."""
    out = list(text)
    column, blank = 0, -1
    for i, letter in enumerate(text):
        column += 1
        if letter == "\n":
            column, blank = 0, -1
        elif letter == " " and text[i - 1] != " ":
            blank = i
        if column > width and blank >= 0:
            out[blank] = "\n"
            column, blank = i - blank, -1
    return "".join(out)


def unspaced(text: str, rng: random.Random) -> str:
    """The text with some or all of its blank lines turned into line breaks; offsets stay."""
    share = rng.choice((1.0, 1.0, 0.5, 0.2))
    return re.sub("\n\n", lambda m: " \n" if rng.random() < share else m[0], text)


def layouts(text: str, rng: random.Random) -> list[tuple[str, float]]:
    """The text as it is and, for most, in one further layout, with the weight of its examples."""
    chance = rng.random()
    if chance < 0.4:
        return [(text, 1.0), (wrapped(text, rng.randint(58, 80)), 0.5)]
    if chance < 0.6:
        return [(text, 1.0), (wrapped(unspaced(text, rng), rng.randint(50, 100)), 0.5)]
    if chance < 0.8:
        return [(text, 1.0), (unspaced(text, rng), 0.5)]
    return [(text, 1.0), (text.replace("\n\n", "  "), 0.3)] if chance < 0.9 else [(text, 1.0)]


def common_words(texts: list[str]) -> frozenset[str]:
    """Words written without a capital at least twice, and no less often than with one."""
    small, large = Counter[str](), Counter[str]()
    for text in texts:
        for a, b in split_words(text):
            word = text[a:b]
            if word.isalpha():
                (small if word[0].islower() else large)[word.lower()] += 1
    return frozenset(w for w, n in small.items() if n > 1 and len(w) > 1 and n >= large[w])


def examples(text: str, ends: set[int], common: frozenset[str]) -> Iterator[Example]:
    """Every candidate of a text, described after the true boundaries before it."""
    words = split_words(text)
    view = View(text, words, common)
    paragraph = first = 0
    for i in range(len(words) - 1):
        if view.last[i] == i:
            paragraph = first = i + 1
            continue
        true = words[i][1] in ends
        if kind := view.kind(i):
            yield view.features(i, kind, paragraph, first), true
        if true:
            first = i + 1


def report_examples(text: str, common: frozenset[str]) -> Iterator[Example]:
    """Candidates of edited prose that are plain: a sentence ends at a stop before a capital, and within a line nowhere else."""
    words = split_words(text)
    view = View(text, words, common)
    paragraph = first = 0
    for i in range(len(words) - 1):
        if view.last[i] == i:
            paragraph = first = i + 1
            continue
        kind = view.kind(i)
        rule = view.rule(i) if kind in ("S", "Q") else ""
        ends = rule in ("yes", "opens")
        if kind in ("O", "H") or (rule and rule != "small"):
            yield view.features(i, kind, paragraph, first), ends
        if ends or kind == "B":
            first = i + 1


def fit(
    rows: NDArray[np.int64], truth: NDArray[np.float64], weight: NDArray[np.float64], start: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Weights of a logistic regression, the mean of the later passes, from those given; the last column stands for no feature."""
    rng = np.random.default_rng(SEED)
    features = len(start) - 1
    found, total = start.copy(), np.zeros(features + 1)
    squares = np.where(start, np.inf, 0.01)
    for number in range(PASSES):
        order = rng.permutation(len(truth))
        for at in range(0, len(order), BATCH):
            batch = order[at : at + BATCH]
            chance = 1 / (1 + np.exp(-found[rows[batch]].sum(1)))
            error = (chance - truth[batch]) * weight[batch]
            used, where = np.unique(rows[batch], return_inverse=True)
            slope = np.bincount(where.ravel(), np.repeat(error, rows.shape[1]), len(used)) + SHRINK * len(batch) * (
                found[used] - start[used]
            )
            squares[used] += slope * slope
            found[used] -= RATE * slope / np.sqrt(squares[used])
            found[features] = 0
        if 2 * number >= PASSES:
            total += found
    return total / (PASSES - (PASSES + 1) // 2)


def learn(folder: Path, reports: list[str]) -> tuple[dict[str, int], frozenset[str]]:
    """Weights in hundredths of a logit by feature, and the common words, from the treebanks of a folder and texts of reports."""
    rng = random.Random(SEED)
    documents = [d for name in ("en_ewt-train", "en_gum-train") for d in plain_documents(folder / f"{name}.conllu")]
    common = common_words([text for text, _ in documents])
    described: list[list[str]] = []
    truth, weight = [], []
    for text, ends in documents:
        for laid, worth in layouts(text, rng):
            for features, true in examples(laid, ends, common):
                described.append(features)
                truth.append(float(true))
                weight.append(worth)
    # Features are those of the treebanks: reports move their weights, but none of their words enter the package.
    counts = Counter(f for features in described for f in features)
    for report in reports:
        for part in (report, *report.split("\n")):  # whole, and by the paragraph, as short texts come
            for features, true in report_examples(part, common):
                described.append(features)
                truth.append(float(true))
                weight.append(REPORT_WEIGHT)
    index = {f: i for i, f in enumerate(f for f, n in counts.items() if n >= RAREST)}
    rows = np.full((len(described), max(map(len, described))), len(index), np.int64)
    for row, features in zip(rows, described, strict=True):
        row[: len(features)] = [index.get(f, len(index)) for f in features]
    start = np.array([PRIOR if f in ENDING else -PRIOR if f in HELD else 0.0 for f in (*index, "")])
    found = fit(rows, np.array(truth), np.array(weight), start)
    return {f: round(100 * found[i]) for f, i in index.items() if abs(found[i]) >= SMALLEST}, common


def write(path: Path, weights: dict[str, int], common: frozenset[str]) -> None:
    """The weights as the package reads them: a row a weight, its features behind it, tabs between."""
    by_weight = defaultdict(list)
    for feature, weight in weights.items():
        by_weight[round(weight / 5) * 5].append(feature)
    rows = [
        "# Where sentences end, written by training/sentence_boundaries.py: weight in hundredths of a logit, then its features."
    ]
    rows += ["\t".join([str(weight), *sorted(by_weight[weight])]) for weight in sorted(by_weight)]
    rows.append("\t".join(["common", *sorted(common)]))
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("treebanks", type=Path)
    parser.add_argument("reports", type=Path, nargs="*")
    options = parser.parse_args()
    rows = [row for path in options.reports for row in path.read_text(encoding="utf-8").splitlines()]
    reports = [MARK.sub("", json.loads(row)["text"]) for row in rows]
    path = Path(boundaries.__file__).with_name(boundaries.WEIGHTS)
    weights, common = learn(options.treebanks, reports)
    write(path, weights, common)
    print(f"{len(weights)} weights, {len(common)} common words, {path.stat().st_size} bytes in {path}")


if __name__ == "__main__":
    main()
