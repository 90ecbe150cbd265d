"""Public checks: worked numbers, properties, and batchnorm_backward against your own batchnorm.

Run them with `python -m grader check`, or with pytest.
"""

from itertools import combinations

import numpy as np
import pytest

from grader.checks import (
    array,
    assert_close,
    assert_own_gradient,
    integer,
    passes,
    require,
    sequence,
)
from grader.checks.figure import (
    axes_labelled,
    curves_drawn,
    labels_in_place,
    legend_names,
    told_apart,
    x_marked,
)
from grader.errors import CheckFailed

# "fitting" alone would be found in a validation curve's "overfitting".
TRAINING = ("train", "in sample", "fitting loss", "fitting error", "fitting set",
            "fitting data", "lern", "entren", "entraîn", "appren", "addestr", "trein", "обуч",
            "trénov", "uczen", "eğitim", "训练", "訓練", "学習", "훈련")  # fmt: skip
# The longer word counts: a "learning curve" or a loss "during training" may be the validation's.
VALIDATION = ("val", "validation", "validier", "validaci", "validazi", "validaç", "validati",
              "held", "out of sample", "dev", "geprüft", "prüf", "convalid", "walid",
              "валид", "провер", "ověř", "doğrulama", "验证", "驗證", "検証", "검증")  # fmt: skip


@pytest.mark.points(3)
@pytest.mark.hint("The decay shrinks w; the gradient is that of half the mean squared error.")
@pytest.mark.hint("Work the residuals out first, with the old w and the old b.")
@pytest.mark.hint("The sum over the examples is divided by n, the decay is not.")
@pytest.mark.see("decay_step")
def test_decay_step_example(student):
    """decay_step of two examples, worked by hand"""
    X, y = np.array([[1.0, 2.0], [3.0, 0.0]]), np.array([2.0, 0.5])
    answer = student.decay_step(np.array([1.0, -1.0]), 0.5, X, y, 0.1, 3.0)
    w, b = sequence(answer, 2, "(w, b)")
    # The residuals are -2.5 and 3: w is 0.7 (1, -1) - 0.05 (6.5, -5).
    assert_close(w, np.array([0.375, -0.45]), "w")
    assert_close(b, 0.475, "b")


@pytest.mark.points(2)
@pytest.mark.hint("Only w shrinks by itself.")
@pytest.mark.hint("When all residuals are 0, b stays what it is, and w is (1 - step_size lam) w.")
@pytest.mark.see("decay_step")
def test_decay_step_leaves_b_alone(student):
    """decay_step shrinks w and not b where the model is right"""
    X, w, b = np.array([[1.0, 0.0], [0.0, 2.0], [1.0, 1.0]]), np.array([2.0, -4.0]), 3.0
    got_w, got_b = sequence(student.decay_step(w, b, X, X @ w + b, 0.25, 0.5), 2, "(w, b)")
    assert_close(got_w, 0.875 * w, "w")
    assert_close(got_b, b, "b")


@pytest.mark.points(3)
@pytest.mark.hint("Which units are kept: those whose draw is below p, or the others?")
@pytest.mark.hint("The kept ones stay as they are: nothing is divided here.")
@pytest.mark.see("dropout")
def test_dropout_example(student):
    """dropout keeps what has U >= p, in arrays of one, two and three axes"""
    A = np.array([1.0, -2.0, 3.0, -4.0, 5.0, 6.0, -7.0, 8.0])
    U = np.array([0.0, 0.1, 0.2, 0.3, 0.6, 0.7, 0.8, 0.9])
    shapes = [(8,), (2, 4), (2, 2, 2)]
    answers = student.dropout.map([(A.reshape(s), 0.25, U.reshape(s)) for s in shapes])
    for shape, answer in zip(shapes, answers, strict=True):
        expected = (A * (U >= 0.25)).reshape(shape)
        assert_close(answer, expected, f"dropout(A, 0.25, U) for A of shape {shape}")


