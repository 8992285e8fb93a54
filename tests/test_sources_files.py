"""PDF, DOCX, e-mails and archives."""

from __future__ import annotations

import gzip
import io
from datetime import datetime
from pathlib import Path

import pytest
from written_inputs import ANSWER, ARTICLE, ARTICLE_TEXT, DENIAL, ENGLISH, json_line, mail, pdf, put, zip_bomb, zipped

from melian.errors import EmptyText, InputError, MissingInput, MissingLibrary, TooLarge, UnreadableInput
from melian.records import Document
from melian.sources import Found, limits, optional, read_inputs
from melian.sources.given import digest
from melian.sources.texts.pdf_lines import joined


def found_in(folder: Path, name: str, content: str | bytes) -> list[Found]:
    return list(read_inputs([put(folder, name, content)]))


def document(folder: Path, name: str, content: str | bytes) -> Document:
    (found,) = found_in(folder, name, content)
    assert isinstance(found, Document), found
    return found


def error(folder: Path, name: str, content: str | bytes) -> InputError:
    (found,) = found_in(folder, name, content)
    assert isinstance(found, InputError), found
    return found


def docx(*paragraphs: str, title: str = "", created: datetime | None = None) -> bytes:
    import docx as python_docx

    document = python_docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.core_properties.title = title
    document.core_properties.created = created or datetime(2022, 1, 20)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


# --- PDF ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["talks.pdf", "talks.txt", "talks"])
def test_a_pdf_gives_its_text_title_and_day(tmp_path: Path, name: str) -> None:
    raw = pdf([[ENGLISH], [ANSWER]], {"Title": "Statement", "CreationDate": "D:20220120103000+01'00'"})
    found = document(tmp_path, name, raw)
    assert (found.text, found.title, found.published) == (f"{ENGLISH}\n{ANSWER}", "Statement", "2022-01-20")
    assert found.digest == digest(raw)


def test_a_date_in_the_text_goes_before_that_of_the_file(tmp_path: Path) -> None:
    properties = {"CreationDate": "D:20220123", "Title": "Microsoft Word - final2.doc"}
    found = document(tmp_path, "a.pdf", pdf([["GENEVA, 21 January 2022", ENGLISH]], properties))
    assert (found.published, found.published_from, found.title) == (None, "none", None)
    found = document(tmp_path, "a.docx", docx("GENEVA, 21 January 2022", ENGLISH))
    assert found.published is None


@pytest.mark.parametrize(
    ("raw", "kind", "said"),
    [
        (pdf([[], []]), EmptyText, "pictures of pages"),
        (pdf([[ENGLISH]])[:150], UnreadableInput, "broken PDF"),
        (b"%PDF-1.7\n" + bytes(2000), UnreadableInput, "broken PDF"),
        (pdf([[ENGLISH]]).replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]"), UnreadableInput, "broken PDF"),
    ],
)
def test_a_pdf_that_cannot_be_read_says_why(tmp_path: Path, raw: bytes, kind: type[InputError], said: str) -> None:
    found = error(tmp_path, "a.pdf", raw)
    assert isinstance(found, kind)
    assert said in str(found)


def test_an_encrypted_pdf(tmp_path: Path) -> None:
    import pypdf

    def encrypted(user: str) -> bytes:
        writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf([[ENGLISH]])))
        writer.encrypt(user_password=user, owner_password="owner", algorithm="RC4-128")
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()

    assert "encrypted" in str(error(tmp_path, "a.pdf", encrypted("secret")))
    assert document(tmp_path, "b.pdf", encrypted("")).text == ENGLISH  # only printing is forbidden


