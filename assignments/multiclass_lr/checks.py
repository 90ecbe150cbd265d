"""Public checks: worked numbers, properties, and the gradient against your own log_likelihood.

Run them with `python -m grader check`, or with pytest.
"""

import numpy as np
import pytest

from grader.checks import (
    array,
    assert_close,
    assert_in_either_form,
    assert_labels,
    assert_own_gradient,
    number,
    passes,
    require,
    sequence,
)
from grader.checks.figure import (
    axes_labelled,
    curve_drawn,
    labels_in_place,
)
from grader.errors import CheckFailed, StudentFault, StudentRaised

LOG2, LOG3 = np.log(2.0), np.log(3.0)


def small_example():
    """Four examples, two features, three classes; every probability is a fraction.

    The four rows of scores are (0, log 2, 0), (log 3, 0, 0), (log 3, log 2, 0), (0, 0, 0), so
    that the rows of softmax are (1, 2, 1)/4, (3, 1, 1)/5, (3, 2, 1)/6 and (1, 1, 1)/3.
    """
    X = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [0.0, 0.0]])
    W = np.array([[0.0, LOG2, 0.0], [LOG3, 0.0, 0.0]])
    b = np.zeros(3)
    y = np.array([1, 0, 1, 2])
    return W, b, X, y


@pytest.mark.points(3)
@pytest.mark.hint("Each row is divided by its own sum.")
@pytest.mark.hint(
    "`keepdims=True` in the sum over a row keeps its shape (n, 1), which divides row by row."
)
@pytest.mark.see("softmax")
def test_softmax_example(student):
    """softmax of two rows whose probabilities are fractions"""
    Z = np.array([[0.0, LOG2, LOG3, LOG2], [LOG3, 0.0, 0.0, -LOG3]])
    expected = np.array([[1 / 8, 2 / 8, 3 / 8, 2 / 8], [9 / 16, 3 / 16, 3 / 16, 1 / 16]])
    assert_close(student.softmax(Z), expected, "softmax(Z)")


@pytest.mark.points(2)
@pytest.mark.hint("Which sum stands in the denominator: that of the row or that of the column?")
@pytest.mark.hint("axis=1 adds up along a row.")
@pytest.mark.see("softmax")
def test_softmax_rows_are_distributions(student, rng):
    """each row of softmax is positive and sums to 1"""
    P = array(student.softmax(rng.normal(size=(5, 3))), "softmax(Z)", shape=(5, 3))
    require(bool((P > 0).all()), "softmax(Z) has entries that are not positive")
    assert_close(P.sum(axis=1), np.ones(5), "the sums of the rows of softmax(Z)")


@pytest.mark.points(3)
@pytest.mark.hint("Adding one number to a whole row of Z does not change its softmax.")
@pytest.mark.hint("Which number, added to a row, makes its largest score 0?")
@pytest.mark.hint("Subtract the row's maximum before you take the exponential.")
@pytest.mark.see("softmax")
def test_softmax_of_huge_scores(student):
    """softmax stays finite for scores of 10000 and -10000"""
    # Whole numbers: 10001 is exact in float32 as well.
    Z = np.array([[1e4, 1e4 + 1, 0.0], [-1e4, -1e4, -1e4], [1e4, -1e4, 0.0]])
    p = 1 / (1 + np.e)
    expected = np.array([[p, 1 - p, 0.0], [1 / 3, 1 / 3, 1 / 3], [1.0, 0.0, 0.0]])
    assert_close(student.softmax(Z), expected, "softmax(Z)")


@pytest.mark.points(4)
@pytest.mark.hint("It is a sum over the examples, not a mean, of natural logarithms.")
@pytest.mark.hint("`P[np.arange(n), y]` takes from each row the entry of its label.")
@pytest.mark.see("log_likelihood")
def test_log_likelihood_example(student):
    """log_likelihood of four examples is log 1/2 + log 3/5 + log 1/3 + log 1/3"""
    answer = student.log_likelihood(*small_example())
    try:
        judge_likelihood(answer)
    except CheckFailed:
        if not follows(lambda own: assert_close(answer, own), own_likelihood, student):
            raise


