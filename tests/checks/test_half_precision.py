"""Gradients of functions that are computed in fewer digits than float64.

The functions round after each step, as a library does that computes in that dtype.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.checks import assert_gradient, assert_own_gradient, passes

Rounding = Callable[[Any], Any]
DTYPES = ["float32", "float16", "bfloat16"]


def rounding(dtype: str) -> Rounding:
    if dtype != "bfloat16":
        return lambda x: np.asarray(x, dtype)

    def to_bfloat16(x: Any) -> Any:
        bits = np.asarray(x, np.float32).view(np.uint32)
        return (bits + ((bits >> 16) & 1) + 0x7FFF & 0xFFFF0000).view(np.float32)

    return to_bfloat16


def squares(q: Rounding, X: Any, y: Any) -> Callable[[Any], tuple[Any, Any]]:
    def f(w: Any) -> tuple[Any, Any]:
        r = q(q(q(X) @ q(w)) - q(y))
        return q(np.mean(q(r * r))), q(q(q(X).T @ r) * q(2 / len(y)))

    return f


def logistic(q: Rounding, X: Any, y: Any) -> Callable[[Any], tuple[Any, Any]]:
    s = np.sign(y)

    def f(w: Any) -> tuple[Any, Any]:
        e = q(np.exp(q(-s * q(q(X) @ q(w)))))
        return q(np.mean(q(np.log(q(1 + e))))), q(q(q(X).T @ q(-s * q(e / q(1 + e)))) / q(len(y)))

    return f


def exponential(q: Rounding, X: Any, y: Any) -> Callable[[Any], tuple[Any, Any]]:
    def f(w: Any) -> tuple[Any, Any]:
        e = q(np.exp(q(q(X) @ q(0.5 * w))))
        return q(np.mean(e)), q(q(0.5) * q(q(q(X).T @ e) / q(len(y))))

    return f


class Loss:
    """Answers many calls in one message, as a student's function does."""

    def __init__(self, f: Callable[[Any], tuple[Any, Any]]) -> None:
        self._f = f

    def map(self, calls: list[tuple[Any, ...]]) -> list[Any]:
        return [float(self._f(*args)[0]) for args in calls]


def judged(f: Callable[[Any], tuple[Any, Any]], claim: Any, point: Any, dtype: Any) -> bool:
    return passes(
        lambda: assert_own_gradient(
            Loss(f), claim, [point], lambda w: (w,), names=["dw"], loss_name="loss",
            rng=np.random.default_rng(5), dtype=dtype,
        )
    )  # fmt: skip


@pytest.mark.parametrize("make", [squares, logistic, exponential])
@pytest.mark.parametrize("dtype", DTYPES)
def test_right_is_accepted_and_zero_or_wrong_refused(dtype: str, make: Any) -> None:
    for seed in range(3):
        rng = np.random.default_rng(seed)
        X, y, w = rng.normal(size=(40, 4)), rng.normal(size=40), rng.normal(size=4)
        f = make(rounding(dtype), X, y)
        right = np.asarray(f(w)[1], float)
        assert judged(f, right, w, dtype)
        assert judged(make(np.asarray, X, y), right, w, dtype), "of a loss in float64"
        for wrong in (0 * right, -right, 1.6 * right, right[::-1]):
            assert not judged(f, wrong, w, dtype)


@pytest.mark.parametrize("dtype", DTYPES)
def test_against_a_reference_errors_are_in_units_of_the_dtype(dtype: Any) -> None:
    rng = np.random.default_rng(0)
    X, y, w = rng.normal(size=(40, 4)), rng.normal(size=40), rng.normal(size=4)
    r = X @ w - y
    wanted, scale = X.T @ r / 20, np.abs(X).T @ np.abs(r) / 20
    got = np.asarray(squares(rounding(dtype), X, y)(w)[1], float)

    def accepted(claim: Any, dtype: Any = dtype) -> bool:
        return passes(lambda: assert_gradient(claim, [wanted], [scale], ["dw"], dtype=dtype))

    assert accepted(got)
    assert not any(accepted(wrong) for wrong in (0 * got, -got, 1.5 * got))
    assert accepted(got, "float32") is (dtype == "float32")
