"""A headless Chromium, driven by the W3C WebDriver protocol over plain HTTP.

Elements are found by CSS selector, and a click waits until the page that it leads to has loaded. Where there is no
browser, the tests that want one are skipped and say so.
"""

import base64
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

PATIENCE_S = 30
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The key under which WebDriver tells an element (W3C WebDriver, 12.1)."""
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--disable-dev-shm-usage",
)
LOGGING = {"goog:loggingPrefs": {"browser": "ALL"}}
NARROWEST = 500
"""No window of the browser's is narrower."""
PHONE = (390, 844)
DESK = (1180, 900)


class Browser:
    """One window. `go`, `fill`, `click`, `text` and the rest read like a person's doings."""

    def __init__(self, wire: httpx2.Client, session: str) -> None:
        self._wire = wire
        self._session = session

    def go(self, address: str) -> None:
        """Open a page."""
        self._send("POST", "url", {"url": address})

    @property
    def address(self) -> str:
        """The page that is open."""
        return str(self._send("GET", "url"))

    @property
    def title(self) -> str:
        """Its title."""
        return str(self._send("GET", "title"))

    @property
    def source(self) -> str:
        """Its HTML as it stands now."""
        return str(self._send("GET", "source"))

    def count(self, selector: str) -> int:
        """How many elements match."""
        return len(self._find(selector))

    def text(self, selector: str) -> str:
        """What a person reads in the first element that matches."""
        return str(self._send("GET", f"element/{self._one(selector)}/text"))

    def texts(self, selector: str) -> list[str]:
        """What a person reads in each that matches."""
        return [str(self._send("GET", f"element/{one}/text")) for one in self._find(selector)]

    def value(self, selector: str) -> str:
        """What stands in a field."""
        return str(self._send("GET", f"element/{self._one(selector)}/property/value"))

    def fill(self, selector: str, text: str) -> None:
        """Empty a field and type into it; a file field takes a path."""
        one = self._one(selector)
        if self._send("GET", f"element/{one}/property/type") != "file":
            self._send("POST", f"element/{one}/clear", {})
        self._send("POST", f"element/{one}/value", {"text": text})

    def choose(self, selector: str, value: str) -> None:
        """Choose the option of a list that has this value."""
        option = self._one(f"{selector} option[value='{value}']")
        self._send("POST", f"element/{option}/click", {})

    def tick(self, selector: str) -> None:
        """Click something that leads nowhere: a radio button, a summary."""
        self._send("POST", f"element/{self._one(selector)}/click", {})

    def press(self, keys: str) -> None:
        """Press keys, one after the other, wherever the focus is; U+E004 is Tab (W3C WebDriver, 17.4.2)."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self._send("POST", "actions", {"actions": [{"type": "key", "id": "keys", "actions": actions}]})

    def click(self, selector: str) -> None:
        """Click something that leads to another page, and wait until that has come."""
        before = self.page
        self.tick(selector)
        self.leave(before)

    @property
    def page(self) -> str:
        """What the page that is open now is known by."""
        return self._one("html")

    def leave(self, before: str) -> None:
        """Wait until another page than the one known so has come."""
        until = time.monotonic() + PATIENCE_S
        while before in (now := self._find("html")) or not now:
            assert time.monotonic() < until, "nothing led to another page"
            time.sleep(0.02)

    def run(self, script: str, *arguments: object) -> Any:
        """What a script in the page returns; for looking only, since the pages have none of their own."""
        return self._send("POST", "execute/sync", {"script": script, "args": list(arguments)})

    def run_later(self, script: str, *arguments: object) -> Any:
        """What a script in the page hands to the function that is its last argument, sooner or later."""
        return self._send("POST", "execute/async", {"script": script, "args": list(arguments)})

    def resize(self, width: int, height: int) -> None:
        """Make the window this large in CSS pixels; one narrower than a window can be is laid out so, for looking."""
        self.devtools("Emulation.clearDeviceMetricsOverride", {})
        self._send("POST", "window/rect", {"width": max(width, NARROWEST), "height": height})
        if width < NARROWEST:
            size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
            self.devtools("Emulation.setDeviceMetricsOverride", size)

    def scheme(self, name: str) -> None:
        """Prefer `light` or `dark` colours."""
        self.devtools("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": name}]})

    def complaints(self) -> list[str]:
        """What the browser has had to complain of since the last time: refused styles, failed requests."""
        return [str(one["message"]) for one in self._send("POST", "se/log", {"type": "browser"})]

    def screenshot(self, path: Path) -> None:
        """A picture of the whole page, however long."""
        options = {"format": "png", "captureBeyondViewport": True}
        path.write_bytes(base64.b64decode(self.devtools("Page.captureScreenshot", options)["data"]))

    def devtools(self, command: str, parameters: Mapping[str, object]) -> Any:
        """A command of Chromium's own."""
        return self._send("POST", "goog/cdp/execute", {"cmd": command, "params": dict(parameters)})

    def _one(self, selector: str) -> str:
        found = self._find(selector)
        assert found, f"nothing on {self.address} matches {selector}"
        return found[0]

    def _find(self, selector: str) -> list[str]:
        found = self._send("POST", "elements", {"using": "css selector", "value": selector})
        return [one[ELEMENT] for one in found]

    def _send(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Any:
        answer = self._wire.request(method, f"/session/{self._session}/{path}", json=body)
        assert answer.status_code == 200, answer.text[:500]
        return answer.json()["value"]


@contextmanager
def browsing(*, scripts: bool = True) -> Iterator[Browser]:
    """A browser for a while, with a profile of its own; without `scripts` it runs none. Skips where there is none."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or driver is None:
        pytest.skip("NOT CHECKED: no chromium with chromedriver on this machine")
    with tempfile.TemporaryDirectory(prefix="hes-browser-", ignore_cleanup_errors=True) as folder:
        process = subprocess.Popen(
            [driver, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=folder
        )
        try:
            with httpx2.Client(base_url=_address(process), timeout=PATIENCE_S, trust_env=False) as wire:
                options = {
                    "binary": chromium,
                    "args": [*FLAGS, f"--user-data-dir={folder}/profile"],
                    "prefs": {"profile.default_content_setting_values.javascript": 1 if scripts else 2},
                }
                wanted = {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options} | LOGGING}}
                answer = wire.post("/session", json=wanted)
                assert answer.status_code == 200, answer.text[:500]
                session = answer.json()["value"]["sessionId"]
                try:
                    yield Browser(wire, session)
                finally:
                    wire.delete(f"/session/{session}")
        finally:
            process.terminate()
            process.wait(PATIENCE_S)
            assert process.stdout is not None
            process.stdout.close()


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if "started successfully on port" in line:
            return f"http://127.0.0.1:{line.rstrip().rstrip('.').rpartition(' ')[2]}"
    raise AssertionError("chromedriver did not start")
