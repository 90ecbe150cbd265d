"""Hidden checks: every function against the reference on inputs that tell mistakes apart.

n and k differ from each other, but for one case, and lam is never 1 or a multiple of k. Where a
path is judged with "l1", no weight comes near 0 after the start, because there the sign of a
rounding error would decide; a column of zeros keeps its weight at exactly 0.

A function is right where it does the right thing with what the student's own functions give: a
wrong predict costs the points of predict.
"""

import functools

import numpy as np
import pytest

from grader.checks import (
    answered,
    array,
    assert_close,
    assert_follows,
    assert_gradient,
    assert_in_either_form,
    computes_in_float32,
    digits_of,
    floored,
    number,
    pair,
    passes,
    sequence,
)
from grader.errors import CheckFailed, StudentFault

PENALTIES = ["none", "l1", "l2"]


def examples(rng, n, k, *, noise=0.5):
    """X (n, k) with uneven features and offsets; y (n,) near a plane whose weights are not 0."""
    X = rng.normal(size=(n, k)) * rng.uniform(0.6, 1.8, size=k) + rng.uniform(-1.2, 1.2, size=k)
    w = rng.choice([-1.0, 1.0], size=k) * rng.uniform(0.5, 2.0, size=k)
    return X, X @ w + rng.uniform(1.0, 3.0) + noise * rng.normal(size=n)


def problem(rng, n, k, lam, *, scales=1.0):
    """Arguments (w, b, X, y, lam) whose weights are far from 0 and unequal.

    scales: of the features; the weights even them out.
    """
    X, y = examples(rng, n, k)
    w = rng.choice([-1.0, 1.0], size=k) * rng.uniform(0.4, 2.5, size=k)
    return w / scales, float(rng.uniform(0.5, 2.0)), X * scales, y, lam


def general(rng):
    """Probes with n and k different, one with n = k, one example, one feature, uneven features."""
    return [
        problem(rng, 11, 3, 0.7),
        problem(rng, 6, 8, 2.3),
        problem(rng, 5, 5, 1.6),
        problem(rng, 9, 2, 0.45),
        problem(rng, 1, 4, 3.1),
        problem(rng, 10, 3, 1.9, scales=np.array([50.0, 1.0, 0.02])),
        problem(rng, 8, 1, 1.2),
        problem(rng, 9, 2, 0.45),  # one once more: no answer may be kept
    ]


def contributions(w, b, X, y, lam, penalty):
    """The sums of the absolute values of what each entry of (dw, db) is the sum of."""
    n, k = X.shape
    sizes = 2 / n * (np.abs(X) @ np.abs(w) + abs(b) + np.abs(y))
    dw = np.abs(X).T @ sizes
    if penalty != "none":
        dw = dw + lam / k * (np.ones(k) if penalty == "l1" else 2 * np.abs(w))
    return dw, sizes.sum()


def judge_form_of_predict(student):
    array(student.predict(np.ones(2), 0.5, np.eye(3, 2)), "predict(w, b, X)", shape=(3,))


def with_predict_in_form(check):
    """A column in place of a row costs the points of predict, and not those of this check."""

    @functools.wraps(check)
    def either(student, *args, **fixtures):
        assert_in_either_form(
            lambda: check(student, *args, **fixtures),
            student,
            lambda: judge_form_of_predict(student),
            predict=0,
        )

    return either


@pytest.mark.points(3)
def test_predict(student, reference, rng, diagnose):
    """predict on data of many shapes"""
    probes = [(w, b, X) for w, b, X, _, _ in general(rng)]
    answers = student.predict.map(probes)
    with diagnose("predict", probes, answers):
        for (w, b, X), answer in zip(probes, answers, strict=True):
            scale = np.abs(X) @ np.abs(w) + abs(b)
            assert_close(answer, reference.predict(w, b, X), "predict(w, b, X)", scale=scale)


@pytest.mark.points(6)
@pytest.mark.parametrize("penalty", PENALTIES)
def test_loss(student, reference, rng, diagnose, penalty):
    """loss on data of many shapes"""
    # With lam = 0 there is no penalty, whatever its name.
    probes = [(*probe, penalty) for probe in [*general(rng), problem(rng, 6, 2, 0.0)]]
    answers = student.loss.map(probes)
    with diagnose("loss", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):

            def compare(expected, answer=answer):
                assert_close(answer, expected, f'loss(w, b, X, y, lam, "{penalty}")')

            follows(student, reference, "loss", probe, compare, ["predict"])


