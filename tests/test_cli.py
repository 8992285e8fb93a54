"""The commands: what is written, what is told, and how they end. The coder here only counts words."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import typer

from melian.cli.code import run_code
from melian.cli.report import run_report
from melian.records import CodedDocument, Document, Statement, to_json

ENGLISH = "Russia rejected the demands of NATO on Friday, the foreign minister said.\n"
FRENCH = "Le président a déclaré mardi que la Russie ne serait pas à l'origine d'une escalade dans la région.\n"
LINE = json.dumps({"text": ENGLISH}).encode() + b"\n"
ROOT = Path(__file__).parent.parent
MELIAN = [sys.executable, "-m", "melian.cli"]


class WordCoder:
    """Stands in for the coder: one statement a document, whose content is the whole text."""

    def code_all(self, documents: Iterable[Document]) -> Iterator[CodedDocument]:
        for document in documents:
            statement = Statement(act="ASSERT", content=(0, len(document.text)))
            yield CodedDocument(doc_id=document.doc_id, published=document.published, statements=(statement,))


def page(documents: list[Document], coded: list[CodedDocument], title: str | None) -> str:
    return f"<title>{title}</title>" + "".join(
        f"<p id={d.doc_id}>{len(c.statements)}" for d, c in zip(documents, coded, strict=True)
    )


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}


def melian(*arguments: str | Path, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*MELIAN, *map(str, arguments)], input=given, capture_output=True, env=environment(), timeout=120)


def code(inputs: list[Path], output: Path = Path("-"), published: str | None = None, quiet: bool = False) -> int:
    return run_code(inputs, output, published, quiet, WordCoder())


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder with two reports, a French one, an empty one and a broken line."""
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.txt").write_text(ENGLISH)
    (folder / "b.txt").write_text(FRENCH)
    (folder / "c.txt").write_text("")
    (folder / "d.jsonl").write_text(json.dumps({"doc_id": "d7", "text": ENGLISH, "published": "2022-01-20"}) + "\n{\n")
    return folder


# --- melian code --------------------------------------------------------------------------------------------------


