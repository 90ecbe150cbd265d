"""Hidden checks: every function against the reference on inputs that tell mistakes apart.

n, d and k differ from each other, so that a mean over the wrong axis or a transposed product
shows; one case has d = k, where a transposed matrix has the right shape. Probabilities of true
classes stay above 1/2000 wherever a value is judged, because log(p + 1e-12) is right there, and
scores stay moderate, because float32 is.

A function is right where it does the right thing with what the student's own functions give: a
wrong softmax costs the points of softmax.
"""

from types import SimpleNamespace

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
    number,
    passes,
    require,
    sequence,
)
from grader.errors import CheckFailed, StudentFault


@pytest.fixture(scope="session")
def digits(data):
    """The first 60 images with pixels in [0, 1], and their digits."""
    # Few enough for scalar loops that compute every probability once for each class.
    table = np.loadtxt(data["digits.csv"], delimiter=",")[:60]
    return table[:, :64] / 16, table[:, 64].astype(int)


def problem(rng, n, d, k, *, spread=2.0, classes=None):
    """Arguments (W, b, X, y): uneven features, scores within about +-spread of their mean.

    classes: the labels that occur; all k where left out.
    """
    X = rng.normal(size=(n, d)) * rng.uniform(0.3, 3.0, size=d) + rng.normal(size=d)
    W, b = rng.normal(size=(d, k)), rng.normal(size=k)
    Z = X @ W + b
    factor = spread / np.abs(Z - Z.mean(axis=1, keepdims=True)).max()
    y = rng.choice(np.arange(k) if classes is None else classes, size=n)
    return W * factor, b * factor, X, y


def general(rng):
    """Probes with n, d and k all different, one with d = k, one with a class that is missing."""
    return [
        problem(rng, 11, 3, 5),
        problem(rng, 6, 7, 3),
        problem(rng, 9, 4, 4),
        problem(rng, 8, 2, 6, classes=[0, 2, 3, 5]),
    ]


def edge_cases(rng):
    """Two classes, one example, one feature."""
    return [problem(rng, 5, 3, 2), problem(rng, 1, 4, 3), problem(rng, 7, 1, 4)]


def badly_scaled(rng):
    """Features of size 50 and 1/1000 side by side, and weights that even them out."""
    scales = np.array([50.0, 1.0, 1e-3])
    W, b, X, y = problem(rng, 10, 3, 4)
    return W / scales[:, None], b, X * scales, y


def surprising(reference, rng):
    """One label has a probability of about 1/2000, where a clipped probability shows."""
    W, b, X, y = problem(rng, 10, 3, 4)
    Z = X @ W + b
    i, c = np.unravel_index((Z - Z.max(axis=1, keepdims=True)).argmin(), Z.shape)
    y[i] = c
    factor = next(
        factor
        for factor in np.geomspace(0.1, 100.0, 400)
        if reference.softmax(factor * Z)[i, c] < 1 / 2000
    )
    return W * factor, b * factor, X, y


def large_scores(rng):
    """Whole numbers with scores up to about 100: probabilities of 0 and 1, and ties."""
    X = rng.integers(-5, 6, size=(9, 3)).astype(float)
    W = rng.integers(-8, 9, size=(3, 5)).astype(float)
    return W, np.array([3.0, -2.0, 0.0, 1.0, -1.0]), X, rng.integers(0, 5, size=9)


# What float64 is asked for where float32 computes exactly: a tiny epsilon may stand in a logarithm
# or under a fraction bar.
DOUBLE = 1e-7


def on_a_grid(rng):
    """Small multiples of 1/4: scores without rounding, so that all digits can be asked for."""
    X, W = rng.integers(-2, 3, size=(8, 3)) / 4, rng.integers(-2, 3, size=(3, 4)) / 4
    return W, np.array([0.25, -0.5, 0.0, 0.5]), X, rng.integers(0, 4, size=8)


def contributions(reference, W, b, X, y):
    """The sums of the absolute values of what each entry of (dW, db) is the sum of."""
    P = reference.softmax(X @ W + b)
    P[np.arange(len(y)), y] += 1
    return np.abs(X).T @ P, P.sum(axis=0)


