"""What a function of the reference rests on, as its text tells."""

from __future__ import annotations

import pytest

from grader.checks.variants import rests_on

RESTING = """\
import numpy as np

TABLE = {"twice": lambda x: twice(x)}


def twice(x):
    return 2 * x


def four_times(x):
    return twice(twice(x))


def by_table(x):
    return TABLE["twice"](x)


def alone(x):
    return -x


def by_name(x):
    return globals()["twice"](x)


class Model:
    def answer(self, x):
        return four_times(x)
"""


@pytest.mark.parametrize(
    ("function", "rests"),
    [
        ("twice", True),
        ("four_times", True),
        ("by_table", True),
        ("by_name", True),
        ("Model", True),
        ("alone", False),
    ],
)
def test_what_rests_on_a_function_is_read_from_the_text(function: str, rests: bool) -> None:
    assert rests_on(RESTING, function, "twice") == rests


def test_a_module_that_does_more_than_define_may_rest_on_anything() -> None:
    assert rests_on(f"{RESTING}\nfor each in (1, 2):\n    alone = twice\n", "alone", "twice")
