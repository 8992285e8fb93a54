"""Train the language model end to end.

    python -m training.train --shared ../shared --out training/runs/NAME            # everything: parser, heads of reports, joint model
    python -m training.train … --stage parser | joint                                  # one stage

Stage `parser` learns tags, trees, entities and frames from the treebanks, then finds the syntactic heads of the coded
reports (the predicate of an event is the top word of its evidence). Stage `joint` starts from it and learns everything together. Both
run on two CPU cores in bfloat16; a fixed seed; scores are written beside the weights.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections import defaultdict
from pathlib import Path

import torch

from melian.language.wordpieces import WordPieces
from training.batches import Item, batches, epoch, items, losses, tensors
from training.labelled import Labelled
from training.network import Network, load_encoder, near_buckets, vocabulary_file
from training.reports import Aligned, country_aliases, opening, read_coded, read_polnear
from training.treebanks import NON_COMMERCIAL, add_frames, read_treebank
from training.written_reports import read_reports

GROUPS = ("treebanks", "polnear", "gold", "written")


def read_jsonl(path: Path) -> list[dict]:
    """Objects of a JSON-lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def measured_texts(shared: Path) -> set[str]:
    """Openings of the texts that the coder is scored on, which nothing may be learned from."""
    return {opening(d["text"]) for d in read_jsonl(shared / "gold/dev.jsonl")}


def treebank_documents(shared: Path, split: str) -> list[Labelled]:
    """EWT with its frames, and GUM without its non-commercial genres and without texts that are scored elsewhere."""
    ewt = read_treebank(shared / f"data/treebanks/en_ewt-{split}.conllu")
    add_frames(ewt, shared / f"data/propbank/srl_ewt_{split}.json")
    gum = read_treebank(shared / f"data/treebanks/en_gum-{split}.conllu", tuple(f"_{genre}_" for genre in NON_COMMERCIAL))
    if split == "train":
        scored = {d["doc_id"].removeprefix("gum-") for d in read_jsonl(shared / "gold/dev.jsonl") if d["doc_id"].startswith("gum-")}
        gum = [d for d in gum if d.name.rpartition("_")[2] not in scored]
    return ewt + gum


def gold_records(shared: Path) -> list[dict]:
    """Training reports, with marked mentions where there are some."""
    actors = {d["doc_id"]: d for d in read_jsonl(shared / "gold/actors_train.jsonl")}
    records = read_jsonl(shared / "gold/train.jsonl")
    for record in records:
        marked = actors.get(record["doc_id"])
        if marked and marked["text"] == record["text"]:
            record["entities"], record["mentions"] = marked["entities"], marked["mentions"]
    return records


def written_records(folder: Path) -> list[dict]:
    """The project's own coded reports."""
    return [record for path in sorted(folder.glob("*.jsonl")) for record in read_reports(path)]


def find_heads(network: Network, records: list[dict], pieces: WordPieces) -> dict[str, list[int]]:
    """Syntactic head of every word of some reports, by doc_id."""
    network.eval()
    documents = [Aligned(r["doc_id"], r["text"]).document for r in records]
    heads = {d.name: list(range(len(d.words))) for d in documents}
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        for batch in batches(items(documents, pieces, 190), 3000, random.Random(0)):
            inputs = tensors(batch)
            words = network(inputs["pieces"], inputs["shapes"], inputs["positions"], inputs["mask"], 0.0)
            best = network.arcs(words, near_buckets(words.shape[1]), inputs["sentences"]).argmax(-1)
            for row, item in enumerate(batch):
                for i in range(item.last - item.first):
                    heads[item.document.name][item.first + i] = item.first + int(best[row, i])
    return heads


