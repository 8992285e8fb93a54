"""Places named in a text: which words are one, and which place in the world they mean.

Two steps. *Detection* adds up what speaks for and against a known name being a place here: how well known it is,
prepositions and words such as "city of" beside it, and whether it is part of a person's or an organisation's name.
*Resolution* chooses among the places of that name by the document: "City, Region" first, then the countries and other
places that the text names, and how well known each candidate is; one name means one place throughout a document.
"""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from melian.coding.place_resolution import LISTED, Match, PlaceMention, contained, followed_by_holder, is_usual, settle
from melian.knowledge import countries
from melian.knowledge.gazetteer import Place, candidates, fold, longest
from melian.records import Span


@dataclass(frozen=True, slots=True)
class _Token:
    """A word or a part of one between hyphens, and what stands between it and the next."""

    start: int
    end: int
    word: str
    likely: float | None
    gap: str
    opens: bool  # first of its sentence, headline or quotation


__all__ = ["PlaceMention", "find_places", "meant", "resolve"]

# Detection: what each sign is worth. A name counts as a place from ENOUGH upwards.
ENOUGH = 0.9
MODEL_WEIGHT = 5.0  # times (probability - 1/2)

_PIECE = re.compile(r"(?:[A-Z]\.)+[A-Z]\b\.?|[^\W_]+(?:['’ʼ`](?!s\b)[^\W_]+)*")
_JOINING = re.compile(r"(?:[ \t\xa0]|\r?\n(?!\s*\n)|[-‐–&'’ʼ])*")
_POSSESSIVE = re.compile(r"\s?['’]s?(?![\w])")


@cache
def _vocabulary() -> dict[str, frozenset[str]]:
    table = json.loads(files("melian.knowledge").joinpath("data/places.words.json").read_text(encoding="utf-8"))
    return {name: frozenset(words.split()) for name, words in table.items() if name != "about"}


def find_places(text: str, words: Sequence[Span], likely: Sequence[float] | None = None) -> tuple[PlaceMention, ...]:
    """The places that a text names, in order, each with the place that it means.

    Args:
        text: the document.
        words: [start, end) offsets of its words in order; punctuation may be among them.
        likely: for each word a model's probability (0 to 1) that it is part of a place's name. Without it capitals,
            neighbouring words and the gazetteer decide.

    Demonyms ("Syrian") are no places. A name that the model is sure of and the gazetteer does not know has `place` None.
    """
    tokens = _tokens(text, words, likely)
    matches = list(_matches(text, tokens))
    scores = [_evidence(match, tokens, text) for match in matches]
    joined = followed_by_holder(text, matches)
    for index, match in enumerate(matches):
        if index in joined and contained(match.places, matches[index + 1].places):
            scores[index] += 1.5
            scores[index + 1] += 1.5
    for index, (left, right) in enumerate(pairwise(matches)):  # "Akershus, Telemark and Oslo"
        shared = {place.country for place in left.places} & {place.country for place in right.places} - {None}
        if shared and LISTED.fullmatch(text[left.span[1] : right.span[0]]):
            before, after = scores[index], scores[index + 1]
            scores[index] += 0.8 if after >= ENOUGH else 0.0
            scores[index + 1] += 0.8 if before >= ENOUGH else 0.0
    lower = {token.word for token in tokens if token.word.islower()}
    people = _surnames(tokens)
    for index, match in enumerate(matches):
        single = match.last - match.first == 1
        if single and tokens[match.first].word.lower() in lower and not _is_country(match):
            scores[index] -= 1.5
        if single and tokens[match.first].word in people and not _is_country(match):
            scores[index] -= 3.0
    # A name that is clearly a place once is helped everywhere, and one that is clearly none is hindered.
    best: dict[str, float] = defaultdict(lambda: -9.0)
    for match, score in zip(matches, scores, strict=True):
        best[match.key] = max(best[match.key], score)
    kept = [
        match
        for match, score in zip(matches, scores, strict=True)
        if score >= ENOUGH or (score >= ENOUGH - 1.2 and best[match.key] >= ENOUGH + 0.8)
    ]
    mentions = settle(text, kept)
    mentions = [
        PlaceMention(mention.span, mention.words, mention.place, mention.why, _metonym(mention, match, tokens, text))
        for mention, match in zip(mentions, kept, strict=True)
    ]
    unknown = _unknown(text, tokens, [match.span for match in kept]) if likely is not None else []
    return tuple(sorted([*mentions, *unknown], key=lambda mention: mention.span))


