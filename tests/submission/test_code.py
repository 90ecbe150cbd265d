"""From a file to a program's parts: what counts, what is told, and where a function stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from making import notebook, write_course

from grader.course.course import find_course
from grader.engine.loading_notes import elsewhere
from grader.engine.objects import StudentProxy
from grader.engine.proxy import Subject
from grader.errors import StudentRaised, SubmissionError
from grader.sandbox.host.launch import Limits, PlainLauncher
from grader.submission.code import Code, read_code
from grader.submission.files import Submission
from grader.submission.program import Program, definition_of, prepare

LIMITS = Limits(call_s=20, load_s=60, total_s=90, output_mb=1, reply_mb=1)
DOUBLE = "def double(x):\n    return 2 * x"


def read(*cells: str, name: str = "demo.ipynb") -> Code:
    return read_code(name, notebook(*cells).encode(), "demo", ("double", "total"))


def program_of(code: Code) -> Program:
    return Program("demo", code.parts, code.written, code.notebook)


def run(code: Code) -> tuple[StudentProxy, Subject]:
    subject = Subject(program_of(code), PlainLauncher(), LIMITS, {})
    return StudentProxy(subject), subject


def refusal(*cells: str) -> str:
    with pytest.raises(SubmissionError) as caught:
        read(*cells)
    return str(caught.value)


STUB = "def double(x):\n    raise NotImplementedError"


@pytest.mark.parametrize(
    ("sources", "told"),
    [
        (
            [DOUBLE, "x = 1", STUB],
            "`double` is written (cell 1, line 1), but defined again below as in the starter "
            "(cell 3, line 1), and the last one counts; delete that",
        ),
        ([STUB, DOUBLE], ""),
        ([DOUBLE, STUB, DOUBLE], ""),
        ([DOUBLE, DOUBLE.replace("2", "3")], ""),
        ([STUB, STUB], ""),
        ([DOUBLE, "def other(x):\n    pass"], ""),
        (["import functools\n@functools.cache\n" + DOUBLE, "@functools.cache\n" + STUB], ""),
    ],
)
def test_starter_below_what_is_written_is_told(
    tmp_path: Path, sources: list[str], told: str
) -> None:
    assignment = find_course(write_course(tmp_path)).assignment("demo")
    cells = Submission({"demo.ipynb": notebook(*sources).encode()}, "")
    module = Submission({"demo.py": "\n\n".join(sources).encode()}, "")
    assert prepare(cells, assignment).warnings == ((told,) if told else ())
    lines = told.replace("cell 1, line 1", "demo.py, line 1")
    lines = lines.replace("cell 3, line 1", "demo.py, line 6")
    assert prepare(module, assignment).warnings == ((lines,) if told else ())


def test_no_function_is_taken_for_another_that_is_asked_for() -> None:
    code = read(DOUBLE, "def totals(x):\n    return sum(x)")
    for asked, near in (({"total", "totals"}, ""), ({"total"}, "; did you call it `totals`?")):
        assert elsewhere("total", program_of(code), ["double", "totals"], asked) == near


# What is written by %%writefile


def test_homework_that_stands_in_a_writefile_cell_is_taken() -> None:
    code = read("import numpy as np", f"%%writefile demo.py\n\n{DOUBLE}.wrong\n")
    told = "demo.ipynb: cell 2 (`%%writefile demo.py`) writes demo.py, and was taken as demo.py"
    assert told in code.warnings
    student, subject = run(code)
    with pytest.raises(StudentRaised, match="cell 2, line 4, in double"):
        student.double(1)
    subject.close()


def test_homework_written_in_pieces_counts_as_it_is_in_the_end() -> None:
    old = "%%writefile demo.py\ndef double(x):\n    return 0"
    more = "%%writefile -a ./demo.py\ndef total(x):\n    return 1"
    student, subject = run(read(old, f"%%writefile demo.py\n{DOUBLE}", more))
    assert (student.double(3), student.total(0)) == (6, 1)
    subject.close()


def test_cell_that_defines_a_function_counts_before_a_file_that_is_written() -> None:
    code = read(DOUBLE, "%%writefile demo.py\ndef double(x):\n    return 0")
    student, subject = run(code)
    assert student.double(3) == 6
    subject.close()


def test_helper_that_a_cell_writes_can_be_imported() -> None:
    helper = "%%writefile lib/helper.py\nTWO = 2"
    code = read(helper, "from lib.helper import TWO\ndef double(x):\n    return TWO * x")
    student, subject = run(code)
    assert (student.double(3), subject.warnings) == (6, [])
    subject.close()


@pytest.mark.parametrize(
    "name", ["/etc/a.py", "../a.py", "a/../../b.py", "C\\..\\..\\a.py", "{x}", ""]
)
def test_file_is_not_written_outside_of_the_folder(name: str) -> None:
    code = read(f"%%writefile {name}\nx = 1", "y = 1")
    assert set(code.written) <= {"{x}"}


def test_notebook_whose_code_is_written_to_another_file_says_so() -> None:
    told = refusal(f"%%writefile softmax.py\n{DOUBLE}")
    assert "holds no code but in a %%writefile cell for softmax.py" in told
    assert "write to demo.py there, or take that line away" in told
    (*_, warning) = read("x = 1", f"%%writefile softmax.py\n{DOUBLE}").warnings
    assert warning.startswith("cell 2 (`%%writefile softmax.py`) writes `double` to a file")


def test_notebook_without_code_says_why() -> None:
    assert "demo.ipynb holds no code; was it saved" in refusal("", "  \n")
    assert "cell 1 (`%%bash -e`) is not run in the notebook" in refusal("%%bash -e\nls")


# What is told


def test_message_of_loading_names_a_cell_by_its_number_and_its_first_line() -> None:
    code = read("x = 1", "\n# note\nimport surely_not_there", "%pwd\n1 / 0", "def f(:", DOUBLE)
    student, subject = run(code)
    assert student.double(1) == 2
    missing, division, syntax = subject.warnings
    assert missing.startswith("cell 2, line 3: ModuleNotFoundError")
    assert missing.endswith("(cell 2 begins with `# note`)")
    assert division.startswith("cell 3, line 2: ZeroDivisionError")
    assert division.endswith("(cell 3 begins with `%pwd`)")
    assert syntax.startswith("cell 4, line 1: SyntaxError")
    subject.close()


def test_file_that_is_not_there_to_run_is_told_with_what_to_do() -> None:
    student, subject = run(read("%run helper", "%run other.ipynb", DOUBLE))
    student.double(1)
    first, second = subject.warnings
    assert "`%run helper` was not run: there is no helper.py here; hand its code in" in first
    assert "`%run other.ipynb` was not run" in second
    subject.close()


def test_notebook_that_is_run_by_another_leaves_its_names(tmp_path: Path) -> None:
    assignment = find_course(write_course(tmp_path)).assignment("demo")
    files = {
        "demo.ipynb": notebook(
            "%run lib/other.ipynb", "def double(x):\n    return TWO * x"
        ).encode(),
        "lib/other.ipynb": notebook("%pwd\nTWO = 2").encode(),
    }
    prepared = prepare(Submission(files, ""), assignment)
    subject = Subject(prepared, PlainLauncher(), LIMITS, {})
    assert (StudentProxy(subject).double(3), subject.warnings) == (6, [])
    subject.close()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"<!DOCTYPE html>\n<html></html>", "demo.py is not Python: it is a web page"),
        (b"version https://git-lfs.github.com/spec/v1\n", "demo.py is not Python: it is git-LFS"),
        (b"x = 1\n<<<<<<< HEAD\ny = 1\n=======\n", "an unfinished merge, `<<<<<<< HEAD` in line 2"),
        (b"PK\x03\x04\x00", "it is a zip file under another name"),
        ("x = 1\n".encode("utf-16"), "it is saved as UTF-16, and only UTF-8 is read; save it as"),
        ("x = 1\n".encode("utf-32"), "it is saved as UTF-32, and only UTF-8 is read; save it as"),
        ("x = 1\n".encode("utf-16-be"), "it holds null bytes, so it is damaged or saved as UTF-16"),
        (b"x = 1\n\0\0\0", "it holds null bytes, so it is damaged or saved as UTF-16"),
        (b"%PDF-1.7\n", "it is a PDF under another name; hand in the code as plain text"),
        (b"{\\rtf1\\ansi x = 1}", "it is formatted text (RTF) under another name"),
    ],
)
def test_module_that_is_no_python_is_told_with_what_to_do(data: bytes, told: str) -> None:
    with pytest.raises(SubmissionError, match=r"^demo\.py is not Python") as caught:
        read_code("demo.py", data, "demo", ())
    assert told in str(caught.value)


def test_marks_of_a_merge_in_a_text_are_no_merge() -> None:
    data = b"x = '''\n<<<<<<< HEAD\n'''\n"
    assert read_code("demo.py", data, "demo", ()).parts[0].source == data


# Where a function stands


def test_function_below_a_cell_magic_is_found_at_its_own_line() -> None:
    code = read("%%time\n\n%matplotlib inline\ndef double(x, *, y=[1, 2]): return x")
    told = definition_of(program_of(code), "double")
    assert told == "cell 1, line 4: def double(x, *, y=[1, 2]):"


@pytest.mark.parametrize("terms", [400, 3000])
def test_default_of_many_terms_is_cut_and_no_fault_of_ours(terms: int) -> None:
    source = f"def double(x={'+'.join(['1'] * terms)}):\n    return x\n"
    code = read_code("demo.py", source.encode(), "demo", ("double",))
    told = definition_of(program_of(code), "double")
    assert told in ("demo.py, line 1: def double(...):", None)


def test_last_definition_counts() -> None:
    program = program_of(read(DOUBLE, "x = 1", "def double(a, b): pass"))
    assert definition_of(program, "double") == "cell 3, line 1: def double(a, b):"
