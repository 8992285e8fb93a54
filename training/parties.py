"""Where each actor of a coded report stands in its text: by marked mentions, else by its names."""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from pathlib import Path
from typing import Any

from melian.language.tokens import split_sentences, split_words
from training.labelled import IGNORE, MENTION_KINDS, SECTORS, STATEMENT_ROLES, Labelled
from training.treebanks import span_head

Record = dict[str, Any]
_PLURALS = frozenset("they them their theirs themselves we us our ours both all people police".split())
_OPENERS = frozenset("the a an his her its their our my some both two many all these those several".split())


class Aligned:
    """A text cut into words and sentences by the package's own code, with character spans mapped to words."""

    def __init__(self, name: str, text: str) -> None:
        self.text = text
        self.spans = split_words(text)
        self.starts = [s for s, _ in self.spans]
        self.ends = [e for _, e in self.spans]
        self.document = Labelled(name, [text[s:e] for s, e in self.spans], split_sentences(text, self.spans))
        self.sentence_of = [0] * len(self.spans)
        for number, (a, b) in enumerate(self.document.sentences):
            self.sentence_of[a:b] = [number] * (b - a)

    def words(self, start: int, end: int) -> tuple[int, int] | None:
        """`[first, last)` of the words that overlap the character span, or None."""
        first, last = bisect_right(self.ends, start), bisect_left(self.starts, end)
        return (first, last) if first < last else None


def plain_name(name: str | None) -> str:
    """A name as it is compared: small letters, digits and spaces."""
    return re.sub(r"[^a-z0-9 ]", "", (name or "").lower()).strip()


def country_aliases(path: Path) -> dict[str, set[str]]:
    """Lower-case names, demonyms and capitals by ISO alpha-3 code, from mledoze/countries."""
    aliases: dict[str, set[str]] = defaultdict(set)
    for country in json.loads(path.read_text(encoding="utf-8")):
        code = country["cca3"] if country["cca3"] != "UNK" else "XKX"
        names = {country["name"]["common"], country["name"]["official"], *country.get("capital", ())}
        names |= {country.get("demonyms", {}).get("eng", {}).get("m", "")}
        aliases[code] |= {n.lower() for n in names if len(n) > 2}
    more = {
        "USA": "us u.s. u.s america american americans usa washington",
        "GBR": "uk u.k. britain british london",
        "RUS": "russians kremlin soviet",
        "PSE": "palestinian palestinians",
        "TUR": "turkish turks",
        "CHN": "chinese prc",
        "IRN": "iranians",
        "ISR": "israelis",
        "UKR": "ukrainians kiev",
        "PRK": "north korea|north korean|dprk",
        "KOR": "south korea|south korean",
    }
    for code, words in more.items():
        aliases[code] |= set(words.split("|") if "|" in words else words.split())
    return aliases


