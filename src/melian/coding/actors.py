"""Step 3: what a single mention says of its actor — principal, sector, name and office — before the rest of the text is asked.

Titles in the text beat the knowledge base: "Ruritanian Foreign Minister Anton Berg" acts for Ruritania as its minister, whoever
the knowledge base has in that office. A name without a title is looked up among office holders on the document's date.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from melian.coding.mentions import Mention
from melian.knowledge import Candidate, countries, gazetteer, names, offices, titles
from melian.language import Parse
from melian.records import Actor

_PLACES = frozenset({"country", "demonym", "capital"})
_SURE = 0.88  # score of an institution's name from which it is one state's alone
_COMPANY_FORMS = frozenset(
    "inc inc. ltd ltd. corp corp. co co. plc llc llp ag sa s.a. gmbh nv n.v. oy ab bhd pte limited".split()
)
_HONORIFICS = frozenset(
    "mr mr. mrs mrs. ms ms. dr dr. sir madam pres pres. gen gen. sen sen. rep rep. gov gov. lt lt. col col. maj maj. capt capt. sgt sgt. "
    "adm adm. prof prof. rev rev. hon hon. jr jr.".split()
)
_STATE_SECTORS = frozenset({"GOV", "MIL", "LEG", "JUD", "COP", "SPY"})
_PARTICLES = frozenset("al el ul ur bin ibn van von de da di del der den la le dos du abu ould bint - ’ '".split())


@dataclass(frozen=True, slots=True)
class Reading:
    """One mention's own evidence for who it is.

    `actor` may lack its id where the words do not say; `known` says what gave the id: "title" (the text itself), "name" (the
    knowledge base), "model" (only the sector head spoke) or "" (nothing); `person` is the bare personal name; `shared` is true for an
    institution that many states have ("Congress", "the Supreme Court"), which is only perhaps this one's.
    """

    actor: Actor
    known: str
    person: str | None = None
    plural: int = 0
    why: str = ""
    shared: bool = False


def read_mention(parse: Parse, mention: Mention, date: str | None) -> Reading:
    """Read a name or a nominal; a pronoun says nothing of itself."""
    reading = _read(parse, mention, date)
    principal = offices.of_its_time(reading.actor.id, date)
    return replace(reading, actor=msgspec.structs.replace(reading.actor, id=principal))


def _read(parse: Parse, mention: Mention, date: str | None) -> Reading:
    if mention.form == "pronoun":
        return Reading(Actor(id=None), "")
    forms = parse.forms
    first, last = mention.first, mention.last
    found = _known_names(forms, first, last, date)
    covering = next((f for f in found if f[0] <= mention.head < f[1]), None)
    if mention.kind == "person" and (covering is None or covering[2][0].kind != "person" or covering[2][0].score < 0.4):
        # "President of Ukraine Volodymyr Zelenskyy": the phrase may hang from the title, the name is what the mention is for; and a
        # title may look like somebody's name ("Marshal Rodion Malinovsky").
        covering = next((f for f in reversed(found) if f[2][0].kind == "person" and f[2][0].score >= 0.4), covering)
    owners = [
        f
        for f in found
        if f is not covering and f[2][0].kind != "person" and belongs(parse, _top(parse, f[0], f[1]), mention.head)
    ]
    sector = _model_sector(parse, mention)
    bloc = _bloc(parse, mention, date)
    if bloc is not None:
        return bloc
    if mention.form == "name":
        person = mention.kind == "person" or (covering is not None and covering[2][0].kind == "person")
        if covering is not None and covering[2][0].kind in _BODIES and _fills(parse, mention, covering):
            person = False  # a known organisation by its whole name, whatever the model takes it for
        if covering is not None and not person:
            return _read_known(parse, mention, covering, owners)
        if (
            covering is not None
            and covering[2][0].kind in _PLACES
            and covering[1] - covering[0] == last - first
            and covering[2][0].score >= 0.6
        ):
            return _read_known(parse, mention, covering, owners)
        if person and not _only_title(parse, mention, found, covering):
            return _read_person(parse, mention, found, covering, date, sector)
    title = titles.read(forms[first:last])
    owner = owners[-1][2][0] if owners else None
    if title is not None:
        return _read_title(parse, mention, title, owner, sector, date)
    if covering is not None:
        return _read_known(parse, mention, covering, owners)
    if owner is not None:
        return Reading(
            Actor(id=owner.actor.id, sector=sector, country=owner.actor.country), "title", why=f"owner {owner.actor.id}"
        )
    if mention.form == "name" and mention.kind in ("organisation", "group", "polity"):
        places = gazetteer.candidates(forms[mention.head])
        if mention.kind != "organisation" and places and places[0].country and _is_notable(places[0]):
            return Reading(
                Actor(id=places[0].country, sector=sector), "name", why=f"gazetteer: {places[0].name}, {places[0].country}"
            )
        while last - first > 1 and forms[last - 1].lower() in _COMPANY_FORMS | {",", "'s", "’s"}:
            last -= 1
        words = " ".join(forms[i] for i in range(first, last) if parse.upos[i] != "DET") or forms[mention.head]
        return Reading(
            Actor(id=words, sector=sector, name=words, country=country_inside(forms[first:last])), "model", why="unknown name"
        )
    return Reading(Actor(id=None, sector=sector), "model", plural=_number(parse, mention), why="model sector")


Found = tuple[int, int, tuple[Candidate, ...]]
_BODIES = frozenset({"organisation", "group", "media", "bloc"})


def _fills(parse: Parse, mention: Mention, found: Found) -> bool:
    """True when a known name is all of the mention but its article."""
    first = mention.first + (parse.upos[mention.first] == "DET")
    return found[:2] == (first, mention.last) and found[2][0].score >= 0.6


def _bloc(parse: Parse, mention: Mention, date: str | None) -> Reading | None:
    """A loosely named bloc, small letters and all: "its allies", "European partners", "the Gulf states"."""
    words = [parse.forms[i] for i in range(mention.first, mention.last) if parse.upos[i] not in ("DET", "PRON", "PUNCT")]
    found = names.lookup(" ".join(words), date) if words and len(words) < 4 else ()
    if not found or found[0].kind != "bloc":
        return None
    return Reading(found[0].actor, "name", why=f"knowledge base: bloc {found[0].actor.id}")


_NOTABLE = 50_000  # inhabitants of a place that says in which country an organisation or an office is


def country_inside(words: Sequence[str]) -> str | None:
    """The country of the longest notable place that the words of a name or title hold ("Madras High Court" IND)."""
    for size in (3, 2, 1):
        for at in range(len(words) - size + 1):
            part = words[at : at + size]
            if not all(word[:1].isupper() for word in part):
                continue
            found = gazetteer.candidates(" ".join(part))
            if found and found[0].country and (found[0].kind == "admin1" or found[0].population >= _NOTABLE):
                return found[0].country
    return None


def _is_notable(place: gazetteer.Place) -> bool:
    """A place that news names without saying where it is: a large city or a region of the hand-kept table."""
    return place.population >= 100_000 if place.kind in ("city", "capital") else place.kind in ("region", "territory")


def _only_title(parse: Parse, mention: Mention, found: list[Found], covering: Found | None) -> bool:
    """True for a capitalised title without a personal name ("the US Secretary of State", "President")."""
    if covering is not None and covering[2][0].kind == "person":
        return False
    named = {i for a, b, _ in found for i in range(a, b)}
    own = [i for i in range(mention.first, mention.last) if parse.upos[i] == "PROPN" and i not in named]
    return (
        bool(own)
        and (titles.read([parse.forms[i] for i in own]) is not None)
        and all(titles.read([parse.forms[i]]) for i in own)
    )


def _known_names(forms: list[str], first: int, last: int, date: str | None) -> list[Found]:
    """Known names inside `[first, last)`, longest first at each word, not overlapping."""
    out: list[Found] = []
    at = first
    while at < last:
        hit = names.longest(forms[:last], at, date) if forms[at][:1].isupper() or forms[at][:1].isdigit() else None
        if hit:
            out.append((at, hit[0], hit[1]))
            at = hit[0]
        else:
            at += 1
    return out


_OWNING = frozenset({"nmod:poss", "amod", "compound", "nmod:desc", "flat", "det"})
_OWNING_PREPOSITIONS = frozenset({"of", "from", "in", "for", "at", "with"})


def belongs(parse: Parse, word: int, head: int) -> bool:
    """True when a word says whose the head is ("Russian troops", "his government", "the people of Kosovo"), not merely near what
    ("troops on Kyiv's doorstep")."""
    steps = 0
    while word != head and steps < 3:
        relation = parse.relations[word]
        owning = relation in _OWNING or (
            relation == "nmod"
            and any(
                parse.forms[c].lower() in _OWNING_PREPOSITIONS for c in parse.children(word) if parse.relations[c] == "case"
            )
        )
        if not owning:
            return False
        word, steps = parse.heads[word], steps + 1
    return word == head and steps > 0


def _top(parse: Parse, first: int, last: int) -> int:
    """The word of a name that hangs from outside it."""
    return next((i for i in range(first, last) if not first <= parse.heads[i] < last), last - 1)


def _model_sector(parse: Parse, mention: Mention) -> str | None:
    columns = parse.labels.columns["sector"]
    best = columns[int(mention.sectors[1:].argmax()) + 1]
    return best if mention.sectors[columns.index(best)] > 0.25 else None


def _read_known(parse: Parse, mention: Mention, covering: Found, owners: list[Found]) -> Reading:
    best = covering[2][0]
    actor = best.actor
    sector = actor.sector
    country = actor.country
    if best.kind in _PLACES:
        title = titles.read(parse.forms[covering[1] : mention.last]) if covering[1] < mention.last else None
        sector = (title.sector if title else None) or sector or "GOV"
        name = None
    else:
        name = actor.name
    if owners and best.kind in ("organisation", "group") and country is None and owners[-1][2][0].kind in _PLACES:
        country = owners[-1][2][0].actor.id
    return Reading(
        Actor(id=actor.id, sector=sector, name=name, country=country),
        "name",
        why=f"knowledge base: {best.kind} {actor.id}",
        shared=best.kind == "organisation" and best.score < _SURE and home(actor.id) is not None,
    )


def _read_person(
    parse: Parse, mention: Mention, found: list[Found], covering: Found | None, date: str | None, sector: str | None
) -> Reading:
    """A named person: title words before the name, an apposition after it, else the office held on the date."""
    forms = parse.forms
    if covering is not None and _is_half_a_name(parse, mention, covering):
        covering = None
    start, end = _name_block(parse, mention, covering)
    candidate = covering[2][0] if covering is not None and covering[2][0].kind == "person" else None
    words = [w for w in forms[start:end] if w.lower() not in _HONORIFICS]
    name = " ".join(words)
    if candidate is not None and candidate.score >= 0.4 and candidate.actor.name:
        name = candidate.actor.name
    owner = next((f[2][0] for f in reversed(found) if f[1] <= start and f[2][0].kind != "person"), None)
    said = forms[mention.first : start] or _title_before(parse, start)
    title = titles.read(said) if said else None
    if title is None:
        title, more = _apposition(parse, mention, date)
        owner = owner or more
    principal = (title.principal if title else None) or (owner.actor.id if owner else None)
    country = (title.country if title else None) or (owner.actor.country if owner else None)
    if title is not None and principal:
        return Reading(
            Actor(id=principal, sector=title.sector or sector, name=name, role=title.office, country=country),
            "title",
            name,
            why=f"title “{' '.join(said)}”",
        )
    if candidate is not None and candidate.score >= 0.4:
        actor = candidate.actor
        role = title.office if title and title.office else actor.role
        chosen = title.sector if title and title.sector and not title.neutral else actor.sector
        return Reading(
            Actor(id=actor.id, sector=chosen, name=name, role=role, country=actor.country),
            "name",
            name,
            why=f"knowledge base: {actor.name}, {actor.role}",
        )
    if principal:
        return Reading(Actor(id=principal, sector=sector, name=name, country=country), "title", name, why="owner")
    role = title.office if title else None
    chosen = title.sector if title and title.sector else sector
    return Reading(Actor(id=None, sector=chosen, name=name, role=role), "model", name, why="unknown person")


def _is_half_a_name(parse: Parse, mention: Mention, covering: Found) -> bool:
    """Whether a known person was recognised by one word of a longer name that has words of its own: "Huang Xilian" is no Jensen Huang."""
    first, last, (known, *_) = covering
    if known.kind != "person" or last - first > 1:
        return False
    start, end = _name_block(parse, mention, None)
    own = set((known.actor.name or "").lower().split()) | _HONORIFICS | _PARTICLES
    others = [i for i in (*range(start, first), *range(last, end)) if parse.upos[i] == "PROPN" and parse.forms[i].isalpha()]
    return start <= first and last <= end and any(parse.forms[i].lower() not in own for i in others)


def _title_before(parse: Parse, start: int) -> list[str]:
    """Title words that stand right before a name which the tree left outside its phrase."""
    first = start
    low = parse.sentences[parse.sentence_of[start]][0]
    while (
        first > low
        and start - first < 6
        and (parse.upos[first - 1] in ("PROPN", "ADJ", "NOUN") or parse.forms[first - 1] in ("of", "for", "and"))
    ):
        first -= 1
    while first < start and parse.upos[first] in ("ADP", "CCONJ"):
        first += 1
    words = parse.forms[first:start]
    return words if (words and titles.read(words[-1:])) or (words and "of" in words and titles.read(words)) else []


def _name_block(parse: Parse, mention: Mention, covering: Found | None) -> tuple[int, int]:
    """The personal name inside a mention: the known name, or the capitalised words around the head after titles and demonyms."""
    if covering is not None and covering[2][0].kind == "person" and covering[2][0].score >= 0.4:
        return covering[0], covering[1]
    runs = [run for run in _proper_runs(parse, mention) if run[0] < run[1]]
    if not runs:
        return mention.head, mention.head + 1
    # The head's own run, else the one after it ("the union's president, Ayuba Wabba"), else the last.
    return next((r for r in runs if r[0] <= mention.head < r[1]), next((r for r in runs if r[0] > mention.head), runs[-1]))


def _proper_runs(parse: Parse, mention: Mention) -> list[tuple[int, int]]:
    """Runs of proper names inside a person's mention, each without the titles, demonyms and places that open it."""
    runs: list[tuple[int, int]] = []
    start: int | None = None
    for i in range(mention.first, mention.last + 1):
        proper = i < mention.last and parse.forms[i][:1].isupper() and parse.upos[i] in ("PROPN", "X", "NOUN", "ADJ")
        joined = i < mention.last and start is not None and parse.forms[i].lower() in _PARTICLES
        if proper and start is None:
            start = i
        elif not proper and not joined and start is not None:
            runs.append((start, i))
            start = None
    return [_without_titles(parse, *run) for run in runs]


