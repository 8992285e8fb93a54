"""Every exception that Melian raises, as one tree.

    MelianError
    ├── InputError            something given to Melian cannot be read
    │   ├── MissingInput      no such file or folder
    │   ├── UnreadableInput   binary, wrong encoding, broken JSON, a missing field
    │   ├── EmptyText         there are no words in it
    │   ├── NotEnglish        the text is in another language; `language` names it
    │   └── MentionNotFound   a party to classify does not stand in its sentence
    ├── DateError             a date that is given is not one
    ├── RecordError           the record of a crisis cannot be used
    │   ├── NoRecord          no such file, or not a record of Melian's
    │   ├── RecordExists      there is a file already where a new record was to be
    │   ├── RecordBusy        another process is writing to it
    │   ├── RecordTooNew      a later version of Melian wrote it
    │   └── UnknownId         nothing in the record has this id
    ├── CodebookError         a type, mode, act, sector or realis that the codebook does not have
    └── ModelError            the language model's files are missing or do not fit this version

Messages say what was wrong, where, and what to do. Library code raises these; only the command line exits.
"""

from __future__ import annotations


class MelianError(Exception):
    """Base of all errors that Melian raises on purpose."""


class InputError(MelianError):
    """Something given to Melian cannot be read.

    Args:
        message: what was wrong and what to do.
        where: the file, with the line after a colon where there is one.
    """

    def __init__(self, message: str, where: str | None = None) -> None:
        super().__init__(f"{where}: {message}" if where else message)
        self.where = where


class MissingInput(InputError):
    """No such file or folder."""


class UnreadableInput(InputError):
    """Binary content, a wrong encoding, broken JSON or a missing field."""


class EmptyText(InputError):
    """A document without words."""


class NotEnglish(InputError):
    """A document in another language.

    Args:
        language: English name of the language that was recognised, e.g. "French".
        where: file and line.
    """

    def __init__(self, language: str, where: str | None = None) -> None:
        super().__init__(f"the text is in {language}, and only English is read; it was set aside", where)
        self.language = language


class MentionNotFound(InputError):
    """A source or target that does not stand in the sentence to classify."""


class DateError(MelianError):
    """A given date is not an ISO date."""


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


class UnknownId(RecordError):
    """Nothing in the record has this id."""


class CodebookError(MelianError):
    """A value that the codebook does not know."""


class ModelError(MelianError):
    """The language model's files are missing or belong to another version."""
