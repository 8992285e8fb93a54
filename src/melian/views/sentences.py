"""Where things stand, in a few sentences that each point at their evidence, and the arrow: worse, the same, better.

The arrow compares what was done in the last seven days of the record with the 28 days before them: the mean over happenings
told as fact, where words of cooperation count +1, deeds +2, words of conflict −1, deeds −2. A move of less than a quarter
of a point is "the same". With fewer than three happenings on either side, the last 30 days are held against the 90
before; if those are too few as well, no arrow is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from melian.codebook import event_types, quad
from melian.crisis.entries import Answer, Demand, Denial, Entry, Ledger, Prediction, RedLine
from melian.crisis.tellings import principals
from melian.records import Actor, Event
from melian.views.wording import (
    apart,
    capital,
    counted,
    date_words,
    event_line,
    parties,
    possessive,
    quoted,
    short_names,
    with_article,
)

WINDOWS = ((7, 28), (30, 90))  # days that are compared, and days before them
LEAST, STEP = 3, 0.25
WEIGHTS = {"verbal cooperation": 1, "material cooperation": 2, "verbal conflict": -1, "material conflict": -2}
_SHORT = 18  # words of a quotation
_SETTLEMENTS = frozenset({("AGREE", "settle"), ("AGREE", "treaty"), ("CONCEDE", "ceasefire"), ("CONCEDE", "withdraw")})


@dataclass(frozen=True, slots=True)
class Fragment:
    """Words of a sentence; with a key they link to that evidence."""

    text: str
    key: str | None = None

    @property
    def size(self) -> int:
        """Characters."""
        return len(self.text)


@dataclass(frozen=True, slots=True)
class Trend:
    """The arrow: "worse", "same", "better" or None, and the reason in words."""

    direction: str | None
    reason: str


Sentence = tuple[Fragment, ...]


def trend_of(placed: Sequence[tuple[str, date]]) -> Trend:
    """Compare the last days with those before, over what is told as fact, each by its quad and its day; only the last 120 days count."""
    if not placed:
        return Trend(None, "No dated event is on record, so nothing can be compared.")
    end = max(day for _, day in placed)
    for days, days_before in WINDOWS:
        start = end - timedelta(days=days - 1)
        recent = [WEIGHTS[kind] for kind, day in placed if day >= start]
        before = [WEIGHTS[kind] for kind, day in placed if start - timedelta(days=days_before) <= day < start]
        if min(len(recent), len(before)) >= LEAST:
            return _compared(recent, before, f"{start.isoformat()}/{end.isoformat()}", days_before)
    told = "one event" if len(placed) == 1 else counted(len(placed), "event")
    reason = f"Too little to say whether things got better or worse: {told} told as fact, too few of them before the last days."
    return Trend(None, reason)


def _compared(recent: Sequence[int], before: Sequence[int], window: str, days_before: int) -> Trend:
    now, then = sum(recent) / len(recent), sum(before) / len(before)
    direction = "worse" if now - then < -STEP else "better" if now - then > STEP else "same"
    reason = (
        f"{_conflict(recent):,} of {counted(len(recent), 'incident')} told as fact of {date_words(window)} were conflict, against "
        f"{_conflict(before):,} of {len(before):,} in the {days_before} days before (mean {_signed(now)}, before {_signed(then)})."
    )
    return Trend(direction, reason)


def _conflict(weights: Sequence[int]) -> int:
    return sum(weight < 0 for weight in weights)


def _signed(mean: float) -> str:
    return f"{mean:+.1f}".replace("-", "−")


@dataclass(frozen=True, slots=True)
class Deed:
    """What is told as fact: key of its evidence, the event, its day (of its own where `dated`, else of its first report), and how often
    it is told; `sure` whether some telling may move a status."""

    key: str
    event: Event
    day: date
    dated: bool
    tellings: int
    sure: bool


def sentences(ledger: Ledger, deeds: Sequence[Deed], events: int) -> tuple[Sentence, ...]:
    """The lead: the gravest deed of the last week, what was settled or given up since it, the demand and the red line most spoken of, and a claim put to the test.

    Args:
        ledger: the weightiest entries at least.
        deeds: what was told as fact in the last week on record.
        events: how many events are on record at all.
    """
    grave = _gravest([deed for deed in deeds if quad(deed.event.type) == "material conflict"])
    calm = _gravest([deed for deed in deeds if _settles(deed) and (grave is None or deed.day >= grave.day)])
    told = [
        _told(grave),
        _told(calm),
        _demand(ledger.demands),
        _red_line(ledger.red_lines),
        _tested(ledger.denials, ledger.predictions),
    ]
    given = tuple(sentence for sentence in told if sentence)
    if given:
        return given
    if event := _told(_gravest(deeds)):
        return (event, (Fragment("No demand, threat, decided denial or decided prediction is on record."),))
    if events:
        return ((Fragment("These reports tell of no event as a fact, and of no demand or threat."),),)
    return ((Fragment("Nothing that the codebook counts as an event was found in these reports, and no demand or threat."),),)


def _settles(deed: Deed) -> bool:
    """Whether something was agreed or given up, not only spoken of."""
    return deed.sure and (deed.event.type == "RETREAT" or (deed.event.type, deed.event.mode) in _SETTLEMENTS)


def _gravest(deeds: Sequence[Deed]) -> Deed | None:
    """The gravest deed, rather one with a date of its own; the codebook's types run from agreement to violence."""
    named = [deed for deed in deeds if deed.event.source]
    named = [deed for deed in named if deed.sure] or named
    told = [deed for deed in named if deed.dated] or named
    return max(told, key=_gravity, default=None)


