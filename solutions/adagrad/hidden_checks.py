"""Hidden checks: every function against the reference on inputs that tell mistakes apart.

Problems are built backwards, from the first gradient: its entries are neither near 0, where
AdaGrad with a tiny eps would amplify rounding, nor alike. A has entries off the diagonal and
eigenvalues between 0.5 and 5, and steps are large enough that every wrong rule shows.
"""

from contextlib import nullcontext

import numpy as np
import pytest

from grader.checks import (
    array,
    assert_close,
    assert_follows,
    assert_gradient,
    assert_in_either_form,
    assert_path,
    computes_in_float32,
    integer,
    require,
    sensitivity,
)
from grader.checks.library_paths import Descent
from grader.checks.library_rules import adagrad_rules, descent_rules, name_rule
from grader.errors import CheckFailed

TINY = 1e-8


def matrix(rng, d, low=0.5, high=5.0):
    """A symmetric positive definite matrix with eigenvalues from `low` to `high`."""
    Q, _ = np.linalg.qr(rng.normal(size=(d, d)))
    A = Q @ np.diag(np.linspace(low, high, d)) @ Q.T
    return (A + A.T) / 2


def problem(rng, d, low=0.5, high=5.0):
    """Arguments (A, b, x0); the entries of the gradient at x0 are between 1 and 4."""
    A, b = matrix(rng, d, low, high), rng.uniform(1.0, 3.0, size=d) * rng.choice([-1, 1], size=d)
    g = rng.uniform(1.0, 4.0, size=d) * rng.choice([-1, 1], size=d)
    return A, b, np.linalg.solve(A, g + b)


def on_a_grid(rng):
    """Arguments (A, b, x0) of small binary fractions, which float32 holds, three dimensions."""
    M = rng.integers(-2, 3, size=(3, 3))
    A = (M @ M.T + 4 * np.eye(3)) / 8
    return A, rng.choice([-1.5, -0.75, 0.5, 1.25], size=3), rng.choice([-2.5, -1.0, 1.5], size=3)


SMALL = 2.0**-45  # no step and no gradient is as large as what stops descents elsewhere


def shrunk(A, b, x0):
    """The same problem, on which every path is SMALL times as large."""
    return A, SMALL * b, SMALL * x0


def shows(student, A, b, x0):
    """Whether the student's own gradient, which costs its own points, shows a rule here."""
    return bool(array(student.quadratic_gradient(x0, A, b), finite=False).any())


def near(rng):
    """Arguments (A, b, x0) with small gradients, which nothing cuts."""
    A, b, x0 = problem(rng, 3)
    return A, b, 0.95 * np.linalg.solve(A, b) + 0.05 * x0


def points(rng):
    """Arguments (x, A, b) of quadratic and its gradient, sizes 2 to 6, uneven scales too."""
    probes = [
        (rng.normal(size=d) * 2, matrix(rng, d), rng.normal(size=d) * 3) for d in (2, 3, 4, 6)
    ]
    scales = np.array([30.0, 1.0, 0.01])
    A = matrix(rng, 3) * np.outer(scales, scales)
    probes.append((rng.normal(size=3) / scales, (A + A.T) / 2, rng.normal(size=3) * scales))
    for size, of_b in ((1e4, 1.0), (1e-5, 1e-5)):  # and nothing that is small counts as 0
        x = size * rng.uniform(1.0, 3.0, size=3)
        probes.append((x, matrix(rng, 3), of_b * rng.normal(size=3)))
    return probes


def judge_paths(student, *more):
    """See `judge_every_path`. A gradient of another shape costs its own points alone."""
    assert_in_either_form(
        lambda: judge_every_path(student, *more),
        student,
        lambda: array(student.quadratic_gradient(np.ones(2), np.eye(2), np.ones(2)), shape=(2,)),
        quadratic_gradient=1,
    )