def test_one_line_a_document_in_input_order_and_the_rest_told(news: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert code([news, news / "gone.txt"], published="2022-01-21") == 3
    out, err = capfdbinary.readouterr()
    records = [json.loads(line) for line in out.splitlines()]
    assert [(record["doc_id"], record["published"]) for record in records] == [("a", "2022-01-21"), ("d7", "2022-01-20")]
    told = err.decode().replace(str(news), "news").splitlines()
    assert told[0] == "melian: news/b.txt: the text is in French, and only English is read; it was set aside"
    assert told[1] == "melian: news/c.txt: there are no words in it"
    assert told[2].startswith("melian: news/d.jsonl:2: not a JSON object on one line")
    assert told[3] == "melian: news/gone.txt: no such file or folder"
    assert told[4] == "melian: coded 2, set aside 4"


def test_quiet_tells_errors_only(news: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (news / "e.txt").write_bytes("The minister’s answer was not given.".encode("cp1252"))
    assert code([news], output=news.parent / "out.jsonl", quiet=True) == 3
    assert "coded" not in capsys.readouterr().err
    assert code([news], output=news.parent / "out.jsonl") == 3
    assert "e.txt: not UTF-8; read as Windows-1252" in capsys.readouterr().err


def test_exit_codes(news: Path) -> None:
    out = news.parent / "out.jsonl"
    assert code([news / "a.txt"], output=out) == 0
    before = out.read_bytes()
    assert code([news / "b.txt", news / "gone.txt"], output=out) == 1
    assert out.read_bytes() == before  # nothing coded: an old result is left alone


def test_the_output_is_written_whole_or_not_at_all(news: Path) -> None:
    class Failing(WordCoder):
        def code_all(self, documents: Iterable[Document]) -> Iterator[CodedDocument]:
            yield from super().code_all(documents)
            raise KeyboardInterrupt

    out = news / "out.jsonl"
    out.write_text("old\n")
    with pytest.raises(KeyboardInterrupt):
        run_code([news], out, None, True, Failing())
    assert out.read_text() == "old\n"
    assert code([news], output=out) == 3  # its own output is no input of the folder
    assert [json.loads(line)["doc_id"] for line in out.read_text().splitlines()] == ["a", "d7"]
    assert not list(news.glob(".*"))


@pytest.mark.parametrize("output", ["a.txt", ".", "gone/out.jsonl"])
def test_an_output_that_cannot_be(news: Path, output: str) -> None:
    with pytest.raises(typer.BadParameter):
        code([news / "a.txt"], output=news / output)


def test_a_bad_date_is_a_usage_error(news: Path) -> None:
    result = melian("code", news, "--published", "21/1/2022")
    assert result.returncode == 2
    assert b"YYYY-MM-DD" in result.stderr
    assert melian("code").returncode == 2


# --- melian report ------------------------------------------------------------------------------------------------


def test_a_page_is_written(news: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = news.parent / "page.html"
    assert run_report([news], out, "Talks", None, None, False, WordCoder(), page) == 3
    assert out.read_text() == "<title>Talks</title><p id=a>1<p id=d7>1"
    assert out.as_uri() in capsys.readouterr().err


def test_a_page_from_records(news: Path, capsys: pytest.CaptureFixture[str]) -> None:
    records = news.parent / "records.jsonl"
    code([news], output=records)
    out = news.parent / "page.html"
    assert run_report([news / "a.txt", news / "d.jsonl"], out, None, None, records, False, None, page) == 3
    assert "<p id=a>1<p id=d7>1" in out.read_text()
    too_long = CodedDocument(doc_id="a", statements=(Statement(act="ASSERT", content=(0, 999)),))
    records.write_bytes(to_json(too_long) + b"\n")
    capsys.readouterr()
    assert run_report([news / "a.txt", news / "d.jsonl"], out, None, None, records, False, None, page) == 1
    told = capsys.readouterr().err
    assert "belongs to another text" in told
    assert "no record of document 'd7'" in told


# --- the process --------------------------------------------------------------------------------------------------

STREAMING = """
import sys, time
from pathlib import Path
from melian.cli.code import run_code
from melian.cli.messages import ending_quietly
from tests.test_cli import WordCoder
class Slow(WordCoder):
    def code_all(self, documents):
        for coded in super().code_all(documents):
            yield coded
            time.sleep(float(sys.argv[1]))
try:
    with ending_quietly():
        run_code([Path("-")], Path("-"), None, False, Slow())
except BaseException as end:
    sys.exit(end.exit_code)
"""


def streaming(pause: str) -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", STREAMING, pause], stdin=pipe, stdout=pipe, stderr=pipe, env=environment())


def test_standard_input_is_coded_as_it_comes_and_ctrl_c_is_quiet() -> None:
    process = streaming("60")
    process.stdin.write(LINE)
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["doc_id"] == "stdin-1"
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 130
    assert process.stderr.read() == b""


def test_a_closed_pipe_is_quiet() -> None:
    process = streaming("0")
    process.stdin.write(LINE)
    process.stdin.flush()
    process.stdout.readline()
    process.stdout.close()
    process.stdin.write(LINE)
    process.stdin.close()
    assert process.wait(20) == 141
    assert process.stderr.read() == b""


def test_help_waits_for_no_engine() -> None:
    """How long it takes stands in `benchmarks/speed.py`."""
    slow = ["duckdb", "jinja2", "lxml", "numpy", "onnxruntime", "polars", "pyarrow", "starlette", "tokenizers", "trafilatura"]
    code = f"import atexit, runpy, sys; sys.argv = ['melian', '--help']\natexit.register(lambda: print('loaded', [m for m in {slow} if m in sys.modules]))\nrunpy.run_module('melian.cli', run_name='__main__')"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
    assert b"report" in found
    assert found.splitlines()[-1] == b"loaded []"


def test_version() -> None:
    assert melian("--version").stdout.startswith(b"melian ")
