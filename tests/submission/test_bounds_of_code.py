"""What reading code costs the trusted process: bounded, whatever was handed in.

Each hostile file is read in a process of its own under limits of the kernel's: 5 s of CPU, and 300
MB of memory beyond what the process has before it reads.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from making import notebook

from grader._internal import syntax
from grader.submission import code as code_module
from grader.submission.code import Part, read_code
from grader.submission.json_places import MAX_TOKENS, Places
from grader.submission.program import Program, definition_of
from grader.submission.scripts import _COLAB

LIMITED = """
import resource, sys
from grader.course.assignment import Assignment
from grader.errors import SubmissionError
from grader.submission.code import read_code, statements_of
from grader.submission.program import Program, definition_of
data = open(sys.argv[1], "rb").read()
now = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (now + (300 << 20),) * 2)
used = int(sum(resource.getrusage(resource.RUSAGE_SELF)[:2]))
resource.setrlimit(resource.RLIMIT_CPU, (used + 5,) * 2)
try:
    code = read_code(sys.argv[1], data, "demo", ("double", "quadratic"))
    statements_of(code.parts)
    program = Program("demo", code.parts, {}, code.notebook)
    for number in range(50):
        definition_of(program, "quadratic")
    print("read", len(code.parts))
except SubmissionError as exc:
    print("refused", exc)