def judge_gradients(student, reference, diagnose, probes, floor=1e-6):
    """floor: an entry to which less than this part of the largest contributes counts as so large.

    Probabilities of 1e-9 make entries that right code gets only roughly.
    """
    answers = student.gradient.map(probes)
    right = [reference.gradient(*probe) for probe in probes]
    # A gradient that is a multiple of the right one: by which factor?
    terms = [{"dW": {"dW": dW}, "db": {"db": db}} for dW, db in right]
    sizes = [{"n": len(X), "d": X.shape[1], "k": len(b)} for _, b, X, _ in probes]
    with diagnose("gradient", probes, answers, terms=terms, sizes=sizes):
        for probe, answer in zip(probes, answers, strict=True):
            scales = [floored(scale, floor) for scale in contributions(reference, *probe)]

            def compare(expected, answer=answer, scales=scales):
                assert_gradient(answer, expected, scales, ("dW", "db"))

            assert_follows(
                compare,
                "gradient",
                probe,
                student=student,
                reference=reference,
                rests=["softmax"],
                zeros_tell=True,
            )


@pytest.mark.points(5)
def test_softmax(student, reference, rng, diagnose):
    """softmax of scores of many shapes"""
    # One twice: no answer may be kept. Two classes: their scores tell, not that of one.
    shapes = [(4, 4), (7, 3), (2, 6), (1, 5), (6, 2), (7, 3)]
    probes = [(rng.normal(scale=2.0, size=shape),) for shape in shapes]
    answers = student.softmax.map(probes)
    with diagnose("softmax", probes, answers):
        for (Z,), answer in zip(probes, answers, strict=True):
            assert_close(answer, reference.softmax(Z), "softmax(Z)")
        # Float32 holds these scores: an answer with the digits of float64 has them all.
        Z = rng.integers(-16, 17, size=(5, 4)) / 8
        read = array(student.softmax(Z), "softmax(Z)", shape=Z.shape)
        low = digits_of(read, single=1e-5, double=DOUBLE)
        hint = "Nothing is to be added to the sum: it is never 0."
        assert_close(read, reference.softmax(Z), "softmax(Z)", low=low, hint=hint)


@pytest.mark.points(1)
def test_softmax_of_far_rows(student, reference, rng, diagnose):
    """softmax where scores are 10000 apart, from row to row and within a row"""
    # Whole numbers, which float32 holds exactly. The largest are neither in the first row nor in
    # the last.
    offsets = np.array([[0.0], [1e4], [-1e4], [300.0]])
    probes = [(offsets + rng.integers(-3, 4, size=(4, k)),) for k in (3, 5)]
    probes.append((rng.permuted(np.array([[1e4, -1e4, 9999.0, 1.0], [0, 2, -1e4, 1.0]]), axis=1),))
    answers = student.softmax.map(probes)
    with diagnose("softmax", probes, answers):
        for (Z,), answer in zip(probes, answers, strict=True):
            assert_close(answer, reference.softmax(Z), "softmax(Z)")


@pytest.mark.points(4)
def test_log_likelihood(student, reference, rng, diagnose):
    """log_likelihood on data of many shapes"""
    probes = [*general(rng), *edge_cases(rng), badly_scaled(rng), surprising(reference, rng)]
    probes.append(on_a_grid(rng))
    answers = student.log_likelihood.map(probes)
    with diagnose("log_likelihood", probes, answers):
        try:
            for probe, answer in zip(probes, answers, strict=True):
                assert_close(answer, reference.log_likelihood(*probe), "log_likelihood(W, b, X, y)")
            probe, answer = probes[-1], np.asarray(number(answers[-1], "log_likelihood"))
            low = digits_of(answer, single=1e-5, double=DOUBLE)
            assert_close(answer, reference.log_likelihood(*probe), "log_likelihood", low=low)
        except CheckFailed:
            if not (
                tells(student, *probes[0]) and follows(own_likelihood, student, probes, answers)
            ):
                raise


def tells(student, W, b, X, _):
    """Whether the student's own softmax tells classes apart: one number for all shows no rule."""
    return bool(np.ptp(array(student.softmax(X @ W + b), "softmax(Z)")) > 0)


