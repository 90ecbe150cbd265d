"""Public checks: worked numbers, properties, and derivatives against your own functions.

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
    pair,
    passes,
    require,
    sequence,
)
from grader.checks.figure import (
    axes_labelled,
    curves_drawn,
    labels_in_place,
    told_apart,
)
from grader.errors import CheckFailed, StudentFault

LOG2, LOG3 = np.log(2.0), np.log(3.0)


def small_example():
    """(beta0, beta, X, y): the scores are log 6, 0, log 2 and -log 3.

    So the probabilities are 6/7, 1/2, 2/3 and 1/4.
    """
    X = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0], [-1.0, 1.0]])
    return LOG2, np.array([LOG3, -LOG2]), X, np.array([1.0, 0.0, 0.0, 1.0])


@pytest.mark.points(3)
@pytest.mark.hint("At 0 it is 1/2, and it works entry by entry.")
@pytest.mark.hint("No sum and no loop over rows: one formula for an array with any number of axes.")
@pytest.mark.see("sigmoid")
def test_sigmoid_example(student):
    """sigmoid of arrays of several shapes, whose values are fractions"""
    t = np.array([0.0, LOG2, LOG3, -LOG2, -LOG3, np.log(9.0)])
    expected = np.array([1 / 2, 2 / 3, 3 / 4, 1 / 3, 1 / 4, 9 / 10])
    shapes = [(6,), (2, 3), (3, 1, 2)]
    answers = student.sigmoid.map([(t.reshape(shape),) for shape in shapes])
    for shape, answer in zip(shapes, answers, strict=True):
        assert_close(answer, expected.reshape(shape), f"sigmoid(t) for t of shape {shape}")


@pytest.mark.points(2)
@pytest.mark.hint("exp of a number above 709 is inf, and inf / inf is nan.")
@pytest.mark.hint(
    "e^t / (1 + e^t) and 1 / (1 + e^-t) are the same number: which of them is safe where?"
)
@pytest.mark.hint("np.exp(-np.abs(t)) is never large.")
@pytest.mark.see("sigmoid")
def test_sigmoid_far_from_0(student):
    """sigmoid of 10000 and -10000 is 1 and 0, and small values keep their digits"""
    far, small = student.sigmoid.map([(np.array([1e4, -1e4]),), (np.array([-60.0, -75.0]),)])
    assert_close(far, np.array([1.0, 0.0]), "sigmoid(t)")
    # So far out it is e^t to many more digits than are compared.
    expected = np.exp([-60.0, -75.0])
    assert_close(small, expected, "sigmoid(t) for t = -60 and -75", scale=expected)


@pytest.mark.points(2)
@pytest.mark.hint("The natural logarithm of p divided by 1 - p.")
@pytest.mark.hint("It undoes sigmoid: log_odds(sigmoid(t)) is t.")
@pytest.mark.see("log_odds")
def test_log_odds_example(student):
    """log_odds of five probabilities"""
    p = np.array([1 / 2, 3 / 4, 1 / 3, 9 / 10, 1e-6])
    expected = np.array([0.0, LOG3, -LOG2, 2 * LOG3, np.log(1e-6) + 1e-6])
    assert_close(student.log_odds(p), expected, "log_odds(p)")


@pytest.mark.points(3)
@pytest.mark.hint("It is a sum over the examples, of natural logarithms of probabilities.")
@pytest.mark.hint("log p where the label is 1, log(1 - p) where it is 0.")
@pytest.mark.see("log_likelihood")
def test_log_likelihood_example(student):
    """log_likelihood of four examples is log 6/7 + log 1/2 + log 1/3 + log 1/4"""
    *point, y = small_example()
    for labels, product in ((y, 28.0), (np.ones(4), 14.0)):
        answer = student.log_likelihood(*point, labels)
        try:
            assert_close(answer, -np.log(product), "log_likelihood(beta0, beta, X, y)")
        except CheckFailed:
            # A wrong sigmoid costs its own points: what follows from yours is right too.
            if not follows_probabilities(student, answer, labels, -1.0):
                raise


def follows_probabilities(student, answer, labels, factor):
    """Whether the answer is `factor` times the sum of -log of your own probabilities.

    Only where sigmoid is wrong.
    """
    p = probabilities(student)
    if p is None:
        return False
    with np.errstate(all="ignore"):
        own = -np.log(np.where(labels == 1, p, 1 - p)).sum()
    return bool(np.isfinite(own)) and passes(assert_close, answer, factor * own)


def probabilities(student):
    """Those of the example by your own sigmoid where it is wrong; None where it is right."""
    beta0, beta, X, _ = small_example()
    if passes(test_sigmoid_example, student):
        return None
    try:
        p = array(student.sigmoid(beta0 + X @ beta), "sigmoid(t)", shape=(4,))
    except (CheckFailed, StudentFault):
        return None
    return p if np.ptp(p) > 0 else None  # a constant shows no rule


@pytest.mark.points(3)
@pytest.mark.hint("A probability may be rounded to 0 or 1, and then its logarithm is lost.")
@pytest.mark.hint("Write the sum with the scores alone: y z - log(1 + e^z).")
@pytest.mark.hint("np.logaddexp(0, z) is log(1 + e^z) for every z.")
@pytest.mark.see("log_likelihood")
def test_log_likelihood_of_huge_scores(student):
    """log_likelihood is right for scores of 10000 and -10000"""
    beta, X = np.array([1e4]), np.array([[1.0], [-1.0], [1.0]])
    labels = [np.array([1.0, 0.0, 1.0]), np.array([0.0, 0.0, 1.0]), np.array([0.0, 1.0, 0.0])]
    answers = student.log_likelihood.map([(0.0, beta, X, y) for y in labels])
    for answer, expected, how in zip(
        answers, (0.0, -1e4, -3e4), ("certain", "one wrong", "wrong"), strict=True
    ):
        name = f"log_likelihood of huge scores, labels {how}"
        assert_close(answer, expected, name, scale=max(abs(expected), 1.0))


@pytest.mark.points(3)
@pytest.mark.hint("Derive it for one example first: how does l change with the score z?")
@pytest.mark.hint("beta0 comes first, and both are sums over the examples.")
@pytest.mark.see("gradient")
def test_gradient_example(student):
    """gradient of four examples"""
    answer = pair(student.gradient(*small_example()), ("d_beta0", "d_beta"))
    try:
        assert_close(answer[0], -23 / 84, "d_beta0")
        assert_close(answer[1], np.array([-17 / 28, 1 / 4]), "d_beta")
    except CheckFailed:
        # With a sigmoid that is wrong, only how it changes with the labels is judged here. The
        # checks that run when the work is graded judge what follows from it.
        *point, _ = small_example()
        other = pair(
            student.gradient(*point, np.array([0.0, 1.0, 1.0, 1.0])), ("d_beta0", "d_beta")
        )
        change = number(other[0], "d_beta0") - number(answer[0], "d_beta0")
        moved = array(other[1], "d_beta", shape=(2,)) - array(answer[1], "d_beta", shape=(2,))
        if (
            probabilities(student) is None
            or not passes(assert_close, change, 1.0)
            or not passes(assert_close, moved, np.array([-1.0, 1.0]))
        ):
            raise


@pytest.mark.points(3)
@pytest.mark.hint("Change beta0 by 1e-6: log_likelihood should change by 1e-6 times d_beta0.")
@pytest.mark.hint("Is it a sum, with the sign of a quantity that one wants to be large?")
@pytest.mark.see("gradient")
def test_gradient_is_the_slope_of_log_likelihood(student, rng):
    """gradient agrees with the slope of your own log_likelihood"""
    X, y = rng.normal(size=(8, 3)), np.array([0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0])
    beta0, beta = 0.4, 0.8 * rng.normal(size=3)
    try:
        assert_own_gradient(
            student.log_likelihood,
            student.gradient(beta0, beta, X, y),
            (beta0, beta),
            lambda beta0, beta: (float(beta0), beta, X, y),
            names=("d_beta0", "d_beta"),
            loss_name="log_likelihood",
            rng=rng,
        )
    except CheckFailed:
        # A wrong log_likelihood or sigmoid costs its own points, not those of a gradient that is
        # right.
        right = passes(test_gradient_example, student)
        others = passes(test_log_likelihood_example, student) and probabilities(student) is None
        if others or not right:
            raise


@pytest.mark.points(3)
@pytest.mark.hint("It is a mean over the examples, and positive.")
@pytest.mark.hint("It is -log_likelihood / n.")
@pytest.mark.see("cross_entropy")
def test_cross_entropy_example(student):
    """cross_entropy of four examples is (log 7/6 + log 2 + log 3 + log 4) / 4"""
    *point, y = small_example()
    for labels, product in ((y, 28.0), (np.ones(4), 14.0)):
        answer = student.cross_entropy(*point, labels)
        try:
            assert_close(answer, np.log(product) / 4, "cross_entropy(beta0, beta, X, y)")
        except CheckFailed:
            # A wrong log_likelihood or sigmoid costs its own points.
            if not follows_likelihood(student, answer, labels) and not follows_probabilities(
                student, answer, labels, 1 / 4
            ):
                raise


def follows_likelihood(student, answer, labels):
    """Whether a wrong log_likelihood of your own, as the hint has it, explains the answer."""
    *point, _ = small_example()
    if passes(test_log_likelihood_example, student):
        return False
    try:
        own = number(student.log_likelihood(*point, labels), "log_likelihood")
    except (CheckFailed, StudentFault):
        return False
    return own != 0 and passes(assert_close, answer, -own / 4)


@pytest.mark.points(2)
@pytest.mark.hint("The logarithm has base 2: at t = 0 the loss is 1.")
@pytest.mark.hint("log2 of a number is its natural logarithm divided by log 2.")
@pytest.mark.see("log2_loss")
def test_log2_loss_example(student):
    """log2_loss of six numbers, in several shapes"""
    t = np.array([0.0, -LOG3, -np.log(7.0), LOG3, -np.log(15.0), LOG2])
    expected = np.array([1.0, 2.0, 3.0, 2 - np.log2(3.0), 4.0, np.log2(3.0) - 1])
    for shape in [(6,), (3, 2)]:
        answer = student.log2_loss(t.reshape(shape))
        assert_close(answer, expected.reshape(shape), f"log2_loss(t) for t of shape {shape}")


@pytest.mark.points(2)
@pytest.mark.hint("For t = -10000 the exponential is inf, and the loss is not.")
@pytest.mark.hint("np.logaddexp and np.logaddexp2 take logarithms of sums of powers safely.")
@pytest.mark.see("log2_loss")
def test_log2_loss_far_from_0(student):
    """log2_loss of 10000 and -10000 is right"""
    expected = np.array([0.0, 1e4 / LOG2])
    assert_close(student.log2_loss(np.array([1e4, -1e4])), expected, "log2_loss(t)")


@pytest.mark.points(2)
@pytest.mark.hint("t_i is the label s_i times the score, not times the probability.")
@pytest.mark.hint("It is a mean over the examples of log2_loss.")
@pytest.mark.see("signed_loss")
def test_signed_loss_example(student):
    """signed_loss of four examples is (log2 7/6 + 1 + log2 3 + 2) / 4"""
    beta0, beta, X, _ = small_example()
    s = np.array([1.0, -1.0, -1.0, 1.0])
    for signs, product in ((s, 28.0), (np.ones(4), 14.0)):
        answer = student.signed_loss(beta0, beta, X, signs)
        try:
            assert_close(answer, np.log2(product) / 4, "signed_loss(beta0, beta, X, s)")
        except CheckFailed:
            # A wrong log2_loss costs its own points: the mean of your own losses is right too.
            if passes(test_log2_loss_example, student):
                raise
            own = array(student.log2_loss(signs * (beta0 + X @ beta)), "log2_loss(t)", shape=(4,))
            if np.ptp(own) == 0 or not passes(assert_close, answer, own.mean()):
                raise


@pytest.mark.points(3)
@pytest.mark.hint("Differentiate the gradient of the mean once more. Which sign has it?")
@pytest.mark.hint("Row and column 0 belong to beta0: put a column of ones before X.")
@pytest.mark.see("hessian")
def test_hessian_example(student):
    """hessian of four examples"""
    beta0, beta, X, _ = small_example()
    # In units of 1/28224 = 1/(4 * 7056).
    expected = np.array([[5519, -459, 3087], [-459, 2187, -1323], [3087, -1323, 3087]]) / 28224
    answer = student.hessian(beta0, beta, X)
    try:
        assert_close(answer, expected, "hessian(beta0, beta, X)")
    except CheckFailed:
        # With a sigmoid that is wrong, only the form is judged here: four numbers, one for each
        # example, make up the six entries. The checks that run when the work is graded judge them.
        H = array(answer, "hessian(beta0, beta, X)", shape=(3, 3))
        rows = np.array([np.outer(row, row).ravel() for row in np.insert(X, 0, 1.0, axis=1)])
        own = (np.linalg.lstsq(rows.T, H.ravel(), rcond=None)[0] @ rows).reshape(3, 3)
        if probabilities(student) is None or not H.any() or not passes(assert_close, H, own):
            raise


@pytest.mark.points(2)
@pytest.mark.hint("Change beta0 a little: how does -gradient / n change?")
@pytest.mark.hint("gradient belongs to a sum that one wants to be large, hessian to a mean loss.")
@pytest.mark.see("hessian")
def test_hessian_is_the_slope_of_the_gradient(student, rng):
    """hessian agrees with the slope of your own gradient, divided by -n"""
    X, y = rng.normal(size=(9, 2)), np.resize([0.0, 1.0, 1.0], 9)
    beta0, beta, h = -0.3, 0.7 * rng.normal(size=2), 0.02
    H = array(student.hessian(beta0, beta, X), "hessian(beta0, beta, X)", shape=(3, 3))
    moves = [sign * h * row for row in np.eye(3) for sign in (1, -1)]
    calls = [(beta0 + float(move[0]), beta + move[1:], X, y) for move in moves]
    try:
        slopes = [pair(each, ("d_beta0", "d_beta")) for each in student.gradient.map(calls)]
        g = np.array(
            [np.append(number(a, "d_beta0"), array(b, "d_beta", shape=(2,))) for a, b in slopes]
        )
        # The difference over 2 h is the slope but for terms of the order of h^2.
        slope = (g[::2] - g[1::2]) / (-2 * h * len(y))
        assert_close(H, slope, "hessian(beta0, beta, X)", low=1e-3)
    except (CheckFailed, StudentFault):
        # A wrong gradient costs its own points, not those of a hessian that is right.
        slope_is_right = (
            probabilities(student) is None
            and passes(test_gradient_example, student)
            and passes(test_gradient_is_the_slope_of_log_likelihood, student, rng)
        )
        if slope_is_right or not passes(test_hessian_example, student):
            raise


def four_numbers():
    """(X, y): the means of x and x^2 are 1 and 7/2."""
    return np.array([[2.0], [0.0], [-1.0], [3.0]]), np.array([1.0, 1.0, 0.0, 1.0])


def followed(student, X, y, steps, step_size=None):
    """(beta0, beta, history) that your own functions give; Newton's where there is no step size."""
    n, d = X.shape
    beta0, beta, history = 0.0, np.zeros(d), []
    for step in range(steps + 1):
        point = (beta0, beta, X)
        history.append(number(student.cross_entropy(*point, y), "cross_entropy"))
        if step < steps:
            up0, up = slopes(student, *point, y)
            if step_size is None:
                H = array(student.hessian(*point), "hessian", shape=(d + 1, d + 1))
                move = np.linalg.solve(H, np.append(up0, up) / n)
                beta0, beta = beta0 + float(move[0]), beta + move[1:]
            else:
                beta0, beta = beta0 + step_size * up0 / n, beta + step_size * up / n
    return beta0, beta, np.array(history)