@pytest.mark.points(1)
@pytest.mark.hint("Draws are at least 0 and below 1: what is kept for p = 0, and what for p = 1?")
@pytest.mark.hint("A draw that equals p keeps its unit.")
@pytest.mark.see("dropout")
def test_dropout_of_nothing_and_of_everything(student):
    """dropout keeps all units for p = 0 and none for p = 1"""
    A, U = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[0.0, 0.5], [0.25, 0.99]])
    nothing, everything = student.dropout.map([(A, 0.0, U), (A, 1.0, U)])
    assert_close(nothing, A, "dropout(A, 0, U)")
    assert_close(everything, np.zeros((2, 2)), "dropout(A, 1, U)")


@pytest.mark.points(1)
@pytest.mark.hint("What is the expectation of a unit that is kept with the probability 1 - p?")
@pytest.mark.hint("No draw is left: every unit by the same factor.")
@pytest.mark.see("dropout_inference")
def test_dropout_inference_example(student):
    """dropout_inference of three units"""
    A = np.array([1.0, -2.0, 5.0])
    assert_close(student.dropout_inference(A, 0.2), 0.8 * A, "dropout_inference(A, 0.2)")


@pytest.mark.points(2)
@pytest.mark.hint("Its expectation is A: by what has a kept unit to be divided?")
@pytest.mark.hint("Divide by the probability to be kept, not by that to be dropped.")
@pytest.mark.see("inverted_dropout")
def test_inverted_dropout_example(student):
    """inverted_dropout of four units"""
    A, U = np.array([[3.0, -6.0], [1.5, 9.0]]), np.array([[0.1, 0.4], [0.3, 0.2]])
    expected = np.array([[0.0, -8.0], [2.0, 0.0]])
    answer = student.inverted_dropout(A, 0.25, U)
    try:
        assert_close(answer, expected, "inverted_dropout(A, 0.25, U)")
    except CheckFailed:
        # A wrong dropout costs its own points, not those of a function that calls it.
        own = array(student.dropout(A, 0.25, U), "dropout(A, 0.25, U)", shape=A.shape) / 0.75
        if not own.any() or not passes(assert_close, answer, own):
            raise


@pytest.mark.points(2)
@pytest.mark.hint("How does the sum change when a unit that was dropped changes?")
@pytest.mark.hint("The same units are kept as on the way forward, and nothing is divided.")
@pytest.mark.see("dropout_backward")
def test_dropout_backward_example(student):
    """dropout_backward passes on the gradient of what was kept"""
    dY, U = np.array([[1.0, -2.0, 3.0]]), np.array([[0.7, 0.1, 0.4]])
    answer = student.dropout_backward(dY, 0.4, U)
    try:
        assert_close(answer, np.array([[1.0, 0.0, 3.0]]), "dropout_backward(dY, 0.4, U)")
    except CheckFailed:
        # A wrong dropout costs its own points, not those of a function that calls it.
        own = array(student.dropout(dY, 0.4, U), "dropout(dY, 0.4, U)", shape=dY.shape)
        if not own.any() or not passes(assert_close, answer, own):
            raise


def batch():
    """(X, gamma, beta, eps): columns with the roots 1.5, 2.5 and 1 and means 2, -1 and 0."""
    X = np.array([[3.0, 1.0, 0.0], [1.0, -3.0, 0.0]])
    return X, np.array([3.0, 5.0, 2.0]), np.array([0.0, 1.0, -1.0]), np.array([1.25, 2.25, 1.0])


