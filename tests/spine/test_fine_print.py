"""Each line of the homeworks' fine print about loading and accepted forms.

All forms are handed in by one class, graded once; each test reads the reports of its own.
"""

from __future__ import annotations

import making
import pytest
from making import (
    DEMO_RIGHT,
    DEMO_STARTER,
    PICTURE_RIGHT,
    Files,
    GradedClass,
    grade_class,
    notebook,
)

DOUBLE = "def double(x):\n    return 2 * x\n"
TOTAL = "def total(x):\n    return float(x.sum())\n"
BOTH = DOUBLE + TOTAL

LATIN = b"# -*- coding: latin-1 -*-\n" + ('"""F\xfcr dich"""\n' + BOTH).encode("latin-1")

DATACLASS = """\
from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np


@dataclass
class Twice:
    times: ClassVar[int] = 2
    seen: list[float] = field(default_factory=list)

    def of(self, x: np.ndarray) -> np.ndarray:
        self.seen.append(float(x[0]))
        return self.times * x


def double(x: np.ndarray) -> np.ndarray:
    return Twice().of(x)


def total(x: Missing) -> float:
    return float(np.sum(x))
"""

ABSTRACT = """\
class Operation:
    def __call__(self, x):
        raise NotImplementedError


class Double(Operation):
    def __call__(self, x):
        return 2 * x


class Total(Operation):
    def __call__(self, x):
        return sum(x)


double = Double()
total = Total()
"""

SEEDING = """\
import random

import numpy as np

np.random.seed(3)
random.seed(4)
np.seterr(all="ignore")
np.set_printoptions(precision=2)


def double(x):
    np.random.seed(5)
    return x + x


def total(x):
    return np.sum(x)
"""

TALKATIVE = """\
import logging
import sys
import warnings

import numpy as np

print("loading")
print("loading", file=sys.stderr)
warnings.warn("careful")
logging.warning("careful")


def double(x):
    print("x is", x)
    np.exp(np.array([1e4]))  # overflows, and numpy warns
    warnings.warn("still careful", DeprecationWarning)
    return 2 * x


def total(x):
    sys.stdout.write("no newline")
    return x.sum()
"""

