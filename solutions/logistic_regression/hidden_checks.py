"""Hidden checks: every function against the reference on inputs that tell mistakes apart.

n and d differ, but for one case. Scores stay moderate where values are compared, because float32
and log(p + 1e-12) are right there; what lies far out has checks of its own. An answer is taken for
float32 where each of its numbers is one, and then judged as far as float32 reaches.

A function is right where it does the right thing with what the student's own functions give: a
wrong sigmoid costs the points of sigmoid.
"""

import numpy as np
import pytest

from grader.checks import (
    answered,
    array,
    assert_close,
    assert_follows,
    assert_gradient,
    assert_in_either_form,
    assert_labels,
    computes_in_float32,
    digits_of,
    floored,
    is_float32,
    number,
    sequence,
)
from grader.checks.own import with_own
from grader.errors import CheckFailed, StudentFault, StudentRaised


def problem(rng, n, d, *, spread=3.0, scales=1.0):
    """Arguments (beta0, beta, X, y): uneven features, scores within +-spread, both labels."""
    while True:
        X = rng.normal(size=(n, d)) * rng.uniform(0.5, 2.0, size=d) + rng.uniform(-1.0, 1.0, size=d)
        beta0, beta = float(rng.uniform(0.4, 1.2)), rng.normal(size=d)
        factor = spread / np.abs(beta0 + X @ beta).max()
        # Scores that are small by cancellation cost float32 its digits.
        if factor * (beta0 + np.abs(X) @ np.abs(beta)).max() < 4 * spread:
            break
    y = rng.permutation(np.resize([0.0, 1.0, 1.0], n))
    return beta0 * factor, beta * factor / scales, X * scales, y


def general(rng):
    """Probes with n and d different, one with n = d, one example, one feature, uneven scales.

    The last one has a size once more, so that no answer may be kept, and one class alone.
    """
    *others, _ = problem(rng, 7, 1)
    return [
        problem(rng, 11, 3),
        problem(rng, 6, 8),
        problem(rng, 5, 5),
        problem(rng, 1, 4),
        problem(rng, 7, 1),
        problem(rng, 10, 3, scales=np.array([50.0, 1.0, 0.02])),
        (*others, np.full(7, rng.choice([0.0, 1.0]))),
    ]


def judge_digits(answer, expected, name, scale, precise):
    """precise: what a float64 answer has to keep to, in units of the scale; float32 1e-5."""
    read = array(answer, name, shape=expected.shape)
    low = digits_of(read, single=1e-5, double=precise, units=(1.0, 1 / np.log(2)))
    assert_close(read, expected, name, scale=scale, exact=0.0, low=low)


def name_lost_digits(t, answer):
    """What costs a sigmoid the digits of its small values, else None.

    The catalogue does not tell: such mistakes are far below the largest value of a probe.
    t: (m,) with some below -100 and some above 50. answer: (m,).
    """
    small = answer[t < -100]
    if np.isclose(small.min(), np.exp(-500.0), rtol=1e-9, atol=0):
        return "Your sigmoid clips t, which is wrong far out."
    if np.ptp(small) == 0 and small[0] > 0:
        known = {1e-7: ", which is Keras's epsilon", 2.0**-52: ", which is scikit-learn's epsilon"}
        whose = [known[eps] for eps in known if np.isclose(small[0], eps, rtol=1e-6, atol=0)]
        return (
            f"Your sigmoid is never below {small[0]:.2g}{''.join(whose)}: keep neither t nor the "
            "value away from where it is tiny."
        )
    with np.errstate(all="ignore"):
        more = 1 / answer[t > 50] - 1
    if np.ptp(more) == 0 and 1e-13 < more[0] < 1e-3:
        return (
            f"The denominator of your sigmoid is too large by {more[0]:.2g}: it is 1 + e^-t, "
            "without a small constant."
        )
    if not small.any() and (answer[t > 50] == 1).all():
        return (
            "Your sigmoid is 0 where the right value is tiny but not 0: rounding, tanh and "
            "differences from 1 do that. Use exp."
        )
    return None


