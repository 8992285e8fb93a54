"""Titles and common nouns to sectors and offices: "army chief", "Secretary of State", "rebels", "former president"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from melian.knowledge import names
from melian.knowledge.countries import country
from melian.knowledge.spelling import is_capitalised, plain
from melian.knowledge.tables import Title, titles_table

_LONGEST_PHRASE = 7
_SURE = 0.65  # score under which a name inside a title ("Supreme Court", "House") does not settle whose it is
_PLACE = 0.3  # the same for a city or state, whose police or government it then is ("Shanghai police")
_IRREGULAR = {
    "men": "man", "women": "woman", "people": "people", "children": "child", "spokesmen": "spokesman",
    "police": "police", "spokeswomen": "spokeswoman", "clergymen": "clergyman", "gunmen": "gunman",
    "congressmen": "congressman", "press": "press", "businessmen": "businessman", "servicemen": "serviceman",
    "chiefs": "chief", "congress": "congress", "class": "class", "mps": "mp", "pms": "pm", "meps": "mep",
    "locals": "locals", "nationals": "nationals", "natives": "natives", "attaches": "attache", "churches": "church",
    "forces": "force", "judges": "judge", "refugees": "refugee", "princess": "princess", "hostages": "hostage",
    "services": "service", "offices": "office", "agencies": "agency", "media": "media", "news": "news",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TitleReading:
    """What the words of a title say.

    Args:
        sector: the codebook's sector, or None for a word that takes it from whom it belongs to ("spokesman").
        office: the office in its usual form ("foreign minister", "deputy foreign minister"), None for no office.
        neutral: whether the sector must come from the context ("leader", "spokesman" alone).
        former: whether the office is no longer held; the sector is then ELI.
        principal: id of the country, organisation or group that the title names ("French", "of NATO"), None for none.
        country: home of that group where it is one.
    """

    sector: str | None
    office: str | None
    neutral: bool = False
    former: bool = False
    principal: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class _Match:
    start: int
    end: int
    title: Title


def read(words: Sequence[str]) -> TitleReading | None:
    """Read a title or a noun phrase that names actors; None when none of its words is known.

    The last known noun before a preposition is the head; a head without a sector of its own takes that of the nearest
    word before it ("army chief", "Hamas spokesman"), or of what follows "of" or "for".

    Args:
        words: the words of the title, with or without article, country and adjectives; case matters for names only.
    """
    tokens, origin = _tokens(words)
    matches = _matches(tokens)
    head = _head(matches, tokens)
    if head is None or _owns_what_follows(words, head, tokens, origin):
        return None
    owner = _owner(words, head, origin)
    before = tokens[: head.start]
    sector, neutral = head.title.sector, False
    if head.title.weak:
        inside = range(owner.start, owner.end) if owner else range(0)
        others = [match for match in matches if origin[match.start] not in inside]
        body = owner.candidate.actor.sector if owner and owner.candidate.kind not in ("country", "demonym") else None
        sector = _neighbour(others, head, tokens, weak=False) or body or _neighbour(others, head, tokens, weak=True) or sector
        neutral = sector is None
    elif head.title.canonical and sector == "GOV" and owner and owner.candidate.kind in ("organisation", "group"):
        sector = owner.candidate.actor.sector if _is_body(owner.candidate) else sector
    former = any(token in _words("former") for token in before)
    if former and sector not in ("CVL", "ELI", "REB"):
        sector, neutral = "ELI", False
    office = head.title.canonical
    if office is not None and any(token in _words("deputy") for token in before):
        office = f"deputy {office}"
    return TitleReading(
        sector=sector,
        office=office,
        neutral=neutral,
        former=former,
        principal=owner.candidate.actor.id if owner else None,
        country=owner.candidate.actor.country if owner else None,
    )


@lru_cache(maxsize=4096)
def canonical_office(office: str) -> str:
    """An office in its usual form: "Minister of Foreign Affairs" is "foreign minister"."""
    title = titles_table().phrases.get(title_key(office))
    if title is not None and title.canonical:
        return title.canonical
    return " ".join(_tokens(office.split(), singular=False)[0])


def office_sector(office: str) -> str | None:
    """The sector of an office from its words alone, no names looked up; None when none of them is known."""
    tokens, _ = _tokens(office.split())
    matches = _matches(tokens)
    head = _head(matches, tokens)
    if head is None:
        return None
    return (_neighbour(matches, head, tokens, weak=True) if head.title.weak else None) or head.title.sector


def title_key(phrase: str) -> str:
    """The key under which a phrase of titles is stored: lower case, singular, "defence" so spelled."""
    return " ".join(_tokens(phrase.split())[0])


def _tokens(words: Sequence[str], singular: bool = True) -> tuple[list[str], list[int]]:
    """Lower-case singular tokens of the words, hyphens split, with the word that each comes from."""
    tokens: list[str] = []
    origin: list[int] = []
    for at, word in enumerate(words):
        text = plain(word).lower().replace("defense", "defence").replace("’", "'")
        text = text.removesuffix("'s").removesuffix("'").replace(".", "").replace("'", "")
        for part in text.replace("-", " ").replace("/", " ").split():
            if part.isalnum() and part not in ("the", "a", "an"):
                tokens.append(_singular(part) if singular else part)
                origin.append(at)
    return tokens, origin


def _singular(token: str) -> str:
    if token in _IRREGULAR:
        return _IRREGULAR[token]
    if len(token) > 5 and token.endswith("men"):
        return token[:-3] + "man"
    if len(token) > 3 and token.endswith("ies"):
        return token[:-3] + "y"
    if len(token) > 4 and token.endswith(("sses", "ches", "shes", "xes")):
        return token[:-2]
    if len(token) > 3 and token.endswith("s") and not token.endswith(("ss", "us", "is")):
        return token[:-1]
    return token


def _matches(tokens: Sequence[str]) -> list[_Match]:
    """The longest phrase at each token that starts one, phrases inside longer ones left out."""
    phrases = titles_table().phrases
    found: list[_Match] = []
    for start in range(len(tokens)):
        for end in range(min(len(tokens), start + _LONGEST_PHRASE), start, -1):
            title = phrases.get(" ".join(tokens[start:end]))
            if title is not None:
                if not found or end > found[-1].end:
                    found.append(_Match(start, end, title))
                break
    return found


def _words(kind: str) -> frozenset[str]:
    return titles_table().words[kind]


def _head(matches: Sequence[_Match], tokens: Sequence[str]) -> _Match | None:
    """The last known phrase before a preposition, or after "of" where there is none before ("several of the unions")."""
    cuts = [at for at, token in enumerate(tokens) if at and token in _words("preposition")]
    for cut in [*cuts, len(tokens)]:
        heads = [match for match in matches if match.start < cut]
        if heads:
            return max(heads, key=lambda match: (match.end, -match.start))
        if cut < len(tokens) and tokens[cut] != "of":
            return None
    return None


def _neighbour(matches: Sequence[_Match], head: _Match, tokens: Sequence[str], weak: bool) -> str | None:
    """The sector of the nearest word before the head that has one, else of what belongs to it after "of" or "for"."""
    others = [match for match in matches if match.title.sector and (weak or not match.title.weak)]
    before = [match for match in others if match.end <= head.start]
    if before:
        return before[-1].title.sector
    if head.end < len(tokens) and tokens[head.end] in _words("belonging"):
        after = [match for match in others if match.start > head.end]
        if after:
            return after[0].title.sector
    return None


def _owns_what_follows(words: Sequence[str], head: _Match, tokens: Sequence[str], origin: Sequence[int]) -> bool:
    """Whether the head is a possessive before an unknown word, as in "the ship's management"."""
    last = origin[head.end - 1]
    after = words[last + 1] if last + 1 < len(words) else ""
    possessive = words[last].endswith(("'s", "’s", "s'", "s’")) or after in ("'s", "’s", "'", "’")
    return possessive and head.end < len(tokens) and tokens[head.end] not in _words("preposition")


@dataclass(frozen=True, slots=True)
class _Owner:
    start: int
    end: int
    candidate: names.Candidate


def _owner(words: Sequence[str], head: _Match, origin: Sequence[int]) -> _Owner | None:
    """The organisation or country that the title's words name: before the head, or after "of"; not after "to"."""
    found: _Owner | None = None
    for owner in _owners(words):
        candidate = owner.candidate
        if candidate.kind == "group" and origin[head.start] <= owner.start and owner.end <= origin[head.end - 1] + 1:
            continue  # "Labour" in "Labour Minister"
        if found is None or (
            found.candidate.kind in ("country", "demonym")
            and (_is_body(candidate) or (candidate.kind == "organisation" and candidate.actor.id == found.candidate.actor.id))
        ):
            found = owner
    return found


def _is_body(candidate: names.Candidate) -> bool:
    """Whether it is a body that is no country's own, so that a country before it is not whose it is."""
    return candidate.kind in ("organisation", "group", "media") and country(candidate.actor.id or "") is None


def _owners(words: Sequence[str]) -> Iterator[_Owner]:
    at = 0
    while at < len(words):
        if words[at].lower() in _words("preposition") - _words("belonging"):
            return
        known: list[names.Candidate] = []
        if is_capitalised(words[at]) and (found := names.longest(words, at)) is not None:
            known = [
                one for one in found[1] if one.kind != "person" and one.score >= (_PLACE if one.kind == "capital" else _SURE)
            ]
            if known:
                yield _Owner(at, found[0], known[0])
        at = found[0] if known and found else at + 1
