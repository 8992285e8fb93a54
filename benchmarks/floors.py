"""Accuracy floors: fails where a figure is below the one written in floors.toml.

    python benchmarks/floors.py [--shared ../shared] [--raise] [--lower NAME]

Exit code 0 when every floor holds (or the shared data are not at hand, which is said), 1 when a figure is below its floor, 2
when a floor cannot be checked: the file it is measured on is missing or has changed. `--raise` writes the figures that are
higher than their floors, cut to two decimals; `--lower NAME` writes one that is lower, and nothing else does.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import re
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from benchmarks.tables import print_table  # noqa: E402

FLOORS = Path(__file__).with_name("floors.toml")


@dataclass(frozen=True, slots=True)
class Floor:
    """The least value of one figure of a set (a table of floors.toml)."""

    set: str
    figure: str
    least: float

    @property
    def name(self) -> str:
        return f"{self.set}.{self.figure}"


@dataclass(frozen=True, slots=True)
class Set:
    """Floors measured on one file."""

    name: str
    file: str
    sha256: str
    floors: tuple[Floor, ...]


class Unmeasurable(Exception):
    """A floor cannot be checked; the message says why and what to do."""


def read_floors(path: Path = FLOORS) -> list[Set]:
    """The sets of a floors file."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return [
        Set(name, row["file"], row["sha256"], tuple(Floor(name, figure, least) for figure, least in row["floors"].items()))
        for name, row in table.items()
    ]


def coded_reports(path: Path) -> dict[str, float]:
    """F1 of every level, as "events.span"."""
    from benchmarks.coded_reports import code_texts
    from benchmarks.scoring import read_coded, score

    gold = read_coded(path)
    return {f"{kind}.{level}": r.f1(level) for kind, r in score(gold, code_texts(gold)).items() for level in r.hits}


def parsing(path: Path) -> dict[str, float]:
    """UPOS, UAS and LAS with gold words."""
    from benchmarks.parsing import gold_tokens

    return gold_tokens(path)


def parsing_raw(path: Path) -> dict[str, float]:
    """The same with gold words, and F1 of words, sentences and arcs from plain text, as "raw las"."""
    from benchmarks.parsing import gold_tokens, raw_text

    return gold_tokens(path) | {f"raw {name}": value for name, value in raw_text(path).items()}


def attribution(path: Path) -> dict[str, float]:
    """Exact F1 of source, cue and content, and of contents with their source."""
    from benchmarks.attribution import figures
    from benchmarks.attribution import measure as count

    return figures(count(path)[0])


def roles(path: Path) -> dict[str, float]:
    """F1 of argument spans; the treebank stands beside the frames' folder."""
    from benchmarks.roles import measure as count

    split = path.stem.rpartition("_")[2]
    return {"spans": count(path, path.parents[1] / f"treebanks/en_ewt-{split}.conllu").figures()[2]}


def actor_mentions(path: Path) -> dict[str, float]:
    """Mentions, coreference and principals."""
    from benchmarks.actor_mentions import measure as count

    return count(path)


def event_types(path: Path) -> dict[str, float]:
    """Macro-F1 of binary, quad and root, cross-validated."""
    from benchmarks.event_types import measure as count

    return count(path)


def dates(path: Path) -> dict[str, float]:
    """F1 of the half that was read and the half that was not."""
    from benchmarks.dates import measure as count

    return count(path)


def geovirus(path: Path) -> dict[str, float]:
    """Shares within 161 km."""
    from benchmarks.places import measure as count
    from benchmarks.places import read_geovirus

    return count("GeoVirus", list(read_geovirus(path)))


def geowebnews(path: Path) -> dict[str, float]:
    """Shares within 161 km."""
    from benchmarks.places import measure as count
    from benchmarks.places import read_geowebnews

    return count("GeoWebNews", list(read_geowebnews(path)))


def actors(path: Path) -> dict[str, float]:
    """Country and sector."""
    from benchmarks.actors import measure as count

    return count(path)


def incidents(path: Path) -> dict[str, float]:
    """F1 of pairs of tellings and of B-cubed, of marked events and of coded ones."""
    from benchmarks.incidents import coded_case, gold_case, grouped, read_set

    reports = read_set(path)
    found = {"gold": grouped(gold_case("gold", reports)), "coded": grouped(coded_case("coded", reports))}
    return {
        f"{events} {name}": value
        for events, s in found.items()
        for name, value in (("pairs", s.pairs[2]), ("B-cubed", s.b_cubed[2]))
    }


