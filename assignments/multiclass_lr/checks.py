"""Public checks: worked numbers, properties, and the gradient against your own log_likelihood.

Run them with `python -m grader check`, or with pytest.
"""

import numpy as np
import pytest

from grader.checks import (
    array,
    assert_close,
    assert_labels,
    assert_own_gradient,
    number,
    passes,
    require,
    sequence,
)
from grader.checks.figure import axes_labelled, curve_drawn
from grader.errors import CheckFailed

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
    expected = np.log(1 / 2) + np.log(3 / 5) + np.log(1 / 3) + np.log(1 / 3)
    assert_close(student.log_likelihood(*small_example()), expected, "log_likelihood(W, b, X, y)")


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


@pytest.mark.points(4)
@pytest.mark.hint("With W = 0 and b = 0 every class has probability 1/k.")
@pytest.mark.hint("Write it out for one example and one class first, then add up the examples.")
@pytest.mark.hint("dW is (d, k): which product of X with an (n, k) matrix has that shape?")
@pytest.mark.see("gradient")
def test_gradient_at_zero(student):
    """gradient where every class has probability 1/4"""
    X = np.array([[1.0, 2.0], [3.0, -1.0], [0.0, 4.0]])
    y = np.array([2, 0, 2])
    dW, db = sequence(student.gradient(np.zeros((2, 4)), np.zeros(4), X, y), 2, "(dW, db)")
    # Column c is the sum of the rows with label c, less a quarter of the sum of all rows.
    expected_dW = np.array([[2.0, -1.0, 0.0, -1.0], [-2.25, -1.25, 4.75, -1.25]])
    assert_close(dW, expected_dW, "dW")
    assert_close(db, np.array([0.25, -0.75, 1.25, -0.75]), "db")


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
    try:
        assert_own_gradient(
            student.log_likelihood,
            student.gradient(W, b, X, y),
            (W, b),
            lambda W, b: (W, b, X, y),
            names=("dW", "db"),
            loss_name="log_likelihood",
            rng=rng,
        )
    except CheckFailed:
        # A wrong log_likelihood costs its own points, not those of a gradient that is right.
        if passes(test_log_likelihood_example, student) or not passes(gradient_elsewhere, student):
            raise


def gradient_elsewhere(student):
    """gradient at a point where the classes' probabilities differ"""
    X, y = np.array([[1.0, 2.0], [3.0, -1.0], [0.0, 4.0]]), np.array([2, 0, 2])
    W, b = np.array([[0.5, -0.25, 0.0], [-0.5, 0.25, 0.5]]), np.array([0.25, 0.0, -0.5])
    dW, db = sequence(student.gradient(W, b, X, y), 2, "(dW, db)")
    expected_dW = np.array(
        [
            [0.0060705349439299505, -0.4539053753023174, 0.4478348403583869],
            [-0.5858974233667483, -2.1304979693880526, 2.7163953927548006],
        ]
    )
    assert_close(dW, expected_dW, "dW")
    assert_close(db, np.array([-0.16143095178304667, -0.7505812482915095, 0.9120122000745559]))


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
    assert_close(student.objective(*small_example()), expected, "objective(W, b, X, y)")


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
    assert_close(history, np.array([2 * LOG2]), "history")


@pytest.mark.points(4)
@pytest.mark.hint("Descent on the objective, a mean: the log-likelihood's gradient needs -1/n.")
@pytest.mark.hint("Compute both derivatives before you change W or b.")
@pytest.mark.see("fit")
def test_fit_takes_one_step(student):
    """fit with 1 step returns what one step from zeros gives"""
    X, y = np.array([[2.0], [0.0], [-1.0]]), np.array([0, 0, 1])
    W, b, history = sequence(student.fit(X, y, 2, 1, 3 * LOG2), 3, "(W, b, history)")
    # dL/dW = -(1/2, -1/2) and dL/db = -(1/6, -1/6). Then the scores of the two classes differ by
    # 7 log 2, log 2 and -2 log 2: the labels have the probabilities 128/129, 2/3 and 4/5.
    assert_close(W, np.array([[1.5, -1.5]]) * LOG2, "W")
    assert_close(b, np.array([0.5, -0.5]) * LOG2, "b")
    after = (np.log(129 / 128) + np.log(3 / 2) + np.log(5 / 4)) / 3
    assert_close(history, np.array([LOG2, after]), "history")


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
    _, _, history = sequence(student.fit(X, y, 3, 20, 0.1), 3, "(W, b, history)")
    values = array(history, "history", shape=(21,))
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
    assert_labels(student.predict(W, b, X), X @ W + b, "predict(W, b, X)")


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
    axes_labelled(student.plot_history.draw(uneven_history()))


@pytest.mark.points(2)
@pytest.mark.hint("One point for each entry of history, the first one included.")
@pytest.mark.hint("The whole history against 0, 1, 2, ..., on an axis that is not cut off.")
@pytest.mark.see("plot_history")
def test_plot_shows_the_history(student):
    """plot_history draws the objective against the iteration"""
    curve_drawn(student.plot_history.draw(uneven_history()), uneven_history())
