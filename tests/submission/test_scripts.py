"""Files that tools made of notebooks: each leaves the names that the notebook itself leaves.

The files in exported/ were written by nbconvert 7.17, jupytext 1.19 and marimo 0.25 from one
notebook; Colab's is in the form of files that were downloaded from it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.engine.objects import StudentProxy
from grader.engine.proxy import Subject
from grader.errors import StudentRaised
from grader.sandbox.host.launch import Limits, PlainLauncher
from grader.submission.code import Code, Part, read_code
from grader.submission.program import Program

EXPORTED = Path(__file__).with_name("exported")
LIMITS = Limits(call_s=30, load_s=60, total_s=90, output_mb=1, reply_mb=1)
ASK = "def has(*names):\n    return [n for n in names if n in globals()]\n"
LEFT = ["double", "total", "np", "seven", "files", "out", "kept", "HELP"]
LOST = ["lost", "MADE", "x"]
# jupytext's light form runs this cell into the one of `%%writefile` above it.
NO_MAIN = ("jupytext_light.py", "jupytext_lightraw.py", "nbconvert.py")


def read(name: str, data: bytes | str) -> Code:
    return read_code(name, data if isinstance(data, bytes) else data.encode(), "demo", ("double",))


def loaded(code: Code) -> Subject:
    beside = {"helper.py": b"HELP = 1\n", **code.written}
    parts = (*code.parts, Part("ask", "ask", ASK.encode()))
    return Subject(Program("demo", parts, beside, code.notebook), PlainLauncher(), LIMITS, {})


def has(code: Code, *names: str) -> tuple[list[str], list[str]]:
    """Which of some names a worker has after it loaded the code, and what it noted."""
    subject = loaded(code)
    try:
        return StudentProxy(subject).has(*names), subject.warnings
    finally:
        subject.close()


ONE_NOTEBOOK = sorted(path.name for path in EXPORTED.iterdir() if "marimo" not in path.name)


@pytest.mark.parametrize("name", ONE_NOTEBOOK)
def test_each_form_of_a_notebook_leaves_the_same_names(name: str) -> None:
    code = read(name, (EXPORTED / name).read_bytes())
    found, noted = has(code, *LEFT, *LOST)
    assert (found, noted) == (LEFT, [])
    assert code.written["made.py"].startswith(b"MADE = 5\n")


@pytest.mark.parametrize("name", [name for name in ONE_NOTEBOOK if name not in NO_MAIN])
def test_main_block_of_a_notebook_runs_in_each_form_that_keeps_it(name: str) -> None:
    assert has(read(name, (EXPORTED / name).read_bytes()), "constant")[0] == ["constant"]


@pytest.mark.parametrize("name", [name for name in ONE_NOTEBOOK if name[0] in "cj"])
def test_lines_keep_their_numbers(name: str) -> None:
    data = (EXPORTED / name).read_bytes()
    code = read(name, data)
    (part,) = code.parts
    was, now = data.decode().split("\n"), part.source.decode().split("\n")
    assert len(was) == len(now)
    same = [line.removeprefix("# ") for line in was]
    assert all(line in (same[i], was[i]) for i, line in enumerate(now) if "return" in line)


def test_exported_cell_names_its_own_line_in_a_traceback() -> None:
    body = "def double(x):\n    y = 1\n    return x.wrong\n"
    code = read("demo.py", f"a = 1\n\nget_ipython().run_cell_magic('time', '', {body!r})\n")
    subject = loaded(code)
    with pytest.raises(StudentRaised) as caught:
        StudentProxy(subject).double(1)
    subject.close()
    told = str(caught.value)
    assert "demo.py (line 3, %%time), line 3, in double: return x.wrong" in told


@pytest.mark.parametrize(
    ("call", "names"),
    [
        ("get_ipython().run_cell_magic('capture', '', '!pip install a\\na = 1\\n')", ["a"]),
        ("get_ipython().run_cell_magic('time', '', '%%capture b\\na = 1\\n')", ["a", "b"]),
        ("get_ipython().run_cell_magic('prun', '-q', 'a = 1')", ["a"]),
        ("get_ipython().run_cell_magic(\n    'time',\n    '',\n    'a = 1',\n)", ["a"]),
        ("get_ipython().run_cell_magic('timeit', '', 'a = 1')", []),
        ("get_ipython().run_cell_magic('python', '', 'a = 1')", []),
        ("get_ipython().run_cell_magic('nothing', '', 'a = 1')", []),
        ("get_ipython().run_line_magic('time', 'a = 1')", ["a"]),
        ("if 1:\n    get_ipython().run_line_magic('time', 'a = 1')", ["a"]),
        ("b = get_ipython().run_line_magic('time', 'len([1])')", ["b"]),
        ("get_ipython().run_line_magic('pylab', 'inline')\na = array([1])", ["a"]),
        ("get_ipython().magic('pylab')\nget_ipython().kernel\na = 1", ["a"]),
        ("a = get_ipython().getoutput('ls')", ["a"]),
        ("get_ipython().system('rm -rf /')\nget_ipython().user_ns['a'] = 1", ["a"]),
    ],
)
def test_calls_of_get_ipython_leave_what_the_magic_leaves(call: str, names: list[str]) -> None:
    found, noted = has(read("demo.py", f"import math\n{call}\n"), "a", "b")
    assert (found, noted) == (names, [])


def test_function_in_an_exported_cell_is_found_without_running_it() -> None:
    body = "def double(x, /, y=3):\n    return x\n"
    code = read("demo.py", f"get_ipython().run_cell_magic('time', '', {body!r})\n")
    program = Program("demo", code.parts, {}, code.notebook)
    assert program.definitions["double"].endswith("def double(x, /, y=3):")


# marimo


def test_marimo_cells_run_in_the_order_of_their_names() -> None:
    code = read("demo.py", (EXPORTED / "marimo_rules.py").read_bytes())
    # What marimo 0.25's own `app.run()` leaves, but for the cell that is disabled.
    names = ["A", "used", "under_main", "loop_var", "inner_fn", "renamed", "late", "x2", "x"]
    names += ["asyncio", "awaited", "boom", "after", "double"]
    assert has(code, *names, "off") == (names, [])


def test_converted_marimo_notebook_runs_without_marimo() -> None:
    code = read("demo.py", (EXPORTED / "marimo_converted.py").read_bytes())
    names = ["np", "SCALE", "double", "total", "ONE", "last", "Box", "plt", "mo"]
    assert has(code, *names) == (names, [])


# What marimo 0.25 made of a notebook that defines `double` three times, and `total` once.
REDEFINED = """\
import marimo