def slopes(student, beta0, beta, X, y):
    """Both parts of your gradient."""
    d_beta0, d_beta = pair(student.gradient(beta0, beta, X, y), ("d_beta0", "d_beta"))
    return number(d_beta0, "d_beta0"), array(d_beta, "d_beta", shape=beta.shape)


def judge_form_of_gradient(student):
    X, y = np.eye(3, 2), np.array([0.0, 1.0, 1.0])
    d_beta0, d_beta = pair(student.gradient(0.5, np.ones(2), X, y), ("d_beta0", "d_beta"))
    number(d_beta0, "d_beta0")
    array(d_beta, "d_beta", shape=(2,))


def judge_in_either_form(judge, student):
    """Parts of another shape or order cost the points of gradient, and of nothing that calls it."""
    assert_in_either_form(judge, student, lambda: judge_form_of_gradient(student), gradient=2)


def judge_descent(student, method, arguments, expected):
    """Where a function that it calls is wrong, it is right if it does the right thing with it."""

    def compare(answer, wanted):
        given = sequence(answer, 3, "(beta0, beta, history)")
        for got, value, name in zip(given, wanted, ("beta0", "beta", "history"), strict=True):
            assert_close(got, value, name)

    def judge():
        answer = method(*arguments)
        try:
            compare(answer, expected)
        except CheckFailed as failure:
            try:
                compare(answer, followed(student, *arguments))
            except (CheckFailed, StudentFault, ValueError):  # LinAlgError is one of them
                raise failure from None

    judge_in_either_form(judge, student)


