"""What Python's and numpy's own errors mean, for someone who sees them for the first time.

An explanation is a short text for the hint of a message: what is wrong and where to look, but never
the answer. An error that is unknown here, or that already says what to do, gets none.
"""

from __future__ import annotations

import re

from grader.engine.torch_errors import TORCH_MEANINGS
from grader.sandbox.protocol.packages import in_words

_NUMBERS = r"\(([\d, ]*)\)"

# What numpy no longer has, by its release notes, and what stands in its place.
_REMOVED = {
    "in1d": "np.isin", "trapz": "np.trapezoid", "row_stack": "np.vstack", "product": "np.prod",
    "cumproduct": "np.cumprod", "sometrue": "np.any", "alltrue": "np.all", "float": "float",
    "int": "int", "bool": "bool", "object": "object", "str": "str", "complex": "complex",
    "long": "int", "float_": "np.float64", "complex_": "np.complex128", "Inf": "np.inf",
    "Infinity": "np.inf", "infty": "np.inf", "PINF": "np.inf", "NINF": "-np.inf", "NaN": "np.nan",
    "NAN": "np.nan", "unicode_": "np.str_", "string_": "np.bytes_", "round_": "np.round",
    "msort": "np.sort(a, axis=0)", "asfarray": "np.asarray(a, dtype=float)",
    "mat": "np.asmatrix", "asscalar": "a.item()", "cast": "np.asarray(a, dtype=...)",
    "find_common_type": "np.result_type", "source": "inspect.getsource", "disp": "print",
    "issubclass_": "issubclass", "maximum_sctype": "np.dtype", "sctype2char": "np.dtype",
}  # fmt: skip
_REMOVED_NAME = re.compile(
    r"module 'numpy' has no attribute '(\w+)'|cannot import name '(\w+)' from 'numpy'"
)

# What numpy's `max(a, b)` says, which reads b as an axis, and where such a call may stand.
_NO_AXIS = re.compile(
    r"cannot be interpreted as an integer|an integer is required|only integer scalar arrays|"
    r"axis -?\d+ is out of bounds"
)
_LARGEST = re.compile(r"(?<![\w.])(max|min)\(")

