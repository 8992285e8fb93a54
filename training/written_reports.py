"""The project's own coded reports: written with inline marks, read into the codebook's exchange format.

A line of `training/written/*.jsonl` is one short report whose text carries its actor mentions inline:

    {"doc_id": "w1-001", "published": "1962-10-24", "register": "wire",
     "text": "⟦E1 ⟦E2 Soviet⟧ Premier Nikita Khrushchev⟧ told ⟦E3 Washington⟧ that ⟦E1 he⟧ would not yield.",
     "entities": {"E1": {"id": "RUS", "sector": "GOV", "name": "Nikita Khrushchev", "role": "Premier", "kind": "person"}, …},
     "events": [{"type": "REJECT", "mode": "refuse", "realis": "actual", "source": ["E1"], "target": ["E3"],
                 "evidence": "he would not yield", "date": null, "place": null}],
     "statements": [{"act": "REJECT", "speaker": ["E1"], "addressee": ["E3"], "about": [],
                     "content": "he would not yield", "quote": "indirect"}]}

Words of evidence, content and condition are exact substrings of the unmarked text; where they occur more than
once, `["words", 2]` means the second. Run as a script it checks files: `python training/written_reports.py FILE…`.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from training.sheets import read_sheet

TYPES = {
    "AGREE": "meet settle treaty other",
    "CONSULT": "meeting visit call talks mediation",
    "SUPPORT": "endorse recognise sign apologise",
    "CONCEDE": "ceasefire ease withdraw other",
    "COOPERATE": "economic military judicial intelligence",
    "AID": "military economic humanitarian asylum",
    "RETREAT": "withdraw release ease resign",
    "REQUEST": "demand appeal propose",
    "ACCUSE": "criticise allege legal",
    "REJECT": "refuse veto stalemate deny",
    "THREATEN": "sanction military diplomatic unspecified",
    "PROTEST": "demonstrate riot strike",
    "SANCTION": "economic diplomatic military",
    "MOBILIZE": "troops weapons exercise alert",
    "COERCE": "arrest seize restrict cyber",
    "ASSAULT": "attack shelling air bombing invade abduct",
}
ACTS = [
    "ASSERT",
    "PREDICT",
    "DENY",
    "ACCUSE",
    "SUPPORT",
    "DEMAND",
    "APPEAL",
    "OFFER",
    "PROMISE",
    "THREATEN",
    "REJECT",
    "ACCEPT",
    "CLARIFY",
]
REALIS = ["actual", "denied", "planned", "conditional", "predicted", "demanded"]
SECTORS = ["GOV", "MIL", "LEG", "JUD", "COP", "SPY", "OPP", "REB", "IGO", "NGO", "BUS", "MED", "CVL", "ELI", "REL", "BLOC"]
KINDS = ["person", "polity", "organisation", "group"]
OPEN, CLOSE = "⟦", "⟧"


class MarkError(ValueError):
    """A written report does not follow its format; the message names report, field and remedy."""


def unmark(marked: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The text without marks, and its mentions as (start, end, entity key)."""
    plain: list[str] = []
    stack: list[tuple[int, str]] = []
    mentions: list[tuple[int, int, str]] = []
    at = length = 0
    while at < len(marked):
        char = marked[at]
        if char == OPEN:
            key = re.compile(r"⟦(E\d+) ").match(marked, at)
            if not key:
                raise MarkError(f"mark without a key at {marked[at : at + 30]!r}; write ⟦E1 words⟧")
            stack.append((length, key[1]))
            at = key.end()
            continue
        if char == CLOSE:
            if not stack:
                raise MarkError(f"⟧ closes nothing before {marked[at : at + 30]!r}")
            start, name = stack.pop()
            mentions.append((start, length, name))
        else:
            plain.append(char)
            length += 1
        at += 1
    if stack:
        raise MarkError(f"mark {stack[-1][1]} is never closed")
    return "".join(plain), sorted(mentions)


def span_of(words: Any, text: str, field: str) -> list[int]:
    """Character span of quoted words (or [words, n], the nth occurrence from 1) in the text."""
    nth = 1
    if isinstance(words, list):
        words, nth = words
    if not isinstance(words, str) or not words.strip():
        raise MarkError(f"{field} must be words of the text, got {words!r}")
    starts = [m.start() for m in re.finditer(re.escape(words), text)]
    if not starts:
        raise MarkError(f"{field} {words!r} does not stand in the unmarked text")
    if nth > len(starts):
        raise MarkError(f"{field} {words!r} occurs only {len(starts)} times")
    return [starts[nth - 1], starts[nth - 1] + len(words)]


