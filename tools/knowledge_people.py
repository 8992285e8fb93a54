"""People with dated offices, merged from the hand-kept table and the public lists (see compile_knowledge.py).

A person is one name in one country, spelling variants folded. An office that two sources tell is kept once, with the
dates of the more trusted one; an open office is closed where a later source names the successor.
"""

from __future__ import annotations

import csv
import html
import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from melian.knowledge.offices import post_of
from melian.knowledge.spelling import fold, normalise
from melian.knowledge.titles import canonical_office, office_sector

TABLES = Path(__file__).resolve().parent / "knowledge_tables"

WORDS = {
    kind: frozenset(words.split())
    for kind, _, words in (line.partition("\t") for line in (TABLES / "words.tsv").read_text(encoding="utf-8").splitlines())
}
FAMILY_FIRST = frozenset({"CHN", "TWN", "HKG", "MAC", "KOR", "PRK", "VNM", "VDR", "KHM"})
ONE_HOLDER = frozenset({
    "president", "head of government", "supreme leader", "monarch", "foreign minister", "defence minister", "interior minister",
    "finance minister", "army chief", "secretary-general", "vice president", "national security adviser", "speaker", "pope",
    "director-general", "managing director", "commission president", "council president", "presidential spokesperson",
})  # fmt: skip
RIVALS = frozenset({"Salem al-Meslet", "Juan Guaidó", "Brahim Ghali"})  # listed as heads of a state that others governed
LISTS_END = "2022-12-31"  # the holder lists were last refreshed in 2022; who was in office then is not known later
LAST_REIGN = "2021-03"
MONTHS = {
    month: at
    for at, month in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1)
}
_SKIPPED_POSITION = re.compile(
    r"district executive|lord of the treasury|lord commissioner|parliamentary (?:under|secretary|private)|private secretary"
    r"|lord-in-waiting|baron|comptroller|vice-chamberlain|treasurer of the household|paymaster|captain of the|"
    r"first lady|duchy|mayor of (?!moscow|london|kyiv|kiev|tehran|paris|istanbul|ankara|jerusalem|seoul|beijing|shanghai)",
    re.IGNORECASE,
)
_NO_PERSON = re.compile(
    r"Government|Council|Junta|Committee|Board\b|Presidency|Directorate|Commission\b|Vacant|Position|Minister of"
)
_AMBASSADOR = re.compile(r"ambassador (?:to|of)", re.IGNORECASE)
_KEPT_AMBASSADOR = re.compile(
    r"united nations|united states|russia|ukrain|china|nato\b|israel|united kingdom|germany|european union", re.I
)
FACTBOOK_OFFICES = (
    "Vice President", "Prime Minister", "President", "King", "Queen", "Emperor", "Sultan", "Amir", "Emir", "Chancellor",
    "Premier",
)  # fmt: skip
FACTBOOK_NAMES = {
    "Congo (Brazzaville)": "COG", "Congo (Kinshasa)": "COD", "Congo, Democratic Republic of the": "COD",
    "Congo, Republic of the": "COG", "Korea, North": "PRK", "Korea, South": "KOR", "Bahamas, The": "BHS", "Gambia, The": "GMB",
    "Micronesia, Federated States of": "FSM",
    "Holy See (Vatican City)": "VAT", "Burma": "MMR", "Cabo Verde": "CPV", "Turkey (Turkiye)": "TUR", "Cote d'Ivoire": "CIV",
    "Falkland Islands (Islas Malvinas)": "FLK", "European Union": "EU", "West Bank": "PSE",
    "Gaza Strip": "PSE", "South Georgia": "SGS",
}  # fmt: skip
_SINCE = re.compile(r"\((?:[^()]*?)since (?:(\d{1,2}) )?(?:([A-Z][a-z]+) )?(\d{4})")


@dataclass
class Row:
    """One office as a source tells it."""

    name: str
    country: str
    principal: str
    office: str
    from_: str | None
    to: str | None
    sector: str | None = None
    fame: float = 0.0
    aliases: tuple[str, ...] = ()
    kept: bool = False