@pytest.mark.parametrize(
    ("pages", "text"),
    [
        ([["The de-", "mands were met."]], "The demands were met."),
        ([["Russia-", "led forces"]], "Russia-led forces"),
        ([["a long-", "term plan, and a long-term aim"]], "a long-term plan, and a long-term aim"),
        ([["Ministry", "One.", "1"], ["Ministry", "Two.", "2"], ["Ministry", "Three.", "Page 3 of 3"]], "One.\nTwo.\nThree."),
        ([["Talks", "One."], ["Talks", "Two."]], "Talks\nOne.\nTalks\nTwo."),  # two pages tell nothing of headers
    ],
)
def test_lines_of_pages_are_put_together(pages: list[list[str]], text: str) -> None:
    assert joined(["\n".join(lines) for lines in pages]) == text


# --- DOCX -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["talks.docx", "talks.txt", "talks.zip"])
def test_a_word_processors_file(tmp_path: Path, name: str) -> None:
    raw = docx(ENGLISH, "", "One\ttwo\nthree", title="Communiqué", created=datetime(2022, 1, 21, 23, 30))
    found = document(tmp_path, name, raw)
    assert found.text == f"{ENGLISH}\nOne\ttwo\nthree"
    assert (found.title, found.published, found.digest) == ("Communiqué", "2022-01-21", digest(raw))


def test_tables_come_in_their_place_and_deleted_words_not_at_all(tmp_path: Path) -> None:
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'

    def paragraph(words: str) -> str:
        return f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"

    xml = (
        f"<w:document {w} {mc}><w:body>{paragraph(ENGLISH)}<w:tbl><w:tr><w:tc>{paragraph('A cell')}</w:tc></w:tr></w:tbl>"
        "<w:p><w:r><w:t>Kept</w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
        f"<mc:AlternateContent><mc:Choice>{paragraph('In a box')}</mc:Choice><mc:Fallback>{paragraph('In a box')}</mc:Fallback>"
        "</mc:AlternateContent></w:p></w:body></w:document>"
    )
    found = document(tmp_path, "a.docx", zipped({"word/document.xml": xml}))
    assert found.text == f"{ENGLISH}\nA cell\nIn a box\nKept"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (docx(ENGLISH)[:2000], "broken zip archive"),
        (zipped({"word/document.xml": "<w:document>"}), "broken .docx file"),
        (zipped({"notes.txt": ENGLISH}), "no text document"),
        (zip_bomb("word/document.xml"), "400 times its size"),
    ],
)
def test_a_docx_that_cannot_be_read_says_why(tmp_path: Path, raw: bytes, said: str) -> None:
    assert said in str(error(tmp_path, "a.docx", raw))


# --- e-mails --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.eml", "a"])
def test_an_email(tmp_path: Path, name: str) -> None:
    found = document(tmp_path, name, mail(ENGLISH))
    assert found.text == ENGLISH + "\n"
    assert (found.title, found.outlet, found.published) == ("Statement on the talks — Geneva", "Example Ministry", "2022-01-21")


def test_an_email_in_html(tmp_path: Path) -> None:
    body = f"<div style='display:none'>In short</div><table><tr><td>{ENGLISH}</td></tr><tr><td>{ANSWER}</td></tr></table>"
    for raw in (mail(html=body), mail("See this mail in your browser.", body)):
        assert document(tmp_path, "a.eml", raw).text == f"{ENGLISH}\n{ANSWER}"
    assert document(tmp_path, "a.eml", mail(f"{ENGLISH} {ANSWER}", body)).text == f"{ENGLISH} {ANSWER}\n"


def test_attachments_are_passed_over_and_noted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert document(tmp_path, "a.eml", mail(ENGLISH, attached="answer.pdf")).text == ENGLISH + "\n"
    assert "attachments passed over: answer.pdf" in caplog.text
    assert "no text beside its attachments" in str(error(tmp_path, "b.eml", mail("", attached="answer.pdf")))


def test_an_email_with_broken_headers_is_read(tmp_path: Path) -> None:
    raw = (
        b"From: =?utf-8?q?=ff=?= <a@b\r\nDate: yesterday\r\nContent-Type: text/plain; charset=none-such\r\n\r\n"
        + ENGLISH.encode()
    )
    found = document(tmp_path, "a.eml", raw)
    assert (found.text, found.published) == (ENGLISH, None)
    assert "no headers" in str(error(tmp_path, "b.eml", ENGLISH))


