"""Web pages: the article without what stands around it, and what is said of pages without one."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest
from written_inputs import ANSWER, ARTICLE, ARTICLE_TEXT, DENIAL, ENGLISH, LOGIN, put

from melian.errors import InputError, NoArticle, NotEnglish, TooLarge, UnreadableInput
from melian.records import Document, Link
from melian.sources import read_inputs
from melian.sources.decoding import decode_declared
from melian.sources.pages.fragments import plain_text
from melian.sources.pages.page_tree import parse
from melian.sources.pages.related import take_related

OIL, TROOPS = (
    Link("Oil prices rise", "https://example.org/world/oil"),
    Link("Troops near the border", "https://example.org/world/troops"),
)
WITHOUT_ADDRESS = ARTICLE.replace('<link rel="canonical" href="https://example.org/world/talks">', "")


def page(folder: Path, content: str | bytes, name: str = "talks.html") -> Document:
    (found,) = read_inputs([put(folder, name, content)])
    assert isinstance(found, Document), found
    return found


def error(folder: Path, content: str | bytes) -> InputError:
    (found,) = read_inputs([put(folder, "talks.html", content)])
    assert isinstance(found, InputError), found
    return found


def html(body: str, head: str = "<title>A page</title>") -> str:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"


# --- articles -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["talks.html", "talks.htm", "talks.xhtml", "talks.txt", "talks"])
def test_an_article_is_taken_out_of_its_page(tmp_path: Path, name: str) -> None:
    found = page(tmp_path, ARTICLE, name)
    assert found.text == ARTICLE_TEXT
    assert (found.published, found.published_at) == ("2022-01-21", "2022-01-22T04:30:00Z")
    assert (found.doc_id, found.title, found.outlet) == ("talks", "Talks end in Geneva", "The Example Post")
    assert (found.published, found.published_from) == ("2022-01-21", "given")  # as written, not as it was in Greenwich
    assert found.url == "https://example.org/world/talks"
    assert found.links == (OIL, TROOPS)
    assert found.origin == str(tmp_path / name)


def test_a_page_without_a_date_has_the_givers(tmp_path: Path) -> None:
    path = put(tmp_path, "a.html", html(f"<article><p>{ENGLISH}</p><p>{ANSWER}</p></article>"))
    (found,) = read_inputs([path], published="2022-01-21")
    assert isinstance(found, Document)
    assert found.published == "2022-01-21"


def test_a_browsers_note_gives_the_address_of_a_saved_page(tmp_path: Path) -> None:
    saved = "<!-- saved from url=(0033)https://example.org/saved -->\n" + WITHOUT_ADDRESS
    assert page(tmp_path, saved).url == "https://example.org/saved"


def test_a_page_saved_as_one_file(tmp_path: Path) -> None:
    message = EmailMessage()
    message["From"] = "<Saved by Blink>"
    message["Snapshot-Content-Location"] = "https://example.org/snapshot"
    message.set_content(WITHOUT_ADDRESS, subtype="html", charset="utf-8", cte="quoted-printable")
    message.make_related()
    message.add_related(b"\x89PNG", maintype="image", subtype="png")
    for name in ("talks.mhtml", "talks.mht", "talks"):
        found = page(tmp_path, message.as_bytes(), name)
        assert (found.text, found.url) == (ARTICLE_TEXT, "https://example.org/snapshot")


def test_the_frames_beside_a_saved_page_are_no_documents(tmp_path: Path) -> None:
    put(tmp_path, "Talks.html", ARTICLE)
    put(tmp_path, "Talks_files/frame.html", ARTICLE)
    put(tmp_path, "other_files/a.txt", ENGLISH)
    found = list(read_inputs([tmp_path]))
    assert [each.doc_id for each in found if isinstance(each, Document)] == ["Talks", "a"]


# --- encodings ------------------------------------------------------------------------------------------------------

QUOTED = "The minister’s answer to the demands of NATO was “no”, as he told reporters on Friday."


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ('<meta charset="utf-8">', "utf-8"),
        ('<meta charset="windows-1252">', "cp1252"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">', "cp1252"),
        ('<meta charset="gb18030">', "gb18030"),
        ('<meta charset="no-such-encoding">', "utf-8"),
        ("", "utf-8"),
        ("", "utf-8-sig"),
        ("", "utf-16"),
        ("", "cp1252"),
        ('<meta charset="utf-8">', "cp1252"),  # wrong, and told
    ],
)
def test_a_pages_encoding_is_what_it_declares_or_else_is_told_by_its_bytes(
    tmp_path: Path, declared: str, encoding: str
) -> None:
    written = html(f"<article><p>{QUOTED}</p><p>{ENGLISH}</p></article>", declared + "<title>No</title>")
    assert page(tmp_path, written.encode(encoding)).text == f"{QUOTED}\n{ENGLISH}"


def test_a_wrong_encoding_is_named(caplog: pytest.LogCaptureFixture) -> None:
    assert decode_declared(QUOTED.encode("cp1252"), "here", "utf-8") == QUOTED
    assert "here: it says it is utf-8, and is not" in caplog.text
    with pytest.raises(UnreadableInput, match="here: not UTF-8, though it says it is utf-8"):
        decode_declared("Москва отвергла требования".encode("koi8-r"), "here", "utf-8")


def test_a_page_in_another_language_is_set_aside(tmp_path: Path) -> None:
    text = "Министр заявил в пятницу, что Москва ждёт письменного ответа на свои предложения."
    raw = html(f"<p>{text}</p>", '<meta charset="windows-1251"><title>Ответ</title>').encode("cp1251")
    found = error(tmp_path, raw)
    assert isinstance(found, NotEnglish)
    assert found.language == "Russian"


# --- "Read also" ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        '<p>Read also: <a href="/1">Oil rises</a></p>',
        '<p><b>READ MORE | </b><a href="/1">Oil rises</a></p>',
        '<p><a href="/1">SEE ALSO: Oil rises</a></p>',
        '<p><em>Also read – <a href="/1">Oil rises</a> (video)</em></p>',
        '<h3>More on this story</h3><ul><li><a href="/1">Oil rises</a></li></ul>',
        '<div class="c-related-links"><p>Stay informed.</p><a href="/1">Oil rises</a></div>',
        '<aside id="readAlso"><a href="/1">Oil rises</a></aside>',
        '<ul><li>Related: <a href="/1">Oil rises</a></li></ul>',
    ],
)
def test_links_to_other_reports_stand_apart(line: str) -> None:
    text, links = plain_text(f"<p>Before.</p>{line}<p>After.</p>", "https://example.org/talks", "here")
    assert text == "Before.\nAfter."
    assert links == (Link("Oil rises", "https://example.org/1"),)


@pytest.mark.parametrize(
    "line",
    [
        '<p>Watch officials <a href="/1">said on Friday that two ships had left port</a>.</p>',
        '<p>He said <a href="/1">in a letter</a> that talks would go on.</p>',
        "<p>Read also the small print, the minister told reporters.</p>",
        '<div class="related-talks"><p>'
        + "The two sides met again and spoke of the border and of the troops. " * 6
        + '<a href="/1">x</a></p></div>',
        "<h2>Background</h2><p>The two countries have been at odds since 2014.</p>",
    ],
)
def test_sentences_with_links_stay_in_the_text(line: str) -> None:
    tree = parse(f"<p>Before.</p>{line}<p>After.</p>", "here")
    before = " ".join(tree.itertext())
    assert take_related(tree, None) == ()
    assert " ".join(tree.itertext()) == before


# --- pages without an article ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (LOGIN, "asks to log in"),
        (html('<h1>Welcome</h1><form><input type="password"></form>'), "asks to log in"),
        (html("<h1>Sign in</h1><p>To go on, please sign in with your account.</p>"), "asks to log in"),
        (html("<noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div>"), "asks for JavaScript"),
        (html("<h1>example.org</h1><p>Checking your browser before accessing it.</p>"), "whether you are a person"),
        (html("<h1>Oops</h1><p>404 Not Found: the page you requested is no longer available.</p>"), "is not there"),
        (html("".join(f'<h3><a href="/{n}">Minister number {n} speaks of talks</a></h3>' for n in range(20))), "list of links"),
        ("  \n", "empty"),
        ("<html></html>", "no article's text"),
    ],
)
def test_a_page_without_an_article_says_what_it_is(tmp_path: Path, content: str, said: str) -> None:
    found = error(tmp_path, content)
    assert isinstance(found, NoArticle)
    assert said in str(found)
    assert found.where == str(tmp_path / "talks.html")


def test_an_article_behind_a_log_in_form_in_the_header_is_one(tmp_path: Path) -> None:
    longer = f"<p>{DENIAL} {ENGLISH} {ANSWER}</p>" * 2 + "</article>"
    form = '<header><form>Log in <input type="password"></form>'
    found = page(tmp_path, ARTICLE.replace("</article>", longer).replace("<header>", form))
    assert found.text.startswith(ENGLISH)


def test_a_short_report_between_banners_is_an_article(tmp_path: Path) -> None:
    banners = '<div><p>Accept all cookies</p></div><form>Log in <input type="password"> Create an account</form>'
    flash = f"<article><p>{ENGLISH}</p><p>{DENIAL}</p></article>"
    assert page(tmp_path, html(banners + flash)).text.startswith(f"{ENGLISH}\n{DENIAL}")


def test_a_page_that_melian_wrote_is_no_report(tmp_path: Path) -> None:
    found = error(tmp_path, html(f"<p>{ENGLISH}</p>", '<meta name="generator" content="Melian">'))
    assert "Melian wrote this page" in str(found)


@pytest.mark.parametrize(
    "endless",
    [
        "<div>" * 200_000 + ENGLISH,
        "<table><tr><td>" * 100_000,
        f"<p>{ENGLISH}</p>" * 60_000,
    ],
)
def test_html_that_never_ends_is_refused(tmp_path: Path, endless: str) -> None:
    assert isinstance(error(tmp_path, html(endless)), TooLarge)


@pytest.mark.parametrize("unclosed", ["<!-- ", "<p title='", "<script>", "<style>"])
def test_what_is_never_closed_ends_with_the_page(tmp_path: Path, unclosed: str) -> None:
    body = f"<article><p>{ENGLISH}</p><p>{ANSWER}</p></article>{unclosed}" + "word " * 200_000
    assert page(tmp_path, html(body)).text.startswith(f"{ENGLISH}\n{ANSWER}")


# --- pieces of HTML -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("No tags &amp; no lines.", "No tags & no lines."),
        ("<p>One <b>and</b>\ntwo.</p><p>Three.</p>", "One and two.\nThree."),
        ("One.<br/>Two.<br>\n<br>Three.", "One.\nTwo.\nThree."),
        ("<div style='display: none'>Hidden</div><script>x()</script><p>Shown.</p>", "Shown."),
        ("<table><tr><td>A</td><td>B</td></tr></table>", "A\nB"),
        ("<p>Control &#1; and \x02 signs.</p>", "Control and signs."),
        ("", ""),
        ("<p></p>", ""),
    ],
)
def test_pieces_of_html_become_lines(fragment: str, text: str) -> None:
    assert plain_text(fragment, None, "here") == (text, ())
