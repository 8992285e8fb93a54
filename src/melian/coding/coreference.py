"""Step 4: mentions of one actor brought together within the document, and every mention given its principal.

Names meet by canonical name or surname; pronouns and nominals follow the model's antecedent; "we" and "I" inside a statement are
its speaker; "the two leaders" are those that the model names as members. What a nominal lacks (whose "government"?) it takes from its
owner, its antecedent, the named mention that the model points at, or the country that the text is about.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

import msgspec
import numpy as np

from melian.coding.actors import Reading, belongs, home, read_mention
from melian.coding.attribution import Attribution
from melian.coding.mentions import Mention
from melian.coding.pointers import member_chances, principal_votes
from melian.knowledge import gazetteer, offices, titles
from melian.language import Parse
from melian.records import Actor

POLITY_NOUNS = frozenset("government country nation state administration regime republic kingdom authorities".split())
RELATIONAL_NOUNS = frozenset("ally neighbour neighbor rival foe enemy adversary counterpart opponent partner".split())
STATE_SECTORS = frozenset(["GOV", "MIL", "LEG", "JUD"])
STATE_BODIES = frozenset(
    ["army", "military", "navy", "air force", "armed forces", "government", "parliament", "cabinet", "junta"]
)
MEMBER = 0.5  # least probability of a member
HALVES = (("PRK", "KOR"), ("SDN", "SSD"), ("VNM", "VDR"), ("YEM", "YMD"))  # the North and the South of divided countries
_SINGULAR_PERSON = frozenset(["i", "me", "my", "mine", "myself"])


@dataclass(slots=True)
class Entity:
    """An actor of the document; `members` are the entities that a plural stands for."""

    actor: Actor
    key: str
    mentions: list[int] = field(default_factory=list)
    members: list[int] = field(default_factory=list)
    kind: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Cast:
    """Everyone in a document: entities, and for each mention the entity that it refers to (-1 for none)."""

    entities: tuple[Entity, ...]
    entity_of: tuple[int, ...]
    mentions: tuple[Mention, ...]

    def actors(self, mention: int, parse: Parse) -> tuple[Actor, ...]:
        """The actors behind a mention, plurals opened, each with the mention's span."""
        number = self.entity_of[mention]
        if number < 0:
            return ()
        span = parse.span(self.mentions[mention].first, self.mentions[mention].last)
        entity = self.entities[number]
        chosen = [self.entities[m] for m in entity.members] or [entity]
        return tuple(msgspec.structs.replace(e.actor, span=span) for e in chosen)


def link(
    parse: Parse,
    mentions: tuple[Mention, ...],
    attributions: tuple[Attribution, ...],
    date: str | None,
    issuer: Actor | None = None,
) -> Cast:
    """Resolve all mentions of a document; "we" of nobody else is the issuer of an official text."""
    return _Linker(parse, mentions, attributions, date, issuer).run()