@dataclass
class Collected:
    """A person under construction."""

    name: str
    country: str
    fame: float = 0.0
    aliases: list[str] = field(default_factory=list)
    offices: list[list[Any]] = field(default_factory=list)  # principal, office, post, sector, from, to, hand-kept


def collect(
    own: Iterable[Sequence[str]], folder: Path, countries: list[dict[str, Any]], given: dict[str, str]
) -> list[Collected]:
    """Everybody, the hand-kept first."""
    code = {normalise(text): str(row["iso3"]) for row in reversed(countries) for text in [row["name"], *row["aliases"]]}
    by_cow = {int(row["cow"]): str(row["iso3"]) for row in countries if row["cow"] and row["iso3"] not in ("YUG", "SCG")}
    sovereign = set(by_cow.values()) | {"PSE", "VAT", "XKX", "HKG", "SRB"}
    known: dict[tuple[str, str], Collected] = {}
    surnames: dict[tuple[str, str], list[Collected]] = defaultdict(list)
    sources = (
        own_rows(own),
        politician_rows(folder / "every-politician"), world_rows(folder / "every-politician", code),
        factbook_rows(folder / "factbook" / "leaders_snapshots.jsonl", code, sovereign),
        reign_rows(folder / "REIGN_leaderlist_2021_3.csv", by_cow),
    )  # fmt: skip
    for source in sources:
        for row in source:
            if normalise(row.name) and not _NO_PERSON.search(row.name):
                merge(row, known, surnames, given)
    people = list({id(person): person for person in known.values()}.values())
    close_at_successor(people)
    for person in people:
        person.fame = max(person.fame, fame_of(person))
    return people


def own_rows(table: Iterable[Sequence[str]]) -> Iterator[Row]:
    """The hand-kept table: name, fame 0-9, aliases, offices as PRINCIPAL[/SECTOR]:office:from:to; the first is home."""
    for name, fame, aliases, offices, *home in table:
        parts = [office.strip() for office in offices.split(";") if office.strip()]
        country = home[0] if home else parts[0].split(":")[0].split("/")[0]
        listed = tuple(alias.strip() for alias in aliases.split(";") if alias.strip())
        for part in parts:
            principal, office, from_, to = (part + ":::").split(":")[:4]
            principal, _, sector = principal.partition("/")
            yield Row(
                name, country, principal, office, from_ or None, to or None, sector or None, int(fame) / 9, listed, kept=True
            )


def politician_rows(folder: Path) -> Iterator[Row]:
    """Holder lists of single countries, and of the United Nations."""
    countries = {
        "belarus-ministers": "BLR", "china-ministers": "CHN", "france-cabinet": "FRA", "iran-ministers": "IRN",
        "israel-ministers": "ISR",
        "russia-cabinet": "RUS", "south-korea-ministers": "KOR", "turkey-ministers": "TUR", "ukraine-cabinet": "UKR",
        "united-kingdom-cabinet": "GBR", "us-cabinet": "USA",
    }  # fmt: skip
    for file, iso3 in countries.items():
        for row in read_csv(folder / f"{file}.holders21.csv"):
            position = row["position"]
            if not row["person"] or _SKIPPED_POSITION.search(position) or not (row["start"] or row["end"]):
                continue
            if _AMBASSADOR.search(position) and not _KEPT_AMBASSADOR.search(position):
                continue
            yield Row(row["person"], iso3, iso3, position, row["start"] or None, row["end"] or LISTS_END)
    for row in read_csv(folder / "world.holders21.csv"):
        if row["position"].startswith("Secretary-General of the United Nations"):
            yield Row(row["person"], "UN", "UN", "secretary-general", row["start"] or None, row["end"] or None)