# The error's type, a pattern for its text, and the explanation, in which {0}, {1} stand for the
# groups and {last} for the number in the last group minus 1. The first match counts.
_MEANINGS: tuple[tuple[str, str, str], ...] = (
    (
        "ValueError",
        rf"operands could not be broadcast together with shapes {_NUMBERS} {_NUMBERS}",
        "The shapes ({0}) and ({1}) do not fit together: compared from the right, two axes must be "
        "equal, or one of them must be 1. `keepdims=True` keeps an axis that a sum would remove.",
    ),
    (
        "ValueError",
        r"(?:mismatch in its core dimension|shapes .* not aligned)",
        "In A @ B, A must have as many columns as B has rows. Print both shapes: does one of them "
        "have to be transposed?",
    ),
    (
        "ValueError",
        r"could not broadcast input array from shape (\([\d, ]*\)) into shape (\([\d, ]*\))",
        "The right side has shape {0}, but the place that it is assigned to has shape {1}.",
    ),
    (
        "ValueError",
        r"truth value of an array",
        "`if` and `and` need a single True or False, but comparing arrays gives many: use "
        "`.any()`, `.all()`, or `np.where` to choose for each entry. Python's own `max` and `min` "
        "compare in the same way: `np.maximum` and `np.minimum` take arrays.",
    ),
    (
        "ValueError",
        r"cannot reshape array of size (\d+) into shape (\([\d, ]*\))",
        "{0} numbers do not fit into the shape {1}.",
    ),
    (
        "ValueError",
        r"setting an array element with a sequence\. The requested array",
        "All rows of an array must have the same length, and each entry is a single number: print "
        "what you put into it.",
    ),
    (
        "ValueError",
        r"setting an array element with a sequence",
        "An entry of an array is one number, and this is an array or a list. If it holds one "
        "number alone, take that out with `[0]` or `.item()`; newer versions of numpy ask for it.",
    ),
    (
        "ValueError",
        r"all the input arrays must have same number of dimensions",
        "Arrays that are joined must have the same number of axes: `v[:, None]` makes a column.",
    ),
    (
        "ValueError",
        r"zero-size array|empty sequence",
        "There is nothing to take the maximum or minimum of: in which case is it empty?",
    ),
    (
        "ValueError",
        r"not enough values to unpack|too many values to unpack",
        "The number of names on the left of `=` differs from the number of values on the right.",
    ),
    (
        "ValueError",
        r"math domain error",
        "This is the `log` of 0 or of a negative number, or the square root of a negative number.",
    ),
    (
        "IndexError",
        r"index (-?\d+) is out of bounds for axis (\d+) with size (\d+)",
        "The indices of that axis go from 0 to {last}.",
    ),
    (
        "IndexError",
        r"(list|tuple) index out of range",
        "The indices of a {0} go from 0 to len(...) - 1.",
    ),
    (
        "IndexError",
        r"too many indices for array: array is (\d+)-dimensional, but (\d+) were indexed",
        "The array has {0} axis or axes, but there are {1} indices in the brackets.",
    ),
    (
        "IndexError",
        r"arrays used as indices must be of integer|only integers, slices",
        "An index must be an integer: labels made by `np.zeros` or `/` are floats, and "
        "`.astype(int)` turns them into integers.",
    ),
    (
        "AxisError",
        r"axis (-?\d+) is out of bounds for array of dimension (\d+)",
        "An array with {1} axes has no axis {0}: axes are numbered from 0.",
    ),
    (
        "TypeError",
        r"\w+\.(\w+)\(\) takes \d+ positional arguments? but \d+ (?:was|were) given",
        "A method's first parameter is the object itself: is it `def {0}(self, ...)`?",
    ),
    (
        "TypeError",
        r"(\w+)\(\) (?:takes|missing) .*positional argument",
        "A function must be called with all the arguments in its `def` line, in that order. Keep "
        "the starter's `def` line for functions that the checks call.",
    ),
    (
        "TypeError",
        r"unexpected keyword argument",
        "Keep the parameter names of the starter.",
    ),
    (
        "TypeError|AttributeError",
        r"'NoneType'",
        "Something is None here: does the function that produced it end in `return`?",
    ),
    (
        "TypeError",
        r"Cannot interpret '.*' as a data type",
        "A shape is a single argument, a tuple: `np.zeros((2, 3))`.",
    ),
    (
        "TypeError",
        r"'(?:numpy\.)?float\d*' object cannot be interpreted as an integer|"
        r"expected a sequence of integers",
        "A count or a size must be an integer: `//` of two integers gives an integer, `/` never "
        "does.",
    ),
    (
        "TypeError",
        r"'(?:numpy\.)?(?:ndarray|float|float64|int|tuple)' object is not callable",
        "Parentheses call a function. Use square brackets for an entry of an array, and `*` for a "
        "product. Or does a variable have the same name as a function?",
    ),
    (
        "TypeError",
        r"only (?:integer scalar|length-1|0-dimensional) arrays can be converted",
        "A single number is needed here, but this is an array. np.exp and np.log accept arrays; "
        "math.exp and math.log do not.",
    ),
    (
        "TypeError",
        r"list indices must be integers or slices, not tuple",
        "A list does not support `[i, j]`: turn it into an array with `np.array`, or write "
        "`[i][j]`.",
    ),
    (
        "TypeError",
        r"'tuple' object does not support item assignment",
        "A tuple cannot be changed: use a list or an array instead.",
    ),
    (
        "TypeError",
        r"unsupported operand type\(s\) for .*: '(\w+)' and '(\w+)'",
        "This operator does not work between the types {0} and {1}: print both values.",
    ),
    (
        "ModuleNotFoundError",
        r"No module named '([\w.]+)",
        "Where your work is graded there is no `{0}`: only {packages}, and the files that you "
        "hand in.",
    ),
    (
        "FileNotFoundError",
        r"No such file or directory: '",
        "Where your work is graded there are only the data of the homework and the files that you "
        "hand in: open data by the name alone, without the path of a folder on your machine.",
    ),
    *TORCH_MEANINGS,
    ("NameError", r"name 'np' is not defined", "Is `import numpy as np` at the top of your code?"),
    (
        "NameError",
        r"name 'plt' is not defined",
        "Is `import matplotlib.pyplot as plt` at the top of your code?",
    ),
    (
        "NameError",
        r"name '(\w+)' is not defined",
        "Is `{0}` spelled the same where it is defined, and is it defined before this line runs "
        "and visible in this function?",
    ),
    (
        "UnboundLocalError",
        r"variable '(\w+)'",
        "A function that assigns to `{0}` anywhere has its own `{0}`, which has no value yet on "
        "this line: use a different name.",
    ),
    (
        "AttributeError",
        r"module '([\w.]+)' has no attribute '(\w+)'(?!.*Did you mean)",
        "There is no `{1}` in {0}: is it spelled correctly?",
    ),
    (
        "AttributeError",
        r"'list' object has no attribute '(\w+)'",
        "A list has no `{0}`, but an array has: `np.array(...)` makes one.",
    ),
    (
        "BdbQuit",
        r"",
        "A debugger was started, but nobody is at the keyboard: use `check --pdb` to debug.",
    ),
    (
        "TabError",
        r"",
        "Some lines are indented with tabs and others with spaces: let your editor turn all tabs "
        "into spaces.",
    ),
    (
        "IndentationError",
        r"unindent does not match|unexpected indent",
        "The lines of a block begin in the same column: count the spaces before this line and the "
        "line above it.",
    ),
    (
        "SyntaxError",
        r"unknown encoding",
        "A line `# -*- coding: ... -*-` names an encoding that Python does not know: take it away, "
        "and save the file as UTF-8.",
    ),
    (
        "SyntaxError",
        r"'utf-8' codec can't decode",
        "The file is not saved as UTF-8: save it as UTF-8 in your editor.",
    ),
    (
        "SyntaxError",
        r"'unicodeescape' codec can't decode",
        'A backslash has a meaning of its own in a string: write r"..." before such a path.',
    ),
    (
        "SystemExit",
        r"",
        "`exit()` and `quit()` end the whole program: a function ends with `return`.",
    ),
    ("KeyError", r"", "The dictionary does not have this key: print its `.keys()`."),
    ("ZeroDivisionError", r"", "The divisor is 0: in which case does that happen?"),
    (
        "RecursionError",
        r"",
        "A function calls itself without end: is there a case in which it stops?",
    ),
    (
        "LinAlgError",
        r"Singular matrix",
        "The matrix has no inverse. Does the task guarantee that this matrix has one?",
    ),
    (
        ".*UFunc.*Error",
        r"Cannot cast ufunc .* output from dtype\('(\w+)'\) to dtype\('(\w+)'\)",
        "`+=` and similar operators keep the array's type, but {1} cannot hold {0}: start from "
        "`np.zeros(...)`, which holds floats.",
    ),
)


