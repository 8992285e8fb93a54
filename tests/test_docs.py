"""The documentation holds: its commands and examples run, and its tables name what the package has.

Each file is run from top to bottom in a folder of its own that holds a copy of examples/, so that a block may use what an
earlier one wrote. In `sh` and `console` blocks, lines that begin with `melian ` are run; `# exits with 3` at the end of a
line says that it must. A `text` block after such a block stands in what that printed; a `json` block after one shows
part of the first event. `make` targets and `python` scripts are looked up and not run. `python` blocks of one file share
their names.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import melian
from melian import codebook

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXITS = re.compile(r"\s+# exits with (\d+)$")
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)")
# What else a reader is told to type; nothing of it is Melian's own.
OTHERS = ("git clone ", "cd ", ". .venv/bin/activate", "pip install ", "head ", "cat ")


@dataclass(frozen=True)
class Block:
    language: str
    code: str
    line: int


def blocks(page: Path) -> list[Block]:
    """Fenced blocks in order."""
    text = page.read_text(encoding="utf-8")
    return [Block(found[1], found[2], text.count("\n", 0, found.start()) + 2) for found in FENCE.finditer(text)]


def commands(block: Block) -> Iterator[str]:
    """Command lines of a shell block; a line may go on after a backslash."""
    if block.language in ("sh", "console"):
        for line in block.code.replace("\\\n", " ").splitlines():
            line = line.removeprefix("$ ").strip()
            if line and not line.startswith("#"):
                yield line


def part(shown: object, found: object) -> bool:
    """Whether `found` has all that `shown` has, scores aside."""
    if isinstance(shown, dict) and isinstance(found, dict):
        return all(key == "score" or (key in found and part(shown[key], found[key])) for key in shown)
    if isinstance(shown, list) and isinstance(found, list):
        return len(shown) == len(found) and all(map(part, shown, found))
    return shown == found


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with the examples, and a `melian` on the path that is this working tree's."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    programs = tmp_path / ".bin"
    programs.mkdir()
    for name, words in {"melian": [sys.executable, "-m", "melian.cli"], "python": [sys.executable]}.items():
        (programs / name).write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n', encoding="utf-8")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_and_examples_run(page: Path, workplace: Path) -> None:
    names: dict[str, object] = {"__name__": "__main__"}
    printed = ""
    for block in blocks(page):
        if block.language == "text":
            assert not printed or block.code.strip() in printed, f"{page.name}:{block.line}: printed was\n{printed}"
        elif block.language == "json" and printed:
            shown, found = json.loads(block.code), json.loads(printed[printed.index("{") :])["events"][0]
            assert part(shown, found), f"{page.name}:{block.line}: the event is\n{found}"
        printed = ""
        if block.language == "python":
            with contextlib.redirect_stdout(io.StringIO()) as out:
                exec(compile("\n" * (block.line - 1) + block.code, page.name, "exec"), names)
            printed = out.getvalue()
        for line in commands(block):
            if line.startswith("melian "):
                expected = EXITS.search(line)
                done = subprocess.run(
                    ["bash", "-o", "pipefail", "-c", EXITS.sub("", line)],
                    capture_output=True,
                    text=True,
                    cwd=workplace,
                    timeout=60,
                )
                assert done.returncode == int(expected[1] if expected else 0), f"{page.name}: {line}\n{done.stderr}"
                printed += done.stdout + done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_is_not_run_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    text = page.read_text(encoding="utf-8")
    told = [line.split()[1:] for block in blocks(page) for line in commands(block) if line.startswith("make ")]
    told += [found.split() for found in re.findall(r"`make ([a-z ]+)`", text)]
    assert {target for line in told for target in line} <= targets
    for line in (line for block in blocks(page) for line in commands(block)):
        words = line.split()
        if words[0] == "python":
            place = words[1] if words[1] != "-m" else words[2].replace(".", "/")
            assert any((ROOT / p).exists() for p in (place, f"{place}.py")), f"{page.name}: {line}"
        else:
            assert words[0] in ("make", "melian") or line.startswith(OTHERS), f"{page.name}: nothing checks {line!r}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target, fragment in LINK.findall(page.read_text(encoding="utf-8")):
        path = (page.parent / target) if target else page
        assert path.exists(), f"{page.name}: {target}"
        if fragment and path.suffix == ".md":
            titles = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
            assert fragment in {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def table_rows(page: str) -> set[str]:
    """The code words that a page's tables explain: those in the first cell of a row."""
    return set(re.findall(r"^\| `(\w+)` \|", (ROOT / "docs" / page).read_text(encoding="utf-8"), re.MULTILINE))


def test_the_codebook_page_names_all_that_the_codebook_has() -> None:
    rows = table_rows("codebook.md")
    assert {*codebook.event_types(), *codebook.acts(), *codebook.sectors(), *codebook.REALIS} <= rows
    text = (ROOT / "docs" / "codebook.md").read_text(encoding="utf-8")
    events = text[text.index("## Event types") : text.index("## Realis")]
    for kind in codebook.event_types():
        row = re.search(rf"^\| `{kind}` \|(.*)$", events, re.MULTILINE)
        assert row, kind
        assert tuple(re.findall(r"`(\w+)`", row[1])) == codebook.modes(kind), kind
    heading = ""
    quads: dict[str, str] = {}
    for line in events.splitlines():
        if line.startswith("### "):
            heading = line[4:].lower()
        elif found := re.match(r"\| `([A-Z]+)` \|", line):
            quads[found[1]] = heading
    assert quads == {kind: codebook.quad(kind) for kind in codebook.event_types()}


def test_the_codebook_page_names_every_field_of_the_exchange_format() -> None:
    text = (ROOT / "docs" / "codebook.md").read_text(encoding="utf-8")
    for record in (melian.CodedDocument, melian.Actor, melian.Event, melian.Statement):
        for field in record.__struct_fields__:
            assert f"`{field}`" in text, f"{record.__name__}.{field}"


def test_the_python_page_names_the_whole_face() -> None:
    text = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    assert [name for name in melian.__all__ if not re.search(rf"`(melian\.)?{name}\b", text)] == []
    errors = re.findall(r"class (\w+)\(", (ROOT / "src/melian/errors.py").read_text(encoding="utf-8"))
    assert [name for name in errors if name not in text] == []


def test_the_readme_shows_small_pictures() -> None:
    shown = re.findall(r"!\[[^\]]+\]\((docs/\w+\.png)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert shown
    assert [name for name in shown if (ROOT / name).stat().st_size > 300_000] == []
