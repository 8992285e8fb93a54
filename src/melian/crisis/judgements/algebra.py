"""How judgements add up, whatever order they came in. Nothing here touches a record.

1. An undo takes back the judgement that it names, and an undo can itself be taken back. What is not taken back *stands*.
2. Of the acceptances and rejections of a record, the latest that stands holds.
3. Of the corrections of a field, the latest that stands holds; those of other fields hold beside it.
4. Merges and splits are read newest first; an older one that contradicts the newer ones taken together is passed over. So of two
   about the same events the later holds, and what holds never contradicts itself.

"Latest" is by the time at which a judgement was made, then by its id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from melian.crisis.judgements.judgement import VERDICTS, Judgement, order

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class State:
    """What persons say of one record, taken together.

    `verdict` is the acceptance or rejection that holds, `corrections` the one that holds for each field, `addition` what put the
    record there where no machine did, `notes` all notes in order.
    """

    verdict: Judgement | None = None
    corrections: Mapping[str, Judgement] = field(default_factory=dict)
    addition: Judgement | None = None
    notes: tuple[Judgement, ...] = ()


@dataclass(frozen=True, slots=True)
class Links:
    """Events that must be told as one happening, and events that must not: pairs of ids, the lesser first."""

    joined: frozenset[Pair] = frozenset()
    parted: frozenset[Pair] = frozenset()


def undone(undos: Iterable[tuple[str, str]]) -> frozenset[str]:
    """The ids of what is taken back.

    Args:
        undos: of each undo its own id and the id that it names.
    """
    target = dict(undos)
    waiting = Counter(target.values())
    ready = [each for each in target if each not in waiting]
    fallen: set[str] = set()
    while ready:  # what nothing undecided names any more
        each = ready.pop()
        if each not in target:
            continue
        named = target[each]
        if each not in fallen:
            fallen.add(named)
        waiting[named] -= 1
        if not waiting[named]:
            ready.append(named)
    return frozenset(fallen)


def standing(judgements: Iterable[Judgement]) -> tuple[Judgement, ...]:
    """The judgements that are not taken back, each once, in the order that they hold in; undos themselves left out."""
    every = {judgement.id: judgement for judgement in judgements}
    gone = undone((each.id, each.undoes) for each in every.values() if each.undoes)
    return tuple(sorted((each for each in every.values() if each.kind != "undo" and each.id not in gone), key=order))


def state(judgements: Iterable[Judgement]) -> State:
    """What standing judgements on one record come to.

    Args:
        judgements: those that stand, in any order.
    """
    verdict: Judgement | None = None
    addition: Judgement | None = None
    corrections: dict[str, Judgement] = {}
    notes: list[Judgement] = []
    for each in sorted(judgements, key=order):
        if each.kind in VERDICTS:
            verdict = each
        elif each.kind == "correct" and each.field:
            corrections[each.field] = each
        elif each.kind == "add":
            addition = each
        elif each.kind == "note":
            notes.append(each)
    return State(verdict, corrections, addition, tuple(notes))


def links(judgements: Iterable[Judgement], name: Callable[[str], str | None] = lambda event: event) -> Links:
    """What standing merges and splits come to.

    Args:
        judgements: those that stand, in any order; others than merges and splits are passed over.
        name: the id under which an event is known now; None where the record does not have it (any more). The others of its
            merge stay merged without it.
    """
    groups = _Groups()
    joined: set[Pair] = set()
    parted: set[Pair] = set()
    for each in sorted(judgements, key=order, reverse=True):
        known = [name(event) for event in each.about]
        if each.kind == "merge":
            joined.update(pair for pair in _star(sorted({event for event in known if event})) if groups.join(*pair))
        elif each.kind == "split" and known and known[0]:
            rest = sorted({event for event in known[1:] if event and event != known[0]})
            parted.update(pair for pair in _star([known[0], *rest]) if groups.part(*pair))
    return Links(frozenset(joined), frozenset(parted))


def _star(events: Sequence[str]) -> list[Pair]:
    """The first event with each of the others."""
    return [(min(events[0], other), max(events[0], other)) for other in events[1:]]


class _Groups:
    """Events brought together so far, and which groups must stay apart."""

    def __init__(self) -> None:
        self._home: dict[str, str] = {}
        self._members: dict[str, list[str]] = {}
        self._against: dict[str, set[str]] = {}  # of a group: events that none of its members may be with

    def join(self, some: str, other: str) -> bool:
        """Bring two events together; False where they must stay apart."""
        here, there = self._find(some), self._find(other)
        if here == there:
            return True
        if self._apart(here, there):
            return False
        if len(self._members[here]) < len(self._members[there]):
            here, there = there, here
        for event in self._members[there]:
            self._home[event] = here
        self._members[here] += self._members.pop(there)
        self._against[here] |= self._against.pop(there)
        return True

    def part(self, some: str, other: str) -> bool:
        """Keep two events apart; False where they are together already."""
        here, there = self._find(some), self._find(other)
        if here == there:
            return False
        self._against[here].add(other)
        self._against[there].add(some)
        return True

    def _apart(self, here: str, there: str) -> bool:
        return any(self._home[event] == there for event in self._against[here])

    def _find(self, event: str) -> str:
        if event not in self._home:
            self._home[event] = event
            self._members[event] = [event]
            self._against[event] = set()
        return self._home[event]