def judge_every_path(student, reference, diagnose, function, probes, rng, hints):
    """Compare the path of each probe; the first step that departs is told."""
    answers = getattr(student, function).map(probes)
    # A path that stays at its start fits every rule whose steps are too small there to be seen.
    shown = not all(map(stands_still, answers, probes))
    with diagnose(function, probes, answers) if shown else nullcontext():
        for probe, answer in zip(probes, answers, strict=True):
            try:
                judge_path(student, reference, function, probe, answer, rng, hints)
            except CheckFailed as failure:
                if stops_early(answer, getattr(reference, function)(*probe)):
                    failure.diagnosis = (
                        f"Your {function} stops early: all the steps are to be taken."
                    )
                elif failure.diagnosis is None and shown:
                    known = diagnose.name_mistake(function, probes, answers)
                    failure.diagnosis = known or name_rule_of(function, probes, answers)
                raise


def judge_path(student, reference, function, probe, answer, rng, hints):
    def drift():
        return sensitivity(getattr(reference, function), probe, rng)

    A, b, x0 = probe[:3]
    narrow = computes_in_float32(lambda: student.quadratic_gradient(x0 / 3, A, b))
    given = None if narrow else probe
    assert_follows(
        lambda expected: assert_path(answer, expected, drift=drift, hints=hints, given=given),
        function,
        probe,
        student=student,
        reference=reference,
        rests=["quadratic_gradient"],
    )


def stands_still(answer, probe):
    """Whether each iterate is the start."""
    try:
        return bool((array(answer, shape=(None, len(probe[2]))) == probe[2]).all())
    except CheckFailed:
        return False


def stops_early(answer, right):
    """Whether the path is right as far as it goes, and lacks more than its last iterate."""
    try:
        path = array(answer, shape=(None, right.shape[1]))
    except CheckFailed:
        return False
    have = len(path)
    scale = np.abs(right).max()
    return 1 < have < len(right) - 1 and np.allclose(path, right[:have], atol=1e-5 * scale)


def name_rule_of(function, probes, answers):
    """What a library adds to the rule, where that gives every path."""
    runs = [
        Descent(
            lambda t, x, A=probe[0], b=probe[1]: x @ A - b,
            probe[2],
            np.full(probe[4], probe[3]),
            eps=probe[5] if function == "adagrad" else 0.0,
        )
        for probe in probes
    ]
    rules = adagrad_rules(function) if function == "adagrad" else descent_rules(function)
    return name_rule(runs, answers, rules)


DESCENT_HINTS = {1: "x_1 = x_0 - step_size * gradient at x_0", 2: "Every step has the same size."}
ADAGRAD_HINTS = {
    1: "v_0 is the square of g_0, coordinate by coordinate.",
    2: "The first step is right: look at how v goes on.",
}


@pytest.mark.points(5)
def test_quadratic(student, reference, rng, diagnose):
    """quadratic in several dimensions"""
    probes = points(rng)
    # Half way to the minimiser f is below zero.
    probes += [(np.linalg.solve(A, b) / 2, A, b) for _, A, b in probes[:2]]
    answers = student.quadratic.map(probes)
    with diagnose("quadratic", probes, answers):
        for (x, A, b), answer in zip(probes, answers, strict=True):
            scale = 0.5 * np.abs(x) @ np.abs(A) @ np.abs(x) + np.abs(b) @ np.abs(x)
            assert_close(answer, reference.quadratic(x, A, b), "quadratic(x, A, b)", scale=scale)


@pytest.mark.points(5)
def test_gradient(student, reference, rng, diagnose):
    """quadratic_gradient in several dimensions"""
    probes = points(rng)
    answers = student.quadratic_gradient.map(probes)

    def judge(numbers):
        for number in numbers:
            x, A, b = probes[number]
            scale = np.abs(A) @ np.abs(x) + np.abs(b)
            right = reference.quadratic_gradient(x, A, b)
            name = "quadratic_gradient(x, A, b)"
            assert_gradient(answers[number], [right], [scale], (name,))

    # Two terms can be told apart by their coefficients where there are more than two entries.
    large = [number for number, (x, _, _) in enumerate(probes) if len(x) > 2]
    chosen = [probes[number] for number in large]
    terms = [{"the gradient": {"term Ax": A @ x, "term b": -b}} for x, A, b in chosen]
    sizes = [{"d": len(x)} for x, _, _ in chosen]
    with diagnose("quadratic_gradient", probes, answers):
        with diagnose(
            "quadratic_gradient", chosen, [answers[n] for n in large], terms=terms, sizes=sizes
        ):
            judge(large)
        judge(range(len(probes)))


