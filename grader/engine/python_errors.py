"""What Python's and numpy's own errors mean, for someone who meets them for the first time.

An explanation is one sentence for the hint of a message: what is the case and where to
look, never the answer. An error that is not known here, or that says itself what to do, gets none.
"""

from __future__ import annotations

import re

_NUMBERS = r"\(([\d, ]*)\)"

# The error's type and what its text holds, and the explanation, in which {0}, {1} stand for the
# groups and {last} for the number in the last one, less 1. The first that fits counts.
_MEANINGS: tuple[tuple[str, str, str], ...] = (
    (
        "ValueError",
        rf"operands could not be broadcast together with shapes {_NUMBERS} {_NUMBERS}",
        "Shapes ({0}) and ({1}) do not fit together: counted from the right, two axes must be "
        "equal, or one of them 1. `keepdims=True` keeps an axis that a sum takes away.",
    ),
    (
        "ValueError",
        r"(?:mismatch in its core dimension|shapes .* not aligned)",
        "In A @ B the columns of A must be as many as the rows of B. Print both shapes: is one of "
        "them to be transposed?",
    ),
    (
        "ValueError",
        r"could not broadcast input array from shape (\([\d, ]*\)) into shape (\([\d, ]*\))",
        "The right side has shape {0}, and the place that it is put into has shape {1}.",
    ),
    (
        "ValueError",
        r"truth value of an array",
        "`if` and `and` want one True or False, and a comparison of arrays gives many: use "
        "`.any()`, `.all()`, or `np.where` for a choice in every entry.",
    ),
    (
        "ValueError",
        r"cannot reshape array of size (\d+) into shape (\([\d, ]*\))",
        "{0} numbers do not fill the shape {1}.",
    ),
    (
        "ValueError",
        r"setting an array element with a sequence",
        "The rows of an array must be of one length, and an entry is one number: print what is "
        "put into it.",
    ),
    (
        "ValueError",
        r"all the input arrays must have same number of dimensions",
        "What is put together needs as many axes on both sides: `v[:, None]` makes a column.",
    ),
    (
        "ValueError",
        r"zero-size array|empty sequence",
        "There is nothing to take the largest of: which case makes it empty?",
    ),
    (
        "ValueError",
        r"not enough values to unpack|too many values to unpack",
        "The left side of `=` has another number of names than the right side has values.",
    ),
    ("ValueError", r"math domain error", "`log` of 0 or below, or the root of a negative number."),
    (
        "IndexError",
        r"index (-?\d+) is out of bounds for axis (\d+) with size (\d+)",
        "The indices of that axis go from 0 to {last}.",
    ),
    ("IndexError", r"list index out of range", "The indices of a list go from 0 to len(...) - 1."),
    (
        "IndexError",
        r"too many indices for array: array is (\d+)-dimensional, but (\d+) were indexed",
        "The array has {0} axis or axes, and the brackets hold {1} indices.",
    ),
    (
        "IndexError",
        r"arrays used as indices must be of integer|only integers, slices",
        "An index must be whole: labels made by `np.zeros` or `/` are floats, `.astype(int)` "
        "makes them integers.",
    ),
    (
        "AxisError",
        r"axis (-?\d+) is out of bounds for array of dimension (\d+)",
        "An array with {1} axes has no axis {0}: axes are counted from 0.",
    ),
    (
        "TypeError",
        r"(\w+)\(\) (?:takes|missing) .*positional argument",
        "A function is called with all the arguments that its `def` line names, in that order. "
        "Keep the starter's `def` line for what the checks call.",
    ),
    (
        "TypeError",
        r"unexpected keyword argument",
        "Keep the names of the parameters as they stand in the starter.",
    ),
    (
        "TypeError|AttributeError",
        r"'NoneType'",
        "Something is None here: does the function that made it end in `return`?",
    ),
    (
        "TypeError",
        r"Cannot interpret '.*' as a data type",
        "A shape is one argument, a tuple: `np.zeros((2, 3))`.",
    ),
    (
        "TypeError",
        r"'float' object cannot be interpreted as an integer|expected a sequence of integers",
        "A number of times, or a size, must be whole: `//` divides to a whole number, `/` never.",
    ),
    (
        "TypeError",
        r"'(?:numpy\.)?(?:ndarray|float|float64|int|tuple)' object is not callable",
        "Round brackets call a function. For an entry of an array use square ones; for a product "
        "write `*`. Or has a variable the name of a function?",
    ),
    (
        "TypeError",
        r"only (?:integer scalar|length-1|0-dimensional) arrays can be converted",
        "One number is wanted here, and an array came. np.exp and np.log take arrays, math.exp "
        "and math.log do not.",
    ),
    (
        "TypeError",
        r"list indices must be integers or slices, not tuple",
        "A list has no `[i, j]`: make an array of it with `np.array`, or write `[i][j]`.",
    ),
    (
        "TypeError",
        r"'tuple' object does not support item assignment",
        "A tuple cannot be changed: make a list or an array.",
    ),
    (
        "TypeError",
        r"unsupported operand type\(s\) for .*: '(\w+)' and '(\w+)'",
        "A {0} and a {1} stand on the two sides of that sign: print both.",
    ),
    (
        "NameError",
        r"name '(\w+)' is not defined",
        "Is `{0}` spelt so where it is made, and made before this line runs, in this function?",
    ),
    (
        "UnboundLocalError",
        r"variable '(\w+)'",
        "A function that assigns to `{0}` anywhere has a `{0}` of its own, which has no value yet "
        "on this line: give it another name.",
    ),
    (
        "AttributeError",
        r"module '([\w.]+)' has no attribute '(\w+)'(?!.*Did you mean)",
        "There is no `{1}` in {0}: is it spelt so?",
    ),
    (
        "AttributeError",
        r"'list' object has no attribute '(\w+)'",
        "A list has no `{0}`, an array has: `np.array(...)` makes one.",
    ),
    (
        "BdbQuit",
        r"",
        "A debugger was called, and nobody is at the keyboard: `check --pdb` is for that.",
    ),
    ("KeyError", r"", "The dict has no such key: print `.keys()` of it."),
    ("ZeroDivisionError", r"", "What was divided by is 0: which case makes it so?"),
    (
        "RecursionError",
        r"",
        "A function calls itself without an end: is there a case in which it does not?",
    ),
    (
        "LinAlgError",
        r"Singular matrix",
        "The matrix has no inverse. Is it one that the task lets you expect one of?",
    ),
    (
        ".*UFunc.*Error",
        r"Cannot cast ufunc .* output from dtype\('(\w+)'\) to dtype\('(\w+)'\)",
        "`+=` and its like keep the array's type, and {1} cannot hold {0}: start from "
        "`np.zeros(...)`, which holds floats.",
    ),
)


def explain(kind: str, text: str) -> str | None:
    """What an exception means. kind: its type's name. text: what it says."""
    for types, pattern, meaning in _MEANINGS:
        found = re.fullmatch(types, kind) and re.search(pattern, text)
        if found:
            groups = found.groups()
            last = int(groups[-1]) - 1 if groups and groups[-1].isdecimal() else ""
            return meaning.format(*groups, last=last)
    return None
