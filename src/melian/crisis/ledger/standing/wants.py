"""Which acts an entry may be moved by, so that a few are looked at out of very many.

A want is looser than the rules: every act that a rule counts fulfils one of the entry's wants, and the rules then decide.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from melian.crisis.ledger.claiming.claim import Act


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """Acts of some kinds between two days, done by one of some parties (where `doers` is empty, by anybody), toward one of some.

    `toward` None asks for nothing; with `nobody`, acts toward nobody named fit too; with `here`, all that stand in a document that makes the claim. `words`
    asks for a common word, `flag` for a mark of the act.
    """

    doers: frozenset[str]
    kinds: frozenset[str]
    begin: int
    end: int
    toward: frozenset[str] | None = None
    nobody: bool = False
    here: bool = False
    words: frozenset[int] | None = None
    flag: Literal["about", "drops", "unnamed"] | None = None

    def fits(self, act: Act, here: bool) -> bool:
        """Whether an act is wanted; `here` says that it stands in a document that makes the claim."""
        if act.kind not in self.kinds or not ((act.until or 0) >= self.begin and (act.day or 0) <= self.end):
            return False
        if self.doers and self.doers.isdisjoint(act.doers):
            return False
        aimed = self.toward is None or (self.nobody if not act.toward else not self.toward.isdisjoint(act.toward))
        if not aimed and not (self.here and here):
            return False
        if self.words is not None and self.words.isdisjoint(act.words):
            return False
        match self.flag:
            case "about":
                return act.about
            case "drops":
                return act.drops
            case "unnamed":
                return not act.named
            case _:
                return True


class ActIndex:
    """Acts by who did them, to whom and where they are told, to find those that entries want."""

    def __init__(self, acts: Iterable[Act]) -> None:
        self._by: dict[tuple[str, str], list[Act]] = defaultdict(list)
        self._toward: dict[tuple[str, str], list[Act]] = defaultdict(list)
        self._here: dict[tuple[int, str], list[Act]] = defaultdict(list)
        for act in acts:
            self._here[act.report, act.kind].append(act)
            for party in act.doers:
                self._by[party, act.kind].append(act)
            for party in act.toward:
                self._toward[party, act.kind].append(act)

    def wanted(self, wants: Sequence[Want], reports: frozenset[int]) -> list[Act]:
        """The acts that fit one of some wants; `reports` are the documents that make the claim."""
        found: dict[tuple[bool, int], Act] = {}
        for want in wants:
            index, parties = (self._by, want.doers) if want.doers else (self._toward, want.toward or frozenset())
            some = [index.get((party, kind), ()) for party in parties for kind in want.kinds]
            if want.here:
                some += [self._here.get((report, kind), ()) for report in reports for kind in want.kinds]
            for acts in some:
                found |= {(act.is_event, act.id): act for act in acts if want.fits(act, act.report in reports)}
        return list(found.values())