def own_likelihood(student, W, b, X, y):
    """log_likelihood by the student's own softmax."""
    P = array(student.softmax(X @ W + b), "softmax(Z)", shape=(len(y), len(b)))
    chances = P[np.arange(len(y)), y]
    require(bool(chances.min() > 0), "softmax(Z) has no logarithm")
    return np.log(chances).sum()


@pytest.mark.points(1)
def test_log_likelihood_of_far_scores(student, rng, diagnose):
    """log_likelihood is finite for certain and for impossible labels"""
    W, b, X = np.diag([1e4, 2e4, 3e4]), np.zeros(3), np.eye(3)[rng.permutation(3)]
    certain = X.argmax(axis=1)
    probes = [(W, b, X, certain), (W, b, X, (certain + 1) % 3)]
    answers = student.log_likelihood.map(probes)
    name = "log_likelihood of huge scores"
    with diagnose("log_likelihood", probes, answers):
        likely, unlikely = (number(answer, name) for answer in answers)
        try:
            # log(p + 1e-12) is right for certain labels and finite for impossible ones.
            assert_close(likely, 0.0, name, low=1e-3)
            require(unlikely < -1, f"{name}: wrong for impossible labels", got=f"{unlikely:.6g}")
        except CheckFailed:
            values = zip((likely, unlikely), probes, strict=True)
            if not all(passes(judge_far, student, value, *probe) for value, probe in values):
                raise


def judge_far(student, value, W, b, X, y):
    """By the student's own softmax; where that rounds to 0, a value need only be far below 0."""
    P = array(student.softmax(X @ W + b), "softmax(Z)", shape=(len(y), len(b)))
    chances = P[np.arange(len(y)), y]
    require(np.ptp(P) > 0, "softmax(Z) shows no rule")
    if chances.min() > 1e-10:
        assert_close(value, np.log(chances).sum(), low=1e-3)
    else:
        require(value < -1, "the value is not far below 0")


@pytest.mark.points(8)
def test_gradient(student, reference, rng, diagnose):
    """gradient on data of many shapes and scales"""
    judge_gradients(student, reference, diagnose, [*general(rng), badly_scaled(rng)])


@pytest.mark.points(5)
def test_gradient_of_edge_cases(student, reference, rng, diagnose):
    """gradient with two classes, one example, one feature, or large scores"""
    probes = [*edge_cases(rng), large_scores(rng)]
    judge_gradients(student, reference, diagnose, probes, floor=1e-3)