def judge_likelihood(answer):
    """Raise CheckFailed unless it is the log-likelihood of the small example."""
    expected = np.log(1 / 2) + np.log(3 / 5) + np.log(1 / 3) + np.log(1 / 3)
    assert_close(answer, expected, "log_likelihood(W, b, X, y)")


def own_likelihood(student):
    """The log-likelihood of the small example by the student's own softmax."""
    return np.log(own_chances(student, *small_example())).sum()


def own_chances(student, W, b, X, y):
    """What the student's own softmax gives for each label; one number for all shows no rule."""
    P = array(student.softmax(X @ W + b), "softmax(Z)", shape=(len(y), len(b)))
    chances = P[np.arange(len(y)), y]
    require(np.ptp(P) > 0 and chances.min() > 0, "softmax(Z) shows no rule")
    return chances


def follows(compare, rule, *args):
    """Whether `compare` accepts what a rule makes of the student's own functions.

    A mistake in one of those costs its own points, and not those of a function that calls it.
    """
    try:
        with np.errstate(all="ignore"):
            compare(rule(*args))
    except (StudentFault, ValueError, IndexError):
        return False  # with such values the rule leads nowhere, or elsewhere
    return True


@pytest.mark.points(3)
@pytest.mark.hint("The log of a sum of exponentials can be taken without computing exp(10000).")
@pytest.mark.hint("log softmax(z)_y is z_y minus the log of the sum of exp(z).")
@pytest.mark.hint(
    "With m the largest score of a row, that log is m plus the log of the sum of exp(z - m)."
)
@pytest.mark.see("log_likelihood")
def test_log_likelihood_of_huge_scores(student):
    """log_likelihood stays finite where scores are 10000 apart"""
    W, b, X = np.array([[1e4, 0.0, -1e4]]), np.zeros(3), np.array([[1.0], [-1.0]])
    likely, unlikely = student.log_likelihood.map(
        [(W, b, X, np.array([0, 2])), (W, b, X, np.array([2, 1]))]
    )
    name = "log_likelihood of huge scores"
    certain, impossible = number(likely, name), number(unlikely, name)
    try:
        require(
            abs(certain) < 1e-3,
            f"{name}: wrong for certain labels",
            expected="0: both labels have probability 1",
            got=f"{certain:.6g}",
        )
        require(
            impossible < -1,
            f"{name}: wrong for impossible labels",
            expected="a large negative number",
            got=f"{impossible:.6g}",
        )
    except CheckFailed:
        own = [(certain, np.array([0, 2])), (impossible, np.array([2, 1]))]
        if not all(passes(judge_huge, student, value, W, b, X, y) for value, y in own):
            raise


def judge_huge(student, value, W, b, X, y):
    """Raise CheckFailed unless a value is what the student's own softmax makes of huge scores.

    Where that rounds to 0, a value need only be far below 0.
    """
    P = array(student.softmax(X @ W + b), "softmax(Z)", shape=(len(y), len(b)))
    chances = P[np.arange(len(y)), y]
    require(np.ptp(P) > 0, "softmax(Z) shows no rule")
    if chances.min() > 1e-10:
        assert_close(value, np.log(chances).sum(), low=1e-3)
    else:
        require(value < -1, "the value is not far below 0")


@pytest.mark.points(4)
@pytest.mark.hint("With W = 0 and b = 0 every class has probability 1/k.")
@pytest.mark.hint("Write it out for one example and one class first, then add up the examples.")
@pytest.mark.hint("dW is (d, k): which product of X with an (n, k) matrix has that shape?")
@pytest.mark.see("gradient")
def test_gradient_at_zero(student):
    """gradient where every class has probability 1/4"""
    X = np.array([[1.0, 2.0], [3.0, -1.0], [0.0, 4.0]])
    y = np.array([2, 0, 2])
    W, b = np.zeros((2, 4)), np.zeros(4)
    answer = student.gradient(W, b, X, y)
    # Column c is the sum of the rows with label c, less a quarter of the sum of all rows.
    dW = np.array([[2.0, -1.0, 0.0, -1.0], [-2.25, -1.25, 4.75, -1.25]])
    right = dW, np.array([0.25, -0.75, 1.25, -0.75])
    try:
        judge_gradient(answer, right)
    except CheckFailed:
        P = np.full((3, 4), 1 / 4)
        if not follows(
            lambda own: judge_gradient(answer, own), own_slope, student, W, b, X, P, right
        ):
            raise