@pytest.mark.points(3)
@pytest.mark.hint("Descent on cross_entropy, a mean: the gradient of log_likelihood needs -1/n.")
@pytest.mark.hint("At zeros every probability is 1/2, and the cross entropy is log 2.")
@pytest.mark.hint("Compute both derivatives before you change beta0 or beta.")
@pytest.mark.see("gradient_descent")
def test_gradient_descent_takes_one_step(student):
    """gradient_descent with 1 step returns what one step from zeros gives"""
    X, y = four_numbers()
    # The slopes at zeros are -1/4 and -3/4. Then the labels have the probabilities 128/129, 2/3,
    # 4/5 and 1024/1025.
    after = np.log([129 / 128, 3 / 2, 5 / 4, 1025 / 1024]).mean()
    expected = (LOG2, np.array([3 * LOG2]), np.array([LOG2, after]))
    judge_descent(student, student.gradient_descent, (X, y, 1, 4 * LOG2), expected)


@pytest.mark.points(3)
@pytest.mark.hint("The step is the solution of a system of equations with the Hessian.")
@pytest.mark.hint("gradient and hessian have different signs and factors: one is of a sum.")
@pytest.mark.hint("np.linalg.solve(H, g) with the gradient of the mean cross entropy.")
@pytest.mark.see("newton")
def test_newton_takes_one_step(student):
    """newton with 1 step returns the minimum of the first parabola"""
    X, y = four_numbers()
    # Four times the equations: m0 + m1 = 1 and m0 + 7/2 m1 = 3.
    expected = (0.2, np.array([0.8]), np.array([LOG2, 0.3150622805903054]))
    judge_descent(student, student.newton, (X, y, 1), expected)