# What takes a whole class's grader down if it is read or run carelessly, or costs points unfairly.
LOADED: dict[str, Files] = {
    "plain": {"demo.py": DEMO_RIGHT},
    "byte-order-mark": {"demo.py": "\ufeff" + DEMO_RIGHT},
    "latin-1": {"demo.py": LATIN},
    "crlf": {"demo.py": DEMO_RIGHT.replace("\n", "\r\n")},
    "old-mac-lines": {"demo.py": DEMO_RIGHT.replace("\n", "\r")},
    "tabs": {"demo.py": BOTH.replace("    ", "\t")},
    "form-feed": {"demo.py": DOUBLE + "\f\n" + TOTAL},
    "latex-docstring": {"demo.py": '"""\\sum \\alpha \\d"""\n' + BOTH},
    "dataclass": {"demo.py": DATACLASS},
    "abstract-method": {"demo.py": ABSTRACT},
    "lambdas": {"demo.py": "double = lambda x: 2 * x\ntotal = lambda x: x.sum()\n"},
    "imported": {"demo.py": "from functions import *\n", "functions.py": BOTH},
    "partial": {
        "demo.py": "from functools import partial\nimport numpy as np\n"
        "double = partial(np.multiply, 2)\ntotal = np.sum\n"
    },
    "seeding": {"demo.py": SEEDING},
    "talkative": {"demo.py": TALKATIVE},
    "main-block": {"demo.py": BOTH + "if __name__ == '__main__':\n    raise SystemExit(1)\n"},
    "main-by-input": {"demo.py": BOTH + "if __name__ == '__main__':\n    input('Go? ')\n"},
    "extra-things": {
        "demo.py": "import collections\nclass Helper:\n    pass\n\ndef extra(a, b):\n"
        "    return a\n" + BOTH,
        "notes.txt": "hello",
        "figure.png": b"\x89PNG",
        "sub/module.py": "x = 1\n",
    },
    "package-beside": {
        "demo.py": "from tools.twice import double\nfrom tools import total\n",
        "tools/__init__.py": TOTAL,
        "tools/twice.py": "from . import total\n" + DOUBLE,
    },
    "relative-data": {
        "demo.py": "import numpy as np\nT = np.loadtxt('numbers.csv', delimiter=',')\n"
        "assert T.shape == (2, 2)\n" + BOTH
    },
    "own-data": {
        "demo.py": "factor = float(open('data/factor.txt').read())\n"
        "def double(x):\n    return factor * x\n" + TOTAL,
        "data/factor.txt": "2",
    },
    "exported-notebook": {
        "demo.py": "#!/usr/bin/env python\n# coding: utf-8\n\n# In[1]:\n\n\n"
        "get_ipython().run_line_magic('matplotlib', 'inline')\n"
        "get_ipython().system('pip install numpy')\n" + BOTH
    },
    "list-for-array": {
        "demo.py": "def double(x):\n    return [2 * v for v in x]\n"
        "def total(x):\n    import numpy as np\n    return np.array(sum(x))\n"
    },
    "tuple-for-array": {
        "demo.py": "def double(x):\n    return tuple(2 * v for v in x)\ndef total(x):\n"
        "    return sum(v.item() for v in x)\n"
    },
    "matrix": {
        "demo.py": "import numpy as np\ndef double(x):\n    return np.ma.array(2 * x)\n" + TOTAL
    },
    "big-endian": {"demo.py": "def double(x):\n    return (2 * x).astype('>f8')\n" + TOTAL},
    "object-array": {"demo.py": "def double(x):\n    return (2 * x).astype(object)\n" + TOTAL},
    "fractions": {
        "demo.py": DOUBLE + "def total(x):\n    from decimal import Decimal\n"
        "    return float(sum(Decimal(v) for v in x.tolist()))\n"
    },
    "type-hints": {
        "demo.py": "import numpy.typing as npt\ndef double(x: npt.NDArray) -> npt.NDArray:\n"
        "    return 2 * x\ndef total(x: 'npt.NDArray') -> float:\n    return float(x.sum())\n"
    },
    "keyword-defaults": {
        "demo.py": "def double(x, factor=2, *, dtype=None):\n    return factor * x\n"
        "def total(x, *rest, **more):\n    return x.sum()\n"
    },
    "decorated": {
        "demo.py": "import functools\n@functools.lru_cache(maxsize=None)\ndef two():\n    return 2\n"
        "def same(f):\n    @functools.wraps(f)\n    def g(*a, **k):\n        return f(*a, **k)\n"
        "    return g\n@same\ndef double(x):\n    return two() * x\n@same\n" + TOTAL
    },
    "self-import": {
        "demo.py": DOUBLE + "import demo\ndef total(x):\n    return demo.double(x).sum() / 2\n"
    },
    "pickled": {
        "demo.py": "import copy, pickle\nclass Two:\n    n = 2\n"
        "TWO = pickle.loads(pickle.dumps(copy.deepcopy(Two())))\n"
        "def double(x):\n    return TWO.n * x\n" + TOTAL
    },
    "threads": {
        "demo.py": "from concurrent.futures import ThreadPoolExecutor\ndef double(x):\n"
        "    with ThreadPoolExecutor(2) as pool:\n        return list(pool.map(lambda v: 2 * v, x))\n"
        + TOTAL
    },
    # Top-level statements that fail cost themselves alone.
    "raises-on-top": {"demo.py": DOUBLE + "print(double([1])[7])\n" + TOTAL + "1 / 0\n"},
    "input-on-top": {"demo.py": "name = input('Your name? ')\n" + BOTH},
    "exit-on-top": {"demo.py": DOUBLE + "import sys\nsys.exit('bye')\n" + TOTAL + "quit()\n"},
    "slow-on-top": {"demo.py": DOUBLE + "while True:\n    pass\n" + TOTAL},
    "missing-import-unused": {"demo.py": "import surely_not_there.deep as s\n" + BOTH},
    # Notebooks
    "notebook": {"demo.ipynb": notebook(DOUBLE, TOTAL)},
    "notebook-bom": {"demo.ipynb": b"\xef\xbb\xbf" + notebook(DOUBLE, TOTAL).encode()},
    "notebook-redefines": {
        "demo.ipynb": notebook("def double(x):\n    return 0 * x\n", TOTAL, DOUBLE, "double(3)")
    },
    "notebook-stub-first": {
        "demo.ipynb": notebook("def double(x):\n    raise NotImplementedError\n", DOUBLE, TOTAL)
    },
    "notebook-magics": {
        "demo.ipynb": notebook(
            "%matplotlib inline\n%load_ext autoreload\nimport numpy as np",
            "!pip install numpy\n!ls -la | head",
            "files = !ls\nwhere = %pwd\nhelp?\nnp.sum??\n?double",
            "%%time\ndef double(x):\n    return 2 * x\n",
            "%%bash\necho 'def total(x): return 0'\n",
            "%%html\n<b>def</b>\n",
            "def total(x):\n    if len(x) > 3:\n        %time s = x.sum()\n        !echo hi\n    return (x.sum()\n        % 1e9 if len(x) < 0 else x.sum())\n",
            'text = """\n%matplotlib is no magic here\n!nor this\n"""\nassert "%m" in text and "!n" in text',
            "remainder = (17\n    % 5)\nassert remainder == 2",
            "from IPython.display import display\n",
            "display(double(1))\nget_ipython().run_line_magic('pwd', '')",
        )
    },
    "notebook-raises": {
        "demo.ipynb": notebook(
            DOUBLE, "1 / 0\nundefined\n", "plot_it(double)", TOTAL, "raise SystemExit"
        )
    },
    "notebook-slow": {"demo.ipynb": notebook(DOUBLE, "while True:\n    pass\n", TOTAL)},
    "notebook-bad-cell": {"demo.ipynb": notebook(DOUBLE, "def broken(:\n    pass\n", TOTAL)},
    "notebook-line-continued": {
        "demo.ipynb": notebook(
            DOUBLE, "a = 7 \\\n  % 4\nassert a == 3", TOTAL, "%%capture out\nx = 1"
        )
    },
    "notebook-helper": {
        "demo.ipynb": notebook("from helper import double\n", TOTAL),
        "helper.py": DOUBLE,
    },
    "notebook-data": {
        "demo.ipynb": notebook(
            "import numpy as np\nnp.loadtxt('numbers.csv', delimiter=',')\n", BOTH
        )
    },
    "notebook-other-minor": {
        "demo.ipynb": notebook(DOUBLE, TOTAL).replace('"nbformat_minor": 5', '"nbformat_minor": 2')
    },
    # Both handed in
    "both-py-starter": {"demo.py": DEMO_STARTER, "demo.ipynb": notebook(BOTH)},
    "both-notebook-starter": {"demo.py": DEMO_RIGHT, "demo.ipynb": notebook(DEMO_STARTER)},
    "both-attempted": {
        "demo.py": DEMO_RIGHT,
        "demo.ipynb": notebook("def double(x):\n    return 0\n"),
    },
    "both-whole-folder": {
        "demo.ipynb": notebook(BOTH),
        "checks.py": making.DEMO_CHECKS,
        "assignment.toml": making.DEMO_TOML,
        "README.md": "# Demo\n",
    },
    # Names
    "name-downloaded-twice": {"demo (1).py": DEMO_RIGHT},
    "name-copy": {"demo - Copy.py": DEMO_RIGHT},
    "name-capital": {"Demo.PY": DEMO_RIGHT},
    "name-final": {"demo_final_v2.py": DEMO_RIGHT, "helper.py": "x = 1\n"},
    "name-other": {"homework.py": DEMO_RIGHT},
    "name-in-folder": {"week 3/demo.py": DEMO_RIGHT},
    "name-notebook-copy": {"demo-Copy1.ipynb": notebook(BOTH)},
    "name-zip-of-folder": {},
}