__generated_with = "0.25.2"
app = marimo.App()


@app.function
def double(x):
    return x


@app.function
def total(x):
    return double(x)


@app.function
# Second try.
def double_1(x):
    return x + x


@app.cell
def _():
    total_1 = total(3)
    return


@app.cell
def _():
    def double_2(x):
        return 2 * x
    print(double_2(3))
    return


if __name__ == "__main__":
    app.run()
"""


def test_marimo_name_for_a_later_definition_is_told_where_the_first_one_counts() -> None:
    code = read_code("demo.py", REDEFINED.encode(), "demo", ("double", "total"))
    assert has(code, "double", "double_2")[0] == ["double", "double_2"]
    assert code.warnings == (
        "demo.py: `double` is what counts, and not `double_2`, as `marimo convert` calls a later "
        "definition of `double`; call the right one `double`",
    )
    asked = read_code("demo.py", REDEFINED.encode(), "demo", ("double", "double_1", "double_2"))
    plain = read_code(
        "demo.py", b"def double(x): pass\ndef double_1(x): pass\n", "demo", ("double",)
    )
    assert asked.warnings == plain.warnings == ()


MARIMO = """\
import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium")

with app.setup:
    import functools
    SCALE = 2


@app.function
@functools.cache
def double(x):
    return SCALE * x.wrong


@app.cell
def _(mo):
    @mo.cache
    def total(x):
        return x.wrong

    return (total,)