def world_rows(folder: Path, code: dict[str, str]) -> Iterator[Row]:
    """Heads of state and government by year, and foreign ministers in office in 2022."""
    for file, label, name in (
        ("wikidata", "positionLabel", "officeholderLabel"),
        ("wikipedia", "positionlabel", "officeholderlabel"),
    ):
        for row in read_csv(folder / f"world-leaders-2021.{file}.csv"):
            iso3 = code.get(normalise(row["country"]))
            office = "Premier" if "Executive Yuan" in row[label] else re.split(r" of |, ", row[label])[0]
            if iso3 and office and row[name] and row["start_year"] and row[name] not in RIVALS:
                yield Row(re.sub(r" \(.*", "", row[name]), iso3, iso3, office, row["start_year"], row["end_year"] or LISTS_END)
    for file in ("enwiki", "wikidata"):
        for row in read_csv(folder / f"world.foreign-ministers.{file}.csv"):
            iso3 = code.get(normalise(row["countryLabel"]))
            if iso3 and row["name"] and row["start"]:
                yield Row(re.sub(r" \(.*", "", row["name"]), iso3, iso3, "foreign minister", row["start"], LISTS_END)


def factbook_rows(path: Path, code: dict[str, str], sovereign: set[str]) -> Iterator[Row]:
    """Leaders by snapshot: in office from "since" until the next holder's, or until the snapshot before they are gone."""
    seen: dict[tuple[str, str, str], list[str]] = {}
    last: dict[str, str] = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            record = msgspec.json.decode(html.unescape(line))
            if not record["country"]:
                continue
            iso3 = FACTBOOK_NAMES.get(record["country"]) or code.get(normalise(record["country"]))
            if not iso3 or iso3 not in sovereign:
                continue
            last[iso3] = max(last.get(iso3, ""), record["snapshot"])
            for text in (record.get("chief_of_state") or "", record.get("head_of_government") or ""):
                for office, name, since in factbook_leaders(text):
                    if office in ("King", "Queen") and iso3 in WORDS["realm"]:
                        continue
                    span = seen.setdefault((iso3, office, name), [since, record["snapshot"]])
                    span[1] = max(span[1], record["snapshot"])
    for (iso3, office, name), (since, until) in seen.items():
        yield Row(name, iso3, iso3, office, since, None if until == last[iso3] else until)


def factbook_leaders(text: str) -> Iterator[tuple[str, str, str]]:
    """Office, name and ISO date of each leader in a Factbook field ("President Vladimir PUTIN (since 7 May 2012)")."""
    for part in re.split(r"(?<=\));|; note|<", text):
        since = _SINCE.search(part)
        words = part[: since.start()].replace(",", " ").split() if since else []
        at = 0
        while at < len(words) and (
            words[at].lower() in WORDS["factbook title"] or not words[at][0].isalpha() or words[at].endswith(".")
        ):
            at += 1
        name = words[at:]
        if re.search(
            r"\b(?:deputy|second|third|fourth|first vice prime|vice prime|premiers|designate)\b", " ".join(words).lower()
        ):
            continue
        if since is None or not at or not name or len(name) > 5 or not any(word.isupper() and len(word) > 1 for word in name):
            continue
        if any(word[0].islower() and word.lower() not in WORDS["particle"] and "-" not in word for word in name):
            continue
        day, month, year = since.groups()
        date = year + (
            f"-{MONTHS[month[:3].lower()]:02d}" + (f"-{int(day):02d}" if day else "")
            if month and month[:3].lower() in MONTHS
            else ""
        )
        title = " ".join(words[:at])
        office = next((known for known in FACTBOOK_OFFICES if known in title), "leader")
        yield office, " ".join(titled(word) for word in name), date


def titled(word: str) -> str:
    """ "KHAMENEI" as "Khamenei", "Hoseini-KHAMENEI" as "Hoseini-Khamenei"; numerals stay."""
    if re.fullmatch(r"[IVX]+", word):
        return word
    return "-".join(part.capitalize() if part.isupper() and len(part) > 1 else part for part in word.split("-"))