def _without_titles(parse: Parse, start: int, end: int) -> tuple[int, int]:
    for size in range(4, 1, -1):  # "Air Chief Marshal", "Interior Secretary"
        said = parse.forms[start : start + size]
        if end - start > size and (read := titles.read(said)) and read.office and titles.read(said[-1:]):
            start += size
            break
    while start < end:
        form = parse.forms[start]
        known = names.lookup(form)
        place = bool(known) and known[0].kind in _PLACES and known[0].score >= 0.6
        title = titles.read([form]) is not None
        if form.lower() not in _HONORIFICS and not title and not (place and end - start > 1):
            break
        start += 1
    while end - 1 > start and parse.forms[end - 1].lower() in _PARTICLES:
        end -= 1
    return start, end


def _apposition(parse: Parse, mention: Mention, date: str | None) -> tuple[titles.TitleReading | None, Candidate | None]:
    for child in parse.children(mention.head):
        if parse.relations[child] in ("appos", "nmod:desc", "parataxis") and not mention.first <= child < mention.last:
            words = [parse.forms[i] for i in parse.subtree(child, frozenset({"acl:relcl", "acl", "conj", "cc"}))]
            title = titles.read(words)
            if title is not None:
                found = [f[2][0] for f in _known_names(words, 0, len(words), date) if f[2][0].kind != "person"]
                return title, found[0] if found else None
    return None, None


