"""Forbidden calls and loops, printed output, bonus points, limits of one check, data by student."""

from __future__ import annotations

from pathlib import Path

import pytest
from making import DEMO_RIGHT, DEMO_STARTER, GradedClass, grade_class, write_course, write_files
from running import run_grader

from grader.course.course import find_course
from grader.engine.runner import collect_checks
from grader.engine.source import StudentSource, source_of
from grader.errors import CheckFailed, GraderFault, NotAttempted, SpecError, StudentRaised
from grader.submission.program import Part, Program

HEAD = "import numpy as np\nimport pytest\n\nfrom grader.checks import assert_close\n\n\n"
HIDDEN = HEAD + "@pytest.mark.points(0)\ndef test_nothing(reference):\n    'x'\n"


def graded(
    folder: Path, checks: str, submissions: dict[str, str], isolation: str = "none"
) -> GradedClass:
    course = write_course(folder / "course")
    write_files(
        course,
        {"assignments/demo/checks.py": HEAD + checks, "solutions/demo/hidden_checks.py": HIDDEN},
    )
    write_files(folder / "subs", {f"{name}.py": text for name, text in submissions.items()})
    return grade_class(course, folder / "subs", folder / "out", isolation=isolation)


# What the source uses


def source(text: str, *names: str, **beside: str) -> StudentSource:
    files = {f"{name}.py": code.encode() for name, code in beside.items()}
    return source_of(Program("demo", (Part("demo.py", "demo.py", text.encode()),), files), names)


@pytest.mark.parametrize(
    "text",
    [
        "import numpy as np\ndef fit(X, y):\n    return np.linalg.lstsq(X, y)[0]\n",
        "import numpy\ndef fit(X, y):\n    return numpy.linalg.lstsq(X, y)[0]\n",
        "from numpy import linalg as la\ndef fit(X, y):\n    return la.lstsq(X, y)[0]\n",
        "from numpy.linalg import lstsq\ndef fit(X, y):\n    return lstsq(X, y)[0]\n",
        "from numpy.linalg import lstsq as f\ndef fit(X, y):\n    return f(X, y)[0]\n",
        "from numpy.linalg import *\ndef fit(X, y):\n    return lstsq(X, y)[0]\n",
        "import numpy as np\ns = np.linalg.lstsq\ndef fit(X, y):\n    return s(X, y)[0]\n",
        "import numpy as np\ndef fit(X, y):\n    s = np.linalg\n    return s.lstsq(X, y)[0]\n",
        "def fit(X, y):\n    from numpy.linalg import lstsq\n    return lstsq(X, y)[0]\n",
        "import numpy as np\ndef h(X, y):\n    return np.linalg.lstsq(X, y)[0]\n"
        "def fit(X, y):\n    return h(X, y)\n",
        "import numpy as np\nclass M:\n    def h(self, X, y):\n"
        "        return np.linalg.lstsq(X, y)\n\ndef fit(X, y):\n    return M().h(X, y)\n",
        "import numpy as np\ndef fit(X, y):\n    return (lambda f: f(X, y))(np.linalg.lstsq)\n",
        "from helper import h\ndef fit(X, y):\n    return h(X, y)\n",
    ],
)
def test_forbidden_call_is_found_however_it_is_named(text: str) -> None:
    beside = {"helper": "import numpy as np\ndef h(X, y):\n    return np.linalg.lstsq(X, y)\n"}
    found = source(text, "fit", **(beside if "helper" in text else {}))
    with pytest.raises(CheckFailed, match=r"uses numpy\.linalg\.lstsq, which this task forbids"):
        found.forbid("numpy.linalg.lstsq", "numpy.linalg.inv")
    found.forbid("numpy.linalg.inv", "scipy", "numpy.lin")


@pytest.mark.parametrize(
    "text",
    [
        "import numpy as np\ndef g(X):\n    np.linalg.lstsq(X)\ndef fit(X):\n    return X\n",
        "def lstsq(X):\n    return X\ndef fit(X):\n    return lstsq(X)\n",
        "import numpy as np\ndef other():\n    f = np.linalg.lstsq\ndef fit(f):\n    return f(1)\n",
        "def other():\n    from numpy.linalg import lstsq\n    return lstsq\n"
        "def lstsq(X):\n    return X\ndef fit(X):\n    return lstsq(X)\n",
        "def fit(X):\n    'Not np.linalg.lstsq'\n    return X  # np.linalg.lstsq\n",
    ],
)
def test_nobody_is_accused_of_what_another_function_uses(text: str) -> None:
    source(text, "fit").forbid("numpy.linalg.lstsq", "numpy.linalg")