def judge_gradient(answer, right):
    """Raise CheckFailed unless an answer is `right`, which is (dW, db)."""
    for got, expected, name in zip(
        sequence(answer, 2, "(dW, db)"), right, ("dW", "db"), strict=True
    ):
        assert_close(got, expected, name)


def own_slope(student, W, b, X, P, right):
    """What becomes of the right (dW, db) where the student's softmax does not give P."""
    off = P - array(student.softmax(X @ W + b), "softmax(Z)", shape=P.shape)
    return right[0] + X.T @ off, right[1] + off.sum(axis=0)


@pytest.mark.points(5)
@pytest.mark.hint(
    "Change one entry of W by 1e-6: log_likelihood should change by 1e-6 times that of dW."
)
@pytest.mark.hint(
    "Is it a sum over the examples, with the sign of a quantity that one wants to be large?"
)
@pytest.mark.see("gradient")
def test_gradient_is_the_slope_of_log_likelihood(student, rng):
    """gradient agrees with the slope of your own log_likelihood"""
    X, y = rng.normal(size=(7, 3)), np.array([0, 1, 2, 3, 3, 1, 0])
    W, b = 0.5 * rng.normal(size=(3, 4)), rng.normal(size=4)
    answer = student.gradient(W, b, X, y)
    try:
        assert_own_gradient(
            student.log_likelihood,
            answer,
            (W, b),
            lambda W, b: (W, b, X, y),
            names=("dW", "db"),
            loss_name="log_likelihood",
            rng=rng,
        )
    except StudentFault:
        # A wrong log_likelihood or softmax costs its own points, not those of a right gradient.
        if not right_with_own(student):
            raise


def right_with_own(student):
    """Whether a gradient that is not the slope of log_likelihood is right all the same.

    It is where it is right elsewhere and log_likelihood is wrong, or where it is right but for the
    probabilities that the student's softmax gives.
    """
    W, b, X, y, P, right = elsewhere()
    try:
        answer = student.gradient(W, b, X, y)
    except StudentFault:
        return False
    if passes(judge_gradient, answer, right):
        return not passes(likelihood_is_right, student)
    return follows(lambda own: judge_gradient(answer, own), own_slope, student, W, b, X, P, right)


def likelihood_is_right(student):
    """Raise CheckFailed unless log_likelihood is right at two points, b being 0 at the first."""
    judge_likelihood(student.log_likelihood(*small_example()))
    W, b, X, y, P, _ = elsewhere()
    assert_close(student.log_likelihood(W, b, X, y), np.log(P[np.arange(len(y)), y]).sum())


def elsewhere():
    """(W, b, X, y) where the classes' probabilities differ, these, and the right (dW, db)."""
    X, y = np.array([[1.0, 2.0], [3.0, -1.0], [0.0, 4.0]]), np.array([2, 0, 2])
    W, b = np.array([[0.5, -0.25, 0.0], [-0.5, 0.25, 0.5]]), np.array([0.25, 0.0, -0.5])
    P = np.array(
        [
            [0.20983182601596484, 0.3459541948223698, 0.44421397916166544],
            [0.9280325463467017, 0.0359837268266492, 0.0359837268266492],
            [0.0235665794203801, 0.36864332664249055, 0.6077900939371295],
        ]
    )
    dW = np.array(
        [
            [0.0060705349439299505, -0.4539053753023174, 0.4478348403583869],
            [-0.5858974233667483, -2.1304979693880526, 2.7163953927548006],
        ]
    )
    return (
        W,
        b,
        X,
        y,
        P,
        (dW, np.array([-0.16143095178304667, -0.7505812482915095, 0.9120122000745559])),
    )