@pytest.mark.points(3)
def test_cross_entropy(student, reference, rng, diagnose):
    """cross_entropy of random distributions"""
    probes = []
    for n, k in [(6, 3), (4, 4), (3, 5), (1, 2)]:
        P, Q = rng.uniform(0.05, 1.0, size=(2, n, k))
        P[:, 0] *= rng.random(n) < 0.5  # some zeros, under the sign of P alone
        probes.append((P / P.sum(axis=1, keepdims=True), Q / Q.sum(axis=1, keepdims=True)))
    # A small probability, where a clipped one shows.
    probes.append((np.array([[0.25, 0.5, 0.25]]), np.array([[0.0006, 0.7, 0.2994]])))
    answers = student.cross_entropy.map(probes)
    with diagnose("cross_entropy", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            assert_close(answer, reference.cross_entropy(*probe), "cross_entropy(P, Q)")


@pytest.mark.points(1)
def test_cross_entropy_of_zeros(student, reference, rng, diagnose):
    """cross_entropy where both probabilities are 0"""
    P, Q = rng.uniform(0.2, 1.0, size=(2, 4, 3))
    P[[0, 2], [1, 0]] = Q[[0, 2], [1, 0]] = 0.0
    probes = [(P / P.sum(axis=1, keepdims=True), Q / Q.sum(axis=1, keepdims=True))]
    answers = student.cross_entropy.map(probes)
    with diagnose("cross_entropy", probes, answers):
        assert_close(answers[0], reference.cross_entropy(*probes[0]), "cross_entropy(P, Q)")


@pytest.mark.points(4)
def test_objective(student, reference, rng, diagnose):
    """objective on data of many shapes"""
    probes = [*general(rng), *edge_cases(rng)]
    answers = student.objective.map(probes)
    with diagnose("objective", probes, answers):
        try:
            for probe, answer in zip(probes, answers, strict=True):
                assert_close(answer, reference.objective(*probe), "objective(W, b, X, y)")
        except CheckFailed:
            if not any(follows(rule, student, probes, answers) for rule in OWN_OBJECTIVES):
                raise


# objective as a student may write it, resting on other functions of theirs.
OWN_OBJECTIVES = (
    lambda student, W, b, X, y: -number(student.log_likelihood(W, b, X, y)) / len(y),
    lambda student, W, b, X, y: array(
        student.cross_entropy(np.eye(len(b))[y], array(student.softmax(X @ W + b)))
    ).mean(),
    lambda student, W, b, X, y: -own_likelihood(student, W, b, X, y) / len(y),
)


def follows(rule, student, probes, answers):
    """Whether the objectives are what a rule makes of the student's own functions.

    A constant shows no rule.
    """
    try:
        values = [rule(student, *probe) for probe in probes]
        for answer, value in zip(answers, values, strict=True):
            assert_close(answer, value)
    except StudentFault:
        return False
    return np.ptp(values) > 0


# A path of float32 steps drifts from the float64 path; a wrong path is off by far more than this.
PATH_LOW = 5e-5


def separated(rng, n, d, k):
    """Examples around k centres, the last class left without examples."""
    y = np.arange(n) % (k - 1)
    return 2 * rng.normal(size=(k, d))[y] + rng.normal(size=(n, d)), y


def overshooting(reference, rng):
    """Arguments of `fit` with a step so large that the objective rises, at the end too."""
    X, y = 2 * rng.normal(size=(14, 4)), np.arange(14) % 2
    for step_size in (1.0, 2.0, 4.0, 8.0, 16.0, 32.0):
        history = reference.fit(X, y, 3, 4, step_size)[2]
        if max(np.diff(history)[:-1]) > 0.05 and history[-1] > history.min() + 0.05:
            break
    return X, y, 3, 4, step_size


def judge_form_of_gradient(student):
    dW, db = sequence(
        student.gradient(np.ones((2, 3)), np.ones(3), np.eye(4, 2), np.array([0, 2, 1, 0])), 2
    )
    array(dW, "dW", shape=(2, 3))
    array(db, "db", shape=(3,))


def equal_sizes(rng):
    """Arguments of `fit` with n = d = k, where a softmax that divides columns runs, too."""
    return separated(rng, 4, 4, 5)[0], np.arange(4), 4, 5, 0.1


def form_and_spare(student, square):
    """For `answered`."""
    return {"form": lambda: judge_form_of_gradient(student), "spare": [square]}


def judge_in_either_form(judge, student):
    """Parts of gradient in another order or shape cost its own points, and not those of fit."""
    assert_in_either_form(judge, student, lambda: judge_form_of_gradient(student), gradient=2)


def judge_fit(student, reference, probe, answer, compare):
    """compare(answer, expected): of (W, b, history), as lists of three."""
    given = sequence(answer, 3, "(W, b, history)")

    def judge(own):
        assert_follows(
            lambda expected: compare(given, expected),
            "fit",
            probe,
            student=own,
            reference=reference,
            rests=["gradient", "objective"],
        )

    try:
        judge(student)
    except CheckFailed:
        # history may hold what a student's other functions give, without a call of objective.
        if not any(passes(judge, with_objective(student, rule)) for rule in OWN_OBJECTIVES):
            raise


def with_objective(student, rule):
    """The student's gradient, and an objective that a rule makes of their other functions."""
    return SimpleNamespace(
        gradient=student.gradient, objective=lambda *probe: rule(student, *probe)
    )


def compare_last(given, expected):
    assert_close(given[0], expected[0], "W", low=PATH_LOW)
    assert_close(given[1], expected[1], "b", low=PATH_LOW)


def compare_every_digit(given, expected):
    W = array(given[0], "W", shape=expected[0].shape)
    low = digits_of(W, single=PATH_LOW, double=DOUBLE)
    hint = "It is nearly right: does anything but the gradient times step_size change W and b?"
    assert_close(W, expected[0], "W", low=low, hint=hint)
    assert_close(given[1], expected[1], "b", low=low, hint=hint)


def compare_small(given, expected):
    assert_close(given[0], expected[0], "W", low=PATH_LOW)
    # b hardly moves: what float32 makes of probabilities that are almost equal is more.
    assert_close(given[1], expected[1], "b", low=PATH_LOW, scale=0.02)


def compare_roughly(given, expected):
    # Of a gradient of 1e-7 differences of the objective leave few digits.
    assert_close(given[0], expected[0], "W", low=1e-2)


def compare_history(given, expected):
    assert_close(given[2], expected[2], "history", low=PATH_LOW)


@pytest.mark.points(6)
def test_fit_follows_gradient_descent(student, reference, rng, diagnose):
    """fit returns the last iterate of gradient descent on the objective"""
    X, y = separated(rng, 23, 3, 5)
    probes = [(X, y, 5, 15, 0.08), overshooting(reference, rng)]
    # As many examples as in the first, on a grid, and no example of a class in the middle.
    probes.append((np.round(8 * X[::-1]) / 8, np.array([0, 1, 3, 4, 0])[y[::-1]], 5, 15, 0.08))
    # Small gradients, and hardly any gain: all steps count.
    probes.append((2.0**-15 * X[:20], np.arange(20) % 5, 5, 4, 0.5))
    probes.append((2.0**-22 * X[:20], np.arange(20) % 5, 5, 4, 0.5))
    point = (np.full((3, 5), 0.3) - np.eye(3, 5), np.full(5, 0.1), X / 3, y)
    narrow = computes_in_float32(lambda: student.gradient(*point))
    on_grid = compare_last if narrow else compare_every_digit
    rules = (compare_last, compare_last, on_grid, compare_small, compare_roughly)
    square = equal_sizes(rng)

    def judge():
        pairs = answered(student.fit, probes, **form_and_spare(student, square))
        chosen = rules if len(pairs) == len(rules) else [compare_last] * len(pairs)
        with diagnose("fit", *zip(*pairs, strict=True)):
            for (probe, answer), compare in zip(pairs, chosen, strict=True):
                judge_fit(student, reference, probe, answer, compare)

    try:
        judge_in_either_form(judge, student)
    except CheckFailed as failure:
        failure.diagnosis = failure.diagnosis or name_rule(student, reference, probes[0])
        raise
    smaller = (2.0**-45 * X[:20], np.arange(20) % 5, 5, 4, 0.5)
    if shows(student, reference, *smaller[:3]):
        judge_fit(student, reference, smaller, student.fit(*smaller), compare_roughly)


def shows(student, reference, X, y, k):
    """Whether the student's own gradient is right at zeros; of differences nothing may be left."""
    start = np.zeros((X.shape[1], k)), np.zeros(k), X, y
    return passes(
        lambda: assert_close(
            sequence(student.gradient(*start), 2)[0], reference.gradient(*start)[0], low=1e-3
        )
    )


def name_rule(student, reference, probe):
    """What the start and the second step tell of a rule whose constants are not known, or None.

    From zeros the first step is -step g0. With momentum the second one holds that much of it again,
    with weight decay it is pulled back by some of it, whatever the constants are.
    """
    X, y, k, _, step_size = probe
    paths = []
    try:
        for answer in student.fit.map([(X, y, k, steps, step_size) for steps in (0, 1, 2)]):
            W, b, _ = sequence(answer, 3, "(W, b, history)")
            W, b = array(W, "W", shape=(X.shape[1], k)), array(b, "b", shape=(k,))
            paths.append(np.concatenate([W.ravel(), b]))
    except StudentFault:
        return None
    if np.abs(paths[0]).max() > 1e-9:
        return "Your fit does not start from zeros."
    first, second = (
        np.concatenate([np.ravel(part) for part in reference.fit(X, y, k, steps, step_size)[:2]])
        for steps in (1, 2)
    )
    if not passes(assert_close, paths[1], first, low=3e-7):
        return None
    more = paths[2] - second
    factor = more @ first / (first @ first)
    weights = np.arange(len(first)) < X.shape[1] * k
    if factor > 1e-4 and passes(assert_close, more, factor * first, scale=np.abs(first).max()):
        return "Your fit adds momentum: each step is step_size times the gradient alone."
    pulled = more[weights] @ first[weights] / (first[weights] @ first[weights])
    for part in (np.ones(len(first)), weights):
        if pulled < -1e-6 and passes(
            assert_close, more, pulled * first * part, scale=np.abs(first).max()
        ):
            return "Your fit decays the weights: the objective holds no penalty."
    return None


@pytest.mark.points(5)
def test_fit_records_every_objective(student, reference, rng, diagnose):
    """fit's history holds the objective at every iterate, the start included"""
    probes = [(*separated(rng, 17, 2, 4), 4, 12, 0.1), (*separated(rng, 10, 3, 5), 5, 3, 0.15)]
    # Nothing to learn: the gradient is 0 from the start, and history keeps its length.
    probes.append((np.zeros((6, 2)), np.arange(6) % 3, 3, 5, 0.5))
    probes.append(overshooting(reference, rng))
    square = equal_sizes(rng)

    def judge():
        pairs = answered(student.fit, probes, **form_and_spare(student, square))
        with diagnose("fit", *zip(*pairs, strict=True)):
            for probe, answer in pairs:
                judge_fit(student, reference, probe, answer, compare_history)

    judge_in_either_form(judge, student)


@pytest.mark.points(4)
def test_fit_learns_digits(student, reference, rng, digits):
    """fit learns to read handwritten digits"""
    probe = (*digits, 10, 6, 0.5)

    def reached(given, expected):
        W, b = (
            array(part, name, shape=np.shape(right))
            for part, right, name in zip(given[:2], expected, ("W", "b"), strict=False)
        )
        with np.errstate(all="ignore"):  # a W that diverged overflows
            return reference.objective(W, b, *digits)

    def compare(given, expected):
        goal = reached(expected, expected)
        assert_close(reached(given, expected), goal, "the objective at (W, b)", low=1e-4)
        last = array(given[2], "history", shape=np.shape(expected[2]))[-1]
        assert_close(last, expected[2][-1], "the last entry of history", low=1e-4)

    square = equal_sizes(rng)

    def judge():
        for asked, answer in answered(student.fit, [probe], **form_and_spare(student, square)):
            judge_fit(
                student, reference, asked, answer, compare if asked is probe else compare_last
            )

    judge_in_either_form(judge, student)


@pytest.mark.points(5)
def test_predict(student, reference, rng, diagnose):
    """predict takes the most likely class"""
    probes = []
    for n, d, k in [(40, 3, 5), (30, 4, 4), (25, 5, 2), (1, 2, 3)]:
        W, b, X, _ = problem(rng, n, d, k, spread=3.0)
        Z = np.sort(X @ W + b, axis=1)
        clear = Z[:, -1] - Z[:, -2] > 1e-3  # float32 cannot tell closer scores apart
        probes.append((W, b, X[clear | (n == 1)]))
    # Large scores, of which exp holds each, and many classes.
    rising = np.arange(40.0, 64.0, 2.0)
    W = np.array([np.roll(rising, -shift) for shift in rng.permutation([0, 1, 5])])
    probes.append((W, np.zeros(12), np.eye(3)))
    # Close scores, which float32 tells apart and fewer digits do not.
    probes.append((8.0 + rng.permutation(np.eye(4)) / 1024, np.zeros(4), np.eye(4)))
    answers = student.predict.map(probes)
    with diagnose("predict", probes, answers):
        for (W, b, X), answer in zip(probes, answers, strict=True):
            if not passes(judge_own_labels, student, answer, W, b, X):
                assert_labels(answer, X @ W + b, "predict(W, b, X)")


def judge_own_labels(student, answer, W, b, X):
    """By the student's own softmax; rows in which all classes tie show no rule."""
    P = array(student.softmax(X @ W + b), "softmax(Z)", shape=(len(X), len(b)))
    with np.errstate(invalid="ignore"):
        P = P / np.abs(P).max(axis=1, keepdims=True)
    require(len(X) == 1 or bool((np.ptp(P, axis=1) > 5e-4).all()), "softmax(Z) shows no rule")
    assert_labels(answer, P)
