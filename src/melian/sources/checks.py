"""What every document must pass: words in it, in English, under an id of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from melian.errors import EmptyText, NotEnglish
from melian.records import Document
from melian.sources.english import other_language
from melian.sources.given import Found

_LETTER = re.compile(r"[^\W\d_]")


def checked(found: Found) -> Found:
    """The document where its text can be coded, else the error that says why not."""
    if not isinstance(found, Document):
        return found
    if not _LETTER.search(found.text):
        return EmptyText("there are no words in it", found.origin)
    language = other_language(found.text)
    return NotEnglish(language, found.origin) if language else found


def unique_ids(found: Iterable[Found]) -> Iterator[Found]:
    """The same with ids that occur once: the second "report" becomes "report-2"."""
    used: dict[str, int] = {}
    for each in found:
        if isinstance(each, Document):
            doc_id = each.doc_id
            while doc_id in used:
                used[each.doc_id] += 1
                doc_id = f"{each.doc_id}-{used[each.doc_id]}"
            used[doc_id] = 1
            if doc_id != each.doc_id:
                each = msgspec.structs.replace(each, doc_id=doc_id)
        yield each
