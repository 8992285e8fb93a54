"""`melian desk` as a person starts it: the address, the port, the token, the end; what it says when something is wrong."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from desk_site import Client, make_record

from melian.desk import serving
from melian.desk.access import Access
from melian.errors import MelianError


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_record(tmp_path_factory.mktemp("record") / "geneva.crisis")


def start(record: Path, *options: str) -> tuple[subprocess.Popen[str], list[str]]:
    """The command as a process of its own, and the lines it printed until the address stood there."""
    command = [sys.executable, "-m", "melian.cli", "desk", str(record), "--no-browser", *options]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ.copy())
    assert process.stderr
    lines: list[str] = []
    while not any("http://" in line for line in lines):
        line = process.stderr.readline()
        assert line, lines
        lines.append(line)
    return process, lines


def test_it_prints_its_address_and_ends_cleanly_on_ctrl_c(record: Path) -> None:
    process, lines = start(record, "--by", "Ana", "--port", "0")
    found = re.search(r"http://127\.0\.0\.1:(\d+)/ ", lines[-1])
    assert found
    client = Client(int(found[1]))
    assert "judgements here are by Ana" in " ".join(client.get("/").text.split())
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert (out, err) == ("", "")
    assert [path.name for path in record.parent.iterdir() if path.name.startswith(".melian-")] == []


def test_another_address_needs_a_token_which_is_made_and_printed(record: Path) -> None:
    process, lines = start(record, "--host", "0.0.0.0", "--port", "0", "--read-only")
    try:
        found = re.search(r":(\d+)/\?token=([\w-]{20,})", "".join(lines))
        assert found
        client = Client(int(found[1]))
        assert client.get("/").status == 401
        assert client.get(f"/?token={found[2]}").status == 200
        assert client.get("/").status == 200
    finally:
        process.terminate()
        process.communicate(timeout=30)


def test_a_proxys_address_needs_a_token_and_is_printed(record: Path) -> None:
    process, lines = start(record, "--public-url", "https://desk.example.org/", "--port", "0", "--read-only")
    try:
        told = "".join(lines)
        assert re.search(r"https://desk\.example\.org/\?token=[\w-]{20,}", told)
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", told)
        assert found
        assert Client(int(found[1])).get("/", Host="desk.example.org").status == 401
    finally:
        process.terminate()
        process.communicate(timeout=30)


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (["--token", "short"], 2, "16 plain signs"),
        (["--host", "no.such.host.invalid"], 1, "cannot listen on no.such.host.invalid"),
        (["--port", "70000"], 2, "65535"),
        (["--public-url", "desk.example.org"], 2, "is not the address of a site"),
    ],
)
def test_what_cannot_be_is_said(record: Path, options: list[str], code: int, told: str) -> None:
    command = [sys.executable, "-m", "melian.cli", "desk", str(record), "--no-browser", *options]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert ended.returncode == code
    assert told in " ".join(ended.stderr.split())
    assert "Traceback" not in ended.stderr


def test_a_record_that_is_none_is_said(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "melian.cli", "desk", str(tmp_path / "none.crisis"), "--no-browser"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert "no such record" in ended.stderr


def test_a_port_in_use_is_said_or_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(MelianError, match=f"port {port} of 127.0.0.1 is in use"):
            serving.listen("127.0.0.1", port)
        monkeypatch.setattr(serving, "FIRST_PORT", port)
        with serving.listen("127.0.0.1", None) as listening:
            assert port < listening.getsockname()[1] < port + 20


def test_without_its_libraries_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MelianError, match=r'pip install "melian\[desk\]"'):
        serving.need()


def test_addresses_are_those_to_open() -> None:
    assert serving.address(Access(port=80)) == "http://127.0.0.1:80/"
    assert serving.address(Access(host="::1", port=80)) == "http://[::1]:80/"
    proxied = Access(port=80, token="ab", public_url="https://desk.example.org")
    assert serving.address(proxied) == "https://desk.example.org/?token=ab"
    assert serving.address(proxied, inside=True) == "http://127.0.0.1:80/"
    assert serving.address(Access(host="0.0.0.0", port=80, token="a b")) == f"http://{socket.gethostname()}:80/?token=a%20b"