@pytest.mark.points(3)
@pytest.mark.hint("Mean and variance of each column, over the examples.")
@pytest.mark.hint("eps is added to the variance, inside of the root; n divides the variance.")
@pytest.mark.hint("axis=0 goes down the columns.")
@pytest.mark.see("batchnorm")
def test_batchnorm_example(student):
    """batchnorm of two examples with three units"""
    X, gamma, beta, eps = batch()
    columns = [(X[:, [j]], gamma[[j]], beta[[j]], float(eps[j])) for j in range(3)]
    expected = [[2.0, -2.0], [5.0, -3.0], [-1.0, -1.0]]
    for j, answer in enumerate(student.batchnorm.map(columns)):
        name = f"batchnorm(X, gamma, beta, {eps[j]:g})"
        assert_close(answer, np.array(expected[j])[:, None], name)
    answer = student.batchnorm(X[:, :2], gamma[:2], beta[:2], 1.25)
    right = gamma[:2] * np.array([[1.0, 2.0], [-1.0, -2.0]]) / np.sqrt([2.25, 5.25]) + beta[:2]
    assert_close(answer, right, "batchnorm(X, gamma, beta, 1.25)")


@pytest.mark.points(2)
@pytest.mark.hint("After normalising, what are the mean and the variance of a column?")
@pytest.mark.hint("gamma and beta come last: they become standard deviation and mean.")
@pytest.mark.see("batchnorm")
def test_batchnorm_gives_its_own_mean_and_spread(student, rng):
    """columns of batchnorm have the mean beta and, for a tiny eps, the spread gamma"""
    X = rng.normal(size=(30, 4)) * [1.0, 5.0, 0.5, 2.0] + [0.0, 3.0, -2.0, 10.0]
    gamma, beta = np.array([1.0, 2.0, 0.5, 3.0]), np.array([0.0, -1.0, 4.0, 2.0])
    Y = array(student.batchnorm(X, gamma, beta, 1e-12), "batchnorm(X, ...)", shape=(30, 4))
    assert_close(Y.mean(axis=0), beta, "the means of the columns of batchnorm(X, ...)")
    assert_close(Y.std(axis=0), gamma, "the spreads of the columns of batchnorm(X, ...)")


class Weighted:
    """sum(dY * batchnorm(...)) of the student's batchnorm, many calls in one message."""

    def __init__(self, student, dY):
        self.batchnorm, self.dY = student.batchnorm, dY

    def map(self, calls):
        return [
            float(np.sum(self.dY * array(Y, "batchnorm(X, ...)", shape=self.dY.shape)))
            for Y in self.batchnorm.map(calls)
        ]


@pytest.mark.points(5)
@pytest.mark.hint(
    "Change one entry of X by 1e-6: the mean and the variance of its column move too."
)
@pytest.mark.hint("dgamma weighs with xhat, dbeta with 1; both are sums over the examples.")
@pytest.mark.hint(
    "With g = dY gamma: dX is g less its mean, less xhat times the mean of g xhat,..."
)
@pytest.mark.see("batchnorm_backward")
def test_batchnorm_backward_is_the_slope_of_batchnorm(student, rng):
    """batchnorm_backward agrees with the slope of your own batchnorm"""
    X = rng.normal(size=(5, 3)) * [1.0, 2.0, 0.5] + [0.5, -1.0, 2.0]
    gamma, beta, dY = rng.uniform(0.5, 2.0, size=3), rng.normal(size=3), rng.normal(size=(5, 3))
    try:
        assert_own_gradient(
            Weighted(student, dY),
            student.batchnorm_backward(dY, X, gamma, 0.3),
            (X, gamma, beta),
            lambda X, gamma, beta: (X, gamma, beta, 0.3),
            names=("dX", "dgamma", "dbeta"),
            loss_name="sum(dY * batchnorm(X, gamma, beta, eps))",
            rng=rng,
        )
    except CheckFailed:
        # A wrong batchnorm costs its own points, not those of a gradient that is right.
        if passes(test_batchnorm_example, student) or not passes(
            test_batchnorm_backward_example, student
        ):
            raise


