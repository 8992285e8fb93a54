"""Demands and offers, and how they were answered.

A demand is a DEMAND statement, a REQUEST event of mode `demand`, or an APPEAL that a REQUEST event carries; an offer is
an OFFER statement or a REQUEST of mode `propose` that no demand or appeal carries. An answer comes from the asked party,
is addressed to the asking one, and is not known to be earlier:

- a refusal (REJECT, not of mode `deny`) needs the two parties only. Where it shares words with some of the demands that
  stand between them it answers those, where it shares words with none ("rejected Moscow's demands") it answers all that
  are demands, and mere appeals only where there is no demand; an offer is refused only in words that it shares;
- a yes in words (AGREE, ACCEPT, CONCEDE) must share a word with the demand, because agreeing on something else is common:
  the demand is `partly met`, the offer `met`;
- a yes in fact (RETREAT, or an event of the very type that was demanded) makes it `met`;
- the asking party's own CLARIFY, CONCEDE or RETREAT that shares a word with it makes it `withdrawn`.

The last answer in time decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar, cast

from melian.crisis.entries import Answer, Demand, DemandStatus, Offer
from melian.crisis.merging import Group, asked, doers, evidence, facing, fullest, merged, since, told_once
from melian.crisis.tellings import Telling, happened_after, is_sure, not_earlier, overlap, share, topics
from melian.records import Event, Statement, content_id

_Entry = TypeVar("_Entry", Demand, Offer)
_YES = {"AGREE", "ACCEPT", "CONCEDE", "RETREAT"}
_TAKES_BACK = {"CLARIFY", "CONCEDE", "RETREAT"}


def demands(told: Sequence[Telling]) -> tuple[Demand, ...]:
    """Every demand with its answers and status."""
    requests = [telling for telling in told if _is_request(telling, {"demand", "appeal"})]
    claims = [
        telling
        for telling in told
        if telling.kind == "DEMAND"
        or (telling.kind == "APPEAL" and any(overlap(telling, request) for request in requests))
        or _is_request(telling, {"demand"})
    ]
    groups = merged(claims, asked)
    return _entries(Demand, groups, _answers(groups, told, yes="partly met"))


def offers(told: Sequence[Telling]) -> tuple[Offer, ...]:
    """Every offer with its answers and status."""
    asking = [telling for telling in told if telling.kind in {"DEMAND", "APPEAL"}]
    claims = [
        telling
        for telling in told
        if telling.kind == "OFFER"
        or (_is_request(telling, {"propose"}) and not any(overlap(telling, other) for other in asking))
    ]
    groups = merged(claims, asked)
    return _entries(Offer, groups, _answers(groups, told, yes="met"))


def _entries(kind: type[_Entry], groups: Sequence[Group], answers: Sequence[tuple[Answer, ...]]) -> tuple[_Entry, ...]:
    """One entry a claim, with the status of its last answer."""
    return tuple(
        kind(
            id=content_id(kind.__name__.lower(), group[0].key),
            by=doers(group),
            to=facing(group, asked),
            words=fullest(group),
            since=since(group),
            evidence=tuple(map(evidence, group)),
            answers=found,
            status=cast(DemandStatus, found[-1].status if found else "standing"),
        )
        for group, found in zip(groups, answers, strict=True)
    )


def _is_request(telling: Telling, modes: set[str]) -> bool:
    event = telling.record
    return isinstance(event, Event) and event.type == "REQUEST" and event.realis == "actual" and event.mode in modes


def _answers(groups: Sequence[Group], told: Sequence[Telling], yes: str) -> list[tuple[Answer, ...]]:
    """The answers to each claim, in time order."""
    possible = [
        telling
        for telling in told
        if is_sure(telling) and (isinstance(telling.record, Statement) or telling.record.realis == "actual")
    ]
    demanded = [telling for telling in told if isinstance(telling.record, Event) and telling.record.realis == "demanded"]
    kinds = _YES | _TAKES_BACK | {telling.kind for telling in demanded}
    replies = [telling for telling in possible if telling.kind in kinds]
    refused = _refusals(groups, possible)
    answered: list[tuple[Answer, ...]] = []
    for number, group in enumerate(groups):
        statuses: dict[str, str] = dict.fromkeys(refused[number], "rejected")
        asks = [event for event in demanded if any(overlap(event, member) for member in group)]
        for telling in replies:
            if status := _status(telling, group, asks, yes):
                statuses[telling.key] = status
        moved = told_once([telling for telling in possible if telling.key in statuses])
        answered.append(tuple(Answer(t.kind, t.doers, t.first, statuses[t.key], evidence(t)) for t in moved))
    return answered


def _refusals(groups: Sequence[Group], possible: Sequence[Telling]) -> list[list[str]]:
    """For each claim the keys of the refusals that answer it."""
    refused: list[list[str]] = [[] for _ in groups]
    for telling in possible:
        if telling.kind != "REJECT" or (isinstance(telling.record, Event) and telling.record.mode == "deny"):
            continue
        standing = [number for number, group in enumerate(groups) if _from_asked_to_asking(telling, group)]
        named = [number for number in standing if _same_matter(telling, groups[number])]
        firm = [number for number in standing if any(_is_firm(member) for member in groups[number])]
        appeals = [number for number in standing if any(member.kind == "APPEAL" for member in groups[number])]
        for number in named or firm or appeals:
            refused[number].append(telling.key)
    return refused


def _is_firm(telling: Telling) -> bool:
    return telling.kind == "DEMAND" or _is_request(telling, {"demand"})


def _status(telling: Telling, group: Group, asks: Sequence[Telling], yes: str) -> str | None:
    """The status that a telling other than a refusal moves a claim to, None where it is no answer."""
    if any(overlap(telling, member) for member in group):
        return None
    if _fulfils(telling, asks, group):
        return "met"
    if telling.kind in _YES and _from_asked_to_asking(telling, group) and _same_matter(telling, group):
        return "met" if telling.kind == "RETREAT" else yes
    own = share(telling.doers, doers(group)) and share(telling.toward, facing(group, asked))
    if telling.kind in _TAKES_BACK and own and not_earlier(telling, since(group)) and _same_matter(telling, group):
        return "withdrawn"
    return None


def _from_asked_to_asking(telling: Telling, group: Group) -> bool:
    if share(telling.doers, doers(group)):
        return False  # nobody answers his own demand
    between = share(telling.doers, facing(group, asked)) and share(telling.toward, doers(group))
    return between and not_earlier(telling, since(group))


def _same_matter(telling: Telling, group: Group) -> bool:
    return any(topics(telling.words) & topics(member.words) for member in group)


def _fulfils(telling: Telling, asks: Sequence[Telling], group: Group) -> bool:
    """Whether an event is what was demanded: same type and mode, by the party that was to do it, afterwards."""
    if share(telling.doers, doers(group)):
        return False  # nobody meets his own demand
    return isinstance(telling.record, Event) and any(
        isinstance(ask.record, Event)
        and (telling.kind, telling.record.mode) == (ask.kind, ask.record.mode)
        and share(telling.doers, ask.doers)
        and (not ask.toward or not telling.toward or share(telling.toward, ask.toward))
        and happened_after(telling, since(group))
        for ask in asks
    )
