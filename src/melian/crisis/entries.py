"""The entries of the ledger: plain frozen records, each with the words that it and each of its statuses rest on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from melian.records import Actor, Span

DemandStatus = Literal["standing", "rejected", "partly met", "met", "withdrawn"]
RedLineStatus = Literal["standing", "softened", "crossed", "enforced", "not enforced"]
PredictionStatus = Literal["open", "came true", "did not"]
DenialStatus = Literal["standing", "contradicted"]
ShiftStatus = Literal["linked", "unlinked", "split"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A pointer into a document: its id, the span, and the key of the telling that it belongs to."""

    doc_id: str
    span: Span
    key: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What was done or said about an entry, and the status that it moved the entry to.

    `what` is the event's type or the statement's act; `date` is ISO, the day of the report where the answer itself has
    none; `status` is one of the entry's statuses; `why` the rule in words.
    """

    what: str
    by: tuple[Actor, ...]
    date: str | None
    status: str
    evidence: Evidence
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What all entries have: by whom, to or about whom, in which words, since when, and what it rests on.

    `words` are those of the fullest telling, `since` the earliest day (ISO; None when unknown), `evidence` every telling,
    `answers` what followed, in time order.
    """

    id: str
    by: tuple[Actor, ...]
    to: tuple[Actor, ...]
    words: str
    since: str | None
    evidence: tuple[Evidence, ...]
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand(Entry):
    """Who demands what of whom, and how the asked party answered."""

    status: DemandStatus = "standing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer(Entry):
    """Who offers what to whom; `met` is an offer that was taken up."""

    status: DemandStatus = "standing"


@dataclass(frozen=True, slots=True, kw_only=True)
class RedLine(Entry):
    """A threat; with a condition it is a red line. `kinds` are the event types that would cross it."""

    status: RedLineStatus = "standing"
    condition: Evidence | None = None
    condition_words: str | None = None
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction(Entry):
    """What somebody foresees; `foretold` are the types of the events that can be checked, `due` their last day.

    `probability` is what its words give (0 to 1), `brier` the score of it once it is resolved: 0 is best, 1 worst.
    """

    status: PredictionStatus = "open"
    foretold: tuple[str, ...] = ()
    due: str | None = None
    probability: float | None = None
    brier: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial(Entry):
    """What somebody says is not so; `denied` are the types of the events that are denied."""

    status: DenialStatus = "standing"
    denied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift(Entry):
    """A correction of an own statement, `linked` to the one that it corrects, or a bloc that is `split` over a demand or an offer: `by` are its members,
    `to` who asks, `words` what is asked, `answers` what they said to it."""

    status: ShiftStatus = "unlinked"
    replaces: Evidence | None = None
    replaced_words: str | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """What stands over the life of a crisis; each list in order of the day that its entries begin."""

    demands: tuple[Demand, ...] = ()
    offers: tuple[Offer, ...] = ()
    red_lines: tuple[RedLine, ...] = ()
    predictions: tuple[Prediction, ...] = ()
    denials: tuple[Denial, ...] = ()
    shifts: tuple[Shift, ...] = ()
