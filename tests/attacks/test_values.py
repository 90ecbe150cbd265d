"""Attacks by value: what reaches the grader is plain data, whatever the student's object was."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from arena import Arena, Attack, Fought
from levels import at_both_ends

from grader.sandbox.protocol.wire import Handle

PLAIN = (type(None), bool, int, float, str, bytes, list, dict, np.ndarray, Handle)

VALUES = {
    "nan": "float('nan')",
    "an object array": "np.array([object(), 1], object)",
    "an object array of lambdas": "np.array([lambda: 1], object)",
    "a subclass of ndarray": "np.ones(2).view(Liar)",
    "a matrix": "np.matrix([[1, 2]])",
    "a masked array": "np.ma.masked_array([1, 2], [True, False])",
    "a record array": "np.zeros(2, [('a', 'f8'), ('b', 'O')])",
    "a datetime": "np.datetime64('2024-01-01')",
    "a long double": "np.longdouble(1)",
    "always equal": "Equal()",
    "a float that is always equal": "EqualFloat(0)",
    "a str that is always equal": "EqualStr('x')",
    "a list that is always equal": "EqualList([1])",
    "a dict with odd keys": "{1: 2, (3, 4): 5, None: 6}",
    "a recursive list": "recursive",
    "an integer of a million digits": "10 ** 10 ** 6",
    "a generator": "(i for i in range(3))",
    "a module": "np",
    "a type": "Equal",
    "a surrogate": "'\\ud800'",
    "a deep list": "deep",
    "complex": "1j",
    "a set": "{1, 2}",
    "an iterator": "iter([1])",
    "an exception": "ValueError('x')",
    "an array that is pickled as code": "np.ones(2).view(Pickled)",
    "an array with another shape and type by its word": "np.ones(2).view(OtherShape)",
    "a type with something attached": "np.ones(2, np.dtype('f8', metadata={'x': print}))",
    "a str that is encoded as another": "OtherStr('x')",
    "bytes of another length": "[OtherBytes(b'abc'), OtherBytearray(b'abc')]",
    "a number that ends it": "[Ender(5)]",
    "a number by its class's word": "[FloatByItsWord()]",
    "a huge dict": "{str(i): i for i in range(1000)}",
}
HELPERS = """
import numpy as np

class Liar(np.ndarray):
    def __eq__(self, other): return True
    def __array__(self, *args, **kwargs): raise RuntimeError("no")

class Equal:
    def __eq__(self, other): return True
    def __hash__(self): return 0
    def __bool__(self): return True

class EqualFloat(float):
    __eq__ = lambda self, other: True
    __hash__ = float.__hash__

class EqualStr(str):
    __eq__ = lambda self, other: True
    __hash__ = str.__hash__

class EqualList(list):
    __eq__ = lambda self, other: True

class Pickled(np.ndarray):
    def __reduce__(self): return (eval, ("1 / 0",))
    def __reduce_ex__(self, protocol): return self.__reduce__()
    def __array_function__(self, *args, **kwargs): return np.full(3, 42.0)
    def __array_ufunc__(self, *args, **kwargs): return True
    def tobytes(self, *args): return b"x" * 9

class OtherShape(np.ndarray):
    shape = property(lambda self: (10 ** 9,))
    dtype = property(lambda self: np.dtype(object))

class OtherStr(str):
    def encode(self, *args, **kwargs): return b"\\xff" * 10
    def __len__(self): return 10 ** 9

class OtherBytes(bytes):
    def __len__(self): return 10 ** 9
    def __bytes__(self): return b"q"

class OtherBytearray(bytearray):
    def __len__(self): return 5

class Ender(int):
    def __index__(self): raise KeyboardInterrupt
    def __int__(self): raise SystemExit

class FloatByItsWord:
    __class__ = property(lambda self: float)
    def __float__(self): return 42.0
    def __eq__(self, other): return True

recursive = []
recursive.append(recursive)
deep = []
for _ in range(300):
    deep = [deep]
"""


def assert_plain(value: Any) -> None:
    """Nothing but the exact types of the wire, all the way down."""
    assert type(value) in PLAIN, type(value)
    if type(value) is list:
        for item in value:
            assert_plain(item)
    elif type(value) is dict:
        for key, item in value.items():
            assert type(key) is str
            assert_plain(item)
    elif type(value) is np.ndarray:
        assert value.dtype.kind in "fiubcmM"  # dates are whole numbers with a unit


@at_both_ends
def test_only_plain_values_arrive(arena: Arena) -> None:
    outcomes = arena.run_all(
        {
            name: Attack(f"{HELPERS}\ndef attack():\n    return {expression}\n")
            for name, expression in VALUES.items()
        }
    )
    for name, outcome in outcomes.items():
        if outcome.last.fault:
            assert outcome.last.fault in ("StudentRaised", "Refused"), (name, outcome)
            continue
        assert_plain(outcome.last.value)
        if "always equal" in name:
            assert outcome.last.value != "the right answer", name
            assert outcome.last.value != 42, name
    assert math.isnan(outcomes["nan"].last.value)


PATCHES = """
import builtins, math, numpy as np, sys

class Always:
    def __getattr__(self, name): return lambda *args, **kwargs: True
    def __call__(self, *args, **kwargs): return True

np.allclose = np.isclose = np.array_equal = np.testing.assert_allclose = Always()
math.isclose = abs = builtins.abs = Always()
builtins.isinstance = Always()
sys.modules["pytest"] = sys.modules["grader"] = sys.modules["grader.checks"] = Always()
np.ndarray = float
"""


def test_patching_its_own_interpreter_changes_nothing_outside(arena: Arena) -> None:
    fought: Fought = arena.run(f"{PATCHES}\ndef attack():\n    return [0.5, np.arange(3)]\n")
    # It may break its own worker; it must not bring another value than its own.
    if fought.fault == "":
        assert_plain(fought.value)
        assert fought.value[0] == 0.5
    else:
        assert fought.fault in (
            "StudentRaised",
            "MissingFunction",
            "Crashed",
            "Refused",
            "TimedOut",
        )


def test_patching_the_worker_gives_no_more_than_a_value(arena: Arena) -> None:
    source = (
        "import grader.sandbox.protocol.wire as wire, grader.sandbox.guest.worker as worker\n"
        "wire.frame = lambda value, keep=None: b'\\xff' * 100\n"
        "def attack():\n    return 42\n"
    )
    fought = arena.run(source)
    assert fought.fault in ("Refused", "OverLimit", "Crashed")