class _Linker:
    """Walks the mentions in order; holds nothing beyond one document."""

    def __init__(
        self,
        parse: Parse,
        mentions: tuple[Mention, ...],
        attributions: tuple[Attribution, ...],
        date: str | None,
        issuer: Actor | None,
    ) -> None:
        self.parse, self.mentions, self.attributions, self.date, self.issuer = parse, mentions, attributions, date, issuer
        self.readings = [read_mention(parse, m, date) for m in mentions]
        self.entities: list[Entity] = []
        self.entity_of = [-1] * len(mentions)
        self.by_key: dict[str, int] = {}
        self.by_head = {m.head: n for n, m in enumerate(mentions)}
        self.content_of: dict[int, int] = {}
        for n, found in enumerate(attributions):
            for word in range(found.first, found.last):
                self.content_of[word] = n
        self.country = self._country()
        self._lend_shared()
        self.named_ids = {
            m.head: reading.actor.id
            for m, reading in zip(mentions, self.readings, strict=True)
            if reading.actor.id and (reading.known == "name" or (m.form == "name" and reading.known == "title"))
        }
        self.countries_of = {  # of armed groups and parties: where the state is that they are up against
            r.actor.id: r.actor.country
            for r in self.readings
            if r.actor.id and r.actor.country and not r.person and r.actor.sector in ("REB", "OPP")
        }
        # A person may also act for an organisation that nobody has heard of.
        self.employers = self.named_ids | {
            m.head: reading.actor.id
            for m, reading in zip(mentions, self.readings, strict=True)
            if reading.actor.id and m.form == "name" and not reading.person
        }

    def run(self) -> Cast:
        first_person = []
        for n, mention in enumerate(self.mentions):
            if mention.is_first_person(self.parse):
                first_person.append(n)
                continue
            if self._is_title_of_a_name(n):
                continue
            self.entity_of[n] = self._resolve(n)
            if self.entity_of[n] >= 0:
                self.entities[self.entity_of[n]].mentions.append(n)
        for n in first_person:
            self.entity_of[n] = self._first_person(n)
            if self.entity_of[n] >= 0:
                self.entities[self.entity_of[n]].mentions.append(n)
        self._shorten_ids()
        return Cast(tuple(self.entities), tuple(self.entity_of), self.mentions)

    def _shorten_ids(self) -> None:
        """An organisation that the text also calls by its initials goes by them ("Orange Democratic Movement", "the ODM")."""
        said = {self.parse.forms[m.head] for m in self.mentions if m.form == "name"}
        said = {form for form in said if 2 <= len(form) <= 8 and form.isupper()}
        short: dict[str, str] = {}
        for entity in self.entities:
            words = (entity.actor.id or "").replace("-", " ").split()
            initials = "".join(w[0] for w in words if w[0].isupper())
            if len(words) > 1 and initials in said:
                short[entity.actor.id or ""] = initials
        for entity in self.entities:
            if entity.actor.id in short:
                entity.why += f"; the text's initials for {entity.actor.id}"
                entity.actor = msgspec.structs.replace(entity.actor, id=short[entity.actor.id])

    def _is_title_of_a_name(self, n: int) -> bool:
        """True for a title marked inside or right before a named person's mention ("Secretary of State" of "… Antony Blinken")."""
        mention = self.mentions[n]
        if mention.form == "pronoun" or mention.kind != "person" or self.readings[n].person:
            return False
        for other, larger in enumerate(self.mentions):
            if other != n and self.readings[other].person and larger.kind == "person":
                inside = larger.first <= mention.first and mention.last <= larger.last
                before = mention.last == larger.first and mention.form == "name" and not self.readings[n].actor.id
                if inside or before:
                    return not any(
                        self.parse.relations[w] == "nmod:poss" for w in range(mention.first, mention.last) if w == mention.head
                    )
        return False

    def _country(self) -> str | None:
        """The country that the text is most about: named most, early names counting double."""
        counts: Counter[str] = Counter()
        for n, reading in enumerate(self.readings):
            if reading.known and not reading.shared and (code := home(reading.actor.id)):
                counts[code] += 2 if self.mentions[n].sentence < 2 else 1
        return counts.most_common(1)[0][0] if counts else None

    def _lend_shared(self) -> None:
        """ "Congress" in a text that never names the United States is that of the country that the text is about."""
        named = {r.actor.id for r in self.readings if r.known and not r.shared}
        for n, reading in enumerate(self.readings):
            if reading.shared and reading.actor.id not in named and self.country:
                actor = msgspec.structs.replace(reading.actor, id=self.country)
                self.readings[n] = replace(reading, actor=actor, why=f"{reading.why}; country of the text {self.country}")

    def _new(self, n: int, actor: Actor, key: str, why: str) -> int:
        if key in self.by_key:
            return self.by_key[key]
        self.entities.append(Entity(actor, key, kind=self.mentions[n].kind, why=why))
        self.by_key[key] = len(self.entities) - 1
        return len(self.entities) - 1

    def _resolve(self, n: int) -> int:
        mention, reading = self.mentions[n], self.readings[n]
        if mention.form == "pronoun":
            members = self._members(n) if mention.is_plural(self.parse) else []
            return self._plural(n, members) if len(members) > 1 else self._antecedent(n, pronoun=True)
        half = self._half(n)
        if half is not None:
            return self._new(n, Actor(id=half, sector="GOV"), f"{half}|GOV|", "half of a divided country")
        if reading.person:
            return self._person(n, reading)
        if (described := self._described(n)) is not None:
            return described
        actor = reading.actor
        if actor.id and (reading.known == "name" or (mention.form == "name" and reading.known == "title")):
            return self._new(n, actor, f"{actor.id}|{actor.sector}|{actor.name or ''}", reading.why)
        if mention.form == "name" and actor.name:
            known = self._named_before(actor.name)
            if known is not None:
                return known
            if self.country and any(p.country == self.country for p in gazetteer.candidates(actor.name)):
                government = Actor(id=self.country, sector=actor.sector)
                return self._new(n, government, f"place|{actor.name.lower()}", f"gazetteer: a place in {self.country}")
            return self._new(n, actor, f"name|{actor.name.lower()}", reading.why)
        if reading.known == "title" and actor.id:
            found = self._antecedent(n)
            if found >= 0 and self.entities[found].actor.id == actor.id and self.entities[found].actor.sector == actor.sector:
                return found
            return self._new(n, actor, self._nominal_key(n, actor), reading.why)
        return self._nominal(n, reading)

    def _described(self, n: int) -> int | None:
        """The named person to whom a nominal stands in apposition ("Celso Amorim, the adviser of the president")."""
        mention = self.mentions[n]
        if mention.kind != "person" or mention.form != "nominal" or self.parse.relations[mention.head] != "appos":
            return None
        of = self.by_head.get(self.parse.heads[mention.head])
        return (
            self.entity_of[of] if of is not None and of < n and self.readings[of].person and self.entity_of[of] >= 0 else None
        )

    def _half(self, n: int) -> str | None:
        """ "The North" where the text is about Korea."""
        mention = self.mentions[n]
        words = [w.lower() for w in self.parse.forms[mention.first : mention.last] if w.lower() != "the"]
        if words not in (["north"], ["south"]):
            return None
        named = set(self.named_ids.values())
        return next((pair[words == ["south"]] for pair in HALVES if named & set(pair)), None)

    def _named_before(self, name: str) -> int | None:
        """An entity whose name contains this one as its last word or as its initials."""
        lower = name.lower()
        for number, entity in enumerate(self.entities):
            other = (entity.actor.name or "").lower()
            if other and (
                other == lower or other.endswith(" " + lower) or "".join(w[0] for w in other.split() if w[0].isalpha()) == lower
            ):
                return number
        return None

    def _person(self, n: int, reading: Reading) -> int:
        name = reading.person or ""
        last = name.lower().split()[-1] if name else ""
        for number, entity in enumerate(self.entities):
            other = (entity.actor.name or "").lower()
            if not other or (not entity.key.startswith("person|") and entity.kind in ("organisation", "group", "polity")):
                continue
            if other.split()[-1] == last and (
                len(name.split()) == 1 or len(other.split()) == 1 or other.split()[0] == name.lower().split()[0]
            ):
                self._enrich(number, reading)
                return number
        actor = reading.actor
        if actor.id is None and len(name.split()) == 1 and (leader := self._leader(name)):
            return self._new(
                n, leader, f"person|{(leader.name or name).lower()}", f"{leader.role} of a state that the text names"
            )
        if actor.id is None:
            principal, why = self._principal(n)
            actor = msgspec.structs.replace(actor, id=principal or actor.sector)
            return self._new(n, actor, f"person|{name.lower()}", f"{reading.why}; {why}")
        return self._new(n, actor, f"person|{name.lower()}", reading.why)

    def _leader(self, surname: str) -> Actor | None:
        states = [id_ for id_ in dict.fromkeys(self.named_ids.values()) if home(id_)]
        return offices.leader_called(surname, states, self.date) if self.date else None

    def _enrich(self, number: int, reading: Reading) -> None:
        """A later mention with a title tells more than an earlier bare name."""
        entity = self.entities[number]
        if reading.known == "title" and reading.actor.id and not entity.actor.role:
            name = (
                entity.actor.name
                if len((entity.actor.name or "").split()) >= len((reading.actor.name or "").split())
                else reading.actor.name
            )
            entity.actor = msgspec.structs.replace(reading.actor, name=name)
            entity.why = reading.why

    def _antecedent(self, n: int, pronoun: bool = False) -> int:
        """The entity of the model's best antecedent among the mentions before, or -1."""
        mention = self.mentions[n]
        offset, scores = self.parse.pair("antecedent", mention.head)
        row = scores[0]
        best, best_mention, best_score = -1, -1, float(row[mention.head - offset]) if not pronoun else -np.inf
        personal, plural = mention.is_personal(self.parse), mention.is_plural(self.parse)
        for other in range(n - 1, -1, -1):
            head = self.mentions[other].head
            if head < offset:
                break
            number = self.entity_of[other]
            if number < 0 or mention.first <= head < mention.last:
                continue
            entity = self.entities[number]
            person = entity.kind == "person"
            if pronoun and personal and not person:
                continue
            if (
                pronoun
                and not personal
                and not plural
                and person
                and self.parse.forms[mention.head].lower() in ("it", "its", "itself")
            ):
                continue
            score = float(row[head - offset])
            if score > best_score:
                best, best_mention, best_score = number, other, score
        if best >= 0 and (plural or (mention.form == "nominal" and self._is_plural_noun(mention))):
            return self._coordinated(n, best, best_mention)
        return best

    def _is_plural_noun(self, mention: Mention) -> bool:
        form = self.parse.forms[mention.head].lower()
        return mention.kind in ("group", "person") and form.endswith("s") and not form.endswith("ss")

    def _coordinated(self, n: int, number: int, antecedent: int) -> int:
        """ "They" after "A, B and C" are all three: a plural whose antecedent stands in a list of names is the list."""
        parse = self.parse
        if self.entities[number].members or self.entities[number].kind == "group":
            return number
        head = self.mentions[antecedent].head
        top = parse.heads[head] if parse.relations[head] == "conj" else head
        listed = [top, *(c for c in parse.children(top) if parse.relations[c] == "conj")]
        members: list[int] = []
        for word in listed:
            other = self.by_head.get(word)
            if other is not None and other < n and self.entity_of[other] >= 0 and self.entity_of[other] not in members:
                members.append(self.entity_of[other])
        return self._plural(n, members) if len(members) > 1 else number

    def _nominal(self, n: int, reading: Reading) -> int:
        if reading.plural >= 2 or self._is_plural_noun(self.mentions[n]):
            members = self._members(n)
            if len(members) > 1:
                return self._plural(n, members)
        owner = self._owner(n)
        actor = reading.actor
        if owner is not None and self.parse.forms[self.mentions[n].head].lower() in RELATIONAL_NOUNS:
            return self._other_side(n, self.entities[owner].actor.id)
        if owner is not None:
            code = self.entities[owner].actor
            actor = msgspec.structs.replace(actor, id=code.id, country=code.country)
            return self._new(n, actor, self._nominal_key(n, actor), f"{reading.why}; owner {code.id}")
        found = self._antecedent(n)
        body = self._state_body(n)
        if found >= 0 and not (body and self._is_no_state(found, body)):
            return found
        code_id, why = self._principal(n)
        if code_id is None and actor.sector is None:
            return -1
        actor = msgspec.structs.replace(actor, id=code_id or self._common_name(n, actor.sector))
        return self._new(n, actor, self._nominal_key(n, actor), f"{reading.why}; {why}")

    def _other_side(self, n: int, owner: str | None) -> int:
        """ "Its neighbour", "Georgetown's ally, the United States": never the owner, but who is named in apposition, else the only other
        state that the text names; -1 where there are several."""
        mention = self.mentions[n]
        for other, inner in enumerate(self.mentions):
            named = self.readings[other].actor
            if (
                inner.form == "name"
                and mention.head < inner.head < mention.last
                and self.parse.relations[inner.head] == "appos"
                and named.id
            ):
                return self._new(n, named, f"{named.id}|{named.sector}|{named.name or ''}", "named in apposition")
        states = {id_ for id_ in self.named_ids.values() if home(id_) and id_ != owner}
        if len(states) != 1:
            return -1
        state = states.pop()
        return self._new(n, Actor(id=state, sector="GOV"), f"{state}|GOV|", f"the other side of {owner}")

    def _nominal_key(self, n: int, actor: Actor) -> str:
        """ "Russian troops" and "Russian officials" are two actors of one principal; "the Russian government" is Russia itself."""
        noun = self.parse.forms[self.mentions[n].head].lower()
        return f"{actor.id}|{actor.sector}|{'' if noun in POLITY_NOUNS else noun.removesuffix('s')}"

    def _common_name(self, n: int, sector: str | None) -> str | None:
        """The id of actors that belong to nobody: what they are called ("Migrants"), the press as "Media"."""
        if sector == "MED":
            return "Media"
        return self.parse.forms[self.mentions[n].head].capitalize() if self._is_plural_noun(self.mentions[n]) else sector

    def _principal(self, n: int) -> tuple[str | None, str]:
        """For whom an unnamed actor acts: the principal that the model points at, else the country that the text is about.

        Who holds an office of state, or is a body of one, acts for a state: where the model points at a party or an armed group, for
        that group's own.
        """
        ids = self.employers if self.readings[n].person else self.named_ids
        of_state = self._holds_state_office(n) or self._state_body(n) is not None
        votes, alone = principal_votes(self.parse, self.mentions[n].head, ids)
        best = max(votes, key=lambda name: votes[name], default=None)
        if of_state and best is not None and home(best) is None:
            if (own := self.countries_of.get(best)) is not None:
                return own, f"model: beside {best}, of {own}"
            votes, alone = principal_votes(
                self.parse, self.mentions[n].head, {head: id_ for head, id_ in ids.items() if home(id_)}
            )
            best = max(votes, key=lambda name: votes[name], default=None)
        if best is not None and votes[best] > alone:
            return best, f"model: acts for {best} {votes[best]:.2f}"
        country = self._nearest_country(n)
        return country, f"country of the passage {country}"

    def _holds_state_office(self, n: int) -> bool:
        """Whether a mention's own words give an office that only states have ("former Cabinet minister"): its holder acts for no party or firm."""
        office = titles.read((self.readings[n].actor.role or "").split())
        return (
            office is not None
            and not office.neutral
            and office.sector in STATE_SECTORS
            and "president" not in (office.office or "")
        )  # firms and unions have presidents too

    def _state_body(self, n: int) -> str | None:
        """The noun of a body that states have, beside those who fight them ("the army" in a text about rebels); None for other mentions."""
        head, forms = self.mentions[n].head, self.parse.forms
        nouns = (forms[head].lower(), " ".join(forms[max(head - 1, 0) : head + 1]).lower())
        return next((noun for noun in nouns if noun in STATE_BODIES), None) if self.mentions[n].form == "nominal" else None

    def _is_no_state(self, number: int, noun: str) -> bool:
        """Whether an entity acts for no state, nor is a body whose own name has the noun ("the Karen Liberation Army", "the army")."""
        actor = self.entities[number].actor
        return bool(actor.id) and home(actor.id) is None and noun not in (actor.name or "").lower()

    def _owner(self, n: int) -> int | None:
        """The entity of a possessive or modifying mention inside this one ("his government", "the ministry's spokesman")."""
        mention = self.mentions[n]
        for other in range(len(self.mentions)):
            inner = self.mentions[other]
            if (
                other != n
                and mention.first <= inner.head < mention.last
                and belongs(self.parse, inner.head, mention.head)
                and self.entity_of[other] >= 0
            ):
                entity = self.entities[self.entity_of[other]]
                if entity.actor.id and not entity.members:
                    return self.entity_of[other]
        return None

    def _plural(self, n: int, members: list[int]) -> int:
        key = "plural|" + "|".join(map(str, sorted(members)))
        number = self._new(n, Actor(id=None), key, "plural of the last named")
        self.entities[number].members = members
        return number

    def _members(self, n: int) -> list[int]:
        """The entities that the model names as what a plural stands for, in the order of their mentions."""
        mention = self.mentions[n]
        before = {
            self.mentions[o].head: o for o in range(n) if self.entity_of[o] >= 0 and self.mentions[o].last <= mention.head
        }
        found: list[int] = []
        for word, chance in member_chances(self.parse, mention.head, list(before)).items():
            number = self.entity_of[before[word]]
            if chance >= MEMBER and not self.entities[number].members and number not in found:
                found.append(number)
        return found

    def _nearest_country(self, n: int) -> str | None:
        """The document's country; where it has none, the one named nearest in this sentence or the one before."""
        if self.country:
            return self.country
        sentence = self.mentions[n].sentence
        best: tuple[int, str] | None = None
        for other, mention in enumerate(self.mentions):
            gap = sentence - mention.sentence
            if other == n or not 0 <= gap <= 1 or self.entity_of[other] < 0:
                continue
            entity = self.entities[self.entity_of[other]]
            code = home(entity.actor.id)
            if code and not entity.members:
                distance = abs(mention.head - self.mentions[n].head) + 40 * gap
                if best is None or distance < best[0]:
                    best = (distance, code)
        return best[1] if best else None

    def _first_person(self, n: int) -> int:
        """ "I" is the speaker of the statement around it; "we" is whom that speaker speaks for."""
        mention = self.mentions[n]
        content = self.content_of.get(mention.head)
        said = self.attributions[content].speakers if content is not None else ()
        speakers = [self.entity_of[s] for s, _ in said if self.entity_of[s] >= 0]
        if not speakers:
            if self.issuer is not None and mention.is_plural(self.parse):
                actor = Actor(id=self.issuer.id, sector=self.issuer.sector, country=self.issuer.country)
                return self._new(n, actor, f"{actor.id}|{actor.sector}|", "“we” of the issuer")
            return self._antecedent(n, pronoun=True)
        speaker = speakers[0]
        entity = self.entities[speaker]
        if self.parse.forms[mention.head].lower() in _SINGULAR_PERSON or entity.members or entity.kind != "person":
            return speaker
        actor = entity.actor
        principal = Actor(id=actor.id, sector=actor.sector, country=actor.country)
        return self._new(n, principal, f"{actor.id}|{actor.sector}|", "“we” of the speaker")
