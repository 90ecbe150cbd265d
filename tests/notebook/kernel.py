"""A notebook's kernel for tests: cells run as Jupyter runs them, and what shows below them."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook


@dataclass(frozen=True)
class Below:
    """What shows below a cell. printed: what it wrote. pages: the results, as text and as HTML.

    pictures: how many there are. error: the traceback's last line, "" for none.
    """

    number: int
    printed: str
    pages: tuple[tuple[str, str], ...]
    pictures: int
    error: str

    @property
    def said(self) -> str:
        """The words of all results."""
        return " ".join(" ".join(text for text, _ in self.pages).split())


class Cells:
    """Runs one cell after the other in one kernel."""

    def __init__(self, client: NotebookClient) -> None:
        self._client = client

    def run(self, source: str, *, interrupt_after: Path | None = None) -> Below:
        """Run a cell. interrupt_after: interrupt the kernel once this file is there."""
        cell = new_code_cell(source)
        self._client.nb.cells.append(cell)
        if interrupt_after is not None:
            threading.Thread(target=self._interrupt, args=(interrupt_after,), daemon=True).start()
        self._client.execute_cell(cell, len(self._client.nb.cells) - 1)
        return _below(cell)

    def _interrupt(self, begun: Path) -> None:
        while not begun.exists():
            time.sleep(0.02)
        os.kill(self._client.km.provisioner.pid, signal.SIGINT)


def _below(cell: Any) -> Below:
    data = [each.data for each in cell.outputs if "data" in each]
    return Below(
        cell.execution_count,
        "".join(each.text for each in cell.outputs if each.output_type == "stream"),
        tuple((d["text/plain"], d["text/html"]) for d in data if "text/html" in d),
        sum("image/png" in d for d in data),
        "".join(f"{e.ename}: {e.evalue}" for e in cell.outputs if e.output_type == "error"),
    )


@contextlib.contextmanager
def started(folder: Path) -> Iterator[Cells]:
    """A new kernel in a folder; `%load_ext grader` has been run."""
    client = NotebookClient(
        new_notebook(), allow_errors=True, timeout=120, resources={"metadata": {"path": folder}}
    )
    # Jupyter chooses a backend where none is named, and other tests name one for this process.
    environment = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    with client.setup_kernel(env=environment):
        cells = Cells(client)
        assert cells.run("%load_ext grader").error == ""
        yield cells
