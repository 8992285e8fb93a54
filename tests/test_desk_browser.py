"""The desk in a real browser: whole journeys by mouse and keyboard, at desktop and phone width, with axe-core over every screen.

Needs Debian's `chromium`; skipped where it is not installed. The browser can reach nothing but this computer, and any request that would
leave it, like any error in the console, fails the test.
"""

from __future__ import annotations

import csv
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from axe import needs_axe, serious
from chromium import PROGRAM, STRETCH, Tab, tab
from desk_site import Client, add, make_turned, serving
from test_desk_security import hostile_record, pages_of

from melian.crisis.record import store

pytestmark = [pytest.mark.slow, pytest.mark.skipif(PROGRAM is None, reason="no chromium here (apt-get install chromium)")]

WIDTHS = [1280, 390]
DRAWER = "document.getElementById('drawer').open"
DONE = "!!document.querySelector('#drawer-sheet .done')"
CARD = "(document.querySelector('[data-card]') || {dataset: {}}).dataset.subject"


@pytest.fixture(scope="module")
def browser() -> Iterator[Tab]:
    with tab("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1") as opened:
        yield opened


@pytest.fixture
def desk(made: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a desk over a record of the test's own."""
    with serving(Path(shutil.copy(made, tmp_path / "own.crisis"))) as access:
        yield f"http://127.0.0.1:{access.port}"


@pytest.fixture(scope="module")
def read_desk(made: Path) -> Iterator[str]:
    """The address of a desk that the tests only look at."""
    with serving(made) as access:
        yield f"http://127.0.0.1:{access.port}"


def until(browser: Tab, expression: str, seconds: float = 10) -> Any:
    """Wait until an expression in the page is true, and give its value."""
    end = time.monotonic() + seconds
    while True:
        with suppress(RuntimeError):  # the page is being left
            if value := browser.js(expression):
                return value
            browser.js("new Promise((done) => setTimeout(done, 40))")
        assert time.monotonic() < end, f"never came true: {expression}\n{browser.js('document.body.innerText')[:3000]}"


def complaints(browser: Tab) -> list[object]:
    """Console errors and warnings, exceptions, breaches of the policy, and requests for anything but the desk."""
    found: list[object] = []
    for event in browser.events:
        method, params = event.get("method"), event.get("params", {})
        if method in ("Log.entryAdded", "Runtime.exceptionThrown") or (
            method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert")
        ):
            found.append(params)
        elif method == "Network.requestWillBeSent":
            address = params["request"]["url"]
            if not address.startswith(("http://127.0.0.1:", "data:,", "about:")):
                found.append(address)
    return found


@pytest.mark.parametrize("width", WIDTHS)
def test_from_a_red_line_to_its_evidence_its_correction_and_back(browser: Tab, desk: str, width: int) -> None:
    browser.open(f"{desk}/", width)
    condition = "if Russian forces invade Ukraine"
    link = "[...document.querySelectorAll('[aria-labelledby=h-redlines] blockquote a')].find(a => a.textContent.includes('Russian forces'))"
    until(browser, f"!!{link}")
    browser.js(f"{link}.focus()")
    browser.press("Enter")
    until(browser, f"{DRAWER} && !!document.querySelector('#drawer-sheet .excerpt mark.i')")
    marked = browser.js(
        "[...document.querySelectorAll('#drawer-sheet .excerpt mark.i')].map((mark) => mark.textContent).join('')"
    )
    assert " ".join(marked.split()) == condition
    assert browser.js("/^#s[0-9a-f]{16}$/.test(location.hash)")
    browser.press("c")
    until(browser, "document.activeElement.name === 'value.act'")
    browser.js("document.activeElement.value = 'ASSERT'")
    browser.js("document.activeElement.form.querySelector('button.do').focus()")
    browser.press("Enter")
    until(browser, DONE)
    assert "the machine read: THREATEN" in browser.js("document.getElementById('drawer-sheet').innerText")
    until(browser, f"!{link}")  # the page behind has taken it up
    browser.press("Escape")
    until(browser, f"!{DRAWER}")
    conditions = "[...document.querySelectorAll('.condition')].map((words) => words.innerText).join()"
    browser.open(f"{desk}/ledger/redlines", width)
    assert condition not in browser.js(conditions)  # a bare threat is left, by the event
    browser.open(f"{desk}/tables/statements?type=ASSERT", width)
    statement = (
        "[...document.querySelectorAll('tbody tr')].find(row => row.innerText.includes('Russian forces')).querySelector('a')"
    )
    browser.js(f"{statement}.click()")
    until(browser, f"{DRAWER} && !!document.querySelector('#drawer-sheet [data-key=u]')")
    browser.press("u")
    until(browser, DONE)
    browser.open(f"{desk}/ledger/redlines", width)
    assert condition in browser.js(conditions)
    assert complaints(browser) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_filters_make_a_permalink_and_its_file_has_the_same_rows(
    browser: Tab, read_desk: str, tmp_path: Path, width: int
) -> None:
    browser.open(f"{read_desk}/timeline", width)
    browser.js("document.querySelector('details.filters').open = true")
    for name, value in (("who", "Russia"), ("from", "2022-01-17"), ("to", "2022-01-23")):
        browser.js(f"document.querySelector('#f-{name}').value = '{value}'")
    browser.js("document.querySelector('#f-who').focus()")
    with suppress(RuntimeError):  # the page is being left
        browser.press("Enter")
    until(browser, "location.search.includes('who=Russia') && document.readyState === 'complete'")
    rows = "[...document.querySelectorAll('.happening')].map((row) => row.id.slice(2)).sort()"
    shown = until(browser, rows)
    permalink = browser.js("[...document.querySelectorAll('.downloads a')].find(a => a.textContent === 'Permalink').href")
    other = browser.another()
    other.open(permalink, width)
    assert other.js(rows) == shown
    assert other.js("[...document.querySelectorAll('.chips b')].map((chip) => chip.textContent).sort()") == [
        "2022-01-17", "2022-01-23", "Russia",
    ]  # fmt: skip
    other.send("Page.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    other.js("[...document.querySelectorAll('.downloads a')].find(a => a.textContent === 'CSV').click()")
    file = tmp_path / "melian-incidents.csv"
    end = time.monotonic() + 10
    while not file.exists() and time.monotonic() < end:
        other.js("new Promise((done) => setTimeout(done, 50))")
    with file.open(encoding="utf-8", newline="") as stream:
        assert sorted(row["id"] for row in csv.DictReader(stream)) == shown
    assert complaints(other) == []
    other.send("Page.close")
    browser.send("Page.bringToFront")


@pytest.mark.parametrize("width", WIDTHS)
def test_twenty_cards_by_keyboard_alone(browser: Tab, desk: str, width: int) -> None:
    browser.open(f"{desk}/review", width)
    seen = [browser.js(CARD)]
    for key in "arsaarsaaraasraaraas":
        before = browser.js(CARD)
        browser.press(key)
        seen.append(until(browser, f"{CARD} && {CARD} !== '{before}' && {CARD}"))
    assert len(set(seen)) == 21
    assert "16 of 100 cards in this session, you accepted 69%" in browser.js("document.querySelector('.progress').innerText")
    last, now = seen[-2], seen[-1]
    browser.press("u")  # the last card comes back
    back = until(browser, f"{CARD} && {CARD} !== '{now}' && {CARD}")
    assert back in seen
    assert back == last  # it was skipped, and a skip is taken back too
    browser.press("c")
    until(browser, "document.activeElement.name === 'value.type' || document.activeElement.name === 'value.act'")
    browser.press("a")  # a letter typed into a field is no judgement
    assert browser.js(CARD) == back
    browser.press("Escape")
    until(browser, "document.activeElement.id === 'card-h'")
    browser.js("document.querySelector('[name=\"value.place\"]')")
    browser.press("c")
    until(browser, "document.activeElement.name.startsWith('value.')")
    browser.js("document.querySelector('[name=\"value.place\"]').value = 'Bern'")
    browser.js("document.querySelector('[name=\"value.place\"]').focus()")
    browser.press("Enter")
    until(browser, f"{CARD} !== '{back}'")
    assert "Corrected" in browser.js("document.querySelector('.progress').innerText")
    assert complaints(browser) == []


@pytest.mark.parametrize("path", ["review", "ledger/redlines"])
def test_a_mistyped_correction_goes_on_at_its_field(browser: Tab, desk: str, path: str) -> None:
    browser.open(f"{desk}/{path}")
    if path != "review":
        browser.js("document.querySelector('.entry blockquote a').click()")
        until(browser, f"{DRAWER} && !!document.querySelector('#drawer-sheet [data-key=c]')")
    browser.press("c")
    until(browser, "(document.activeElement.name || '').startsWith('value.')")
    browser.js("[...document.querySelectorAll('[name=\"value.place\"]')].at(-1).value = 'Bern'")
    browser.js("[...document.querySelectorAll('[name=\"value.date\"]')].at(-1).value = 'not a date'")
    browser.js("[...document.querySelectorAll('[name=\"value.date\"]')].at(-1).focus()")
    browser.press("Enter")
    until(browser, "document.activeElement.getAttribute('aria-invalid') === 'true'")
    assert browser.js("document.activeElement.value") == "not a date"
    assert browser.js("document.activeElement.form.elements['value.place'].value") == "Bern"
    assert "YYYY-MM-DD" in browser.js(
        "document.getElementById(document.activeElement.getAttribute('aria-describedby').split(' ')[0]).innerText"
    )
    browser.js("document.activeElement.value = '2022-01-20'")
    browser.press("Enter")
    until(browser, DONE if path != "review" else "document.querySelector('.progress').innerText.includes('Corrected')")
    assert [each for each in complaints(browser) if "the server responded with a status of 4" not in str(each)] == []


def test_a_card_that_a_colleague_changes_says_so_and_takes_no_key(browser: Tab, desk: str) -> None:
    browser.open(f"{desk}/review")
    key = browser.js(CARD)
    bob = Client(int(desk.rsplit(":", 1)[1]))
    bob.post("/analyst", {"form_token": bob.token(), "analyst": "Bob", "back": "/review"})
    assert bob.judge(key, "correct", **{"value.place": "Bern"}).status == 303
    until(browser, "document.querySelector('.card [role=status]').innerText.includes('Bob corrected place to Bern')")
    browser.press("a")
    until(browser, "document.activeElement.matches('.wrong') && document.activeElement.innerText.includes('Bob corrected')")
    assert browser.js(CARD) == key
    browser.press("a")  # now it was seen
    until(browser, f"{CARD} !== '{key}'")
    assert "1 of 100 cards in this session" in browser.js("document.querySelector('.progress').innerText")
    assert [each for each in complaints(browser) if "the server responded with a status of 4" not in str(each)] == []


def test_keys_can_be_turned_off_and_are_told(browser: Tab, desk: str) -> None:
    browser.open(f"{desk}/review")
    before = browser.js(CARD)
    browser.press("?")
    until(browser, "document.getElementById('keys').open")
    browser.js("document.getElementById('keys-on').click()")
    browser.press("Escape")
    until(browser, "!document.getElementById('keys').open")
    browser.press("a")
    browser.press("s")
    assert browser.js(CARD) == before
    browser.open(f"{desk}/review")
    assert not browser.js("document.getElementById('keys-on').checked")  # it is kept
    browser.js("document.getElementById('keys-on').click()")
    browser.press("s")
    until(browser, f"{CARD} !== '{before}'")
    browser.press("/")
    assert browser.js("document.activeElement.id") == "q"


def test_the_slash_leads_from_the_open_drawer_to_the_search(browser: Tab, read_desk: str) -> None:
    browser.open(f"{read_desk}/ledger/demands")
    browser.js("document.querySelector('#main a[data-drawer]').focus()")
    browser.press("Enter")
    until(browser, f"{DRAWER} && !!document.querySelector('#drawer-sheet .excerpt')")
    browser.press("/")
    until(browser, f"!{DRAWER}")
    assert browser.js("document.activeElement.id") == "q"
    assert browser.js("location.hash") == ""
    browser.press("Escape")
    browser.js(
        "document.querySelector('#main a[data-drawer]').focus()"
    )  # the next time the focus goes back to what it came from
    browser.press("Enter")
    until(browser, f"{DRAWER} && !!document.querySelector('#drawer-sheet .excerpt')")
    browser.press("Escape")
    until(browser, f"!{DRAWER}")
    assert browser.js("document.activeElement === document.querySelector('#main a[data-drawer]')")
    assert complaints(browser) == []


def test_the_drawer_has_an_address_and_going_back_closes_it(browser: Tab, read_desk: str) -> None:
    browser.open(f"{read_desk}/ledger/demands")
    link = "document.querySelector('.entry h3 a')"
    browser.press("j")
    assert browser.js(f"document.activeElement === {link}")
    browser.press("Enter")
    until(browser, f"{DRAWER} && !!document.querySelector('#drawer-sheet h1')")
    address = browser.js("location.href")
    assert browser.js("document.getElementById('drawer').contains(document.activeElement)")
    browser.js("history.back()")
    until(browser, f"!{DRAWER}")
    browser.open(address)
    until(browser, f"{DRAWER} && !!document.querySelector('#drawer-sheet h1')")
    browser.press("Escape")
    until(browser, f"!{DRAWER}")
    until(browser, "location.hash === ''")
    assert complaints(browser) == []


def test_a_page_takes_up_what_another_process_adds(browser: Tab, tmp_path: Path) -> None:
    path = tmp_path / "live.crisis"
    store.create(path, "Live")
    with serving(path) as access:
        browser.open(f"http://127.0.0.1:{access.port}/")
        assert "The record is empty" in browser.js("document.body.innerText")
        add(path)
        until(browser, "document.body.innerText.includes('Standing demands')", 20)
        assert complaints(browser) == []


def test_everything_works_without_script(browser: Tab, desk: str) -> None:
    browser.open(f"{desk}/ledger/redlines", scripts=False)
    address = Client(int(desk.rsplit(":", 1)[1])).get("/ledger/redlines").text
    found = re.search(r'<blockquote><a class="ev" href="([^"]+)"', address)
    assert found
    browser.open(desk + found[1], scripts=False)
    root = browser.send("DOM.getDocument")["root"]["nodeId"]
    button = browser.send("DOM.querySelector", nodeId=root, selector="[data-key=r]")["nodeId"]
    box = browser.send("DOM.getBoxModel", nodeId=button)["model"]["content"]
    point = {"x": (box[0] + box[4]) / 2, "y": (box[1] + box[5]) / 2, "button": "left", "clickCount": 1}
    for kind in ("mousePressed", "mouseReleased"):
        browser.send("Input.dispatchMouseEvent", type=kind, **point)
    end = time.monotonic() + 10
    client = Client(int(desk.rsplit(":", 1)[1]))
    while "<b>Rejected</b>" not in client.get(found[1]).text:
        assert time.monotonic() < end
        time.sleep(0.1)


def _every_path(desk: str) -> list[str]:
    return pages_of(Client(int(desk.rsplit(":", 1)[1])))


@needs_axe
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_no_serious_fault(browser: Tab, read_desk: str, width: int, dark: bool) -> None:
    faults = {}
    kinds: set[str] = set()
    for path in _every_path(read_desk):
        kind = re.sub(r"(evidence/.)[0-9a-f]{16}|[0-9a-f]{16}", r"\1", path)
        if kind in kinds:  # one of each is enough
            continue
        kinds.add(kind)
        browser.open(read_desk + path, width, dark=dark)
        browser.js("document.querySelectorAll('details').forEach((part) => (part.open = true))")
        assert browser.js("document.documentElement.scrollWidth") <= width, path
        assert complaints(browser) == [], path
        bad = serious(browser)
        if "evidence" in path or "ledger" in path:  # the drawer over a page, too; what it covers was looked at before
            browser.js("(document.querySelector('main a[data-drawer]') || {click() {}}).click()")
            until(browser, f"!{DRAWER} || !!document.querySelector('#drawer-sheet h1')")
            assert complaints(browser) == [], path
            # Contrast is measured on the evidence pages, which have the same parts: in the drawer axe also looks at what lies under others.
            bad += serious(
                browser, "document.querySelector('#drawer-sheet') || document, {rules: {'color-contrast': {enabled: false}}}"
            )
        if bad:
            faults[path] = bad
    assert faults == {}


def test_attacks_in_source_text_do_nothing(browser: Tab, tmp_path: Path) -> None:
    path = tmp_path / "attacked.crisis"
    hostile_record(path)
    with serving(path) as access:
        desk = f"http://127.0.0.1:{access.port}"
        for address in _every_path(desk):
            browser.open(desk + address)
            browser.js("document.querySelectorAll('details').forEach((part) => (part.open = true))")
            browser.js("(document.querySelector('main a[data-drawer]') || {click() {}}).click()")
            until(browser, f"!{DRAWER} || !!document.querySelector('#drawer-sheet h1')")
            assert browser.js("typeof window.hurt") == "undefined", address
            assert complaints(browser) == [], address


def test_the_policy_stops_script_that_would_get_in(browser: Tab, read_desk: str) -> None:
    browser.open(f"{read_desk}/")
    browser.js("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.hurt=1\">')")
    browser.js("new Promise((done) => setTimeout(done, 150))")
    assert browser.js("typeof window.hurt") == "undefined"


NEWS = "document.getElementById('said').textContent"


def test_no_words_turn_the_direction_of_dates(browser: Tab, tmp_path: Path) -> None:
    with serving(make_turned(tmp_path / "turned.crisis")) as access:
        desk = f"http://127.0.0.1:{access.port}"
        for address in _every_path(desk):
            browser.open(desk + address)
            browser.js("document.querySelectorAll('details').forEach((part) => (part.open = true))")
            assert browser.js(STRETCH) == [], address


@pytest.mark.parametrize("path", ["/", "/tables/events", "/tables/statements", "/parties", "/map", "/sources", "/timeline"])
def test_tables_and_charts_print_whole(browser: Tab, read_desk: str, path: str) -> None:
    browser.open(read_desk + path, 672)  # the width of a printed page of A4
    browser.send("Emulation.setEmulatedMedia", media="print")
    boxes = "[...document.querySelectorAll('.scroll')].filter((box) => !box.closest('details:not([open])'))"
    assert browser.js(f"{boxes}.length")
    assert browser.js(
        f"{boxes}.every((box) => box.checkVisibility() !== box.matches('.wide-chart'))"
    )  # charts in their narrow drawing
    assert browser.js(f"{boxes}.every((box) => getComputedStyle(box).overflowX === 'visible')")
    assert browser.js(f"{boxes}.every((box) => box.scrollWidth <= document.documentElement.clientWidth)")
    assert browser.js("document.documentElement.scrollWidth") <= 672
    assert browser.js("[...document.querySelectorAll('figcaption')].every((words) => words.checkVisibility())")
    browser.send("Emulation.setEmulatedMedia", media="")


def test_a_chart_is_one_stop_and_arrow_keys_go_on(browser: Tab, read_desk: str) -> None:
    for path in ("/", "/timeline?zoom=days", "/parties", "/map"):
        browser.open(read_desk + path)
        stops = """[...document.querySelectorAll('.chart > .wide-chart')].map((box) =>
            [box, ...box.querySelectorAll('*')].filter((each) => each.tabIndex >= 0).length)"""
        assert set(browser.js(stops)) == {1}, path
    browser.open(f"{read_desk}/timeline?zoom=days")
    here = "[...document.querySelectorAll('.wide-chart svg a')].indexOf(document.activeElement)"
    last = browser.js("document.querySelectorAll('.wide-chart svg a').length") - 1
    assert last > 3
    browser.js("document.querySelector('.wide-chart svg a[tabindex=\"0\"]').focus()")
    assert browser.js(here) == last  # the latest
    browser.press("ArrowLeft")
    browser.press("ArrowLeft")
    assert browser.js(here) == last - 2
    assert browser.js("document.querySelectorAll('.wide-chart svg a[tabindex=\"0\"]').length") == 1
    browser.press("Tab")
    assert browser.js(here) == -1
    browser.js("document.querySelector('.wide-chart svg a[tabindex=\"0\"]').focus()")
    assert browser.js(here) == last - 2  # where it was left
    browser.press("Home")
    assert browser.js(here) == 0
    browser.press("ArrowLeft")
    assert browser.js(here) == 0
    browser.press("End")
    assert browser.js(here) == last
    assert complaints(browser) == []


def _reject(desk: str, id_: str) -> None:
    """A judgement of somebody else."""
    assert Client(int(desk.rsplit(":", 1)[1])).judge(id_, "reject").status == 303


def test_an_update_leaves_the_focus_and_what_is_unfolded(browser: Tab, desk: str) -> None:
    browser.open(f"{desk}/", 700)
    links = "[...document.querySelectorAll('#h-demands')][0].closest('section').querySelectorAll('h3 a')"
    key = browser.js(f"{links}[0].getAttribute('href').split('/').pop()")
    other = browser.js(
        "document.querySelector('[aria-labelledby=h-redlines] blockquote a').getAttribute('href').split('/').pop()"
    )
    browser.js(
        "document.querySelector('.chart details').open = true; document.querySelector('.chart > .scroll').scrollLeft = 20"
    )
    browser.js(f"{links}[0].focus(); document.getElementById('live').old = true")
    scrolled = browser.js("document.querySelector('.chart > .scroll').scrollLeft")
    top = browser.js("document.activeElement.getBoundingClientRect().top")
    _reject(desk, other)
    until(browser, "!document.getElementById('live').old", 20)
    assert browser.js("document.activeElement.getAttribute('href')") == f"/evidence/{key}"
    assert abs(browser.js("document.activeElement.getBoundingClientRect().top") - top) < 2
    assert browser.js("document.querySelector('.chart details').open")
    assert browser.js("document.querySelector('.chart > .scroll').scrollLeft") == scrolled
    assert until(browser, NEWS) == "The page shows what has changed in the record."
    assert not browser.js("!!document.getElementById('pulse-show')")
    assert complaints(browser) == []


def test_an_update_that_would_take_the_focus_is_offered(browser: Tab, desk: str) -> None:
    browser.open(f"{desk}/ledger/redlines")
    browser.js("document.querySelector('.entry blockquote a').focus(); document.getElementById('live').old = true")
    href = browser.js("document.activeElement.getAttribute('href')")
    _reject(desk, href.split("/")[-1])
    assert "has changed" in until(browser, NEWS, 20)
    assert browser.js("document.getElementById('live').old")
    assert browser.js("document.activeElement.getAttribute('href')") == href
    browser.js("document.getElementById('pulse-show').focus()")
    browser.press("Enter")
    until(browser, "!document.getElementById('live').old")
    assert not browser.js(f"!!document.querySelector('main a[href=\"{href}\"]')")
    assert browser.js("document.activeElement.id") == "main"
    until(browser, f"{NEWS}.includes('shows what has changed')")
    assert complaints(browser) == []


def test_what_was_done_is_told_in_a_region_that_stays(browser: Tab, desk: str) -> None:
    browser.open(f"{desk}/review")
    browser.js("document.getElementById('said').old = true")
    browser.press("s")
    assert until(browser, NEWS) == "Skipped"
    assert browser.js("document.getElementById('said').old")
    browser.open(f"{desk}/ledger/demands")
    browser.js("document.querySelector('.entry h3 a').click(); document.getElementById('drawer-said').old = true")
    until(browser, f"{DRAWER} && !!document.querySelector('#drawer-sheet h1')")
    browser.press("a")
    assert until(browser, "document.getElementById('drawer-said').textContent") == "Accepted."
    assert browser.js("document.getElementById('drawer-said').old")  # the page under an open drawer is inert
    assert not browser.js("!!document.querySelector('main [role=status], .sheet [role=status]')")


def test_the_page_goes_on_asking_after_a_fault(browser: Tab, desk: str, tmp_path: Path) -> None:
    browser.open(f"{desk}/ledger/redlines")
    browser.js("document.getElementById('pulse').old = true")
    (tmp_path / "own.crisis").rename(tmp_path / "away.crisis")
    end = time.monotonic() + 20
    while not any(event.get("params", {}).get("response", {}).get("status") == 503 for event in browser.events):
        assert time.monotonic() < end
        browser.js("new Promise((done) => setTimeout(done, 100))")
    (tmp_path / "away.crisis").rename(tmp_path / "own.crisis")
    assert browser.js("document.getElementById('pulse').old")
    href = browser.js("document.querySelector('.entry blockquote a').getAttribute('href')")
    _reject(desk, href.split("/")[-1])
    until(browser, f"!document.querySelector('main a[href=\"{href}\"]')", 20)


@pytest.mark.parametrize("at_once", [False, True])
def test_the_focus_goes_to_the_next_entry_when_its_own_is_gone(browser: Tab, desk: str, at_once: bool) -> None:
    browser.open(f"{desk}/ledger/redlines")
    links = "[...document.querySelectorAll('.entry blockquote a')]"
    href, after = browser.js(f"{links}.map((link) => link.getAttribute('href'))")[:2]
    browser.js(f"{links}[0].focus()")
    browser.press("Enter")
    until(browser, f"{DRAWER} && !!document.querySelector('#drawer-sheet h1')")
    browser.press("r")
    until(browser, DONE if at_once else f"!document.querySelector('main a[href=\"{href}\"]')")
    browser.press("Escape")
    until(browser, f"!{DRAWER} && !document.querySelector('main a[href=\"{href}\"]')")
    entry = f"document.querySelector('main a[href=\"{after}\"]').closest('.entry')"
    until(browser, f"{entry}.contains(document.activeElement)")


def test_the_focus_goes_into_the_page_after_a_permalink(browser: Tab, desk: str) -> None:
    browser.open(f"{desk}/ledger/redlines")
    href = browser.js("document.querySelector('.entry h3 a').getAttribute('href')")
    browser.open(f"{desk}/ledger/redlines#{href.split('/')[-1]}")
    until(browser, f"{DRAWER} && !!document.querySelector('#drawer-sheet h1')")
    browser.press("Escape")
    until(browser, f"!{DRAWER}")
    assert browser.js("document.activeElement.getAttribute('href')") == href
    browser.open(f"{desk}/tables#{href.split('/')[-1]}")
    until(browser, f"{DRAWER} && !!document.querySelector('#drawer-sheet h1')")
    browser.press("Escape")
    until(browser, f"!{DRAWER}")
    assert browser.js("document.activeElement.id") == "main"


@pytest.mark.parametrize("path", ["/", "/timeline", "/parties", "/map"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("dark", [False, True])
def test_charts_are_seen_whole_in_the_colours_of_the_page(
    browser: Tab, read_desk: str, path: str, width: int, dark: bool
) -> None:
    """One drawing of each chart is shown; nothing of it lies outside its frame; conflict has the page's own colour."""
    browser.open(f"{read_desk}{path}", width, dark=dark)
    frames = browser.js(
        "[...document.querySelectorAll('.chart > .scroll')].filter((box) => box.clientWidth)"
        ".map((box) => [box.scrollWidth - box.clientWidth, box.scrollLeft, box.className])"
    )
    assert frames
    assert all(
        over <= 0 and not left and name.endswith("narrow-chart" if width == 390 else "wide-chart")
        for over, left, name in frames
    )
    outside = """[...document.querySelectorAll('.chart > .scroll svg text')].filter((text) => {
        const frame = text.closest('.scroll').getBoundingClientRect(), box = text.getBoundingClientRect();
        return box.width && (box.left < frame.left || box.right > frame.right || box.top < frame.top || box.bottom > frame.bottom);
    }).map((text) => text.textContent)"""
    assert browser.js(outside) == []
    page = browser.js("getComputedStyle(document.documentElement).getPropertyValue('--conf').trim()")
    paint = """(() => { const probe = document.createElement('i'); probe.style.color = '%s'; document.body.append(probe);
        const wanted = getComputedStyle(probe).color; probe.remove();
        return [...document.querySelectorAll('.chart .conflict, .chart .line, .chart .material-conflict')].filter((part) => {
            const looks = getComputedStyle(part); return ![looks.fill, looks.stroke].includes(wanted); }).length; })()"""
    assert browser.js(paint % page) == 0


def test_a_reviewer_is_told_what_others_changed_and_not_what_they_did_themselves(browser: Tab, desk: str) -> None:
    browser.open(f"{desk}/review")
    first = browser.js(CARD)
    browser.press("a")
    card = until(browser, f"{CARD} !== '{first}' && {CARD}")
    asked = "performance.getEntriesByType('resource').filter((each) => each.name.includes('/changes')).length"
    before = browser.js(asked)
    until(browser, f"{asked} > {before}", 20)
    browser.js("new Promise((done) => setTimeout(done, 300))")
    assert not browser.js("!!document.getElementById('pulse-show')")
    _reject(desk, card)
    until(browser, "!!document.getElementById('pulse-show')", 20)
    assert "has changed" in until(browser, NEWS)


def test_a_key_pressed_while_saving_judges_nothing_and_is_told(browser: Tab, desk: str, tmp_path: Path) -> None:
    browser.open(f"{desk}/review", 1280)
    first = browser.js(CARD)
    with store.held(tmp_path / "own.crisis"):
        browser.press("a")
        until(browser, "(document.querySelector('.saving') || {}).textContent === 'Saving…'")
        browser.press("r")
        until(browser, "document.querySelector('.saving').textContent.includes('r is not taken')")
    second = until(browser, f"{CARD} !== '{first}' && {CARD}")
    until(browser, "document.querySelector('.saving').textContent.startsWith('r was not taken')")
    until(browser, "document.querySelector('#said').textContent.startsWith('r was not taken')")
    assert "1 of 100 cards" in browser.js("document.querySelector('.progress').innerText")
    assert browser.js(CARD) == second
    browser.press("r")
    until(browser, f"{CARD} !== '{second}'")
    until(browser, "!document.querySelector('.saving')")
    assert "2 of 100 cards" in browser.js("document.querySelector('.progress').innerText")
    assert complaints(browser) == []


@pytest.mark.parametrize("dark", [False, True])
def test_what_is_wrong_with_a_field_is_seen(browser: Tab, desk: str, dark: bool) -> None:
    browser.open(f"{desk}/review", 1280, dark=dark)
    browser.js("document.querySelector('.correct').open = true")
    browser.js("document.querySelector('[name=\"value.date\"]').value = 'never'")
    browser.js("document.querySelector('.correct button.do').click()")
    until(browser, "!!document.querySelector('small.wrong')")
    style = "getComputedStyle(document.querySelector('small.wrong'), {0})".format
    assert "!" in browser.js(f"{style(repr('::before'))}.content")
    assert browser.js(f"{style('null')}.borderLeftWidth") == "3px"
    assert browser.js(f"{style('null')}.color") == browser.js("getComputedStyle(document.body).color")
    assert browser.js("getComputedStyle(document.querySelector('[aria-invalid=true]')).borderTopWidth") == "2px"
