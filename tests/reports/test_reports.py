"""The report: names that are fixed, two readers, files that are whole or absent."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import DEMO_RIGHT, grade_one
from pydantic import ValidationError
from running import run_grader

from grader._internal.clock import now_utc
from grader._internal.files import write_atomically
from grader._internal.text import printable, reported
from grader.engine.runner import empty_report
from grader.engine.task import task_of
from grader.reports.schema import (
    CheckResult,
    Environment,
    FigureFile,
    Message,
    Outcome,
    Report,
    Visibility,
    read_report,
)
from grader.submission.files import Submission

# Other people's tools read these names.
REPORT_KEYS = [
    *("schema_version", "audience", "assignment", "assignment_version", "submission_sha256"),
    *("student", "seed", "environment", "isolation", "started_at", "duration_s", "score"),
    *("max_score", "checks", "warnings", "stdout_tail"),
]
CHECK_KEYS = [
    *("id", "title", "max_points", "points", "outcome", "message", "diagnosis", "visibility"),
    *("duration_s", "figures", "bonus", "text"),
]
MESSAGE_KEYS = ["summary", "expected", "got", "where", "hint", "see", "traceback", "output"]


def result(visibility: str, outcome: str = "failed") -> CheckResult:
    return CheckResult(
        id=f"checks::test_{visibility}",
        title="a claim",
        max_points=3,
        points=0,
        outcome=Outcome(outcome),
        message=Message(**{part: f"secret in {part}" for part in MESSAGE_KEYS}),
        diagnosis="secret diagnosis",
        visibility=Visibility(visibility),
        duration_s=0.123,
        figures=(FigureFile(title="secret figure", file="secret.png"),),
    )


def report(*checks: CheckResult) -> Report:
    environment = Environment(
        python="3", numpy="2", matplotlib="3", platform="x", grader="0", grader_sha256="0"
    )
    return Report(
        audience="staff",
        assignment="demo",
        assignment_version="0",
        submission_sha256="1",
        student="ada",
        seed="secret seed",
        environment=environment,
        isolation="none",
        started_at=now_utc(),
        duration_s=1.5,
        score=1,
        max_score=9,
        checks=checks,
        warnings=("secret warning",),
        stdout_tail="secret output",
    )


def test_names_of_a_real_report_are_those_agreed_on(tmp_path: Path) -> None:
    grade_one(tmp_path, {"demo.py": DEMO_RIGHT})
    for path in ("demo/ada.json", "demo/student/ada.json"):
        written = json.loads((tmp_path / "out" / path).read_text(encoding="utf-8"))
        assert list(written) == REPORT_KEYS
        assert all(list(check) == CHECK_KEYS for check in written["checks"])
        assert written["schema_version"] == 2
    assert written["audience"] == "student"
    assert (written["seed"], written["duration_s"]) == (None, None)


def test_schema_names_every_key_and_refuses_others(tmp_path: Path) -> None:
    schema = json.loads(run_grader("schema", cwd=tmp_path).out)
    # Few reports have the last two.
    assert list(schema["properties"]) == [*REPORT_KEYS, "grade", "comments"]
    assert list(schema["$defs"]["CheckResult"]["properties"]) == CHECK_KEYS
    assert list(schema["$defs"]["Message"]["properties"]) == MESSAGE_KEYS
    validator = jsonschema.Draft202012Validator(schema)
    good = json.loads(report(result("hidden")).to_json())
    validator.validate(good)
    for change in (
        {"schema_version": 3},
        {"audience": "press"},
        {"score": "much"},
        {"more": 1},
        {"checks": [{**good["checks"][0], "outcome": "fine"}]},
        {"checks": [{**good["checks"][0], "points": -1}]},
    ):
        assert not validator.is_valid({**good, **change}), change
        with pytest.raises(ValidationError):
            Report.model_validate_json(json.dumps({**good, **change}))


@pytest.mark.parametrize("visibility", list(Visibility))
def test_student_sees_of_a_check_what_its_visibility_grants(visibility: Visibility) -> None:
    staff = report(result(visibility.value))
    theirs = staff.for_student(("early warning",), "early output")
    text = theirs.to_json()
    assert theirs.audience == "student"
    assert "secret seed" not in text
    assert "secret warning" not in text
    assert "secret output" not in text
    assert ("secret" in text) == (visibility is Visibility.VISIBLE)
    (check,) = theirs.checks
    assert (check.title, check.outcome, check.max_points) == ("a claim", "failed", 3)
    assert theirs.warnings == ("early warning",)
    assert theirs.stdout_tail == "early output"
    # The staff's own is not touched.
    assert "secret diagnosis" in staff.to_json()


@pytest.mark.parametrize("visibility", Visibility)
def test_student_is_told_of_a_fault_of_ours_without_the_lines_that_failed(
    visibility: Visibility,
) -> None:
    fault = result(visibility, "grader_error")
    (check,) = report(fault).for_student((), "").checks
    assert check.outcome == "grader_error"
    assert check.text == (
        "this check could not be judged; its points stay open until the course staff have looked "
        "at it"
    )
    assert "secret in" not in check.model_dump_json()
    assert "secret in summary" in report(fault).to_json()


def test_what_happened_in_our_own_process_is_for_staff() -> None:
    task = task_of(Submission({}, "0"), "ada", "demo")
    task = replace(task, source=replace(task.source, warnings=("a warning",)))
    result = empty_report(task, "it failed", "none", "it failed: secret")
    assert result.staff.warnings == ("a warning", "it failed: secret")
    assert result.student.warnings == ("a warning", "it failed")


def test_report_comes_back_from_its_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.json"
    staff = report(result("hidden"), result("visible", "passed"))
    write_atomically(path, staff.to_json().encode())
    assert read_report(path) == staff
    assert path.read_text(encoding="utf-8").endswith("}\n")


@given(st.text())
def test_any_text_becomes_one_that_a_file_and_a_terminal_can_take(text: str) -> None:
    shown = printable(text)
    shown.encode()
    assert all(char.isprintable() or char in "\n\t" for char in shown)
    assert printable(shown) == shown
    if text.isprintable():
        assert shown == text


@given(st.text())
def test_address_in_memory_is_left_out_of_a_report(text: str) -> None:
    objects = [object(), len, lambda: 0]
    assert reported(f"{text} {objects[0]}") == f"{reported(text)} <object object at 0x...>"
    assert not re.search("0x[0-9a-f]", reported(repr(objects)))
    assert reported(reported(text)) == reported(text)
    assert reported("look at 0x10 and 0xdeadbeef") == "look at 0x10 and 0xdeadbeef"


@given(st.text())
def test_any_text_of_a_students_can_be_reported(text: str) -> None:
    made = report(result("visible").model_copy(update={"title": "x"}))
    again = Report(**{**dict(made), "student": text, "warnings": (text,), "stdout_tail": text})
    assert Report.model_validate_json(again.to_json()) == again


def test_umask_decides_who_may_read_a_report(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_atomically(tmp_path / "a.json", b"{}")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.json").stat().st_mode) == 0o640


def test_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    contents = [bytes([65 + n]) * 3_000_000 for n in range(3)]
    write_atomically(path, contents[0])
    stop = threading.Event()
    seen: list[bytes] = []

    def read() -> None:
        while not stop.is_set():
            data = path.read_bytes()
            seen.append(data[:1] + data[-1:] if len(data) == 3_000_000 else b"torn")

    thread = threading.Thread(target=read)
    thread.start()
    for _ in range(10):
        for content in contents:
            write_atomically(path, content)
    stop.set()
    thread.join()
    assert set(seen) <= {b"AA", b"BB", b"CC"}


def test_failed_write_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_atomically(path, b"old")
    with pytest.raises(TypeError):
        write_atomically(path, "no bytes")  # type: ignore[arg-type]
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="folder"):
        write_atomically(tmp_path / "folder", b"new")
    assert path.read_bytes() == b"old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.json", "folder"]


def test_writer_that_is_killed_leaves_whole_files(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from grader._internal.files import write_atomically\n"
        "path = Path(sys.argv[1])\nprint('ready', flush=True)\nn = 0\n"
        "while True:\n    n += 1\n    write_atomically(path, b'%07d' % n * 300000)\n"
    )
    path = tmp_path / "a.json"
    for delay_s in (0.02, 0.05, 0.08):
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(delay_s)
        process.kill()
        process.wait()
        process.stdout.close()
        if path.exists():
            data = path.read_bytes()
            assert data == data[:7] * 300000
