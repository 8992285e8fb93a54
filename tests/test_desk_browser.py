"""The desk in a real browser: whole journeys by mouse and keyboard, at desktop and phone width, with axe-core over every screen.

Needs Debian's `chromium`; skipped where it is not installed. The browser can reach nothing but this computer, and any request that would
leave it, like any error in the console, fails the test.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from chromium import PROGRAM, Tab, tab
from desk_site import Client, add, make_record, serving
from test_desk_security import hostile_record, pages_of

from melian.crisis.record import store

pytestmark = [pytest.mark.slow, pytest.mark.skipif(PROGRAM is None, reason="no chromium here (apt-get install chromium)")]

WIDTHS = [1280, 390]
DRAWER = "document.getElementById('drawer').open"
DONE = "!!document.querySelector('#drawer-sheet .done')"
CARD = "(document.querySelector('[data-card]') || {dataset: {}}).dataset.subject"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_record(tmp_path_factory.mktemp("record") / "geneva.crisis")


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
    assert "16 cards in this session, 69% agreed with" in browser.js("document.querySelector('.progress').innerText")
    last, now = seen[-2], seen[-1]
    browser.press("u")  # the last judged card comes back
    back = until(browser, f"{CARD} && {CARD} !== '{now}' && {CARD}")
    assert back in seen
    assert back != last  # that one was skipped, not judged
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
    assert "1 card in this session" in browser.js("document.querySelector('.progress').innerText")
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


AXE = find_spec("axe_core_python")


@pytest.mark.skipif(AXE is None, reason="axe-core is not installed (pip install axe-core-python)")
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_no_serious_fault(browser: Tab, read_desk: str, width: int, dark: bool) -> None:
    assert AXE
    assert AXE.submodule_search_locations
    script = (Path(AXE.submodule_search_locations[0]) / "axe.min.js").read_text(encoding="utf-8")
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
        browser.js(script + "\n;0")
        bad = _serious(browser, "document")
        if "evidence" in path or "ledger" in path:  # the drawer over a page, too; what it covers was looked at before
            browser.js("(document.querySelector('main a[data-drawer]') || {click() {}}).click()")
            until(browser, f"!{DRAWER} || !!document.querySelector('#drawer-sheet h1')")
            assert complaints(browser) == [], path
            # Contrast is measured on the evidence pages, which have the same parts: in the drawer axe also looks at what lies under others.
            bad += _serious(
                browser, "document.querySelector('#drawer-sheet') || document, {rules: {'color-contrast': {enabled: false}}}"
            )
        if bad:
            faults[path] = bad
    assert faults == {}


def _serious(browser: Tab, where: str) -> list[tuple[str, str, str]]:
    found = json.loads(browser.js(f"axe.run({where}).then((found) => JSON.stringify(found.violations))"))
    return [
        (each["id"], each["nodes"][0]["html"][:200], each["nodes"][0]["failureSummary"])
        for each in found
        if each["impact"] in ("serious", "critical")
    ]


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
