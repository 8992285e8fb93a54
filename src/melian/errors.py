"""Every exception that Melian raises, as one tree.

    MelianError
    ├── InputError            something given to Melian cannot be read
    │   ├── MissingInput      no such file or folder
    │   ├── UnreadableInput   binary, wrong encoding, broken JSON, a missing field
    │   ├── EmptyText         there are no words in it
    │   ├── NotEnglish        the text is in another language; `language` names it
    │   ├── DateError         a date that is given is not one
    │   ├── NoArticle         a web page without one: a login page, a list of links
    │   ├── TooLarge          more than is read of one text, page, line or archive
    │   ├── NotFetched        an address that did not answer with what was asked; `retry_at` says when to try again
    │   ├── MissingLibrary    a library is needed to read it that is not installed
    │   └── MentionNotFound   a party to classify does not stand in its sentence
    ├── RecordError           the record of a crisis cannot be used
    │   ├── NoRecord          no such file, or not a record of Melian's
    │   ├── RecordExists      there is a file already where a new record was to be
    │   ├── RecordBusy        another process is writing to it
    │   ├── RecordTooNew      a later version of Melian wrote it
    │   ├── RecordChanged     what is to be judged is otherwise by now than it was seen
    │   └── UnknownId         nothing in the record has this id
    ├── ExportError           an export that cannot be written as asked
    ├── CodebookError         a type, mode, act, sector or realis that the codebook does not have
    └── ModelError            the language model's files are missing or do not fit this version

Messages say what was wrong, where, and what to do. Library code raises these; only the command line exits.
"""

from __future__ import annotations

from typing import ClassVar


class MelianError(Exception):
    """Base of all errors that Melian raises on purpose.

    `field` names the field of a record whose value was wrong, where it was one.
    """

    field: str | None = None


class InputError(MelianError):
    """Something given to Melian cannot be read.

    `kind` says in a word or two what was wrong with it, for tables of what was set aside.

    Args:
        message: what was wrong and what to do.
        where: the file, with the line after a colon where there is one.
    """

    kind: ClassVar[str] = "bad input"

    def __init__(self, message: str, where: str | None = None) -> None:
        super().__init__(f"{where}: {message}" if where else message)
        self.where = where


class MissingInput(InputError):
    """No such file or folder."""

    kind = "missing"


class UnreadableInput(InputError):
    """Binary content, a wrong encoding, broken JSON or a missing field."""

    kind = "unreadable"


class EmptyText(InputError):
    """A document without words."""

    kind = "empty"


class NotEnglish(InputError):
    """A document in another language.

    Args:
        language: English name of the language that was recognised, e.g. "French".
        where: file and line.
    """

    kind = "not English"

    def __init__(self, language: str, where: str | None = None) -> None:
        super().__init__(f"the text is in {language}, and only English is read; it was set aside", where)
        self.language = language


class DateError(InputError):
    """A given date is not an ISO date."""

    kind = "bad date"


class NoArticle(InputError):
    """A web page that holds no article."""

    kind = "no article"


class TooLarge(InputError):
    """More than is read of one text, page, line or archive."""

    kind = "too large"


class NotFetched(InputError):
    """An address that did not answer with what was asked of it.

    Args:
        message: what it answered and what to do.
        where: the address.
        retry_at: ISO time (UTC) before which it asks not to be asked again.
    """

    kind = "not fetched"

    def __init__(self, message: str, where: str | None = None, retry_at: str | None = None) -> None:
        super().__init__(message, where)
        self.retry_at = retry_at


class MissingLibrary(InputError):
    """A library is needed to read an input, or write an export, that is not installed."""

    kind = "missing library"


class MentionNotFound(InputError):
    """A source or target that does not stand in the sentence to classify."""


class RecordError(MelianError):
    """The record of a crisis cannot be used as asked."""


class NoRecord(RecordError):
    """No such file, or a file that is not a record of Melian's."""


class RecordExists(RecordError):
    """There is a file already where a new record was to be."""


class RecordBusy(RecordError):
    """Another process is writing to the record."""


class RecordTooNew(RecordError):
    """The record was written by a later version of Melian."""


class RecordChanged(RecordError):
    """What is to be judged is otherwise by now than whoever judges it has seen."""


class UnknownParty(RecordError):
    """A party that neither the record nor the knowledge base knows: to be asked about, and kept when it is sent again."""


class UnknownId(RecordError):
    """Nothing in the record has this id."""


class ExportError(MelianError):
    """An export cannot be written as asked: an unknown format, or one without room for what is asked."""


class CodebookError(MelianError):
    """A value that the codebook does not know."""


class ModelError(MelianError):
    """The language model's files are missing or belong to another version."""
