"""Feeds and web addresses, against a real server on this machine."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec
import pytest
from written_inputs import ANSWER, ARTICLE, ARTICLE_TEXT, ATOM, DENIAL, ENGLISH, LOGIN, RSS, put

from melian.errors import DateError, InputError, MissingInput, NoArticle, NotFetched, TooLarge, UnreadableInput
from melian.records import Document, Link
from melian.sources import FeedState, Found, limits, poll, read_inputs
from melian.sources.reading import address_of

# --- files ----------------------------------------------------------------------------------------------------------


def found_in(folder: Path, name: str, content: str | bytes) -> list[Found]:
    return list(read_inputs([put(folder, name, content)]))


@pytest.mark.parametrize("name", ["wire.rss", "wire.xml", "wire.txt", "wire"])
def test_a_feeds_entries_are_documents(tmp_path: Path, name: str) -> None:
    one, two = found_in(tmp_path, name, RSS)
    assert isinstance(one, Document)
    assert one.text == f"{ENGLISH}\n{ANSWER}"
    assert (one.title, one.outlet, one.url) == ("Demands & answers", "Example Wire", "https://example.org/1")
    assert one.published == "2022-01-21"  # as written: in Greenwich it was the 22nd
    assert one.published_at == "2022-01-22T04:30:00Z"
    assert one.links == (Link("Oil prices rise", "https://example.org/oil"),)
    assert isinstance(two, Document)
    assert (two.text, two.published) == (DENIAL, "2022-01-22")
    assert one.doc_id.startswith("wire-")
    assert one.doc_id != two.doc_id


def test_an_atom_feed_and_a_feed_of_headlines(tmp_path: Path) -> None:
    (found,) = found_in(tmp_path, "a.atom", ATOM)
    assert isinstance(found, Document)
    assert (found.text, found.outlet, found.published) == (ENGLISH, "Example Ministry", "2022-01-21")
    (found,) = found_in(tmp_path, "b.rss", f"<rss version='2.0'><channel><item><title>{ENGLISH}</title></item></channel></rss>")
    assert isinstance(found, Document)
    assert found.text == ENGLISH


def test_an_entry_keeps_its_id_when_others_come_before_it(tmp_path: Path) -> None:
    new = f"<item><title>New</title><link>https://example.org/0</link><description>{ANSWER}</description></item>"
    before = found_in(tmp_path, "wire.rss", RSS)
    after = found_in(tmp_path, "wire.rss", RSS.replace("<item>", new + "<item>", 1))
    assert [each.doc_id for each in after[1:] if isinstance(each, Document)] == [
        each.doc_id for each in before if isinstance(each, Document)
    ]


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        (LOGIN, NoArticle, "a web page ('Log in – The Example Post') that asks to log in, not a feed"),
        (ARTICLE, NoArticle, "not a feed; give the feed's own address"),
        ("<?xml version='1.0'?><plist/>", UnreadableInput, "no RSS or Atom feed"),
        ("", UnreadableInput, "no RSS or Atom feed"),
        (b"<?xml version='1.0' encoding='\xbb'?><rss>", UnreadableInput, "no RSS or Atom feed"),
    ],
)
def test_what_is_no_feed_is_named(tmp_path: Path, content: str | bytes, kind: type[InputError], said: str) -> None:
    (found,) = found_in(tmp_path, "a.rss", content)
    assert isinstance(found, kind)
    assert said in str(found)


def test_a_feed_that_ends_in_the_middle_gives_what_it_has(tmp_path: Path) -> None:
    one, *_, error = found_in(tmp_path, "a.rss", RSS[: RSS.index("<item><title>Denied") + 30])
    assert isinstance(one, Document)
    assert "ends in the middle" in str(error)


# --- addresses ------------------------------------------------------------------------------------------------------


class Server(BaseHTTPRequestHandler):
    asked: list[tuple[str, dict[str, str]]] = []

    def log_message(self, *_: object) -> None:
        pass

    def answer(self, code: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def without_end(self, piece: bytes, pause: float = 0) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(piece)
                time.sleep(pause)
        except OSError:
            pass

    def do_GET(self) -> None:
        self.asked.append((self.path, dict(self.headers)))
        match self.path:
            case "/feed":
                if self.headers.get("If-None-Match") == '"one"' and self.headers.get("If-Modified-Since"):
                    self.answer(304)
                else:
                    kind = "application/rss+xml"
                    self.answer(
                        200, RSS.encode(), ETag='"one"', Last_Modified="Fri, 21 Jan 2022 10:00:00 GMT", Content_Type=kind
                    )
            case "/packed":
                self.answer(200, gzip.compress(RSS.encode()), Content_Encoding="gzip")
            case "/charset":
                raw = RSS.replace(' encoding="utf-8"', "").replace("Short.", "“Short”").encode("cp1252")
                self.answer(200, raw, Content_Type="application/xml; charset=windows-1252")
            case "/page":
                self.answer(200, ARTICLE.replace('<link rel="canonical" href="https://example.org/world/talks">', "").encode())
            case "/login":
                self.answer(200, LOGIN.encode(), ETag='"login"')
            case "/moved":
                self.answer(301, Location="/feed")
            case "/ring":
                self.answer(302, Location="/ring")
            case "/to-a-file":
                self.answer(302, Location="file:///etc/passwd")
            case "/to-ftp":
                self.answer(302, Location="ftp://127.0.0.1/feed")
            case "/wait":
                self.answer(429, Retry_After="120")
            case "/wait-until":
                self.answer(503, Retry_After="Fri, 21 Jan 2050 10:00:00 GMT")
            case "/wait-some-time":
                self.answer(429)
            case "/refused":
                self.answer(403)
            case "/endless":
                self.without_end(b"<p>more</p>" * 1000)
            case "/slow":
                self.without_end(b"<p>", 0.05)
            case "/cut":
                self.send_response(200)
                self.send_header("Content-Length", "1000")
                self.end_headers()
                self.wfile.write(RSS.encode()[:100])
            case "/silent":
                time.sleep(1)
            case _:
                self.answer(404)


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    Server.asked.clear()


def texts(found: tuple[Found, ...]) -> list[str]:
    return [each.text if isinstance(each, Document) else f"{type(each).__name__}: {each}" for each in found]


def test_a_feed_is_asked_politely_and_a_second_time_only_for_what_is_new(host: str) -> None:
    state, found = poll(f"{host}/feed")
    assert texts(found) == [f"{ENGLISH}\n{ANSWER}", DENIAL]
    assert state == FeedState(f"{host}/feed", '"one"', "Fri, 21 Jan 2022 10:00:00 GMT", state.polled)
    again, nothing = poll(f"{host}/feed", state)
    assert nothing == ()
    assert msgspec.structs.replace(again, polled=state.polled) == state
    assert [path for path, _ in Server.asked] == ["/feed", "/feed"]  # one request a call, nothing else
    assert all(headers["User-Agent"].startswith("Melian/") for _, headers in Server.asked)


@pytest.mark.parametrize("path", ["/packed", "/moved", "/charset"])
def test_feeds_packed_moved_or_in_a_declared_encoding(host: str, path: str) -> None:
    state, found = poll(host + path)
    assert texts(found) == [f"{ENGLISH}\n{ANSWER}", DENIAL]
    assert state.url == host + path


@pytest.mark.parametrize(
    ("path", "kind", "said"),
    [
        ("/login", NoArticle, "asks to log in, not a feed"),
        ("/page", NoArticle, "not a feed"),
        ("/refused", NotFetched, "it refuses to answer (answer 403)"),
        ("/nothing", NotFetched, "there is no such page (answer 404)"),
        ("/ring", NotFetched, "answer 302"),
        ("/to-a-file", NotFetched, "file:///etc/passwd"),
        ("/to-ftp", NotFetched, "no web address"),
        ("/cut", NotFetched, "the answer breaks off"),
        ("/wait", NotFetched, "it asks to wait until"),
    ],
)
def test_an_answer_that_is_no_feed_is_named(host: str, path: str, kind: type[InputError], said: str) -> None:
    before = FeedState(host + path, etag='"old"', modified="old")
    state, (error,) = poll(host + path, before)
    assert isinstance(error, kind)
    assert said in str(error)
    assert error.where == host + path
    assert (state.etag, state.modified) == ('"old"', "old")  # what is wrong is not remembered as news


def test_answers_without_end_and_without_words_are_left(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FETCHED", 1 << 20)
    monkeypatch.setattr(limits, "FETCH_SECONDS", 0.3)
    monkeypatch.setattr(limits, "SILENT_SECONDS", 0.3)
    _, (error,) = poll(f"{host}/endless")
    assert isinstance(error, TooLarge)
    _, (error,) = poll(f"{host}/slow")
    assert "longer than" in str(error)
    _, (error,) = poll(f"{host}/silent")
    assert "does not answer" in str(error)


def test_a_server_that_asks_to_wait_is_not_asked_before(host: str) -> None:
    state, (error,) = poll(f"{host}/wait-until")
    assert isinstance(error, NotFetched)
    assert error.retry_at == state.not_before == "2050-01-21T10:00:00Z"
    again, (error,) = poll(f"{host}/wait-until", state)
    assert "it was not asked again" in str(error)
    assert again == state
    assert len(Server.asked) == 1
    state, _ = poll(f"{host}/wait-some-time")
    assert state.not_before is not None
    assert state.polled is not None
    assert state.polled < state.not_before


def test_a_wait_that_is_over_is_forgotten(host: str) -> None:
    state, found = poll(f"{host}/feed", FeedState(f"{host}/feed", not_before="2022-01-21T10:00:00Z"))
    assert len(found) == 2
    assert state.not_before is None


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1/feed", "file:///etc/passwd", "http://127.0.0.1:1/", "https:///feed", "http://a b/"]
)
def test_addresses_that_lead_nowhere(url: str) -> None:
    _, (error,) = poll(url)
    assert isinstance(error, NotFetched)


def test_a_bad_day_is_the_callers_error(host: str) -> None:
    with pytest.raises(DateError):
        poll(f"{host}/feed", published="Friday")
    assert Server.asked == []


def test_pages_and_feeds_are_read_where_an_address_is_given(host: str) -> None:
    inputs = [f"{host}/page", Path(f"{host}/feed"), f"{host}/login", f"{host}/nothing", f"{host}/page"]
    page, one, two, login, nothing = read_inputs(inputs)
    assert isinstance(page, Document)
    assert (page.text, page.doc_id, page.url, page.origin) == (ARTICLE_TEXT, "page", f"{host}/page", f"{host}/page")
    assert isinstance(one, Document)
    assert isinstance(two, Document)
    assert isinstance(login, NoArticle)
    assert isinstance(nothing, NotFetched)
    assert [path for path, _ in Server.asked] == ["/page", "/feed", "/login", "/nothing"]


def test_what_is_an_address(tmp_path: Path) -> None:
    assert address_of("https://example.org/a?b=c") == "https://example.org/a?b=c"
    assert address_of(Path("https://example.org/a")) == "https://example.org/a"  # a Path takes one slash away
    assert address_of("HTTP://example.org") == "http://example.org"
    for other in ("news/a.txt", "ftp://example.org", "https.txt", Path("-")):
        assert address_of(other) is None
    assert isinstance(next(read_inputs(["no/such/file.txt"])), MissingInput)