HELPERS: dict[str, Files] = {
    "helper-ada": {"demo.py": "from helper import twice as double\n" + TOTAL,
                   "helper.py": "def twice(x):\n    return 2 * x\n"},
    "helper-bob": {"demo.py": "import helper\ndouble = helper.zweimal\n" + TOTAL,
                   "helper.py": "def zweimal(x):\n    return 3 * x\n"},
    "helper-cyn": {"demo.py": "import helper\ndouble = helper.twice\n" + TOTAL},
}  # fmt: skip

OTHERS: dict[str, Files] = {
    "starter": {"demo.py": DEMO_STARTER},
    "starter-notebook": {"demo.ipynb": notebook(DEMO_STARTER)},
    "stub-calls-stub": {
        "demo.py": "def double(x):\n    raise NotImplementedError\n"
        "def total(x):\n    return double(x).sum() / 2\n"
    },
    "abstract-called": {
        "demo.py": "class Base:\n    def of(self, x):\n        raise NotImplementedError('of')\n"
        "def double(x):\n    return Base().of(x)\n" + TOTAL
    },
    "changes-input": {
        "demo.py": "def double(x):\n    x *= 2\n    return x\n"
        "def total(x):\n    x.sort()\n    return x.sum()\n"
    },
    "float32": {
        "demo.py": "import numpy as np\ndef double(x):\n    return np.float32(2) * x.astype('f4')\n"
        "def total(x):\n    return x.astype('f4').sum()\n"
    },
    "half-float": {"demo.py": "def double(x):\n    return (2 * x).astype('f2')\n" + TOTAL},
    "column": {"demo.py": "def double(x):\n    return 2 * x.reshape(-1, 1)\n" + TOTAL},
    "missing-package": {"demo.py": "import surely_not_there as s\ndef double(x):\n    return s.f(x)\n" + TOTAL},
    "missing-import-inside": {"demo.py": "def double(x):\n    import surely_not_there\n    return x\n" + TOTAL},
    "input-inside": {"demo.py": "def double(x):\n    return int(input('how often? ')) * x\n" + TOTAL},
    "misnamed": {"demo.py": "def duoble(x):\n    return 2 * x\n" + TOTAL},
    "syntax-error": {"demo.py": DOUBLE + "def total(x)\n    return x.sum()\n"},
    "notebook-error-place": {
        "demo.ipynb": notebook("import numpy as np\n", "y = 1\n\ndef double(x):\n    z = 1\n    return x.wrong\n", TOTAL)
    },
    "returns-none": {"demo.py": "def double(x):\n    print(2 * x)\ndef total(x):\n    pass\n"},
    "returns-generator": {"demo.py": "def double(x):\n    for v in x:\n        yield 2 * v\n" + TOTAL},
    "returns-dict": {"demo.py": "def double(x):\n    return {0: 1, (1, 2): x}\ndef total(x):\n    return {1.5: 2}\n"},
    "returns-set": {"demo.py": "def double(x):\n    return {1, 2}\ndef total(x):\n    return {'a'}\n"},
    "returns-text": {"demo.py": "def double(x):\n    return 'zw\u00f6lf'\ndef total(x):\n    return b'12'\n"},
    "returns-class": {"demo.py": "class A: pass\ndef double(x):\n    return A\ndef total(x):\n    return A()\n"},
    "returns-cycle": {"demo.py": "def double(x):\n    a = []\n    a.append(a)\n    return a\n" + TOTAL},
    "returns-surrogate": {"demo.py": "def double(x):\n    return '\\ud800'\n" + TOTAL},
    "raises-surrogate": {"demo.py": "def double(x):\n    raise ValueError('\\ud800')\n" + TOTAL},
    "raises-odd": {
        "demo.py": "class Odd(Exception):\n    def __str__(self):\n        raise RuntimeError('no')\n"
        "def double(x):\n    raise Odd\n" + TOTAL
    },
    "returns-huge-int": {"demo.py": "def double(x):\n    return 10 ** 400\ndef total(x):\n    return 10 ** 5000\n"},
    "returns-nan": {"demo.py": "def double(x):\n    return x * float('nan')\n" + TOTAL},
    "returns-ragged": {"demo.py": "def double(x):\n    return [[1], [2, 3]]\n" + TOTAL},
    "returns-module": {"demo.py": "import math\ndef double(x):\n    return math\n" + TOTAL},
    "returns-complex": {"demo.py": "def double(x):\n    return 2 * x + 0j\n" + TOTAL},
    "returns-datetime": {"demo.py": "import numpy as np\ndef double(x):\n    return np.datetime64('2020-01-01')\n" + TOTAL},
    "not-callable": {"demo.py": "double = 2\n" + TOTAL},
    "wrong-signature": {"demo.py": "def double():\n    return 2\n" + TOTAL},
}  # fmt: skip


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> GradedClass:
    """Every form above, handed in by a class and graded at once."""
    folder = tmp_path_factory.mktemp("forms")
    course = making.write_course(folder / "course")
    for label, files in {**LOADED, **HELPERS, **OTHERS}.items():
        making.write_files(folder / "subs" / label, files)
    (folder / "subs" / "name-zip-of-folder").rmdir() if False else None
    making.write_files(
        folder / "subs",
        {"name-zip-of-folder.zip": making.zipped({"Ada Lovelace/demo.py": DEMO_RIGHT})},
    )
    return grade_class(course, folder / "subs", folder / "out", "--assignment", "demo")


