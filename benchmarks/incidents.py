"""Incidents: tellings of one happening brought together, scored against marked ones.

    python benchmarks/incidents.py                                          # the project's own sets
    python benchmarks/incidents.py ../shared/gold/dev.jsonl ../shared/gold/train.jsonl

A set is a file of JSON lines, one report each: `doc_id`, `crisis`, `published`, `outlet`, `title`, `text` and `marks`, clauses of the
text (`words`) with the `happening` that they tell and how they ought to be coded. "Gold events" are these marks taken as events, so
that bringing together is measured apart from coding; "coded events" are what the coder finds in the texts, each given to the mark that
it overlaps. `dev.jsonl` is what the weights were fitted on, `held_out.jsonl` is other crises.

With the shared coded reports as arguments, their own events are the gold ones, and `incident_sets/shared_gold.jsonl` says which of
them tell one happening; every other event is a happening of its own. Standing conditions ("the war", "the ban on the party") are left
out, as are a few doubtful cases. Those of the TimeBank texts are held out. MEANTIME's cross-document events (Wikinews on Airbus, Apple,
General Motors and shares) are of no use here: of the 13 that are told in two reports, the coder codes one in both.

Scores count pairs of tellings (precision, recall, F1), and B-cubed (Bagga and Baldwin 1998): for each telling the share of its found
group that belongs to it, and the share of its true group that was found, on average.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from benchmarks.tables import print_table  # noqa: E402
from melian.crisis.incidents import update  # noqa: E402
from melian.crisis.incidents.marks import tables  # noqa: E402
from melian.crisis.record import rows, schema  # noqa: E402
from melian.crisis.tellings import days  # noqa: E402
from melian.records import Actor, CodedDocument, Document, Event, Quantity, Span  # noqa: E402

if TYPE_CHECKING:
    import duckdb

SETS = ROOT / "benchmarks" / "incident_sets"
ENOUGH = 0.5  # character F1 from which a coded event is taken for a marked one
TOLD = ("actual", "denied")  # what forms incidents
Report = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """Reports with their events, and which happening each event tells (by doc_id, type and evidence; absent: not scored)."""

    name: str
    pairs: list[tuple[Document, CodedDocument]]
    happening: dict[tuple[str, str, int, int], Hashable]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Scores:
    """Precision, recall and F1 over pairs, and B-cubed."""

    pairs: tuple[float, float, float]
    b_cubed: tuple[float, float, float]


def scores(gold: Mapping[Hashable, Hashable], found: Mapping[Hashable, Hashable]) -> Scores:
    """Scores of a grouping against the true one; both name a group for each item of `gold`."""
    true, made = Counter(gold.values()), Counter(found[item] for item in gold)
    both = Counter((group, found[item]) for item, group in gold.items())
    right, told, given = (sum(n * (n - 1) // 2 for n in counts.values()) for counts in (both, true, made))
    precision, recall = right / given if given else 1.0, right / told if told else 1.0
    size = max(len(gold), 1)
    b_precision = sum(n * n / made[group] for (_, group), n in both.items()) / size
    b_recall = sum(n * n / true[group] for (group, _), n in both.items()) / size
    return Scores((precision, recall, _f1(precision, recall)), (b_precision, b_recall, _f1(b_precision, b_recall)))


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def record() -> duckdb.DuckDBPyConnection:
    """An empty record in memory."""
    import duckdb

    connection = duckdb.connect()
    schema.create(connection)
    return connection


def put(connection: duckdb.DuckDBPyConnection, case: Case) -> tuple[list[int], dict[int, Hashable]]:
    """Put a case's reports into a record; gives the documents' ids, and the happening of each event that is scored."""
    new = rows.add(connection, case.pairs)
    found = connection.execute(
        "SELECT e.id, o.name, e.type, e.start, e.stop FROM coded_events e JOIN origins o ON o.doc = e.doc"
    ).fetchall()
    keys = ((event, (name, kind, start, stop)) for event, name, kind, start, stop in found)
    return new, {event: case.happening[key] for event, key in keys if key in case.happening}


def grouped(case: Case) -> Scores:
    """Scores of the incidents that the package makes of a case."""
    with record() as connection:
        new, gold = put(connection, case)
        update(connection, new)
        found = dict(connection.execute("SELECT event, incident FROM incident_tellings").fetchall())
    return scores({event: gold[event] for event in gold if event in found}, found)


# --- the project's own sets -------------------------------------------------------------------------------------------


def read_set(path: Path) -> list[Report]:
    """The reports of a set."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def gold_case(name: str, reports: Iterable[Report]) -> Case:
    """The marks of a set as events."""
    pairs, happening = [], {}
    for report in reports:
        events = []
        for mark in report["marks"]:
            start = report["text"].index(mark["words"])
            event = _event(mark, (start, start + len(mark["words"])))
            events.append(event)
            happening[report["doc_id"], event.type, *event.evidence] = mark["happening"]
        pairs.append((_document(report), _coded(report, events)))
    return Case(name, pairs, happening)


