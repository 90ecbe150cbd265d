"""A notebook's cells leave the names that they leave in IPython, which is asked here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ipython_cells import CASES
from making import notebook

from grader.submission.code import read_code

REPORT = """\
def names_left(before=frozenset(globals())):
    found = {n: v for n, v in globals().items() if n not in before and n[:1] != "_"}
    del found["names_left"]
    return [[n, v if isinstance(v, int) else None] for n, v in found.items()]
"""

Names = dict[str, object]


def answers(program: str, cases: list[dict[str, Any]], folder: Path) -> dict[str, Any]:
    """What a program beside this file says of each case."""
    home = {"HOME": str(folder), "IPYTHONDIR": str(folder), "MPLBACKEND": "agg"}
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name(program))],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, **home},
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(CASES, json.loads(done.stdout), strict=True))


@pytest.fixture(scope="module")
def in_ipython(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Names]:
    """The names that each case leaves in IPython, with the values of whole numbers."""
    cases = [{"cells": case.cells, "files": dict(case.files)} for case in CASES.values()]
    return answers("in_ipython.py", cases, tmp_path_factory.mktemp("ipython"))


@pytest.fixture(scope="module")
def in_worker(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Names]:
    """The same of a worker that loads what the reader makes of the cells."""
    asked = ["report", "report", REPORT, 1]
    cases = []
    for case in CASES.values():
        # Names are counted from the first cell on; it also keeps a case from being empty.
        code = read_code("demo.ipynb", notebook("0", *case.cells).encode(), "demo", ())
        parts = [[p.label, p.filename, p.source.decode(), p.first_line] for p in code.parts]
        written = {name: text.decode() for name, text in code.written.items()}
        cases.append({"parts": [asked, *parts], "files": {**case.files, **written}})
    told = answers("in_worker.py", cases, tmp_path_factory.mktemp("worker"))
    return {label: dict(names) for label, names in told.items()}


@pytest.mark.parametrize("label", CASES)
def test_cells_leave_the_names_that_they_leave_in_ipython(
    in_ipython: dict[str, Names], in_worker: dict[str, Names], label: str
) -> None:
    case, theirs, ours = CASES[label], in_ipython[label], in_worker[label]
    assert set(ours) - set(theirs) == case.more, case.differs
    assert set(theirs) - set(ours) == case.fewer, case.differs
    known = {name for name in ours if None not in (ours[name], theirs.get(name))}
    assert {name: ours[name] for name in known} == {name: theirs[name] for name in known}


def test_every_difference_has_its_reason() -> None:
    assert [n for n, case in CASES.items() if (case.more | case.fewer) and not case.differs] == []
    assert len(CASES) >= 60