def reign_rows(path: Path, by_cow: dict[int, str]) -> Iterator[Row]:
    """Leaders of all countries by month, 1921 to 2021."""
    extra = {260: "DEU", 678: "YEM", 345: "SRB", 816: "VNM", 530: "ETH"}
    text = path.read_bytes().decode("mac_roman")
    for row in csv.DictReader(text.splitlines()):
        if not row["syear"].isdigit() or not row["leader"]:
            continue
        number, year = int(float(row["ccode"])), int(row["syear"])
        iso3 = by_cow.get(number) or extra.get(number)
        if number == 345 and year < 1992:
            iso3 = "YUG"
        if iso3 and year >= 1930:
            start = f"{year}-{int(row['smonth']):02d}" if row["smonth"].isdigit() else str(year)
            end = (
                f"{int(row['eyear'])}-{int(row['emonth']):02d}"
                if row["eyear"].isdigit() and row["emonth"].isdigit()
                else LAST_REIGN
            )
            state = "SUN" if iso3 == "RUS" and "1922-12-30" <= start < "1991-12-26" else iso3
            yield Row(reign_name(row["leader"]), state, state, "leader", start, end)


def reign_name(text: str) -> str:
    """A leader's name without remarks in brackets, given name first."""
    name = re.sub(r"\s*\(.*", "", text).strip()
    last, comma, first = name.partition(", ")
    return f"{first} {last}" if comma else name


