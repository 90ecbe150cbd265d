"""Code out of notebooks: what is IPython's is taken out, everything else stays as it was."""

from __future__ import annotations

import ast
import json
import re

import pytest
from making import notebook

from grader.errors import SubmissionError
from grader.submission.notebook import Cell, read_cells


def cell(source: str) -> Cell:
    (only,) = read_cells(notebook(source).encode())
    return only


def test_cells_are_numbered_from_one_and_markdown_is_left_out() -> None:
    cells = read_cells(notebook("a = 1", "b = 2\nc = 3", markdown="x = !").encode())
    assert [(c.number, c.source) for c in cells] == [(1, "a = 1"), (2, "b = 2\nc = 3")]


def test_empty_cells_keep_their_number() -> None:
    cells = read_cells(notebook("", "b = 2").encode())
    assert [(c.number, c.source) for c in cells] == [(1, ""), (2, "b = 2")]


@pytest.mark.parametrize(
    "line",
    [
        "%matplotlib inline",
        "!pip install numpy",
        "%timeit -n 10 f(x)",
        "!ls -la | grep 'x'  # why",
        "fit?",
        "np.sum??",
        "?fit",
        "??np.sum",
        "%%timeit x = 1",
        "%",
        "!",
        "!!ls",
    ],
)
def test_line_of_ipython_is_taken_out_and_told(line: str) -> None:
    read = cell(f"a = 1\n{line}\nb = 2")
    assert read.skipped == (line,)
    assert read.source.count("\n") == 2
    names: dict[str, object] = {}
    exec(read.source, names)
    assert (names["a"], names["b"]) == (1, 2)


@pytest.mark.parametrize("line", ["%pylab inline", "%run helper.py", "%time %run helper.py"])
def test_line_of_ipython_that_the_worker_does_is_not_called_skipped(line: str) -> None:
    read = cell(f"a = 1\n{line}\n%pwd")
    assert "get_ipython().run_line_magic(" in read.source
    assert read.skipped == ("%pwd",)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("files = !ls", ["files"]),
        ("x = %timeit -o f()", ["x"]),
        ("a, b = !echo 1", ["a", "b"]),
        ("d['k'] = !ls", ["d"]),
        ("    x = !ls", ["x"]),
    ],
)
def test_assignment_from_ipython_gives_none(line: str, names: list[str]) -> None:
    source = cell(f"if 1:\n{line}\n    pass" if line.startswith(" ") else f"{line}\n").source
    assert [n.id for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Name)] == names


@pytest.mark.parametrize(
    "source",
    [
        "r = 7 % 3",
        "r = (7\n  % 3)",
        "r = 7 \\\n  % 3",
        'r = """\n%matplotlib\n!ls\nhelp?\n"""',
        "r = [\n  '!', # (\n  8\n  % 3,\n]",
        "r = 3 != 4",
        "r = '%d' % 3",
        "assert 1 != 2 or '?'",
        "r = 'what?'",
        "r = {\n  'a': 5\n  % 3}",
    ],
)
def test_plain_python_is_left_alone(source: str) -> None:
    assert cell(source) == Cell(1, source, ())
    # The same where something else in the cell is IPython's.
    read = cell(source + "\n%pwd")
    assert read == Cell(1, source + "\npass", ("%pwd",))


def test_timed_statement_is_run() -> None:
    names: dict[str, object] = {}
    exec(cell("%time x = 5\nif x:\n    %time y = x + 1").source, names)
    assert (names["x"], names["y"]) == (5, 6)


def test_block_of_one_magic_keeps_a_body() -> None:
    source = cell("if True:\n    %pwd\nfor i in []:\n    !ls\nelse:\n    x = 1").source
    names: dict[str, object] = {}
    exec(source, names)
    assert names["x"] == 1


def test_indented_lines_after_a_magic_are_still_read_right() -> None:
    source = "def f(x):\n    if x:\n        %pwd\n        y = (1\n    % 2)\n    !ls\n    return 5"
    read = cell(source)
    assert read.skipped == ("%pwd", "!ls")
    names: dict[str, object] = {}
    exec(read.source, names)
    assert names["f"](1) == 5  # type: ignore[operator]