def coded_case(name: str, reports: Sequence[Report]) -> Case:
    """What the coder finds in the texts of a set, with the happenings of the marks that it overlaps."""
    from melian.coding.coder import Coder

    documents = [_document(report) for report in reports]
    pairs = list(zip(documents, Coder().code_all(documents), strict=True))
    happening: dict[tuple[str, str, int, int], Hashable] = {}
    for report, (_, coded) in zip(reports, pairs, strict=True):
        for event, mark in _matched(coded.events, report):
            happening[report["doc_id"], event.type, *event.evidence] = mark["happening"]
    marks = sum(len(report["marks"]) for report in reports)
    return Case(name, pairs, happening, f"{len(happening)} of {marks} marks found")


def _matched(events: Sequence[Event], report: Report) -> list[tuple[Event, Report]]:
    """Events and marks of one family of types that overlap, one to one, the best first."""
    families = {kind: family for family, kinds in tables()["families"].items() for kind in kinds}
    candidates = []
    for number, event in enumerate(events):
        for place, mark in enumerate(report["marks"]):
            start = report["text"].index(mark["words"])
            overlap = _span_f1(event.evidence, (start, start + len(mark["words"])))
            fits = event.realis in TOLD and families[event.type] == families[mark["type"]]
            if overlap >= ENOUGH and fits:
                candidates.append((-(overlap + ENOUGH * (event.type == mark["type"])), number, place))
    chosen: dict[int, int] = {}
    for _, number, place in sorted(candidates):
        if number not in chosen and place not in chosen.values():
            chosen[number] = place
    return [(events[number], report["marks"][place]) for number, place in chosen.items()]


def _span_f1(a: Span, b: Span) -> float:
    return 2 * max(0, min(a[1], b[1]) - max(a[0], b[0])) / (a[1] - a[0] + b[1] - b[0])


def _document(report: Report) -> Document:
    return Document(
        doc_id=report["doc_id"],
        text=report["text"],
        published=report["published"],
        published_from="given" if report["published"] else "none",
        title=report.get("title"),
        outlet=report.get("outlet"),
    )


def _coded(report: Report, events: Sequence[Event]) -> CodedDocument:
    return CodedDocument(doc_id=report["doc_id"], published=report["published"], events=tuple(events))


def _event(mark: Report, span: Span) -> Event:
    quantity = mark.get("quantity")
    return Event(
        type=mark["type"],
        mode=mark.get("mode"),
        source=tuple(_actor(actor) for actor in mark.get("source") or ()),
        target=tuple(_actor(actor) for actor in mark.get("target") or ()),
        date=mark.get("date") if days(mark.get("date")) else None,
        place=mark.get("place"),
        place_country=mark.get("place_country"),
        realis=mark.get("realis") or "actual",
        quantity=Quantity(**quantity) if quantity and quantity.get("value") is not None else None,
        evidence=span,
    )


def _actor(actor: Report) -> Actor:
    return Actor(**{name: actor.get(name) for name in ("id", "sector", "name", "role", "country")})


# --- the shared coded reports -----------------------------------------------------------------------------------------


def shared_case(split: str, gold: Sequence[Path]) -> Case:
    """The shared reports' own events, with the happenings of `shared_gold.jsonl`."""
    told: dict[tuple[str, str, int, int], Hashable] = {}
    unclear = set()
    for group in read_set(SETS / "shared_gold.jsonl"):
        for doc_id, start, stop, kind in group["tellings"]:
            if group["happening"] is None:
                unclear.add((doc_id, kind, start, stop))
            else:
                told[doc_id, kind, start, stop] = group["happening"]
    pairs, happening = [], {}
    for report in (report for path in gold for report in read_set(path)):
        if days(report["published"]) and (report["doc_id"].startswith("tb-") == (split == "held_out")):
            events = [
                _event(event, (event["evidence"][0], event["evidence"][1]))
                for event in report["events"]
                if event.get("realis", "actual") in TOLD
            ]
            pairs.append((_document(report), _coded(report, events)))
            for event in events:
                key = (report["doc_id"], event.type, *event.evidence)
                if key not in unclear:
                    happening[key] = told.get(key, key)
    return Case(f"{split.replace('_', ' ')}, shared reports", pairs, happening)


# --- the printout -----------------------------------------------------------------------------------------------------


def own_cases() -> list[Case]:
    """Gold and coded events of both own sets."""
    sets = {name: read_set(SETS / f"{name}.jsonl") for name in ("dev", "held_out")}
    makers: tuple[tuple[str, Callable[[str, list[Report]], Case]], ...] = (("gold", gold_case), ("coded", coded_case))
    return [
        make(f"{name.replace('_', ' ')}, {kind} events", reports) for name, reports in sets.items() for kind, make in makers
    ]


def print_cases(title: str, cases: Iterable[Case]) -> None:
    """Scores of some cases as a table."""
    lines = []
    for case in cases:
        found, sizes = grouped(case), Counter(case.happening.values())
        numbers = [f"{value:.3f}" for value in (*found.pairs, *found.b_cubed)]
        lines.append([case.name, len(case.pairs), sum(sizes.values()), sum(n > 1 for n in sizes.values()), *numbers, case.note])
    heads = ["set", "reports", "events", "told twice", "pairs P", "R", "F1", "B-cubed P", "R", "F1", ""]
    print_table(title, heads, lines)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, nargs="*", help="files of the shared coded reports; without them, the own sets")
    gold = parser.parse_args().gold
    if gold:
        print_cases("Incidents, shared coded reports", [shared_case(split, gold) for split in ("dev", "held_out")])
    else:
        print_cases("Incidents, own sets", own_cases())


if __name__ == "__main__":
    main()