@pytest.mark.points(2)
@pytest.mark.hint("gamma multiplies xhat, and beta is added: what is the slope in each?")
@pytest.mark.hint(
    "An upstream gradient that is the same for a whole column moves nothing: dX is 0."
)
@pytest.mark.see("batchnorm_backward")
def test_batchnorm_backward_example(student):
    """batchnorm_backward of two examples with two units"""
    X, dY = np.array([[3.0, 2.0], [1.0, 2.0]]), np.array([[2.0, 1.0], [0.5, -3.0]])
    answer = student.batchnorm_backward(dY, X, np.array([3.0, 0.5]), 1.25)
    dX, dgamma, dbeta = sequence(answer, 3, "(dX, dgamma, dbeta)")
    assert_close(dbeta, np.array([2.5, -2.0]), "dbeta")
    assert_close(dgamma, np.array([1.0, 0.0]), "dgamma")
    # First column: g = (6, 1.5), xhat = (2/3, -2/3), so that dX = (2.25 - 2/3 * 1.5) / 1.5.
    second = 1.0 / np.sqrt(1.25)
    expected = np.array([[5 / 6, second], [-5 / 6, -second]])
    assert_close(dX, expected, "dX")


@pytest.mark.points(3)
@pytest.mark.hint(
    "momentum is the weight of what was known before, 1 - momentum that of the batch."
)
@pytest.mark.hint("The mean starts at 0 and the variance at 1, before the first batch.")
@pytest.mark.see("running_statistics")
def test_running_statistics_example(student):
    """running_statistics of two batches, worked by hand"""
    batches = np.array([[[1.0, 0.0], [3.0, 0.0]], [[0.0, 5.0], [4.0, -1.0]]])
    mean, var = sequence(student.running_statistics(batches, 0.75), 2, "(mean, var)")
    # Means (2, 0), (2, 2); variances (1, 0), (4, 9).
    assert_close(mean, np.array([0.875, 0.5]), "mean")
    assert_close(var, np.array([1.75, 2.8125]), "var")


@pytest.mark.points(2)
@pytest.mark.hint("As batchnorm, with the mean and the variance that are handed in.")
@pytest.mark.hint("eps is added to var, then the root.")
@pytest.mark.see("batchnorm_inference")
def test_batchnorm_inference_example(student):
    """batchnorm_inference of one example"""
    answer = student.batchnorm_inference(
        np.array([[5.0, 1.0]]),
        np.array([2.0, 3.0]),
        np.array([1.0, -1.0]),
        np.array([2.0, 3.0]),
        np.array([2.0, 0.0]),
        0.25,
    )
    expected = np.array([[5.0, -13.0]])
    assert_close(answer, expected, "batchnorm_inference(X, gamma, beta, mean, var, 0.25)")


def require_stop(answer, expected, losses, patience):
    best, stop = sequence(answer, 2, "(best, stop)")
    got = integer(best, "best"), integer(stop, "stop")
    require(
        got == expected,
        "(best, stop) is wrong",
        expected=str(expected),
        got=str(got),
        where=f"losses {losses.tolist()}, patience {patience}",
    )


@pytest.mark.points(3)
@pytest.mark.hint(
    "Count the epochs since the lowest loss so far; a lower one starts the count anew."
)
@pytest.mark.hint("stop is the epoch at which the count reaches patience.")
@pytest.mark.see("early_stopping")
def test_early_stopping_example(student):
    """early_stopping with a patience of 3 stops three epochs after the lowest loss"""
    losses = np.array([5.0, 4.0, 4.5, 4.2, 3.5, 3.6, 3.55, 3.9, 3.0])
    patient, hasty = student.early_stopping.map([(losses, 3), (losses, 1)])
    require_stop(patient, (4, 7), losses, 3)
    require_stop(hasty, (1, 2), losses, 1)


@pytest.mark.points(2)
@pytest.mark.hint("Is an equal loss lower?")
@pytest.mark.hint("best is the first epoch of the lowest loss.")
@pytest.mark.see("early_stopping")
def test_early_stopping_takes_equal_losses_as_no_better(student):
    """early_stopping: an equal loss is not lower, and the first of equal ones is the best"""
    losses = np.array([2.0, 1.0, 1.0, 1.5, 1.0, 0.5])
    require_stop(student.early_stopping(losses, 3), (1, 4), losses, 3)


