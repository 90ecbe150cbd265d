"""A tiny homework, and changes each of which breaks exactly one thing in it."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SPEC = """
title = "Doubling"
points = 10
data = ["{name}/numbers.csv"]

[[questions]]
id = "why"
points = 2
text = "Why?"
rubric = ["Says why (1)", "Says why not (1)"]
"""

HANDOUT = """
# Doubling

```python
>>> import numpy as np
>>> from {name} import *
>>> double(np.array([1.0, 2.0]))
array([2., 4.])
>>> total(np.array([1.0, 2.0]))
6.0

```

The public checks are worth 4 of 10 points.

<!--
```python
>>> total(np.loadtxt("numbers.csv"))
12.0
```
-->
"""

STARTER = '''
def double(x):
    """Twice x. x: any shape. Returns the same shape."""
    raise NotImplementedError


def total(x):
    """The sum of double(x), a float. x (n,)."""
    raise NotImplementedError
'''

REFERENCE = '''
import numpy as np


def double(x):
    """2 x."""
    return x + x


def total(x):
    """The sum of 2 x."""
    return float(np.sum(double(x)))
'''

CHECKS = '''
import numpy as np
import pytest
from grader.checks import assert_close


@pytest.mark.points(4)
def test_double_example(student):
    """double of two numbers"""
    assert_close(student.double(np.array([1.0, -2.0])), np.array([2.0, -4.0]))
'''

HIDDEN = '''
import numpy as np
import pytest
from grader.checks import assert_close


@pytest.mark.points(3)
def test_double(student, reference, rng, diagnose):
    """double of many numbers"""
    probes = [(rng.normal(size=5),)]
    answers = student.double.map(probes)
    with diagnose("double", probes, answers):
        assert_close(answers[0], reference.double(*probes[0]))


@pytest.mark.points(3)
def test_total(student, reference, rng, diagnose):
    """total of many numbers"""
    probes = [(rng.uniform(1, 2, size=5),)]
    answers = student.total.map(probes)
    with diagnose("total", probes, answers):
        assert_close(answers[0], reference.total(*probes[0]))
'''

VARIANTS = """
import numpy as np
import {name} as ref
from grader.checks.variants import alternative, mistake


@mistake("double", "Your double triples.")
def double_triples(x):
    return 3 * x


@mistake("total", "Your total is a mean.")
def total_is_a_mean(x):
    return ref.total(x) / len(x)


@alternative("double", "a product")
def double_by_product(x):
    return 2.0 * np.asarray(x)
