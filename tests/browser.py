"""Headless Chromium, driven over its DevTools protocol through a pipe: no port, no other package.

One browser serves many pages. What a page asks the network for, what it logs and every script that
is parsed in it are noted.
"""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FLAGS = (
    "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-extensions",
    "--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-pipe",
)  # fmt: skip

# For every piece of text that is shown: its colour's contrast with what lies behind it, by WCAG.
CONTRASTS = """
(() => {
  const channels = colour => colour.match(/[\\d.]+/g).map(Number);
  const luminance = colour => {
    const [r, g, b] = channels(colour).map(c => c / 255)
      .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = node => {
    for (; node; node = node.parentElement) {
      const colour = getComputedStyle(node).backgroundColor;
      if (channels(colour)[3] !== 0) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = {};
  for (let text; (text = walker.nextNode());) {
    const node = text.parentElement;
    if (!text.data.trim() || node.closest("style, script")) continue;
    const pair = [getComputedStyle(node).color, behind(node)].map(luminance);
    const contrast = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    const name = node.className || node.tagName;
    found[name] = Math.min(found[name] ?? contrast, contrast);
  }
  return found;
})()
"""


def find_chromium() -> str | None:
    """The program's path, or None where there is none."""
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return next(filter(None, found), None)


@dataclass
class Seen:
    """What a page did since it was opened."""

    requests: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)


