"""Coding sheets: the short notation in which the project's own reports are written by hand.

A sheet (`training/written/*.sheets`) holds many reports. One report:

    @ 1962-10-24 wire
    {1 {2 Soviet} Premier Nikita Khrushchev} told {3 Washington} that {1 he} would not yield.
    --
    1 RUS GOV person | Nikita Khrushchev | Premier
    2 RUS GOV polity
    3 USA GOV polity
    --
    REJECT refuse actual | 1 > 3 | he would not yield
    --
    REJECT indirect | 1 > 3 / - | he would not yield

Parts are parted by a line `--`: the text with its mentions in braces; the entities; the events; the statements (where there are none,
the last `--` may be left out).

- entity: `KEY ID SECTOR KIND [| name [| role [| country]]]`; `-` for an id or sector that does not exist, `_` for a space in an id;
  a plural of others ends in `= 3 5` after the kind.
- event: `TYPE MODE REALIS | sources > targets | evidence [| date [| place]]`; parties are entity keys parted by spaces, `-`
  for none; a quantity is written `| quantity: 100000 troops at most` as a last field.
- statement: `ACT QUOTE | speakers > addressees / about | content [| if: condition] [| via: outlet]`.

Evidence, content and condition are exact words of the text without braces; `words #2` means their second occurrence.
A line break inside quoted words is written `\\n`. `read_sheet` turns a sheet into the records of `written_reports`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

KEY = re.compile(r"\{(\d+) ")


def read_sheet(path: Path) -> list[tuple[int, dict[str, Any] | ValueError]]:
    """The reports of a sheet, each with the number of the line on which it starts; an error stands where a line follows no
    form above. Spans and codes are checked by `written_reports`."""
    lines = path.read_text(encoding="utf-8").split("\n")
    starts = [i for i, line in enumerate(lines) if re.match(r"@ (\d{4}|-)", line)]
    reports: list[tuple[int, dict[str, Any] | ValueError]] = []
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(lines)], strict=True), 1):
        doc_id = f"{path.stem}-{number:03d}"
        try:
            reports.append((start + 1, read_block(lines[start:end], start + 1, doc_id)))
        except ValueError as error:
            reports.append((start + 1, error))
    return reports


def read_block(lines: list[str], first: int, doc_id: str) -> dict[str, Any]:
    """One report from its lines; `first` is the number of its first line, for messages."""
    cuts = [i for i, line in enumerate(lines) if line.strip() == "--"]
    if not 2 <= len(cuts) <= 3:
        raise ValueError(f"line {first}: a report has four parts parted by three lines '--', this one has {len(cuts)}")
    cuts = [*cuts, len(lines)] if len(cuts) == 2 else cuts
    _, published, *register = lines[0].split()
    parts = [lines[a + 1 : b] for a, b in zip([0, *cuts], [*cuts, len(lines)], strict=True)]
    offsets = [0, *cuts]
    text = KEY.sub(lambda m: f"⟦E{m[1]} ", "\n".join(parts[0]).strip("\n")).replace("}", "⟧")
    readers = (_entity, _event, _statement)
    read: list[list[Any]] = []
    for part, offset, reader in zip(parts[1:], offsets[1:], readers, strict=False):
        rows = []
        for i, line in enumerate(part):
            if line.strip():
                try:
                    rows.append(reader(line))
                except (ValueError, IndexError) as error:
                    raise ValueError(f"line {first + offset + 1 + i}: {line.strip()[:80]!r}: {error}") from error
        read.append(rows)
    entities, events, statements = [*read, [], []][:3]
    return {
        "doc_id": doc_id,
        "published": None if published == "-" else published,
        "register": register[0] if register else None,
        "text": text,
        "entities": dict(entities),
        "events": events,
        "statements": statements,
    }


def _fields(line: str) -> list[str]:
    return [f.strip() for f in re.split(r" \|(?: |$)", line.strip())]


def _keys(words: str) -> list[str]:
    return [f"E{w}" for w in words.replace(",", " ").split() if w != "-"]


def _or_none(words: str) -> str | None:
    return None if words in ("", "-") else words


def _words(words: str) -> Any:
    nth = re.fullmatch(r"(.+) #(\d+)", words, re.DOTALL)
    plain = (nth[1] if nth else words).replace("\\n", "\n")
    return [plain, int(nth[2])] if nth else plain


def _entity(line: str) -> tuple[str, dict[str, Any]]:
    head, *rest = _fields(line)
    head, _, members = head.partition("=")
    key, principal, sector, kind = head.split()
    name, role, country = [_or_none(r) for r in [*rest, "", "", ""][:3]]
    entity: dict[str, Any] = {
        "id": _or_none(principal.replace("_", " ")),
        "sector": _or_none(sector),
        "name": name,
        "role": role,
        "kind": kind,
    }
    if country:
        entity["country"] = country
    if members.strip():
        entity["members"] = _keys(members)
    return f"E{key}", entity


def _event(line: str) -> dict[str, Any]:
    head, parties, evidence, *rest = _fields(line)
    kind, mode, realis = head.split()
    source, arrow, target = parties.partition(">")
    if not arrow:
        raise ValueError("write the parties as `sources > targets`")
    event: dict[str, Any] = {
        "type": kind,
        "mode": _or_none(mode),
        "realis": realis,
        "source": _keys(source),
        "target": _keys(target),
        "evidence": _words(evidence),
        "date": None,
        "place": None,
    }
    plain = [r for r in rest if not r.startswith("quantity:")]
    for name, value in zip(("date", "place"), plain, strict=False):
        event[name] = _or_none(value)
    for field in rest:
        if field.startswith("quantity:"):
            amount = re.fullmatch(r"quantity: *([\d.,]+) *(.*?)(?: (at least|at most|about))?", field)
            if not amount:
                raise ValueError("write a quantity as `quantity: 100000 troops at most`")
            value = float(amount[1].replace(",", ""))
            event["quantity"] = {
                "value": int(value) if value.is_integer() else value,
                "unit": amount[2] or None,
                "bound": amount[3] if amount[3] != "about" else None,
            }
    return event


def _statement(line: str) -> dict[str, Any]:
    head, parties, content, *rest = _fields(line)
    act, quote = head.split()
    speaker, arrow, others = parties.partition(">")
    addressee, _, about = others.partition("/")
    if not arrow:
        raise ValueError("write the parties as `speakers > addressees / about`")
    statement: dict[str, Any] = {
        "act": act,
        "quote": quote,
        "speaker": _keys(speaker),
        "addressee": _keys(addressee),
        "about": _keys(about),
        "content": _words(content),
    }
    for field in rest:
        name, colon, value = field.partition(":")
        if not colon or name not in ("if", "via"):
            raise ValueError(f"{field!r}: after the content only `if: …` and `via: …` stand")
        statement["condition" if name == "if" else "reported_by"] = _words(value.strip()) if name == "if" else value.strip()
    return statement