@pytest.mark.points(4)
def test_sigmoid(student, reference, rng, diagnose):
    """sigmoid of arrays of many shapes, to twelve digits"""
    shapes = [(12,), (4, 3), (2, 3, 4), (1, 9), (12,)]  # one twice: no answer may be kept
    probes = [(rng.normal(scale=3.0, size=shape),) for shape in shapes]
    probes.append((rng.uniform(-80.0, 80.0, size=20),))
    answers = student.sigmoid.map(probes)
    with diagnose("sigmoid", probes, answers):
        for (t,), answer in zip(probes, answers, strict=True):
            expected = reference.sigmoid(t)
            judge_digits(answer, expected, "sigmoid(t)", expected, 1e-12)


@pytest.mark.points(2)
def test_sigmoid_far_out(student, reference, rng, diagnose):
    """sigmoid keeps its digits down to t = -700, and is 0 or 1 at 10000"""
    probes = [
        (rng.normal(size=8),),
        (rng.permutation([-700.0, -350.0, -120.5, 90.0, 500.0, 700.0]),),
        (rng.permutation([1e4, -1e4, 0.0]),),
    ]
    answers = student.sigmoid.map(probes)
    with diagnose("sigmoid", probes, answers):
        near, digits, far = (array(answer, "sigmoid(t)") for answer in answers)
        expected = reference.sigmoid(probes[1][0])
        if not is_float32(near):
            try:
                assert_close(digits, expected, "sigmoid(t)", scale=expected, exact=0.0, low=1e-12)
            except CheckFailed as failure:
                if np.abs(near - reference.sigmoid(probes[0][0])).max() < 1e-6:
                    failure.diagnosis = name_lost_digits(probes[1][0], digits)
                raise
        assert_close(far, reference.sigmoid(probes[2][0]), "sigmoid(t)", low=1e-12)


@pytest.mark.points(3)
def test_log_odds(student, reference, rng, diagnose):
    """log_odds of probabilities of many sizes, to nine digits"""
    probes = [(rng.uniform(0.02, 0.98, size=shape),) for shape in [(9,), (3, 4), (2, 2, 3), (9,)]]
    small = rng.uniform(1.0, 9.0, size=6) * 10.0 ** np.array([-12.0, -9, -6, -4, -3, -2])
    probes.append((np.concatenate([small, 1 - small]),))
    answers = student.log_odds.map(probes)
    with diagnose("log_odds", probes, answers):
        narrow = is_float32(array(answers[0], "log_odds(p)"))
        for (p,), answer in zip(probes, answers, strict=True):
            if narrow and p.min() < 0.01:
                continue  # 1 - 1e-12 is 1 there
            expected = reference.log_odds(p)
            scale = np.maximum(np.abs(expected), 1.0)
            judge_digits(answer, expected, "log_odds(p)", scale, 1e-9)


@pytest.mark.points(5)
def test_log_likelihood(student, reference, rng, diagnose):
    """log_likelihood on data of many shapes"""
    probes = general(rng)
    answers = student.log_likelihood.map(probes)
    with diagnose("log_likelihood", probes, answers):
        try:
            for probe, answer in zip(probes, answers, strict=True):
                expected = reference.log_likelihood(*probe)
                name = "log_likelihood(beta0, beta, X, y)"
                assert_close(answer, expected, name, scale=contributions(*probe))
        except CheckFailed:
            if not follows([of_own_sigmoid], student, probes, answers):
                raise


def contributions(beta0, beta, X, y):
    """The sum of the absolute values of what log_likelihood is the sum of, y z and log(1 + e^z)."""
    z = beta0 + X @ beta
    return float(np.sum(y * np.abs(z) + np.logaddexp(0.0, z)))


def of_own_sigmoid(student, beta0, beta, X, y):
    """log_likelihood as a student may write it, resting on their sigmoid."""
    p = array(student.sigmoid(beta0 + X @ beta), shape=y.shape)
    with np.errstate(all="ignore"):
        return float(np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)))


def of_own_likelihood(student, beta0, beta, X, y):
    return -number(student.log_likelihood(beta0, beta, X, y)) / len(y)


def follows(rules, student, probes, answers):
    """Whether the answers are what one rule makes of the student's own functions.

    A constant shows no rule.
    """
    for rule in rules:
        try:
            values = [rule(student, *probe) for probe in probes]
            for answer, value in zip(answers, values, strict=True):
                assert_close(answer, value)
        except (StudentFault, CheckFailed):
            continue
        if np.ptp(values) > 0:
            return True
    return False