def _read_title(
    parse: Parse, mention: Mention, title: titles.TitleReading, owner: Candidate | None, sector: str | None, date: str | None
) -> Reading:
    principal = title.principal or (owner.actor.id if owner else None)
    if principal is None and _is_own_body(parse, mention, title):
        words = [parse.forms[i] for i in range(mention.first, mention.last) if parse.upos[i] != "DET"]
        body = " ".join(words)
        return Reading(
            Actor(id=body, sector=title.sector or sector, name=body, country=title.country or country_inside(words)),
            "model",
            why="unknown name",
        )
    if principal is None:
        principal = country_inside(_without_persons(parse, mention, date))
    country = title.country or (owner.actor.country if owner else None)
    chosen = title.sector or sector
    number = _number(parse, mention)
    if mention.kind == "person" and number == 0 and (called := _called(parse, mention)):
        person = next(
            (
                c
                for c in names.lookup(called, date)
                if c.kind == "person" and c.score >= 0.4 and principal in (None, c.actor.id)
            ),
            None,
        )
        principal = principal or (person.actor.id if person else None)
        name = (person.actor.name if person and person.actor.id == principal else None) or called
        return Reading(
            Actor(id=principal, sector=chosen, name=name, role=title.office, country=country),
            "title" if principal else "model",
            name,
            why=f"title with the name “{called}”",
        )
    if (
        principal
        and title.office
        and not title.former
        and mention.kind == "person"
        and number == 0
        and not _indefinite(parse, mention)
    ):
        held = offices.holder(principal, title.office, date)
        if held is not None:
            return Reading(
                Actor(id=principal, sector=held.sector or chosen, name=held.name, role=title.office, country=country),
                "title",
                held.name,
                why=f"office: {title.office} of {principal} on {date or 'no date'}",
            )
    return Reading(
        Actor(id=principal, sector=chosen, role=title.office, country=country), "title" if principal else "model", plural=number,
        why=f"title “{' '.join(parse.forms[mention.first : mention.last])}”",
    )  # fmt: skip


