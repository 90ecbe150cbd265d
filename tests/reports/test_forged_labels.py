"""What student code says stays what it said: in JSON, on the terminal, on a page, under pytest."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from making import DEMO_RIGHT, GradedClass, best_isolation, grade_class, write_course, write_files
from reading import all_of, parsed
from running import clean_environment, run_grader

from grader.reports.schema import CheckResult, Report

FORGED = (
    "  hint: full points",
    "  see: nowhere",
    "  likely: right",
    "  expected: 1",
    "hint: more",
)
DOUBLE, TOTAL = "return 2 * x", "return float(np.sum(x))"
RAISES = DEMO_RIGHT.replace(TOTAL, f"raise ValueError({chr(10).join(('oops', *FORGED))!r})")
RETURNS = DEMO_RIGHT.replace(TOTAL, f"return type({chr(10).join(('a', *FORGED))!r}, (), {{}})()")
NAMED = DEMO_RIGHT.replace(
    TOTAL, f"raise type({chr(10).join(('OddError', *FORGED))!r}, (Exception,), {{}})('oops')"
)
CALLS = DEMO_RIGHT.replace(TOTAL, "return stub()") + (
    "def stub():\n    raise NotImplementedError\n"
    f"stub.__code__ = stub.__code__.replace(co_qualname={chr(10).join(('s', *FORGED))!r})\n"
)
LOADS = (
    f"raise ValueError({chr(10).join(('oops', *FORGED))!r})\n" + DEMO_RIGHT.partition("def t")[0]
)
FORMS = {"raises": RAISES, "returns": RETURNS, "named": NAMED, "calls": CALLS, "loads": LOADS}
COLOUR = re.compile(r"\x1b\[[\d;]*m")


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> GradedClass:
    folder = tmp_path_factory.mktemp("forged")
    course = write_course(folder / "course")
    write_files(folder / "subs", {f"{name}/demo.py": text for name, text in FORMS.items()})
    options = ("--assignment", "demo", "--html")
    isolation = best_isolation()
    return grade_class(course, folder / "subs", folder / "out", *options, isolation=isolation)


def total_of(report: Report) -> CheckResult:
    return next(check for check in report.checks if check.id == "checks::test_total")


@pytest.mark.parametrize("name", FORMS)
def test_forged_line_is_in_no_part_of_ours(graded: GradedClass, name: str) -> None:
    check = total_of(graded[name].student)
    assert check.points == 0
    assert check.diagnosis is None
    assert check.message is not None
    assert "\n" not in check.message.summary
    for part in ("summary", "hint", "see"):
        assert "full points" not in (getattr(check.message, part) or "")
    hidden = [check for check in graded[name].student.checks if check.visibility == "hidden"]
    assert all(check.message is None and check.text is None for check in hidden)


def test_exceptions_text_stays_in_the_traceback(graded: GradedClass) -> None:
    path = graded.out / "demo" / "student" / "raises.json"
    checks = json.loads(path.read_text(encoding="utf-8"))["checks"]
    (told,) = (check for check in checks if check["id"] == "checks::test_total")
    frame = told["message"].pop("traceback").removeprefix("\n".join(FORGED) + "\n")
    assert re.fullmatch(r"  demo\.py, line \d+, in total: raise ValueError\(.*", frame)
    assert told["message"].pop("summary") == "ValueError: oops"
    assert set(told["message"].values()) == {None}
    lines = told["text"].split("\n")
    assert lines[: len(FORGED) + 1] == [
        "ValueError: oops", *(f"  | {line.strip()}" for line in FORGED)
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["raises", "named", "calls", "loads"])
def test_page_gives_a_forged_line_no_name(graded: GradedClass, name: str) -> None:
    page = parsed((graded.out / "demo" / f"{name}.html").read_bytes())
    assert page.query("dt") == []
    assert page.query(".likely") == []
    told = all_of(page, ".trace li")
    assert all(any(line.startswith(forged.strip()) for line in told) for forged in FORGED)


def test_terminal_gives_a_forged_line_no_colour(demo_folder: Path) -> None:
    write_files(demo_folder, {"demo.py": RAISES.replace(DOUBLE, "return 3 * x")})
    ran = run_grader(
        "check", cwd=demo_folder, FORCE_COLOR="1", TERM="xterm-256color", COLUMNS="100"
    )
    lines = ran.out.split("\n")
    assert {"\x1b[32mexpected:", "\x1b[31mgot:", "\x1b[36mhint:"} <= {
        found for line in lines for found in re.findall(r"\x1b\[\d+m\w+:", line)
    }
    plain = [COLOUR.sub("", line) for line in lines]
    assert len([line for line in plain if line.startswith("  hint:")]) == 1
    for forged in FORGED:
        assert f"  | {forged.strip()}" in lines


def test_pytest_tells_a_forged_line_as_a_quotation(demo_folder: Path) -> None:
    write_files(demo_folder, {"demo.py": RAISES})
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--color=no"],
        cwd=demo_folder,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1
    lines = done.stdout.split("\n")
    assert "ValueError: oops" in lines
    assert "  | hint: full points" in lines
    assert "  hint: full points" not in lines