class Mentions:
    """Where each actor of a record stands in the text: by marked mentions, else by its names."""

    def __init__(self, aligned: Aligned, heads: list[int], record: Record, countries: dict[str, set[str]]) -> None:
        self.aligned = aligned
        self.entity_of: dict[int, Record] = {}
        self.extent_of: dict[int, tuple[int, int]] = {}
        self.members: dict[str, list[Record]] = {}
        self.silver = bool(record.get("silver"))
        if "mentions" in record:
            self._from_marks(heads, record)
        else:
            self._from_names(record, countries)

    def _from_marks(self, heads: list[int], record: Record) -> None:
        entities = {e["key"]: e for e in record["entities"]}
        self.members = {
            key: [entities[m] for m in entity.get("members") or () if m in entities] for key, entity in entities.items()
        }
        for mention in record["mentions"]:
            found = self.aligned.words(mention["start"], mention["end"])
            entity = entities.get(mention["entity"])
            if not found or entity is None:
                continue
            head = span_head(heads, *found)
            old = self.extent_of.get(head)
            if old is not None and old[1] - old[0] >= found[1] - found[0]:
                continue
            self.extent_of[head] = found
            self.entity_of[head] = entity
        if not self.silver:
            self._label_words()

    def _label_words(self) -> None:
        """Kinds and sectors of mention heads, their extents, antecedents, principals and members."""
        document = self.aligned.document
        kinds, sectors = document.tag("mention", 0), document.tag("sector", 0)
        chain: list[tuple[int, int]] = []
        last_of: dict[str, int] = {}
        starts, ends = document.pointers.setdefault("mention_start", []), document.pointers.setdefault("mention_end", [])
        for head in sorted(self.entity_of):
            entity = self.entity_of[head]
            kinds[head] = MENTION_KINDS.index(entity["kind"]) if entity["kind"] in MENTION_KINDS else 4
            sectors[head] = SECTORS.index(entity["sector"] or "none")
            starts.append((head, self.extent_of[head][0]))
            ends.append((head, self.extent_of[head][1] - 1))
            chain.append((head, last_of.get(entity["key"], head)))
            last_of[entity["key"]] = head
        document.pointers["antecedent"] = chain
        document.sets["principal"] = [(head, self._principals(head)) for head in sorted(self.entity_of)]
        document.pairs["members"] = [
            (head, 0, other, int(any(self.entity_of[other] is m for m in self.members.get(self.entity_of[head]["key"], ()))))
            for head in self.entity_of
            if self._is_plural(head)
            for other in self.entity_of
            if other != head and head - 150 < other < head + 40
        ]

    def _is_named(self, head: int) -> bool:
        first, last = self.extent_of.get(head, (head, head + 1))
        words = self.aligned.document.words
        return any(words[i][:1].isupper() for i in range(first + (words[first].lower() in _OPENERS), last))

    def _is_plural(self, head: int) -> bool:
        word = self.aligned.document.words[head].lower()
        return word in _PLURALS or (len(word) > 3 and word.endswith("s") and not word.endswith("ss"))

    def _principals(self, head: int) -> list[int]:
        """Named mentions that tell for whom a mention acts: of its id, not a person where there is another; itself where none."""
        own = self.entity_of[head]
        if not own.get("id"):
            return [head]
        others = [w for w, e in self.entity_of.items() if w != head and e.get("id") == own["id"] and self._is_named(w)]
        return [w for w in others if self.entity_of[w]["kind"] != "person"] or others or [head]

    def _from_names(self, record: Record, countries: dict[str, set[str]]) -> None:
        words = [w.lower() for w in self.aligned.document.words]
        actors = [
            a
            for kind, sides in (("events", ("source", "target")), ("statements", STATEMENT_ROLES))
            for item in record[kind]
            for side in sides
            for a in item.get(side) or ()
        ]
        for actor in actors:
            name = plain_name(actor.get("name"))
            if name:
                last = name.split()[-1]
                for i, word in enumerate(words):
                    if plain_name(word) == last and len(last) > 2 and self.aligned.document.words[i][0].isupper():
                        self.entity_of.setdefault(i, {**actor, "key": name})
        for actor in actors:
            if actor.get("name") or not actor.get("id"):
                continue
            aliases = countries.get(actor["id"], set()) | {actor["id"].lower()}
            for i, word in enumerate(words):
                hit = word in aliases or (i + 1 < len(words) and f"{word} {words[i + 1]}" in aliases)
                if hit and self.aligned.document.words[i][0].isupper():
                    at = i + 1 if word not in aliases else i
                    self.entity_of.setdefault(at, {"id": actor["id"], "name": None, "key": actor["id"], "sector": None})

    def pairs(
        self, anchor: int, first: int, last: int, parties: list[tuple[int, Record]], labels: int
    ) -> list[tuple[int, int, int, int]]:
        """Role labels of one predicate or statement: (anchor, role, word, 1 or 0) for each mention it is known for.

        Mentions of the party in the sentences of `[first, last)` are positive; where there are none, the nearest before. Others that
        may well be the party are left open, and so are pronouns and nominals whose entity is a model's guess.
        """
        low = self.aligned.document.sentences[self.aligned.sentence_of[first]][0]
        high = self.aligned.document.sentences[self.aligned.sentence_of[max(first, last - 1)]][1]
        verdict: dict[tuple[int, int], int] = {}
        for role, party in parties:
            best = {word: level for word in self.entity_of if (level := self.fits(party, self.entity_of[word])) > 0}
            inside = {word: level for word, level in best.items() if low <= word < high and level >= 2}
            top = max((inside or best).values(), default=0)
            for word in best:
                verdict.setdefault((role, word), IGNORE)
            near = [word for word, level in inside.items() if level == top]
            if not near:
                fitting = sorted(word for word, level in best.items() if level == top)
                before = [w for w in fitting if w < low]
                near = before[-1:] or [w for w in fitting if w >= high][:1]
            for word in near:
                verdict[role, word] = 1
        out: list[tuple[int, int, int, int]] = []
        for word in self.entity_of:
            unsure = self.silver and not self._is_named(word)
            for role in range(labels):
                value = verdict.get((role, word), IGNORE if unsure else 0)
                if value != IGNORE:
                    out.append((anchor, role, word, value))
        return out

    def fits(self, party: Record, entity: Record) -> int:
        """How well an entity, or a member of a plural one, is the party (see `_likeness`)."""
        members = self.members.get(entity.get("key") or "", ())
        return max((_likeness(party, e) for e in (entity, *members)), default=0)


def _likeness(party: Record, entity: Record) -> int:
    """4 same key, 3 same name, 2 same id and both nameless, 1 same id, 0 not."""
    if party.get("key") and party["key"] == entity.get("key"):
        return 4
    own, other = plain_name(party.get("name")), plain_name(entity.get("name"))
    if own and other and (own == other or own.endswith(" " + other) or other.endswith(" " + own)):
        return 3
    if party.get("id") and plain_name(party["id"]) == plain_name(entity.get("id")):
        if own:
            return 0 if other else 1
        if other:
            return 1
        return 3 if party.get("sector") == entity.get("sector") else 2
    return 0