# --- archives -------------------------------------------------------------------------------------------------------


def test_an_archive_gives_what_is_in_it(tmp_path: Path) -> None:
    files = {
        "news/b.html": ARTICLE,
        "news/a.txt.gz": gzip.compress(ENGLISH.encode()),
        "lines.jsonl": json_line(doc_id="one") + "{broken\n" + json_line(),
        "table.csv": f'text,date\n"{DENIAL}",2022-01-22\n',
        "picture.png": b"\x89PNG",
        "__MACOSX/news/._b.html": b"\x00",
        ".hidden.txt": ENGLISH,
        "inner.zip": zipped({"a.txt": ENGLISH}),
    }
    raw = zipped(files)
    found = found_in(tmp_path, "news.zip", raw)
    where = str(tmp_path / "news.zip")
    assert [each.origin if isinstance(each, Document) else each.where for each in found] == [
        f"{where}/{inside}"
        for inside in (
            "inner.zip",
            "lines.jsonl:1",
            "lines.jsonl:2",
            "lines.jsonl:3",
            "news/a.txt.gz",
            "news/b.html",
            "table.csv:2",
        )
    ]
    assert "archive in an archive" in str(found[0])
    documents = [each for each in found if isinstance(each, Document)]
    assert [each.doc_id for each in documents] == ["one", "lines-3", "a", "b", "table-2"]
    assert documents[3].text == ARTICLE_TEXT
    (tmp_path / "news.zip").unlink()
    packed = found_in(tmp_path, "again.zip.gz", gzip.compress(raw))  # unpacked to disk first
    assert [each.text for each in packed if isinstance(each, Document)] == [each.text for each in documents]


@pytest.mark.parametrize(
    ("raw", "kind", "said"),
    [
        (zipped({"a.txt": ENGLISH})[:60], UnreadableInput, "broken zip archive"),
        (zip_bomb(), TooLarge, "bomb.txt: it unpacks to more than 400 times its size"),
        (zipped({"a.png": b"x"}), MissingInput, "no file in this archive"),
        (zipped({"xl/workbook.xml": "x"}), UnreadableInput, "a spreadsheet; save its table as CSV"),
        (zipped({"content.xml": "x"}), UnreadableInput, "an OpenDocument file"),
    ],
)
def test_an_archive_that_cannot_be_read_says_why(tmp_path: Path, raw: bytes, kind: type[InputError], said: str) -> None:
    found = error(tmp_path, "a.zip", raw)
    assert isinstance(found, kind)
    assert said in str(found)


def test_an_archive_is_refused_by_the_sizes_that_it_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = zipped({f"{n}.txt": ENGLISH for n in range(4)})
    monkeypatch.setattr(limits, "ARCHIVE", 3 * len(ENGLISH))
    assert isinstance(error(tmp_path, "a.zip", raw), TooLarge)
    monkeypatch.setattr(limits, "ARCHIVE", 4 * len(ENGLISH))
    monkeypatch.setattr(limits, "MEMBERS", 3)
    assert isinstance(error(tmp_path, "b.zip", raw), TooLarge)


def test_a_broken_file_in_an_archive_costs_only_itself(tmp_path: Path) -> None:
    raw = bytearray(zipped({"a.txt": ENGLISH, "b.txt": ANSWER}))
    raw[raw.find(b"a.txt") + 12] ^= 0x55
    broken, whole = found_in(tmp_path, "a.zip", bytes(raw))
    assert isinstance(broken, UnreadableInput)
    assert "a.zip/a.txt: broken in its archive" in str(broken)
    assert isinstance(whole, Document)


# --- libraries ------------------------------------------------------------------------------------------------------


def test_a_library_that_is_not_installed_is_named() -> None:
    with pytest.raises(MissingLibrary, match=r'a\.xyz: reading such files needs .* pip install "melian\[sources\]"'):
        optional.library("no_such_library", "such files", "a.xyz")