@pytest.mark.points(8)
def test_descent(student, reference, rng, diagnose):
    """gradient_descent follows its rule in several dimensions"""
    steps = [(3, 0.3, 12), (2, 0.12, 30), (5, 0.2, 7), (4, 0.37, 1)]
    probes = [(*problem(rng, d), size, count) for d, size, count in steps]
    probes += [(*on_a_grid(rng), 0.25, 8), (*near(rng), 0.2, 5)]
    judge_paths(student, reference, diagnose, "gradient_descent", probes, rng, DESCENT_HINTS)


@pytest.mark.points(4)
@pytest.mark.hint("All the steps are to be taken, and each as it is, whatever happens on the way.")
def test_descent_takes_every_step(student, reference, rng, diagnose):
    """gradient_descent goes on from the minimiser, and where its step is too large"""
    A, b = np.diag([2.0, 4.0, 2.0]), np.array([1.0, 2.0, -3.0])
    probes = [
        (A, b, np.array([0.5, 0.5, -1.5]), 0.25, 6),  # the start is the minimiser
        (2 * np.eye(2), np.array([1.0, -4.0]), np.array([3.0, 1.0]), 0.5, 5),  # there in one step
        (*problem(rng, 3), 0.5, 9),  # 0.5 > 2/5: the path leaves
        (*problem(rng, 2, 4.0, 5.0), 2.4, 7),  # and goes beyond a million
        (*problem(rng, 2, 1.0, 2.0), 0.6, 60),  # there to rounding
    ]
    judge_paths(student, reference, diagnose, "gradient_descent", probes, rng, DESCENT_HINTS)
    A, b, x0 = shrunk(*on_a_grid(rng))
    if shows(student, A, b, x0):
        small = [(A, b, x0, 0.25, 4)]
        judge_paths(student, reference, diagnose, "gradient_descent", small, rng, DESCENT_HINTS)


@pytest.mark.points(9)
def test_adagrad(student, reference, rng, diagnose):
    """adagrad follows its rule in several dimensions"""
    steps = [(3, 0.5, 12), (2, 1.0, 25), (5, 0.2, 7), (4, 1.7, 1)]
    probes = [(*problem(rng, d), size, count, TINY) for d, size, count in steps]
    probes += [(*on_a_grid(rng), 0.5, 8, TINY), (*near(rng), 0.05, 5, TINY)]
    judge_paths(student, reference, diagnose, "adagrad", probes, rng, ADAGRAD_HINTS)


@pytest.mark.points(6)
def test_adagrad_with_a_large_eps(student, reference, rng, diagnose):
    """adagrad adds eps once, inside the root"""
    steps = [(2, 0.5, 6, 0.3), (3, 0.8, 8, 2.5), (4, 0.4, 1, 0.7)]
    probes = [(*problem(rng, d), size, count, eps) for d, size, count, eps in steps]
    hints = dict.fromkeys((1, 2), "eps is added to v once, under the root: sqrt(v + eps).")
    judge_paths(student, reference, diagnose, "adagrad", probes, rng, hints)


@pytest.mark.points(3)
@pytest.mark.hint("All the steps are to be taken, also where the gradient is 0.")
def test_adagrad_takes_every_step(student, reference, rng, diagnose):
    """adagrad goes on from the minimiser, and starts afresh in every call"""
    A, b = np.diag([2.0, 4.0, 2.0]), np.array([1.0, 2.0, -3.0])
    far = problem(rng, 3)
    probes = [
        (A, b, np.array([0.5, 0.5, -1.5]), 0.25, 6, 0.5),  # the start is the minimiser
        (*far, 0.5, 4, TINY),
        (*far, 0.5, 4, TINY),
    ]
    judge_paths(student, reference, diagnose, "adagrad", probes, rng, ADAGRAD_HINTS)
    A, b, x0 = shrunk(*on_a_grid(rng))
    if shows(student, A, b, x0):
        small = [(A, b, x0, SMALL * 0.25, 4, SMALL**2 * TINY)]
        judge_paths(student, reference, diagnose, "adagrad", small, rng, ADAGRAD_HINTS)


