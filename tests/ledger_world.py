"""A small world for the ledger's tests: sentences with their records, out of which reports of any parties and days are made.

All sentences are the project's own. Parties stand in them as A and B; `told` puts names in their place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import duckdb
import msgspec
from report_sample import at, event, said

from melian.crisis.record import schema
from melian.crisis.record.rows import fetch
from melian.records import Actor, CodedDocument, Document, Event, Span, Statement

Report = tuple[Document, CodedDocument]
Records = list[Event | Statement]
Sentence = Callable[[Actor, Actor], tuple[str, Records]]

PARTIES = {
    "RUS": Actor(id="RUS", sector="GOV"),
    "USA": Actor(id="USA", sector="GOV", name="Ann Clerk", role="envoy"),
    "POL": Actor(id="POL", sector="GOV"),
    "HUN": Actor(id="HUN", sector="GOV"),
    "NATO": Actor(id="NATO", sector="IGO", name="NATO"),
    "WEST": Actor(id="WEST", sector="BLOC"),
    "RUS people": Actor(id="RUS", sector="CVL"),
}


def _name(actor: Actor) -> str:
    return {"CVL": "the marchers"}.get(actor.sector or "", actor.id or "")


def _sentence(words: str, *made: Callable[[str, Actor, Actor], Event | Statement]) -> Sentence:
    def told(a: Actor, b: Actor) -> tuple[str, Records]:
        text = words.replace("A ", f"{_name(a)} ").replace(" B", f" {_name(b)}")
        return text, [make(text, a, b) for make in made]

    return told


def _event(
    words: str, type_: str, by: str = "a", to: str = "b", **more: Any
) -> Callable[[str, Actor, Actor], Event | Statement]:
    def make(text: str, a: Actor, b: Actor) -> Event:
        return event(text, words, type_, _sides(by, a, b), _sides(to, a, b), **more)

    return make


def _said(
    words: str, act: str, by: str = "a", to: str = "b", condition: str | None = None
) -> Callable[[str, Actor, Actor], Event | Statement]:
    def make(text: str, a: Actor, b: Actor) -> Statement:
        more = {"condition": at(text, condition)} if condition else {}
        return said(text, words, act, _sides(by, a, b), _sides(to, a, b), **more)

    return make


def _sides(which: str, a: Actor, b: Actor) -> list[Actor]:
    return [{"a": a, "b": b}[letter] for letter in which]


SENTENCES: tuple[Sentence, ...] = (
    _sentence(
        "A demanded that B withdraw every soldier from the northern valleys.",
        _said("withdraw every soldier from the northern valleys", "DEMAND"),
        _event("withdraw every soldier from the northern valleys", "RETREAT", "b", "", mode="withdraw", realis="demanded"),
    ),
    _sentence(
        "A insisted that B take its soldiers out of the northern valleys.",
        _said("take its soldiers out of the northern valleys", "DEMAND"),
        _event("take its soldiers out of the northern valleys", "REQUEST", mode="demand"),
    ),
    _sentence(
        "A called for B to reopen the railway.",
        _said("reopen the railway", "APPEAL"),
        _event("called for", "REQUEST", mode="appeal"),
    ),
    _sentence(
        "A refused to move a single soldier out of the valleys of B.",
        _event("refused to move a single soldier out of the valleys", "REJECT"),
    ),
    _sentence("A rejected the demands of B.", _event("rejected the demands", "REJECT", mode="refuse")),
    _sentence("A turned that down, to the anger of B.", _event("turned that down", "REJECT", mode="deny")),
    _sentence(
        "A agreed with B to thin out its soldiers in the northern valleys.",
        _event("agreed", "AGREE"),
        _said("to thin out its soldiers in the northern valleys", "ACCEPT"),
    ),
    _sentence("A pulled its soldiers out of the land of B.", _event("pulled its soldiers out", "RETREAT", mode="withdraw")),
    _sentence(
        "A pulled out some of its soldiers facing B.", _event("pulled out some of its soldiers", "RETREAT", mode="withdraw")
    ),
    _sentence(
        "A no longer insists that the soldiers of B leave the valleys.",
        _event("no longer insists that the soldiers", "CONCEDE"),
    ),
    _sentence("A offered B a treaty on missiles.", _said("a treaty on missiles", "OFFER")),
    _sentence("A welcomed the missiles treaty of B and will sign it.", _event("welcomed the missiles treaty", "AGREE")),
    _sentence(
        "A warned that if B attacks the harbour, the answer will be swift and heavy.",
        _said("the answer will be swift and heavy", "THREATEN", condition="attacks the harbour"),
    ),
    _sentence(
        "A said that any attack on the harbour by B will be met with a swift and heavy answer.",
        _said("any attack on the harbour", "THREATEN"),
    ),
    _sentence(
        "A threatened to freeze the funds of B.",
        _said("to freeze the funds", "THREATEN"),
        _event("threatened to freeze the funds", "THREATEN", mode="sanction"),
    ),
    _sentence("A shelled the harbour of B at dawn.", _event("shelled the harbour", "ASSAULT", mode="shelling")),
    _sentence("A froze the funds of B.", _event("froze the funds", "SANCTION", mode="economic")),
    _sentence("A promised to go easy on B.", _event("promised to go easy", "CONCEDE", mode="ease")),
    _sentence(
        "A expects B to attack the harbour.",
        _said("to attack the harbour", "PREDICT"),
        _event("attack the harbour", "ASSAULT", "b", "a", mode="attack", realis="predicted"),
    ),
    _sentence(
        "A thinks that B will probably shell its coast within weeks.",
        _said("will probably shell its coast within weeks", "PREDICT"),
        _event("shell its coast", "ASSAULT", "b", "", mode="shelling", realis="predicted"),
    ),
    _sentence(
        "A denied that it had shelled the coast of B.",
        _said("it had shelled the coast", "DENY"),
        _event("it had shelled the coast", "ASSAULT", mode="shelling", realis="denied"),
    ),
    _sentence("A told B that the harbour is safe for ships.", _said("the harbour is safe for ships", "ASSERT")),
    _sentence("A made clear to B that the harbour is closed to ships.", _said("the harbour is closed to ships", "CLARIFY")),
    _sentence("A met the envoys of B in the old town.", _event("met the envoys", "CONSULT", "ab", "", mode="meeting")),
)


def told(day: str | None, sentences: Sequence[tuple[int, str, str]], outlet: str = "Wire", dated: str | None = None) -> Report:
    """A report of some sentences, each with the parties that stand for A and B.

    Args:
        day: of publication.
        sentences: the number of a sentence in `SENTENCES`, and keys of `PARTIES`.
        outlet: who printed it.
        dated: a date that the words give for everything in them.
    """
    text, events, statements = "", [], []
    for number, a, b in sentences:
        words, records = SENTENCES[number % len(SENTENCES)](PARTIES[a], PARTIES[b])
        for record in records:
            moved = _moved(record, len(text), dated)
            (events if isinstance(moved, Event) else statements).append(moved)
        text += f"{words}\n\n"
    doc_id = f"{outlet} {day} {text}"
    coded = CodedDocument(doc_id=doc_id, published=day, outlet=outlet, events=tuple(events), statements=tuple(statements))
    return Document(doc_id=doc_id, text=text, published=day, published_from="given" if day else "none", outlet=outlet), coded


def _moved(record: Event | Statement, by: int, dated: str | None) -> Event | Statement:
    def span(old: Span | None) -> Span | None:
        return (old[0] + by, old[1] + by) if old else None

    if isinstance(record, Event):
        return msgspec.structs.replace(record, evidence=span(record.evidence), date=dated)
    return msgspec.structs.replace(record, content=span(record.content), condition=span(record.condition), date=dated)


def record() -> duckdb.DuckDBPyConnection:
    """An empty record in memory."""
    connection = duckdb.connect()
    schema.create(connection)
    return connection


def contents(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """The ledger's tables that people see, in an order of their own."""
    return {
        table: sorted(map(repr, fetch(connection, f"FROM {table}"))) for table in ("entries", "entry_tellings", "entry_answers")
    }
