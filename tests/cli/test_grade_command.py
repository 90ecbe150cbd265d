"""`python -m grader grade` on a class: everybody gets a report, whatever anybody handed in."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import jsonschema
import pexpect
import pytest
from making import (
    DEMO_HIDDEN,
    DEMO_RIGHT,
    DEMO_STARTER,
    DEMO_TOML,
    Files,
    GradedClass,
    best_isolation,
    grade_class,
    notebook,
    write_course,
    write_files,
    zipped,
)
from running import clean_environment, run_grader

PRINT = "print(object(), x, flush=True)"
LOOP = DEMO_RIGHT.replace("return 2 * x", f"import time\n    while True: {PRINT}; time.sleep(0.01)")
CRASH = DEMO_RIGHT.replace("return 2 * x", f"import os; {PRINT}; os._exit(0)")

# One of each kind: what it is, and the score out of 10.
KINDS: dict[str, tuple[str, Files | bytes | str, float]] = {
    "right": ("{}.py", DEMO_RIGHT, 10),
    "right-notebook": ("{}.ipynb", notebook(DEMO_RIGHT), 10),
    "right-folder": ("{}", {"demo.py": DEMO_RIGHT, "helper.py": ""}, 10),
    "right-zip": ("{}.zip", zipped({"demo.py": DEMO_RIGHT}), 10),
    "right-zip-of-notebook": ("{}.zip", zipped({"hw/demo.ipynb": notebook(DEMO_RIGHT)}), 10),
    "half": ("{}.py", DEMO_RIGHT.replace("return 2", f"{PRINT}; return 3"), 4),
    "other-half": ("{}.py", DEMO_RIGHT.replace("np.sum", "np.max"), 6),
    "starter": ("{}.py", DEMO_STARTER, 0),
    "empty-module": ("{}.py", "", 0),
    "syntax-error": ("{}.py", "def double(x:\n", 0),
    "missing-function": ("{}.py", DEMO_RIGHT.split("def total")[0], 6),
    "loop": ("{}.py", LOOP, 4),
    "crash": ("{}.py", CRASH, 4),
    "crash-on-top": ("{}.py", DEMO_RIGHT + "import os; os.abort()\n", 0),
    "empty-zip": ("{}.zip", b"", 0),
    "zip-of-nothing": ("{}.zip", zipped({}), 0),
    "no-zip": ("{}.zip", b"this is no zip", 0),
    "zip-that-climbs": ("{}.zip", zipped({"../demo.py": DEMO_RIGHT}), 0),
    "zip-of-other-things": ("{}.zip", zipped({"essay.docx": "x"}), 0),
    "no-such-homework": ("{}.zip", b"", 0),
    "empty-folder": ("{}", {}, 0),
    "folder-of-other-things": ("{}", {"notes.txt": "x"}, 0),
    "broken-notebook": ("{}.ipynb", '{"cells": [', 0),
    "binary": ("{}.py", b"\x00\xff\xfe\x80" * 99, 0),
    "two-mains": ("{}", {"demo.py": DEMO_STARTER, "demo.ipynb": notebook(DEMO_RIGHT)}, 10),
}


# Endless loops take all of this for every check.
HURRIED = DEMO_TOML.replace("call_s = 2.0", "call_s = 0.5")


def write_mixed_class(folder: Path, count: int) -> dict[str, float]:
    """`count` submissions of all kinds; the score that each label should get."""
    scores = {}
    for number in range(count):
        kind = list(KINDS)[number % len(KINDS)]
        name, content, score = KINDS[kind]
        label = f"s{number:03}-{kind}"
        path = folder / name.format(label)
        if kind == "no-such-homework":
            manifest = json.dumps({"assignment": "demon", "student": label})
            content = zipped({"demo.py": DEMO_RIGHT, "manifest.json": manifest})
        if isinstance(content, dict):
            path.mkdir(parents=True)
            write_files(path, content)
        else:
            write_files(folder, {path.name: content})
        scores[label] = score
    return scores


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, float], GradedClass]:
    """The tiny course with two homeworks, and a mixed class of `demo` graded once."""
    folder = tmp_path_factory.mktemp("mixed")
    course = write_course(folder / "course", "demo", "picture")
    write_files(course, {"assignments/demo/assignment.toml": HURRIED})
    scores = write_mixed_class(folder / "subs", len(KINDS))
    graded = grade_class(course, folder / "subs", folder / "out", "--jobs", 2)
    return folder, scores, graded


@pytest.mark.smoke
def test_everybody_gets_a_report_and_the_score_of_the_work(
    mixed: tuple[Path, dict[str, float], GradedClass],
) -> None:
    _, scores, graded = mixed
    assert {label: pair.staff.score for label, pair in graded.pairs.items()} == scores
    assert len(list(graded.out.glob("*/student/*.json"))) == len(scores)
    assert not list(graded.out.rglob(".writing-*"))


@pytest.mark.parametrize(
    ("kind", "outcome", "told"),
    [
        ("starter", "not_attempted", "not written yet"),
        ("empty-module", "error", "there is no `double`"),
        ("syntax-error", "error", "line 1: SyntaxError"),
        ("loop", "timeout", "still running after 0.5 s"),
        ("crash", "crashed", "exit code 0"),
        ("crash-on-top", "crashed", "SIGABRT"),
        ("empty-zip", "error", "is an empty file, not a zip"),
        ("zip-of-nothing", "error", "holds no files"),
        ("no-zip", "error", "is not a zip file"),
        ("zip-that-climbs", "error", "leaves its folder"),
        ("zip-of-other-things", "error", "holds no demo.py or demo.ipynb; it holds essay.docx"),
        ("empty-folder", "error", "holds no files"),
        ("folder-of-other-things", "error", "it holds notes.txt"),
        ("broken-notebook", "error", "is not a readable notebook"),
        ("binary", "error", "it holds null bytes"),
    ],
)
def test_bad_submission_says_why(
    mixed: tuple[Path, dict[str, float], GradedClass], kind: str, outcome: str, told: str
) -> None:
    _, scores, graded = mixed
    label = next(label for label in scores if label.endswith(f"-{kind}"))
    check = graded[label].check("test_double")
    assert check.outcome == outcome
    assert told in str(check.text)
    assert check.points == 0


def test_submission_of_no_homework_is_reported_apart(
    mixed: tuple[Path, dict[str, float], GradedClass],
) -> None:
    _, scores, graded = mixed
    label = next(label for label in scores if label.endswith("-no-such-homework"))
    pair = graded[label]
    assert (pair.staff.assignment, pair.staff.checks) == ("unknown", ())
    assert "this course has no assignment 'demon'" in pair.warned
    assert f"{label}: this course has no assignment 'demon'" in graded.ran.said


def test_gradebook_and_summary_list_everybody(
    mixed: tuple[Path, dict[str, float], GradedClass],
) -> None:
    _, scores, graded = mixed
    book = {row["student"]: row for row in graded.gradebook}
    assert {student: float(row["score"]) for student, row in book.items()} == scores
    assert {row["counts"] for row in book.values()} == {"yes"}
    for row in book.values():
        report = json.loads((graded.out / row["report"]).read_text())
        assert report["submission_sha256"] == row["submission_sha256"]
        assert f"{report['score']:g}" == row["score"]
    for label in scores:
        assert label in graded.ran.out


def test_isolation_off_is_said_loudly(
    mixed: tuple[Path, dict[str, float], GradedClass],
) -> None:
    assert "ISOLATION IS OFF" in mixed[2].ran.out
    assert {pair.staff.isolation for pair in mixed[2].pairs.values()} == {"none"}


def test_every_report_fits_the_printed_schema(
    mixed: tuple[Path, dict[str, float], GradedClass],
) -> None:
    folder, _, graded = mixed
    ran = run_grader("schema", cwd=folder / "course")
    schema = json.loads(ran.out)
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    paths = list(graded.out.glob("*/*.json")) + list(graded.out.glob("*/student/*.json"))
    assert len(paths) == 2 * len(KINDS)
    for path in paths:
        validator.validate(json.loads(path.read_text(encoding="utf-8")))


def test_second_run_grades_nothing_again_and_says_so(
    mixed: tuple[Path, dict[str, float], GradedClass],
) -> None:
    folder, scores, graded = mixed
    before = {path: path.read_bytes() for path in graded.out.glob("demo/**/*.json")}
    book = (graded.out / "gradebook.csv").read_bytes()
    again = grade_class(folder / "course", folder / "subs", graded.out)
    # What belongs to no homework is looked at each time.
    assert f"{len(scores) - 1} of {len(scores)} have not changed since" in again.ran.said
    assert {path: path.read_bytes() for path in before} == before
    assert (graded.out / "gradebook.csv").read_bytes() == book


def without_times(path: Path) -> dict[str, object]:
    report: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    for part in (report, *report["checks"]):  # type: ignore[misc]
        part.pop("started_at", None)
        part.pop("duration_s")
    return report


@pytest.mark.slow
def test_hundred_mixed_submissions_give_hundred_reports_and_the_same_twice(
    tmp_path: Path,
) -> None:
    course = write_course(tmp_path / "course", "demo", "picture")
    write_files(course, {"assignments/demo/assignment.toml": HURRIED})
    scores = write_mixed_class(tmp_path / "subs", 100)
    outs = [tmp_path / "one", tmp_path / "two"]
    isolation = best_isolation()
    first, second = (
        grade_class(course, tmp_path / "subs", out, "--jobs", jobs, isolation=isolation)
        for out, jobs in zip(outs, (2, 1), strict=True)
    )
    assert len(first.pairs) == len(list(outs[0].glob("*/*.json"))) == 100
    assert {label: pair.staff.score for label, pair in first.pairs.items()} == scores
    for path in outs[0].glob("*/**/*.json"):
        other = outs[1] / path.relative_to(outs[0])
        assert without_times(path) == without_times(other), path
    assert first.gradebook == second.gradebook


def test_same_seed_gives_the_same_report_and_another_seed_another(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    write_files(tmp_path / "subs", {"ada.py": DEMO_RIGHT.replace("2 * x", "3 * x")})
    seen = []
    for number, seed in enumerate(["a", "a", "b"]):
        grade_class(course, tmp_path / "subs", tmp_path / str(number), "--seed", seed)
        seen.append(without_times(tmp_path / str(number) / "demo" / "ada.json"))
    assert seen[0] == seen[1]
    assert seen[0]["checks"] != seen[2]["checks"]
    assert [report["seed"] for report in seen] == ["a", "a", "b"]


def test_new_warning_of_how_it_was_found_makes_the_report_anew(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    write_files(tmp_path / "subs", {"ada.py": DEMO_RIGHT})
    assert grade_class(course, tmp_path / "subs", tmp_path / "out")["ada"].staff.warnings == ()
    write_files(tmp_path / "subs", {"ada.ipynb": notebook(DEMO_STARTER)})
    os.utime(tmp_path / "subs" / "ada.ipynb", (1_000_000_000, 1_000_000_000))
    graded = grade_class(course, tmp_path / "subs", tmp_path / "out")
    assert "there are 2 submissions by this student; this is number 2" in graded["ada"].warned


def test_key_of_the_seed_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    write_files(tmp_path / "subs", {"ada.py": DEMO_RIGHT})
    first = grade_class(course, tmp_path / "subs", tmp_path / "one")
    key = course / ".grader" / "key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.read_text().strip() not in (first.out / "demo" / "ada.json").read_text()
    other = grade_class(course, tmp_path / "subs", tmp_path / "two", GRADER_KEY="k" * 20)
    assert other["ada"].staff.seed != first["ada"].staff.seed


@pytest.mark.smoke
def test_only_what_changed_is_graded_again(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    subs, out = tmp_path / "subs", tmp_path / "out"
    write_files(subs, {"ada.py": DEMO_RIGHT, "bob.py": DEMO_RIGHT, "cyn.py": DEMO_STARTER})
    write_files(subs, {"eve.py": DEMO_RIGHT})
    grade_class(course, subs, out)
    write_files(subs, {"cyn.py": DEMO_RIGHT, "dan.py": DEMO_RIGHT})
    (out / "demo" / "eve.json").write_text("{")  # a damaged report is made anew
    again = grade_class(course, subs, out)
    assert "2 of 5 have not changed since they were graded" in again.ran.said
    assert all(pair.full for pair in again.pairs.values())
    # Changed checks change everybody's result.
    checks = course / "assignments" / "demo" / "checks.py"
    checks.write_text(checks.read_text().replace("points(2)", "points(3)"))
    again = grade_class(course, subs, out)
    assert "have not changed since" not in again.ran.said
    assert {pair.staff.max_score for pair in again.pairs.values()} == {11}


def test_of_two_submissions_the_later_counts_and_both_are_reported(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    manifest = '{"student": "ada", "assignment": "demo"}'
    early = zipped({"demo.py": DEMO_STARTER, "manifest.json": manifest})
    late = zipped({"demo.py": DEMO_RIGHT, "manifest.json": manifest})
    write_files(tmp_path / "subs", {"2.zip": early, "1.zip": late})
    os.utime(tmp_path / "subs" / "2.zip", (1_000_000_000, 1_000_000_000))
    graded = grade_class(course, tmp_path / "subs", tmp_path / "out [final]")
    assert (graded["ada"].staff.score, graded["ada~1"].staff.score) == (10, 0)
    assert "there are 2 submissions by this student" in graded["ada"].warned
    counts = {row["report"]: row["counts"] for row in graded.gradebook}
    assert counts == {"demo/ada.json": "yes", "demo/ada~1.json": "no"}
    assert "(does not count)" in graded.ran.said
    assert "out [final]/gradebook.csv" in graded.ran.said


def test_several_homeworks_are_graded_in_one_run(tmp_path: Path) -> None:
    from making import PICTURE_RIGHT

    course = write_course(tmp_path / "course", "demo", "picture")
    write_files(
        tmp_path / "subs",
        {
            "ada/demo.py": DEMO_RIGHT,
            "ada/picture.py": PICTURE_RIGHT,
            "demo/bob.py": DEMO_RIGHT,
            "cyn.zip": zipped({"picture.py": PICTURE_RIGHT}),
            "dan/picture/picture.ipynb": notebook(PICTURE_RIGHT),
        },
    )
    graded = grade_class(course, tmp_path / "subs", tmp_path / "out", "--jobs", 2)
    reports = sorted(str(path.relative_to(graded.out)) for path in graded.out.glob("*/*.json"))
    assert reports == [
        *("demo/ada.json", "demo/bob.json"),
        *("picture/ada.json", "picture/cyn.json", "picture/dan.json"),
    ]
    assert all(row["status"] == "all passed" for row in graded.gradebook)


# Faults of ours


def test_check_that_fails_itself_is_told_and_costs_the_exit_code(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    hidden = course / "solutions" / "demo" / "hidden_checks.py"
    broken = DEMO_HIDDEN.replace("rng.normal(size=7)", "rng.no_such_thing(7)")
    broken = broken.replace("rng):", "rng, note):\n    note('noted')")
    hidden.write_text(broken)
    write_files(tmp_path / "subs", {"ada.py": DEMO_RIGHT, "bob.py": DEMO_STARTER})
    graded = grade_class(course, tmp_path / "subs", tmp_path / "out", code=1)
    check = graded["ada"].check("test_total_at_random")
    assert check.outcome == "grader_error"
    assert "no_such_thing" in str(check.text)
    assert graded["ada"].staff.score == 7
    assert graded["ada"].staff.warnings == ("noted",)
    assert "A fault of the grader remains in 2 of 2 submissions" in graded.ran.said
    assert {row["status"] for row in graded.gradebook} == {"fault of the grader"}
    # Once the check is mended the same command grades them again.
    hidden.write_text(DEMO_HIDDEN)
    assert grade_class(course, tmp_path / "subs", tmp_path / "out")["ada"].full


def test_grading_process_that_dies_costs_one_submission(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    hidden = course / "solutions" / "demo" / "hidden_checks.py"
    deadly = "    if student.total(x) == 13:\n        import os\n        os._exit(9)\n"
    marker = "    assert_close(student.total(x)"
    hidden.write_text(DEMO_HIDDEN.replace(marker, deadly + marker))
    thirteen = DEMO_RIGHT.replace("return float(np.sum(x))", "return 13")
    subs = {"ada.py": DEMO_RIGHT, "bob.py": thirteen, "cyn.py": DEMO_RIGHT}
    write_files(tmp_path / "subs", subs)
    graded = grade_class(course, tmp_path / "subs", tmp_path / "out", "--jobs", 1, code=1)
    assert graded["ada"].full
    assert graded["cyn"].full
    assert graded["bob"].staff.checks == ()
    assert "failed twice while it graded this" in graded["bob"].warned
    assert "A fault of the grader remains in 1 of" in graded.ran.said
    hidden.write_text(DEMO_HIDDEN)
    assert grade_class(course, tmp_path / "subs", tmp_path / "out")["bob"].staff.score == 6


def test_progress_is_shown_on_a_terminal(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    write_files(tmp_path / "subs", {f"s{n}.py": DEMO_RIGHT for n in range(4)})
    child = pexpect.spawn(
        sys.executable,
        ["-m", "grader", "grade", "../subs", "--out", "../out", "--unsafe"],
        cwd=str(course),
        env=clean_environment(TERM="xterm"),
        encoding="utf-8",
        timeout=60,
        dimensions=(24, 100),
    )
    child.expect(r"[0-4]/4")
    child.expect(r"\d:\d\d:\d\d|-:--:--")
    child.expect("Reports:")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


def test_reference_gets_full_marks_and_starter_nothing(real_course: Path, tmp_path: Path) -> None:
    name = "multiclass_lr"
    right = (real_course / "solutions" / name / f"{name}.py").read_text(encoding="utf-8")
    starter = (real_course / "assignments" / name / f"{name}.py").read_text(encoding="utf-8")
    write_files(
        tmp_path / "subs",
        {"right.py": right, "notebook.ipynb": notebook("%pwd", right), "starter.py": starter},
    )
    options = ("--assignment", name)
    isolation = best_isolation()
    graded = grade_class(
        real_course, tmp_path / "subs", tmp_path / "out", *options, isolation=isolation
    )
    assert graded["right"].full, str(graded["right"])
    assert graded["notebook"].full, str(graded["notebook"])
    assert graded["starter"].staff.score == 0
    assert set(graded["starter"].outcomes.values()) == {"not_attempted"}
    assert graded["right"].staff.warnings == ()