def follows(student, reference, function, probe, compare, rests):
    assert_follows(
        compare,
        function,
        probe,
        student=student,
        reference=reference,
        rests=rests,
        zeros_tell=True,
    )


@pytest.mark.points(9)
@pytest.mark.parametrize("penalty", PENALTIES)
@with_predict_in_form
def test_gradient(student, reference, rng, diagnose, penalty):
    """gradient on data of many shapes and scales"""
    probes = [(*probe, penalty) for probe in general(rng)]
    # One feature cannot tell two terms apart, and with lam = 0 there is one term alone.
    more = [(*problem(rng, *size), penalty) for size in [(7, 1, 0.6), (6, 2, 0.0)]]
    answers = student.gradient.map([*probes, *more])
    terms = [terms_of(reference, probe) for probe in probes]
    sizes = [{"n": len(X), "k": len(w), "lam": lam} for w, _, X, _, lam, _ in probes]
    shown = answers[: len(probes)]
    with diagnose("gradient", probes, shown, terms=terms, sizes=sizes):
        for probe, answer in zip([*probes, *more], answers, strict=True):
            judge_gradient(student, reference, probe, answer)


def terms_of(reference, probe):
    """What the gradient is the sum of: where a factor of a part is wrong, it is told by name."""
    dw, db = reference.gradient(*probe)
    of_errors = reference.gradient(*probe[:-1], "none")[0]
    parts = {"part of the errors": of_errors}
    if probe[-1] != "none":
        parts["part of the penalty"] = dw - of_errors
    return {"dw": parts, "db": {"db": db}}


def judge_gradient(student, reference, probe, answer):
    scales = [floored(scale) for scale in contributions(*probe)]

    def compare(expected):
        assert_gradient(answer, expected, scales, ("dw", "db"))

    follows(student, reference, "gradient", probe, compare, ["predict"])


