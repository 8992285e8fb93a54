"""What the network learns from: documents as words in sentences, with whatever labels their corpus gives."""

from __future__ import annotations

from dataclasses import dataclass, field

from melian.codebook import REALIS, acts, event_types, modes, sectors

IGNORE = -100

UPOS = [
    "ADJ",
    "ADP",
    "ADV",
    "AUX",
    "CCONJ",
    "DET",
    "INTJ",
    "NOUN",
    "NUM",
    "PART",
    "PRON",
    "PROPN",
    "PUNCT",
    "SCONJ",
    "SYM",
    "VERB",
    "X",
]
RELATIONS = [
    "acl",
    "acl:relcl",
    "advcl",
    "advcl:relcl",
    "advmod",
    "amod",
    "appos",
    "aux",
    "aux:pass",
    "case",
    "cc",
    "cc:preconj",
    "ccomp",
    "compound",
    "compound:prt",
    "conj",
    "cop",
    "csubj",
    "csubj:outer",
    "csubj:pass",
    "dep",
    "det",
    "det:predet",
    "discourse",
    "dislocated",
    "expl",
    "fixed",
    "flat",
    "goeswith",
    "iobj",
    "list",
    "mark",
    "nmod",
    "nmod:desc",
    "nmod:poss",
    "nmod:unmarked",
    "nsubj",
    "nsubj:outer",
    "nsubj:pass",
    "nummod",
    "obj",
    "obl",
    "obl:agent",
    "obl:unmarked",
    "orphan",
    "parataxis",
    "punct",
    "reparandum",
    "root",
    "vocative",
    "xcomp",
]
ENTITY_TYPES = [
    "none",
    "abstract",
    "animal",
    "event",
    "object",
    "organization",
    "person",
    "place",
    "plant",
    "substance",
    "time",
]
MENTION_KINDS = ["none", "person", "polity", "organisation", "group"]
SECTORS = ("none", *sectors())
ROLES = (
    "ARG0 ARG1 ARG2 ARG3 ARG4 ARGM-ADJ ARGM-ADV ARGM-CAU ARGM-COM ARGM-DIR ARGM-DIS ARGM-EXT "
    "ARGM-GOL ARGM-LOC ARGM-LVB ARGM-MNR ARGM-MOD ARGM-NEG ARGM-PRD ARGM-PRP ARGM-TMP R-ARG0 R-ARG1 C-ARG1"
).split()
ROLE_LABELS = ["O", *(f"{side}-{role}" for role in ROLES for side in "BI")]
ATTRIBUTION_TAGS = ["O", "B-source", "I-source", "B-cue", "I-cue", "B-content", "I-content"]
SPAN_TAGS = ["O", "B", "I"]
EVENT_TYPES = event_types()
MODES = [f"{t}:{m}" for t in EVENT_TYPES for m in modes(t)]
REALIS_LABELS = REALIS
ACTS = acts()
EVENT_ROLES = ("source", "target", "place", "time")
STATEMENT_ROLES = ("speaker", "addressee", "about")


@dataclass
class Labelled:
    """A document with labels; all indices are word indices of the document.

    `tags` holds one class a word (IGNORE where unknown), `heads` the syntactic head (a root is its own head), `events` for
    known words a set of type indices, `pairs` (first word, label index, second word, 0/1) by name, `pointers` (word, word) by
    name, `acts` (first, last, act index), `frames` (predicate, argument word, label index) with `predicates` of known frames. `sets` are pointers with several right goals.
    `marks` (0, 1 source, 2 target a word) belong to a sentence of two marked parties, `pair_types` are the types of event between
    them (the number after the last type is none).
    """

    name: str
    words: list[str]
    sentences: list[tuple[int, int]]
    tags: dict[str, list[int]] = field(default_factory=dict)
    heads: list[int] | None = None
    events: dict[int, set[int]] | None = None
    pairs: dict[str, list[tuple[int, int, int, int]]] = field(default_factory=dict)
    pointers: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    acts: list[tuple[int, int, int]] = field(default_factory=list)
    frames: list[tuple[int, int, int]] = field(default_factory=list)
    predicates: list[int] = field(default_factory=list)
    sets: dict[str, list[tuple[int, list[int]]]] = field(default_factory=dict)
    marks: list[int] | None = None
    pair_types: list[int] = field(default_factory=list)

    def tag(self, name: str, default: int = IGNORE) -> list[int]:
        """The tag row of that name, made with the default where it is not there yet."""
        return self.tags.setdefault(name, [default] * len(self.words))