@pytest.mark.points(2)
@pytest.mark.parametrize("function", ["gradient_descent", "newton"])
@pytest.mark.hint("The start counts: one entry before the first step, and one after each step.")
@pytest.mark.hint("A step of the right size leads downwards here: look at the sign and at 1/n.")
@pytest.mark.see("gradient_descent")
def test_histories_fall(student, rng, function):
    """both methods record steps + 1 values, each lower than the one before"""
    X = rng.normal(size=(40, 2))
    y = (X @ np.array([1.0, -0.5]) + 0.3 + 1.5 * rng.normal(size=40) > 0).astype(float)
    arguments = (X, y, 3, 0.5) if function == "gradient_descent" else (X, y, 3)
    judge_in_either_form(lambda: judge_falling(student, function, arguments), student)


def judge_falling(student, function, arguments):
    """Unless the history is that of the student's own functions, each value is a lower one."""
    answer = sequence(getattr(student, function)(*arguments), 3, "(beta0, beta, history)")
    values = array(answer[2], "history", shape=(4,))
    if (np.diff(values) < 0).all():
        return
    first = int(np.argmin(np.diff(values) < 0))
    try:
        require(
            False,
            f"the history of {function} does not fall from iteration {first} to {first + 1}",
            expected=f"less than {values[first]:.10g}",
            got=f"{values[first + 1]:.10g}",
            where=f"[{first + 1}]",
        )
    except CheckFailed as failure:
        try:
            assert_close(values, followed(student, *arguments)[2], "history")
        except (CheckFailed, StudentFault, ValueError):  # LinAlgError is one of them
            raise failure from None
        # Constant values show no descent.
        if np.ptp(values) == 0:
            raise