@pytest.mark.points(3)
@with_predict_in_form
def test_gradient_at_zero_weights(student, reference, rng, diagnose):
    """gradient with "l1" where weights are 0: any subgradient is right"""
    probes = []
    for n, k, zeros in [(8, 4, [1, 3]), (5, 3, [0]), (6, 2, [0, 1])]:
        w, b, X, y, _ = problem(rng, n, k, 1.0)
        w[zeros] = 0.0
        # Near 0 the slope is whole: nearer than a threshold, farther than a difference reaches.
        near = np.flatnonzero(w)[1::2]
        w[near] = np.sign(w[near]) * 2.0**-12
        probes.append((w, b, X, y, float(rng.uniform(0.7, 2.0)), "l1"))
    answers = student.gradient.map(probes)
    with diagnose("gradient", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            judge_subgradient(student, reference, probe, answer)


def judge_subgradient(student, reference, probe, answer):
    """Of "l1": the slope of |w_j| at w_j = 0 is whatever number from -1 to 1 the answer has."""
    w, _, X, _, lam, _ = probe
    dw, db = pair(answer, ("dw", "db"))
    dw = array(dw, "dw", shape=w.shape)
    scales = [floored(scale) for scale in contributions(*probe)]
    bound = lam / X.shape[1]

    def compare(expected):
        smooth = expected[0]  # sign(0) = 0
        nearest = np.where(w == 0, np.clip(dw, smooth - bound, smooth + bound), smooth)
        assert_gradient((dw, db), (nearest, expected[1]), scales, ("dw", "db"))

    follows(student, reference, "gradient", probe, compare, ["predict"])


SOLVED = 1e-4  # float32 loses digits in a system of equations; a wrong one is off by far more


def conditioned(rng, n, k, lam):
    """Arguments of `solve` whose equations float32 solves to four digits."""
    while True:
        X, y = examples(rng, n, k)
        A = np.column_stack([X, np.ones(n)])
        G = A.T @ A / n + np.diag(np.append(np.full(k, lam / k), 0.0))
        if np.linalg.cond(G) < 150 and np.abs(X.mean(axis=0)).max() > 0.3:
            return X, y, lam


def judge_solution(reference, probe, answer):
    w, b = pair(answer, ("w", "b"))
    expected_w, expected_b = reference.solve(*probe)
    X, y, _ = probe
    assert_close(w, expected_w, "w", low=SOLVED)
    size = np.abs(X.mean(axis=0)) @ np.abs(expected_w) + abs(y.mean())
    assert_close(b, expected_b, "b", low=SOLVED, scale=size)


@pytest.mark.points(8)
def test_solve(student, reference, rng, diagnose):
    """solve on data of many shapes, with and without a penalty"""
    sizes = [(12, 3, 0.0), (12, 3, 0.8), (15, 4, 2.5), (9, 2, 0.3), (8, 1, 1.7), (6, 5, 4.0)]
    # Twice the same sizes: what was found for one problem is not the answer to the next.
    probes = [conditioned(rng, *size) for size in [*sizes, sizes[1]]]
    exact = [exact_in_float32(rng, lam) for lam in (0.0, 0.75)]
    answers = student.solve.map([*probes, *exact])
    with diagnose("solve", [*probes, *exact], answers):
        for probe, answer in zip(probes, answers, strict=False):
            judge_solution(reference, probe, answer)
        for probe, answer in zip(exact, answers[len(probes) :], strict=True):
            judge_every_digit(reference, probe, answer)


def exact_in_float32(rng, lam):
    """Arguments of `solve` whose means and products float32 computes without rounding.

    A third column that is small makes small additions to the diagonal show.
    """
    while True:
        X = rng.integers(-8, 9, size=(16, 3)) / 4
        y = (X @ rng.choice([-2.0, -1.0, 1.0, 2.0], size=3)) + rng.integers(-4, 5, size=16) / 4 + 2
        X[:, 2] /= 8
        G = np.cov(X.T, bias=True)
        if 100 < np.linalg.cond(G) < 1000 and np.abs(X.mean(axis=0)).min() > 1e-3:
            return X, y, lam


def judge_every_digit(reference, probe, answer):
    w, b = pair(answer, ("w", "b"))
    expected_w, expected_b = reference.solve(*probe)
    read = array(w, "w", shape=expected_w.shape)
    low = digits_of(read, single=2e-3)
    try:
        assert_close(read, expected_w, "w", low=low)
    except CheckFailed as failure:
        failure.diagnosis = added_to_the_diagonal(read, *probe)
        raise
    assert_close(b, expected_b, "b", low=low)


def added_to_the_diagonal(w, X, y, lam):
    """What was solved where it is the right equations with a small number on the diagonal."""
    Xc, yc = X - X.mean(axis=0), y - y.mean()
    missing = Xc.T @ (yc - Xc @ w) / len(y) - lam / len(w) * w
    added = float(missing @ w) / float(w @ w)
    if not 0 < added < 1e-3 or np.abs(missing - added * w).max() > 1e-3 * np.abs(missing).max():
        return None
    return (
        f"Your solve adds about {added:.1g} to the diagonal of its matrix. With that it solves "
        "other equations: leave it out."
    )


@pytest.mark.points(4)
def test_solve_where_only_the_penalty_decides(student, reference, rng, diagnose):
    """solve with more features than examples, doubled and constant columns"""
    X, y, _ = conditioned(rng, 10, 2, 0.5)
    doubled = np.column_stack([X, X[:, :1]])
    constant = np.column_stack([X[:, 0], np.full(10, 1.5), X[:, 1]])
    probes = [conditioned(rng, 4, 7, 6.5), (doubled, y, 1.9), (constant, y, 1.3)]
    answers = student.solve.map(probes)
    with diagnose("solve", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            judge_solution(reference, probe, answer)


# A path of float32 steps drifts from the float64 path; a wrong path is off by far more than this.
PATH_LOW = 1e-4
OFF_KINK = 5e-3


def steepest(X, lam):
    """The largest curvature of the loss: steps up to 2 / this go down."""
    n, k = X.shape
    A = np.column_stack([X, np.ones(n)])
    return 2 * float(np.linalg.eigvalsh(A.T @ A / n)[-1]) + 2 * lam / k


def fitting(reference, rng, n, k, lam, penalty, steps, part, *, empty=None):
    """Arguments of `fit`; part: the step size as a part of the largest one that goes down.

    empty: a column of zeros. With "l1" no other weight comes near 0 after the start.
    """
    while True:
        X, y = examples(rng, n, k)
        if empty is not None:
            X[:, empty] = 0.0
        probe = (X, y, lam, penalty, steps, part * 2 / steepest(X, lam))
        if penalty != "l1":
            return probe
        path = [reference.fit(*probe[:4], t, probe[5])[0] for t in range(1, steps + 1)]
        weights = np.delete(np.array(path), [] if empty is None else [empty], axis=1)
        if np.abs(weights).min() > OFF_KINK:
            return probe


def tiny(X, y, lam, penalty, steps, step_size):
    """The same path with y, w and b a billionth: no gain is large, and all steps count.

    Not for "l1", whose penalty does not shrink so fast.
    """
    return X, 2.0**-30 * y, lam, penalty, steps, step_size


def on_a_grid(rng, penalty):
    """Arguments of `fit` that are small binary fractions, which float32 holds."""
    X, y, _ = exact_in_float32(rng, 0.0)
    return X, y, 0.75, penalty, 10, 0.125


def paths(reference, rng, penalty):
    """Paths that go down, one of them with a column of zeros and one tiny, one that overshoots, and
    one with lam = 0.
    """
    small = fitting(reference, rng, 10, 1, 1.3, penalty, 6, 0.35)
    return [
        *([small] if penalty == "l1" else [tiny(*small), on_a_grid(rng, penalty)]),
        fitting(reference, rng, 13, 3, 0.9, penalty, 12, 0.4),
        fitting(reference, rng, 7, 4, 2.2, penalty, 8, 0.3, empty=2),
        fitting(reference, rng, 9, 2, 0.7, penalty, 5, 1.25),
        fitting(reference, rng, 9, 2, 0.0, penalty, 5, 0.3),  # no penalty, whatever its name
    ]


def judge_fit(student, reference, diagnose, probes, compare):
    """compare(given, expected, exact): of (w, b, history), what `fit` gives and should.

    exact: the arguments; None where float32 is at work.
    """
    X, y = probes[0][:2]
    point = (np.full(X.shape[1], 0.3), 0.1)
    narrow = computes_in_float32(lambda: student.gradient(*point, X / 3, y / 3, 0.7, "l2"))

    def judge():
        pairs = answered(student.fit, probes, lambda: judge_forms(student))
        with diagnose("fit", *zip(*pairs, strict=True)):
            for probe, answer in pairs:
                given = sequence(answer, 3, "(w, b, history)")
                exact = None if narrow else probe
                try:
                    compare(given, reference.fit(*probe), exact)
                except CheckFailed:
                    assert_follows(
                        lambda expected, given=given, exact=exact: compare(given, expected, exact),
                        "fit",
                        probe,
                        student=student,
                        reference=reference,
                        rests=rests_of_fit(student, reference, probe),
                    )

    # Answers of another form cost the points of predict or gradient, and not those of fit.
    assert_in_either_form(judge, student, lambda: judge_forms(student), predict=0, gradient=2)


def judge_forms(student):
    judge_form_of_predict(student)
    X, y = np.eye(3, 2), np.arange(3.0)
    dw, db = sequence(student.gradient(np.ones(2), 0.5, X, y, 0.3, "l2"), 2, "(dw, db)")
    array(dw, "dw", shape=(2,))
    number(db, "db")


def rests_of_fit(student, reference, probe):
    """What `fit` may call. Not a gradient that is right and takes another slope of |w_j| at 0:
    on its way down `fit` is to take 0 there.
    """
    X, y, _, penalty, steps, step_size = probe
    if penalty == "l1" and all(
        is_subgradient(student, reference, (*reference.fit(*probe[:4], t, step_size)[:2], X, y))
        for t in range(min(steps, 3))
    ):
        return ["loss", "predict"]
    return ["gradient", "loss", "predict"]


def is_subgradient(student, reference, point):
    probe = (*point, 0.9, "l1")
    try:
        answer = student.gradient(*probe)
    except StudentFault:
        return False
    return passes(judge_subgradient, student, reference, probe, answer)


def compare_last(given, expected, exact):
    (w, b), (last_w, last_b) = given[:2], expected[:2]
    size = float(max(np.abs(last_w).max(), np.abs(last_b).max()))
    read = array(w, "w", shape=last_w.shape)
    low = digits_of(read, single=PATH_LOW, double=1e-7, given=exact)
    assert_close(read, last_w, "w", low=low, scale=size)
    assert_close(b, last_b, "b", low=low, scale=size)


def compare_history(given, expected, _):
    assert_close(given[2], expected[2], "history", low=PATH_LOW)


@pytest.mark.points(6)
@pytest.mark.parametrize("penalty", PENALTIES)
def test_fit_follows_gradient_descent(student, reference, rng, diagnose, penalty):
    """fit returns the last iterate of gradient descent on loss"""
    judge_fit(student, reference, diagnose, paths(reference, rng, penalty), compare_last)


@pytest.mark.points(3)
@pytest.mark.parametrize("penalty", PENALTIES)
def test_fit_records_every_loss(student, reference, rng, diagnose, penalty):
    """fit's history holds the loss with its penalty at every iterate, the start included"""
    probes = paths(reference, rng, penalty)
    # Nothing to learn: the gradient is 0 from the start, and history keeps its length.
    probes.append((np.zeros((6, 2)), np.resize([1.0, -1.0], 6), 0.7, penalty, 4, 0.1))
    judge_fit(student, reference, diagnose, probes, compare_history)


@pytest.mark.points(4)
def test_standardise(student, reference, rng, diagnose):
    """standardise on data of many shapes"""
    shapes = [(11, 3), (5, 7), (6, 6), (2, 3), (8, 1), (2, 3)]  # one twice: none may be kept
    probes = [(spread_out(rng, n, k),) for n, k in shapes]
    # A column of small numbers is not constant.
    probes.append((spread_out(rng, 9, 2) * np.array([1e-4, 1.0]),))
    answers = student.standardise.map(probes)
    with diagnose("standardise", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            judge_standardised(reference, probe, answer)


def spread_out(rng, n, k):
    """Columns (n, k) that are far from constant: float32 loses the digits of a small std."""
    while True:
        X = examples(rng, n, k)[0]
        if X.std(axis=0).min() > 0.2:
            return X


def judge_standardised(reference, probe, answer):
    Z, mean, std = sequence(answer, 3, "(Z, mean, std)")
    expected = reference.standardise(*probe)
    assert_close(mean, expected[1], "mean", scale=np.abs(probe[0]).max(axis=0) + 1e-6)
    assert_close(std, expected[2], "std", scale=expected[2])
    assert_close(Z, expected[0], "Z", scale=np.abs(expected[0]).max() + 1e-3)


@pytest.mark.points(2)
def test_standardise_constant_columns(student, reference, rng, diagnose):
    """standardise gives a constant column zeros and the std 1"""
    probes = []
    # Binary fractions: the mean of a constant is exact in any order of adding up.
    for n, k, constants in [(8, 4, {0: 2.5, 2: -0.75}), (4, 3, {1: 0.0}), (1, 2, {})]:
        X = rng.integers(-12, 13, size=(n, k)) / 4
        X[0] += 0.25
        for j, value in constants.items():
            X[:, j] = value
        probes.append((X,))
    answers = student.standardise.map(probes)
    with diagnose("standardise", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            judge_standardised(reference, probe, answer)


@pytest.fixture(scope="session")
def patients(data):
    """Sixty patients: ten standardised measurements, and how far the disease had progressed."""
    # Few enough for plain loops.
    table = np.loadtxt(data["diabetes.csv"], delimiter=",")[:60]
    X = table[:, :10]
    return (X - X.mean(axis=0)) / X.std(axis=0), table[:, 10]


@pytest.mark.points(4)
def test_coefficient_path(student, reference, rng, patients, diagnose):
    """coefficient_path on random data and on the diabetes data, lams in no order"""
    first, *others = (conditioned(rng, n, k, 0.0)[:2] for n, k in [(12, 3), (9, 2), (9, 2)])
    probes = [
        (*first, np.array([0.6, 5.0, 0.0, 1.4, 5.0, 20.0])),
        # Twice the same sizes: what was found for one problem is not the answer to the next.
        *((*each, np.array([2.5, 0.3])) for each in others),
        (*patients, np.array([60.0, 4.0, 900.0, 15.0])),
    ]
    answers = student.coefficient_path.map(probes)
    with diagnose("coefficient_path", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):

            def compare(expected, answer=answer):
                assert_close(answer, expected, "coefficient_path(X, y, lams)", low=SOLVED)

            assert_follows(
                compare,
                "coefficient_path",
                probe,
                student=student,
                reference=reference,
                rests=["solve"],
            )
