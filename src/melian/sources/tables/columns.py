"""Tables of documents: which column holds what, and from a row to a document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from melian.errors import InputError, TooLarge, UnreadableInput
from melian.records import Document
from melian.sources import limits
from melian.sources.given import Given
from melian.sources.published import iso_date, moment_of_stamp

# Fields of a document, and the column names that fill them where the caller names none; the first that is there counts.
FIELDS: dict[str, tuple[str, ...]] = {
    "text": ("text",),
    "published": ("published", "date"),
    "title": ("title",),
    "outlet": ("outlet", "source"),
    "url": ("url", "link"),
    "doc_id": ("doc_id", "id"),
}


def check_columns(columns: Mapping[str, str]) -> None:
    """Refuse a caller's naming of columns for fields that documents do not have.

    Raises:
        InputError: there is such a one.
    """
    for field in columns:
        if field not in FIELDS:
            raise InputError(f"columns: documents have no {field!r}; a column can fill {', '.join(FIELDS)}")


def columns_of(names: Sequence[str], given: Given) -> dict[str, int]:
    """Where in a row each field stands; small and capital letters are the same.

    Raises:
        UnreadableInput: there is no column for the text, or not one that the caller named; the message says which are there.
    """
    places: dict[str, int] = {}
    for index, name in enumerate(names):
        places.setdefault(_key(name), index)
    found = {}
    missing: list[str] = []
    for field, usual in FIELDS.items():
        wanted = (given.columns[field],) if field in given.columns else usual
        place = next((places[_key(name)] for name in wanted if _key(name) in places), None)
        if place is not None:
            found[field] = place
        elif field in given.columns or field == "text":
            missing.append(repr(wanted[0]))
    if missing:
        there = ", ".join(repr(name) for name in names[:50]) + (", …" if len(names) > 50 else "")
        message = f"no column {' and no column '.join(missing)}; its columns are {there}"
        raise UnreadableInput(f"{message}. Say which column it is: text=body, for one that is called body", given.where)
    return found


def document_of_row(values: Mapping[str, str | None], raw: bytes, given: Given) -> Document:
    """The document of a row.

    Args:
        values: by field; an empty one is none.
        raw: the bytes of the row.
        given: what is known of the row, its place in `where`.

    Raises:
        UnreadableInput: there is nothing in the text's column.
        TooLarge: its text is longer than is read of one.
        DateError: its date is none.
    """
    values = {field: value.strip() if value and field != "text" else value for field, value in values.items()}
    text = values.pop("text", None)
    if not text:
        raise UnreadableInput("the row has no text", given.where)
    if len(text) > limits.TEXT:
        raise TooLarge(
            f"the text is longer than {limits.size(limits.TEXT)}, which is the most that is read of one", given.where
        )
    day = values.pop("published", None)
    return given.document(raw, text, iso_date(day, given.where) if day else None, published_at=moment_of_stamp(day), **values)


def _key(name: str) -> str:
    return name.strip().casefold()