@pytest.mark.points(3)
@pytest.mark.hint("P comes first: it is Q that stands inside the logarithm.")
@pytest.mark.hint("A sum over each row, with a minus in front.")
@pytest.mark.see("cross_entropy")
def test_cross_entropy_example(student):
    """cross_entropy of two pairs of distributions"""
    P = np.array([[1 / 2, 1 / 4, 1 / 4], [1 / 3, 1 / 3, 1 / 3]])
    Q = np.array([[1 / 4, 1 / 4, 1 / 2], [1 / 2, 1 / 4, 1 / 4]])
    expected = np.array([7 / 4, 5 / 3]) * LOG2
    assert_close(student.cross_entropy(P, Q), expected, "cross_entropy(P, Q)")


@pytest.mark.points(2)
@pytest.mark.hint("numpy says that 0 * log(0) is NaN.")
@pytest.mark.hint(
    "Take the logarithm only where P is not 0: `np.where`, or the `where=` of np.log."
)
@pytest.mark.see("cross_entropy")
def test_cross_entropy_counts_0_log_0_as_0(student):
    """cross_entropy counts 0 log 0 as 0"""
    P = np.array([[0.0, 1.0, 0.0], [0.5, 0.5, 0.0]])
    Q = np.array([[0.5, 0.5, 0.0], [0.25, 0.75, 0.0]])
    expected = np.array([LOG2, -np.log(3 / 16) / 2])
    assert_close(student.cross_entropy(P, Q), expected, "cross_entropy(P, Q)")


@pytest.mark.points(3)
@pytest.mark.hint("It is a mean over the examples, and positive.")
@pytest.mark.hint("It is -log_likelihood / n.")
@pytest.mark.see("objective")
def test_objective_example(student):
    """objective of four examples is (log 2 + log 5/3 + log 3 + log 3) / 4"""
    expected = (LOG2 + np.log(5 / 3) + 2 * LOG3) / 4
    answer = student.objective(*small_example())
    try:
        assert_close(answer, expected, "objective(W, b, X, y)")
    except CheckFailed:
        W, b, X, y = small_example()
        fewer = (W, b, X[:3], y[:3])

        def compare(own):
            assert_close([number(answer), number(student.objective(*fewer))], own)
            require(np.ptp(own) > 0, "a constant shows no rule")

        if not any(
            follows(compare, lambda rule=rule: [rule(student, W, b, X, y), rule(student, *fewer)])
            for rule in OWN_OBJECTIVES
        ):
            raise


def entropies(student, y, P):
    """The mean of the student's own cross entropies between labels and probabilities."""
    values = student.cross_entropy(np.eye(P.shape[1])[y], P)
    return array(values, "cross_entropy(P, Q)").mean()


# objective as you may write it, resting on other functions of yours.
OWN_OBJECTIVES = (
    lambda student, W, b, X, y: -number(student.log_likelihood(W, b, X, y)) / len(y),
    lambda student, W, b, X, y: entropies(student, y, array(student.softmax(X @ W + b))),
    lambda student, W, b, X, y: -np.log(own_chances(student, W, b, X, y)).mean(),
)
# What may stand in the history of fit.
OWN_VALUES = (
    lambda student, W, b, X, y: number(student.objective(W, b, X, y)),
    *OWN_OBJECTIVES,
)


@pytest.mark.points(3)
@pytest.mark.hint("At W = 0 and b = 0 every class has probability 1/k, so the objective is log k.")
@pytest.mark.hint("history has one entry before any step is taken.")
@pytest.mark.see("fit")
def test_fit_starts_at_zeros(student):
    """fit with 0 steps returns zeros and the objective there, log k"""
    X, y = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]]), np.array([0, 1, 1])
    W, b, history = sequence(student.fit(X, y, 4, 0, 0.5), 3, "(W, b, history)")
    assert_close(W, np.zeros((2, 4)), "W")
    assert_close(b, np.zeros(4), "b")
    try:
        assert_close(history, np.array([2 * LOG2]), "history")
    except CheckFailed:
        start = [(np.zeros((2, 4)), np.zeros(4))]
        if not follows_path(student, (W, b, history), X, y, lambda: start):
            raise


