"""Submissions that cheat, break out or break things: they gain nothing and stop nothing."""

from __future__ import annotations

from pathlib import Path

import making
import pytest
from making import (
    DEMO_CHECKS,
    DEMO_HIDDEN,
    DEMO_RIGHT,
    Files,
    GradedClass,
    Pair,
    grade_class,
    read_forms,
    write_course,
    write_files,
    zipped,
)
from running import run_grader

HOSTILE_TOML = 'title = "Demo"\n[limits]\ncall_s = 0.4\nload_s = 10\noutput_mb = 2\n'
HOSTILE = read_forms("hostile")

# What each may get at most: 4 is `total` alone, 10 what is right and only ill-mannered.
FULL = {
    *("honest-before", "honest-last", "never-forgets", "warns-a-lot", "raises-on-top-a-lot"),
    *("stdout-replaced", "text-for-a-terminal", "cell-for-a-spreadsheet", "leaves-a-thread"),
}
NOTHING = {
    *("ends-well-on-top", "prints-on-top", "patches-the-worker", "answers-garbage-on-top"),
}
OUTCOMES = {
    "patches-numpy-testing": "failed",
    "equal-to-everything": "failed",
    "array-that-is-equal": "failed",
    "list-of-the-equal": "failed",
    "ends-well": "crashed",
    "exits-well": "error",
    "ends-well-on-top": "crashed",
    "skips": "error",
    "passes-by-name": "error",
    "claims-not-attempted": "not_attempted",
    "prints-a-gigabyte": "over_limit",
    "prints-a-gigabyte-on-stderr": "over_limit",
    "prints-on-top": "over_limit",
    "returns-a-lot": "over_limit",
    "ignores-signals": "timeout",
    "stops-itself": "timeout passed",
    "loops-in-c": "timeout",
    "announces-4-gigabytes": "over_limit",
    "answers-deep": "refused",
    "answers-garbage-on-top": "refused",
    "closes-everything": "crashed",
}


