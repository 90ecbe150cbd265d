"""Staff stop a run, or it is killed: what is done stays, and the same command does the rest."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from making import DEMO_RIGHT, grade_class, options_of, read_class, write_course, write_files
from running import clean_environment

SLOW = DEMO_RIGHT.replace("return 2 * x", "import time; time.sleep(0.5); return 2 * x")


def test_grading_goes_on_where_nobody_reads_its_output(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    write_files(tmp_path / "subs", {"ada.py": DEMO_RIGHT, "bob.txt": ""})
    process = start_grading(course, tmp_path / "subs", tmp_path / "out")
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    assert process.communicate(timeout=120) == (None, "")
    assert process.returncode == 0
    assert read_class(tmp_path / "out", None)["ada"].full  # type: ignore[arg-type]


def start_grading(course: Path, subs: Path, out: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "grader", "grade", str(subs), "--out", str(out)]
    options = [*options_of("none"), "--jobs", "2", "--assignment", "demo"]
    return subprocess.Popen(
        [*command, *options],
        cwd=course,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_for_reports(out: Path, count: int) -> None:
    for _ in range(1200):
        if len(list(out.glob("demo/*.json"))) >= count:
            return
        time.sleep(0.05)
    pytest.fail("no reports came")


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def children_of(session: int) -> list[str]:
    """Command lines of live processes that a run left: its session's, or a student's code."""
    left = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text().rsplit(")", 1)[1].split()
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if stat[0] != "Z" and int(stat[3]) == session:
            left.append(command)
    return left


def left_after_a_moment(session: int) -> list[str]:
    """The same once those that were killed had time to end."""
    for _ in range(100):
        if not children_of(session):
            break
        time.sleep(0.1)
    return children_of(session)


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_ctrl_c_keeps_what_is_done_and_the_next_run_does_the_rest(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    subs, out = tmp_path / "subs", tmp_path / "out"
    marked = "# pid in {}\nimport os\nopen({!r}, 'a').write(str(os.getpid()) + '\\n')\n"
    log = str(tmp_path / "pids")
    sources = {f"s{n:02}.py": marked.format(n, log) + SLOW for n in range(12)}
    write_files(subs, sources)
    process = start_grading(course, subs, out)
    wait_for_reports(out, 5)  # of the last, one by each runner, the command may not know yet
    os.killpg(process.pid, signal.SIGINT)
    said, error = process.communicate(timeout=30)
    assert process.returncode == 130
    assert error == ""
    done = sorted(path.stem for path in out.glob("demo/*.json"))
    assert 3 <= len(done) < 12
    told = [int(word.strip(".")) for word in said.split() if word.strip(".").isdigit()]
    stopped, total, left = told[-3:]
    assert total == 12
    assert stopped + left == 12
    assert 3 <= stopped <= len(done)
    assert "again to grade the" in said
    assert len((out / "gradebook.csv").read_text().splitlines()) == stopped + 1
    assert left_after_a_moment(process.pid) == []
    pids = [int(line) for line in Path(log).read_text().split()]
    assert [pid for pid in pids if runs(pid)] == []
    assert not list(out.rglob(".writing-*"))
    before = {label: (out / "demo" / f"{label}.json").read_bytes() for label in done}

    again = grade_class(course, subs, out, "--assignment", "demo")
    assert f"{len(done)} of 12 are already graded; {12 - len(done)} are left" in again.ran.said
    assert len(again.pairs) == len(again.gradebook) == 12
    assert all(pair.full for pair in again.pairs.values())
    assert {k: (out / "demo" / f"{k}.json").read_bytes() for k in done} == before


@pytest.mark.parametrize("delay_s", [0.3, 0.8, 1.3])
def test_ctrl_c_at_any_moment_is_one_line_and_no_traceback(tmp_path: Path, delay_s: float) -> None:
    course = write_course(tmp_path / "course")
    write_files(tmp_path / "subs", {f"s{n}.py": SLOW for n in range(6)})
    process = start_grading(course, tmp_path / "subs", tmp_path / "out")
    time.sleep(delay_s)
    os.killpg(process.pid, signal.SIGINT)
    said, error = process.communicate(timeout=30)
    assert process.returncode in (130, -signal.SIGINT)
    assert "Process" not in error
    if process.returncode == 130:
        assert "Traceback" not in error
        assert "topped" in said + error


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_killed_run_leaves_whole_reports_and_no_processes(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    subs, out = tmp_path / "subs", tmp_path / "out"
    write_files(subs, {f"s{n}.py": SLOW for n in range(8)})
    process = start_grading(course, subs, out)
    wait_for_reports(out, 2)
    process.kill()
    process.communicate()
    assert left_after_a_moment(process.pid) == []
    done = len(list(out.glob("demo/*.json")))
    assert len(read_class(out, None).pairs) == done  # type: ignore[arg-type]
    # As if the kill had come while a report and its student's were written; another run writes one.
    cut_off = [out / "demo" / ".writing-a", out / "demo" / "student" / ".writing-b"]
    another = out / "demo" / ".writing-c"
    for path in (*cut_off, another):
        path.write_text("{")
    for path in cut_off:
        os.utime(path, (1_000_000_000, 1_000_000_000))
    again = grade_class(course, subs, out, "--assignment", "demo")
    assert list(out.rglob(".writing-*")) == [another]
    assert len(again.pairs) == 8
    assert f"{done} of 8 are already graded" in again.ran.said
