"""Headless Chromium over its debugging pipe, with the standard library only: enough to press keys, look and measure."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

STRETCH = """(() => {
    const bad = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        if (node.parentElement.closest('.text') || !node.parentElement.checkVisibility()) continue;
        for (const found of node.data.matchAll(/(, )?\\d{1,2} [A-Z][a-z]{2} 20\\d\\d/g)) {
            const range = document.createRange();
            let right = null, line = null;
            for (let at = found.index; at < found.index + found[0].length; at++) {
                range.setStart(node, at);
                range.setEnd(node, at + 1);
                const box = range.getBoundingClientRect();
                if (!box.width) continue;
                if (line === box.top && Math.abs(box.left - right) > 1.5) bad.push(node.parentElement.outerHTML.slice(0, 200));
                [right, line] = [box.right, box.top];
            }
        }
    }
    return bad;
})()"""
"""An expression: where dates do not stand in one piece from left to right, outside the reports themselves."""


class Tab:
    """One page: `events` are what the browser reported since it opened (console, network, exceptions)."""

    def __init__(self, write: int, read: int) -> None:
        self._write, self._read, self._buffer, self._number, self._session = write, read, b"", 0, None
        self.events: list[dict[str, Any]] = []
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **params: Any) -> dict[str, Any]:
        """One command of the DevTools protocol, and its answer."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while (answer := self._next()).get("id") != self._number:
            self.events.append(answer)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        result: dict[str, Any] = answer["result"]
        return result

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            chunk = os.read(self._read, 1 << 16)
            if not chunk:
                raise RuntimeError("the browser went away")
            self._buffer += chunk
        line, _, self._buffer = self._buffer.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        return message

    def open(self, url: str, width: int = 1280, height: int = 900, dark: bool = False, scripts: bool = True) -> None:
        """Load a page at a size and in a colour scheme, and wait until it has loaded; motion is reduced."""
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        still = {"name": "prefers-reduced-motion", "value": "reduce"}
        self.send("Emulation.setEmulatedMedia", features=[scheme, still])
        self.send("Emulation.setScriptExecutionDisabled", value=not scripts)
        for address in ("about:blank", url):  # a fragment alone would not load anew
            self.events.clear()
            self.send("Page.navigate", url=address)
            while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
                self.events.append(self._next())

    def another(self) -> Tab:
        """A further tab of the same browser; use one at a time."""
        return Tab(self._write, self._read)

    def js(self, expression: str) -> Any:
        """The value of an expression in the page; a promise is waited for."""
        answer = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(str(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def press(self, key: str) -> None:
        """Press and release a key by its name ("Enter", "Escape", "Tab", "ArrowLeft", "End") or its sign ("a", "?")."""
        codes = {"Enter": (13, "\r"), "Escape": (27, ""), "Tab": (9, ""), "End": (35, ""), "Home": (36, "")}
        codes |= {"ArrowLeft": (37, ""), "ArrowRight": (39, "")}
        code, text = codes.get(key) or (ord(key.upper()), key)
        name = key if key in codes else f"Key{key.upper()}" if key.isalpha() else ""
        down = {"type": "keyDown" if text else "rawKeyDown", "key": key, "code": name, "windowsVirtualKeyCode": code}
        self.send("Input.dispatchKeyEvent", **down, **({"text": text} if text else {}))
        self.send("Input.dispatchKeyEvent", type="keyUp", key=key, code=name, windowsVirtualKeyCode=code)
        self.js("new Promise((done) => setTimeout(done, 80))")  # history and focus settle in a task of their own

    def picture(self, path: Path, whole: bool = False) -> None:
        """A PNG of the window, or of the whole page."""
        data = self.send("Page.captureScreenshot", captureBeyondViewport=whole)["data"]
        path.write_bytes(base64.b64decode(data))

    def pdf(self) -> bytes:
        """The page as it prints."""
        return base64.b64decode(self.send("Page.printToPDF", printBackground=False)["data"])


@contextmanager
def tab(*options: str) -> Iterator[Tab]:
    """A tab in a fresh headless browser (with further options of its command line), which is ended with the block."""
    assert PROGRAM, "Chromium is not installed"
    to_read, to_write = os.pipe()
    from_read, from_write = os.pipe()

    def wire() -> None:  # the protocol is spoken on descriptors 3 and 4
        read, write = os.dup(to_read), os.dup(from_write)
        os.dup2(read, 3)
        os.dup2(write, 4)

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--remote-debugging-pipe",
            "--no-first-run",
        ]
        browser = subprocess.Popen(
            [PROGRAM, *arguments, *options, f"--user-data-dir={profile}"],
            preexec_fn=wire,
            close_fds=False,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield Tab(to_write, from_read)
        finally:
            browser.terminate()
            browser.wait(timeout=20)
            for descriptor in (to_read, to_write, from_read, from_write):
                os.close(descriptor)