def resolve(text: str, spans: Sequence[Span]) -> tuple[PlaceMention, ...]:
    """Which places given names mean, one mention for each span in the order given; `place` is None where unknown."""
    order = sorted(range(len(spans)), key=lambda index: spans[index])
    matches = []
    for index in order:
        start, end = spans[index]
        matches.append(Match(0, 0, (start, end), fold(text[start:end]), _named(text[start:end])))
    settled = dict(zip(order, settle(text, matches), strict=True))
    return tuple(settled[index] for index in range(len(spans)))


def meant(name: str, country: str | None = None) -> Place | None:
    """The place that a name means where nothing but, perhaps, its country is told with it; None where the tables know none.

    Args:
        name: of a place.
        country: ISO 3166-1 alpha-3 code; places of other countries are left out.
    """
    known = resolve(name, [(0, len(name))])[0].place  # heeds seats of power and towns of a name that is told alone
    if known and (not country or known.country in (country, None)):
        return known
    found = (each for each in candidates(name) if not country or each.country in (country, None))
    return max(found, key=lambda each: (each.kind in ("capital", "city"), each.population), default=None)


def _named(name: str) -> tuple[Place, ...]:
    """Candidates of a name that is known to be a place's, with or without article, possessive, kind or direction."""
    tries = [name, re.sub(r"['’]s?$", "", name), re.sub(r"^[Tt]he\s+", "", name)]
    words = tries[-1].split()
    vocabulary = _vocabulary()
    if len(words) > 1:
        if fold(words[-1]) in vocabulary["region_word"]:
            found = candidates(name) or _regions(candidates(" ".join(words[:-1])))
            if found:
                return found
        if fold(words[-1]) in vocabulary["generic"]:
            tries.append(" ".join(words[:-1]))
        if fold(words[0]) in vocabulary["direction"]:
            tries.append(" ".join(words[1:]))
        if fold(words[0]) in vocabulary["generic"] | vocabulary["generic_before"]:
            tries.append(" ".join(words[2:] if words[1] == "of" else words[1:]))
        if "," in name:  # "Washington, D.C."
            inner, _, outer = name.partition(",")
            pair = contained(_named(inner.strip()), _named(outer.strip()))
            if pair:
                return (pair[0],)
    found = next((found for found in map(candidates, tries) if found), ())
    if found and words[0].isupper() and len(fold(name)) == 2 and fold(name) not in vocabulary["stand_alone"]:
        return tuple(place for place in found if place.kind == "admin1")
    return found or _inside(words)


def _inside(words: Sequence[str]) -> tuple[Place, ...]:
    """The best known place within a longer name ("Manila Cathedral") or of a nationality ("Syrian")."""
    vocabulary = _vocabulary()
    plain = vocabulary["common"] | vocabulary["institution"] | vocabulary["generic"] | vocabulary["direction"]
    starts = [at for at, word in enumerate(words) if word[:1].isupper()]
    tried = [(at, longest(words, at)) for at in starts]
    inside = [found for at, found in tried if found and (found[0] > 1 or fold(words[at]) not in plain)]
    nations = [country for word in words if (country := _nations().get(fold(word)))]
    if nations:
        return candidates(nations[0])
    return max(inside, key=lambda found: (found[0], _renown(found[1], "")), default=(0, ()))[1]


@cache
def _nations() -> dict[str, str]:
    continents = {"european": "Europe", "asian": "Asia", "african": "Africa"}
    return continents | {fold(word): country.name for country in countries.all_countries() for word in country.demonyms}


# --- detection -------------------------------------------------------------------------------------------------------