def test_place_and_hint_of_what_is_forbidden() -> None:
    found = source("import numpy as np\n\ndef fit(X):\n    X.sort()\n    return X\n", "fit")
    with pytest.raises(CheckFailed) as raised:
        found.forbid(".sort", hint="Leave X as it is.")
    assert (raised.value.summary, raised.value.where, raised.value.hint) == (
        "`fit` uses sort, which this task forbids", "demo.py, line 4", "Leave X as it is.",
    )  # fmt: skip
    with pytest.raises(GraderFault, match="forbid takes the names"):
        found.forbid()


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("for x in X:\n        pass", "holds a for loop"),
        ("while X:\n        X = X[1:]", "holds a while loop"),
        ("return [x for x in X]", "holds a comprehension"),
        ("return sum(x for x in X)", "holds a comprehension"),
        ("return list(map(abs, X))", "uses map, which is a loop"),
        ("return np.vectorize(abs)(X)", "uses numpy.vectorize, which is a loop"),
        ("return helper(X)", "holds a for loop"),
    ],
)
def test_loops_are_found(body: str, told: str) -> None:
    text = "import numpy as np\ndef helper(X):\n    for x in X:\n        pass\n"
    found = source(f"{text}\n\ndef fit(X):\n    {body}\n", "fit")
    with pytest.raises(CheckFailed, match=told):
        found.forbid_loops()


def test_what_is_no_loop() -> None:
    source("def fit(X, map):\n    return X + map.filter\n", "fit").forbid_loops()
    source("def fit(X):\n    return X\nfor n in []:\n    pass\n", "fit").forbid_loops()
    with pytest.raises(CheckFailed, match="the code holds a for loop"):
        source("def fit(X):\n    return X\nfor n in []:\n    pass\n").forbid_loops()


def test_source_that_is_not_there_pays_nobody() -> None:
    stub = "def fit(X):\n    raise NotImplementedError\nclass M:\n    def f(self):\n        pass\n"
    with pytest.raises(NotAttempted):
        source(stub, "fit")
    with pytest.raises(NotAttempted):
        source(stub, "M")
    with pytest.raises(StudentRaised, match="there is no `predict`"):
        source(stub, "predict")
    with pytest.raises(StudentRaised, match=r"demo.py cannot be parsed"):
        source("def fit(X:\n", "fit")
    with pytest.raises(StudentRaised, match="too long to be parsed"):
        source("x = 1\n" * 400_000, "fit")


# In a grading run

ASKING = """
@pytest.mark.points(2)
def test_source(student):
    'double needs no loop and no np.add'
    found = student.source("double")
    found.forbid("numpy.add")
    found.forbid_loops()


@pytest.mark.points(2)
def test_output(student):
    'double prints nothing, hello prints'
    student.double(1.0)
    assert student.output == ""
    student.hello("you")
    assert student.output == "hello you\\n"
    student.hello.map([("a",), ("b",)])
    assert student.output.split() == ["hello", "a", "hello", "b"]


@pytest.mark.points(3)
@pytest.mark.bonus
def test_bonus(student):
    'double of a string'
    assert student.double("a") == "aa"


@pytest.mark.points(1)
@pytest.mark.limit(call_s=0.5)
def test_fast(student):
    'nap is short'
    student.nap(1.5)


@pytest.mark.points(1)
def test_slow(student):
    'nap may be longer here'
    student.nap(1.5)


@pytest.mark.points(1)
@pytest.mark.limit(memory_mb=64)
def test_small(student):
    'room for little'
    student.fill(200)


@pytest.mark.points(1)
def test_large(student):
    'room for more'
    student.fill(200)


@pytest.mark.points(1)
def test_data(student, student_id, student_rng, rng, note):
    'data of one student'
    assert student.double(1.0) == 2.0
    note(f"{student_id} {student_rng.integers(10**9)} {rng.integers(10**9)}")
"""
MORE = (
    "\n\ndef hello(name):\n    print('hello', name)\n\n\n"
    "def nap(s):\n    import time\n    time.sleep(s)\n\n\n"
    "def fill(mb):\n    return len(bytearray(mb << 20)) >> 20\n"
)
OTHER = "def double(x):\n    return np.add(x, x) if x != 'a' else [c for c in x]\n"


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> GradedClass:
    submissions = {
        "ada": DEMO_RIGHT + MORE,
        "bob": "import numpy as np\n\n\n" + OTHER + MORE.replace("hello',", "Hello',"),
        "stub": DEMO_STARTER,
    }
    # Memory is limited in the sandbox only.
    return graded(tmp_path_factory.mktemp("asked"), ASKING, submissions, "full")


def test_what_is_forbidden_costs_its_own_points(asked: GradedClass) -> None:
    assert {label: asked[label].outcomes["test_source"] for label in asked} == {
        "ada": "passed", "bob": "failed", "stub": "not_attempted",
    }  # fmt: skip


