"""Values from students: what is read as what it plainly means, and what fails in words."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.checks import (
    Tier,
    array,
    assert_close,
    assert_labels,
    floored,
    integer,
    labels,
    number,
    pair,
    passes,
    require,
    sequence,
    tier_of,
)
from grader.checks.words import show
from grader.errors import CheckFailed
from grader.sandbox.protocol.wire import Handle

FLOATS = st.floats(-1e6, 1e6, width=32, allow_subnormal=False)
ODD = [
    None,
    "text",
    b"bytes",
    {"dW": 1.0},
    1j,
    float("nan"),
    [1.0, None],
    [[1.0, 2.0], [3.0]],
    [np.zeros(2), np.zeros(3)],
    [1j, 2.0],
    np.array([1j]),
    np.array([np.nan, 1.0]),
    np.array([np.inf, 1.0]),
    np.array(["a", "b"]),
    10**400,
    [10**400, 1],
    Handle(3, "DataFrame"),
    [Handle(3, "Tensor")],
    object(),
]


class TestComplexNumbers:
    @pytest.mark.parametrize("value", [2 + 0j, np.array([1 + 0j, 2]), (np.complex128(1), 2.0)])
    def test_without_an_imaginary_part_are_told_how_to_become_real(self, value):
        with pytest.raises(CheckFailed, match="got complex numbers") as raised:
            array(value)
        assert "`.real`" in raised.value.hint

    def test_with_one_are_not_real(self):
        with pytest.raises(CheckFailed, match="got complex numbers") as raised:
            array(np.array([1j, 2.0]))
        assert raised.value.hint == "A real result is asked for."


class TestWhatIsPlainlyMeant:
    @pytest.mark.parametrize(
        "value",
        [2, 2.0, True + 1, np.float32(2), np.int8(2), np.array(2.0), np.array(2, np.uint8)],
        ids=repr,
    )
    def test_numbers(self, value):
        assert number(value) == 2.0
        assert integer(value) == 2

    @pytest.mark.parametrize(
        "value",
        [
            [[1, 2], [3, 4]],
            ((1.0, 2), (3, 4)),
            [np.array([1.0, 2.0]), [3, 4]],
            [[np.array(1.0), np.float32(2)], [3, 4]],
            np.array([[1, 2], [3, 4]], np.int16),
            np.array([[1, 2], [3, 4]], np.float32),
            np.array([[1, 2], [3, 4]], order="F"),
        ],
        ids=repr,
    )
    def test_arrays(self, value):
        read = array(value, shape=(2, 2))
        assert read.dtype == np.float64
        assert read.tolist() == [[1, 2], [3, 4]]

    @pytest.mark.parametrize(
        "value",
        [
            [0, 2, 1],
            (0.0, 2.0, 1.0),
            np.array([0, 2, 1], np.uint8),
            np.array([0.0, 2.0, 1.0], np.float32),
        ],
        ids=repr,
    )
    def test_labels(self, value):
        read = labels(value, 3, 3)
        assert read.dtype == np.int64
        assert read.tolist() == [0, 2, 1]

    def test_bools_count_as_0_and_1(self):
        assert labels(np.array([True, False]), 2, 2).tolist() == [1, 0]
        assert array([True, False]).tolist() == [1.0, 0.0]

    def test_a_list_a_tuple_and_a_stacked_array_are_pairs(self):
        for value in ([1, 2], (1, 2), np.array([1, 2])):
            assert tuple(pair(value, ("a", "b"))) == (1, 2)

    def test_a_free_axis_takes_any_length(self):
        assert array(np.zeros((4, 2)), shape=(None, 2)).shape == (4, 2)

    def test_the_result_is_the_checks_own(self):
        value = np.zeros(3)
        array(value)[0] = 1.0
        assert value[0] == 0.0


class TestWhatFailsInWords:
    @pytest.mark.parametrize("value", ODD, ids=lambda v: repr(v).partition(" at 0x")[0][:40])
    @pytest.mark.parametrize(
        "read",
        [
            number,
            integer,
            lambda value: array(value, shape=(2,)),
            lambda value: labels(value, 2, 2),
            lambda value: [array(v, shape=(3,)) for v in pair(value, ("dW", "db"))],
            lambda value: assert_close(value, np.ones(2)),
            lambda value: assert_close(value, 1.0),
            lambda value: assert_labels(value, np.eye(2)),
        ],
        ids=["number", "integer", "array", "labels", "pair", "close", "close to 1", "best labels"],
    )
    def test_odd_values(self, read, value):
        with pytest.raises(CheckFailed) as caught:
            read(value)
        assert len(str(caught.value)) < 600

    def test_a_wrong_shape_says_both(self):
        with pytest.raises(CheckFailed) as caught:
            array(np.zeros((10, 1)), "db", shape=(10,))
        assert "db has shape (10, 1), expected (10,)" in str(caught.value)
        assert "ravel" in str(caught.value)

    def test_a_transposed_matrix_is_called_so(self):
        with pytest.raises(CheckFailed, match="transposed"):
            array(np.zeros((3, 2)), "dW", shape=(2, 3))

    def test_an_array_is_not_a_number(self):
        for value in (np.zeros(1), np.zeros((1, 1)), [0.0]):
            with pytest.raises(CheckFailed, match="a single number"):
                number(value, "the loss")

    def test_an_array_without_entries_is_close_to_nothing(self):
        for value in (np.zeros(0), np.zeros((0, 3)), []):
            with pytest.raises(CheckFailed, match="a single number"):
                assert_close(value, 1.0)

    def test_an_unknown_object_is_called_by_its_type(self):
        with pytest.raises(CheckFailed, match="an object of type DataFrame"):
            array(Handle(3, "DataFrame"), "X")

    def test_none_asks_for_a_return(self):
        with pytest.raises(CheckFailed, match="return"):
            number(None, "the loss")

    def test_the_first_wrong_entry_is_shown(self):
        expected = np.arange(12.0).reshape(3, 4)
        got = expected.copy()
        got[2, 1] += 0.5
        got[0, 0] += 0.1
        with pytest.raises(CheckFailed) as caught:
            assert_close(got, expected, "P")
        assert (caught.value.expected, caught.value.got) == ("0", "0.1")
        assert caught.value.where == "first at [0, 0]; 2 of 12 are wrong"

    def test_fractions_are_no_labels(self):
        with pytest.raises(CheckFailed, match="expected integers"):
            labels([0.5, 1.0], 2, 2)

    def test_labels_from_one_are_outside(self):
        with pytest.raises(CheckFailed, match="numbered from 0"):
            labels([1, 3], 2, 3)

    def test_too_few_values(self):
        with pytest.raises(CheckFailed, match="expected 3 values"):
            sequence([1, 2], 3, "(W, b, history)")

    def test_require_passes_and_fails(self):
        require(True, "never")
        with pytest.raises(CheckFailed, match="always"):
            require(False, "always")


class TestTiers:
    def test_tiers(self):
        assert [tier_of(e) for e in (0.0, 1e-10, 1e-9, 1e-5, 2e-5, np.nan, np.inf)] == [
            Tier.EXACT,
            Tier.EXACT,
            Tier.LOW_PRECISION,
            Tier.LOW_PRECISION,
            Tier.WRONG,
            Tier.WRONG,
            Tier.WRONG,
        ]

    @given(hnp.arrays(np.float64, hnp.array_shapes(max_dims=3, max_side=5), elements=FLOATS))
    def test_a_value_agrees_with_itself_exactly(self, values):
        assert assert_close(values, values) is Tier.EXACT
        assert assert_close(values.tolist(), values) is Tier.EXACT

    @given(hnp.arrays(np.float64, hnp.array_shapes(max_dims=2, max_side=6), elements=FLOATS))
    def test_float32_always_passes(self, values):
        assert assert_close(values.astype(np.float32), values) <= Tier.LOW_PRECISION

    @given(
        hnp.arrays(np.float64, (4, 3), elements=st.floats(0.1, 10.0)),
        st.integers(0, 11),
        st.sampled_from([1e-3, -1e-3, 0.5, np.inf]),
    )
    def test_one_wrong_entry_always_fails(self, values, where, by):
        got = values.copy()
        got.flat[where] += by * values.max()
        with pytest.raises(CheckFailed):
            assert_close(got, values)

    @pytest.mark.parametrize("zero", [-0.0, np.float32(-0.0), np.array(-0.0)], ids=repr)
    def test_minus_zero_is_zero(self, zero):
        """The cross-entropy of a perfect prediction is -0.0, which numpy's assert_equal refuses."""
        assert assert_close(zero, 0) is Tier.EXACT
        assert assert_close([zero, 1.0], [0.0, 1.0], scale=[1e-9, 1.0]) is Tier.EXACT
        assert integer(zero) == 0
        assert labels([zero, 1.0], 2, 2).tolist() == [0, 1]

    def test_a_scale_judges_each_entry_by_its_own_size(self):
        expected = np.array([1e6, 1.0])
        got = np.array([1e6, 1.001])
        assert assert_close(got, expected) is Tier.LOW_PRECISION
        with pytest.raises(CheckFailed):
            assert_close(got, expected, scale=np.abs(expected))

    def test_a_negative_scale_is_the_authors_slip(self):
        with pytest.raises(ValueError, match="negative"):
            assert_close([1.0, 2.0], [1.0, 99.0], scale=-1)
        with pytest.raises(ValueError, match="negative"):
            assert_close([1.0, 2.0], [1.0, 99.0], scale=[1.0, -1.0])

    @pytest.mark.parametrize("scale", [np.inf, np.nan, [1.0, np.inf]])
    def test_on_a_scale_that_is_not_finite_nothing_wrong_agrees(self, scale):
        assert_close([1.0, 2.0], [1.0, 2.0], scale=scale)
        assert not passes(assert_close, [1.0, 2.0], [1.0, 99.0], scale=scale)

    def test_a_kind_that_is_not_known_is_refused(self):
        with pytest.raises(ValueError, match="kind is 'complex'"):
            array([1.0], kind="complex")

    def test_infinity_is_met_exactly_or_not_at_all(self):
        assert assert_close(np.inf, np.inf) is Tier.EXACT
        for got in (1.0, -np.inf, np.nan):
            with pytest.raises(CheckFailed):
                assert_close(got, np.inf)

    def test_no_entries_agree(self):
        assert assert_close(np.zeros((0, 3)), np.zeros((0, 3))) is Tier.EXACT

    @given(hnp.arrays(np.float64, 5, elements=st.floats(0, 1e9)))
    def test_a_floored_scale_is_positive(self, scale):
        assert (floored(scale) > 0).all()
        assert (floored(scale) >= scale).all()
        assert np.isfinite(scale / floored(scale)).all()


class TestTies:
    def test_any_of_tied_classes_is_right(self):
        scores = np.array([[1.0, 1.0, 0.0], [0.0, 2.0, 2.0 - 1e-9]])
        for right in ([0, 1], [1, 2]):
            assert_labels(right, scores)
        with pytest.raises(CheckFailed) as caught:
            assert_labels([2, 1], scores)
        assert caught.value.where == "[0]"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.array([1, 10, -100]), "[1, 10, -100]"),
        (np.array([[1.5, 2.0], [-3.0, 4.25]]), "[[1.5, 2], [-3, 4.25]]"),
        (np.array([[True, False]]), "[[True, False]]"),
        (np.array([np.nan, np.inf, 1e-20]), "[nan, inf, 1e-20]"),
        (np.array(3.0), "3"),
        (np.zeros((2, 0)), "[[], []]"),
        (np.zeros(300), "an array of shape (300,)"),
    ],
)
def test_array_in_a_message_is_one_line_without_padding(value: Any, text: str) -> None:
    assert show(value) == text
