"""What is nearly right in float64 is told from what float32 gives."""

import numpy as np
import pytest

from grader.checks import assert_path, computes_in_float32, digits_of, is_float32
from grader.errors import CheckFailed, StudentRaised

THIRDS = np.array([1.0, -2.0, 5.0]) / 3
NARROW = THIRDS.astype(np.float32)
START = np.array([4.0, -8.0])
PATH = START * 0.7 ** np.arange(5)[:, None]


def test_only_numbers_of_float32_get_its_tolerance():
    assert digits_of(NARROW.astype(float), single=1e-4) == 1e-4
    assert digits_of(THIRDS, single=1e-4) == 1e-9
    assert digits_of(THIRDS * (1 + 1e-6), single=1e-4, double=1e-8) == 1e-8
    assert digits_of(np.array([np.nan, 1.0]), single=1e-4) == 1e-9


def test_float32_numbers_in_another_unit_are_known():
    bits = NARROW.astype(float) / np.log(2)
    assert not is_float32(bits)
    assert is_float32(bits, 1 / np.log(2))
    assert digits_of(bits, single=1e-5, units=(1.0, 1 / np.log(2))) == 1e-5


@pytest.mark.parametrize("given", [None, [THIRDS], [3, "l2", THIRDS]])
def test_all_digits_are_asked_only_where_float32_holds_the_arguments(given):
    assert digits_of(THIRDS, single=1e-4, given=given) == 1e-4
    assert digits_of(THIRDS, single=1e-4, given=[START, 0.1]) == 1e-9


def test_a_path_that_is_a_millionth_off_is_wrong_in_float64_and_right_in_float32():
    slow = START * (0.7 + 1e-6) ** np.arange(5)[:, None]
    assert_path(slow, PATH)
    assert_path(slow, PATH, given=[THIRDS])
    assert_path(slow.astype(np.float32), PATH, given=[START])
    with pytest.raises(CheckFailed, match="leaves the rule at step 1"):
        assert_path(slow, PATH, given=[START])


def raises():
    raise StudentRaised("ValueError: no")


def test_what_a_function_computes_in_is_seen_by_what_it_gives():
    assert computes_in_float32(lambda: (NARROW, np.float32(0.1)))
    assert not computes_in_float32(lambda: (NARROW, 0.1))
    assert not computes_in_float32(lambda: None)
    assert not computes_in_float32(raises)