@pytest.mark.points(4)
@pytest.mark.hint("Descent on the objective, a mean: the log-likelihood's gradient needs -1/n.")
@pytest.mark.hint("Compute both derivatives before you change W or b.")
@pytest.mark.see("fit")
def test_fit_takes_one_step(student):
    """fit with 1 step returns what one step from zeros gives"""
    X, y = np.array([[2.0], [0.0], [-1.0]]), np.array([0, 0, 1])
    step_size = 3 * LOG2
    # dL/dW = -(1/2, -1/2) and dL/db = -(1/6, -1/6). Then the scores of the two classes differ by
    # 7 log 2, log 2 and -2 log 2: the labels have the probabilities 128/129, 2/3 and 4/5.
    W, b = np.array([[1.5, -1.5]]) * LOG2, np.array([0.5, -0.5]) * LOG2
    after = (np.log(129 / 128) + np.log(3 / 2) + np.log(5 / 4)) / 3
    right = [(np.zeros((1, 2)), np.zeros(2)), (W, b)]

    def judge():
        try:
            answer = student.fit(X, y, 2, 1, step_size)
        except StudentRaised:
            if follows_where_sizes_are_equal(student, 3, 1):
                return
            raise
        try:
            judge_descent(answer, (W, b, np.array([LOG2, after])))
        except CheckFailed:
            own = own_path(student, X, y, 2, 1, step_size)
            if not any(follows_path(student, answer, X, y, path) for path in (lambda: right, own)):
                raise

    judge_in_either_form(judge, student)


def follows_where_sizes_are_equal(student, k, steps):
    """Whether gradient's parts have another form, and fit descends along them where n = d = k.

    There they broadcast: they cost the points of gradient, and not those of fit.
    """
    if passes(judge_form_of_gradient, student):
        return False
    X, y = np.tri(k) + np.eye(k), np.arange(k)[::-1].copy()
    answer = student.fit(X, y, k, steps, 0.1)
    return follows_path(student, answer, X, y, own_path(student, X, y, k, steps, 0.1))


def judge_in_either_form(judge, student):
    """Parts of gradient in another order or shape cost its own points, and not those of fit."""
    assert_in_either_form(judge, student, lambda: judge_form_of_gradient(student), gradient=2)


def judge_form_of_gradient(student):
    dW, db = sequence(student.gradient(*small_example()), 2, "(dW, db)")
    array(dW, "dW", shape=(2, 3))
    array(db, "db", shape=(3,))


def judge_descent(answer, right, low=1e-5):
    """Raise CheckFailed unless an answer of fit is `right`, which is (W, b, history)."""
    given = sequence(answer, 3, "(W, b, history)")
    for got, expected, name in zip(given, right, ("W", "b", "history"), strict=True):
        assert_close(got, expected, name, low=low)


def own_path(student, X, y, k, steps, step_size):
    """What finds every (W, b) of a descent along the student's own gradient."""

    def path():
        points = [(np.zeros((X.shape[1], k)), np.zeros(k))]
        for _ in range(steps):
            slopes = sequence(student.gradient(*points[-1], X, y), 2, "(dW, db)")
            points.append(
                tuple(
                    before + step_size / len(y) * array(slope)
                    for before, slope in zip(points[-1], slopes, strict=True)
                )
            )
        # A path that stands still because the gradient is always 0 shows no rule.
        require(bool(points[-1][0].any()), "the gradient is 0")
        return points

    return path


def follows_path(student, answer, X, y, path):
    """Whether fit gives the end of a path, with the student's own objectives along it.

    path: makes every (W, b).
    """

    def values(rule):
        points = path()
        W, b = points[0]
        elsewhere = rule(student, W, b + np.arange(len(b)), X, y)
        require(elsewhere != 0, "an objective that is always 0 shows no rule")
        history = np.array([rule(student, W, b, X, y) for W, b in points])
        return *points[-1], history

    return any(
        follows(lambda own: judge_descent(answer, own, 5e-5), values, rule)
        for rule in (*OWN_VALUES, two_classes)
    )


def two_classes(_, W, b, X, y):
    """The right objective of two classes, for a fit that does not call yours."""
    require(len(b) == 2, "there are more classes than two")
    gap = (X @ W + b) @ np.array([1.0, -1.0])
    return np.logaddexp(0.0, np.where(y == 0, -gap, gap)).mean()