@pytest.mark.points(2)
@pytest.mark.hint("p(x) > 1/2 is the same as: the score is positive.")
@pytest.mark.hint("Numbers 0 and 1, or booleans, one for each example; not probabilities.")
@pytest.mark.see("predict")
def test_predict_example(student):
    """predict is 1 where p(x) > 1/2"""
    beta0, beta = -1.0, np.array([2.0, -1.0])
    X = np.array([[1.0, 0.0], [0.0, 1.0], [2.0, 2.0], [0.0, -3.0], [-1.0, 0.5], [0.5, 0.0]])
    z = beta0 + X @ beta  # the last one is 0: either label is right
    answer = student.predict(beta0, beta, X)
    try:
        assert_labels(answer, np.column_stack([-z, z]), "predict(beta0, beta, X)")
    except CheckFailed:
        # A wrong sigmoid costs its own points: the labels that follow from yours are right too.
        if probabilities(student) is None:
            raise
        p = array(student.sigmoid(z), "sigmoid(t)", shape=(6,))
        if np.ptp(p) == 0 or not passes(assert_labels, answer, np.column_stack([1 - p, p])):
            raise


# Newton's name as it is written in other languages, and that of his method in statistics.
NEWTON = """newton irls ньютон njutn нјутн нютон niuton nyuton ņūton
牛顿 牛頓 ニュートン 뉴턴 νεύτων نيوتن ניוטון"""