@pytest.fixture(scope="module", params=making.ISOLATIONS)
def hostile(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> GradedClass:
    """All of forms/hostile.txt and two honest students, in one class."""
    folder = tmp_path_factory.mktemp("hostile")
    course = write_course(folder / "course")
    write_files(course, {"assignments/demo/assignment.toml": HOSTILE_TOML})
    for label, files in HOSTILE.items():
        write_files(folder / "subs" / label, files)
    options = ("--assignment", "demo", "--jobs", 2)
    return grade_class(course, folder / "subs", folder / "out", *options, isolation=request.param)


@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_submission_gains_nothing(hostile: GradedClass, label: str) -> None:
    pair = hostile[label]
    expected = 10 if label in FULL else 0 if label in NOTHING else 4
    if label == "stops-itself" and pair.outcomes["test_double"] == "passed":
        return  # in a sandbox a process cannot stop itself, and what it returns then is right
    assert pair.staff.score == expected, str(pair)


@pytest.mark.parametrize("label", OUTCOMES)
def test_hostile_submission_gets_the_outcome_of_what_it_did(
    hostile: GradedClass, label: str
) -> None:
    assert hostile[label].outcomes["test_double"] in OUTCOMES[label], str(hostile[label])


def test_hostile_submissions_stop_nothing(hostile: GradedClass) -> None:
    assert set(hostile) == set(HOSTILE)
    assert len(hostile.gradebook) == len(HOSTILE)
    outcomes = {outcome for pair in hostile.pairs.values() for outcome in pair.outcomes.values()}
    assert "grader_error" not in outcomes


def test_reports_stay_small(hostile: GradedClass) -> None:
    sizes = {path.name: path.stat().st_size for path in hostile.out.rglob("*.json")}
    assert {name: size for name, size in sizes.items() if size > 40_000} == {}


def test_text_cannot_talk_to_the_terminal_or_the_spreadsheet(hostile: GradedClass) -> None:
    texts = [hostile.ran.out, (hostile.out / "gradebook.csv").read_text(encoding="utf-8")]
    texts += [path.read_text(encoding="utf-8") for path in hostile.out.rglob("*.json")]
    for text in texts:
        assert "\x1b" not in text
        assert "\\u001b" not in text
        assert "\u202e" not in text


# Planted files

TRAP = """\
import sys
if {"pytest", "grader.cli", "grader.batch", "grader.engine.runner"} & set(sys.modules):
    with open(MARK, "a") as file:
        file.write(__file__ + "\\n")
"""
PLANTED = (
    *("conftest", "numpy", "pytest", "sitecustomize", "usercustomize", "checks", "hidden_checks"),
    *("grader", "msgpack", "random", "json", "click", "rich", "helper"),
)
INI = {
    "pytest.ini": "[pytest]\naddopts = -k nothing\n",
    "setup.cfg": "[tool:pytest]\naddopts = -k nothing\n",
    "tox.ini": "[pytest]\naddopts = -k nothing\n",
    "pyproject.toml": "[tool.pytest.ini_options]\naddopts = '-k nothing'\n[tool.grader]\nx = 1\n",
    ".pytest.ini": "[pytest]\naddopts = -k nothing\n",
}


def planted(mark: Path, *, folder: str = "") -> dict[str, str | bytes]:
    trap = TRAP.replace("MARK", repr(str(mark)))
    files: dict[str, str | bytes] = {f"{folder}{name}.py": trap for name in PLANTED}
    files[f"{folder}grader/__init__.py"] = trap
    return files | {f"{folder}{name}": text for name, text in INI.items()}


def test_planted_files_never_reach_the_grader(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    course = write_course(tmp_path / "course")
    wrong = DEMO_RIGHT.replace("2 * x", "3 * x")
    files: Files = {"demo.py": wrong, **planted(mark)}
    write_files(tmp_path / "subs" / "folder", files)
    write_files(tmp_path / "subs", {"zip.zip": zipped(files), "right/demo.py": DEMO_RIGHT})
    # They lie in the folder that one stands in as well, but for a package that is named like this
    # one: there `python -m` itself would take it for ours.
    here = planted(mark)
    here = {name: text for name, text in here.items() if not name.startswith("grader")}
    write_files(tmp_path / "subs", here)
    ran = run_grader(
        *("grade", ".", "--out", tmp_path / "out", "--assignment", "demo", "--unsafe"),
        *("--course", course, "--jobs", 1),
        cwd=tmp_path / "subs",
    )
    assert ran.code == 0, ran.err
    graded = making.read_class(tmp_path / "out", ran)
    assert not mark.exists(), mark.read_text()
    assert (graded["folder"].staff.score, graded["zip"].staff.score) == (4, 4)
    assert graded["right"].full
    assert all(pair.staff.max_score == 10 for pair in graded.pairs.values())
    assert graded["numpy"].staff.score == 0


# What hidden checks send must not come back to the student

TELLING = (
    "import sys\nimport numpy as np\nSEEN = []\n"
    "def tell(x):\n    text = ' '.join(f'<{v!r}>' for v in np.asarray(x, float).tolist())\n"
    "    SEEN.append(text)\n    return text\n"
)
LEAKS = {
    "prints": "def double(x):\n    print(tell(x), flush=True)\n    return 2 * x\n"
    "def total(x):\n    print(tell(x))\n    return 0\n",
    "prints-on-stderr": "def double(x):\n    print(tell(x), file=sys.stderr)\n    return 2 * x\n"
    "def total(x):\n    sys.stderr.write(tell(x))\n    return 0\n",
    "raises": "def double(x):\n    raise ValueError(tell(x))\n"
    "def total(x):\n    raise KeyError(tell(x))\n",
    "raises-by-name": "def double(x):\n    raise type(tell(x), (Exception,), {})\n"
    "def total(x):\n    exec(compile('1 / 0', tell(x), 'exec'))\n",
    "returns": "def double(x):\n    return tell(x)\ndef total(x):\n    return [tell(x)]\n",
    "returns-wrong": "def double(x):\n    tell(x)\n    return x\ndef total(x):\n    return x[0]\n",
    "stores": "def double(x):\n    tell(x)\n    print('all', SEEN)\n    raise ValueError(SEEN)\n"
    "def total(x):\n    tell(x)\n    print('all', SEEN)\n    raise ValueError(SEEN)\n",
    "later": "import atexit, threading, time\natexit.register(lambda: print(SEEN, flush=True))\n"
    "def wait():\n    while True:\n        time.sleep(0.01)\n        print(SEEN, flush=True)\n"
    "threading.Thread(target=wait, daemon=True).start()\n"
    "def double(x):\n    tell(x)\n    return 2 * x\n"
    "def total(x):\n    tell(x)\n    time.sleep(0.2)\n    return 0\n",
    "crashes": "import os\ndef double(x):\n    print(tell(x), flush=True)\n"
    "    os.write(2, tell(x).encode())\n    os._exit(3)\n"
    "def total(x):\n    os.write(2, tell(x).encode())\n    os._exit(4)\n",
    "changes": "def double(x):\n    tell(x)\n    x[:] = 0\n    return x\n"
    "def total(x):\n    tell(x)\n    x[:] = 0\n    return np.float32(0)\n",
    "warns": "import warnings\nwarnings.simplefilter('always')\ndef double(x):\n"
    "    warnings.warn(tell(x))\n    return 2 * x\n"
    "def total(x):\n    warnings.warn_explicit(tell(x), UserWarning, tell(x), 1)\n    return 0\n",
    "comes-back": "import os\nfrom pathlib import Path\nkept = Path('kept.py')\n"
    "if kept.exists():\n    print(kept.read_text())\n    raise ValueError(kept.read_text())\n"
    "def double(x):\n    with kept.open('a') as file:\n        file.write(tell(x))\n"
    "    os._exit(0)\n"
    "def total(x):\n    kept.write_text(tell(x))\n    import kept\n",
    "sleeps": "import time\ndef double(x):\n    tell(x)\n    time.sleep(abs(x[0]) % 1)\n"
    "    return 2 * x\ndef total(x):\n    time.sleep(abs(x[0]) % 1)\n    return x.sum()\n",
    "environment": "import os\nprint(dict(os.environ), sys.argv)\n"
    "def double(x):\n    return 2 * x\ndef total(x):\n    return x.sum()\n",
}
VISIBLE = """

@pytest.mark.points(1)
@pytest.mark.visibility("visible")
def test_total_that_all_may_see(student, reference):
    \"\"\"total of small numbers\"\"\"
    import numpy as np

    assert_close(student.total(np.array([1.0, 2.0])), 3.0, "total(x)")
"""
# Writes down in the trusted process what it sends, so that the test knows what must not be found.
SPYING = """\
import os
from pathlib import Path

SENT = Path(os.environ["SENT"])


def spied(x):
    with SENT.open("a") as file:
        file.writelines(f"{value!r}\\n" for value in x.tolist())
    return x

"""


@pytest.fixture(scope="module", params=making.ISOLATIONS)
def leaks(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[GradedClass, set[str]]:
    """A class that tells every input it is given, and the inputs of the hidden checks."""
    folder = tmp_path_factory.mktemp("leaks")
    course = write_course(folder / "course")
    hidden = SPYING + DEMO_HIDDEN.replace("rng.normal(size=5)", "spied(rng.normal(size=5))")
    hidden = hidden.replace("rng.normal(size=7)", "spied(rng.normal(size=7))") + VISIBLE
    write_files(course, {"solutions/demo/hidden_checks.py": hidden})
    for label, source in LEAKS.items():
        write_files(folder / "subs", {f"{label}.py": TELLING + source})
    graded = grade_class(
        *(course, folder / "subs", folder / "out", "--assignment", "demo"),
        isolation=request.param,
        SENT=str(folder / "sent"),
        GRADER_KEY="the key that only staff hold",
    )
    sent = set((folder / "sent").read_text().split())
    assert len(sent) == 12
    return graded, sent


def digits(number: str) -> str:
    return number.lstrip("-").replace("0.", "").replace(".", "")[:6]


@pytest.mark.parametrize("label", LEAKS)
def test_students_report_holds_none_of_a_hidden_checks_inputs(
    leaks: tuple[GradedClass, set[str]], label: str
) -> None:
    graded, sent = leaks
    text = graded[label].student_text.replace("0.", "").replace(".", "")
    assert [number for number in sent if digits(number) in text] == []


def test_staffs_report_holds_what_the_students_must_not(
    leaks: tuple[GradedClass, set[str]],
) -> None:
    # Else the test above would pass for nothing.
    graded, sent = leaks
    for label in ("prints", "raises", "returns-wrong", "stores", "later", "crashes"):
        text = (graded.out / "demo" / f"{label}.json").read_text(encoding="utf-8")
        text = text.replace("0.", "").replace(".", "")
        assert any(digits(number) in text for number in sent), label


def test_students_report_holds_no_seed_no_key_and_no_hidden_times(
    leaks: tuple[GradedClass, set[str]],
) -> None:
    for pair in leaks[0].pairs.values():
        assert pair.staff.seed is not None
        assert pair.staff.seed not in pair.student_text
        assert "that only staff hold" not in pair.student_text
        assert pair.student.seed is None
        assert pair.student.duration_s is None
        for check in pair.student.checks:
            if check.visibility != "visible":
                assert (check.message, check.text, check.diagnosis) == (None, None, None)
                assert check.duration_s is None
                assert check.figures == ()


def test_students_folder_holds_their_reports_alone(
    leaks: tuple[GradedClass, set[str]],
) -> None:
    names = {path.name for path in (leaks[0].out / "demo" / "student").iterdir()}
    assert names == {f"{label}.json" for label in LEAKS}


def test_hidden_check_that_all_may_see_is_shown_whole(
    leaks: tuple[GradedClass, set[str]],
) -> None:
    pair = leaks[0]["stores"]
    check = next(c for c in pair.student.checks if c.id.endswith("test_total_that_all_may_see"))
    assert "<1.0> <2.0>" in str(check.text)
    assert check.duration_s is not None


def test_figure_of_a_hidden_check_is_not_given_to_the_student(tmp_path: Path) -> None:
    source = making.PICTURE_RIGHT.replace("plot(history)", "plot(-history)").replace(
        '"loss"', "str(history)"
    )
    course = write_course(tmp_path / "course", "picture")
    write_files(tmp_path / "subs", {"ada.py": source})
    out = tmp_path / "out"
    graded = grade_class(course, tmp_path / "subs", out, "--assignment", "picture")
    hidden = graded["ada"].check("test_other_curve")
    assert hidden.figures[0].file is not None
    assert (out / "picture" / hidden.figures[0].file).exists()
    theirs = [f for c in graded["ada"].student.checks for f in c.figures]
    assert hidden.figures[0] not in theirs
    kept = {path.name for path in (out / "picture" / "student").rglob("*.png")}
    assert kept == {Path(figure.file).name for figure in theirs if figure.file}
    assert Path(hidden.figures[0].file).name not in kept


# Without isolation a submission can reach the grader's own process; it costs itself alone.


def test_submission_that_kills_the_grading_process_costs_itself_alone(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    killer = "import os\ndef double(x):\n    os.kill(os.getppid(), 9)\n    return 2 * x\n"
    subs = {"ada.py": DEMO_RIGHT, "bob.py": killer, "cyn.py": DEMO_RIGHT}
    write_files(tmp_path / "subs", subs)
    options = ("--assignment", "demo", "--jobs", 1)
    graded = grade_class(course, tmp_path / "subs", tmp_path / "out", *options, code=1)
    assert graded["ada"].full
    assert graded["cyn"].full
    assert graded["bob"].staff.score == 0


def test_options_of_pytest_in_the_environment_do_not_choose_the_checks(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    write_files(tmp_path / "subs", {"ada.py": DEMO_RIGHT.replace("2 * x", "x")})
    graded = grade_class(
        course, tmp_path / "subs", tmp_path / "out", PYTEST_ADDOPTS="-k total", PYTEST_PLUGINS=""
    )
    pair: Pair = graded["ada"]
    assert (pair.staff.score, pair.staff.max_score) == (4, 10)


@pytest.mark.parametrize(
    ("how", "outcome"),
    [
        ("pytest.skip('later')", "grader_error"),
        ("pytest.xfail('known')", "grader_error"),
        ("pytest.importorskip('no_such_module')", "grader_error"),
        ("pytest.fail('no')", "failed"),
        ("pytest.exit('enough')", "grader_error"),
        ("raise SystemExit(0)", "grader_error"),
        ("raise StopIteration", "grader_error"),
        ("assert False, 'no'", "failed"),
    ],
)
def test_check_that_leaves_early_gives_no_points(tmp_path: Path, how: str, outcome: str) -> None:
    course = write_course(tmp_path / "course")
    title = '"""double of three numbers"""\n'
    text = DEMO_CHECKS.replace(title, f"{title}    {how}\n")
    write_files(course, {"assignments/demo/checks.py": text})
    write_files(tmp_path / "subs", {"ada.py": DEMO_RIGHT, "bob.py": DEMO_RIGHT})
    code = 1 if outcome == "grader_error" else 0
    graded = grade_class(course, tmp_path / "subs", tmp_path / "out", "--jobs", 1, code=code)
    for pair in graded.pairs.values():
        assert pair.outcomes["test_double"] == outcome
        assert (pair.staff.score, pair.staff.max_score) == (8, 10)
