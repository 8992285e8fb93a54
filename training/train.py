"""Train the language model end to end.

    python -m training.train                                   # everything, and the model put into the package
    python -m training.train --stage joint --start WEIGHTS --passes treebanks=1,polnear=1,gold=6,written=10,pairs=2

Stage `parser` learns tags, trees, entities and frames from the treebanks, which finds the syntactic heads of the coded reports
(the predicate of an event is the top word of its evidence). Stage `joint` goes on from it with everything together, stage `refine`
and `settle` once more each with a restarted learning rate, the last averaged with what it started from; then the layer of `melian.classify` is fitted. All run on two CPU
cores in bfloat16, about two hours in sum; a fixed seed; losses are printed as a table. What each run gave stands in `training/runs.md`.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections import defaultdict
from functools import cache
from pathlib import Path

import torch

from melian.language.wordpieces import WordPieces
from training.batches import Item, batches, epoch, items, losses, tensors
from training.export import TARGET, export
from training.labelled import Labelled
from training.network import Network, load_encoder, near_buckets, vocabulary_file
from training.pair_layer import fit_layer
from training.parties import Aligned, country_aliases
from training.reports import opening, read_coded, read_pairs, read_polnear
from training.silver import with_silver_mentions
from training.treebanks import NON_COMMERCIAL, add_frames, read_treebank
from training.written_reports import read_reports

WRITTEN = ("*.jsonl", "*.sheets")  # files of our own reports


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
        scored = {
            d["doc_id"].removeprefix("gum-") for d in read_jsonl(shared / "gold/dev.jsonl") if d["doc_id"].startswith("gum-")
        }
        gum = [d for d in gum if d.name.rpartition("_")[2] not in scored]
    return ewt + gum


@cache
def gold_records(shared: Path) -> list[dict]:
    """Training reports, with marked mentions where there are some, else with those that the package's present model finds."""
    actors = {d["doc_id"]: d for d in read_jsonl(shared / "gold/actors_train.jsonl")}
    records = read_jsonl(shared / "gold/train.jsonl")
    for record in records:
        marked = actors.get(record["doc_id"])
        if marked and marked["text"] == record["text"]:
            record["entities"], record["mentions"] = marked["entities"], marked["mentions"]
    return with_silver_mentions(records)


def written_records(folder: Path) -> list[dict]:
    """The project's own coded reports."""
    paths = sorted(p for kind in WRITTEN for p in folder.glob(kind))
    return [record for path in paths for record in read_reports(path)]


def find_heads(network: Network, records: list[dict], pieces: WordPieces) -> dict[str, list[int]]:
    """Syntactic head of every word of some reports, by doc_id."""
    network.eval()
    documents = [Aligned(r["doc_id"], r["text"]).document for r in records]
    heads = {d.name: list(range(len(d.words))) for d in documents}
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        for batch in batches(items(documents, pieces, 190), 3000, random.Random(0)):
            inputs = tensors(batch)
            words = network(inputs["pieces"], inputs["shapes"], inputs["positions"], inputs["mask"], inputs["marks"], 0.0)
            best = network.arcs(words, near_buckets(words.shape[1]), inputs["sentences"]).argmax(-1)
            for row, item in enumerate(batch):
                for i in range(item.last - item.first):
                    heads[item.document.name][item.first + i] = item.first + int(best[row, i])
    return heads


def run(
    network: Network,
    plan: dict[str, tuple[list[Labelled], int]],
    pieces: WordPieces,
    seed: int,
    rate: float,
    out: Path,
    log: str,
) -> None:
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
    optimiser = torch.optim.AdamW(
        [{"params": encoder, "lr": rate, "top": rate}, {"params": other, "lr": 1e-3, "top": 1e-3}],
        weight_decay=0.01,
        betas=(0.9, 0.98),
    )
    network.train()
    started, seen, sums = time.time(), 0, defaultdict(lambda: [0.0, 0])
    steps = len(schedule)
    for step, (_, _, batch) in enumerate(schedule):
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
            print(
                f"{log} {step + 1}/{steps} {seen / (time.time() - started):.0f} w/s {time.time() - started:.0f}s | {rates}",
                flush=True,
            )
            sums.clear()
        if step % 500 == 499:
            torch.save(network.state_dict(), out / f"{log}.partial.pt")
    torch.save(network.state_dict(), out / f"{log}.pt")


