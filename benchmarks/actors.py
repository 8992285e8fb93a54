"""Actors: country and sector of 160 phrases (the development half of NGEC's actor resolution tests).

    python benchmarks/actors.py ../shared/data/actors/actor_resolution_dev.jsonl [--misses] [--today 2022-06-30]

The tests follow CAMEO-like codes and look names up in Wikipedia; Melian's codebook has other sectors and reads from its own
tables, so the test's codes are mapped as `AS_OURS` says, and cases whose code has no counterpart (a place, no actor) are
counted for the country alone. The tests' own dates are mostly lost ("Today"); one date stands for them all, so that a few
cases contradict each other. A phrase is read without any context, as the coder's names and titles steps would read it.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from benchmarks.tables import print_table  # noqa: E402
from melian.coding.actors import country_inside  # noqa: E402
from melian.knowledge import countries, names, titles  # noqa: E402
from melian.knowledge.names import Candidate  # noqa: E402

WORD = re.compile(r"\w+(?:[-'’.&]\w+)*\.?|,")
AS_OURS = {
    "PTY": {"OPP"}, "JRN": {"MED"}, "EDU": {"ELI"}, "PRM": {"REB"}, "UAF": {"REB"}, "CRM": {"REB"}, "LAB": {"CVL", "NGO"},
    "AGR": {"CVL"}, "REF": {"CVL"}, "MED": {"CVL", "NGO"}, "PRE": {"GOV", "REB"}, "IGO": {"IGO"},
}  # fmt: skip
TODAY = "2022-06-30"
SURE = 0.6  # score from which a name alone settles the reading
NO_SECTOR = frozenset({None, "", "UNK", "JNK"})
ORGANISATIONS = frozenset({"IGO", "UNO"})


@dataclass(frozen=True, slots=True)
class Case:
    """A phrase with the codes that the test wants: `sectors` is empty where ours has no counterpart."""

    name: str
    phrase: str
    country: str
    sectors: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reading:
    country: str
    sector: str | None


def read_cases(path: Path) -> list[Case]:
    """The cases; one row has its country and code exchanged and is put right."""
    cases = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        country, codes = row.get("country"), [row.get("code_1"), row.get("code_2")]
        if country == "LEG":
            country, codes = codes[0], ["LEG"]
        sectors = {ours for code in codes if code not in NO_SECTOR for ours in AS_OURS.get(code, {code})}
        cases.append(Case(row["test"], row["actor"], country or "", frozenset(sectors)))
    return cases


def read_phrase(phrase: str, today: str) -> Reading:
    """Country and sector of a phrase: a name, else a title with the country or organisation that it names."""
    words = WORD.findall(phrase)
    whole = names.lookup(phrase, today)
    if whole and whole[0].kind != "demonym" and whole[0].score >= SURE:
        return of_name(whole[0])
    people = [found for found in named(words, today) if found.kind == "person"]
    if people and people[0].score >= SURE:
        return of_name(people[0])
    title = titles.read(words)
    others = [found for found in named(words, today) if found.kind != "person" and found.score >= SURE]
    if title is not None:
        country = title.country or title.principal or next((found.actor.country or found.actor.id for found in others), None)
        country = country or country_inside(words)
        return Reading(home(country), title.sector)
    settled = next((found for found in others if found.kind not in ("country", "demonym", "capital")), None)
    if settled is not None:
        return of_name(settled)
    return Reading(home(others[0].actor.id) if others else country_inside(words) or "", None)


def named(words: list[str], today: str) -> list[Candidate]:
    """The best reading of every known name in the words, in their order."""
    found: list[Candidate] = []
    at = 0
    while at < len(words):
        hit = names.longest(words, at, today) if words[at] != words[at].lower() else None
        if hit is not None:
            found.append(hit[1][0])
        at = hit[0] if hit else at + 1
    return found


def home(id: str | None) -> str:
    """The id where it is a country's, else nothing: the test has no country for groups and organisations without one."""
    return id if id is not None and countries.country(id) is not None else ""


def of_name(candidate: Candidate) -> Reading:
    actor = candidate.actor
    return Reading(home(actor.country or actor.id), actor.sector if candidate.kind != "demonym" else None)


def country_right(case: Case, reading: Reading) -> bool:
    """Organisations between states have no country in Melian: their own id stands for them."""
    if case.country in ORGANISATIONS:
        return reading.sector in ("IGO", "JUD")
    return reading.country == case.country


def measure(path: Path, today: str = TODAY) -> dict[str, float]:
    """Shares of right countries and sectors (what the floors pin)."""
    pairs = [(case, read_phrase(case.phrase, today)) for case in read_cases(path)]
    coded = [(case, reading) for case, reading in pairs if case.sectors]
    return {
        "country": sum(country_right(*pair) for pair in pairs) / len(pairs),
        "sector": sum(reading.sector in case.sectors for case, reading in coded) / len(coded),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path)
    parser.add_argument("--today", default=TODAY, help="the date that stands for all of the tests' dates")
    parser.add_argument("--misses", action="store_true", help="list the misses")
    options = parser.parse_args()
    cases = read_cases(options.cases)
    readings = [read_phrase(case.phrase, options.today) for case in cases]
    pairs = list(zip(cases, readings, strict=True))
    countries = [country_right(case, reading) for case, reading in pairs]
    coded = [(case, reading) for case, reading in pairs if case.sectors]
    sectors = [reading.sector in case.sectors for case, reading in coded]
    both = [country_right(case, reading) and reading.sector in case.sectors for case, reading in coded]
    print_table(f"NGEC actor resolution, development half, read as of {options.today}", ["", "right", "of", "share"], [
        [name, sum(hits), len(hits), f"{sum(hits) / len(hits):.3f}"]
        for name, hits in (("country", countries), ("sector (mapped)", sectors), ("both", both))
    ])  # fmt: skip
    if options.misses:
        for (case, reading), right in zip(pairs, countries, strict=True):
            if not right or (case.sectors and reading.sector not in case.sectors):
                print(f"{case.phrase!r}: wanted {case.country or '-'} {'/'.join(sorted(case.sectors)) or '-'}, "
                      f"got {reading.country or '-'} {reading.sector or '-'}")  # fmt: skip


if __name__ == "__main__":
    main()
