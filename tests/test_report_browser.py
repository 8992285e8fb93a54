"""The page in a real browser: keyboard, drawer, deep links, no script, phone width, nothing fetched.

Needs Debian's `chromium`; skipped where it is not installed.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe import needs_axe, serious
from chromium import PROGRAM, STRETCH, Tab, tab
from desk_site import TURNED, turned
from report_sample import CODED, DOCUMENTS

from melian.report.page import render

pytestmark = [pytest.mark.slow, pytest.mark.skipif(PROGRAM is None, reason="no chromium here (apt-get install chromium)")]

OPEN = "document.getElementById('drawer').open"
RED_LINE = "document.querySelector('#redlines .entry:has(.condition) blockquote a')"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_text(render(DOCUMENTS, CODED, "The Geneva winter"), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[Tab]:
    with tab() as opened:
        yield opened


def complaints(browser: Tab) -> list[object]:
    """Console errors, exceptions and requests for anything but the page itself."""
    found: list[object] = [
        e["params"] for e in browser.events if e.get("method") in ("Log.entryAdded", "Runtime.exceptionThrown")
    ]
    requests = [e["params"]["request"]["url"] for e in browser.events if e.get("method") == "Network.requestWillBeSent"]
    return found + [address for address in requests if not address.startswith(("file:", "data:,"))]


def test_enter_opens_the_words_and_escape_gives_the_focus_back(browser: Tab, url: str) -> None:
    browser.open(url)
    browser.js(f"{RED_LINE}.focus()")
    browser.press("Enter")
    assert browser.js(OPEN)
    assert (
        browser.js("[...document.querySelectorAll('#drawer-text mark.i')].map(m => m.textContent).join('')")
        == "if Russian forces invade Ukraine"
    )
    content = browser.js("[...document.querySelectorAll('#drawer-text mark.c')].map(m => m.textContent).join('')")
    assert (
        " ".join(content.split())
        == 'if Russian forces invade Ukraine, "it will be met with a swift, severe and united response"'
    )
    labels = browser.js("[...document.querySelectorAll('#drawer-text .label')].map(l => l.textContent)")
    assert sorted(set(labels)) == ["about", "condition", "content", "cue", "speaker"]
    shown = browser.js("document.getElementById('drawer').textContent")
    assert "Ninety minutes in Geneva — The Harbour Courier, 21 Jan 2022" in shown
    assert "90%" in shown
    assert "head: attribution" in shown
    assert browser.js("location.hash").startswith("#m-s")
    browser.press("Escape")
    assert not browser.js(OPEN)
    assert browser.js(f"document.activeElement === {RED_LINE}")
    assert browser.js("location.hash") == ""
    assert complaints(browser) == []


def test_going_back_closes_the_drawer(browser: Tab, url: str) -> None:
    browser.open(url)
    browser.js(f"{RED_LINE}.click()")
    assert browser.js(OPEN)
    browser.js("new Promise((done) => { addEventListener('popstate', () => setTimeout(done, 50)); history.back(); })")
    assert not browser.js(OPEN)


def test_a_deep_link_opens_its_words(browser: Tab, url: str) -> None:
    browser.open(url)
    address = browser.js(f"{RED_LINE}.getAttribute('href')")
    browser.open(url + address)
    assert browser.js(OPEN)
    browser.press("Escape")
    assert not browser.js(OPEN)
    browser.open(url + "#m-nonsense")
    assert not browser.js(OPEN)


def test_every_evidence_link_opens_the_words_of_its_record(browser: Tab, url: str) -> None:
    browser.open(url)
    empty = browser.js("""(() => {
        const bad = [];
        for (const link of document.querySelectorAll('main a[href^="#m-"]')) {
            link.click();
            const marks = document.querySelectorAll('#drawer-text mark.e, #drawer-text mark.c');
            if (!document.getElementById('drawer').open || !marks.length) bad.push(link.outerHTML);
        }
        return bad;
    })()""")
    assert empty == []
    assert complaints(browser) == []


def test_the_marks_of_the_drawer_are_the_very_spans(browser: Tab, url: str) -> None:
    browser.open(url)
    wanted = {
        document.text[slice(*statement.content)]
        for document, coded in zip(DOCUMENTS, CODED, strict=True)
        for statement in coded.statements
    }
    shown = browser.js("""[...document.querySelectorAll('#statements a[href^="#m-"]')].map((link) => {
        link.click();
        return [...document.querySelectorAll('#drawer-text mark.c')].map((mark) => mark.textContent).join('');
    })""")
    assert set(shown) == wanted


def test_the_keyboard_reaches_the_skip_link_first_and_stays_in_the_open_drawer(browser: Tab, url: str) -> None:
    browser.open(url)
    browser.press("Tab")
    assert browser.js("document.activeElement.className") == "skip"
    browser.js(f"{RED_LINE}.focus()")
    browser.press("Enter")
    for _ in range(4):
        browser.press("Tab")
        assert browser.js(
            "document.activeElement === document.body || document.getElementById('drawer').contains(document.activeElement)"
        )


def test_a_folded_part_unfolds_for_its_link(browser: Tab, url: str) -> None:
    browser.open(url)
    key = browser.js("document.querySelector('details:not([open]) li[id^=\"q-\"]').id")
    browser.open(f"{url}#{key}")
    assert browser.js(f"document.getElementById('{key}').checkVisibility()")


def test_without_script_a_link_jumps_to_the_marked_words(browser: Tab, url: str) -> None:
    browser.open(url)
    address = browser.js(f"{RED_LINE}.getAttribute('href')")
    browser.open(url + address, scripts=False)
    spot = f"document.getElementById('{address[1:]}')"
    assert not browser.js(OPEN)
    assert 0 <= browser.js(f"{spot}.nextElementSibling.getBoundingClientRect().top") < 900
    assert browser.js(f"getComputedStyle({spot}.nextElementSibling).outlineStyle") == "solid"


@pytest.mark.parametrize("width", [360, 390, 768, 1280])
@pytest.mark.parametrize("dark", [False, True])
def test_it_fits_the_window_in_light_and_dark(browser: Tab, url: str, width: int, dark: bool) -> None:
    browser.open(url, width, 800, dark)
    assert browser.js("document.documentElement.scrollWidth") <= width
    ground = browser.js("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(21, 22, 26)" if dark else "rgb(252, 251, 248)")
    browser.js(f"{RED_LINE}.click()")
    assert browser.js("document.querySelector('.sheet').scrollWidth <= document.querySelector('.sheet').clientWidth")
    assert browser.js("document.getElementById('close').getBoundingClientRect().height") >= 44
    assert complaints(browser) == []


def test_the_script_and_style_run_under_the_pages_own_policy_and_nothing_else_does(browser: Tab, url: str) -> None:
    browser.open(url)
    assert browser.js("document.documentElement.className") == "scripted"
    hostile = '<img src=x onerror="window.hurt=1"><p style="color:red" id=p>x</p>'
    browser.js(f"document.body.insertAdjacentHTML('beforeend', '{hostile}')")
    browser.js("new Promise((done) => setTimeout(done, 100))")
    assert browser.js("typeof window.hurt") == "undefined"
    assert browser.js("getComputedStyle(document.getElementById('p')).color") != "rgb(255, 0, 0)"


def test_it_prints_statements_unfolded_and_leaves_folded_what_is_secondary(browser: Tab, url: str) -> None:
    browser.open(url)
    browser.send("Emulation.setEmulatedMedia", media="print")
    browser.js("window.dispatchEvent(new Event('beforeprint'))")
    assert browser.js("[...document.querySelectorAll('.said li')].every((li) => li.checkVisibility())")
    assert not browser.js("document.querySelector('nav').checkVisibility()")
    assert browser.js(
        "[...document.querySelectorAll('details.fold, details.notes, .chart details')].every((part) => !part.open)"
    )
    assert browser.pdf().startswith(b"%PDF")


def test_it_opens_within_a_second(browser: Tab, url: str) -> None:
    browser.open(url)
    assert browser.js("performance.getEntriesByType('navigation')[0].loadEventEnd") < 1000


def test_the_drawer_scrolls_by_keyboard_wherever_the_focus_is(browser: Tab, url: str) -> None:
    browser.open(url, 390, 400)
    browser.js(f"{RED_LINE}.focus()")
    browser.press("Enter")
    sheet = "document.querySelector('.sheet')"
    assert browser.js(f"{sheet}.scrollHeight > {sheet}.clientHeight")
    browser.press("Tab")
    for _ in range(4):
        if browser.js(f"document.activeElement === {sheet}"):
            break
        browser.press("Tab")
    browser.js(f"{sheet}.scrollTop = 0")
    browser.press("End")
    browser.js("new Promise((done) => setTimeout(done, 300))")
    assert browser.js(f"{sheet}.scrollTop") > 0


def test_each_chart_is_one_stop_and_arrow_keys_go_on(browser: Tab, url: str) -> None:
    browser.open(url)
    stops = """[...document.querySelectorAll('.chart > .scroll')].filter((box) => box.clientWidth).map((box) =>
        [box, ...box.querySelectorAll('*')].filter((each) => each.tabIndex >= 0).length)"""
    assert set(browser.js(stops)) == {1}
    marks = "[...document.querySelectorAll('.wide-chart svg.chart-timeline a')]"
    here, last = f"{marks}.indexOf(document.activeElement)", browser.js(f"{marks}.length") - 1
    browser.js(f"{marks}.find((mark) => mark.tabIndex === 0).focus()")
    assert browser.js(here) == last > 1
    browser.press("ArrowLeft")
    assert browser.js(here) == last - 1
    browser.press("Home")
    assert browser.js(here) == 0
    browser.press("Enter")
    assert browser.js("location.hash").startswith("#t-20")
    assert complaints(browser) == []


def test_every_table_hands_out_its_rows(browser: Tab, url: str) -> None:
    browser.open(url)
    browser.js("""window.given = []; URL.createObjectURL = (blob) => { window.given.push(blob); return 'data:,'; };
        HTMLAnchorElement.prototype.click = function () { window.given.push(this.download); }""")
    browser.js("document.querySelectorAll('button[data-table]').forEach((button) => button.click())")
    files = browser.js("""Promise.all(window.given.filter((each) => each instanceof Blob).map((blob) => blob.text())).then((texts) =>
        window.given.filter((each) => typeof each === 'string').map((name, at) => [name, texts[at]]))""")
    found = dict(files)
    assert len(found) >= 24
    for name in {name.rsplit(".", 1)[0] for name in found}:
        rows = list(csv.DictReader(io.StringIO(found[f"{name}.csv"], newline="")))
        assert len(rows) == len(json.loads(found[f"{name}.json"])), name
    (line,) = [row for row in csv.DictReader(io.StringIO(found["melian-redlines.csv"])) if row["condition"]]
    assert line["condition"] == "if Russian forces invade Ukraine"


@needs_axe
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_no_serious_fault(browser: Tab, url: str, width: int, dark: bool) -> None:
    browser.open(url, width, dark=dark)
    browser.js("document.querySelectorAll('details').forEach((part) => (part.open = true))")
    assert serious(browser) == []
    browser.js(f"{RED_LINE}.click()")
    # Contrast is measured on the page, which has the same parts: in the drawer axe also looks at what lies under others.
    assert serious(browser, "document.getElementById('drawer'), {rules: {'color-contrast': {enabled: false}}}") == []


def test_no_words_turn_the_direction_of_dates(browser: Tab, tmp_path: Path) -> None:
    path = tmp_path / "turned.html"
    path.write_text(render(*turned(), TURNED), encoding="utf-8")
    browser.open(path.as_uri())
    browser.js("document.querySelectorAll('details').forEach((part) => (part.open = true))")
    assert browser.js(STRETCH) == []
    browser.js(f"{RED_LINE}.click()")
    assert browser.js(OPEN)
    assert browser.js(STRETCH) == []