@app.cell
def _(): return

@app.cell
def _():
    import marimo as mo
    return (mo,)


def by_hand(x):
    return x


if __name__ == "__main__":
    app.run()
"""


def test_marimo_tracebacks_name_the_line_of_the_file() -> None:
    subject = loaded(read("demo.py", MARIMO))
    student = StudentProxy(subject)
    with pytest.raises(StudentRaised, match=r"demo.py, line 14, in double: return SCALE"):
        student.double(1)
    with pytest.raises(StudentRaised, match=r"demo.py, line 21, in .*total: return x.wrong"):
        student.total(1)
    assert student.by_hand(4) == 4
    assert subject.warnings == []
    subject.close()


def test_marimo_cells_in_a_circle_and_twice_of_one_name_still_run() -> None:
    cells = "\n".join(
        f"@app.cell\ndef _({needs}):\n    {gives} = {value}\n    return ({gives},)\n"
        for needs, gives, value in [("b", "a", 1), ("a", "b", 2), ("", "a", 3), ("c", "c", 4)]
    )
    code = read("demo.py", f"import marimo\napp = marimo.App()\n{cells}")
    assert has(code, "a", "b", "c")[0] == ["a", "b", "c"]


def test_marimo_file_that_is_no_python_is_left_for_python_to_refuse() -> None:
    code = read("demo.py", "import marimo\napp = marimo.App()\n@app.cell\ndef _(:\n")
    assert [part.source for part in code.parts] == [
        b"import marimo\napp = marimo.App()\n@app.cell\ndef _(:\n"
    ]


# Everything else


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x = 1\r\n",
        b"\xef\xbb\xbfx = 1\n",
        b"# -*- coding: latin-1 -*-\nx = '\xfc'\n",
        b"# -*- coding: punycode -*-\n%pwd\n",
        b"# %%\nx = 1\n# %% [markdown]\n# # Title\n# %%time\ny = 2\n",
        b"x = '''\n!ls\n%pwd\nhelp?\n'''\n",
        b"def f(:\n",
        b"x = 5 % 3\ny = x != 2\n",
        b"def f():\n    '''\n    >>> f()\n    In [1]: f()\n    '''\n",
    ],
)
def test_plain_module_is_left_as_it_is(data: bytes) -> None:
    code = read("demo.py", data)
    assert ([part.source for part in code.parts], code.notebook) == ([data], False)
    assert (code.warnings, code.written) == ((), {})


@pytest.mark.parametrize(
    ("data", "names"),
    [
        ("!pip install a\nx = 1\n", ["x"]),
        ("# coding: latin-1\n!pip install a\nx = '\xfc'\n", ["x"]),
        ("!pip install a\r\nx = 1\r\n", ["x"]),
        ("x = 1\nfrom __future__ import annotations\n!ls\ny = 2\n", ["x", "y"]),
        ("async def f():\n    return 1\n!ls\nx = await f()\n", ["x"]),
        ("%%time\nx = 1\n\n%%bash\ny=1\n\nz = 1\n", ["x", "z"]),
        (">>> x = 1\n>>> def y():\n...     return 1\n", ["x", "y"]),
        ("%matplotlib inline\nif __name__ == '__main__':\n    x = 1\n", ["x"]),
        ("# %%\n%%timeit\ny = 1\n\nz = 1\n# %%\nx = 1\n", ["x"]),
    ],
)
def test_script_that_is_no_python_is_read_by_a_notebooks_rules(data: str, names: list[str]) -> None:
    encoding = "latin-1" if "latin-1" in data else "utf-8"
    assert has(read("demo.py", data.encode(encoding)), "x", "y", "z") == (names, [])


def test_plain_module_is_not_run_as_main() -> None:
    assert has(read("demo.py", "if __name__ == '__main__':\n    x = 1\n"), "x") == ([], [])


def test_notebook_under_another_name_is_read() -> None:
    data = (EXPORTED / "notebook.ipynb").read_bytes()
    assert has(read("demo.py", data), "double")[0] == ["double"]
