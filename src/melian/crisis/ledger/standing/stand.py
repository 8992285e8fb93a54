"""An entry before it is answered: what its claims come to together, and how an act is held against them.

What one telling in many says (a word, a party, an event) does not count: it must stand in a quarter of the tellings, a party in a third.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeVar

from melian.codebook import quad
from melian.crisis.ledger.claiming.claim import Act, Claim, Kind, Pattern
from melian.crisis.ledger.claiming.parties import Parties, agreed, civil, distinct, parties, sides_of, without
from melian.crisis.ledger.claiming.report import overlap
from melian.crisis.ledger.claiming.wording import tied
from melian.crisis.ledger.standing.grouping import same_mode
from melian.records import Actor, Span

_Item = TypeVar("_Item", bound=Hashable)

_CORE = 4  # an item counts that stands in one of so many claims


@dataclass(frozen=True)
class Stand:
    """The claims of an entry, by day and place, and what they agree on."""

    claims: tuple[Claim, ...]

    @property
    def kind(self) -> Kind:
        return self.claims[0].kind

    @cached_property
    def least(self) -> int:
        """The least id among its tellings."""
        return min(claim.id for claim in self.claims)

    @cached_property
    def by(self) -> tuple[Actor, ...]:
        return agreed([claim.by for claim in self.claims])

    @cached_property
    def to(self) -> tuple[Actor, ...]:
        mine = sides_of(self.by)
        return agreed([without(claim.to, mine) for claim in self.claims])

    @cached_property
    def civil(self) -> bool:
        """Whether its makers are not of the state."""
        return civil(self.by)

    def is_own(self, act: Act) -> bool:
        """Whether an act is done by its makers; protesters and their government are not one."""
        return not self.own.isdisjoint(act.doers) and act.civil == self.civil

    @cached_property
    def own(self) -> Parties:
        """The makers, as they are compared."""
        return parties(self.by)

    @cached_property
    def facing(self) -> Parties:
        """Those whom it is put to, as they are compared."""
        return parties(self.to)

    @cached_property
    def since(self) -> int | None:
        return min((claim.day for claim in self.claims if claim.day), default=None)

    @cached_property
    def latest(self) -> int | None:
        return max((claim.day for claim in self.claims if claim.day), default=None)

    @cached_property
    def words(self) -> frozenset[int]:
        return frozenset(_core([claim.words for claim in self.claims]))

    @cached_property
    def patterns(self) -> tuple[Pattern, ...]:
        """The events that it is about, or that cross it."""
        return tuple(sorted(_core([claim.patterns for claim in self.claims if claim.patterns])))

    @property
    def types(self) -> tuple[str, ...]:
        """The types of those events."""
        return tuple(dict.fromkeys(pattern.type for pattern in self.patterns))

    @cached_property
    def threatened(self) -> frozenset[str]:
        return frozenset(_core([claim.threatened for claim in self.claims if claim.threatened]))

    @cached_property
    def condition_words(self) -> frozenset[int]:
        """What the words of its condition tell."""
        return frozenset(_core([claim.cue for claim in self.claims if claim.cue]))

    @cached_property
    def conditional(self) -> Claim | None:
        """The claim that gives the condition: the first that events can meet, or the first that has one."""
        having = [claim for claim in self.claims if claim.condition]
        return next((claim for claim in having if claim.patterns), having[0] if having else None)

    @cached_property
    def ahead(self) -> bool:
        """Whether most of its tellings speak of what is planned, not of what was done."""
        return sum(claim.ahead for claim in self.claims) * 2 > len(self.claims)

    @cached_property
    def firm(self) -> bool:
        return any(claim.firm for claim in self.claims)

    @cached_property
    def fullest(self) -> Claim:
        """The claim with the longest words: a statement's where somebody is quoted."""
        return max(self.claims, key=lambda c: (bool(c.statements), c.span[1] - c.span[0], -c.id))

    @cached_property
    def _spans(self) -> dict[int, list[Span]]:
        spans: dict[int, list[Span]] = {}
        for claim in self.claims:
            spans.setdefault(claim.report, []).append(claim.span)
        return spans

    @property
    def reports(self) -> frozenset[int]:
        """The documents that make the claim."""
        return frozenset(self._spans)

    def told_in(self, report: int) -> bool:
        """Whether a document makes the claim."""
        return report in self._spans

    def own_words(self, act: Act) -> bool:
        """Whether an act is read from the words of the claim."""
        return any(overlap(act.span, span) for span in self._spans.get(act.report, ()))

    def just_before(self, act: Act, most: int) -> bool:
        """Whether the claim is told in the same document, at most so many characters before an act."""
        return any(0 <= act.span[0] - span[1] <= most for span in self._spans.get(act.report, ()))

    def held_by(self, act: Act) -> bool:
        """Whether an act's words hold the claim's ("rejected the demand that it leave")."""
        return any(
            act.span[0] <= span[0] and span[1] <= act.span[1] and act.span != span for span in self._spans.get(act.report, ())
        )

    def told_within(self, day: int, before: int) -> bool:
        """Whether the claim is told in so many days before a day, or on it."""
        return any(0 <= day - (claim.day or 0) <= before for claim in self.claims)

    def same_matter(self, act: Act) -> bool:
        """Whether an act's words and the claim's have something telling in common."""
        return tied(self.words, act.words)

    def within(self, act: Act, after: int, before: int = 0) -> bool:
        """Whether an act can have come between the first telling (or some days before) and so many days after the last."""
        begin, end = self.since or 0, self.latest or 0
        return (act.until or 0) >= begin - before and (act.day or 0) <= end + after

    def follows(self, act: Act, before: int = 0) -> bool:
        """Whether a deed is known to have come after the first telling: by its date, or, as an undated deed told on the same day is as likely
        the background, in a report of a later day."""
        if act.day is None or self.since is None:
            return False
        return act.day >= self.since - before if act.dated else act.day > self.since


