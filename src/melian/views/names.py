"""Names as a reader expects them: what a dateline shouts is calmed, and names that stand in lower case get their capitals back.

Only what people read changes; the record keeps the words that it has.
"""

from __future__ import annotations

import re
from functools import lru_cache

from melian.knowledge import names
from melian.knowledge.gazetteer import usual_case

_LONGEST = 5  # words of a name inside a phrase
_SURE = 0.5  # least score of a name; people are left out, since many surnames are words
_OUTSIDE = re.compile(r"^[^\w]*|[^\w]*$")
_ORDINARY = frozenset({"who", "us", "it", "is", "ai", "am"})  # acronyms that are words in lower case


def place_name(place: str | None) -> str:
    """ "Kyiv" for the "KYIV" of a dateline; nothing for none."""
    return usual_case(place) if place else ""


@lru_cache(maxsize=1 << 14)
def capitals(phrase: str) -> str:
    """The phrase with the capitals of the names in it: "SVR director", "head of Chechnya", "137 Ukrainians"."""
    words, out, at = phrase.split(" "), [], 0
    while at < len(words):
        for size in range(min(_LONGEST, len(words) - at), 0, -1):
            if name := _name(words[at : at + size]):
                out.append(name)
                at += size
                break
        else:
            out.append(words[at])
            at += 1
    return " ".join(out)


def _name(words: list[str]) -> str | None:
    """Some words in lower case as a name that the tables know; None where they know none."""
    given = " ".join(words)
    if given != given.lower() or not given[:1].isalpha() or given in _ORDINARY:
        return None
    raised = " ".join(word if word in ("of", "the", "and", "for") else word[:1].upper() + word[1:] for word in words)
    for spelled in (raised, given.upper()) if len(words) == 1 else (raised,):
        bare = _OUTSIDE.sub("", spelled)
        known = [found.actor.name for found in names.lookup(bare) if found.kind != "person" and found.score >= _SURE]
        if known:
            return given.upper() if bare.upper() in known or "." in bare else spelled
    return None
