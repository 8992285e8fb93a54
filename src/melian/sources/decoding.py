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

# First bytes of files that are not read, with what such a file is called and what helps. Sources: the formats' own
# specifications (PDF 32000-1, PKWARE APPNOTE, MS-CFB, PNG, JFIF, RTF 1.9). PDF and zip files come here only where a text
# is expected: as a line, say.
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a zip archive or a word processor's file"),
    (b"\xd0\xcf\x11\xe0", "an old word processor's file; save it as .docx or .txt"),
    (b"{\\rtf", "an RTF file; save it as .docx or .txt"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)
_XML = re.compile(rb"\s*<\?xml", re.IGNORECASE)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_CONTROL = 0.01  # share of control bytes above which a file is no text; text has next to none
_MOST_HIGH = 0.2  # share of non-ASCII characters above which "Windows-1252" is a wrong guess (French has 0.05)
_MOST_BROKEN = 0.001  # share of broken characters up to which a declared encoding is believed all the same

# Web pages mean Windows-1252 when they say these, as the WHATWG Encoding Standard has it.
_SAID_FOR_1252 = frozenset({"iso8859-1", "ascii", "latin-1"})


def decode(raw: bytes, where: str) -> str:
    """The text in `raw`: UTF-8 with or without a byte order mark, UTF-16 with one, else Windows-1252 (logged).

    Raises:
        UnreadableInput: binary content, a known other format, or an encoding that cannot be told.
    """
    for signature, name in _SIGNATURES:
        if raw.startswith(signature):
            raise UnreadableInput(f"this is {name}, not plain text", where)
    if _XML.match(raw):
        raise UnreadableInput(
            "this is an XML file, and neither a web page nor a feed; save the report's text as a .txt file", where
        )
    return _utf16(raw, where) if is_utf16(raw) else _undeclared(raw, where)


def decode_declared(raw: bytes, where: str, *declared: str | None) -> str:
    """The text in `raw` by a byte order mark, else the first of the declared encodings that fits, else as `decode` tells it.

    Where a declared UTF-8 or multi-byte encoding is broken in a few places only, those become the replacement character.

    Args:
        raw: a web page or the body of an e-mail.
        where: the input, for messages.
        declared: names of encodings, the most trusted first; unknown ones are passed over.

    Raises:
        UnreadableInput: no encoding fits; the message names what was declared.
    """
    if is_utf16(raw):
        return _utf16(raw, where)
    names = list(dict.fromkeys(name for each in declared if (name := _codec(each))))
    if raw.startswith(codecs.BOM_UTF8):
        names.insert(0, "utf-8")
    for name in names:
        text = raw.decode(name, errors="replace").removeprefix("\ufeff")
        broken = text.count("\ufffd")
        if broken <= _MOST_BROKEN * len(text) and "\x00" not in text:
            if broken:
                log.warning("%s: %d characters are not %s, as it says it is; they were replaced", where, broken, name)
            return text
        log.warning("%s: it says it is %s, and is not", where, name)
    return _undeclared(raw, where, f", though it says it is {names[0]}" if names else "")


def is_utf16(raw: bytes) -> bool:
    """Whether the bytes start with a UTF-16 byte order mark."""
    return raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def _codec(name: str | None) -> str | None:
    """Python's name of an encoding, or None where it has none."""
    try:
        found = codecs.lookup((name or "").strip().strip("\"'")).name
    except (LookupError, ValueError):
        return None
    if found in _SAID_FOR_1252:
        return "cp1252"
    # A page whose declaration can be read as ASCII is not UTF-16, whatever it declares (WHATWG); codecs such as "zip" are no encodings.
    if found.startswith(("utf-16", "utf-32")):
        return "utf-8"
    try:
        return found if isinstance(b"a".decode(found), str) else None
    except (LookupError, ValueError):
        return None


def _utf16(raw: bytes, where: str) -> str:
    try:
        return raw.decode("utf-16")
    except UnicodeDecodeError as error:
        raise UnreadableInput(f"broken UTF-16 (byte {error.start}); save it as UTF-8", where) from error


def _undeclared(raw: bytes, where: str, declared: str = "") -> str:
    head = raw[:65536]
    if b"\x00" in head or len(_CONTROL.findall(head)) > _MOST_CONTROL * len(head):
        raise UnreadableInput("this is a binary file, not text; give the report's text", where)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _windows_1252(raw, where, declared)


def _windows_1252(raw: bytes, where: str, declared: str) -> str:
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError as error:
        raise UnreadableInput(f"neither UTF-8 nor Windows-1252{declared}; save it as UTF-8", where) from error
    if sum(character > "\x7f" for character in text) > _MOST_HIGH * len(text):
        raise UnreadableInput(f"not UTF-8{declared}, and its encoding cannot be told; save it as UTF-8", where)
    log.warning("%s: not UTF-8; read as Windows-1252", where)
    return text
