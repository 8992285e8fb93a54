"""Reading: what comes in, under which id, and what is said about what cannot be read."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from melian.errors import DateError, EmptyText, InputError, MentionNotFound, MissingInput, NotEnglish, UnreadableInput
from melian.records import Document
from melian.sources import Found, iso_date, kinds, limits, read_inputs
from melian.sources.decoding import decode
from melian.sources.english import _names, other_language
from melian.sources.published import moment_of_stamp

ENGLISH = "Russia rejected the demands of NATO on Friday, the foreign minister said."


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def line(**fields: object) -> str:
    return json.dumps({"text": ENGLISH, **fields}) + "\n"


def the_document(found: list[Found]) -> Document:
    assert len(found) == 1
    assert isinstance(found[0], Document), found[0]
    return found[0]


def the_error(found: list[Found]) -> InputError | DateError:
    assert len(found) == 1
    assert not isinstance(found[0], Document), found[0]
    return found[0]


def ids(found: list[Found]) -> list[str]:
    return [each.doc_id if isinstance(each, Document) else type(each).__name__ for each in found]


# --- texts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (ENGLISH.encode(), ENGLISH),
        (b"\xef\xbb\xbf" + ENGLISH.encode(), ENGLISH),
        (ENGLISH.encode("utf-16"), ENGLISH),
        (b"\xfe\xff" + ENGLISH.encode("utf-16-be"), ENGLISH),
        ("The “green light” was denied.".encode("cp1252"), "The “green light” was denied."),
        (b"One.\r\nTwo.\rThree.\n\n", "One.\r\nTwo.\rThree.\n\n"),  # offsets count line ends as they are
        ("Zelenskyy: \U0001f1fa\U0001f1e6 stands".encode(), "Zelenskyy: \U0001f1fa\U0001f1e6 stands"),
    ],
)
def test_a_text_is_kept_exactly_as_decoded(tmp_path: Path, raw: bytes, text: str) -> None:
    assert decode(raw, "here") == text
    document = the_document(list(read_inputs([put(tmp_path, "talks.txt", raw)])))
    assert document.text == text
    assert document.origin == str(tmp_path / "talks.txt")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff"), max_size=200))
def test_utf8_and_utf16_give_back_any_text(text: str) -> None:
    text = "A report. " + text
    assert decode(text.encode(), "here") == text
    assert decode(text.encode("utf-16"), "here") == text


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"\x7fELF\x02\x01\x01\x00\x00\x00\x00", "binary"),
        (b"%PDF-1.7\n1 0 obj", "broken PDF file"),
        (b"PK\x03\x04\x14\x00", "broken zip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old word processor's file"),
        (b"{\\rtf1\\ansi Moscow}", "an RTF file"),
        (b"<?xml version='1.0'?><plist/>", "an XML file"),
        ("Москва отвергла требования".encode("koi8-r"), "encoding cannot be told"),
        (b"\xff\xfeM\x00o", "broken UTF-16"),
        (gzip.compress(ENGLISH.encode(), mtime=0)[:-12], "broken gzip"),
    ],
)
def test_what_is_no_text_is_named(tmp_path: Path, raw: bytes, said: str) -> None:
    error = the_error(list(read_inputs([put(tmp_path, "talks.txt", raw)])))
    assert isinstance(error, UnreadableInput)
    assert said in str(error)
    assert str(error).startswith(str(tmp_path / "talks.txt"))


def test_windows_1252_is_noted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    list(read_inputs([put(tmp_path, "talks.txt", "The minister’s answer was not given to them.".encode("cp1252"))]))
    assert "read as Windows-1252" in caplog.text


@pytest.mark.parametrize("empty", ["", "  \n\t\n", "— 12/24 …\n"])
def test_a_text_without_words_is_empty(tmp_path: Path, empty: str) -> None:
    assert isinstance(the_error(list(read_inputs([put(tmp_path, "a.txt", empty)]))), EmptyText)


def test_missing_inputs(tmp_path: Path) -> None:
    assert isinstance(the_error(list(read_inputs([tmp_path / "gone.txt"]))), MissingInput)
    assert ".txt, .jsonl" in str(the_error(list(read_inputs([tmp_path]))))


# --- ids and folders ----------------------------------------------------------------------------------------------


def test_folders_are_read_sorted_with_unique_ids(tmp_path: Path) -> None:
    for name in ("b/talks.txt", "a/talks.txt", "a.txt", "c/x.jsonl.gz", ".hidden/no.txt", "notes.md"):
        put(tmp_path, name, gzip.compress(line().encode() * 2) if name.endswith("gz") else ENGLISH)
    assert ids(list(read_inputs([tmp_path]))) == ["talks", "a", "talks-2", "x-1", "x-2"]


def test_a_file_named_twice_is_read_once_and_a_skipped_one_not(tmp_path: Path) -> None:
    path, out = put(tmp_path, "a.txt", ENGLISH), put(tmp_path, "out.jsonl", "{}\n")
    assert ids(list(read_inputs([path, tmp_path, path], skip=[out]))) == ["a"]


def test_content_tells_json_lines_where_the_name_does_not(tmp_path: Path) -> None:
    assert the_document(list(read_inputs([put(tmp_path, "a.log", line(title="Talks"))]))).title == "Talks"
    assert the_document(list(read_inputs([put(tmp_path, "b.log", ENGLISH)]))).doc_id == "b"


# --- JSON lines ---------------------------------------------------------------------------------------------------


def test_json_lines_bring_their_fields(tmp_path: Path) -> None:
    fields = {"doc_id": "x1", "published": "2022-01-21", "title": "Talks", "outlet": "Wire", "url": "http://w/1"}
    document = the_document(list(read_inputs([put(tmp_path, "a.jsonl", line(**fields, extra=[1]))], published="2020-01-01")))
    assert {name: getattr(document, name) for name in fields} == fields
    assert document.published_from == "given"
    assert document.origin == f"{tmp_path / 'a.jsonl'}:1"


def test_each_bad_line_is_set_aside_with_its_number(tmp_path: Path) -> None:
    lines = [
        line(doc_id="one"),
        "{broken\n",
        "\n",
        '{"title": "no text"}\n',
        line(published="2022-02-30"),
        line(text=""),
        line(text=7),
        "[1, 2]\n",
        line(doc_id="one"),
    ]
    found = list(read_inputs([put(tmp_path, "a.jsonl", "".join(lines))]))
    assert ids(found) == ["one", "UnreadableInput", "UnreadableInput", "DateError", "EmptyText"] + ["UnreadableInput"] * 2 + [
        "one-2"
    ]
    messages = [str(each).removeprefix(str(tmp_path)) for each in found if not isinstance(each, Document)]
    assert [message.split(": ")[0] for message in messages] == [f"/a.jsonl:{n}" for n in (2, 4, 5, 6, 7, 8)]
    assert "`text`" in messages[1]
    assert "2022-02-30" in messages[2]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_json_lines_in_other_encodings(tmp_path: Path, encoding: str) -> None:
    text = "The minister’s answer to the demands of NATO was “no”, he said."
    raw = (json.dumps({"text": text}, ensure_ascii=False) + "\r\n").encode(encoding)
    assert the_document(list(read_inputs([put(tmp_path, "a.jsonl", raw)]))).text == text


@pytest.mark.parametrize(
    "given_date", ["2022-01-21", "20220121", " 2022-01-21 ", "2022-01-21T10:30:00Z", "2022-01-21T23:59:59+03:00"]
)
def test_dates_are_made_iso(given_date: str) -> None:
    assert iso_date(given_date) == "2022-01-21"


@pytest.mark.parametrize("given_date", ["21/1/2022", "2022-13-01", "yesterday", "2022", ""])
def test_a_bad_date_says_what_to_do(given_date: str) -> None:
    with pytest.raises(DateError, match="YYYY-MM-DD"):
        iso_date(given_date)


@pytest.mark.parametrize(
    ("stamp", "moment"),
    [
        ("2022-01-21T10:30:00Z", "2022-01-21T10:30:00Z"),
        ("2022-01-21T23:30:00-05:00", "2022-01-22T04:30:00Z"),
        ("2022-01-21 01:10+03:00", "2022-01-20T22:10:00Z"),
        ("Fri, 21 Jan 2022 23:30:00 -0500", "2022-01-22T04:30:00Z"),
        ("Fri, 21 Jan 2022 10:30:00 GMT", "2022-01-21T10:30:00Z"),
        ("2022-01-21T10:30:00", None),  # whose clock is not said
        ("2022-01-21", None),
        ("today", None),
        (None, None),
    ],
)
def test_a_stamp_with_its_zone_is_a_moment(stamp: str | None, moment: str | None) -> None:
    assert moment_of_stamp(stamp) == moment


def test_json_lines_and_tables_keep_the_moment_beside_the_day(tmp_path: Path) -> None:
    stamp = "2022-01-21T23:30:00-05:00"
    line = json.dumps({"text": "The minister said no to the demands of NATO.", "published": stamp})
    for path in (
        put(tmp_path, "a.jsonl", line.encode()),
        put(tmp_path, "b.csv", f"text,date\nThe minister said no to the demands of NATO.,{stamp}\n".encode()),
    ):
        found = the_document(list(read_inputs([path])))
        assert (found.published, found.published_at) == ("2022-01-21", "2022-01-22T04:30:00Z")


# --- languages ----------------------------------------------------------------------------------------------------

OTHER_LANGUAGES = {
    "French": "Le président a déclaré mardi que la Russie ne serait pas à l'origine d'une escalade.",
    "German": "Der Bundeskanzler sagte am Dienstag, die diplomatischen Möglichkeiten seien nicht ausgeschöpft.",
    "Spanish": "El secretario de Estado advirtió el viernes a Moscú de que habrá consecuencias graves.",
    "Italian": "Il ministro degli Esteri ha detto venerdì che le sanzioni saranno molto pesanti.",
    "Portuguese": "O ministro das Relações Exteriores disse na sexta-feira que as negociações não avançaram.",
    "Dutch": "De minister zei vrijdag dat de Europese landen met zware sancties zullen reageren.",
    "Danish": "Udenrigsministeren sagde fredag, at landet ikke vil give efter for de russiske krav.",
    "Polish": "Minister powiedział w piątek, że ryzyko wojny jest większe niż kiedykolwiek.",
    "Turkish": "Dışişleri Bakanı cuma günü tarafları itidalli davranmaya ve müzakerelere çağırdı.",
    "Russian": "Министр заявил в пятницу, что Москва ждёт письменного ответа на свои предложения.",
    "Ukrainian": "Міністр закордонних справ заявив у п'ятницю, що Україна не піде на поступки.",
    "Arabic": "قال وزير الخارجية الروسي يوم الجمعة إن موسكو تنتظر ردا مكتوبا على مقترحاتها.",
    "Persian": "وزیر امور خارجه روز جمعه گفت که مذاکرات بدون نتیجه پایان یافت.",
    "Hebrew": "שר החוץ אמר ביום שישי כי ישראל תגיב בחומרה לכל תקיפה של שטחה.",
    "Chinese": "外交部发言人星期五表示,有关各方应通过对话解决分歧,避免局势升级。",
    "Japanese": "外務大臣は金曜日、ロシアが侵攻した場合には厳しい制裁を科すと述べた。",
    "Korean": "외교부 장관은 금요일 러시아가 침공할 경우 강력한 제재를 가할 것이라고 밝혔다.",
    "Hindi": "विदेश मंत्री ने शुक्रवार को कहा कि दोनों देशों के बीच बातचीत जारी रहेगी।",
}


@pytest.mark.parametrize("language", OTHER_LANGUAGES)
def test_other_languages_are_named(language: str) -> None:
    text = OTHER_LANGUAGES[language]
    assert other_language(text) == language
    assert other_language(text.upper()) == language
    assert other_language("\n".join(text.split())) == language
    assert other_language(text + ' "We will not move," Blinken said. ' + text * 2) == language


@pytest.mark.parametrize(
    "text",
    [
        ENGLISH,
        ENGLISH.upper(),
        "\n".join(ENGLISH.split()),
        "Kyiv",
        "US, NATO reject Moscow demands",
        "RUSSIA INVADES UKRAINE",
        "Blinken meets Lavrov in Geneva",
        "Burkina Faso junta names Paul-Henri Sandaogo Damiba president",
        "BEIJING VOWS COUNTERMEASURES; TAIPEI SCRAMBLES JETS; WASHINGTON URGES CALM",
        "Present: Volodymyr Zelenskyy, Dmytro Kuleba, Oleksii Reznikov, Jean-Yves Le Drian, Annalena Baerbock, Zbigniew Rau.",
        "Abdullahi Mohamed Farmaajo, Hassan Sheikh Mohamud, Mahamat Idriss Déby Itno, Isaias Afwerki and Abiy Ahmed Ali met.",
        'Lavrov told Komsomolskaya Pravda: "Мы ждём ответа." The ministry in Moscow said that it was not going to wait.',
        "Le Drian et Baerbock: 'Une réponse ferme'. That was the line of the two ministers when they met the press in Kyiv.",
    ],
)
def test_english_is_not_refused_for_its_foreign_names(text: str) -> None:
    assert other_language(text) is None


def test_every_label_of_the_model_has_a_name() -> None:
    from melian.sources.english import _model

    assert set(_model().labels) - {"zxx"} == set(_names())


def test_another_language_is_set_aside_and_the_rest_goes_on(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", OTHER_LANGUAGES["French"])
    put(tmp_path, "b.txt", ENGLISH)
    refused, kept = read_inputs([tmp_path])
    assert isinstance(refused, NotEnglish)
    assert refused.language == "French"
    assert isinstance(kept, Document)


# --- what the project ships ----------------------------------------------------------------------------------------


def test_the_example_dispatches_are_read_in_order_of_their_dates() -> None:
    folder = Path(__file__).parent.parent / "examples" / "geneva"
    found = list(read_inputs([folder]))
    assert ids(found) == sorted(path.stem for path in folder.glob("*.txt"))
    assert len(found) == 12
    assert all(150 <= len(each.text.split()) <= 350 for each in found if isinstance(each, Document))


def test_the_page_on_sources_names_endings_kinds_of_errors_and_limits() -> None:
    page = (Path(__file__).parent.parent / "docs" / "sources.md").read_text(encoding="utf-8")
    assert [ending for ending in kinds.ENDINGS if f"`{ending}`" not in page] == []
    told = dict(re.findall(r"^\| ([\w ]+) \| `(\w+)` \|", page, re.MULTILINE))
    errors = {error.kind: error.__name__ for error in InputError.__subclasses__() if error is not MentionNotFound}
    assert told == errors
    sizes = [limits.TEXT, limits.PAGE, limits.FEED, limits.FILE, limits.FETCHED]
    numbers = [f"{limits.ELEMENTS:,} tags", f"{limits.PDF_PAGES:,} pages", f"{limits.MEMBERS:,} files", f"{limits.RATIO} times"]
    assert [each for each in [*map(limits.size, sizes), *numbers] if each not in page] == []
    assert limits.LINE == limits.TEXT
