"""The notebook to fill in: nothing is lost, text stands by its function, a filled one counts."""

from __future__ import annotations

import ast
import itertools
import json
import re
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import ROOT, copy_course, missing_packages, run_grader

from grader.authoring.release.kit import StudentKit
from grader.authoring.release.notebooks import make_notebook, split_starter, without_comments
from grader.course.assignment import Question
from grader.course.course import find_course
from grader.gradebook.marking.marking import section
from grader.reports.schema import Report, read_report
from grader.submission.answers import find_answers
from grader.submission.choice import attempted
from grader.submission.files import Submission
from grader.submission.program import prepare

COURSE = find_course(ROOT)


def cells_of(notebook: bytes) -> list[Any]:
    cells: list[Any] = json.loads(notebook)["cells"]
    return [{**cell, "source": "".join(cell["source"])} for cell in cells]


def code_of(notebook: bytes) -> str:
    return "\n\n".join(c["source"] for c in cells_of(notebook) if c["cell_type"] == "code")


def text_of(notebook: bytes) -> str:
    return "\n\n".join(c["source"] for c in cells_of(notebook) if c["cell_type"] == "markdown")


def handout_of(name: str) -> str:
    return (ROOT / "assignments" / name / "README.md").read_text("utf-8")


def starter_of(name: str) -> str:
    return (ROOT / "assignments" / name / f"{name}.py").read_text("utf-8")


def notebook_of(name: str) -> bytes:
    return make_notebook(name, handout_of(name), starter_of(name))


def statements(source: str) -> list[str]:
    return sorted(map(ast.unparse, ast.parse(source).body))


@pytest.mark.parametrize("name", COURSE.names)
def test_every_function_has_a_cell_right_behind_the_text_that_speaks_of_it(name: str) -> None:
    cells = cells_of(notebook_of(name))
    functions = COURSE.assignment(name).functions
    found = []
    for text, code in itertools.pairwise(cells):
        begun = re.match(r"def (\w+)\(", code["source"])
        if begun and code["cell_type"] == "code":
            found.append(begun[1])
            assert text["source"].startswith(f"**`{begun[1]}(")
            assert code["source"].count("raise NotImplementedError") == 1
    assert found == [each for each in functions if f"\ndef {each}(" in starter_of(name)]
    assert cells[-1]["source"].startswith('if __name__ == "__main__":')


@pytest.mark.parametrize("name", COURSE.names)
def test_every_formula_stands_whole_in_one_text_cell(name: str) -> None:
    texts = [c["source"] for c in cells_of(notebook_of(name)) if c["cell_type"] == "markdown"]
    formulas = re.findall(r"\$\$.+?\$\$", without_comments(handout_of(name)), re.DOTALL)
    assert formulas
    for formula in formulas:
        assert sum(formula in text for text in texts) == 1
    assert not any("<!--" in text for text in texts)


@pytest.mark.parametrize("name", COURSE.names)
def test_starter_and_handout_are_all_there(name: str) -> None:
    made = notebook_of(name)
    assert statements(code_of(made)) == statements(starter_of(name))
    words = iter(text_of(made).split())
    # The functions are the notebook's own: an import would put the starter's in their place.
    own_import = f">>> from {name} import *\n"
    handout = without_comments(handout_of(name))
    assert own_import in handout
    assert own_import.strip() not in text_of(made)
    assert all(word in words for word in handout.replace(own_import, "").split())


def test_the_same_starter_and_handout_give_the_same_valid_notebook() -> None:
    for name in COURSE.names:
        made = notebook_of(name)
        assert made == notebook_of(name)
        nbformat.validate(nbformat.reads(made.decode(), as_version=4))
        ids = [cell["id"] for cell in cells_of(made)]
        assert len(set(ids)) == len(ids)
        assert not any(cell.get("outputs") for cell in cells_of(made))


