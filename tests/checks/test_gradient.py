"""Right gradients pass whatever their precision; wrong ones fail."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.checks import Tier, assert_gradient, assert_own_gradient
from grader.checks.gradient import LEVELS, ridders
from grader.errors import CheckFailed

NAMES = ("dW", "db")
WRONG = {
    "sign": lambda dW, db, n: (-dW, -db),
    "mean": lambda dW, db, n: (dW / n, db / n),
    "db missing": lambda dW, db, n: (dW, 0 * db),
    "db a mean": lambda dW, db, n: (dW, db / n),
    "dW off by a thousandth": lambda dW, db, n: (1.001 * dW, db),
    "one entry off": lambda dW, db, n: (dW + 1e-2 * np.abs(dW).max() * (dW == dW.max()), db),
    "transposed": lambda dW, db, n: (dW.T, db),
    "twice": lambda dW, db, n: (2 * dW, 2 * db),
    "not a number": lambda dW, db, n: (dW, db * np.nan),
    "nothing": lambda dW, db, n: None,
    "one block": lambda dW, db, n: dW,
    "text": lambda dW, db, n: ("dW", "db"),
}


def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def loss(W, b, X, y):
    Z = X @ W + b
    top = Z.max(axis=1)
    lse = top + np.log(np.exp(Z - top[:, None]).sum(axis=1))
    return np.sum(Z[np.arange(len(y)), y] - lse)


def gradient(W, b, X, y):
    R = -softmax(X @ W + b)
    R[np.arange(len(y)), y] += 1
    return X.T @ R, R.sum(axis=0)


def scales(W, b, X, y):
    P = softmax(X @ W + b)
    P[np.arange(len(y)), y] += 1
    return np.abs(X).T @ P, P.sum(axis=0)


def problem(rng, *, at_least=2, decades=2.0):
    """Data with features of sizes within +-decades and scores up to about 10; n, d, k at random."""
    n, d, k = rng.integers(at_least, 9, size=3)
    X = rng.normal(size=(n, d)) * 10 ** rng.uniform(-decades, decades, size=d) + rng.normal(size=d)
    W = rng.normal(size=(d, k)) / np.abs(X).max(axis=0)[:, None]
    return W, rng.normal(size=k), X, rng.integers(0, k, size=n)


class Many:
    """A function that answers a list of calls, as the student's proxy does."""

    def __init__(self, function):
        self.function = function
        self.messages = 0

    def map(self, calls):
        self.messages += 1
        return [self.function(*call) for call in calls]


def narrowed(*args):
    return [np.asarray(a, np.float32) if np.asarray(a).dtype == float else a for a in args]


class TestAgainstTheReference:
    def test_a_thousand_right_gradients_of_each_precision_pass(self):
        rng = np.random.default_rng(1)
        for _ in range(1000):
            args = problem(rng)
            expected, scale = gradient(*args), scales(*args)
            assert assert_gradient(gradient(*args), expected, scale, NAMES) is Tier.EXACT
            shuffled = rng.permutation(len(args[3]))
            reordered = gradient(args[0], args[1], args[2][shuffled], args[3][shuffled])
            assert assert_gradient(reordered, expected, scale, NAMES) is Tier.EXACT
            single = gradient(*narrowed(*args))
            assert single[0].dtype == np.float32
            assert assert_gradient(list(single), expected, scale, NAMES) <= Tier.LOW_PRECISION

    @pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
    def test_wrong_gradients_fail(self, wrong):
        rng = np.random.default_rng(2)
        for _ in range(30):
            args = problem(rng, at_least=3)
            if args[0].shape[0] == args[0].shape[1] or np.abs(args[2]).max() < 1:
                continue
            expected = gradient(*args)
            with pytest.raises(CheckFailed):
                assert_gradient(
                    wrong(*expected, len(args[3])), expected, scales(*args), NAMES
                )  # fmt: skip

    def test_an_entry_that_nothing_contributes_to_may_be_rounded(self):
        expected, scale = np.array([1.0, 0.0]), np.array([2.0, 0.0])
        assert assert_gradient(np.array([1.0, 1e-17]), [expected], [scale], ["dw"]) is Tier.EXACT
        with pytest.raises(CheckFailed):
            assert_gradient(np.array([1.0, 1e-9]), [expected], [scale], ["dw"])

    def test_a_number_is_a_block(self):
        assert assert_gradient([np.ones(2), 3], [np.ones(2), 3.0], [np.ones(2), 3.0], ["gw", "gb"])\
            is Tier.EXACT  # fmt: skip

    def test_the_block_that_is_right_is_named(self):
        with pytest.raises(CheckFailed) as caught:
            assert_gradient((np.ones(2), np.ones(2)), [np.ones(2), np.zeros(2)],
                            [np.ones(2), np.ones(2)], NAMES)  # fmt: skip
        assert caught.value.where == "db[0]"
        assert caught.value.hint == "dW is right."


