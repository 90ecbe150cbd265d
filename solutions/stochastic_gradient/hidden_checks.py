"""Hidden checks: every function against the reference on inputs that tell mistakes apart.

n, d and the batch sizes differ, columns have scales and offsets of their own, and y is far from
anything that fits. Paths use steps of about 1 / |x|^2, so that each shows, and batches with
repeats. What is drawn is judged by statistics that independent draws miss less than once in 1e10.
"""

import numpy as np
import pytest

from grader.checks import (
    Integers,
    array,
    assert_close,
    assert_drawn_from,
    assert_follows,
    assert_gradient,
    assert_in_either_form,
    assert_path,
    computes_in_float32,
    number,
    pair,
    passes,
    require,
    sensitivity,
    with_own,
)
from grader.checks.library_paths import Descent
from grader.checks.library_rules import descent_rules, name_rule
from grader.errors import CheckFailed, StudentFault

GRADIENTS = ["batch_gradient", "full_gradient"]


def problem(rng, n, d):
    """Arguments (w, X, y): uneven columns with offsets, residuals of about the size of y."""
    X = rng.normal(size=(n, d)) * rng.uniform(0.5, 2.0, size=d) + rng.uniform(-1, 1, size=d)
    return rng.normal(size=d), X, 2 * rng.normal(size=n) + 1.5


def contributions(w, X, y):
    """The sum of the absolute contributions to each entry of the full gradient."""
    return np.abs(X).T @ (np.abs(X) @ np.abs(w) + np.abs(y)) / len(y)


def scaled_problem(rng):
    w, X, y = problem(rng, 6, 3)
    scales = np.array([1e3, 1.0, 1e-3])
    return w / scales, X * scales, y


@pytest.mark.points(4)
def test_full_gradient(student, reference, rng, diagnose):
    """full_gradient on data of many shapes"""
    probes = [problem(rng, n, d) for n, d in ((7, 3), (5, 8), (4, 4), (1, 2), (30, 5), (6, 1))]
    probes.append(scaled_problem(rng))
    answers = student.full_gradient.map(probes)
    terms = [{"full_gradient": {"Xw": X.T @ X @ w / len(y), "y": -X.T @ y / len(y)}}
             for w, X, y in probes]  # fmt: skip
    sizes = [{"n": len(y), "d": len(w)} for w, X, y in probes]
    wide = [k for k, (w, X, y) in enumerate(probes) if len(w) > 2 and len(y) > 1]

    def judge(numbers):
        for k in numbers:
            expected, scale = reference.full_gradient(*probes[k]), contributions(*probes[k])
            assert_gradient(answers[k], [expected], [scale], ("full_gradient(w, X, y)",))

    with diagnose("full_gradient", probes, answers):
        with diagnose(
            "full_gradient",
            [probes[k] for k in wide],
            [answers[k] for k in wide],
            terms=[terms[k] for k in wide],
            sizes=[sizes[k] for k in wide],
        ):
            judge(wide)
        judge(range(len(probes)))


def batches_of(rng, n, steps, size):
    """Batches with repeats where there is room for them, and every row unlike the next."""
    drawn = rng.integers(n, size=(steps, size))
    if size > 1:
        drawn[::2, -1] = drawn[::2, 0]
    return drawn