def read_csv(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file as strings."""
    with path.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def merge(
    row: Row, known: dict[tuple[str, str], Collected], surnames: dict[tuple[str, str], list[Collected]], given: dict[str, str]
) -> None:
    """Add an office to its person, or make the person; a bare surname goes to whoever was in office then."""
    key = (fold(normalise(row.name), given), row.country)
    person = known.get(key)
    if person is None and canonical_office(row.office) in LEADING_OFFICES:
        words = list(dict.fromkeys(reversed(key[0].split(" "))))  # in one order, so that the tables come out the same each time
        leaders = [other for word in words if len(word) > 3 for other in surnames[word, row.country]]
        if row.country in FAMILY_FIRST:
            leaders = []
        person = next((other for other in leaders if overlaps(other, row)), None)
        person = person or next((other for other in surnames["", row.country] if began_with(other, row)), None)
        if person is not None and len(words) > 1:
            known[key] = person
            person.aliases.append(row.name)
    if person is None:
        person = known[key] = Collected(row.name, row.country)
    person.fame = max(person.fame, row.fame)
    for alias in row.aliases:
        person.aliases.append(alias)
        if " " in alias:
            known.setdefault((fold(normalise(alias), given), row.country), person)
    add_office(person, row)
    surname_words = fold(normalise(surname(row.name, row.country)), given).split(" ")
    for word in (*surname_words, fold(normalise(row.name), given).split(" ")[-1], ""):  # "" lists the country's people
        if person not in surnames[word, row.country]:
            surnames[word, row.country].append(person)


LEADING_POSTS = frozenset({"president", "head of government", "leader", "supreme leader", "monarch"})
LEADING_OFFICES = frozenset({
    "president", "prime minister", "leader", "king", "queen", "emperor", "sultan", "emir", "chancellor", "foreign minister",
    "defence minister",
})  # fmt: skip


def overlaps(person: Collected, row: Row) -> bool:
    """Whether the person led the country while the row's leader did."""
    return any(
        office[0] == row.principal
        and (office[2] in LEADING_POSTS or office[2] == post_of(row.principal, row.office))
        and (office[4] or "0") < (row.to or "9")
        and (row.from_ or "0") < (office[5] or "9")
        for office in person.offices
    )


def began_with(person: Collected, row: Row) -> bool:
    """Whether the person took the same office on the same day as the row's holder, so that the two are one."""
    post, start = post_of(row.principal, row.office), row.from_ or ""
    return any(
        office[0] == row.principal
        and office[2] == post
        and start
        and (office[4] == start or (len(start) == 7 and (office[4] or "")[:7] == start))
        for office in person.offices
    )


def add_office(person: Collected, row: Row) -> None:
    """Add an office unless a more trusted source told it already."""
    title = canonical_office(row.office)
    post = "leader" if title == "leader" else post_of(row.principal, row.office)  # "leader" alone says no more
    sector = row.sector or office_sector(row.office) or "GOV"
    for office in person.offices:
        same = office[2] == post or (
            post == "leader" and office[2] in ("president", "head of government", "supreme leader", "monarch")
        )
        if (
            not row.kept
            and office[0] == row.principal
            and same
            and (office[4] or "0") <= (row.to or "9")
            and (row.from_ or "0") <= (office[5] or "9") + "~"
        ):
            if office[5] in (LISTS_END, LAST_REIGN) and (row.to is None or row.to > office[5]):
                office[5] = row.to
            return
    person.offices.append([row.principal, title, post, sector, row.from_, row.to, row.kept])


def close_at_successor(people: Iterable[Collected]) -> None:
    """Close open offices of posts that one person holds when the next holder begins."""
    by_post: dict[tuple[str, str], list[list[Any]]] = defaultdict(list)
    for person in people:
        for office in person.offices:
            if office[2] in ONE_HOLDER:
                by_post[office[0], office[2]].append(office)
    for offices in by_post.values():
        offices.sort(key=lambda office: office[4] or "")
        for office, following in itertools.pairwise(offices):
            lasts = following[5] is None or not office[6]  # a hand-kept open term is ended by a present holder only
            if office[5] is None and lasts and (following[4] or "")[:4] > (office[4] or "")[:4]:
                office[5] = following[4]


def fame_of(person: Collected) -> float:
    """Fame of people from the lists, by their highest post and their country's weight in the news."""
    fame = 0.0
    major = person.country in WORDS["major country"]
    for _, _, post, _, _, to, _ in person.offices:
        if post in ("president", "head of government", "supreme leader", "monarch", "leader"):
            value = 0.6 if major else 0.4
        elif post in ("foreign minister", "secretary-general"):
            value = 0.4 if major else 0.25
        elif post in ("defence minister", "vice president") and major:
            value = 0.3
        else:
            value = 0.0
        fame = max(fame, value - (0.1 if (to or "9") < "1990" else 0.0))
    return fame


def surname(name: str, country: str) -> str:
    """The surname with its particles; the first word where family names come first."""
    words = name.split()
    if len(words) == 1:
        return name
    if country in FAMILY_FIRST and "-" not in words[0]:
        return words[0]
    at = len(words) - 1
    if re.fullmatch(r"[IVX]+|[JS]r\.?", words[at]):
        if at == 1:
            return name  # a monarch's numeral
        words, at = words[:-1], at - 1
    while at > 1 and words[at - 1].lower() in WORDS["particle"]:
        at -= 1
    return " ".join(words[at:])


def table(people: list[Collected], given: dict[str, str], needs_title: list[str]) -> dict[str, Any]:
    """The table that the package loads: people, and the keys of their names."""
    full: dict[str, list[int]] = defaultdict(list)
    short: dict[str, list[int]] = defaultdict(list)
    folded: dict[str, list[int]] = defaultdict(list)
    rows: list[list[Any]] = []
    for person in people:
        index = len(rows)
        rows.append([person.name, person.country, round(person.fame, 2), [office[:6] for office in person.offices]])
        for name in dict.fromkeys([person.name, *person.aliases]):
            key = normalise(name)
            if " " in key:
                put(full, key, index)
                put(folded, fold(key, given), index)
            elif person.fame >= 0.2:
                put(short, key, index)
        if person.fame >= 0.2:
            last = surname(person.name, person.country)
            bare = last.split()[-1] if last.split()[0].lower() in ("al", "el", "ul") else last
            for text in dict.fromkeys((last, bare, last.split("-")[-1] if last.lower().startswith(("al-", "el-")) else last)):
                if len(normalise(text)) > 1 and not re.search(r" [ivx]+$", normalise(text)):
                    put(short, normalise(text), index)
    for key, indices in short.items():
        if len(key) >= 6 and " " not in key:
            for index in indices:
                put(folded, fold(key, given), index)
    return {"people": rows, "full": full, "short": short, "folded": folded, "needs_title": needs_title, "given": given}


def put(table: dict[str, list[int]], key: str, index: int) -> None:
    """Add an index to a key once."""
    if index not in table[key]:
        table[key].append(index)