class TestAgainstTheirOwnLoss:
    def judge(self, args, got, function=loss, *, seed=0):
        many = Many(function)
        W, b, X, y = args
        assert_own_gradient(
            many,
            got,
            (W, b),
            lambda W, b: (W, b, X, y),
            names=NAMES,
            loss_name="loss",
            rng=np.random.default_rng(seed),
        )
        assert many.messages == 1

    def test_right_gradients_of_each_precision_pass(self):
        rng = np.random.default_rng(3)
        for seed in range(80):
            args = problem(rng, decades=1.0)
            self.judge(args, gradient(*args), seed=seed)
            self.judge(args, gradient(*narrowed(*args)), seed=seed)

    def test_a_loss_in_float32_passes(self):
        rng = np.random.default_rng(4)
        for seed in range(80):
            X, y = rng.normal(size=(7, 3)), rng.integers(0, 4, size=7)
            args = rng.normal(size=(3, 4)), rng.normal(size=4), X, y
            narrow = gradient(*narrowed(*args))
            self.judge(args, narrow, lambda *a: float(loss(*narrowed(*a))), seed=seed)
            self.judge(args, narrow, lambda *a: loss(*narrowed(*a)), seed=seed)

    def test_a_point_of_whole_numbers_has_slopes_in_floats(self):
        rng = np.random.default_rng(4)
        for seed in range(20):
            X, y = rng.normal(size=(7, 3)), rng.integers(0, 4, size=7)
            args = rng.integers(-2, 3, size=(3, 4)), rng.integers(-2, 3, size=4), X, y
            self.judge(args, gradient(*args), seed=seed)
            with pytest.raises(CheckFailed):  # as autograd cuts it at such a point
                self.judge(args, tuple(block.astype(int) for block in gradient(*args)), seed=seed)

    @pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
    def test_wrong_gradients_fail(self, wrong):
        rng = np.random.default_rng(5)
        for _ in range(5):
            X, y = rng.normal(size=(7, 3)), rng.integers(0, 4, size=7)
            args = rng.normal(size=(3, 4)), rng.normal(size=4), X, y
            with pytest.raises(CheckFailed):
                self.judge(args, wrong(*gradient(*args), 7))

    def test_many_parameters_are_judged_along_random_directions(self):
        rng = np.random.default_rng(6)
        X, y = rng.normal(size=(6, 40)), rng.integers(0, 10, size=6)
        args = 0.1 * rng.normal(size=(40, 10)), np.zeros(10), X, y
        dW, db = gradient(*args)
        self.judge(args, (dW, db))
        dW[3, 7] += 0.5
        with pytest.raises(CheckFailed, match="random direction"):
            self.judge(args, (dW, db))

    def test_a_factor_is_named(self):
        args = problem(np.random.default_rng(7))
        dW, db = gradient(*args)
        with pytest.raises(CheckFailed, match="opposite sign"):
            self.judge(args, (-dW, -db))
        with pytest.raises(CheckFailed, match=r"0\.25 times"):
            self.judge(args, (dW / 4, db / 4))

    @pytest.mark.parametrize(
        ("function", "words"),
        [
            (lambda *args: 1.0, "does not change"),
            (lambda W, b, X, y: loss(W, 0 * b, X, y), "does not change with what db"),
            (lambda *args: round(float(loss(*args)), 2), "too rough|not the gradient"),
            (lambda *args: "text", "expected a number"),
            (lambda *args: np.nan, "finite"),
            (lambda *args: None, "None"),
        ],
        ids=["constant", "ignores b", "rounds", "text", "nan", "none"],
    )
    def test_useless_losses_fail(self, function, words):
        args = problem(np.random.default_rng(8))
        with pytest.raises(CheckFailed, match=words):
            self.judge(args, gradient(args[0], 0 * args[1], *args[2:]), function)

    def test_a_loss_that_rolls_dice_fails(self):
        rng, args = np.random.default_rng(9), problem(np.random.default_rng(9))
        with pytest.raises(CheckFailed, match="different values"):
            self.judge(args, gradient(*args), lambda *a: loss(*a) + rng.normal())


class TestRidders:
    @staticmethod
    def slope_of(f, x, h, eps=2**-52):
        values = np.array([[f(x + h * 0.5**i), f(x - h * 0.5**i)] for i in range(LEVELS)])
        return ridders(values, f(x), h, eps=eps)

    @settings(max_examples=300, deadline=None)
    @given(
        x=st.floats(-2, 2),
        a=st.floats(-3, 3),
        c=st.floats(0.1, 3),
        scale=st.sampled_from([1e-4, 1.0, 1e4]),
        single=st.booleans(),
    )
    def test_the_bound_holds(self, x, a, c, scale, single):
        cases = [
            (lambda t: np.exp(a * t / scale), a / scale * np.exp(a * x)),
            (lambda t: np.sin(3 * t / scale + c), 3 / scale * np.cos(3 * x + c)),
            (lambda t: np.logaddexp(0, a * t / scale), a / scale / (1 + np.exp(-a * x))),
            (lambda t: c * np.tanh(t / scale), c / scale / np.cosh(x) ** 2),
        ]
        for function, slope in cases:
            rounded = (lambda t, f=function: float(np.float32(f(t)))) if single else function
            found = self.slope_of(
                rounded, x * scale, 0.05 * scale * max(abs(x), 0.1), 2.0**-23 if single else 2**-52
            )
            assert not found.kink
            assert abs(found.value - slope) <= found.bound
            if not single:
                assert found.bound < 1e-6 * (1 + abs(a) + abs(c)) * np.exp(6) / scale

    @pytest.mark.parametrize("left", [0.0, -1.0, 0.1])
    @pytest.mark.parametrize("x", [0.0, 1.0, -3.0])
    def test_a_kink_is_seen(self, left, x):
        def bent(t):
            return (t - x) * (1.0 if t > x else left) + 0.3 * t**2 + 2.0

        assert self.slope_of(bent, x, 0.05).kink

    def test_a_kink_beyond_the_smallest_steps_is_passed_over(self):
        found = self.slope_of(lambda t: max(t, 0.0) + np.sin(t), 0.04, 0.05)
        assert not found.kink
        assert abs(found.value - 1 - np.cos(0.04)) <= found.bound