def run(network: Network, plan: dict[str, tuple[list[Labelled], int]], pieces: WordPieces, seed: int, rate: float, out: Path, log: str) -> None:
    """Train on several groups of documents at once, each for its number of passes, spread evenly over the run."""
    rng = random.Random(seed)
    torch.manual_seed(seed)
    schedule: list[tuple[float, str, list[Item]]] = []
    for name, (documents, passes) in plan.items():
        for number in range(passes):
            found = list(epoch(documents, pieces, 1536, rng, number))
            schedule += [((number + rng.random()) / passes, name, batch) for batch in found]
    schedule.sort(key=lambda s: s[0])
    network.word.weight.requires_grad = False
    encoder = [p for n, p in network.named_parameters() if n.startswith(("layers", "norm", "position")) and p.requires_grad]
    known = {id(p) for p in encoder}
    other = [p for p in network.parameters() if p.requires_grad and id(p) not in known]
    optimiser = torch.optim.AdamW([{"params": encoder, "lr": rate, "top": rate}, {"params": other, "lr": 1e-3, "top": 1e-3}], weight_decay=0.01, betas=(0.9, 0.98))
    network.train()
    started, seen, sums = time.time(), 0, defaultdict(lambda: [0.0, 0])
    steps = len(schedule)
    for step, (_, name, batch) in enumerate(schedule):
        warm = min(1.0, (step + 1) / (0.05 * steps + 1))
        factor = warm * max(0.02, 0.5 * (1 + math.cos(math.pi * step / steps)))
        for group in optimiser.param_groups:
            group["lr"] = group["top"] * factor
        with torch.autocast("cpu", dtype=torch.bfloat16):
            parts = losses(network, batch)
        if not parts:
            continue
        sum(parts.values()).backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        seen += sum(item.last - item.first for item in batch)
        for head, value in parts.items():
            sums[head][0] += float(value.detach())
            sums[head][1] += 1
        if step % 100 == 99 or step + 1 == steps:
            rates = " ".join(f"{h} {s / max(1, n):.3f}" for h, (s, n) in sorted(sums.items()))
            print(f"{log} {step + 1}/{steps} {seen / (time.time() - started):.0f} w/s {time.time() - started:.0f}s | {rates}", flush=True)
            sums.clear()
        if step % 500 == 499:
            torch.save(network.state_dict(), out / f"{log}.partial.pt")
    torch.save(network.state_dict(), out / f"{log}.pt")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--stage", choices=("parser", "joint", "all"), default="all")
    parser.add_argument("--parser", type=Path, help="weights of an earlier parser stage")
    parser.add_argument("--passes", default="treebanks=3,polnear=1,gold=10,written=10", help="passes over each group in the joint stage")
    parser.add_argument("--parser-passes", type=int, default=2)
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(2)
    torch.manual_seed(options.seed)
    shared = options.shared
    pieces = WordPieces.from_file(vocabulary_file())
    network = Network()
    load_encoder(network)
    trees = treebank_documents(shared, "train")
    weights = options.parser or options.out / "parser.pt"
    if options.stage in ("parser", "all"):
        run(network, {"treebanks": (trees, options.parser_passes)}, pieces, options.seed, options.rate, options.out, "parser")
    network.load_state_dict(torch.load(weights))
    if options.stage == "parser":
        return
    passes = {k: int(v) for k, v in (p.split("=") for p in options.passes.split(","))}
    countries = country_aliases(shared / "data/actors/mledoze-countries.json")
    gold, written = gold_records(shared), written_records(Path(__file__).parent / "written")
    heads = find_heads(network, gold + written, pieces)
    plan = {
        "treebanks": (trees, passes.get("treebanks", 0)),
        "polnear": (read_polnear(shared / "data/attribution/polnear/train", measured_texts(shared)), passes.get("polnear", 0)),
        "gold": (read_coded(gold, heads, countries), passes.get("gold", 0)),
        "written": (read_coded(written, heads, countries), passes.get("written", 0)),
    }
    for name, (documents, number) in plan.items():
        print(f"{name}: {len(documents)} documents, {sum(len(d.words) for d in documents)} words, {number} passes", flush=True)
    run(network, plan, pieces, options.seed, options.rate, options.out, "joint")


if __name__ == "__main__":
    main()