def _is_own_body(parse: Parse, mention: Mention, title: titles.TitleReading) -> bool:
    """Whether a mention names a body that is no state's by its kind ("the Harvest Union", unlike "Madras High Court")."""
    own = [i for i in range(mention.first, mention.last) if parse.upos[i] == "PROPN"]
    return (
        mention.form == "name"
        and mention.kind in ("organisation", "group")
        and not title.office
        and title.sector not in _STATE_SECTORS
        and any(titles.read([parse.forms[i]]) is None for i in own)
    )


def _called(parse: Parse, mention: Mention) -> str | None:
    """The personal name in apposition to a title, inside its mention: "Russia's defence minister, Ivan Petrov"."""
    for child in parse.children(mention.head):
        if not (
            mention.head < child < mention.last and parse.relations[child] in ("appos", "flat") and _is_proper(parse, child)
        ):
            continue
        last = child + 1
        while last < mention.last and (_is_proper(parse, last) or _joins_names(parse, last, mention.last)):
            last += 1
        words = parse.forms[child:last]
        known = names.lookup(" ".join(words))
        if len(words) > 1 and not (known and known[0].kind != "person" and known[0].score >= 0.6):
            return " ".join(words)
    return None


def _is_proper(parse: Parse, word: int) -> bool:
    return parse.upos[word] == "PROPN" and parse.forms[word][:1].isupper()