def _tokens(text: str, words: Sequence[tuple[int, int]], likely: Sequence[float] | None) -> list[_Token]:
    pieces: list[tuple[int, int, float | None]] = []
    for number, (start, end) in enumerate(words):
        for found in _PIECE.finditer(text, start, end):
            if found.group() in ("s", "S") and text[found.start() - 1 : found.start()] in ("'", "’"):
                continue
            stop = "." in found.group() and text[found.end() : found.end() + 1] == "."  # the last one of "U.S."
            pieces.append((found.start(), found.end() + stop, None if likely is None else likely[number]))
    tokens = []
    opens = True
    for number, (start, end, chance) in enumerate(pieces):
        word = text[start:end]
        gap = text[end : pieces[number + 1][0]] if number + 1 < len(pieces) else text[end : end + 3] + "\n\n"
        tokens.append(_Token(start, end, word, chance, gap, opens))
        stop = "\n" in gap or re.search(r"[.!?:;]['\"”’)]*\s|[\"“‘(–—]", gap) is not None
        opens = stop and not (gap.startswith(". ") and (word.lower() in _vocabulary()["abbreviation"] or len(word) == 1))
    return tokens


def _joins(token: _Token) -> bool:
    """Whether the next token may belong to one name with this one."""
    gap = token.gap
    if gap.startswith(".") and token.word.lower() in _vocabulary()["abbreviation"]:
        gap = gap[1:]
    return _JOINING.fullmatch(gap) is not None


def _matches(text: str, tokens: Sequence[_Token]) -> Iterable[Match]:
    """Known names, longest first, from left to right, without overlaps."""
    at = 0
    while at < len(tokens):
        match = _match_at(text, tokens, at)
        if match is None:
            at += 1
        else:
            yield match
            at = match.last


def _match_at(text: str, tokens: Sequence[_Token], at: int) -> Match | None:
    token = tokens[at]
    article = token.word.lower() in _vocabulary()["article"] and token.gap[:1] in ("-", "–")
    directed = token.word in _vocabulary()["direction"] and at + 1 < len(tokens) and tokens[at + 1].word[0].isupper()
    if not (token.word[0].isupper() or article or directed or token.word[0].isdigit()):
        return None
    end = at + 1
    while end < len(tokens) and end - at < 8 and _joins(tokens[end - 1]):
        end += 1
    generic, inner = _vocabulary()["generic"] | _vocabulary()["facility"], _vocabulary()["inner"]
    while end > at:
        found = longest([piece.word for piece in tokens[at:end]], 0)
        if found is None:
            return None
        count, places = found
        if token.word.lower() == "the" and not places[0].name.startswith("The "):
            return None  # "The Kremlin" begins with its next word
        last = at + count
        rest = [piece.word for piece in tokens[at + 1 : last]]
        single_lower = count == 1 and not token.word[0].isupper()
        if not single_lower and all(_capital(word) or word[0].isdigit() or word in inner | generic for word in rest):
            if rest and rest[-1] in inner:  # "Santiago de": cut off in the middle
                end = last - 1
                continue
            span = (token.start, tokens[last - 1].end + _stopped(tokens[last - 1]))
            key = fold(text[span[0] : span[1]])
            if len(key) <= 3 and not _may_be_short(key, token, places, text):
                return None
            if last < len(tokens) and _joins(tokens[last - 1]) and tokens[last].word.lower() in _vocabulary()["region_word"]:
                places = _regions(places)
                if tokens[last].word[0].isupper() and places[0].kind.startswith("admin"):
                    last += 1
                    span = (span[0], tokens[last - 1].end)
            return Match(at, last, span, key, places)
        end = last - 1
    return None


def _regions(places: tuple[Place, ...]) -> tuple[Place, ...]:
    """The regions among candidates, for "Sokoto State"; all where none is one."""
    return tuple(place for place in places if place.kind in ("admin1", "admin2", "region")) or places


def _capital(word: str) -> bool:
    """Whether a word is written as in a name: "Ivory", "d'Ivoire"."""
    return word[0].isupper() or any(letter.isupper() for letter in word[2:3])


def _stopped(token: _Token) -> bool:
    """Whether the stop after a token is an abbreviation's ("Calif.")."""
    state = token.word.istitle() and token.word.lower() in _vocabulary()["us_state"]
    return token.gap[:2] == ".," or (token.gap[:1] == "." and state)