"""
CELL = '{"cell_type": "code", "metadata": {}, "source": "x = 1", "outputs": []}'


def book(metadata: str = "{}", cells: str = CELL) -> str:
    return f'{{"metadata": {metadata}, "nbformat": 4, "nbformat_minor": 5, "cells": [{cells}]}}'


def outputs(text: str) -> str:
    return book(cells=CELL.replace("[]", f"[{text}]"))


HOSTILE = {
    # name: (extension, what makes the text, what is said)
    "ten million objects in the metadata": (
        "ipynb",
        lambda: book(f'{{"x": [{"{}," * 10**7}{{}}]}}'),
        "",
    ),
    "millions of lists in an output": (
        "ipynb",
        lambda: outputs("[]," * 3_900_000 + "[]"),
        "read 1",
    ),
    "millions of numbers": ("ipynb", lambda: outputs("1," * 15_000_000 + "1"), "read 1"),
    "deep lists": ("ipynb", lambda: outputs("[" * 3_000_000 + "]" * 3_000_000), "read 1"),
    "lists of eight": (
        "ipynb",
        lambda: outputs(f"{'[' * 8}{']' * 8}," * 480_000 + "1"),
        "read 1",
    ),
    "deep lists in deep lists": (
        "ipynb",
        lambda: outputs(f'["",{"[" * 5}{"]" * 5}' * 560_000 + "]" * 560_000),
        "read 1",
    ),
    "small objects in deep lists": (
        "ipynb",
        lambda: outputs(("[" + "{}," * 10) * 350_000 + "1" + "]" * 350_000),
        "read 1",
    ),
    "small objects between deep lists": (
        "ipynb",
        lambda: outputs(("{}," * 20 + "[" * 9 + "1" + "]" * 9 + ",") * 130_000 + "1"),
        "read 1",
    ),
    "millions of cells": ("ipynb", lambda: book(cells="{}," * 3_800_000 + "{}"), "too large"),
    "millions of members": (
        "ipynb",
        lambda: "{" + '"":0,' * 3_800_000 + '"cells":[]}',
        "too large",
    ),
    "millions of members in a cell": (
        "ipynb",
        lambda: book(cells="{" + '"\\u0061":{},' * 1_000_000 + '"a": 1}'),
        "too large",
    ),
    "millions of lists of cells": (
        "ipynb",
        lambda: "{" + '"cells":[],' * 1_200_000 + '"a":0}',
        "too large",
    ),
    "deep lists before a text that does not end": (
        "ipynb",
        lambda: outputs("[" * 1000 + '"' + "\\n" * 14_000_000),
        "damaged",
    ),
    "lists that hold a text and a list": (
        "ipynb",
        lambda: outputs('["a",' * 1_000_000 + "1" + ',"a"]' * 1_000_000),
        "read 1",
    ),
    "a text of escapes": ("ipynb", lambda: outputs('"' + '\\"' * 15_000_000 + '"'), "clear all"),
    "a text of backslashes": ("ipynb", lambda: outputs('"' + "\\n" * 15_000_000 + '"'), "read 1"),
    "a text that does not end": (
        "ipynb",
        lambda: book()[:-3] + '"' + "\\\\" * 15_000_000,
        "damaged",
    ),
    "keys that do not end": ("ipynb", lambda: '{"' + 'a":{"' * 3_000_000, "refused"),
    "source of escapes": (
        "ipynb",
        lambda: book(cells=CELL.replace("x = 1", "\\u0031" * 5_000_000)),
        "1 MB",
    ),
    "source of small lines": (
        "ipynb",
        lambda: book(cells=CELL.replace('"x = 1"', '["x"' + ',"x"' * 900_000 + "]")),
        "read 1",
    ),
    "many empty cells": (
        "ipynb",
        lambda: book(cells=",".join([CELL] * 100_000)),
        "holds 100000 cells",
    ),
    "names in a list": ("py", lambda: "a," * 480_000, "read 1"),
    "operators": ("py", lambda: "-a\n" * 320_000, "read 1"),
    "assignments": ("py", lambda: "a=1\n" * 240_000, "read 1"),
    "wrong signature of 970 KB": (
        "py",
        lambda: f"def quadratic(x, {'y=0, ' * 190_000}z=1): pass",
        "",
    ),
    "default of 400 terms": (
        "py",
        lambda: f"def quadratic(x={'1+' * 400}1):\n    pass\n",
        "read 1",
    ),
    "default of many terms": (
        "py",
        lambda: f"def quadratic(x={'1+' * 40_000}1):\n    pass\n",
        "read 1",
    ),
    "signs of IPython": ("py", lambda: "!ls\n" * 240_000, "read 1"),
    "magics in magics": ("py", lambda: "%%time\n" * 140_000 + "x = 1", "read 1"),
    "magics below markers": ("py", lambda: "# %%\n%%bash\n" * 80_000, "read 1"),
    "magics above no blank line": ("py", lambda: "x !\n%%bash\n" * 80_000, "read 1"),
    "cells that are nearly magics": (
        "ipynb",
        lambda: notebook(
            "x!\n" + " " * 100_000 + "x",
            "x!\n" + "a" * 100_000 + " !",
            "!ls\n" * 20_000,
            "[a " + "for a in b " * 20_000 + "]",
            "-" * 100_000 + "1!",
            "(" * 100_000 + "!",
        ),
        "read 6",
    ),
    "many cells to parse": (
        "ipynb",
        lambda: notebook(*["a=1%1\n" * 20_000] * 8),
        "read 8",
    ),
    "many cells to parse, with a file": (
        "ipynb",
        lambda: notebook("%%writefile a.py\nx=1", *["a=1%1\n" * 20_000] * 8),
        "read 8",
    ),
    "open brackets before magics": (
        "ipynb",
        lambda: notebook("x!\n" + "(\n%x\n" * 150_000),
        "read 1",
    ),
    "open text before magics": (
        "ipynb",
        lambda: notebook('x!\n"""\n' + "%x\n" * 200_000),
        "read 1",
    ),
    "quotes": ("ipynb", lambda: notebook("x!\n" + "'\"" * 400_000), "read 1"),
    "backslashes": ("ipynb", lambda: notebook("x!\n" + "\\\n" * 400_000), "read 1"),
    "spaces": ("ipynb", lambda: notebook("  x!\n" + " " * 900_000 + "?"), "read 1"),
    "prompts": ("ipynb", lambda: notebook(">>> x\n" * 150_000 + "!"), "read 1"),
    "question marks": ("ipynb", lambda: notebook("x!\n" + "?" * 900_000), "read 1"),
    "equals signs": ("ipynb", lambda: notebook("x!\n" + "a = " * 200_000), "read 1"),
    "lines held together": ("ipynb", lambda: notebook("%time " + "a \\\n" * 200_000), "read 1"),
    "time of time": ("ipynb", lambda: notebook("%time " * 100_000 + "x"), "read 1"),
    "cells written": ("ipynb", lambda: notebook(*["%%writefile -a a.py\nx"] * 4_900), "refused"),
    "Colab's mark": (
        "py",
        lambda: f"{_COLAB}\n# %%time\n# x!\n" * 10_000,
        "read 1",
    ),
    "jupytext's head": ("py", lambda: "# ---\n" + "# a\n" * 200_000 + "#   jupytext:\n!", "read 1"),
    "exported calls": (
        "py",
        lambda: "get_ipython().run_cell_magic('time', '', 'x!')\n" * 18_000,
        "read 1",
    ),
    "an exported call of 900 KB": (
        "py",
        lambda: f"get_ipython().run_cell_magic('time', '', '{'x!' * 440_000}')\n",
        "read 1",
    ),
    "exported call of brackets": (
        "py",
        lambda: f"get_ipython().run_cell_magic({'(' * 450_000})\n",
        "",
    ),
    "marimo cells": (
        "py",
        lambda: (
            "import marimo\napp = marimo.App()\n" + "@app.cell\ndef _(a):\n a=1\n return\n" * 3_300
        ),
        "read 3301",
    ),
    "marimo cells that need each other": (
        "py",
        lambda: (
            "import marimo\napp = marimo.App()\n"
            + "".join(f"@app.cell\ndef _(a{i + 1}):\n a{i}=1\n return\n" for i in range(2_500))
        ),
        "read 2501",
    ),
    "merge marks": ("py", lambda: "<<<<<<< HEAD\n" * 70_000, "unfinished merge"),
    "nested brackets": ("py", lambda: "(" * 900_000, "read 1"),
    "values in an f-string": ("py", lambda: "f'" + "{a}" * 43_000 + "'", "read 1"),
    "values in a nested f-string": (
        "py",
        lambda: "f'''{" + 'f"' + "{a}" * 43_000 + '"' + "}'''",
        "read 1",
    ),
    "values in the f-strings of cells": (
        "ipynb",
        lambda: notebook(*["rF'''" + "{é}" * 31_000 + "'''\nx"] * 8),
        "read 8",
    ),
    "nested lists": ("py", lambda: "[" * 100 + "a for a in b " * 9_000, "read 1"),
}


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are Linux's")
@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_file_costs_at_most_5_seconds_and_300_megabytes(tmp_path: Path, label: str) -> None:
    extension, text, said = HOSTILE[label]
    path = tmp_path / f"demo.{extension}"
    path.write_text(text())
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert said in done.stdout
    assert len(done.stdout) < 1000


