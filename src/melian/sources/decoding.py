"""From bytes to text: which encoding, and whether it is text at all.

Line ends and everything else inside the text are kept as they are, so that offsets count the characters exactly as
decoded; only a byte order mark at the very start is dropped, since it is no part of the text.
"""

from __future__ import annotations

import codecs
import logging
import re

from melian.errors import UnreadableInput

log = logging.getLogger(__name__)

# First bytes of files that people pass by mistake, with what such a file is called. Sources: the formats' own
# specifications (PDF 32000-1, PKWARE APPNOTE, MS-CFB, PNG, JFIF, RTF 1.9).
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a zip archive or a word processor's file"),
    (b"\xd0\xcf\x11\xe0", "an old word processor's file"),
    (b"{\\rtf", "an RTF file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)
_WEB_PAGE = re.compile(rb"\s*(<!doctype html|<html|<\?xml)", re.IGNORECASE)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_CONTROL = 0.01  # share of control bytes above which a file is no text; text has next to none
_MOST_HIGH = 0.2  # share of non-ASCII characters above which "Windows-1252" is a wrong guess (French has 0.05)


def decode(raw: bytes, where: str) -> str:
    """The text in `raw`: UTF-8 with or without a byte order mark, UTF-16 with one, else Windows-1252 (logged).

    Raises:
        UnreadableInput: binary content, a known other format, or an encoding that cannot be told.
    """
    for signature, name in _SIGNATURES:
        if raw.startswith(signature):
            raise UnreadableInput(f"this is {name}, not plain text; save its text as a .txt file", where)
    if _WEB_PAGE.match(raw):
        raise UnreadableInput("this is a web page (HTML or XML), not plain text; save the article's text as a .txt file", where)
    if is_utf16(raw):
        try:
            return raw.decode("utf-16")
        except UnicodeDecodeError as error:
            raise UnreadableInput(f"broken UTF-16 (byte {error.start}); save it as UTF-8", where) from error
    head = raw[:65536]
    if b"\x00" in head or len(_CONTROL.findall(head)) > _MOST_CONTROL * len(head):
        raise UnreadableInput("this is a binary file, not text; give a .txt or .jsonl file", where)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _windows_1252(raw, where)


def is_utf16(raw: bytes) -> bool:
    """Whether the bytes start with a UTF-16 byte order mark."""
    return raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def _windows_1252(raw: bytes, where: str) -> str:
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError as error:
        raise UnreadableInput("neither UTF-8 nor Windows-1252; save it as UTF-8", where) from error
    if sum(character > "\x7f" for character in text) > _MOST_HIGH * len(text):
        raise UnreadableInput("not UTF-8, and its encoding cannot be told; save it as UTF-8", where)
    log.warning("%s: not UTF-8; read as Windows-1252", where)
    return text
