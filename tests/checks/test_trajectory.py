"""Paths of an iteration: right ones in any form pass, wrong ones are told by their first step."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.checks import Tier, assert_path, sensitivity
from grader.checks.trajectory import path_scale
from grader.errors import CheckFailed
from grader.sandbox.protocol.wire import Handle

A = np.array([[3.0, 1.0], [1.0, 2.0]])
B = np.array([1.0, -2.0])
START = np.array([2.0, 3.0])
HINTS = {1: "look at the first step", 3: "look at what adds up"}


def descend(A, b, x0, step_size, steps, dtype=float):
    A, b, x = (np.asarray(a, dtype=dtype) for a in (A, b, x0))
    path = [x]
    for _ in range(steps):
        path.append(path[-1] - dtype(step_size) * (A @ path[-1] - b))
    return np.array(path)


def failure(got, expected, **more):
    with pytest.raises(CheckFailed) as caught:
        assert_path(got, expected, **more)
    return caught.value


class TestRightPaths:
    path = descend(A, B, START, 0.2, 8)

    @pytest.mark.parametrize(
        "form", [np.copy, list, lambda p: p.tolist(), lambda p: [list(x) for x in p]]
    )
    def test_any_form_is_exact(self, form):
        assert assert_path(form(self.path), self.path) is Tier.EXACT

    def test_integers_are_read(self):
        path = [[1, 2], [3, 4]]
        assert assert_path(path, np.array(path, dtype=float)) is Tier.EXACT

    def test_no_steps(self):
        assert assert_path([START], START[None]) is Tier.EXACT

    def test_a_path_that_stays_at_zero(self):
        assert assert_path(np.zeros((4, 2)), np.zeros((4, 2))) is Tier.EXACT

    @pytest.mark.parametrize("step_size", [0.02, 0.3, 0.5, 0.7])
    @pytest.mark.parametrize("steps", [3, 40, 150])
    def test_float32_passes_on_long_and_on_growing_paths(self, step_size, steps):
        """0.7 lets the path grow without bound."""
        narrow = descend(A, B, START, step_size, steps, np.float32)
        wide = descend(A, B, START, step_size, steps)
        assert assert_path(narrow, wide) is not Tier.WRONG

    @given(seed=st.integers(0, 2**32), steps=st.integers(0, 60), d=st.integers(1, 6))
    def test_float32_passes_on_any_quadratic(self, seed, steps, d):
        rng = np.random.default_rng(seed)
        Q, _ = np.linalg.qr(rng.normal(size=(d, d)))
        M = Q @ np.diag(rng.uniform(0.05, 4.0, size=d)) @ Q.T
        M = (M + M.T) / 2
        args = (M, rng.normal(size=d), 3 * rng.normal(size=d), 0.45, steps)
        narrow = descend(*args, dtype=np.float32)
        assert_path(narrow, descend(*args), drift=lambda: sensitivity(descend, args, rng))


class TestWhatADriftIsFor:
    """An iteration that amplifies: near 0, dividing by the root of its own square is rough."""

    @staticmethod
    def rough(x0, steps):
        path = [x0]
        for _ in range(steps):
            g = path[-1] - 1.0
            path.append(path[-1] - 0.3 * g / np.sqrt(g**2 + 1e-10))
        return np.array(path)

    def test_a_rough_rule_passes_with_its_own_drift_only(self):
        x0 = np.array([1.0 + 1e-5, 3.0])
        right = self.rough(x0, 2)
        near = self.rough(x0 * (1 + 2.0**-24), 2)
        failure(near, right)
        rng = np.random.default_rng(0)
        drift = sensitivity(self.rough, (x0, 2), rng)
        assert assert_path(near, right, drift=lambda: drift) is Tier.LOW_PRECISION

    def test_a_drift_never_excuses_a_wrong_path(self):
        x0 = np.array([1.0 + 1e-9, 3.0])  # so rough that anything would be allowed
        drift = sensitivity(self.rough, (x0, 9), np.random.default_rng(0))
        right = self.rough(x0, 9)
        assert (drift <= 1e-3 * path_scale(right)[:, 0]).all()
        wrong = right.copy()
        wrong[4] += 0.02
        assert "step 4" in failure(wrong, right, drift=lambda: drift).summary

    def test_it_is_asked_for_only_where_it_matters(self):
        path = descend(A, B, START, 0.2, 5)

        def never():
            raise AssertionError("asked")

        assert assert_path(path, path, drift=never) is Tier.EXACT

    def test_arguments_are_not_changed(self):
        x0 = START.copy()
        sensitivity(descend, (A, B, x0, 0.1, 3), np.random.default_rng(0))
        assert np.array_equal(x0, START)


class TestWrongPaths:
    path = descend(A, B, START, 0.2, 8)

    def test_the_first_step_that_departs_is_told(self):
        wrong = self.path.copy()
        wrong[3:] += 0.01
        found = failure(wrong, self.path, hints=HINTS)
        assert found.summary == "the path leaves the rule at step 3: steps 1 and 2 are right"
        assert found.where == "row 3"
        assert found.hint == "look at what adds up"
        assert found.expected != found.got

    @pytest.mark.parametrize(
        ("step", "words"),
        [(1, "at step 1"), (2, "at step 2: step 1 is right"), (8, "8: steps 1 to 7 are right")],
    )
    def test_what_was_right_before_is_told(self, step, words):
        wrong = self.path.copy()
        wrong[step] += 0.01
        assert failure(wrong, self.path, hints=HINTS).summary.endswith(words)

    def test_hints_go_by_the_step(self):
        wrong = self.path.copy()
        wrong[2] += 1
        assert failure(wrong, self.path, hints=HINTS).hint == "look at the first step"
        assert failure(wrong, self.path).hint is None

    def test_another_start(self):
        assert "begin at the start" in failure(self.path + 0.1, self.path).summary

    def test_one_array_in_all_rows(self):
        found = failure(np.tile(self.path[-1], (9, 1)), self.path)
        assert "never moves" in found.summary
        assert "changed in place" in found.hint

    def test_a_path_that_stays(self):
        found = failure(np.tile(START, (9, 1)), self.path, hints=HINTS)
        assert "never moves" in found.summary
        assert found.hint == "look at the first step"

    @pytest.mark.parametrize(
        ("part", "hint"),
        [
            (slice(1, None), "The start is missing"),
            (slice(None, -1), "The last iterate is missing"),
            (slice(None, 4), "The first 4 are right"),
            (slice(2, 6), "8 steps make 9 iterates"),
            (slice(0, 0), "8 steps make 9 iterates"),
        ],
    )
    def test_a_missing_end_is_told(self, part, hint):
        found = failure(self.path[part], self.path)
        assert found.hint.startswith(hint)
        assert "expected 9" in found.summary

    def test_a_step_too_many(self):
        found = failure(descend(A, B, START, 0.2, 9), self.path)
        assert "10 iterates, expected 9" in found.summary
        assert "should be all" in found.hint

    def test_a_transposed_path(self):
        assert "transposed" in failure(self.path.T, self.path).hint

    @pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
    def test_a_path_that_is_lost(self, value):
        wrong = self.path.copy()
        wrong[5:] = value
        found = failure(wrong, self.path, hints=HINTS)
        assert "step 5" in found.summary
        assert "division by 0" in found.hint

    @pytest.mark.parametrize(
        "value",
        [
            None, 3.0, "path", b"", {}, [], [None], [[1.0], [1.0, 2.0]], 1j, np.zeros(3),
            np.zeros((9, 3)), np.zeros((9, 2, 1)), np.zeros((0, 0)), Handle(1, "Path"),
            [Handle(1, "Point")] * 9, np.array([["a", "b"]] * 9), [10**400] * 9,
        ],
        ids=repr,
    )  # fmt: skip
    def test_odd_values_fail_in_words(self, value):
        assert failure(value, self.path).summary

    @pytest.mark.parametrize("steps", [1, 5, 40, 150])
    @pytest.mark.parametrize(
        "rule",
        [
            lambda k, g: 0.99 * g,
            lambda k, g: g / (k + 2) ** 0.01,
            lambda k, g: g + 1e-3,
            lambda k, g: np.round(g, 2),
        ],
        ids=["a percent less", "a slow decay", "an offset", "rounded"],
    )
    def test_small_mistakes_show_however_long_the_path(self, steps, rule):
        x = np.array([1.2345, 2.7183])
        args = (A, B, x, 0.2, steps)
        path = [x]
        for k in range(steps):
            path.append(path[-1] - 0.2 * rule(k, A @ path[-1] - B))
        drift = sensitivity(descend, args, np.random.default_rng(0))
        failure(np.array(path), descend(*args), drift=lambda: drift)
