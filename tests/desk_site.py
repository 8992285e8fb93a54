"""A desk over a small record, served on a free port by the real server, and a client that keeps cookies and sends forms."""

from __future__ import annotations

import http.client
import json
import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from msgspec.structs import replace
from report_sample import CODED, DOCUMENTS

from melian.crisis.record import store
from melian.crisis.record.adding import add_found
from melian.desk.access import Access
from melian.desk.serving import listen, serve
from melian.records import CodedDocument, Document

TITLE = "The Geneva winter"


class _NoCoder:
    def code_all(self, documents: Iterable[Document]) -> Iterator[CodedDocument]:
        raise AssertionError("everything here comes with its record")


def add(path: Path, documents: Iterable[Document] = DOCUMENTS, coded: Iterable[CodedDocument] = CODED) -> None:
    """Put reports with their records into a record."""
    outcome = add_found(path, zip(documents, coded, strict=True), _NoCoder(), "sample")
    assert not outcome.set_aside


def make_record(path: Path, title: str = TITLE) -> Path:
    """A record of the small made crisis."""
    store.create(path, title)
    add(path)
    return path


TURNED = "\u2069\u202eReuters"  # closes the element that it stands in, and turns what follows
HEBREW = "\u05d4\u05d0\u05e8\u05e5"  # runs from right to left by itself, and draws a number after it along


def turned() -> tuple[list[Document], list[CodedDocument]]:
    """The small made crisis with titles, outlets, names, places and words that turn the direction of writing."""
    documents = [
        replace(
            document,
            outlet=(TURNED, HEBREW)[number % 2],
            title=f"{document.title} {(TURNED, HEBREW)[number % 2]}",
            text=f"{document.text}\n\n{TURNED} and \u202b{HEBREW}",
        )
        for number, document in enumerate(DOCUMENTS)
    ]
    coded = [
        replace(
            record,
            events=tuple(
                replace(
                    event,
                    place=event.place and f"{event.place} {TURNED}",
                    source=tuple(replace(actor, name=f"{TURNED} {actor.name or actor.id}") for actor in event.source),
                )
                for event in record.events
            ),
            statements=tuple(
                replace(
                    statement,
                    speaker=tuple(replace(actor, name=TURNED, role=f"{HEBREW} {TURNED}") for actor in statement.speaker),
                )
                for statement in record.statements
            ),
        )
        for record in CODED
    ]
    return documents, coded


def make_turned(path: Path) -> Path:
    """A record of what `turned` gives."""
    store.create(path, f"{TITLE} {TURNED}")
    add(path, *turned())
    return path


@contextmanager
def serving(path: Path, **access: object) -> Iterator[Access]:
    """The desk on a free port of this computer, until the block ends."""
    listening = listen(str(access.get("host", "127.0.0.1")), 0)
    given = Access(port=listening.getsockname()[1], **{"analyst": "Ana", **access})  # type: ignore[arg-type]
    started, ends = threading.Event(), []

    def ready(end: object) -> None:
        ends.append(end)
        started.set()

    thread = threading.Thread(target=serve, args=(path, given, listening, ready), daemon=True)
    thread.start()
    assert started.wait(30), "the desk did not start"
    try:
        yield given
    finally:
        ends[0]()
        thread.join(30)
        assert not thread.is_alive()


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str


@dataclass
class Client:
    """A browser without a screen: keeps cookies, follows nothing by itself."""

    port: int
    host: str = "127.0.0.1"
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask("GET", path, None, headers)

    def head(self, path: str, **headers: str) -> Answer:
        return self._ask("HEAD", path, None, headers)

    def post(self, path: str, form: Mapping[str, str], **headers: str) -> Answer:
        return self._ask("POST", path, urlencode(form), {"Content-Type": "application/x-www-form-urlencoded", **headers})

    def token(self, path: str = "/review") -> str:
        """The token of the forms on a page."""
        found = re.search(r'name="form_token" value="([0-9a-f]+)"', self.get(path).text)
        assert found
        return found[1]

    def judge(self, id_: str, kind: str, **more: str) -> Answer:
        """Send a judgement as the form of the evidence page does."""
        return self.post("/judge", {"form_token": self.token(), "id": id_, "kind": kind, **more})

    def _ask(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {"Host": f"{self.host}:{self.port}", **{name.replace("_", "-"): value for name, value in headers.items()}}
        if self.cookies:
            sent.setdefault("Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        text = answer.read().decode()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self.cookies |= {key: morsel.value for key, morsel in SimpleCookie(value).items()}
        connection.close()
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, text)


class Markup(HTMLParser):
    """The elements of a page: their names with attributes, and the page's text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def links(self) -> list[str]:
        """Where links and forms lead."""
        return [
            str(value)
            for _, attributes in self.elements
            for name, value in attributes.items()
            if name in ("href", "src", "action")
        ]


def leads_out(link: str) -> bool:
    """Whether a link leads away from the desk."""
    return bool(urlsplit(link).scheme or urlsplit(link).netloc)


def first_id(client: Client, table: str, **wanted: str) -> str:
    """The id of the first row of a table that has these values."""
    rows = json.loads(client.get(f"/tables/{table}.json").text)
    return str(next(row["id"] for row in rows if all(row[name] == value for name, value in wanted.items())))


def words(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())
