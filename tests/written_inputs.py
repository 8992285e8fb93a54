"""Files of many kinds, made by code, for the tests of reading. Their texts were written for the tests."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from email.message import EmailMessage
from pathlib import Path

ENGLISH = "Russia rejected the demands of NATO on Friday, the foreign minister said."
ANSWER = "The alliance will send its written answer next week, an official told reporters."
DENIAL = "Moscow denied that it had any plan to attack its neighbour."

ARTICLE = f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<title>Talks end in Geneva | The Example Post</title>
<meta property="og:site_name" content="The Example Post">
<meta property="article:published_time" content="2022-01-21T23:30:00-05:00">
<meta property="article:modified_time" content="2022-02-02T08:00:00Z">
<link rel="canonical" href="https://example.org/world/talks">
</head><body>
<header><nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li></ul></nav></header>
<article><h1>Talks end in Geneva</h1>
<p>{ENGLISH}</p>
<p><strong>Read also:</strong> <a href="/world/oil">Oil prices rise</a></p>
<p>{ANSWER} It was asked for <a href="/world/letter">in a letter</a>.</p>
<div class="related-stories"><h3>Related</h3><ul><li><a href="https://example.org/world/troops">Troops near the border</a></li></ul></div>
<p>{DENIAL}</p>
</article>
<footer><p>© 2022 The Example Post. All rights reserved.</p></footer>
</body></html>"""
ARTICLE_TEXT = f"{ENGLISH}\n{ANSWER} It was asked for in a letter.\n{DENIAL}"

LOGIN = """<!doctype html><html><head><title>Log in – The Example Post</title></head><body><nav><a href="/">Home</a></nav>
<h1>Log in to your account</h1><form><label>E-mail</label><input name="mail"><label>Password</label><input type="password" name="word">
<button>Log in</button></form><p>Forgot your password? <a href="/reset">Reset it here</a>.</p>
<p>By logging in you agree to our terms of service and to our policy on personal data.</p></body></html>"""

RSS = f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Example Wire</title><link>https://example.org</link>
<item><title>Demands &amp; answers</title><link>https://example.org/1</link><guid>tag:example.org,1</guid>
<pubDate>Fri, 21 Jan 2022 23:30:00 -0500</pubDate><description>Short.</description>
<content:encoded><![CDATA[<p>{ENGLISH}</p><p>{ANSWER}</p><p>Read also: <a href="/oil">Oil prices rise</a></p>]]></content:encoded></item>
<item><title>Denied</title><link>https://example.org/2</link><pubDate>2022-01-22</pubDate><description>{DENIAL}</description></item>
</channel></rss>"""

ATOM = f"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Example Ministry</title>
<entry><title>Statement</title><id>urn:1</id><link href="https://example.org/s"/><updated>2022-01-21T10:00:00Z</updated>
<content type="html">&lt;p&gt;{ENGLISH}&lt;/p&gt;</content></entry></feed>"""


def pdf(pages: Iterable[Iterable[str]], properties: Mapping[str, str] | None = None) -> bytes:
    """A PDF file with these lines on its pages; a page without lines is a picture (of nothing)."""
    streams = []
    for lines in pages:
        words = "".join(f"({line}) Tj T* " for line in lines)
        streams.append(f"BT /F1 12 Tf 14 TL 72 720 Td {words}ET".encode("latin-1") if words else b"0 0 m 9 9 l S")
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(streams)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(streams)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for n, stream in enumerate(streams):
        resources = "<< /Font << /F1 3 0 R >> >>"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * n} 0 R /Resources {resources} >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    if properties:
        objects.append(f"<< {' '.join(f'/{name} ({value})' for name, value in properties.items())} >>".encode())
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    info = f" /Info {len(objects)} 0 R" if properties else ""
    out.write(f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R{info} >>\nstartxref\n{table}\n%%EOF\n".encode())
    return out.getvalue()


def warc_record(
    url: str, body: bytes, http_headers: str = "Content-Type: text/html; charset=utf-8", status: str = "200 OK"
) -> bytes:
    """A WARC record of a server's answer."""
    answer = f"HTTP/1.1 {status}\r\n{http_headers}\r\n\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2022-03-01T10:00:00Z\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
    )
    return head.encode() + answer + b"\r\n\r\n"


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """A zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            member = zipfile.ZipInfo(name, (2022, 1, 21, 0, 0, 0))  # the same bytes each time: names of tests are made of them
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    return out.getvalue()


def zip_bomb(name: str = "bomb.txt", megabytes: int = 64) -> bytes:
    """A zip archive of a few kilobytes that unpacks to so much."""
    return zipped({name: bytes(megabytes << 20)})


def gzip_bomb(megabytes: int = 64) -> bytes:
    """The same in gzip."""
    return gzip.compress(bytes(megabytes << 20))


def mail(text: str | None = None, html: str | None = None, attached: str | None = None) -> bytes:
    """An e-mail of 21 January 2022."""
    message = EmailMessage()
    message["From"] = "Example Ministry <press@example.org>"
    message["To"] = "list@example.org"
    message["Subject"] = "Statement on the talks — Geneva"
    message["Date"] = "Fri, 21 Jan 2022 23:30:00 -0500"
    if text is not None:
        message.set_content(text)
    if html is not None:
        if text is None:
            message.set_content(html, subtype="html")
        else:
            message.add_alternative(html, subtype="html")
    if attached:
        message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename=attached)
    return message.as_bytes()


def json_line(**fields: object) -> str:
    """A line of JSON with a text."""
    return json.dumps({"text": ENGLISH, **fields}) + "\n"


def put(folder: Path, name: str, content: str | bytes) -> Path:
    """A file with this content."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path
