"""The same claim in new words is the same entry: which claims of all documents belong together.

Each claim looks back for the one claim before it that it repeats, its *antecedent*: of the same kind, of a common party (at home, of the same side), to a common party (or to nobody named),
at most 180 days earlier, and most like it in words; of equally like ones the last. A forecast of the same event repeats another in whatever words, a denial of
what was done only if they have something telling in common. Claims that lead back to one another are one entry. Since each looks back at one only, a telling that is like two claims brings only itself to
one of them and does not make them one; and since time decides which is earlier, the order in which documents came does not matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from melian.crisis.ledger.claiming.claim import Claim, Kind, Pattern
from melian.crisis.ledger.claiming.parties import Parties, civil, parties
from melian.crisis.ledger.claiming.rules import rules
from melian.crisis.ledger.claiming.wording import Words, likeness, tied
from melian.records import Span

WINDOW = 180  # days between a claim and the one that it repeats
LIKE = 0.33  # least likeness of words
LIKE_LINE = 0.25  # of threats with the same condition

_Key = TypeVar("_Key", bound=Hashable)


class Place(NamedTuple):
    """Where a claim stands in time: claims are earlier or later by this."""

    day: int
    report: int
    span: Span
    id: int


class Node(NamedTuple):
    """What of a claim is compared."""

    place: Place
    kind: Kind
    by: Parties
    civil: bool
    to: Parties
    words: Words
    patterns: tuple[Pattern, ...]
    ahead: bool


def node(claim: Claim) -> Node:
    """The comparable part of a claim; what has no day stands among its like."""
    place = Place(claim.day or 0, claim.report, claim.span, claim.id)
    by, to = parties(claim.by), parties(claim.to)
    return Node(place, claim.kind, by, civil(claim.by), to, claim.words, claim.patterns, claim.ahead)


def repeats(later: Node, earlier: Node) -> float:
    """How well a claim repeats one before it; 0 where it does not."""
    if later.kind != earlier.kind or not 0 <= later.place.day - earlier.place.day <= WINDOW or later.place <= earlier.place:
        return 0.0
    if later.civil != earlier.civil or (not (later.by & earlier.by) and (later.by or earlier.by)):
        return 0.0
    if later.kind in ("prediction", "denial"):
        common = tied(later.words, earlier.words)
        alike = [(a, b) for a in later.patterns for b in earlier.patterns if same_event(a, b)]
        # Two denials of attacks by one army are mostly of two attacks; two forecasts of one, or denials that one is planned, of the same.
        coming = later.kind == "prediction" or (later.ahead and earlier.ahead)
        if alike and (common or (coming and any(a.doers == b.doers for a, b in alike))):
            return 2.0
    if later.to and earlier.to and not later.to & earlier.to:
        return 0.0
    like = likeness(later.words, earlier.words)
    least = LIKE
    if later.kind == "redline" and any(same_event(a, b) for a in later.patterns for b in earlier.patterns):
        least = LIKE_LINE
    return like if like >= least else 0.0


def same_event(some: Pattern, other: Pattern) -> bool:
    """Whether two patterns are of one type (and mode, where it matters) and of common parties."""
    if some.type != other.type or not same_mode(some.type, some.mode, other.mode):
        return False
    doers, toward = (some.doers, other.doers), (some.toward, other.toward)
    return all(not (a and b) or not set(a).isdisjoint(b) for a, b in (doers, toward)) and bool(some.doers or other.doers)


def same_mode(type_: str, some: str | None, other: str | None) -> bool:
    """Whether two modes of one type are not known to be different things."""
    return not some or not other or some == other or type_ not in rules()["mode_matters"]


def best(later: Node, candidates: Iterable[Node]) -> Place | None:
    """The claim that a claim repeats, of some: the most like, then the last."""
    found = max(((repeats(later, each), each.place) for each in candidates), default=None)
    return found[1] if found and found[0] > 0 else None


def antecedents(nodes: Sequence[Node]) -> dict[Place, Place]:
    """What each claim repeats, among all claims given."""
    blocks: dict[tuple[str, str], list[Node]] = defaultdict(list)
    for each in sorted(nodes):
        for key in _blocks(each):
            blocks[key].append(each)
    found = {}
    for each in nodes:
        near = {other.place: other for key in _blocks(each) for other in blocks[key] if other.place < each.place}
        if place := best(each, near.values()):
            found[each.place] = place
    return found


def _blocks(each: Node) -> list[tuple[str, str]]:
    return [(each.kind, party) for party in (each.by or ("",))]


def components(links: Mapping[_Key, _Key | None]) -> list[list[_Key]]:
    """Sets of what leads back to one another, each sorted; what a link leads to must be a key too."""
    root: dict[_Key, _Key] = {}

    def find(each: _Key) -> _Key:
        path = []
        while (up := root.get(each, each)) != each:
            path.append(each)
            each = up
        for passed in path:
            root[passed] = each
        return each

    for each, to in links.items():
        if to is not None:
            root[find(each)] = find(to)
    groups: dict[_Key, list[_Key]] = defaultdict(list)
    for each in links:
        groups[find(each)].append(each)
    return [sorted(group) for group in groups.values()]  # type: ignore[type-var]