@pytest.mark.parametrize("label", LOADED)
def test_accepted_with_full_marks(forms: GradedClass, label: str) -> None:
    assert forms[label].full, str(forms[label])


def test_helpers_of_two_students_never_meet(forms: GradedClass) -> None:
    assert forms["helper-ada"].full
    assert forms["helper-bob"].outcomes["test_double"] == "failed"
    assert "there is no `double`" in str(forms["helper-cyn"].check("test_double").message)
    assert "No module named 'helper'" in forms["helper-cyn"].warned


@pytest.mark.parametrize("label", ["starter", "starter-notebook"])
def test_starter_is_not_attempted_and_gets_nothing(forms: GradedClass, label: str) -> None:
    assert set(forms[label].outcomes.values()) == {"not_attempted"}
    assert forms[label].staff.score == 0


def test_function_that_calls_a_stub_is_blocked_and_told_by_which(forms: GradedClass) -> None:
    pair = forms["stub-calls-stub"]
    assert pair.outcomes["test_double"] == "not_attempted"
    assert pair.outcomes["test_total"] == "blocked"
    assert "`total` calls `double`, which is not written" in str(pair.check("test_total").message)


def test_abstract_method_that_is_called_is_an_error(forms: GradedClass) -> None:
    check = forms["abstract-called"].check("test_double")
    assert check.outcome == "error"
    assert "demo.py, line 3, in Base.of" in str(check.message)