def read_report(raw: dict[str, Any]) -> dict[str, Any]:
    """One report in the exchange format, with `entities` and `mentions` as in the shared actor files."""
    text, mentions = unmark(raw["text"])
    entities = raw["entities"]

    def actors(keys: Any, field: str) -> list[dict[str, Any]]:
        unknown = [k for k in keys or () if k not in entities]
        if unknown:
            raise MarkError(f"{field} names {unknown}, which are not in entities")
        return [
            {
                "id": entities[k].get("id"),
                "sector": entities[k].get("sector"),
                "name": entities[k].get("name"),
                "role": entities[k].get("role"),
                "key": k,
            }
            for k in keys or ()
        ]

    for key, entity in entities.items():
        if entity.get("sector") not in (*SECTORS, None):
            raise MarkError(f"{key}: sector {entity.get('sector')!r} is not one of {SECTORS}")
        if entity.get("kind") not in KINDS:
            raise MarkError(f"{key}: kind {entity.get('kind')!r} is not one of {KINDS}")
    unknown = {m[2] for m in mentions} - set(entities)
    if unknown:
        raise MarkError(f"mentions name {sorted(unknown)}, which are not in entities")
    events = []
    for number, event in enumerate(raw.get("events", ()), 1):
        where = f"event {number}"
        if event.get("type") not in TYPES:
            raise MarkError(f"{where}: type {event.get('type')!r}")
        if event.get("mode") not in (*TYPES[event["type"]].split(), None):
            raise MarkError(f"{where}: mode {event.get('mode')!r} is not one of {TYPES[event['type']]}")
        if event.get("realis", "actual") not in REALIS:
            raise MarkError(f"{where}: realis {event.get('realis')!r}")
        events.append(
            {
                "type": event["type"],
                "mode": event.get("mode"),
                "realis": event.get("realis", "actual"),
                "source": actors(event.get("source"), where),
                "target": actors(event.get("target"), where),
                "date": event.get("date"),
                "place": event.get("place"),
                "quantity": event.get("quantity"),
                "evidence": span_of(event.get("evidence"), text, where + " evidence"),
                "also": [span_of(a, text, where + " also") for a in event.get("also") or ()],
            }
        )
    statements = []
    for number, statement in enumerate(raw.get("statements", ()), 1):
        where = f"statement {number}"
        if statement.get("act") not in ACTS:
            raise MarkError(f"{where}: act {statement.get('act')!r}")
        if statement.get("quote") not in ("direct", "indirect", "mixed"):
            raise MarkError(f"{where}: quote {statement.get('quote')!r}")
        condition = statement.get("condition")
        statements.append(
            {
                "act": statement["act"],
                "quote": statement["quote"],
                "speaker": actors(statement.get("speaker"), where),
                "addressee": actors(statement.get("addressee"), where),
                "about": actors(statement.get("about"), where),
                "content": span_of(statement.get("content"), text, where + " content"),
                "condition": span_of(condition, text, where + " condition") if condition else None,
                "reported_by": statement.get("reported_by"),
            }
        )
    return {
        "doc_id": raw["doc_id"],
        "published": raw.get("published"),
        "text": text,
        "events": events,
        "statements": statements,
        "entities": [{"key": k, "members": None, **e} for k, e in entities.items()],
        "mentions": [{"start": s, "end": e, "entity": k} for s, e, k in mentions],
    }


def raw_reports(path: Path) -> Iterator[tuple[int, dict[str, Any] | ValueError]]:
    """Each report of a file of JSON lines or of coding sheets, with the number of its first line; or what is wrong with it."""
    if path.suffix == ".sheets":
        yield from read_sheet(path)
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except json.JSONDecodeError as error:
                yield number, error


def checked_reports(path: Path) -> Iterator[tuple[int, dict[str, Any] | ValueError]]:
    """Each report in the exchange format with its line; or the error that keeps it out."""
    for number, raw in raw_reports(path):
        if isinstance(raw, ValueError):
            yield number, raw
            continue
        try:
            yield number, read_report(raw)
        except (MarkError, KeyError) as error:
            yield number, MarkError(f"{type(error).__name__}: {error}")


def read_reports(path: Path) -> list[dict[str, Any]]:
    """All reports of a file. Raises MarkError naming file, line and what is wrong."""
    reports = []
    for number, report in checked_reports(path):
        if isinstance(report, ValueError):
            raise MarkError(f"{path}:{number}: {report}")
        reports.append(report)
    return reports


def main() -> None:
    bad = 0
    for name in sys.argv[1:]:
        good: list[dict[str, Any]] = []
        for number, report in checked_reports(Path(name)):
            if isinstance(report, ValueError):
                bad += 1
                print(f"{name}:{number}: {report}")
            else:
                good.append(report)
        events = [e for r in good for e in r["events"]]
        statements = [s for r in good for s in r["statements"]]
        print(
            f"{name}: {len(good)} reports, {sum(len(r['text'].split()) for r in good)} words, {len(events)} events, {len(statements)} statements"
        )
        for title, counts in (
            ("type", Counter(e["type"] for e in events)),
            ("realis", Counter(e["realis"] for e in events)),
            ("act", Counter(s["act"] for s in statements)),
        ):
            print(f"  {title}: " + ", ".join(f"{k} {v}" for k, v in counts.most_common()))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