STAGES = {
    "parser": ("treebanks=5", 1.5e-4, 1),
    "joint": ("treebanks=2,polnear=1,gold=7,written=7,pairs=3", 1.5e-4, 1),
    "refine": ("treebanks=2,polnear=1,gold=5,written=6,pairs=2", 1.2e-4, 2),
    "settle": ("treebanks=3,polnear=2,gold=6,written=7,pairs=2", 1.2e-4, 2),
}  # passes over each group of documents, top learning rate of the encoder, seed
# After a stage its weights are averaged with those that it started from, this share of them the stage's own.
SHARES = {"settle": 0.8}


def train_stage(stage: str, network: Network, pieces: WordPieces, shared: Path, out: Path, passes: str | None = None) -> None:
    """Train one stage on from the network's present weights and write `<stage>.pt`."""
    plan_text, rate, seed = STAGES[stage]
    counts = {k: int(v) for k, v in (p.split("=") for p in (passes or plan_text).split(","))}
    plan = {"treebanks": (treebank_documents(shared, "train"), counts.get("treebanks", 0))}
    if stage != "parser":
        countries = country_aliases(shared / "data/actors/mledoze-countries.json")
        gold, written = gold_records(shared), written_records(Path(__file__).parent / "written")
        heads = find_heads(network, gold + written, pieces)
        polnear = read_polnear(shared / "data/attribution/polnear/train", measured_texts(shared))
        plan["polnear"] = (polnear, counts.get("polnear", 0))
        plan["gold"] = (read_coded(gold, heads, countries), counts.get("gold", 0))
        plan["written"] = (read_coded(written, heads, countries), counts.get("written", 0))
        plan["pairs"] = (read_pairs(gold + written, heads, countries), counts.get("pairs", 0))
    for name, (documents, number) in plan.items():
        print(f"{name}: {len(documents)} documents, {sum(len(d.words) for d in documents)} words, {number} passes", flush=True)
    run(network, plan, pieces, seed, rate, out, stage)


def load_matching(network: Network, weights: dict[str, torch.Tensor]) -> None:
    """Take over weights by name, smaller ones into the corner of a head that has grown; say which heads start anew."""
    own = network.state_dict()
    fresh = set()
    for name, value in own.items():
        old = weights.get(name)
        if old is None or old.dim() != value.dim() or any(a > b for a, b in zip(old.shape, value.shape, strict=True)):
            fresh.add(".".join(name.split(".")[:2]))
        else:
            value[tuple(slice(0, size) for size in old.shape)] = old
    if fresh:
        print("started anew: " + ", ".join(sorted(fresh)), flush=True)
    network.load_state_dict(own)


def averaged(before: dict[str, torch.Tensor], after: dict[str, torch.Tensor], share: float) -> dict[str, torch.Tensor]:
    """The weighted mean of two rounds' weights, `share` of it the later's: steadier than either (Wortsman et al. 2022)."""
    return {
        name: (1 - share) * before[name] + share * value if value.is_floating_point() else value
        for name, value in after.items()
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="where the corpora are")
    parser.add_argument("--out", type=Path, default=Path("training/runs/latest"), help="where weights are written")
    parser.add_argument("--stage", choices=(*STAGES, "all"), default="all")
    parser.add_argument("--start", type=Path, help="weights to go on from (default: the published encoder)")
    parser.add_argument("--passes", help="passes over each group, instead of the stage's own")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(max(2, torch.get_num_threads()))
    torch.manual_seed(1)
    pieces = WordPieces.from_file(vocabulary_file())
    network = Network()
    load_encoder(network)
    if options.start:
        load_matching(network, torch.load(options.start))
    for stage in STAGES if options.stage == "all" else [options.stage]:
        before = {name: value.clone() for name, value in network.state_dict().items()}
        train_stage(stage, network, pieces, options.shared, options.out, options.passes)
        if stage in SHARES:
            network.load_state_dict(averaged(before, network.state_dict(), SHARES[stage]))
    torch.save(network.state_dict(), options.out / "final.pt")
    if options.stage == "all":
        export(options.out / "final.pt", TARGET)
        fit_layer(options.shared / "data/relations/plv_train.tsv")


if __name__ == "__main__":
    main()