@pytest.mark.points(2)
@pytest.mark.hint("The start counts: one entry before the first step, and one after each step.")
@pytest.mark.hint(
    "Is each entry the objective at the W and b after the step, all examples counted?"
)
@pytest.mark.see("fit")
def test_fit_history_falls(student, rng):
    """fit records steps + 1 objectives, each lower than the one before"""
    y = np.arange(30) % 3
    X = rng.normal(size=(30, 2)) + np.array([[2.0, 0.0], [-1.0, 2.0], [-1.0, -2.0]])[y]

    def judge():
        try:
            answer = student.fit(X, y, 3, 20, 0.1)
        except StudentRaised:
            if follows_where_sizes_are_equal(student, 3, 20):
                return
            raise
        _, _, history = sequence(answer, 3, "(W, b, history)")
        values = array(history, "history", shape=(21,))
        try:
            judge_falling(values)
        except CheckFailed:
            # Along a wrong gradient, or of a wrong objective, they need not fall.
            if not follows_path(student, answer, X, y, own_path(student, X, y, 3, 20, 0.1)):
                raise

    judge_in_either_form(judge, student)


def judge_falling(values):
    """Raise CheckFailed unless each value is lower than the one before."""
    falls = np.diff(values) < 0
    first = int(np.argmin(falls))  # where it does not, if anywhere
    require(
        bool(falls.all()),
        f"history does not fall from iteration {first} to {first + 1}",
        expected=f"less than {values[first]:.10g}",
        got=f"{values[first + 1]:.10g}",
        where=f"[{first + 1}]",
        hint="A small step against the gradient makes it smaller: look at the sign.",
    )


@pytest.mark.points(3)
@pytest.mark.hint("Classes are numbered from 0.")
@pytest.mark.hint(
    "The class with the largest score is the one with the largest probability: np.argmax."
)
@pytest.mark.see("predict")
def test_predict_example(student):
    """predict takes the class with the largest probability"""
    W = np.array([[1.0, 0.0, -1.0], [0.0, 2.0, 0.0]])
    b = np.array([0.0, -1.0, 0.5])
    X = np.array([[2.0, 0.0], [0.0, 2.0], [-2.0, 0.0], [0.0, 0.0], [1.0, 2.0]])
    answer = student.predict(W, b, X)
    try:
        assert_labels(answer, X @ W + b, "predict(W, b, X)")
    except CheckFailed:
        if not follows(lambda own: assert_labels(answer, own), own_probabilities, student, W, b, X):
            raise


def own_probabilities(student, W, b, X):
    """What the student's own softmax gives; rows in which all classes tie show no rule."""
    P = array(student.softmax(X @ W + b), "softmax(Z)", shape=(len(X), len(b)))
    P = P / np.abs(P).max(axis=1, keepdims=True)
    require(bool((np.ptp(P, axis=1) > 1e-3).all()), "softmax(Z) shows no rule")
    return P


def uneven_history():
    """Falls from 2.3 to 0.97 with rises on the way: no sorting leaves it as it is."""
    i = np.arange(81.0)
    return 2.3 - 0.02 * i + 0.3 * np.sin(i / 4)


@pytest.mark.points(2)
@pytest.mark.hint("What do the numbers to the right and upwards mean? The figure is to say so.")
@pytest.mark.hint("axes.set_xlabel and axes.set_ylabel.")
@pytest.mark.see("plot_history")
def test_plot_labels_its_axes(student):
    """plot_history labels both axes"""
    figure = student.plot_history.draw(uneven_history())
    axes_labelled(figure)
    try:
        axes = curve_drawn(figure, uneven_history()).axes
    except StudentFault:
        return  # another check asks for the curve
    labels_in_place(figure, axes)


@pytest.mark.points(2)
@pytest.mark.hint("One point for each entry of history, the first one included.")
@pytest.mark.hint("The whole history against 0, 1, 2, ..., on an axis that is not cut off.")
@pytest.mark.see("plot_history")
def test_plot_shows_the_history(student):
    """plot_history draws the objective against the iteration"""
    curve_drawn(student.plot_history.draw(uneven_history()), uneven_history())