DESCENT = ("grad", "gd", "descen", "steepest", "first order", "abstieg", "1. ordnung",
           "спуск", "градиент", "梯度", "勾配", "경사")  # fmt: skip


def two_histories():
    """Of different lengths; each rises somewhere, so that no sorting leaves it as it is."""
    i, j = np.arange(41.0), np.arange(9.0)
    slow = 0.3 + 0.39 * np.exp(-i / 12) + 0.02 * np.sin(i / 3)
    return slow, 0.28 + 0.41 * np.exp(-1.3 * j) + 0.03 * (j == 5)


@pytest.mark.points(2)
@pytest.mark.hint("One point for each entry of both histories, the first ones included.")
@pytest.mark.hint("The histories may differ in length: each is drawn against its own 0, 1, 2, ...")
@pytest.mark.see("plot_convergence")
def test_plot_shows_both_histories(student):
    """plot_convergence draws both histories against the iteration"""
    slow, fast = two_histories()
    figure = student.plot_convergence.draw(slow, fast)
    curves_drawn(figure, {"gd_history": slow, "newton_history": fast})


@pytest.mark.points(2)
@pytest.mark.hint("Which curve is which? The figure is to say so.")
@pytest.mark.hint("`label=` in both calls that draw, then axes.legend().")
@pytest.mark.see("plot_convergence")
def test_plot_names_both_curves(student):
    """plot_convergence says which curve is gradient descent and which is Newton's method"""
    slow, fast = two_histories()
    figure = student.plot_convergence.draw(slow, fast)
    found = curves_drawn(figure, {"gradient descent": slow, "Newton": fast})
    told_apart(figure, found, words={"gradient descent": DESCENT, "Newton": tuple(NEWTON.split())})


@pytest.mark.points(1)
@pytest.mark.hint("What do the numbers to the right and upwards mean? The figure is to say so.")
@pytest.mark.hint("axes.set_xlabel and axes.set_ylabel.")
@pytest.mark.see("plot_convergence")
def test_plot_labels_its_axes(student):
    """plot_convergence labels both axes"""
    figure = student.plot_convergence.draw(*two_histories())
    axes_labelled(figure)
    labels_in_place(figure)