def explain(kind: str, text: str, packages: tuple[str, ...], line: str = "") -> str | None:
    """What an exception means. kind: its type's name. text: what it says. packages: what may be
    imported beside numpy and matplotlib. line: the student's line that raised it, if known."""
    gone = _REMOVED_NAME.search(text) if kind in ("AttributeError", "ImportError") else None
    if gone is not None:
        name = gone[1] or gone[2]
        if name in _REMOVED:
            return f"numpy has removed `np.{name}`: use `{_REMOVED[name]}`."
    largest = _LARGEST.search(line) if kind in ("TypeError", "AxisError") else None
    if largest is not None and _NO_AXIS.search(text):
        # Which `max` it was cannot be seen from here: the usual cause is named, too.
        usual = _meaning(kind, text, packages)
        return f"{_whose(largest[1])} If not: {usual}" if usual else _whose(largest[1])
    return _meaning(kind, text, packages)


def _whose(name: str) -> str:
    """What to ask about a call of `max` or `min` that numpy may have answered."""
    return (
        f"Is `{name}` numpy's here? After `from numpy import *` and `%pylab` it is, and takes its "
        f"second argument for an axis; `import numpy as np` leaves Python's own `{name}` alone."
    )


def _meaning(kind: str, text: str, packages: tuple[str, ...]) -> str | None:
    """The first explanation that fits."""
    for types, pattern, meaning in _MEANINGS:
        found = re.fullmatch(types, kind) and re.search(pattern, text)
        if found:
            groups = found.groups()
            last = int(groups[-1]) - 1 if groups and groups[-1].isdecimal() else ""
            return meaning.format(*groups, last=last, packages=in_words(packages))
    return None
