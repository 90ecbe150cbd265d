"""Cells that are run in IPython and by the grader, which must leave the same names.

`Case.differs`: where they do not, the reason, and by how much: the names that the grader leaves and
IPython does not ("more"), or the other way round ("fewer").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

HELPER = "import math\nHELP = 7\n\ndef helped(x):\n    return HELP * x\n\n_hidden = 1\n"
MAIN = "if __name__ == '__main__':\n    ran_as_main = 1\nelse:\n    imported = 1\n"
BREAKS = "before = 1\n1 / 0\nafter = 2\n"
FILES = {"helper.py": HELPER, "main.py": MAIN, "breaks.py": BREAKS, "lib/deep.py": "DEEP = 1\n"}


@dataclass(frozen=True)
class Case:
    """Cells that are run one after the other, and what is different on purpose."""

    cells: tuple[str, ...]
    differs: str = ""
    more: frozenset[str] = frozenset()
    fewer: frozenset[str] = frozenset()
    files: Mapping[str, str] = field(default_factory=lambda: FILES)


def differing(*cells: str, why: str, more: str = "", fewer: str = "") -> Case:
    return Case(cells, why, frozenset(more.split()), frozenset(fewer.split()))


GOES_ON = "a statement that raises costs the rest of its cell in IPython, and itself alone here"
NOT_DONE = "IPython refuses the cell; nothing in it is wrong but a line that shows help"

CASES: dict[str, Case] = {
    # Plain Python, and what only a notebook may do
    "plain": Case(("import math\na = 1\n\ndef f(x):\n    return x",)),
    "empty cells": Case(("", "   \n\n", "# nothing\n", "a = 1")),
    "future import first": Case(("from __future__ import annotations\na = 1",)),
    "future import late": Case(("a = 1\nfrom __future__ import annotations\nb = 2",)),
    "future import after imports": Case(
        ("import math\nfrom __future__ import division, print_function\n\ndef f(): pass",)
    ),
    "future import holds later": Case(
        (
            "x = 1\nfrom __future__ import annotations",
            "def f(a: Unknown): pass\nkind = type(f.__annotations__['a']).__name__",
        )
    ),
    "future import does not hold before": Case(
        (
            "def f(a: int): pass\nkind = type(f.__annotations__['a']).__name__",
            "from __future__ import annotations\ndef g(a: int): pass\n"
            "later = type(g.__annotations__['a']).__name__",
        )
    ),
    "main block": Case(("if __name__ == '__main__':\n    constant = 3\nelse:\n    other = 4",)),
    "await": Case(
        ("import asyncio\nasync def f():\n    await asyncio.sleep(0)\n    return 5\na = await f()",)
    ),
    "async with and async for": Case(
        (
            "import contextlib\n@contextlib.asynccontextmanager\nasync def opened():\n    yield 3\n"
            "async def numbers():\n    yield 4",
            "async with opened() as a:\n    b = a\nasync for c in numbers():\n    d = c",
        )
    ),
    "await in a block": Case(
        ("async def f():\n    return 2\nif True:\n    a = [await f() for _ in range(2)][0]",)
    ),
    "one event loop for all cells": Case(
        (
            "import asyncio\nasync def f():\n    return 8\ntask = asyncio.ensure_future(f()) "
            "if False else None\nloop = None",
            "async def g():\n    return asyncio.get_running_loop()\nloop = await g()",
            "same = int(loop is await g())\ndel loop",
        )
    ),
    "return outside of a function": differing("a = 1\nreturn 5\nb = 2", why=GOES_ON, more="b"),
    "raises": differing("a = 1\n1 / 0\nb = 2", "c = 3", why=GOES_ON, more="b"),
    "no Python": Case(("a = 1", "b = = 2\nc = 1", "d = 4")),
    # Lines
    "matplotlib inline": Case(("%matplotlib inline\na = 1",)),
    "magic in a block": Case(("if True:\n    %pwd\nfor i in [1]:\n    !true\nelse:\n    a = 1",)),
    "magic in a function": Case(("def f():\n    %pwd\n    return 5\na = f()",)),
    "magic with a space behind": Case(("%pwd \na = 1",)),
    "unknown magic": differing("a = 1\n%surely_no_magic x\nb = 2", why=GOES_ON, more="b"),
    "command": Case(("!true\na = 1",)),
    "command twice": Case(("!!echo x\na = 1",)),
    "command over lines": Case(("!echo a \\\n   b \\\n   c\na = 1",)),
    "command over the last line": Case(("a = 1\n!echo a \\",)),
    "command with quotes": Case(('!echo "it\'s (open"\na = 1',)),
    "magic over lines": Case(("%timeit -n1 -r1 sum( \\\n  [1, 2])\na = 1",)),
    "command assigned": Case(("a = !echo x\nb = 1",)),
    "command assigned to two": Case(("a, b = !printf 'x\\ny\\n'\nc = 1",)),
    "command assigned over lines": Case(("a = !echo x \\\n  y\nb = 1",)),
    "command assigned to an entry": Case(("d = {}\nd['k'] = !echo x\nn = len(d)",)),
    "command assigned in a block": Case(("if True:\n    a = !echo x\n    b = 2",)),
    "magic assigned": Case(("a = %pwd\nb = 1",)),
    "time": Case(("%time a = 5\n%time b = a + 1",)),
    "time of an expression": Case(("def f(): return 4\na = %time f()\n%time f()",)),
    "time of a statement, assigned": Case(("a = %time b = 3\nn = int(a is None)",)),
    "time in a block": Case(("if True:\n    %time a = 5",)),
    "time over lines": Case(("%time a = sum([1, \\\n   2])",)),
    "time of a loop": Case(("%time for i in range(3): last = i",)),
    "time of a magic": Case(("%time %run helper.py",)),
    "time without anything": Case(("%time\na = 1",)),
    "timeit": Case(("%timeit -n1 -r1 lost = 1\na = 1",)),
    "timeit assigned": Case(("a = %timeit -o -n1 -r1 pass\nb = 1",)),
    "prun": Case(("%prun -q a = 3\nb = 1",)),
    "prun sorted": Case(("%prun -s cumulative -q a = 3",)),
    "help": Case(("a = 1\na?\nb = 2",)),
    "help in front": Case(("a = 1\n?a\nb = 2",)),
    "help twice": Case(("import math\nmath.sqrt??\n??math\na = 1",)),
    "help for a magic": Case(("%pwd?\na = 1",)),
    "help for an entry": Case(("d = [1]\nd[0]?\na = 1",)),
    "help for a key": differing("d = {'a': 1}\nd['a']?\ne = 1", why=NOT_DONE, more="d e"),
    "help for a call": differing("a = [1]\nprint(a)?\nb = 1", why=NOT_DONE, more="a b"),
    "help with a pattern": Case(("import math\nmath.s*?\na = 1",)),
    "help in a block": Case(("if True:\n    len?\na = 1",)),
    "help alone": Case(("?\na = 1",)),
    "call with commas": Case(("def f(*x): global got; got = len(x)\n,f a b c",)),
    "call with a semicolon": Case(("def f(x): global got; got = x\n;f a b c",)),
    "call with a slash": Case(("x = 3\ndef f(*x): global got; got = x[0]\n/f x x",)),
    "no call without a sign": Case(("def f(x): global got; got = x", "f 1", "a = 1")),
    "text that looks like magic": Case(
        ('text = """\n%pwd\n!ls\nhelp?\n%%time\n"""\nn = len(text)\n%pwd',)
    ),
    "operators that look like magic": Case(
        ("n = 7\nr = (n\n  % 3)\ns = n \\\n  % 3\nt = n != 3\n%pwd\nq = '?'",)
    ),
    "text in single quotes over lines": Case(("t = 'a\\\n%pwd'\nn = len(t)\n%pwd",)),
    "comment with a bracket": Case(("a = 1  # (\n%pwd\nb = 2",)),
    "load_ext": Case(("%load_ext autoreload\n%autoreload 2\na = 1",)),
    "two magics": Case(("%pwd\n%pwd\na = 1\n%pwd",)),
    "reset": differing(
        "a = 1",
        "%reset -f",
        "b = 2",
        more="a",
        why="a notebook is read from the top once: `%reset` is for cells that ran before",
    ),
    # Indentation and prompts
    "all indented": Case(("    a = 1\n    def f(x):\n        return x",)),
    "all indented, with a magic": Case(("  a = 1\n  %pwd\n  b = 2",)),
    "indented comment first": Case(("    # note\na = 1\ndef f():\n    return 2",)),
    "first line indented alone": Case(("  a = 1\nb = 2", "c = 3")),
    "prompts": Case((">>> def f(x):\n...     return x\n...\n>>> a = f(2)",)),
    "prompts and output": Case((">>> a = 5\n>>> a\n5\n>>> b = 6",)),
    "prompts, indented": Case(("    >>> a = 5\n    >>> def f():\n    ...     return 1",)),
    "prompt in a text": Case(('def f():\n    """\n    >>> f()\n    """\n    return 1\na = f()',)),
    "prompts of IPython": Case(
        ("In [1]: def f(x):\n   ...:     return x\n   ...: \n\nIn [2]: a = f(1)",)
    ),
    "prompts of IPython, long numbers": Case(("In [12]: a = 5\n    ...: b = 6",)),
    "prompt of IPython that is an annotation, too": Case(("In [1]: a = 5",)),
    "prompts in a text that is assigned": Case(("text = '''\n>>> a\n'''\n>>> b = len(text)",)),
    "prompts and two texts": Case((">>> a = '''\n... x'''\n>>> b = len(a)",)),
    "bracket left open above help": Case(("a = 1\nb = (1,\na?",)),
    "three dots": Case(("def f(x):\n    ...\na = ...\nb = 1",)),
    # Cells
    "cell time": Case(("%%time\na = 1\ndef f(x): return x",)),
    "cell time below blank lines": Case(("\n\n%%time\na = 1",)),
    "cell time with a statement": Case(("%%time b = 2\na = 1",)),
    "cell time without a body": Case(("%%time", "a = 1")),
    "cell time with magics inside": Case(("%%time\n%pwd\n!true\na = 1\nb = !echo x",)),
    "cell time, all indented": Case(("%%time\n    a = 1\n    b = 2",)),
    "cell time and a future import": Case(("%%time\nfrom __future__ import annotations\na = 1",)),
    "cell capture": Case(("%%capture\na = 1",)),
    "cell capture to a name": Case(("%%capture out\na = 1", "text = out.stdout")),
    "cell capture without stderr": Case(("%%capture --no-stderr out\na = 1",)),
    "cell capture then time": Case(("%%capture\n%%time\na = 1",)),
    "cell time then capture": Case(("%%time\n%%capture out\na = 1",)),
    "cell capture then bash": Case(("%%capture\n%%bash\na=1",)),
    "cell capture of an install": Case(("%%capture\n!echo install\nimport math\na = 1",)),
    "cell prun": Case(("%%prun -q\na = 1",)),
    "cell timeit": Case(("%%timeit -n1 -r1\nlost = 1",)),
    "cell timeit with a setup": Case(("%%timeit -n1 -r1 lost = 1\nalso = lost",)),
    "cell python": Case(("%%python\nlost = 1", "a = 1")),
    "cell python3": Case(("%%python3\nlost = 1", "a = 1")),
    "cell bash": Case(("%%bash\nfor x in 1; do echo $x; done", "a = 1")),
    "cell sh": Case(("%%sh\nlost=1",)),
    "cell script": Case(("%%script cat\nlost = 1",)),
    "cell html": Case(("%%html\n<b>lost = 1</b>",)),
    "cell latex": Case(("%%latex\n$a = 1$",)),
    "cell javascript": Case(("%%javascript\nvar lost = 1",)),
    "cell markdown": Case(("%%markdown\nlost = 1",)),
    "cell system": Case(("%%!\necho lost",)),
    "cell magic that is not there": Case(("%%surely_no_magic\nlost = 1", "a = 1")),
    "cell magic not on the first line": differing("a = 1\n%%time\nb = 2", why=GOES_ON, more="b"),
    "help for a cell magic": Case(("%%time?", "a = 1")),
    # Files
    "writefile": Case(("%%writefile made.py\nMADE = 5", "from made import MADE")),
    "writefile below": Case(("%%file made.py\nMADE = 5", "import made\na = made.MADE")),
    "writefile in two steps": Case(
        ("%%writefile made.py\nA = 5", "%%writefile -a made.py\nB = 6", "from made import *")
    ),
    "writefile in quotes": Case(('%%writefile "made.py"\nA = 5', "from made import A")),
    "writefile leaves no name": Case(("%%writefile made.py\nlost = 5",)),
    "run": Case(("%run helper.py\na = helped(1)",)),
    "run without an extension": Case(("%run helper",)),
    "run with arguments": Case(("%run helper.py one two",)),
    "run as main": Case(("%run main.py",)),
    "run not as main": Case(("%run -n main.py",)),
    "run in the notebook": Case(("seen = 1", "%run -i helper.py")),
    "run in a folder": Case(("%run lib/deep.py",)),
    "run of what raises": Case(("%run breaks.py", "a = 1")),
    "run of what is not there": Case(("%run surely_not_there.py", "a = 1")),
    "run of what was written": Case(("%%writefile made.py\nMADE = 5", "%run made.py")),
    "run in a block": Case(("if True:\n    %run helper.py",)),
    "load": Case(("%load helper.py",)),
    "pylab": Case(("%pylab inline\na = array([1])",)),
    "pylab without all": Case(("%pylab inline --no-import-all\na = np.array([1])",)),
}