def test_output_is_that_of_the_last_call(asked: GradedClass) -> None:
    outcomes = {label: asked[label].outcomes["test_output"] for label in asked}
    assert (outcomes["ada"], outcomes["bob"]) == ("passed", "failed")
    assert outcomes["stub"] == "not_attempted"


def test_bonus_comes_on_top_of_the_maximum(asked: GradedClass) -> None:
    right, other = asked["ada"].staff, asked["bob"].staff
    assert (right.max_score, right.score) == (9.0, 10.0)  # all but test_fast and test_small
    assert other.max_score == 9.0
    check = asked["ada"].check("test_bonus")
    assert (check.title, check.bonus, check.max_points) == ("double of a string (bonus)", True, 3)


def test_limits_hold_for_their_check_alone(asked: GradedClass) -> None:
    outcomes = asked["ada"].outcomes
    assert outcomes["test_fast"] == "timeout"
    assert "still running after 0.5 s" in asked["ada"].check("test_fast").message.summary
    assert outcomes["test_small"] == "out_of_memory"
    assert (outcomes["test_slow"], outcomes["test_large"]) == ("passed", "passed")


def test_numbers_by_student_are_stable_and_their_own(asked: GradedClass, tmp_path: Path) -> None:
    def told(found: GradedClass, label: str) -> list[str]:
        notes = (warning.split() for warning in found[label].staff.warnings)
        return next(words for words in notes if words[0] == label)

    ada, bob = told(asked, "ada"), told(asked, "bob")
    assert ada[1] != bob[1]
    assert ada[2] == bob[2]
    again = graded(tmp_path, ASKING, {"ada": DEMO_RIGHT + MORE + "\n# again\n"})
    assert told(again, "ada") == ada


def test_same_file_of_two_students_is_graded_for_each(tmp_path: Path) -> None:
    checks = "@pytest.mark.points(1)\ndef test_it(student, student_rng, note):\n    'x'\n"
    checks += "    note(str(student_rng.integers(10**9)))\n    student.double(1.0)\n"
    found = graded(tmp_path, checks, {"ada": DEMO_RIGHT, "bob": DEMO_RIGHT})
    assert found["ada"].staff.warnings != found["bob"].staff.warnings