MEASURES: dict[str, Callable[[Path], dict[str, float]]] = {
    "coded-reports": coded_reports,
    "parsing-ewt": parsing_raw,
    "parsing-gum": parsing,
    "attribution": attribution,
    "roles": roles,
    "actor-mentions": actor_mentions,
    "event-types": event_types,
    "dates": dates,
    "places-geovirus": geovirus,
    "places-geowebnews": geowebnews,
    "actors": actors,
    "incidents": incidents,
}


def checksum(path: Path) -> str:
    """SHA-256 of a file, or of a folder's files one after another in the order of their names."""
    digest = hashlib.sha256()
    for file in [path] if path.is_file() else sorted(f for f in path.rglob("*") if f.is_file()):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def measure(sets: list[Set], shared: Path) -> dict[str, float]:
    """Figures by full name ("coded-reports.events.span").

    Raises:
        Unmeasurable: a file is missing, or is not the one that the floors were set on.
    """
    for each in sets:
        path = place_of(each, shared)
        if not path.exists():
            raise Unmeasurable(f"{each.name}: {path} is missing")
        found = checksum(path)
        if found != each.sha256:
            raise Unmeasurable(
                f"{each.name}: {path} has changed since its floors were set (SHA-256 {found[:12]}…, floors.toml has "
                f"{each.sha256[:12] or 'none'}…); measure anew and put the new sum into floors.toml together with its floors"
            )
    return {f"{s.name}.{figure}": value for s in sets for figure, value in MEASURES[s.name](place_of(s, shared)).items()}


def place_of(each: Set, shared: Path) -> Path:
    """Where a set's file is: among the shared data, or in this repository where it is our own."""
    return ROOT / each.file if each.file.startswith("benchmarks/") else shared / each.file


def below(sets: list[Set], figures: dict[str, float]) -> list[str]:
    """A line for each figure under its floor."""
    return [
        f"{floor.name}: measured {figures[floor.name]:.4f}, floor {floor.least:.2f}"
        for each in sets
        for floor in each.floors
        if figures[floor.name] < floor.least
    ]


def rewritten(
    text: str, sets: list[Set], figures: dict[str, float], raise_all: bool, lower: str | None
) -> tuple[str, list[str]]:
    """The floors file with floors raised, or the named one lowered, and a line for each change."""
    changes = []
    for floor in (floor for each in sets for floor in each.floors):
        new = math.floor(figures[floor.name] * 100 + 1e-9) / 100
        if (raise_all and new > floor.least) or (floor.name == lower and new < floor.least):
            table = re.compile(rf'(\[{re.escape(floor.set)}\.floors\]\n(?:(?!\[).*\n)*?"{re.escape(floor.figure)}" = )[\d.]+')
            text, count = table.subn(lambda found, new=new: f"{found[1]}{new:.2f}", text)
            assert count == 1, f'{floor.name} does not stand in floors.toml as `"{floor.figure}" = …`'
            changes.append(f"{floor.name}: {floor.least:.2f} → {new:.2f}")
    return text, changes


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="where gold/ and data/ are")
    parser.add_argument(
        "--raise", dest="raise_all", action="store_true", help="write figures that are higher as the new floors"
    )
    parser.add_argument("--lower", metavar="NAME", help="write the measured figure of this floor although it is lower")
    options = parser.parse_args(arguments)
    sets = read_floors()
    names = [floor.name for each in sets for floor in each.floors]
    if options.lower and options.lower not in names:
        parser.error(f"no floor is named {options.lower!r}; the floors are {', '.join(names)}")
    if not options.shared.is_dir():
        print(f"floors not checked: {options.shared} is not here (name the shared data with --shared)")
        return 0
    try:
        figures = measure(sets, options.shared)
    except Unmeasurable as error:
        print(f"floors cannot be checked: {error}", file=sys.stderr)
        return 2
    rows = [[floor.name, f"{figures[floor.name]:.4f}", f"{floor.least:.2f}"] for each in sets for floor in each.floors]
    print_table("Floors", ["figure", "measured", "floor"], rows)
    if options.raise_all or options.lower:
        text, changes = rewritten(FLOORS.read_text(encoding="utf-8"), sets, figures, options.raise_all, options.lower)
        FLOORS.write_text(text, encoding="utf-8")
        print("\n".join(changes) or "no floor changed")
        sets = read_floors()
    failures = below(sets, figures)
    for line in failures:
        print(f"below its floor: {line}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