"""


@dataclass(frozen=True)
class Homework:
    """Where the files of one homework lie."""

    root: Path
    name: str

    @property
    def theirs(self) -> Path:
        return self.root / "assignments" / self.name

    @property
    def ours(self) -> Path:
        return self.root / "solutions" / self.name

    @property
    def data(self) -> Path:
        return self.root / "datasets" / self.name

    @property
    def starter(self) -> Path:
        return self.theirs / f"{self.name}.py"

    @property
    def reference(self) -> Path:
        return self.ours / f"{self.name}.py"

    @property
    def spec(self) -> Path:
        return self.theirs / "assignment.toml"

    @property
    def handout(self) -> Path:
        return self.theirs / "README.md"

    @property
    def checks(self) -> Path:
        return self.theirs / "checks.py"

    @property
    def hidden(self) -> Path:
        return self.ours / "hidden_checks.py"

    @property
    def variants(self) -> Path:
        return self.ours / "variants.py"

    def add(self, path: Path, text: str) -> None:
        path.write_text(path.read_text() + text)

    def change(self, path: Path, old: str, new: str) -> None:
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))


def write_homework(root: Path, name: str) -> Homework:
    """A homework in which nothing is off."""
    homework = Homework(root, name)
    for folder in (homework.theirs, homework.ours, homework.data):
        folder.mkdir(parents=True)
    texts = {
        homework.spec: SPEC,
        homework.handout: HANDOUT,
        homework.starter: STARTER,
        homework.checks: CHECKS,
        homework.reference: REFERENCE,
        homework.hidden: HIDDEN,
        homework.variants: VARIANTS,
        homework.ours / "answers.md": "why: because",
        homework.data / "README.md": "Made by hand. CC0.",
        homework.data / "numbers.csv": "1\n2\n3\n",
    }
    for path, text in texts.items():
        path.write_text(text.replace("{name}", name))
    digest = hashlib.sha256(b"1\n2\n3\n").hexdigest()
    (homework.data / "SHA256SUMS").write_text(f"{digest}  numbers.csv\n")
    return homework


@dataclass(frozen=True)
class Break:
    """A change and the findings that it must lead to, as regular expressions, one each."""

    change: Callable[[Homework], object]
    findings: tuple[str, ...]


def case(change: Callable[[Homework], object], *findings: str) -> Break:
    return Break(change, findings)


MORE_CHECK = '''

@pytest.mark.points(0)
def test_more(student, {more}):
    """one more"""
    {body}
'''


def more(body: str, fixtures: str = "rng") -> str:
    return MORE_CHECK.format(body=body, more=fixtures)


CASES: dict[str, Break] = {
    "clean": case(lambda hw: None),
    # Files
    "no_handout": case(lambda hw: hw.handout.unlink(), r"no_handout/README\.md is missing"),
    "no_public": case(lambda hw: hw.checks.unlink(), r"/checks\.py is missing"),
    "no_starter": case(lambda hw: hw.starter.unlink(), r"assignments/.*/no_starter\.py is missing"),
    "no_hidden": case(lambda hw: hw.hidden.unlink(), r"hidden_checks\.py is missing"),
    "no_variants": case(lambda hw: hw.variants.unlink(), r"variants\.py is missing"),
    "no_solution": case(lambda hw: shutil.rmtree(hw.ours), *[r"solutions/.* is missing"] * 3),
    "stray_theirs": case(
        lambda hw: (hw.theirs / "draft.py").touch(),
        r"assignments/stray_theirs/draft\.py does not belong",
    ),
    "stray_ours": case(
        lambda hw: (hw.ours / "old.txt").touch(), r"solutions/stray_ours/old\.txt does not belong"
    ),
    "see_nowhere": case(
        lambda hw: hw.add(
            hw.checks,
            more("student.double(rng.normal(size=2))").replace(
                "points(0)", "points(0)\n@pytest.mark.see('no such heading')"
            ),
        ),
        r"checks::test_more: `see` names 'no such heading', .*; correct it",
    ),
    "own_notebook": case(
        lambda hw: (hw.theirs / "own_notebook.ipynb").touch(),
        r"assignments/own_notebook/own_notebook\.ipynb is in the way",
    ),
    "linked_picture": case(
        lambda hw: (
            (hw.theirs / "expected.png").touch(),
            hw.add(hw.handout, "![the figure](expected.png)"),
        )
    ),
    "caches": case(
        lambda hw: (
            (hw.theirs / ".pytest_cache").mkdir(),
            (hw.theirs / ".pytest_cache" / "README.md").touch(),
            (hw.ours / ".ipynb_checkpoints").mkdir(),
            (hw.ours / ".ipynb_checkpoints" / "a.py").touch(),
        )
    ),
    # The specification
    "unknown_key": case(
        lambda hw: hw.change(hw.spec, "points = 10", "points = 10\npionts = 3"),
        r"unknown key `pionts`; correct its spelling",
    ),
    "no_points": case(
        lambda hw: hw.change(hw.spec, "points = 10", ""), r"`points` is missing; say what"
    ),
    "wrong_points": case(
        lambda hw: hw.change(hw.spec, "points = 10", "points = 12"),
        r"`points` is 12, but the checks add up to 10; make them agree",
    ),
    "no_title": case(lambda hw: hw.change(hw.spec, '"Doubling"', '" "'), r"`title` is empty; give"),
    "wrong_rubric": case(
        lambda hw: hw.change(hw.spec, "why (1)", "why (3)"),
        r"the rubric of 'why' adds up to 4, but its points are 2",
    ),
    "no_rubric": case(
        lambda hw: hw.change(hw.spec, "rubric =", "# "), r"question 'why' has no rubric"
    ),
    "same_question": case(
        lambda hw: hw.add(
            hw.spec, '[[questions]]\nid = "why"\npoints = 1\ntext = "?"\nrubric = ["Yes (1)"]\n'
        ),
        r"two questions have the id 'why'; rename one",
    ),
    "half_a_rubric": case(
        lambda hw: hw.change(hw.spec, "Says why not (1)", "Says why not"),
        r"the rubric line 'Says why not' of 'why' does not end with its points, and others do",
    ),
    "an_answer_is_missing": case(
        lambda hw: hw.change(hw.ours / "answers.md", "why: because", "## Title"),
        r"answers\.md answers 0 of 1 written questions; write each answer below a heading",
    ),
    "due_is_no_time": case(
        lambda hw: hw.change(hw.spec, "[[questions]]", 'due = "soon"\n[[questions]]'),
        r"`due` is no time; write one such as 2026-12-18T23:59:00\+01:00",
    ),
    "due_is_a_number": case(
        lambda hw: hw.change(hw.spec, "[[questions]]", "due = 20271005\n[[questions]]"),
        r"`due` is no time; write one such as 2026-12-18T23:59:00\+01:00",
    ),
    "due_is_a_number_as_text": case(
        lambda hw: hw.change(hw.spec, "[[questions]]", 'due = "20271005"\n[[questions]]'),
        r"`due` is no time; write one such as 2026-12-18T23:59:00\+01:00",
    ),
    "data_is_no_list": case(
        lambda hw: hw.change(hw.spec, "data = [", 'data = "a" # ['),
        r"`data`: input should be a list",
    ),
    "a_mistake_without_words": case(
        lambda hw: hw.change(hw.variants, '@mistake("total", "', '@mistake("total", "") #'),
        r"variants\.py cannot be loaded: ValueError: @mistake\('total', ...\) has no words",
    ),
    "no_answers": case(
        lambda hw: (hw.ours / "answers.md").unlink(), r"answers\.md is missing; answer"
    ),
    # Starter and reference
    "no_docstring": case(
        lambda hw: hw.change(hw.starter, '    """The sum of double(x), a float. x (n,)."""\n', ""),
        r"`total` has no docstring",
    ),
    "other_parameters": case(
        lambda hw: hw.change(hw.starter, "def total(x)", "def total(x, start=0)"),
        r"`total\(x, start=0\)` is `total\(x\)` in the reference",
    ),
    "annotated": case(
        lambda hw: hw.change(hw.starter, "def total(x)", "def total(x: 'Array') -> float")
    ),
    "not_in_reference": case(
        lambda hw: hw.add(
            hw.starter, '\n\ndef half(x):\n    """x / 2."""\n    raise NotImplementedError\n'
        ),
        r"`half` is not in the reference; add it there",
    ),
    "not_in_starter": case(
        lambda hw: hw.starter.write_text(hw.starter.read_text().split("\n\n\ndef total")[0]),
        r'the starter, hidden_checks::test_total ends as "error", not as "not attempted".*`total`',
    ),
    "helper_in_reference": case(
        lambda hw: hw.add(hw.reference, "\n\ndef helper(x):\n    return x\n")
    ),
    "broken_reference": case(
        lambda hw: hw.add(hw.reference, "\nimport nothing_like_it\n"),
        r"cannot be imported: ModuleNotFoundError",
    ),
    "starter_with_a_slip_of_syntax": case(
        lambda hw: hw.add(hw.starter, "\n\ndef half(x:\n"),
        r"assignments/\w+/\w+\.py:\d+ is no Python: '\(' was never closed; correct it",
    ),
    "reference_with_a_slip_of_syntax": case(
        lambda hw: hw.add(hw.reference, "\n\ndef half(x:\n"),
        r"solutions/\w+/\w+\.py:\d+ is no Python: '\(' was never closed; correct it",
    ),
    "reference_changes_inputs": case(
        lambda hw: hw.change(hw.reference, "return x + x", "x *= 2\n    return x"),
        r"the reference gets a warning: `double` changed its argument x in place .*copy.*; correct",
        r"the reference gets a warning: `total` changed its argument x in place .*copy.*; correct",
        # Nothing can be named beside a reference that changes the probes.
        r"0 of 2 mistakes are named",
    ),
    "reference_fails": case(
        lambda hw: hw.change(hw.checks, "[2.0, -4.0]", "[2.0, -5.0]"),
        r"the reference loses 4 points in checks::test_double_example: .*: .*-5\], got: .*-4\]",
        r"the alternative double_by_product fails checks::test_double_example",
    ),
    # The handout
    "handout_number": case(
        lambda hw: hw.change(hw.handout, "6.0", "6.1"),
        r"README\.md:9: `total\(.*\)` gives 6\.0 with the reference and 6\.1 in the handout",
    ),
    "handout_hidden_number": case(
        lambda hw: hw.change(hw.handout, "12.0", "13.0"), r"README\.md:18: .* gives 12\.0 "
    ),
    "handout_raises": case(
        lambda hw: hw.change(hw.handout, ">>> total(np.array", ">>> totl(np.array"),
        r"gives NameError: name 'totl' is not defined",
    ),
    "handout_without_example": case(
        lambda hw: hw.handout.write_text("# Doubling"), r"has no worked example; add a ```python"
    ),
    "handout_example_outside": case(
        lambda hw: hw.add(hw.handout, "\n    >>> double(1)\n    3\n"),
        r"README\.md:\d+: this example is not run; put it into a ```python block",
    ),
    "handout_points": case(
        lambda hw: hw.change(hw.handout, "worth 4 of", "worth 5 of"),
        r'README\.md:\d+ says "worth 5 of 10 points", but the public checks are worth 4 of 10',
    ),
    # Grading
    "starter_scores": case(
        lambda hw: hw.change(hw.checks, "    assert_close(student.double(", "    divmod(("),
        r"the starter gets 4 points; change the checks so that it gets none",
        r'for the starter, checks::test_double_example ends as "passed", not as "not attempted"',
    ),
    "starter_raises": case(
        lambda hw: hw.change(hw.starter, "raise NotImplementedError", "raise ValueError"),
        r'for the starter, checks::test_double_example ends as "error", not as "not attempted"',
        r'for the starter, hidden_checks::test_double ends as "error"',
    ),
    "needs_solution": case(
        lambda hw: hw.change(
            hw.checks,
            "\n\n@pytest",
            "\nfrom pathlib import Path\n"
            f"assert (Path(__file__).parents[2] / 'solutions' / '{hw.name}').is_dir()\n\n\n@pytest",
        ),
        r"without solutions/, as on a student's machine: checks\.py: AssertionError",
    ),
    "alternative_refused": case(
        lambda hw: hw.add(
            hw.variants, '\n\n@alternative("total", "odd")\ndef total_is_odd(x):\n    return "3"\n'
        ),
        r"the alternative total_is_odd fails hidden_checks::test_total: .*; change the check",
    ),
    "mistake_accepted": case(
        lambda hw: hw.add(
            hw.variants,
            '\n\n@mistake("total", "Wrong below 0.")\ndef total_below_0(x):\n'
            "    return float(np.abs(2 * x).sum())\n",
        ),
        r"the mistake total_below_0 gets full marks; add a check of `total` that fails for it",
    ),
    "mistake_unnamed": case(
        lambda hw: hw.change(hw.hidden, 'with diagnose("total", probes, answers)', "if True"),
        r"1 of 2 mistakes are named, less than 95%; wrap the comparison .* `with diagnose",
    ),
    "mistake_ambiguous": case(
        # The same mistake once more, in other words: neither can be told from the other.
        lambda hw: hw.add(
            hw.variants,
            '\n\n@mistake("double", "Your double is threefold.")\ndef double_thrice(x):\n'
            "    return 3 * x\n",
        ),
        r"1 of 3 mistakes are named, less than 95%",
    ),
    "mistake_named_as_another": case(
        # Handed in, it is not what it is in the catalogue.
        lambda hw: hw.add(
            hw.variants,
            '\n\n@mistake("double", "Your double quadruples.")\ndef double_wavers(x):\n'
            '    return (4 if __name__.startswith("grader") else 3) * x\n',
        ),
        r"mistake double_wavers is named as a different one: '.*Your double triples.'; add a probe",
        r"2 of 3 mistakes are named, less than 95%",
    ),
    "check_breaks": case(
        lambda hw: hw.add(hw.checks, more("student.double(1.0)\n    raise KeyError('x')")),
        r"the check checks::test_more itself raises an error for the reference and \d+ more: "
        r"KeyError: 'x'; correct it",
    ),
    "check_never_ends": case(
        lambda hw: (
            hw.add(hw.spec, "\n[limits]\ncall_s = 0.2\n"),
            hw.add(hw.hidden, more("while True:\n        pass")),
        ),
        r"hidden_checks::test_more: test_more was stopped after 1.2 s of processor .*; mend it",
    ),
    "second_run_differs": case(
        lambda hw: hw.add(
            hw.hidden,
            more(
                "x = np.random.default_rng().normal(size=3)\n"
                "    assert_close(student.double(x), 2 * x, f'double({x[0]})')"
            ),
        ),
        r"run gives a different message for hidden_checks::test_more on double_triples: .*rng",
    ),
    "true_points": case(
        lambda hw: hw.change(hw.spec, "points = 10", "points = true"), r"points.*valid number"
    ),
    "check_without_docstring": case(
        lambda hw: hw.change(hw.checks, '    """double of two numbers"""\n', ""),
        r"^test_double_example has no docstring; write in its first line what it claims",
    ),
    "check_without_points": case(
        lambda hw: hw.change(hw.checks, "@pytest.mark.points(4)", ""), r"has no points; decorate"
    ),
    "check_ends_the_process": case(
        lambda hw: hw.add(hw.hidden, "\nimport sys\nsys.exit(3)\n"),
        r"hidden_checks\.py: it ends the process while it is imported \(SystemExit: 3\); remove",
    ),
    "reference_ends_the_process": case(
        lambda hw: hw.add(hw.reference, "\nraise SystemExit('usage')\n"),
        r"solutions/\w+/\w+\.py cannot be imported: SystemExit: usage; correct it",
    ),
    "variants_end_the_process": case(
        lambda hw: hw.add(hw.variants, "\nraise SystemExit(2)\n"),
        r"variants\.py cannot be loaded: SystemExit: 2; correct it",
    ),
    "check_syntax": case(
        lambda hw: hw.add(hw.checks, "\n)"),
        r"checks\.py.*, line \d+: SyntaxError: unmatched .*; correct it",
    ),
    "variant_of_nothing": case(
        lambda hw: hw.change(hw.variants, 'mistake("total"', 'mistake("totl"'),
        r"total_is_a_mean replaces 'totl', which the reference lacks",
    ),
    "check_kills_us": case(
        lambda hw: hw.add(hw.hidden, more("student.double(1.0); import os; os._exit(3)")),
        r"the process that runs the checks ended before it finished; look in",
    ),
    # Data
    "data_missing": case(
        lambda hw: hw.change(hw.spec, "numbers.csv", "nubers.csv"),
        r"data file 'data_missing/nubers\.csv' is not in .*; add it there",
    ),
    "data_changed": case(
        lambda hw: (hw.data / "numbers.csv").write_text("1\n5\n0\n"),
        r"numbers\.csv does not match SHA256SUMS; restore it",
    ),
    "data_without_sums": case(
        lambda hw: (hw.data / "SHA256SUMS").unlink(), r"SHA256SUMS is missing; create it with"
    ),
    "data_unlisted": case(
        lambda hw: (hw.data / "more.csv").touch(),
        r"more\.csv is not in SHA256SUMS; add its checksum",
    ),
    "data_gone": case(
        lambda hw: hw.add(hw.data / "SHA256SUMS", f"{'0' * 64}  gone.csv\n"),
        r"gone\.csv is missing, but SHA256SUMS lists it; restore",
    ),
    "data_garbled_sums": case(
        lambda hw: hw.add(hw.data / "SHA256SUMS", "hello\n"),
        r"SHA256SUMS:2 is not in the format of sha256sum; create",
    ),
    "data_of_unknown_origin": case(
        lambda hw: (hw.data / "README.md").unlink(), r"README\.md is missing; say where the data"
    ),
}
