"""Draws are accepted where they follow their law, and refused where they do not."""

from __future__ import annotations

import random

import numpy as np
import pytest

from grader.checks import Integers, Normal, Uniform, assert_drawn_from, passes
from grader.errors import CheckFailed

SEVEN = Integers(0, 7)


def _rows(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(7, size=(400, 5))


class TestRight:
    @pytest.mark.parametrize("seed", range(20))
    def test_generators_pass(self, seed):
        rng = np.random.default_rng(seed)
        assert_drawn_from(rng.integers(7, size=(400, 5)), SEVEN, lags=(1, 5, 7))
        assert_drawn_from(rng.uniform(-2, 3, size=500).astype(np.float32), Uniform(-2, 3))
        assert_drawn_from(rng.normal(1, 0.01, size=500), Normal(1, 0.01))

    def test_other_ways_to_draw_pass(self):
        plain = random.Random(5)
        assert_drawn_from([[plain.randrange(7) for _ in range(5)] for _ in range(400)], SEVEN)
        assert_drawn_from((7 * np.random.default_rng(1).random(2000)).astype(int), SEVEN)
        assert_drawn_from(_rows().astype(float), SEVEN)

    def test_one_value_and_few_draws_show_nothing(self):
        assert_drawn_from(np.zeros((3, 4)), Integers(0, 1))
        assert_drawn_from([3], SEVEN)
        assert_drawn_from([], SEVEN)

    def test_false_alarms_stay_below_what_is_promised(self):
        """At a bound of 1/10 for 5 draws of 2,000 the share of refusals is at most that."""
        rng = np.random.default_rng(11)
        refused = {"integers": 0, "uniform": 0, "normal": 0}
        for _ in range(400):
            drawn = {
                "integers": (rng.integers(3, size=30), Integers(0, 3)),
                "uniform": (rng.random(30), Uniform(0, 1)),
                "normal": (rng.normal(size=30), Normal(0, 1)),
            }
            for kind, (values, law) in drawn.items():
                refused[kind] += not passes(assert_drawn_from, values, law, false_alarm=0.1)
        assert max(refused.values()) <= 40
        assert max(refused.values()) > 0


def mirrored(u):
    return np.concatenate([u, 1 - u])


def symmetric(W):
    return np.triu(W) + np.triu(W, 1).T


def centred(z):
    return z - z.mean()


def orthogonal(rng, n):
    return np.linalg.qr(rng.normal(size=(n, n)))[0]


WRONG_ROWS = {
    "never the last": lambda rng: rng.integers(6, size=(400, 5)),
    "from one": lambda rng: rng.integers(1, 8, size=(400, 5)),
    "rounded": lambda rng: np.rint(6 * rng.random((400, 5))).astype(int),
    "one twice as likely": lambda rng: rng.integers(8, size=(400, 5)) % 7,
    "rows without repeats": lambda rng: np.array([rng.permutation(7)[:5] for _ in range(400)]),
    "a shuffle per pass": lambda rng: np.concatenate([rng.permutation(7) for _ in range(286)])[
        :2000
    ],
    "one row for all": lambda rng: np.tile(rng.integers(7, size=1000), 2),
    "in turn": lambda rng: np.arange(2000) % 7,
    "blocks": lambda rng: (rng.integers(7, size=(400, 1)) + np.arange(5)) % 7,
    "sorted rows": lambda rng: np.sort(rng.integers(7, size=(400, 5))),
    "one per row": lambda rng: np.repeat(rng.integers(7, size=(400, 1)), 5, axis=1),
}


class TestWrong:
    @pytest.mark.parametrize("kind", WRONG_ROWS)
    def test_integers(self, kind):
        drawn = WRONG_ROWS[kind](np.random.default_rng(2))
        with pytest.raises(CheckFailed):
            assert_drawn_from(drawn, SEVEN, lags=(1, 5, 7, 1000))

    @pytest.mark.parametrize(
        ("draw", "law", "words"),
        [
            (lambda rng: rng.uniform(-1, 1.1, 1000), Uniform(-1, 1), "outside its range"),
            (lambda rng: rng.uniform(-0.9, 0.9, 1000), Uniform(-1, 1), "near an end"),
            (lambda rng: rng.beta(2, 2, 2000), Uniform(0, 1), "near an end|not distributed"),
            (lambda rng: np.sort(rng.random(1000)), Uniform(0, 1), "depend on each other"),
            (lambda rng: np.repeat(rng.random(500), 2), Uniform(0, 1), "more than once"),
            (lambda rng: mirrored(rng.random(500)), Uniform(0, 1), "more than once"),
            (lambda rng: symmetric(rng.normal(size=(40, 40))), Normal(0, 1), "more than once"),
            (lambda rng: rng.permutation(np.linspace(0, 1, 500)), Uniform(0, 1), "more evenly"),
            (lambda rng: (rng.permutation(500) + rng.random(500)) / 500, Uniform(0, 1), "evenly"),
            (lambda rng: centred(rng.normal(size=500)), Normal(0, 1), "exactly that of the law"),
            (lambda rng: orthogonal(rng, 40), Normal(0, 40**-0.5), "the same length"),
            (lambda rng: orthogonal(rng, 110)[:, :40], Normal(0, 110**-0.5), "the same length"),
            (lambda rng: rng.normal(0, 0.1, 1000), Normal(0, 0.01), "standard deviation is wrong"),
            (lambda rng: rng.normal(0, 1.3, 1000), Normal(0, 1), "standard deviation is wrong"),
            (lambda rng: rng.normal(0.3, 1, 1000), Normal(0, 1), "the mean is wrong"),
            (lambda rng: 3**0.5 * rng.uniform(-1, 1, 9000), Normal(0, 1), "not distributed"),
            (lambda rng: rng.normal(0, 1, 4000).clip(-2, 2), Normal(0, 1), "far from the mean"),
        ],
    )
    def test_reals(self, draw, law, words):
        with pytest.raises(CheckFailed, match=words):
            assert_drawn_from(draw(np.random.default_rng(3)), law)

    def test_a_shuffled_list_is_too_even(self):
        assert_drawn_from(np.random.default_rng(4).integers(20, size=2000), Integers(0, 20))
        with pytest.raises(CheckFailed, match="comes equally often"):
            assert_drawn_from(np.random.default_rng(4).permutation(2000) % 20, Integers(0, 20))
        with pytest.raises(CheckFailed, match="comes equally often"):  # eight are cut off
            assert_drawn_from(
                np.random.default_rng(4).permutation(3008)[:3000] % 16, Integers(0, 16)
            )

    def test_messages_give_statistic_and_bound(self):
        with pytest.raises(CheckFailed) as caught:
            assert_drawn_from(np.arange(2000) % 7, SEVEN, "the batches")
        text = str(caught.value)
        assert "the batches: draws that stand 1 apart depend on each other" in text
        assert "about 286 times among 1999" in text
        assert "less than once in" in text

    @pytest.mark.parametrize("odd", [None, "drawn", [[1, 2], [3]], [0.5, 1.0], [np.nan, 1.0]])
    def test_what_cannot_be_read_fails(self, odd):
        with pytest.raises(CheckFailed):
            assert_drawn_from(odd, SEVEN)


@pytest.mark.parametrize(
    ("law", "options"),
    [
        (Normal(0, 0), {}),
        (Normal(0, -1), {}),
        (Uniform(1, 1), {}),
        (Integers(3, 3), {}),
        (SEVEN, {"lags": (0,)}),
        (SEVEN, {"lags": (1.5,)}),
        (SEVEN, {"false_alarm": 0}),
        (SEVEN, {"false_alarm": 2}),
        ("normal", {}),
    ],
)
def test_what_cannot_be_is_the_authors_slip_and_no_wrong_draw(law, options):
    with pytest.raises((TypeError, ValueError)) as raised:
        assert_drawn_from(_rows(), law, **options)
    assert not isinstance(raised.value, CheckFailed)