def test_notebook_that_was_never_run_is_exported_as_python() -> None:
    # nbconvert names the file by this, and ".txt" where it is not said.
    made = nbformat.reads(notebook_of("multiclass_lr").decode(), as_version=4)
    assert made.metadata.language_info.file_extension == ".py"


NAMES = st.sampled_from(["f", "g", "Net", "_help", "a" * 80])
STATEMENTS = st.one_of(
    NAMES.map(lambda name: f"def {name}(x):\n    '''Say.'''\n    raise NotImplementedError\n"),
    NAMES.map(lambda name: f"@keep\n# of {name}\ndef {name}():\n    pass\n"),
    NAMES.map(lambda name: f"class {name}:\n    x = 1\n"),
    st.sampled_from(
        ["import os\n", "# a comment\n", "X = '''\ndef f(\n'''\n", "a = 1; b = 2\n", "\n\n"]
    ),
)
MAIN = "if __name__ == '__main__':\n    f(1)\n"
BLOCKS = st.one_of(
    NAMES.map(lambda name: f"**`{name}(x)`** returns\n\n$$ {name}(x) $$\n"),
    NAMES.map(lambda name: f"### `{name}`\n\nText.\n"),
    st.sampled_from(
        [
            "# Title\n", "## Section\n", "Words, `f` and **`g`** within.\n", "- **`f(x)`** item\n",
            "```python\n# not a title\n**`f(x)`**\n```\n", "| a | b |\n| --- | --- |\n| 1 | 2 |\n",
            "$$ a\n- b $$\n", "Under\n=====\n", "[a]: http://x\n",
        ]
    ),
)  # fmt: skip


@given(st.lists(STATEMENTS), st.booleans(), st.lists(BLOCKS))
def test_nothing_is_lost_of_any_starter_and_handout(
    pieces: list[str], main: bool, blocks: list[str]
) -> None:
    starter, handout = "".join(pieces) + MAIN * main, "\n".join(blocks)
    made = make_notebook("any", handout, starter)
    assert statements(code_of(made)) == statements(starter)
    assert code_of(made).count("# a comment") == starter.count("# a comment")
    words = iter(text_of(made).split())
    assert all(word in words for word in handout.split())
    assert "".join(piece.source for piece in split_starter(starter)).strip() == starter.strip()


def test_function_that_the_handout_passes_over_stays_by_the_one_before_it() -> None:
    starter = "".join(f"def {name}():\n    pass\n\n\n" for name in ("a", "b", "c", "d"))
    handout = "# T\n\n**`a()`** is.\n\n**`c()`** is.\n\n## After\n\nWords.\n"
    cells = [cell["id"] for cell in cells_of(make_notebook("any", handout, starter))]
    assert cells == [
        *("text-1", "text-2", "function-a", "function-b"),
        *("text-3", "function-c", "function-d", "text-4"),
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("A\n\n<!-- B -->\n\nC\n", "A\n\nC\n"),
        ("A\n\n<!--\n```python\n>>> 1\n\n1\n```\n-->\n\nC\n", "A\n\nC\n"),
        ("A <!-- in a line --> and\nmore<!-- over\ntwo --> B\n", "A and\nmore B\n"),
        ("A\n\n<!-- never closed\n\n## B\n", "A\n\n"),
        ("```\n<!-- code -->\n```\n\n<!-- B -->\n", "```\n<!-- code -->\n```\n\n"),
        ("`<!--` and `` ` `` and `-->` <!-- B -->\n", "`<!--` and `` ` `` and `-->`\n"),
        ("    <!-- code -->\n\n$a < b$ <!--\n", "    <!-- code -->\n\n$a < b$ <!--\n"),
    ],
)
def test_comments_go_but_not_those_shown_as_code(text: str, shown: str) -> None:
    assert without_comments(text) == shown


