"""Places: detection, and accuracy within 161 km, on GeoVirus and GeoWebNews.

    python benchmarks/places.py ../shared/data/places/GeoVirus.xml ../shared/data/places/geowebnews [--misses N]

GeoVirus (Gritta et al. 2018) gives Wikipedia's coordinates. GeoWebNews (Gritta et al. 2019) gives coordinates or GeoNames
identifiers; an identifier that the shipped gazetteer lacks has no coordinates here, and such spans are left out of the
accuracies and counted. Words come from a plain regular expression and no model's probabilities are used, so detection
rests on the rules alone.
"""

from __future__ import annotations

import argparse
import re
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from melian.coding.places import PlaceMention, find_places, resolve
from melian.knowledge.gazetteer import candidates, everywhere, kilometres
from melian.records import Span

WITHIN_KM = 161.0  # a hundred miles, the field's measure
WORD = re.compile(r"\w+(?:[-'’.]\w+)*")
ANCHORS = {
    "GeoVirus": "voting ensemble .942, CamCoder .832",
    "GeoWebNews": "voting ensemble .814, CamCoder .672",
}
NOT_MAPPED = frozenset({"Adjective"})  # "Syrian": an actor's, not a place


@dataclass(frozen=True, slots=True)
class GoldPlace:
    """An annotated name; `point` is None where its coordinates are not known here."""

    span: Span
    point: tuple[float, float] | None
    label: str
    page: str | None = None  # title of its Wikipedia page


@dataclass(frozen=True, slots=True)
class GoldText:
    name: str
    text: str
    places: tuple[GoldPlace, ...]


def read_geovirus(path: Path) -> Iterator[GoldText]:
    for number, article in enumerate(ElementTree.parse(path).getroot()):
        text = article.findtext("text") or ""
        places = []
        for location in article.iter("location"):
            span = int(location.findtext("start") or 0) - 1, int(location.findtext("end") or 0) - 1
            point = float(location.findtext("lat") or 0), float(location.findtext("lon") or 0)
            page = unquote((location.findtext("page") or "").rpartition("/")[2]).replace("_", " ")
            places.append(GoldPlace(_at(text, span, location.findtext("name") or ""), point, "Noun", page))
        yield GoldText(str(number), text, tuple(places))


def _at(text: str, span: Span, name: str) -> Span:
    """The span of the name nearest to the annotated one (the file's offsets are off by one here and there)."""
    starts = [found.start() for found in re.finditer(re.escape(name), text)]
    start = min(starts, key=lambda at: abs(at - span[0]), default=span[0])
    return start, start + len(name)


def read_geowebnews(folder: Path) -> Iterator[GoldText]:
    points = {place.geonames_id: (place.lat, place.lon) for place in everywhere() if place.geonames_id}
    for file in sorted(folder.glob("*.ann"), key=lambda file: int(file.stem)):
        text = file.with_suffix(".txt").read_text(encoding="utf-8", errors="replace")
        spans: dict[str, tuple[str, Span]] = {}
        notes, modifiers = {}, {}
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            fields = line.split("\t")
            if line.startswith("T"):
                label, start, *_, end = fields[1].replace(";", " ").split()
                spans[fields[0]] = label, (int(start), int(end))
            elif line.startswith("#"):
                notes[fields[1].split()[1]] = fields[2].strip()
            elif fields[1].startswith("Modifier_Type"):
                modifiers[fields[1].split()[1]] = fields[1].split()[-1]
        places = []
        for key, note in notes.items():
            label, span = spans[key]
            point = tuple(map(float, note.split(","))) if "," in note else points.get(int(note)) if note.isdigit() else None
            kind = "Adjective" if label == "Demonym" or modifiers.get(key) == "Adjective" else label
            places.append(GoldPlace(span, (point[0], point[1]) if point else None, kind))
        yield GoldText(file.stem, text, tuple(places))


def near(mention: PlaceMention | None, gold: GoldPlace) -> bool:
    if mention is None or mention.place is None or gold.point is None:
        return False
    return kilometres((mention.place.lat, mention.place.lon), gold.point) <= WITHIN_KM


def same(mention: PlaceMention | None, gold: GoldPlace) -> bool:
    """Near, or the very country, state or sea that the page is about, whatever point stands for it."""
    if near(mention, gold) or mention is None or mention.place is None or not gold.page:
        return near(mention, gold)
    wide = mention.place.kind not in ("city", "capital")
    return wide and mention.place in candidates(gold.page) and candidates(gold.page)[0].kind == mention.place.kind