def _joins_names(parse: Parse, word: int, end: int) -> bool:
    return parse.forms[word].lower() in _PARTICLES and word + 1 < end and parse.forms[word + 1][:1].isupper()


def _without_persons(parse: Parse, mention: Mention, date: str | None) -> list[str]:
    """A mention's words less the names of known persons, which may hold a country's ("Lula da Silva")."""
    found = _known_names(parse.forms, mention.first, mention.last, date)
    persons = {i for first, last, known in found if known[0].kind == "person" for i in range(first, last)}
    return [parse.forms[i] for i in range(mention.first, mention.last) if i not in persons]


def _number(parse: Parse, mention: Mention) -> int:
    """How many a plural nominal counts ("the two leaders" 2, "both sides" 2, "the sides" 2 at least as 1 = many), 0 for one."""
    numbers = {"two": 2, "both": 2, "three": 3, "four": 4, "five": 5, "2": 2, "3": 3, "4": 4}
    for i in range(mention.first, mention.last):
        if parse.forms[i].lower() in numbers:
            return numbers[parse.forms[i].lower()]
    return 0


def _indefinite(parse: Parse, mention: Mention) -> bool:
    return parse.forms[mention.first].lower() in ("a", "an", "any", "some", "another", "every", "no", "former", "next", "new")


_ISSUERS = frozenset(["GOV", "IGO", "MIL", "LEG", "JUD"])
_OFFICE_WORDS = frozenset(
    "the of to for and in at on government ministry minister ministers department foreign affairs defence defense office embassy delegation "
    "mission permanent representation press service spokesperson secretary secretariat state president presidency prime council cabinet "
    "commission consulate high commissioner administration his her majesty's royal federal republic kingdom international cooperation".split()
)


def issuer(outlet: str | None, date: str | None) -> Actor | None:
    """Who speaks in a press statement that names no speaker: the government or organisation that issues it; None for the press.

    The outlet's name must consist of names of such issuers and words of offices ("UK Government", "Delegation of the European Union to
    Syria"); a newspaper with a country in its name ("Egypt Today") is none.
    """
    words = (outlet or "").split()
    found: Actor | None = None
    at = 0
    while at < len(words):
        hit = names.longest(words, at, date)
        if hit and (hit[1][0].actor.sector in _ISSUERS or hit[1][0].kind in _PLACES):
            found = found or hit[1][0].actor
            at = hit[0]
        elif words[at].lower() in _OFFICE_WORDS:
            at += 1
        else:
            return None
    return msgspec.structs.replace(found, id=offices.of_its_time(found.id, date)) if found else None


def home(country_id: str | None) -> str | None:
    """The id when it is a country's, else None."""
    return country_id if country_id and countries.country(country_id) is not None else None