def judge_steps(student, reference, diagnose, probes):
    answers = student.steps_to_reach.map(probes)
    # Many a mistake gives the same index everywhere: that names none of them.
    varied = len({repr(answer) for answer in answers}) > 1
    with diagnose("steps_to_reach", probes, answers) if varied else nullcontext():
        for probe, answer in zip(probes, answers, strict=True):
            judge_index(student, reference, probe, answer)


def judge_index(student, reference, probe, answer):
    k = integer(answer, "steps_to_reach(path, A, b, gap)")
    assert_follows(
        lambda right: require(
            k == right,
            "steps_to_reach(path, A, b, gap): wrong index",
            expected=str(right),
            got=str(k),
            where=f"gap = {probe[3]:.6g}, a path of {len(probe[0])} iterates",
        ),
        "steps_to_reach",
        probe,
        student=student,
        reference=reference,
        rests=["quadratic"],
    )


def clear_gaps(values, count, rng):
    """`count` gaps, each far from every value: float32 must not decide."""
    levels = np.sort(np.append(values, values.max() + 1.0))
    wide = np.flatnonzero(np.diff(levels) > 0.02 * levels[1:])
    chosen = rng.choice(wide, size=count)
    return (levels[chosen] + levels[chosen + 1]) / 2


@pytest.mark.points(6)
def test_steps_to_reach(student, reference, rng, diagnose):
    """steps_to_reach on paths that fall, that rise and fall, and that stay away"""
    probes = []
    for d in (2, 3, 4):
        A, b, x0 = problem(rng, d)
        if d == 3:
            b = b / 10  # min f near 0, so that its sign shows
        best = np.linalg.solve(A, b)
        falling = reference.gradient_descent(A, b, x0, 0.25, 14)
        # Distances that rise and fall, in directions of their own.
        sizes = rng.permutation(np.linspace(0.5, 3.0, 12))
        turns = rng.normal(size=(12, d))
        wandering = best + sizes[:, None] * turns / np.linalg.norm(turns, axis=1)[:, None]
        for path in (falling, wandering):
            values = np.array([reference.quadratic(x, A, b) for x in path])
            values -= reference.quadratic(best, A, b)
            gaps = [*clear_gaps(values, 4, rng), values[0] * 1.5, values.min() / 2]
            if path is falling:
                gaps.append((values[-2] + values[-1]) / 2)  # reached at the very end
            probes += [(path, A, b, float(gap)) for gap in gaps if gap > 1e-3]
    judge_steps(student, reference, diagnose, probes)


@pytest.mark.points(2)
@pytest.mark.hint("<= gap, not < gap")
def test_steps_to_reach_exactly(student, reference, diagnose):
    """steps_to_reach counts an iterate whose f - min f is exactly the gap, and none above it"""
    # A = I and b = 0 with points on the axes: f is half a square, exact however it is computed.
    A, b = np.eye(2), np.zeros(2)
    # f is 8, 4.5, 2, 0.5, 0.125, 2, 0.5, 4.5: it falls and rises again.
    path = np.zeros((8, 2))
    path[np.arange(8), np.arange(8) % 2] = [4.0, 3.0, -2.0, -1.0, 0.5, 2.0, 1.0, -3.0]
    probes = [(path, A, b, gap) for gap in (8.0, 4.5, 2.0, 0.5, 0.125, 0.0625)]
    # Nothing but the gap itself is near enough: no slack, no rounding to a few digits.
    probes += [(path, A, b, gap * (1 - 2**-15)) for gap in (4.5, 0.125)]
    probes.append((path / 64, A, b, 0.125 / 2**12 * (1 - 2**-8)))
    # The minimiser itself, which no gap is too small for.
    probes.append((np.vstack([path[:5], np.zeros((2, 2))]), A, b, 0.0))
    judge_steps(student, reference, diagnose, probes)