def test_at_home_nobody_is_known_and_it_works(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    checks = "@pytest.mark.points(1)\ndef test_it(student, student_id, student_rng):\n    'x'\n"
    checks += "    assert student_id == ''\n    x = student_rng.normal()\n"
    checks += "    assert student.double(x) == 2 * x\n"
    write_files(
        course,
        {"assignments/demo/checks.py": HEAD + checks, "assignments/demo/demo.py": DEMO_RIGHT},
    )
    ran = run_grader("check", "demo", cwd=course)
    assert ran.code == 0, ran.said


@pytest.mark.parametrize(
    ("marks", "why"),
    [
        ("@pytest.mark.points(1)\n@pytest.mark.bonus(2)", "bonus takes nothing; give the points"),
        ("@pytest.mark.bonus", "has no points; decorate it"),
        ("@pytest.mark.points(1)\n@pytest.mark.limit", "limit takes its values by name"),
        ("@pytest.mark.points(1)\n@pytest.mark.limit(5)", "limit takes its values by name"),
        ("@pytest.mark.points(1)\n@pytest.mark.limit(call=5)", "holds `call`; it may hold call_s"),
        ("@pytest.mark.points(1)\n@pytest.mark.limit(call_s=0)", "wrong `call_s`; input should be"),
        ("@pytest.mark.points(1)\n@pytest.mark.limit(call_s='x')", "wrong `call_s`; input should"),
        ("@pytest.mark.points(1)\n@pytest.mark.limit(total_s=5)", "is for the whole submission"),
        ("@pytest.mark.points(1)\n@pytest.mark.limit(load_s=5)", "is for loading the submission"),
        (
            "@pytest.mark.points(1)\n@pytest.mark.points(2)",
            "points stands there 2 times; leave one",
        ),
        ("@pytest.mark.points(1, 2)", "points takes one value; write points(2)"),
        ("@pytest.mark.points(n=1)", "points takes one value; write points(2)"),
        (
            "@pytest.mark.points(1)\n@pytest.mark.visibility('hidden', 'x')",
            "visibility takes one value; write visibility(",
        ),
        ("@pytest.mark.points(1)\n@pytest.mark.hint", 'hint takes one text; write hint("...")'),
        ("@pytest.mark.points(1)\n@pytest.mark.hint(' ')", "hint takes one text"),
        ("@pytest.mark.points(1)\n@pytest.mark.hint('a', 'b')", "hint takes one text"),
        ("@pytest.mark.points(1)\n@pytest.mark.see", 'see takes one text; write see("...")'),
        ("@pytest.mark.points(1)\n@pytest.mark.see(place='x')", "see takes one text"),
        (
            "@pytest.mark.points(1)\n@pytest.mark.see('a')\n@pytest.mark.see('b')",
            "see stands there 2",
        ),
        ("@pytest.mark.points(1)\n@pytest.mark.wavied", "has no effect; did you mean waived?"),
        ("@pytest.mark.points(1)\n@pytest.mark.hints('x')", "did you mean hint?"),
        ("@pytest.mark.points(1)\n@pytest.mark.visiblity('hidden')", "did you mean visibility?"),
        ("@pytest.mark.point(1)", "did you mean points?"),
    ],
)
def test_misused_mark_is_refused_by_name(tmp_path: Path, marks: str, why: str) -> None:
    course = write_course(tmp_path)
    checks = f"{HEAD}{marks}\ndef test_it(student):\n    'x'\n    student.double(1)\n"
    write_files(course, {"assignments/demo/checks.py": checks})
    with pytest.raises(SpecError) as raised:
        collect_checks(find_course(course).assignment("demo"))
    assert why in str(raised.value)
    assert "test_it" in str(raised.value)


def test_marks_of_others_and_of_one_case_are_left_alone(tmp_path: Path) -> None:
    course = write_course(tmp_path)
    checks = (
        "pytestmark = pytest.mark.points(9)\n\n\n@pytest.mark.slow\n@pytest.mark.points(1)\n"
        "@pytest.mark.parametrize('x', [1, pytest.param(2, marks=pytest.mark.hint('two'))])\n"
        "def test_it(student, x):\n    'x'\n    student.double(x)\n"
    )
    write_files(course, {"assignments/demo/checks.py": HEAD + checks})
    found = collect_checks(find_course(course).assignment("demo"))
    assert [check.max_points for check in found if not check.hidden] == [0.5, 0.5]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("note(3)", "note takes a text, and this is 3"),
        ("student.double.map([{'x': 1}])", "double.map takes a list of tuples"),
        ("student.double.map([np.ones(1), np.ones(1)])", "write [(a,), (b,)]"),
        ("student.double.map('ab')", "double.map takes a list of tuples"),
        ("student.double = 3", "`student.double` cannot be set"),
        ("assert_close(student.double(1), 5, scale=-1)", "a scale is negative"),
        ("student.source('double').forbid('np.sum')", "write numpy for 'np.sum'"),
        ("student.source('double').forbid('plt')", "write matplotlib.pyplot for 'plt'"),
        ("legend_shown(student.double)", "a claim takes what `student.f.draw(...)` returns"),
        ("axes_labelled(student.double(1))", "a claim takes what `student.f.draw(...)` returns"),
    ],
)
def test_an_authors_slip_is_a_fault_of_the_check_and_not_of_the_student(
    tmp_path: Path, body: str, told: str
) -> None:
    head = "from grader.checks.figure import axes_labelled, legend_shown\n\n"
    checks = f"{head}@pytest.mark.points(1)\ndef test_it(student, note):\n    'x'\n    {body}\n"
    course = write_course(tmp_path, staff=False)
    write_files(
        course,
        {"assignments/demo/checks.py": HEAD + checks, "assignments/demo/demo.py": DEMO_RIGHT},
    )
    said = " ".join(run_grader("check", "demo", cwd=course).said.split())
    assert "grader error" in said
    assert told in said


def test_a_check_without_cases_is_refused_as_such(tmp_path: Path) -> None:
    course = write_course(tmp_path)
    checks = "@pytest.mark.points(1)\n@pytest.mark.parametrize('x', [])\n"
    checks += "def test_it(student, x):\n    'x'\n"
    write_files(course, {"assignments/demo/checks.py": HEAD + checks})
    with pytest.raises(SpecError, match="parametrize has no values; give it at least one"):
        collect_checks(find_course(course).assignment("demo"))


def test_a_fixture_that_is_not_there_is_told_with_the_one_that_was_meant(tmp_path: Path) -> None:
    course = write_course(tmp_path)
    checks = "@pytest.mark.points(1)\ndef test_it(student, rgn):\n    'x'\n"
    write_files(course, {"assignments/demo/checks.py": HEAD + checks})
    with pytest.raises(SpecError, match="did you mean `rng`"):
        collect_checks(find_course(course).assignment("demo"))


@pytest.mark.parametrize("name", ["output", "source"])
def test_function_with_a_name_of_ours_is_refused(tmp_path: Path, name: str) -> None:
    course = write_course(tmp_path)
    reference = course / "solutions/demo/demo.py"
    reference.write_text(f"{reference.read_text()}\n\ndef {name}(x):\n    return x\n")
    with pytest.raises(SpecError, match=f"student.{name} has a meaning of its own"):
        collect_checks(find_course(course).assignment("demo"))
