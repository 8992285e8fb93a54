"""E-mails (.eml), as newsletters and press offices send them: the body, with subject, day and sender."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.utils import parseaddr

from melian.errors import EmptyText, UnreadableInput
from melian.records import Link
from melian.sources import limits
from melian.sources.decoding import decode_declared
from melian.sources.given import Found, Given
from melian.sources.pages.fragments import plain_text
from melian.sources.pages.web_page import declared_charset
from melian.sources.published import day_of_stamp, moment_of_stamp
from melian.sources.streams import read_whole

log = logging.getLogger(__name__)

_STUB = 0.5  # share of the HTML's words below which the plain part is a stub ("See this mail in your browser") and not the text


def read(stream: io.BufferedReader, given: Given) -> Iterator[Found]:
    """The document of one e-mail: its plain part, or its HTML as text where the plain part is missing or a stub.

    Title is the subject, outlet the sender's name (else the address's host), published the date that the sender gives. Attachments are
    passed over, and a note in the log names them.

    Raises:
        EmptyText: it has no text, attachments at most.
        UnreadableInput: it is no e-mail, or its encoding cannot be told.
        TooLarge: it is larger than is read of one.
        MissingLibrary: it is in HTML, and lxml is not installed.
    """
    raw = read_whole(stream, limits.FILE, given.where, "e-mail")
    message = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(raw)
    if not message.keys():
        raise UnreadableInput("this is no e-mail: it has no headers", given.where)
    attached = [part.get_filename() or part.get_content_type() for part in _parts(message) if _is_attached(part)]
    if attached:
        log.warning("%s: attachments passed over: %s", given.where, ", ".join(attached))
    text, links = _body(message, given.where)
    if not text.strip():
        raise EmptyText(
            "the e-mail has no text" + (" beside its attachments; give those as files" if attached else ""), given.where
        )
    yield given.document(
        raw,
        text,
        day_of_stamp(_header(message, "Date")),
        published_at=moment_of_stamp(_header(message, "Date")),
        title=_header(message, "Subject"),
        outlet=_sender(message),
        links=links,
    )


def bytes_of(part: MIMEPart) -> bytes:
    """What a part holds, its transfer encoding taken off; nothing where it holds parts itself."""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _body(message: EmailMessage, where: str) -> tuple[str, tuple[Link, ...]]:
    """The text of the parts that are shown, and the links that stand apart."""
    plain = "\n".join(_decoded(part, where) for part in _parts(message) if _is_shown(part, "text/plain")).replace("\r\n", "\n")
    pages = [part for part in _parts(message) if _is_shown(part, "text/html")]
    if not pages:
        return plain, ()
    shown = [plain_text(_decoded(part, where), None, where) for part in pages]
    page = "\n".join(text for text, _ in shown)
    if len(plain.split()) >= _STUB * len(page.split()) and plain.strip():
        return plain, ()
    return page, tuple(link for _, links in shown for link in links)


def _parts(message: MIMEPart) -> Iterator[MIMEPart]:
    """The leaves of a message; an e-mail that is attached is one."""
    if message.get_content_maintype() == "multipart":
        for part in message.iter_parts():
            yield from _parts(part)
    else:
        yield message


def _is_attached(part: MIMEPart) -> bool:
    return part.get_content_disposition() == "attachment" or part.get_content_maintype() not in ("text", "multipart")


def _is_shown(part: MIMEPart, kind: str) -> bool:
    return part.get_content_type() == kind and part.get_content_disposition() != "attachment"


def _decoded(part: MIMEPart, where: str) -> str:
    raw = bytes_of(part)
    return decode_declared(raw, where, part.get_content_charset(), declared_charset(raw))


def _header(message: EmailMessage, name: str) -> str | None:
    try:
        value = message.get(name)
    except Exception:  # the library's parsers of headers fail in many ways on broken ones; such a header tells nothing
        return None
    return " ".join(str(value).split()) or None if value is not None else None


def _sender(message: EmailMessage) -> str | None:
    name, address = parseaddr(_header(message, "From") or "")
    return name or address.rpartition("@")[2] or None