class Browser:
    """A running Chromium with one tab. Close it. more: flags of its command line."""

    def __init__(self, profile: Path, timeout_s: float = 60, *more: str) -> None:
        program = find_chromium()
        assert program is not None
        self._timeout_s = timeout_s
        self._number = 0
        self._buffer = b""
        self._events: list[dict[str, Any]] = []
        to_browser, self._out = os.pipe()
        self._in, from_browser = os.pipe()
        flags = [*FLAGS, *more, f"--user-data-dir={profile}"]
        if os.geteuid() == 0:
            flags.append("--no-sandbox")
        self._process = subprocess.Popen(
            ["bash", "-c", f'exec "$@" 3<&{to_browser} 4>&{from_browser}', "-", program, *flags],
            pass_fds=(to_browser, from_browser),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._session: str | None = None
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        attached = self._ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log", "Debugger", "DOM", "Accessibility"):
            self._ask(f"{domain}.enable")

    def close(self) -> None:
        """End the browser and free its pipes."""
        self._process.kill()
        self._process.wait()
        os.close(self._in)
        os.close(self._out)

    def open(self, place: Path | str) -> Seen:
        """Load a file or an address and wait until it has loaded."""
        url = place if isinstance(place, str) else place.resolve().as_uri()
        return self.after_load(lambda: self._ask("Page.navigate", url=url))

    def after_load(self, act: Callable[[], object]) -> Seen:
        """Do what loads another page, and wait until it has loaded."""
        self._events.clear()
        act()
        self._wait_for("Page.loadEventFired")
        return self.seen()

    def forget(self) -> None:
        """As a browser that was never here: without cookies."""
        self._ask("Network.clearBrowserCookies")

    def scripts(self, *, on: bool) -> None:
        """Whether the pages' own scripts run."""
        self._ask("Emulation.setScriptExecutionDisabled", value=not on)

    def press(self, *keys: str) -> None:
        """Press keys, one after the other: "Tab", "Enter", "Escape", or characters."""
        for key in keys:
            text = "\r" if key == "Enter" else key if len(key) == 1 else ""
            code = {"Backspace": 8, "Tab": 9, "Enter": 13, "Escape": 27, " ": 32}.get(key, 0)
            more = {"text": text} if text else {}
            for kind in ("keyDown", "keyUp"):
                self._ask(
                    "Input.dispatchKeyEvent",
                    type=kind,
                    key=key,
                    windowsVirtualKeyCode=code,
                    **(more if kind == "keyDown" else {}),
                )

    def tab_to(self, selector: str, most: int = 60) -> None:
        """Press Tab until an element has the focus."""
        for _ in range(most):
            if self.evaluate(f"document.activeElement.matches({selector!r})"):
                return
            self.press("Tab")
        raise AssertionError(f"the Tab key does not reach {selector}")

    def choose_files(self, selector: str, *paths: Path) -> None:
        """Choose files in a file field."""
        root = self._ask("DOM.getDocument")["root"]["nodeId"]
        node = self._ask("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self._ask(
            "DOM.setFileInputFiles", files=[str(path.resolve()) for path in paths], nodeId=node
        )

    def violations(self, axe: str) -> list[str]:
        """What axe-core, whose source is given, finds wrong for people with disabilities."""
        self._ask("Runtime.evaluate", expression=axe)
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        found = self._ask(
            "Runtime.evaluate",
            expression=f"axe.run(document, {{runOnly: {tags}}})"
            ".then(found => found.violations.map("
            "each => each.id + ': ' + each.help + ' ' + each.nodes.map(node => node.html).join()))",
            awaitPromise=True,
            returnByValue=True,
        )
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        told: list[str] = found["result"]["value"]
        return told

    def seen(self) -> Seen:
        """What the page did up to now."""
        self._ask("Runtime.evaluate", expression="0")  # what happened before has been told by now
        seen = Seen()
        for event in self._events:
            name, told = event["method"], event["params"]
            if name == "Network.requestWillBeSent":
                seen.requests.append(told["request"]["url"])
            elif name == "Debugger.scriptParsed" and told["url"]:
                seen.scripts.append(told["url"])
            elif name == "Log.entryAdded":
                seen.log.append(told["entry"]["text"])
            elif name == "Runtime.consoleAPICalled":
                seen.log.append(str(told["args"]))
            elif name == "Runtime.exceptionThrown":
                seen.log.append(str(told["exceptionDetails"]))
            elif name == "Page.javascriptDialogOpening":
                seen.dialogs.append(told["message"])
        return seen

    def wait_until(self, found: Callable[[Seen], bool]) -> Seen:
        """Wait for what a page does later."""
        while not found(seen := self.seen()):
            self._next()
        return seen

    def look(self, *, width: int = 1280, dark: bool = False, media: str = "screen") -> None:
        """Set the window's width in CSS pixels, the colour scheme and the medium."""
        self._ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=900,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._ask("Emulation.setEmulatedMedia", media=media, features=[scheme])

    def go_offline(self, offline: bool) -> None:
        """Take the network away from the page, or give it back."""
        self._ask(
            "Network.emulateNetworkConditions",
            offline=offline,
            latency=0,
            downloadThroughput=-1,
            uploadThroughput=-1,
        )

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page."""
        found = self._ask("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def screenshot(self, path: Path) -> None:
        """The whole page as PNG."""
        taken = self._ask("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(taken["data"]))

    def pdf(self, path: Path) -> None:
        """The page as it is printed, A4."""
        self._ask("Emulation.setEmulatedMedia", media="")
        taken = self._ask("Page.printToPDF", paperWidth=8.27, paperHeight=11.69)
        path.write_bytes(base64.b64decode(taken["data"]))

    def accessibility_tree(self) -> list[Mapping[str, Any]]:
        """The nodes that a screen reader is given."""
        nodes: list[Mapping[str, Any]] = self._ask("Accessibility.getFullAXTree")["nodes"]
        return [node for node in nodes if not node["ignored"]]

    def _ask(self, method: str, **params: Any) -> Any:
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            got = self._next()
            if got.get("id") == self._number:
                assert "error" not in got, got["error"]
                return got["result"]

    def _wait_for(self, event: str) -> None:
        while not any(seen["method"] == event for seen in self._events):
            self._next()

    def _next(self) -> dict[str, Any]:
        deadline = time.monotonic() + self._timeout_s
        while b"\0" not in self._buffer:
            left = deadline - time.monotonic()
            ready, _, _ = select.select([self._in], [], [], max(0, left))
            data = os.read(self._in, 1 << 20) if ready else b""
            if not data:
                raise TimeoutError("Chromium does not answer")
            self._buffer += data
        message, _, self._buffer = self._buffer.partition(b"\0")
        got: dict[str, Any] = json.loads(message)
        if "method" in got and got.get("sessionId") == self._session:
            self._events.append(got)
        return got