def test_values_of_a_notebook_are_counted_before_the_first_is_looked_at() -> None:
    at_most = b"[" + b"{}," * (MAX_TOKENS - 2) + b"{}]"
    assert not Places(at_most).too_many
    assert Places(at_most[:-1] + b",{}]").too_many


def test_source_is_parsed_once_however_often_a_signature_is_wrong(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parsed = []
    parse = syntax.parse

    def counting(source: str | bytes) -> object:
        parsed.append(len(source))
        return parse(source)

    monkeypatch.setattr("grader.submission.scripts.parse", counting)
    parts = tuple(Part(f"cell {i}", f"cell {i}", b"def f(a):\n    return a\n") for i in range(3))
    program = Program("demo", parts, {}, notebook=True)
    for _ in range(100):
        assert definition_of(program, "f") == "cell 2, line 1: def f(a):"
    assert len(parsed) == 3


@pytest.mark.parametrize(
    ("source", "parsed"),
    [
        ("f'" + "{a}" * 43_000 + "'", False),
        ("rF'''" + "{a:{b}}\n" * 16_000 + "'''", False),
        ("# it's\n" + '"' + "it's" + '"\nf"' + "{a}" * 43_000 + '"', False),
        ("f'" + "{a}" * 43_000, False),  # it does not end
        ("f'''" + "<td>{row}</td>\n" * 1_000 + "'''", True),
        ("f'{a}'\n" * 14_000, True),
        ("x = [" + "{1: f'{a}'},\n" * 9_000 + "]", True),
        ("'" + "{a}" * 43_000 + "'", True),
        ("# f'" + "{a}" * 43_000, True),
    ],
)
def test_f_strings_are_parsed_unless_one_holds_thousands_of_values(
    source: str, parsed: bool
) -> None:
    for each in (source, source.encode()):
        with contextlib.nullcontext() if parsed else pytest.raises(ValueError, match="f-strings"):
            syntax.parse(each)


def test_long_source_is_not_parsed_here_and_still_runs() -> None:
    text = "x = '" + "a" * code_module.MAX_PARSED + "'\ndef double(x):\n    return x\n"
    code = read_code("demo.py", text.encode(), "demo", ("double",))
    assert code.parts[0].source == text.encode()
    assert definition_of(Program("demo", code.parts), "double") is None


def test_outputs_of_any_size_below_the_bound_cost_no_cell() -> None:
    points = json.dumps([{"x": i / 7, "y": "label"} for i in range(300_000)])
    code = read_code("demo.ipynb", outputs(points).encode(), "demo", ())
    assert [part.source for part in code.parts] == [b"x = 1"]
