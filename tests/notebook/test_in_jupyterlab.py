"""`check` in a real JupyterLab: what a student sees below a cell of the kit's notebook."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
import tiny_course
from browser import CONTRASTS, Browser, find_chromium
from making import notebook

pytest.importorskip("jupyterlab", reason="JupyterLab is not installed")
pytestmark = pytest.mark.skipif(find_chromium() is None, reason="there is no Chromium")

FLAGS = (
    "--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0", "--IdentityProvider.token=",
    "--LabApp.expose_app_in_browser=True", "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
)  # fmt: skip
RUN_ALL = "void jupyterapp.commands.execute('notebook:run-all-cells')"
DARK = "void jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})"
RESULT = "document.querySelector('.jp-OutputArea .grader-result')"
CELLS = "jupyterapp.shell.currentWidget?.content?.widgets"
WRONG = "def double(x):\n    return 3 * x"
RIGHT = "def double(x):\n    return 2 * x"


@contextlib.contextmanager
def jupyterlab(folder: Path, settings: Path) -> Iterator[str]:
    """A JupyterLab that serves a folder: its address."""
    environment = os.environ | {
        "JUPYTER_CONFIG_DIR": str(settings),
        "JUPYTER_DATA_DIR": str(settings / "data"),
        "JUPYTER_RUNTIME_DIR": str(settings / "runtime"),
        "IPYTHONDIR": str(settings / "ipython"),
    }
    environment.pop("MPLBACKEND", None)
    log = (settings.parent / "jupyterlab.log").open("w+")
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *FLAGS],
        cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True,
    )  # fmt: skip
    try:
        yield _address(process, settings / "runtime", Path(log.name))
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        log.close()


def _address(process: subprocess.Popen[bytes], runtime: Path, log: Path) -> str:
    """Where it answers, once it does."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        for path in runtime.glob("jpserver-*.json"):
            with contextlib.suppress(OSError, ValueError):
                address = str(json.loads(path.read_text("utf-8"))["url"])
                with urlopen(f"{address}api/status", timeout=5):
                    return address
        time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8"))


def wait_for(browser: Browser, expression: str, timeout_s: float = 120) -> None:
    """Wait until an expression is true in the page."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if browser.evaluate(expression):
            return
        time.sleep(0.1)
    raise AssertionError(f"{expression} stays {browser.evaluate(expression)!r}")


def require_contrast(browser: Browser) -> None:
    contrasts = browser.evaluate(CONTRASTS.replace("document.body", RESULT))
    assert min(contrasts.values()) >= 4.5, contrasts


def test_a_result_shows_below_its_cell_and_follows_what_is_run(tmp_path: Path) -> None:
    folder = tiny_course.make_kit(tmp_path).folder / "assignments" / "scales"
    cells = json.loads(notebook("%load_ext grader", WRONG, 'check("double")'))
    cells["metadata"]["kernelspec"] = {"display_name": "Python 3", "name": "python3"}
    (folder / "scales.ipynb").write_text(json.dumps(cells), "utf-8")
    with contextlib.ExitStack() as stack:
        address = stack.enter_context(jupyterlab(folder, tmp_path / "settings"))
        browser = Browser(tmp_path / "profile", 120)
        stack.callback(browser.close)
        browser.look()
        browser.open(f"{address}lab/tree/scales.ipynb?reset")
        wait_for(browser, f"window.jupyterapp && {CELLS}?.length === 4")
        wait_for(browser, "jupyterapp.shell.currentWidget.sessionContext.isReady")

        browser.evaluate(RUN_ALL)
        wait_for(browser, f"{RESULT}?.innerText.includes('0 of 4 public points.')")
        shown = browser.evaluate(f"{RESULT}.innerText").split("\n")
        assert "✗  double of two numbers  0/4  failed" in shown
        assert "  expected: [2, 4]" in shown
        assert browser.evaluate(f"getComputedStyle({RESULT}).wordBreak") == "normal"
        require_contrast(browser)
        browser.evaluate(DARK)
        wait_for(browser, "document.body.dataset.jpThemeLight === 'false'")
        require_contrast(browser)

        # What runs in the kernel counts, and that it is not what is saved is said.
        browser.evaluate(f"{CELLS}[2].model.sharedModel.setSource({json.dumps(RIGHT)})")
        browser.evaluate(RUN_ALL)
        wait_for(browser, f"{RESULT}?.innerText.includes('4 of 4 public points.')")
        assert "on disk is not what was checked" in browser.evaluate(f"{RESULT}.innerText")