@pytest.mark.points(2)
def test_log_likelihood_of_far_scores(student, reference, rng, diagnose):
    """log_likelihood is right where scores are 10000 and -10000"""
    X, beta = np.diag([1.0, -1.0, 2.0])[rng.permutation(3)], np.array([5e3, 1e4, 2.5e3])
    certain = (X @ beta > 0).astype(float)
    labels = [certain, 1 - certain, np.array([1.0, 1.0, 0.0]), np.array([0.0, 1.0, 1.0])]
    probes = [(0.0, beta, X, y) for y in labels]
    answers = student.log_likelihood.map(probes)
    with diagnose("log_likelihood", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            expected = reference.log_likelihood(*probe)
            scale = max(abs(expected), 1.0)
            assert_close(answer, expected, "log_likelihood of huge scores", scale=scale)


def with_ones(X):
    return np.column_stack([np.ones(len(X)), X])


@pytest.mark.points(6)
def test_gradient(student, reference, rng, diagnose):
    """gradient on data of many shapes and scales, one with scores up to 15"""
    probes = [*general(rng), problem(rng, 12, 2, spread=15.0)]
    answers = student.gradient.map(probes)
    right = [reference.gradient(*probe) for probe in probes]
    names = ("d_beta0", "d_beta")
    # A gradient that is a multiple of the right one: by which factor?
    terms = [{name: {name: part} for name, part in zip(names, each, strict=True)} for each in right]
    sizes = [{"n": len(X), "d": X.shape[1]} for _, _, X, _ in probes]
    with diagnose("gradient", probes, answers, terms=terms, sizes=sizes):
        for probe, answer in zip(probes, answers, strict=True):
            beta0, beta, X, y = probe
            sizes_of = np.abs(with_ones(X)).T @ (reference.sigmoid(beta0 + X @ beta) + y)
            scales = (sizes_of[0], floored(sizes_of[1:]))

            def compare(expected, answer=answer, scales=scales):
                assert_gradient(answer, expected, scales, names)

            judge(student, reference, "gradient", probe, compare, ["sigmoid"])


def judge(student, reference, function, probe, compare, rests):
    assert_follows(
        compare,
        function,
        probe,
        student=student,
        reference=reference,
        rests=rests,
        zeros_tell=True,
    )


@pytest.mark.points(4)
def test_cross_entropy(student, reference, rng, diagnose):
    """cross_entropy on data of many shapes, with scores up to 20"""
    probes = general(rng)
    X = np.array([[17.5], [19.5], [-18.5], [-20.0], [1.0]]) * rng.uniform(0.98, 1.0)
    probes.append((0.0, np.array([1.0]), X, np.array([0.0, 1.0, 1.0, 0.0, 1.0])))
    answers = student.cross_entropy.map(probes)
    with diagnose("cross_entropy", probes, answers):
        near = np.array([number(each, "cross_entropy") for each in answers[:-1]])
        if is_float32(near):  # the probability of a score of 17 is 1 there
            probes, answers = probes[:-1], answers[:-1]
        try:
            for probe, answer in zip(probes, answers, strict=True):
                expected = reference.cross_entropy(*probe)
                scale = contributions(*probe) / len(probe[-1])
                assert_close(answer, expected, "cross_entropy(beta0, beta, X, y)", scale=scale)
        except CheckFailed:
            rules = [
                of_own_likelihood,
                lambda *probe: -of_own_sigmoid(*probe) / len(probe[-1]),
            ]
            if not follows(rules, student, probes, answers):
                raise


@pytest.mark.points(4)
def test_log2_loss(student, reference, rng, diagnose):
    """log2_loss of arrays of many shapes, to nine digits, and at 10000"""
    probes = [(rng.normal(scale=3.0, size=shape),) for shape in [(10,), (4, 3), (2, 3, 4), (10,)]]
    probes.append((rng.permutation([1e4, -1e4, 800.0, -800.0, 40.0, -40.0, 0.0]),))
    answers = student.log2_loss.map(probes)
    with diagnose("log2_loss", probes, answers):
        for (t,), answer in zip(probes, answers, strict=True):
            expected = reference.log2_loss(t)
            scale = np.maximum(np.abs(expected), 1.0)
            judge_digits(answer, expected, "log2_loss(t)", scale, 1e-9)


@pytest.mark.points(3)
def test_signed_loss(student, reference, rng, diagnose):
    """signed_loss on data of many shapes"""
    probes = [(beta0, beta, X, 2 * y - 1) for beta0, beta, X, y in general(rng)]
    answers = student.signed_loss.map(probes)
    with diagnose("signed_loss", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):

            def compare(expected, answer=answer):
                assert_close(answer, expected, "signed_loss(beta0, beta, X, s)")

            judge(student, reference, "signed_loss", probe, compare, ["log2_loss"])


@pytest.mark.points(5)
def test_hessian(student, reference, rng, diagnose):
    """hessian on data of many shapes and scales, one with scores up to 8"""
    probes = [probe[:3] for probe in [*general(rng), problem(rng, 12, 2, spread=8.0)]]
    answers = student.hessian.map(probes)
    with diagnose("hessian", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            beta0, beta, X = probe
            p = reference.sigmoid(beta0 + X @ beta)
            A = np.abs(with_ones(X))
            scale = floored(A.T @ (A * p[:, None]) / len(X), 1e-9)  # p (1 - p) = p - p p

            def compare(expected, answer=answer, scale=scale):
                assert_close(answer, expected, "hessian(beta0, beta, X)", scale=scale)

            judge(student, reference, "hessian", probe, compare, ["sigmoid"])


# A path of float32 steps drifts from the float64 path; a wrong path is off by far more than this.
PATH_LOW = 1e-4


def mixed(rng, n, d):
    """X (n, d) and y (n,): classes that overlap, so that the minimiser is finite."""
    while True:
        X = rng.normal(size=(n, d)) * rng.uniform(0.7, 1.5, size=d) + rng.uniform(-0.7, 0.7, size=d)
        direction = rng.choice([-1.0, 1.0], size=d) * rng.uniform(0.6, 1.2, size=d)
        y = (X @ direction + rng.uniform(0.3, 0.8) + 2 * rng.normal(size=n) > 0).astype(float)
        if 0.25 * n < y.sum() < 0.75 * n:
            return X, y


def converging(reference, rng, n, d, steps, *, grid=None):
    """Arguments of `newton` on which its full steps converge, to a minimiser that is not large.

    grid: X holds multiples of 1 / grid.
    """
    while True:
        X, y = mixed(rng, n, d)
        X = X if grid is None else np.round(X * grid) / grid
        with np.errstate(all="ignore"):
            try:
                beta0, beta, history = reference.newton(X, y, 9)
            except np.linalg.LinAlgError:
                continue
        theta = np.append(beta0, beta)
        settled = abs(history[-1] - history[-2]) < 1e-12 and np.abs(theta).max() < 4
        # b and w far from 0 and from the start, so that a wrong step shows.
        if settled and np.abs(theta).min() > 0.05 and np.all(np.diff(history[:3]) < 0):
            return X, y, steps


def slowly_converging(rng):
    """Arguments of `newton` whose eighth step still moves the seventh digit, by less than 1e-6."""
    z = np.arange(-8, 8) / 4
    y = ((z > -0.8) | (np.abs(z + 1.375) < 0.2)).astype(float)
    rows = rng.permutation(16)
    return rng.choice([-1.0, 1.0]) * z[rows, None], y[rows], 8


def in_small_steps(reference, rng):
    """Arguments of `newton` whose first step is as small as what stops a descent elsewhere, and yet
    far from the last: numbers so large that beta is small, mirrored so that beta0 stays 0."""
    while True:
        X, y = mixed(rng, 12, 1)
        X, y = 2.0**18 * np.concatenate([X, -X]), np.append(y, 1 - y)
        first, last = (abs(reference.newton(X, y, steps)[1][0]) for steps in (1, 5))
        if 0.2 < 2.0**18 * last < 4 and first < 0.9 * last:
            return X, y, 5


@pytest.fixture(scope="session")
def tumours(data):
    """Eighty tumours: two standardised measurements, and 1 for malignant."""
    # Few enough for plain loops.
    table = np.loadtxt(data["breast_cancer.csv"], delimiter=",")[100:180]
    X = table[:, :2]
    return (X - X.mean(axis=0)) / X.std(axis=0), table[:, 2]


def descents(reference, rng):
    """Arguments of `gradient_descent`; the last step size is so large that the loss rises.

    In the first no gain is large, and yet all steps count.
    """
    while True:
        far = (*mixed(rng, 15, 2), 5, 12.0)
        if np.diff(reference.gradient_descent(*far)[2]).max() > 0.1:
            break
    return [
        (*mixed(rng, 10, 2), 6, 1e-6),
        (*mixed(rng, 11, 1), 8, 0.6),
        (*mixed(rng, 13, 3), 12, 0.4),
        (*mixed(rng, 9, 4), 7, 0.7),
        far,
    ]


def rising(reference, rng):
    """Arguments of `gradient_descent` whose loss rises on the way, with scores below 15."""
    while True:
        X, y = mixed(rng, 12, 2)
        for step_size in (3.0, 5.0, 8.0):
            beta0, beta, history = reference.gradient_descent(X, y, 4, step_size)
            steepest = max(abs(float(beta0)), float(np.abs(beta).max()))
            if np.diff(history).max() > 0.05 and steepest * (1 + np.abs(X).sum(axis=1).max()) < 15:
                return X, y, 4, step_size


def judge_descent(student, reference, *more):
    """Parts of gradient of another shape or order cost its own points alone. See `judge_path`."""
    assert_in_either_form(
        lambda: judge_path(student, reference, *more),
        student,
        lambda: judge_form_of_gradient(student),
        gradient=2,
    )


def judge_path(student, reference, diagnose, function, probes, compare):
    """compare(given, expected): of (beta0, beta, history), what a call gives and should."""
    rests = ["gradient", "cross_entropy"]
    rests += ["hessian"] if function == "newton" else []
    asked = getattr(student, function)
    try:
        pairs = answered(asked, probes, lambda: judge_form_of_gradient(student))
    except StudentRaised as failure:
        if function != "newton" or failure.kind != "LinAlgError":
            raise
        # Where gradient or hessian is wrong, its steps may lead to where there is no next one.
        probes = [shortened(student, reference, probe) for probe in probes]
        if None in probes:
            raise
        pairs = list(zip(probes, asked.map(probes), strict=True))
    probes, answers = zip(*pairs, strict=True)
    X, y = probes[0][:2]
    point = (0.1, np.full(X.shape[1], 0.3), X / 3)
    if compare is compare_every_digit and (
        computes_in_float32(lambda: student.gradient(*point, y))
        or computes_in_float32(lambda: student.hessian(*point))
    ):
        compare = compare_last
    with diagnose(function, probes, answers):
        for answer, probe in zip(answers, probes, strict=True):
            given = sequence(answer, 3, "(beta0, beta, history)")
            assert_follows(
                lambda expected, given=given: compare(given, expected),
                function,
                probe,
                student=student,
                reference=reference,
                rests=rests,
            )


def judge_form_of_gradient(student):
    X, y = np.eye(3, 2), np.array([0.0, 1.0, 1.0])
    slopes = sequence(student.gradient(0.5, np.ones(2), X, y), 2, "(d_beta0, d_beta)")
    number(slopes[0], "d_beta0")
    array(slopes[1], "d_beta", shape=(2,))


def shortened(student, reference, probe):
    """Arguments of `newton` with as many steps as the student's own functions can take, or None."""
    X, y, steps = probe
    for fewer in range(steps, 0, -1):
        for own in with_own(reference, student, ["gradient", "hessian", "cross_entropy"]):
            try:
                with np.errstate(all="ignore"):
                    own.newton(X, y, fewer)
                student.newton(X, y, fewer)
            except (StudentFault, CheckFailed, ArithmeticError, ValueError):
                continue
            return X, y, fewer
    return None


def compare_last(given, expected):
    size = float(max(np.abs(expected[1]).max(), np.abs(expected[0]).max()))
    assert_close(given[0], expected[0], "beta0", low=PATH_LOW, scale=size)
    assert_close(given[1], expected[1], "beta", low=PATH_LOW, scale=size)


def compare_slope(given, expected):
    assert_close(given[1], expected[1], "beta", low=PATH_LOW)


def compare_roughly(given, expected):
    # Of a gradient of 1e-7 differences of the cross entropy leave few digits.
    assert_close(given[1], expected[1], "beta", low=1e-2)


def compare_history(given, expected):
    assert_close(given[2], expected[2], "history", low=PATH_LOW)


@pytest.mark.points(4)
def test_gradient_descent_returns_the_last_iterate(student, reference, rng, diagnose):
    """gradient_descent returns the last iterate of descent on the mean cross entropy"""
    judge_descent(
        student, reference, diagnose, "gradient_descent", descents(reference, rng), compare_last
    )
    exact = []
    for d in (2, 1):
        X, y = mixed(rng, 16, d)
        exact.append((np.round(4 * X) / 4, y, 10, 0.5))
    judge_descent(student, reference, diagnose, "gradient_descent", exact, compare_every_digit)
    # As many of each class, and a gradient so small that it stops descents elsewhere.
    X, _ = mixed(rng, 16, 2)
    small = [(2.0**-22 * X, np.resize([0.0, 1.0, 1.0, 0.0], 16), 5, 0.5)]
    judge_descent(student, reference, diagnose, "gradient_descent", small, compare_roughly)


@pytest.mark.points(2)
def test_gradient_descent_records_every_value(student, reference, rng, diagnose):
    """gradient_descent's history holds the cross entropy at every iterate, the start included"""
    probes = [*descents(reference, rng)[:4], rising(reference, rng)]
    # Nothing to learn: the gradient is 0 from the start, and history keeps its length.
    probes.append((np.zeros((6, 2)), np.resize([0.0, 1.0], 6), 4, 0.3))
    judge_descent(student, reference, diagnose, "gradient_descent", probes, compare_history)


@pytest.mark.points(4)
def test_newton_returns_the_last_iterate(student, reference, rng, tumours, diagnose):
    """newton returns the last iterate, on random data and on tumours"""
    probes = [
        # Twice the same sizes: what was found for one problem is not the answer to the next.
        converging(reference, rng, 24, 2, 2),
        converging(reference, rng, 24, 2, 2),
        converging(reference, rng, 30, 3, 3),
        converging(reference, rng, 16, 1, 6),
        (*tumours, 3),
    ]
    judge_descent(student, reference, diagnose, "newton", probes, compare_last)
    # The first step is exact in float32 here, so that a small addition to the Hessian shows.
    exact = [converging(reference, rng, 16, 2, steps, grid=4) for steps in (1, 5)]
    exact.append(slowly_converging(rng))
    judge_descent(student, reference, diagnose, "newton", exact, compare_every_digit)
    judge_descent(
        student, reference, diagnose, "newton", [in_small_steps(reference, rng)], compare_slope
    )


DOUBLE = 5e-8  # what float64 keeps to on data that float32 holds


def compare_every_digit(given, expected):
    beta0 = array(given[0], "beta0", shape=np.shape(expected[0]))
    beta = array(given[1], "beta", shape=expected[1].shape)
    size = float(np.abs(expected[1]).max())
    low = digits_of(beta, single=1e-3, double=DOUBLE)
    hint = "Every step is to be taken in full, and nothing may be added to what it is made of."
    assert_close(beta, expected[1], "beta", low=low, scale=size, hint=hint)
    assert_close(beta0, expected[0], "beta0", low=low, scale=size, hint=hint)


@pytest.mark.points(2)
def test_newton_records_every_value(student, reference, rng, diagnose):
    """newton's history holds the cross entropy at every iterate, after convergence too"""
    probes = [converging(reference, rng, 20, 2, 3), converging(reference, rng, 26, 3, 9)]
    judge_descent(student, reference, diagnose, "newton", probes, compare_history)


@pytest.mark.points(2)
def test_predict(student, reference, rng, diagnose):
    """predict is 1 where p(x) > 1/2"""
    probes = []
    for n, d in [(40, 3), (30, 2), (25, 5), (20, 1), (1, 2)]:
        beta0, beta, X, _ = problem(rng, n, d)
        clear = np.abs(beta0 + X @ beta) > 1e-3  # float32 cannot tell closer ones
        probes.append((beta0, beta, X[clear | (n == 1)]))
    # The other class for the same X, and the same one where p is nearly 1/2.
    beta0, beta, X = probes[0]
    far = np.abs(beta0 + X @ beta) > 0.05
    probes += [(-beta0, -beta, X), (2.0**-12 * beta0, 2.0**-12 * beta, X[far])]
    answers = student.predict.map(probes)
    with diagnose("predict", probes, answers):
        try:
            for (beta0, beta, X), answer in zip(probes, answers, strict=True):
                judge_labels(answer, beta0 + X @ beta)
        except CheckFailed as failure:
            try:
                for (beta0, beta, X), answer in zip(probes, answers, strict=True):
                    p = array(student.sigmoid(beta0 + X @ beta), shape=(len(X),))
                    judge_labels(answer, p - 0.5)
                    if len(X) > 1 and np.ptp(p) == 0:
                        raise failure  # a constant shows no rule
            except (StudentFault, CheckFailed):
                raise failure from None


def judge_labels(answer, z):
    assert_labels(answer, np.column_stack([-z, z]), "predict(beta0, beta, X)")