def filled(name: str) -> bytes:
    """The notebook with the reference's functions in its cells."""
    reference = (ROOT / "solutions" / name / f"{name}.py").read_text("utf-8")
    pieces = {piece.name: piece.source for piece in split_starter(reference) if piece.name}
    notebook = json.loads(notebook_of(name))
    placed = set()
    for cell in notebook["cells"]:
        function = cell["id"].removeprefix("function-")
        if function in pieces and cell["id"] != function:
            cell["source"] = pieces[function].strip("\n")
            placed.add(function)
    rest = [source for each, source in pieces.items() if each not in placed]
    first = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    first["source"] = "\n\n".join([split_starter(reference)[0].source, *rest])
    return json.dumps(notebook).encode()


@pytest.mark.slow  # four homeworks are graded, twice each
def test_filled_notebook_is_graded_as_the_module_is(tmp_path: Path) -> None:
    course = copy_course(tmp_path / "course")
    names = [name for name in COURSE.names if not missing_packages(COURSE.assignment(name))]
    for name in names:
        for student in ("module", "notebook"):
            (tmp_path / "in" / name / student).mkdir(parents=True)
        shutil.copy(course / "solutions" / name / f"{name}.py", tmp_path / "in" / name / "module")
        (tmp_path / "in" / name / "notebook" / f"{name}.ipynb").write_bytes(filled(name))
    options = ("--out", tmp_path / "out", "--seed", "1")
    ran = run_grader("grade", tmp_path / "in", *options, cwd=course, timeout_s=300)
    assert ran.code == 0, ran.err
    for name in names:
        both = [read_report(tmp_path / "out" / name / f"{s}.json") for s in ("module", "notebook")]
        assert told(both[0]) == told(both[1])
        assert both[0].score == both[0].max_score == COURSE.assignment(name).spec.points


def told(report: Report) -> list[tuple[str, str, float, str | None]]:
    return [(check.id, check.outcome, check.points, check.text) for check in report.checks]


@pytest.mark.parametrize("name", COURSE.names)
def test_untouched_notebook_gives_way_to_a_module_and_the_other_way_round(name: str) -> None:
    assignment = COURSE.assignment(name)
    module, untouched = f"{name}.py", f"{name}.ipynb"
    assert not attempted(untouched, notebook_of(name), assignment)
    reference = (ROOT / "solutions" / name / module).read_bytes()
    for files, counts in (
        ({module: reference, untouched: notebook_of(name)}, module),
        ({module: starter_of(name).encode(), untouched: filled(name)}, "cell 1"),
    ):
        program = prepare(Submission(files, ""), assignment)
        assert program.parts[0].label == counts
        assert program.warnings == ()


def test_a_cell_checks_each_function_and_each_question_has_a_place_for_its_answer() -> None:
    starter = "".join(f"def {name}():\n    pass\n\n\n" for name in ("a", "b"))
    asked = (Question(id="why", points=2, text="Why?\n\nSay $x$."),)
    made = make_notebook("any", "# T\n\n**`b()`** is.\n", starter, checked={"b"}, questions=asked)
    cells = {cell["id"]: cell["source"] for cell in cells_of(made)}
    assert list(cells) == [
        *("text-1", "load-checks", "function-a", "text-2", "function-b", "check-2"),
        *("answers", "answer-1"),
    ]
    assert (cells["load-checks"], cells["check-2"]) == ("%load_ext grader", 'check("b")')
    assert find_answers({"any.ipynb": made}).files == ()
    filled = json.loads(made)
    filled["cells"][-1]["source"].append("\n\nBecause.")
    found = find_answers({"any.ipynb": json.dumps(filled).encode()})
    assert found.text is not None
    assert section(found.text, asked[0], 1, 1) == "### Answer: why (2 points)\n\nBecause."


def test_kit_checks_those_functions_that_a_check_is_named_for(tiny_kit: StudentKit) -> None:
    made = (tiny_kit.folder / "assignments" / "scales" / "scales.ipynb").read_bytes()
    assert [c["source"] for c in cells_of(made) if c["id"].startswith("check-")] == [
        'check("double")'
    ]