def _may_be_short(key: str, token: _Token, places: Sequence[Place], text: str) -> bool:
    """Names of up to three letters: known abbreviations in capitals, states after a comma, or a place's own full name."""
    if key in _vocabulary()["stand_alone"]:
        return token.word.replace(".", "").isupper()
    after_comma = re.search(r"\w,\s$", text[max(0, token.start - 4) : token.start]) is not None
    if any(fold(place.name) != key and place.kind in ("admin1", "country") for place in places):
        return after_comma
    return len(key) == 3 and not token.word.isupper() and any(fold(place.name) == key for place in places)


def _evidence(match: Match, tokens: Sequence[_Token], text: str) -> float:
    """The sum of the signs for and against a name being a place's where it stands."""
    vocabulary = _vocabulary()
    first, final = tokens[match.first], tokens[match.last - 1]
    before = tokens[match.first - 1] if match.first else None
    after = tokens[match.last] if match.last < len(tokens) else None
    single = match.last - match.first == 1
    score = _renown(match.places, match.key) + (0.0 if single else 0.8)
    country = _is_country(match)
    word = fold(first.word)
    if single and not country:
        if word in vocabulary["common"]:
            score -= 2.5 if first.opens else 1.5
        if word in vocabulary["first_name"]:
            score -= 1.5 if score < 1.2 else 0.5
        if word in vocabulary["surname_like"] and match.places[0].kind != "capital":
            score -= 0.5
        if first.opens:
            score -= 0.5
    chances = [token.likely for token in tokens[match.first : match.last] if token.likely is not None]
    if chances:
        score += MODEL_WEIGHT * (sum(chances) / len(chances) - 0.5)
    if before is not None and not first.opens:
        previous = before.word.lower()
        beside = before.gap.strip() in ("", "-")
        if beside and previous == "the" and match.first > 1:
            previous = tokens[match.first - 2].word.lower()
        if beside and previous in vocabulary["at_place"]:
            score += 1.2
        elif beside and previous in vocabulary["weak_at_place"]:
            score += 0.5
            if previous == "of" and match.first > 1 and tokens[match.first - 2].word.lower() in vocabulary["generic_before"]:
                score += 1.0
            elif previous == "of" and match.first > 1 and tokens[match.first - 2].word in _institutions():
                score -= 2.5
        elif beside and previous in vocabulary["direction"]:
            score += 1.0
        elif re.fullmatch(r"\.? ", before.gap) and (previous in vocabulary["title"] and before.word[0].isupper()):
            score -= 3.0
        elif beside and before.word[0].isupper() and single and not before.word.isupper() and previous != "the":
            score -= 2.5 if previous in vocabulary["first_name"] or not before.opens else 0.8
    if after is not None and not _POSSESSIVE.match(final.gap):
        score += _followed(match, after, final, single, country)
    if first.opens and first.word.isupper() and len(first.word) > 3 and re.match(r" ?[(,–—-]", final.gap):
        score += 1.2  # a dateline: "BEIRUT (AP) —"
    elif single and _is_acronym(first, before, after):
        score -= 3.0
    elif final.gap.startswith((" (", "-based")) or (final.gap[:1] == "-" and after is not None and after.word == "based"):
        score += 0.8
    return score


def _followed(match: Match, after: _Token, final: _Token, single: bool, country: bool) -> float:
    vocabulary = _vocabulary()
    follower = after.word.lower()
    if final.gap.strip() not in ("", "-") or "\n" in final.gap:
        return 0.0
    if follower in vocabulary["generic"]:
        return 1.0
    if follower in vocabulary["disease"]:
        return -2.5  # "West Nile virus"
    if after.word[0].isupper() and not after.word.isupper():
        if follower in vocabulary["role"] or follower in vocabulary["title"]:
            return 0.2
        if follower in vocabulary["institution"]:
            return -3.0
        if follower in vocabulary["common"]:
            return -0.5
        return -1.0 if country and fold(final.word) not in vocabulary["first_name"] else -2.5
    if follower in vocabulary["speech"] and single and not country and match.places[0].kind not in ("capital", "seat"):
        return -1.5
    return 0.0


