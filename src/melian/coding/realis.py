"""Whether an event was done: the model's reading, and the modal verb or condition that speaks against it."""

from __future__ import annotations

from melian.language import Parse

# Types that are done rather than said. A telling of one is mostly of one fact; words may be spoken twice, and each time be an act.
DEEDS = frozenset("CONSULT CONCEDE COOPERATE AID RETREAT PROTEST SANCTION MOBILIZE COERCE ASSAULT".split())
_MODALS = frozenset("would could might may".split())
_CONDITIONS = frozenset(["if", "unless"])
# How a predicate hangs from what may say of it that it was not done ("answer with an attack").
_CARRIED_BY = frozenset("obj obl conj xcomp nmod nsubj:pass".split())
_STEPS = 3


def find_realis(parse: Parse, word: int, kind: str) -> tuple[str, str | None]:
    """The realis of a predicate, and the word for which a deed that the model takes for done is not taken so.

    A deed under a modal or a condition is the likeliest of the other values; words are spoken whatever stands around them.
    """
    columns = parse.labels.columns["realis"]
    row = parse.scores["realis"][word]
    best = columns[int(row.argmax())]
    sign = _unreal(parse, word) if best == "actual" and kind in DEEDS else None
    if sign is None:
        return best, None
    return max((c for c in columns if c not in ("actual", "denied")), key=lambda c: float(row[columns.index(c)])), sign


def _unreal(parse: Parse, word: int) -> str | None:
    """The modal verb or the "if" over a predicate, over its condition, or over the verb that a nominal predicate hangs from."""
    at = word
    for _ in range(_STEPS):
        for child in parse.children(at):
            if parse.relations[child] in ("aux", "aux:pass") and parse.forms[child].lower() in _MODALS:
                return parse.forms[child]
            marks = [child, *parse.children(child)] if parse.relations[child] == "advcl" else [child]
            for mark in marks:
                if parse.relations[mark] == "mark" and parse.forms[mark].lower() in _CONDITIONS:
                    return parse.forms[mark]
        reached_verb = at != word and parse.upos[at] == "VERB"
        if parse.relations[at] not in _CARRIED_BY or reached_verb:
            return None
        at = parse.heads[at]
    return None