@pytest.mark.points(1)
@pytest.mark.hint("If nothing stops the training, it runs to the last epoch.")
@pytest.mark.hint("The last epoch has the number len(valid_losses) - 1.")
@pytest.mark.see("early_stopping")
def test_early_stopping_may_never_stop(student):
    """early_stopping gives the last epoch where the loss keeps falling"""
    falling, alone = np.array([3.0, 2.0, 1.0]), np.array([1.0])
    answers = student.early_stopping.map([(falling, 2), (alone, 4)])
    require_stop(answers[0], (2, 2), falling, 2)
    require_stop(answers[1], (0, 0), alone, 4)


def losses():
    """(train, valid, best): a falling and a turning curve, which falls again after the stop."""
    epochs = np.arange(24)
    train = 1.9 * 0.86**epochs + 0.02 * np.cos(epochs)
    valid = 0.9 + 0.012 * (epochs - 9.0) ** 2 + 0.02 * np.sin(2 * epochs)
    valid[19:] = [1.4, 1.1, 0.85, 0.8, 0.95]
    return train, valid, int(valid[:19].argmin())


def draw(student):
    train, valid, best = losses()
    figure = student.plot_overfitting.draw(train, valid, best)
    return figure, {"the training loss": train, "the validation loss": valid}


@pytest.mark.points(3)
@pytest.mark.hint("Both losses, unchanged, above the epoch to which they belong.")
@pytest.mark.hint("axes.plot(train) draws its values against 0, 1, 2, ...")
@pytest.mark.see("plot_overfitting")
def test_plot_shows_both_curves(student):
    """plot_overfitting draws both losses against the epoch"""
    curves_drawn(*draw(student))


@pytest.mark.points(3)
@pytest.mark.hint("Where on the x axis is the epoch `best`? The figure is to say so.")
@pytest.mark.hint("axes.axvline(best) draws an upright line across the figure.")
@pytest.mark.see("plot_overfitting")
def test_plot_marks_the_best_epoch(student):
    """plot_overfitting marks the epoch `best`"""
    figure, both = draw(student)
    train, valid, best = losses()
    try:
        found = curves_drawn(figure, both)
        first = {curve.offset for curve in found.values()}
    except CheckFailed:
        first = {0, 1}  # no curve tells whether epochs are counted from 0 or from 1
    heights = [train[best], valid[best]]
    marked = [
        passes(x_marked, figure, best + offset, heights=heights, name="the epoch `best`")
        for offset in first
    ]
    if not any(marked):
        x_marked(figure, best + min(first), heights=heights, name="the epoch `best`")


@pytest.mark.points(2)
@pytest.mark.hint("Which of the two is which? The figure is to say so.")
@pytest.mark.hint("`label=` in the calls that draw, then axes.legend().")
@pytest.mark.see("plot_overfitting")
def test_plot_names_its_curves(student):
    """plot_overfitting tells the two curves apart by name"""
    figure, both = draw(student)
    found = curves_drawn(figure, both)
    words = dict(zip(found, (TRAINING, VALIDATION), strict=True))
    try:
        told_apart(figure, found, words=words)
    except CheckFailed:
        # A language that is not on the list: two names, and neither says what we can read.
        given = [
            " ".join(legend_names(figure, curve)).lower().replace("-", " ")
            for curve in found.values()
        ]
        known = any(word in text for text in given for word in (*TRAINING, *VALIDATION))
        worded = all(any(letter.isalpha() for letter in text) for text in given)
        if known or not worded or any(a == b for a, b in combinations(given, 2)):
            raise


@pytest.mark.points(1)
@pytest.mark.hint("What is drawn to the right and what upwards? The figure is to say so.")
@pytest.mark.hint("axes.set_xlabel and axes.set_ylabel.")
@pytest.mark.see("plot_overfitting")
def test_plot_labels_its_axes(student):
    """plot_overfitting labels both axes"""
    figure, _ = draw(student)
    axes_labelled(figure)
    labels_in_place(figure)