TURNS: dict[str, int] = {"demand": 1, "offer": 2, "redline": 3, "prediction": 4, "denial": 5, "shift": 6, "split": 7}
"""By kind of entry, what turns the id of its least telling into its own, and back (exclusive or); the view `ledger_members` has it too."""


def entry_number(kind: Kind | Literal["split"], least: int) -> int:
    """The id of an entry: that of its least telling, turned so that it is not the id of an event or statement too."""
    return least ^ TURNS[kind]


def split_members(doers: Sequence[Sequence[Actor]]) -> tuple[Actor, ...]:
    """Who takes sides where a bloc is split, each once, in the order of their answers."""
    return distinct(actor for some in doers for actor in some)


def matches(act: Act, pattern: Pattern) -> bool:
    """Whether an act is the event of a pattern: its type and mode, done by its doers, to those whom it names."""
    return (
        act.is_event
        and act.kind == pattern.type
        and same_mode(act.kind, act.mode, pattern.mode)
        and (not pattern.doers or not set(pattern.doers).isdisjoint(act.doers))
        and (not pattern.toward or not set(pattern.toward).isdisjoint(act.toward))
    )


def is_deed(type_: str) -> bool:
    """Whether an event type is something done rather than said."""
    return quad(type_).startswith("material") or type_ == "CONSULT"


def act_order(act: Act) -> tuple[int, int, Span, int]:
    """Acts in time, then by document and place."""
    return (act.day or 0, act.report, act.span, act.id)


def told_once(found: Iterable[tuple[Act, str, str]]) -> list[tuple[Act, str, str]]:
    """Without the acts that are read from the same words as one before them (an event and its statement)."""
    kept: list[tuple[Act, str, str]] = []
    for act, status, why in found:
        if not any(
            act.report == other.report and overlap(act.span, other.span) and not set(act.doers).isdisjoint(other.doers)
            for other, *_ in kept
        ):
            kept.append((act, status, why))
    return kept


def _core(rows: Sequence[Iterable[_Item]]) -> set[_Item]:
    counts = Counter(item for row in rows for item in set(row))
    return {item for item, count in counts.items() if count * _CORE >= len(rows)}
