"""What a zygote does once so that its children need not: imports, first uses, huge pages.

Runs before the jail is closed. The numbers were measured on the way from fork to exit of a child
that loads a small module: each hundred page faults cost 0.3 ms and each thousand pages of data,
copied as page table entries, 0.1 ms at the fork and again at the exit.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import tempfile
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.sandbox.linux import syscalls
from grader.sandbox.protocol.packages import modules

if TYPE_CHECKING:  # numpy is imported in the second process only
    from grader.sandbox.guest import figures

# What homework imports most, beside numpy and matplotlib.
_USUAL = (
    *("collections", "copy", "csv", "dataclasses", "functools", "itertools", "math", "random"),
    *("statistics", "typing"),
)
_HUGE_PAGE = 2 << 20
_RUNS_TO_FIT = 8


class ThreadsAtImport(Exception):
    """A module starts threads when it is imported. A process that has several can neither leave the
    machine's namespaces nor be forked. name: the module's."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} starts threads when it is imported")
        self.name = name


def import_everything(packages: tuple[str, ...], cold: Collection[str] = ()) -> None:
    """Import what a submission may, and multiply once.

    packages: beside numpy and matplotlib. cold: modules of them that are left to the submission.
    Raises ThreadsAtImport; nothing can be forked from this process then.
    """
    for name in _USUAL:
        importlib.import_module(name)
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot  # for those that import it again
    import numpy as np

    np.linalg.solve(np.eye(8), np.ones(8))
    np.random.default_rng(0).normal(size=3)
    np.ones((300, 300)) @ np.ones((300, 300))
    for name in modules(packages):
        if name in cold:
            continue
        importlib.import_module(name)
        first_use(name)
        if len(list(Path("/proc/self/task").iterdir())) > 1:
            raise ThreadsAtImport(name)
    tempfile.tempdir = None  # asked for by a library; a child's own is another


def first_use(module: str) -> None:
    """What a library loads only when it is used for the first time."""
    if module == "torch":
        _use_torch()
    elif module == "tensorflow":
        # It looks for further kernels once, beside the executable, which it finds by /proc, and
        # ends the process where there is none. Computing anything here would start its threads.
        kernels = importlib.import_module("tensorflow.python.framework.kernels")
        kernels.get_registered_kernels_for_op("Add")


def _use_torch() -> None:
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)
    # The first step of an optimizer imports the compiler, which takes as long as all the rest.
    layer = torch.nn.Linear(3, 2)
    optimizer = torch.optim.Adam(layer.parameters())
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(layer(torch.ones(4, 3)), torch.zeros(4).long()).backward()
    optimizer.step()


def draw_once() -> None:
    """Draw and save a figure with what most figures have."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    axes.plot([1, 2, 3], label="x")
    axes.set_title("$x^2$")
    axes.legend()
    figure.savefig(io.BytesIO(), format="png")
    plt.close("all")


def rehearse(watch: figures.FigureWatch) -> None:
    """Draw once, and answer calls and drawings as a worker does, often enough to be good at it.

    The interpreter fits code to what it is used for at its eighth run (PEP 659). A child would do
    that anew, for itself, and write to the pages it shares: 12 % of its CPU time.
    """
    import matplotlib.pyplot as plt
    import numpy as np

    from grader.sandbox.guest import worker
    from grader.sandbox.protocol import wire

    draw_once()

    def plot(values: list[float]) -> Any:
        figure, axes = plt.subplots()
        axes.plot(values, marker=".", label="loss")
        axes.scatter(values, values)
        axes.axhline(0.5)
        axes.set(xlabel="step", ylabel="loss", title="Descent")
        axes.legend()
        return figure

    functions: dict[str, tuple[Callable[..., object], object]] = {
        "multiply": (lambda x: [x @ x.T, x.sum()], np.ones((50, 10))),
        "plot": (plot, [1.0, 2.0, 3.0]),
    }
    for _ in range(_RUNS_TO_FIT):
        actor = worker.Worker(watch, {name: function for name, (function, _) in functions.items()})
        for name, (_, argument) in functions.items():
            request = {"op": "call", "id": 1, "name": name, "on": None, "draw": name == "plot"}
            request["calls"] = [[[argument], {}]] * 3 if name == "multiply" else [[[argument], {}]]
            actor.answer(wire.encode(request, tuples=True))
    actor.answer(wire.encode({"op": "png", "id": 1, "number": 0, "dpi": 80}))
    plt.close("all")


def find_heap() -> list[int]:
    """Where this process's own data could stand in huge pages: their addresses."""
    found: list[int] = []
    for line in Path("/proc/self/maps").read_text().splitlines():
        fields = line.split()
        if fields[1] == "rw-p" and fields[4] == "0":
            first, last = (int(text, 16) for text in fields[0].split("-"))
            first = (first + _HUGE_PAGE - 1) // _HUGE_PAGE * _HUGE_PAGE
            found += range(first, last - _HUGE_PAGE + 1, _HUGE_PAGE)
    return found


def merge_heap(addresses: list[int]) -> None:
    """Put data into huge pages, which a fork and an exit handle as one: 15 % less CPU in all.

    Only where no other process shares the data any more: a write to a shared huge page breaks it
    into small ones again, as the zygote's own writes after the first fork do with two in three.
    Addresses are as `find_heap` gave them, when /proc was still there.
    """
    for start in addresses:
        # Refused for what was never touched, and by kernels before 6.1.
        with contextlib.suppress(OSError):
            syscalls.merge_pages(start, start + _HUGE_PAGE)