def test_changed_input_costs_nothing_and_is_told(forms: GradedClass) -> None:
    assert forms["changes-input"].full
    assert "`double` changed its argument x in place" in forms["changes-input"].warned
    assert "`total` changed its argument x in place" in forms["changes-input"].warned
    assert "changed" in "".join(forms["changes-input"].student.warnings)
    assert "changed" not in forms["plain"].warned


def test_float32_costs_nothing_and_is_told(forms: GradedClass) -> None:
    assert forms["float32"].full
    assert "`double` computes in float32" in forms["float32"].warned
    assert "float32" not in forms["plain"].warned


def test_wrong_shape_says_both_shapes(forms: GradedClass) -> None:
    check = forms["column"].check("test_double")
    assert check.outcome == "failed"
    assert "(3, 1)" in str(check.message)
    assert "(3,)" in str(check.message)


@pytest.mark.parametrize("label", ["missing-package", "missing-import-inside"])
def test_missing_package_is_named(forms: GradedClass, label: str) -> None:
    check = forms[label].check("test_double")
    assert check.outcome == "error"
    assert "surely_not_there" in str(check.message)
    assert forms[label].outcomes["test_total"] == "passed"


def test_missing_package_is_told_with_what_is_promised(forms: GradedClass) -> None:
    assert "only numpy, matplotlib and the standard library" in forms["missing-package"].warned
    assert "only numpy" in forms["missing-import-unused"].warned


def test_input_says_that_nobody_is_at_the_keyboard(forms: GradedClass) -> None:
    check = forms["input-inside"].check("test_double")
    assert "EOFError" in str(check.message)
    assert "nobody is at the keyboard" in str(check.message)
    assert "demo.py, line 1: EOFError" in forms["input-on-top"].warned


@pytest.mark.parametrize(
    ("label", "told"),
    [
        ("raises-on-top", "demo.py, line 3: IndexError"),
        ("raises-on-top", "demo.py, line 6: ZeroDivisionError"),
        ("exit-on-top", "demo.py, line 4: SystemExit: bye"),
        ("slow-on-top", "demo.py, line 3: TooSlow: still running after 1 s"),
        ("notebook-raises", "cell 2, line 1: ZeroDivisionError"),
        ("notebook-raises", "cell 2, line 2: NameError"),
        ("notebook-raises", "cell 3, line 1: NameError"),
        ("notebook-slow", "cell 2, line 1: TooSlow"),
        ("notebook-bad-cell", "cell 2, line 1: SyntaxError"),
        ("notebook-magics", "`%matplotlib inline`"),
        ("both-attempted", "demo.py and demo.ipynb were both handed in; demo.py counts"),
        ("name-final", "demo_final_v2.py was taken as demo.py"),
    ],
)
def test_what_was_odd_is_told(forms: GradedClass, label: str, told: str) -> None:
    assert told in forms[label].warned
    assert told in "\n".join(forms[label].student.warnings)


