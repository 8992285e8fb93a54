"""Who may come to the desk, what a form needs, and that source text stays text: real attack strings against a real server."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_site import Client, Markup, add, leads_out, serving
from msgspec.structs import replace
from report_sample import CODED, DOCUMENTS

from melian.crisis.record import store
from melian.desk.access import Access, host_name, is_loopback, origin_of
from melian.desk.guard import POLICY, cookies_in
from melian.desk.screens.judging import own_path
from melian.records import Link
from melian.views.filters import web_link

ATTACKS = (
    "<script>window.hurt=1</script>",
    '"><img src=x onerror="window.hurt=1">',
    "'><svg/onload=window.hurt=1>",
    '</title></textarea><iframe srcdoc="<script>parent.hurt=1</script>">',
    "{{ 7*7 }}{% raw %}${7*7}",
    "javascript:window.hurt=1",
    "<a href=\"javascript:alert(1)\" hx-get='https://evil.example/' hx-trigger=load>x</a>",
    "\u202eevil\u202c & \u0000 \u2028 ]]> --> <!--",
)
TOKEN = "a-token-of-thirty-signs-or-more"


@pytest.fixture(scope="module")
def guarded(made: Path) -> Iterator[Client]:
    with serving(made, token=TOKEN) as access:
        yield Client(access.port)


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    path = tmp_path_factory.mktemp("record") / "attacked.crisis"
    hostile_record(path)
    with serving(path) as access:
        yield Client(access.port)


def hostile_record(path: Path) -> None:
    """A record whose every text from outside is an attack: titles, outlets, links, names, places, words."""
    store.create(path, ATTACKS[0])
    documents, coded = [], []
    for number, (document, record) in enumerate(zip(DOCUMENTS, CODED, strict=True)):
        attack, other = ATTACKS[number], ATTACKS[(number + 4) % len(ATTACKS)].replace("\u0000", "")
        documents.append(
            replace(
                document,
                text=f"{document.text}\n\n{attack} {other}",
                title=f"{attack} {other}",
                outlet=other,
                url=(
                    "javascript:window.hurt=1",
                    "data:text/html,<script>1</script>",
                    '" onmouseover="window.hurt=1',
                    "https://ok.example/'\"><script>",
                )[number],
                links=(Link(text=attack, url="javascript:window.hurt=1"), Link(text=other, url="https://ok.example/a")),
                origin=f"{attack}.html",
            )
        )
        events = tuple(
            replace(
                event,
                place=attack if event.place else None,
                why=(other,),
                source=tuple(replace(actor, name=f"{attack} {other}", role=other) for actor in event.source),
                target=tuple(replace(actor, id=attack) for actor in event.target),
            )
            for event in record.events
        )
        statements = tuple(
            replace(
                statement,
                reported_by=attack,
                place=other,
                why=(attack,),
                speaker=tuple(replace(actor, name=other, role=attack) for actor in statement.speaker),
            )
            for statement in record.statements
        )
        coded.append(replace(record, events=events, statements=statements, notes=(attack,)))
    add(path, documents, coded)


def pages_of(client: Client) -> list[str]:
    """Every screen, and the page of one of everything."""
    paths = [
        "/",
        "/ledger",
        "/timeline",
        "/timeline?zoom=months",
        "/parties",
        "/map",
        "/sources",
        "/review",
        "/tables",
        "/search?q=alliance",
    ]
    paths += [f"/ledger/{name}" for name in ("demands", "redlines", "offers", "predictions", "denials", "shifts")]
    tables = ("events", "statements", "incidents", "documents", "actors", "sources", "demands", "redlines")
    paths += [f"/tables/{name}" for name in tables]
    for name in ("events", "statements", "incidents", "demands", "redlines", "denials"):
        paths += [f"/evidence/{row['id']}" for row in json.loads(client.get(f"/tables/{name}.json").text)[:4]]
    paths += [f"/incident/{row['id']}" for row in json.loads(client.get("/tables/incidents.json").text)[:3]]
    paths += [f"/document/{row['id']}" for row in json.loads(client.get("/tables/documents.json").text)]
    return paths


def test_source_text_stays_text(attacked: Client) -> None:
    shown = ""
    for path in pages_of(attacked):
        page = attacked.get(path)
        assert page.status == 200, path
        _is_harmless(page.text, path)
        shown += Markup(page.text).text
    for attack in ATTACKS[:7]:
        assert attack in shown  # as it stands, neither dropped nor run


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_stands_in_an_address_stays_text(client: Client, attack: str) -> None:
    from urllib.parse import quote

    typed = quote(attack)
    for path in (
        f"/timeline?who={typed}&type={typed}&text={typed}", f"/search?q={typed}&source={typed}", f"/tables/events?place={typed}",
        f"/timeline?from={typed}", f"/party/{typed}", f"/tables/{quote(attack, safe='')}", f"/evidence/{quote(attack, safe='')}",
        f"/ledger/{quote(attack, safe='')}", f"/?since={typed}", f"/timeline?zoom={typed}&page={typed}", f"/{typed}",
        f"/review?type={typed}", f"/changes?since={typed}",
    ):  # fmt: skip
        _is_harmless(client.get(path).text, path)


def _is_harmless(page: str, where: str) -> None:
    parsed = Markup(page)
    for tag, attributes in parsed.elements:
        assert tag not in ("iframe", "object", "embed", "base", "style"), (where, tag)
        assert not any(name.startswith("on") for name in attributes), (where, attributes)
        assert "style" not in attributes, (where, attributes)
        if tag == "script":
            assert re.fullmatch(r"/static/[a-z.]+\.js", str(attributes.get("src"))), (where, attributes)
        if tag == "img":
            raise AssertionError((where, attributes))
        for name in ("hx-get", "hx-post", "action", "src"):
            assert str(attributes.get(name, "/")).startswith("/"), (where, attributes)
        link = attributes.get("href")
        if link and leads_out(link) and link != "data:,":
            assert link.startswith(("https://", "http://")), (where, link)
            assert "noopener" in str(attributes.get("rel")), (where, link)
            assert "noreferrer" in str(attributes.get("rel")), (where, link)


def test_every_answer_forbids_what_the_desk_does_not_need(client: Client) -> None:
    for path in (
        "/",
        "/timeline",
        "/tables/events.csv",
        "/static/desk.js",
        "/nowhere",
        "/timeline?from=x",
        "/openapi.json",
        "/changes",
    ):
        headers = client.get(path).headers
        assert headers["content-security-policy"] == POLICY, path
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["x-frame-options"] == "DENY"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "server" not in headers
    assert "unsafe" not in POLICY
    assert "default-src 'none'" in POLICY
    assert client.get("/").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "name", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "192.168.0.9", "", "a/b", "x@127.0.0.1"]
)
def test_a_name_that_is_not_the_desks_is_turned_away(client: Client, name: str) -> None:
    answer = client.get("/", Host=f"{name}:{client.port}")
    assert answer.status in (400, 421)
    assert "Geneva" not in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
def test_this_computers_names_are_the_desks(client: Client, name: str) -> None:
    assert client.get("/", Host=f"{name}:{client.port}").status == 200


def test_another_site_gets_nothing_and_its_link_one_step(client: Client) -> None:
    from_elsewhere = {"Sec_Fetch_Site": "cross-site"}
    assert client.get("/", **from_elsewhere, Sec_Fetch_Mode="no-cors", Sec_Fetch_Dest="script").status == 403
    assert client.get("/", **from_elsewhere, Sec_Fetch_Mode="navigate", Sec_Fetch_Dest="iframe").status == 403
    stepped = Client(client.port).get(
        "//evil.example/x?who=RUS", **from_elsewhere, Sec_Fetch_Mode="navigate", Sec_Fetch_Dest="document"
    )
    assert stepped.status == 200
    assert 'content="0;url=/evil.example/x?who=RUS"' in stepped.text
    assert "set-cookie" not in stepped.headers


def test_a_form_needs_its_token_its_cookie_and_its_origin(client: Client) -> None:
    own = Client(client.port)
    token = own.token()
    form = {"id": "e0000000000000000", "kind": "accept"}
    assert own.post("/judge", form).status == 403
    assert own.post("/judge", {**form, "form_token": "0" * 64}).status == 403
    assert Client(client.port).post("/judge", {**form, "form_token": token}).status == 403  # another browser
    with_token = {**form, "form_token": token}
    assert own.post("/judge", with_token, Origin="https://evil.example").status == 403
    assert own.post("/judge", with_token, Origin="null").status == 403
    assert own.post("/judge", with_token, Origin=f"https://127.0.0.1:{client.port}").status == 403  # another program's
    assert own.post("/judge", with_token, Sec_Fetch_Site="same-site").status == 403
    assert own.post("/judge", with_token, Content_Type="text/plain").status == 403
    assert own.post("/judge", {**with_token, "note": "x" * 70_000}).status == 403
    assert (
        own.post("/judge", with_token, Origin=f"http://127.0.0.1:{client.port}").status == 404
    )  # taken, and there is no such event
    assert own.get("/judge").status == 405


def test_cookies_are_for_this_desk_only(client: Client) -> None:
    cookie = Client(client.port).get("/ledger").headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert cookie.startswith(f"melian-form-{client.port}=")


OTHERS = ['other={"a":1}', "a=b c", "a[0]=1", "a", "=b", 'a="', "a;;b=1"]


@pytest.mark.parametrize("other", OTHERS)
def test_cookies_of_other_programs_do_not_break_the_desk(client: Client, guarded: Client, other: str) -> None:
    own = Client(client.port)
    token = own.token()
    name, value = next(iter(own.cookies.items()))
    for sent in (f"{other}; {name}={value}", f"{name}={value}; {other}"):
        assert "set-cookie" not in own.get("/ledger", Cookie=sent).headers  # the browser is known
        form = {"form_token": token, "id": "e0000000000000000", "kind": "accept"}
        assert own.post("/judge", form, Cookie=sent).status == 404  # taken, and there is no such event
    browser = Client(guarded.port)
    browser.get(f"/?token={TOKEN}")
    kept = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    assert browser.get("/ledger", Cookie=f"{other}; {kept}").status == 200


def test_cookies_are_read_pair_by_pair() -> None:
    assert cookies_in('a={"x":1}; b=2;c="3"; d; e=f=g') == {"a": '{"x":1}', "b": "2", "c": "3", "e": "f=g"}
    assert cookies_in("") == {}


def test_paths_like_those_of_the_style_show_nothing_without_the_token(guarded: Client) -> None:
    for path in ("/static/x/y", "/static/", "/static/page.css/", "/static/none.css", "/static/../ledger", "/static/page.css/x"):
        answer = Client(guarded.port).get(path)
        assert answer.status == 401, path
        assert "Geneva" not in answer.text, path
    assert Client(guarded.port).post("/static/page.css", {}).status == 401
    for name in ("page.css", "charts.css", "desk.css", "desk.js", "htmx.min.js"):
        assert Client(guarded.port).get(f"/static/{name}").status == 200


def test_head_is_answered_as_get_is(guarded: Client) -> None:
    browser = Client(guarded.port)
    assert browser.head("/").status == 401
    answer = browser.head(f"/?token={TOKEN}")
    assert (answer.status, answer.text) == (200, "")
    assert browser.head("/ledger").status == 200
    assert Client(guarded.port).head("/?token=wrong").status == 401
    assert Client(guarded.port).head("/static/page.css").status == 200


PUBLIC = "https://desk.example.org"


def test_behind_a_proxy_with_tls(made: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(made, tmp_path / "own.crisis"))
    with serving(path, public_url=PUBLIC, token=TOKEN) as access:
        for host in ("desk.example.org", f"127.0.0.1:{access.port}"):  # proxies keep the Host, or put their own in
            browser = Client(access.port)
            answer = browser.get(f"/?token={TOKEN}", Host=host)
            assert answer.status == 200
            assert "; Secure" in answer.headers["set-cookie"]
            found = re.search(r'name="form_token" value="([0-9a-f]+)"', browser.get("/review", Host=host).text)
            assert found
            form = {"form_token": found[1], "analyst": "Ana", "back": "/review"}
            for origin in ("https://evil.example", "http://desk.example.org", "https://desk.example.org:8443", "null"):
                assert browser.post("/analyst", form, Host=host, Origin=origin).status == 403, (host, origin)
            named = browser.post("/analyst", form, Host=host, Origin=PUBLIC)
            assert named.status == 303
            assert "; secure" in named.headers["set-cookie"].lower()
        assert Client(access.port).get("/", Host="evil.example").status == 421
        assert Client(access.port).get("/", Host="desk.example.org").status == 401


def test_public_addresses() -> None:
    assert origin_of("https://Desk.Example.org/") == PUBLIC
    assert origin_of("https://desk.example.org:443") == PUBLIC
    assert origin_of("http://desk.example.org:8080") == "http://desk.example.org:8080"
    assert origin_of("https://[2001:db8::1]:9") == "https://[2001:db8::1]:9"
    for wrong in ("desk.example.org", "ftp://x", "https://x/desk", "https://u@x", "https://", "https://x:y", "https://x?a", ""):
        with pytest.raises(ValueError, match="is not the address of a site"):
            origin_of(wrong)


def test_where_others_come_nobody_judges_without_a_name(made: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(made, tmp_path / "own.crisis"))
    with serving(path, host="0.0.0.0", token=TOKEN) as access:
        browser = Client(access.port)
        browser.get(f"/?token={TOKEN}")
        event = json.loads(browser.get("/tables/events.json").text)[0]["id"]
        assert "data-key" not in browser.get("/review").text
        page = browser.get(f"/evidence/{event}").text
        assert "data-key" not in page
        assert 'action="/analyst"' in page
        assert "by Ana" not in page
        refused = browser.judge(event, "reject", **{"note": "typed with care"})
        assert refused.status == 403
        assert "typed with care" in refused.text
        assert browser.post("/review", {"form_token": browser.token(), "id": event, "kind": "accept"}).status == 403
        browser.post("/analyst", {"form_token": browser.token(), "analyst": "Bo/Smith", "back": "/review"})
        assert "judgements here are by Bo/Smith" in " ".join(browser.get("/review").text.split())
        assert browser.judge(event, "reject").status == 303
        other = Client(access.port)
        other.get(f"/?token={TOKEN}")
        assert "data-key" not in other.get("/review").text
    with store.reading(path) as connection:
        assert connection.execute('SELECT "by" FROM judgements').fetchall() == [("Bo/Smith",)]


def test_without_the_token_nothing_is_shown(guarded: Client) -> None:
    for path in ("/", "/tables/events.csv", "/evidence/e0000000000000000", "/openapi.json", "/changes", "/?token=wrong"):
        answer = Client(guarded.port).get(path)
        assert answer.status == 401, path
        assert "Geneva" not in answer.text
    assert Client(guarded.port).post("/judge", {}).status == 401
    assert Client(guarded.port).get("/static/page.css").status == 200


def test_the_token_is_shown_once_and_does_not_stay_in_the_address(guarded: Client) -> None:
    browser = Client(guarded.port)
    answer = browser.get(f"/timeline?who=RUS&token={TOKEN}")
    assert answer.status == 200
    assert 'content="0;url=/timeline?who=RUS"' in answer.text
    assert TOKEN not in answer.text
    assert TOKEN not in json.dumps(browser.cookies)
    assert browser.get("/timeline?who=RUS").status == 200
    browser.cookies = {f"melian-pass-{guarded.port}": "0" * 64}
    assert browser.get("/").status == 401


def test_a_read_only_desk_takes_and_offers_nothing(made: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(made, tmp_path / "shared.crisis"))
    with serving(path, read_only=True) as access:
        client = Client(access.port)
        event = json.loads(client.get("/tables/events.json").text)[0]["id"]
        for address in ("/", "/timeline", f"/evidence/{event}", f"/incident/i{event[1:]}", "/ledger/redlines"):
            page = client.get(address).text
            assert 'method="post"' not in page, address
            assert "data-key" not in page
        assert 'href="/review"' not in client.get("/").text
        for address in ("/judge", "/review", "/analyst"):
            assert client.post(address, {"id": event, "kind": "reject"}).status == 403
        review = client.get("/review?type=CONSULT")
        assert review.status == 403
        assert "<h1>This desk is read-only</h1>" in review.text
        assert "without --read-only: melian desk shared.crisis" in review.text
        assert client.get("/review", HX_Request="true").status == 403
        assert client.get("/review/agreement").status == 200
        paths = json.loads(client.get("/openapi.json").text)["paths"]
        assert "post" not in json.dumps(paths)
        assert "/review" not in paths
    with store.reading(path) as connection:
        assert connection.execute("SELECT count(*) FROM judgements").fetchone() == (0,)


@pytest.mark.parametrize(
    ("link", "is_one"),
    [
        ("https://example.org/a", True), ("HTTP://example.org", True), ("javascript:alert(1)", False), ("data:text/html,x", False),
        ("//example.org", False), ("https:///x", False), ("/local", False), (" https://example.org/ ", True), ("java\nscript:x", False),
        ("https://exa\x00mple.org", False), ("http://[", False), (None, False), ("", False), ("vbscript:x", False), ("ftp://x.org", False),
    ],
)  # fmt: skip
def test_only_addresses_on_the_web_become_links(link: str | None, is_one: bool) -> None:
    assert (web_link(link) is not None) == is_one


@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "", "/a\nb", "/a b", "javascript:x"]
)
def test_a_form_leads_on_to_this_desk_only(path: str) -> None:
    assert own_path(path) is None
    assert own_path("/ledger?who=RUS") == "/ledger?who=RUS"


def test_hosts() -> None:
    assert [is_loopback(host) for host in ("127.0.0.1", "127.0.0.9", "::1", "localhost", "0.0.0.0", "192.168.1.2", "example.org")] == [
        True, True, True, True, False, False, False,
    ]  # fmt: skip
    assert [host_name(header) for header in ("a.b:80", "[::1]:80", "A.B", "", None, "a b", "a/b", "u@h")] == [
        "a.b", "::1", "a.b", None, None, None, None, None,
    ]  # fmt: skip
    shared = Access(host="0.0.0.0", port=1, token=TOKEN)
    assert shared.admits_host("192.168.1.2:1")
    assert shared.admits_host("[fe80::1]:1")
    assert not shared.admits_host("evil.example")