def _told(deed: Deed | None) -> Sentence | None:
    if deed is None:
        return None
    day = date_words(deed.day.isoformat())
    opening = f"On {day} " if deed.dated else f"As told on {day}, "
    return (Fragment(opening), Fragment(_lower(event_line(deed.event)), deed.key), Fragment("."))


def _gravity(deed: Deed) -> tuple[int, int, date, int, str]:
    """By type, then by how often it is told, then the later, then what a report tells first."""
    return event_types().index(deed.event.type), deed.tellings, deed.day, -deed.event.evidence[0], deed.key


def _lower(line: str) -> str:
    return "the" + line[3:] if line.startswith("The ") else line


def _weight(entry: Entry) -> tuple[int, int, str]:
    return (len(entry.answers), len(entry.evidence), entry.since or "")


def _demand(demands: Sequence[Demand]) -> Sentence | None:
    between = [demand for demand in demands if demand.by and demand.to] or [demand for demand in demands if demand.by]
    if not between:
        return None
    demand = max(between, key=_weight)
    to = apart(demand.to, demand.by)
    asked = f" of {parties(to)}" if to else ""
    start = (
        Fragment(f"{capital(possessive(parties(demand.by)))} "),
        Fragment(f"demand{asked}", demand.evidence[0].key),
        Fragment(f", {quoted(demand.words, _SHORT)}, "),
    )
    if demand.status == "standing":
        return (*start, Fragment(f"stands without an answer on record since {date_words(demand.since)}."))
    moving = [answer for answer in demand.answers if answer.status == demand.status]
    state = "was withdrawn" if demand.status == "withdrawn" else f"stands {demand.status}"
    return (*start, Fragment(f"{state} "), *_by(moving, demand.by), Fragment("."))


def _by(answers: Sequence[Answer], claimants: Sequence[Actor]) -> Sentence:
    """Who answered, each party once with its latest answer: "by the United States (21 Jan 2022) and NATO (…)"; those who claimed
    it only where nobody else did."""
    latest: dict[str, Answer] = {}
    for answer in answers:
        others = principals(answer.by) - principals(claimants)
        for party in sorted(others or principals(answer.by)):
            latest[party] = answer
    if not latest:
        return (Fragment(f"({date_words(answers[-1].date)})", answers[-1].evidence.key),)
    fragments: list[Fragment] = []
    chosen = list(latest.items())[-3:]
    for number, (party, answer) in enumerate(chosen):
        joint = "by " if number == 0 else " and " if number == len(chosen) - 1 else ", "
        fragments += [Fragment(joint), Fragment(f"{with_article(party)} ({date_words(answer.date)})", answer.evidence.key)]
    return tuple(fragments)


_STAGE = {"enforced": 4, "crossed": 3, "not enforced": 3, "softened": 2, "standing": 1}


def _red_line(red_lines: Sequence[RedLine]) -> Sentence | None:
    if not red_lines:
        return None
    line = max(red_lines, key=lambda line: (line.condition is not None, _STAGE[line.status], _weight(line)))
    noun, joint = ("red line", "for") if line.condition else ("threat", "against")
    to = apart(line.to, line.by)
    toward = f" {joint} {parties(to)}" if to else ""
    words = quoted(line.condition_words or line.words, _SHORT)
    start = (
        Fragment(f"{capital(possessive(short_names(line.by)))} "),
        Fragment(f"{noun}{toward}", line.condition.key if line.condition else line.evidence[0].key),
        Fragment(f", {words}, "),
    )
    if not line.answers:
        return (*start, Fragment(f"stands since {date_words(line.since)}."))
    ends: list[Fragment] = []
    stages = {answer.status: answer for answer in reversed(line.answers)}  # the first of each
    for number, answer in enumerate(sorted(stages.values(), key=lambda answer: _STAGE[answer.status])):
        ends.append(Fragment(" and " if number else "was "))
        ends.append(Fragment(f"{answer.status} on {date_words(answer.date)}", answer.evidence.key))
    return (*start, *ends, Fragment("; it was not enforced since." if line.status == "not enforced" else "."))


def _tested(denials: Sequence[Denial], predictions: Sequence[Prediction]) -> Sentence | None:
    contradicted = [denial for denial in denials if denial.status == "contradicted"]
    true = [prediction for prediction in predictions if prediction.status == "came true" and prediction.by]
    told: list[Fragment] = []
    if contradicted:
        denial = max(contradicted, key=_weight)
        told += _outcome(denial, "denial", "is contradicted by what was told on")
    if true:
        prediction = max(true, key=_weight)
        told += [Fragment("; ")] if told else []
        told += _outcome(prediction, "prediction", "came true on", opens=not contradicted)
    return (*told, Fragment(".")) if told else None


def _outcome(entry: Entry, noun: str, verb: str, opens: bool = True) -> list[Fragment]:
    """An entry and what decided it; `opens` where the sentence begins with it."""
    answer = entry.answers[-1]
    whose = possessive(short_names(entry.by))
    return [
        Fragment(f"{capital(whose) if opens else whose} "),
        Fragment(noun, entry.evidence[0].key),
        Fragment(f", {quoted(entry.words, _SHORT)}, {verb} "),
        Fragment(date_words(answer.date), answer.evidence.key),
    ]
