"""Which names of attributes are asked for by Python and its libraries, and not by an author."""

from __future__ import annotations

# What Python and its libraries look up on an object to learn what it can do. An answer would be
# taken for a promise, so only those that an author may want to call are asked for.
_OPERATORS = (
    "call", "len", "getitem", "setitem", "delitem", "contains", "iter", "next", "enter", "exit",
    "neg", "abs", "float", "int", "bool",
)  # fmt: skip
_ARITHMETIC = ("add", "sub", "mul", "truediv", "matmul", "pow")
_ASKED_FOR = frozenset(
    f"__{name}__"
    for name in (*_OPERATORS, *(f"{side}{name}" for name in _ARITHMETIC for side in ("", "r", "i")))
)


def is_asked_by_libraries(name: str) -> bool:
    """Whether an attribute of that name is one that an object of the student's must not have."""
    return name.startswith("_") and name not in _ASKED_FOR