@pytest.mark.points(5)
@pytest.mark.hint("The mean is over the indices: an example that stands there twice counts twice.")
def test_batch_gradient(student, reference, rng, diagnose):
    """batch_gradient of batches of every size, with examples that come twice"""
    probes = []
    sizes = ((7, 3, 1), (7, 4, 5), (3, 5, 8), (9, 2, 4), (12, 3, 30), (5, 1, 3), (4, 4, 3))
    for n, d, size in sizes:
        probes.append((*problem(rng, n, d), batches_of(rng, n, 1, size)[0]))
    w, X, y = scaled_problem(rng)
    probes.append((w, X, y, np.array([5, 2, 2])))
    answers = student.batch_gradient.map(probes)
    with diagnose("batch_gradient", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            w, X, y, indices = probe
            scale = contributions(w, X[indices], y[indices])
            assert_follows(
                lambda right, got=answer, scale=scale: assert_close(
                    got, right, "batch_gradient(w, X, y, indices)", scale=scale
                ),
                "batch_gradient",
                probe,
                student=student,
                reference=reference,
                rests=["full_gradient"],
            )


@pytest.mark.points(5)
@pytest.mark.hint("t is 1 for the first step. Which operation stands under the fraction bar?")
def test_step_sizes(student, reference, diagnose):
    """step_sizes of each schedule, for one step and for many"""
    probes = [
        ("constant", 0.3, 0.7, 5),
        ("inverse", 0.3, 0.7, 6),
        ("inverse", 2.0, 3.0, 9),
        ("power", 0.3, 0.7, 6),
        ("power", 1.5, 0.5, 9),
        ("power", 0.2, 2.5, 4),
        ("power", 0.2, 1.0, 1),
        ("inverse", 0.2, 0.01, 1),
        ("constant", 1.25, 2.0, 1),
        ("power", 0.3, 1.7, 40),  # so small at the end that rounding shows
    ]
    answers = student.step_sizes.map(probes)
    with diagnose("step_sizes", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            right = reference.step_sizes(*probe)
            assert_close(answer, right, f"step_sizes{probe}", scale=right)


def drawn_by(student, n, steps, size, seed):
    name = f"draw_batches({n}, {steps}, {size}, {seed})"
    return array(student.draw_batches(n, steps, size, seed), name, kind="int", shape=(steps, size))


def name_draws(drawn, n):
    """What is wrong with draws, where their form tells it beyond doubt."""
    size = drawn.shape[1]
    flat = drawn.ravel()
    if flat.min() == 1 and flat.max() == n:
        return "Your draw_batches counts the examples from 1: the indices are 0 to n - 1."
    if flat.min() < 0 or flat.max() >= n:
        return None
    if (drawn == drawn[0]).all():
        return "Your draw_batches gives the same batch in every step."
    if size > 1 and (drawn == drawn[:, :1]).all():
        return "Your draw_batches fills each batch with one example."
    if np.array_equal(flat, np.arange(len(flat)) % n):
        return "Your draw_batches takes the examples in turn: they are to be drawn."
    passes_whole = flat[: len(flat) // n * n].reshape(-1, n)
    if (np.sort(passes_whole, axis=1) == np.arange(n)).all():
        return "Your draw_batches goes through all examples before one comes again."
    if size > 2 and len(np.unique(np.diff(drawn, axis=1) % n)) == 1:
        return (
            "Your draw_batches draws the first example of a batch only: the others follow from it."
        )
    if 1 < size <= n and all(len(set(row)) == size for row in drawn.tolist()):
        return "Your draw_batches draws a batch without replacement: an example may come twice."
    if size > 2 and (np.diff(drawn, axis=1) >= 0).all():
        return "Your draw_batches sorts each batch: its draws are not independent then."
    if flat.min() == 0 and flat.max() == n - 2:
        return "Your draw_batches never draws the last example."
    if flat.min() == 1 and flat.max() == n - 1:
        return "Your draw_batches never draws the first example."
    return None


@pytest.mark.points(4)
@pytest.mark.hint("Every draw is one of 0, ..., n - 1, and each of them is equally likely.")
def test_draws_are_uniform(student):
    """draw_batches draws every example equally often"""
    for n, steps, size, seed in ((7, 500, 6, 11), (3, 90, 20, 12), (25, 1200, 5, 2)):
        drawn = drawn_by(student, n, steps, size, seed)
        name = f"draw_batches({n}, {steps}, {size}, {seed})"
        try:
            assert_drawn_from(drawn, Integers(0, n), name, lags=())
        except CheckFailed as failure:
            failure.diagnosis = name_draws(drawn, n)
            raise


@pytest.mark.points(3)
@pytest.mark.hint("Within a batch and from one batch to the next, no draw knows of another one.")
def test_draws_are_independent(student):
    """draw_batches draws every index independently of the others"""
    for n, steps, size, seed in ((7, 500, 6, 21), (40, 1500, 8, 22), (6, 3000, 1, 23)):
        drawn = drawn_by(student, n, steps, size, seed)
        name = f"draw_batches({n}, {steps}, {size}, {seed})"
        inside = (drawn >= 0) & (drawn < n)
        try:
            if inside.all():
                halves = {(size + 1) // 2, (steps + 1) // 2 * size}
                lags = sorted({1, 2, size, n, n - 1, steps} | halves)
                assert_differences(drawn, n, name, lags)
            else:
                # An index that does not exist costs the points of another check.
                assert_differences(drawn - drawn.min(), int(np.ptp(drawn)) + 1, name, [1, size])
        except CheckFailed as failure:
            failure.diagnosis = name_draws(drawn, n)
            raise


def assert_differences(drawn, n, name, lags):
    """Draws that stand apart are independent, though some values may be likelier than others."""
    flat = drawn.ravel()
    counts = np.bincount(flat, minlength=n) / len(flat)
    if passes(assert_drawn_from, flat, Integers(0, n), lags=()):
        assert_drawn_from(flat, Integers(0, n), name, lags=lags)
        for lag in lags:
            # A draw may also mirror another one: then it is their sum that does not vary.
            message = f"{name}: draws that stand {lag} apart depend on each other"
            assert_drawn_from((flat[lag:] + flat[:-lag]) % n, Integers(0, n), message, lags=())
    else:
        for lag in lags:
            # Equal values come as often as their shares say, give or take ten standard deviations.
            equal, expected = np.mean(flat[lag:] == flat[:-lag]), np.sum(counts**2)
            within = 10 * np.sqrt(expected / (len(flat) - lag)) + 0.01
            require(
                bool(abs(equal - expected) <= within),
                f"{name}: draws that stand {lag} apart depend on each other",
                expected=f"equal in about {expected:.1%} of the cases",
                got=f"{equal:.1%}",
            )


def judge_paths(student, *more):
    """See `judge_every_path`. A gradient of another shape costs its own points alone."""
    assert_in_either_form(
        lambda: judge_every_path(student, *more),
        student,
        lambda: judge_forms_of_gradients(student),
        full_gradient=1,
        batch_gradient=1,
    )


def judge_forms_of_gradients(student):
    X, y = np.eye(3, 2), np.arange(3.0)
    array(student.full_gradient(np.ones(2), X, y), shape=(2,))
    array(student.batch_gradient(np.ones(2), X, y, np.array([2, 0])), shape=(2,))


def judge_every_path(student, reference, diagnose, probes, rng):
    """Compare the path of each probe; the first step that departs is told."""
    answers = student.sgd.map(probes)
    point = problem(rng, 5, 3)
    narrow = computes_in_float32(lambda: student.full_gradient(*point)) or computes_in_float32(
        lambda: student.batch_gradient(*point, np.array([0, 2]))
    )
    hints = {
        1: "w_1 = w_0 - alphas[0] * batch_gradient(w_0, X, y, batches[0])",
        2: "The first step is right: look at what changes from step to step.",
    }
    with diagnose("sgd", probes, answers):
        try:
            for probe, answer in zip(probes, answers, strict=True):
                assert_follows(
                    lambda right, got=answer, probe=probe: assert_path(
                        got,
                        right,
                        drift=lambda: sensitivity(reference.sgd, probe, rng),
                        hints=hints,
                        given=None if narrow else probe,
                    ),
                    "sgd",
                    probe,
                    student=student,
                    reference=reference,
                    rests=GRADIENTS,
                )
        except CheckFailed as failure:
            known = diagnose.name_mistake("sgd", probes, answers)
            failure.diagnosis = known or name_rule_of(reference, probes, answers)
            raise


def name_rule_of(reference, probes, answers):
    """What a library adds to the rule, where that gives every path."""

    def run(X, y, w0, batches, alphas):
        def gradient(t, w):
            return np.apply_along_axis(reference.batch_gradient, -1, w, X, y, batches[t])

        return Descent(gradient, w0, alphas)

    runs = [run(*probe) for probe in probes]
    return name_rule(runs, answers, descent_rules("sgd", "w"))


def walk(rng, n, d, steps, size, reach=0.4):
    """Arguments of sgd: steps of about reach / |x|^2, each of its own length."""
    w, X, y = problem(rng, n, d)
    alphas = reach / np.mean(np.sum(X**2, axis=1)) * rng.uniform(0.3, 1.5, size=steps)
    return X, y, w, batches_of(rng, n, steps, size), alphas


@pytest.mark.points(7)
def test_sgd(student, reference, rng, diagnose):
    """sgd follows its rule with batches of several sizes"""
    sizes = [(7, 3, 12, 1), (5, 2, 20, 4), (4, 6, 9, 7), (11, 4, 1, 3), (3, 1, 6, 2)]
    sizes.append(sizes[0])  # what is remembered by shapes is not the answer
    probes = [walk(rng, *size) for size in sizes]
    judge_paths(student, reference, diagnose, [*probes, on_a_grid(rng)], rng)


def on_a_grid(rng):
    """Arguments of sgd that are small binary fractions, which float32 holds."""
    X, y, w = (rng.integers(-6, 7, size=size) / 4 for size in ((8, 3), 8, 3))
    return X, y + 1.25, w, batches_of(rng, 8, 10, 2), rng.integers(4, 16, size=10) / 64


def small(probe, part=2.0**-45):
    """The same run with all numbers of y and w so small that the gradients are, too."""
    X, y, w0, batches, alphas = probe
    return X, part * y, part * w0, batches, alphas


@pytest.mark.points(3)
@pytest.mark.hint("All the steps are to be taken, and each as it is, whatever happens on the way.")
def test_sgd_takes_every_step(student, reference, rng, diagnose):
    """sgd goes on from the minimiser, and where its steps are too large"""
    w, X, _ = problem(rng, 5, 3)
    _, Z, y = problem(rng, 6, 2)
    Z[0] = y[0] = 0.0  # an example whose gradient is 0 everywhere
    rows = np.array([[0], [0], [3], [0], [2], [0], [4]])
    probes = [
        (X, X @ w, w, batches_of(rng, 5, 6, 2), np.full(6, 0.1)),  # every gradient is 0
        (Z, y, np.array([0.5, -1.0]), rows, np.full(7, 0.1)),
        walk(rng, 6, 3, 8, 2, reach=3.0),  # the path leaves
        walk(rng, 8, 2, 60, 3),
        small(walk(rng, 6, 3, 9, 2)),
    ]
    judge_paths(student, reference, diagnose, probes, rng)


@pytest.mark.points(3)
def test_weighted_average(student, reference, rng, diagnose):
    """weighted_average of paths of several lengths"""
    probes = [
        (rng.normal(size=(steps + 1, d)) + 1, rng.uniform(0.2, 3.0, size=steps))
        for steps, d in ((6, 3), (1, 2), (25, 1), (3, 4), (6, 3))
    ]
    probes.append((probes[0][0], probes[0][1] / 1024))  # small ones are no more alike
    answers = student.weighted_average.map(probes)
    with diagnose("weighted_average", probes, answers):
        for (path, alphas), answer in zip(probes, answers, strict=True):
            scale = alphas @ np.abs(path[:-1]) / alphas.sum()
            right = reference.weighted_average(path, alphas)
            assert_close(answer, right, "weighted_average(path, alphas)", scale=scale)


@pytest.mark.points(3)
def test_bound(student, reference, rng, diagnose):
    """bound for steps of many sizes"""
    probes = [
        (float(rng.uniform(1.5, 9)), float(rng.uniform(1.5, 9)), rng.uniform(0.1, 2, size=steps))
        for steps in (5, 1, 12)
    ]
    probes += [(400.0, 0.03, np.full(7, 0.5)), (0.02, 90.0, 0.5 / np.arange(1.0, 9.0))]
    probes.append((*probes[0][:2], rng.uniform(0.1, 2, size=5)))  # the same lengths again
    answers = student.bound.map(probes)
    with diagnose("bound", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            assert_close(answer, reference.bound(*probe), "bound(R2, G2, alphas)")


@pytest.mark.points(3)
@pytest.mark.hint("With T = steps equal steps h the bound is R2 / (2 T h) + G2 h / 2.")
def test_best_constant_step(student, reference, diagnose):
    """best_constant_step for several distances, gradients and numbers of steps"""
    probes = [(2.5, 7.0, 6), (7.0, 2.5, 3), (400.0, 0.3, 50), (0.04, 9.0, 1)]
    answers = student.best_constant_step.map(probes)
    with diagnose("best_constant_step", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            name = "best_constant_step(R2, G2, steps)"
            try:
                # A search over the bound finds its flat minimum to half of the digits.
                assert_close(answer, reference.best_constant_step(*probe), name, low=1e-4)
            except CheckFailed:
                if not is_best_of_own_bound(student, reference, probe, answer):
                    raise


def is_best_of_own_bound(student, reference, probe, answer):
    """Whether the step minimises the student's own bound, where that is a wrong one."""
    R2, G2, steps = probe
    try:
        h = number(answer)
        parts = [1.0, 0.9, 0.99, 1.01, 1.1]
        calls = [(R2, G2, np.full(steps, h * part)) for part in parts]
        values = [number(value) for value in student.bound.map(calls)]
    except StudentFault:
        return False
    wrong = not passes(assert_close, values[1], reference.bound(*calls[1]))
    return h > 0 and wrong and values[1] > values[2] > values[0] < values[3] < values[4]


@pytest.mark.points(3)
@pytest.mark.hint("What happens at the exponents 1/2 and 1 themselves?")
def test_meets_conditions(student, reference, diagnose):
    """meets_conditions for exponents of every size"""
    probes = [("constant", delta) for delta in (0.2, 1.0, 3.0)]
    probes += [("inverse", delta) for delta in (0.2, 0.5, 1.0, 4.0)]
    probes += [("power", delta) for delta in (0.1, 0.4, 0.5, 0.55, 0.8, 1.0, 1.1, 1.5, 3.0)]
    answers = student.meets_conditions.map(probes)
    names = ("diverges", "is finite")
    read = [
        tuple(number(item, "meets_conditions") == 1.0 for item in pair(answer, names))
        for answer in answers
    ]
    with diagnose("meets_conditions", probes, read):
        for probe, got in zip(probes, read, strict=True):
            right = tuple(map(bool, reference.meets_conditions(*probe)))
            require(
                got == right,
                f"meets_conditions{probe} is wrong",
                expected=f"{right}: whether sum alpha_t diverges, sum alpha_t^2 is finite",
                got=str(got),
            )


@pytest.mark.points(6)
@pytest.mark.hint("Every draw may be any of the n examples: divide by n, and the mean by its size.")
def test_gradient_variance(student, reference, rng, diagnose):
    """gradient_variance on data of many shapes, for small batches and large ones"""
    probes = [
        (*problem(rng, n, d), size)
        for n, d, size in (
            *((7, 3, 1), (6, 4, 5), (4, 6, 9), (12, 2, 3), (1, 3, 2), (5, 1, 4)),
            *((3, 3, 2), (7, 3, 1)),  # a square, and shapes that come again
        )
    ]
    answers = student.gradient_variance.map(probes)
    with diagnose("gradient_variance", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            w, X, y, size = probe
            scale = np.mean((np.abs(X) @ np.abs(w) + np.abs(y)) ** 2 * np.sum(X**2, axis=1)) / size
            judge_variance(student, reference, probe, answer, scale)


def judge_variance(student, reference, probe, answer, scale):
    """Right, or what one of the usual formulas gives with the student's own gradients."""
    name = "gradient_variance(w, X, y, batch_size)"
    try:
        assert_close(answer, reference.gradient_variance(*probe), name, scale=scale)
    except CheckFailed:
        w, X, y, size = probe
        for own in with_own(reference, student, GRADIENTS):
            try:
                mean = own.full_gradient(w, X, y)
                singles = [own.batch_gradient(w, X, y, np.array([i])) for i in range(len(y))]
            except StudentFault:
                continue
            squares = np.mean([g @ g for g in singles])
            around = [np.mean([(g - c) @ (g - c) for g in singles])
                      for c in (mean, np.mean(singles, axis=0))]  # fmt: skip
            for value in (*around, squares - mean @ mean):
                if own.alive() and passes(assert_close, answer, value / size, scale=scale):
                    return
        raise
