"""What a submission raised, as an exception that `pytest.raises` knows; whatever its name."""

from __future__ import annotations

import builtins

import numpy as np
import pytest

from grader.engine.raised import as_raised
from grader.errors import StudentRaised

NAMES = [
    name
    for module in (builtins, np.exceptions, np.linalg)
    for name in dir(module)
    if isinstance(getattr(module, name), type)
]


@pytest.mark.parametrize("name", [*NAMES, "Unknown", "", "__class__", "x" * 10_000])
def test_every_name_makes_an_exception_of_the_students(name: str) -> None:
    fault = StudentRaised(f"{name}: text", kind=name, said="text", traceback="line 3")
    made = as_raised(fault, dict)
    assert isinstance(made, StudentRaised)
    assert (made.summary, made.kind, made.said) == (fault.summary, name, "text")
    assert str(made) == str(fault)
    with pytest.raises(StudentRaised):
        raise made


@pytest.mark.parametrize("name", ["ValueError", "ZeroDivisionError", "KeyError", "LinAlgError"])
def test_common_types_are_caught_as_what_they_are(name: str) -> None:
    fault = StudentRaised(f"{name}: text", kind=name)
    kind = getattr(builtins, name, None) or getattr(np.linalg, name)
    with pytest.raises(kind, match="text"):
        raise as_raised(fault, dict)
