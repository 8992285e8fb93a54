"""Silver mentions: who is named where in coded reports whose actors nobody has marked, by the package's own reading.

Gold reports without marks say only which actors are parties, not where each stands in the text. The package's present model finds
the mentions and whom each refers to, so that roles can be learned from pronouns and nominals too. Silver mentions teach roles
only, never mentions or coreference themselves.
"""

from __future__ import annotations

from collections.abc import Iterable

from melian.coding.coder import read_actors
from melian.records import Document
from training.parties import Record


def with_silver_mentions(records: Iterable[Record]) -> list[Record]:
    """The records, those without `mentions` given the package's own, with `silver` set."""
    return [record if "mentions" in record else _marked(record) for record in records]


def _marked(record: Record) -> Record:
    parse, cast = read_actors(Document(doc_id=record["doc_id"], text=record["text"], published=record.get("published")))
    entities = [
        {
            "key": f"S{number}",
            "id": entity.actor.id,
            "sector": entity.actor.sector,
            "name": entity.actor.name,
            "role": entity.actor.role,
            "kind": entity.kind or "group",
            "members": [f"S{m}" for m in entity.members] or None,
        }
        for number, entity in enumerate(cast.entities)
    ]
    mentions = [
        {"start": span[0], "end": span[1], "entity": f"S{cast.entity_of[n]}"}
        for n, mention in enumerate(cast.mentions)
        if cast.entity_of[n] >= 0
        for span in [parse.span(mention.first, mention.last)]
    ]
    return {**record, "entities": entities, "mentions": mentions, "silver": True}