def _is_acronym(token: _Token, before: _Token | None, after: _Token | None) -> bool:
    """Whether a word is written in capitals ("NATO") where its neighbours are not; known ones ("UAE") do not count."""
    if not token.word.isupper() or not 2 < len(token.word) <= 5 or fold(token.word) in _vocabulary()["stand_alone"]:
        return False
    return not any(beside is not None and beside.word.isupper() and len(beside.word) > 3 for beside in (before, after))


@cache
def _institutions() -> frozenset[str]:
    return frozenset(word.capitalize() for word in _vocabulary()["institution"])


def _renown(places: Sequence[Place], key: str) -> float:
    """How much a name alone speaks for its best known place."""
    place = places[0]
    usual = is_usual(place, key) or place.geonames_id is None or place.kind == "country"
    if place.kind in ("country", "continent"):
        value = 2.0
    elif place.geonames_id is None:
        value = 1.5
    else:
        inhabitants = place.population * (0.1 if place.kind == "admin1" else 0.02 if place.kind == "admin2" else 1)
        value = min(1.6, max(-0.6, 0.55 * (math.log10(inhabitants + 1) - 3.8)))
        value += 0.5 if place.kind == "capital" else 0.4 if place.kind == "admin1" else 0.0
    return value - (0.0 if usual else 0.6)


def _is_country(match: Match) -> bool:
    return match.places[0].kind in ("country", "continent")


def _surnames(tokens: Sequence[_Token]) -> set[str]:
    """Words that follow a first name or title somewhere in the text, as surnames do."""
    vocabulary, found = _vocabulary(), set()
    for token, following in pairwise(tokens):
        person = fold(token.word) in vocabulary["first_name"] or fold(token.word) in vocabulary["title"]
        if person and token.word[0].isupper() and following.word[0].isupper() and re.fullmatch(r"\.? ", token.gap):
            found.add(following.word)
    return found


def _unknown(text: str, tokens: Sequence[_Token], taken: Sequence[Span]) -> list[PlaceMention]:
    """Runs of capitalised words that the model holds for places and the gazetteer does not know."""
    runs: list[list[_Token]] = []
    for token in tokens:
        free = all(token.end <= start or end <= token.start for start, end in taken)
        if free and token.likely is not None and token.likely >= 0.6 and token.word[0].isupper():
            if runs and runs[-1][-1].end + len(runs[-1][-1].gap) == token.start and _joins(runs[-1][-1]):
                runs[-1].append(token)
            else:
                runs.append([token])
    spans = [(run[0].start, run[-1].end) for run in runs]
    return [PlaceMention(span, text[slice(*span)], None, "the model's; not in the gazetteer") for span in spans]


def _metonym(mention: PlaceMention, match: Match, tokens: Sequence[_Token], text: str) -> bool:
    """Whether a capital, a seat of power or a country stands for its government here."""
    place = mention.place
    if place is None or place.kind not in ("capital", "seat", "country", "bloc"):
        return False
    vocabulary = _vocabulary()
    before = tokens[match.first - 1].word.lower() if match.first else ""
    if before == "the" and match.first > 1:
        before = tokens[match.first - 2].word.lower()
    opens = tokens[match.first].opens
    if before in vocabulary["at_place"] - {"between", "against", "from"} and not opens:
        return False
    if place.kind in ("bloc", "seat"):
        return True
    following = [token.word.lower() for token in tokens[match.last : match.last + 3]]
    gap = tokens[match.last - 1].gap
    if _POSSESSIVE.match(gap):
        return bool(vocabulary["political"] & set(following[:2]))
    if gap.strip() or not following:
        return False
    acts = vocabulary["speech"]
    helped = following[0] in vocabulary["modal"] and any(word in acts or word in _stems() for word in following[1:])
    # "officials in Moscow said": the noun before the preposition speaks, not the capital.
    governed = before in vocabulary["at_place"] | {"of"} and not opens
    return not governed and (following[0] in acts or helped)


@cache
def _stems() -> frozenset[str]:
    """Bare and participle forms of the verbs of speech and policy, for "will impose", "has been warning"."""
    bare = {re.sub(r"(?:d|ed|s|es)$", "", verb) for verb in _vocabulary()["speech"]}
    return frozenset(bare | {f"{verb}e" for verb in bare})