@pytest.mark.parametrize("magic", ["%%time", "%%prun -q", "%%capture out", "\n%%time\n"])
def test_cell_magic_on_python_keeps_the_body_and_its_lines(magic: str) -> None:
    read = cell(f"{magic}\nx = 1\n%pwd\ny = 2")
    assert read.source.split("\n")[-3:] == ["x = 1", "pass", "y = 2"]
    assert read.skipped == (magic.strip(), "%pwd")


@pytest.mark.parametrize(
    "magic",
    ["%%bash", "%%html", "%%writefile x.py", "%%javascript", "%%", "%%timeit -n 1", "%%python3"],
)
def test_cell_whose_magic_leaves_no_name_is_skipped_whole(magic: str) -> None:
    assert cell(f"{magic}\nfor x in *; do echo $x; done") == Cell(1, "", (magic,))


def test_cell_that_is_no_python_is_left_for_python_to_refuse() -> None:
    assert cell("def f(:\n  %pwd") == Cell(1, "def f(:\n  %pwd", ())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   ",
        b"{}",
        b"[]",
        b"null",
        b"{",
        b"\xff\xfe\x00",
        b"PK\x03\x04",
        b'{"nbformat": 4}',
        b'{"nbformat": 99, "nbformat_minor": 0, "metadata": {}, "cells": []}',
        b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [7]}',
        b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": "x"}',
        b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code"}]}',
        b"[" * 200_000,
    ],
)
def test_what_is_no_notebook_is_refused_in_one_line(data: bytes) -> None:
    with pytest.raises(SubmissionError, match=r"^not a readable notebook") as caught:
        read_cells(data)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "it is empty; was it saved"),
        (b"\n <!DOCTYPE html>\n<html>", "it is a web page.*download it again"),
        (b"<HTML>", "it is a web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:4\n", "git-LFS.*git lfs pull"),
        (b'{\n<<<<<<< HEAD\n "cells": [],\n=======\n', "`<<<<<<< HEAD` in line 2; resolve"),
        (b"PK\x03\x04", "it is a zip file"),
        (b'{"cells": [],\n"metadata": {', "its JSON is damaged in line 2; open it in Jupyter"),
        (b"x = (\n", "its JSON is damaged in line 1"),
        (b"x = 1\n", r"it holds Python code, not a notebook's JSON; end its name in \.py"),
        ("{}".encode("utf-16"), "it is saved as UTF-16, and only UTF-8 is read"),
        (bytes(1000), "it holds null bytes, so it is damaged"),
        (b'{"nbformat": 5, "cells": []}', "format 5, and formats 3 and 4 are read; save it"),
        (b'{"a": 1}', "holds no cells"),
        (b'{"nbformat": 4,\n"cells": {}}', "JSON, but line 2 does not hold a list"),
        (b'{"cells": null}', "JSON, but line 1 does not hold a list"),
        (b'{"cells":\n[1]}', "JSON, but line 2 does not hold an object"),
        (b'{"cells": ["x = 1"]}', "does not hold an object as a notebook does there; hand in the"),
        (b'{"cells": [{"cell_type": "code", "source":\n["x", null]}]}', "line 2 does.* a text"),
        (b'{"worksheets": [[]]}', "does not hold an object"),
        (b'{"cells": oops oops}', "its JSON is damaged"),
        (b'{"cells": [[}', "its JSON is damaged"),
        (b"[1, 2]", "it is JSON, but no notebook"),
        (b'"x"', "it is JSON, but no notebook"),
        (b"-1.5e3\n", "it is JSON, but no notebook"),
        (b"null", "it is JSON, but no notebook"),
        (b"[1, 2]\nx = 1", "it holds Python code"),
        (b'"""About it."""\nx = 1', "it holds Python code"),
    ],
)
def test_file_that_is_no_notebook_is_told_with_what_to_do(data: bytes, told: str) -> None:
    with pytest.raises(SubmissionError, match=rf"^not a readable notebook: .*{told}") as caught:
        read_cells(data)
    assert not re.search(r"Error|Exception", str(caught.value))


