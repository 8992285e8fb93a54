"""What a document claims, and what it tells that may answer a claim: the small rows that the ledger is made from."""

from __future__ import annotations

from typing import Literal

import msgspec

from melian.crisis.ledger.claiming.wording import Words
from melian.records import Actor, Span

Kind = Literal["demand", "offer", "redline", "prediction", "denial", "shift"]
Names = tuple[str, ...]


class Pattern(msgspec.Struct, frozen=True, kw_only=True, order=True, gc=False):
    """The event that a claim is about: demanded, foretold, denied, or of the kind that a condition names.

    `doers` and `toward` are principals with the members of blocs; none means anybody.
    """

    type: str
    mode: str = ""
    doers: Names = ()
    toward: Names = ()


class Claim(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One claim of one document: all events and statements there that make it in the same words.

    `id` is the least id among them; `by` and `to` are actors without places; `span` is that of the fullest words, `words` their content. `firm`
    tells a demand from a mere appeal; `open` a claim that no event can decide (a negated forecast); `ahead` a denial of what is planned
    from one of what was done. Of a red line, `condition` is the
    if-clause, `cue` its words and `patterns` what crosses it, `threatened` the types of the announced acts. `due` is the day by which a forecast must come true.
    Of a shift, `cue` are the words that tell what is corrected, `corrects` the statement of the same document that shares words with it, and where there is none
    `perhaps` the one before it about the same party, and `ties` the forms of the words that one of another document must share.
    """

    id: int
    report: int
    kind: Kind
    day: int | None
    by: tuple[Actor, ...]
    to: tuple[Actor, ...]
    events: tuple[int, ...]
    statements: tuple[int, ...]
    span: Span
    words: Words
    firm: bool = False
    open: bool = False
    ahead: bool = False
    condition: Span | None = None
    patterns: tuple[Pattern, ...] = ()
    threatened: Names = ()
    due: int | None = None
    probability: float | None = None
    cue: Words = ()
    corrects: int | None = None
    perhaps: int | None = None
    ties: Names = ()


class Act(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An event told as fact, or a statement, that may move a claim's status.

    `doers` and `toward` are principals with the members of blocs; `day` and `until` are the days that it
    happened between; `civil` whether its doers are not of the state; `named` says of a refusal whether it says what it refuses; `about` whether it speaks of
    what was asked as such; `turns_down` whether it calls that a "demand" or an "offer"; `near` whether it can only mean what was asked
    just before in the same document; `part` and `drops` what its words add.
    """

    id: int
    report: int
    is_event: bool
    kind: str
    mode: str = ""
    doers: Names
    toward: Names
    civil: bool = False
    day: int | None
    until: int | None
    dated: bool
    span: Span
    words: Words = ()
    named: bool = True
    about: bool = False
    turns_down: str = ""
    near: bool = False
    part: bool = False
    drops: bool = False

    @property
    def what(self) -> str:
        """ "event" or "statement"."""
        return "event" if self.is_event else "statement"