def test_nothing_is_said_of_a_plain_submission(forms: GradedClass) -> None:
    quiet = ["plain", "byte-order-mark", "latin-1", "crlf", "tabs", "dataclass", "notebook"]
    quiet += [
        "both-py-starter",
        "both-notebook-starter",
        "main-block",
        "seeding",
        "exported-notebook",
    ]
    assert {label: forms[label].warned for label in quiet if forms[label].warned} == {}


def test_error_in_a_notebook_is_told_by_cell_and_line(forms: GradedClass) -> None:
    check = forms["notebook-error-place"].check("test_double")
    assert "cell 2, line 5, in double: return x.wrong" in str(check.message)


def test_syntax_error_is_told_with_its_line(forms: GradedClass) -> None:
    pair = forms["syntax-error"]
    assert set(pair.outcomes.values()) == {"error"}
    assert "demo.py, line 3: SyntaxError" in str(pair.check("test_total").message)
    assert "def total(x)" in str(pair.check("test_total").message)


def test_misnamed_function_is_asked_about(forms: GradedClass) -> None:
    assert "did you mean to name `duoble`" in str(forms["misnamed"].check("test_double").message)


def test_what_is_printed_stands_in_the_report(forms: GradedClass) -> None:
    assert "loading" in str(forms["talkative"].staff.stdout_tail)
    assert "no newline" in str(forms["talkative"].staff.stdout_tail)


def test_odd_values_are_failures_and_never_faults_of_ours(forms: GradedClass) -> None:
    odd = [label for label in OTHERS if label.startswith("returns-")]
    ends = {label: forms[label].outcomes["test_double"] for label in odd}
    assert {label for label, end in ends.items() if end != "failed"} == {"returns-cycle"}
    assert ends["returns-cycle"] == "error"


@pytest.mark.parametrize("label", ["raises-surrogate", "raises-odd", "not-callable"])
def test_odd_errors_are_errors(forms: GradedClass, label: str) -> None:
    assert forms[label].outcomes["test_double"] == "error"
    assert forms[label].outcomes["test_total"] == "passed"


LABELS = 'axes.set_xlabel("Schritt")\n    axes.set_ylabel(r"$\\mathcal{L}$ \U0001f642")\n'
SUBPLOTS = "def plot_history(history):\n    figure, axes = plt.subplots()\n    "