@pytest.mark.parametrize(
    ("metadata", "told"),
    [
        ({"kernelspec": {"name": "ir", "language": "R", "display_name": "R"}}, "for R"),
        ({"kernelspec": {"name": "ir"}}, "for R"),
        ({"language_info": {"name": "julia"}, "kernelspec": {"name": "julia-1.10"}}, "for Julia"),
        ({"kernelspec": {"name": "octave", "language": "octave"}}, "for octave"),
    ],
)
def test_notebook_for_another_language_is_told(metadata: object, told: str) -> None:
    book = json.loads(notebook("x <- 1")) | {"metadata": metadata}
    with pytest.raises(SubmissionError, match=f"^a notebook {told}, and.*choose a Python kernel"):
        read_cells(json.dumps(book).encode())


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"kernelspec": {"name": "python3", "language": "python"}},
        {"kernelspec": {"name": "my-course-env"}, "language_info": {"name": "python"}},
        {"kernelspec": {"name": "xpython", "language": ""}},
        {"kernelspec": None, "language_info": 5},
    ],
)
def test_notebook_for_python_is_read_whatever_its_kernel_is_called(metadata: object) -> None:
    book = json.loads(notebook("x = 1")) | {"metadata": metadata}
    assert [cell.source for cell in read_cells(json.dumps(book).encode())] == ["x = 1"]


def test_odd_cells_among_good_ones_cost_nothing() -> None:
    cells = [
        {"cell_type": "code", "source": "x = 1", "outputs": None, "metadata": None},
        {"cell_type": "code"},
        {"cell_type": "code", "source": None},
        {"cell_type": "code", "source": ["y = 2\n", "z = 3"], "execution_count": "seven"},
        {"source": "w = 1"},
        {"cell_type": "raw", "source": "v = 1"},
        {"cell_type": "heading", "level": 2, "source": "u = 1"},
    ]
    data = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 0}).encode()
    assert [cell.source for cell in read_cells(data)] == ["x = 1", "", "", "y = 2\nz = 3"]
    assert [cell.number for cell in read_cells(data)] == [1, 2, 3, 4]


def test_nothing_in_outputs_or_metadata_keeps_a_cell_from_being_read() -> None:
    text = notebook("x = 1").replace('"text": ["done\\n"]', '"cells": [{"source": "\\"}]{"}]')
    assert '"cells": [{"source": "' in text
    assert [cell.source for cell in read_cells(text.encode())] == ["x = 1"]


def test_notebook_of_version_3_is_read() -> None:
    code = {"cell_type": "code", "language": "python", "outputs": [], "input": ["x = 1\n", "y = 2"]}
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}}
    old |= {"worksheets": [{"cells": [code], "metadata": {}}]}
    (read,) = read_cells(json.dumps(old).encode())
    assert read.source == "x = 1\ny = 2"


def test_half_a_surrogate_pair_is_made_text() -> None:
    read = cell("%magic \ud83d\nx = '\ud83d'")
    read.source.encode()
    "".join(read.skipped).encode()


def test_too_many_cells_are_refused() -> None:
    with pytest.raises(SubmissionError, match="holds 5001 cells; at most 5000"):
        read_cells(notebook(*[""] * 5000).encode())  # and one of Markdown


def test_cells_without_an_id_are_read_and_nobody_is_warned() -> None:
    # nbformat's own warning, in a test an error, would stand between the lines of `list`.
    text = re.sub(r', "id": "[cm]\d*"', "", notebook("x = 1"))
    assert '"id"' not in text
    assert [cell.source for cell in read_cells(text.encode())] == ["x = 1"]


def test_too_much_code_is_refused() -> None:
    with pytest.raises(SubmissionError, match="more than 1 MB of code"):
        read_cells(notebook("x = 1\n" * 200_000).encode())