def overlapping(mentions: tuple[PlaceMention, ...], span: Span) -> PlaceMention | None:
    return next((mention for mention in mentions if mention.span[0] < span[1] and span[0] < mention.span[1]), None)


def measure(corpus: str, texts: list[GoldText], show: int = 0) -> dict[str, float]:
    """Print the figures of a corpus; gives the shares within 161 km: with gold spans, of the same place, end to end."""
    started = time.perf_counter()
    found = [find_places(gold.text, [word.span() for word in WORD.finditer(gold.text)]) for gold in texts]
    seconds = time.perf_counter() - started
    words = sum(len(WORD.findall(gold.text)) for gold in texts)
    named = [
        (gold, place, given, overlapping(mentions, place.span))
        for gold, mentions in zip(texts, found, strict=True)
        for place, given in zip(gold.places, resolve(gold.text, [place.span for place in gold.places]), strict=True)
    ]
    nouns = [row for row in named if row[1].label not in NOT_MAPPED]
    literal = [row for row in nouns if not row[1].label.startswith("Embedded")]
    known = [row for row in nouns if row[1].point]
    everything = [row for row in named if row[1].point]
    false = [
        (gold, mention)
        for gold, mentions in zip(texts, found, strict=True)
        for mention in mentions
        if all(mention.span[0] >= place.span[1] or place.span[0] >= mention.span[1] for place in gold.places)
    ]
    total = sum(map(len, found))
    recall = sum(row[3] is not None for row in literal) / len(literal)
    precision = 1 - len(false) / total
    print(f"\n{corpus}: {len(texts)} texts, {len(named)} names, {len(nouns)} of them nouns; published: {ANCHORS[corpus]}")
    print(f"  detection        recall {recall:.3f} (embedded names left out)  precision {precision:.3f}")
    print(f"  gold spans       {share(near(row[2], row[1]) for row in known)} within 161 km ({len(known)} nouns with points)")
    if any(row[1].page for row in known):
        print(f"  the same place   {share(same(row[2], row[1]) for row in known)} (or the page's own country, region or sea)")
    print(f"  with adjectives  {share(near(row[2], row[1]) for row in everything)} ({len(everything)} names)")
    print(f"  end to end       {share(near(row[3], row[1]) for row in known)}")
    print(f"  without coordinates here: {len(nouns) - len(known)}    {words / seconds:,.0f} words/s")
    misses = [row for row in known if not same(row[2], row[1])]
    classes = Counter(map(miss_class, misses)).most_common()
    print("  misses by class  " + ", ".join(f"{name} {count}" for name, count in classes))
    for gold, place, given, _ in misses[:show]:
        answer = given.place and (given.place.name, given.place.country, given.place.kind, given.place.lat, given.place.lon)
        why = miss_class((gold, place, given, None))
        print(f"    {gold.name:>4} {gold.text[slice(*place.span)]!r:28} {why:12} {place.point} {answer}")
    if show:
        missed = Counter(row[0].text[slice(*row[1].span)] for row in literal if row[3] is None)
        print("  not found:", missed.most_common(show))
        print("  false:", Counter(gold.text[slice(*mention.span)] for gold, mention in false).most_common(show))
    return {
        "gold spans": rate(near(row[2], row[1]) for row in known),
        "same place": rate(same(row[2], row[1]) for row in known),
        "end to end": rate(near(row[3], row[1]) for row in known),
    }


def miss_class(row: tuple[GoldText, GoldPlace, PlaceMention, PlaceMention | None]) -> str:
    place = row[2].place
    if place is None:
        return "unknown name"
    if place.kind in ("country", "continent", "admin1", "admin2"):
        return f"{place.kind} or its point"
    return "wrong city" if place.kind in ("city", "capital") else f"wrong {place.kind}"


def rate(hits: Iterator[bool]) -> float:
    values = list(hits)
    return sum(values) / max(len(values), 1)


def share(hits: Iterator[bool]) -> str:
    return f"{rate(hits):.3f}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("geovirus", type=Path)
    parser.add_argument("geowebnews", type=Path)
    parser.add_argument("--misses", type=int, default=0, help="list so many misses of each corpus")
    options = parser.parse_args()
    measure("GeoVirus", list(read_geovirus(options.geovirus)), options.misses)
    measure("GeoWebNews", list(read_geowebnews(options.geowebnews)), options.misses)
