"""What a table costs whoever reads it: bounded, although students choose the names in it.

Each is read in a process of its own under limits of the kernel's: 5 s of CPU, and 300 MB of memory
beyond what the process has before it reads.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

LIMITED = """
import resource, sys
from pathlib import Path
from grader.errors import UsageError
from grader.gradebook.roster import read_roster
from grader.lms.table import Table
now = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (now + (300 << 20),) * 2)
used = int(sum(resource.getrusage(resource.RUSAGE_SELF)[:2]))
resource.setrlimit(resource.RLIMIT_CPU, (used + 5,) * 2)
try:
    if sys.argv[2] == "table":
        table = Table(Path(sys.argv[1]))
        assert table.encoded() == Path(sys.argv[1]).read_bytes()
        print("read", len(list(table.cells())))
    else:
        print("read", len(read_roster(Path(sys.argv[1])).students))
except UsageError as exc:
    print("refused", str(exc)[:500])
"""
HEAD = "Student,ID,SIS Login ID,Section,Grade\n"
HOSTILE: dict[str, tuple[Callable[[], str], str]] = {
    "quotes": (lambda: HEAD + '"' * (15 << 20), "read 1"),
    "an odd quote": (lambda: HEAD + '"' * ((15 << 20) + 1), "never closed"),
    "a quote that does not end": (lambda: HEAD + '"' + "a" * (15 << 20), "never closed"),
    "quoted cells side by side": (lambda: HEAD + '"a"' * (5 << 20), "read 1"),
    "many cells": (lambda: HEAD + "," * (15 << 20), "too many rows or cells"),
    "many rows": (lambda: HEAD + "\n" * (15 << 20), "too many rows or cells"),
    "as many cells as may be": (lambda: HEAD + "," * 1_990_000, "read 1"),
    "as many rows as may be": (lambda: HEAD + "a,b\n" * 390_000, "read 390000"),
    "digits": (lambda: HEAD + '"' + "1" * (15 << 20) + ",", "never closed"),
    "numbers": (lambda: HEAD + '"1' * (7 << 20), "read 1"),
    "a large file": (lambda: HEAD + "a" * (17 << 20), "larger than 16 MB"),
}


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are Linux's")
@pytest.mark.parametrize("kind", ["table", "roster"])
@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_table_costs_at_most_5_seconds_and_300_megabytes(
    tmp_path: Path, label: str, kind: str
) -> None:
    text, said = HOSTILE[label]
    path = tmp_path / "grades.csv"
    path.write_text(text().replace(HEAD, "id,name,email\n") if kind == "roster" else text())
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(path), kind],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.startswith(("read", "refused"))
    if kind == "table":
        assert said in done.stdout