DRAWN: dict[str, str] = {
    "plain": PICTURE_RIGHT,
    "show-and-close": "import matplotlib\nmatplotlib.use('TkAgg')\n"
    + PICTURE_RIGHT.replace("    return figure", "    plt.show()\n    plt.close('all')\n    return figure"),
    "switch-backend": "import matplotlib.pyplot as plt\nplt.switch_backend('Qt5Agg')\nplt.ion()\n" + PICTURE_RIGHT,
    "shown-then-none": PICTURE_RIGHT.replace("    return figure", "    plt.show()\n    plt.close()"),
    "none": PICTURE_RIGHT.replace("    return figure\n", ""),
    "pyplot-only": "from matplotlib import pyplot as plt\ndef plot_history(h):\n    plt.plot(h)\n"
    "    plt.xlabel('k')\n    plt.ylabel('f')\n    plt.show()\n",
    "axes": PICTURE_RIGHT.replace("return figure", "return axes"),
    "figure-and-axes": PICTURE_RIGHT.replace("return figure", "return figure, axes"),
    "artists": PICTURE_RIGHT.replace("axes.plot", "lines = axes.plot").replace("return figure", "return lines"),
    "canvas": PICTURE_RIGHT.replace("return figure", "return figure.canvas"),
    "without-pyplot": "from matplotlib.figure import Figure\ndef plot_history(h):\n    figure = Figure()\n"
    "    axes = figure.add_subplot()\n    axes.plot(h)\n    axes.set_xlabel('k')\n    axes.set_ylabel('f')\n"
    "    return figure\n",
    "other-language": PICTURE_RIGHT.replace('axes.set_xlabel("iteration")\n    axes.set_ylabel("loss")\n', LABELS),
    "several-panels": PICTURE_RIGHT.replace("plt.subplots()", "plt.subplots(1, 2)").replace(
        "axes.plot", "other, axes = axes\n    other.hist(history)\n    other.set_xlabel('f')\n"
        "    other.set_ylabel('number')\n    axes.plot"),
    "colorbar": PICTURE_RIGHT.replace("    return figure", "    points = axes.scatter(np.arange(len(history)), history,"
        " c=history)\n    figure.colorbar(points)\n    return figure"),
    "log-axis": PICTURE_RIGHT.replace("    return", "    axes.set_yscale('log')\n    return"),
    "from-one": PICTURE_RIGHT.replace("plot(history)", "plot(np.arange(1, len(history) + 1), history)"),
    "drawn-while-loading": "import matplotlib.pyplot as plt\nplt.plot([3, 2, 1])\nplt.show()\n" + PICTURE_RIGHT,
    "global-axes": "import matplotlib.pyplot as plt\nfigure, axes = plt.subplots()\ndef plot_history(h):\n"
    "    axes.clear()\n    axes.plot(h)\n    axes.set_xlabel('k')\n    axes.set_ylabel('f')\n    return figure\n",
    "saves-a-file": PICTURE_RIGHT.replace("    return figure", "    figure.savefig('loss.png')\n    return figure"),
    "style": PICTURE_RIGHT.replace("def plot", "plt.style.use('ggplot')\nplt.rcParams['figure.dpi'] = 300\n\n\ndef plot"),
}  # fmt: skip

UNDRAWN: dict[str, str] = {
    "no-figure": "def plot_history(history):\n    return None\n",
    "no-labels": PICTURE_RIGHT.replace('axes.set_xlabel("iteration")', "pass"),
    "wrong-curve": PICTURE_RIGHT.replace("plot(history)", "plot(-history)"),
    "raises": "def plot_history(history):\n    import matplotlib.pyplot as plt\n    plt.plot(history)\n    1 / 0\n",
}


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> GradedClass:
    """Every way to draw, handed in by a class and graded at once."""
    folder = tmp_path_factory.mktemp("pictures")
    course = making.write_course(folder / "course", "picture")
    for label, source in {**DRAWN, **UNDRAWN}.items():
        making.write_files(folder / "subs", {f"{label}.py": source})
    return grade_class(course, folder / "subs", folder / "out", "--assignment", "picture")


@pytest.mark.parametrize("label", DRAWN)
def test_drawn_any_usual_way_is_accepted(pictures: GradedClass, label: str) -> None:
    assert pictures[label].full, str(pictures[label])


def test_wrong_pictures_are_told_apart(pictures: GradedClass) -> None:
    assert "drew no figure" in str(pictures["no-figure"].check("test_curve").message)
    assert pictures["no-labels"].outcomes["test_labels"] == "failed"
    assert pictures["no-labels"].outcomes["test_curve"] == "passed"
    assert pictures["wrong-curve"].outcomes["test_curve"] == "failed"
    assert pictures["raises"].outcomes["test_curve"] == "error"


def test_picture_of_a_failed_check_is_kept_for_staff(pictures: GradedClass) -> None:
    (figure,) = pictures["wrong-curve"].check("test_curve").figures
    assert figure.file is not None
    png = pictures.out / "picture" / figure.file
    assert png.read_bytes().startswith(b"\x89PNG")


def test_pictures_of_passed_checks_are_not_kept(pictures: GradedClass) -> None:
    assert [f.file for c in pictures["plain"].staff.checks for f in c.figures] == [None] * 3


def test_picture_in_the_students_report_is_where_it_says(pictures: GradedClass) -> None:
    report = pictures["wrong-curve"].student
    files = [f.file for c in report.checks for f in c.figures if f.file is not None]
    assert files
    folder = pictures.out / "picture" / "student"
    assert all((folder / file).read_bytes().startswith(b"\x89PNG") for file in files)
